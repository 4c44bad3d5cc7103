"""From a case to the two plans that differ in its one key."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any, Literal

from mechanisms.cases import WORLDS, Case
from simsupply.config.compose import compose_config
from simsupply.config.errors import wrong
from simsupply.config.load import fit, scenario_from, strategy_from
from simsupply.config.read import WORLD_SECTIONS, read_built_in, read_world_file
from simsupply.scenario.world import Scenario
from simsupply.strategy.spec import StrategySpec

Side = Literal["off", "on"]
Plain = dict[str, Any]


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
    data["strategy"] = copy.deepcopy(_strategy(spec.strategy)) if spec.strategy else _written_out(case)
    # Sections first: other keys change what is in them.
    for key, value in sorted(spec.settings.items(), key=lambda item: "." in item[0]):
        put(data, key, value, case.name)
    put(data, spec.key, spec.without if side == "off" else spec.with_, case.name)
    return data


@cache
def _world(name: str) -> Plain:
    file = WORLDS / f"{name}.yaml"
    return read_world_file(file) if file.exists() else compose_config("run", [f"scenario={name}"])


@cache
def _strategy(name: str) -> Plain:
    strategy: Plain = compose_config("run", [f"strategy={name}"])["strategy"]
    return strategy


def _written_out(case: Case) -> Plain:
    spec = case.spec
    return {
        "name": case.name,
        "title": {"en": case.name, "zh": case.name},
        "channels": {name: read_built_in("channel", name, case.name) for name in spec.channels},
        "mix": copy.deepcopy(list(spec.mix)) or [{"channel": name} for name in spec.channels],
        "triggers": copy.deepcopy(spec.triggers),
    }


def put(data: Plain, key: str, value: Any, source: str) -> None:
    """Set a dotted key; steps of a channel by their names, other entries of lists by number.

    A section (``tiers``, ``strategy``) may be set to plain data or to the name of a built-in option.
    """
    if key in (*WORLD_SECTIONS, "strategy") and isinstance(value, str):
        data[key] = copy.deepcopy(_strategy(value)) if key == "strategy" else read_built_in(key, value, source)
        return
    *path, last = key.split(".")
    node: Any = data
    for part in path:
        node = node[_entry(node, part, key, source)]
    if isinstance(node, list):
        node[_entry(node, last, key, source)] = copy.deepcopy(value)
    else:
        node[last] = copy.deepcopy(value)


def _entry(node: Any, part: str, key: str, source: str) -> Any:
    """Index of a part of a key in a mapping or list."""
    if isinstance(node, list):
        names = [_name_of(item) for item in node]
        if part in names:
            return names.index(part)
        if part.isdigit() and int(part) < len(node):
            return int(part)
        raise wrong(source, key, part, f"one of {names}, or a number below {len(node)}")
    if not isinstance(node, dict) or part not in node:
        known = sorted(node) if isinstance(node, dict) else "no further key"
        raise wrong(source, key, part, f"{known}")
    return part


def _name_of(item: Any) -> str | None:
    """Name of a step, of whatever kind; None: it is none."""
    kinds = ("stage", "leg", "hold", "gate")
    bodies = [item[kind] for kind in kinds if isinstance(item, dict) and isinstance(item.get(kind), dict)]
    return bodies[0].get("name") if bodies else None
