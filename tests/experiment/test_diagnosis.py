"""What holds a plan back is told from measurement: the rows of the issue, each with what really is in its way."""

from __future__ import annotations

from pathlib import Path

import pytest

import simsupply as ss
from simsupply.base.language import Language
from simsupply.experiment.diagnosis import Diagnosis, diagnose, num_trials, trials_allowed
from simsupply.report.held_back_answer import held_back_sentences
from simsupply.results.longest_waits import longest_waits
from tests.plans.paper_plans import TITLE, Plain, channel, crew, cycle, fleet, leg, stage, strategy, world
from tests.plans.tiny_comparison import tiny_scenario

LANGUAGES: tuple[Language, ...] = ("en", "zh")
EVENING = {"at_shift_end": "pause", "shifts": [{"start": "16:30", "end": "18:30"}], "people": "volunteer"}


def hall(packers: int) -> Plain:
    """A hall where 4,000 packs of 3 kg are unloaded, packed and loaded between 16:30 and 18:30."""
    plan = world(
        {
            "kind": "listed",
            "depots": [{"name": "hall"}],
            "drop_points": [{"name": "load_point", "households": 4000, "distance_km": 1}],
        },
        {"unloaders": {**crew(20), **EVENING}, "volunteers": {**crew(packers), **EVENING}},
        demand=cycle(need=3, lines=3, release_time="16:30"),
        people={"pantry_days": {"low": 1, "high": 3}},
        horizon_days=1,
        run_out_days=2,
    )
    day = {"start": "08:00", "end": "19:00", "breaks": [{"start": "12:00", "end": "13:00"}]}
    plan["fleet"] = {"vans": fleet(12, "depot", day, payload_kg=1500, payload_parcels=300, speed_km_h=28, speed_cv=0.2)}
    return plan


PACKS = strategy(
    channel(
        "packs",
        stage("unload", "unloaders", per="consignment", discipline="fifo", effort={"per_kg_min": 0.05}),
        stage(
            "pack",
            "volunteers",
            discipline="fifo",
            effort={"per_order_min": 1.0, "per_line_min": 1.0},
            variability={"kind": "lognormal", "sigma": 0.4},
        ),
        leg(
            "load_out",
            "vans",
            discipline="fifo",
            load={"per_consignment_min": 5, "per_parcel_min": 0.15},
            unload={"per_parcel_min": 0},
        ),
        release={"kind": "allot", "at": "16:30"},
        parcel={"lines": 3, "kg": 3},
    )
)


def simulated(plan: Plain, decided: Plain, replications: int = 2) -> ss.Result:
    return ss.simulate(ss.load_scenario(plan), ss.load_strategy(decided), replications=replications)


def names(found: Diagnosis) -> list[tuple[str, str]]:
    assert found.found is not None
    return [suspect.constraint.key for suspect in found.found.suspects]


def test_docks_hold_back_where_packers_are_a_third_busy() -> None:
    """At the only dock a load of 300 takes 5 + 300 x 0.15 = 50 min.

    Unloaded (900 kg x 0.05 = 45 min) and packed from 17:15 on, there is time for 8 of 14 loads until midnight, one of
    them of 100: 2,200 of 4,000 packs. With two docks there is time for all, and 500 packers load no more than 400.
    """
    result = simulated(hall(400), PACKS)
    assert (result.values["coverage"] == 0.55).all()
    assert result.utilisation()["pack"].mean == pytest.approx(1 / 3, abs=0.02)
    assert longest_waits(result)[0][:2] == ("load_out", "dock")
    found = diagnose(result)
    assert (found.verdict, found.metric, names(found)) == ("held_back", "coverage", [("docks", "depot")])
    assert found.found is not None
    assert (found.found.before, found.found.after) == (0.55, 1.0)
    english, chinese = (held_back_sentences(result, found, language) for language in LANGUAGES)
    assert english[0] == "Held back by docks for loading at the depots."
    assert english[1].startswith(
        "With 2 docks instead of 1 at each place, 100 % instead of 55 % of households are reached within 1 day"
    )
    assert chinese[0] == "瓶颈：保供点的装车月台。"
    assert chinese[1].startswith("若每处2个月台而非1个，1天内送达的住户为100 %而非55 %")


