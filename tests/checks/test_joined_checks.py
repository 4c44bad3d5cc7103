"""What is wrong with units served together, crews that join a step, and docks by day: key, value, what is allowed."""

from __future__ import annotations

from typing import Any

import pytest

import simsupply as ss
from simsupply.base.problems import Problem
from simsupply.checks.remarks import remarks
from simsupply.config.load import fit
from tests.plans.paper_plans import Plain, channel, crew, cycle, door, fleet, leg, shift, stage, strategy, world
from tests.plans.tiny_plan import changed

WORLD: Plain = world(
    {
        "kind": "listed",
        "depots": [{"name": "site", "docks": 2}],
        "drop_points": [{"name": "d0", "households": 3, "distance_km": 1}],
    },
    {
        "movers": crew(2),
        "guards": crew(1),
        "walkers": crew(2, "drop_point"),
        "night": crew(1, "depot", shift("22:00", "06:00"), at_shift_end="pause"),
    },
    {"vans": fleet(1)},
)
WORK = {"per_order_min": 5}
STRATEGY: Plain = strategy(
    channel(
        "only",
        stage("move", "movers", effort=WORK, joined_by=["guards"], together={"units": 3, "at_least": 2}),
        leg("drive", "vans"),
        door(2),
    )
)
STAGE = "channels.only.steps.0.stage"


def problems(of_world: dict[str, Any] | None = None, of_strategy: dict[str, Any] | None = None) -> tuple[Problem, ...]:
    try:
        scenario = ss.load_scenario(changed(WORLD, of_world or {}))
        fit(scenario, ss.load_strategy(changed(STRATEGY, of_strategy or {})))
    except ss.InputError as error:
        return error.problems
    return ()


def told(
    of_world: dict[str, Any] | None = None, of_strategy: dict[str, Any] | None = None
) -> list[tuple[str, Any, str]]:
    found = problems(of_world, of_strategy)
    # Chinese is whole.
    assert all(problem.allowed.in_language("zh") for problem in found)  # type: ignore[union-attr]
    return [(problem.key, problem.value, str(problem.allowed)) for problem in found]


def test_the_plan_itself_is_right() -> None:
    assert problems() == ()
    assert problems(None, {f"{STAGE}.together": 3, f"{STAGE}.joined_by": ["guards"]}) == ()


@pytest.mark.parametrize(
    ("of_world", "of_strategy", "key", "says"),
    [
        # together
        ({}, {f"{STAGE}.together": 1}, f"{STAGE}.together", "together: 2 or more"),
        ({}, {f"{STAGE}.together": {"units": 1}}, f"{STAGE}.together", "together: 2 or more"),
        ({}, {f"{STAGE}.together": 0}, f"{STAGE}.together", "1"),
        ({}, {f"{STAGE}.together": {"units": 3, "at_least": 4}}, f"{STAGE}.together", "at_least: 1 to 3"),
        (
            {},
            {f"{STAGE}.together": {"units": 3, "at_last": 2}},
            f"{STAGE}.together.at_last",
            "'at_least'",
        ),
        ({}, {"channels.only.steps.2.stage.together": 2}, "channels.only.steps.2.stage", "rounds.households says how"),
        # joined_by
        ({}, {f"{STAGE}.joined_by": ["guard"]}, f"strategy.{STAGE}.joined_by.0", "did you mean 'guards'?"),
        (
            {},
            {f"{STAGE}.joined_by": ["walkers"]},
            f"strategy.{STAGE}.joined_by.0",
            "'walkers' works at",
        ),
        ({}, {f"{STAGE}.joined_by": ["movers"]}, STAGE, "crews other than 'movers', each once"),
        ({}, {f"{STAGE}.joined_by": ["guards", "guards"]}, STAGE, "each once"),
        ({}, {f"{STAGE}.joined_by": ["night"]}, "staffing.crews.night.at_shift_end", "finish, as of crew 'movers'"),
        (
            {
                "staffing.crews.movers.at_shift_end": "fit",
                "staffing.crews.guards": crew(1, "depot", shift("08:00", "08:04"), at_shift_end="fit"),
            },
            {},
            "staffing.crews.guards.shifts",
            "5 min at a stretch, which one order takes in stage 'move'",
        ),
        # docks by day
        (
            {"scenario.geography.depots.0.by_day": [{"from_day": 9, "docks": 1}]},
            {},
            "scenario.geography.depots.0.by_day.0.from_day",
            "0 to 6",
        ),
        (
            {"scenario.geography.depots.0.by_day": [{"from_day": "2022-03-01", "docks": 1}]},
            {},
            "scenario.geography.depots.0.by_day.0.from_day",
            "start_date",
        ),
        (
            {"scenario.geography.depots.0.by_day": [{"docks": -1}]},
            {},
            "scenario.geography.depots.0.by_day.0.docks",
            "0",
        ),
        (
            {"scenario.geography.depots.0.by_day": [{"from_day": 1}]},
            {},
            "scenario.geography.depots.0.by_day.0.docks",
            "",
        ),
    ],
)
def test_each_problem_by_its_key(of_world: dict[str, Any], of_strategy: dict[str, Any], key: str, says: str) -> None:
    (found,) = told(of_world, of_strategy)
    assert found[0] == key
    assert says in found[2]


