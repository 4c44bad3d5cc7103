"""What vehicles did and where they waited, as one table over replications."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from simsupply.records.replication import StepRecord

WAITS = ("dock", "road", "place", "floor")
COLUMNS = (
    "replication",
    "legs",
    "fleet",
    "trips",
    "turned_back",
    "vehicle_km",
    "busy_h",
    "overtime_h",
    *(f"{what}_wait_h" for what in WAITS),
)


def vehicle_table(runs: Sequence[tuple[int, Sequence[StepRecord]]]) -> pd.DataFrame:
    """Vehicles of several replications up to the horizon, one row for each fleet and the legs that share it.

    Columns replication, legs (names, with commas), fleet, trips (begun), turned_back (tries in vain at checkpoints),
    vehicle_km, busy_h and overtime_h (under way inside and outside hours on duty), and the hours of these
    that were lost: ``dock_wait_h`` before a dock, to load or unload; ``road_wait_h`` on roads closed or slow for a
    shock (on a road at half speed, half of the time); ``place_wait_h`` at places and docks closed for one while
    they loaded or unloaded; ``floor_wait_h`` for room on a limited floor.
    """
    rows = [
        (
            number,
            ", ".join(step.names),
            step.fleet,
            step.trips,
            step.turned_back,
            step.vehicle_km,
            step.busy_min / 60,
            step.overtime_min / 60,
            *(getattr(step, f"{what}_wait_min") / 60 for what in WAITS),
        )
        for number, records in runs
        for step in records
        if step.fleet
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))
