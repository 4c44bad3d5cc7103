"""People, derived a second time from the text of the documentation alone; exact times.

Unless a case says otherwise: packers 08:00-18:00 (minutes 480-1080), one order per household at 00:00 of
day 0, and a job of exactly so many minutes; everybody comes.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.plans.both_engines import (
    exact,
    of_day,
    on_days,
    only,
    simulated,
    with_shocks,
    with_staffing,
)
from tests.plans.demand_plans import (
    counts,
    in_tiers,
    mix,
    ordered,
    purchases,
    use,
    value,
    way,
)
from tests.plans.paper_plans import (
    DAY,
    Plain,
    channel,
    clock,
    crew,
    cycle,
    door,
    ends,
    fleet,
    is_never,
    leg,
    shift,
    stage,
    strategy,
    world,
)

DAILY = cycle(7, 1)


def job(minutes: float, name: str = "pack", who: str = "packers", at: str = "depot") -> Plain:
    """So many minutes of work on each order."""
    return stage(name, who, at, effort={"per_order_min": minutes})


def jobs(orders: int, minutes: float, packers: Plain, **staffing: Any) -> list[float]:
    """When orders of so many minutes are packed."""
    plan = with_staffing(world([orders], {"packers": packers}), **staffing)
    return ends(only(plan, job(minutes)), "pack")


# --- the end of a duty period -----------------------------------------------------------------------

TWO_TESTS = {"antigen_per_day": 2, "antigen_min": 15}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("finish", [795, 1095, DAY + 795]),
        ("pause", [795, DAY + 525, DAY + 825]),
        ("hand_over", [795, DAY + 525, DAY + 825]),
        ("fit", [795, DAY + 795, 2 * DAY + 795]),
    ],
)
def test_shift_end_with_tests(rule: str, expected: list[float]) -> None:
    """Tests at 480-495 and 1065-1080 leave duty 495-1065; three jobs of 300 min.

    The first 495-795. The second would be 795-1095. finish: in overtime; the third 495-795 of day 1.
    pause, hand_over: 270 min until 1065, 30 min on day 1 until 525; the third until 525 + 300 = 825.
    fit: 795 + 300 > 1065, so day 1; there again 795 + 300 > 1065, so the third on day 2.
    """
    assert jobs(3, 300, crew(1, at_shift_end=rule), tests=TWO_TESTS) == expected


def test_tests_are_paid_and_so_is_what_is_finished_meanwhile() -> None:
    """Seven days of 10 h (9.5 h of duty and 0.5 h of tests) and the 30 min after 1065 of the second job: 70.5 h.

    The share of duty at work: (300 + 270 + 300) / (7 * 570).
    """
    plan = with_staffing(world([3], {"packers": crew(1)}), tests=TWO_TESTS)
    result = only(plan, job(300))
    assert value(result, "worker_hours") == pytest.approx(70.5)
    assert value(result, "utilisation.pack") == pytest.approx(870 / 3990)


def test_a_test_in_the_middle() -> None:
    """Three tests of 10 min: 480, 1070 and half way between, at 775. Duty 490-775 and 785-1070.

    pause: 285 of 300 min until 775, the rest until 800; the next until 1070 is 270, and 30 on day 1 from 490.
    """
    three = {"antigen_per_day": 3, "antigen_min": 10}
    assert jobs(2, 300, crew(1, at_shift_end="pause"), tests=three) == [800, DAY + 520]
    # finish: 490-790 over the test; then the next at once.
    assert jobs(2, 300, crew(1), tests=three) == [790, 1090]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("finish", [540, 600, 670, 730, 790]),
        ("pause", [540, 600, 670, 740, 800]),
        ("fit", [540, 600, 670, 790, 910]),
    ],
)
def test_shift_end_with_disinfection(rule: str, expected: list[float]) -> None:
    """10 min every 2 h from 480: duty 480-600, 610-720, 730-840, 850-960; jobs of 60 min.

    Two until 600, where the third is not begun; 610-670. The fourth 670-730 goes beyond 720: finish: does;
    pause: 50 min until 720, 10 from 730; fit: 730-790, and the fifth, 790-850, would be over 840: 850-910.
    """
    rules = {"disinfection": {"every_hours": 2, "minutes": 10}}
    assert jobs(5, 60, crew(1, at_shift_end=rule), **rules) == expected


def test_disinfection_in_groups() -> None:
    """Two people, two groups: the first stops 600-610, the second when it is through, 610-620.

    Jobs of 65 min, finish: both 480-545, 545-610. At 610 the first is back and begins, and ends at 675; the
    second, busy until 610, is off duty 610-620 and ends at 685.
    """
    rules = {"disinfection": {"every_hours": 2, "minutes": 10, "groups": 2}}
    assert sorted(jobs(6, 65, crew(2), **rules)) == [545, 545, 610, 610, 675, 685]


# --- the way to work ----------------------------------------------------------------------------------


def checkpoints(recognised: Any, **more: Any) -> Plain:
    """Checkpoints on the way to work."""
    return {"recognised": recognised, **more}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("finish", [870, 1170, DAY + 870]),
        ("pause", [870, DAY + 660, DAY + 960]),
        ("fit", [870, DAY + 870, 2 * DAY + 870]),
    ],
)
def test_late_by_checkpoints(rule: str, expected: list[float]) -> None:
    """Two checkpoints of 45 min each: work begins at 570 instead of 480, on every day; jobs of 300 min.

    The first 570-870. finish: 870-1170. pause: 210 min until 1080, 90 from 570 of day 1: 660; then until 960.
    fit: one a day.
    """
    late = checkpoints(0, checkpoints=2, otherwise="delayed", delay_min=45)
    assert jobs(3, 300, crew(1, at_shift_end=rule), commute=late) == expected


def test_late_and_disinfection_that_goes_by_the_shift() -> None:
    """Late until 570; disinfection 600-610 still, for it counts from the start of the shift (480).

    fit: 60 min do not fit into 570-600; 610-670.
    """
    late = checkpoints(0, checkpoints=2, otherwise="delayed", delay_min=45)
    rules = {"commute": late, "disinfection": {"every_hours": 2, "minutes": 10}}
    assert jobs(1, 60, crew(1, at_shift_end="fit"), **rules) == [670]


@pytest.mark.parametrize("pass_share", [0.0, 1.0])
@pytest.mark.parametrize("recognised", [0.0, 1.0])
def test_turned_back_or_let_through(pass_share: float, recognised: float) -> None:
    """With a pass that is recognised nobody notices the checkpoints; with none, or never recognised, nobody comes."""
    rule = checkpoints(recognised, pass_share=pass_share, checkpoints=3)
    plan = with_staffing(world([2], {"packers": crew(2)}), commute=rule)
    result = only(plan, job(60))
    if pass_share == recognised == 1:
        assert ends(result, "pack") == [540, 540]
        assert on_days(result, "packers", "turned_back") == [0] * 7
    else:
        assert all(is_never(end) for end in ends(result, "pack"))
        assert on_days(result, "packers", "turned_back") == [2] * 7
        assert on_days(result, "packers", "present") == [0] * 7


def test_drivers_are_turned_back_but_volunteers_live_nearby() -> None:
    """Nobody is recognised: the van does not leave, but the volunteers who pack do not meet the checkpoints."""
    plan = with_staffing(
        world([1], {"packers": crew(1, people="volunteer")}, {"vans": fleet(1)}), commute=checkpoints(0)
    )
    result = only(plan, job(60), leg("bring", "vans"))
    assert ends(result, "pack") == [540]
    assert is_never(ends(result, "bring")[0])
    assert on_days(result, "vans", "turned_back") == [1] * 7
    assert on_days(result, "packers", "present") == [1] * 7


def test_a_crew_of_its_own_rule() -> None:
    """Nobody is recognised, but the crew's own checkpoint only takes 20 min: 500-560."""
    own = checkpoints(0, otherwise="delayed", delay_min=20)
    assert jobs(1, 60, crew(1, commute=own), commute=checkpoints(0)) == [560]


