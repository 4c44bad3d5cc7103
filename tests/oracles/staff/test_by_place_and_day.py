"""People, vehicles, docks and shifts that differ by place and by day, worked out on paper.

Unless said otherwise an order is 60 min of a packer, who is there 08:00-18:00 (minutes 480-1080) and pauses at the
end; day 0 is a Monday.
"""

from __future__ import annotations

from typing import Any

import pytest

import simsupply as ss
from simsupply.base.problems import InputError
from simsupply.model.staff.expected import expected_minutes
from simsupply.scenario.people_at_places import said_of_places
from tests.plans.both_engines import exact, on_days
from tests.plans.paper_plans import (
    Plain,
    channel,
    clock,
    crew,
    ends,
    fleet,
    leg,
    listed,
    shift,
    stage,
    strategy,
    world,
)

HALF = shift("08:00", "12:00")


def two_depots(*households: int) -> Plain:
    """Depots `site` and `north`, each with one drop point of so many households."""
    geography = listed(households)
    geography["depots"] = [{"name": "site", "docks": 1}, {"name": "north", "docks": 1}]
    for place, depot in zip(geography["drop_points"], ("site", "north"), strict=True):
        place["depot"] = depot
    return geography


def packers(headcount: Any = 1, *shifts: Plain, **more: Any) -> Plain:
    return {**crew(1, "depot", *shifts, **{"at_shift_end": "pause", **more}), "headcount": headcount}


def packed(
    places: Plain | list[int], team: Plain, *others: Plain, minutes: float = 60, every_days: int = 7, **more: Any
) -> ss.Result:
    """Pack one order a household, under both engines; `more` are keys of `staffing`, and `shocks`."""
    shocks, days = more.pop("shocks", None), more.pop("horizon_days", 7)
    plan = world(places, dict(zip(("packers", "clerks"), (team, *others), strict=False)), horizon_days=days)
    plan["staffing"] |= more
    if shocks:
        plan["shocks"] = shocks
    work = stage("pack", "packers", discipline="fifo", effort={"per_order_min": minutes})
    return exact(plan, strategy(channel("only", work, release={"kind": "allot", "every_days": every_days})))


# --- by place -------------------------------------------------------------------------------------


def test_people_by_place() -> None:
    """One packer at `site`, three at `north`: three orders each are done at 540, 600, 660 and all at 540."""
    result = packed(two_depots(3, 3), packers({"default": 1, "north": 3}))
    assert ends(result, "pack") == [540, 600, 660, 540, 540, 540]
    assert on_days(result, "packers", "planned") == [4] * 7


def test_people_of_a_candidate_are_there_once_it_is_open() -> None:
    """A third depot that might be opened: people may be named for it, and nobody of them is planned."""
    places = two_depots(3, 3)
    places["depots"].append({"name": "east", "candidate": True})
    result = packed(places, packers({"site": 1, "north": 3, "east": 5}))
    assert ends(result, "pack") == [540, 600, 660, 540, 540, 540]
    assert on_days(result, "packers", "planned") == [4] * 7


def test_opening_a_candidate_says_what_it_does_to_people() -> None:
    places = two_depots(3, 3)
    places["depots"].append({"name": "east", "candidate": False})
    scenario = ss.load_scenario(world(places, {"packers": packers({"site": 1, "north": 3, "east": 5})}))
    (said,) = said_of_places(scenario, ["scenario.geography.depots.2.candidate", "scenario.horizon_days"])
    assert said.in_language("en").endswith("there are 3 places now, with on each shift packers 9 (1 to 5 at each)")


def test_a_place_may_have_nobody() -> None:
    """Nobody at `north`: what comes there is never packed. All places named need no default."""
    result = packed(two_depots(1, 1), packers({"site": 1, "north": 0}))
    done = ends(result, "pack")
    assert done[0] == 540
    assert done[1] != done[1]


def test_nobody_at_all_may_be_held_up_on_the_way() -> None:
    """A crew without anybody, whose people would be held up at checkpoints, packs nothing."""
    commute = {"recognised": 0.5, "otherwise": "delayed", "delay_min": 10}
    done = ends(packed([1], packers(0), commute=commute), "pack")
    assert done[0] != done[0]


