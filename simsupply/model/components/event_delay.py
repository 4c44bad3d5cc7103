"""Delays of a component, and gates without time slots (`event_slots` has those with)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simsupply.model.components.event_step import EventStep
from simsupply.model.components.graph import Outline
from simsupply.model.components.state import ComponentState
from simsupply.model.events import arena as a
from simsupply.model.flow.step import Completion
from simsupply.model.flow.wait_hours import WaitHours
from simsupply.model.flow.waits import WaitCells, WaitMeter
from simsupply.model.flow.waves import Wave
from simsupply.records.recorder import Recorder
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.strategy.steps.gate import Gate

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


class EventDelay(EventStep):
    """Time passes, or a gate opens."""

    def __init__(self, component: ComponentState, step: Outline) -> None:
        super().__init__(component, step)
        scenario = self.layout.scenario
        self.meter = WaitMeter(WaitHours(scenario.horizon_min, scenario.target_min))

    def note_come(self, wave: Wave, num: int) -> None:
        """Count orders that have come before the horizon, where it is told what they wait for."""
        if self.step.kind is Gate:
            super().note_come(wave, num)

    def record(self, recorder: Recorder) -> None:
        """Tell it order by order, each as it goes on."""
        super().record(recorder)
        self.meter.spent = None

    def waits_at(self, body: Any) -> PlaceKind | None:
        """Before a gate orders wait at their drop points."""
        return "drop_point" if self.step.kind is Gate else None

    def have_finished(self, node: int, column: int, completion: Completion, orders: IntArray) -> None:
        """Tell what the time of each order went on."""
        self.note_queue(*completion, by=-1)
        if self.spent:
            wave, numbers, left = completion
            name = self.step.users[wave.channel.name].name
            spent_on = "gate" if self.step.kind is Gate else "service"
            self.begin(name, spent_on, wave, numbers, self.came(node, orders))
            if self.step.kind is Gate:
                self.spent.end(wave.number, len(wave), name, spent_on, numbers, left)

    def lay_out(self, wave: Wave, first: int, node: int, column: int, orders: IntArray, times: FloatArray) -> None:
        """Every order goes by itself."""
        return

    def waited(self) -> WaitCells:
        """How long orders waited before it, up to the horizon; asked for once."""
        self.forget()
        return self.meter

    def forget(self) -> None:
        """Note what orders waited for a gate."""
        if self.step.kind is Gate:
            table = self.rows[a.F_ORDER_TIMES].table
            for column, wave, orders in self.component.orders_at(self.step):
                came, left = table[orders, column], table[orders, column + 1]
                has_come = came < self.component.now
                left = np.where(np.isnan(left), np.inf, left)
                node = self.component.layout.ways[wave.channel.name][column][0]
                self.wait_plainly(node, orders[has_come], came[has_come], left[has_come], "gate", is_ordered=True)
