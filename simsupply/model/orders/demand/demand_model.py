"""Demand: what households want, when they try to get it and how much they order."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.city.epidemic import to_poisson
from simsupply.model.orders.asked_orders import AskedOrders
from simsupply.scenario.orders_at_once import DrawnNumber
from simsupply.scenario.world import Scenario
from simsupply.scenario.world_spec import CycleDemand, PoissonDemand, PurchaseDemand, SurgeDemand
from simsupply.strategy.channels import Channel
from simsupply.strategy.parcels import basket_lines, order_cover_days
from simsupply.streams.keyed import Streams

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
AnyDemand = TypeVar("AnyDemand", bound=CycleDemand | PoissonDemand | SurgeDemand | PurchaseDemand)
# A day before any other: no difference to a day of the run is too large for int16.
NEVER = -(2**14)


class Callers(NamedTuple):
    """Households that try to order.

    Attributes
    ----------
    households : int array, shape (callers,)
        Ascending.
    attempts : int array, shape (callers,), or None
        How often each tries; None: once.
    at_once : int array, shape (callers,), or None
        How many orders each wants, all tried as often; None: one.
    """

    households: IntArray
    attempts: IntArray | None = None
    at_once: IntArray | None = None

    @property
    def num_attempts(self) -> int:
        """Attempts altogether."""
        return sum(self.tries)

    @property
    def tries(self) -> tuple[int, int]:
        """Attempts of households with even and with odd numbers."""
        attempts = self.attempts
        if self.at_once is not None:
            attempts = self.at_once if attempts is None else attempts * self.at_once
        if attempts is None:
            return self.by_half
        is_odd = (self.households & 1).astype(bool)
        odd = int(attempts[is_odd].sum())
        return int(attempts.sum()) - odd, odd

    @property
    def by_half(self) -> tuple[int, int]:
        """How many of them have even and odd numbers."""
        odd = int(np.count_nonzero(self.households & 1))
        return len(self.households) - odd, odd


class DemandModel(ABC, Generic[AnyDemand]):
    """Who wants something now. All arrays of households are ascending.

    Attributes
    ----------
    is_limited : bool
        Whether depots may turn orders away; where not, every list is taken on whole.
    looks_around : bool
        Whether households look every midnight at what they have and which shops are open.
    baskets_grow : bool
        Whether what is ordered depends on what was sent before.
    looks_back : bool
        Whether an order holds what has been used up, and not what will be.
    is_alike : bool
        Whether orders of one channel hold the same on every day, each of the same household.
    level : float
        How many times as often as usual residents want to order now; of no effect where `is_limited` is false.
    has_shop : bool array, shape (households,), or None
        To whom a shop is open today; None: to everybody. Given every day where `looks_around`.
    """

    is_limited = True
    looks_around = False
    baskets_grow = False
    looks_back = False

    def __init__(self, scenario: Scenario, demand: AnyDemand, streams: Streams) -> None:
        self.num, self.streams = len(scenario.households), streams
        self.demand: AnyDemand = demand
        self.world = scenario.spec
        self.first_weekday = scenario.first_weekday
        self.level = 1.0
        number = 1 if isinstance(demand, PoissonDemand) else demand.orders_at_once
        self.is_alike = not self.baskets_grow and not isinstance(number, DrawnNumber) and scenario.goods.is_alike
        self.has_shop: BoolArray | None = np.zeros(self.num if self.looks_around else 0, dtype=bool)

    @property
    @abstractmethod
    def list_time(self) -> float:
        """Time of day at which lists are closed whose channel does not say it, minutes."""

    def is_list_day(self, day: int, since: int) -> bool:
        """Whether lists are closed on a day whose channel does not say it, if used since day `since`."""
        return True

    def start_day(self, day: int, is_busy: BoolArray, runs_out: FloatArray) -> None:
        """Let households look around at the midnight that begins a day.

        Parameters
        ----------
        is_busy : bool array, shape (households,)
            Who is waiting for an order already, or for a group to fill up.
        runs_out : float array, shape (households,)
            When the first pantry of each runs out, in minutes.
        """
        return

    @abstractmethod
    def callers(self, day: int, who: BoolArray | None, is_busy: BoolArray) -> Callers:
        """Households among `who` (None: all) that try to order now, and how often."""

    def shoppers(self, day: int, who: BoolArray | None, every_days: NDArray[np.int16] | int) -> IntArray:
        """Those among `who` who go to a shop today, at most once in `every_days` days; array or one for all."""
        return np.zeros(0, dtype=np.int64)

    def at_once(self, day: int, households: IntArray) -> IntArray | None:
        """How many orders each of these households places if it orders on a day, shape (households,); None: one."""
        number = 1 if isinstance(self.demand, PoissonDemand) else self.demand.orders_at_once
        if isinstance(number, DrawnNumber):
            drawn = self.streams.uniform_at("demand/orders_at_once", day, households)
            return 1 + to_poisson(drawn, np.full(len(households), number.mean - 1))
        return None if number == 1 else np.full(len(households), number)

    def settle(self, day: int, callers: IntArray, is_refused: BoolArray, is_served: BoolArray) -> None:
        """Learn what became of the callers: turned away; accepted and paid; or neither (not paid)."""
        return

    def note_sent(
        self, households: IntArray, kg: FloatArray, full_kg: FloatArray, now: float, on_top: FloatArray | float
    ) -> None:
        """Learn what is sent, what the orders should have held, and the share of them that holds days on top.

        Told where `baskets_grow`.
        """
        return

    def basket(self, channel: Channel, now: float, asked: AskedOrders) -> tuple[FloatArray | float, FloatArray]:
        """Days that the orders of a household are to cover together, and the lines of each, shape (orders,)."""
        lines = np.full(len(asked), basket_lines(channel, self.world))
        day = int(now // MINUTES_PER_DAY)
        return order_cover_days(channel, self.demand, day, self.first_weekday), lines

    def notes(self) -> tuple[str, ...]:
        """What ought to be known about how the orders came about."""
        return ()


def surge_note(multiplier: Sequence[float]) -> str:
    """Say that more orders than usual are assumed, on each day of the run, and not a result."""
    least, most = min(multiplier), max(multiplier)
    how_many = f"{most:g}" if least == most else f"{least:g} to {most:g}"
    return f"surge: given, {how_many} times normal attempts"
