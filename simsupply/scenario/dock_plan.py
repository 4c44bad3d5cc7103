"""How many docks for loading are open at each place on each day."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simsupply.scenario.by_day import rows_by_day
from simsupply.scenario.by_place import at_each
from simsupply.scenario.docks_by_day import DocksByDay, ListedDocksByDay
from simsupply.scenario.geography import Geography, ListedGeography
from simsupply.scenario.listed_attributes import in_use
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.scenario.places import Places
from simsupply.scenario.weekdays import WEEKDAYS
from simsupply.scenario.world_spec import WorldSpec

IntArray = NDArray[np.int64]


def docks_on_days(spec: WorldSpec, places: Places, kind: PlaceKind) -> IntArray | None:
    """Docks on every day of the run, shape (days, places); None: on all days those of `Places.docks`.

    A day has what the last entry of `by_day` says that holds on it. Docks are opened from the lowest number on: dock k
    is open on days with more than k.
    """
    settings, names = spec.scenario, places.names[kind]
    plans = dock_plans(settings.geography, kind, names)
    if not any(rows for _, rows in plans):
        return None
    num_days = settings.horizon_days + settings.run_out_days
    weekdays = [WEEKDAYS[(settings.first_weekday + day) % 7] for day in range(num_days)]
    found = np.empty((num_days, len(names)), dtype=np.int64)
    for place, (usual, rows) in enumerate(plans):
        by_row = [docks_in(row, names, place) for row in rows]
        holds = rows_by_day(rows, weekdays, settings.start_date)
        found[:, place] = [by_row[numbers[-1]] if numbers else usual for numbers in holds]
    return found


Rows = Sequence[DocksByDay | ListedDocksByDay]


def dock_plans(geography: Geography, kind: PlaceKind, names: Sequence[str]) -> list[tuple[int, Rows]]:
    """Docks of each place on days that do not differ, and its entries of days that do."""
    section = getattr(geography, f"{kind}s", None)
    if isinstance(geography, ListedGeography):
        return [(getattr(place, "docks", 1), getattr(place, "by_day", ())) for place in in_use(section or ())]
    docks = at_each(getattr(section, "docks", 1), names, 1)
    return [(number, getattr(section, "by_day", ())) for number in docks]


def docks_in(row: DocksByDay | ListedDocksByDay, names: Sequence[str], place: int) -> int:
    """What an entry says of a place."""
    return row.docks if isinstance(row, ListedDocksByDay) else at_each(row.docks, names, 1)[place]
