"""Types of vehicles: what the catalogue ``configs/vehicle/`` says is laid under a fleet that names its type."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from simsupply.base.problems import Problem, nearest
from simsupply.config.yaml_files import built_in, config_dir, read_yaml


@cache
def _of_type(name: str) -> dict[str, Any]:
    return read_yaml(config_dir() / "vehicle" / f"{name}.yaml")


def laid_over_types(fleets: Any) -> tuple[Any, list[Problem]]:
    """Put what fleets say over what the catalogue says of their types, also one level further down.

    Parameters
    ----------
    fleets : object
        Section ``fleet`` as plain data; anything but a mapping is left as it is, for the specification to refuse.

    Returns
    -------
    object, list of Problem
        The section whole, and types that the catalogue does not have.
    """
    if not isinstance(fleets, Mapping):
        return fleets, []
    names = built_in("vehicle")
    problems = [
        Problem(f"fleet.{name}.type", fleet["type"], nearest(fleet["type"], names))
        for name, fleet in fleets.items()
        if isinstance(fleet, Mapping) and isinstance(fleet.get("type"), str) and fleet["type"] not in names
    ]
    return {name: _laid_over_type(fleet, names) for name, fleet in fleets.items()}, problems


def _laid_over_type(fleet: Any, names: list[str]) -> Any:
    if not isinstance(fleet, Mapping) or fleet.get("type") not in names:
        return fleet
    whole = dict(_of_type(fleet["type"]))
    for key, value in fleet.items():
        both = isinstance(value, Mapping) and isinstance(whole.get(key), Mapping)
        whole[key] = {**whole[key], **value} if both else value
    return whole
