"""Infections of staff, quarantine and places closed by cases; derived from the documentation alone.

Packers 08:00-18:00, one order per household at 00:00 of day 0, and a job of exactly so many minutes.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.plans.both_engines import (
    of_day,
    on_days,
    only,
    with_staffing,
)
from tests.plans.demand_plans import (
    ROUND_THE_CLOCK,
)
from tests.plans.paper_plans import (
    DAY,
    Plain,
    clock,
    crew,
    cycle,
    door,
    ends,
    shift,
    stage,
    world,
)

DAILY = cycle(7, 1)


def job(minutes: float, name: str = "pack", who: str = "packers", at: str = "depot") -> Plain:
    """So many minutes of work on each order."""
    return stage(name, who, at, effort={"per_order_min": minutes})


def two_depots() -> Plain:
    """Depots a and b, each with a drop point of one household."""
    return {
        "kind": "listed",
        "depots": [{"name": "a"}, {"name": "b"}],
        "drop_points": [
            {"name": "d0", "households": 1, "distance_km": 10, "depot": "a"},
            {"name": "d1", "households": 1, "distance_km": 10, "depot": "b"},
        ],
    }


# --- infections -----------------------------------------------------------------------------------------


def infections(*cases: Plain, **more: Any) -> Plain:
    """Only those that are given."""
    return {"found_after_days": 2, "isolation_days": 4, "cases": list(cases), **more}


CASE = {"crew": "packers", "day": 1}


def test_quarantine_of_the_crew() -> None:
    """Infected on day 1, found on the morning of day 3: one isolated on days 3-6, the two others quarantined 3 and 4.

    One order a day of 60 min; those of days 3 and 4 are packed on day 5, one by each of the two who are back,
    and that of day 5 after the first of them.
    """
    plan = world([1], {"packers": crew(3)}, demand=DAILY)
    plan = with_staffing(plan, infections=infections(CASE, quarantine_days=2))
    result = only(plan, job(60))
    assert on_days(result, "packers", "infected") == [0, 0, 0, 1, 1, 1, 1]
    assert on_days(result, "packers", "quarantined") == [0, 0, 0, 2, 2, 0, 0]
    assert on_days(result, "packers", "present") == [3, 3, 3, 0, 0, 2, 2]
    days = [clock(0, 540), clock(1, 540), clock(2, 540), clock(5, 540), clock(5, 540), clock(5, 600), clock(6, 540)]
    assert ends(result, "pack") == days


def test_only_the_same_shift_and_place_is_quarantined() -> None:
    """Two shifts of two at each of two depots: at each one the first shift's other person only is quarantined."""
    plan = world(two_depots(), {"packers": crew(2, "depot", shift("06:00", "12:00"), shift("12:00", "18:00"))})
    plan = with_staffing(plan, infections=infections(CASE, quarantine_days=1))
    result = only(plan, job(60))
    assert on_days(result, "packers", "planned") == [8] * 7
    assert on_days(result, "packers", "infected") == [0, 0, 0, 2, 2, 2, 2]
    assert on_days(result, "packers", "quarantined") == [0, 0, 0, 2, 0, 0, 0]


def test_nobody_is_infected_twice() -> None:
    """Named again on day 4, after she was isolated on day 2 only: nothing happens on day 5."""
    cases = [{"crew": "packers", "day": day} for day in (1, 4)]
    rule = infections(*cases, found_after_days=1, isolation_days=1, quarantine_days=1)
    result = only(with_staffing(world([1], {"packers": crew(2)}), infections=rule), job(60))
    assert on_days(result, "packers", "infected") == [0, 0, 1, 0, 0, 0, 0]
    assert on_days(result, "packers", "quarantined") == [0, 0, 1, 0, 0, 0, 0]


def test_infected_by_a_colleague_for_certain() -> None:
    """per_contact 1, infectious from the day after: day 0 the first, day 1 the two others.

    Found after 2 days: the first away on days 2-4, the others, infected on day 1, on days 3-5.
    """
    rule = infections({"crew": "packers", "day": 0}, isolation_days=3, per_contact=1, infectious_after_days=1)
    result = only(with_staffing(world([1], {"packers": crew(3)}), infections=rule), job(60))
    assert on_days(result, "packers", "infected") == [0, 0, 1, 3, 3, 2, 0]


