"""Shocks that strike after the end of a shift: what is in hand then goes on when its people are on duty again.

Both engines, with exact times; work is from 08:00 to 18:00, minutes 480 to 1080.
"""

from __future__ import annotations

import pytest

import simsupply as ss
from tests.plans.both_engines import only, with_shocks
from tests.plans.demand_plans import value
from tests.plans.paper_plans import Plain, clock, crew, door, ends, fleet, is_never, leg, shift, stage, world

PACK_10 = stage("pack", "packers", effort={"per_order_min": 10})


def shock(kind: str, since: tuple[int, str], until: tuple[int, str], **more: object) -> Plain:
    """A shock from one (day, time) to another."""
    return {
        "kind": kind,
        "from_day": since[0],
        "from_time": since[1],
        "to_day": until[0],
        "to_time": until[1],
        **({"at": "depot"} if kind == "place" else {"crews": ["packers"]} if kind == "staff" else {"fleets": ["vans"]}),
        **more,
    }


def packed(minutes: float, told: Plain, people: int = 1, **how: object) -> ss.Result:
    """So many minutes of work for each packer, begun at 480."""
    plan = world([people], {"packers": crew(people, **{"at_shift_end": "finish", **how})})
    return only(with_shocks(plan, shut=told), stage("pack", "packers", effort={"per_order_min": minutes}))


@pytest.mark.parametrize("kind", ["place", "staff"])
def test_overtime_ends_as_a_shock_begins(kind: str) -> None:
    """1200 min from 480; struck on day 1: 960 done by its midnight, 240 left on day 2 from 480: 720.

    Overtime from 1080 to 1440 is six hours; days 0 and 2 to 6 are on duty.
    """
    result = packed(1200, shock(kind, (1, "00:00"), (2, "00:00")))
    assert ends(result, "pack") == [clock(2, 720)]
    assert value(result, "worker_hours") == pytest.approx(6 * 10 + 6)


def test_a_shock_within_overtime_waits_for_the_next_duty_too() -> None:
    """720 min from 480: 650 done at 1130, closed until 1140, and all have gone home: 70 left from 480: 550."""
    result = packed(720, shock("place", (0, "18:50"), (0, "19:00")))
    assert ends(result, "pack") == [clock(1, 550)]
    assert value(result, "worker_hours") == pytest.approx(70 + 50 / 60)


def test_a_shock_that_begins_as_the_shift_ends() -> None:
    """660 min from 480: 600 done at 1080, when it is closed: 60 left on day 1: 540. As little as a minute earlier."""
    for since, minute in (("18:00", 540), ("17:59", 541)):
        result = packed(660, shock("place", (0, since), (0, "19:00")))
        assert ends(result, "pack") == [clock(1, minute)]
        assert value(result, "worker_hours") == pytest.approx(70 - (minute - 540) / 60)


def test_a_shock_on_the_next_day_of_a_job_in_overtime() -> None:
    """1800 min from 480 go on through the night and the morning; closed 600-660: 1560 done, 240 left: 900.

    The morning of day 1 is inside duty: overtime is the night, 1080 to 480, 14 h; the hour is not paid.
    """
    result = packed(1800, shock("staff", (1, "10:00"), (1, "11:00")))
    assert ends(result, "pack") == [clock(1, 900)]
    assert value(result, "worker_hours") == pytest.approx(70 + 14 - 1)


def test_part_of_the_crew_is_struck() -> None:
    """Two packers with 720 min each: one is lost at 1130, with 70 left; the other is done at 1200."""
    result = packed(720, shock("staff", (0, "18:50"), (0, "19:00"), capacity=0.5), people=2)
    assert ends(result, "pack") == [1200, clock(1, 550)]


def test_overtime_is_struck_twice() -> None:
    """1500 min: 600 in the shift of day 0, 60 until 1140; 600 on day 1, 30 until 1110; 210 on day 2: 690."""
    plan = world([1], {"packers": crew(1)})
    shocks = {"one": shock("place", (0, "19:00"), (0, "20:00")), "two": shock("place", (1, "18:30"), (1, "23:00"))}
    result = only(with_shocks(plan, **shocks), stage("pack", "packers", effort={"per_order_min": 1500}))
    assert ends(result, "pack") == [clock(2, 690)]
    assert value(result, "worker_hours") == pytest.approx(70 + 1.5)


def test_nobody_comes_back() -> None:
    """Closed for good from 19:00 on: 60 min of overtime, and never done."""
    result = packed(720, {"kind": "place", "at": "depot", "from_day": 0, "from_time": "19:00"})
    assert is_never(ends(result, "pack")[0])
    assert value(result, "worker_hours") == pytest.approx(10 + 1)


