"""Small made-up tables of the shape that the figures take."""

import warnings
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
import pytest

from simsupply.figures.typeface import UndrawnCharacters

Table = Callable[..., pd.DataFrame]

STAGES = ("compile", "pick", "drop_point", "night_shuttle")


@pytest.fixture(autouse=True)
def _no_warnings() -> Iterator[None]:
    """A missing glyph, an empty slice, a layout that does not fit: any warning fails the test.

    But not that of characters in no font (`tests/figures/test_fonts.py`).
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", UndrawnCharacters)
        yield


@pytest.fixture
def make_curves() -> Table:
    """Build a coverage table; `is_single` leaves the confidence interval out, as one replication does."""

    def make(strategies=("individual_orders", "standard_crates"), cases=("100 %", "20 %"), is_single=False):
        hours = np.linspace(0, 240, 11)
        frames = []
        for j, case in enumerate(cases):
            for i, strategy in enumerate(strategies):
                mean = 1 - np.exp(-hours * (1 + i) / (60 * (1 + j)))
                frames.append(
                    pd.DataFrame(
                        {
                            "strategy": strategy,
                            "case": case,
                            "hour": hours,
                            "mean": mean,
                            "ci_low": None if is_single else mean - 0.03,
                            "ci_high": None if is_single else mean + 0.03,
                        }
                    )
                )
        return pd.concat(frames, ignore_index=True)

    return make


@pytest.fixture
def make_utilisation() -> Table:
    """Build a utilisation table; the first stage is each strategy's bottleneck."""

    def make(
        strategies=("individual_orders", "standard_crates"),
        cases=("100 %", "20 %"),
        stages=STAGES,
        is_single=False,
    ):
        rows = [
            (
                strategy,
                case,
                stage,
                mean,
                *((np.nan, np.nan) if is_single else (mean - 0.02, mean + 0.02)),
                k == 0,
            )
            for i, strategy in enumerate(strategies)
            for j, case in enumerate(cases)
            for k, stage in enumerate(stages)
            for mean in [0.9 - 0.04 * k - 0.1 * i - 0.05 * j]
        ]
        columns = ["strategy", "case", "stage", "mean", "ci_low", "ci_high", "is_longest_wait"]
        return pd.DataFrame(rows, columns=columns)

    return make


@pytest.fixture
def make_deprivation() -> Table:
    """Build a table of hours without; `is_single` leaves the confidence interval out."""

    def make(splits=("goods", "tier", "kind"), groups=("first", "pet food", "独居老人"), is_single=False):
        rows = [
            (split, group, mean, *((np.nan, np.nan) if is_single else (mean - 2, mean + 3)), 2 * mean)
            for i, split in enumerate(splits)
            for j, group in enumerate(groups)
            for mean in [20.0 + 5 * i - 4 * j]
        ]
        return pd.DataFrame(rows, columns=["split", "group", "mean", "ci_low", "ci_high", "worst_decile"])

    return make
