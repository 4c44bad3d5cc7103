"""Parcels that are sent to households without being asked for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simsupply.model.orders.decisions import Decision, IntakeCounts, Moment
from simsupply.model.orders.known_state import KnownState
from simsupply.model.orders.release.release_intake import ReleaseIntake
from simsupply.strategy.parcels import days_to_next_list
from simsupply.strategy.release import Allotment


class AllotIntake(ReleaseIntake[Allotment]):
    """Every household that may have one is sent a parcel."""

    @property
    def time(self) -> float:
        """When the list is known."""
        return self.release.at

    def is_due(self, day: int, since: int) -> bool:
        """Every so many days from the first day of use."""
        return (day - since) % days_to_next_list(self.channel, self.parts.demand.demand, day, 0) == 0

    def decide(self, uses: Sequence[int], moment: Moment, state: KnownState) -> Sequence[Decision]:
        """Send parcels."""
        parts = self.parts
        who = parts.choice.allowed_by(uses)
        if self.release.skip_waiting:
            is_free = ~parts.who_waits.is_busy
            who = is_free if who is None else who & is_free
        households = np.arange(len(parts.scenario.households)) if who is None else np.flatnonzero(who)
        sent = parts.writer.send(self.channel, households, moment)
        accepted = sum(len(wave) for wave in sent.waves) + (0 if sent.waiting is None else len(sent.waiting))
        counts = IntakeCounts(
            self.number,
            moment.day,
            attempted=accepted + len(sent.refused),
            accepted=accepted,
            rejected=len(sent.refused),
        )
        return (Decision(counts, moment.time, sent.waves, sent.waiting),)