def test_neither_docks_nor_packers_gain_alone_but_together() -> None:
    """From 17:15 to 18:30 130 packers pack about 130 x 75 / 4 = 2,437 of 4,000, which are 8 whole loads (one of 100).

    The only dock has time for as many until midnight: one more of either has nothing to do. 163 pack 3,056, of which
    two docks load the 10 whole loads, 2,800; with 400 packers and two docks it is all (see above).
    """
    result = simulated(hall(130), PACKS)
    assert (result.values["coverage"] == 0.55).all()
    found = diagnose(result)
    assert found.verdict == "held_back_together"
    assert set(names(found)) == {("docks", "depot"), ("crew", "volunteers")}
    alone = [trial for trial in found.trials if len(trial.suspects) == 1]
    assert len(alone) == 3
    assert not any(trial.is_gain for trial in alone)
    english, chinese = (held_back_sentences(result, found, language) for language in LANGUAGES)
    assert english[0] == (
        "Held back by people at Pack and docks for loading at the depots together: "
        "no gain is found from more of either alone."
    )
    assert english[1].startswith(
        "With 163 people instead of 130 a shift at each place and 2 docks instead of 1 at each place, "
        "70 % instead of 55 % of households are reached within 1 day in the 2 replications tried, with a gain in each."
    )
    assert chinese[0] == "共同瓶颈：装箱的人手与保供点的装车月台，单独增加任何一项均未见改善。"


def ordering(*channels: Plain, uses: list[Plain]) -> Plain:
    return {
        "name": "paper",
        "title": TITLE,
        "channels": {way["name"]: way for way in channels},
        "mix": uses,
    }


def test_a_channel_without_orders_holds_nothing_back() -> None:
    """Two pickers with 60 min an order have 20 a day, 140 of 400 in a week; nobody answers phones that nobody calls."""
    plan = world([400], {"s": crew(2), "p": crew(0)}, run_out_days=3)
    phones = channel("y", stage("phone", "p", effort={"per_order_min": 5}))
    picks = channel("x", stage("pick", "s", effort={"per_order_min": 60}))
    decided = ordering(picks, phones, uses=[{"channel": "x"}, {"channel": "y", "share": 0.0}])
    result = simulated(plan, decided)
    found = diagnose(result)
    assert names(found) == [("crew", "s")]
    assert found.found is not None
    # Four have 280 of 400.
    assert (found.found.before, found.found.after) == (0.35, 0.7)
    assert held_back_sentences(result, found, "en")[0] == "Held back by people at Pick."
    assert held_back_sentences(result, found, "zh")[0] == "瓶颈：拣货的人手。"


def test_the_stage_where_orders_wait_is_named_and_not_one_of_the_same_crew() -> None:
    """A tenth of the orders are phoned, in 0.1 min each; the same two people pick, 60 min each."""
    plan = world([400], {"s": crew(2)}, run_out_days=3)
    phones = channel("y", stage("phone", "s", effort={"per_order_min": 0.1}))
    picks = channel("x", stage("pick", "s", effort={"per_order_min": 60}))
    decided = ordering(phones, picks, uses=[{"channel": "y", "share": 0.1}, {"channel": "x"}])
    result = simulated(plan, decided)
    wait = longest_waits(result)[0]
    assert (wait.step, wait.cause) == ("pick", "people")
    found = diagnose(result)
    assert names(found) == [("crew", "s")]
    assert held_back_sentences(result, found, "en")[0] == "Held back by people at Pick."


