"""Gates of a component with time slots."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.model.components.event_delay import EventDelay
from simsupply.model.components.graph import Outline
from simsupply.model.components.state import ComponentState
from simsupply.model.events import arena as a
from simsupply.model.events import columns as c
from simsupply.model.flow.step import Completion
from simsupply.model.flow.waves import Wave
from simsupply.model.steps.gate.opening_hours import Hours, next_open, not_before
from simsupply.model.steps.gate.slot_calls import SlotCalls

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


class EventSlots(EventDelay):
    """Households are called to a gate, so many at a time."""

    def __init__(self, component: ComponentState, step: Outline) -> None:
        super().__init__(component, step)
        spec, scenario = step.first, self.layout.scenario
        self.hours = Hours(spec.opens, spec.closes, spec.weekdays, scenario.first_weekday)
        self.calls = SlotCalls(spec, spec.slots, self.hours, scenario, self.layout.streams)

    def lay_out(self, wave: Wave, first: int, node: int, column: int, orders: IntArray, times: FloatArray) -> None:
        """Write down at which minute of the day each household's own slot begins."""
        extra = int(self.rows[a.I_NODE].table[node, c.N_EXTRA])
        times[:, extra] = self.calls.own_minute(wave.household)

    def join(self, orders: IntArray) -> None:
        """Take in orders that have come, in whatever order."""
        column = next(iter(self._columns()))
        for wave, which, numbers in self.component.inside.by_wave(orders):
            came = self.rows[a.F_ORDER_TIMES].table[orders[which], column]
            self.calls.join(Completion(wave, numbers, came), not_before(came, self.step.first.days_ahead))

    def call(self, now: float) -> IntArray:
        """Call to the slot that begins now; the orders that pass."""
        passed = [
            self.component.inside.first[called.wave.number] + called.orders
            for called in self.calls.advance(np.nextafter(now, np.inf))
        ]
        return np.concatenate([np.zeros(0, dtype=np.int64), *passed])

    def _columns(self) -> list[int]:
        """Its number on the way of orders."""
        return [int(self.rows[a.I_NODE].table[node, c.N_COLUMN]) for node in self.nodes]

    def forget(self) -> None:
        """Note what orders waited: until it opened as the plan orders, and then to be called."""
        table, spec = self.rows[a.F_ORDER_TIMES].table, self.step.first
        for column, wave, orders in self.component.orders_at(self.step):
            came, left = table[orders, column], table[orders, column + 1]
            has_come = came < self.component.now
            who, came, left = orders[has_come], came[has_come], left[has_come]
            left = np.where(np.isnan(left), np.inf, left)
            opens = next_open(not_before(came, spec.days_ahead), self.hours)
            node = self.component.layout.ways[wave.channel.name][column][0]
            self.wait_plainly(node, who, came, opens, "gate", is_ordered=True)
            self.wait_plainly(node, who, opens, left, "gate")
