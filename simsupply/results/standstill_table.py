"""Vehicles that stood still for good, as one table over replications."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from simsupply.records.standstill import StandstillRecord

COLUMNS = ("replication", "step", "at", "place", "cause", "since_h", "vehicles", "orders", "crews")


def standstill_table(runs: Sequence[tuple[int, Sequence[StandstillRecord]]]) -> pd.DataFrame:
    """Deadlocks of several replications: replication, step, at, place, cause, since_h, vehicles, orders, crews.

    One row for each leg, place and cause (``room``, ``dock``) for which vehicles stood to the end of the run, each
    waiting for what only those could free that wait themselves; ``since_h`` is when the first of them came. ``orders``:
    on board of them. ``crews``: names, with a blank between them, of crews all of whose people at the vehicles' base
    sat in them.
    """
    rows = [
        (
            number,
            record.step,
            record.at,
            record.place,
            record.cause,
            record.since_min / 60,
            record.vehicles,
            record.orders,
            " ".join(record.crews),
        )
        for number, records in runs
        for record in records
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))
