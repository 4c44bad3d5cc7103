"""Five households in two districts, and what became of them, written down by hand.

Two days. Household 1 (two persons) has an infant, household 4 (four persons) is a priority household.
Food: 1 kg per person and day, for all; milk: 0.5 kg, with an infant.
"""

from __future__ import annotations

import dataclasses

import numpy as np

import simsupply as ss
from simsupply.base.spec import Title
from simsupply.records.replication import AskedRecord, DayRecord, HouseholdRecord, OrderCounts, Replication
from simsupply.scenario.world import Scenario
from tests.plans.paper_plans import cycle, world

NEVER = np.inf


def scenario() -> Scenario:
    """Households 0, 1, 2 at the drop point in the district North, 3 and 4 in South."""
    plan = world(
        [3, 2],
        {},
        demand=cycle(days=2),
        people={"kinds": {"infant": {"share": 0.5}}},
        horizon_days=2,
        service_target_days=1,
    )
    del plan["demand"]["need_kg_per_household_week"]
    del plan["scenario"]["households"]["pantry_days"]
    pantry_days = {"low": 1, "high": 1}
    plan["goods"] = {
        "food": {"kg_per_person_day": 1, "pantry_days": pantry_days},
        "milk": {"kg_per_person_day": 0.5, "pantry_days": pantry_days, "needed_by": "infant"},
    }
    drawn = ss.load_scenario(plan)
    return dataclasses.replace(
        drawn,
        places=dataclasses.replace(
            drawn.places,
            district=np.array([0, 1]),
            districts=(Title(en="North", zh="北区"), Title(en="South", zh="南区")),
        ),
        households=dataclasses.replace(
            drawn.households,
            persons=np.array([1, 2, 1, 1, 4], dtype=np.int16),
            kinds=np.array([0, 1, 0, 0, 0], dtype=np.uint8),
            is_priority=np.array([False, False, False, False, True]),
        ),
    )


def days() -> DayRecord:
    """Two days of the two channels; five visits and orders arrive on the second one."""
    none = np.zeros((2, 2), dtype=np.int64)
    return DayRecord(
        attempted=np.array([[0, 6], [0, 3]]),
        accepted=np.array([[0, 5], [0, 2]]),
        rejected=np.array([[0, 1], [0, 1]]),
        cancelled=np.array([[0, 1], [0, 0]]),
        delivered=np.array([[0, 0], [1, 5]]),
        open=np.array([[0, 4], [0, 1]]),
        collecting=none,
        trigger_on=np.zeros((2, 0), dtype=bool),
        tier_share=np.tile([0.4, 0.0, 0.6], (2, 1)),
        hungry_share=np.array([0.2, 0.6]),
        hungry_share_by_tier=np.array([[0.0, np.nan, 1 / 3], [0.5, np.nan, 2 / 3]]),
    )


def replication(number: int = 0, tier: tuple[int, ...] = (0, 0, 2, 2, 2)) -> Replication:
    """A replication with two channels, in minutes and kg; tiers are those of `simsupply.scenario.tiers.TIERS`."""
    shop, vans = OrderCounts(0, 0, 0, 0, 0, 1), OrderCounts(9, 7, 2, 1, 0, 5)
    return Replication(
        number=number,
        orders=vans,
        channels={"shop": shop, "vans": vans},
        channel_kg={"shop": 2.0, "vans": 8.0},
        visits=1,
        asked=AskedRecord(9, 2, tries=np.array([[3, 3], [1, 2]]), callers=np.array([[2, 2], [1, 1]])),
        backlog_peak=4,
        contacts={"door": 5, "shop": 1},
        tier=np.array(tier, dtype=np.int8),
        households=HouseholdRecord(
            first_delivery_min=np.array([600, 1200, NEVER, 300, 3000]),
            longest_gap_min=np.array([600.0, 1200, 2880, 300, 2880]),
            empty_min=np.array([0.0, 720, 1440, 0, 2880]),
            longest_empty_min=np.array([0.0, 600, 1440, 0, 2880]),
            kg=np.array([2.0, 3, 0, 1, 4]),
            empty_min_by_goods=np.array([[0, 0], [360, 720], [1440, 0], [0, 0], [2880, 0]], dtype=float),
            kg_by_goods=np.array([[2, 0], [2, 1], [0, 0], [1, 0], [4, 0]], dtype=float),
        ),
        days=days(),
        steps=(),
        last_delivery_min=3000.0,
        unfinished_orders=0,
        spoiled_kg=0.0,
        mass_balance_error_kg=0.0,
    )
