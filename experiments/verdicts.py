"""What an estimated difference allows to say, and looking estimates up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from experiments.spec import Cell, ExperimentSpec, Measure
from simsupply.stats.paired import side_of

Verdict = Literal["better", "worse", "same", "open"]


@dataclass(frozen=True)
class Number:
    """A mean, or a difference of means, with its simultaneous 95 % interval."""

    mean: float
    ci_low: float
    ci_high: float

    def positive(self) -> Number:
        """Without its sign."""
        return self if self.mean >= 0 else self.turned()

    def turned(self) -> Number:
        """The difference the other way round."""
        return Number(-self.mean, -self.ci_high, -self.ci_low)


def verdict(number: Number, measure: Measure) -> Verdict:
    """Of a difference ``first - second``: is the first better or worse, as good, or is it open?

    ``same``: the whole interval is within `Measure.smallest` of 0. ``open``: cannot be told apart.
    """
    if -measure.smallest <= number.ci_low and number.ci_high <= measure.smallest:
        return "same"
    side = side_of(number.ci_low, number.ci_high)
    if side == 0:
        return "open"
    return "better" if (side > 0) == (measure.better == "more") else "worse"


class Results:
    """The table of an experiment, to look things up in."""

    def __init__(self, spec: ExperimentSpec, table: pd.DataFrame) -> None:
        self.spec = spec
        self.units: dict[str, str] = dict(zip(table["measure"], table["unit"], strict=True))
        self._found: dict[tuple[object, ...], Number] = {}
        factors = list(spec.factors)
        for row in table.to_dict("records"):
            levels = tuple(float(row[name]) for name in factors)
            key: tuple[object, ...] = (row["measure"], row["option"], levels)
            if row["statistic"] == "difference":
                than = tuple(float(row[f"than_{name}"]) for name in factors)
                key = (*key, row["than_option"], than)
            self._found[key] = Number(row["mean"], row["ci_low"], row["ci_high"])

    def mean(self, measure: str, cell: Cell) -> Number:
        """Mean of a measure in a cell."""
        return self._found[measure, *_key(cell)]

    def difference(self, measure: str, first: Cell, second: Cell) -> Number:
        """Of ``first - second``, whichever of the two the table names first."""
        straight = (measure, *_key(first), *_key(second))
        if straight in self._found:
            return self._found[straight]
        return self._found[measure, *_key(second), *_key(first)].turned()

    def verdict(self, measure: str, first: Cell, second: Cell) -> Verdict:
        """Of the first cell, compared with the second."""
        return verdict(self.difference(measure, first, second), self.spec.measures[measure])


def _key(cell: Cell) -> tuple[str, tuple[float, ...]]:
    return cell.option, tuple(map(float, cell.levels))
