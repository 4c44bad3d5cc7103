"""Shifts, and on which days they differ: from a day on, on weekdays, days off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from simsupply.base.problems import Misfit
from simsupply.base.quantities import WholeDays
from simsupply.base.spec import MINUTES_PER_DAY, Spec, TimeOfDay, key_help, time_text
from simsupply.scenario.by_day import ByDay
from simsupply.scenario.by_place import HeadcountByPlace
from simsupply.scenario.weekdays import WEEKDAYS, Weekday


class Break(Spec):
    """A pause inside a shift; in one that ends the next day, it may lie on either side of midnight."""

    start: TimeOfDay
    end: TimeOfDay


class Shift(Spec):
    """A daily working period; each shift of a crew has people of its own.

    With an `end` at its `start` or before it, it ends the next day: one duty of the same people, of the day on
    which it begins.
    """

    start: Annotated[
        TimeOfDay,
        key_help(
            "Start of the shift, HH:MM; the duty is of the day on which it begins.",
            "上班时间，HH:MM；按开始那天计入。",
            example="22:00",
        ),
    ]
    end: Annotated[
        TimeOfDay,
        key_help(
            "End of the shift, HH:MM; at the start or before it: on the next day (08:00 to 08:00 is 24 hours).",
            "下班时间，HH:MM；不晚于上班时间的为次日下班（08:00 至 08:00 为 24 小时）。",
            example="06:00",
        ),
    ]
    breaks: tuple[Break, ...] = ()

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.start >= MINUTES_PER_DAY:
            raise Misfit("shift_starts_before_midnight")
        at = self.start
        for start, end in self.pauses():
            if not at <= start < end <= self.until:
                raise Misfit("breaks_inside_shift")
            at = end
        return self

    @property
    def until(self) -> float:
        """End of the shift in minutes since the midnight before its start."""
        return self.end if self.end > self.start else self.end + MINUTES_PER_DAY

    @property
    def ends_next_day(self) -> bool:
        """Whether the duty goes on after midnight."""
        return self.until > MINUTES_PER_DAY

    def pauses(self) -> list[tuple[float, float]]:
        """Breaks in minutes since the midnight before the start of the shift."""
        found = []
        for pause in self.breaks:
            start = pause.start + (MINUTES_PER_DAY if pause.start < self.start else 0.0)
            end = pause.end + (MINUTES_PER_DAY if pause.end < start else 0.0)
            found.append((start, end))
        return found

    def periods(self) -> list[tuple[float, float]]:
        """Working periods in minutes since the midnight before the start of the shift, breaks taken out."""
        return _outside(self.pauses(), self.start, self.until)

    def periods_without(self, hours: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        """Working periods outside further hours (minutes of every day, in order) as well."""
        every_day = [(start + day, end + day) for day in (0.0, MINUTES_PER_DAY) for start, end in hours]
        return _outside([*self.pauses(), *every_day], self.start, self.until)

    def without(self, hours: Sequence[tuple[float, float]]) -> Shift:
        """The same shift with further breaks (minutes of every day), as far as it is on then."""
        work = self.periods_without(hours)
        bounds = [self.start, *(minute for period in work for minute in period), self.until]
        pauses = [(start, end) for start, end in zip(bounds[::2], bounds[1::2], strict=True) if start < end]
        # Minutes since the midnight before the start, beyond what a file may say.
        breaks = tuple(Break.model_construct(start=start, end=end) for start, end in pauses)
        return self.model_copy(update={"breaks": breaks})


def _outside(spans: Sequence[tuple[float, float]], start: float, end: float) -> list[tuple[float, float]]:
    """What of the time from `start` to `end` lies outside these spans, in order."""
    left, at = [], start
    for since, until in sorted(spans):
        if at < min(since, end):
            left.append((at, min(since, end)))
        at = max(at, until)
    return [*left, (at, end)] if at < end else left


def span_text(shift: Shift) -> str:
    """From when to when, ``22:00-06:00``."""
    return f"{time_text(shift.start)}-{time_text(shift.end)}"


def _without_overlap(shifts: tuple[Shift, ...]) -> tuple[Shift, ...]:
    ordered = sorted(shifts, key=lambda shift: shift.start)
    # The first one of the next day comes after the last.
    coming = [*((shift, shift.start) for shift in ordered[1:]), (ordered[0], ordered[0].start + MINUTES_PER_DAY)]
    for earlier, (later, later_start) in zip(ordered, coming, strict=True):
        if later_start < earlier.until:
            raise Misfit("shifts_without_overlap", first=span_text(earlier), second=span_text(later))
    return shifts


ShiftList = Annotated[tuple[Shift, ...], Field(min_length=1), AfterValidator(_without_overlap)]
"""Shifts of one day at one place; people of one do not work another."""


def _one_or_places(value: Any) -> str:
    return "places" if isinstance(value, Mapping) else "everywhere"


ShiftsByPlace = Annotated[
    Annotated[ShiftList, Tag("everywhere")] | Annotated[dict[str, ShiftList], Field(min_length=1), Tag("places")],
    Discriminator(_one_or_places),
]
"""Shifts of every place, or lists of shifts by name of place, ``default`` for the others."""


# --- days that differ -----------------------------------------------------------------------------


class _ShiftsByDay(ByDay):
    """Shifts on days that differ."""

    shifts: Annotated[
        ShiftsByPlace | None,
        key_help(
            "Shifts on these days: a list, or lists by name of place; without it, the usual ones.",
            "这些日子的班次：一张列表，或按地点名分列；不填则照常。",
            example=[{"start": "08:00", "end": "12:00"}],
        ),
    ] = None


class CrewByDay(_ShiftsByDay):
    """People and shifts of a crew on days that differ."""

    headcount: Annotated[
        HeadcountByPlace | None,
        key_help(
            "People on each shift at each place on these days; 0: nobody works. Without it, as usual.",
            "这些日子每处每班人数；0 表示不上班。不填则照常。",
            example=12,
        ),
    ] = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.headcount is None and self.shifts is None:
            raise Misfit("day_that_differs", first="headcount")
        return self


class FleetByDay(_ShiftsByDay):
    """Vehicles and shifts of a fleet on days that differ."""

    count: Annotated[
        HeadcountByPlace | None,
        key_help(
            "Vehicles at each place on these days; 0: none drives. Without it, as usual.",
            "这些日子每处车辆数；0 表示不出车。不填则照常。",
            example=4,
        ),
    ] = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.count is None and self.shifts is None:
            raise Misfit("day_that_differs", first="count")
        return self


class DaysOff(Spec):
    """Days on which people of a crew do not work: the same weekdays for all, or so many in turn.

    In turn, person i of shift k at place p (all counted from 0) has worked i + k + p days of the first round of
    `after_days` + `days` when day 0 begins, so that about as many are there on every day.
    """

    weekdays: Annotated[
        tuple[Weekday, ...],
        key_help("Days of the week on which nobody works.", "全员休息的星期几。", example=["sun"]),
    ] = ()
    after_days: Annotated[
        WholeDays | None,
        key_help(
            "Days of work between days off, in turn over people.",
            "轮休时连续工作的天数，人员错开。",
            unit="days",
            example=5,
        ),
    ] = None
    days: Annotated[
        WholeDays | None,
        key_help("Days off in a row, in turn over people.", "轮休时连续休息的天数，人员错开。", unit="days", example=2),
    ] = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.after_days is None) != (self.days is None) or bool(self.weekdays) == (self.days is not None):
            raise Misfit("days_off_one_way")
        if len(set(self.weekdays)) == len(WEEKDAYS):
            raise Misfit("days_off_leave_a_day")
        return self


def lists_of(usual: ShiftsByPlace, by_day: Sequence[CrewByDay | FleetByDay]) -> Iterator[tuple[str, tuple[Shift, ...]]]:
    """All lists of shifts of a crew or fleet, each with its key."""
    yield from _lists("shifts", usual)
    for number, day in enumerate(by_day):
        if day.shifts is not None:
            yield from _lists(f"by_day.{number}.shifts", day.shifts)


def _lists(key: str, shifts: Any) -> Iterator[tuple[str, tuple[Shift, ...]]]:
    if isinstance(shifts, Mapping):
        for name, of_place in shifts.items():
            yield f"{key}.{name}", of_place
    else:
        yield key, shifts
