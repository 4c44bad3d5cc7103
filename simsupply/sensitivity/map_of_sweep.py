"""A boundary map over two parameters of a sweep: what refining needs is run into the sweep's own store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from simsupply.base.language import Language
from simsupply.config.variations import is_plain_change
from simsupply.measures.metric_registry import unit_of
from simsupply.sensitivity.boundary import BoundaryMap, refine, two_intervals
from simsupply.sensitivity.of_sweep import ranges_of, side_of
from simsupply.sensitivity.region import Region
from simsupply.sensitivity.sample import SOURCE
from simsupply.sweeps.designs import Values
from simsupply.sweeps.parameters import Interval
from simsupply.sweeps.plans import Point, make_plans
from simsupply.sweeps.sweep import run_record
from simsupply.sweeps.sweep_result import SweepResult


def boundary(
    result: SweepResult, metric: str, level: float, depth: int = 3, language: Language | None = None
) -> BoundaryMap:
    """Where the plan fails: a map over two parameters of a sweep that runs more points near the boundary.

    All that is run ends up as one sweep more in the store, with replications and seed of the given one. See
    `simsupply.sensitivity.boundary`.

    Parameters
    ----------
    result : SweepResult
    metric : str
        One of which more, or less, is better.
    level : float
        Worse than this is failing, in the metric's unit.
    depth : int
        How often cells of the first lattice (a quarter of each range) are halved, 0 to 8.
    language : {"en", "zh"}, optional
        Of what is said while it runs; without it that of the locale.

    Raises
    ------
    InputError
        If not exactly two numbers vary, the metric does not exist or has no better side, or a run failed.
    """
    result.check_metric(metric, SOURCE)
    better = side_of(metric)
    intervals = two_intervals(ranges_of(result))
    keys = [parameter.key for parameter in intervals]
    runner = _PointRunner(result, metric, intervals, language)
    regions: list[Region] = []
    templates: dict[str, Point] = {}
    for point in result.record.plans.points:
        others = {key: value for key, value in point.values.items() if key not in keys}
        templates.setdefault(", ".join(f"{key} = {value}" for key, value in others.items()), point)
    for name, point in templates.items():
        regions.append(refine(runner.of(point), intervals, level, better, depth=depth, group=name))
    return BoundaryMap(intervals, metric, unit_of(metric), level, better, tuple(regions), result.titles)


class _PointRunner:
    """Runs points of two parameters; those of all rounds and groups make up one sweep."""

    def __init__(
        self, result: SweepResult, metric: str, intervals: tuple[Interval, Interval], language: Language | None
    ) -> None:
        self.result, self.metric, self.intervals, self.language = result, metric, intervals, language
        self.rows: list[Values] = []

    def of(self, template: Point) -> Any:
        """How points are run that are as `template` but for the two parameters."""
        x, y = self.intervals

        def run_points(points: Sequence[tuple[float, float]]) -> pd.DataFrame:
            new = [{**template.values, x.key: _value(x, at[0]), y.key: _value(y, at[1])} for at in points]
            found = self._run([*self.rows, *new]).table([self.metric]).set_index("point")
            first = len(self.rows) + 1
            self.rows += new
            return found.reindex(range(first, first + len(new)))[["mean", "ci_low", "ci_high"]].reset_index(drop=True)

        return run_points

    def _run(self, rows: Sequence[Values]) -> SweepResult:
        record = self.result.record
        bases = {_names(point.values): record.plans.bases[point.base] for point in record.plans.points}
        left = iter(dict.fromkeys(_names(row) for row in rows))
        # Rows with new names of sections or strategies are composed in the order in which they come.
        plans = make_plans(
            rows,
            lambda words: dict(bases[next(left)]),
            seed=record.plans.points[0].seed,
            source=SOURCE,
            may_repeat=True,
        )
        settings = replace(record.settings, design="csv", points=None)
        # One name for all rounds: each takes the place of the one before.
        name = f"{record.name}_{self.metric}"
        record = replace(record, name=name, plans=plans, settings=settings)
        return run_record(self.result.store, record, language=self.language)


def _names(values: Values) -> tuple[str, ...]:
    """What of a point is composed anew, not changed in what was composed."""
    return tuple(
        f"{key}={value!r}" for key, value in values.items() if key != "seed" and not is_plain_change(key, value)
    )


def _value(interval: Interval, value: float) -> float | int:
    return round(value) if interval.is_whole else value
