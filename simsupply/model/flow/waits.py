"""How long orders wait before a step, and for what; the same cells for every engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from simsupply.model.city.occurrences import Timeline, struck
from simsupply.model.flow.waves import Wave
from simsupply.model.kernels.waits import (
    HELD_BACK,
    ORDERED,
    TICKS,
    TOTAL,
    WITHIN,
    Periods,
    add_waits,
    wait_from,
    wait_no_more,
)
from simsupply.model.staff.planned_hours import Spells, hours_without_duty
from simsupply.model.staff.rosters import Rosters
from simsupply.records.waits import WaitRecord
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.scenario.shocks import PlaceShock
from simsupply.scenario.staffing import Crew, Fleet
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.steps.leg import Leg
from simsupply.strategy.steps.stage import Stage
from simsupply.strategy.waits import Cause, waits_of

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class WaitHours:
    """What waits before a step are measured against, all times in minutes.

    Attributes
    ----------
    horizon, target : float
        Up to when waits count, and what is the target's time after an order was placed.
    closed : list of Spells
        By place: when it is closed whole for a shock. Who waits then waits for room.
    off : list of Spells
        By place: when nobody is planned to be on duty; of a stage, while it is not closed.
    """

    horizon: float
    target: float
    closed: list[Spells]
    off: list[Spells]


def hours_of_stages(stages: Mapping[str, Stage], scenario: Scenario, rosters: Rosters) -> WaitHours:
    """Those of the stages of one crew."""
    stage = next(iter(stages.values()))
    hours = _hours(scenario, rosters.shocks, stage.at, [(stage.crew, scenario.spec.staffing.crews[stage.crew])])
    open_but_off = [
        _without(spells, shut) if shut else spells for spells, shut in zip(hours.off, hours.closed, strict=True)
    ]
    return replace(hours, off=open_but_off)


def hours_of_legs(legs: Mapping[str, Leg], scenario: Scenario, rosters: Rosters) -> WaitHours:
    """Those of the legs of the same fleets, at the bases of their vehicles."""
    leg = next(iter(legs.values()))
    groups = [(name, scenario.spec.fleet[name]) for name in leg.fleets]
    return _hours(scenario, rosters.shocks, groups[0][1].at, groups)


def _hours(
    scenario: Scenario, shocks: Timeline, at: PlaceKind, groups: Sequence[tuple[str, Crew | Fleet]]
) -> WaitHours:
    closed: list[list[tuple[float, float]]] = [[] for _ in range(scenario.places.count(at))]
    for occurrence, shock in shocks.of(PlaceShock):
        if shock.at == at and shock.capacity == 0:
            for place in struck(occurrence, shock, scenario).tolist():
                closed[place].append((occurrence.start, min(occurrence.end, scenario.end_min)))
    joined = [_joined(spells) for spells in closed]
    return WaitHours(scenario.horizon_min, scenario.target_min, joined, hours_without_duty(scenario, groups))


def _joined(spells: Iterable[tuple[float, float]]) -> Spells:
    found: list[tuple[float, float]] = []
    for start, end in sorted(spells):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        elif start < end:
            found.append((start, end))
    return tuple(found)


def _without(spells: Spells, others: Spells) -> Spells:
    """What of the spells lies outside the others."""
    left = list(spells)
    for start, end in others:
        cut = [(since, min(until, start)) for since, until in left] + [
            (max(since, end), until) for since, until in left
        ]
        left = sorted(part for part in cut if part[0] < part[1])
    return tuple(left)


def tick(minutes: float) -> int:
    """Whole ticks of a time, to the nearest."""
    return int(minutes * TICKS + 0.5)


def periods(spells: Sequence[Spells]) -> Periods:
    """What kernels are told of spells by place; equal ones are one calendar."""
    numbers: dict[Spells, int] = {}
    calendar = np.array([numbers.setdefault(of_place, len(numbers)) for of_place in spells], dtype=np.int64)
    start = [[tick(since) for since, _ in of_place] for of_place in numbers]
    end = [[tick(until) for _, until in of_place] for of_place in numbers]
    before = [
        np.cumsum([0, *(b - a for a, b in zip(first, last, strict=True))])[:-1]
        for first, last in zip(start, end, strict=True)
    ]
    ptr = np.concatenate([[0], np.cumsum([len(row) for row in start])]).astype(np.int64)

    def flat(rows: Iterable[Iterable[int]]) -> IntArray:
        return np.array([value for row in rows for value in row], dtype=np.int64)

    return Periods(calendar, ptr, flat(start), flat(end), flat(before))


class WaitCells:
    """Sums of waits by channel, step and cause, and how many orders came."""

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


class WaitMeter(WaitCells):
    """Adds up waits of many orders at once, with kernels."""

    def __init__(self, hours: WaitHours) -> None:
        super().__init__()
        self.hours = hours
        self.closed, self.off = periods(hours.closed), periods(hours.off)
        self.nothing = periods([()] * len(hours.closed))

    def add(
        self,
        wave: Wave,
        step: str,
        cause: Cause,
        units: IntArray,
        begin: FloatArray,
        end: FloatArray,
        place: IntArray,
        unit_ptr: IntArray = _ALL,
        orders: IntArray = _ALL,
    ) -> None:
        """Units of a wave that waited at places between these moments; see `simsupply.model.kernels.waits.add_waits`.

        While a place is closed who waits for people or a dock waits for room; who waits for people or a vehicle while
        nobody is planned to be on duty waits as the plan orders.
        """
        add_waits(
            units,
            begin,
            end,
            place,
            unit_ptr,
            orders,
            wave.placed,
            self.hours.horizon,
            self.hours.target,
            self.nothing if cause == "vehicle" else self.closed,
            self.nothing if cause == "dock" else self.off,
            self.cell(wave.base, step, "room"),
            self.cell(wave.base, step, cause),
        )

    def wait_from(
        self, wave: Wave, step: str, orders: IntArray, times: FloatArray, *, is_ordered: bool = False
    ) -> None:
        """Let orders that have come wait for departure; `is_ordered`: for a time that the plan sets."""
        cell, hours = self.cell(wave.base, step, "departure"), self.hours
        wait_from(orders, times, wave.placed, hours.horizon, hours.target, is_ordered, cell)

    def wait_no_more(
        self,
        wave: Wave,
        step: str,
        units: IntArray,
        times: FloatArray,
        unit_ptr: IntArray = _ALL,
        orders: IntArray = _ALL,
        *,
        is_ordered: bool = False,
    ) -> None:
        """Let units be complete, or due."""
        cell, hours = self.cell(wave.base, step, "departure"), self.hours
        wait_no_more(units, times, unit_ptr, orders, wave.placed, hours.horizon, hours.target, is_ordered, cell)


def wait_records(strategy: StrategySpec, parts: Iterable[WaitCells]) -> tuple[WaitRecord, ...]:
    """Records of everything that orders can wait for, in process order."""
    cells: dict[tuple[str, str, Cause], IntArray] = {}
    num_orders: dict[tuple[str, str, Cause | None], int] = {}
    for part in parts:
        for key, cell in part.cells.items():
            cells[key] = cells.get(key, np.zeros(4, dtype=np.int64)) + cell
        for what, num in part.num_orders.items():
            num_orders[what] = num_orders.get(what, 0) + num
    records = []
    for name, channel in strategy.channels.items():
        for step, cause in waits_of(channel):
            minutes = cells.get((name, step, cause), np.zeros(4, dtype=np.int64)) / TICKS
            counted = cause if cause in ("admission", "goods") else None
            records.append(
                WaitRecord(
                    channel=name,
                    step=step,
                    cause=cause,
                    num_orders=num_orders.get((name, step, counted), 0),
                    total_min=float(minutes[TOTAL]),
                    within_target_min=float(minutes[WITHIN]),
                    ordered_min=float(minutes[ORDERED]),
                    held_back_min=float(minutes[HELD_BACK]),
                )
            )
    return tuple(records)
