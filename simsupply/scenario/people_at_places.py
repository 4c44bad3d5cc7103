"""How many people and vehicles a plan comes to at its places, for readers: what adding a depot does to people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from simsupply.base.catalogue import Message, message
from simsupply.base.spec import Title
from simsupply.scenario.duty_plan import duty_plan
from simsupply.scenario.place_kinds import PLACE_KINDS, PlaceKind
from simsupply.scenario.staffing import Crew, Fleet
from simsupply.scenario.world import Scenario


class Planned(NamedTuple):
    """What one crew or fleet comes to, on the days on which most are planned, without those who arrive later.

    Attributes
    ----------
    name : str
    title : Title or str
        What readers see.
    at : str
        Kind of place.
    places : int
    least, most : int
        People on each shift (or vehicles) at a place.
    in_all : int
        On one shift at all places together.
    """

    name: str
    title: Title | str
    at: PlaceKind
    places: int
    least: int
    most: int
    in_all: int

    def as_plain(self) -> dict[str, str | int]:
        """Everything but its names."""
        return {"at": self.at, "places": self.places, "least": self.least, "most": self.most, "in_all": self.in_all}


def planned_at_places(scenario: Scenario) -> list[Planned]:
    """Every crew and fleet of a scenario."""
    spec, places = scenario.spec, scenario.places
    groups: dict[str, Crew | Fleet] = {**spec.staffing.crews, **spec.fleet}
    found = []
    for name, group in groups.items():
        most = duty_plan(spec, places, group).most
        if len(most):
            found.append(
                Planned(
                    name, group.title or name, group.at, len(most), int(most.min()), int(most.max()), int(most.sum())
                )
            )
    return found


def said_of_places(scenario: Scenario, keys: Iterable[str]) -> Iterator[Message]:
    """For every override of how many places of a kind there are, candidates opened too: who is there now."""
    planned = planned_at_places(scenario)
    for key in keys:
        for at in PLACE_KINDS:
            if re.fullmatch(
                rf"scenario\.geography\.{at}s(\.count|\.per_outer_unit|_per_district|\.\d+\.candidate)?", key
            ):
                groups = [_in_words(group) for group in planned if group.at == at]
                if groups:
                    number = scenario.places.count(at)
                    yield message("people_at_places", key=key, places=number, groups=groups)


def _in_words(group: Planned) -> Message:
    if group.least == group.most:
        return message("as_many_at_each", name=group.title, each=group.most, in_all=group.in_all)
    return message("so_many_at_each", name=group.title, least=group.least, most=group.most, in_all=group.in_all)
