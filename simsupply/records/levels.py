"""How many waited, were in use or stood there, hour by hour: averages over time and largest numbers, both exact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.records.sinks import Sink
from simsupply.records.ticks import TICKS, ticks_of
from simsupply.scenario.place_kinds import PlaceKind

IntArray = NDArray[np.int64]

LEVELS = (
    "queue",
    "in_hand",
    "vehicles",
    "docks",
    "dock_queue",
    "unload_docks",
    "unload_dock_queue",
    "floor",
    "floor_queue",
)
"""What is counted.

Orders that wait at a step until a unit or load of theirs is taken in hand (``queue``); units that a crew has in hand,
over its breaks too; vehicles given a load and not back at their base; vehicles that load at docks, and those that
wait there; the same at docks for unloading; parcels on a limited floor, and vehicles that wait for room on it.
"""
COLUMNS = ("day", "hour", "level", "step", "kind", "place", "mean", "max")
_HOUR = round(60 * TICKS)
_HOURS_PER_DAY = 24


class LevelRecorder:
    """Takes changes of levels as they become known, and hands out the hours of complete days.

    Rows are given for hours in which a level was not zero all the time. Averages are integrals over time, in whole
    ticks (`simsupply.records.ticks`); what lasts for no tick does not count.

    Parameters
    ----------
    steps : tuple of str
        In process order.
    names : mapping of kind of place to names
    end_min : float
        The end of the run.
    """

    def __init__(
        self, steps: tuple[str, ...], names: Mapping[PlaceKind, Sequence[str]], end_min: float, sink: Sink
    ) -> None:
        self.steps, self.names, self.end_min, self.sink = steps, names, end_min, sink
        self.end = int(ticks_of(end_min))
        # By level, step and kind of place: place, tick and number of each change that lies ahead; and level by place.
        self.changes: dict[tuple[str, str, PlaceKind], list[tuple[IntArray, IntArray, IntArray]]] = {}
        self.level: dict[tuple[str, str, PlaceKind], IntArray] = {}
        self.day = 0

    def change(self, level: str, step: str, kind: PlaceKind, place: Any, time: Any, by: Any) -> None:
        """Note that a level changes: at which places, when (minutes; infinity: never), and by how much."""
        columns = np.atleast_1d(np.asarray(place), ticks_of(time), np.asarray(by))
        at, when, much = (column.astype(np.int64) for column in np.broadcast_arrays(*columns))
        counts = when < self.end
        if not counts.all():
            at, when, much = at[counts], when[counts], much[counts]
        self.changes.setdefault((level, step, kind), []).append((at, when, much))

    def between(self, level: str, step: str, kind: PlaceKind, place: Any, begin: Any, end: Any, by: Any = 1) -> None:
        """Note that a level is higher from one moment to another."""
        self.change(level, step, kind, place, begin, by)
        self.change(level, step, kind, place, end, -np.asarray(by))

    def settle(self, until: float) -> None:
        """Hand out the days that end at or before `until`; nothing before it can change any more."""
        until = min(until, self.end_min)
        while (self.day + 1) * MINUTES_PER_DAY <= until:
            rows = self._day_rows(self.day)
            if len(rows):
                self.sink(self.day, rows)
            self.day += 1

    def _day_rows(self, day: int) -> pd.DataFrame:
        parts = []
        order = {name: number for number, name in enumerate(self.steps)}
        for key in sorted(self.changes, key=lambda key: (LEVELS.index(key[0]), order.get(key[1], -1), key[1:])):
            level, step, kind = key
            place, hour, integral, most = self._hours(key, day)
            if len(place):
                parts.append(
                    pd.DataFrame(
                        {
                            "day": day,
                            "hour": hour,
                            "level": level,
                            "step": step,
                            "kind": kind,
                            "place": np.array(self.names[kind], dtype=object)[place],
                            "mean": integral / _HOUR,
                            "max": most,
                        }
                    )
                )
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)

    def _hours(self, key: tuple[str, str, PlaceKind], day: int) -> tuple[IntArray, IntArray, IntArray, IntArray]:
        """Place and hour of the day, integral over time in ticks, and largest number, where that is not zero."""
        first = day * _HOURS_PER_DAY * _HOUR
        end = first + _HOURS_PER_DAY * _HOUR
        at, when, by = (np.concatenate(column) for column in zip(*self.changes[key], strict=True))
        is_later = when >= end
        self.changes[key] = [(at[is_later], when[is_later], by[is_later])]
        at, when, by = at[~is_later], when[~is_later], by[~is_later]
        before = self.level.setdefault(key, np.zeros(len(self.names[key[2]]), dtype=np.int64))
        places = np.union1d(at, np.flatnonzero(before))
        if not len(places):
            return places, places, places, places
        # At each full hour nothing changes; that cuts time into hours.
        full = np.tile(first + np.arange(_HOURS_PER_DAY) * _HOUR, len(places))
        opening = np.zeros((len(places), _HOURS_PER_DAY), dtype=np.int64)
        opening[:, 0] = before[places]
        at = np.concatenate([np.repeat(places, _HOURS_PER_DAY), at])
        when, by = np.concatenate([full, when]), np.concatenate([opening.ravel(), by])
        order = np.lexsort((when, at))
        at, when, level = at[order], when[order], np.cumsum(by[order])
        is_last = np.ones(len(at), dtype=bool)
        is_last[:-1] = (at[1:] != at[:-1]) | (when[1:] != when[:-1])
        at, when, level = at[is_last], when[is_last], level[is_last]
        # The sum runs on over places: what the one before ended with is taken off.
        starts = np.searchsorted(at, places)
        ends = np.append(starts[1:], len(at)) - 1
        level -= np.repeat(np.concatenate([[0], level[ends[:-1]]])[: len(places)], ends + 1 - starts)
        before[places] = level[ends]
        until = np.append(when[1:], end)
        until[ends] = end
        hour = (when - first) // _HOUR
        cell = np.flatnonzero(np.append(True, (hour[1:] != hour[:-1]) | (at[1:] != at[:-1]))[: len(at)])
        integral, most = np.add.reduceat(level * (until - when), cell), np.maximum.reduceat(level, cell)
        kept = most > 0
        return at[cell][kept], hour[cell][kept], integral[kept], most[kept]
