"""Numbers that are different on some days: from a day on, on weekdays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import Spec, key_help
from simsupply.scenario.tiers import Day, day_number
from simsupply.scenario.weekdays import WEEKDAYS, Weekday

FloatArray = NDArray[np.float64]


class ByDay(Spec):
    """When an entry holds: from `from_day` on, and where `weekdays` are named on those only."""

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


def rows_by_day(rows: Iterable[ByDay], weekdays: Sequence[Weekday], start_date: str | None) -> list[tuple[int, ...]]:
    """Which entries hold on each day, given what weekday it is."""
    rows = list(rows)
    first = [day_number(row.from_day, start_date) for row in rows]
    return [
        tuple(
            number
            for number, row in enumerate(rows)
            if first[number] <= day and (not row.weekdays or weekday in row.weekdays)
        )
        for day, weekday in enumerate(weekdays)
    ]


def weekdays_from(first_weekday: int, num_days: int) -> list[Weekday]:
    """Weekday of each day; day 0 is `first_weekday`, 0 being Monday."""
    return [WEEKDAYS[(first_weekday + day) % 7] for day in range(num_days)]


def number_by_day(
    usual: float, rows: Sequence[ByDay], key: str, weekdays: Sequence[Weekday], start_date: str | None
) -> FloatArray:
    """A number on each day, shape (days,): what the last entry says that holds and names it, else the usual one."""
    values = np.full(len(weekdays), float(usual))
    for day, holding in enumerate(rows_by_day(rows, weekdays, start_date)):
        for number in holding:
            said = getattr(rows[number], key)
            values[day] = values[day] if said is None else said
    return values
