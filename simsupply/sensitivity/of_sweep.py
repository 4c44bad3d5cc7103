"""Samples from a sweep: one for each combination of what varies beside its intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsupply.base.problems import wrong
from simsupply.measures.registry import unit_of
from simsupply.sensitivity.effects import Effects
from simsupply.sensitivity.indices import morris_effects, sobol_indices
from simsupply.sensitivity.sample import SOURCE, Sample
from simsupply.sensitivity.tornado import tornado_effects
from simsupply.sweeps.parameters import Interval

if TYPE_CHECKING:
    from simsupply.sweeps.sweep_result import SweepResult

METHODS = {"morris": morris_effects, "saltelli": sobol_indices, "tornado": tornado_effects}


def samples_of(result: SweepResult, metric: str) -> list[Sample]:
    """A measure at the points of a sweep, its mean over replications, NaN where a run failed.

    Intervals of a grid, or of points from a file, are from the least to the greatest value of each number.

    Raises
    ------
    InputError
        If no run has the measure.
    """
    result.check_metric(metric, SOURCE)
    intervals = ranges_of(result)
    points = result.points
    values = result.table([metric]).set_index("point")["mean"].reindex(points.index).to_numpy(dtype=float)
    wide = result.values([metric]).pivot(index="point", columns="replication", values="value")
    runs = wide.reindex(points.index).to_numpy(dtype=float)
    keys = [one.key for one in intervals]
    others = [key for key in result.parameters if key not in keys]
    names = [", ".join(f"{key} = {row[key]}" for key in others) for row in points.to_dict("records")]
    found = []
    for name in dict.fromkeys(names):
        own = np.array([one == name for one in names])
        inputs = points.loc[own, keys].reset_index(drop=True)
        design = result.record.settings.design
        found.append(Sample(design, intervals, inputs, values[own], metric, unit_of(metric), name, runs[own]))
    return found


def ranges_of(result: SweepResult) -> tuple[Interval, ...]:
    """Intervals of a sweep; of a grid, or of points from a file, the ranges of its numbers."""
    if result.record.intervals:
        return result.record.intervals
    points = result.points[result.parameters]
    numbers = points.select_dtypes("number").drop(columns="seed", errors="ignore")
    found = []
    for key in numbers.columns:
        column = numbers[key]
        if column.nunique() > 1:
            is_whole = bool((column == column.round()).all())
            found.append(Interval(key, float(column.min()), float(column.max()), is_whole))
    return tuple(found)


def effects_of(result: SweepResult, metric: str) -> Effects:
    """Elementary effects, Sobol indices or a tornado, by the sweep's design.

    Raises
    ------
    InputError
        If its design is none of theirs, or the sample does not fit.
    """
    design = result.record.settings.design
    if design not in METHODS:
        raise wrong(SOURCE, "design", design, f"one that sensitivities are computed from: {', '.join(METHODS)}")
    return METHODS[design](samples_of(result, metric))
