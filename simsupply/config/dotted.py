"""Setting one key of a plan that is still plain data."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

from simsupply.base.catalogue import message
from simsupply.base.problems import nearest, wrong
from simsupply.config.changes import INSTEAD_OF
from simsupply.config.compose import compose_config
from simsupply.config.overrides import split_key
from simsupply.config.yaml_files import WORLD_SECTIONS, read_built_in

Plain = dict[str, Any]


@cache
def built_in_strategy(name: str) -> Plain:
    """A built-in strategy with its channels as plain data; not to be changed."""
    strategy: Plain = compose_config("run", [f"strategy={name}"])["strategy"]
    return strategy


def check_key(data: Plain, key: str, source: str) -> None:
    """Check that a dotted key stands in plain data whose defaults are all filled in.

    Raises
    ------
    InputError
        With the nearest key, where a part does not exist.
    """
    node: Any = data
    for part in split_key(key):
        node = node[_entry(node, part, key, source)]


def put(data: Plain, key: str, value: Any, source: str) -> None:
    """Set a dotted key; steps of a channel by their names, other entries of lists by number.

    A section (``tiers``, ``strategy``) may be set to plain data or to the name of a built-in option.
    """
    if key in (*WORLD_SECTIONS, "strategy") and isinstance(value, str):
        data[key] = copy.deepcopy(built_in_strategy(value)) if key == "strategy" else read_built_in(key, value, source)
        return
    *path, last = split_key(key)
    node: Any = data
    for part in path:
        node = node[_entry(node, part, key, source)]
    if isinstance(node, list):
        node[_entry(node, last, key, source)] = copy.deepcopy(value)
    else:
        node[last] = copy.deepcopy(value)
        if value is not None and node.get(other := INSTEAD_OF.get(last, "")) is not None:
            node[other] = None


def _entry(node: Any, part: str, key: str, source: str) -> Any:
    """Index of a part of a key in a mapping or list."""
    if isinstance(node, list):
        names = [_name_of(item) for item in node]
        if part in names:
            return names.index(part)
        if part.isdigit() and int(part) < len(node):
            return int(part)
        raise wrong(source, key, part, message("name_or_number", names=str(names), number=len(node)))
    if not isinstance(node, dict) or part not in node:
        known = nearest(part, node) if isinstance(node, dict) else message("no_further_key")
        raise wrong(source, key, part, known)
    return part


def _name_of(item: Any) -> str | None:
    """Name of a step, of whatever kind; None: it is none."""
    kinds = ("stage", "leg", "delay", "gate")
    bodies = [item[kind] for kind in kinds if isinstance(item, dict) and isinstance(item.get(kind), dict)]
    return bodies[0].get("name") if bodies else None
