"""A duty over midnight is one duty of the same people, worked out on paper: minutes, attendance, law, shocks.

Unless said otherwise one packer works 22:00-06:00 (minutes 1320-1800 of the day on which the duty begins), orders take
90 min each, and all are there at 22:00 of day 0.
"""

from __future__ import annotations

from typing import Any

import pytest

import simsupply as ss
from simsupply.base.problems import InputError
from tests.plans.both_engines import exact, on_days
from tests.plans.paper_plans import Plain, channel, clock, crew, ends, fleet, leg, shift, stage, strategy, world

NIGHT = shift("22:00", "06:00")
PACK = stage("pack", "packers", discipline="fifo", effort={"per_order_min": 90})


def packed(
    orders: int, team: Plain, *others: Plain, release: Plain | None = None, work: Plain = PACK, **more: Any
) -> ss.Result:
    """Pack so many orders, released at 22:00 of day 0, under both engines; `more` are keys of `staffing`."""
    shocks = more.pop("shocks", None)
    names = ("packers", "clerks", "drivers")
    plan = world([orders], dict(zip(names, (team, *others), strict=False)))
    plan["staffing"] |= more
    if shocks:
        plan["shocks"] = shocks
    return exact(plan, strategy(channel("only", work, release=release or {"kind": "allot", "at": "22:00"})))


@pytest.mark.parametrize("rule", ["finish", "pause", "hand_over", "fit"])
def test_a_night_is_one_duty_of_one_person(rule: str) -> None:
    """1320 + 90 = 1410, 1500, 1590, 1680, 1770: done by 06:00 = 1800, whatever happens at the end of a shift."""
    result = packed(5, crew(1, "depot", NIGHT, at_shift_end=rule))
    assert ends(result, "pack") == [1410, 1500, 1590, 1680, 1770]
    assert on_days(result, "packers", "planned") == [1] * 7
    assert on_days(result, "packers", "present") == [1] * 7
    # Seven nights of 8 h begin before the horizon; the last is counted up to its midnight.
    assert result.values["worker_hours"].item() == pytest.approx(6 * 8 + 2)


@pytest.mark.parametrize(
    ("rule", "minutes"),
    [
        ("finish", [1520, 1720, 1920]),
        ("pause", [1520, 1720, clock(1, 1320 + 120)]),
        ("hand_over", [1520, 1720, clock(1, 1320 + 120)]),
        ("fit", [1520, 1720, clock(1, 1320 + 200)]),
    ],
)
def test_what_is_in_hand_at_six_in_the_morning(rule: str, minutes: list[float]) -> None:
    """Orders of 200 min: the third begins at 1720 and has 80 min until 1800; 120 are left, in overtime or at 22:00."""
    work = stage("pack", "packers", discipline="fifo", effort={"per_order_min": 200})
    assert ends(packed(3, crew(1, "depot", NIGHT, at_shift_end=rule), work=work), "pack") == minutes


def test_breaks_on_both_sides_of_midnight() -> None:
    """Breaks 23:30-00:15 (1410-1455), 02:00-02:30 (1560-1590), pause: 1320-1410; 1455-1545; 15 min, 75 from 1590."""
    team = crew(1, "depot", shift("22:00", "06:00", ("23:30", "00:15"), ("02:00", "02:30")), at_shift_end="pause")
    assert ends(packed(3, team), "pack") == [1410, 1545, 1665]


def test_no_duty_begins_on_the_evening_before_day_0() -> None:
    """An order of 00:00 of day 0 waits for 22:00, and the notes say why; what is planned off duty is ordered."""
    result = packed(1, crew(1, "depot", NIGHT), release={"kind": "allot", "at": "00:00"})
    assert ends(result, "pack") == [1410]
    assert [note for note in result.notes if "next day" in note] == [
        "crew 'packers': the shift 22:00-06:00 ends the next day; nobody of it is there on the morning of day 0, "
        "as no duty begins on the evening before"
    ]
    waits = result.tables["waits"]
    people = waits[(waits["cause"] == "people") & (waits["step"] == "pack")]
    assert people["wait_h"].tolist() == [22.0]
    assert people["ordered_h"].tolist() == [22.0]


