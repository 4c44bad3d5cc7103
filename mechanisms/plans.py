"""From a case to the two plans that differ in its one key."""

from __future__ import annotations

import copy
from functools import cache
from typing import Literal

from mechanisms.cases import WORLDS, Case
from simsupply.config.compose import compose_config
from simsupply.config.dotted import Plain, built_in_strategy, put
from simsupply.config.load import fit, scenario_from, strategy_from
from simsupply.config.yaml_files import read_built_in, read_world_file
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec

Side = Literal["off", "on"]


def plan_of(case: Case, side: Side) -> tuple[Scenario, StrategySpec]:
    """The plan of a case with its mechanism off or on.

    Raises
    ------
    InputError
        If there is no such key, or the plan is wrong.
    """
    data = plain_plan(case, side)
    source = f"{case.name} ({side})"
    scenario, strategy = scenario_from(data, source), strategy_from(data["strategy"], source)
    fit(scenario, strategy)
    return scenario, strategy


def plain_plan(case: Case, side: Side) -> Plain:
    """The same as plain data: the sections of a scenario, and `strategy`."""
    spec = case.spec
    data = copy.deepcopy(_world(spec.scenario))
    data["strategy"] = copy.deepcopy(built_in_strategy(spec.strategy)) if spec.strategy else _written_out(case)
    # Sections first: other keys change what is in them.
    for key, value in sorted(spec.settings.items(), key=lambda item: "." in item[0]):
        put(data, key, value, case.name)
    put(data, spec.key, spec.without if side == "off" else spec.with_, case.name)
    return data


@cache
def _world(name: str) -> Plain:
    file = WORLDS / f"{name}.yaml"
    return read_world_file(file) if file.exists() else compose_config("run", [f"scenario={name}"])


def _written_out(case: Case) -> Plain:
    spec = case.spec
    return {
        "name": case.name,
        "title": {"en": case.name, "zh": case.name},
        "channels": {name: read_built_in("channel", name, case.name) for name in spec.channels},
        "mix": copy.deepcopy(list(spec.mix)) or [{"channel": name} for name in spec.channels],
        "triggers": copy.deepcopy(spec.triggers),
    }