def test_place_closed_by_cases_and_opened_again() -> None:
    """A packer's case of day 0 is found on day 1: the depot is closed on days 1 and 2, other crews too.

    Orders of days 1, 2 and 3 are noted by three clerks on day 3, 480-510, and packed by three packers, 510-570.
    The case itself is isolated on day 1 only.
    """
    rule = infections({"crew": "packers", "day": 0}, found_after_days=1, isolation_days=1, close_at=1, closure_days=2)
    plan = world([1], {"packers": crew(3), "clerks": crew(3)}, demand=DAILY)
    result = only(with_staffing(plan, infections=rule), job(30, "note", "clerks"), job(60))
    assert of_day(ends(result, "pack")[1:4], 3) == [570, 570, 570]
    assert ends(result, "pack")[0] == 570
    assert ends(result, "pack")[4:] == [clock(day, 570) for day in (4, 5, 6)]
    assert on_days(result, "clerks", "present") == [3, 0, 0, 3, 3, 3, 3]
    assert on_days(result, "packers", "present") == [3, 0, 0, 3, 3, 3, 3]


def test_nobody_is_quarantined_who_did_not_work_with_the_case() -> None:
    """Infected on day 1, found on day 3; nobody comes on days 1-3: no shift was shared since the infection."""
    levels = [{"day": day, "share": share} for day, share in ((0, 1), (1, 0), (3, 0), (4, 1))]
    plan = with_staffing(
        world([1], {"packers": crew(3)}), attendance={"levels": levels}, infections=infections(CASE, quarantine_days=3)
    )
    assert on_days(only(plan, job(60)), "packers", "quarantined") == [0] * 7


def test_closure_by_cases_interrupts_work_in_hand() -> None:
    """Packers around the clock, 2000 min of work from 0 on. The depot is closed on day 1 for a clerk's case.

    1440 min until midnight, the other 560 from the midnight on that begins day 2.
    """
    rule = infections({"crew": "clerks", "day": 0}, found_after_days=1, isolation_days=1, close_at=1, closure_days=1)
    crews = {"packers": crew(1, "depot", ROUND_THE_CLOCK), "clerks": crew(1)}
    plan = with_staffing(world([1], crews), infections=rule)
    result = only(plan, job(2000), job(1, "check", "clerks"))
    assert ends(result, "pack") == [clock(2, 560)]
    assert ends(result, "check") == [clock(2, 561)]


def test_equipment_stops_with_its_place() -> None:
    """Boxes of a locker at a drop point closed for a walker's case stand still until day 2 begins.

    One box, one order a day at 00:00, 5 min. That of day 1 begins when day 2 does, and that of day 2 after it.
    """
    rule = infections({"crew": "walkers", "day": 0}, found_after_days=1, isolation_days=1, close_at=1, closure_days=1)
    crews = {"walkers": crew(1, "drop_point"), "boxes": crew(1, "drop_point", ROUND_THE_CLOCK, people="equipment")}
    plan = with_staffing(world([1], crews, demand=cycle(7, 1)), infections=rule)
    box = stage("box", "boxes", "drop_point", discipline="fifo", effort={"per_order_min": 5})
    result = only(plan, box, door())
    assert ends(result, "box")[:4] == [5, 2 * DAY + 5, 2 * DAY + 10, 3 * DAY + 5]


@pytest.mark.parametrize(("second", "closed"), [(2, [3, 4]), (4, [])])
def test_two_cases_within_three_days_close(second: int, closed: list[int]) -> None:
    """Found on days 1 and 3: two within the days 1-3, closed on 3 and 4. Found on 1 and 5: never closed."""
    cases = [{"crew": "packers", "day": 0}, {"crew": "clerks", "day": second}]
    rule = infections(*cases, found_after_days=1, isolation_days=1, close_at=2, within_days=3, closure_days=2)
    plan = world([1], {"packers": crew(3), "clerks": crew(3), "others": crew(1)})
    result = only(with_staffing(plan, infections=rule), job(5, "look", "others"), job(30, "note", "clerks"), job(60))
    expected = [0 if day in closed else 1 for day in range(7)]
    assert on_days(result, "others", "present") == expected
