"""What a scenario file may say: places, households, demand, staff and vehicles, with ranges.

Units stand in the key names (``_km``, ``_kg``, ``_days``); times of day are ``"HH:MM"``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from simsupply.config.spec import (
    Count,
    CountOrZero,
    Misfits,
    Name,
    NonNegative,
    Positive,
    Range,
    Share,
    Spec,
    TimeOfDay,
    Title,
)
from simsupply.scenario.goods import Goods
from simsupply.scenario.kinds import PlaceKind
from simsupply.scenario.shocks import Shock
from simsupply.scenario.tiers import TierName, Tiers
from simsupply.scenario.vehicles import (
    Curfew,
    Disinfection,
    Handling,
    Passes,
    Requisition,
    Rest,
    Road,
    RoadSpeeds,
    VehicleType,
    laid_over_type,
)

ShiftEnd = Literal["finish", "pause", "hand_over", "fit"]
People = Literal["worker", "volunteer", "equipment"]
CensusTable = Literal["changchun", "demo"]
CensusUnits = Literal["core", "all"]
MAX_HOUSEHOLDS = 20_000_000
MAX_KINDS = 7


# --- places -----------------------------------------------------------------------------------


class SpreadPlaces(Spec):
    """So many places of one kind, put by rule somewhere in the area.

    `floor_parcels`: parcels there is room for at each (none: no limit). A vehicle whose load does
    not fit waits, first come, first served, before it unloads. A parcel leaves a drop point when
    it is delivered, a station when the vehicle that takes it on has been loaded.

    `docks`: vehicles that can be loaded at the same time; `max_length_m`: the longest that fits;
    `unload_docks`, at stations: vehicles that can be unloaded at the same time (none: no limit), first
    come, first served.
    """

    count: Count
    docks: Count = 1
    max_length_m: Positive | None = None
    unload_docks: Count | None = None
    floor_parcels: Count | None = None


class SpreadGeography(Spec):
    """Places spread over a disc by a seeded rule; households shared evenly among drop points."""

    kind: Literal["spread"]
    radius_km: Positive
    detour_factor: Annotated[float, Field(ge=1, le=3)]
    world_seed: CountOrZero
    households: Annotated[int, Field(ge=1, le=MAX_HOUSEHOLDS)]
    depots: SpreadPlaces
    stations: SpreadPlaces | None = None
    drop_points: SpreadPlaces

    @model_validator(mode="after")
    def _enough_households(self) -> Self:
        if self.depots.floor_parcels is not None:
            raise ValueError("floor_parcels at stations and drop_points only")
        if self.depots.unload_docks is not None or self.drop_points.unload_docks is not None:
            raise ValueError("unload_docks at stations only")
        if self.households < self.drop_points.count:
            raise ValueError(
                f"at least one household per drop point (households {self.households}, "
                f"drop_points.count {self.drop_points.count})"
            )
        return self


class ListedDepot(Spec):
    """A depot named by the user; `max_length_m` as in `SpreadPlaces`."""

    name: Name
    docks: Count = 1
    max_length_m: Positive | None = None


class ListedStation(Spec):
    """A transfer station named by the user, with its distance from the depot that feeds it.

    `max_length_m`, `unload_docks` and `floor_parcels` as in `SpreadPlaces`.
    """

    name: Name
    docks: Count = 1
    max_length_m: Positive | None = None
    unload_docks: Count | None = None
    floor_parcels: Count | None = None
    depot: Name
    distance_km: Positive


class ListedDropPoint(Spec):
    """A drop point named by the user, with its distance from its depot or station.

    `floor_parcels` as in `SpreadPlaces`.
    """

    name: Name
    households: Annotated[int, Field(ge=1, le=MAX_HOUSEHOLDS)]
    distance_km: Positive
    depot: Name | None = None
    station: Name | None = None
    floor_parcels: Count | None = None


class ListedGeography(Spec):
    """Places listed one by one with road distances, as a plan on paper has them."""

    kind: Literal["listed"]
    world_seed: CountOrZero = 0
    depots: Annotated[tuple[ListedDepot, ...], Field(min_length=1)]
    stations: tuple[ListedStation, ...] = ()
    drop_points: Annotated[tuple[ListedDropPoint, ...], Field(min_length=1)]


class RingDepots(Spec):
    """Depots on a circle around the city proper, each facing as many households.

    `per_outer_unit` more stand in every district outside the city proper.
    """

    count: Count
    docks: Count = 1
    max_length_m: Positive | None = None
    ring_km: Positive
    per_outer_unit: CountOrZero = 0


class DistrictStations(Spec):
    """What the transfer stations of a district have; `stations_per_district` says how many.

    `max_length_m` as in `SpreadPlaces`.
    """

    docks: Count = 1
    max_length_m: Positive | None = None


class CensusGeography(Spec):
    """A city from a census table: the table gives districts and communities, a rule the rest.

    `docs/places.md` describes the rule. The densities give the size of built-up and of rural
    areas; `village_weight` is the mean number of households of a village, measured in
    residents' communities, and `community_sigma` how much communities of one kind differ
    (standard deviation of the logarithm). `special_units` adds the places that have a division
    code but no committee.
    """

    kind: Literal["census"]
    table: CensusTable
    units: CensusUnits
    special_units: bool = False
    world_seed: CountOrZero
    detour_factor: Annotated[float, Field(ge=1, le=3)]
    urban_persons_per_km2: Positive
    rural_persons_per_km2: Positive
    village_weight: Positive
    community_sigma: Annotated[float, Field(ge=0, le=3)]
    depots: RingDepots
    stations_per_district: Count
    stations: DistrictStations = DistrictStations()


Geography = Annotated[SpreadGeography | ListedGeography | CensusGeography, Field(discriminator="kind")]


class HouseholdKind(Spec):
    """A kind of household, drawn for each by itself; `is_priority`: one of the priority households."""

    share: Share
    is_priority: bool = False


class Households(Spec):
    """Who lives there.

    Lifts go by building: `households_per_building` neighbours share one stairwell or lift.
    Where the geography is a census, `persons_mean`, `lift_share` and `priority_share` are those
    of each district unless they are given here.

    Attributes
    ----------
    households_per_floor
        Neighbours on one floor of a building; buildings have as many floors as that takes.
    households_per_compound
        Neighbouring households of one drop point that form a compound; without it, all of them do.
    pantry_days
        What is at home when the run begins, where the scenario has no `goods`.
    kinds
        Kinds of households that matter for what they need and how they are served; a household can
        be of several.
    """

    persons_mean: Annotated[float, Field(ge=1, le=8)] | None = None
    lift_share: Share | None = None
    households_per_building: Count
    households_per_floor: Count = 2
    households_per_compound: Count | None = None
    priority_share: Share | None = None
    pantry_days: Range | None = None
    kinds: Annotated[dict[Name, HouseholdKind], Field(max_length=MAX_KINDS)] = Field(default_factory=dict)


# --- demand -----------------------------------------------------------------------------------


class CycleDemand(Spec):
    """Every household needs one delivery in each cycle and says so when the cycle starts."""

    kind: Literal["cycle"]
    need_kg_per_household_week: Positive | None = None
    cycle_days: Count
    lines_per_order: Count
    release_time: TimeOfDay = 0.0


class PoissonDemand(Spec):
    """Single orders that arrive at random at a constant rate, one per household."""

    kind: Literal["poisson"]
    need_kg_per_household_week: Positive | None = None
    rate_per_min: Positive
    order_kg: Positive
    lines_per_order: Count


class SurgeDemand(Spec):
    """Every household without an open order tries to place one, many times as often as normally."""

    kind: Literal["surge"]
    need_kg_per_household_week: Positive | None = None
    normal_orders_per_household_day: Positive
    multiplier: Annotated[float, Field(gt=0, le=1000)]
    order_covers_days: Positive
    lines_per_order: Count
    release_time: TimeOfDay = 0.0


class PurchaseDemand(Spec):
    """Households go shopping as they always did; what shops no longer sell is ordered.

    Every household that is not waiting for an order wants to buy on a day with probability
    `purchases_per_household_day`: in normal times a share `online_share` of it through channels of
    kind order or group, the rest in shops (channels of kind visit). Whom a shop is closed to
    orders. So closed shops alone raise orders by 1 / `online_share`.

    Attributes
    ----------
    lines_per_order, max_lines
        A basket has `lines_per_order` lines after a normal pause (1 / `purchases_per_household_day`)
        and grows with the days since anything was last ordered for, allotted to or fetched by the
        household, up to `max_lines`.
    max_cover_days
        A basket holds what has been used up since then: a day's need at least, and at most that of so
        many days.
    low_pantry_days
        A household whose stock at home lasts less than so many days wants to buy for certain; none:
        stocks do not matter.
    retries_per_day
        Further attempts a day of a household that was turned away the last time.
    multiplier
        On attempts, on top of all this; 1 where the surge is to come about by itself.
    """

    kind: Literal["purchases"]
    need_kg_per_household_week: Positive | None = None
    purchases_per_household_day: Annotated[float, Field(gt=0, le=1)]
    online_share: Annotated[float, Field(gt=0, le=1)]
    lines_per_order: Count
    max_lines: Count
    max_cover_days: Positive
    low_pantry_days: NonNegative | None = None
    retries_per_day: NonNegative = 0.0
    multiplier: Annotated[float, Field(ge=1, le=1000)] = 1.0
    release_time: TimeOfDay = 0.0


Demand = Annotated[CycleDemand | PoissonDemand | SurgeDemand | PurchaseDemand, Field(discriminator="kind")]


# --- people and vehicles ------------------------------------------------------------------------


class Break(Spec):
    """A pause inside a shift."""

    start: TimeOfDay
    end: TimeOfDay


class Shift(Spec):
    """A daily working period; each shift of a crew has people of its own."""

    start: TimeOfDay
    end: TimeOfDay
    breaks: tuple[Break, ...] = ()

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.start >= self.end:
            raise ValueError("start before end; split a night shift at 24:00")
        at = self.start
        for pause in self.breaks:
            if not at <= pause.start < pause.end <= self.end:
                raise ValueError("breaks inside the shift, in order, each starting before it ends")
            at = pause.end
        return self

    def periods(self) -> list[tuple[float, float]]:
        """Working periods in minutes since midnight, breaks taken out."""
        periods, at = [], self.start
        for pause in self.breaks:
            periods.append((at, pause.start))
            at = pause.end
        return [(start, end) for start, end in [*periods, (at, self.end)] if start < end]

    def without(self, hours: Sequence[tuple[float, float]]) -> Shift:
        """The same shift with further breaks (minutes of the day, in order), as far as it is on then."""
        spans = [(pause.start, pause.end) for pause in self.breaks]
        spans += [(max(start, self.start), min(end, self.end)) for start, end in hours]
        joined: list[tuple[float, float]] = []
        for start, end in sorted(span for span in spans if span[0] < span[1]):
            if joined and start <= joined[-1][1]:
                joined[-1] = joined[-1][0], max(end, joined[-1][1])
            else:
                joined.append((start, end))
        return self.model_copy(update={"breaks": tuple(Break(start=a, end=b) for a, b in joined)})


def _check_shifts(shifts: tuple[Shift, ...]) -> None:
    ordered = sorted(shifts, key=lambda shift: shift.start)
    for earlier, later in zip(ordered, ordered[1:], strict=False):
        if later.start < earlier.end:
            raise ValueError(
                "shifts of one crew that do not overlap (minutes "
                f"{earlier.start:g}-{earlier.end:g} and {later.start:g}-{later.end:g} do)"
            )


class Breakdown(Spec):
    """Servers that are down now and then: a vehicle that breaks, a worker who is called away.

    Each is up and down in turn, day and night, for exponential times. Work in hand pauses and goes
    on with the same server; down time counts neither as work nor as duty.
    """

    mean_up_hours: Positive
    mean_down_hours: Positive


class Crew(Spec):
    """Interchangeable people with one task at one kind of place.

    `headcount` is people per shift and place; `households_per_worker` sizes the crew of each place by
    the households it serves instead, rounded up. `at_shift_end` is what happens to work in hand at the end
    of a shift and at the start of a break: it is finished in overtime; it pauses until the same
    person is back on duty; it is handed over with what is left of it, ahead of everything not
    yet begun, to the next person who is free and on duty; or it was not begun, because what does
    not ``fit`` into the rest of the shift waits for the next one.

    `people`: paid workers, volunteers, or no people at all but ``equipment`` that serves one order
    at a time (boxes of a parcel locker, room for one customer in a shop); equipment is always there.
    """

    at: PlaceKind
    people: People = "worker"
    headcount: CountOrZero | None = None
    households_per_worker: Positive | None = None
    shifts: Annotated[tuple[Shift, ...], Field(min_length=1)]
    at_shift_end: ShiftEnd
    attendance: Share | None = None
    breakdown: Breakdown | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.headcount is None) == (self.households_per_worker is None):
            raise ValueError("exactly one of headcount and households_per_worker")
        _check_shifts(self.shifts)
        return self


class Staffing(Spec):
    """Who comes to work. `attendance` holds for every crew and driver that has none of its own."""

    attendance: Share
    crews: dict[Name, Crew]


class Fleet(Spec):
    """Vehicles of one type at each place of one kind; one driver crew per vehicle and shift.

    `count` is vehicles per place; `households_per_vehicle` sizes the fleet of each place by the
    households it serves instead, rounded up. Who is under way at the end of a shift finishes the
    trip; a breakdown prolongs the trip.

    Attributes
    ----------
    type
        A vehicle of the catalogue ``configs/vehicle/``; it says what is left out here.
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
    """

    type: VehicleType | None = None
    at: PlaceKind
    count: CountOrZero | None = None
    households_per_vehicle: Positive | None = None
    payload_kg: Positive
    payload_parcels: Count
    speed_km_h: Positive
    speed_cv: NonNegative = 0.0
    road_speed_km_h: RoadSpeeds | None = None
    tier_speed_factor: dict[TierName, Positive] = Field(default_factory=dict)
    people_per_vehicle: CountOrZero = 1
    handling: Handling | None = None
    length_m: Positive | None = None
    max_trip_km: Positive | None = None
    shifts: Annotated[tuple[Shift, ...], Field(min_length=1)]
    attendance: Share | None = None
    breakdown: Breakdown | None = None
    disinfection: Disinfection | None = None
    rest: Rest | None = None
    curfew: Curfew | None = None
    passes: Passes | None = None
    requisition: Requisition | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.count is None) == (self.households_per_vehicle is None):
            raise ValueError("exactly one of count and households_per_vehicle")
        _check_shifts(self.shifts)
        found: list[tuple[str, object, str]] = []
        if self.curfew and not all(shift.without(self.curfew.hours()).periods() for shift in self.shifts):
            hours = self.curfew.model_dump(by_alias=True)
            found.append(("curfew", hours, "a curfew that leaves some of the hours of every shift"))
        if self.people_per_vehicle == 0:
            for key, value in (("attendance", self.attendance), ("rest", self.rest)):
                if value is not None:
                    found.append((key, value, "nothing for a vehicle without people"))
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


class Prices(Spec):
    """Unit prices for the metric `cost`, in the user's currency."""

    worker_hour: NonNegative = 0.0
    volunteer_hour: NonNegative = 0.0
    vehicle_km: NonNegative = 0.0