def test_recognised_by_tier() -> None:
    """d0 is sealed, where no pass is recognised; d1 is controlled: its walkers come. Round: 2 out, 3 at the door."""
    plan = with_staffing(
        world([1, 1], {"walkers": crew(1, "drop_point")}),
        commute=checkpoints({"default": 1, "tiers": {"sealed": 0}}),
    )
    plan = in_tiers(plan, {"tier": "controlled", "communities": ["d1"]})
    result = only(plan, door())
    assert is_never(ends(result, "door")[0])
    assert ends(result, "door")[1] == 485


# --- the closed loop ----------------------------------------------------------------------------------------


def test_beds_limit() -> None:
    """Two beds for three, while nobody else would come or be let through: two are there every day."""
    plan = world([3], {"packers": crew(3)}, attendance=0)
    rules = {"closed_loop": {"depot": {"beds": 2, "limit": True}}, "commute": checkpoints(0)}
    result = only(with_staffing(plan, **rules), job(60))
    assert on_days(result, "packers", "present") == [2] * 7
    assert on_days(result, "packers", "no_bed") == [1] * 7
    assert ends(result, "pack") == [540, 540, 600]


@pytest.mark.parametrize(("share", "people"), [("in_order", (3, 0)), ("in_proportion", (2, 1))])
def test_beds_shared_between_crews(share: str, people: tuple[int, int]) -> None:
    """Three beds for 4 packers and 2 clerks. In order: 3 and 0. Webster: 4/1, 2/1, 4/3, so 2 and 1."""
    plan = world([1], {"packers": crew(4), "clerks": crew(2)})
    loop = {"depot": {"beds": 3, "limit": True, "share": share}}
    result = only(with_staffing(plan, closed_loop=loop), job(60), job(60, "note", "clerks"))
    assert (on_days(result, "packers", "present")[0], on_days(result, "clerks", "present")[0]) == people


