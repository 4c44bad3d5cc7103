"""Rules about supply: do its goods, depots and sources exist, and can goods get where channels sell them?"""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from simsupply.base.catalogue import message
from simsupply.base.problems import Problem, nearest
from simsupply.checks.tiers import nearest_names
from simsupply.scenario.areas import names_of_areas
from simsupply.scenario.geography import CensusGeography, ListedGeography
from simsupply.scenario.goods import WHOLE_BASKET
from simsupply.scenario.households import PRIORITY
from simsupply.scenario.listed_attributes import in_use
from simsupply.scenario.places import Places
from simsupply.scenario.supply import Supply
from simsupply.scenario.tiers import AreaLevel
from simsupply.scenario.world_spec import PoissonDemand, WorldSpec
from simsupply.strategy.allocation import KeyAreas, PriorityClass, UrgentFirstRule
from simsupply.strategy.channels import Channel, StrategySpec


def check_supply(spec: WorldSpec, places: Places) -> list[Problem]:
    """Everything wrong with the supply of a scenario, once its places are laid out."""
    if spec.supply is None:
        return []
    supply, goods = spec.supply, _goods(spec)
    problems = [
        Problem(key, name, nearest_names(name, known))
        for key, name, known in _named(supply, goods, places.names["depot"])
        if name not in known
    ]
    if isinstance(spec.demand, PoissonDemand):
        problems.append(Problem("supply", message("a_section"), message("no_stock_for_single_orders")))
    if problems:
        # What follows would only be said of names that are wrong.
        return problems
    return [
        *_check_takeovers(supply),
        *_check_stock(supply, places.names["depot"]),
        *_check_ladder(supply),
    ]


def _goods(spec: WorldSpec) -> list[str]:
    return list(spec.goods) if spec.goods is not None else [WHOLE_BASKET]


def _named(
    supply: Supply, goods: list[str], depots: tuple[str, ...]
) -> Iterator[tuple[str, str, list[str] | tuple[str, ...]]]:
    """What the section names: key, name, and what there is."""
    for name, source in supply.sources.items():
        at = f"supply.sources.{name}"
        yield from ((f"{at}.goods.{number}", good, goods) for number, good in enumerate(source.goods))
        has = list(source.goods) or goods
        yield from ((f"{at}.daily_kg.{good}", good, has) for good in source.daily_kg)
        yield from ((f"{at}.depots.{number}", depot, depots) for number, depot in enumerate(source.depots))
        yield from ((f"{at}.distance_km.{depot}", depot, depots) for depot in source.distance_km)
        if source.starts_after_closure:
            yield f"{at}.starts_after_closure.of", source.starts_after_closure.of, list(supply.sources)
    for name, stock in supply.stock.items():
        yield f"supply.stock.{name}", name, goods
        yield from ((f"supply.stock.{name}.depots.{n}", depot, depots) for n, depot in enumerate(stock.depots))
    for name, reserve in supply.reserves.items():
        at, stocked = f"supply.reserves.{name}", [good for good in supply.stock if good in goods]
        yield from ((f"{at}.cover_days.{good}", good, stocked) for good in reserve.cover_days)
        yield from ((f"{at}.kg.{good}", good, stocked) for good in reserve.kg)
        yield from ((f"{at}.distance_km.{depot}", depot, depots) for depot in reserve.distance_km)


def _check_takeovers(supply: Supply) -> Iterator[Problem]:
    """Sources that take over from each other must begin with one that is open by itself."""
    graph = TopologicalSorter[str]()
    for name, source in supply.sources.items():
        if source.starts_after_closure:
            graph.add(name, source.starts_after_closure.of)
    try:
        graph.prepare()
    except CycleError as error:
        names = " -> ".join(error.args[1])
        yield Problem("supply.sources", names, message("takeovers_from_the_start"))


def _check_stock(supply: Supply, depots: tuple[str, ...]) -> Iterator[Problem]:
    for name, stock in supply.stock.items():
        at = f"supply.stock.{name}"
        having = {key: source for key, source in supply.sources.items() if not source.goods or name in source.goods}
        if stock.order_up_to_days > 0:
            for depot in stock.depots or depots:
                if not any(not source.depots or depot in source.depots for source in having.values()):
                    allowed = message("zero_or_source", goods=name, depot=depot)
                    yield Problem(f"{at}.order_up_to_days", stock.order_up_to_days, allowed)
                    break
        slow = {key: source.lead_time.mean_hours for key, source in having.items()}
        hours = max(slow.values(), default=0.0)
        if stock.shelf_life_days is not None and stock.shelf_life_days * 24 < hours:
            key = max(slow, key=lambda source: slow[source])
            allowed = message("lead_time_in_days", days=hours / 24, source=key)
            yield Problem(f"{at}.shelf_life_days", stock.shelf_life_days, allowed)