@pytest.mark.parametrize("discipline", ["sequence", "fifo", "priority"])
def test_whoever_is_struck_has_no_time_for_the_next(discipline: str) -> None:
    """Two orders of 620 min, one packer: the first has 600 done at 1080, closed 1085-1440: 15 left: 495.

    The second from 495 of day 1: 585 min until 1080, 35 more in overtime.
    """
    plan = world([2], {"packers": crew(1)})
    pack = stage("pack", "packers", effort={"per_order_min": 620}, discipline=discipline)
    result = only(with_shocks(plan, shut=shock("place", (0, "18:05"), (1, "00:00"))), pack)
    assert ends(result, "pack") == [clock(1, 495), clock(1, 1115)]


def test_what_fitted_and_was_late_is_struck_in_overtime() -> None:
    """580 min fit into 480-1080; closed 500-600: late by 100, in overtime until 1160, but closed again from 1100 on.

    20 done by 500, 500 by 1100: 60 left on day 1: 540.
    """
    plan = world([1], {"packers": crew(1, at_shift_end="fit")})
    shocks = {"one": shock("place", (0, "08:20"), (0, "10:00")), "two": shock("place", (0, "18:20"), (0, "23:00"))}
    result = only(with_shocks(plan, **shocks), stage("pack", "packers", effort={"per_order_min": 580}))
    assert ends(result, "pack") == [clock(1, 540)]


def test_a_round_in_overtime() -> None:
    """Two doors, a round of 4 + 3 + 3 + 4 min that begins at 1075: 4 out, 3 at the first door: 1082.

    Closed 1083-1440: 1 min of the second door is done; 2 left from 480 of day 1: 482.
    """
    crews = {"packers": crew(1, "depot", shift("08:00", "17:55")), "walkers": crew(1, "drop_point")}
    plan = world([2], crews)
    pack = stage("pack", "packers", per="consignment", effort={"per_consignment_min": 595})
    struck = shock("place", (0, "18:03"), (1, "00:00"), at="drop_point")
    result = only(with_shocks(plan, shut=struck), pack, door(2, 8))
    assert ends(result, "door") == [1082, clock(1, 482)]


def late_trip(told: Plain, parts: bool = False) -> ss.Result:
    """A van that leaves at 490 for 40 km (an hour), there at 550 and back at 610; on duty 08:00 to 09:00."""
    vans = fleet(1, "depot", shift("08:00", "09:00"))
    if parts:
        vans["disinfection"] = {"on_arrival_min": 0, "at_base_min": 0}
    plan = world([1], {"packers": crew(1)}, {"vans": vans})
    plan["scenario"]["geography"]["drop_points"][0]["distance_km"] = 40
    return only(with_shocks(plan, taken=told), PACK_10, leg("bring", "vans"))


@pytest.mark.parametrize("parts", [False, True])
def test_a_vehicle_is_lost_in_overtime(parts: bool) -> None:
    """Lost 545-605: 5 min of the way out are left, from 480 of day 1: 485, back at 545: 5 min of overtime again.

    Work: 50 min on duty and 5 beyond on day 0; 60 and 5 on day 1. Lost 560-570 it has been there: 550.
    """
    result = late_trip(shock("fleet", (0, "09:05"), (0, "10:05")), parts)
    assert ends(result, "bring") == [clock(1, 485)]
    assert value(result, "worker_hours") == pytest.approx(70 + 7 + 10 / 60)
    assert value(result, "utilisation.bring") == pytest.approx(110 / 420)
    assert ends(late_trip(shock("fleet", (0, "09:20"), (0, "09:30")), parts), "bring") == [550]


def test_a_vehicle_that_waits_for_a_dock_in_overtime_is_lost() -> None:
    """Two vans, one dock, 60 min to load from 490: the second would begin at 550. It is lost 545-560.

    It loads on day 1, from 480 on: 540, and is there at 555; the first leaves at 550 and is not lost: 565.
    """
    plan = world([1, 1], {"packers": crew(2)}, {"vans": fleet(2, "depot", shift("08:00", "09:00"))})
    plan = with_shocks(plan, taken=shock("fleet", (0, "09:05"), (0, "09:20"), capacity=0.5))
    result = only(plan, PACK_10, leg("bring", "vans", load={"per_load_min": 60}))
    assert ends(result, "bring") == [565, clock(1, 555)]


def test_what_was_struck_in_overtime_is_listed() -> None:
    """The trip is under way as the vans are lost."""
    table = late_trip(shock("fleet", (0, "09:05"), (0, "10:05")), parts=True).shocks
    assert table[["shock", "step", "under_way", "begun"]].to_numpy().tolist() == [["taken", "bring", 1, 0]]
