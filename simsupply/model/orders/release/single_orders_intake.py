"""Orders that come one by one, without any list."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.flow.waves import Orders
from simsupply.model.orders.decisions import Decision, IntakeCounts, Moment
from simsupply.model.orders.known_state import KnownState
from simsupply.model.orders.release.release_intake import IntakeParts, ReleaseIntake
from simsupply.scenario.world_spec import PoissonDemand
from simsupply.strategy.channels import Channel
from simsupply.strategy.parcels import basket_lines
from simsupply.strategy.release import OrderRelease

FloatArray = NDArray[np.float64]


class SingleOrdersIntake(ReleaseIntake[OrderRelease]):
    """Orders come at random while the channel is used, each from a household drawn evenly; day by day.

    The times of the whole run are one Poisson process from minute 0 on. The n-th order has the number n, by which
    whatever is drawn for it is keyed: its household, and how long each step takes.
    """

    by_compound = False

    def __init__(
        self, channel: Channel, number: int, release: OrderRelease, parts: IntakeParts, demand: PoissonDemand
    ) -> None:
        super().__init__(channel, number, release, parts)
        self.demand = demand
        self._placed: FloatArray | None = None

    @property
    def time(self) -> float:
        """When the first may come."""
        return self.parts.demand.list_time

    def is_due(self, day: int, since: int) -> bool:
        """On every day of use."""
        return True

    def decide(self, uses: Sequence[int], moment: Moment, state: KnownState) -> Sequence[Decision]:
        """Draw the orders of the day."""
        parts, placed = self.parts, self._placed_up_to_horizon()
        today = moment.day * MINUTES_PER_DAY
        first, end = np.searchsorted(placed, [today, today + MINUTES_PER_DAY]).tolist()
        who = parts.choice.choosers(uses)
        allowed = np.arange(len(parts.scenario.households)) if who is None else np.flatnonzero(who)
        order = np.arange(first, end)
        if not len(order) or not len(allowed):
            return ()
        drawn = parts.streams.uniform_at("demand/who", 0, order)
        num = len(order)
        household = allowed[np.minimum((drawn * len(allowed)).astype(np.int64), len(allowed) - 1)]
        kg, contents = np.full(num, self.demand.order_kg), parts.writer.contents
        content = np.full(num, contents.first[self.channel.name])
        orders = Orders(
            household=household,
            kg=kg,
            lines=np.full(num, float(self.channel.parcel.lines or basket_lines(self.channel, parts.scenario.spec))),
            content=content.astype(np.int32),
            placed=placed[first:end],
            goods_kg=contents.split_by_need(content, kg, household, 1.0, placed[first:end]),
            number=order,
        )
        counts = IntakeCounts(self.number, moment.day, attempted=num, accepted=num)
        return (Decision(counts, moment.time, tuple(parts.writer.send_singles(self.channel, orders, moment))),)

    def _placed_up_to_horizon(self) -> FloatArray:
        """Minutes at which orders are placed, ascending; the n-th is the same however many there are."""
        if self._placed is None:
            scenario, demand = self.parts.scenario, self.demand
            horizon, most = scenario.horizon_min, demand.max_orders
            rate = scenario.by_day(demand.rate_per_min, demand.by_day, "rate_per_min")
            is_alike = bool((rate == demand.rate_per_min).all())
            mean = demand.rate_per_min * horizon
            if not is_alike:
                mean = float(rate[: scenario.settings.horizon_days].sum()) * MINUTES_PER_DAY
            # More than that come less often than once in 10^9 runs; then there would be another try.
            num = int(mean + 7 * np.sqrt(mean) + 20)
            while True:
                num = num if most is None else min(num, most)
                between = self.parts.streams.exponential(
                    "demand/interarrival", 0, num, mean=1 / demand.rate_per_min if is_alike else 1.0
                )
                # Where the rate changes, they come evenly in the orders expected so far, which tell the minute.
                placed = np.cumsum(between) if is_alike else minutes_of(np.cumsum(between), rate)
                if placed[-1] >= horizon or num == most:
                    break
                num *= 2
            self._placed = placed[: np.searchsorted(placed, horizon)]
        return self._placed


def minutes_of(expected: FloatArray, rate: FloatArray) -> FloatArray:
    """Minutes up to which so many orders are expected, given the rate per minute on each day; the last one goes on.

    >>> minutes_of(np.array([720.0, 2880.0]), np.array([1.0, 2.0])).tolist()
    [720.0, 2160.0]
    """
    of_day = rate * MINUTES_PER_DAY
    before = np.cumsum(of_day) - of_day
    day = np.searchsorted(before, expected, side="right") - 1
    minutes: FloatArray = day * MINUTES_PER_DAY + (expected - before[day]) / rate[day]
    return minutes
