"""Residents who go to a shop or stall themselves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simsupply.model.orders.asked_orders import AskedOrders
from simsupply.model.orders.decisions import Decision, IntakeCounts, Moment
from simsupply.model.orders.demand.demand_model import NEVER
from simsupply.model.orders.known_state import KnownState
from simsupply.model.orders.release.release_intake import IntakeParts, ReleaseIntake
from simsupply.model.orders.shelves import Shelves
from simsupply.scenario.tiers import TIERS
from simsupply.strategy.channels import Channel
from simsupply.strategy.release import VisitRelease
from simsupply.strategy.routes import NO_TIERS


class VisitIntake(ReleaseIntake[VisitRelease]):
    """A shop opens, and the visits of its day are drawn."""

    def __init__(self, channel: Channel, number: int, release: VisitRelease, parts: IntakeParts) -> None:
        super().__init__(channel, number, release, parts)
        settings = parts.scenario.spec.tiers or NO_TIERS
        every = [settings.of(tier).visit_every_days or 1 for tier in TIERS]
        # A household that has never been to a shop must not be kept away by a number too large.
        self.visit_every = np.minimum(every, -NEVER // 2).astype(np.int16)
        self.shelves = None if release.shelf is None else Shelves(parts.scenario, release.shelf)
        # What follows from the tiers of a day is kept until they change.
        self._every: tuple[NDArray[np.int16], NDArray[np.int16]] | None = None

    @property
    def time(self) -> float:
        """When it opens."""
        return self.release.opens

    def is_due(self, day: int, since: int) -> bool:
        """Every day."""
        return True

    def decide(self, uses: Sequence[int], moment: Moment, state: KnownState) -> Sequence[Decision]:
        """Draw who comes and when."""
        parts, release = self.parts, self.release
        households = parts.demand.shoppers(moment.day, parts.choice.choosers(uses), self._visit_every(moment.day))
        come = parts.streams.uniform_at("demand/visit", moment.day, households)
        placed = moment.time + come * (release.closes - release.opens)
        asked = AskedOrders(households, len(parts.scenario.households))
        waves, positions, _ = parts.writer.send(
            self.channel, asked, moment, placed, may_wait=False, shelves=self.shelves
        )
        refused = households[positions]
        # Who comes back with nothing wants it still.
        is_refused = np.ones(len(refused), dtype=bool)
        parts.demand.settle(moment.day, refused, is_refused, ~is_refused)
        parts.waits.turn_away(refused, moment.time, self.number, "goods")
        parts.waits.take_on(households, moment.time, but=refused)
        return (Decision(IntakeCounts(self.number, moment.day), moment.time, waves),)

    def _visit_every(self, day: int) -> NDArray[np.int16] | int:
        """Once in how many days each household may go to a shop under its tier of today, shape (households,)."""
        of_compound = self.visit_every[self.parts.tiers.number[day]]
        if (of_compound == of_compound[0]).all():
            return int(of_compound[0])
        if self._every is None or (self._every[0] != of_compound).any():
            self._every = of_compound, of_compound[self.parts.scenario.households.compound]
        return self._every[1]
