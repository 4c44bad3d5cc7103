"""Values of one measure by replication, whether of everybody or of a group of a split."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.measures.metric_registry import family_of, unit_of
from simsupply.results.result import Result

FloatArray = NDArray[np.float64]


def values_of(result: Result, metric: str) -> tuple[FloatArray, str]:
    """Values of a metric or ``split/group/metric`` by replication (NaN: there is none), and its unit.

    A stage or kind of meeting that one side does not have counts as 0 there.
    """
    if "/" not in metric:
        if metric not in result.values.columns and family_of(metric) is not None:
            return np.zeros(len(result.values)), unit_of(metric)
        return result.values[metric].to_numpy(dtype=float), unit_of(metric)
    split, group, name = metric.split("/")  # noqa: RUF059 -- the query below uses them
    assert result.splits is not None  # asked for
    rows = result.splits.query("split == @split and group == @group and metric == @name").set_index("replication")
    unit = str(rows["unit"].iloc[0]) if len(rows) else ""
    return rows["value"].reindex(result.values.index).to_numpy(dtype=float), unit
