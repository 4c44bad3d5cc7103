"""When shocks strike in a replication, and whom they take off duty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.scenario.shocks import DemandShock, FleetShock, PlaceShock, Shock, StaffShock
from simsupply.scenario.staffing import Crew, Fleet
from simsupply.scenario.tiers import day_number
from simsupply.scenario.world import Scenario
from simsupply.streams.keyed import Streams

IntArray = NDArray[np.int64]
AnyShock = TypeVar("AnyShock", bound=Shock)


@dataclass(frozen=True)
class Occurrence:
    """One time that a shock strikes.

    Attributes
    ----------
    name : str
    shock : Shock
    start, end : float
        Minutes; half-open, infinity: it lasts.
    place : int or None
        Number, among those that the shock names, of the only place struck; None: all of them.
    """

    name: str
    shock: Shock
    start: float
    end: float
    place: int | None = None


@dataclass(frozen=True)
class Cut:
    """Servers of a crew or fleet that are off duty: at `places` only the share `capacity` stays on."""

    places: IntArray
    start: float
    end: float
    capacity: float


@dataclass(frozen=True)
class Timeline:
    """All shocks of a replication in order of time."""

    occurrences: tuple[Occurrence, ...] = ()

    def of(self, kind: type[AnyShock]) -> Iterator[tuple[Occurrence, AnyShock]]:
        """Occurrences of one kind of shock, each with its shock."""
        for occurrence in self.occurrences:
            if isinstance(occurrence.shock, kind):
                yield occurrence, occurrence.shock

    def cuts(self, name: str, group: Crew | Fleet, scenario: Scenario) -> tuple[Cut, ...]:
        """Times at which a crew or fleet is smaller, for whatever reason, in order of time."""
        everywhere = np.arange(scenario.places.count(group.at))
        cuts = []
        for occurrence in self.occurrences:
            shock = occurrence.shock
            if isinstance(shock, PlaceShock):
                # Vehicles of a closed place stay on the road; they find no dock there.
                is_hit = isinstance(group, Crew) and shock.at == group.at
                where = struck(occurrence, shock, scenario)
            else:
                is_hit = (isinstance(shock, StaffShock) and isinstance(group, Crew) and name in shock.crews) or (
                    isinstance(shock, FleetShock) and isinstance(group, Fleet) and name in shock.fleets
                )
                where = everywhere
            if is_hit and isinstance(shock, PlaceShock | StaffShock | FleetShock):
                cuts.append(Cut(where, occurrence.start, occurrence.end, shock.capacity))
        return tuple(cuts)

    def demand_level(self, time: float) -> float:
        """How many times as often as usual residents want to order."""
        level = 1.0
        for occurrence, shock in self.of(DemandShock):
            if occurrence.start <= time < occurrence.end:
                level *= shock.factor
        return level


def struck(occurrence: Occurrence, shock: PlaceShock, scenario: Scenario) -> IntArray:
    """Numbers of the places that a place shock strikes this time."""
    names = scenario.places.names[shock.at]
    numbers = np.array([names.index(name) for name in shock.places] or range(len(names)), dtype=np.int64)
    return numbers if occurrence.place is None else numbers[[occurrence.place]]


def draw_shocks(scenario: Scenario, streams: Streams) -> Timeline:
    """When each shock strikes: as the scenario says, or drawn.

    The n-th quiet time and the n-th shock are keyed by (shock, n); nothing strikes after the end of
    the run.
    """
    found: list[Occurrence] = []
    for name, shock in scenario.spec.shocks.items():
        if shock.random is None:
            assert shock.from_day is not None  # the specification's own rule
            start = _moment(scenario, shock.from_day, shock.from_time)
            end = np.inf if shock.to_day is None else _moment(scenario, shock.to_day, shock.to_time)
            found.append(Occurrence(name, shock, start, end))
            continue
        clock, number = 0.0, 0
        while True:
            rule = shock.random
            quiet = streams.exponential(f"shock/{name}/quiet", number, 1, mean=rule.mean_days_between * MINUTES_PER_DAY)
            lasts = streams.exponential(f"shock/{name}/lasts", number, 1, mean=rule.mean_hours * 60)
            start = clock + float(quiet[0])
            if start >= scenario.end_min:
                break
            place = None
            if rule.hits == "one" and isinstance(shock, PlaceShock):
                num = len(shock.places) or scenario.places.count(shock.at)
                place = int(streams.uniform(f"shock/{name}/place", number, 1)[0] * num)
            clock = start + float(lasts[0])
            found.append(Occurrence(name, shock, start, clock, place))
            number += 1
    return Timeline(tuple(sorted(found, key=lambda occurrence: (occurrence.start, occurrence.name))))


def _moment(scenario: Scenario, day: int | str, time: float) -> float:
    return day_number(day, scenario.settings.start_date) * MINUTES_PER_DAY + time
