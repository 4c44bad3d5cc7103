"""What is wrong with a crew that does several things: key, value, what is allowed, in both languages."""

from __future__ import annotations

from typing import Any

import pytest

import simsupply as ss
from simsupply.base.catalogue import message
from simsupply.base.problems import Problem
from simsupply.checks.remarks import remarks
from simsupply.config.load import fit
from tests.plans.paper_plans import Plain, channel, crew, fleet, leg, stage, strategy, world
from tests.plans.tiny_plan import changed

WORLD: Plain = world(
    [3],
    {
        "staff": crew(2),
        "door_team": crew(2, "drop_point"),
        "boxes": crew(5, people="equipment"),
    },
    {"vans": fleet(1, drivers="staff"), "cars": fleet(1)},
)
WORK = {"per_order_min": 5}
STRATEGY: Plain = strategy(
    channel(
        "only",
        stage("pick", "staff", effort=WORK),
        leg("drive", "vans"),
        stage("hand_out", "door_team", "drop_point", effort=WORK),
    )
)


def problems(of_world: dict[str, Any] | None = None, of_strategy: dict[str, Any] | None = None) -> tuple[Problem, ...]:
    try:
        scenario = ss.load_scenario(changed(WORLD, of_world or {}))
        fit(scenario, ss.load_strategy(changed(STRATEGY, of_strategy or {})))
    except ss.InputError as error:
        return error.problems
    return ()


def notes(of_world: dict[str, Any]) -> list[str]:
    scenario, decided = ss.load_scenario(changed(WORLD, of_world)), ss.load_strategy(STRATEGY)
    fit(scenario, decided)
    return [remark.in_language("en") for remark in remarks(scenario.spec, decided)]


def test_the_plan_itself_is_right() -> None:
    assert problems() == ()
    assert notes({}) == []


def test_only_vehicles_that_a_crew_drives_need_no_hours() -> None:
    hours = {key: value for key, value in WORLD["fleet"]["cars"].items() if key != "shifts"}
    with pytest.raises(ss.InputError) as error:
        ss.load_scenario({**WORLD, "fleet": {**WORLD["fleet"], "cars": hours}})
    (found,) = error.value.problems
    assert (found.key, found.value, found.allowed) == ("fleet.cars.shifts", None, message("required"))
    ss.load_scenario({**WORLD, "fleet": {**WORLD["fleet"], "cars": {**hours, "drivers": "staff"}}})


STEPS = "strategy.channels.only.steps"


