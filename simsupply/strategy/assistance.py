"""Fleets that work beside others wherever these are used, whatever a channel says of them."""

from __future__ import annotations

from collections.abc import Mapping

from simsupply.scenario.staffing import Fleet
from simsupply.strategy.channels import Channel, StrategySpec
from simsupply.strategy.steps.kinds import Step


def with_assistants(strategy: StrategySpec, fleet: Mapping[str, Fleet]) -> StrategySpec:
    """The strategy with each fleet's assistants (`Fleet.assists`) after it on every leg; twice is as once."""
    assistants: dict[str, list[str]] = {}
    for name, fleet_spec in fleet.items():
        if fleet_spec.assists is not None:
            assistants.setdefault(fleet_spec.assists, []).append(name)
    if not assistants:
        return strategy
    channels = {name: _assisted(channel, assistants) for name, channel in strategy.channels.items()}
    return strategy.model_copy(update={"channels": channels})


def _assisted(channel: Channel, assistants: Mapping[str, list[str]]) -> Channel:
    def step_with(step: Step) -> Step:
        if step.leg is None:
            return step
        own = step.leg.fleets
        fleets = list(dict.fromkeys([*own, *(helper for name in own for helper in assistants.get(name, ()))]))
        if len(fleets) == len(own):
            return step
        return step.model_copy(update={"leg": step.leg.model_copy(update={"fleet": tuple(fleets)})})

    return channel.model_copy(update={"steps": tuple(map(step_with, channel.steps))})
