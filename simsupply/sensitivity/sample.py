"""A measure at many points of its parameters: of a sweep, or of any function of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simsupply.base.catalogue import chain, message
from simsupply.base.problems import wrong
from simsupply.strategy.plan_titles import NO_TITLES, PlanTitles
from simsupply.sweeps.designs import SAMPLED, design_points
from simsupply.sweeps.parameters import Interval, parameter

SOURCE = "sensitivity"
# The designs that each method is computed from.
DESIGNS_OF = {
    "morris": ("morris",),
    "sobol": ("saltelli",),
    "tornado": ("tornado",),
    "boundary": ("boundary",),
    "boxes": ("lhs", "sobol", "grid", "csv"),
}
Function = Callable[[dict[str, Any]], float]


@dataclass(frozen=True)
class Sample:
    """One measure at the points of one design.

    Attributes
    ----------
    design : str
        One of `simsupply.sweeps.designs.DESIGNS`; the points are in its order.
    parameters : tuple of Interval
        What was sampled, and in which limits.
    inputs : pandas.DataFrame
        One row per point, one column per parameter, in the parameters' units.
    values : numpy.ndarray, shape (points,)
        The measure; of a sweep its mean over replications.
    metric, unit : str
        What it is, for words and figures.
    group : str
        What else holds at these points (``strategy = standard_crates``); empty if nothing varies beside the intervals.
    runs : numpy.ndarray, shape (points, replications), optional
        The measure in every replication, with the same random numbers in all points.
    plan : PlanTitles
        What readers see of the names in keys.
    """

    design: str
    parameters: tuple[Interval, ...]
    inputs: pd.DataFrame
    values: NDArray[np.float64]
    metric: str
    unit: str = ""
    group: str = ""
    runs: NDArray[np.float64] | None = None
    plan: PlanTitles = NO_TITLES

    @property
    def keys(self) -> list[str]:
        """Names of the parameters."""
        return [varied.key for varied in self.parameters]

    @property
    def is_constant(self) -> bool:
        """Whether the measure is the same at all points, but for rounding."""
        return bool(np.ptp(self.values) <= 1e-12 * max(1.0, float(np.abs(self.values).max())))


def evaluate(
    function: Function,
    parameters: Mapping[str, Any],
    design: str,
    points: int | None = None,
    *,
    seed: int = 1,
    base: Mapping[str, float] | None = None,
    metric: str = "value",
    unit: str = "",
) -> Sample:
    """Call a function of the parameters at every point of a design.

    Parameters
    ----------
    function : callable
        From the value of every parameter, by key, to a number.
    parameters : mapping
        Intervals by key, as `simsupply.sweep` takes them: ``{"x": "interval(0,1)"}``.
    design, points, seed, base
        See `simsupply.sweeps.designs.design_points`.
    metric, unit : str
        What the number is.

    Raises
    ------
    InputError
        If a parameter is not an interval, or they do not fit the design.
    """
    given = [parameter(key, value, SOURCE) for key, value in parameters.items()]
    intervals = intervals_only(given)
    rows = design_points(design, intervals, points=points, seed=seed, base=base, source=SOURCE)
    values = np.array([float(function(dict(row))) for row in rows])
    return Sample(design, intervals, pd.DataFrame(rows), values, metric, unit)


def intervals_only(parameters: Sequence[Any], source: str = SOURCE) -> tuple[Interval, ...]:
    """The parameters, all of them intervals.

    Raises
    ------
    InputError
        If one is a list of values.
    """
    for varied in parameters:
        if not isinstance(varied, Interval):
            raise wrong(source, varied.key, list(varied.values), message("an_interval"))
    return tuple(parameters)


def check_samples(samples: Sequence[Sample], method: str, least: int) -> None:
    """Check that samples are of the design that a method needs, with enough of it.

    Parameters
    ----------
    least : int
        Fewest trajectories (``morris``), smallest base number (``sobol``), or fewest points that give an answer.

    Raises
    ------
    InputError
        If the design is another one, only one parameter varies, there are too few points, or a point has no value.
    """
    first = samples[0]
    check_design(method, first.design, first.keys, SOURCE)
    per_unit = {"morris": len(first.keys) + 1, "sobol": 2 * len(first.keys) + 2}.get(method, 1)
    if len(first.values) < least * per_unit:
        allowed = {
            "morris": message("at_least_trajectories", least=least),
            "sobol": message("at_least_base_number", least=least),
        }.get(method, message("at_least_points", least=least))
        if per_unit > 1:
            allowed = message("which_are_points", first=allowed, points=least * per_unit, parameters=len(first.keys))
        raise wrong(SOURCE, method, message("number_of_points", number=len(first.values)), allowed)
    for sample in samples:
        num = int(np.isnan(sample.values).sum())
        if num:
            given = message("points_without_value", number=num, points=len(sample.values))
            if sample.group:
                given = message("of_group", first=given, group=sample.group)
            raise wrong(SOURCE, sample.metric, given, message("value_at_every_point"))


def check_design(method: str, given: str, keys: Sequence[str] | None, source: str) -> None:
    """Check that a method has a design it can be computed from, and at least two parameters.

    Parameters
    ----------
    keys : sequence of str, optional
        Names of the parameters; None if they are not known yet.

    Raises
    ------
    InputError
        If not.
    """
    if given not in DESIGNS_OF[method]:
        allowed = message("design_of_method", designs=chain("one_or_other", DESIGNS_OF[method]), method=method)
        raise wrong(source, "design", given, allowed)
    if keys is not None and len(keys) < 2:
        allowed = message("at_least_two_intervals") if given in SAMPLED else message("at_least_two_parameters")
        raise wrong(source, method, ", ".join(keys) or message("none_given"), allowed)
