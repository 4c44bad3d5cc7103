"""How many people were there day by day, as one tidy table over replications."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from simsupply.records import STAFF_MEASURES, StaffRecord

COLUMNS = ("replication", "day", "crew", "measure", "value")


def staff_table(runs: Sequence[tuple[int, Sequence[StaffRecord]]]) -> pd.DataFrame:
    """Staff of several replications: replication, day, crew, measure, value.

    People of each crew that a strategy uses (of a fleet: vehicles with their drivers), all places
    and shifts together: ``planned`` = ``present`` + those absent, by reason. ``filled_in`` come
    from another crew, where they are ``lent``.
    """
    parts = [_long(number, record) for number, records in runs for record in records]
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    return pd.concat(parts, ignore_index=True)


def _long(number: int, record: StaffRecord) -> pd.DataFrame:
    days, measures = record.count.shape
    columns = (
        np.full(days * measures, number),
        np.repeat(np.arange(days), measures),
        np.full(days * measures, record.name, dtype=object),
        np.tile(np.array(STAFF_MEASURES, dtype=object), days),
        record.count.ravel(),
    )
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))