def test_beds_by_households_served() -> None:
    """One bed for two households: 5 at d0 make 3, 2 at d1 make 1; walkers 4 at each place."""
    loop = {"drop_point": {"households_per_bed": 2, "limit": True}}
    plan = with_staffing(world([5, 2], {"walkers": crew(4, "drop_point")}), closed_loop=loop)
    result = only(plan, door())
    assert on_days(result, "walkers", "present") == [4] * 7
    # Rounds of 2 + 3 + 2 min: three at once, then two; at d1 one after the other.
    assert sorted(ends(result, "door")[:5]) == [485, 485, 485, 492, 492]
    assert ends(result, "door")[5:] == [485, 492]


# --- attendance, arrivals, speed -----------------------------------------------------------------------------


def test_attendance_series_by_date() -> None:
    """Nobody until day 1, everybody from day 3 on, half of them in between; before and after as at the ends.

    The order waits until day 3 at the latest, and is packed on day 2 if anybody comes.
    """
    series = {"levels": [{"day": "2022-03-12", "share": 0.0}, {"day": "2022-03-14", "share": 1.0}]}
    plan = world([1], {"packers": crew(400)}, start_date="2022-03-11")
    result = only(with_staffing(plan, attendance=series), job(60))
    present = on_days(result, "packers", "present")
    assert present[:2] == [0, 0]
    assert present[3:] == [400] * 4
    assert 150 < present[2] < 250
    assert ends(result, "pack") == [clock(2, 540)]


@pytest.mark.parametrize(
    ("rule", "present"),
    [
        ({"per_day": 1, "up_to": 3}, [1, 1, 2, 3, 3, 3, 3]),
        ({"per_day": 0.5, "up_to": 3}, [1, 1, 2, 2, 3, 3, 3]),
        ({"over_days": 2, "up_to": 5}, [1, 1, 3, 5, 5, 5, 5]),
        ({"over_days": 1, "up_to_households_per_worker": 2}, [1, 1, 3, 3, 3, 3, 3]),
    ],
)
def test_people_arrive(rule: Plain, present: list[int]) -> None:
    """From day 2 on; 5 households with a worker for every 2 make 3."""
    packers = crew(1, arrivals={"from_day": 2, **rule})
    result = only(world([5], {"packers": packers}), job(60))
    assert on_days(result, "packers", "present") == present


