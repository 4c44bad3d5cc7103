"""Values that are the same at every place, or differ: ``8`` or ``{default: 8, north_market: 20}``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, TypeVar, cast

from pydantic import Discriminator, Field, Tag

from simsupply.base.quantities import Docks, DocksOrZero, Headcount

DEFAULT = "default"
"""Stands for all places that are not named."""
Value = TypeVar("Value")


def _one_or_places(value: Any) -> str:
    return "places" if isinstance(value, Mapping) else "everywhere"


_by_place = Discriminator(_one_or_places)
HeadcountByPlace = Annotated[
    Annotated[Headcount, Tag("everywhere")] | Annotated[dict[str, Headcount], Field(min_length=1), Tag("places")],
    _by_place,
]
"""People of a shift, or vehicles: a number for every place, or numbers by name of place, `DEFAULT` for the others."""
DocksByPlace = Annotated[
    Annotated[Docks, Tag("everywhere")] | Annotated[dict[str, Docks], Field(min_length=1), Tag("places")], _by_place
]
"""Docks: a number for every place, or numbers by name of place, `DEFAULT` for the others."""
DocksOrZeroByPlace = Annotated[
    Annotated[DocksOrZero, Tag("everywhere")] | Annotated[dict[str, DocksOrZero], Field(min_length=1), Tag("places")],
    _by_place,
]
"""The same of days on which there may be none."""


def at_each(value: Value | Mapping[str, Value], names: Sequence[str], otherwise: Value | None = None) -> list[Value]:
    """The value at each of these places; checks see to it that there is one (`simsupply.checks.by_place`).

    `otherwise`: where there is none, until checks have looked.

    >>> at_each({"default": 8, "north_market": 20}, ["depot", "north_market"]), at_each(3, ["depot"])
    ([8, 20], [3])
    """
    if not isinstance(value, Mapping):
        return [value] * len(names)
    rest = value.get(DEFAULT, otherwise)
    return [cast("Value", value.get(name, rest)) for name in names]


def values_of(value: Value | Mapping[str, Value]) -> Iterable[Value]:
    """All values that occur."""
    return value.values() if isinstance(value, Mapping) else (value,)
