"""Rules about who is served by what: every sort of household, at every time, under every tier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, product
from typing import NamedTuple

from simsupply.base.catalogue import Message, chain, message
from simsupply.base.problems import Problem
from simsupply.base.spec import Title
from simsupply.scenario.districts import district_titles
from simsupply.scenario.geography import ListedGeography
from simsupply.scenario.group_titles import group_words
from simsupply.scenario.households import PRIORITY
from simsupply.scenario.tiers import TIERS, Tier
from simsupply.scenario.world_spec import WorldSpec
from simsupply.strategy.channels import Channel, StrategySpec, Use
from simsupply.strategy.release import Allotment, VisitRelease
from simsupply.strategy.routes import NO_TIERS

# With more triggers than this not every combination of their states is looked at, nor with more
# kinds every combination of kinds: then no more than two kinds together.
_MAX_TRIGGERS = 6
_MAX_KINDS = 4

TIER_WORDS: dict[Tier, Message] = {
    "precaution": message("tier_precaution"),
    "controlled": message("tier_controlled"),
    "sealed": message("tier_sealed"),
}
"""Tiers within a sentence."""


Sort = frozenset[str]
"""Kinds of a household, ``priority`` among them if it is a priority household."""


class _Case(NamedTuple):
    """A household for which it is settled which uses are open to it."""

    day: int
    tier: Tier
    sort: Sort
    is_on: dict[str, bool]

    def in_words(self) -> list[Message]:
        """What is the case, one part after the other."""
        parts = [message("on_day", day=self.day), message("in_tier", tier=TIER_WORDS[self.tier])]
        if self.sort:
            parts.append(message("households_of_kinds", kinds=chain("both", sorted(self.sort))))
        for name, is_on in self.is_on.items():
            parts.append(message("trigger_is_on", name=name) if is_on else message("trigger_is_off", name=name))
        return parts


def tiers_on(world: WorldSpec, day: int) -> list[Tier]:
    """Tiers that can be in force somewhere on a day."""
    if world.tiers is None:
        return ["sealed"]
    if world.tiers.epidemic is not None:
        return list(TIERS)
    named: set[Tier] = set()
    is_everywhere = False
    for period in world.tiers.calendar:
        first, end = period.days(world.scenario.start_date, world.scenario.horizon_days)
        if first <= day < end:
            named.add(period.tier)
            is_everywhere |= period.level == "whole" and period.compounds_share == 1
    return [tier for tier in TIERS if tier in named or (tier == world.tiers.default and not is_everywhere)]


def sorts_that_occur(world: WorldSpec, strategy: StrategySpec) -> list[Sort]:
    """Kinds that a household can have together, as far as the strategy makes a difference between them."""
    people = world.scenario.households
    named = {name for use in strategy.uses for name in (*use.households, *use.excludes)}
    for channel in strategy.channels.values():
        named |= set() if isinstance(channel.release, Allotment) else set(channel.release.excludes)
    named |= {group.needed_by for group in (world.goods or {}).values() if group.needed_by}
    shares = {name: kind.share for name, kind in people.kinds.items() if kind.share > 0}
    given = [name for name in shares if name in named]
    most = len(given) if len(given) <= _MAX_KINDS else 2
    others = {PRIORITY: _priority_share(world)} | {
        name: share for name, share in shares.items() if name not in named and people.kinds[name].is_priority
    }
    sorts: dict[Sort, None] = {}
    for number in range(most + 1):
        for kinds in combinations(given, number):
            sort = frozenset({*kinds, *(name for name in given if shares[name] == 1)})
            is_priority = any(people.kinds[name].is_priority for name in sort)
            # Priority may also come from what the strategy does not name, or by itself.
            if not is_priority and not any(share == 1 for share in others.values()):
                sorts[sort] = None
            if is_priority or any(share != 0 for share in others.values()):
                sorts[sort | {PRIORITY}] = None
    return list(sorts)


def _priority_share(world: WorldSpec) -> float | None:
    """Share of priority households by itself; None: where one lives, or who is old, makes a difference."""
    geography = world.scenario.geography
    if isinstance(geography, ListedGeography):
        points = geography.in_use().drop_points
        given = world.scenario.households.priority_share
        shares = {given if point.priority_share is None else point.priority_share for point in points}
        if len(shares) > 1 or any(point.share_65plus is not None for point in points):
            return None
        return next(iter(shares), None)
    return world.scenario.households.priority_share


def _cases(world: WorldSpec, strategy: StrategySpec, sorts: Iterable[Sort]) -> Iterator[_Case]:
    horizon = world.scenario.horizon_days
    # Between two of these days nothing changes but the state of the triggers.
    days = {0, *(use.from_day for use in strategy.uses), *(use.to_day for use in strategy.uses if use.to_day)}
    for period in world.tiers.calendar if world.tiers else ():
        days |= set(period.days(world.scenario.start_date, horizon))
    names = list(strategy.triggers)[:_MAX_TRIGGERS]
    states = [dict(zip(names, state, strict=True)) for state in product((False, True), repeat=len(names))]
    for day in sorted(day for day in days if day < horizon):
        for tier, sort, state in product(tiers_on(world, day), sorts, states):
            yield _Case(day, tier, sort, state)


def _is_open(world: WorldSpec, strategy: StrategySpec, use: Use, case: _Case) -> bool:
    """Whether a use is open to such a household in some district."""
    channel = strategy.channels[use.channel]
    excluded = {*use.excludes, *(() if isinstance(channel.release, Allotment) else channel.release.excludes)}
    return (
        use.from_day <= case.day
        and (use.to_day is None or case.day < use.to_day)
        and (not use.tiers or case.tier in use.tiers)
        and channel.release.kind in (world.tiers or NO_TIERS).of(case.tier).open
        and (not use.households or bool(case.sort & set(use.households)))
        and not case.sort & excluded
        and (use.when is None or case.is_on.get(use.when, True))
        and (use.unless is None or not case.is_on.get(use.unless, False))
        and _is_needed(world, channel, case.sort)
    )


def _is_needed(world: WorldSpec, channel: Channel, sort: Sort) -> bool:
    """Whether such a household needs any of what the channel carries by need; other parcels go to everybody."""
    goods = world.goods or {}
    return any(
        parcel.content is not None
        or parcel.kg is not None
        or any(
            goods[name].needed_by is None or goods[name].needed_by in sort
            for name in goods
            if parcel.goods is None or name in parcel.goods
        )
        or not goods
        for parcel in channel.parcels
    )


def check_shares(world: WorldSpec, strategy: StrategySpec) -> list[Problem]:
    """Shares of channels among which one household chooses; those of one district count alone.

    Each set of uses that is too much is named once, with the first case in which it is.
    """
    found: dict[frozenset[int], Problem] = {}
    for case in _cases(world, strategy, sorts_that_occur(world, strategy)):
        for visits in (False, True):
            rivals = [
                (number, use)
                for number, use in enumerate(strategy.uses)
                if use.share is not None
                and isinstance(strategy.channels[use.channel].release, VisitRelease) == visits
                and _is_open(world, strategy, use, case)
            ]
            for district in {name for _, use in rivals for name in use.districts} or {""}:
                here = {number: use for number, use in rivals if not use.districts or district in use.districts}
                total = sum(use.share or 0.0 for use in here.values())
                if total <= 1 + 1e-9 or any(known <= set(here) for known in found):
                    continue
                sum_of = " + ".join(f"mix.{number}.share {use.share:g}" for number, use in here.items())
                given = message("sum_of_shares", shares=sum_of, total=total, case=case.in_words())
                found[frozenset(here)] = Problem("strategy.mix", given, message("shares_at_most_one"))
    return list(found.values())


def check_everybody_is_served(world: WorldSpec, strategy: StrategySpec) -> list[Problem]:
    """Under every tier that occurs some channel must be open to some households everywhere, sooner or later.

    That a kind of household is left out is no mistake but a result (see `left_out`).
    """
    key = "strategy.mix" if strategy.mix else "strategy.calendar"
    missing: dict[Tier, list[Title]] = {}
    for sort in sorts_that_occur(world, strategy):
        for tier, places in _served(world, strategy, sort).items():
            nowhere = _unserved(world, places)
            missing[tier] = [name for name in missing.get(tier, nowhere) if name in nowhere]
    tiers_without: dict[tuple[Title, ...], list[Message]] = {}
    for tier, names in missing.items():
        if names:
            tiers_without.setdefault(tuple(names), []).append(TIER_WORDS[tier])
    return [
        Problem(
            key,
            message("none_in", districts=names),
            message("open_channel", tiers=chain("and_in_tier", tiers)),
        )
        for names, tiers in tiers_without.items()
    ]


def left_out(world: WorldSpec, strategy: StrategySpec) -> list[Message]:
    """Kinds of households to which no channel is ever open under a tier that occurs, in words."""
    barred: dict[Sort, list[Tier]] = {}
    for sort in sorted(sorts_that_occur(world, strategy), key=len):
        for tier, places in _served(world, strategy, sort).items():
            # What is true of infants is not said again of infants with priority.
            if _unserved(world, places) and not any(known <= sort and tier in barred[known] for known in barred):
                barred.setdefault(sort, []).append(tier)
    return [
        message(
            "kind_left_out",
            kinds=chain("both", [group_words(kind, world) for kind in sorted(sort)] or [message("other_kinds")]),
            tiers=chain("and_in_tier", [TIER_WORDS[tier] for tier in tiers]),
        )
        for sort, tiers in barred.items()
    ]


def _served(world: WorldSpec, strategy: StrategySpec, sort: Sort) -> dict[Tier, set[str]]:
    """Districts in which some channel is open to such households at some time, by tier; empty name: all."""
    served: dict[Tier, set[str]] = {}
    for case in _cases(world, strategy, [sort]):
        places = served.setdefault(case.tier, set())
        for use in strategy.uses:
            if _is_open(world, strategy, use, case):
                places |= set(use.districts) or {""}
    return served


def _unserved(world: WorldSpec, served: set[str]) -> list[Title]:
    """Names of the districts that are not among those `served`; an empty name there stands for all."""
    if "" in served:
        return []
    titles = district_titles(world.scenario.geography)
    if len(titles) == 1:
        return [] if served else list(titles)
    return [title for title in titles if not {title.en, title.zh} & served]
