"""What varies in a sweep: a key with its values, or with the interval that values are drawn from.

Written as Hydra writes sweeps: ``0.1,0.2``, ``range(0.1,1,0.1)``, ``choice(a,b)``, ``interval(0.1,0.9)`` and,
for whole numbers, ``int(interval(50,200))``; in a file or in Python also as a list.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simsupply.base.catalogue import message
from simsupply.base.problems import wrong

Plain = str | int | float | bool | list[Any] | dict[str, Any] | None


@dataclass(frozen=True)
class Choices:
    """A key that takes each of these values."""

    key: str
    values: tuple[Plain, ...]


@dataclass(frozen=True)
class Interval:
    """A key whose values are drawn from `low` to `high`; whole numbers from `low` to `high`, both included."""

    key: str
    low: float
    high: float
    is_whole: bool = False

    def at(self, share: float) -> float | int:
        """The value at a share 0..1 of the interval; whole numbers are equally likely."""
        if self.is_whole:
            return int(min(self.low + math.floor(share * (self.high - self.low + 1)), self.high))
        return min(self.low + share * (self.high - self.low), self.high)

    def between(self, share: float) -> float | int:
        """The value at a share 0..1 of the way from `low` to `high`; whole numbers are the nearest ones."""
        value = self.low + share * (self.high - self.low)
        return round(value) if self.is_whole else min(value, self.high)


Parameter = Choices | Interval


def parameter(key: str, given: Any, source: str) -> Parameter:
    """A parameter from what a user gave: Hydra's text, a list of values, or an array.

    Raises
    ------
    InputError
        If there are no values, or they cannot be read.
    """
    if isinstance(given, str):
        from simsupply.config.variations import read_values

        found = read_values(key, given, source)
        if isinstance(found, tuple):
            return interval(key, *found, source=source)
        given = found
    elif hasattr(given, "tolist"):
        given = given.tolist()  # an array
    if isinstance(given, Mapping) or not isinstance(given, Sequence):
        given = [given]
    if not given:
        raise wrong(source, key, list(given), message("at_least_one_value_of_forms"))
    return Choices(key, tuple(given))


def interval(key: str, low: float, high: float, is_whole: bool, source: str) -> Interval:
    """An interval with something in it.

    Raises
    ------
    InputError
        If its ends are not finite or not in order.
    """
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise wrong(source, key, f"interval({low:g},{high:g})", message("lower_number_first"))
    return Interval(key, low, high, is_whole)
