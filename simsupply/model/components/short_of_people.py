"""When vehicles stand free but too few people are there to drive them: what loads then wait for is people."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from simsupply.model.components.parts_of_layout import Driving
from simsupply.model.components.state import ComponentState
from simsupply.model.events import arena as a
from simsupply.model.events import columns as c

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


class ShortOfPeople:
    """Cuts waits for vehicles that a crew drives by what was short.

    A load waits for people while a vehicle that may take it stands free and on duty, but fewer people are free and
    on duty than the least that such a vehicle seats.
    """

    def __init__(self, component: ComponentState, driving: Driving) -> None:
        self.component, self.driving = component, driving
        self.known: dict[tuple[int, int], tuple[FloatArray, FloatArray]] = {}
        self.known_at = -1.0

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

    def _spells(self, fleets: int, base: int) -> tuple[FloatArray, FloatArray]:
        """Starts and ends of the spells in which people are short, at one base for one set of fleets."""
        if self.known_at != self.component.now:
            self.known, self.known_at = {}, self.component.now
        if (fleets, base) not in self.known:
            self.known[fleets, base] = self._find(fleets, base)
        return self.known[fleets, base]

    def _find(self, fleets: int, base: int) -> tuple[FloatArray, FloatArray]:
        layout, driving = self.component.layout, self.driving
        vehicles = driving.vehicles
        numbers = np.arange(vehicles.duty.server_ptr[base], vehicles.duty.server_ptr[base + 1])
        numbers = numbers[(fleets >> vehicles.fleet_of[numbers]) & 1 == 1]
        if not len(numbers):
            return np.zeros(0), np.zeros(0)
        seats = min(vehicles.fleets[fleet].people_per_vehicle for fleet in vehicles.fleet_of[numbers].tolist())
        crew = driving.crew
        assert crew is not None
        ptr = layout.rosters.crew(crew).server_ptr
        people = layout.first_server[crew] + np.arange(ptr[base], ptr[base + 1])
        moments, free = free_over_time(self.component, driving.first_server + numbers)
        others, manned = free_over_time(self.component, people)
        when = np.unique(np.concatenate([moments, others]))
        standing = np.concatenate([[0], free])[np.searchsorted(moments, when, side="right")]
        there = np.concatenate([[0], manned])[np.searchsorted(others, when, side="right")]
        short = (standing >= 1) & (there < seats)
        changes = np.flatnonzero(np.diff(short.astype(np.int8), prepend=0, append=0))
        ends = np.append(when, np.inf)
        return when[changes[0::2]], ends[changes[1::2]]


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
    rows = component.rows
    table, duty = rows[a.I_SERVER].table, rows[a.F_DUTY].table
    first = np.array([component.first_duty[server] for server in servers.tolist()], dtype=np.int64)
    last = table[servers, c.S_DUTY_END]
    intervals = np.concatenate(
        [np.arange(one, two) for one, two in zip(first, last, strict=True)] or [np.zeros(0, int)]
    )
    start, end = duty[intervals, c.D_START], duty[intervals, c.D_END]
    changes = [(start, np.ones(len(start))), (end, -np.ones(len(end)))]
    # Busy inside duty is not free: each spell cut by the intervals of who is busy.
    spells = np.flatnonzero(np.isin(rows[a.I_SPELL].table[:, 0], servers))
    who, times = rows[a.I_SPELL].table[spells, 0], rows[a.F_SPELL_TIMES].table[spells]
    for server, begin, stop in zip(servers.tolist(), first.tolist(), last.tolist(), strict=True):
        out = times[who == server]
        if not len(out) or begin == stop:
            continue
        on, off = duty[begin:stop, c.D_START], duty[begin:stop, c.D_END]
        low = np.searchsorted(off, out[:, 0], side="right")
        high = np.maximum(np.searchsorted(on, out[:, 1], side="left"), low)
        num = high - low
        of = np.repeat(np.arange(len(out)), num)
        at = np.repeat(low, num) + np.arange(int(num.sum())) - np.repeat(np.cumsum(num) - num, num)
        since, until = np.maximum(out[of, 0], on[at]), np.minimum(out[of, 1], off[at])
        is_one = since < until
        changes += [(since[is_one], -np.ones(int(is_one.sum()))), (until[is_one], np.ones(int(is_one.sum())))]
    when = np.concatenate([moments for moments, _ in changes])
    by = np.concatenate([steps for _, steps in changes])
    moments, of_moment = np.unique(when, return_inverse=True)
    total = np.cumsum(np.bincount(of_moment, weights=by, minlength=len(moments)))
    return moments, np.rint(total).astype(np.int64)
