"""Parcels that are sent to households without being asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simsupply.model.orders.asked_orders import AskedOrders
from simsupply.model.orders.decisions import Decision, IntakeCounts, Moment
from simsupply.model.orders.known_state import KnownState
from simsupply.model.orders.release.release_intake import ReleaseIntake
from simsupply.strategy.parcels import days_to_next_list
from simsupply.strategy.release import Allotment

BoolArray = NDArray[np.bool_]


class AllotIntake(ReleaseIntake[Allotment]):
    """Every household that may have one is sent a parcel."""

    @property
    def time(self) -> float:
        """When the list is known: as the channel says, or the demand."""
        return self.parts.demand.list_time if self.release.at is None else self.release.at

    def is_due(self, day: int, since: Any) -> bool | BoolArray:
        """Every so many days from the first day of use."""
        is_day: bool | BoolArray = (day - since) % days_to_next_list(
            self.channel, self.parts.demand.demand, day, 0
        ) == 0
        return is_day

    def decide(self, uses: Sequence[int], moment: Moment, state: KnownState) -> Sequence[Decision]:
        """Send parcels."""
        parts = self.parts
        who = parts.choice.allowed_by(uses, whose_turn=True)
        if self.release.skip_waiting:
            is_free = ~parts.who_waits.is_busy
            who = is_free if who is None else who & is_free
        households = np.arange(len(parts.scenario.households)) if who is None else np.flatnonzero(who)
        asked = AskedOrders(households, len(parts.scenario.households))
        sent = parts.writer.send(self.channel, asked, moment)
        refused = households[sent.refused]
        parts.waits.turn_away(refused, moment.time, self.number, "goods")
        parts.waits.take_on(households, moment.time, but=refused)
        accepted = sum(len(wave) for wave in sent.waves) + (0 if sent.waiting is None else len(sent.waiting))
        counts = IntakeCounts(
            self.number,
            moment.day,
            attempted=accepted + len(refused),
            accepted=accepted,
            rejected=len(refused),
        )
        return (Decision(counts, moment.time, sent.waves, sent.waiting),)
