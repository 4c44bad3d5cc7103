"""Orders that come one by one, without any list."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.flow.waves import Orders
from simsupply.model.orders.decisions import Decision, IntakeCounts, Moment
from simsupply.model.orders.known_state import KnownState
from simsupply.model.orders.release.release_intake import IntakeParts, ReleaseIntake
from simsupply.scenario.world_spec import PoissonDemand
from simsupply.strategy.channels import Channel
from simsupply.strategy.release import OrderRelease


class SingleOrdersIntake(ReleaseIntake[OrderRelease]):
    """Household after household orders once; all orders of the run are drawn on the first day of use."""

    def __init__(
        self, channel: Channel, number: int, release: OrderRelease, parts: IntakeParts, demand: PoissonDemand
    ) -> None:
        super().__init__(channel, number, release, parts)
        self.demand = demand

    @property
    def time(self) -> float:
        """When the first may come."""
        return self.parts.demand.list_time if self.release.cut_off is None else self.release.cut_off

    def is_due(self, day: int, since: int) -> bool:
        """On the first day of use."""
        return self.parts.demand.is_list_day(day, since)

    def decide(self, uses: Sequence[int], moment: Moment, state: KnownState) -> Sequence[Decision]:
        """Draw all orders up to the horizon."""
        parts, demand = self.parts, self.demand
        scenario, num = parts.scenario, len(parts.scenario.households)
        between = parts.streams.exponential("demand/interarrival", 0, num, mean=1 / demand.rate_per_min)
        placed = moment.time + np.cumsum(between)
        placed = placed[: np.searchsorted(placed, scenario.horizon_min)]
        num = len(placed)
        orders = Orders(
            household=np.arange(num),
            kg=np.full(num, demand.order_kg),
            lines=np.full(num, float(self.channel.parcel.lines or demand.lines_per_order)),
            content=np.full(num, parts.writer.contents.first[self.channel.name], dtype=np.int32),
            placed=placed,
        )
        waves = parts.dispatch_lists.of_singles(self.channel, orders, moment.time)
        decisions = [Decision(IntakeCounts(self.number, moment.day), moment.time, tuple(waves))]
        # Attempted when they are placed, all before the horizon.
        midnights = np.arange(scenario.settings.horizon_days + 1) * MINUTES_PER_DAY
        for day, made in enumerate(np.diff(np.searchsorted(placed, midnights)).tolist()):
            decisions.append(Decision(IntakeCounts(self.number, day, attempted=made, accepted=made), moment.time))
        return decisions
