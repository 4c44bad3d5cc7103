"""Kinds of workers on paper: each person's own pace, the slow first hours of a line, who joins later."""

from __future__ import annotations

import pytest

import simsupply as ss
from simsupply.model.staff.expected import expected_minutes
from tests.plans.both_engines import exact
from tests.plans.paper_plans import (
    Plain,
    channel,
    crew,
    cycle,
    door,
    ends,
    fleet,
    leg,
    shift,
    simulate,
    stage,
    strategy,
    world,
)

SLOW = {"order": 1.5, "line": 2}


def pick(**effort: float) -> Plain:
    return stage("pick", "staff", effort=effort or {"per_order_min": 10})


def plan(households: int, people: Plain, paces: Plain | None = None, **more: object) -> Plain:
    made = world([households], {"staff": people}, **more)
    made["staffing"]["paces"] = paces or {}
    return made


def joined(up_to: int, from_day: int = 0, **more: object) -> Plain:
    """They all come on one day."""
    return {"from_day": from_day, "over_days": 1, "up_to": up_to, **more}


# --- one pace for a crew: on kernels ------------------------------------------------------------------------------


@pytest.mark.parametrize("people", [{"people": "volunteer"}, {"pace": "slow"}])
def test_a_crew_takes_as_long_as_its_kind(people: Plain) -> None:
    """2 min per order x 1.5, 3 per line x 2 (4 lines): 3 + 24 = 27 min instead of 14."""
    scenario = plan(2, crew(1, **people), {"volunteer": SLOW, "slow": SLOW}, demand=cycle(lines=4))
    decided = strategy(channel("only", pick(per_order_min=2, per_line_min=3)))
    result = exact(scenario, decided)
    assert ends(result, "pick") == [507, 534]
    assert result.notes[0] == "engine: kernels"
    standard = simulate(
        plan(2, crew(1), {"volunteer": SLOW}, demand=cycle(lines=4)), *decided["channels"]["only"]["steps"]
    )
    assert ends(standard, "pick") == [494, 508]


def test_doors_take_longer_and_walks_do_not() -> None:
    """Walk 2 min, door 3 x 2 min without a lift: 8; next door 6 more: 14; and back 2."""
    scenario = world([2], {"walkers": crew(1, "drop_point", pace="slow")})
    scenario["staffing"]["paces"] = {"slow": {"door": 2}}
    result = exact(scenario, strategy(channel("only", door(2, 4))))
    assert ends(result, "door") == [488, 494]


def test_a_pace_counts_for_promises() -> None:
    """600 min a day; a picker of 10 min an order and one of 20: 60 + 30 orders, which is 900 min of the first."""
    people = crew(1, arrivals=joined(2, pace="slow"))
    scenario = ss.load_scenario(plan(1, people, {"slow": {"order": 2}}))
    assert expected_minutes(scenario, "staff", None, 0, 0.5).tolist() == [900]


# --- everybody at a pace of their own: the reference engine ---------------------------------------------------------


def test_a_mixed_crew_works_at_each_persons_own_pace() -> None:
    """1 paid (10 min), 1 volunteer from day 0 on (20 min): paid 490, volunteer 500, paid 500, ...

    480 both begin: 490 (0), 500 (1). 490 paid: 500 (2). 500 both free: the volunteer came free at 500 as did the paid
    one, the lower number goes first: paid 510 (3), volunteer 520 (4). 510 paid 520 (5).
    """
    people = crew(1, arrivals=joined(2, people="volunteer"))
    result = simulate(plan(6, people, {"volunteer": {"order": 2}}, horizon_days=1), pick())
    assert ends(result, "pick") == [490, 500, 500, 510, 520, 520]
    assert result.notes[0].endswith("(people of crew 'staff' work at different paces)")
    # Both are there from 08:00 to 18:00.
    assert result.values["worker_hours"][0] == 10
    assert result.values["volunteer_hours"][0] == 10
    # 40 min of the paid one and 40 of the volunteer, of 1,200.
    assert result.utilisation()["pick"].mean == pytest.approx(80 / 1200)


def test_a_mixed_crew_picks_and_drives() -> None:
    """Paid 10 min, volunteer 20. 480: 490 (0), 500 (1). Downstream first: the paid one drives 0 from 490, back 520.

    The volunteer has the van only at 520: at 500 picks 2 (520). 520 both free: the paid one since 520 too, and has the
    lower number: drives 1 (535, back 550); 550: the volunteer, free since 520, drives 2 (565).
    """
    people = crew(1, arrivals=joined(2, pace="slow"))
    scenario = plan(3, people, {"slow": {"order": 2}})
    scenario["fleet"] = {"vans": fleet(1, drivers="staff")}
    result = simulate(scenario, pick(), leg("drive", "vans", leave={"kind": "full", "orders": 1}))
    assert ends(result, "pick") == [490, 500, 520]
    assert ends(result, "drive") == [505, 535, 565]


