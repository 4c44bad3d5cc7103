"""What the reference engine notes of a trip while it lasts."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simsupply.model.flow.loads import Cargo
from simsupply.model.vehicles.trip_notes import TripLog, lost_by_cause, waited
from simsupply.model.vehicles.trips import Trips
from simsupply.strategy.steps.leg import Leg

FloatArray = NDArray[np.float64]
NEVER = float("inf")


@dataclass
class TripNote:
    """One trip; times are minutes, those that have not come yet are infinite or not in their list.

    Attributes
    ----------
    lost : list of float
        What each part that has begun lost by its calendar, up to the end of the run.
    dock_waits, room_waits : lists of [begin, end]
    persons : str
        See `simsupply.records.trips.TripNotes`.
    """

    leg: Leg
    loads: Cargo
    load: int
    since: float
    ready: float
    start: float
    persons: str
    docked: float = NEVER
    load_begin: float = NEVER
    depart: float = NEVER
    back: float = NEVER
    arrive: list[float] = field(default_factory=list)
    unload_begin: list[float] = field(default_factory=list)
    unload_end: list[float] = field(default_factory=list)
    lost: list[float] = field(default_factory=list)
    dock_waits: list[list[float]] = field(default_factory=list)
    room_waits: list[list[float]] = field(default_factory=list)

    @property
    def stops(self) -> list[int]:
        """Places at which it stops, one after the other."""
        if not isinstance(self.loads, Trips):
            return [int(self.loads.target[self.load])]
        parts = slice(int(self.loads.part_ptr[self.load]), int(self.loads.part_ptr[self.load + 1]))
        return [stop for stop in self.loads.stop[parts].tolist() if stop >= 0]

    def log(self, vehicle: int, end_min: float) -> TripLog:
        """What is known of it now."""
        num_stops, road, place = 1, np.zeros(1), np.zeros(1)
        if isinstance(self.loads, Trips):
            parts = slice(int(self.loads.part_ptr[self.load]), int(self.loads.part_ptr[self.load + 1]))
            num_stops = int((self.loads.stop[parts] >= 0).sum())
            lost = _filled(self.lost, parts.stop - parts.start, 0.0)
            road, place = lost_by_cause(self.loads, np.array([self.load]), lost)
        return TripLog(
            taken_by=np.array([vehicle]),
            since=np.array([self.since]),
            ready=np.array([self.ready]),
            start=np.array([self.start]),
            docked=np.array([self.docked]),
            load_begin=np.array([self.load_begin]),
            depart=np.array([self.depart]),
            back=np.array([self.back]),
            arrive=_filled(self.arrive, num_stops, NEVER),
            unload_begin=_filled(self.unload_begin, num_stops, NEVER),
            unload_end=_filled(self.unload_end, num_stops, NEVER),
            dock_wait=_sum(self.dock_waits, end_min),
            room_wait=_sum(self.room_waits, end_min),
            road_wait=road,
            place_wait=place,
            persons=(self.persons,),
        )


def _filled(values: list[float], num: int, rest: float) -> FloatArray:
    return np.array([*values, *[rest] * (num - len(values))])


def _sum(spells: list[list[float]], end_min: float) -> FloatArray:
    minutes = sum(float(waited(np.array(begin), np.array(end), end_min)) for begin, end in spells)
    return np.array([float(minutes)])
