"""Types of vehicles: what the catalogue ``configs/vehicle/`` or the plan says is laid under fleets that name a type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from simsupply.base.catalogue import message
from simsupply.base.problems import Problem, nearest
from simsupply.config.yaml_files import built_in, config_dir, read_yaml

SECTION = "vehicle_types"


@cache
def _of_catalogue(name: str) -> dict[str, Any]:
    return read_yaml(config_dir() / "vehicle" / f"{name}.yaml")


def laid_over_types(fleets: Any, own: Any = None) -> tuple[Any, list[Problem]]:
    """Put what fleets say over what is said of their types, also one level further down.

    Parameters
    ----------
    fleets : object
        Section ``fleet`` as plain data; anything but a mapping is left as it is, for the specification to refuse.
    own : object
        Section ``vehicle_types``, likewise: types of the plan, which may start from one of the catalogue.

    Returns
    -------
    object, list of Problem
        The section whole, and types that there are not, or twice.
    """
    names = built_in("vehicle")
    types: dict[str, Any] = {name: name for name in names}
    problems: list[Problem] = []
    for name, said in own.items() if isinstance(own, Mapping) else ():
        if name in names:
            problems.append(Problem(f"{SECTION}.{name}", name, message("type_of_catalogue")))
        types[name] = said
        problems += _unknown(f"{SECTION}.{name}.type", said, names)
    if not isinstance(fleets, Mapping):
        return fleets, problems
    for name, fleet in fleets.items():
        problems += _unknown(f"fleet.{name}.type", fleet, types)
    return {name: _laid_over_type(fleet, types) for name, fleet in fleets.items()}, problems


def _unknown(key: str, said: Any, names: Iterable[str]) -> list[Problem]:
    kind = said.get("type") if isinstance(said, Mapping) else None
    return [Problem(key, kind, nearest(kind, list(names)))] if isinstance(kind, str) and kind not in names else []


def _laid_over_type(said: Any, types: Mapping[str, Any]) -> Any:
    """What is said of a fleet or type over what is said of the type that it names."""
    kind = said.get("type") if isinstance(said, Mapping) else None
    if not isinstance(kind, str) or kind not in types:
        return said
    under = types[kind]
    # A type of the plan starts from one of the catalogue, if at all.
    below = _of_catalogue(kind) if isinstance(under, str) else _laid_over_type(under, _catalogue())
    return laid_over(said, below) if isinstance(below, Mapping) else said


@cache
def _catalogue() -> dict[str, str]:
    return {name: name for name in built_in("vehicle")}


def laid_over(said: Mapping[str, Any], under: Mapping[str, Any]) -> dict[str, Any]:
    """Keys of both, the first going before, also one level further down."""
    whole = dict(under)
    for key, value in said.items():
        both = isinstance(value, Mapping) and isinstance(whole.get(key), Mapping)
        whole[key] = {**whole[key], **value} if both else value
    return whole


def without_repeated(problems: list[Problem], fleets: Any) -> list[Problem]:
    """Problems without those that a fleet only has from its type, where they are told of the type, or of its name."""
    told = [problem.key for problem in problems]

    def is_told(problem: Problem) -> bool:
        for name, fleet in fleets.items() if isinstance(fleets, Mapping) else ():
            kind, rest = fleet.get("type") if isinstance(fleet, Mapping) else None, f"fleet.{name}."
            if kind is not None and problem.key.startswith(rest):
                below = problem.key.removeprefix(rest)
                if below.partition(".")[0] not in fleet:
                    return f"{rest}type" in told or f"{SECTION}.{kind}.{below}" in told
        return False

    return [problem for problem in problems if not is_told(problem)]
