"""Routes: the steps of a channel that are left once its conditional steps are settled for a tier and day.

The orders of a route go one way, or several ways: those of its branches (`simsupply.strategy.branches`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from simsupply.scenario.tiers import TIERS, Tier, Tiers
from simsupply.strategy.channels import Channel, StrategySpec
from simsupply.strategy.steps.kinds import StepCondition

# Where a scenario has no tiers everybody has to stay at home.
NO_TIERS = Tiers(default="sealed")


class Period(NamedTuple):
    """Days from `first` to `end`, not included; None: to the end of the run."""

    first: int = 0
    end: int | None = None

    def holds(self, day: int) -> bool:
        """Whether a day is in it."""
        return self.first <= day and (self.end is None or day < self.end)


class Way(NamedTuple):
    """The steps that the orders of one branch of a route pass, or of several that pass the same.

    Attributes
    ----------
    channel : Channel
        With these steps only; it has the name of the route's.
    branches : tuple of str
        Names of the branches; of a channel without, ``rest``.
    share : float
        Of the orders of the route.
    positions : tuple of int
        Of the steps among those of the route.
    """

    channel: Channel
    branches: tuple[str, ...]
    share: float
    positions: tuple[int, ...]


class Route(NamedTuple):
    """A channel as it works under some tiers on some days.

    Attributes
    ----------
    channel : Channel
        With the steps of these tiers and days only. Its name is the route's: that of the channel, and
        the tiers and days where not all have the same steps.
    base : str
        Name of the channel.
    cases : tuple of (Period, tuple of str)
        Tiers under which it works in each period.
    ways : tuple of Way
        One, or several where branches pass different steps.
    """

    channel: Channel
    base: str
    cases: tuple[tuple[Period, tuple[Tier, ...]], ...]
    ways: tuple[Way, ...]

    def tiers_on(self, day: int) -> tuple[Tier, ...]:
        """Tiers under which orders released on a day go this way."""
        return next((tiers for period, tiers in self.cases if period.holds(day)), ())


def applies(when: StepCondition | None, tier: Tier, tiers: Tiers, day: int = 0) -> bool:
    """Whether a step is there for orders released under `tier` on a day."""
    if when is None:
        return True
    settings = tiers.of(tier)
    is_meant = (
        (not when.tiers or tier in when.tiers)
        and (not when.entry or settings.entry in when.entry)
        and (not when.last_mile or settings.last_mile in when.last_mile)
        and Period(when.from_day, when.to_day).holds(day)
    )
    return is_meant != when.unless


def routes_of(channel: Channel, tiers: Tiers | None) -> list[Route]:
    """Routes of a channel; tiers and days with the same steps share one."""
    settings = tiers or NO_TIERS
    conditions = [step.when for step in channel.steps if step.when]
    if not conditions:
        return [Route(channel, channel.name, ((Period(), TIERS),), _ways(channel))]
    changes = {0, *(when.from_day for when in conditions), *(when.to_day for when in conditions if when.to_day)}
    first = sorted(changes)
    alike: dict[tuple[str, ...], dict[Period, list[Tier]]] = {}
    for period in map(Period, first, [*first[1:], None]):
        for tier in TIERS if tiers else ("sealed",):
            names = tuple(step.body.name for step in channel.steps if applies(step.when, tier, settings, period.first))
            alike.setdefault(names, {}).setdefault(period, []).append(tier)
    routes = []
    for names, found in alike.items():
        cases = tuple((period, tuple(under)) for period, under in found.items())
        label = ",".join("+".join(under) + (f"@{period.first}" if len(first) > 1 else "") for period, under in cases)
        name = channel.name if len(alike) == 1 else f"{channel.name}/{label}"
        steps = tuple(step for step in channel.steps if step.body.name in names)
        of_case = channel.model_copy(update={"name": name, "steps": steps})
        routes.append(Route(of_case, channel.name, cases, _ways(of_case)))
    return routes


def _ways(channel: Channel) -> tuple[Way, ...]:
    """Ways of the branches of a channel, in the order of the plan; branches with the same steps share one."""
    alike: dict[tuple[int, ...], list[str]] = {}
    shares = channel.branch_shares
    for branch in shares:
        positions = tuple(
            number for number, step in enumerate(channel.steps) if not step.branches or branch in step.branches
        )
        alike.setdefault(positions, []).append(branch)
    return tuple(
        Way(channel.of_branch(names[0]), tuple(names), sum(shares[name] for name in names), positions)
        for positions, names in alike.items()
    )


def route_by_tier(routes: Sequence[Route], day: int) -> list[int]:
    """Number of the route that orders released on a day take, for each tier of `TIERS`; -1: none."""
    under = [route.tiers_on(day) for route in routes]
    return [next((number for number, tiers in enumerate(under) if tier in tiers), -1) for tier in TIERS]


def ways_of(routes: Iterable[Route]) -> list[Way]:
    """Ways of some routes, route after route."""
    return [way for route in routes for way in route.ways]


def all_routes(strategy: StrategySpec, tiers: Tiers | None) -> list[Route]:
    """Routes of all channels, in the order of the strategy."""
    return [route for channel in strategy.channels.values() for route in routes_of(channel, tiers)]
