"""Rules about places: is every one named that is needed, fed, large enough and, if closed, replaced?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from simsupply.base.catalogue import Message, message
from simsupply.base.problems import Problem, nearest
from simsupply.scenario.floors import Floor
from simsupply.scenario.geography import CensusGeography, ListedGeography, ListedStation, SpreadGeography
from simsupply.scenario.listed_attributes import in_use
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.scenario.shocks import PlaceShock
from simsupply.scenario.world_spec import WorldSpec
from simsupply.strategy.channels import Channel
from simsupply.strategy.routes import routes_of, ways_of

AT = "scenario.geography"
_LISTS: dict[PlaceKind, str] = {
    "depot": "depots",
    "gateway": "gateways",
    "station": "stations",
    "drop_point": "drop_points",
}
KIND_WORDS: dict[PlaceKind, Message] = {
    "depot": message("place_depot"),
    "gateway": message("place_gateway"),
    "station": message("place_station"),
    "drop_point": message("place_drop_point"),
}
"""Kinds of places within a sentence."""


def check_listed(geography: ListedGeography) -> list[Problem]:
    """Names of listed places: each used once, each that is referred to there."""
    problems = []
    names = {kind: [place.name for place in getattr(geography, key)] for kind, key in _LISTS.items()}
    for kind, key in _LISTS.items():
        problems += [
            Problem(f"{AT}.{key}", name, message("named_once"))
            for name, times in Counter(names[kind]).items()
            if times > 1
        ]
    for kind, key in _LISTS.items():
        for number, place in enumerate(getattr(geography, key)):
            at = f"{AT}.{key}.{number}"
            for above in ("depot", "gateway", "station"):
                said = getattr(place, above, None)
                if said is not None and said not in names[above]:
                    problems.append(Problem(f"{at}.{above}", said, nearest(said, names[above])))
            to = getattr(place, "diverts_to", None)
            if to is not None and (to not in names[kind] or to == place.name):
                others = [name for name in names[kind] if name != place.name]
                problems.append(Problem(f"{at}.diverts_to", to, nearest(to, others)))
    for number, drop_point in enumerate(geography.drop_points):
        at = f"{AT}.drop_points.{number}"
        if drop_point.is_candidate:
            continue
        if drop_point.station is not None and drop_point.gateway is not None:
            problems.append(Problem(f"{at}.gateway", drop_point.gateway, message("fed_by_station")))
        if not (drop_point.depot or drop_point.gateway or drop_point.station) and len(in_use(geography.depots)) > 1:
            problems.append(Problem(f"{at}.depot", None, message("one_of_several_depots")))
    return problems


def is_everywhere(world: WorldSpec, kind: PlaceKind) -> bool:
    """Whether there is a place of the kind on the way to every drop point."""
    geography = world.scenario.geography
    if kind in ("depot", "drop_point"):
        return True
    if isinstance(geography, CensusGeography):
        return kind == "station" or geography.gateways is not None
    if isinstance(geography, SpreadGeography):
        return (geography.stations if kind == "station" else geography.gateways) is not None
    stations = {station.name: station for station in geography.stations}

    def has(station: ListedStation | None, gateway: str | None) -> bool:
        return (station is not None) if kind == "station" else bool(station.gateway if station else gateway)

    return all(has(stations.get(place.station or ""), place.gateway) for place in in_use(geography.drop_points))


def needed_everywhere(kind: PlaceKind) -> Message:
    """What is said where a step is at a kind of place that is not on every way."""
    return message("on_every_way", kind=KIND_WORDS[kind])


def floors_of(world: WorldSpec, kind: PlaceKind) -> dict[str, tuple[Floor, int | None]]:
    """Limited floors of one kind of place, and households where they are known, by key."""
    geography = world.scenario.geography
    return {
        f"{AT}.{key}": (floor, households)
        for key, floor, households in _floors(geography, kind)
        if floor.room is not None
    }


def _floors(
    geography: SpreadGeography | ListedGeography | CensusGeography, kind: PlaceKind
) -> Iterator[tuple[str, Floor, int | None]]:
    if kind == "depot" or isinstance(geography, CensusGeography):
        return
    key = _LISTS[kind]
    places = getattr(geography, key)
    if isinstance(geography, SpreadGeography):
        if places is not None:
            # Households are shared evenly, the first drop points have one more.
            most = -(-geography.households // places.count) if kind == "drop_point" else None
            yield f"{key}.{places.floor_key}", places, most
        return
    for number, place in enumerate(places):
        if place.is_candidate:
            continue
        yield f"{key}.{number}.{place.floor_key}", place, getattr(place, "households", None)


def check_kept_loads(world: WorldSpec, channel: Channel) -> list[Problem]:
    """A vehicle that takes a load over as it is carries as much as the one that brought it."""
    problems: dict[str, Problem] = {}
    for way in ways_of(routes_of(channel, world.tiers)):
        legs = [
            step.leg for step in way.channel.steps if step.leg and all(name in world.fleet for name in step.leg.fleets)
        ]
        before = None
        for leg in legs:
            if not leg.keeps_loads:
                before = leg
            elif before is not None:
                for key in ("payload_kg", "payload_parcels"):
                    # Loads are made up for the smallest vehicle.
                    brought = min(getattr(world.fleet[name], key) for name in before.fleets)
                    for name in leg.fleets:
                        takes, at = getattr(world.fleet[name], key), f"fleet.{name}.{key}"
                        if takes < brought:
                            whose = ", ".join(before.fleets)
                            allowed = message("as_much_as_brought", least=brought, fleet=whose, leg=leg.name)
                            problems[at] = Problem(at, takes, allowed)
    return list(problems.values())


def check_single_orders(channel: Channel, at: str) -> list[Problem]:
    """Orders that come one by one are on no list: what belongs to lists could change nothing."""
    allowed, release = message("no_lists_for_single_orders"), channel.release
    problems = [
        Problem(f"{at}.release.{key}", value, allowed)
        for key in ("every_days", "weekdays", "cut_off", "once_in_days", "unpaid_share")
        if (value := getattr(release, key, None))
    ]
    if channel.acceptance is not None:
        limits = channel.acceptance.model_dump(exclude_defaults=True)
        problems.append(Problem(f"{at}.acceptance", ", ".join(limits), allowed))
    return problems


def check_diverting(shock: PlaceShock, world: WorldSpec, at: str) -> list[Problem]:
    """New orders of a closed place can go elsewhere only where another place is known."""
    geography = world.scenario.geography
    places = () if isinstance(geography, CensusGeography) else getattr(geography, _LISTS[shock.at])
    if shock.at in ("gateway", "station") and not shock.places and _count(world, shock.at) == 0:
        return [Problem(f"{at}.at", shock.at, message("kind_of_place", kind=KIND_WORDS[shock.at]))]
    if shock.orders == "hold":
        return []
    if shock.at == "drop_point":
        return [Problem(f"{at}.orders", shock.orders, message("hold_at_drop_point"))]
    if isinstance(geography, ListedGeography):
        return [
            Problem(
                f"{AT}.{_LISTS[shock.at]}.{number}.diverts_to",
                None,
                message("another_place", kind=KIND_WORDS[shock.at], at=at),
            )
            for number, place in enumerate(places)
            if (place.name in shock.places or not shock.places) and place.diverts_to is None and not place.is_candidate
        ]
    if _count(world, shock.at) == 1:
        return [Problem(f"{at}.orders", shock.orders, message("hold_where_no_other", kind=KIND_WORDS[shock.at]))]
    return []


def _count(world: WorldSpec, kind: PlaceKind) -> int | None:
    """Places of a kind; None: a census settles it, and there are some."""
    geography = world.scenario.geography
    if isinstance(geography, CensusGeography) and kind == "station":
        return None
    places = getattr(geography, _LISTS[kind])
    if places is None:
        return 0
    return len(in_use(places)) if isinstance(geography, ListedGeography) else int(places.count)