def test_shifts_by_place() -> None:
    """`north` has two shifts, 06:00-10:00 and 14:00-18:00: an order of 300 min takes 360-600, 60 on day 1 from 06:00.

    `site` works on: 480-780. In each shift one person: three are planned a day.
    """
    early_and_late = [shift("06:00", "10:00"), shift("14:00", "18:00")]
    team = {**packers(1), "shifts": {"default": [shift()], "north": early_and_late}}
    result = packed(two_depots(1, 1), team, minutes=300)
    assert ends(result, "pack") == [780, clock(1, 420)]
    assert on_days(result, "packers", "planned") == [3] * 7


def test_vehicles_by_place() -> None:
    """One van at `site`, two at `north`, one order a trip, 15 min each way: 495 and 525; both at 495. Two docks."""
    places = two_depots(2, 2)
    for depot in places["depots"]:
        depot["docks"] = 2
    van = {**fleet(1, "depot", payload_parcels=1), "count": {"default": 1, "north": 2}}
    plan = world(places, {"packers": crew()}, {"vans": van})
    drive = leg("go", "vans", discipline="fifo", load={}, unload={})
    result = exact(plan, strategy(channel("only", drive)))
    assert ends(result, "go") == [495, 525, 495, 495]
    assert on_days(result, "vans", "planned") == [3] * 7


def test_docks_by_place_where_places_are_not_listed() -> None:
    """Docks at `depot_1` three, one elsewhere; one more of all is one more at each."""
    from simsupply.experiment.relaxing import with_more_docks

    geography = {
        "kind": "spread",
        "radius_km": 3,
        "detour_factor": 1.3,
        "world_seed": 1,
        "households": 10,
        "depots": {"count": 2, "docks": {"default": 1, "depot_1": 3}},
        "drop_points": {"count": 2},
    }
    scenario = ss.load_scenario(world(geography, {"packers": crew()}))
    assert scenario.places.docks["depot"].tolist() == [3, 1]
    more = with_more_docks(scenario, "depot", "docks", 2)
    assert more.places.docks["depot"].tolist() == [5, 3]
    assert more.settings.geography.depots.docks == {"default": 3, "depot_1": 5}


# --- by day ---------------------------------------------------------------------------------------


def test_people_from_a_day_on() -> None:
    """One packer, three from day 2 on. 14 orders at 00:00 of day 0: ten on day 0, four more by 720 of day 1."""
    team = packers(1, by_day=[{"from_day": 2, "headcount": 3}])
    result = packed([33], team)
    assert on_days(result, "packers", "planned") == [1, 1, 3, 3, 3, 3, 3]
    done = ends(result, "pack")
    # Ten a day on days 0 and 1, then three an hour.
    assert done[:20] == [clock(day, 540 + 60 * number) for day in (0, 1) for number in range(10)]
    assert done[20:26] == [clock(2, 540)] * 3 + [clock(2, 600)] * 3


def test_fewer_people_again() -> None:
    """Three on days 1 and 2, one else; the entry that stands last holds."""
    rows = [{"from_day": 1, "headcount": 3}, {"from_day": 3, "headcount": 1}]
    result = packed([1], packers(1, by_day=rows))
    assert on_days(result, "packers", "planned") == [1, 3, 3, 1, 1, 1, 1]
    turned = packed([1], packers(1, by_day=rows[::-1]))
    assert on_days(turned, "packers", "planned") == [1, 3, 3, 3, 3, 3, 3]


def test_people_on_weekdays_and_by_place() -> None:
    """Saturdays and Sundays (days 5 and 6) one at `site`, nobody at `north`; else two at each."""
    rows = [{"weekdays": ["sat", "sun"], "headcount": {"default": 0, "site": 1}}]
    result = packed(two_depots(1, 1), packers(2, by_day=rows))
    assert on_days(result, "packers", "planned") == [4, 4, 4, 4, 4, 1, 1]


