"""Rules about vehicles that need the world: do the ways, places and days exist on which they depend?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simsupply.base.catalogue import Message, message
from simsupply.base.filling import fits
from simsupply.base.problems import Problem, allowed_by, nearest
from simsupply.checks.given_routes import check_given_route
from simsupply.checks.places import KIND_WORDS
from simsupply.checks.tiers import nearest_names
from simsupply.scenario.areas import names_of_areas
from simsupply.scenario.geography import ListedGeography
from simsupply.scenario.listed_attributes import in_use
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.scenario.places import Places
from simsupply.scenario.shocks import PlaceShock
from simsupply.scenario.staffing import Fleet
from simsupply.scenario.tiers import day_number
from simsupply.scenario.world_spec import WorldSpec
from simsupply.strategy.assistance import as_staffed
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.steps.given_route import GivenRoute
from simsupply.strategy.steps.leg import Leg

MAX_FLEETS = 6


def check_fleets(spec: WorldSpec, places: Places) -> list[Problem]:
    """Everything wrong with the fleets of a scenario, once its places are laid out."""
    problems = []
    districts = names_of_areas(places, "districts")
    for name, fleet in spec.fleet.items():
        problems += [
            Problem(f"fleet.{name}.passes.districts.{district}", district, nearest_names(district, districts))
            for district in (fleet.passes.districts if fleet.passes else ())
            if district not in districts
        ]
        problems += _check_assists(spec, name)
        problems += _check_requisition(spec, fleet, f"fleet.{name}.requisition")
    return problems


def _check_assists(spec: WorldSpec, name: str) -> list[Problem]:
    fleet = spec.fleet[name]
    if fleet.assists is None:
        return []
    free = [key for key, other in spec.fleet.items() if key != name and other.at == fleet.at and other.assists is None]
    if fleet.assists in free:
        return []
    allowed = message("fleet_to_assist", at=fleet.at, nearest=nearest(fleet.assists, free))
    return [Problem(f"fleet.{name}.assists", fleet.assists, allowed)]


def _check_requisition(spec: WorldSpec, fleet: Fleet, key: str) -> list[Problem]:
    if fleet.requisition is None:
        return []
    asked, lead, horizon = fleet.requisition.asked_day, fleet.requisition.lead_days, spec.scenario.horizon_days
    try:
        first = day_number(asked, spec.scenario.start_date)
    except ValueError as error:
        return [Problem(f"{key}.asked_day", asked, allowed_by(error))]
    if first < 0:
        return [Problem(f"{key}.asked_day", asked, message("day_zero_or_later"))]
    if first + lead >= horizon:
        return [Problem(f"{key}.lead_days", lead, message("there_within_horizon", horizon=horizon))]
    return []


def check_legs(spec: WorldSpec, strategy: StrategySpec, places: Places) -> list[Problem]:
    """Everything wrong with the legs of a strategy in a world in which their fleets exist."""
    problems = []
    strategy = as_staffed(strategy, spec)
    for name, channel in strategy.channels.items():
        for number, step in enumerate(channel.steps):
            if step.leg:
                key = f"strategy.channels.{name}.steps.{number}.leg"
                problems += _check_leg(spec, step.leg, places, key)
    # The same fleet may be on several legs.
    return list({str(problem): problem for problem in problems}.values())


def _check_leg(spec: WorldSpec, leg: Leg, places: Places, key: str) -> list[Problem]:
    problems, fleets = [], {name: spec.fleet[name] for name in leg.fleets}
    if len(fleets) > MAX_FLEETS:
        given = message("number_of_fleets", number=len(fleets))
        problems.append(Problem(f"{key}.fleet", given, message("at_most", number=MAX_FLEETS)))
    if leg.has_stops and not places.has_ways_between_drop_points:
        said = leg.route.kind if isinstance(leg.route, GivenRoute) else leg.route
        problems.append(Problem(f"{key}.route", said, message("direct_without_map")))
    if isinstance(leg.route, GivenRoute):
        problems += check_given_route(spec, leg, places, key)
    if leg.has_stops:
        problems += [
            Problem(f"shocks.{name}.orders", "nearest", message("hold_on_milk_run", leg=leg.name))
            for name, shock in spec.shocks.items()
            if isinstance(shock, PlaceShock) and shock.orders == "nearest"
        ]
    for name, fleet in fleets.items():
        if leg.fetch and fleet.passes and fleet.passes.otherwise == "turn_back":
            allowed = message("delay_when_fetching")
            problems.append(Problem(f"fleet.{name}.passes.otherwise", "turn_back", allowed))
        problems += [
            Problem(f"fleet.{name}.length_m", fleet.length_m, message("docks_of_place", most=longest, place=place))
            for place, longest in _docks(spec, leg)
            if fleet.length_m is not None and fleet.length_m > longest
        ]
    return problems + _check_ways(leg, fleets, places, key)


def _check_ways(leg: Leg, fleets: dict[str, Fleet], places: Places, key: str) -> list[Problem]:
    """Every destination must be near enough for some fleet, and some destination for every fleet."""
    served = (places.serving[leg.origin] >= 0) & (places.serving[leg.to] >= 0)
    limits = {name: fleet.max_trip_km for name, fleet in fleets.items() if fleet.max_trip_km is not None}
    if not limits or not served.any():
        return []
    km = np.where(served, places.km[leg.origin, leg.to], 0.0)
    problems = [
        Problem(f"fleet.{name}.max_trip_km", limit, message("nearest_end_of_leg", km=least, leg=leg.name))
        for name, limit in limits.items()
        if not fits(least := float(km[served].min()), limit)
    ]
    if len(limits) == len(fleets):
        farthest = int(np.argmax(km))
        place = places.names[leg.to][int(places.serving[leg.to][farthest])]
        if leg.has_stops:
            problems.append(Problem(f"{key}.fleet", list(fleets), message("unlimited_on_milk_run")))
        elif max(limits.values()) < km[farthest]:
            allowed = message("far_enough", km=float(km[farthest]), place=place)
            problems.append(Problem(f"{key}.fleet", list(fleets), allowed))
    return problems


def _docks(spec: WorldSpec, leg: Leg) -> Iterator[tuple[Message | str, float]]:
    """Places at which vehicles of a leg load or unload, with the longest vehicle that fits a dock there."""
    geography = spec.scenario.geography
    kinds: tuple[PlaceKind, ...] = (leg.origin, leg.to)
    for kind in kinds:
        if kind == "drop_point":
            continue
        what = getattr(geography, f"{kind}s")
        if isinstance(geography, ListedGeography):
            for place in in_use(what):
                if place.max_length_m is not None:
                    yield repr(place.name), place.max_length_m
        elif what is not None and what.max_length_m is not None:
            yield message("every_place", kind=KIND_WORDS[kind]), what.max_length_m


def types_of_nobody(spec: WorldSpec) -> list[Message]:
    """Types of vehicles of the plan that no fleet names, in words."""
    named = {fleet.type for fleet in spec.fleet.values()}
    left = [name for name in spec.vehicle_types or {} if name not in named]
    return [message("type_of_nobody", key=f"vehicle_types.{name}") for name in left]
