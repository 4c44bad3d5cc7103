"""The grammar of channels: steps of four kinds (stage, leg, hold, gate) and the effort they take.

No step can be given a bonus: all it has is effort, distance, capacity and time.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from simsupply.base.problems import Misfit
from simsupply.base.spec import Count, CountOrZero, Name, NonNegative, Positive, Spec, TimeOfDay
from simsupply.scenario.place_kinds import PLACE_KINDS, PlaceKind
from simsupply.scenario.tiers import Entry, LastMile, TierName
from simsupply.scenario.vehicles import Road
from simsupply.strategy.release import Weekday

Contact = Literal["gate", "queue", "door", "shop"]
CONTACTS: tuple[Contact, ...] = ("gate", "queue", "door", "shop")


class Effort(Spec):
    """Minutes of one worker: the sum of what the job consists of.

    ``per_load + per_consignment + sum over orders (per_order + per_line * lines + per_parcel + per_kg * kg)``
    """

    per_load_min: NonNegative = 0.0
    per_consignment_min: NonNegative = 0.0
    per_order_min: NonNegative = 0.0
    per_line_min: NonNegative = 0.0
    per_parcel_min: NonNegative = 0.0
    per_kg_min: NonNegative = 0.0

    @property
    def is_zero(self) -> bool:
        """Whether no work is described at all."""
        return not any(self.model_dump().values())


class Variability(Spec):
    """Mean-one factor on each job's effort: none, lognormal (with `sigma`) or exponential."""

    kind: Literal["none", "lognormal", "exponential"]
    sigma: Positive | None = None

    @model_validator(mode="after")
    def _sigma(self) -> Self:
        if (self.kind == "lognormal") != (self.sigma is not None):
            raise Misfit("sigma_with_lognormal")
        return self


class Rounds(Spec):
    """Rounds to doors (or stops) of the same consignment, one after the other, and back.

    Attributes
    ----------
    households, carry_kg
        What a round takes at most, in parcels and kg.
    walk_min
        There and back, on top of the road.
    speed_km_h
        With it the round starts with the road from the place to the drop point and ends with the
        road back (couriers on e-bikes).
    door_with_lift_min, door_without_lift_min
        Minutes at each door.
    per_floor_min
        Without a lift, minutes more for each floor above the first.
    """

    households: Count
    carry_kg: Positive
    walk_min: NonNegative
    speed_km_h: Positive | None = None
    door_with_lift_min: Positive
    door_without_lift_min: Positive
    per_floor_min: NonNegative = 0.0


class Queue(Spec):
    """Residents who stand in line `spacing_m` apart; whoever is served next has that far to walk.

    Each who finds others before her meets the one ahead, if they stand less than 2 m apart.
    """

    spacing_m: NonNegative
    walk_m_per_min: Positive


class Stage(Spec):
    """Work by a crew at a place.

    Attributes
    ----------
    per
        One unit of work: an ``order``, a ``consignment``, a ``round`` to doors, or a ``load``, all that
        came on one vehicle of the leg before (a trailer to swap, a vehicle to disinfect).
    discipline
        In the ``sequence`` of the run sheet (who is not ready holds up those behind); ``fifo``, in
        the order in which units become ready; or ``priority``, as fifo, but units with a priority
        household first. Nobody is interrupted for the sake of a unit with priority.
    queue
        Residents wait here themselves.
    contact
        Each order means a meeting of this kind; without it, none.
    """

    name: Name
    at: PlaceKind
    crew: Name
    per: Literal["order", "consignment", "round", "load"] = "order"
    discipline: Literal["sequence", "fifo", "priority"] = "sequence"
    effort: Effort = Effort()
    variability: Variability = Variability(kind="none")
    rounds: Rounds | None = None
    queue: Queue | None = None
    contact: Contact | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.per == "round") != (self.rounds is not None):
            raise Misfit("rounds_with_per_round")
        if self.rounds and self.at != "drop_point" and self.rounds.speed_km_h is None:
            raise Misfit("round_at_drop_point_or_with_speed")
        if self.per not in ("consignment", "load") and self.effort.per_consignment_min:
            raise Misfit("effort_per_consignment_in_its_stage")
        if self.per != "load" and self.effort.per_load_min:
            raise Misfit("effort_per_load_in_its_stage")
        if self.per != "round" and self.effort.is_zero:
            raise Misfit("effort_above_zero")
        if self.queue and (self.per != "order" or self.discipline == "sequence"):
            raise Misfit("queue_of_orders_as_they_come")
        return self


