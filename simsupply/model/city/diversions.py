"""Through which chains orders go while places are closed that divert what is new."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from simsupply.model.city.occurrences import Timeline, struck
from simsupply.scenario.diversion import divert
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.scenario.places import FloatArray, IntArray, Places
from simsupply.scenario.shocks import PlaceShock
from simsupply.scenario.world import Scenario

_Closed = frozenset[tuple[PlaceKind, int]]


@dataclass
class Chains:
    """The chains that hold at each moment; those around the same closed places are found once.

    Attributes
    ----------
    closures : list of (start, end, closed places, whether they divert)
        Times at which places are closed whole; half-open, minutes. None where none of them diverts.
    openings : dict of place kind to float array, shape (places,), minutes
        When each place opens for the first time (0: it is open from the start), of kinds other than depots of which any
        has not opened when the run begins.
    """

    scenario: Scenario
    timeline: Timeline
    closures: list[tuple[float, float, _Closed, bool]] = field(init=False)
    found: dict[tuple[_Closed, _Closed], Places] = field(init=False)
    openings: dict[PlaceKind, FloatArray] = field(init=False)

    def __post_init__(self) -> None:
        self.closures = [
            (
                occurrence.start,
                occurrence.end,
                frozenset((shock.at, place) for place in struck(occurrence, shock, self.scenario).tolist()),
                shock.orders == "nearest",
            )
            for occurrence, shock in self.timeline.of(PlaceShock)
            if shock.capacity == 0
        ]
        if not any(diverts for *_, diverts in self.closures):
            self.closures = []
        self.found = {}
        self._find_openings()

    def _find_openings(self) -> None:
        """When places that are closed whole from the first minute on open: once none of their closures goes on."""
        self.openings = {}
        whole = [
            (occurrence.start, occurrence.end, shock.at, struck(occurrence, shock, self.scenario))
            for occurrence, shock in self.timeline.of(PlaceShock)
            if shock.capacity == 0 and shock.at != "depot"
        ]
        # In order of their beginning, so that each takes up where one before it ends.
        for start, end, kind, places in whole:
            opening = self.openings.setdefault(kind, np.zeros(self.scenario.places.count(kind)))
            is_closed = np.zeros(len(opening), dtype=bool)
            is_closed[places] = True
            # At minute 0 everything counts as open until a closure from the first minute on says otherwise.
            goes_on = is_closed & (start <= opening)
            opening[goes_on] = np.maximum(opening[goes_on], end)
        self.openings = {kind: opening for kind, opening in self.openings.items() if (opening > 0).any()}

    def at(self, time: float) -> Places:
        """Places with the chains of orders released at that time."""
        now = [(what, diverts) for start, end, what, diverts in self.closures if start <= time < end]
        left: _Closed = frozenset().union(*(what for what, diverts in now if diverts))
        if not left:
            return self.scenario.places
        closed: _Closed = frozenset().union(*(what for what, _ in now))
        if (left, closed) not in self.found:
            self.found[left, closed] = divert(self.scenario.places, _by_kind(left), _by_kind(closed))
        return self.found[left, closed]

    def changes(self, start: float, end: float) -> list[float]:
        """Moments between `start` and `end`, both included, from which on others may hold."""
        inside = {time for closure in self.closures for time in closure[:2]}
        inside |= {time for opening in self.openings.values() for time in opening.tolist()}
        inside = {time for time in inside if start < time < end}
        return [start, *sorted(inside), end]


def _by_kind(places: _Closed) -> dict[PlaceKind, IntArray]:
    numbers: dict[PlaceKind, list[int]] = {}
    for kind, number in sorted(places):
        numbers.setdefault(kind, []).append(number)
    return {kind: np.array(found) for kind, found in numbers.items()}
