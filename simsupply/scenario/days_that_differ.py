"""Days on which a number differs: from a day on, or on weekdays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from simsupply.base.quantities import DocksOrZero
from simsupply.base.spec import Spec, key_help
from simsupply.scenario.by_place import DocksOrZeroByPlace
from simsupply.scenario.tiers import Day, day_number
from simsupply.scenario.weekdays import Weekday


class DayThatDiffers(Spec):
    """When it holds: from `from_day` on, and where `weekdays` are named on those only."""

    from_day: Annotated[
        Day, key_help("Day from which on it holds, number or date.", "自哪一天起适用：日序号或日期。", example=5)
    ] = 0
    weekdays: Annotated[
        tuple[Weekday, ...],
        key_help(
            "Only on these days of the week; without, every day.",
            "仅在一周中的这些日子适用；不填则每天适用。",
            example=["sat", "sun"],
        ),
    ] = ()


_DOCKS_HELP = key_help(
    "Vehicles that can be loaded at the same time on these days; 0: none. Who is being loaded at midnight is finished.",
    "这些日子可同时装车的车辆数；0 表示不装车。午夜正在装的车装完为止。",
    example=3,
)


class DocksByDay(DayThatDiffers):
    """Docks of places laid out by a rule on days that differ."""

    docks: Annotated[DocksOrZeroByPlace, _DOCKS_HELP]


class ListedDocksByDay(DayThatDiffers):
    """Docks of a listed place on days that differ."""

    docks: Annotated[DocksOrZero, _DOCKS_HELP]


def rows_by_day(
    rows: Sequence[DayThatDiffers], weekdays: Sequence[Weekday], start_date: str | None
) -> list[tuple[int, ...]]:
    """Which entries of `by_day` hold on each day; the last of them says the number."""
    first = [day_number(row.from_day, start_date) for row in rows]
    return [
        tuple(
            number
            for number, row in enumerate(rows)
            if first[number] <= day and (not row.weekdays or weekday in row.weekdays)
        )
        for day, weekday in enumerate(weekdays)
    ]
