"""What makes a step depend on a later one, or on another one, so that kernels do not apply."""

from __future__ import annotations

import numpy as np

from simsupply.base.catalogue import Message, message
from simsupply.model.components.graph import several_paces, units_or_crews_together
from simsupply.scenario.world import Scenario
from simsupply.strategy.assistance import as_staffed
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.crew_steps import crews_of_several_steps, steps_of_crews


def coupling(scenario: Scenario, strategy: StrategySpec) -> Message | None:
    """What keeps kernels from being used; None: nothing."""
    strategy = as_staffed(strategy, scenario.spec)
    places = scenario.places
    for channel in strategy.channels.values():
        for step in channel.steps:
            if step.leg and np.isfinite(places.floor[step.leg.to]).any():
                first = int(np.flatnonzero(np.isfinite(places.floor[step.leg.to]))[0])
                return message("couples_floor", place=places.names[step.leg.to][first], leg=step.leg.name)
            if step.leg and step.leg.leave.kind == "ready":
                return message("couples_ready", leg=step.leg.name)
            if step.leg and np.isfinite(limits := places.unload_docks.get(step.leg.to, np.zeros(0))).any():
                first = int(np.flatnonzero(np.isfinite(limits))[0])
                return message("couples_docks", place=places.names[step.leg.to][first], leg=step.leg.name)
    stages = [step.stage for channel in strategy.channels.values() for step in channel.steps if step.stage]
    return (
        next(filter(None, map(units_or_crews_together, stages)), None)
        or _crew_of_several_steps(scenario, strategy)
        or _crew_of_several_paces(scenario, strategy)
    )


def _crew_of_several_steps(scenario: Scenario, strategy: StrategySpec) -> Message | None:
    spec = scenario.spec
    several = sorted(crews_of_several_steps(strategy, spec.fleet, spec.tiers))
    if not several:
        return None
    steps = steps_of_crews(strategy.channels.values(), spec.fleet)[several[0]]
    return message("couples_crew", crew=several[0], steps=[f"'{step}'" for step in steps])


def _crew_of_several_paces(scenario: Scenario, strategy: StrategySpec) -> Message | None:
    """Kernels know crews whose people all take as long, from the first hour on."""
    stages = [step.stage for channel in strategy.channels.values() for step in channel.steps if step.stage]
    return next(filter(None, (several_paces(scenario, stage.crew) for stage in stages)), None)
