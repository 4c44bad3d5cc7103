"""How large a world is, told from its specification before anything is built."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import psutil

from simsupply.base.catalogue import Message, message
from simsupply.base.problems import InputError, Problem
from simsupply.scenario.by_place import DEFAULT
from simsupply.scenario.census import census_of
from simsupply.scenario.geography import CensusGeography, RingDepots, SpreadGeography
from simsupply.scenario.listed_attributes import in_use
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.scenario.shifts import Shift
from simsupply.scenario.world_spec import WorldSpec

GIB = 2**30
SHARE_OF_FREE_MEMORY = 0.8
MAX_SECONDS = 3600.0
"""The longest that one replication may take, by the estimate."""
# Measured as peak resident memory and CPU time of runs: the package itself; for each household (20,000 to 3.3 million,
# docs/performance.md); for each time that a person of a crew, or a vehicle, is on duty (1.3 to 35 million of them).
BASE_BYTES = 350e6
# 22 of a household say when it was without something.
BYTES_PER_HOUSEHOLD = 175
BYTES_PER_DUTY = 155
BYTES_PER_PAIR = 32
"""Distances from each place to each drop point while the world is laid out."""
SECONDS_PER_DUTY = 0.8e-6


class Part(NamedTuple):
    """What one part of a world takes in a replication.

    Attributes
    ----------
    key : str
        Key that makes it large.
    what : Message
        What it is, with its number.
    bytes, seconds : float
    """

    key: str
    what: Message
    bytes: float
    seconds: float


def households_of(spec: WorldSpec) -> int:
    """Households of a world."""
    geography = spec.scenario.geography
    if isinstance(geography, SpreadGeography):
        return geography.households
    if isinstance(geography, CensusGeography):
        return int(census_of(geography).households.sum())
    return sum(point.households for point in geography.drop_points)


def places_of(spec: WorldSpec, kind: PlaceKind) -> int:
    """Places of a kind in a world."""
    geography = spec.scenario.geography
    if isinstance(geography, CensusGeography):
        census = census_of(geography)
        if kind == "drop_point":
            return len(census.communities)
        if kind == "station":
            return len(census.districts) * geography.stations_per_district
        ring = geography.depots if kind == "depot" else geography.gateways
        if ring is None:
            return 0
        return ring.count + (ring.per_outer_unit * int((~census.is_core).sum()) if isinstance(ring, RingDepots) else 0)
    given = getattr(geography, f"{kind}s")
    if given is None:
        return 0
    return int(given.count) if isinstance(geography, SpreadGeography) else len(in_use(given))


def parts_of(spec: WorldSpec) -> Iterator[Part]:
    """Parts of a world that take memory and time: its households, and the duty of each crew and fleet."""
    households = households_of(spec)
    days = spec.scenario.horizon_days + spec.scenario.run_out_days
    size = BYTES_PER_HOUSEHOLD * households
    yield Part("scenario.geography", message("part_households", number=households), size, 0.0)
    sources = sum(places_of(spec, kind) for kind in ("depot", "gateway", "station"))
    places = places_of(spec, "drop_point")
    what = message("part_places", sources=sources, number=places)
    yield Part("scenario.geography", what, BYTES_PER_PAIR * sources * places, 0.0)
    for name, crew in spec.staffing.crews.items():
        key = "headcount" if crew.households_per_worker is None else "households_per_worker"
        numbers = [crew.headcount, *(row.headcount for row in crew.by_day)]
        each = _each(households, places_of(spec, crew.at), numbers, crew.households_per_worker, crew.extra)
        shifts = max((of_place for _, of_place in crew.shift_lists), key=len)
        what = message("part_people", number=each * len(shifts), days=days)
        yield _duty(f"staffing.crews.{name}.{key}", what, each * days, shifts)
    for name, fleet in spec.fleet.items():
        key = "count" if fleet.households_per_vehicle is None else "households_per_vehicle"
        numbers = [fleet.count, *(row.count for row in fleet.by_day)]
        each = _each(households, places_of(spec, fleet.at), numbers, fleet.households_per_vehicle, fleet.extra)
        shifts = max((of_place for _, of_place in fleet.shift_lists), key=len)
        what = message("part_vehicles", number=each * len(shifts), days=days)
        yield _duty(f"fleet.{name}.{key}", what, each * days, shifts)


def _each(
    households: int, places: int, numbers: Sequence[int | Mapping[str, int] | None], per: float | None, extra: int
) -> float:
    """Persons on a shift, or vehicles, at all places together, on the days with most."""
    each = [math.ceil(households / per)] if per is not None else []
    for number in numbers:
        if isinstance(number, Mapping):
            named = [value for name, value in number.items() if name != DEFAULT]
            each.append(sum(named) + number.get(DEFAULT, 0) * max(places - len(named), 0))
        elif number is not None:
            each.append(number * places)
    return max(each, default=0) + extra * places


def _duty(key: str, what: Message, times: float, shifts: tuple[Shift, ...]) -> Part:
    """What servers take that are on duty so many times in each of these shifts; a break makes two of one."""
    times *= sum(1 + len(shift.breaks) for shift in shifts)
    return Part(key, what, BYTES_PER_DUTY * times, SECONDS_PER_DUTY * times)


def check_size(spec: WorldSpec, available: float | None = None) -> None:
    """Refuse a world too large for this machine, before it is built.

    Parameters
    ----------
    available : float, optional
        Bytes; without it, what the machine has free now.

    Raises
    ------
    InputError
        With the estimate, and the key that makes it large.
    """
    refuse_too_large(list(parts_of(spec)), available)


def refuse_too_large(parts: Sequence[Part], available: float | None = None) -> None:
    """Refuse a replication that would take more than `SHARE_OF_FREE_MEMORY`, or longer than `MAX_SECONDS`.

    Raises
    ------
    InputError
        With the estimate, and the key of the largest part.
    """
    free = psutil.virtual_memory().available if available is None else available
    needed, most = BASE_BYTES + sum(part.bytes for part in parts), SHARE_OF_FREE_MEMORY * free
    if needed > most:
        largest = max(parts, key=lambda part: part.bytes)
        value = message("memory_of_run", what=largest.what, gib=needed / GIB)
        raise InputError([Problem(largest.key, value, message("memory_at_most", gib=most / GIB))])
    seconds = sum(part.seconds for part in parts)
    if seconds > MAX_SECONDS:
        largest = max(parts, key=lambda part: part.seconds)
        value = message("time_of_run", what=largest.what, hours=seconds / 3600)
        raise InputError([Problem(largest.key, value, message("time_at_most"))])