class Leave(Spec):
    """When a vehicle leaves.

    `planned`: its consignments of the run sheet are complete. `full`: as soon as `orders` finished
    orders for one destination stand ready, whichever they are; at the times of day `at`, if there
    are any, what stands there leaves though it is no full load. `time`: only at the times `at`, in
    loads of at most `orders`. (For a delivery window, put a gate before the leg.)
    """

    kind: Literal["planned", "full", "time"]
    orders: Count | None = None
    at: tuple[TimeOfDay, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.kind == "planned") == (self.orders is not None):
            raise Misfit("leave_orders_with_full_and_time")
        if self.kind == "planned" and self.at:
            raise Misfit("leave_at_with_full_and_time")
        if self.kind == "time" and not self.at:
            raise Misfit("leave_at_some_time")
        if list(self.at) != sorted(set(self.at)):
            raise Misfit("leave_times_ascending")
        return self


class Leg(Spec):
    """Movement by a vehicle of a fleet: load at a dock, drive, unload, drive back.

    Loads are taken in the sequence of the run sheet or as they become ready (``fifo``); loads that
    leave when full have no run sheet, so they are always taken as they become ready.

    With `fetch` the vehicles are based at the other end: they drive out empty, load, and the trip
    ends when they have unloaded at home. They find a dock whenever they come.

    Attributes
    ----------
    fleet
        One fleet, or several: a load goes to the first of them that has a vehicle free which may take it.
        Loads are made up for the smallest vehicle.
    road
        Class of road, for fleets whose speed depends on it.
    route
        ``direct``: one destination on each trip. ``milk_run``: up to `max_stops` drop points in one trip,
        each next one the nearest of those left; every order is there when its own stop is unloaded.
    loads_for
        Each planned load is for one place of this kind; without it, of the kind `to`. So what goes
        on from there can stay on its trailer.
    keeps_loads
        The loads of the leg before go on as they are, one vehicle each (a trailer with another tractor).
    held_min
        Minutes every loaded vehicle is held on its way (a checkpoint at the edge of the city).
    rest_min
        Minutes every vehicle stays after unloading, before it drives back (its driver rests).
    """

    model_config = Spec.model_config | {"populate_by_name": True}

    name: Name
    origin: PlaceKind = Field(alias="from")
    to: PlaceKind
    fleet: Name | Annotated[tuple[Name, ...], Field(min_length=1)]
    leave: Leave = Leave(kind="planned")
    discipline: Literal["sequence", "fifo"] = "sequence"
    load: Effort = Effort()
    unload: Effort = Effort()
    drive_min: tuple[NonNegative, NonNegative] | None = None
    fetch: bool = False
    loads_for: PlaceKind | None = None
    keeps_loads: bool = False
    held_min: NonNegative = 0.0
    rest_min: NonNegative = 0.0

    road: Road | None = None
    route: Literal["direct", "milk_run"] = "direct"
    max_stops: Count | None = None

    @property
    def destination(self) -> PlaceKind:
        """Kind of the one place that all of a planned load is for."""
        return self.loads_for or self.to

    @property
    def fleets(self) -> tuple[str, ...]:
        """Names of its fleets, the first choice first."""
        return (self.fleet,) if isinstance(self.fleet, str) else self.fleet

    @property
    def is_milk_run(self) -> bool:
        """Whether a trip has several stops."""
        return self.route == "milk_run"

    @property
    def is_sequence(self) -> bool:
        """Whether loads wait for those before them on the run sheet."""
        return self.discipline == "sequence" and self.leave.kind == "planned"

    @model_validator(mode="after")
    def _forward(self) -> Self:
        rank = PLACE_KINDS.index
        if rank(self.origin) >= rank(self.to):
            raise Misfit("leg_onward", places=PLACE_KINDS)
        if rank(self.destination) < rank(self.to):
            raise Misfit("loads_for_end_of_leg_or_beyond", to=self.to)
        if (self.keeps_loads or self.loads_for) and self.leave.kind != "planned":
            raise Misfit("loads_leave_planned")
        if self.keeps_loads and self.loads_for:
            raise Misfit("loads_for_without_keeps_loads")
        if self.drive_min is not None and self.drive_min[0] > self.drive_min[1]:
            raise Misfit("drive_min_low_at_most_high")
        if len(set(self.fleets)) < len(self.fleets):
            raise Misfit("each_fleet_of_leg_once")
        if self.is_milk_run != (self.max_stops is not None):
            raise Misfit("max_stops_with_milk_run")
        if self.is_milk_run and (self.to != "drop_point" or self.fetch or self.drive_min is not None):
            raise Misfit("milk_run_to_drop_points")
        if self.is_milk_run and (self.keeps_loads or self.loads_for):
            raise Misfit("loads_on_direct_route")
        return self


