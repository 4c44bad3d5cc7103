"""The arrays of a component, its floors and docks, and in which order what is decided."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simsupply.model.city.closures import ALWAYS
from simsupply.model.components.rows import Rows
from simsupply.model.events import arena as a
from simsupply.model.events import columns as c
from simsupply.scenario.place_kinds import PLACE_KINDS, PlaceKind
from simsupply.scenario.world import Scenario

IntArray = NDArray[np.int64]


class FloorsAndDocks:
    """Empty arrays, and in them the limited floors and docks for unloading of a scenario.

    Attributes
    ----------
    rows : dict of int to Rows
        Arrays of the arena, by number.
    deciders : list of ((float, int), int, int)
        Rank and place by which they are asked in an instant, kind, number among those of the kind.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.rows = {
            number: Rows(1, np.int64 if number < a.NUM_WHOLE else np.float64) for number in range(a.NUM_ARRAYS)
        }
        for number, width in (
            (a.I_NODE, c.NODE),
            (a.F_NODE_TIMES, c.NODE_TIMES),
            (a.I_JOB, c.JOB),
            (a.F_JOB_TIMES, c.JOB_TIMES),
            (a.F_MEMBER_TIMES, c.MEMBER_TIMES),
            (a.I_LINE, c.LINE),
            (a.I_POOL, c.POOL),
            (a.I_RING, c.RING),
            (a.F_RING_TIMES, c.RING_TIMES),
            (a.I_SERVER, c.SERVER),
            (a.F_SERVER_TIMES, c.SERVER_TIMES),
            (a.F_DUTY, c.DUTY),
            (a.I_PART, c.PART),
            (a.I_DOCKS, c.DOCKS),
            (a.I_DOCK, c.DOCK),
            (a.I_FLOOR, c.FLOOR),
            (a.I_STAND, c.STAND),
            (a.I_LOADS, c.LOADS),
            (a.I_DELAY, c.DELAYS),
            (a.I_DECIDER, c.DECIDER),
            (a.I_BOOK, c.BOOK),
            (a.F_SPELL_TIMES, 2),
            (a.F_HOURS, 2),
            (a.I_NEED, c.NEED),
            (a.F_NEED_TIMES, c.NEED_TIMES),
            (a.I_CREW, c.CREW),
            (a.F_FEW_TIMES, 2),
            (a.F_RAMP, c.RAMP),
            (a.I_CELL, c.CELL),
        ):
            self.rows[number].width = width
        self.deciders: list[tuple[tuple[float, int], int, int]] = []
        self._find_floors()

    def _find_floors(self) -> None:
        places = self.scenario.places
        self.floor_of: dict[PlaceKind, IntArray] = {}
        self.docks_of: dict[PlaceKind, IntArray] = {}
        number = 0
        for kind in PLACE_KINDS[1:]:
            limits = places.floor[kind]
            self.floor_of[kind] = np.full(len(limits), -1)
            for place, limit in enumerate(limits.tolist()):
                if limit < np.inf:
                    row = self.rows[a.I_FLOOR].add(np.array([[-1, -1, -1]]))
                    self.rows[a.F_ROOM].add(np.array([[float(limit)]]))
                    self.floor_of[kind][place] = row
                    self.deciders.append(((0.0, number), c.FLOOR_DECIDES, row))
                number += 1
        number = 0
        for kind, at_places in places.unload_docks.items():
            self.docks_of[kind] = np.full(len(at_places), -1)
            for place, limit in enumerate(at_places.tolist()):
                if limit < np.inf:
                    self.docks_of[kind][place] = self._add_docks(
                        [(ALWAYS, ALWAYS)] * int(limit), (0.2, number), by_load=True
                    )
                number += 1

    def _add_docks(self, calendars: list[tuple[int, int]], decides: tuple[float, int], *, by_load: bool) -> int:
        """Docks of a place: of each the calendar of work there, and of when it may be taken."""
        docks, dock = self.rows[a.I_DOCKS], self.rows[a.I_DOCK]
        first = dock.used
        dock.add(np.array([[1, *both] for both in calendars]).reshape(len(calendars), c.DOCK))
        row = docks.add(np.array([[first, dock.used, -1, -1, -1, int(by_load)]]))
        self.deciders.append((decides, c.DOCKS_DECIDE, row))
        return row

    def floors_at(self, kind: PlaceKind, places: Any) -> Any:
        """Floors of places; -1: without a limit."""
        return self.floor_of[kind][places] if kind in self.floor_of else np.full(np.shape(places), -1)

    def docks_at(self, kind: PlaceKind, places: Any) -> Any:
        """Docks for unloading of places; -1: without a limit."""
        return self.docks_of[kind][places] if kind in self.docks_of else np.full(np.shape(places), -1)
