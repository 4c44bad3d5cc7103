"""Changing plain data at dotted keys: what is not changed is shared, not copied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from simsupply.base.catalogue import message
from simsupply.base.problems import COMMAND_LINE, nearest, wrong
from simsupply.config.overrides import split_key

_PAIRS = (
    ("headcount", "households_per_worker"),
    ("count", "households_per_vehicle"),
    ("beds", "households_per_bed"),
    ("up_to", "up_to_households_per_worker"),
    ("per_day", "over_days"),
)
INSTEAD_OF = {key: other for first, second in _PAIRS for key, other in ((first, second), (second, first))}
"""Keys of which a section has one: who sets it need not take the other one away."""


def laid_over(lower: Any, upper: Any) -> Any:
    """A value over another one: mappings key by key, everything else whole.

    A key that stands instead of another one (`INSTEAD_OF`) takes its place; both in `upper` stay both, and are refused.
    """
    if not isinstance(lower, Mapping) or not isinstance(upper, Mapping):
        return upper
    replaced = {INSTEAD_OF.get(key) for key, value in upper.items() if value is not None}
    lower = {key: value for key, value in lower.items() if key not in replaced}
    return {**lower, **{key: laid_over(lower[key], value) if key in lower else value for key, value in upper.items()}}


def varied(config: Mapping[str, Any], changes: Mapping[str, Any], beside: Iterable[str] = ()) -> dict[str, Any]:
    """A configuration with values changed at dotted keys; a mapping is laid over the one that is there.

    A key takes the place of the one it stands instead of (`INSTEAD_OF`).

    Parameters
    ----------
    config : mapping
        Left as it is.
    changes : mapping
        Values by dotted key; a part that is missing on the way is added.
    beside : iterable of str, optional
        Keys that were given a value together with these: none takes the place of another.

    Raises
    ------
    InputError
        If a key goes through a value that has no keys, or past the end of a list.
    """
    found = dict(config)
    given = {tuple(split_key(key)) for key in (*beside, *(key for key, value in changes.items() if value is not None))}
    copied: dict[tuple[str, ...], Any] = {}
    for key, value in changes.items():
        *above, last = path = split_key(key)
        node: Any = found
        for depth, part in enumerate(above, start=1):
            at = path[:depth]
            if at not in copied:
                copied[at] = _copy(_below(node, part, key, value))
                _set(node, part, copied[at], key, value)
            node = copied[at]
        if isinstance(value, Mapping) and isinstance(node, Mapping):
            _set(node, last, laid_over(node.get(last), value), key, value)
        else:
            _set(node, last, value, key, value)
        other = INSTEAD_OF.get(last)
        if other and value is not None and isinstance(node, dict) and (*above, other) not in given:
            node.pop(other, None)
    return found


def without(config: Mapping[str, Any], key: str) -> dict[str, Any]:
    """A configuration without a key.

    Raises
    ------
    InputError
        If it is not there, or an entry of a list.
    """
    *above, last = split_key(key)
    found = dict(config)
    node: Any = found
    for part in above:
        if not isinstance(node, dict | list) or part not in _names(node):
            raise wrong(COMMAND_LINE, key, None, nearest(part, _names(node)))
        place: Any = int(part) if isinstance(node, list) else part
        node[place] = _copy(node[place]) if isinstance(node[place], dict | list) else node[place]
        node = node[place]
    if isinstance(node, list):
        raise wrong(COMMAND_LINE, key, None, message("whole_list", key=".".join(above)))
    if not isinstance(node, dict) or last not in node:
        raise wrong(COMMAND_LINE, key, None, nearest(last, _names(node) if isinstance(node, dict) else ()))
    del node[last]
    return found


def _names(node: Any) -> list[str]:
    """Names of what stands directly below a node."""
    if isinstance(node, list):
        return [str(number) for number in range(len(node))]
    return [str(name) for name in node] if isinstance(node, Mapping) else []


def _copy(node: Any) -> Any:
    return list(node) if isinstance(node, list) else dict(node or {})


def _below(node: Any, part: str, key: str, value: Any) -> Any:
    below = node[_index(node, part, key, value)] if isinstance(node, list) else node.get(part)
    if below is not None and not isinstance(below, list | Mapping):
        raise wrong(COMMAND_LINE, key, value, message("existing_key", part=part, below=below))
    return below


def _set(node: Any, part: str, value: Any, key: str, given: Any) -> None:
    node[_index(node, part, key, given) if isinstance(node, list) else part] = value


def _index(node: list[Any], part: str, key: str, value: Any) -> int:
    if not part.isdecimal() or int(part) >= len(node):
        raise wrong(COMMAND_LINE, key, value, message("place_in_list", last=len(node) - 1, part=part))
    return int(part)