def test_the_last_night_goes_on_when_the_horizon_is_over() -> None:
    """An order of 180 min of the last day, begun at 22:00, is done at 01:00 of the first day after the horizon.

    The horizon is 2 days: hours on duty are 8 of the first night and 2 of the second.
    """
    work = stage("pack", "packers", discipline="fifo", effort={"per_order_min": 180})
    release = {"kind": "allot", "at": "22:00", "every_days": 1}
    plan = world([1], {"packers": crew(1, "depot", NIGHT)}, horizon_days=2, run_out_days=1)
    result = exact(plan, strategy(channel("only", work, release=release)))
    assert ends(result, "pack") == [1500, clock(1, 1500)]
    assert result.values["worker_hours"].item() == pytest.approx(10)


@pytest.mark.parametrize("span", [("22:00", "22:00"), ("00:00", "24:00"), ("00:00", "00:00")])
@pytest.mark.parametrize("rule", ["pause", "fit"])
def test_around_the_clock_goes_on_from_duty_to_duty(span: tuple[str, str], rule: str) -> None:
    """One order of 26 h from 22:00 of day 0: 1320 + 1560, without a stop."""
    work = stage("pack", "packers", discipline="fifo", effort={"per_order_min": 1560})
    assert ends(packed(1, crew(1, "depot", shift(*span), at_shift_end=rule), work=work), "pack") == [2880]


def test_attendance_is_drawn_once_for_a_duty() -> None:
    """Whoever comes at 22:00 is there until 06:00: in each night the orders of a person are done, or none is.

    Two orders of 240 min a night for each of 40 people; attendance 0.5. On each evening as many orders as twice those
    present are done by 06:00, all of them at 02:00 or 06:00.
    """
    work = stage("pack", "packers", discipline="fifo", effort={"per_order_min": 240})
    plan = world([80], {"packers": crew(40, "depot", NIGHT)}, attendance=0.5)
    release = {"kind": "allot", "at": "22:00"}
    result = exact(plan, strategy(channel("only", work, release=release)))
    present = on_days(result, "packers", "present")
    assert 0 < present[0] < 40
    done = ends(result, "pack")
    assert done[: 2 * present[0]] == [1560.0] * present[0] + [1800.0] * present[0]
    assert done[2 * present[0]] >= clock(1, 1560)


def test_a_case_found_in_the_morning_is_away_from_the_evening() -> None:
    """Infected on day 0, found on the morning of day 1: the duty that began on day 0 goes on to 06:00 of day 1."""
    rule = {"found_after_days": 1, "isolation_days": 2, "cases": [{"crew": "packers", "day": 0}]}
    result = packed(6, crew(1, "depot", NIGHT), infections=rule)
    # Five by 1770, the sixth begins at 1770 and is finished in overtime.
    assert ends(result, "pack") == [1410, 1500, 1590, 1680, 1770, 1860]
    assert on_days(result, "packers", "infected") == [0, 1, 1, 0, 0, 0, 0]


def test_a_place_closed_for_cases_sends_the_night_home_at_midnight() -> None:
    """Closed on day 1 from its midnight on: 120 min of an order of 200 on day 0, the rest from 00:00 of day 2 on.

    The duty that begins on day 1 at 22:00 is sent home until midnight, and then comes: the second person, who has
    no case, is present on day 1 too.
    """
    rule = {
        "found_after_days": 1,
        "isolation_days": 1,
        "cases": [{"crew": "packers", "day": 0}],
        "close_at": 1,
        "closure_days": 1,
    }
    work = stage("pack", "packers", discipline="fifo", effort={"per_order_min": 200})
    result = packed(2, crew(2, "depot", NIGHT, at_shift_end="pause"), work=work, infections=rule)
    # The case (number 0) is away on day 1 and back on the evening of day 2; the other one is back at midnight.
    assert ends(result, "pack") == [clock(2, 1320 + 80), clock(2, 80)]
    assert on_days(result, "packers", "present") == [2, 1, 2, 2, 2, 2, 2]
    assert on_days(result, "packers", "closed") == [0] * 7


