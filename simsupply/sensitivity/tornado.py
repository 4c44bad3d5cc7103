"""A tornado: how far a measure moves when one parameter goes to the ends of its range and the others stay as planned.

It sees no interactions: what two parameters do together is for Sobol indices or a boundary map.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from simsupply.measures.metric_registry import bounds_of
from simsupply.sensitivity.effects import Effects
from simsupply.sensitivity.sample import Sample, check_samples
from simsupply.stats.intervals import estimate, mean_of
from simsupply.stats.paired import difference_interval

ENDS = ("base", "low", "high")


def tornado_effects(samples: Sequence[Sample]) -> Effects:
    """The measure in the plan (``base``) and at the ends of each range (``low``, ``high``), and its ``swing``.

    The swing is the difference of the two of these three that are farthest apart, with an interval of differences by
    replication, since all points share their random numbers. The table has a column ``at`` too: the parameter's value.

    Parameters
    ----------
    samples : sequence of Sample
        Of the design ``tornado``, in its order; one for each group. Without `Sample.runs` there are no intervals.

    Raises
    ------
    InputError
        If a sample does not fit: see `simsupply.sensitivity.sample.check_samples`.
    """
    check_samples(samples, "tornado", 1)
    rows: list[tuple[Any, ...]] = []
    for sample in samples:
        runs = sample.values[:, np.newaxis] if sample.runs is None else sample.runs
        limits = bounds_of(sample.metric)
        for place, key in enumerate(sample.keys):
            points = dict(zip(ENDS, (0, 1 + 2 * place, 2 + 2 * place), strict=True))
            for name, point in points.items():
                found = estimate(runs[point], sample.unit, limits)
                at = float(sample.inputs[key].iloc[point])
                rows.append((sample.group, key, name, sample.values[point], found.ci_low, found.ci_high, at))
            pairs = combinations(points.values(), 2)
            first, second = max(pairs, key=lambda pair: abs(sample.values[pair[0]] - sample.values[pair[1]]))
            sign = np.sign(sample.values[second] - sample.values[first]) or 1.0
            ends = (runs[first], runs[second]) if sign < 0 else (runs[second], runs[first])
            low, high = difference_interval(*ends, bounds=limits) if runs.shape[1] > 1 else (np.nan, np.nan)
            rows.append((sample.group, key, "swing", mean_of(ends[0] - ends[1]), low, high, np.nan))
    columns = ["group", "parameter", "measure", "estimate", "ci_low", "ci_high", "at"]
    table = pd.DataFrame(rows, columns=columns).astype({"estimate": float, "ci_low": float, "ci_high": float})
    return Effects("tornado", samples[0].metric, samples[0].unit, table, plan=samples[0].plan)
