"""Cross-field rules: does a strategy fit the world it is to be used in?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from simsupply.base.catalogue import message
from simsupply.base.filling import fits, how_many
from simsupply.base.problems import InputError, Problem, nearest
from simsupply.checks.coordinates import check_roads
from simsupply.checks.crews import check_serving
from simsupply.checks.demand import check_demand_by_day
from simsupply.checks.joined import check_full_load_fits, check_group_fits, check_joined
from simsupply.checks.listed_places import check_own
from simsupply.checks.mix import check_mix
from simsupply.checks.places import (
    check_kept_loads,
    check_listed,
    check_single_orders,
    floors_of,
    is_everywhere,
    needed_everywhere,
)
from simsupply.checks.steps import check_base, check_equipment, check_gate, check_stage
from simsupply.checks.supply import check_supplied
from simsupply.scenario.census import census_of
from simsupply.scenario.floors import Floor
from simsupply.scenario.geography import CensusGeography, ListedGeography, SpreadGeography
from simsupply.scenario.households import OTHER, PRIORITY
from simsupply.scenario.place_kinds import PLACE_KINDS, PlaceKind
from simsupply.scenario.staffing import Fleet
from simsupply.scenario.world_spec import CycleDemand, PoissonDemand, WorldSpec
from simsupply.strategy.assistance import as_staffed
from simsupply.strategy.channels import Channel, StrategySpec
from simsupply.strategy.crew_steps import crews_with_several_lines, queue_of
from simsupply.strategy.parcels import cadence_days, order_kg
from simsupply.strategy.release import Allotment
from simsupply.strategy.routes import all_routes
from simsupply.strategy.steps.leg import Leg
from simsupply.strategy.steps.stage import Stage

# With a sequence the crew may wait for goods that find no room because later ones stand there.
NO_SEQUENCE = message("no_dispatch_list")


def check_world(world: WorldSpec) -> None:
    """Check what the fields of a scenario say about each other.

    Raises
    ------
    InputError
        With every problem found.
    """
    geography = world.scenario.geography
    problems: list[Problem] = []
    if isinstance(geography, CensusGeography):
        problems += _check_sites(geography)
    elif isinstance(geography, SpreadGeography):
        problems += [
            Problem(f"scenario.households.{name}", None, message("required"))
            for name in ("persons_mean", "lift_share", "priority_share")
            if getattr(world.scenario.households, name) is None
        ]
    problems += [*_check_goods(world), *check_demand_by_day(world), *check_equipment(world)]
    if isinstance(geography, ListedGeography):
        problems += [*check_listed(geography), *check_own(world, geography)]
        problems += check_roads(geography)
    if problems:
        raise InputError(problems)


def _check_goods(world: WorldSpec) -> list[Problem]:
    """Needs and stocks at home stand either with the goods or, for all food together, elsewhere."""
    people, goods = world.scenario.households, world.goods
    problems = []
    for key, value in (
        ("demand.need_kg_per_household_week", world.demand.need_kg_per_household_week),
        ("scenario.households.pantry_days", people.pantry_days),
    ):
        if goods is None and value is None:
            problems.append(Problem(key, None, message("value_without_goods")))
        elif goods is not None and value is not None:
            problems.append(Problem(key, value, message("said_by_goods")))
    for name, group in (goods or {}).items():
        if group.needed_by is not None and group.needed_by not in people.kinds:
            key = f"goods.{name}.needed_by"
            problems.append(Problem(key, group.needed_by, nearest(group.needed_by, people.kinds)))
    for name, meaning in ((PRIORITY, message("all_priority_kinds")), (OTHER, message("households_of_no_kind"))):
        if name in people.kinds:
            key = f"scenario.households.kinds.{name}"
            problems.append(Problem(key, name, message("another_name", meaning=meaning)))
    return problems


def _check_sites(geography: CensusGeography) -> list[Problem]:
    """A district cannot have more stations, or depots of its own, than communities."""
    census = census_of(geography)
    fewest = min(Counter(census.community_district.tolist()).values())
    return [
        Problem(f"scenario.geography.{key}", value, message("communities_of_smallest_district", fewest=fewest))
        for key, value in (
            ("stations_per_district", geography.stations_per_district),
            ("depots.per_outer_unit", geography.depots.per_outer_unit),
        )
        if value > fewest
    ]


def check_plan(world: WorldSpec, strategy: StrategySpec) -> None:
    """Check that the scenario has the crews, vehicles and places a strategy's channels need.

    Raises
    ------
    InputError
        With every problem found.
    """
    problems: list[Problem] = []
    strategy = as_staffed(strategy, world)
    for name, channel in strategy.channels.items():
        if name != channel.name:
            problems.append(Problem(f"strategy.channels.{name}.name", channel.name, message("name_is_key", name=name)))
        problems += _check_channel(world, channel, f"strategy.channels.{name}")
    problems += check_mix(world, strategy)
    problems += check_supplied(world, strategy)
    problems += check_serving(world, strategy)
    if not problems:
        problems += _check_sharing(world, strategy)
    if problems:
        raise InputError(problems)


def _check_channel(world: WorldSpec, channel: Channel, at: str) -> list[Problem]:
    problems = []
    crews, fleets = world.staffing.crews, world.fleet
    # Zero where the rhythm of an allotment is missing, which is reported below.
    kg = order_kg(channel, world) or None
    floors = {kind: floors_of(world, kind) for kind in PLACE_KINDS}
    problems += check_kept_loads(world, channel)
    for number, step in enumerate(channel.steps):
        if step.stage:
            key = f"{at}.steps.{number}.stage"
            crew = crews.get(step.stage.crew)
            if crew is None:
                problems.append(Problem(f"{key}.crew", step.stage.crew, nearest(step.stage.crew, crews)))
            else:
                problems += check_stage(world, channel, step.stage, crew, key)
            problems += check_joined(world, channel, step.stage, key)
            if not is_everywhere(world, step.stage.at):
                problems.append(Problem(f"{key}.at", step.stage.at, needed_everywhere(step.stage.at)))
            if any(earlier.leg for earlier in channel.steps[:number]):
                problems += check_group_fits(step.stage, floors[step.stage.at], key)
            if (
                step.stage.discipline == "sequence"
                and floors[step.stage.at]
                and any(earlier.leg for earlier in channel.steps[:number])
            ):
                problems.append(Problem(f"{key}.discipline", "sequence", NO_SEQUENCE))
        elif step.leg:
            key = f"{at}.steps.{number}.leg"
            unknown = [name for name in step.leg.fleets if name not in fleets]
            problems += [Problem(f"{key}.fleet", name, nearest(name, fleets)) for name in unknown]
            for name in step.leg.fleets:
                if name not in unknown:
                    problems += _check_load(step.leg, name, fleets[name], channel, kg, floors, key)
            if any(earlier.leg for earlier in channel.steps[:number]):
                problems += check_full_load_fits(step.leg, floors[step.leg.origin], key)
            if step.leg.is_sequence and floors[step.leg.origin]:
                problems.append(Problem(f"{key}.discipline", "sequence", NO_SEQUENCE))
            problems += [
                Problem(f"{key}", step.leg.name, needed_everywhere(kind))
                for kind in dict.fromkeys((step.leg.origin, step.leg.to, step.leg.destination))
                if not is_everywhere(world, kind)
            ]
        elif step.gate:
            problems += check_gate(world, channel, number, step.gate, f"{at}.steps.{number}.gate")
    # Where steps depend on the tier, `check_mix` looks at each tier by itself.
    fixed = [step for step in channel.steps if step.when is None]
    used = Counter(name for step in fixed if step.leg for name in step.leg.fleets)
    problems += [Problem(f"{at}.steps", name, message("one_step_each")) for name, times in used.items() if times > 1]
    if isinstance(channel.release, Allotment):
        if channel.release.every_days is None and not isinstance(world.demand, CycleDemand):
            problems.append(Problem(f"{at}.release.every_days", None, message("days_without_cycle")))
        elif channel.release.stagger_days > (days := cadence_days(channel, world.demand)):
            allowed = message("stagger_within_days", days=days)
            problems.append(Problem(f"{at}.release.stagger_days", channel.release.stagger_days, allowed))
    elif isinstance(world.demand, PoissonDemand):
        problems += [
            Problem(f"{at}.steps.{number}", step.body.name, message("leave_full_or_time"))
            for number, step in enumerate(channel.steps)
            if step.leg and step.leg.leave.kind == "planned"
        ]
        problems += check_single_orders(channel, at)
    return problems


def _check_load(
    leg: Leg,
    name: str,
    fleet: Fleet,
    channel: Channel,
    kg: float | None,
    floors: Mapping[PlaceKind, Mapping[str, tuple[Floor, int | None]]],
    key: str,
) -> list[Problem]:
    """Does what a fleet carries on a leg fit the vehicle, and the floor at the end of the way?"""
    problems = check_base(leg, fleet, key)
    if kg is not None and not fits(kg, fleet.payload_kg):
        allowed = message("weight_of_order", kg=kg, channel=channel.name)
        problems.append(Problem(f"fleet.{name}.payload_kg", fleet.payload_kg, allowed))
    if leg.leave.orders is not None:
        problems += _check_full_load(leg.leave.orders, fleet, kg, f"{key}.leave.orders")
    for where, (floor, households) in floors[leg.to].items():
        load = _largest_load(leg, fleet, kg, households)
        if floor.room is not None and floor.room < load:
            least = floor.needed(load)
            if floor.floor_key == "floor_parcels":
                allowed = message("largest_load", least=least, leg=leg.name)
            else:
                allowed = message("largest_load_of_parcels", least=least, parcels=load, leg=leg.name)
            problems.append(Problem(where, getattr(floor, floor.floor_key), allowed))
    return problems


def _check_full_load(orders: int, fleet: Fleet, kg: float | None, key: str) -> list[Problem]:
    most = fleet.payload_parcels if kg is None else min(fleet.payload_parcels, how_many(fleet.payload_kg, kg))
    return [Problem(key, orders, message("what_vehicle_carries", parcels=most))] if orders > most else []


def _largest_load(leg: Leg, fleet: Fleet, kg: float | None, households: int | None) -> int:
    """Most parcels a vehicle of the leg brings to one place at a time."""
    if leg.leave.orders is not None:
        return leg.leave.orders
    most = fleet.payload_parcels if kg is None else min(fleet.payload_parcels, how_many(fleet.payload_kg, kg))
    return most if households is None else min(most, households)


def _check_sharing(world: WorldSpec, strategy: StrategySpec) -> list[Problem]:
    """Channels that share a crew or fleet must use it the same way round."""
    problems, graph = [], TopologicalSorter[str]()
    several = crews_with_several_lines(strategy, world.fleet, world.tiers)
    rules: dict[tuple[str, str], str] = {}
    beside: dict[str, str] = {}
    for name, channel in strategy.channels.items():
        for number, step in enumerate(channel.steps):
            body = step.stage or step.leg
            if body is None:
                continue
            resource = "+".join(queue_of(body, several))
            if isinstance(body, Leg):
                for fleet in body.fleets:
                    if beside.setdefault(fleet, resource) != resource:
                        key = f"strategy.channels.{name}.steps.{number}.leg.fleet"
                        allowed = message("fleets_of_other_leg", fleets=beside[fleet].split(", "), fleet=fleet)
                        problems.append(Problem(key, list(body.fleets), allowed))
            for key, rule in _rules(body).items():
                if rules.setdefault((resource, key), rule) != rule:
                    where = f"strategy.channels.{name}.steps.{number}.{'stage' if step.stage else 'leg'}.{key}"
                    allowed = message("rule_of_other_channel", rule=rules[resource, key], resource=resource)
                    problems.append(Problem(where, rule, allowed))
    for route in all_routes(strategy, world.tiers):
        for way in route.ways:
            bodies = [step.stage or step.leg for step in way.channel.steps]
            used = ["+".join(queue_of(body, several)) for body in bodies if body]
            for earlier, later in pairwise(used):
                graph.add(later, earlier)
    try:
        graph.prepare()
    except CycleError as error:
        names = " -> ".join(error.args[1])
        problems.append(Problem("strategy.channels", names, message("same_order_of_use")))
    return problems


def _rules(body: Stage | Leg) -> dict[str, str]:
    """What all steps with one queue must say alike, by key."""
    if isinstance(body, Leg):
        return {"discipline": ("fetch, " if body.fetch else "") + ("sequence" if body.is_sequence else "fifo")}
    together = f"{body.together.units}, at_least {body.together.at_least}" if body.together else "1"
    return {"discipline": body.discipline, "together": together, "joined_by": ", ".join(body.crews[1:]) or "[]"}