def test_fit_asks_for_each_persons_own_minutes() -> None:
    """480-515 on duty: paid 10 min, volunteer 20. 480: 490, 500; 490: 500; 500: paid 510; the volunteer's 520 > 515.

    510: paid 520 > 515: nobody. Next day 1920: 1930.
    """
    people = crew(1, "depot", shift("08:00", "08:35"), at_shift_end="fit", arrivals=joined(2, pace="slow"))
    assert ends(simulate(plan(5, people, {"slow": {"order": 2}}), pick()), "pick") == [490, 500, 500, 510, 1930]


def test_what_is_handed_over_keeps_its_minutes() -> None:
    """Paid 08:00-08:15 alone on day 0; a volunteer joins on day 1. 10 min: 490, then 5 of 10 min by 495.

    Day 1 from 1920: the 5 min that are left, by the paid one (lower number): 1925; the volunteer takes 20 min: 1940 in
    all but 15 min of the shift: 1935, the rest (5 min) at 3360-3365 by the paid one.
    """
    people = crew(1, "depot", shift("08:00", "08:15"), at_shift_end="hand_over", arrivals=joined(2, 1, pace="slow"))
    assert ends(simulate(plan(3, people, {"slow": {"order": 2}}), pick()), "pick") == [490, 1925, 3365]


# --- the first hours of a new line ------------------------------------------------------------------------------------


def test_the_first_hours_of_a_line_are_slower() -> None:
    """Half speed at first, full after 1 h, 10 min an order, one person.

    480: speed 0.5, 20 min: 500. Age 20: 0.5 + 0.5 * 20/60 = 2/3: 15 min: 515. Age 35: 0.5 + 35/120 = 95/120: 12.63 min.
    """
    scenario = plan(3, crew(1, pace="new"), {"new": {"ramp": {"start": 0.5, "hours": 1}}})
    result = simulate(scenario, pick())
    assert ends(result, "pick") == pytest.approx([500, 515, 515 + 10 / (95 / 120)])
    assert result.notes[0].endswith("(the first hours of crew 'staff' at a new line are slower)")


def test_the_age_of_a_line_counts_hours_on_duty() -> None:
    """08:00-08:20, half speed at first, full after 40 min on duty. 480-500; next day age 20: 0.75, 13 1/3 min."""
    people = crew(1, "depot", shift("08:00", "08:20"), pace="new")
    scenario = plan(2, people, {"new": {"ramp": {"start": 0.5, "hours": 2 / 3}}})
    assert ends(simulate(scenario, pick()), "pick") == pytest.approx([500, 1920 + 10 / 0.75])


def test_only_who_is_new_is_slower() -> None:
    """Paid people know the line: 10 min; volunteers begin at half speed: 20. At 500 it is 20 of 60 min old: 15."""
    people = crew(1, arrivals=joined(2, people="volunteer"))
    scenario = plan(5, people, {"volunteer": {"ramp": {"start": 0.5, "hours": 1}}})
    assert ends(simulate(scenario, pick()), "pick") == pytest.approx([490, 500, 500, 510, 515])


# --- who joins later, by another attendance and counted as another kind -----------------------------------------------


def on_days(result: ss.Result, measure: str) -> list[float]:
    table = result.staff
    rows = table[(table["crew"] == "staff") & (table["measure"] == measure)].sort_values("day")
    return rows["value"].tolist()


@pytest.mark.parametrize(("level", "present"), [(1, 4), (0, 1)])
def test_arrivals_have_an_attendance_of_their_own(level: float, present: int) -> None:
    """The one of the crew comes; of the three who join all or none."""
    people = crew(1, attendance=1, arrivals=joined(4, attendance=level))
    result = simulate(plan(1, people, horizon_days=2), pick())
    assert on_days(result, "planned") == [4, 4]
    assert on_days(result, "present") == [present, present]


def test_arrivals_take_the_attendance_of_all_without_one() -> None:
    people = crew(1, attendance=0, arrivals=joined(4))
    assert on_days(simulate(plan(1, people, horizon_days=2), pick()), "present") == [0, 0]


def test_volunteers_who_join_meet_no_checkpoint() -> None:
    """Nobody's pass is recognised: the two workers are turned back, the three volunteers live nearby."""
    people = crew(2, arrivals=joined(5, people="volunteer"))
    scenario = plan(1, people, horizon_days=1)
    scenario["staffing"]["commute"] = {"recognised": 0.0}
    result = simulate(scenario, pick())
    assert (on_days(result, "turned_back"), on_days(result, "present")) == ([2], [3])
    # Turned back people work no hours.
    assert (result.values["worker_hours"][0], result.values["volunteer_hours"][0]) == (0, 30)


def test_who_joins_on_day_0_learns_as_those_who_join() -> None:
    """The crew is at full speed; who joins on day 0 begins at half speed: 490 and 500."""
    people = crew(1, arrivals=joined(2, productivity={"start": 0.5, "end": 1, "over_days": 9}))
    assert ends(exact(plan(2, people), strategy(channel("only", pick()))), "pick") == [490, 500]
