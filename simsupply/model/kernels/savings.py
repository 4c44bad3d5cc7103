"""Compiled savings algorithm (Clarke and Wright 1964, Operations Research 12:568-581): which stops share a trip.

Stops are numbered from 0; number n, behind the last of them, is the place that vehicles come from and go back
to. Ways are whole numbers (`TICKS_PER_KM`), so sums are exact and what is as long is as long, whoever adds it up;
of what is as good the lower numbers go first.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from simsupply.model.kernels.arrays import fits

TICKS_PER_KM = 2**20
# Each way is rounded to a tick: of a gain as small as this nobody knows whether it is there.
ROUNDING = 4
# Of more stops than these, only the nearest ones are neighbours.
_NEIGHBOURS = 100


@njit(cache=True)
def near(way, stops, most):
    """Nearest of the stops for each of them, there and back; all that are as near as the last one of `most`.

    Parameters
    ----------
    way : int array, shape (stops + 1, stops + 1)
        Ways from row to column, ticks.
    stops : int array
        Ascending.
    most : int

    Returns
    -------
    ptr : int array, shape (stops + 1,)
    neighbours : int array
        Of ``stops[k]`` those from ``ptr[k]`` up to ``ptr[k + 1]``, ascending.
    """
    num = len(stops)
    limit = np.full(num, np.iinfo(np.int64).max)
    both = np.empty(num, dtype=np.int64)
    if num - 1 > most:
        for row in range(num):
            for column in range(num):
                both[column] = way[stops[row], stops[column]] + way[stops[column], stops[row]]
            # The stop itself is among them.
            limit[row] = np.partition(both, most)[most]
    ptr = np.zeros(num + 1, dtype=np.int64)
    for row in range(num):
        count, i = 0, stops[row]
        for j in stops:
            count += i != j and way[i, j] + way[j, i] <= limit[row]
        ptr[row + 1] = ptr[row] + count
    neighbours = np.empty(ptr[num], dtype=np.int64)
    end = 0
    for row in range(num):
        i = stops[row]
        for j in stops:
            if i != j and way[i, j] + way[j, i] <= limit[row]:
                neighbours[end] = j
                end += 1
    return ptr, neighbours


@njit(cache=True)
def savings(way, kg, parcels, payload_kg, payload_parcels, max_stops, is_one):
    """Which stops share a trip, and in which order: the ends of trips whose joining saves most are joined first.

    Joining the end of one trip with that of another saves the way home from the one and the way out to the
    other, and costs the way between them. What saves nothing and costs nothing is joined too: a trip less.

    Parameters
    ----------
    way : int array, shape (stops + 1, stops + 1)
        Ways from row to column, ticks.
    kg, parcels : arrays, shape (stops,)
    payload_kg, payload_parcels, max_stops : float, int, int
        What a trip may have.
    is_one : bool
        All stops are joined to one trip, whatever it costs.

    Returns
    -------
    after : int array, shape (stops,)
        Next stop of the trip; the number of stops: home.
    first : int array, shape (trips,)
        First stop of each trip.
    """
    num = len(way) - 1
    trip, first_of, last_of = np.arange(num), np.arange(num), np.arange(num)
    weight, count, size = kg.copy(), parcels.copy(), np.ones(num, dtype=np.int64)
    after, before = np.full(num, num), np.full(num, num)
    ends = np.arange(num)
    while True:
        has_joined = False
        ptr, neighbours = near(way, ends, num if is_one else _NEIGHBOURS)
        low, high, saved = _worth_joining(way, ends, ptr, neighbours, is_one)
        for row in np.argsort(-saved, kind="mergesort"):
            i, j = low[row], high[row]
            a, b = trip[i], trip[j]
            if (
                a == b
                or size[a] + size[b] > max_stops
                or count[a] + count[b] > payload_parcels
                or not fits(weight[a] + weight[b], payload_kg)
                or (after[i] != num and before[i] != num)
                or (after[j] != num and before[j] != num)
            ):
                continue
            has_joined = True
            if last_of[a] != i and last_of[b] == j:
                i, j, a, b = j, i, b, a
            if last_of[a] != i:
                _turn_round(a, first_of, last_of, after, before, num)
            if first_of[b] != j:
                _turn_round(b, first_of, last_of, after, before, num)
            after[i], before[j] = j, i
            stop = j
            while stop != num:
                trip[stop] = a
                stop = after[stop]
            last_of[a], first_of[b] = last_of[b], -1
            weight[a] += weight[b]
            count[a] += count[b]
            size[a] += size[b]
        if not has_joined or len(ends) <= _NEIGHBOURS + 1 or is_one:
            return after, first_of[first_of >= 0]
        # Whoever is left may have no neighbours left: those within trips are neighbours no more.
        ends = np.flatnonzero((after == num) | (before == num))


@njit(cache=True)
def _worth_joining(way, stops, ptr, neighbours, is_one):
    """Pairs of neighbours, the lower one first, and the ticks that joining them saves, no loss."""
    home = len(way) - 1
    low, high, saved = np.empty((3, len(neighbours)), dtype=np.int64)
    num = 0
    for row in range(len(stops)):
        i = stops[row]
        for place in range(ptr[row], ptr[row + 1]):
            j = neighbours[place]
            if j < i:
                # Where each is near the other the lower one has named the pair.
                at = np.searchsorted(stops, j)
                found = ptr[at] + np.searchsorted(neighbours[ptr[at] : ptr[at + 1]], i)
                if found < ptr[at + 1] and neighbours[found] == i:
                    continue
            gain = way[home, i] + way[i, home] + way[home, j] + way[j, home] - way[i, j] - way[j, i]
            if gain >= -ROUNDING or is_one:
                low[num], high[num], saved[num] = min(i, j), max(i, j), gain
                num += 1
    return low[:num], high[:num], saved[:num]


@njit(cache=True)
def _turn_round(trip, first_of, last_of, after, before, num):
    """Let a trip be made the other way round."""
    stop = first_of[trip]
    while stop != num:
        after[stop], before[stop] = before[stop], after[stop]
        stop = before[stop]
    first_of[trip], last_of[trip] = last_of[trip], first_of[trip]