class ScenarioSpec(Spec):
    """The world apart from demand, staff and fleet.

    `start_date` is the date of day 0, ``"2022-03-14"``; without it day 0 is a Monday.
    """

    name: Name
    title: Title
    horizon_days: Annotated[int, Field(ge=1, le=3660)]
    start_date: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")] | None = None
    run_out_days: CountOrZero
    service_target_days: Positive
    priority_target_hours: Positive
    geography: Geography
    households: Households
    prices: Prices = Prices()

    @property
    def first_weekday(self) -> int:
        """Day of the week of day 0; 0 is Monday."""
        return date.fromisoformat(self.start_date).weekday() if self.start_date else 0

    @model_validator(mode="after")
    def _target_inside(self) -> Self:
        if self.service_target_days > self.horizon_days:
            raise ValueError(
                f"service_target_days ({self.service_target_days:g}) <= horizon_days ({self.horizon_days})"
            )
        return self


class WorldSpec(Spec):
    """Everything a scenario file holds."""

    scenario: ScenarioSpec
    demand: Demand
    staffing: Staffing
    fleet: dict[Name, Fleet]
    goods: Annotated[dict[Name, Goods], Field(min_length=1)] | None = None
    tiers: Tiers | None = None
    shocks: dict[Name, Shock] = Field(default_factory=dict)

    @classmethod
    def prepared(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """Fill in what the catalogue of vehicles says of the fleets."""
        fleet = data.get("fleet")
        if not isinstance(fleet, Mapping):
            return data
        return {**data, "fleet": {name: laid_over_type(one) for name, one in fleet.items()}}
