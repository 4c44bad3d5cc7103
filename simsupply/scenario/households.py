"""Every household of a scenario: its size, lift, priority and larder, drawn once from `world_seed`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY, Range
from simsupply.scenario.census import Census
from simsupply.scenario.goods import WHOLE_BASKET
from simsupply.scenario.places import FloatArray, IntArray, Places
from simsupply.scenario.residents import OwnResidents, own_or
from simsupply.scenario.world_spec import Households as HouseholdsSpec
from simsupply.streams.keyed import Streams

PRIORITY, OTHER = "priority", "other"
"""Households of all priority kinds; those of no kind and without priority."""


@dataclass(frozen=True)
class Households:
    """One entry per household, neighbours next to each other, drop point by drop point.

    Attributes
    ----------
    drop_point : array of int32
    persons : array of int16
    has_lift, is_priority : array of bool
    building : array of int, number of the building's first household
    floor : array of int16, 1 is the ground floor
    compound : array of int32, running number
    kinds : array of uint8, bit k is set if the household is of kind ``kind_names[k]``
    pantry_min : array of float, shape (households, goods), minutes of cover at home at time 0
    kind_names : tuple of str
    """

    drop_point: NDArray[np.int32]
    persons: NDArray[np.int16]
    has_lift: NDArray[np.bool_]
    is_priority: NDArray[np.bool_]
    building: IntArray
    floor: NDArray[np.int16]
    compound: NDArray[np.int32]
    kinds: NDArray[np.uint8]
    pantry_min: FloatArray
    kind_names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.drop_point)

    def of_kinds(self, names: Iterable[str]) -> NDArray[np.bool_]:
        """Which households are of at least one of these kinds; ``priority`` stands for all priority kinds."""
        is_one = np.zeros(len(self), dtype=bool)
        for name in names:
            if name == PRIORITY:
                is_one |= self.is_priority
            else:
                is_one |= (self.kinds >> np.uint8(self.kind_names.index(name)) & 1).astype(bool)
        return is_one


def draw_households(
    people: HouseholdsSpec,
    pantry_days: Mapping[str, Range | None],
    places: Places,
    streams: Streams,
    census: Census | None = None,
    own: OwnResidents | None = None,
) -> Households:
    """Draw the attributes of every household, each keyed by the household's number.

    Parameters
    ----------
    people : Households
        What holds for the whole area. Shares and the mean size that are left out are those of
        the household's district in `census`.
    pantry_days : mapping of str to Range
        What is at home at time 0, by goods; None: it is no need, and never missing.
    places : Places
        With `census`, ``places.district`` counts its districts.
    census : Census, optional
        Must be given where `people` leaves something out, unless `own` says it of every drop point.
    own : OwnResidents, optional
        What drop points say themselves.
    """
    counts = np.diff(places.first_household)
    total = int(counts.sum())
    drop_point = np.repeat(np.arange(len(counts), dtype=np.int32), counts)

    def of_district(values: FloatArray) -> FloatArray:
        return np.repeat(values[places.district], counts)

    lift_share: FloatArray | float
    if own is not None:
        # Where all lifts of a place are known, nothing is drawn by the share.
        lift_share = np.repeat(np.nan_to_num(own_or(own.lift_share, people.lift_share)), counts)
    elif people.lift_share is not None:
        lift_share = people.lift_share
    else:
        assert census is not None
        lift_share = of_district(census.lift_share)
    building = _buildings(places, drop_point, people.households_per_building, own)
    has_lift = streams.bernoulli("world/lift", 0, total, probability=lift_share)
    if own is not None:
        _set_known_lifts(has_lift, places.first_household, own)
    has_lift = has_lift[building]
    within = np.arange(total) - building

    uniform = streams.uniform("world/persons", 0, total)
    if own is not None:
        persons = _own_persons(uniform, drop_point, people.persons_mean, own)
    elif people.persons_mean is not None:
        persons = persons_geometric(uniform, people.persons_mean)
    else:
        assert census is not None
        persons = persons_census(
            uniform,
            of_district(census.household_people / census.households),
            of_district(census.one_person_households / census.households),
        )

    if own is not None:
        is_old = streams.bernoulli("world/priority", 0, total, probability=_priority_shares(people, own)[drop_point])
        is_priority = is_old & ((persons == 1) | np.isnan(own.share_65plus)[drop_point])
    elif people.priority_share is not None:
        is_priority = streams.bernoulli("world/priority", 0, total, probability=people.priority_share)
    else:
        # People who live alone and are old. The census counts each by district, not both together:
        # whoever lives alone is taken to be 65 or older as often as anybody else.
        assert census is not None
        is_old = streams.bernoulli("world/priority", 0, total, probability=of_district(census.share_65plus))
        is_priority = (persons == 1) & is_old

    kinds = np.zeros(total, dtype=np.uint8)
    for bit, (name, kind) in enumerate(people.kinds.items()):
        is_kind = streams.bernoulli(f"world/kind/{name}", 0, total, probability=kind.share)
        kinds |= is_kind.astype(np.uint8) << np.uint8(bit)
        if kind.is_priority:
            is_priority |= is_kind

    pantry_min = np.empty((total, len(pantry_days)))
    for column, (name, days) in enumerate(pantry_days.items()):
        if days is None:
            pantry_min[:, column] = np.inf
            continue
        purpose = "world/pantry" if name == WHOLE_BASKET else f"world/pantry/{name}"
        pantry_min[:, column] = streams.uniform_between(purpose, 0, total, low=days.low, high=days.high)
    pantry_min *= MINUTES_PER_DAY
    return Households(
        drop_point=drop_point,
        persons=persons,
        has_lift=has_lift,
        is_priority=is_priority,
        building=building,
        floor=(within // people.households_per_floor + 1).astype(np.int16),
        compound=_compounds(counts, people.households_per_compound),
        kinds=kinds,
        pantry_min=pantry_min,
        kind_names=tuple(people.kinds),
    )


def _compounds(counts: IntArray, households_per_compound: int | None) -> NDArray[np.int32]:
    """Running number of each household's compound: so many neighbours of one drop point, or all of them."""
    if households_per_compound is None:
        return np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    num = -(-counts // households_per_compound)
    within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    first: IntArray = np.repeat(np.cumsum(num) - num, counts)
    return (first + within // households_per_compound).astype(np.int32)


def _buildings(
    places: Places, drop_point: NDArray[np.int32], households_per_building: int, own: OwnResidents | None
) -> IntArray:
    """Number of each household's building.

    Buildings are numbered by their first household, so that one more drop point at the end of
    the list leaves the lifts of all others as they were.
    """
    first = places.first_household[drop_point]
    within = np.arange(len(drop_point)) - first
    each: IntArray | int = households_per_building
    if own is not None:
        each = own_or(own.households_per_building, households_per_building).astype(np.int64)[drop_point]
    within //= each
    within *= each
    first += within
    for number, buildings in enumerate(own.buildings if own is not None else ()):
        if buildings:
            sizes = np.array([households for households, _ in buildings])
            start = places.first_household[number]
            first[start : places.first_household[number + 1]] = start + np.repeat(np.cumsum(sizes) - sizes, sizes)
    return first


def _set_known_lifts(has_lift: NDArray[np.bool_], first: IntArray, own: OwnResidents) -> None:
    """Write down, at the first household of each building, the lifts that are not drawn."""
    for start, buildings in zip(first.tolist(), own.buildings, strict=False):
        at = start
        for households, is_there in buildings:
            if is_there is not None:
                has_lift[at] = is_there
            at += households


def _own_persons(
    uniform: FloatArray, drop_point: NDArray[np.int32], given: float | None, own: OwnResidents
) -> NDArray[np.int16]:
    """Persons of each household by what its drop point says; a mean alone is that of `persons_geometric`."""
    mean = own_or(own.persons, given)
    persons = np.empty(len(uniform), dtype=np.int16)
    knows_alone = ~np.isnan(own.one_person_share)
    if knows_alone.any():
        who = np.flatnonzero(knows_alone[drop_point])
        where = drop_point[who]
        persons[who] = persons_census(uniform[who], mean[where], own.one_person_share[where])
    for value in np.unique(mean[~knows_alone]):
        who = np.flatnonzero((~knows_alone & (mean == value))[drop_point])
        persons[who] = persons_geometric(uniform[who], float(value))
    return persons


def _priority_shares(people: HouseholdsSpec, own: OwnResidents) -> FloatArray:
    """With which probability a household has priority, of those alone where the share of the old is given."""
    share = own_or(own.priority_share, people.priority_share)
    return np.where(np.isnan(own.share_65plus), share, own.share_65plus)


def persons_geometric(uniform: FloatArray, mean: float) -> NDArray[np.int16]:
    """One person, and on top a geometric number of further ones, so that the mean is `mean`."""
    persons = np.ones(len(uniform), dtype=np.int16)
    further = mean - 1
    if further > 0:
        persons += np.floor(np.log(uniform) / np.log(further / (1 + further))).astype(np.int16)
    return persons


def persons_census(uniform: FloatArray, mean: FloatArray, alone: FloatArray) -> NDArray[np.int16]:
    """One person with probability `alone`, else two and a geometric number of further ones.

    The mean is `mean` wherever that is at least ``2 - alone``, and ``2 - alone`` elsewhere.

    >>> persons_census(np.array([0.1, 0.99, 0.31]), np.full(3, 2.3), np.full(3, 0.3)).tolist()
    [1, 2, 7]
    """
    further = np.maximum((mean - alone) / (1 - alone) - 2, 1e-12)
    # Among those not alone, the position above `alone` is uniform again.
    again = np.maximum((uniform - alone) / (1 - alone), 1e-16)
    more = np.floor(np.log(again) / np.log(further / (1 + further)))
    return np.where(uniform < alone, 1, 2 + more).astype(np.int16)
