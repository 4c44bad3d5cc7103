"""At which steps each crew works: at stages, and in the seats of the fleets that it drives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from simsupply.scenario.staffing import Fleet
from simsupply.scenario.tiers import Tiers
from simsupply.strategy.channels import Channel, StrategySpec
from simsupply.strategy.routes import all_routes
from simsupply.strategy.steps.kinds import Step
from simsupply.strategy.steps.leg import Leg
from simsupply.strategy.steps.stage import Stage


def drivers_of(leg: Leg, fleets: Mapping[str, Fleet]) -> list[str]:
    """Crews in the seats of the vehicles of a leg, each once; none where every vehicle has drivers of its own."""
    names = (fleets[name].drivers for name in leg.fleets if name in fleets)
    return list(dict.fromkeys(name for name in names if name is not None))


def crews_of(step: Step, fleets: Mapping[str, Fleet]) -> list[str]:
    """Crews that work at a step: that of a stage and those who join it, and those who drive the vehicles of a leg."""
    if step.stage:
        return list(step.stage.crews)
    return drivers_of(step.leg, fleets) if step.leg else []


def legs_with_crews(strategy: StrategySpec, fleets: Mapping[str, Fleet]) -> frozenset[str]:
    """Legs whose vehicles are driven by a crew."""
    legs = (step.leg for channel in strategy.channels.values() for step in channel.steps if step.leg)
    return frozenset(leg.name for leg in legs if drivers_of(leg, fleets))


def steps_of_crews(channels: Iterable[Channel], fleets: Mapping[str, Fleet]) -> dict[str, list[str]]:
    """Names of the steps at which each crew works, each once, in process order."""
    found: dict[str, dict[str, None]] = {}
    for channel in channels:
        for step in channel.steps:
            for crew in crews_of(step, fleets):
                found.setdefault(crew, {})[step.body.name] = None
    return {crew: list(steps) for crew, steps in found.items()}


def crews_of_several_steps(strategy: StrategySpec, fleets: Mapping[str, Fleet], tiers: Tiers | None) -> frozenset[str]:
    """Crews whose people do several things for the same orders, or drive: who is free takes the next unit of any.

    A crew at one step of each channel serves one queue, as if these steps were one.
    """
    found = set[str]()
    for route in all_routes(strategy, tiers):
        times = Counter(crew for step in route.channel.steps for crew in crews_of(step, fleets))
        found.update(crew for crew, number in times.items() if number > 1)
        found.update(crew for step in route.channel.steps if step.leg for crew in drivers_of(step.leg, fleets))
    return frozenset(found)


def crews_with_several_lines(
    strategy: StrategySpec, fleets: Mapping[str, Fleet], tiers: Tiers | None
) -> frozenset[str]:
    """Crews with a line for each of their steps: they do several things, join another crew, or serve units together.

    At all other crews' places there is one line, whatever its units are.
    """
    found = set(crews_of_several_steps(strategy, fleets, tiers))
    stages = [step.stage for channel in strategy.channels.values() for step in channel.steps if step.stage]
    for stage in stages:
        if stage.together or stage.joined_by:
            found.update(stage.crews)
    return frozenset(found)


def queue_of(body: Stage | Leg, several: frozenset[str]) -> tuple[str, ...]:
    """What tells the queue in which units of a step wait: those of steps with the same are one queue.

    Steps of one crew, or of the same fleets; of a crew with several lines (`several`) those of the same name.
    """
    if isinstance(body, Stage) and body.crew in several:
        return (body.crew, body.name)
    return body.resource
