"""Who is on duty when, worked out on paper: passes, beds, tests, infections, arrivals, learning, filling in.

An order is a unit of 60 min (unless said otherwise) that one of the packers at the only depot works on; nothing else
happens. Packers are there 08:00-18:00 (minutes 480-1080) and pause at the end.
"""

from __future__ import annotations

from typing import Any

import pytest

import simsupply as ss
from tests.plans.both_engines import exact, on_days
from tests.plans.paper_plans import Plain, channel, clock, crew, ends, listed, shift, simulate, stage, strategy, world


def packers(headcount: int = 1, *shifts: Plain, **more: Any) -> Plain:
    return crew(headcount, "depot", *shifts, **{"at_shift_end": "pause", **more})


def packed(
    orders: int,
    crews: dict[str, Plain],
    minutes: float = 60,
    attendance: Any = 1,
    shocks: Plain | None = None,
    **staffing: Any,
) -> ss.Result:
    """Pack so many orders of day 0; the crews other than the packers have nothing to do."""
    plan = world([orders], crews, attendance=attendance)
    plan["staffing"] |= staffing
    if shocks:
        plan["shocks"] = shocks
    return simulate(plan, stage("packed", "packers", effort={"per_order_min": minutes}))


def staff(result: ss.Result, measure: str, name: str = "packers", days: int = 7) -> list[int]:
    """One number a day."""
    table = result.staff
    rows = table[(table["crew"] == name) & (table["measure"] == measure)]
    return [int(value) for value in rows.sort_values("day")["value"]][:days]


# --- the way to work ------------------------------------------------------------------------------


def test_nobody_with_a_recognised_pass_is_turned_back() -> None:
    """Probability 1: as without checkpoints, 480 + 60 and 540 + 60."""
    commute = {"checkpoints": 3, "recognised": 1.0}
    result = packed(2, {"packers": packers()}, commute=commute)
    assert ends(result, "packed") == [540, 600]
    assert staff(result, "turned_back") == [0] * 7


def test_everybody_without_a_recognised_pass_is_turned_back() -> None:
    """Probability 0: nothing is ever packed."""
    result = packed(2, {"packers": packers(3)}, commute={"recognised": 0.0})
    assert all(end != end for end in ends(result, "packed"))
    assert staff(result, "turned_back") == [3] * 7
    assert staff(result, "present") == [0] * 7


def test_two_checkpoints_delay_by_45_minutes_each() -> None:
    """Work starts at 480 + 90 = 570."""
    commute = {"checkpoints": 2, "recognised": 0.0, "otherwise": "delayed", "delay_min": 45}
    assert ends(packed(2, {"packers": packers()}, commute=commute), "packed") == [630, 690]


def test_a_delay_as_long_as_the_shift_is_a_day_lost() -> None:
    commute = {"recognised": 0.0, "otherwise": "delayed", "delay_min": 600}
    assert staff(packed(1, {"packers": packers()}, commute=commute), "turned_back") == [1] * 7


def test_volunteers_live_nearby() -> None:
    """The scenario's checkpoints are for workers and drivers; a crew's own are for it."""
    commute = {"recognised": 0.0}
    result = packed(1, {"packers": packers(people="volunteer")}, commute=commute)
    assert ends(result, "packed") == [540]
    own = packed(1, {"packers": packers(people="volunteer", commute=commute)})
    assert staff(own, "present") == [0] * 7


def test_a_district_may_recognise_no_pass() -> None:
    """The only district is the whole area; a tier's level holds where it is lower."""
    for recognised in (
        {"default": 1.0, "districts": {"Whole area": 0.0}},
        {"default": 1.0, "tiers": {"sealed": 0.0}},
        {"default": 0.0},
    ):
        assert staff(packed(1, {"packers": packers()}, commute={"recognised": recognised}), "present") == [0] * 7
    open_to_all = {"default": 0.0, "districts": {"Whole area": 1.0}, "tiers": {"controlled": 0.0}}
    assert staff(packed(1, {"packers": packers()}, commute={"recognised": open_to_all}), "present") == [1] * 7


# --- attendance by day ------------------------------------------------------------------------------


def test_attendance_that_recovers() -> None:
    """Nobody up to day 1, everybody from day 3 on: 2 x 1440 + ... the first order on day 3 at the latest.

    Linear between: on day 2 each comes with 1/2. One person: the uniform of day 2 settles it.
    """
    series = {"levels": [{"day": 1, "share": 0.0}, {"day": 3, "share": 1.0}]}
    result = packed(1, {"packers": packers()}, attendance=series)
    present = staff(result, "present")
    assert present[:2] == [0, 0]
    assert present[3:] == [1, 1, 1, 1]
    first = present.index(1)
    assert ends(result, "packed") == [clock(first, 540)]