def test_who_arrives_is_slower_and_learns() -> None:
    """From day 1 on a second one at half speed, at 0.75 the day after, at 1 from then on; two jobs of 60 min a day.

    Alone: 540, 600. Then 60 and 120 min; 60 and 80; 60 and 60.
    """
    slow = {"start": 0.5, "end": 1, "over_days": 2}
    packers = crew(1, arrivals={"from_day": 1, "per_day": 1, "up_to": 2, "productivity": slow})
    result = only(world([2], {"packers": packers}, demand=DAILY), job(60))
    found = ends(result, "pack")
    assert [sorted(of_day(found[2 * day : 2 * day + 2], day)) for day in range(4)] == [
        [540, 600],
        [540, 600],
        [540, 560],
        [540, 540],
    ]


def test_a_crew_learns() -> None:
    """Half speed on day 0, three quarters on day 1, full on day 2: 60 min take 120, 80, 60."""
    packers = crew(1, productivity={"start": 0.5, "end": 1, "over_days": 2})
    found = ends(only(world([1], {"packers": packers}, demand=DAILY), job(60)), "pack")
    assert [found[day] - clock(day, 480) for day in range(4)] == [120, 80, 60, 60]


def test_a_slow_walker() -> None:
    """At half speed the round of 2 + 3 + 2 takes 4 + 6 + 4: served at 490, back at 494, served at 504."""
    walkers = crew(1, "drop_point", productivity={"start": 0.5, "end": 0.5, "over_days": 1})
    assert ends(only(world([2], {"walkers": walkers}), door()), "door") == [490, 504]


def test_what_is_handed_over_keeps_its_minutes() -> None:
    """One hour a day. 60 min at half speed are 120: 60 on day 0; the 60 left stay 60 on day 1, at full speed.

    They end at 540 of day 1. The second order is begun on day 2 at full speed: 540 there.
    """
    learning = {"start": 0.5, "end": 1, "over_days": 1}
    packers = crew(1, "depot", shift("08:00", "09:00"), at_shift_end="hand_over", productivity=learning)
    assert ends(only(world([2], {"packers": packers}), job(60)), "pack") == [clock(1, 540), clock(2, 540)]


# --- people who fill in -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "lent"),
    [
        ({"when_below": 0.5, "up_to": 3, "floor": 0.5}, 2),
        ({"when_below": 0.5, "up_to": 1}, 1),
        ({"when_below": 1.0, "up_to": 4, "floor": 0.75}, 1),
        ({"when_below": 1.0, "up_to": 4}, 4),
        ({"when_below": 0.0, "up_to": 4}, 0),
    ],
)
def test_people_fill_in(rule: Plain, lent: int) -> None:
    """None of 4 packers comes, all 4 loaders do: up to the share wanted, the most allowed, what loaders keep.

    0.5 of 4 = 2 are wanted, and 2 kept; 1 is the most; 3 are kept; all; nobody is missing below 0.
    """
    crews = {
        "packers": crew(4, attendance=0, reassign={"from": "loaders", **rule}),
        "loaders": crew(4, attendance=1),
    }
    result = only(world([4], crews), job(60), job(30, "load", "loaders"))
    assert on_days(result, "packers", "filled_in") == [lent] * 7
    assert on_days(result, "loaders", "lent") == [lent] * 7
    assert on_days(result, "loaders", "present") == [4 - lent] * 7


def test_who_fills_in_works_the_other_shift_at_a_speed_of_its_own() -> None:
    """The loader (12:00-20:00) fills in as packer 08:00-16:00 at half speed: 60 min are 120, done at 600.

    Then nobody loads (floor 0, one loader only): never.
    """
    crews = {
        "packers": crew(
            1,
            "depot",
            shift("08:00", "16:00"),
            attendance=0,
            reassign={"from": "loaders", "when_below": 1, "up_to": 1, "productivity": 0.5},
        ),
        "loaders": crew(1, "depot", shift("12:00", "20:00")),
    }
    result = only(world([1], crews), job(60), job(30, "load", "loaders"))
    assert ends(result, "pack") == [600]
    assert is_never(ends(result, "load")[0])


