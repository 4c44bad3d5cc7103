"""What open orders hold on average, for promises and triggers that count the work still to be done."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.model.orders.capacity import Basket, typical_basket
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import Channel, StrategySpec

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


class Baskets:
    """Lines and kg of every household's last order, kept where anybody asks for them.

    Where baskets do not grow with the time since the last, orders are taken as typical.
    """

    def __init__(self, scenario: Scenario, strategy: StrategySpec, do_grow: bool) -> None:
        self.scenario = scenario
        is_asked_for = any(trigger.metric == "backlog_days" for trigger in strategy.triggers.values()) or any(
            channel.acceptance is not None and channel.acceptance.promise_days is not None
            for channel in strategy.channels.values()
        )
        self.are_kept = is_asked_for and do_grow
        num = len(scenario.households) if self.are_kept else 0
        self.lines, self.kg = np.zeros((2, num), dtype=np.float32)

    def note(self, channel: Channel, households: IntArray, lines: FloatArray, kg: FloatArray) -> None:
        """Note what these households have ordered."""
        if self.are_kept and not channel.release.is_allotted:
            self.lines[households], self.kg[households] = lines, kg

    def held(self, channel: Channel, is_open: NDArray[np.bool_]) -> Basket:
        """Mean content of the open orders of a channel, those of the households marked."""
        if not self.are_kept or not is_open.any():
            return typical_basket(self.scenario, channel)
        return Basket(float(self.lines[is_open].mean(dtype=float)), float(self.kg[is_open].mean(dtype=float)))