def test_the_cap_of_orders_a_day_holds_back_where_packers_are_idle() -> None:
    """1,000 households try every day; 20 orders a day are taken on; 50 packers need 5 min for each.

    So 140 orders a week at most reach 140 households, and with 25 a day 175; what is drawn twice is reached once.
    """
    demand = {
        "kind": "surge",
        "need_kg_per_household_week": 14,
        "normal_orders_per_household_day": 0.04,
        "multiplier": 25,
        "order_covers_days": 3,
        "lines_per_order": 3,
    }
    plan = world([1000], {"s": crew(50)}, demand=demand, run_out_days=3)
    only = channel("only", stage("pack", "s", effort={"per_order_min": 5}))
    only["acceptance"] = {"orders_per_day": 20}
    result = simulated(plan, strategy(only))
    wait = longest_waits(result)[0]
    assert wait.cause == "admission"
    found = diagnose(result)
    assert (found.verdict, names(found)) == ("held_back", [("orders_per_day", "only")])
    assert found.found is not None
    assert found.found.before <= 0.14 < found.found.after <= 0.175
    english = held_back_sentences(result, found, "en")
    assert english[0] == "Held back by the limit of orders a day of “Paper plan”."
    assert english[1].startswith("With 25 orders a day instead of 20 at each depot, ")


def test_two_clerks_hold_a_town_back_where_forty_packers_stand_idle() -> None:
    """At an attendance of a fifth both clerks stay away on .8 x .8 = 64 % of days, all of ten on 11 %."""
    plan = [
        "staffing.attendance=0.2",
        "staffing.crews.site_workers.headcount=40",
        "fleet.vans.count=80",
        "staffing.crews.door_team.headcount=150",
        "staffing.crews.door_team.households_per_worker=null",
    ]
    town = str(Path(__file__).parents[2] / "benchmarks" / "plans" / "town_16_points.yaml")
    result = ss.simulate(ss.load_scenario(town, plan), "standard_crates", replications=20)
    busiest = result.busiest()
    assert busiest is not None
    assert busiest.stage == "pack"
    assert busiest.utilisation < 0.2
    assert longest_waits(result)[0][:2] == ("compile", "people")
    found = diagnose(result)
    assert names(found) == [("crew", "clerks")]
    assert held_back_sentences(result, found, "en")[0] == "Held back by people at Compile orders."
    assert held_back_sentences(result, found, "zh")[0] == "瓶颈：汇总订单的人手。"
    ten = ss.load_scenario(town, [*plan, "staffing.crews.clerks.headcount=10"])
    assert (ss.simulate(ten, "standard_crates", replications=20).values["coverage"] == 1).all()


def test_without_trials_nothing_is_said_to_hold_back() -> None:
    """From one replication nothing can be said: then it is the longest wait, in both languages."""
    result = simulated(hall(400), PACKS, replications=1)
    found = diagnose(result)
    assert (found.verdict, found.trials) == ("longest_wait", ())
    for language, words in (("en", "Longest wait: at Drive"), ("zh", "等待最久：")):
        (line,) = held_back_sentences(result, found, language)
        assert line == held_back_sentences(result, None, language)[0]
        assert line.startswith(words) or "load out" in line
        assert "Held back" not in line
        assert "瓶颈" not in line


def test_where_nothing_falls_short_somebody_is_busiest() -> None:
    """All is packed in the first hour, and nobody is without: nothing is tried."""
    plan = world([20], {"packers": crew(5)}, people={"pantry_days": {"low": 2, "high": 2}})
    result = simulated(plan, strategy(channel("only", stage("pack", "packers", effort={"per_order_min": 1}))))
    found = diagnose(result)
    assert (found.metric, found.trials, found.verdict) == (None, (), "busiest")
    # 20 of 5 x 7 x 600 minutes.
    assert held_back_sentences(result, found, "en") == ["Busiest: Pack (0.1 % busy)."]
    assert held_back_sentences(result, found, "zh") == ["最忙环节：装箱（忙碌0.1 %）。"]


