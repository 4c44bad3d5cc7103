"""Docks on days that differ: from a day on, or on weekdays."""

from __future__ import annotations

from typing import Annotated

from simsupply.base.quantities import DocksOrZero
from simsupply.base.spec import key_help
from simsupply.scenario.by_day import ByDay
from simsupply.scenario.by_place import DocksOrZeroByPlace

_DOCKS_HELP = key_help(
    "Vehicles that can be loaded at the same time on these days; 0: none. Who is being loaded at midnight is finished.",
    "这些日子可同时装车的车辆数；0 表示不装车。午夜正在装的车装完为止。",
    example=3,
)


class DocksByDay(ByDay):
    """Docks of places laid out by a rule on days that differ."""

    docks: Annotated[DocksOrZeroByPlace, _DOCKS_HELP]


class ListedDocksByDay(ByDay):
    """Docks of a listed place on days that differ."""

    docks: Annotated[DocksOrZero, _DOCKS_HELP]
