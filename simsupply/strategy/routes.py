"""Routes: the steps of a channel that are left once its conditional steps are settled for a tier."""

from __future__ import annotations

from typing import NamedTuple

from simsupply.scenario.tiers import TIERS, Tier, Tiers
from simsupply.strategy.spec import Channel, StrategySpec
from simsupply.strategy.steps import When

# Where a scenario has no tiers everybody has to stay at home.
NO_TIERS = Tiers(default="sealed")


class Route(NamedTuple):
    """A channel as it works under some tiers.

    Attributes
    ----------
    channel : Channel
        With the steps of these tiers only. Its name is the route's: that of the channel, and the
        tiers where not all tiers have the same steps.
    base : str
        Name of the channel.
    tiers : tuple of str
    """

    channel: Channel
    base: str
    tiers: tuple[Tier, ...]


def applies(when: When | None, tier: Tier, tiers: Tiers) -> bool:
    """Whether a step is there for orders under `tier`."""
    if when is None:
        return True
    settings = tiers.of(tier)
    return (
        (not when.tiers or tier in when.tiers)
        and (not when.entry or settings.entry in when.entry)
        and (not when.last_mile or settings.last_mile in when.last_mile)
    )


def routes_of(channel: Channel, tiers: Tiers | None) -> list[Route]:
    """Routes of a channel; tiers with the same steps share one."""
    settings = tiers or NO_TIERS
    if all(step.when is None for step in channel.steps):
        return [Route(channel, channel.name, TIERS)]
    alike: dict[tuple[str, ...], list[Tier]] = {}
    for tier in TIERS if tiers else ("sealed",):
        names = tuple(step.body.name for step in channel.steps if applies(step.when, tier, settings))
        alike.setdefault(names, []).append(tier)
    routes = []
    for names, under in alike.items():
        name = channel.name if len(alike) == 1 else f"{channel.name}/{'+'.join(under)}"
        steps = tuple(step for step in channel.steps if step.body.name in names)
        routes.append(Route(channel.model_copy(update={"name": name, "steps": steps}), channel.name, tuple(under)))
    return routes


def all_routes(strategy: StrategySpec, tiers: Tiers | None) -> list[Route]:
    """Routes of all channels, in the order of the strategy."""
    return [route for channel in strategy.channels.values() for route in routes_of(channel, tiers)]
