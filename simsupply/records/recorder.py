"""What is kept of orders, stages, trips and levels while a replication runs, handed out day by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.records.detail import DetailWord, tables_of
from simsupply.records.levels import LevelRecorder
from simsupply.records.pending import Pending
from simsupply.records.sinks import Sink, SinkMaker
from simsupply.records.time_in_system import TimeInSystem
from simsupply.records.trips import TripRecorder
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
# What tells one order from another.
_KEYS = ("wave", "channel", "household", "order")
# Orders that finished a step: wave, channel, households, numbers in the wave, step, minutes.
_Finished = tuple[int, str, IntArray, IntArray, str, FloatArray]


class Recorder:
    """Collects what happened and hands complete days to sinks; only open days are in memory.

    The books tell which orders finished which step (`note`), which were delivered (`deliver`) and up to when everything
    is known (`settle`). An engine tells the rest to these three, each None where nobody asked for it; then it need not
    reckon it.

    Attributes
    ----------
    details : tuple of str
        What is kept.
    spent : TimeInSystem or None
        What the time of each order goes on.
    trips : TripRecorder or None
        Trips of vehicles, each once it is settled or, if it is not over at the end of the run, by then.
    levels : LevelRecorder or None
        Changes of queues, of vehicles, docks and units in use, and of floors; before the midnight after them.

    Parameters
    ----------
    details : sequence of str
        See `simsupply.records.detail`.
    sinks : callable
        Gives the sink of a table of `simsupply.records.detail.TABLES_OF`.
    """

    details: tuple[DetailWord, ...] = ()
    spent: TimeInSystem | None = None
    trips: TripRecorder | None = None
    levels: LevelRecorder | None = None

    def __init__(
        self, details: Sequence[DetailWord], scenario: Scenario, strategy: StrategySpec, sinks: SinkMaker
    ) -> None:
        self.details = tuple(details)
        sink = {table: sinks(table) for table in tables_of(self.details)}
        steps = tuple(dict.fromkeys(step.body.name for channel in strategy.channels.values() for step in channel.steps))
        places, end_min = scenario.places, scenario.end_min
        self.stages = StageRows(places.count("drop_point"), sink["stages"]) if "stages" in sink else None
        self.orders = OrderRows(sink["orders"]) if "orders" in sink else None
        if "orders" in self.details:
            self.spent = TimeInSystem(steps, sink["time_in_system"])
        if "trips" in self.details:
            self.trips = TripRecorder(steps, places.names, end_min, sink["trips"], sink["stops"])
            self.levels = LevelRecorder(steps, places.names, end_min, sink["levels"])

    def note(
        self,
        step: str,
        channel: str,
        wave: int,
        household: IntArray,
        order: IntArray,
        drop_point: IntArray,
        kg: FloatArray,
        times: FloatArray,
    ) -> None:
        """Note orders that finished a step (``placed`` comes first); all arrays have one entry per order."""
        if self.orders:
            self.orders.note(step, channel, wave, household, order, times)
        if self.stages:
            self.stages.note(step, drop_point, kg, times)

    def deliver(self, channel: str, wave: int, household: IntArray, order: IntArray, times: FloatArray) -> None:
        """Note orders that have finished the last step of their channel."""
        if self.spent:
            self.spent.deliver(wave, channel, household, order, times)

    def settle(self, until: float) -> None:
        """Hand out the days that end at or before `until`; nothing can be added to them any more."""
        for part in (self.stages, self.orders, self.spent, self.trips, self.levels):
            if part:
                part.settle(until)


class OrderRows:
    """When each order finished each step: wave, channel, household, order (its number in the wave), step, minute.

    An order that waited for goods is in the rows of the day on which it was sent, also as ``placed``, with the minute
    at which it was placed.
    """

    def __init__(self, sink: Sink) -> None:
        self.sink, self.pending = sink, Pending[_Finished]()

    def note(self, step: str, channel: str, wave: int, household: IntArray, order: IntArray, times: FloatArray) -> None:
        """Note orders that finished a step."""
        for day, today in self.pending.days(times):
            self.pending.parts[day].append((wave, channel, household[today], order[today], step, times[today]))

    def settle(self, until: float) -> None:
        """Hand out the days that end at or before `until`."""
        for day, parts in self.pending.complete(until):
            self.sink(day, _order_rows(parts))


class StageRows:
    """What each step finished per day and drop point: step, drop_point, orders, kg."""

    def __init__(self, num_drop_points: int, sink: Sink) -> None:
        self.num_drop_points, self.sink = num_drop_points, sink
        self.totals: dict[int, dict[str, FloatArray]] = defaultdict(dict)
        self.open_from = 0

    def note(self, step: str, drop_point: IntArray, kg: FloatArray, times: FloatArray) -> None:
        """Note orders that finished a step."""
        days = np.maximum((times // MINUTES_PER_DAY).astype(np.int64), self.open_from)
        for day in np.unique(days).tolist():
            today = days == day
            total = self.totals[day].setdefault(step, np.zeros((2, self.num_drop_points)))
            total[0] += np.bincount(drop_point[today], minlength=self.num_drop_points)
            total[1] += np.bincount(drop_point[today], weights=kg[today], minlength=self.num_drop_points)

    def settle(self, until: float) -> None:
        """Hand out the days that end at or before `until`."""
        self.open_from = int(until // MINUTES_PER_DAY)
        for day in sorted(day for day in self.totals if (day + 1) * MINUTES_PER_DAY <= until):
            parts = [_stage_rows(step, total) for step, total in self.totals.pop(day).items()]
            self.sink(day, pd.concat(parts, ignore_index=True))


def _stage_rows(step: str, total: FloatArray) -> pd.DataFrame:
    at = np.flatnonzero(total[0])
    return pd.DataFrame({"step": step, "drop_point": at, "orders": total[0][at].astype(np.int64), "kg": total[1][at]})


def _order_rows(finished: list[_Finished]) -> pd.DataFrame:
    """One table of many notes; a table for each would take longer than the run."""
    waves, channels, households, orders, steps, minutes = zip(*finished, strict=True)
    sizes = [len(part) for part in households]
    return pd.DataFrame(
        {
            "wave": np.repeat(np.array(waves), sizes),
            "channel": np.repeat(np.array(channels, dtype=object), sizes),
            "household": np.concatenate(households),
            "order": np.concatenate(orders),
            "step": np.repeat(np.array(steps, dtype=object), sizes),
            "minute": np.concatenate(minutes),
        }
    )


def order_table(rows: pd.DataFrame, steps: list[str], replication: int) -> pd.DataFrame:
    """One row per order: replication, wave, channel, household, order, placed, and a column per step.

    `order` is its number in the wave, by which orders of one household are told apart. A step's column holds the
    minute at which the order finished it; NaN: not by the run's end, or not a step of its channel.
    """
    if rows.empty:
        rows = pd.DataFrame(columns=[*_KEYS, "step", "minute"])
    wide = rows.pivot(index=list(_KEYS), columns="step", values="minute")
    wide = wide.reindex(columns=["placed", *steps]).reset_index().rename_axis(columns=None)
    wide.insert(0, "replication", replication)
    return wide