def test_who_fills_in_hands_over_what_would_pause() -> None:
    """On day 0 nobody of the packers is there and the loader packs 480-1080; on day 1 the packer is there.

    Two jobs of 400 min with pause: 480-880; 200 min until 1080 are handed over to the packer of day 1, 200 min: 680.
    """
    series = {"levels": [{"day": 0, "share": 0}, {"day": 1, "share": 1}]}
    rule = {"from": "loaders", "when_below": 1, "up_to": 1}
    crews = {"packers": crew(1, at_shift_end="pause", attendance=series, reassign=rule), "loaders": crew(1)}
    result = only(world([2], crews), job(400), job(1, "load", "loaders"))
    assert ends(result, "pack") == [880, clock(1, 680)]


# --- with other mechanisms -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("tests", "accepted"), [(None, 10), ({"antigen_per_day": 2, "antigen_min": 30}, 9)])
def test_promises_count_hours_without_tests(tests: Plain | None, accepted: int) -> None:
    """10 h, or 9 h without the tests: 10 or 9 orders of 60 min are a day's work, of 20 households that all ask.

    With tests the last of the 9 is done at 510 + 540 = 1050, where the test begins.
    """
    plan = world([20], {"packers": crew(1)}, demand=purchases(), horizon_days=1, run_out_days=1)
    if tests:
        plan = with_staffing(plan, tests=tests)
    promising = way("only", job(60), acceptance={"promise_days": 1}, parcel={"lines": 1}, release=ordered())
    result = exact(plan, mix(use(promising)))
    assert counts(result, "only")["accepted"] == accepted
    assert counts(result, "only")["rejected"] == 20 - accepted
    assert max(ends(result, "pack")) == (1050 if tests else 1080)


def test_beds_and_a_staff_shock() -> None:
    """Two of four have beds. On day 1 half of the crew is left: of those 2, between one and two are at work.

    Whichever half that is, both are there on the day after.
    """
    plan = with_staffing(
        world([2], {"packers": crew(4)}, demand=DAILY), closed_loop={"depot": {"beds": 2, "limit": True}}
    )
    plan = with_shocks(plan, ill={"kind": "staff", "crews": ["packers"], "capacity": 0.5, "from_day": 1, "to_day": 2})
    found = ends(only(plan, job(60)), "pack")
    assert found[:2] == [540, 540]
    assert sorted(of_day(found[2:4], 1)) in ([540, 540], [540, 600])
    assert of_day(found[4:6], 2) == [540, 540]


# --- laws -------------------------------------------------------------------------------------------------------


def _coverage(plan: Plain) -> tuple[float, list[float]]:
    result = simulated(plan, strategy(channel("only", job(100))))
    return value(result, "coverage"), sorted(ends(result, "pack"))


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_more_beds_or_passes_or_attendance_never_serve_fewer(data: st.DataObject) -> None:
    """Discipline sequence, finish: with a bed, a pass or somebody more, the n-th order is ready no later."""
    orders, people = data.draw(st.integers(2, 25)), data.draw(st.integers(2, 5))
    low, high = sorted(data.draw(st.tuples(st.sampled_from([0.1, 0.3, 0.5]), st.sampled_from([0.5, 0.8, 1.0]))))
    beds = sorted(data.draw(st.tuples(st.integers(0, people), st.integers(0, people))))
    what = data.draw(st.sampled_from(["beds", "pass_share", "recognised", "attendance"]))
    pair = []
    for level, number in ((low, beds[0]), (high, beds[1])):
        plan = world([orders], {"packers": crew(people)}, horizon_days=3, run_out_days=2)
        rules: Plain = {
            "beds": {"closed_loop": {"depot": {"beds": number, "limit": True}}},
            "pass_share": {"commute": checkpoints(0.7, pass_share=level)},
            "recognised": {"commute": checkpoints(level, checkpoints=2, pass_share=0.9)},
            "attendance": {"attendance": level},
        }[what]
        pair.append(_coverage(with_staffing(plan, **rules)))
    (few, late), (many, early) = pair
    assert many >= few
    assert all(is_never(a) or b <= a for a, b in zip(late, early, strict=True))
