"""Rules of a plan that can never do anything in it: named before a run, and in its answer."""

from __future__ import annotations

from collections.abc import Iterator

from simsupply.base.catalogue import Message, message
from simsupply.scenario.households import PRIORITY
from simsupply.scenario.world_spec import CycleDemand, PoissonDemand, PurchaseDemand, WorldSpec
from simsupply.strategy.allocation import PriorityClass, UrgentFirstRule
from simsupply.strategy.channels import Channel, StrategySpec, Trigger


def cannot_act(spec: WorldSpec, strategy: StrategySpec) -> list[Message]:
    """Allocation without scarcity, limits that nothing meets, triggers that cannot go on, panic that buys nothing."""
    return [
        *_allocation(spec, strategy),
        *_acceptance(spec, strategy),
        *_triggers(spec, strategy),
        *_stocking_up(spec, strategy),
    ]


def _allocation(spec: WorldSpec, strategy: StrategySpec) -> Iterator[Message]:
    """Who comes first where goods are short: nobody where they never are, or where no household is of that kind."""
    for number, rule in enumerate(strategy.allocation):
        key = f"strategy.allocation.{number}"
        if spec.supply is None:
            yield message("allocation_without_supply", key=key, rule=rule.kind)
        elif isinstance(rule, UrgentFirstRule | PriorityClass):
            groups = [rule.households] if isinstance(rule, UrgentFirstRule) else rule.classes
            nobody = [name for group in groups for name in group if _is_nobody(spec, name)]
            if nobody:
                yield message("allocation_for_nobody", key=key, rule=rule.kind, kinds=nobody)


def _is_nobody(spec: WorldSpec, kind: str) -> bool:
    """Whether a scenario has no households of a kind wherever no place has a share of its own."""
    people = spec.scenario.households
    if spec.scenario.geography.kind == "listed":
        return False  # a place may say its own share
    if kind == PRIORITY:
        return not people.priority_share and not any(
            group.is_priority and group.share for group in people.kinds.values()
        )
    return kind in people.kinds and people.kinds[kind].share == 0


def _acceptance(spec: WorldSpec, strategy: StrategySpec) -> Iterator[Message]:
    """With lists that are agreed on beforehand, and single orders, everything is taken on."""
    if isinstance(spec.demand, CycleDemand | PoissonDemand):
        for name, channel in strategy.channels.items():
            if channel.acceptance is not None and channel.release.is_ordered:
                key = f"strategy.channels.{name}.acceptance"
                yield message("acceptance_without_effect", key=key, kind=spec.demand.kind)


def _triggers(spec: WorldSpec, strategy: StrategySpec) -> Iterator[Message]:
    horizon = spec.scenario.horizon_days
    for name, trigger in strategy.triggers.items():
        key = f"strategy.triggers.{name}"
        if trigger.above_days >= horizon:
            yield message("trigger_too_late", key=f"{key}.above_days", days=trigger.above_days, horizon=horizon)
        elif trigger.past_days is not None and trigger.past_days >= horizon:
            yield message("trigger_too_late", key=f"{key}.past_days", days=trigger.past_days, horizon=horizon)
        elif trigger.metric == "rejection_rate" and not any(
            _may_refuse(spec, channel) for channel in _watched(strategy, trigger)
        ):
            yield message("trigger_refuses_nobody", key=key)


def _watched(strategy: StrategySpec, trigger: Trigger) -> list[Channel]:
    return [channel for name, channel in strategy.channels.items() if trigger.channel in (None, name)]


def _may_refuse(spec: WorldSpec, channel: Channel) -> bool:
    """Whether an order may ever be turned away: by a limit, or for want of goods."""
    if not channel.release.is_ordered:
        return False
    is_limited = channel.acceptance is not None and not isinstance(spec.demand, CycleDemand | PoissonDemand)
    return is_limited or spec.supply is not None


def _stocking_up(spec: WorldSpec, strategy: StrategySpec) -> Iterator[Message]:
    """Panic buying where every channel that residents ask for hands out a fixed content."""
    demand = spec.demand
    if not isinstance(demand, PurchaseDemand):
        return
    said = demand.stock_up_days or any(entry.stock_up_days for entry in demand.by_day)
    asked = [channel for channel in strategy.channels.values() if not channel.release.is_allotted]
    if said and not any(
        parcel.content is None and parcel.kg is None for channel in asked for parcel in channel.parcels
    ):
        yield message("stock_up_without_effect")
