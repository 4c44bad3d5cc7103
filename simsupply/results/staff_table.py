"""How many people were there day by day, as one tidy table over replications."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from simsupply.records.replication import STAFF_MEASURES, StaffRecord

MOST_CREWS = 9
COLUMNS = ("replication", "day", "crew", "measure", "value")


def staff_table(runs: Sequence[tuple[int, Sequence[StaffRecord]]]) -> pd.DataFrame:
    """Staff of several replications: replication, day, crew, measure, value.

    People of each crew that a strategy uses (of a fleet: vehicles with their drivers), all places
    and shifts together: ``planned`` = ``present`` + those absent, by reason. ``filled_in`` come
    from another crew, where they are ``lent``.
    """
    found = [(number, record) for number, records in runs for record in records]
    if not found:
        return pd.DataFrame(columns=COLUMNS)
    # One row per (record, day, measure); a frame for each of them would take longer than to run a small scenario.
    sizes = np.array([record.count.size for _, record in found])
    num_measures = len(STAFF_MEASURES)
    columns = (
        np.repeat(np.array([number for number, _ in found]), sizes),
        np.concatenate([np.repeat(np.arange(len(record.count)), num_measures) for _, record in found]),
        np.repeat(np.array([record.name for _, record in found], dtype=object), sizes),
        np.tile(np.array(STAFF_MEASURES, dtype=object), sizes.sum() // num_measures),
        np.concatenate([record.count.ravel() for _, record in found]),
    )
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))


def staff_shares(table: pd.DataFrame, *, changes: bool) -> pd.DataFrame:
    """Means over replications as shares of those planned, as `simsupply.figures.plot_staff_by_day` takes them.

    Crews in which somebody filled in or was absent, the largest first and no more than `MOST_CREWS`;
    none at all if everybody absent just did not come, as likely on any day. Columns crew, measure, day, share.

    Parameters
    ----------
    changes : bool
        Whether attendance changes from day to day.
    """
    other = table[~table["measure"].isin(["planned", "present", "stayed_away"]) & (table["value"] > 0)]
    if table.empty or (other.empty and not changes):
        return pd.DataFrame(columns=["crew", "measure", "day", "share"])
    means = table.groupby(["crew", "day", "measure"], sort=False)["value"].mean().unstack("measure")
    planned = means["planned"].groupby(level="crew").max()
    differs = (means["present"] < means["planned"]) | (means["filled_in"] > 0)
    crews = planned[differs.groupby(level="crew").any()].sort_values(ascending=False, kind="stable").index[:MOST_CREWS]
    shares = means.drop(columns="planned").div(means["planned"].where(means["planned"] > 0), axis=0).fillna(0.0)
    long = shares.stack().rename("share").reset_index()
    order = {name: number for number, name in enumerate(crews)}
    long = long[long["crew"].isin(order)]
    return long.sort_values("crew", key=lambda names: names.map(order), kind="stable", ignore_index=True)
