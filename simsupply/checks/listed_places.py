"""Rules about what listed places say of their own: who is open, where they lie, what the scenario then leaves out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from simsupply.base.catalogue import Message, message
from simsupply.base.problems import Problem, nearest
from simsupply.scenario.geography import ListedGeography
from simsupply.scenario.listed_attributes import in_use
from simsupply.scenario.place_kinds import PLACE_KINDS, PlaceKind
from simsupply.scenario.world_spec import WorldSpec
from simsupply.strategy.channels import StrategySpec

AT = "scenario.geography"
KEYS: dict[PlaceKind, str] = {
    "depot": "depots",
    "gateway": "gateways",
    "station": "stations",
    "drop_point": "drop_points",
}


def check_own(world: WorldSpec, geography: ListedGeography) -> list[Problem]:
    """What drop points say instead of the scenario, and the scenario where all of them do."""
    return [
        *_check_names(geography),
        *_check_said_once(world, geography),
        *_check_areas(geography),
        *_check_open(geography),
        *_check_limits(geography),
    ]


def _check_names(geography: ListedGeography) -> Iterator[Problem]:
    """No place is called as all others together are where numbers are given by place."""
    for key in KEYS.values():
        for number, place in enumerate(getattr(geography, key)):
            if place.name == "default":
                allowed = message("another_name", meaning=message("all_other_places"))
                yield Problem(f"{AT}.{key}.{number}.name", place.name, allowed)


def _check_said_once(world: WorldSpec, geography: ListedGeography) -> Iterator[Problem]:
    """The scenario says what some drop point leaves out, and nothing that all of them say."""
    points, people = in_use(geography.drop_points), world.scenario.households
    if not points:
        return  # said by itself
    for key, says in (
        ("persons_mean", [point.persons is not None for point in points]),
        ("lift_share", [point.knows_lifts for point in points]),
        ("priority_share", [point.priority_share is not None or point.share_65plus is not None for point in points]),
    ):
        value = getattr(people, key)
        if value is None and not all(says):
            yield Problem(f"scenario.households.{key}", None, message("required"))
        elif value is not None and all(says):
            yield Problem(f"scenario.households.{key}", value, message("said_by_every_drop_point"))
    for number, point in enumerate(geography.drop_points):
        if point.lift_share is not None and point.buildings:
            known = all(building.has_lift is not None for building in point.buildings)
            if known:
                yield Problem(f"{AT}.drop_points.{number}.lift_share", point.lift_share, message("lifts_by_building"))
        said = point.is_candidate and next((key for key in _OF_RESIDENTS if getattr(point, key) not in (None, ())), "")
        if said:
            key = f"{AT}.drop_points.{number}.{said}"
            yield Problem(key, getattr(point, said), message("nobody_at_candidate"))


_OF_RESIDENTS = (
    "persons",
    "one_person_share",
    "lift_share",
    "priority_share",
    "share_65plus",
    "households_per_building",
    "buildings",
    "walk_min",
)


def _check_areas(geography: ListedGeography) -> Iterator[Problem]:
    """A district is said of all drop points or of none, and a title is that of a district that occurs."""
    points = list(enumerate(geography.drop_points))
    for key in ("district", "subdistrict"):
        without = [number for number, point in points if getattr(point, key) is None and not point.is_candidate]
        if without and any(getattr(point, key) is not None for _, point in points):
            for number in without:
                yield Problem(f"{AT}.drop_points.{number}.{key}", None, message("area_of_all_or_none", key=key))
    for number, point in points:
        if point.subdistrict is not None and point.district is None:
            yield Problem(f"{AT}.drop_points.{number}.district", None, message("district_of_subdistrict"))
    said = {point.district for point in in_use(geography.drop_points)}
    names = Counter(name for title in geography.districts for name in {title.en, title.zh})
    for number, title in enumerate(geography.districts):
        if not {title.en, title.zh} & said:
            allowed = nearest(title.zh, [name for name in said if name])
            yield Problem(f"{AT}.districts.{number}", title.zh, allowed)
        yield from (
            Problem(f"{AT}.districts.{number}", name, message("named_once"))
            for name in sorted({title.en, title.zh})
            if names[name] > 1
        )


def _check_open(geography: ListedGeography) -> Iterator[Problem]:
    """Something is open; what is open is fed by what is open."""
    open_names = {kind: {place.name for place in in_use(getattr(geography, key))} for kind, key in KEYS.items()}
    for kind in ("depot", "drop_point"):
        if not open_names[kind]:
            yield Problem(f"{AT}.{KEYS[kind]}", message("only_candidates"), message("one_place_open"))
    candidates = {kind: {place.name for place in getattr(geography, key)} for kind, key in KEYS.items()}
    for kind, key in KEYS.items():
        for number, place in enumerate(getattr(geography, key)):
            if place.is_candidate:
                continue
            named: Sequence[tuple[str, PlaceKind]] = [(above, above) for above in PLACE_KINDS[:3]]
            for field, of_kind in (*named, ("diverts_to", kind)):
                said = getattr(place, field, None)
                if said in candidates[of_kind] and said not in open_names[of_kind]:
                    yield Problem(f"{AT}.{key}.{number}.{field}", said, message("candidate_assigned"))


def _check_limits(geography: ListedGeography) -> Iterator[Problem]:
    """No more households are fed through an open place than it may feed."""
    fed: Counter[tuple[PlaceKind, str]] = Counter()
    stations = {station.name: station for station in geography.stations}
    gateways = {gateway.name: gateway for gateway in geography.gateways}
    first = next((depot.name for depot in in_use(geography.depots)), "")
    for point in in_use(geography.drop_points):
        station = stations.get(point.station or "")
        gateway = gateways.get((station.gateway if station else point.gateway) or "")
        depot = gateway.depot if gateway else station.depot if station else point.depot or first
        for kind, name in (
            ("drop_point", point.name),
            ("station", station and station.name),
            ("gateway", gateway and gateway.name),
            ("depot", depot),
        ):
            if name:
                fed[kind, name] += point.households  # type: ignore[index]  # kinds as they are called
    for kind, key in KEYS.items():
        for number, place in enumerate(getattr(geography, key)):
            most = place.max_households
            if most is not None and not place.is_candidate and (households := fed[kind, place.name]) > most:
                at = f"{AT}.{key}.{number}.max_households"
                yield Problem(at, most, message("households_fed", households=households))


def candidates_unused(world: WorldSpec) -> list[Message]:
    """How many candidates there are, at which nothing is simulated."""
    geography = world.scenario.geography
    if not isinstance(geography, ListedGeography):
        return []
    places = [place for key in KEYS.values() for place in getattr(geography, key) if place.is_candidate]
    names = [place.title or place.name for place in places]
    return [message("candidates_unused", number=len(names), names=names[:5])] if names else []


def walks_of_nobody(world: WorldSpec, strategy: StrategySpec) -> list[Message]:
    """Walks of drop points, where no stage of the strategy goes from door to door."""
    geography = world.scenario.geography
    if not isinstance(geography, ListedGeography) or all(point.walk_min is None for point in geography.drop_points):
        return []
    steps = [step.stage for channel in strategy.channels.values() for step in channel.steps if step.stage]
    return [] if any(stage.rounds for stage in steps) else [message("walks_without_rounds")]
