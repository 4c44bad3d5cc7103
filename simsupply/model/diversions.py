"""Through which chains orders go while places are closed that divert what is new."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from simsupply.model.shocks import Timeline, struck
from simsupply.scenario.diversion import divert
from simsupply.scenario.kinds import PlaceKind
from simsupply.scenario.places import Places
from simsupply.scenario.shocks import PlaceShock
from simsupply.scenario.world import Scenario

_Closed = frozenset[tuple[PlaceKind, int]]


@dataclass
class Chains:
    """The chains that hold at each moment; those around the same closed places are found once.

    Attributes
    ----------
    closures : list of (start, end, closed places)
        Times at which places are closed whole that divert; half-open, minutes.
    """

    scenario: Scenario
    timeline: Timeline
    closures: list[tuple[float, float, _Closed]] = field(init=False)
    found: dict[_Closed, Places] = field(init=False)

    def __post_init__(self) -> None:
        self.closures = [
            (one.start, one.end, frozenset((shock.at, place) for place in struck(one, shock, self.scenario).tolist()))
            for one, shock in self.timeline.of(PlaceShock)
            if shock.orders == "nearest" and shock.capacity == 0
        ]
        self.found = {frozenset(): self.scenario.places}

    def at(self, time: float) -> Places:
        """Places with the chains of orders released at that time."""
        closed: _Closed = frozenset().union(*(what for start, end, what in self.closures if start <= time < end))
        if closed not in self.found:
            by_kind: dict[PlaceKind, list[int]] = {}
            for kind, number in sorted(closed):
                by_kind.setdefault(kind, []).append(number)
            self.found[closed] = divert(
                self.scenario.places, {kind: np.array(numbers) for kind, numbers in by_kind.items()}
            )
        return self.found[closed]

    def changes(self, start: float, end: float) -> list[float]:
        """Moments between `start` and `end`, both included, from which on others may hold."""
        inside = {time for closure in self.closures for time in closure[:2] if start < time < end}
        return [start, *sorted(inside), end]