@pytest.mark.parametrize(
    ("of_world", "of_strategy", "key", "value", "allowed"),
    [
        # the seats
        ({"fleet.vans.drivers": "stuff"}, {}, "fleet.vans.drivers", "stuff", "did you mean 'staff'?"),
        ({"fleet.vans.drivers": "boxes"}, {}, "fleet.vans.drivers", "boxes", "a crew of people at depot, where the"),
        (
            {"fleet.vans.drivers": "door_team"},
            {},
            "fleet.vans.drivers",
            "door_team",
            "valid: staff (this one works at drop_point)",
        ),
        (
            {"fleet.vans.people_per_vehicle": 3},
            {},
            "fleet.vans.people_per_vehicle",
            3,
            "at most 2, the people of crew 'staff' in a shift at 'site'",
        ),
        (
            {"fleet.vans.people_per_vehicle": 2, "staffing.crews.staff.headcount": {"default": 2, "site": 1}},
            {},
            "fleet.vans.people_per_vehicle",
            2,
            "at most 1, the people of crew 'staff' in a shift at 'site'",
        ),
        ({"fleet.vans.people_per_vehicle": 0}, {}, "fleet.vans.people_per_vehicle", 0, "at least 1"),
        ({"fleet.vans.attendance": 0.5}, {}, "fleet.vans.attendance", 0.5, "said by the crew that drives, 'staff'"),
        ({"fleet.cars.shifts": []}, {}, "fleet.cars.shifts", [], "at least one item"),
        (
            {},
            {"channels.only.steps.1.leg.fleet": ["vans", "cars"]},
            f"{STEPS}.1.leg.fleet",
            ["vans", "cars"],
            "fleets with the same drivers",
        ),
        # kinds of workers
        ({"staffing.crews.staff.pace": "slow"}, {}, "staffing.crews.staff.pace", "slow", "drafted_packer"),
        (
            {"staffing.paces": {"drafted": {}}, "staffing.crews.staff.pace": "draft"},
            {},
            "staffing.crews.staff.pace",
            "draft",
            "did you mean 'drafted'?",
        ),
        (
            {"staffing.crews.staff.arrivals": {"from_day": 0, "over_days": 1, "up_to": 4, "pace": "slow"}},
            {},
            "staffing.crews.staff.arrivals.pace",
            "slow",
            "drafted_packer",
        ),
        ({"staffing.paces": {"slow": {"order": 0}}}, {}, "staffing.paces.slow.order", 0, "greater than 0"),
        # the rule
        (
            {"staffing.crews.staff.serves": "in_order"},
            {},
            "staffing.crews.staff",
            ...,
            "serves_order with serves: in_order, and only there",
        ),
        ({"staffing.crews.staff.serves_order": ["pick"]}, {}, "staffing.crews.staff", ..., "only there"),
        (
            {"staffing.crews.staff.serves": "in_order", "staffing.crews.staff.serves_order": ["pick"]},
            {},
            "staffing.crews.staff.serves_order",
            ["pick"],
            "every step at which the crew works; missing: drive",
        ),
        (
            {"staffing.crews.staff.serves": "upstream"},
            {},
            "staffing.crews.staff.serves",
            "upstream",
            "upstream_first",
        ),
    ],
)
def test_one_thing_wrong(
    of_world: dict[str, Any], of_strategy: dict[str, Any], key: str, value: object, allowed: str
) -> None:
    (found,) = problems(of_world, of_strategy)
    assert found.key == key
    assert value is ... or found.value == value
    assert allowed in found.in_language("en")
    assert found.in_language("zh")


def test_hours_of_work_are_those_of_people() -> None:
    """A van that a crew drives is there day and night; the law is for its drivers."""
    vans = {key: value for key, value in fleet(1, drivers="staff").items() if key != "shifts"}
    law = {"fleet.vans": vans, "staffing.max_shift_hours": 10, "staffing.min_rest_hours": 12}
    assert problems(law) == ()
    (found,) = problems({**law, "staffing.crews.staff.shifts": [{"start": "08:00", "end": "19:00"}]})
    assert found.key == "staffing.crews.staff.shifts.0"


def test_all_at_once() -> None:
    found = problems({"fleet.vans.drivers": "door_team", "fleet.cars": fleet(1, drivers="staff", people_per_vehicle=5)})
    assert [problem.key for problem in found] == ["fleet.vans.drivers", "fleet.cars.people_per_vehicle"]


def test_rules_without_effect_are_warned_of() -> None:
    assert notes({"staffing.paces": {"worker": {}, "drafted": {"order": 2}}}) == [
        "staffing.paces: 'drafted' is the kind of worker of no crew that this plan uses"
    ]
    assert notes({"staffing.crews.door_team.serves": "longest_wait"}) == [
        "crew 'door_team': serves: longest_wait says nothing here, since its people have one queue of units for"
        " all they do"
    ]
    order = {"staffing.crews.staff.serves": "in_order", "staffing.crews.staff.serves_order": ["drive", "pick", "pack"]}
    assert notes(order) == ["crew 'staff': serves_order names 'pack', which is none of its steps in this plan"]


def test_of_a_fleet_that_a_crew_drives_only_what_is_wrong_is_told() -> None:
    """Hours that follow from its drivers are not missing where another key is wrong."""
    vans = {key: value for key, value in fleet(1, drivers="packers").items() if key != "shifts"}
    with pytest.raises(ss.InputError) as raised:
        ss.load_scenario(world([1], {"packers": crew(2)}, {"vans": vans | {"payload_kg": 0}}))
    assert [problem.key for problem in raised.value.problems] == ["fleet.vans.payload_kg"]
