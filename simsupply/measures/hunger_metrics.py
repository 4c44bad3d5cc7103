"""Metrics of hunger by day: who was without something needed for much of a day."""

from __future__ import annotations

from simsupply.base.spec import Title
from simsupply.measures.metric import Metric
from simsupply.records.replication import Replication
from simsupply.scenario.world import Scenario

HUNGER_METRICS: tuple[Metric[[Replication, Scenario]], ...] = (
    Metric(
        name="hungry_household_share_worst_day",
        unit="share",
        definition="households without at least one of the goods they need for 6 hours of a day or more, on the day "
        "with most of them",
        better="less",
        titles=Title(en="Hungry households on the worst day", zh="最差一天的断供家庭占比"),
        compute=lambda r, s: float(r.days.hungry_share[s.settings.measured_from_day :].max()),
    ),
)
