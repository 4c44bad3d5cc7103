"""What a scenario file may say of crews and vehicles: how many, when, and what holds them up."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

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
from simsupply.base.spec import Name, Spec, Title, key_help
from simsupply.scenario.by_place import HeadcountByPlace
from simsupply.scenario.paces import STANDARD_PACE, Pace
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
from simsupply.scenario.shifts import CrewByDay, DaysOff, FleetByDay, Shift, ShiftsByPlace, lists_of
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
Serves = Literal["downstream_first", "upstream_first", "longest_wait", "in_order"]


_TITLE = key_help(
    "What readers see; without it the name of the crew or fleet.",
    "读者看到的名称；不填时用班组或车队自己的名字。",
    example={"en": "Night shift", "zh": "夜班"},
)


SHIFTS_HELP = key_help(
    "Daily working periods, each with people (or vehicles) of its own: a list, or lists by name of place.",
    "每日班次，每班各有人员（或车辆）：一张列表，或按地点名分列。",
    example=[{"start": "22:00", "end": "06:00"}],
)


class Breakdown(Spec):
    """Servers that are down now and then: a vehicle that breaks, a worker who is called away.

    Each is up and down in turn, day and night, for exponential times. Work in hand pauses and goes
    on with the same server; down time counts neither as work nor as duty.
    """

    mean_up_hours: HoursBetween
    mean_down_hours: HoursBetween


class Crew(Spec):
    """Interchangeable people with one task, or several, at one kind of place.

    `headcount` is people per shift and place; `households_per_worker` sizes the crew of each place by
    the households it serves instead, rounded up; `extra` people come on top of either, per shift and
    place. `at_shift_end` is what happens to work in hand at the end
    of a shift and at the start of a break: it is finished in overtime; it pauses until the same
    person is back on duty; it is handed over with what is left of it, ahead of everything not
    yet begun, to the next person who is free and on duty; or it was not begun, because what does
    not ``fit`` into the rest of the shift waits for the next one.

    `people`: paid workers, volunteers, or no people at all but ``equipment`` that serves one order
    at a time (boxes of a parcel locker, room for one customer in a shop); equipment is always there.

    `by_day` and `days_off` say which days are different, see `simsupply.scenario.shifts`.

    `commute`, `tests` and `disinfection` take the place of the scenario's; what is said by
    `productivity`, `arrivals` and `reassign`, see `simsupply.scenario.people`.

    A crew may work at several steps of a channel, and in the seats of fleets (`Fleet.drivers`). `serves` then says
    which unit somebody who is free takes next; see `docs/model.md`, *Crews that do several things*.
    """

    title: Annotated[Title | None, _TITLE] = None
    at: PlaceKind
    people: People = "worker"
    pace: Annotated[
        Name | None,
        key_help(
            "Kind of worker: a row of staffing.paces or of configs/paces/published.yaml; without it, the row of"
            " staffing.paces named as people says, if there is one.",
            "人员类别，即 staffing.paces 或 configs/paces/published.yaml 中的一行；"
            "不填时取 staffing.paces 中与 people 同名的一行（如有）。",
            example="volunteer_packer",
        ),
    ] = None
    serves: Annotated[
        Serves | None,
        key_help(
            "Which unit a free person of a crew with several steps takes next: of the step nearest to the end of the"
            " channel (downstream_first, the rule without this key), of the one farthest from it (upstream_first), the"
            " one ready longest (longest_wait), or by the list serves_order (in_order).",
            "一个班组承担多个步骤时，空闲人员下一件做什么：最靠近渠道末端的步骤优先（downstream_first，不填即此规则）、"
            "最靠前的步骤优先（upstream_first）、等待最久者优先（longest_wait），"
            "或按 serves_order 所列次序（in_order）。",
            example="longest_wait",
        ),
    ] = None
    serves_order: Annotated[
        tuple[str, ...],
        key_help(
            "With serves: in_order, the steps of the crew, the one that goes first at the front; legs it drives too.",
            "serves 为 in_order 时：该班组承担的步骤，最优先者在前；其驾驶的运输步骤也要列入。",
            example=["door", "deliver", "pack"],
        ),
    ] = ()
    headcount: Annotated[
        HeadcountByPlace | None,
        key_help(
            "People on each shift at each place: a number, or numbers by name of place, default for the others.",
            "每处每班人数：一个数，或按地点名分列，`default` 用于其余地点。",
            example={"default": 8, "north_market": 20},
        ),
    ] = None
    households_per_worker: HouseholdsEach | None = None
    extra: Headcount = 0
    shifts: Annotated[ShiftsByPlace, SHIFTS_HELP]
    by_day: Annotated[
        tuple[CrewByDay, ...],
        key_help(
            "Other people or shifts from a day on or on weekdays; of several that hold on a day the last one counts.",
            "自某天起或在某些星期几另定人数或班次；同一天有多条适用时以最后一条为准。",
            example=[{"from_day": 5, "headcount": 12}],
        ),
    ] = ()
    days_off: Annotated[
        DaysOff | None,
        key_help(
            "Days on which people do not work: weekdays for all, or days off in turn.",
            "休息日：全员固定星期几休息，或轮流休息。",
            example={"after_days": 5, "days": 2},
        ),
    ] = None
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
        if (self.serves == "in_order") != bool(self.serves_order):
            raise Misfit("serves_order_with_in_order")
        if len(set(self.serves_order)) < len(self.serves_order):
            raise Misfit("each_step_of_serves_order_once")
        return self

    @property
    def shift_lists(self) -> list[tuple[str, tuple[Shift, ...]]]:
        """All lists of shifts that hold anywhere on any day, each with its key below the crew."""
        return list(lists_of(self.shifts, self.by_day))


class Staffing(Spec):
    """Who comes to work.

    Attributes
    ----------
    attendance
        Holds for every crew and driver that has none of its own: a level, a series by day, or a distribution from
        which one level is drawn for each replication (`simsupply.scenario.drawn_attendance`).
    commute
        Checkpoints on the way to work, for every crew of workers and driver that has none of its own.
    stand_ins
        Which crew does the work of a crew that is not in `crews`.
    tests, disinfection
        For every crew of people (`tests`: and driver) that has none of its own.
    closed_loop
        Staff who live on site, by kind of place.
    infections
        Infections of staff.
    paces
        Kinds of workers and how long each takes, in times the minutes that the steps say.
    max_shift_hours, min_rest_hours
        The law: working hours of a shift without its breaks, and rest until the next day's.
    """

    attendance: Attendance
    crews: dict[Name, Crew]
    commute: Commute | None = None
    tests: Tests | None = None
    disinfection: Disinfection | None = None
    stand_ins: Annotated[
        dict[Name, Name],
        key_help(
            "Crews that this plan does not have, each with the crew whose people do its work: a step of a channel that"
            " names the first is done by the second.",
            "本方案未设的班组，以及由哪个班组的人员承担其工作：渠道步骤写明前者时，由后者完成。",
            example={"clerks": "site_workers"},
        ),
    ] = Field(default_factory=dict)
    closed_loop: dict[PlaceKind, ClosedLoop] = Field(default_factory=dict)
    infections: Infections | None = None
    paces: Annotated[
        dict[Name, Pace],
        key_help(
            "Kinds of workers: for each, how many times the minutes of the steps an order, line, parcel, kg,"
            " consignment, load or door takes; worker and volunteer hold for crews of these people that name no other.",
            "人员类别表：每类人员完成每单、每行、每件、每公斤、每批、每车、每户所用时间为步骤所填分钟数的几倍；"
            "worker 与 volunteer 两行适用于未另行指定类别的相应班组。",
            example={"volunteer": {"order": 1.5, "line": 2.0}},
        ),
    ] = Field(default_factory=dict)
    sized_by: Annotated[
        Literal["normal_week"] | None,
        key_help(
            "What the numbers of paid people claim to be sized by. normal_week: with everybody there "
            "and the tier of normal"
            " times, paid crews of stages are busy 0.60 to 0.85 of their hours; a plan in which one is not is refused.",
            "受薪人员数量按什么配备。normal_week：全员到岗、平时管控等级下，各环节受薪班组忙碌率为 0.60 至 "
            "0.85；否则拒绝该方案。",
            example="normal_week",
        ),
    ] = None
    max_shift_hours: Annotated[float, Field(gt=0, le=24)] | None = None
    min_rest_hours: Annotated[float, Field(ge=0, le=24)] | None = None

    def pace_of(self, crew: Crew) -> Pace:
        """How long the people of a crew take."""
        return self._row(crew.pace, crew.people)

    def pace_of_arrivals(self, crew: Crew) -> Pace:
        """How long those take who join it later."""
        arrivals = crew.arrivals
        if arrivals is None or (arrivals.pace is None and arrivals.people is None):
            return self.pace_of(crew)
        return self._row(arrivals.pace, arrivals.people or crew.people)

    def _row(self, name: str | None, people: People) -> Pace:
        if people == "equipment":
            return STANDARD_PACE
        return self.paces.get(people if name is None else name, STANDARD_PACE)


def _hours_of_vehicles(said: dict[str, Any]) -> tuple[Shift, ...]:
    """Vehicles that a crew drives need no hours of their own; others must say theirs."""
    return () if said.get("drivers") is None else (Shift(start="00:00", end="24:00"),)  # type: ignore[arg-type]


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
    drivers
        The crew whose people are in its seats. The vehicles are then always there in the hours of `shifts` (without
        that key, day and night), work no hours of their own, and stand while nobody of the crew is free.
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
    count: Annotated[
        HeadcountByPlace | None,
        key_help(
            "Vehicles at each place: a number, or numbers by name of place, default for the others.",
            "每处车辆数：一个数，或按地点名分列，`default` 用于其余地点。",
            example={"default": 2, "north_market": 5},
        ),
    ] = None
    households_per_vehicle: HouseholdsEach | None = None
    extra: Headcount = 0
    payload_kg: Kg
    payload_parcels: Count
    speed_km_h: KmPerHour
    speed_cv: CoefficientOfVariation = 0.0
    road_speed_km_h: RoadSpeeds | None = None
    tier_speed_factor: dict[TierName, Multiplier] = Field(default_factory=dict)
    people_per_vehicle: CountOrZero = 1
    drivers: Annotated[
        Name | None,
        key_help(
            "Crew at the base of the fleet whose people are in its seats, people_per_vehicle in each vehicle; without"
            " it every vehicle has drivers of its own. Their pace changes no minutes of the leg.",
            "由哪个班组的人员驾驶和随车（须在车队所在地点），每车 people_per_vehicle 人；不填时每辆车有自己的司机。"
            "装卸和行驶时间按运输环节，与其人员类别无关。",
            example="staff",
        ),
    ] = None
    handling: Handling | None = None
    length_m: Metres | None = None
    max_trip_km: Km | None = None
    shifts: Annotated[ShiftsByPlace, SHIFTS_HELP] = Field(default_factory=_hours_of_vehicles)
    by_day: Annotated[
        tuple[FleetByDay, ...],
        key_help(
            "Other vehicles or shifts from a day on or on weekdays; of several that hold on a day the last one counts.",
            "自某天起或在某些星期几另定车辆数或班次；同一天有多条适用时以最后一条为准。",
            example=[{"from_day": 5, "count": 4}],
        ),
    ] = ()
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
        if not self.shifts:
            raise Misfits(("shifts", None, message("required")))
        found: list[tuple[str, object, Message]] = []
        hours_of_all = [shift for _, shifts in self.shift_lists for shift in shifts]
        if self.curfew and not all(shift.periods_without(self.curfew.hours()) for shift in hours_of_all):
            hours = self.curfew.model_dump(by_alias=True)
            found.append(("curfew", hours, message("curfew_leaves_hours_of_shifts")))
        if self.people_per_vehicle == 0:
            for key, value in (("attendance", self.attendance), ("rest", self.rest)):
                if value is not None:
                    found.append((key, value, message("nothing_for_unmanned_vehicle")))
        if self.drivers is not None:
            if self.people_per_vehicle == 0:
                found.append(("people_per_vehicle", 0, message("seats_for_drivers")))
            found += [
                (key, value, message("said_by_crew_of_drivers", crew=self.drivers))
                for key in ("attendance", "commute", "tests", "rest")
                if (value := getattr(self, key)) is not None
            ]
        if found:
            raise Misfits(*found)
        return self

    @property
    def shift_lists(self) -> list[tuple[str, tuple[Shift, ...]]]:
        """All lists of shifts that hold anywhere on any day, each with its key below the fleet."""
        return list(lists_of(self.shifts, self.by_day))

    def working_hours(self, shift: Shift) -> Shift:
        """A shift without the hours of the curfew."""
        return shift.without(self.curfew.hours()) if self.curfew else shift

    def speed_on(self, road: Road | None) -> float:
        """Speed on a class of road, km/h."""
        return (self.road_speed_km_h.on(road) if self.road_speed_km_h else None) or self.speed_km_h
