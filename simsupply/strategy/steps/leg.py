"""Legs: vehicles that load, drive, unload and drive back, and when they leave."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from simsupply.base.problems import Misfit
from simsupply.base.quantities import Count, MinutesOrZero
from simsupply.base.spec import Name, OptionalTitle, Spec, TimeOfDay
from simsupply.scenario.place_kinds import PLACE_KINDS, PlaceKind
from simsupply.scenario.vehicles import Road
from simsupply.strategy.steps.effort import Effort
from simsupply.strategy.steps.given_route import GivenRoute


class Departure(Spec):
    """When a vehicle leaves.

    `planned`: its consignments of the dispatch list are complete. `full`: as soon as `orders` finished
    orders for one destination stand ready, whichever they are; at the times of day `at`, if there
    are any, what stands there leaves though it is no full load. `time`: only at the times `at`, in
    loads of at most `orders`. `ready`: as soon as a vehicle is free (and somebody to drive it), with what stands
    there, at most `orders`. (For a delivery window, put a gate before the leg.)
    """

    kind: Literal["planned", "full", "time", "ready"]
    orders: Count | None = None
    at: tuple[TimeOfDay, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.kind == "planned") == (self.orders is not None):
            raise Misfit("leave_orders_with_full_and_time")
        if self.kind in ("planned", "ready") and self.at:
            raise Misfit("leave_at_with_full_and_time")
        if self.kind == "time" and not self.at:
            raise Misfit("leave_at_some_time")
        if list(self.at) != sorted(set(self.at)):
            raise Misfit("leave_times_ascending")
        return self


class Leg(Spec):
    """Movement by a vehicle of a fleet: load at a dock, drive, unload, drive back.

    Loads are taken in the sequence of the dispatch list or as they become ready (``fifo``); loads that
    leave when full have no dispatch list, so they are always taken as they become ready.

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
        ``direct``: one destination on each trip. ``milk_run``: up to `max_stops` drop points in one trip, which
        share it and are ordered by savings of road; every order is there when its own stop is unloaded.
        `GivenRoute`: the trips of a file.
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
    title: OptionalTitle = None
    origin: PlaceKind = Field(alias="from")
    to: PlaceKind
    fleet: Name | Annotated[tuple[Name, ...], Field(min_length=1)]
    leave: Departure = Departure(kind="planned")
    discipline: Literal["sequence", "fifo"] = "sequence"
    load: Effort = Effort()
    unload: Effort = Effort()
    drive_min: tuple[MinutesOrZero, MinutesOrZero] | None = None
    fetch: bool = False
    loads_for: PlaceKind | None = None
    keeps_loads: bool = False
    held_min: MinutesOrZero = 0.0
    rest_min: MinutesOrZero = 0.0

    road: Road | None = None
    route: Annotated[
        Annotated[Literal["direct", "milk_run"], Tag("word")] | Annotated[GivenRoute, Tag("given")],
        Discriminator(lambda value: "given" if isinstance(value, dict | GivenRoute) else "word"),
    ] = "direct"
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
    def resource(self) -> tuple[str, ...]:
        """Whose vehicles drive, on all legs of the same resource."""
        return self.fleets

    @property
    def is_milk_run(self) -> bool:
        """Whether the model shares out stops among trips."""
        return self.route == "milk_run"

    @property
    def has_stops(self) -> bool:
        """Whether a trip has several stops."""
        return self.route != "direct"

    @property
    def is_sequence(self) -> bool:
        """Whether loads wait for those before them on the dispatch list."""
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
        if self.has_stops and (self.to != "drop_point" or self.fetch or self.drive_min is not None):
            raise Misfit("milk_run_to_drop_points")
        if self.has_stops and (self.keeps_loads or self.loads_for):
            raise Misfit("loads_on_direct_route")
        return self
