"""Where a plan fails: a map over two parameters, refined only where holding and failing meet.

A coarse lattice is run first. Each of its cells in which both are found, on its corners or on points that finer
neighbours put on its edges, is divided in four, until cells are as small as asked for. What is smaller than a cell of
the first lattice and touches none of its points is not found; `start` makes that lattice finer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from simsupply.base.catalogue import message
from simsupply.base.language import Language
from simsupply.base.problems import wrong
from simsupply.config.option_titles import group_in_words
from simsupply.figures.boundary import plot_boundary
from simsupply.measures.metric import Side
from simsupply.measures.metric_registry import metric_label
from simsupply.sensitivity.region import Region
from simsupply.sensitivity.sample import SOURCE, Function, intervals_only
from simsupply.sensitivity.sentences import amount, boundary_in_words, failing_in_words
from simsupply.strategy.plan_titles import NO_TITLES, PlanTitles
from simsupply.sweeps.designs import BOUNDARY_CELLS
from simsupply.sweeps.parameters import Interval, parameter

# From two values, each a list, to a table of mean, ci_low and ci_high in the same order.
RunPoints = Callable[[Sequence[tuple[float, float]]], pd.DataFrame]
MOST_DEPTH = 8


@dataclass(frozen=True)
class BoundaryMap:
    """Where a plan fails, for each group.

    Attributes
    ----------
    parameters : tuple of two Interval
        Drawn to the right and upwards.
    metric, unit : str
    level : float
        Worse than this is failing.
    better : {"more", "less"}
    regions : tuple of Region
    plan : PlanTitles
        What readers see of the names in keys.
    """

    parameters: tuple[Interval, Interval]
    metric: str
    unit: str
    level: float
    better: Side
    regions: tuple[Region, ...]
    plan: PlanTitles = NO_TITLES

    @property
    def table(self) -> pd.DataFrame:
        """Crossings of all groups, a column for each parameter; ``low`` and ``high`` are along one of them."""
        x, y = (varied.key for varied in self.parameters)
        parts = [
            region.crossings.drop(columns="cell").drop_duplicates().assign(group=region.group)
            for region in self.regions
        ]
        table = pd.concat(parts, ignore_index=True).rename(columns={"x": x, "y": y})
        return table.assign(along=table["along"].map({"x": x, "y": y}))[["group", x, y, "along", "low", "high"]]

    def answer(self, language: Language = "en") -> str:
        """One sentence for each group: how much of the area fails, found with how many points."""
        return boundary_in_words(self.metric, self.unit, self.level, self.better, self.regions, language, self.plan)

    def plot(self, language: Language = "en") -> Figure:
        """Draw where the plan holds, where it fails, and the boundary, a panel for each group."""
        return plot_boundary(
            {
                group_in_words(region.group, language, self.plan)
                or metric_label(self.metric, language, self.plan.steps(language)): region
                for region in self.regions
            },
            failing=failing_in_words(self.metric, self.unit, self.level, self.better, language, self.plan),
            level=amount(self.level, self.unit, language),
            x_label=self.parameters[0].key,
            y_label=self.parameters[1].key,
            language=language,
            titles=self.plan.parameters((varied.key for varied in self.parameters), language),
        )


def find_boundary(
    function: Function,
    parameters: dict[str, Any],
    level: float,
    *,
    better: Side = "more",
    depth: int = 3,
    start: int = BOUNDARY_CELLS,
    metric: str = "value",
    unit: str = "",
) -> BoundaryMap:
    """Map where a function of two parameters is worse than a level.

    Parameters
    ----------
    function : callable
        From the value of both parameters, by key, to a number.
    parameters : mapping
        Two intervals by key, as `simsupply.sweep` takes them.
    level : float
    better : {"more", "less"}
        Which side of the level holds; the level itself holds.
    depth : int
        How often cells are halved, 0 to 8.
    start : int
        Cells of the first lattice in each direction.
    metric, unit : str

    Raises
    ------
    InputError
        If there are not two intervals, or a number is out of range.
    """
    intervals = two_intervals(intervals_only([parameter(key, value, SOURCE) for key, value in parameters.items()]))
    x, y = (interval.key for interval in intervals)

    def run_points(points: Sequence[tuple[float, float]]) -> pd.DataFrame:
        values = [float(function({x: at[0], y: at[1]})) for at in points]
        return pd.DataFrame({"mean": values, "ci_low": values, "ci_high": values})

    region = refine(run_points, intervals, level, better, depth=depth, start=start)
    return BoundaryMap(intervals, metric, unit, level, better, (region,))


def two_intervals(intervals: Sequence[Interval]) -> tuple[Interval, Interval]:
    """Exactly two of them.

    Raises
    ------
    InputError
        If there are fewer or more.
    """
    if len(intervals) != 2:
        names = ", ".join(interval.key for interval in intervals) or message("no_interval")
        raise wrong(SOURCE, "boundary", names, message("two_intervals"))
    return intervals[0], intervals[1]


def refine(
    run_points: RunPoints,
    intervals: tuple[Interval, Interval],
    level: float,
    better: Side,
    *,
    depth: int = 3,
    start: int = BOUNDARY_CELLS,
    group: str = "",
) -> Region:
    """Run a lattice of two parameters, as fine as needed where holding and failing meet: see `find_boundary`."""
    for name, value, least, most in (("depth", depth, 0, MOST_DEPTH), ("start", start, 1, 64)):
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise wrong(SOURCE, name, value, message("whole_number_from_to", least=least, most=most))
    if not isinstance(level, int | float) or isinstance(level, bool) or not np.isfinite(level):
        raise wrong(SOURCE, "level", level, message("a_number"))
    num = start * 2**depth
    axes = tuple(np.array([axis.between(place / num) for place in range(num + 1)], dtype=float) for axis in intervals)
    found: dict[tuple[float, float], tuple[float, float, float]] = {}
    state = np.full((num + 1, num + 1), -1, dtype=np.int8)
    size = 2**depth
    leaves = [(i * size, j * size, size) for i in range(start) for j in range(start)]
    while True:
        corners = dict.fromkeys((i + a, j + b) for i, j, s in leaves for a in (0, s) for b in (0, s))
        _run_new([at for at in corners if state[at] < 0], axes, run_points, found, level, better, state)
        mixed = [cell for cell in leaves if cell[2] > 1 and _is_mixed(state, cell)]
        if not mixed:
            break
        whole = set(mixed)
        leaves = [cell for cell in leaves if cell not in whole]
        leaves += [(i + a, j + b, s // 2) for i, j, s in mixed for a in (0, s // 2) for b in (0, s // 2)]
    return _region(group, axes, found, state, leaves, level, better, num)


def _run_new(
    places: Sequence[tuple[int, int]],
    axes: tuple[NDArray[np.float64], ...],
    run_points: RunPoints,
    found: dict[tuple[float, float], tuple[float, float, float]],
    level: float,
    better: Side,
    state: NDArray[np.int8],
) -> None:
    """Run points of the lattice that are not known; whole numbers put several on the same values."""
    values = {at: (float(axes[0][at[0]]), float(axes[1][at[1]])) for at in places}
    new = [point for point in dict.fromkeys(values.values()) if point not in found]
    if new:
        found_at = run_points(new)
        if found_at["mean"].isna().any():
            num = int(found_at["mean"].isna().sum())
            given = message("points_without_value", number=num, points=len(new))
            raise wrong(SOURCE, "boundary", given, message("value_at_every_point"))
        rows = found_at[["mean", "ci_low", "ci_high"]].to_numpy(dtype=float).tolist()
        found.update({at: (mean, low, high) for at, (mean, low, high) in zip(new, rows, strict=True)})
    for place, at in values.items():
        state[place] = _fails(found[at][0], level, better)


def _fails(mean: float, level: float, better: Side) -> bool:
    return mean < level if better == "more" else mean > level


def _is_mixed(state: NDArray[np.int8], cell: tuple[int, int, int]) -> bool:
    i, j, s = cell
    inside = state[i : i + s + 1, j : j + s + 1]
    return bool((inside == 0).any() and (inside == 1).any())


def _region(
    group: str,
    axes: tuple[NDArray[np.float64], ...],
    found: dict[tuple[float, float], tuple[float, float, float]],
    state: NDArray[np.int8],
    leaves: Sequence[tuple[int, int, int]],
    level: float,
    better: Side,
    num: int,
) -> Region:
    rows = [(*at, *values) for at, values in found.items()]
    points = pd.DataFrame(rows, columns=["x", "y", "mean", "ci_low", "ci_high"])
    fails = points["mean"] < level if better == "more" else points["mean"] > level
    is_sure = (points["ci_high"] < level) | (points["ci_low"] > level) | (points["ci_low"] == points["ci_high"])
    points = points.assign(fails=fails, is_sure=is_sure)
    cells, crossings = [], []
    area = {"share": 0.0, "low": 0.0, "high": 0.0}
    for number, (i, j, s) in enumerate(leaves):
        corners = [(i, j), (i + s, j), (i + s, j + s), (i, j + s)]
        share = float(np.mean([state[at] for at in corners]))
        cells.append((axes[0][i], axes[0][i + s], axes[1][j], axes[1][j + s], share))
        part = (s / num) ** 2
        area["share"] += part * share
        area["low"] += part * (share == 1)
        area["high"] += part * (share > 0)
        for corner, other in zip(corners, [*corners[1:], corners[0]], strict=True):
            if state[corner] != state[other]:
                first, second = sorted((corner, other))
                crossings.append((*_crossing(first, second, axes, found, level), number))
    return Region(
        group,
        points,
        pd.DataFrame(cells, columns=["x_low", "x_high", "y_low", "y_high", "share"]),
        pd.DataFrame(crossings, columns=["x", "y", "along", "low", "high", "cell"]),
        area["share"],
        area["low"],
        area["high"],
        len(set(axes[0].tolist())) * len(set(axes[1].tolist())),
    )


def _crossing(
    start: tuple[int, int],
    other: tuple[int, int],
    axes: tuple[NDArray[np.float64], ...],
    found: dict[tuple[float, float], tuple[float, float, float]],
    level: float,
) -> tuple[float, float, str, float, float]:
    """Where the level is crossed between two neighbours, by a straight line between their means."""
    (x0, y0), (x1, y1) = ((float(axes[0][at[0]]), float(axes[1][at[1]])) for at in (start, other))
    first, second = found[x0, y0][0], found[x1, y1][0]
    share = (level - first) / (second - first)
    ends = ("x", x0, x1) if y0 == y1 else ("y", y0, y1)
    return (x0 + share * (x1 - x0), y0 + share * (y1 - y0), *ends)