def test_an_order_waits_over_a_day_off() -> None:
    """Nobody on Tuesday (day 1): of an order of 700 min 600 are done on day 0, the rest from 480 of day 2 on.

    What it waits is ordered: between 00:00 and 08:00 of day 0, 8 h.
    """
    result = packed([1], packers(1, days_off={"weekdays": ["tue"]}), minutes=700)
    assert ends(result, "pack") == [clock(2, 580)]
    assert on_days(result, "packers", "planned") == [1, 0, 1, 1, 1, 1, 1]
    assert on_days(result, "packers", "present") == [1, 0, 1, 1, 1, 1, 1]


def test_waiting_for_a_day_of_work_is_ordered() -> None:
    """Nobody works on Monday: an order of day 0 waits until 08:00 of day 1, 32 h, all of which the plan orders."""
    result = packed([1], packers(1, days_off={"weekdays": ["mon"]}))
    assert ends(result, "pack") == [clock(1, 540)]
    waits = result.tables["waits"]
    people = waits[(waits["cause"] == "people") & (waits["step"] == "pack")]
    assert people["wait_h"].tolist() == [32.0]
    assert people["ordered_h"].tolist() == [32.0]


def test_days_off_in_turn() -> None:
    """Two days of work, one off: persons 0, 1, 2 begin the round 0, 1, 2 days in, so two of three work every day.

    Person i is off on days d with (d + i) mod 3 = 2: 0 on days 2 and 5, 1 on 1 and 4, 2 on 0, 3 and 6.
    With one person alone: off on days 2 and 5.
    """
    rule = {"after_days": 2, "days": 1}
    result = packed([1], packers(3, days_off=rule))
    assert on_days(result, "packers", "planned") == [2] * 7
    alone = packed([1], packers(1, days_off=rule), minutes=1300)
    assert on_days(alone, "packers", "planned") == [1, 1, 0, 1, 1, 0, 1]
    # 600 on days 0 and 1 each, 100 on day 3.
    assert ends(alone, "pack") == [clock(3, 580)]
    # A second place begins a day later in the round: off on days 1 and 4 there.
    both = packed(two_depots(1, 1), packers(1, days_off=rule), minutes=700)
    assert ends(both, "pack") == [clock(1, 580), clock(2, 580)]
    assert on_days(both, "packers", "planned") == [2, 1, 1, 2, 1, 1, 2]


def test_shifts_from_a_day_on() -> None:
    """From day 1 on 08:00-12:00 only: an order of 900 min has 600 on day 0, 240 on day 1 and 60 on day 2."""
    result = packed([1], packers(1, by_day=[{"from_day": 1, "shifts": [HALF]}]), minutes=900)
    assert ends(result, "pack") == [clock(2, 540)]
    assert result.values["worker_hours"].item() == pytest.approx(10 + 6 * 4)


def test_a_second_shift_from_a_day_on() -> None:
    """From day 1 on also 18:00-22:00, by a second person, who takes what the first has not begun."""
    later = [shift(), shift("18:00", "22:00")]
    result = packed([16], packers(1, by_day=[{"from_day": 1, "shifts": later}]))
    assert on_days(result, "packers", "planned") == [1, 2, 2, 2, 2, 2, 2]
    assert ends(result, "pack")[-1] == clock(1, 840)
    longer = packed([22], packers(1, by_day=[{"from_day": 1, "shifts": later}]))
    assert ends(longer, "pack")[-3:] == [clock(1, 1080), clock(1, 1140), clock(1, 1200)]


def test_a_shift_keeps_its_people_when_its_hours_change() -> None:
    """Who has begun an order of 700 min goes on in the other hours of day 1, with `pause`: 100 min from 06:00."""
    other = [shift("06:00", "10:00")]
    result = packed([1], packers(1, by_day=[{"from_day": 1, "shifts": other}]), minutes=700)
    assert ends(result, "pack") == [clock(1, 460)]


def test_vehicles_on_some_days() -> None:
    """No van on Monday and Tuesday: the first trip is on Wednesday, 2 x 1440 + 495."""
    van = fleet(1, "depot", by_day=[{"weekdays": ["mon", "tue"], "count": 0}])
    plan = world([1], {"packers": crew()}, {"vans": van})
    drive = leg("go", "vans", discipline="fifo", load={}, unload={})
    result = exact(plan, strategy(channel("only", drive)))
    assert ends(result, "go") == [clock(2, 495)]
    assert on_days(result, "vans", "planned") == [0, 0, 1, 1, 1, 1, 1]


