"""Lists on which households order for themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simsupply.model.orders.admission import AdmissionControl
from simsupply.model.orders.decisions import Decision, IntakeCounts, Moment
from simsupply.model.orders.known_state import KnownState
from simsupply.model.orders.release.release_intake import IntakeParts, ListIntake
from simsupply.scenario.weekdays import WEEKDAYS
from simsupply.strategy.channels import Channel
from simsupply.strategy.release import OrderRelease

IntArray = NDArray[np.int64]
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
        accepted = self._accepted(callers, moment, state)
        is_accepted = np.zeros(len(callers), dtype=bool)
        is_accepted[np.searchsorted(callers, accepted)] = True
        paid = self._paid(accepted, moment.day)
        is_served = np.zeros(len(callers), dtype=bool)
        is_served[np.searchsorted(callers, paid)] = True
        waves, refused, waiting = parts.writer.send(self.channel, paid, moment)
        parts.waits.turn_away(callers[~is_accepted], moment.time, self.number, "admission")
        is_accepted[np.searchsorted(callers, refused)] = is_served[np.searchsorted(callers, refused)] = False
        parts.waits.turn_away(refused, moment.time, self.number, "goods")
        parts.waits.take_on(callers[is_accepted], moment.time)
        demand.settle(moment.day, callers, ~is_accepted, is_served)
        choice.refuse(callers[~is_accepted], moment.day + 1)
        counts = IntakeCounts(
            self.number,
            moment.day,
            attempted=attempted,
            accepted=len(accepted) - len(refused),
            rejected=attempted - len(accepted) + len(refused),
            cancelled=len(accepted) - len(paid),
            tries=asking.tries,
            callers=asking.by_half,
        )
        return (Decision(counts, moment.time, waves, waiting),)

    def _accepted(self, callers: IntArray, moment: Moment, state: KnownState) -> IntArray:
        """Those of the callers whose orders are taken on, ascending."""
        if self.admission is None:
            return callers
        parts = self.parts
        open_orders = state.open_orders(self.number)
        return self.admission.accept(
            callers,
            open_orders,
            parts.writer.open_basket(self.channel, open_orders),
            parts.writer.asked(self.channel, callers, moment),
            moment.day,
            parts.streams,
            parts.dispatch_lists.chains.at(moment.time),
        )
