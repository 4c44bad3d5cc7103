"""Every household of a scenario: its size, lift, priority and larder, drawn once from `world_seed`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsupply.config.spec import MINUTES_PER_DAY
from simsupply.scenario.census import Census
from simsupply.scenario.places import FloatArray, IntArray, Places
from simsupply.scenario.spec import Households as HouseholdsSpec
from simsupply.streams import Streams


@dataclass(frozen=True)
class Households:
    """One entry per household, neighbours next to each other, drop point by drop point.

    Attributes
    ----------
    drop_point : array of int32
    persons : array of int16
    has_lift, is_priority : array of bool
    building : array of int32, running number of the building each lives in
    floor : array of int16, 1 is the ground floor
    pantry_min : array of float, minutes of cover in the larder at time 0
    """

    drop_point: NDArray[np.int32]
    persons: NDArray[np.int16]
    has_lift: NDArray[np.bool_]
    is_priority: NDArray[np.bool_]
    building: NDArray[np.int32]
    floor: NDArray[np.int16]
    pantry_min: FloatArray

    def __len__(self) -> int:
        return len(self.drop_point)


def draw_households(
    people: HouseholdsSpec, places: Places, streams: Streams, census: Census | None = None
) -> Households:
    """Draw the attributes of every household, each keyed by the household's number.

    Parameters
    ----------
    people : Households
        What holds for the whole area. Shares and the mean size that are left out are those of
        the household's district in `census`.
    places : Places
        With `census`, ``places.district`` counts its districts.
    census : Census, optional
        Must be given where `people` leaves something out.
    """
    counts = np.diff(places.first_household)
    total = int(counts.sum())
    drop_point = np.repeat(np.arange(len(counts), dtype=np.int32), counts)

    def of_district(values: FloatArray) -> FloatArray:
        return np.repeat(values[places.district], counts)

    lift_share: FloatArray | float
    if people.lift_share is not None:
        lift_share = people.lift_share
    else:
        assert census is not None
        lift_share = of_district(census.lift_share)
    has_lift = streams.bernoulli("world/lift", 0, total, probability=lift_share)
    first_neighbour = _buildings(places, drop_point, people.households_per_building)
    has_lift = has_lift[first_neighbour]
    number = np.arange(total)
    floor = (number - first_neighbour) // people.households_per_floor + 1

    uniform = streams.uniform("world/persons", 0, total)
    if people.persons_mean is not None:
        persons = persons_geometric(uniform, people.persons_mean)
    else:
        assert census is not None
        persons = persons_census(
            uniform,
            of_district(census.household_people / census.households),
            of_district(census.one_person_households / census.households),
        )

    if people.priority_share is not None:
        is_priority = streams.bernoulli("world/priority", 0, total, probability=people.priority_share)
    else:
        # People who live alone and are old. The census counts each by district, not both together:
        # whoever lives alone is taken to be 65 or older as often as anybody else.
        assert census is not None
        is_old = streams.bernoulli("world/priority", 0, total, probability=of_district(census.share_65plus))
        is_priority = (persons == 1) & is_old

    pantry = people.pantry_days
    return Households(
        drop_point=drop_point,
        persons=persons,
        has_lift=has_lift,
        is_priority=is_priority,
        building=(np.cumsum(number == first_neighbour) - 1).astype(np.int32),
        floor=floor.astype(np.int16),
        pantry_min=streams.uniform_between("world/pantry", 0, total, low=pantry.low, high=pantry.high)
        * MINUTES_PER_DAY,
    )


def _buildings(places: Places, drop_point: NDArray[np.int32], households_per_building: int) -> IntArray:
    """Number of each household's building.

    Buildings are numbered by their first household, so that one more drop point at the end of
    the list leaves the lifts of all others as they were.
    """
    first = places.first_household[drop_point]
    within = np.arange(len(drop_point)) - first
    within //= households_per_building
    within *= households_per_building
    first += within
    return first


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
