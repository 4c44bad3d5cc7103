"""Spells of time: when somebody was free, and when so many were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from simsupply.model.reference.pool import Server

Spells = list[tuple[float, float]]


def free_spells(server: Server, busy: list[list[float]], begin: float, end: float) -> Spells:
    """When between two moments a server was on duty and did nothing, in order."""
    found: Spells = []
    for interval in server.intervals:
        since, until = max(begin, interval.start), min(end, interval.end)
        for out, back in busy:
            if since < min(out, until):
                found.append((since, min(out, until)))
            since = max(since, back)
        if since < until:
            found.append((since, until))
    return found


def at_least(number: int, spells: Iterable[Spells]) -> Spells:
    """When so many of them hold at once, in order.

    >>> at_least(2, [[(0, 5), (7, 9)], [(3, 8)], [(4, 6)]])
    [(3, 6), (7, 8)]
    """
    changes: Counter[float] = Counter()
    for of_one in spells:
        for start, end in of_one:
            changes[start] += 1
            changes[end] -= 1
    found, there, since = list[tuple[float, float]](), 0, None
    for moment in sorted(changes):
        there += changes[moment]
        if there >= number and since is None:
            since = moment
        elif there < number and since is not None:
            found.append((since, moment))
            since = None
    return found


def parted(begin: float, end: float, spells: Iterable[tuple[float, float]]) -> Iterator[tuple[float, float, bool]]:
    """The time between two moments, cut by spells that lie in order; each part says whether it lies in one.

    >>> list(parted(0, 10, [(2, 4), (8, 12)]))
    [(0, 2, False), (2, 4, True), (4, 8, False), (8, 10, True)]
    """
    for first, last in spells:
        first, last = max(begin, first), min(end, last)
        if first < last:
            if begin < first:
                yield begin, first, False
            yield first, last, True
            begin = last
    if begin < end:
        yield begin, end, False