def test_a_shock_after_midnight_strikes_the_duty_of_the_evening_before() -> None:
    """Nobody 00:30-02:00 of day 1 (1470-1560): the order begun at 1410 has 60 min done, and 30 more from 1560 on."""
    lost = {"lost": {"kind": "staff", "crews": ["packers"], "from_day": 1, "from_time": "00:30", "to_day": 1}}
    lost["lost"]["to_time"] = "02:00"
    result = packed(2, crew(1, "depot", NIGHT, at_shift_end="pause"), shocks=lost)
    assert ends(result, "pack") == [1410, 1590]
    assert on_days(result, "packers", "shock") == [0] * 7


def test_who_is_lost_for_a_whole_duty_is_counted_on_its_day() -> None:
    """From 22:00 of day 1 to 06:00 of day 2: the duty of day 1, though the shock lasts into day 2."""
    lost = {"lost": {"kind": "staff", "crews": ["packers"], "from_day": 1, "from_time": "22:00", "to_day": 2}}
    lost["lost"]["to_time"] = "06:00"
    assert on_days(packed(1, crew(1, "depot", NIGHT), shocks=lost), "packers", "shock") == [0, 1, 0, 0, 0, 0, 0]


def test_tests_and_disinfection_go_by_the_shift() -> None:
    """Tests of 10 min at 22:00 and at 05:50, disinfection of 20 min at 01:00 (every 3 h) and 04:00.

    On duty 1330-1500, 1520-1680, 1700-1790. Pause: 90 min from 1330, 80 + 10 from 1420, then 1530-1620, and 60 + 30.
    """
    tests = {"antigen_per_day": 2, "antigen_min": 10}
    disinfection = {"every_hours": 3, "minutes": 20}
    team = crew(1, "depot", NIGHT, at_shift_end="pause")
    result = packed(4, team, tests=tests, disinfection=disinfection)
    assert ends(result, "pack") == [1420, 1530, 1620, 1730]
    # Paid are whole shifts, the last up to the horizon's midnight: 6 x 8 h + 2 h.
    assert result.values["worker_hours"].item() == pytest.approx(50)


def test_people_learn_by_the_day_on_which_a_duty_begins() -> None:
    """Half speed on day 0, also after its midnight: orders of 90 min take 180, the second until 1680.

    The third, begun at 1680 at half speed, has 120 of its 180 min done at 1800 and pauses; 60 more at 22:00 of day 1
    (an order keeps the speed at which it was begun). The fourth takes 90.
    """
    team = crew(1, "depot", NIGHT, at_shift_end="pause", productivity={"start": 0.5, "end": 1.0, "over_days": 1})
    assert ends(packed(4, team), "pack") == [1500, 1680, clock(1, 1380), clock(1, 1470)]


def test_people_of_an_evening_shift_fill_in_at_night() -> None:
    """No packer comes. The clerk of 18:00-02:00 works the packers' night instead of the own shift."""
    rule = {"from": "clerks", "when_below": 1.0, "up_to": 1}
    clerk = crew(1, "depot", shift("18:00", "02:00"))
    result = packed(5, crew(1, "depot", NIGHT, attendance=0.0, reassign=rule), clerk)
    assert ends(result, "pack") == [1410, 1500, 1590, 1680, 1770]
    assert on_days(result, "packers", "filled_in") == [1] * 7
    assert on_days(result, "clerks", "lent") == [1] * 7


