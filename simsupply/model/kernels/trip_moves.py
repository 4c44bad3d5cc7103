"""Compiled improvement of trips by moves of a few stops: 2-opt, or-opt, exchanges of stops and of tails.

Croes 1958, Operations Research 6:791-812 (2-opt); Or 1976 (or-opt); Potvin and Rousseau 1995, Journal of the
Operational Research Society 46:1433-1446 (tails). Stops and ways as in `simsupply.model.kernels.savings`.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from simsupply.model.kernels.arrays import fits
from simsupply.model.kernels.savings import ROUNDING, near

_NEIGHBOURS = 20
# Stops that change their place together, at most.
_SEGMENT = 3


@njit(cache=True)
def improve(way, after, first, kg, parcels, payload_kg, payload_parcels, max_stops):
    """Shorten trips until no move that brings a stop next to one of its neighbours does; `after` and `first` change.

    The moves: a part of a trip is made the other way round (2-opt); up to three stops go elsewhere, on their trip
    or another one, either way round (or-opt); two trips exchange a stop each, or what follows. The first move that
    gains is made. A trip that is left without stops has -1 in `first`.

    In the code stop i of trip a comes next to stop j of trip b; a segment is the chain of stops from s to e; p and q
    are what it comes between, p0 and q0 what it stood between.

    Parameters
    ----------
    See `simsupply.model.kernels.savings.savings`.
    """
    num = len(way) - 1
    ptr, neighbours = near(way, np.arange(num), _NEIGHBOURS)
    before, trip, rank = np.empty(num, dtype=np.int64), np.empty(num, dtype=np.int64), np.empty(num, dtype=np.int64)
    # Along its trip up to each stop: ways, ways the other way round, kg, parcels.
    there, back = np.empty(num, dtype=np.int64), np.empty(num, dtype=np.int64)
    kg_to, parcels_to = np.empty(num), np.empty(num, dtype=np.int64)
    last = np.empty(len(first), dtype=np.int64)
    for number in range(len(first)):
        _walk(number, way, first, last, after, before, trip, rank, there, back, kg, kg_to, parcels, parcels_to)
    has_moved = True
    while has_moved:
        has_moved = False
        for i in range(num):
            row = ptr[i]
            while row < ptr[i + 1]:
                j = neighbours[row]
                row += 1
                a, b = trip[i], trip[j]
                is_moved = False
                if a != b:
                    # i goes on to j and what follows it; what came before j goes on to what followed i.
                    p, q = before[j], after[i]
                    gain = way[i, q] + way[p, j] - way[i, j] - way[p, q]
                    if gain > ROUNDING:
                        kg_p, parcels_p, rank_p = 0.0, 0, 0
                        if p != num:
                            kg_p, parcels_p, rank_p = kg_to[p], parcels_to[p], rank[p]
                        kg_a = kg_to[i] + (kg_to[last[b]] - kg_p)
                        kg_b = kg_p + (kg_to[last[a]] - kg_to[i])
                        parcels_a = parcels_to[i] + parcels_to[last[b]] - parcels_p
                        parcels_b = parcels_p + parcels_to[last[a]] - parcels_to[i]
                        stops_a = rank[i] + rank[last[b]] - rank_p
                        stops_b = rank_p + rank[last[a]] - rank[i]
                        if (
                            max(stops_a, stops_b) <= max_stops
                            and max(parcels_a, parcels_b) <= payload_parcels
                            and fits(max(kg_a, kg_b), payload_kg)
                        ):
                            after[i] = j
                            if p == num:
                                first[b] = q if q != num else -1
                            else:
                                after[p] = q
                            is_moved = True
                    # i takes the place of a stop next to j, which takes that of i.
                    p0, q0 = before[i], after[i]
                    for x in (before[j], after[j]):
                        if is_moved or x == num:
                            continue
                        p, q = before[x], after[x]
                        gain = way[p0, i] + way[i, q0] - way[p0, x] - way[x, q0]
                        gain += way[p, x] + way[x, q] - way[p, i] - way[i, q]
                        if (
                            gain > ROUNDING
                            and fits(kg_to[last[a]] - kg[i] + kg[x], payload_kg)
                            and fits(kg_to[last[b]] - kg[x] + kg[i], payload_kg)
                            and parcels_to[last[a]] - parcels[i] + parcels[x] <= payload_parcels
                            and parcels_to[last[b]] - parcels[x] + parcels[i] <= payload_parcels
                        ):
                            _lay(a, p0, q0, x, x, False, first, after, num)
                            _lay(b, p, q, i, i, False, first, after, num)
                            is_moved = True
                else:
                    x, y = (i, j) if rank[i] < rank[j] else (j, i)
                    # From behind x up to y, and from x up to before y, the other way round.
                    for p, s, e, q in ((x, after[x], y, after[y]), (before[x], x, before[y], y)):
                        if is_moved or s == e:
                            continue
                        gain = way[p, s] + way[e, q] - way[p, e] - way[s, q]
                        gain += (there[e] - there[s]) - (back[e] - back[s])
                        if gain > ROUNDING:
                            _lay(a, p, q, s, e, True, first, after, num)
                            is_moved = True
                # A segment that begins or ends with i goes next to j.
                for ahead in range(2):
                    s, e = i, i
                    for _ in range(_SEGMENT):
                        if is_moved:
                            break
                        for side in range(2):
                            p, q = (j, after[j]) if side else (before[j], j)
                            if is_moved or (trip[i] == b and rank[s] <= rank[j] <= rank[e]) or p == e or q == s:
                                continue
                            # i is next to j: behind j a segment that begins with i keeps its direction.
                            is_turned = s != e and (side == 1) != (ahead == 1)
                            x, y = (e, s) if is_turned else (s, e)
                            p0, q0 = before[s], after[e]
                            gain = way[p0, s] + way[e, q0] + way[p, q] - way[p0, q0] - way[p, x] - way[y, q]
                            if is_turned:
                                gain += (there[e] - there[s]) - (back[e] - back[s])
                            if gain <= ROUNDING:
                                continue
                            if a != b:
                                kg_s = kg_to[e] - kg_to[s] + kg[s]
                                parcels_s = parcels_to[e] - parcels_to[s] + parcels[s]
                                if (
                                    rank[last[b]] + rank[e] - rank[s] + 1 > max_stops
                                    or parcels_to[last[b]] + parcels_s > payload_parcels
                                    or not fits(kg_to[last[b]] + kg_s, payload_kg)
                                ):
                                    continue
                            if p0 == num:
                                first[a] = q0 if q0 != num else -1
                            else:
                                after[p0] = q0
                            _lay(b, p, q, s, e, is_turned, first, after, num)
                            is_moved = True
                        if ahead:
                            if after[e] == num:
                                break
                            e = after[e]
                        else:
                            if before[s] == num:
                                break
                            s = before[s]
                if is_moved:
                    has_moved = True
                    _walk(a, way, first, last, after, before, trip, rank, there, back, kg, kg_to, parcels, parcels_to)
                    _walk(b, way, first, last, after, before, trip, rank, there, back, kg, kg_to, parcels, parcels_to)
                    row = ptr[i]


@njit(cache=True)
def _lay(trip, p, q, s, e, is_turned, first, after, num):
    """Put the chain of stops from s to e between p and q of a trip, or the other way round."""
    if is_turned:
        stop, behind = s, q
        while True:
            following = after[stop]
            after[stop] = behind
            behind = stop
            if stop == e:
                break
            stop = following
    else:
        after[e] = q
        behind = s
    if p == num:
        first[trip] = behind
    else:
        after[p] = behind


@njit(cache=True)
def _walk(number, way, first, last, after, before, trip, rank, there, back, kg, kg_to, parcels, parcels_to):
    """Note where the stops of a trip are now, and what is behind them."""
    num = len(way) - 1
    stop, previous = first[number], num
    count, out, home, weight, pieces = 0, 0, 0, 0.0, 0
    while stop != -1 and stop != num:
        count += 1
        if previous != num:
            out += way[previous, stop]
            home += way[stop, previous]
        weight += kg[stop]
        pieces += parcels[stop]
        before[stop], trip[stop], rank[stop] = previous, number, count
        there[stop], back[stop], kg_to[stop], parcels_to[stop] = out, home, weight, pieces
        previous = stop
        stop = after[stop]
    last[number] = previous
