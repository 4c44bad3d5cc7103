"""Shocks: what is closed, lost or cut, where, and from when to when.

A shock changes the state of places, roads, crews, fleets, sources or demand; it never touches the
steps of a channel. It acts at once, on what is under way and on work in hand too.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from simsupply.base.problems import Misfit
from simsupply.base.quantities import DaysBetween, HoursBetween, MultiplierOrZero, Share
from simsupply.base.spec import Name, Spec, TimeOfDay, Title
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.scenario.tiers import Day


class RandomTimes(Spec):
    """Times that are drawn in each replication: quiet and shock in turn, both exponential.

    With `hits: one` each time strikes one of the named places, drawn evenly; else all of them.
    """

    mean_days_between: DaysBetween
    mean_hours: HoursBetween
    hits: Literal["all", "one"] = "all"


class _Shock(Spec):
    """When a shock acts: between two moments, or at random.

    Attributes
    ----------
    title
        What it is called in figures and answers; without it, its name.
    from_day, from_time, to_day, to_time
        Days are numbers or dates, as in the tiers. Without `to_day` it lasts.
    random
        Instead of these four.
    """

    title: Title | None = None
    from_day: Day | None = None
    from_time: TimeOfDay = 0.0
    to_day: Day | None = None
    to_time: TimeOfDay = 0.0
    random: RandomTimes | None = None

    @model_validator(mode="after")
    def _one_time(self) -> Self:
        if (self.from_day is None) == (self.random is None):
            raise Misfit("shock_by_days_or_random")
        if self.random and (self.to_day is not None or self.from_time or self.to_time):
            raise Misfit("shock_times_without_random")
        return self


class PlaceShock(_Shock):
    """Places of one kind that are closed, or work at part capacity.

    At every place the share `capacity` of each crew and of the docks goes on working; at 0 the
    place is closed: work in hand pauses, nothing is loaded or unloaded.

    Attributes
    ----------
    at, places
        Kind of place, and names; without names all of the kind.
    orders
        What becomes of new orders for a closed place: they ``hold`` (wait for its reopening), or are
        diverted to the ``nearest`` place of the kind that is open. To a gateway, station or drop point that is closed
        from the first minute on nothing is sent before it opens; orders for it are held until then.
    """

    kind: Literal["place"]
    at: PlaceKind
    places: tuple[str, ...] = ()
    capacity: Share = 0.0
    orders: Literal["hold", "nearest"] = "hold"


class RoadShock(_Shock):
    """Roads that are closed or slow: vehicles under way stop, or crawl at `speed` times their speed.

    Attributes
    ----------
    legs, districts
        Names of legs, and districts of the drop points they lead to; without, all of them. The
        district of a leg that ends before a drop point is that of the first order on board.
    """

    kind: Literal["road"]
    legs: tuple[Name, ...] = ()
    districts: tuple[str, ...] = ()
    speed: Share = 0.0


class FleetShock(_Shock):
    """Vehicles that are lost for a time; `capacity` is the share of each named fleet that is left at each place."""

    kind: Literal["fleet"]
    fleets: Annotated[tuple[Name, ...], Field(min_length=1)]
    capacity: Share = 0.0


class StaffShock(_Shock):
    """Staff that is lost for a time; `capacity` is the share of each named crew that is left at each place."""

    kind: Literal["staff"]
    crews: Annotated[tuple[Name, ...], Field(min_length=1)]
    capacity: Share = 0.0


class SupplyShock(_Shock):
    """Sources that deliver nothing, or only the share `capacity` of what they can."""

    kind: Literal["supply"]
    sources: Annotated[tuple[Name, ...], Field(min_length=1)]
    capacity: Share = 0.0


class DemandShock(_Shock):
    """Residents who want to order `factor` times as often."""

    kind: Literal["demand"]
    factor: MultiplierOrZero


Shock = Annotated[
    PlaceShock | RoadShock | FleetShock | StaffShock | SupplyShock | DemandShock, Field(discriminator="kind")
]
