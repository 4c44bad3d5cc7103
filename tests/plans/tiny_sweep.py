"""Small sweeps for the tests: a scenario of a hundred households, some milliseconds a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

import simsupply as ss
from simsupply.sweeps.sweep_result import SweepResult
from tests.plans.tiny_comparison import tiny_data

ATTENDANCE = {"staffing.attendance": [0.2, 0.5, 0.8]}


def small(output: Path, parameters: dict[str, Any] | None = None, **more: Any) -> SweepResult:
    """A sweep of three attendances, in this process unless told otherwise."""
    settings = {"replications": 2, "executor": "serial", **more}
    return ss.sweep(tiny_data(), "standard_crates", parameters or ATTENDANCE, output=output, **settings)


def rows(result: SweepResult) -> pd.DataFrame:
    """Every result, metrics as plain text, for comparison row by row."""
    found = result.values()
    return found.assign(metric=found["metric"].astype(str), unit=found["unit"].astype(str))
