"""How orders of one channel come about: what order intake asks of every kind of release."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from simsupply.model.city.tier_calendar import TierCalendar
from simsupply.model.flow.dispatch_lists import DispatchLists
from simsupply.model.orders.asked_orders import AskedOrders
from simsupply.model.orders.channel_choice import ChannelChoice
from simsupply.model.orders.decisions import Decision, Moment
from simsupply.model.orders.demand.demand_model import Callers, DemandModel
from simsupply.model.orders.intake_waits import IntakeWaits
from simsupply.model.orders.known_state import KnownState, WaitingHouseholds
from simsupply.model.orders.order_writer import OrderWriter
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import Channel
from simsupply.strategy.release import Allotment, GroupRelease, OrderRelease, VisitRelease
from simsupply.streams.keyed import Streams

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
AnyRelease = TypeVar("AnyRelease", bound=Allotment | OrderRelease | GroupRelease | VisitRelease)
AnyList = TypeVar("AnyList", bound=OrderRelease | GroupRelease)


@dataclass(frozen=True)
class IntakeParts:
    """What the releases of all channels work with."""

    scenario: Scenario
    tiers: TierCalendar
    streams: Streams
    demand: DemandModel[Any]
    choice: ChannelChoice
    dispatch_lists: DispatchLists
    writer: OrderWriter
    who_waits: WaitingHouseholds
    waits: IntakeWaits


class ReleaseIntake(ABC, Generic[AnyRelease]):
    """Closes the lists of one channel, or begins its parcels or shop visits.

    Attributes
    ----------
    number : int
        Of the channel in the strategy.
    turn : int, or int array of shape (compounds,)
        Days by which each compound comes after the first ones; see `turns_of`.
    by_compound : bool
        Whether its rhythm counts compound by compound, from the day on which the tier opens the use.
    """

    by_compound: ClassVar[bool] = True

    def __init__(self, channel: Channel, number: int, release: AnyRelease, parts: IntakeParts) -> None:
        self.channel, self.number, self.parts = channel, number, parts
        self.release: AnyRelease = release
        stagger_days = getattr(release, "stagger_days", 1)
        self.turn: int | IntArray = turns_of(parts.scenario, stagger_days) if stagger_days > 1 else 0

    @property
    @abstractmethod
    def time(self) -> float:
        """Time of day of its moments, minutes."""

    @abstractmethod
    def is_due(self, day: int, since: Any) -> bool | BoolArray:
        """Whether there is one on a day, for a use in force since day `since`.

        Parameters
        ----------
        since : int, or int array of shape (compounds,)
        """

    @abstractmethod
    def decide(self, uses: Sequence[int], moment: Moment, state: KnownState) -> Sequence[Decision]:
        """Decide for the uses of the channel that are due: however many there are, it has one list."""

    @property
    def has_ended(self) -> bool:
        """Whether households wait for what will not happen now that the channel is not used."""
        return False

    def end(self, moment: Moment) -> Sequence[Decision]:
        """Send them away."""
        return ()


def turns_of(scenario: Scenario, days: int) -> IntArray:
    """On which of so many days it is the turn of each compound, shape (compounds,), from 0.

    The compounds that a depot feeds take turns in their order, drop point after drop point, so that each day has about
    as many households: that on which the middle household of the compound falls.

    >>> from types import SimpleNamespace as Plain
    >>> places = Plain(serving={"depot": np.array([0, 0, 1])})
    >>> drop_points, households = np.array([0, 0, 1, 2]), np.array([10, 10, 20, 5])
    >>> city = Plain(places=places, compound_drop_point=drop_points, compound_households=households)
    >>> turns_of(city, 4).tolist()
    [0, 1, 3, 2]
    """
    households, turn = scenario.compound_households, np.zeros(len(scenario.compound_households), dtype=np.int64)
    depot = scenario.places.serving["depot"][scenario.compound_drop_point]
    for number in np.unique(depot).tolist():
        of_depot = np.flatnonzero(depot == number)
        size = households[of_depot]
        turn[of_depot] = days * (2 * np.cumsum(size) - size) // (2 * size.sum())
    return turn


class ListIntake(ReleaseIntake[AnyList]):
    """What lists of households that order have in common, alone or in groups."""

    def _callers(self, uses: Sequence[int], moment: Moment) -> Callers:
        """Households that try to order, and how often."""
        parts = self.parts
        who = parts.choice.choosers(uses)
        last_order = parts.writer.last_order.get(self.channel.name)
        if last_order is not None:
            may = moment.day - last_order >= (self.release.once_in_days or 0)
            who = may if who is None else who & may
        for in_group in parts.who_waits.in_group:
            # With demand of kind cycle nobody is ever busy, but who is in a group does not join it once more.
            if not parts.demand.is_limited and in_group.any():
                who = ~in_group if who is None else who & ~in_group
        callers = parts.demand.callers(moment.day, who, parts.who_waits.is_busy)
        return callers._replace(at_once=parts.demand.at_once(moment.day, callers.households))

    def _are_paid(self, asked: AskedOrders, is_accepted: BoolArray, day: int) -> BoolArray:
        """Which of the orders that were taken on are paid, shape (orders,)."""
        if not self.release.unpaid_share:
            return is_accepted.copy()
        drawn = self.parts.streams.uniform_at("demand/unpaid", day, asked.key)
        return is_accepted & (drawn >= self.release.unpaid_share)