def test_attendance_series_has_the_right_means() -> None:
    """4000 people, 0.18 on day 0 and 0.43 on day 7: binomial, standard deviation 0.008 at most."""
    series = {"levels": [{"day": 0, "share": 0.18}, {"day": 7, "share": 0.43}]}
    present = staff(packed(1, {"packers": packers(4000)}, attendance=series), "present")
    for day, count in enumerate(present):
        assert count / 4000 == pytest.approx(0.18 + 0.25 * day / 7, abs=4 * 0.008)


def test_a_sweep_takes_the_place_of_the_series() -> None:
    plan = world(
        [1], {"packers": packers()}, attendance={"levels": [{"day": 0, "share": 0.0}, {"day": 7, "share": 0.7}]}
    )
    scenario = ss.load_scenario(plan)
    assert scenario.mean_attendance == pytest.approx(0.3)
    assert scenario.with_attendance(1.0).mean_attendance == 1
    decided = ss.load_strategy(strategy(channel("only", stage("packed", "packers", effort={"per_order_min": 1}))))
    whole = ss.compare(scenario, [decided], replications=1)
    swept = ss.compare(scenario, [decided], attendance=[1.0], replications=1)
    assert whole.cases[0].attendance == pytest.approx(0.3)
    assert whole.cases[0].result.staff.query("measure == 'present'")["value"].tolist()[0] == 0
    assert swept.cases[0].result.staff.query("measure == 'present'")["value"].tolist() == [1] * 7


# --- closed loop ------------------------------------------------------------------------------------


def test_who_lives_on_site_always_comes() -> None:
    """Nobody else would: attendance 0, and no pass is recognised."""
    result = packed(
        2,
        {"packers": packers()},
        attendance=0,
        commute={"recognised": 0.0},
        closed_loop={"depot": {"beds": 1}},
    )
    assert ends(result, "packed") == [540, 600]


def test_beds_limit_who_is_there() -> None:
    """Three beds for clerks first (2), then packers (4): one packer. In proportion, 1 and 2.

    Webster's ranks: clerks (0.5, 1.5) / 2 = 0.25, 0.75; packers (0.5, 1.5, 2.5, 3.5) / 4 = 0.125, 0.375, 0.625, 0.875.
    The lowest three are packers' 0.125, clerks' 0.25, packers' 0.375.
    """
    crews = {"clerks": packers(2), "packers": packers(4)}
    loop = {"beds": 3, "crews": ["clerks", "packers"], "limit": True}
    result = packed(2, crews, closed_loop={"depot": loop})
    assert ends(result, "packed") == [540, 600]
    assert staff(result, "no_bed") == [3] * 7
    shared = packed(2, crews, closed_loop={"depot": loop | {"share": "in_proportion"}})
    assert ends(shared, "packed") == [540, 540]
    assert staff(shared, "present") == [2] * 7


# --- tests and disinfection ----------------------------------------------------------------------


def test_minutes_of_tests() -> None:
    """Two antigen tests of 15 min, at the start and the end, and a PCR test of 20 min in the middle.

    On duty 495-780, 800-1065. The first order takes 495-555, ...; the fifth 735-780 and 800-815; 4 x 60 more in
    815-1055; 10 minutes of the tenth, and 50 on the next day from 1440 + 495 on. Paid are 10 hours a day.
    """
    tests = {"antigen_per_day": 2, "antigen_min": 15, "pcr_per_day": 1, "pcr_min": 20}
    result = packed(10, {"packers": packers()}, tests=tests)
    expected = [555.0, 615, 675, 735, 815, 875, 935, 995, 1055, clock(1, 545)]
    assert ends(result, "packed") == expected
    assert result.values["worker_hours"].item() == pytest.approx(7 * 10)


def test_groups_are_tested_in_turn() -> None:
    """The first of two begins at 495, the second (tested 495-510) works 480-495 as well."""
    tests = {"antigen_per_day": 1, "antigen_min": 15, "groups": 2}
    result = packed(2, {"packers": packers(2)}, tests=tests)
    # The second person takes the first order at 480: 15 min, then 45 from 510 on.
    assert ends(result, "packed") == [555, 555]


def test_disinfection_every_two_hours() -> None:
    """10 min at 600, 720, 840, 960: the second order takes 540-600, the third 610-670, ..., 670-720 + 730-740."""
    result = packed(5, {"packers": packers()}, disinfection={"every_hours": 2, "minutes": 10})
    assert ends(result, "packed") == [540, 600, 670, 740, 800]


