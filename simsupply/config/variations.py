"""Many variations of one configuration: composed once, then changed value by value.

Composing with Hydra takes some tenths of a second, which for thousands of points is hours. So a point that differs from
another by plain values only is made from the same composed configuration, as Hydra's ``++key=value`` would
make it; ``tests/sweeps`` compares the two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import ChoiceSweep, IntervalSweep, Override, RangeSweep
from hydra.errors import HydraException

from simsupply.base.catalogue import message
from simsupply.base.problems import wrong
from simsupply.config.compose import COMMAND_LINE, as_plain, hydra_says
from simsupply.config.yaml_files import WORLD_SECTIONS


def read_overrides(words: Sequence[str]) -> list[Override]:
    """Overrides as Hydra reads them.

    Raises
    ------
    InputError
        If one cannot be read.
    """
    try:
        return OverridesParser.create().parse_overrides(list(words))
    except HydraException as error:
        raise wrong(COMMAND_LINE, "", " ".join(words), hydra_says(error)) from None


def values_of(override: Override, source: str) -> list[Any] | tuple[float, float, bool]:
    """Values of a swept override, or the ends of its interval and whether its values are whole numbers.

    Raises
    ------
    InputError
        If it is another kind of sweep, or has no values.
    """
    swept = override.value()
    if isinstance(swept, IntervalSweep):
        assert swept.start is not None
        assert swept.end is not None
        return float(swept.start), float(swept.end), isinstance(swept.start, int)
    if isinstance(swept, ChoiceSweep | RangeSweep):
        found = [as_plain(value) for value in override.sweep_iterator()]
        if isinstance(swept, RangeSweep):
            # 0.1 + 0.2 is meant to be 0.3, the same point as when it is typed.
            found = [float(f"{value:.12g}") if isinstance(value, float) else value for value in found]
        if not found:
            raise wrong(source, override.key_or_group, override.input_line, message("at_least_one_value"))
        return found
    if not override.is_sweep_override():
        return [as_plain(swept)]
    raise wrong(source, override.key_or_group, override.input_line, message("sweeps"))


def read_values(key: str, text: str, source: str) -> list[Any] | tuple[float, float, bool]:
    """The same of a text such as ``0.1,0.2`` or ``interval(0.1,0.9)``."""
    try:
        (override,) = OverridesParser.create().parse_overrides([f"{key}={text}"])
    except HydraException as error:
        raise wrong(source, key, text, hydra_says(error)) from None
    return values_of(override, source)


def is_plain_change(key: str, value: object) -> bool:
    """Whether setting a key to a value needs no composing: a plain value inside a section."""
    inside = "." in key and key.partition(".")[0] in (*WORLD_SECTIONS, "strategy")
    if isinstance(value, str):
        return inside and "${" not in value
    return inside and (value is None or isinstance(value, int | float | bool))


def varied(config: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A configuration with plain values changed at dotted keys; what is not changed is shared, not copied.

    Parameters
    ----------
    config : mapping
        Left as it is.
    changes : mapping
        Values by dotted key; a part that is missing on the way is added.
    """
    found = dict(config)
    copied: dict[str, Any] = {}
    for key, value in changes.items():
        node: Any = found
        *above, last = key.split(".")
        at = ""
        for part in above:
            at = f"{at}.{part}"
            if at not in copied:
                copied[at] = _copy(_get(node, part, key, value))
                _set(node, part, copied[at], key, value)
            node = copied[at]
        _set(node, last, value, key, value)
    return found


def _copy(node: Any) -> Any:
    return list(node) if isinstance(node, list) else dict(node or {})


def _get(node: Any, part: str, key: str, value: Any) -> Any:
    below = node[_index(node, part, key, value)] if isinstance(node, list) else node.get(part)
    if below is not None and not isinstance(below, list | dict):
        raise wrong(COMMAND_LINE, key, value, message("existing_key", part=part, below=below))
    return below


def _set(node: Any, part: str, value: Any, key: str, given: Any) -> None:
    node[_index(node, part, key, given) if isinstance(node, list) else part] = value


def _index(node: list[Any], part: str, key: str, value: Any) -> int:
    if not part.isdigit() or int(part) >= len(node):
        raise wrong(COMMAND_LINE, key, value, message("place_in_list", last=len(node) - 1, part=part))
    return int(part)


def text_of(key: str, value: object) -> str:
    """An override in Hydra's syntax, for what does need composing."""
    return f"{key}={_written(value)}"


def _written(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return f"[{','.join(map(_written, value))}]"
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{key}:{_written(item)}" for key, item in value.items()) + "}"
    if isinstance(value, str) and not value.replace("_", "").replace("-", "").isalnum():
        quoted = value.replace("'", "\\'")
        return f"'{quoted}'"
    return str(value)


Compose = Callable[[Sequence[str]], dict[str, Any]]
"""Plain overrides in, the composed configuration out."""
