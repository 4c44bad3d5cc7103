"""What a scenario file may say of crews and vehicles: how many, when, and what holds them up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from simsupply.base.catalogue import Message, message
from simsupply.base.problems import Misfit, Misfits
from simsupply.base.quantities import (
    CoefficientOfVariation,
    Count,
    CountOrZero,
    Headcount,
    HoursBetween,
    HouseholdsEach,
    Kg,
    Km,
    KmPerHour,
    Metres,
    Multiplier,
)
from simsupply.base.spec import MINUTES_PER_DAY, Name, Spec, TimeOfDay, Title, key_help, time_text
from simsupply.scenario.people import (
    Arrivals,
    Attendance,
    ClosedLoop,
    Commute,
    Disinfection,
    Infections,
    Productivity,
    Reassignment,
    Tests,
)
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.scenario.tiers import TierName
from simsupply.scenario.vehicles import (
    Curfew,
    Handling,
    Passes,
    Requisition,
    Rest,
    Road,
    RoadSpeeds,
    VehicleDisinfection,
)

ShiftEnd = Literal["finish", "pause", "hand_over", "fit"]
People = Literal["worker", "volunteer", "equipment"]


_TITLE = key_help(
    "What readers see; without it the name of the crew or fleet.",
    "读者看到的名称；不填时用班组或车队自己的名字。",
    example={"en": "Night shift", "zh": "夜班"},
)


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


def _check_shifts(shifts: tuple[Shift, ...]) -> None:
    ordered = sorted(shifts, key=lambda shift: shift.start)
    # The first one of the next day comes after the last.
    coming = [*((shift, shift.start) for shift in ordered[1:]), (ordered[0], ordered[0].start + MINUTES_PER_DAY)]
    for earlier, (later, later_start) in zip(ordered, coming, strict=True):
        if later_start < earlier.until:
            first, second = (f"{time_text(shift.start)}-{time_text(shift.end)}" for shift in (earlier, later))
            raise Misfit("shifts_without_overlap", first=first, second=second)


class Breakdown(Spec):
    """Servers that are down now and then: a vehicle that breaks, a worker who is called away.

    Each is up and down in turn, day and night, for exponential times. Work in hand pauses and goes
    on with the same server; down time counts neither as work nor as duty.
    """

    mean_up_hours: HoursBetween
    mean_down_hours: HoursBetween


class Crew(Spec):
    """Interchangeable people with one task at one kind of place.

    `headcount` is people per shift and place; `households_per_worker` sizes the crew of each place by
    the households it serves instead, rounded up; `extra` people come on top of either, per shift and
    place. `at_shift_end` is what happens to work in hand at the end
    of a shift and at the start of a break: it is finished in overtime; it pauses until the same
    person is back on duty; it is handed over with what is left of it, ahead of everything not
    yet begun, to the next person who is free and on duty; or it was not begun, because what does
    not ``fit`` into the rest of the shift waits for the next one.

    `people`: paid workers, volunteers, or no people at all but ``equipment`` that serves one order
    at a time (boxes of a parcel locker, room for one customer in a shop); equipment is always there.

    `commute`, `tests` and `disinfection` take the place of the scenario's; what is said by
    `productivity`, `arrivals` and `reassign`, see `simsupply.scenario.people`.
    """

    title: Annotated[Title | None, _TITLE] = None
    at: PlaceKind
    people: People = "worker"
    headcount: Headcount | None = None
    households_per_worker: HouseholdsEach | None = None
    extra: Headcount = 0
    shifts: Annotated[tuple[Shift, ...], Field(min_length=1)]
    at_shift_end: ShiftEnd
    attendance: Attendance | None = None
    breakdown: Breakdown | None = None
    commute: Commute | None = None
    tests: Tests | None = None
    disinfection: Disinfection | None = None
    productivity: Productivity | None = None
    arrivals: Arrivals | None = None
    reassign: Reassignment | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.headcount is None) == (self.households_per_worker is None):
            raise Misfit("exactly_one_of_two", first="headcount", second="households_per_worker")
        _check_shifts(self.shifts)
        return self


class Staffing(Spec):
    """Who comes to work.

    Attributes
    ----------
    attendance
        Holds for every crew and driver that has none of its own.
    commute
        Checkpoints on the way to work, for every crew of workers and driver that has none of its own.
    tests, disinfection
        For every crew of people (`tests`: and driver) that has none of its own.
    closed_loop
        Staff who live on site, by kind of place.
    infections
        Infections of staff.
    max_shift_hours, min_rest_hours
        The law: working hours of a shift without its breaks, and rest until the next day's.
    """

    attendance: Attendance
    crews: dict[Name, Crew]
    commute: Commute | None = None
    tests: Tests | None = None
    disinfection: Disinfection | None = None
    closed_loop: dict[PlaceKind, ClosedLoop] = Field(default_factory=dict)
    infections: Infections | None = None
    max_shift_hours: Annotated[float, Field(gt=0, le=24)] | None = None
    min_rest_hours: Annotated[float, Field(ge=0, le=24)] | None = None


class Fleet(Spec):
    """Vehicles of one type at each place of one kind; one driver crew per vehicle and shift.

    `count` is vehicles per place; `households_per_vehicle` sizes the fleet of each place by the
    households it serves instead, rounded up; `extra` vehicles come on top of either. Who is under
    way at the end of a shift finishes the trip; a breakdown prolongs the trip. `commute` and `tests`
    are those of the drivers.

    Attributes
    ----------
    type
        The vehicle of the catalogue ``configs/vehicle/`` whose values reading (`simsupply.config`) has laid under
        the fleet's own; for information only.
    speed_km_h, road_speed_km_h, tier_speed_factor
        Speed; by class of road, on legs that have one; and what it is multiplied by on the way to a
        compound under a tier (that of the first order on board).
    people_per_vehicle
        0 for an unmanned vehicle: it is always there, and works no hours.
    handling
        See `Handling`; without it, what the leg says.
    length_m
        For docks that are too short for some.
    max_trip_km
        Road to the destination at most (to the last stop of a milk run): loads that go farther are left
        to other fleets of the leg.
    disinfection, rest, curfew, passes, requisition
        See there; each may be absent.
    assists
        Another fleet at the same kind of place: on every leg of that one, loads may go by this one too,
        as if the leg named both (requisitioned buses beside the vans).
    """

    title: Annotated[Title | None, _TITLE] = None
    type: str | None = None
    at: PlaceKind
    count: Headcount | None = None
    households_per_vehicle: HouseholdsEach | None = None
    extra: Headcount = 0
    payload_kg: Kg
    payload_parcels: Count
    speed_km_h: KmPerHour
    speed_cv: CoefficientOfVariation = 0.0
    road_speed_km_h: RoadSpeeds | None = None
    tier_speed_factor: dict[TierName, Multiplier] = Field(default_factory=dict)
    people_per_vehicle: CountOrZero = 1
    handling: Handling | None = None
    length_m: Metres | None = None
    max_trip_km: Km | None = None
    shifts: Annotated[tuple[Shift, ...], Field(min_length=1)]
    attendance: Attendance | None = None
    breakdown: Breakdown | None = None
    commute: Commute | None = None
    tests: Tests | None = None
    disinfection: VehicleDisinfection | None = None
    rest: Rest | None = None
    curfew: Curfew | None = None
    passes: Passes | None = None
    requisition: Requisition | None = None
    assists: Name | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.count is None) == (self.households_per_vehicle is None):
            raise Misfit("exactly_one_of_two", first="count", second="households_per_vehicle")
        _check_shifts(self.shifts)
        found: list[tuple[str, object, Message]] = []
        if self.curfew and not all(shift.periods_without(self.curfew.hours()) for shift in self.shifts):
            hours = self.curfew.model_dump(by_alias=True)
            found.append(("curfew", hours, message("curfew_leaves_hours_of_shifts")))
        if self.people_per_vehicle == 0:
            for key, value in (("attendance", self.attendance), ("rest", self.rest)):
                if value is not None:
                    found.append((key, value, message("nothing_for_unmanned_vehicle")))
        if found:
            raise Misfits(*found)
        return self

    @property
    def working_shifts(self) -> tuple[Shift, ...]:
        """Shifts without the hours of the curfew."""
        return tuple(shift.without(self.curfew.hours()) for shift in self.shifts) if self.curfew else self.shifts

    def speed_on(self, road: Road | None) -> float:
        """Speed on a class of road, km/h."""
        return (self.road_speed_km_h.on(road) if self.road_speed_km_h else None) or self.speed_km_h
