"""How orders of one channel come about: what order intake asks of every kind of release."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from simsupply.model.city.tier_calendar import TierCalendar
from simsupply.model.flow.dispatch_lists import DispatchLists
from simsupply.model.orders.channel_choice import ChannelChoice
from simsupply.model.orders.decisions import Decision, Moment
from simsupply.model.orders.demand.demand_model import DemandModel
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


class ReleaseIntake(ABC, Generic[AnyRelease]):
    """Closes the lists of one channel, or begins its parcels or shop visits.

    Attributes
    ----------
    number : int
        Of the channel in the strategy.
    """

    def __init__(self, channel: Channel, number: int, release: AnyRelease, parts: IntakeParts) -> None:
        self.channel, self.number, self.parts = channel, number, parts
        self.release: AnyRelease = release

    @property
    @abstractmethod
    def time(self) -> float:
        """Time of day of its moments, minutes."""

    @abstractmethod
    def is_due(self, day: int, since: int) -> bool:
        """Whether there is one on a day, for a use in force since day `since`."""

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


class ListIntake(ReleaseIntake[AnyList]):
    """What lists of households that order have in common, alone or in groups."""

    def _callers(self, uses: Sequence[int], moment: Moment) -> tuple[IntArray, int]:
        """Households that try to order, ascending, and their attempts altogether."""
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
        return parts.demand.callers(moment.day, who, parts.who_waits.is_busy)

    def _paid(self, accepted: IntArray, day: int) -> IntArray:
        """Those who pay."""
        if not self.release.unpaid_share:
            return accepted
        drawn = self.parts.streams.uniform_at("demand/unpaid", day, accepted)
        return accepted[drawn >= self.release.unpaid_share]
