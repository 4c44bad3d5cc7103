"""Who works at the steps of a strategy in a plan: fleets beside others, people in place of a missing crew."""

from __future__ import annotations

from collections.abc import Mapping

from simsupply.scenario.world_spec import WorldSpec
from simsupply.strategy.channels import Channel, StrategySpec
from simsupply.strategy.steps.kinds import Step


def as_staffed(strategy: StrategySpec, world: WorldSpec) -> StrategySpec:
    """The strategy with the people and vehicles of a plan at its steps; twice is as once.

    After each fleet on a leg come those that assist it (`Fleet.assists`). A crew that the plan does not have is
    replaced by the one that stands in for it (`Staffing.stand_ins`).
    """
    assistants: dict[str, list[str]] = {}
    for name, fleet in world.fleet.items():
        if fleet.assists is not None:
            assistants.setdefault(fleet.assists, []).append(name)
    stand_ins = world.staffing.stand_ins
    if not assistants and not stand_ins:
        return strategy
    channels = {name: _staffed(channel, assistants, stand_ins) for name, channel in strategy.channels.items()}
    return strategy.model_copy(update={"channels": channels})


def _staffed(channel: Channel, assistants: Mapping[str, list[str]], stand_ins: Mapping[str, str]) -> Channel:
    def step_with(step: Step) -> Step:
        if step.stage is not None:
            stage, joined = step.stage, tuple(stand_ins.get(crew, crew) for crew in step.stage.joined_by)
            crew = stand_ins.get(stage.crew, stage.crew)
            if (crew, joined) == (stage.crew, stage.joined_by):
                return step
            # Two of a team that the plan has as one crew are one person.
            joined = tuple(name for name in dict.fromkeys(joined) if name != crew)
            return step.model_copy(update={"stage": stage.model_copy(update={"crew": crew, "joined_by": joined})})
        if step.leg is None:
            return step
        own = step.leg.fleets
        fleets = list(dict.fromkeys([*own, *(helper for name in own for helper in assistants.get(name, ()))]))
        if len(fleets) == len(own):
            return step
        return step.model_copy(update={"leg": step.leg.model_copy(update={"fleet": tuple(fleets)})})

    return channel.model_copy(update={"steps": tuple(map(step_with, channel.steps))})
