"""Beds of staff who live on site: who has one, and with whom a room is shared."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from simsupply.model.staff.persons import Persons
from simsupply.model.staff.staffing_levels import sized
from simsupply.scenario.people import ClosedLoop
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.scenario.worked_hours import has_people
from simsupply.scenario.world import Scenario

IntArray = NDArray[np.int64]
NOBODYS = -1


def crews_on_site(scenario: Scenario, at: PlaceKind, loop: ClosedLoop) -> tuple[str, ...]:
    """Crews of a kind of place that live there, in the order in which they get beds."""
    crews = scenario.spec.staffing.crews
    return loop.crews or tuple(name for name, crew in crews.items() if crew.at == at and has_people(crew))


def give_beds(scenario: Scenario, at: PlaceKind, loop: ClosedLoop, crews: Iterable[Persons]) -> dict[str, IntArray]:
    """Room of each person of each crew, shape (people,); `NOBODYS` for those without a bed.

    Beds go to crews in turn, or to all crews in proportion to their people: by (rank + 1/2) / people
    (Webster's method), so that one bed more takes none from anybody. Within a crew they go by number,
    then shift. Rooms are filled one after the other, and numbered over all places.
    """
    crews = list(crews)
    beds = sized(scenario, at, loop.beds, loop.households_per_bed)
    crew, place = (
        np.concatenate([np.zeros(0, dtype=np.int64), *parts])
        for parts in (
            [np.full(len(persons), order) for order, persons in enumerate(crews)],
            [persons.place for persons in crews],
        )
    )
    within = np.concatenate([np.zeros(0, dtype=np.int64), *(_rank_in_crew(persons) for persons in crews)])
    first, second = crew.astype(float), within.astype(float)
    if loop.share == "in_proportion":
        pair = crew * len(beds) + place
        people = np.bincount(pair, minlength=len(crews) * len(beds))
        first, second = (within + 0.5) / people[pair], crew.astype(float)
    order = np.lexsort((within, second, first, place))
    start = np.concatenate([[0], np.cumsum(np.bincount(place, minlength=len(beds)))])
    rank = np.empty(len(place), dtype=np.int64)
    rank[order] = np.arange(len(place)) - start[place[order]]
    most_rooms = int(beds.max(initial=0)) // loop.beds_per_room + 1
    room = np.where(rank < beds[place], place * most_rooms + rank // loop.beds_per_room, NOBODYS)
    return {persons.name: room[crew == number] for number, persons in enumerate(crews)}


def _rank_in_crew(persons: Persons) -> IntArray:
    """Place of each in their crew's order at their place: by number, then shift, shape (people,)."""
    order = np.lexsort((persons.shift, persons.number, persons.place))
    rank = np.empty(len(persons), dtype=np.int64)
    rank[order] = np.arange(len(persons)) - persons.ptr[persons.place[order]]
    return rank
