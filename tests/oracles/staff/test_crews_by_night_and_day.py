"""People who pick, load and drive, over midnight and where days or places differ, worked out on paper."""

from __future__ import annotations

import pytest

import simsupply as ss
from tests.oracles.staff.test_by_place_and_day import two_depots
from tests.oracles.staff.test_crews_that_do_several_things import (
    always_there,
    drive,
    load,
    minutes,
    pick,
    plan,
    staff,
)
from tests.plans.both_engines import on_days
from tests.plans.paper_plans import clock, ends, fleet, shift, simulate, world

pytestmark = pytest.mark.usefixtures("both_engines")

NIGHT = shift("22:00", "00:10")
BY_HAND = {
    # 1320-1340 A and B pick 0 and 1, 1340-1355 both load; A drives 0 (1370, back 1385). B picks 2 (1375), loads (1390).
    # 1385 A drives 1 (1400, back 1415). 1390 B picks 3 (1410), loads (1425). 1415 A drives 2 (1430, back 1445).
    # 1425 B picks 4 (1445). 1445 = 00:05: A, the lower number, drives 3 (1460, back 1475, after 00:10 = 1450).
    # finish: B loads 4 in overtime (1460); next night at 2760 A drives it (2775).
    "finish": (1460, 2775),
    # 5 of 15 min by 1450, the rest 2760-2770, driven 2785.
    "pause": (2770, 2785),
    "hand_over": (2770, 2785),
    # 1445 + 15 > 1450: loaded 2760-2775, driven 2790.
    "fit": (2775, 2790),
}


@pytest.mark.parametrize("rule", BY_HAND)
def test_a_night_of_two_people_who_pick_load_and_drive(rule: str) -> None:
    found = simulate(
        plan(5, staff(2, NIGHT, at_shift_end=rule), always_there()),
        pick(20),
        load(15),
        drive(),
        release={"kind": "allot", "at": "22:00"},
    )
    loaded, delivered = BY_HAND[rule]
    assert ends(found, "pick") == [1340, 1340, 1375, 1410, 1445]
    assert ends(found, "load") == [1355, 1355, 1390, 1425, loaded]
    assert ends(found, "drive") == [1370, 1400, 1430, 1460, delivered]
    assert on_days(found, "staff", "planned") == [2] * 7


def test_one_more_person_from_day_1_on() -> None:
    """Two orders a day. Day 0, one person: pick 0 500, load 515, drive 530, back 545; 565, 580, 595.

    From day 1 on two: both pick (500) and load (515), one drives 0 (530), back 545; the other, free longest, drives 1.
    """
    more = staff(1, by_day=[{"from_day": 1, "headcount": 2}])
    found = simulate(plan(2, more), pick(20), load(15), drive(), release={"kind": "allot", "every_days": 1})
    assert [ends(found, step, 0) for step in ("pick", "load", "drive")] == [[500, 565], [515, 580], [530, 595]]
    for day in (1, 2):
        of_day = [[clock(day, minute) for minute in both] for both in ((500, 500), (515, 515), (530, 560))]
        assert [ends(found, step, day) for step in ("pick", "load", "drive")] == of_day
    assert on_days(found, "staff", "planned") == [1, *[2] * 6]


def test_one_more_person_at_one_place() -> None:
    """One person at `site`, two at `north`; two orders and one van at each: as on day 0 and day 1 above."""
    people = {**staff(), "headcount": {"default": 1, "north": 2}}
    both = world(two_depots(2, 2), {"staff": people}, {"vans": fleet(1, drivers="staff")})
    found = simulate(both, pick(20), load(15), drive())
    assert minutes(found, "pick", "load", "drive") == (
        [500, 565, 500, 500],
        [515, 580, 515, 515],
        [530, 595, 530, 560],
    )


def test_vehicles_of_a_crew_stand_on_days_without_any() -> None:
    """No van on day 0: picked 500, loaded 515, driven at 1440 + 480."""
    vans = fleet(0, drivers="staff", by_day=[{"from_day": 1, "count": 1}])
    found = simulate(plan(1, staff(1), vans), pick(20), load(15), drive())
    assert minutes(found, "pick", "load", "drive") == ([500], [515], [clock(1, 495)])


def test_the_vehicle_may_be_there_at_other_hours_than_its_drivers() -> None:
    """The vans of a night are there 22:00-02:00, their people 18:00-23:00: loads wait for 1320; the third for day 1.

    1080-1100 both pick 0 and 1, 1115 loaded; A picks 2 1115-1135 and loads it (1150). 1320 B, free since 1115, drives
    0: 1335, back 1350; 1350 A drives 1: 1365, back 1380 = 23:00, so 2 waits for 2760: 2775.
    """
    vans = fleet(1, "depot", shift("22:00", "02:00"), drivers="staff")
    found = simulate(
        plan(3, staff(2, shift("18:00", "23:00")), vans),
        pick(20),
        load(15),
        drive(),
        release={"kind": "allot", "at": "18:00"},
    )
    assert minutes(found, "pick", "load", "drive") == ([1100, 1100, 1135], [1115, 1115, 1150], [1335, 1365, 2775])


def test_a_vehicle_of_a_crew_is_not_in_two_duties_at_once_and_needs_no_rest_by_law() -> None:
    """Vans 22:00-06:00, on day 1 from 05:00 on: wrong; from 07:00 on: right, though 1 h of rest is less than 11 h."""

    def loaded(start: str) -> None:
        hours = [shift(start, "10:00")]
        vans = fleet(1, "depot", shift("22:00", "06:00"), drivers="staff", by_day=[{"from_day": 1, "shifts": hours}])
        both = plan(1, staff(1), vans)
        both["staffing"]["min_rest_hours"] = 11
        ss.load_scenario(both)

    loaded("07:00")
    with pytest.raises(ss.InputError) as caught:
        loaded("05:00")
    assert [problem.key for problem in caught.value.problems] == ["fleet.vans.by_day"]
