"""Topping up: replications that were played and further ones of the same plan, as one result."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from simsupply.results.result import Result


def joined(first: Result, more: Result) -> Result:
    """Replications of both, as if they had been played in one go.

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
    return replace(
        first,
        values=pd.concat([first.values, more.values]).rename_axis("replication"),
        coverage=np.concatenate([first.coverage, more.coverage]),
        orders=_both(first.orders, more.orders),
        households=_both(first.households, more.households),
        splits=_both(first.splits, more.splits),
        supply=_both(first.supply, more.supply),
        releases=_both(first.releases, more.releases),
        rationing=_both(first.rationing, more.rationing),
        days=_stacked(first.days, more.days),
        staff=_stacked(first.staff, more.staff),
        vehicles=_stacked(first.vehicles, more.vehicles),
        shocks=_stacked(first.shocks, more.shocks),
        notes=tuple(dict.fromkeys((*first.notes, *more.notes))),
        unstaffed=tuple(name for name in first.unstaffed if name in more.unstaffed),
        reached=(),
    )


def _both(first: pd.DataFrame | None, more: pd.DataFrame | None) -> pd.DataFrame | None:
    return None if first is None or more is None else _stacked(first, more)


def _stacked(first: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    # An empty table has no types of its own to keep.
    parts = [part for part in (first, more) if not part.empty]
    return pd.concat(parts, ignore_index=True) if parts else first
