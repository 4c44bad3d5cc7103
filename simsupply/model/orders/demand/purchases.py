"""Demand ``purchases``: what households always bought, in shops or online, whatever is open."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.orders.asked_orders import AskedOrders
from simsupply.model.orders.demand.demand_model import NEVER, Callers, DemandModel, surge_note
from simsupply.scenario.world import Scenario
from simsupply.scenario.world_spec import PurchaseDemand
from simsupply.strategy.channels import Channel
from simsupply.strategy.parcels import basket_lines
from simsupply.streams.keyed import Streams

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class PurchaseDemandModel(DemandModel[PurchaseDemand]):
    """Households buy what they always bought; whom shops are closed to orders.

    Attributes
    ----------
    wants, is_online, was_refused : bool arrays, shape (households,)
        Who wants something; who of them wants it online though shops are open; who was turned
        away the last time.
    last_visit : int16 array, shape (households,)
        Day of the last visit to a shop.
    last_sent : float array, shape (households,)
        Minute at which anything was last sent to the household or fetched by it.
    stocked : float array, shape (households,)
        Days of use that the household has bought on top of what it lacked.
    """

    looks_around = True
    baskets_grow = True
    looks_back = True

    def __init__(self, scenario: Scenario, demand: PurchaseDemand, streams: Streams) -> None:
        super().__init__(scenario, demand, streams)
        self.wants, self.is_online, self.was_refused = np.zeros((3, self.num), dtype=bool)
        self.purchases = scenario.by_day(
            demand.purchases_per_household_day, demand.by_day, "purchases_per_household_day"
        ).tolist()
        self.multiplier = scenario.by_day(demand.multiplier, demand.by_day, "multiplier").tolist()
        self.stock_up = scenario.by_day(demand.stock_up_days, demand.by_day, "stock_up_days").tolist()
        self.stocked = np.zeros(self.num)
        self.last_visit = np.full(self.num, NEVER, dtype=np.int16)
        normal_pause = MINUTES_PER_DAY / demand.purchases_per_household_day
        self.last_sent = np.full(self.num, -normal_pause)

    @property
    def list_time(self) -> float:
        """As the demand says."""
        return self.demand.release_time

    def start_day(self, day: int, is_busy: BoolArray, runs_out: FloatArray) -> None:
        """Let households without a wish or an open order begin to want something."""
        demand = self.demand
        is_new = ~(is_busy | self.wants)
        probability = min(1.0, self.purchases[day] * self.level)
        if probability < 1:
            feels_like_it = self.streams.bernoulli("demand/want", day, self.num, probability=probability)
            if demand.low_pantry_days is not None:
                low = (day + demand.low_pantry_days) * MINUTES_PER_DAY
                feels_like_it |= runs_out < low
            is_new &= feels_like_it
        new = np.flatnonzero(is_new)
        self.is_online[new] = self.streams.uniform_at("demand/online", day, new) < demand.online_share
        self.wants |= is_new

    def callers(self, day: int, who: BoolArray | None, is_busy: BoolArray) -> Callers:
        """Those who want something online, or from a shop though none is open to them."""
        is_calling = self.wants & ~is_busy
        if self.has_shop is None:
            is_calling &= self.is_online
        else:
            is_calling &= self.is_online | ~self.has_shop
        if who is not None:
            is_calling &= who
        callers = np.flatnonzero(is_calling)
        # What is more than one wish a day becomes more attempts.
        often = max(1.0, self.purchases[day] * self.level)
        rate = self.multiplier[day] * often + self.demand.retries_per_day * self.was_refused[callers]
        attempts = np.floor(rate)
        rest = rate - attempts
        if rest.any():
            attempts += self.streams.uniform_at("demand/attempt", day, callers) < rest
        return Callers(callers, attempts.astype(np.int64))

    def shoppers(self, day: int, who: BoolArray | None, every_days: NDArray[np.int16] | int) -> IntArray:
        """Those among `who` who go to a shop today, at most once in `every_days` days; array or one for all."""
        goes = self.wants & ~self.is_online & (day - self.last_visit >= every_days)
        if who is not None:
            goes &= who
        households = np.flatnonzero(goes)
        self.wants[households] = False
        self.last_visit[households] = day
        return households

    def settle(self, day: int, callers: IntArray, is_refused: BoolArray, is_served: BoolArray) -> None:
        """Who has been served wants nothing more."""
        self.wants[callers] = ~is_served
        self.was_refused[callers] = is_refused

    def _on_top(self, households: IntArray, now: float) -> FloatArray:
        """Days of use that households would still buy on top today, shape (households,)."""
        extra: FloatArray = np.maximum(self.stock_up[int(now // MINUTES_PER_DAY)] - self.stocked[households], 0.0)
        return extra

    def note_sent(
        self, households: IntArray, kg: FloatArray, full_kg: FloatArray, now: float, on_top: FloatArray | float
    ) -> None:
        """Note what is sent; of orders that hold less than they should, the rest is for the next basket."""
        is_short = (kg < full_kg).any()
        if max(self.stock_up) > 0:
            share = np.divide(kg, full_kg, out=np.ones(len(kg)), where=full_kg > 0)
            self.stocked[households] += self._on_top(households, now) * share * on_top
        if is_short:
            missing = 1 - np.divide(kg, full_kg, out=np.ones(len(kg)), where=full_kg > 0)
            longest = self.demand.max_cover_days * MINUTES_PER_DAY
            self.last_sent[households] = now - missing * np.minimum(now - self.last_sent[households], longest)
        else:
            self.last_sent[households] = now

    def basket(self, channel: Channel, now: float, asked: AskedOrders) -> tuple[FloatArray | float, FloatArray]:
        """Days that baskets are to cover, and the lines of each; parcels that nobody asks for are as in normal times.

        Counted from what was last sent, not from when it came: what is used up while an order is on
        its way is ordered too. A basket is for a day at least.
        """
        if channel.release.is_allotted:
            return super().basket(channel, now, asked)
        demand = self.demand
        normal = 1 / demand.purchases_per_household_day
        pause = np.maximum((now - self.last_sent[asked.household]) / MINUTES_PER_DAY, 1.0)
        longest = np.minimum(demand.max_cover_days, pause)
        if max(self.stock_up) > 0:
            extra = self._on_top(asked.household, now)
            pause, longest = pause + extra, longest + extra
        lines = basket_lines(channel, self.world) * pause / normal
        if asked.at_once is not None:
            lines /= asked.at_once
        lines = np.clip(np.rint(lines), 1, demand.max_lines)
        return longest, lines

    def notes(self) -> tuple[str, ...]:
        """Whether a surge is assumed or a result."""
        if max(self.multiplier) != 1:
            return (surge_note(self.multiplier),)
        return ("surge: none given; orders rise as shops close and households try again",)
