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

from simsupply.base.notebook import Answers
from simsupply.base.versions import __version__

if TYPE_CHECKING:
    from simsupply.base.problems import InputError
    from simsupply.config.load import load_scenario, load_strategy
    from simsupply.experiment.bottleneck import one_more
    from simsupply.experiment.compare import compare
    from simsupply.experiment.comparison import Comparison
    from simsupply.experiment.diagnosis import diagnose
    from simsupply.experiment.midnight import go_on, run_to_midnight
    from simsupply.experiment.simulate import simulate, top_up
    from simsupply.figures import (
        plot_coverage,
        plot_orders_by_day,
        plot_utilisation,
        plot_who_goes_without,
        save_figure,
    )
    from simsupply.model.state.midnight import MidnightState, read_state
    from simsupply.records.replication import InvariantError
    from simsupply.report.answer import answer
    from simsupply.results.result import Result
    from simsupply.sensitivity.map_of_sweep import boundary
    from simsupply.sensitivity.of_sweep import boxes, sensitivity
    from simsupply.sweeps.sweep import resume, sweep
    from simsupply.sweeps.sweep_figure import plot_sweep
    from simsupply.sweeps.sweep_result import SweepResult

# Loaded when first used, so that `import simsupply` does not wait for numba, pandas and matplotlib.
_HOME = {
    "Comparison": "simsupply.experiment.comparison",
    "InputError": "simsupply.base.problems",
    "InvariantError": "simsupply.records.replication",
    "MidnightState": "simsupply.model.state.midnight",
    "Result": "simsupply.results.result",
    "SweepResult": "simsupply.sweeps.sweep_result",
    "answer": "simsupply.report.answer",
    "boundary": "simsupply.sensitivity.map_of_sweep",
    "boxes": "simsupply.sensitivity.of_sweep",
    "compare": "simsupply.experiment.compare",
    "diagnose": "simsupply.experiment.diagnosis",
    "go_on": "simsupply.experiment.midnight",
    "load_scenario": "simsupply.config.load",
    "load_strategy": "simsupply.config.load",
    "one_more": "simsupply.experiment.bottleneck",
    "plot_coverage": "simsupply.figures",
    "plot_orders_by_day": "simsupply.figures",
    "plot_sweep": "simsupply.sweeps.sweep_figure",
    "plot_utilisation": "simsupply.figures",
    "plot_who_goes_without": "simsupply.figures",
    "read_state": "simsupply.model.state.midnight",
    "resume": "simsupply.sweeps.sweep",
    "run_to_midnight": "simsupply.experiment.midnight",
    "save_figure": "simsupply.figures",
    "simulate": "simsupply.experiment.simulate",
    "sweep": "simsupply.sweeps.sweep",
    "top_up": "simsupply.experiment.simulate",
}

__all__ = [
    "Comparison",
    "InputError",
    "InvariantError",
    "MidnightState",
    "Result",
    "SweepResult",
    "__version__",
    "answer",
    "boundary",
    "boxes",
    "compare",
    "diagnose",
    "go_on",
    "load_scenario",
    "load_strategy",
    "one_more",
    "plot_coverage",
    "plot_orders_by_day",
    "plot_sweep",
    "plot_utilisation",
    "plot_who_goes_without",
    "read_state",
    "resume",
    "run_to_midnight",
    "save_figure",
    "sensitivity",
    "simulate",
    "sweep",
    "top_up",
]


def __getattr__(name: str) -> Any:
    if name == "sensitivity":
        # A room and a function have this name; the room can be called as the function (`simsupply.sensitivity`).
        return importlib.import_module("simsupply.sensitivity")
    if name not in _HOME:
        raise AttributeError(f"module 'simsupply' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME, "sensitivity"})


def _answer(result: Any) -> str:
    text: str = __getattr__("answer")(result)
    return text


# Results show themselves in a notebook with their answer, which the rooms they belong to cannot compose.
Answers.compose = _answer
