"""What each order spent its time on, from when it was placed until it was delivered; it adds up."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simsupply.records.pending import Pending
from simsupply.records.sinks import Sink
from simsupply.records.ticks import TICKS, ticks_of

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

SPENT_ON = ("goods", "departure", "gate", "room", "people", "vehicle", "dock", "service", "travel")
"""Causes of waits (`simsupply.strategy.waits`), being worked on, and being on board."""
COLUMNS = ("wave", "channel", "household", "order", "step", "spent_on", "minutes")


class _Delivered(NamedTuple):
    """Orders of one wave that were delivered on one day, and what they spent on one thing at one step, in ticks."""

    wave: int
    channel: str
    household: IntArray
    order: IntArray
    step: int
    spent_on: int
    ticks: IntArray


class TimeInSystem:
    """Adds up for each order that is under way what its time goes on; its rows are those of the day of its delivery.

    For each order the minutes add up to what lies between its placing and its delivery, to half a tick at each end
    (`simsupply.records.ticks`).

    Parameters
    ----------
    steps : tuple of str
        In process order.
    """

    def __init__(self, steps: tuple[str, ...], sink: Sink) -> None:
        self.steps, self.sink = steps, sink
        # Ticks of each order, by wave, and by step and what it was spent on.
        self.ticks: dict[int, dict[tuple[str, str], IntArray]] = {}
        self.num_left: dict[int, int] = {}
        self.pending = Pending[_Delivered]()

    def add(self, wave: int, size: int, step: str, spent_on: str, orders: Any, ticks: Any) -> None:
        """Add ticks, negative ones too, of orders of a wave of `size`; none of them is named twice."""
        spent = self.ticks.setdefault(wave, {})
        if (step, spent_on) not in spent:
            spent[step, spent_on] = np.zeros(size, dtype=np.int64)
        spent[step, spent_on][orders] += ticks

    def begin(self, wave: int, size: int, step: str, spent_on: str, orders: Any, times: Any) -> None:
        """Let orders begin to spend time, in minutes; where it never ends they are not delivered."""
        self.add(wave, size, step, spent_on, orders, -ticks_of(times))

    def end(self, wave: int, size: int, step: str, spent_on: str, orders: Any, times: Any) -> None:
        """Let what has begun end."""
        self.add(wave, size, step, spent_on, orders, ticks_of(times))

    def deliver(self, wave: int, channel: str, household: IntArray, order: IntArray, times: FloatArray) -> None:
        """Let orders be delivered; `order` is their number in the wave."""
        spent = self.ticks.get(wave, {})
        for day, today in self.pending.days(times):
            for (step, spent_on), ticks in spent.items():
                of_order = ticks[order[today]]
                some = of_order != 0
                if some.any():
                    who = household[today][some], order[today][some]
                    names = self.steps.index(step), SPENT_ON.index(spent_on)
                    self.pending.parts[day].append(_Delivered(wave, channel, *who, *names, of_order[some]))
        if spent:
            size = len(next(iter(spent.values())))
            self.num_left[wave] = self.num_left.get(wave, size) - len(order)
            if self.num_left[wave] == 0:
                del self.ticks[wave], self.num_left[wave]

    def settle(self, until: float) -> None:
        """Hand out the days that end at or before `until`."""
        for day, parts in self.pending.complete(until):
            self.sink(day, self._rows(parts))

    def _rows(self, parts: list[_Delivered]) -> pd.DataFrame:
        sizes = [len(part.order) for part in parts]
        channels = list(dict.fromkeys(part.channel for part in parts))
        columns = {
            "wave": np.repeat([part.wave for part in parts], sizes),
            "channel": np.repeat([channels.index(part.channel) for part in parts], sizes),
            "household": np.concatenate([part.household for part in parts]),
            "order": np.concatenate([part.order for part in parts]),
            "step": np.repeat([part.step for part in parts], sizes),
            "spent_on": np.repeat([part.spent_on for part in parts], sizes),
            "minutes": np.concatenate([part.ticks for part in parts]) / TICKS,
        }
        names = {"channel": channels, "step": self.steps, "spent_on": SPENT_ON}
        rows = np.lexsort([columns[name] for name in ("spent_on", "step", "order", "wave")])
        named = {
            name: np.array(names[name], dtype=object)[column[rows]] if name in names else column[rows]
            for name, column in columns.items()
        }
        return pd.DataFrame(named)
