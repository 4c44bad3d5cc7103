"""Topping up: replications that were run before and further ones of the same plan, as one result."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from simsupply.results.result import Result
from simsupply.results.tables import TABLES


def joined(first: Result, more: Result) -> Result:
    """Replications of both, as if they had been run in one go.

    Parameters
    ----------
    first, more : Result
        Of the same scenario, strategy and seed, no replication in both. What only one of them has
        (splits, orders, households) is left out.

    Raises
    ------
    ValueError
        If they do not belong together.
    """
    same = first.scenario.spec == more.scenario.spec and first.strategy == more.strategy and first.seed == more.seed
    if not same:
        raise ValueError("replications of another scenario, strategy or seed")
    if len(first.values.index.intersection(more.values.index)):
        raise ValueError("a replication is in both")
    if not np.array_equal(first.hours, more.hours):
        raise ValueError("coverage at other moments")
    tables = {
        table.name: table.join(first.tables[table.name], more.tables[table.name])
        for table in TABLES
        if table.name in first.tables and table.name in more.tables
    }
    return replace(
        first,
        tables=tables,
        notes=tuple(dict.fromkeys((*first.notes, *more.notes))),
        unstaffed=tuple(name for name in first.unstaffed if name in more.unstaffed),
        reached=(),
    )
