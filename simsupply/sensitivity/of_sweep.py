"""What the points of a sweep tell: samples, one for each combination of what varies beside its intervals; answers."""

from __future__ import annotations

import numpy as np

from simsupply.base.catalogue import message
from simsupply.base.problems import wrong
from simsupply.measures.metric import Side
from simsupply.measures.metric_registry import better_side, metrics_with_a_better_side, unit_of
from simsupply.sensitivity.boxes import Boxes, find_boxes
from simsupply.sensitivity.effects import Effects
from simsupply.sensitivity.indices import morris_effects, sobol_indices
from simsupply.sensitivity.sample import SOURCE, Sample
from simsupply.sensitivity.tornado import tornado_effects
from simsupply.sweeps.parameters import Interval
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
    keys = [parameter.key for parameter in intervals]
    others = [key for key in result.parameters if key not in keys]
    names = [", ".join(f"{key} = {row[key]}" for key in others) for row in points.to_dict("records")]
    found = []
    for name in dict.fromkeys(names):
        own = np.array([parameter == name for parameter in names])
        inputs = points.loc[own, keys].reset_index(drop=True)
        design = result.record.settings.design
        found.append(
            Sample(design, intervals, inputs, values[own], metric, unit_of(metric), name, runs[own], result.titles)
        )
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


def sensitivity(result: SweepResult, metric: str = "coverage") -> Effects:
    """Which parameters a metric depends on, with intervals: what the sweep's design was made for.

    Elementary effects of ``morris``, Sobol indices of ``saltelli``, a tornado of ``tornado``; each with ``.table``,
    ``.plot()`` and ``.answer()``. See `simsupply.sensitivity.indices` and `simsupply.sensitivity.tornado`.

    Raises
    ------
    InputError
        If the design is another one, the metric does not exist, or runs are missing.
    """
    design = result.record.settings.design
    if design not in METHODS:
        raise wrong(SOURCE, "design", design, message("design_of_sensitivity", designs=list(METHODS)))
    return METHODS[design](samples_of(result, metric))


def boxes(result: SweepResult, metric: str, level: float, density: float = 0.8, most: int = 3) -> Boxes:
    """Under what conditions the plan fails: boxes of few parameters, by the patient rule induction method.

    Parameters
    ----------
    result : SweepResult
    metric : str
        One of which more, or less, is better.
    level : float
        Worse than this is failing, in the metric's unit.
    density, most
        See `simsupply.sensitivity.boxes.find_boxes`.

    Raises
    ------
    InputError
        If the sweep does not fill a space of two parameters or more, or too few points fail or hold.
    """
    return find_boxes(samples_of(result, metric), level, better=side_of(metric), density=density, most=most)


def side_of(metric: str, source: str = SOURCE) -> Side:
    """The better side of a metric, away from which a plan fails.

    Raises
    ------
    InputError
        If neither side is better.
    """
    side = better_side(metric)
    if side is None:
        allowed = message("metric_with_better_side", metrics=list(metrics_with_a_better_side()))
        raise wrong(source, "metric", metric, allowed)
    return side
