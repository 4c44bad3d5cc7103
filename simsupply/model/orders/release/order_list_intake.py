"""Lists on which households order for themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simsupply.model.orders.admission import AdmissionControl
from simsupply.model.orders.asked_orders import AskedOrders, asked_orders
from simsupply.model.orders.decisions import Decision, IntakeCounts, Moment
from simsupply.model.orders.known_state import KnownState
from simsupply.model.orders.release.release_intake import IntakeParts, ListIntake
from simsupply.scenario.weekdays import WEEKDAYS
from simsupply.strategy.channels import Channel
from simsupply.strategy.release import OrderRelease

BoolArray = NDArray[np.bool_]


class OrderListIntake(ListIntake[OrderRelease]):
    """A list that is closed on days of a calendar, and taken on as far as the depots can."""

    def __init__(self, channel: Channel, number: int, release: OrderRelease, parts: IntakeParts) -> None:
        super().__init__(channel, number, release, parts)
        self.admission: AdmissionControl | None = None
        if parts.demand.is_limited and channel.acceptance is not None:
            self.admission = AdmissionControl(
                parts.scenario, channel, channel.acceptance, parts.tiers, parts.dispatch_lists
            )

    @property
    def time(self) -> float:
        """When the list is closed: as the channel says, or the demand."""
        return self.parts.demand.list_time if self.release.cut_off is None else self.release.cut_off

    def is_due(self, day: int, since: Any) -> bool | BoolArray:
        """On days of the channel's own calendar, or as often as the demand says."""
        release = self.release
        if release.weekdays:
            return WEEKDAYS[(self.parts.scenario.first_weekday + day) % 7] in release.weekdays
        if release.every_days is not None:
            is_day: bool | BoolArray = (day - since) % release.every_days == 0
            return is_day
        return self.parts.demand.is_list_day(day, since)

    def decide(self, uses: Sequence[int], moment: Moment, state: KnownState) -> Sequence[Decision]:
        """Close the list."""
        parts, demand, choice = self.parts, self.parts.demand, self.parts.choice
        asking = self._callers(uses, moment)
        callers, attempted = asking.households, asking.num_attempts
        asked = asked_orders(callers, len(parts.scenario.households), asking.at_once)
        is_accepted = self._accepted(asked, moment, state)
        is_served = self._are_paid(asked, is_accepted, moment.day)
        num_accepted, num_paid = int(is_accepted.sum()), int(is_served.sum())
        waves, positions, waiting = parts.writer.send(self.channel, asked.take(is_served), moment)
        # A household is turned away only with all of its orders.
        was_admitted = asked.any_of(is_accepted)
        parts.waits.turn_away(callers[~was_admitted], moment.time, self.number, "admission")
        refused = np.flatnonzero(is_served)[positions]
        is_accepted[refused] = is_served[refused] = False
        has_accepted = asked.any_of(is_accepted)
        parts.waits.turn_away(callers[was_admitted & ~has_accepted], moment.time, self.number, "goods")
        parts.waits.take_on(callers[has_accepted], moment.time)
        demand.settle(moment.day, callers, ~has_accepted, asked.any_of(is_served))
        choice.refuse(callers[~has_accepted], moment.day + 1)
        counts = IntakeCounts(
            self.number,
            moment.day,
            attempted=attempted,
            accepted=num_accepted - len(refused),
            rejected=attempted - num_accepted + len(refused),
            cancelled=num_accepted - num_paid,
            tries=asking.tries,
            callers=asking.by_half,
        )
        return (Decision(counts, moment.time, waves, waiting),)

    def _accepted(self, asked: AskedOrders, moment: Moment, state: KnownState) -> BoolArray:
        """Which orders are taken on, shape (orders,)."""
        if self.admission is None:
            return np.ones(len(asked), dtype=bool)
        parts = self.parts
        open_orders = state.open_orders(self.number)
        return self.admission.accept(
            asked,
            open_orders,
            parts.writer.open_basket(self.channel, open_orders),
            parts.writer.asked(self.channel, asked, moment),
            moment.day,
            parts.streams,
            parts.dispatch_lists.chains.at(moment.time),
        )
