"""simsupply: can a locked-down city be fed, how, and what must be prepared?

>>> import simsupply as ss
>>> scenario = ss.load_scenario("subdistrict", overrides=["staffing.attendance=0.5"])
>>> result = ss.simulate(scenario, strategy="standard_crates", replications=2, seed=1)
>>> bool(result.summary().loc["coverage", "mean"] > 0.9)
True
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from simsupply.base.versions import __version__

if TYPE_CHECKING:
    from simsupply.base.problems import InputError
    from simsupply.config.load import load_scenario, load_strategy
    from simsupply.experiment.comparison import Comparison, compare
    from simsupply.figures import (
        plot_coverage,
        plot_orders_by_day,
        plot_utilisation,
        plot_who_goes_without,
        save_figure,
    )
    from simsupply.records.replication import InvariantError
    from simsupply.results.result import Result, simulate
    from simsupply.sweeps.sweep import sweep
    from simsupply.sweeps.sweep_result import SweepResult

# Loaded when first used, so that `import simsupply` does not wait for numba, pandas and matplotlib.
_HOME = {
    "Comparison": "simsupply.experiment.comparison",
    "InputError": "simsupply.base.problems",
    "InvariantError": "simsupply.records.replication",
    "Result": "simsupply.results.result",
    "SweepResult": "simsupply.sweeps.sweep_result",
    "compare": "simsupply.experiment.comparison",
    "load_scenario": "simsupply.config.load",
    "load_strategy": "simsupply.config.load",
    "plot_coverage": "simsupply.figures",
    "plot_orders_by_day": "simsupply.figures",
    "plot_utilisation": "simsupply.figures",
    "plot_who_goes_without": "simsupply.figures",
    "save_figure": "simsupply.figures",
    "simulate": "simsupply.results.result",
    "sweep": "simsupply.sweeps.sweep",
}

__all__ = [
    "Comparison",
    "InputError",
    "InvariantError",
    "Result",
    "SweepResult",
    "__version__",
    "compare",
    "load_scenario",
    "load_strategy",
    "plot_coverage",
    "plot_orders_by_day",
    "plot_utilisation",
    "plot_who_goes_without",
    "save_figure",
    "simulate",
    "sweep",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'simsupply' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