def test_disinfection_in_a_break_comes_after_it() -> None:
    """Break 12:00-13:00, disinfection at 12:00: 13:00-13:10. Orders of 240 min: 480-600, 610-720, 790-800."""
    team = packers(1, shift("08:00", "18:00", ("12:00", "13:00")))
    result = packed(1, {"packers": team}, minutes=240, disinfection={"every_hours": 2, "minutes": 10})
    assert ends(result, "packed") == [800]


# --- infections ---------------------------------------------------------------------------------


CASE = {
    "found_after_days": 1,
    "isolation_days": 3,
    "cases": [{"crew": "packers", "day": 0}],
}


def test_a_positive_case_stays_away() -> None:
    """Infected on day 0, found on the morning of day 1, back on day 4: 700 min are 600 on day 0 and 100 on day 4."""
    result = packed(1, {"packers": packers()}, minutes=700, infections=CASE)
    assert ends(result, "packed") == [clock(4, 580)]
    assert staff(result, "infected") == [0, 1, 1, 1, 0, 0, 0]


def test_the_crew_that_shared_the_shift_is_quarantined() -> None:
    """Three share the shift of day 0: one is away on days 1-3, the others on days 1-2. Another shift works on."""
    crews = {"packers": packers(3, shift("08:00", "12:00"), shift("13:00", "17:00"))}
    result = packed(1, crews, infections={**CASE, "quarantine_days": 2})
    assert staff(result, "infected") == [0, 1, 1, 1, 0, 0, 0]
    assert staff(result, "quarantined") == [0, 2, 2, 0, 0, 0, 0]
    assert staff(result, "present") == [6, 3, 3, 5, 6, 6, 6]


def test_who_did_not_share_the_shift_is_not_quarantined() -> None:
    """Nobody came on day 0: the case was infected at home."""
    series = {"levels": [{"day": 0, "share": 0.0}, {"day": 1, "share": 1.0}]}
    result = packed(1, {"packers": packers(3)}, attendance=series, infections={**CASE, "quarantine_days": 2})
    assert staff(result, "present") == [0, 2, 2, 2, 3, 3, 3]


def test_cases_close_the_place_and_it_reopens() -> None:
    """Two of three cases found on day 1 close the depot for days 1 and 2; cases are away for a day only.

    4 orders of 600 min: 3 on day 0; work of the fourth begins on day 3 at 480.
    """
    rule = CASE | {
        "isolation_days": 1,
        "cases": [{"crew": "packers", "day": 0, "number": 2}],
        "close_at": 2,
        "closure_days": 2,
    }
    result = packed(4, {"packers": packers(3), "clerks": packers(1)}, minutes=600, infections=rule)
    assert ends(result, "packed") == [1080, 1080, 1080, clock(3, 1080)]
    assert staff(result, "infected") == [0, 2, 0, 0, 0, 0, 0]
    assert staff(result, "closed") == [0, 1, 3, 0, 0, 0, 0]


def test_one_case_fewer_closes_nothing() -> None:
    rule = CASE | {"close_at": 2, "closure_days": 2}
    assert staff(packed(1, {"packers": packers(3)}, infections=rule), "closed") == [0] * 7


def test_contacts_infect_with_certainty() -> None:
    """The case of day 0 is infectious from day 1 on, found on day 2: on day 1 it infects the other, found on day 3."""
    rule = {**CASE, "found_after_days": 2, "per_contact": 1.0}
    result = packed(1, {"packers": packers(2)}, infections=rule)
    assert staff(result, "infected") == [0, 0, 1, 2, 2, 1, 0]


def test_rooms_apart_keep_infections_apart() -> None:
    """Two shifts never meet, but at night in a shared room; beds go by number, so the two of number 0 share."""
    crews = {"packers": packers(1, shift("08:00", "12:00"), shift("13:00", "17:00"))}
    rule = {**CASE, "found_after_days": 2, "per_roommate": 1.0}
    shared = packed(1, crews, infections=rule, closed_loop={"depot": {"beds": 2, "beds_per_room": 2}})
    assert staff(shared, "infected") == [0, 0, 1, 2, 2, 1, 0]
    apart = packed(1, crews, infections=rule, closed_loop={"depot": {"beds": 2}})
    assert staff(apart, "infected") == [0, 0, 1, 1, 1, 0, 0]