def _check_ladder(supply: Supply) -> Iterator[Problem]:
    ladder = supply.ladder
    for name, reserve in supply.reserves.items():
        if ladder is None and reserve.rotate_days is None:
            yield Problem(f"supply.reserves.{name}", name, message("ladder_or_rotation"))
        if reserve.rotate_days is not None and reserve.rotate_days * 24 <= reserve.delay_hours:
            allowed = message("longer_than_delay", days=reserve.delay_hours / 24)
            yield Problem(f"supply.reserves.{name}.rotate_days", reserve.rotate_days, allowed)
    if ladder is None:
        return
    if not supply.reserves and ladder.rationing is None:
        yield Problem("supply.ladder", message("no_step"), message("reserves_or_rationing"))
    stepped = {good for reserve in supply.reserves.values() for good in (*reserve.cover_days, *reserve.kg)}
    for name, stock in supply.stock.items():
        most = max(stock.order_up_to_days, ladder.up_to_days or 0.0)
        if (name in stepped or ladder.rationing is not None) and ladder.above_days >= most:
            allowed = message("below_full_stock", most=most, goods=name)
            yield Problem("supply.ladder.above_days", ladder.above_days, allowed)


# --- strategies -----------------------------------------------------------------------------------


def check_supplied(world: WorldSpec, strategy: StrategySpec) -> list[Problem]:
    """Everything wrong between a strategy and the supply: goods that no depot has, rules without their data."""
    problems = [*_check_kinds(world, strategy)]
    supply = world.supply
    if supply is None:
        return [
            *problems,
            *(
                Problem(f"strategy.channels.{name}.from_stock", False, message("from_stock_with_supply"))
                for name, channel in strategy.channels.items()
                if not channel.from_stock
            ),
        ]
    depots = _depots(world)
    for name, channel in strategy.channels.items():
        if not channel.from_stock:
            continue
        for good in _carried(channel, _goods(world)):
            stock = supply.stock.get(good)
            without = [depot for depot in depots if stock and stock.depots and depot not in stock.depots]
            if stock is None:
                allowed = message("stock_at_depots", goods=good, channel=name)
                problems.append(Problem(f"supply.stock.{good}", None, allowed))
            elif without:
                allowed = message("stock_at_depot", goods=good, depot=without[0], channel=name)
                problems.append(Problem(f"supply.stock.{good}", message("none_given"), allowed))
    if strategy.allocation_between_depots == "nearest_first":
        problems += _check_distances(supply, depots)
    return problems


def check_key_areas(places: Places, strategy: StrategySpec) -> list[Problem]:
    """Areas that a rule of allocation names must exist."""
    problems = []
    levels: tuple[AreaLevel, ...] = ("districts", "subdistricts", "communities")
    for number, rule in enumerate(strategy.allocation):
        if isinstance(rule, KeyAreas):
            at = f"strategy.allocation.{number}"
            if not any(getattr(rule, level) for level in levels):
                problems.append(Problem(at, rule.kind, message("level_of_areas")))
            for level in levels:
                known = names_of_areas(places, level)
                problems += [
                    Problem(f"{at}.{level}.{place}", name, nearest_names(name, known))
                    for place, name in enumerate(getattr(rule, level))
                    if name not in known
                ]
    return problems


def _check_kinds(world: WorldSpec, strategy: StrategySpec) -> Iterator[Problem]:
    known = [PRIORITY, *world.scenario.households.kinds]
    for number, rule in enumerate(strategy.allocation):
        at, groups = f"strategy.allocation.{number}", list[tuple[str, tuple[str, ...]]]()
        if isinstance(rule, UrgentFirstRule):
            groups = [("households", rule.households)]
        elif isinstance(rule, PriorityClass):
            groups = [(f"classes.{place}", names) for place, names in enumerate(rule.classes)]
        for key, names in groups:
            for place, name in enumerate(names):
                if name not in known:
                    allowed = message("kind_of_household", nearest=nearest(name, known))
                    yield Problem(f"{at}.{key}.{place}", name, allowed)


def _check_distances(supply: Supply, depots: list[str]) -> Iterator[Problem]:
    sections = {
        **{f"supply.sources.{name}": (source.distance_km, source.depots) for name, source in supply.sources.items()},
        **{f"supply.reserves.{name}": (reserve.distance_km, ()) for name, reserve in supply.reserves.items()},
    }
    for key, (distances, served) in sections.items():
        missing = [depot for depot in depots if depot not in distances and (not served or depot in served)]
        if missing:
            allowed = message("distance_to_depots", depots=missing[:5])
            yield Problem(f"{key}.distance_km", list(distances), allowed)


def _carried(channel: Channel, goods: list[str]) -> list[str]:
    """Goods that any parcel of a channel holds."""
    held: set[str] = set()
    for parcel in channel.parcels:
        held |= set(parcel.content or parcel.goods or goods)
    return [name for name in goods if name in held]


def _depots(world: WorldSpec) -> list[str]:
    """Names of the depots as far as the specification tells them."""
    geography = world.scenario.geography
    if isinstance(geography, ListedGeography):
        return [depot.name for depot in in_use(geography.depots)]
    if isinstance(geography, CensusGeography):
        return []
    return [f"depot_{number + 1}" for number in range(geography.depots.count)]