def test_all_at_once() -> None:
    of_world = {"scenario.geography.depots.0.by_day": [{"from_day": 9, "docks": 1}, {"from_day": 8, "docks": 1}]}
    assert [key for key, _, _ in told(of_world)] == [
        "scenario.geography.depots.0.by_day.0.from_day",
        "scenario.geography.depots.0.by_day.1.from_day",
    ]
    keys = [key for key, _, _ in told(None, {f"{STAGE}.joined_by": ["guard", "walkers", "night"]})]
    assert keys == [
        f"strategy.{STAGE}.joined_by.0",
        f"strategy.{STAGE}.joined_by.1",
        "staffing.crews.night.at_shift_end",
    ]


def test_docks_by_name_of_place() -> None:
    geography = {
        "kind": "spread",
        "radius_km": 5,
        "detour_factor": 1,
        "world_seed": 3,
        "households": 4,
        "depots": {"count": 2, "by_day": [{"docks": {"depot_3": 2}}]},
        "drop_points": {"count": 1, "by_day": [{"docks": 2}]},
    }
    found = {**WORLD, "scenario": {**WORLD["scenario"], "geography": geography}}
    with pytest.raises(ss.InputError) as error:
        ss.load_scenario(found)
    (problem,) = error.value.problems
    assert "not at drop points" in str(problem.allowed)
    del geography["drop_points"]["by_day"]
    with pytest.raises(ss.InputError) as error:
        ss.load_scenario(found)
    assert [problem.key for problem in error.value.problems] == [
        "scenario.geography.depots.by_day.0.docks.depot_3",
        "scenario.geography.depots.by_day.0.docks.default",
    ]


def test_docks_of_days_that_never_come_are_told_of() -> None:
    days = {"scenario.geography.depots.0.by_day": [{"from_day": 6, "weekdays": ["mon"], "docks": 1}]}
    scenario, decided = ss.load_scenario(changed(WORLD, days)), ss.load_strategy(STRATEGY)
    fit(scenario, decided)
    notes = [remark.in_language("en") for remark in remarks(scenario.spec, decided)]
    assert len(notes) == 1
    assert "scenario.geography.depots.0.by_day.0" in notes[0]


def test_units_that_are_waited_for_find_room() -> None:
    """3 parcels fit onto the floor before the door, where 4 would be waited for."""
    geography = {**WORLD["scenario"]["geography"]}
    geography["drop_points"] = [{"name": "d0", "households": 8, "distance_km": 1, "floor_parcels": 3}]
    sort = stage("sort", "walkers", "drop_point", effort=WORK, discipline="fifo", together={"units": 5, "at_least": 4})
    plan = world(geography, {"walkers": crew(2, "drop_point")}, {"vans": fleet(1, payload_parcels=3)})
    with pytest.raises(ss.InputError) as error:
        fit(ss.load_scenario(plan), ss.load_strategy(strategy(channel("only", leg("drive", "vans"), sort))))
    assert [(problem.key, problem.value) for problem in error.value.problems] == [
        ("strategy.channels.only.steps.1.stage.together.at_least", 4)
    ]


def test_channels_that_share_a_queue_say_the_same() -> None:
    """The same step of the same crew in two channels is one queue."""
    first = stage("move", "movers", effort=WORK, joined_by=["guards"])
    second = stage("move", "movers", effort=WORK, together=2)
    decided = strategy(channel("a", first), channel("b", second), from_days=(0, 1))
    plan = world([2], {"movers": crew(1), "guards": crew(1)}, demand=cycle(days=1))
    with pytest.raises(ss.InputError) as error:
        fit(ss.load_scenario(plan), ss.load_strategy(decided))
    assert [(problem.key, problem.value) for problem in error.value.problems] == [
        ("strategy.channels.b.steps.0.stage.together", "2, at_least 1"),
        ("strategy.channels.b.steps.0.stage.joined_by", "[]"),
    ]
