"""Tables with one row per replication (its number is the index): the metrics, and coverage over time.

In files they are long, so that metrics and moments may differ between plans.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simsupply.measures.metric_registry import unit_of

FloatArray = NDArray[np.float64]


def metric_table(runs: Sequence[tuple[int, Mapping[str, float]]]) -> pd.DataFrame:
    """Metrics of several replications, one column each."""
    return pd.DataFrame.from_dict(dict(runs), orient="index").rename_axis("replication")


def long_metrics(values: pd.DataFrame) -> pd.DataFrame:
    """One row per replication and metric: replication, metric, value, unit."""
    long = values.reset_index().melt("replication", var_name="metric", value_name="value")
    return long.assign(unit=long["metric"].map(unit_of))


def wide_metrics(long: pd.DataFrame) -> pd.DataFrame:
    """What `long_metrics` was made from."""
    values = long.pivot(index="replication", columns="metric", values="value")
    return values[list(dict.fromkeys(long["metric"]))].rename_axis(columns=None)


def coverage_table(runs: Sequence[tuple[int, tuple[FloatArray, FloatArray]]]) -> pd.DataFrame:
    """Share of households served at least once, one column per moment (hours).

    Parameters
    ----------
    runs : sequence
        Number, and hours and shares (0..1) of a replication, each of shape (moments,).
    """
    hours = runs[-1][1][0]
    return coverage_frame([number for number, _ in runs], hours, np.array([curve for _, (_, curve) in runs]))


def coverage_frame(numbers: Sequence[int], hours: FloatArray, shares: FloatArray) -> pd.DataFrame:
    """Shares of shape (replications, moments) as a table."""
    return pd.DataFrame(shares, index=pd.Index(numbers, name="replication"), columns=pd.Index(hours, name="hour"))


def long_coverage(table: pd.DataFrame) -> pd.DataFrame:
    """One row per replication and moment: replication, hour, share."""
    numbers, hours = table.index.to_numpy(), table.columns.to_numpy(dtype=float)
    return pd.DataFrame(
        {
            "replication": np.repeat(numbers, len(hours)),
            "hour": np.tile(hours, len(numbers)),
            "share": table.to_numpy().ravel(),
        }
    )


def wide_coverage(long: pd.DataFrame) -> pd.DataFrame:
    """What `long_coverage` was made from."""
    return long.pivot(index="replication", columns="hour", values="share").astype(float)


def rows_below(first: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """Replications of both."""
    return pd.concat([first, more]).rename_axis("replication")
