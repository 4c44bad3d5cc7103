"""When vehicles stand free but too few people are there to drive them: what loads then wait for is people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simsupply.model.components.parts_of_layout import Driving
from simsupply.model.components.state import ComponentState
from simsupply.model.events import arena as a
from simsupply.model.events import columns as c
from simsupply.model.events.free_time import free_changes
from simsupply.model.kernels.arrays import ranges

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


def _none() -> IntArray:
    return np.zeros(0, dtype=np.int64)


@dataclass
class Known:
    """Spells in which people are short at one base for one set of fleets, as far as they are known.

    Attributes
    ----------
    start, stop : float arrays, shape (spells,)
        In order of time; the last may go on for ever.
    upto : float
        Up to when all is known, minutes.
    batches : int
        Of `Spells`, those that have been looked at.
    rows : int array
        Rows of spells of the vehicles and people that go on.
    """

    start: FloatArray = field(default_factory=lambda: np.zeros(0))
    stop: FloatArray = field(default_factory=lambda: np.zeros(0))
    upto: float = 0.0
    batches: int = 0
    rows: IntArray = field(default_factory=_none)


class ShortOfPeople:
    """Cuts waits for vehicles that a crew drives by what was short.

    A load waits for people while a vehicle that may take it stands free and on duty, but fewer people are free and
    on duty than the least that such a vehicle seats.
    """

    def __init__(self, component: ComponentState, driving: Driving) -> None:
        self.component, self.driving = component, driving
        self.known: dict[tuple[int, int], Known] = {}

    def cut(
        self, fleets: IntArray, base: IntArray, begin: FloatArray, end: FloatArray
    ) -> tuple[IntArray, FloatArray, FloatArray, NDArray[np.bool_]]:
        """Cut waits of loads that may go by these sets of fleets from these bases.

        Returns
        -------
        rows : int array
            Which wait each piece is of.
        since, until : float arrays
        for_people : bool array
        """
        pairs = fleets * (1 << 32) + base
        return cut_by(pairs, begin, end, lambda pair: self._spells(pair >> 32, pair & ((1 << 32) - 1)))

    def forget(self) -> None:
        """Forget what has been, of which nobody will ask any more."""
        self.known = {}

    def _spells(self, fleets: int, base: int) -> tuple[FloatArray, FloatArray]:
        """Starts and ends of the spells in which people are short, at one base for one set of fleets."""
        known = self.known.setdefault((fleets, base), Known(upto=self.component.spells.since))
        if known.upto < self.component.now:
            self._learn(known, fleets, base)
        return known.start, known.stop

    def _learn(self, known: Known, fleets: int, base: int) -> None:
        """Learn what has happened since this was asked last."""
        layout, driving, spells = self.component.layout, self.driving, self.component.spells
        since, now, vehicles = known.upto, self.component.now, driving.vehicles
        known.upto = now
        numbers = np.arange(vehicles.duty.server_ptr[base], vehicles.duty.server_ptr[base + 1])
        numbers = numbers[(fleets >> vehicles.fleet_of[numbers]) & 1 == 1]
        crew = driving.crew
        if crew is None or not len(numbers):
            return
        seats = min(vehicles.fleets[fleet].people_per_vehicle for fleet in vehicles.fleet_of[numbers].tolist())
        ptr = layout.rosters.crew(crew).server_ptr
        people = layout.first_server[crew] + np.arange(ptr[base], ptr[base + 1])
        who = np.concatenate([driving.first_server + numbers, people])
        rows, known.batches = spells.of(who, known.rows, known.batches), spells.num_batches
        known.rows = rows[spells.until(rows) > now]
        moments, free = _free(self.component, driving.first_server + numbers, rows, since)
        others, manned = _free(self.component, people, rows, since)
        when = np.unique(np.concatenate([moments, others]))
        standing = np.concatenate([[0], free])[np.searchsorted(moments, when, side="right")]
        there = np.concatenate([[0], manned])[np.searchsorted(others, when, side="right")]
        short = (standing >= 1) & (there < seats)
        changes = np.flatnonzero(np.diff(short.astype(np.int8), prepend=0, append=0))
        start, stop = when[changes[0::2]], np.append(when, np.inf)[changes[1::2]]
        # What was known of later times was what the hours say; a spell that goes on is one spell.
        before = known.start < since
        first, last = known.start[before], np.minimum(known.stop[before], since)
        if len(first) and len(start) and last[-1] == start[0] == since:
            start[0], first, last = first[-1], first[:-1], last[:-1]
        known.start, known.stop = np.concatenate([first, start]), np.concatenate([last, stop])


def cut_by(
    keys: IntArray,
    begin: FloatArray,
    end: FloatArray,
    spells: Callable[[int], tuple[FloatArray, FloatArray]],
) -> tuple[IntArray, FloatArray, FloatArray, NDArray[np.bool_]]:
    """Cut times by the spells (starts and ends, in order) of the key of each.

    Returns
    -------
    rows : int array
        Which time each piece is of.
    since, until : float arrays
    inside : bool array
        Whether it lies in a spell.
    """
    rows: list[IntArray] = [np.zeros(0, dtype=np.int64)]
    since: list[FloatArray] = [np.zeros(0)]
    until: list[FloatArray] = [np.zeros(0)]
    in_spell: list[NDArray[np.bool_]] = [np.zeros(0, dtype=bool)]
    for key in np.unique(keys).tolist():
        which = np.flatnonzero(keys == key)
        start, stop = spells(key)
        bounds = np.unique(np.concatenate([start, stop]))
        first = np.searchsorted(bounds, begin[which], side="right")
        last = np.maximum(np.searchsorted(bounds, end[which], side="left"), first)
        pieces = last - first + 1
        of = np.repeat(np.arange(len(which)), pieces)
        number = np.arange(int(pieces.sum())) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        at = first[of] + number
        padded = np.concatenate([bounds, [np.inf]])
        left = np.where(number == 0, begin[which][of], padded[np.maximum(at - 1, 0)])
        right = np.where(number == pieces[of] - 1, end[which][of], padded[np.minimum(at, len(bounds))])
        rows.append(which[of])
        since.append(left)
        until.append(right)
        in_spell.append(np.searchsorted(start, left, side="right") > np.searchsorted(stop, left, side="right"))
    return tuple(np.concatenate(parts) for parts in (rows, since, until, in_spell))  # type: ignore[return-value]


def free_over_time(component: ComponentState, servers: IntArray) -> tuple[FloatArray, IntArray]:
    """Moments at which the number of these who are free and on duty changes, and that number from then on."""
    spells = component.spells
    return _free(component, servers, spells.of(servers, _none(), 0), spells.since)


def _free(component: ComponentState, servers: IntArray, rows: IntArray, since: float) -> tuple[FloatArray, IntArray]:
    """Moments from `since` on at which the number of these who are free and on duty changes, and that number then."""
    table, duty = component.rows[a.I_SERVER].table, component.rows[a.F_DUTY].table
    first, last = component.first_duty[servers], table[servers, c.S_DUTY_END]
    intervals = ranges(first, last - first)
    who = component.rows[a.I_SPELL].table[rows, 0]
    times = component.rows[a.F_SPELL_TIMES].table[rows]
    low, high = np.searchsorted(who, servers), np.searchsorted(who, servers, side="right")
    spells = ranges(low, high - low)
    duty_ptr, spell_ptr = (np.concatenate([[0], np.cumsum(sizes)]) for sizes in (last - first, high - low))
    start, end = duty[intervals, c.D_START], duty[intervals, c.D_END]
    when, by = free_changes(start, end, duty_ptr, times[spells, 0], times[spells, 1], spell_ptr, since)
    moments, of_moment = np.unique(when, return_inverse=True)
    total = np.cumsum(np.bincount(of_moment, weights=by, minlength=len(moments)))
    return moments, np.rint(total).astype(np.int64)
