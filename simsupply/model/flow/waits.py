"""How long orders wait before a step, and for what; the same cells for every engine."""

from __future__ import annotations

from collections.abc import Container, Iterable

import numpy as np
from numpy.typing import NDArray

from simsupply.model.flow.wait_hours import PlaceHours, WaitHours
from simsupply.model.flow.waves import Wave
from simsupply.model.kernels.arrays import ranges
from simsupply.model.kernels.waits import (
    HELD_BACK,
    ORDERED,
    PLACE,
    TOTAL,
    WITHIN,
    add_waits,
    wait_from,
    wait_no_more,
    wait_ticks,
)
from simsupply.records.ticks import TICKS
from simsupply.records.time_in_system import TimeInSystem
from simsupply.records.waits import WaitRecord
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.waits import Cause, waits_of

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class WaitCells:
    """Sums of waits by channel, step and cause, and how many orders came; told to `spent` order by order, if it is."""

    spent: TimeInSystem | None = None

    def __init__(self) -> None:
        self.cells: dict[tuple[str, str, Cause], IntArray] = {}
        self.num_orders: dict[tuple[str, str, Cause | None], int] = {}

    def cell(self, channel: str, step: str, cause: Cause) -> IntArray:
        """Sum of one cause; see `simsupply.model.kernels.waits`."""
        key = channel, step, cause
        if key not in self.cells:
            self.cells[key] = np.zeros(4, dtype=np.int64)
        return self.cells[key]

    def come(self, channel: str, step: str, num: int, cause: Cause | None = None) -> None:
        """Count orders that came to a step (of a cause: that waited for it)."""
        self.num_orders[channel, step, cause] = self.num_orders.get((channel, step, cause), 0) + num


_ALL = np.zeros(0, dtype=np.int64)
_ZERO = [0, 0, 0, 0]


class WaitMeter(WaitCells):
    """Adds up waits of many orders at once, with kernels."""

    def __init__(self, hours: WaitHours) -> None:
        super().__init__()
        self.hours = hours
        self.nowhere = np.zeros(4, dtype=np.int64)
        self.may_close = any(at_places.may_close for at_places in hours.handling.values())

    def counts(self, begin: FloatArray) -> NDArray[np.bool_]:
        """Which waits matter that begin then: those before the horizon, or all where each order is told of."""
        return np.ones(len(begin), dtype=bool) if self.spent else begin < self.hours.horizon

    def add(
        self,
        wave: Wave,
        step: str,
        cause: Cause,
        units: IntArray,
        begin: FloatArray,
        end: FloatArray,
        at: PlaceHours,
        place: IntArray,
        unit_ptr: IntArray = _ALL,
        orders: IntArray = _ALL,
        rows: IntArray = _ALL,
        shift: int = 0,
    ) -> None:
        """Units of a wave that waited at places between these moments; see `simsupply.model.kernels.waits.add_waits`.

        `at` are the hours of the places: while one is closed they waited for room, while nobody is planned to be on
        duty they waited as the plan orders.
        """
        hours = self.hours
        add_waits(
            units,
            rows,
            begin,
            end,
            place,
            shift,
            unit_ptr,
            orders,
            wave.placed_alike,
            hours.horizon,
            hours.target,
            at.spans,
            self.cell(wave.base, step, "room"),
            self.cell(wave.base, step, cause),
        )
        if self.spent:
            inside, rest = wait_ticks(units, rows, begin, end, place, shift, at.spans)
            of_unit, who = orders_of_units(units, unit_ptr, orders)
            for what, waited in (("room", inside), (cause, rest)):
                if waited.any():
                    self.spent.add(wave.number, len(wave), step, what, who, waited[of_unit])

    def add_closed(
        self,
        wave: Wave,
        step: str,
        orders: IntArray,
        begin: FloatArray,
        end: FloatArray,
        at: PlaceKind,
        place: IntArray,
    ) -> None:
        """Orders that were handled at places between these moments: while one was closed they waited for room."""
        hours, room = self.hours, self.cell(wave.base, step, "room")
        if not hours.handling[at].may_close:
            return
        limits = wave.placed_alike, hours.horizon, hours.target
        # What is left of these times is no wait.
        add_waits(orders, _ALL, begin, end, place, 0, _ALL, _ALL, *limits, hours.handling[at].spans, room, self.nowhere)
        if self.spent:
            inside, _ = wait_ticks(orders, _ALL, begin, end, place, 0, hours.handling[at].spans)
            self.spent.add(wave.number, len(wave), step, "room", orders, inside)
            self.spent.add(wave.number, len(wave), step, "travel", orders, -inside)

    def wait_from(
        self,
        wave: Wave,
        step: str,
        orders: IntArray,
        times: FloatArray,
        cause: Cause = "departure",
        *,
        is_ordered: bool = False,
    ) -> None:
        """Let orders that have come wait; `is_ordered`: for a time that the plan sets."""
        cell, hours = self.cell(wave.base, step, cause), self.hours
        wait_from(orders, times, wave.placed_alike, hours.horizon, hours.target, is_ordered, cell)
        if self.spent:
            self.spent.begin(wave.number, len(wave), step, cause, orders, times)

    def wait_no_more(
        self,
        wave: Wave,
        step: str,
        units: IntArray,
        times: FloatArray,
        unit_ptr: IntArray = _ALL,
        orders: IntArray = _ALL,
        cause: Cause = "departure",
        *,
        is_ordered: bool = False,
    ) -> None:
        """Let units of orders that wait be complete, or due."""
        cell, hours = self.cell(wave.base, step, cause), self.hours
        wait_no_more(units, times, unit_ptr, orders, wave.placed_alike, hours.horizon, hours.target, is_ordered, cell)
        if self.spent:
            of_unit, who = orders_of_units(units, unit_ptr, orders)
            self.spent.end(wave.number, len(wave), step, cause, who, times[of_unit])