def test_a_start_date_settles_the_weekday() -> None:
    """2022-03-13 is a Sunday; a date from which on something holds."""
    team = packers(2, by_day=[{"weekdays": ["sun"], "headcount": 0}, {"from_day": "2022-03-15", "headcount": 5}])
    plan = world([1], {"packers": team}, start_date="2022-03-13", horizon_days=4)
    work = stage("pack", "packers", effort={"per_order_min": 60})
    assert on_days(exact(plan, strategy(channel("only", work))), "packers", "planned") == [0, 2, 5, 5]


# --- what else depends on who is planned --------------------------------------------------------------


def test_who_is_not_planned_is_not_absent() -> None:
    """Attendance 0, nobody on Tuesday: one stays away on every other day."""
    result = packed([1], packers(1, days_off={"weekdays": ["tue"]}), attendance=0)
    assert on_days(result, "packers", "stayed_away") == [1, 0, 1, 1, 1, 1, 1]


def test_a_case_on_a_day_off_is_isolated_on_days_of_work() -> None:
    """Infected on day 0, found on day 1 (off), away for 2 days: day 2 only."""
    rule = {"found_after_days": 1, "isolation_days": 2, "cases": [{"crew": "packers", "day": 0}]}
    result = packed([1], packers(1, days_off={"weekdays": ["tue"]}), infections=rule)
    assert on_days(result, "packers", "planned") == [1, 0, 1, 1, 1, 1, 1]
    assert on_days(result, "packers", "infected") == [0, 0, 1, 0, 0, 0, 0]


def test_a_share_lost_is_of_those_planned_on_each_day() -> None:
    """Half of four on days 0 and 1, half of two from day 2 on."""
    lost = {"lost": {"kind": "staff", "crews": ["packers"], "capacity": 0.5, "from_day": 0, "to_day": 4}}
    result = packed([1], packers(4, by_day=[{"from_day": 2, "headcount": 2}]), shocks=lost)
    assert on_days(result, "packers", "shock") == [2, 2, 1, 1, 0, 0, 0]


def test_who_fills_in_is_asked_on_days_of_work_only() -> None:
    """The packer never comes. A clerk fills in, but on Tuesday nobody packs and on Wednesday no clerk works."""
    rule = {"from": "clerks", "when_below": 1.0, "up_to": 1}
    team = packers(1, attendance=0.0, reassign=rule, days_off={"weekdays": ["tue"]})
    result = packed([1], team, packers(1, days_off={"weekdays": ["wed"]}))
    assert on_days(result, "packers", "filled_in") == [1, 0, 0, 1, 1, 1, 1]
    assert on_days(result, "clerks", "planned") == [1, 1, 0, 1, 1, 1, 1]


def test_nobody_fills_in_who_begins_before_it_is_over() -> None:
    """Packers' nights 22:00-06:00 are filled by the clerk of 18:00-23:00, whose shift on day 2 is 05:00-20:00.

    On day 1 the clerk would be on duty twice from 05:00 of day 2 on, and on day 2 the shifts do not overlap at all.
    """
    rule = {"from": "clerks", "when_below": 1.0, "up_to": 1}
    clerk = packers(1, shift("18:00", "23:00"), by_day=[{"from_day": 2, "shifts": [shift("05:00", "20:00")]}])
    team = packers(1, shift("22:00", "06:00"), attendance=0.0, reassign=rule)
    result = packed([1], team, clerk, horizon_days=4)
    assert on_days(result, "packers", "filled_in") == [1, 0, 0, 0]


