"""Cross-field rules of the demand side: does a strategy's mix of channels fit the residents' world?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from simsupply.base.catalogue import Message, chain, message
from simsupply.base.problems import Problem, nearest
from simsupply.checks.served import TIER_WORDS, check_everybody_is_served, check_shares
from simsupply.scenario.districts import district_titles
from simsupply.scenario.goods import WHOLE_BASKET
from simsupply.scenario.households import PRIORITY
from simsupply.scenario.place_kinds import PLACE_KINDS, PlaceKind
from simsupply.scenario.tiers import TIERS, Tier
from simsupply.scenario.weekdays import WEEKDAYS
from simsupply.scenario.world_spec import PoissonDemand, PurchaseDemand, WorldSpec
from simsupply.strategy.channels import Channel, ParcelContent, StrategySpec, Use
from simsupply.strategy.release import Allotment, GroupRelease, OrderRelease, VisitRelease
from simsupply.strategy.routes import NO_TIERS, Period, Route, routes_of


def check_mix(world: WorldSpec, strategy: StrategySpec) -> list[Problem]:
    """Everything that is wrong with who uses which channel when, and with what is in the parcels."""
    problems = []
    for name, channel in strategy.channels.items():
        problems += _check_release(world, channel, f"strategy.channels.{name}")
        problems += _check_goods(world, channel, f"strategy.channels.{name}")
        problems += _check_routes(world, channel, f"strategy.channels.{name}")
    misused = _check_uses(world, strategy)
    problems += misused
    problems += check_shares(world, strategy)
    if not misused:
        # Otherwise it would only be said again that a use is of no use.
        problems += check_everybody_is_served(world, strategy)
    problems += _check_triggers(world, strategy)
    return problems


def _kinds(world: WorldSpec, names: Iterable[str], key: str) -> list[Problem]:
    known = [PRIORITY, *world.scenario.households.kinds]
    return [
        Problem(key, name, message("kind_of_household", nearest=nearest(name, known)))
        for name in names
        if name not in known
    ]


def _check_release(world: WorldSpec, channel: Channel, at: str) -> list[Problem]:
    problems = []
    release = channel.release
    if not isinstance(release, Allotment):
        problems += _kinds(world, release.excludes, f"{at}.release.excludes")
    if channel.acceptance:
        problems += _kinds(world, channel.acceptance.first, f"{at}.acceptance.first")
        if not isinstance(release, OrderRelease):
            problems.append(Problem(f"{at}.release.kind", release.kind, message("order_with_acceptance")))
        kinds = PLACE_KINDS if channel.acceptance.promise_by == "whole_way" else PLACE_KINDS[:1]
        if channel.acceptance.promise_days is not None and not _has_daily_output(channel, kinds):
            allowed = message("no_promise_without_output")
            problems.append(Problem(f"{at}.acceptance.promise_days", channel.acceptance.promise_days, allowed))
    if isinstance(release, VisitRelease) and not isinstance(world.demand, PurchaseDemand):
        problems.append(Problem(f"{at}.release.kind", "visit", message("purchases_where_visited")))
    if isinstance(world.demand, PoissonDemand) and channel.bundles:
        problems.append(Problem(f"{at}.bundles", list(channel.bundles), message("no_bundles_for_single_orders")))
    if isinstance(world.demand, PoissonDemand) and isinstance(release, GroupRelease):
        problems.append(Problem(f"{at}.release.kind", "group", message("order_or_allot_for_single_orders")))
    return problems


def _check_goods(world: WorldSpec, channel: Channel, at: str) -> list[Problem]:
    known = list(world.goods) if world.goods is not None else [WHOLE_BASKET]
    places: dict[str, ParcelContent] = {f"{at}.bundles.{name}": bundle for name, bundle in channel.bundles.items()}
    places = places or {f"{at}.parcel": channel.parcel}
    if world.goods is None:
        # One sentence instead of one for each group.
        allowed = message("goods_told_apart")
        return [
            Problem(f"{key}.{field}", ", ".join(names or ()), allowed)
            for key, parcel in places.items()
            for field, names in (("content", parcel.content), ("goods", parcel.goods))
            if set(names or ()) - set(known)
        ]
    return [
        Problem(f"{key}.{field}", name, nearest(name, known))
        for key, parcel in places.items()
        for field, names in (("content", parcel.content), ("goods", parcel.goods))
        for name in names or ()
        if name not in known
    ]


def _check_routes(world: WorldSpec, channel: Channel, at: str) -> list[Problem]:
    """Under every tier, on every day, the steps that are left must be ways from list to door, one for each branch."""
    if all(step.when is None for step in channel.steps):
        return []
    problems = []
    for route in routes_of(channel, world.tiers):
        under = _under(route)
        if not route.channel.steps:
            problems.append(Problem(f"{at}.steps", under, message("steps_under_every_tier")))
            continue
        fleets = [name for step in route.channel.steps if step.leg for name in step.leg.fleets]
        allowed = message("one_step_each_under", under=under)
        times = Counter(fleets)
        problems += [Problem(f"{at}.steps", name, allowed) for name in times if times[name] > 1]
        for way in route.ways:
            given: Message = under
            if len(route.ways) > 1:
                orders = message("orders_of_branch", branch=chain("both", way.branches))
                given = message("branch_under", orders=orders, under=under)
            has_legs = route.channel.has_legs
            misfit = way.channel.misfit(has_legs) if way.channel.steps else message("steps_of_every_branch")
            if misfit:
                problems.append(Problem(f"{at}.steps", given, misfit))
    return problems


def _under(route: Route) -> Message:
    """When a route is used, in words."""
    cases: Message = chain("and_also", [_in_period(period, tiers) for period, tiers in route.cases])
    return cases


def _in_period(period: Period, tiers: Iterable[Tier]) -> Message:
    named = chain("both", [TIER_WORDS[tier] for tier in tiers])
    if period == Period():
        return message("under_tiers", tiers=named)
    if period.end is None:
        return message("under_tiers_from", tiers=named, first=period.first)
    return message("under_tiers_from_to", tiers=named, first=period.first, last=period.end - 1)


def _check_uses(world: WorldSpec, strategy: StrategySpec) -> list[Problem]:
    problems = []
    settings = world.tiers or NO_TIERS
    horizon, districts = world.scenario.horizon_days, _districts(world)
    for number, use in enumerate(strategy.mix):
        at, channel = f"strategy.mix.{number}", strategy.channels[use.channel]
        problems += _kinds(world, use.households, f"{at}.households")
        problems += _kinds(world, use.excludes, f"{at}.excludes")
        problems += [
            Problem(f"{at}.districts", name, nearest(name, sorted(districts)))
            for name in use.districts
            if name not in districts
        ]
        if use.from_day >= horizon:
            problems.append(Problem(f"{at}.from_day", use.from_day, message("before_horizon", horizon=horizon)))
        if use.share is not None and isinstance(channel.release, Allotment):
            problems.append(Problem(f"{at}.share", use.share, message("no_share_of_what_is_allotted")))
        open_in = [tier for tier in TIERS if channel.release.kind in settings.of(tier).open]
        # Without tiers everybody is at home; with them a calendar may leave some out for once.
        possible = TIERS if world.tiers else ("sealed",)
        where = [tier for tier in open_in if tier in possible]
        if not set(where) & set(use.tiers or possible):
            kind = channel.release.kind
            tiers = where or message("no_open_tier")
            if world.tiers:
                allowed = message("open_tier", kind=kind, tiers=tiers)
            else:
                allowed = message("open_tier_without_tiers", kind=kind, tiers=tiers)
            problems.append(Problem(f"{at}.tiers", list(use.tiers or possible), allowed))
    if isinstance(world.demand, PoissonDemand) and len(strategy.uses) > 1:
        problems.append(Problem("strategy.mix", len(strategy.uses), message("one_channel_for_single_orders")))
    for number, turn in enumerate(strategy.calendar):
        if turn.from_day >= horizon:
            key = f"strategy.calendar.{number}.from_day"
            problems.append(Problem(key, turn.from_day, message("before_horizon", horizon=horizon)))
    for number, use in enumerate(strategy.uses):
        at = f"{'mix' if strategy.mix else 'calendar'}.{number}"
        problems += _check_list_days(world, use, strategy.channels[use.channel], at)
    return problems


def _check_list_days(world: WorldSpec, use: Use, channel: Channel, at: str) -> list[Problem]:
    """A list that is never closed while the channel is used."""
    key, release = f"strategy.channels.{use.channel}.release", channel.release
    end = min(use.to_day or world.scenario.horizon_days, world.scenario.horizon_days)
    days = range(use.from_day, end)
    if not days:
        return []
    used = message("days_of_use", use=at, first=use.from_day, last=end - 1)
    if isinstance(release, OrderRelease) and release.weekdays:
        weekdays = {WEEKDAYS[(world.scenario.first_weekday + day) % 7]: None for day in days}
        if not set(weekdays) & set(release.weekdays):
            allowed = message("weekdays_of_use", weekdays=list(weekdays), use=used)
            return [Problem(f"{key}.weekdays", list(release.weekdays), allowed)]
    if isinstance(release, GroupRelease) and release.window_days > len(days):
        allowed = message("window_of_use", days=len(days), use=used)
        return [Problem(f"{key}.window_days", release.window_days, allowed)]
    return []


def _districts(world: WorldSpec) -> set[str]:
    return {name for title in district_titles(world.scenario.geography) for name in (title.en, title.zh)}


def _check_triggers(world: WorldSpec, strategy: StrategySpec) -> list[Problem]:
    problems = []
    for name, trigger in strategy.triggers.items():
        key = f"strategy.triggers.{name}"
        if not any(name in (use.when, use.unless) for use in strategy.mix):
            problems.append(Problem(key, name, message("use_of_trigger")))
        watched = strategy.channels.get(trigger.channel or "")
        if watched and isinstance(watched.release, VisitRelease):
            problems.append(Problem(f"{key}.channel", trigger.channel, message("channel_with_orders_or_parcels")))
        elif trigger.metric == "rejection_rate" and watched and isinstance(watched.release, Allotment):
            problems.append(Problem(f"{key}.channel", trigger.channel, message("channel_with_orders")))
        elif trigger.metric == "backlog_days" and watched and not _has_daily_output(watched):
            problems.append(Problem(f"{key}.channel", trigger.channel, message("channel_with_output")))
    return problems


def _has_daily_output(channel: Channel, kinds: Sequence[PlaceKind] = ("depot",)) -> bool:
    stages = [step.stage for step in channel.steps if step.stage]
    return any(stage.at in kinds and stage.per in ("order", "round") for stage in stages)
