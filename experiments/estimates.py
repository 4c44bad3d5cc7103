"""From values by replication to the table behind the answer, ``results.csv``.

Of every measure there is a mean for each cell, and differences between the cells that are compared. All means of a
measure are one family, all differences of a measure another one: with 95 % probability all intervals of a family hold
the true values. A difference is found exactly when its interval excludes 0 (see `simsupply.stats.paired`).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pandas as pd

from experiments.runner import Values
from experiments.spec import Cell, Experiment, ExperimentSpec
from simsupply.base.files import write_whole
from simsupply.measures.splits import bounds_in_group
from simsupply.stats.intervals import CONFIDENCE, interval, mean_of
from simsupply.stats.paired import differences

NUMBERS = ("mean", "ci_low", "ci_high", "p_value")
DIGITS = 9
"""Significant digits that are kept; the last ones of a float may differ between machines."""


def columns_of(spec: ExperimentSpec) -> list[str]:
    """Columns of the table; those with ``than_`` say what a difference is from."""
    who = ["option", *spec.factors]
    return ["statistic", "measure", *who, *(f"than_{name}" for name in who), *NUMBERS, "n", "unit"]


def option_pairs(spec: ExperimentSpec) -> list[tuple[str, str]]:
    """Which options are compared: all with the base, or else all with each other."""
    if spec.base is None:
        return list(combinations(spec.options, 2))
    return [(other, spec.base) for other in spec.options if other != spec.base]


def pairs_of(spec: ExperimentSpec) -> Iterator[tuple[Cell, Cell]]:
    """Which cells are compared: options at the same point, or levels of the same option."""
    if spec.compare in ("levels", "both"):
        for option in spec.options:
            for first, second in combinations(spec.points, 2):
                yield Cell(option, first), Cell(option, second)
    if spec.compare in ("options", "both"):
        for levels in spec.points:
            for first, other in option_pairs(spec):
                yield Cell(first, levels), Cell(other, levels)


def table_of(experiment: Experiment, values: Values, units: dict[str, str]) -> pd.DataFrame:
    """All estimates of an experiment."""
    spec = experiment.spec
    cells = list(experiment.cells())
    confidence = 1 - (1 - CONFIDENCE) / len(cells)
    rows = []
    for name, measure in spec.measures.items():
        head = {"measure": name, "unit": units[name], "n": spec.replications}
        bounds = bounds_in_group(measure.metric.rpartition("/")[2])
        for cell in cells:
            numbers = values[cell, name].to_numpy()
            low, high = interval(numbers, confidence, bounds)
            found = {"statistic": "mean", "mean": mean_of(numbers), "ci_low": low, "ci_high": high}
            rows.append({**head, **_who(spec, cell, ""), **found})
        if measure.better == "neither":
            continue
        pairs = list(pairs_of(spec))
        apart = differences([(values[first, name], values[other, name]) for first, other in pairs], bounds)
        for (first, other), difference in zip(pairs, apart, strict=True):
            found = {key: getattr(difference, key) for key in NUMBERS}
            rows.append(
                {**head, **_who(spec, first, ""), **_who(spec, other, "than_"), **found, "statistic": "difference"}
            )
    table = pd.DataFrame(rows, columns=columns_of(spec))
    return table.astype(dict.fromkeys(NUMBERS, float))


def _who(spec: ExperimentSpec, cell: Cell, prefix: str) -> dict[str, object]:
    levels = dict(zip(spec.factors, cell.levels, strict=True))
    return {f"{prefix}{name}": value for name, value in {"option": cell.option, **levels}.items()}


def csv_of(table: pd.DataFrame) -> str:
    """The table as text; the same numbers give the same text."""
    return table.to_csv(index=False, float_format=f"%.{DIGITS}g", lineterminator="\n")


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write ``results.csv``, whole or not at all."""
    write_whole(path, lambda temporary: temporary.write_text(csv_of(table), encoding="utf-8"))


def read_table(path: Path) -> pd.DataFrame:
    """Read it again."""
    return pd.read_csv(path, dtype={"option": str, "than_option": str, "measure": str, "unit": str})
