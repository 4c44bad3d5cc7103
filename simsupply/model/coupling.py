"""What makes a step depend on a later one, or on another one, so that kernels do not apply."""

from __future__ import annotations

import numpy as np

from simsupply.scenario.world import Scenario
from simsupply.strategy.assistance import with_assistants
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.crew_steps import crews_of_several_steps, steps_of_crews


def coupling(scenario: Scenario, strategy: StrategySpec) -> str | None:
    """What keeps kernels from being used, in words; None: nothing."""
    strategy = with_assistants(strategy, scenario.spec.fleet)
    places = scenario.places
    for channel in strategy.channels.values():
        for step in channel.steps:
            if step.leg and np.isfinite(places.floor[step.leg.to]).any():
                first = int(np.flatnonzero(np.isfinite(places.floor[step.leg.to]))[0])
                return f"limited floor at {places.names[step.leg.to][first]!r} holds up {step.leg.name!r}"
            if step.leg and step.leg.leave.kind == "ready":
                return f"vehicles of {step.leg.name!r} leave with what is there"
            if step.leg and np.isfinite(limits := places.unload_docks.get(step.leg.to, np.zeros(0))).any():
                first = int(np.flatnonzero(np.isfinite(limits))[0])
                return f"limited docks at {places.names[step.leg.to][first]!r} hold up {step.leg.name!r}"
    return (
        _units_or_crews_together(strategy)
        or _crew_of_several_steps(scenario, strategy)
        or _crew_of_several_paces(scenario, strategy)
    )


def _units_or_crews_together(strategy: StrategySpec) -> str | None:
    """Kernels let one worker serve one unit."""
    stages = [step.stage for channel in strategy.channels.values() for step in channel.steps if step.stage]
    for stage in stages:
        if stage.together:
            return f"up to {stage.together.units} units of {stage.name!r} are served together"
        if stage.joined_by:
            return f"a unit of {stage.name!r} takes people of several crews: {', '.join(map(repr, stage.crews))}"
    return None


def _crew_of_several_steps(scenario: Scenario, strategy: StrategySpec) -> str | None:
    spec = scenario.spec
    several = sorted(crews_of_several_steps(strategy, spec.fleet, spec.tiers))
    if not several:
        return None
    steps = ", ".join(map(repr, steps_of_crews(strategy.channels.values(), spec.fleet)[several[0]]))
    return f"crew {several[0]!r} does several things: {steps}"


def _crew_of_several_paces(scenario: Scenario, strategy: StrategySpec) -> str | None:
    """Kernels know crews whose people all take as long, from the first hour on."""
    staffing = scenario.spec.staffing
    for channel in strategy.channels.values():
        for step in channel.steps:
            if step.stage is None:
                continue
            crew = staffing.crews[step.stage.crew]
            paces = {staffing.pace_of(crew), staffing.pace_of_arrivals(crew)}
            if len(paces) > 1:
                return f"people of crew {step.stage.crew!r} work at different paces"
            if any(pace.ramp for pace in paces):
                return f"the first hours of crew {step.stage.crew!r} at a new line are slower"
            if crew.arrivals and crew.arrivals.people not in (None, crew.people):
                return f"crew {step.stage.crew!r} has paid workers and volunteers"
    return None
