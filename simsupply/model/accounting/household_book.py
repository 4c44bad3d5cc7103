"""Deliveries, booked on households: what each has got, and for how long it was without."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.flow.contents import Contents
from simsupply.model.kernels.accounts import (
    Accounts,
    Carried,
    Deliveries,
    Measured,
    Needs,
    balances,
    due_by_household,
    open_accounts,
    receive_deliveries,
)
from simsupply.model.kernels.hunger import Hunger, count_hungry
from simsupply.records.replication import HouseholdRecord
from simsupply.scenario.world import Scenario

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class HouseholdBook:
    """Deliveries, booked on households in order of time as they become known."""

    def __init__(self, scenario: Scenario, contents: Contents) -> None:
        self.measured = Measured(scenario.measured_from_min, scenario.horizon_min)
        self.scenario, self.contents = scenario, contents
        self.need_kg_per_min = scenario.goods.rate / MINUTES_PER_DAY
        # All that a delivery changes stands together: it is looked up in memory once.
        opened = open_accounts(scenario.pantry_min, scenario.goods.needed_by, scenario.households.kinds)
        self.table, self._runs_out = opened
        self.first, self.longest_gap, self.any_empty_min = self.table.T[:3]
        self.empty_at, self.empty_min, self.kg = np.split(self.table[:, 3:], 3, axis=1)
        num, settings = len(self.table), scenario.settings
        self.hunger = Hunger(
            longest=np.zeros(num),
            since=np.full(num, -1.0),
            day=np.full(num, -1, dtype=np.int16),
            ticks=np.zeros(num, dtype=np.int32),
            compound=scenario.households.compound,
            change=np.zeros((len(scenario.compound_drop_point), settings.horizon_days + 1), dtype=np.int32),
        )
        # What is looked at for everybody at midnight stands by itself.
        self.last = np.zeros(len(self.table))
        self.kg_until_end = 0.0
        # With a single content all orders hold the same.
        self.has_choice = len(contents.channel) > 1
        self.latest = 0.0
        # What orders hold that were cut, by goods: few are, so each delivery has the number of its row, or -1. Where
        # there is one group of goods the kg of the order say it.
        self.has_goods = len(scenario.goods) > 1
        self.cut_kg, self.num_cut = [np.empty((0, len(scenario.goods)))], 0
        self.pending: list[tuple[IntArray, FloatArray, FloatArray, NDArray[np.int32], NDArray[np.int32]]] = []

    @property
    def runs_out(self) -> FloatArray:
        """When the first pantry of each household runs out, minutes."""
        first: FloatArray = self.empty_at[:, 0] if self.empty_at.shape[1] == 1 else self._runs_out
        return first

    def deliver(
        self,
        households: IntArray,
        times: FloatArray,
        kg: FloatArray,
        content: NDArray[np.int32],
        total_kg: float,
        goods_kg: FloatArray | None = None,
    ) -> None:
        """Note deliveries; the times may lie in the future."""
        cut_row = np.full(len(households), -1, dtype=np.int32)
        if goods_kg is not None and self.has_goods:
            is_cut = ~np.isnan(goods_kg).all(axis=1)
            rows = goods_kg[is_cut]
            cut_row[is_cut] = np.arange(self.num_cut, self.num_cut + len(rows))
            self.cut_kg.append(rows)
            self.num_cut += len(rows)
        self.pending.append((households, times, kg, content, cut_row))
        self.kg_until_end += total_kg

    def settle(self, until: float) -> tuple[IntArray, FloatArray, FloatArray, NDArray[np.int32]]:
        """Book the deliveries before `until`; return their households, times, kg and contents.

        Household after household, each one's in order of time.
        """
        if not self.pending:
            return np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.int32)
        columns: tuple[NDArray[Any], ...] = self.pending[0]
        if len(self.pending) > 1:
            columns = tuple(np.concatenate(column) for column in zip(*self.pending, strict=True))
        cut_kg = np.concatenate(self.cut_kg)
        self.pending, self.cut_kg, self.num_cut = [], [cut_kg[:0]], 0
        now, later = due_by_household(
            columns[0], columns[1], columns[3], columns[2], (columns[4], cut_kg), until, len(self.first)
        )
        if len(later):
            household_later, times_later, kg_later, content_later, cut_later = (column[later] for column in columns)
            # Only the rows of what is still to come are kept.
            is_cut = cut_later >= 0
            rows = cut_kg[cut_later[is_cut]]
            cut_later[is_cut] = np.arange(len(rows))
            self.cut_kg, self.num_cut = [rows], len(rows)
            self.pending = [(household_later, times_later, kg_later, content_later, cut_later)]
        households, times, kg, content, cut_row = (column[now] for column in columns)
        if len(times):
            self.latest = max(self.latest, float(times.max()))
        goods, of_all = self.scenario.goods, self.scenario.households
        without_since = receive_deliveries(
            Deliveries(households, times, kg, content, cut_row, cut_kg),
            self.measured,
            Needs(self.need_kg_per_min, self.scenario.consumers, goods.needed_by, of_all.kinds, goods.is_need),
            Carried(self.contents.weight, self.contents.by_need),
            Accounts(
                first=self.first,
                last=self.last,
                longest_gap=self.longest_gap,
                any_empty=self.any_empty_min,
                runs_out=self._runs_out,
                empty_at=self.empty_at,
                empty=self.empty_min,
                kg=self.kg,
            ),
            self.hunger,
        )
        count_hungry(households, without_since, times, self.hunger)
        return households, times, kg, content

    def close(self) -> HouseholdRecord:
        """What every household got, from the first day that is measured up to the horizon."""
        first, longest_gap, any_empty_min, total_kg, empty_min, kg, without_since = balances(
            self.table, self.last, self.runs_out, self.measured, self.hunger
        )
        count_hungry(np.arange(len(first)), without_since, np.full(len(first), self.measured.end), self.hunger)
        return HouseholdRecord(
            first_delivery_min=first,
            longest_gap_min=longest_gap,
            empty_min=any_empty_min,
            longest_empty_min=self.hunger.longest,
            kg=total_kg,
            empty_min_by_goods=empty_min,
            kg_by_goods=kg,
        )