def test_a_closed_loop_knows_no_risk_outside() -> None:
    rule = {"outside_per_day": 1.0, "found_after_days": 1, "isolation_days": 7}
    assert staff(packed(1, {"packers": packers(2)}, infections=rule), "infected") == [0] + [2] * 6
    on_site = packed(1, {"packers": packers(2)}, infections=rule, closed_loop={"depot": {"beds": 2}})
    assert staff(on_site, "infected") == [0] * 7


# --- arrivals and learning --------------------------------------------------------------------------


def test_people_arrive_day_by_day() -> None:
    """One from the start, two a day from day 2 on, six in the end."""
    arrivals = {"from_day": 2, "per_day": 2, "up_to": 6}
    result = packed(1, {"packers": packers(1, arrivals=arrivals)})
    assert staff(result, "planned") == [1, 1, 3, 5, 6, 6, 6]
    slowly = packed(1, {"packers": packers(1, arrivals={"from_day": 1, "over_days": 4, "up_to": 3})})
    assert staff(slowly, "planned") == [1, 2, 2, 3, 3, 3, 3]


def test_learning_shortens_what_is_begun() -> None:
    """Speed 0.5 on day 0, 0.75 on day 1, 1 from day 2 on: 60 min take 120, 80, 60.

    Five orders fill day 0 (480-1080); on day 1 they end at 560, 640, ..., the 7th ends at 1040; 40 min of the next
    remain on day 1: begun at speed 0.75 it takes 80 min, 40 of them on day 2. Then 60 each.
    """
    team = packers(1, productivity={"start": 0.5, "end": 1.0, "over_days": 2})
    result = packed(15, {"packers": team})
    first = [600.0, 720, 840, 960, 1080]
    second = [clock(1, 560 + 80 * number) for number in range(7)]
    assert ends(result, "packed") == [*first, *second, clock(2, 520), clock(2, 580), clock(2, 640)]


def test_work_handed_over_keeps_its_minutes() -> None:
    """Begun at half speed at 480: 120 min, 60 of them before the shift ends; the others take 60 in the next shift."""
    team = packers(
        1,
        shift("08:00", "09:00"),
        shift("09:00", "18:00"),
        at_shift_end="hand_over",
        productivity={"start": 0.5, "end": 1.0, "over_days": 1},
    )
    assert ends(packed(1, {"packers": team}), "packed") == [600]


def test_what_fits_depends_on_speed() -> None:
    """400 min of work take 800 at half speed, which fits no shift of 600; on day 1 they take 400."""
    team = packers(1, at_shift_end="fit", productivity={"start": 0.5, "end": 1.0, "over_days": 1})
    assert ends(packed(1, {"packers": team}, minutes=400), "packed") == [clock(1, 880)]


def test_volunteers_learn_from_their_own_first_day() -> None:
    """One regular packs an order an hour. On day 1 a volunteer comes at half speed: 120 min for an order.

    Ten orders on day 0. On day 1 at 480 both begin: regular 540, volunteer 600, regular 600, 660, ...
    """
    arrivals = {
        "from_day": 1,
        "per_day": 1,
        "up_to": 2,
        "productivity": {"start": 0.5, "end": 1.0, "over_days": 5},
    }
    result = packed(14, {"packers": packers(1, arrivals=arrivals)})
    assert ends(result, "packed")[10:] == [clock(1, 540), clock(1, 600), clock(1, 600), clock(1, 660)]


# --- people who fill in -------------------------------------------------------------------------


def test_others_fill_in_down_to_their_floor() -> None:
    """No packer comes; of four clerks two must stay, two may fill in: 80 % of 4 packers are wanted, rounded up 4.

    They work at half speed: orders at 600, 600, 720.
    """
    rule = {"from": "clerks", "when_below": 0.8, "up_to": 3, "floor": 0.5, "productivity": 0.5}
    crews = {"packers": packers(4, attendance=0.0, reassign=rule), "clerks": packers(4)}
    result = packed(3, crews)
    assert ends(result, "packed") == [600, 600, 720]
    assert staff(result, "filled_in") == [2] * 7
    assert staff(result, "lent", "clerks") == [2] * 7
    assert staff(result, "present", "clerks") == [2] * 7


@pytest.mark.parametrize(("floor", "stay"), [({}, 0), ({"floor": 0.0}, 0), ({"floor": 0.1}, 1), ({"floor": 0.5}, 1)])
def test_without_a_floor_a_whole_crew_may_go(floor: Plain, stay: int) -> None:
    """No packer of three comes, both clerks may go: without a floor nobody stays, else a share of two, rounded up."""
    rule = {"from": "clerks", "when_below": 1.0, "up_to": 3, **floor}
    result = packed(1, {"packers": packers(3, attendance=0.0, reassign=rule), "clerks": packers(2)})
    assert staff(result, "filled_in") == [2 - stay] * 7
    assert staff(result, "present", "clerks") == [stay] * 7