def test_the_hours_without_count_where_all_else_is_met() -> None:
    """One picker has 20 orders of 60 min by noon of the second day; pantries are empty from 24:00 on."""
    plan = world([20], {"s": crew(1)})
    result = simulated(plan, strategy(channel("only", stage("pick", "s", effort={"per_order_min": 60}))))
    assert (result.values[["coverage", "fill_rate"]] == 1).all(axis=None)
    found = diagnose(result)
    assert (found.metric, names(found)) == ("empty_pantry_h", [("crew", "s")])
    assert found.found is not None
    # Ten by 18:00; ten more on day 1 from 09:00 to 18:00, with empty pantries for 9, 10, ... 18 h: 135 h of 20.
    # Two have done all on day 0.
    assert (found.found.before, found.found.after) == (135 / 20, 0.0)
    english, chinese = (held_back_sentences(result, found, language) for language in LANGUAGES)
    assert "a household is without something it needs for 0 h instead of 6.8 h on average" in english[1]
    assert "户均断供0小时而非6.8小时" in chinese[1]


def test_where_nothing_gains_it_is_said_what_was_tried() -> None:
    """Everybody is reached at once, but the parcel holds half of what is needed: nothing that is tried gains."""
    plan = world([20], {"packers": crew(5)})
    half = channel("only", stage("pack", "packers", effort={"per_order_min": 1}), parcel={"kg": 7})
    result = simulated(plan, strategy(half))
    found = diagnose(result)
    assert (found.metric, found.verdict) == ("fill_rate", "busiest")
    assert held_back_sentences(result, found, "en")[-1] == "No gain is found from more of these: people at Pack."
    assert held_back_sentences(result, found, "zh")[-1] == "增加以下各项均未见改善：装箱的人手。"


def test_nobody_comes() -> None:
    result = ss.simulate(tiny_scenario(0.0), ss.load_strategy("standard_crates"), replications=2)
    found = diagnose(result)
    assert found.found is None
    assert held_back_sentences(result, found, "en")[0] == "Nobody is on duty."
    assert held_back_sentences(result, found, "zh")[0] == "无人到岗。"


# --- how much is tried ---------------------------------------------------------------------------------


def test_what_is_tried_follows_from_the_run_and_not_from_the_clock() -> None:
    """A small plan is tried in full in five replications; a large one in few, or not at all."""
    small = ss.simulate(tiny_scenario(0.4), ss.load_strategy("standard_crates"), replications=20)
    assert trials_allowed(small) == (5, 6)
    assert num_trials(small) == 30
    assert num_trials(small, is_limited=False) == 120
    assert trials_allowed(simulated(hall(400), PACKS, replications=1)) == (0, 0)


def test_a_fifth_of_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """At s seconds a replication, n of them and 5 s besides: (5 + n s) / 5 seconds, in runs of s seconds."""
    result = ss.simulate(tiny_scenario(0.4), ss.load_strategy("standard_crates"), replications=20)
    for seconds, allowed in (
        (0.01, (5, 6)),
        (0.05, (5, 4)),
        (0.2, (3, 3)),
        (1.0, (3, 1)),
        (10.0, (3, 1)),
        (100.0, (3, 1)),
    ):
        monkeypatch.setattr(
            "simsupply.experiment.diagnosis._seconds_of_replication", lambda _, seconds=seconds: seconds
        )
        num, most = trials_allowed(result)
        assert (num, most) == allowed, seconds
        assert num * most * seconds <= (5 + 20 * seconds) / 5
    few = ss.simulate(tiny_scenario(0.4), ss.load_strategy("standard_crates"), replications=5)
    assert trials_allowed(few) == (0, 0)


def test_the_same_words_again() -> None:
    result = simulated(hall(130), PACKS)
    assert held_back_sentences(result, diagnose(result), "en") == held_back_sentences(result, diagnose(result), "en")


def test_a_metric_of_one_s_own_choice() -> None:
    result = ss.simulate(tiny_scenario(0.4), ss.load_strategy("standard_crates"), replications=4)
    found = diagnose(result, "last_household_served_h", is_limited=False)
    assert found.metric == "last_household_served_h"
    assert all(trial.gain.n == 4 for trial in found.trials)
    for language in LANGUAGES:
        assert held_back_sentences(result, found, language)