def orders_of_units(units: IntArray, unit_ptr: IntArray, orders: IntArray) -> tuple[IntArray, IntArray]:
    """Orders in some units: where the unit of each stands, and their numbers; see `add_waits`."""
    of_unit, at = np.arange(len(units)), units
    if len(unit_ptr):
        sizes = unit_ptr[units + 1] - unit_ptr[units]
        of_unit, at = np.repeat(of_unit, sizes), ranges(unit_ptr[units], sizes)
    return of_unit, orders[at] & PLACE if len(orders) else at


def wait_records(
    strategy: StrategySpec, parts: Iterable[WaitCells], driven: Container[str] = ()
) -> tuple[WaitRecord, ...]:
    """Records of everything that orders can wait for, in process order; `driven`: legs with a crew in the seats."""
    cells: dict[tuple[str, str, Cause], list[int]] = {}
    num_orders: dict[tuple[str, str, Cause | None], int] = {}
    for part in parts:
        for key, cell in part.cells.items():
            cells[key] = [a + b for a, b in zip(cells.get(key, _ZERO), cell.tolist(), strict=True)]
        for what, num in part.num_orders.items():
            num_orders[what] = num_orders.get(what, 0) + num
    records = []
    for name, channel in strategy.channels.items():
        for step, cause in waits_of(channel, driven):
            ticks = cells.get((name, step, cause), _ZERO)
            counted = cause if cause in ("admission", "goods") else None
            records.append(
                WaitRecord(
                    channel=name,
                    step=step,
                    cause=cause,
                    num_orders=num_orders.get((name, step, counted), 0),
                    total_min=ticks[TOTAL] / TICKS,
                    within_target_min=ticks[WITHIN] / TICKS,
                    ordered_min=ticks[ORDERED] / TICKS,
                    held_back_min=ticks[HELD_BACK] / TICKS,
                )
            )
    return tuple(records)
