"""Scenario discovery: boxes of few parameters, out of many, in which a plan fails (PRIM).

References
----------
Friedman, J. H., Fisher, N. I. (1999). Stat. Comput. 9:123-143. doi:10.1023/A:1008894516817
Bryant, B. P., Lempert, R. J. (2010). Technol. Forecast. Soc. Change 77:34-49. doi:10.1016/j.techfore.2009.08.002
Kwakkel, J. H. (2017). Environ. Model. Softw. 96:239-250 (EMA workbench). doi:10.1016/j.envsoft.2017.06.054
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from simsupply.base.catalogue import message
from simsupply.base.language import Language
from simsupply.base.problems import wrong
from simsupply.figures.boxes import plot_boxes
from simsupply.figures.labels import figure_text
from simsupply.measures.metric import Side
from simsupply.sensitivity.sample import SOURCE, Sample, check_samples
from simsupply.sensitivity.sentences import boxes_in_words, failing_in_words
from simsupply.stats.intervals import share_estimate
from simsupply.strategy.plan_titles import NO_TITLES, PlanTitles
from simsupply.sweeps.parameters import Interval

LEAST_POINTS, LEAST_FAILING = 40, 5
_LEAST_MASS = 0.02
SURE = 0.05
_LIMITS = ["group", "box", "parameter", "low", "high", "range_low", "range_high", "p_value", "is_sure"]
_ENDS = ["density", "density_low", "density_high", "coverage", "coverage_low", "coverage_high"]
_SHARES = ["group", "box", "points", "failing", *_ENDS]
# Shares of one box, and the limits of each parameter in it.
_Box = tuple[dict[str, Any], list[dict[str, Any]]]


@dataclass(frozen=True)
class Boxes:
    """Boxes in which a measure is worse than a level.

    Attributes
    ----------
    metric, unit : str
    level : float
        Worse than this is failing.
    better : {"more", "less"}
    table : pandas.DataFrame
        One row per box and parameter that it limits: ``group``, ``box`` (from 1), ``parameter``, ``low``,
        ``high``, ``range_low``, ``range_high`` (what was sampled), ``p_value`` (quasi p-value of the limit: how often
        a box without it would do as well by chance; the larger of two), ``is_sure`` (whether that is at most 5 %).
    boxes : pandas.DataFrame
        One row per box: ``group``, ``box``, ``points`` in it and in none before, ``failing`` of them,
        ``density`` (the share that fails), ``coverage`` (the share of all failing points) with ``_low`` and
        ``_high``, Clopper and Pearson's 95 % intervals. They count the points that the box was fitted to, so new points
        may have a lower density.
    failing : pandas.DataFrame
        One row per group: ``group``, ``points``, ``failing``.
    plan : PlanTitles
        What readers see of the names in keys.
    """

    metric: str
    unit: str
    level: float
    better: Side
    table: pd.DataFrame
    boxes: pd.DataFrame
    failing: pd.DataFrame
    plan: PlanTitles = NO_TITLES

    def answer(self, language: Language = "en") -> str:
        """In words: each box, what share of it fails, and what share of all failures it holds."""
        return boxes_in_words(
            *(self.metric, self.unit, self.level, self.better, self.table, self.boxes, self.failing),
            language,
            self.plan,
        )

    def plot(self, language: Language = "en") -> Figure:
        """Draw the limits of each box within what was sampled, a panel for each box.

        Raises
        ------
        InputError
            If no box was found.
        """
        if self.table.empty:
            raise wrong(SOURCE, "boxes", message("no_box"), message("level_with_boxes"))
        failing = failing_in_words(self.metric, self.unit, self.level, self.better, language, self.plan)
        title = figure_text("boxes_title", language).format(failing=failing)
        return plot_boxes(self.table, self.boxes, title=title, language=language, plan=self.plan)


def check_installed(source: str) -> None:
    """Check that the library is there that looks for boxes.

    Raises
    ------
    InputError
        If not, with how to install it.
    """
    if find_spec("ema_workbench") is None:
        raise wrong(source, "boxes", message("no_workbench"), message("workbench_installed"))


def find_boxes(
    samples: Sequence[Sample], level: float, *, better: Side = "more", density: float = 0.8, most: int = 3
) -> Boxes:
    """Find boxes by the patient rule induction method, one after the other among the points that are left.

    Of each peeling trajectory it is the box that holds most failing points among those with at least `density` of them,
    or the densest box, if none has. There is none where fewer than five points fail, or hold.

    Parameters
    ----------
    samples : sequence of Sample
        Of a design that fills the space (``lhs``, ``sobol``, ``grid``, ``csv``), one for each group.
    level : float
    better : {"more", "less"}
        Which side of the level holds.
    density : float
        0..1.
    most : int
        Boxes of each group.

    Raises
    ------
    InputError
        If the sample does not fit, or the library is not installed.
    """
    check_installed(SOURCE)
    check_samples(samples, "boxes", LEAST_POINTS)
    for name, value, is_right, allowed in (
        ("level", level, np.isfinite(level), message("a_number")),
        ("density", density, 0 < density <= 1, message("share_above_zero")),
        ("most", most, most >= 1, message("whole_number_from_one")),
    ):
        if not is_right:
            raise wrong(SOURCE, name, value, allowed)
    found: list[_Box] = []
    counts = []
    for sample in samples:
        fails = sample.values < level if better == "more" else sample.values > level
        points, failing = len(fails), int(fails.sum())
        counts.append({"group": sample.group, "points": points, "failing": failing})
        if LEAST_FAILING <= failing <= points - LEAST_FAILING:
            found += _search(sample, fails, density, most)
    limits = [row for _, rows in found for row in rows]
    table = pd.DataFrame(limits, columns=_LIMITS)
    boxes = pd.DataFrame([shares for shares, _ in found], columns=_SHARES)
    return Boxes(samples[0].metric, samples[0].unit, level, better, table, boxes, pd.DataFrame(counts), samples[0].plan)


def _search(sample: Sample, fails: NDArray[np.bool_], density: float, most: int) -> Iterator[_Box]:
    """Boxes of one group."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about parts of the library that are not used
        from ema_workbench.analysis.prim import Prim

        # Whole numbers as decimals: the library cuts between them then, and does not know integers of pandas 3.
        inputs = sample.inputs[sample.keys].astype(float)
        # Its usual measure of a cut, what is gained for each point that is lost, suits whole numbers: many go at once.
        prim = Prim(inputs, fails.astype(float), threshold=0.5, mass_min=_LEAST_MASS)
        left = np.ones(len(fails), dtype=bool)
        for number in range(1, most + 1):
            if fails[left].sum() < LEAST_FAILING:
                return
            box = prim.find_box()
            if box is None or len(box.peeling_trajectory) < 2:
                return
            path = box.peeling_trajectory
            dense = path[path["density"] >= density]
            chosen = int(dense["coverage"].idxmax()) if len(dense) else int(path["density"].idxmax())
            box.select(chosen)
            limits, p_values = box.box_lims[chosen], box.qp[chosen]
            inside = ((inputs >= limits.iloc[0]) & (inputs <= limits.iloc[1])).all(axis=1).to_numpy() & left
            hits, num = int(fails[inside].sum()), int(inside.sum())
            # A box is worth telling where more fails than in the whole sample.
            if not p_values or num == 0 or hits / num <= fails.mean():
                return
            left &= ~inside
            yield (
                _shares(sample.group, number, num, hits, int(fails.sum())),
                [
                    {"group": sample.group, "box": number, "p_value": p_value, "is_sure": p_value <= SURE}
                    | _limits(parameter, inputs[parameter.key], limits[parameter.key])
                    for parameter in sample.parameters
                    if parameter.key in p_values
                    for p_value in [max(p_values[parameter.key])]
                ],
            )


def _limits(parameter: Interval, inputs: pd.Series, limits: pd.Series) -> dict[str, Any]:
    """The limits of a box; where it reaches to the last point sampled, those of the parameter."""
    low, high = (float(value) for value in limits)
    low = low if low > inputs.min() else parameter.low
    high = high if high < inputs.max() else parameter.high
    if parameter.is_whole:
        low, high = math.ceil(low), math.floor(high)
    ends = {"low": low, "high": high, "range_low": parameter.low, "range_high": parameter.high}
    return {"parameter": parameter.key, **ends}


def _shares(group: str, number: int, num: int, hits: int, failing: int) -> dict[str, Any]:
    row: dict[str, Any] = {"group": group, "box": number, "points": num, "failing": hits}
    for name, all_points in (("density", num), ("coverage", failing)):
        found = share_estimate(hits, all_points)
        row |= {name: found.mean, f"{name}_low": found.ci_low, f"{name}_high": found.ci_high}
    return row
