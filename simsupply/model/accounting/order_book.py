"""Counts of orders by channel and day, and which households wait for one."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from simsupply.model.flow.contents import Contents
from simsupply.model.flow.waves import Wave
from simsupply.model.kernels.accounts import tally
from simsupply.model.kernels.arrays import add_each, peak
from simsupply.model.orders.decisions import Decision
from simsupply.records.replication import DayRecord, OrderCounts
from simsupply.scenario.world import Scenario

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
COUNTED = tuple(field.name for field in fields(OrderCounts))


class OrderBook:
    """Counts of orders by channel up to the horizon, and which households wait for one.

    Visits to shops are no orders: they are counted as deliveries of their channel and nothing else.

    Attributes
    ----------
    on_day : dict of str to int array, shape (days, channels)
        Each count of `OrderCounts` by day up to the horizon.
    tries, callers : int arrays, shape (days, 2)
        See `simsupply.records.replication.AskedRecord`.
    num_own : int32 array, shape (households,)
        Orders of its own that each household waits for.
    num_open : int array, shape (channels,)
        Orders and parcels accepted and not yet delivered, by what is known now.
    num_delivered : int array, shape (channels,)
        All that have come so far, after the horizon too.
    kg : float array, shape (channels,)
        Goods delivered up to the horizon, those brought home from shops included.
    """

    def __init__(self, scenario: Scenario, contents: Contents, num_channels: int) -> None:
        self.horizon, self.contents = scenario.horizon_min, contents
        self.is_pull, self.is_shop = np.zeros((2, num_channels), dtype=bool)
        self.is_pull[contents.channel[contents.is_pull]] = True
        self.is_shop[contents.channel[contents.is_visit]] = True
        self.num_own = np.zeros(len(scenario.households), dtype=np.int32)
        self.num_delivered = np.zeros(num_channels, dtype=np.int64)
        shape = scenario.settings.horizon_days, num_channels
        self.on_day: dict[str, IntArray] = {name: np.zeros(shape, dtype=np.int64) for name in COUNTED}
        self.tries, self.callers = np.zeros((2, shape[0], 2), dtype=np.int64)
        self.num_open = np.zeros(num_channels, dtype=np.int64)
        self.kg = np.zeros(num_channels)
        self.backlog = self.backlog_peak = 0
        self.placed: FloatArray = np.zeros(0)

    def take(self, decision: Decision) -> None:
        """Book what came of a list, and the orders taken on that wait for goods."""
        counts, households = decision.counts, decision.waiting
        at = counts.day, counts.channel
        self.on_day["attempted"][at] += counts.attempted
        self.on_day["accepted"][at] += counts.accepted
        self.on_day["rejected"][at] += counts.rejected
        self.on_day["cancelled"][at] += counts.cancelled
        self.on_day["collecting"][at] += counts.collecting
        self.tries[counts.day] += counts.tries
        self.callers[counts.day] += counts.callers
        if households is not None:
            placed = np.full(len(households), decision.time)
            self._open(counts.channel, households, placed, self.is_pull[counts.channel])

    def release(self, wave: Wave) -> None:
        """Book a wave that enters the system."""
        row = int(wave.content[0])
        if self.contents.is_visit[row]:
            return
        if not wave.has_waited:
            is_pull = bool(self.contents.is_pull[row])
            self._open(int(self.contents.channel[row]), wave.household, wave.placed, is_pull)

    def _open(self, channel: int, households: IntArray, placed: FloatArray, is_pull: bool) -> None:
        self.num_open[channel] += len(households)
        self.placed = np.concatenate([self.placed, placed])
        if is_pull:
            add_each(self.num_own, households, 1)

    def settle(
        self,
        households: IntArray,
        times: FloatArray,
        kg: FloatArray,
        content: NDArray[np.int32],
        until: float,
    ) -> None:
        """Book deliveries and placements before `until`."""
        contents = self.contents
        num_days = len(self.on_day["delivered"])
        by_day, done, weights = tally(times, kg, content, self.horizon, num_days, len(contents.channel))
        # Rows of the contents to channels.
        np.add.at(self.on_day["delivered"].T, contents.channel, by_day.T)
        np.add.at(self.num_delivered, contents.channel, done)
        np.subtract.at(self.num_open, contents.channel, np.where(contents.is_visit, 0, done))
        np.add.at(self.kg, contents.channel, weights)
        if contents.is_pull.all():
            add_each(self.num_own, households, -1)
        elif contents.is_pull.any():
            add_each(self.num_own, households[contents.is_pull[content]], -1)
        if contents.is_visit.any():
            times = times[~contents.is_visit[content]]
        is_due = self.placed < until
        placed, self.placed = self.placed, np.zeros(0)
        if not is_due.all():
            placed, self.placed = placed[is_due], placed[~is_due]
        if (placed[1:] < placed[:-1]).any():
            placed = np.sort(placed)
        self.backlog_peak = max(self.backlog_peak, peak(self.backlog, placed, np.sort(times), self.horizon))
        self.backlog += len(placed) - len(times)

    def counts(self) -> list[OrderCounts]:
        """Counts of the whole run by channel, up to the horizon."""
        totals = np.column_stack([self.on_day[name].sum(axis=0) for name in COUNTED])
        return [OrderCounts(*values) for values in totals.tolist()]

    @property
    def stays_open(self) -> IntArray:
        """Orders on their way at the midnight that ends each day, shape (days, channels)."""
        on_day = self.on_day
        delivered = np.where(self.is_shop, 0, on_day["delivered"])
        change: IntArray = on_day["accepted"] - on_day["cancelled"] - delivered
        return change.cumsum(axis=0)

    def days(
        self,
        trigger_on: NDArray[np.bool_],
        tier_share: FloatArray,
        hungry_share: FloatArray,
        hungry_share_by_tier: FloatArray,
    ) -> DayRecord:
        """Counts by day and channel, with the triggers, the tiers and the hungry of each day."""
        on_day = self.on_day
        return DayRecord(
            **{name: on_day[name] for name in COUNTED if name != "collecting"},
            open=self.stays_open,
            collecting=on_day["collecting"].cumsum(axis=0),
            trigger_on=trigger_on,
            tier_share=tier_share,
            hungry_share=hungry_share,
            hungry_share_by_tier=hungry_share_by_tier,
        )