def test_learning_begins_on_the_first_day_in_the_plan() -> None:
    """The second packer is there from day 1 on, at half speed then: 120 min for an order, the first takes 60 at 1.0.

    On day 0 the first is at half speed too: orders at 600, 720, 840, 960, 1080. On day 1: 540 (first), 600 (both).
    """
    team = packers(1, by_day=[{"from_day": 1, "headcount": 2}], productivity={"start": 0.5, "end": 1.0, "over_days": 1})
    done = ends(packed([9], team), "pack")
    assert done[:5] == [600, 720, 840, 960, 1080]
    assert done[5:8] == [clock(1, 540), clock(1, 600), clock(1, 600)]


def test_what_can_be_expected_is_the_mean_of_the_coming_week() -> None:
    """10 h on six days of seven, 2 people: 1200 x 6 / 7 min; from a day near the end, of the days that are left."""
    plan = world([1], {"packers": packers(2, days_off={"weekdays": ["sun"]})}, run_out_days=0)
    scenario = ss.load_scenario(plan)
    assert expected_minutes(scenario, "packers", None, 0).tolist() == [pytest.approx(1200 * 6 / 7)]
    assert expected_minutes(scenario, "packers", None, 5).tolist() == [pytest.approx(1200 / 2)]
    # Nobody on Monday, day 0; one more from Thursday on: (2 x 2 + 3 x 4) x 600 / 7.
    rows = [{"from_day": 3, "headcount": 3}, {"weekdays": ["mon"], "headcount": 0}]
    scenario = ss.load_scenario(world([1], {"packers": packers(2, by_day=rows)}, run_out_days=0))
    assert expected_minutes(scenario, "packers", None, 0).tolist() == [pytest.approx(16 * 600 / 7)]


# --- a number in place of the rule --------------------------------------------------------------------


def test_a_number_takes_the_place_of_the_rule() -> None:
    """`headcount=3` over `households_per_worker`, and the other way round; a null takes nothing away."""
    by_rule = {key: value for key, value in packers(1).items() if key != "headcount"} | {"households_per_worker": 2}
    from simsupply.config.changes import laid_over, varied

    config = {"crews": {"packers": by_rule}}
    set_number = varied(config, {"crews.packers.headcount": 3})["crews"]["packers"]
    assert "households_per_worker" not in set_number
    assert set_number["headcount"] == 3
    assert by_rule["households_per_worker"] == 2
    back = varied({"crews": {"packers": set_number}}, {"crews.packers.households_per_worker": 5})
    assert "headcount" not in back["crews"]["packers"]
    assert varied(config, {"crews.packers.headcount": None})["crews"]["packers"]["households_per_worker"] == 2
    both = varied(config, {"crews.packers.headcount": 3, "crews.packers.households_per_worker": 5})["crews"]["packers"]
    assert both["headcount"] == 3
    assert both["households_per_worker"] == 5
    upper = {"crews": {"packers": {"headcount": 4}}}
    assert "households_per_worker" not in laid_over(config, upper)["crews"]["packers"]


def test_an_override_takes_the_place_of_the_rule() -> None:
    """The door team of the township is sized by households; given a number, it has that."""
    assert ss.load_scenario("township").spec.staffing.crews["door_team"].households_per_worker
    changed = ss.load_scenario("township", ["staffing.crews.door_team.headcount=3"])
    crew_of = changed.spec.staffing.crews["door_team"]
    assert crew_of.headcount == 3
    assert crew_of.households_per_worker is None
    with pytest.raises(InputError, match="exactly one of headcount and households_per_worker"):
        ss.load_scenario(
            "township",
            ["staffing.crews.door_team.headcount=3", "staffing.crews.door_team.households_per_worker=100"],
        )


def test_a_level_compared_takes_the_place_of_the_rule() -> None:
    """One packer for two households, compared at one and three."""
    team = {key: value for key, value in packers(1).items() if key != "headcount"} | {"households_per_worker": 2}
    way = ss.load_strategy(strategy(channel("only", stage("pack", "packers", effort={"per_order_min": 60}))))
    scenario = ss.load_scenario(world([6], {"packers": team}))
    compared = ss.compare(scenario, [way], levels={"staffing.crews.packers.headcount": [1, 4]}, replications=1)
    assert [on_days(case.result, "packers", "planned")[0] for case in compared.cases] == [1, 4]
    assert on_days(ss.simulate(scenario, way, replications=1), "packers", "planned")[0] == 3