class Hold(Spec):
    """Time that passes with no worker: standing after disinfection, counting, payment."""

    name: Name
    minutes: NonNegative


class Slots(Spec):
    """Households fetch their goods in time slots, building after building.

    Up to `households` of one building are called to each slot of `minutes`; every household has
    the same slot every day. Whoever does not come (`no_show_share`, drawn for each day) comes to
    the slot of the next day.
    """

    minutes: Positive
    households: Count
    no_show_share: Annotated[float, Field(ge=0, lt=1)] = 0.0


class Gate(Spec):
    """Lets things through between two times of day; what comes outside waits for the opening.

    Attributes
    ----------
    weekdays
        Only on these days of the week; without, every day.
    days_ahead
        Not before so many midnights have passed: ``1`` is a list of today for tomorrow.
    slots
        While it is open, each household has a time slot.
    """

    name: Name
    opens: TimeOfDay
    closes: TimeOfDay
    weekdays: tuple[Weekday, ...] = ()
    days_ahead: CountOrZero = 0
    slots: Slots | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.opens >= self.closes:
            raise Misfit("opens_before_closes")
        if self.slots and self.slots.minutes > self.closes - self.opens:
            raise Misfit("slots_within_opening_hours", minutes=self.closes - self.opens)
        return self


class When(Spec):
    """Which orders a step is for, by the day of release and the tier of their compound on it.

    Attributes
    ----------
    tiers, entry, last_mile
        One of these tiers, or tiers with one of these settings; what is left out does not matter.
    from_day, to_day
        First day of the run, and the first on which the step is not there any more.
    unless
        The other way round: for all orders but those.
    """

    tiers: tuple[TierName, ...] = ()
    entry: tuple[Entry, ...] = ()
    last_mile: tuple[LastMile, ...] = ()
    from_day: CountOrZero = 0
    to_day: Count | None = None
    unless: bool = False

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.to_day is not None and self.from_day >= self.to_day:
            raise Misfit("from_day_before_to_day", from_day=self.from_day, to_day=self.to_day)
        return self


class Step(Spec):
    """One step of a channel: exactly one of the four kinds; with `when`, only for some orders."""

    stage: Stage | None = None
    leg: Leg | None = None
    hold: Hold | None = None
    gate: Gate | None = None
    when: When | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(part is not None for part in (self.stage, self.leg, self.hold, self.gate)) != 1:
            raise Misfit("one_kind_of_step")
        return self

    @property
    def body(self) -> Stage | Leg | Hold | Gate:
        """The step itself, whatever its kind."""
        body = self.stage or self.leg or self.hold or self.gate
        assert body is not None  # _one
        return body
