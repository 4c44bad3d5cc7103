"""Where one more person, or vehicle, makes somebody later: counter-examples by hand (see docs/model.md)."""

from __future__ import annotations

import pytest

import simsupply as ss
from tests.plans.paper_plans import Plain, crew, ends, fleet, leg, shift, simulate, stage, world


def consignments(name: str, team: str, **minutes: float) -> Plain:
    return stage(name, team, per="consignment", effort={f"per_{what}_min": value for what, value in minutes.items()})


@pytest.mark.parametrize("discipline", ["fifo", "priority"])
def test_who_comes_first_may_overtake(discipline: str) -> None:
    """Lists of 10 and of 1 household, 1 min each, are read; then each is checked for 20 min by one person.

    1 reader: read 490, 491; checked 510, 530. 2 readers: read 490 and 481; the second list is checked first: 501, 521.
    """

    def checked(readers: int) -> list[float]:
        plan = world([10, 1], {"readers": crew(readers), "checkers": crew(1)})
        check = consignments("check", "checkers", consignment=20)
        check["stage"]["discipline"] = discipline
        times = ends(simulate(plan, consignments("read", "readers", order=1), check), "check")
        return [times[0], times[-1]]

    assert checked(1) == [510, 530]
    assert checked(2) == [521, 501]


def test_a_slow_person_may_begin_what_a_fast_one_would_have_done_sooner() -> None:
    """Paid 10 min an order, a volunteer 60: 490, 500 alone; with the volunteer 490 and 540."""

    def picked(people: Plain) -> list[float]:
        plan = world([2], {"staff": people})
        plan["staffing"]["paces"] = {"volunteer": {"order": 6}}
        return ends(simulate(plan, stage("pick", "staff", effort={"per_order_min": 10})), "pick")

    assert picked(crew(1)) == [490, 500]
    later = {"from_day": 0, "over_days": 1, "up_to": 2, "people": "volunteer"}
    assert picked(crew(1, arrivals=later)) == [490, 540]


def test_what_is_begun_before_a_line_has_found_its_pace_takes_longer() -> None:
    """0.5 min an order, a tenth of the speed at first, full speed after 10 min; lists of 1 and of 20 households.

    1 person: 0.5 min take 5: 485; then the speed is 0.55: 10 min take 18.18: 503.18. 2 people: 485 and 480 + 100 = 580.
    """

    def packed(people: int) -> list[float]:
        plan = world([1, 20], {"staff": crew(people, pace="new")})
        plan["staffing"]["paces"] = {"new": {"ramp": {"start": 0.1, "hours": 1 / 6}}}
        times = ends(simulate(plan, consignments("pack", "staff", order=0.5)), "pack")
        return [times[0], times[-1]]

    assert packed(1) == pytest.approx([485, 485 + 10 / 0.55])
    assert packed(2) == pytest.approx([485, 580])


def test_paused_work_stays_with_who_began_it() -> None:
    """Shifts 08:00-09:00 and 09:00-18:00, 40 min an order. 1 person each: 520; 520-540 and 1920-1940; 540-580.

    2 people each: 520, 520; the third is begun at 520, pauses at 540 and goes on the next morning: 1940 instead of 580.
    """

    def picked(people: int) -> list[float]:
        shifts = shift("08:00", "09:00"), shift("09:00", "18:00")
        plan = world([3], {"staff": crew(people, "depot", *shifts, at_shift_end="pause")})
        return ends(simulate(plan, stage("pick", "staff", effort={"per_order_min": 40})), "pick")

    assert picked(1) == [520, 1940, 580]
    assert picked(2) == [520, 520, 1940]


def several(people: int, vans: int, serves: str, *, households: int, pick: float, **more: object) -> ss.Result:
    plan = world([households], {"staff": crew(people, serves=serves, **more)}, {"vans": fleet(vans, drivers="staff")})
    full = {"kind": "full", "orders": 1}
    return simulate(plan, stage("pick", "staff", effort={"per_order_min": pick}), leg("drive", "vans", leave=full))