# --- what is refused ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("team", "key", "shown"),
    [
        (packers({"default": 1, "nort": 3}), "headcount.nort", "did you mean 'north'?"),
        (packers({"north": 3}), "headcount.default", "a value for the 1 places that are not named (site)"),
        (packers({"default": -1}), "headcount.default", "greater than or equal to 0"),
        (packers(1, by_day=[{"from_day": 9, "headcount": 3}]), "by_day.0.from_day", "day 0 to 6"),
        (packers(1, by_day=[{"weekdays": ["tues"], "headcount": 3}]), "by_day.0.weekdays.0", "'tue'"),
        (packers(1, by_day=[{"headcount": {"default": 1, "sit": 2}}]), "by_day.0.headcount.sit", "'site'"),
        ({**packers(1), "shifts": {"default": [HALF], "nort": [HALF]}}, "shifts.nort", "'north'"),
        (
            {**packers(1), "shifts": {"default": [HALF], "north": [shift("22:00", "06:00"), shift("05:00", "07:00")]}},
            "shifts.north",
            "do not overlap",
        ),
        (
            packers(1, shift("22:00", "06:00"), by_day=[{"from_day": 2, "shifts": [shift("05:00", "10:00")]}]),
            "by_day",
            "over before those of the next day begin",
        ),
        (
            packers(
                1,
                by_day=[{"from_day": 2, "headcount": 3}],
                arrivals={"from_day": 1, "per_day": 1, "up_to": 4},
            ),
            "by_day.0.headcount",
            "arrive day by day",
        ),
        (packers(1, people="equipment", days_off={"weekdays": ["sun"]}), "days_off", "equipment"),
    ],
)
def test_what_is_refused(team: Plain, key: str, shown: str) -> None:
    with pytest.raises(InputError) as caught:
        ss.load_scenario(world(two_depots(1, 1), {"packers": team}))
    assert [problem.key for problem in caught.value.problems] == [f"staffing.crews.packers.{key}"]
    assert shown in str(caught.value.problems[0].allowed)


def test_an_entry_that_never_holds_is_said() -> None:
    """Day 0 is a Monday, the horizon ends on Thursday."""
    rows = [{"weekdays": ["sat", "sun"], "headcount": 3}, {"from_day": 2, "weekdays": ["mon"], "headcount": 3}]
    result = packed([1], packers(1, by_day=[*rows, {"weekdays": ["tue"], "headcount": 2}]), horizon_days=4)
    assert [note for note in result.notes if "no day" in note] == [
        "staffing.crews.packers.by_day.0 holds on no day: none of sat, sun comes within the horizon",
        "staffing.crews.packers.by_day.1 holds on no day: none of mon comes within the horizon",
    ]
    assert on_days(result, "packers", "planned") == [1, 2, 1, 1]


def test_rest_by_law_holds_from_one_day_to_the_next() -> None:
    """18:00 to 06:00 of the next day is 12 h of rest; 13 are asked for, then 12."""
    team = packers(1, by_day=[{"from_day": 2, "shifts": [shift("06:00", "10:00")]}])
    plan = world([1], {"packers": team})
    plan["staffing"] |= {"min_rest_hours": 13}
    with pytest.raises(InputError, match=">= 13 h of rest") as caught:
        ss.load_scenario(plan)
    assert [problem.key for problem in caught.value.problems] == ["staffing.crews.packers.by_day"]
    plan["staffing"] |= {"min_rest_hours": 12}
    ss.load_scenario(plan)


def test_docks_of_places_that_do_not_exist() -> None:
    geography = {
        "kind": "spread",
        "radius_km": 3,
        "detour_factor": 1.3,
        "world_seed": 1,
        "households": 10,
        "depots": {"count": 2, "docks": {"depot_1": 3, "depot_3": 1}},
        "drop_points": {"count": 2},
    }
    with pytest.raises(InputError) as caught:
        ss.load_scenario(world(geography, {"packers": crew()}))
    keys = [problem.key for problem in caught.value.problems]
    assert keys == ["scenario.geography.depots.docks.depot_3", "scenario.geography.depots.docks.default"]
