"""Many variations of one configuration: composed once, then changed value by value.

Composing takes some tenths of a second, which for thousands of points is hours. So a point that differs from another
by plain values only is made from the same composed configuration (`simsupply.config.changes.varied`), as composing
would make it; ``tests/sweeps`` compares the two.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from simsupply.config.overrides import Between, is_within, read_override
from simsupply.config.yaml_files import WORLD_SECTIONS


def read_values(key: str, text: str, source: str) -> list[Any] | Between:
    """Values of a text such as ``0.1,0.2``, or the ends of ``interval(0.1,0.9)`` and whether they are whole numbers.

    Raises
    ------
    InputError
        If it cannot be read, or has no values.
    """
    found = read_override(f"{key}={text}", source)
    return [found.value] if found.swept is None else found.swept


def is_plain_change(key: str, value: object) -> bool:
    """Whether setting a key to a value needs no composing: a plain value inside a section."""
    return is_within(key, (*WORLD_SECTIONS, "strategy")) and isinstance(value, str | int | float | bool | None)


Compose = Callable[[Sequence[str]], dict[str, Any]]
"""Plain overrides in, the composed configuration out."""
