"""Order intake decides a moment at once, from what it is told of the past; every kind has its place in a table."""

from __future__ import annotations

from typing import get_args

import numpy as np

import simsupply as ss
from simsupply.model.city.occurrences import draw_shocks
from simsupply.model.city.tier_calendar import draw_tiers
from simsupply.model.flow.contents import Contents
from simsupply.model.orders.decisions import Decision, Moment
from simsupply.model.orders.demand.demand_kinds import DEMAND_KINDS
from simsupply.model.orders.intake import OrderIntake
from simsupply.model.orders.known_state import KnownState
from simsupply.model.orders.open_orders import OpenOrders
from simsupply.model.orders.release.release_kinds import RELEASE_KINDS
from simsupply.model.orders.trigger_watch import TRIGGER_METRICS
from simsupply.model.stock.allocation_rules import RANKING_RULES, SHARING_RULES
from simsupply.scenario.world_spec import Demand
from simsupply.strategy.allocation import Rule
from simsupply.strategy.channels import Trigger
from simsupply.strategy.release import Release
from simsupply.streams.keyed import Streams
from tests.plans.demand_plans import allotted, grouped, idle_world, mix, ordered, use, way
from tests.plans.paper_plans import Plain, delay

HOUSEHOLDS = 5
# Everybody without an open order tries once a day.
ONE_TRY = {
    "kind": "surge",
    "need_kg_per_household_week": 7,
    "normal_orders_per_household_day": 1,
    "multiplier": 1,
    "order_covers_days": 1,
    "lines_per_order": 1,
}


def order_intake(plan: Plain, decided: Plain) -> OrderIntake:
    scenario, strategy = ss.load_scenario(plan), ss.load_strategy(decided)
    streams = Streams(seed=1, replication=0)
    tiers, shocks = draw_tiers(scenario, streams), draw_shocks(scenario, streams)
    return OrderIntake(scenario, strategy, tiers, shocks, streams, Contents(scenario, strategy))


def nothing_yet(num_channels: int, **known: np.ndarray) -> KnownState:
    """Nobody has ordered or been sent anything; a write to any of the arrays is an error."""
    none = np.zeros(num_channels, dtype=np.int64)
    state = KnownState(
        num_own=np.zeros(HOUSEHOLDS, dtype=np.int32),
        num_open=none,
        open_orders=lambda number: OpenOrders(),
        last_delivery_min=np.zeros(HOUSEHOLDS),
        runs_out_min=np.zeros(HOUSEHOLDS),
        attempted=none,
        rejected=none,
    )._replace(**known)
    for values in state:
        if isinstance(values, np.ndarray):
            values.flags.writeable = False
    return state


def sent(decision: Decision) -> set[int]:
    return {household for wave in decision.waves for household in wave.household.tolist()}


def test_who_has_ordered_at_the_same_moment_is_known_to_the_next_list() -> None:
    """Two orders are taken on; parcels for those who wait for nothing go to the other three, from the same state."""
    lists = way("lists", delay("packed", 60), release=ordered(), acceptance={"orders_per_day": 2})
    packs = way("packs", delay("stacked", 60), release={**allotted(1), "skip_waiting": True})
    intake = order_intake(idle_world([HOUSEHOLDS], ONE_TRY), mix(use(lists), use(packs)))
    (moment,) = intake.moments(0)
    assert moment == Moment(0.0, 0, uses=(0, 1))
    on_list, parcels = intake.decide(moment, nothing_yet(2))
    counts = on_list.counts
    assert (counts.attempted, counts.accepted, counts.rejected) == (5, 2, 3)
    assert (parcels.counts.attempted, parcels.counts.accepted) == (3, 3)
    assert len(sent(on_list)) == 2
    assert sent(parcels) == set(range(HOUSEHOLDS)) - sent(on_list)


def test_who_joins_a_group_is_known_to_the_next_list() -> None:
    """All five wait in a group of six: nobody is left for the parcels."""
    sets = way("sets", delay("packed", 60), release=grouped(6, "wait", closes="09:00"))
    packs = way("packs", delay("stacked", 60), release={**allotted(1, at="09:00"), "skip_waiting": True})
    intake = order_intake(idle_world([HOUSEHOLDS], ONE_TRY), mix(use(sets), use(packs)))
    (moment,) = intake.moments(0)
    group, parcels = intake.decide(moment, nothing_yet(2))
    assert (moment.time, group.counts.collecting, group.waves) == (540.0, 5, ())
    assert (parcels.counts.attempted, parcels.waves) == (0, ())


def test_nobody_orders_twice_who_is_known_to_wait() -> None:
    """Households 1 and 3 wait for one and two orders of the list: the other three try."""
    lists = way("lists", delay("packed", 60), release=ordered())
    intake = order_intake(idle_world([HOUSEHOLDS], ONE_TRY), mix(use(lists)))
    (moment,) = intake.moments(0)
    waits = np.array([0, 1, 0, 2, 0], dtype=np.int32)
    (decision,) = intake.decide(moment, nothing_yet(1, num_own=waits, num_open=np.array([3])))
    assert decision.counts.attempted == 3
    assert sent(decision) == {0, 2, 4}


def test_a_trigger_sees_the_counts_of_the_day_before() -> None:
    """Six of ten turned away is more than half: the trigger is on, and the parcels begin that night."""
    lists = way("lists", delay("packed", 60), release=ordered())
    packs = way("packs", delay("stacked", 60), release=allotted(1))
    trigger = {"metric": "rejection_rate", "channel": "lists", "above": 0.5}
    decided = mix(use(lists), use(packs, when="refused"), triggers={"refused": trigger})
    intake = order_intake(idle_world([HOUSEHOLDS], ONE_TRY), decided)
    for moment in intake.moments(0):
        assert len(intake.decide(moment, nothing_yet(2))) == len(moment.uses)
    assert not intake.watch.is_on["refused"]
    state = nothing_yet(2, attempted=np.array([10, 0]), rejected=np.array([6, 0]))
    uses = []
    for moment in intake.moments(1):
        intake.decide(moment, state)
        uses.append(moment.uses)
    assert intake.watch.is_on["refused"]
    assert uses == [(), (0, 1)]


def test_every_kind_has_its_place() -> None:
    assert set(RELEASE_KINDS) == set(get_args(get_args(Release)[0]))
    assert set(DEMAND_KINDS) == set(get_args(get_args(Demand)[0]))
    assert {*RANKING_RULES, *SHARING_RULES} == set(get_args(get_args(Rule)[0]))
    assert set(TRIGGER_METRICS) == set(get_args(Trigger.model_fields["metric"].annotation))