def test_a_share_of_people_is_rounded_up_but_not_for_rounding() -> None:
    """Seven of a hundred are 7 %, of a hundred and one they are less: 8 stay."""
    lost = {"ill": {"kind": "staff", "crews": ["packers"], "capacity": 0.07, "from_day": 0, "to_day": 1}}
    assert staff(packed(1, {"packers": packers(100)}, shocks=lost), "shock")[0] == 93
    assert staff(packed(1, {"packers": packers(101)}, shocks=lost), "shock")[0] == 93


def test_nobody_fills_in_where_enough_are_there() -> None:
    rule = {"from": "clerks", "when_below": 0.5, "up_to": 3}
    result = packed(1, {"packers": packers(2, reassign=rule), "clerks": packers(4)})
    assert staff(result, "filled_in") == [0] * 7


def test_who_fills_in_hands_over_what_would_pause() -> None:
    """700 min, begun by a clerk on day 0: 600 then, 100 on day 1 by whoever is there."""
    rule = {"from": "clerks", "when_below": 1.0, "up_to": 1}
    crews = {"packers": packers(1, attendance=0.0, reassign=rule), "clerks": packers(1)}
    assert ends(packed(1, crews, minutes=700), "packed") == [clock(1, 580)]


def test_a_shock_takes_who_fills_in_too() -> None:
    """Clerks are lost on day 0: nobody packs; on day 1 they fill in."""
    rule = {"from": "clerks", "when_below": 1.0, "up_to": 1}
    crews = {"packers": packers(1, attendance=0.0, reassign=rule), "clerks": packers(1)}
    lost = {"lost": {"kind": "staff", "crews": ["clerks"], "from_day": 0, "to_day": 1}}
    assert ends(packed(1, crews, shocks=lost), "packed") == [clock(1, 540)]


def test_a_shock_is_a_reason_not_to_be_there() -> None:
    closed = {"shut": {"kind": "place", "at": "depot", "from_day": 1, "to_day": 3}}
    assert staff(packed(1, {"packers": packers(2)}, shocks=closed), "shock") == [0, 2, 2, 0, 0, 0, 0]


def test_places_have_people_of_their_own() -> None:
    """Beds, passes and people who fill in are counted place by place: two depots, a bed at each."""
    geography = listed([1, 1])
    geography["depots"] = [{"name": "site", "docks": 1}, {"name": "other", "docks": 1}]
    for place, depot in zip(geography["drop_points"], ("site", "other"), strict=True):
        place["depot"] = depot
    plan = world(geography, {"packers": packers(2)})
    plan["staffing"]["closed_loop"] = {"depot": {"beds": 1, "limit": True}}
    result = simulate(plan, stage("packed", "packers", effort={"per_order_min": 60}))
    assert ends(result, "packed") == [540, 540]
    assert staff(result, "present") == [2] * 7


def test_a_night_in_two_shifts_is_two_duties_of_two_people() -> None:
    """22:00-24:00 and 00:00-06:00, headcount 1, five orders of 90 min at 22:00 of day 0 = 1320; who begins finishes.

    The first person: 1320-1410 and 1410-1500, 60 min of it after midnight. From 1440 on the second one works beside
    her: 1440-1530, 1530-1620, 1620-1710. So 450 min of work are done by 1710, and two people are planned each day.
    """
    night = crew(1, "depot", shift("22:00", "24:00"), shift("00:00", "06:00"))
    plan = world([5], {"packers": night, "walkers": crew(1)})
    work = stage("pack", "packers", discipline="fifo", effort={"per_order_min": 90})
    result = exact(plan, strategy(channel("only", work, release={"kind": "allot", "at": "22:00"})))
    assert ends(result, "pack") == [1410, 1500, 1530, 1620, 1710]
    assert on_days(result, "packers", "planned") == [2] * 7
    assert [note for note in result.notes if "midnight" in note] == [
        "crew 'packers': the shifts 22:00-24:00 and 00:00-06:00 meet at midnight and are two duties, each with "
        "people of its own; each of them is planned with the full number"
    ]
    whole = world([5], {"packers": crew(1, "depot", shift("00:00", "24:00"))})
    result = exact(whole, strategy(channel("only", work, release={"kind": "allot", "at": "22:00"})))
    assert not [note for note in result.notes if "midnight" in note]
