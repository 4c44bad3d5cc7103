"""Cross-field rules of the demand side: does a strategy's mix of channels fit the residents' world?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product
from typing import NamedTuple

from simsupply.config.errors import Problem, nearest
from simsupply.scenario.census import read_census
from simsupply.scenario.goods import WHOLE_BASKET
from simsupply.scenario.households import PRIORITY
from simsupply.scenario.spec import CensusGeography, PoissonDemand, PurchaseDemand, WorldSpec
from simsupply.scenario.tiers import TIERS, Tier
from simsupply.strategy.release import WEEKDAYS, Allot, Group, Ordered, Visit
from simsupply.strategy.routes import NO_TIERS, routes_of
from simsupply.strategy.spec import Channel, ParcelContent, StrategySpec, Use

# With more triggers than this not every combination of their states is looked at.
_MAX_TRIGGERS = 6


def check_mix(world: WorldSpec, strategy: StrategySpec, source: str) -> list[Problem]:
    """Everything that is wrong with who uses which channel when, and with what is in the parcels."""
    problems = []
    for name, channel in strategy.channels.items():
        problems += _check_release(world, channel, source, f"strategy.channels.{name}")
        problems += _check_goods(world, channel, source, f"strategy.channels.{name}")
        problems += _check_routes(world, channel, source, f"strategy.channels.{name}")
    problems += _check_uses(world, strategy, source)
    if not problems:
        problems += _check_shares(world, strategy, source)
        problems += _check_everybody_is_served(world, strategy, source)
    problems += _check_triggers(world, strategy, source)
    return problems


def tiers_that_occur(world: WorldSpec) -> list[Tier]:
    """Tiers that can be in force somewhere at some time."""
    if world.tiers is None:
        return ["sealed"]
    if world.tiers.epidemic is not None:
        return list(TIERS)
    named = {world.tiers.default, *(period.tier for period in world.tiers.calendar)}
    return [tier for tier in TIERS if tier in named]


def _kinds(world: WorldSpec, names: Iterable[str], source: str, key: str) -> list[Problem]:
    known = [PRIORITY, *world.scenario.households.kinds]
    return [Problem(source, key, name, nearest(name, known)) for name in names if name not in known]


def _check_release(world: WorldSpec, channel: Channel, source: str, at: str) -> list[Problem]:
    problems = []
    release = channel.release
    if not isinstance(release, Allot):
        problems += _kinds(world, release.excludes, source, f"{at}.release.excludes")
    if channel.acceptance:
        problems += _kinds(world, channel.acceptance.first, source, f"{at}.acceptance.first")
        if not isinstance(release, Ordered):
            problems.append(Problem(source, f"{at}.acceptance", release.kind, "only with release kind order"))
    if isinstance(release, Visit) and not isinstance(world.demand, PurchaseDemand):
        problems.append(
            Problem(source, f"{at}.release.kind", "visit", "demand kind purchases, where shops are visited")
        )
    if isinstance(world.demand, PoissonDemand) and channel.bundles:
        problems.append(Problem(source, f"{at}.bundles", list(channel.bundles), "none, where orders come singly"))
    if isinstance(world.demand, PoissonDemand) and isinstance(release, Group):
        problems.append(Problem(source, f"{at}.release.kind", "group", "order or allot, where orders come singly"))
    return problems


def _check_goods(world: WorldSpec, channel: Channel, source: str, at: str) -> list[Problem]:
    known = list(world.goods) if world.goods is not None else [WHOLE_BASKET]
    places: dict[str, ParcelContent] = {f"{at}.bundles.{name}": bundle for name, bundle in channel.bundles.items()}
    places = places or {f"{at}.parcel": channel.parcel}
    return [
        Problem(source, f"{key}.{field}", name, nearest(name, known))
        for key, parcel in places.items()
        for field, names in (("content", parcel.content), ("goods", parcel.goods))
        for name in names or ()
        if name not in known
    ]


def _check_routes(world: WorldSpec, channel: Channel, source: str, at: str) -> list[Problem]:
    """Under every tier the steps that are left must be a way from list to door."""
    if all(step.when is None for step in channel.steps):
        return []
    problems = []
    for route in routes_of(channel, world.tiers):
        under = f"under {' and '.join(route.tiers)}"
        if not route.channel.steps:
            problems.append(Problem(source, f"{at}.steps", under, "at least one step under every tier"))
            continue
        crews = [step.stage.crew for step in route.channel.steps if step.stage]
        fleets = [step.leg.fleet for step in route.channel.steps if step.leg]
        allowed = f"one step for each crew or fleet {under}"
        times = Counter((*crews, *fleets))
        problems += [Problem(source, f"{at}.steps", name, allowed) for name in times if times[name] > 1]
        misfit = route.channel.misfit()
        if misfit:
            problems.append(Problem(source, f"{at}.steps", under, misfit))
    return problems


def _check_uses(world: WorldSpec, strategy: StrategySpec, source: str) -> list[Problem]:
    problems = []
    settings = world.tiers or NO_TIERS
    horizon, districts = world.scenario.horizon_days, _districts(world)
    for number, use in enumerate(strategy.mix):
        at, channel = f"strategy.mix.{number}", strategy.channels[use.channel]
        problems += _kinds(world, use.households, source, f"{at}.households")
        problems += _kinds(world, use.excludes, source, f"{at}.excludes")
        problems += [
            Problem(source, f"{at}.districts", name, nearest(name, sorted(districts)))
            for name in use.districts
            if name not in districts
        ]
        if use.from_day >= horizon:
            problems.append(Problem(source, f"{at}.from_day", use.from_day, f"< {horizon}, the horizon in days"))
        if use.share is not None and isinstance(channel.release, Allot):
            problems.append(Problem(source, f"{at}.share", use.share, "nothing; what is allotted is nobody's choice"))
        open_in = [tier for tier in TIERS if channel.release.kind in settings.of(tier).open]
        # Without tiers everybody is at home; with them a calendar may leave some out for once.
        possible = TIERS if world.tiers else ("sealed",)
        where = [tier for tier in open_in if tier in possible]
        if not set(where) & set(use.tiers or possible):
            kind = channel.release.kind
            allowed = f"a tier in which channels of kind {kind} are open: {', '.join(where) or 'none is'}"
            problems.append(Problem(source, f"{at}.tiers", list(use.tiers or possible), allowed))
    if isinstance(world.demand, PoissonDemand) and len(strategy.uses) > 1:
        problems.append(Problem(source, "strategy.mix", len(strategy.uses), "one channel, where orders come singly"))
    for use in strategy.uses:
        problems += _check_list_days(world, use, strategy.channels[use.channel], source)
    return problems


def _check_list_days(world: WorldSpec, use: Use, channel: Channel, source: str) -> list[Problem]:
    """A list that is never closed while the channel is used."""
    key, release = f"strategy.channels.{use.channel}.release", channel.release
    end = min(use.to_day or world.scenario.horizon_days, world.scenario.horizon_days)
    days = range(use.from_day, end)
    if isinstance(release, Ordered) and release.weekdays:
        weekdays = {WEEKDAYS[(world.scenario.first_weekday + day) % 7] for day in days}
        if not weekdays & set(release.weekdays):
            allowed = f"a day of the week among days {use.from_day} to {end - 1} of the run"
            return [Problem(source, f"{key}.weekdays", list(release.weekdays), allowed)]
    if isinstance(release, Group) and release.window_days > len(days):
        return [Problem(source, f"{key}.window_days", release.window_days, f"<= {len(days)}, the days of use")]
    return []


def _districts(world: WorldSpec) -> set[str]:
    geography = world.scenario.geography
    if not isinstance(geography, CensusGeography):
        return {"Whole area", "全域"}
    census = read_census(geography.table, geography.units, not geography.special_units)
    return {name for title in census.districts for name in (title.en, title.zh)}


class _Case(NamedTuple):
    """A household for which it is settled which uses are open to it."""

    day: int
    tier: Tier
    kind: str | None
    is_on: dict[str, bool]

    def __str__(self) -> str:
        parts = [f"day {self.day}", f"tier {self.tier}"]
        parts += [f"kind {self.kind}"] if self.kind else []
        parts += [f"trigger {name} {'on' if is_on else 'off'}" for name, is_on in self.is_on.items()]
        return ", ".join(parts)


def _cases(world: WorldSpec, strategy: StrategySpec) -> Iterator[_Case]:
    days = sorted({0, *(use.from_day for use in strategy.uses), *(use.to_day for use in strategy.uses if use.to_day)})
    names = list(strategy.triggers)[:_MAX_TRIGGERS]
    states = [dict(zip(names, state, strict=True)) for state in product((False, True), repeat=len(names))]
    kinds = [None, *world.scenario.households.kinds]
    for day, tier, kind, state in product(days, tiers_that_occur(world), kinds, states):
        if day < world.scenario.horizon_days:
            yield _Case(day, tier, kind, state)


def _is_open(world: WorldSpec, strategy: StrategySpec, use: Use, case: _Case) -> bool:
    """Whether a use is open to such a household in some district."""
    release = strategy.channels[use.channel].release
    kinds = {case.kind}
    if case.kind and world.scenario.households.kinds[case.kind].is_priority:
        kinds.add(PRIORITY)
    excluded = {*use.excludes, *(() if isinstance(release, Allot) else release.excludes)}
    return (
        use.from_day <= case.day
        and (use.to_day is None or case.day < use.to_day)
        and (not use.tiers or case.tier in use.tiers)
        and release.kind in (world.tiers or NO_TIERS).of(case.tier).open
        and (not use.households or bool(kinds & set(use.households)))
        and not kinds & excluded
        and (use.when is None or case.is_on.get(use.when, True))
        and (use.unless is None or not case.is_on.get(use.unless, False))
    )


def _check_shares(world: WorldSpec, strategy: StrategySpec, source: str) -> list[Problem]:
    """Shares of channels among which one household chooses; those of one district count alone."""
    for case in _cases(world, strategy):
        for visits in (False, True):
            rivals = [
                use
                for use in strategy.uses
                if use.share is not None
                and isinstance(strategy.channels[use.channel].release, Visit) == visits
                and _is_open(world, strategy, use, case)
            ]
            for district in {name for use in rivals for name in use.districts} or {""}:
                total = sum(use.share or 0.0 for use in rivals if not use.districts or district in use.districts)
                if total > 1 + 1e-9:
                    return [Problem(source, "strategy.mix", f"{total:g} ({case})", "shares that add up to at most 1")]
    return []


def _check_everybody_is_served(world: WorldSpec, strategy: StrategySpec, source: str) -> list[Problem]:
    """Under every tier that occurs some channel must be open to ordinary households, sooner or later."""
    if world.tiers is None and not strategy.mix:
        return []
    problems = []
    cases = [case for case in _cases(world, strategy) if case.kind is None]
    for tier in tiers_that_occur(world):
        served: set[str] = set()
        for use in strategy.uses:
            if any(case.tier == tier and _is_open(world, strategy, use, case) for case in cases):
                served |= set(use.districts) or {""}
        missing = _unserved(world, served)
        if missing:
            allowed = f"a channel that is open to all households in tier {tier}"
            problems.append(Problem(source, "strategy.mix", ", ".join(missing), allowed))
    return problems


def _unserved(world: WorldSpec, served: set[str]) -> list[str]:
    if "" in served:
        return []
    geography = world.scenario.geography
    if not isinstance(geography, CensusGeography):
        return [] if served else ["nobody is served"]
    census = read_census(geography.table, geography.units, not geography.special_units)
    return [title.en for title in census.districts if not {title.en, title.zh} & served]


def _check_triggers(world: WorldSpec, strategy: StrategySpec, source: str) -> list[Problem]:
    problems = []
    for name, trigger in strategy.triggers.items():
        key = f"strategy.triggers.{name}"
        if not any(name in (use.when, use.unless) for use in strategy.mix):
            problems.append(Problem(source, key, name, "a use in mix with when or unless of this name"))
        watched = strategy.channels.get(trigger.channel or "")
        if watched and isinstance(watched.release, Visit):
            problems.append(Problem(source, f"{key}.channel", trigger.channel, "a channel with orders or parcels"))
        if trigger.metric == "backlog_days" and watched and not _has_daily_output(watched):
            allowed = "a channel with work order by order at a depot, which settles how many it does in a day"
            problems.append(Problem(source, f"{key}.channel", trigger.channel, allowed))
    return problems


def _has_daily_output(channel: Channel) -> bool:
    stages = [step.stage for step in channel.steps if step.stage]
    return any(stage.at == "depot" and stage.per != "consignment" for stage in stages)