def test_nobody_fills_in_whose_own_next_shift_would_have_begun() -> None:
    """The night ends at 06:00; whose own shift is 04:00-23:00 would be on duty twice from 04:00 on."""
    rule = {"from": "clerks", "when_below": 1.0, "up_to": 1}
    with pytest.raises(InputError, match="end before the next day's of the other begin") as caught:
        packed(1, crew(1, "depot", NIGHT, reassign=rule), crew(1, "depot", shift("04:00", "23:00")))
    assert [problem.key for problem in caught.value.problems] == ["staffing.crews.packers.reassign.from"]


def test_a_vehicle_drives_through_midnight_except_in_the_curfew() -> None:
    """Vans on duty 22:00-06:00, 15 min each way, one order a trip; a curfew from 23:00 to 01:00 (1380-1500).

    Trips begin at 1320, 1350 and then at 1500: deliveries at 1335, 1365, 1515.
    """
    van = fleet(1, "depot", NIGHT, payload_parcels=1, curfew={"from": "23:00", "to": "01:00"})
    plan = world([3], {"packers": crew(1, "depot")}, {"vans": van})
    steps = leg("go", "vans", discipline="fifo", load={}, unload={})
    result = exact(plan, strategy(channel("only", steps, release={"kind": "allot", "at": "22:00"})))
    assert ends(result, "go") == [1335, 1365, 1515]


def test_no_night_goes_on_into_the_first_day_of_a_requisition() -> None:
    """Called up on day 0, there from day 1 on: the first duty begins at 22:00 of day 1, not at its midnight."""
    called = {"asked_day": 0, "lead_days": 1}
    van = fleet(1, "depot", NIGHT, requisition=called)
    plan = world([1], {"packers": crew(1, "depot")}, {"vans": van})
    steps = leg("go", "vans", discipline="fifo", load={}, unload={})
    result = exact(plan, strategy(channel("only", steps, release={"kind": "allot", "at": "22:00"})))
    assert ends(result, "go") == [clock(1, 1335)]


@pytest.mark.parametrize(
    ("law", "shown"),
    [
        ({"max_shift_hours": 7}, "<= 7 h of work"),
        ({"min_rest_hours": 16.5}, ">= 16.5 h of rest"),
        ({"max_shift_hours": 8, "min_rest_hours": 16}, None),
    ],
)
def test_the_law_holds_across_midnight(law: Plain, shown: str | None) -> None:
    """22:00-06:00 is 8 h of work, and 16 h of rest until 22:00."""
    if shown is None:
        packed(1, crew(1, "depot", NIGHT), **law)
        return
    with pytest.raises(InputError) as caught:
        packed(1, crew(1, "depot", NIGHT), **law)
    assert [shown in str(problem.allowed) for problem in caught.value.problems] == [True]


@pytest.mark.parametrize(
    ("shifts", "shown"),
    [
        ((NIGHT, shift("05:00", "13:00")), "22:00-06:00 and 05:00-13:00 do"),
        ((shift("08:00", "08:00"), shift("20:00", "22:00")), "08:00-08:00 and 20:00-22:00 do"),
        ((shift("22:00", "06:00", ("06:30", "07:00")),), "breaks inside the shift"),
        ((shift("22:00", "06:00", ("21:30", "22:30")),), "breaks inside the shift"),
        ((shift("22:00", "30:00"),), "HH:MM"),
        ((shift("24:00", "06:00"),), "24 hours later at the most"),
    ],
)
def test_shifts_that_are_none(shifts: tuple[Plain, ...], shown: str) -> None:
    with pytest.raises(InputError) as caught:
        packed(1, crew(1, "depot", *shifts))
    assert [shown in str(problem) for problem in caught.value.problems] == [True]


def test_shifts_that_meet_in_the_morning_do_not_overlap() -> None:
    assert on_days(packed(1, crew(1, "depot", NIGHT, shift("06:00", "22:00"))), "packers", "planned") == [2] * 7
