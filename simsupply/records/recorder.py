"""What is kept of each order or stage while a replication runs, handed out day by day."""

from __future__ import annotations

import shutil
from collections import defaultdict
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simsupply.base.files import write_whole
from simsupply.base.problems import nearest, wrong
from simsupply.base.spec import MINUTES_PER_DAY

Detail = Literal["summary", "stages", "orders"]
DETAILS: tuple[Detail, ...] = ("summary", "stages", "orders")
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
# What tells one order from another.
_KEYS = ("wave", "channel", "household", "order")
# Orders that finished a step: wave, channel, households, numbers in the wave, step, minutes.
_Finished = tuple[int, str, IntArray, IntArray, str, FloatArray]


def check_detail(detail: str) -> None:
    """Refuse a level of detail that does not exist.

    Raises
    ------
    InputError
    """
    if detail not in DETAILS:
        raise wrong("simulate", "detail", detail, nearest(str(detail), DETAILS))


class Sink(Protocol):
    """Takes the rows of one day, once, when the day is complete."""

    def __call__(self, day: int, rows: pd.DataFrame) -> None:
        """Keep the rows."""


class Recorder:
    """Collects what happened and hands complete days to a sink; only open days are in memory.

    Rows at detail ``orders``: wave, channel, household, order (its number in the wave), step,
    minute (when the order finished the step; step ``placed`` comes first). At ``stages``: step, drop_point,
    orders, kg (finished that day). An order that waited for goods is in the rows of the day on which it was sent,
    also as ``placed``, with the minute at which it was placed.
    """

    def __init__(self, detail: Literal["stages", "orders"], num_drop_points: int, sink: Sink) -> None:
        self.detail, self.num_drop_points, self.sink = detail, num_drop_points, sink
        self.pending: dict[int, list[_Finished]] = defaultdict(list)
        self.totals: dict[int, dict[str, FloatArray]] = defaultdict(dict)
        self.open_from = 0

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
        """Note orders that finished a step; all arrays have one entry per order."""
        days = np.maximum((times // MINUTES_PER_DAY).astype(np.int64), self.open_from)
        for day in np.unique(days).tolist():
            today = days == day
            if self.detail == "orders":
                self.pending[day].append((wave, channel, household[today], order[today], step, times[today]))
            else:
                total = self.totals[day].setdefault(step, np.zeros((2, self.num_drop_points)))
                total[0] += np.bincount(drop_point[today], minlength=self.num_drop_points)
                total[1] += np.bincount(drop_point[today], weights=kg[today], minlength=self.num_drop_points)

    def settle(self, until: float) -> None:
        """Hand out the days that end at or before `until`; nothing can be added to them any more."""
        self.open_from = int(until // MINUTES_PER_DAY)
        for day in sorted(day for day in {*self.pending, *self.totals} if (day + 1) * MINUTES_PER_DAY <= until):
            if self.detail == "orders":
                self.sink(day, _order_rows(self.pending.pop(day)))
            else:
                parts = [self._stage_rows(step, total) for step, total in self.totals.pop(day).items()]
                self.sink(day, pd.concat(parts, ignore_index=True))

    def _stage_rows(self, step: str, total: FloatArray) -> pd.DataFrame:
        at = np.flatnonzero(total[0])
        return pd.DataFrame(
            {"step": step, "drop_point": at, "orders": total[0][at].astype(np.int64), "kg": total[1][at]}
        )


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


class ParquetSink:
    """Writes each day as ``FOLDER/replication=R/day=D.parquet``, whole or not at all.

    Parts of an earlier run of the same replication are removed first, so that a folder never
    mixes two runs.
    """

    def __init__(self, folder: Path, replication: int) -> None:
        self.folder = folder / f"replication={replication:04d}"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    def __call__(self, day: int, rows: pd.DataFrame) -> None:
        """Write one day."""
        table = rows.astype({name: "category" for name in ("channel", "step") if name in rows})
        write_whole(self.folder / f"day={day:04d}.parquet", lambda part: table.to_parquet(part, index=False))


class MemorySink:
    """Keeps every day; for small runs in Python."""

    def __init__(self) -> None:
        self.days: list[pd.DataFrame] = []

    def __call__(self, day: int, rows: pd.DataFrame) -> None:
        """Keep one day."""
        self.days.append(rows.assign(day=day))

    def rows(self) -> pd.DataFrame:
        """All rows of the run."""
        return pd.concat(self.days, ignore_index=True) if self.days else pd.DataFrame()


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
