"""What households want and when they try to get it, for each kind of demand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.scenario.world import Scenario
from simsupply.scenario.world_spec import PurchaseDemand, SurgeDemand
from simsupply.streams.keyed import Streams

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class Wishes(Protocol):
    """Who wants something now. All arrays of households are ascending.

    Attributes
    ----------
    is_limited : bool
        Whether depots may turn orders away; with demand ``cycle`` every list is taken on whole.
    level : float
        How many times as often as usual residents want to order now; of no effect with demand ``cycle``.
    """

    is_limited: bool
    level: float

    def callers(self, day: int, who: BoolArray | None, is_busy: BoolArray) -> tuple[IntArray, int]:
        """Households among `who` that try to order now, and their attempts altogether.

        `is_busy`: who is waiting for an order already, or for a group to fill up.
        """

    def settle(self, day: int, callers: IntArray, is_refused: BoolArray, is_served: BoolArray) -> None:
        """Learn what became of the callers: turned away; accepted and paid; or neither (not paid)."""


class CycleWishes:
    """Demand ``cycle`` (and parcels nobody asked for): everybody, whenever a list is closed."""

    is_limited = False
    level = 1.0

    def __init__(self, scenario: Scenario) -> None:
        self.num = len(scenario.households)

    def callers(self, day: int, who: BoolArray | None, is_busy: BoolArray) -> tuple[IntArray, int]:
        """All."""
        households = np.arange(self.num) if who is None else np.flatnonzero(who)
        return households, len(households)

    def settle(self, day: int, callers: IntArray, is_refused: BoolArray, is_served: BoolArray) -> None:
        """Nothing to remember."""


class SurgeWishes:
    """Demand ``surge``: many attempts of everybody who is not waiting for an order.

    A household tries on average ``normal_orders_per_household_day * multiplier`` times a day; it is
    accepted at most once. Who is turned away tries again the next day, since nothing has come.
    """

    is_limited = True
    level = 1.0

    def __init__(self, scenario: Scenario, demand: SurgeDemand, streams: Streams) -> None:
        self.num, self.streams = len(scenario.households), streams
        self.rate = demand.normal_orders_per_household_day * demand.multiplier

    def callers(self, day: int, who: BoolArray | None, is_busy: BoolArray) -> tuple[IntArray, int]:
        """Those without an open order that try at least once today."""
        rate = self.rate * self.level
        sure, chance = int(rate), rate - int(rate)
        extra = self.streams.bernoulli("demand/attempt", day, self.num, probability=chance)
        attempts = np.where(is_busy, 0, sure + extra.astype(np.int64))
        if who is not None:
            attempts[~who] = 0
        return np.flatnonzero(attempts), int(attempts.sum())

    def settle(self, day: int, callers: IntArray, is_refused: BoolArray, is_served: BoolArray) -> None:
        """Nothing to remember: attempts are drawn anew every day."""


class PurchaseWishes:
    """Demand ``purchases``: what households always bought, in shops or online, whatever is open.

    Attributes
    ----------
    wants, is_online, was_refused : bool arrays, shape (households,)
        Who wants something; who of them wants it online though shops are open; who was turned
        away the last time.
    last_visit : int16 array, shape (households,)
        Day of the last visit to a shop.
    last_sent : float array, shape (households,)
        Minute at which anything was last sent to the household or fetched by it.
    """

    is_limited = True
    level = 1.0
    NEVER = -(2**14)

    def __init__(self, scenario: Scenario, demand: PurchaseDemand, streams: Streams) -> None:
        num = len(scenario.households)
        self.num, self.demand, self.streams = num, demand, streams
        self.wants, self.is_online, self.was_refused = np.zeros((3, num), dtype=bool)
        self.last_visit = np.full(num, self.NEVER, dtype=np.int16)
        normal_pause = MINUTES_PER_DAY / demand.purchases_per_household_day
        self.last_sent = np.full(num, -normal_pause)
        self.has_shop: BoolArray | None = np.zeros(num, dtype=bool)

    def start_day(self, day: int, is_busy: BoolArray, runs_out: FloatArray) -> None:
        """Let households without a wish or an open order begin to want something.

        Parameters
        ----------
        runs_out : float array, shape (households,)
            When the first pantry of each runs out, in minutes.
        """
        demand = self.demand
        is_new = ~(is_busy | self.wants)
        probability = min(1.0, demand.purchases_per_household_day * self.level)
        if probability < 1:
            feels_like_it = self.streams.bernoulli("demand/want", day, self.num, probability=probability)
            if demand.low_pantry_days is not None:
                low = (day + demand.low_pantry_days) * MINUTES_PER_DAY
                feels_like_it |= runs_out < low
            is_new &= feels_like_it
        new = np.flatnonzero(is_new)
        self.is_online[new] = self.streams.uniform_at("demand/online", day, new) < demand.online_share
        self.wants |= is_new

    def callers(self, day: int, who: BoolArray | None, is_busy: BoolArray) -> tuple[IntArray, int]:
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
        often = max(1.0, self.demand.purchases_per_household_day * self.level)
        rate = self.demand.multiplier * often + self.demand.retries_per_day * self.was_refused[callers]
        attempts = np.floor(rate)
        rest = rate - attempts
        if rest.any():
            attempts += self.streams.uniform_at("demand/attempt", day, callers) < rest
        return callers, int(attempts.sum())

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

    def note_sent(self, households: IntArray, now: float, kg: FloatArray, full_kg: FloatArray) -> None:
        """Note what is sent; of orders that hold less than they should, the rest is for the next basket."""
        if (kg < full_kg).any():
            missing = 1 - np.divide(kg, full_kg, out=np.ones(len(kg)), where=full_kg > 0)
            longest = self.demand.max_cover_days * MINUTES_PER_DAY
            self.last_sent[households] = now - missing * np.minimum(now - self.last_sent[households], longest)
        else:
            self.last_sent[households] = now

    def basket(self, now: float, households: IntArray) -> tuple[FloatArray, FloatArray]:
        """Days a basket is to cover, and its lines.

        Counted from what was last sent, not from when it came: what is used up while an order is on
        its way is ordered too. A basket is for a day at least.
        """
        demand = self.demand
        normal = 1 / demand.purchases_per_household_day
        pause = np.maximum((now - self.last_sent[households]) / MINUTES_PER_DAY, 1.0)
        lines = np.clip(np.rint(demand.lines_per_order * pause / normal), 1, demand.max_lines)
        return np.minimum(demand.max_cover_days, pause), lines


def wishes_of(scenario: Scenario, streams: Streams) -> Wishes:
    """Wishes for the scenario's kind of demand."""
    demand = scenario.spec.demand
    if isinstance(demand, SurgeDemand):
        return SurgeWishes(scenario, demand, streams)
    if isinstance(demand, PurchaseDemand):
        return PurchaseWishes(scenario, demand, streams)
    return CycleWishes(scenario)


@dataclass(frozen=True)
class Taken:
    """What came of a list: counts of orders.

    Attributes
    ----------
    channel : int
        Number of the channel in the strategy.
    day : int
    attempted, accepted, rejected, cancelled : int
        Orders tried, taken on, turned away, and taken on but not paid.
    collecting : int
        By how many more households wait for their group to fill up.
    waits : tuple of (int array, float), or None
        Households whose accepted orders wait for goods, and since when.
    """

    channel: int
    day: int
    attempted: int = 0
    accepted: int = 0
    rejected: int = 0
    cancelled: int = 0
    collecting: int = 0
    waits: tuple[IntArray, float] | None = None
