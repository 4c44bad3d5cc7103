"""What ``summary.json`` holds."""

from __future__ import annotations

from typing import Any

from simsupply.results.goal_state import GoalState
from simsupply.results.result import Result


def summary(result: Result) -> dict[str, Any]:
    """Plan, number of replications and every metric with its interval, as plain data."""
    return {
        "scenario": result.scenario.name,
        "strategy": result.strategy.name,
        "seed": result.seed,
        "replications": len(result.values),
        "metrics": {name: vars(result.estimate(name)) for name in result.values.columns},
        **({"precision": [_as_plain(goal) for goal in result.reached]} if result.reached else {}),
    }


def _as_plain(state: GoalState) -> dict[str, Any]:
    return {
        "metric": state.goal.metric,
        "wanted": state.goal.in_words,
        **{k: v for k, v in vars(state).items() if k != "goal"},
    }
