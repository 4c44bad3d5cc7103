"""Replicating until precise: half-widths asked for, how many replications they take, and what was reached.

Half-widths are half the widths of each metric's own 95 % interval (`simsupply.stats.intervals.interval`). The number is
chosen by the two-stage rule of Law (2015), section 9.4.1, applied again and again: from the variance so far, how many
replications would do; run those, but never more than twice what there is, and look again. Looking more than once makes
intervals a little too short [1]_; a first number of 10 or more keeps that below what can be seen
(``docs/validation.md``). Equal values are no precision: the interval of a share has a width then too, and of what has
no bounds ``LEAST_EQUAL`` equal values are asked for.

References
----------
.. [1] Law, A. M. (2015). Simulation Modeling and Analysis, 5th ed., section 9.4.1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any

import pandas as pd
from pydantic import BeforeValidator, Field

from simsupply.base.catalogue import message
from simsupply.base.problems import Misfit, wrong
from simsupply.base.quantities import Count
from simsupply.base.spec import Spec, parse
from simsupply.measures.metric_names import check_metric
from simsupply.measures.metric_registry import bounds_of, unit_of
from simsupply.results.goal_state import Goal, GoalState
from simsupply.scenario.world import Scenario
from simsupply.stats.intervals import CONFIDENCE, FloatArray, estimate
from simsupply.stats.unseen import LEAST_EQUAL, is_same, unseen_share
from simsupply.strategy.channels import StrategySpec


def _half_width(value: object) -> object:
    """As it was written, if it is a number above 0 or such a number of per cent."""
    text = value.strip() if isinstance(value, str) else None
    try:
        number = float(text.removesuffix("%")) if text else value
    except ValueError:
        number = None
    is_percent = text is not None and text.endswith("%")
    if isinstance(number, bool) or not isinstance(number, int | float) or not 0 < number < math.inf:
        raise Misfit("half_width")
    return f"{number:g}%" if is_percent else float(number)


HalfWidth = Annotated[float | str, BeforeValidator(_half_width)]
_Goals = Annotated[dict[str, HalfWidth], Field(min_length=1)]


class PrecisionSettings(Spec):
    """How precise the means are to be.

    Attributes
    ----------
    metrics
        Half-width of the 95 % interval by metric: a number in the metric's unit, or ``"5%"`` of the mean.
        Without it the number of replications is fixed.
    max
        No more replications than this.
    """

    metrics: _Goals | None = None
    max: Count = 200

    @property
    def goals(self) -> tuple[Goal, ...]:
        """What is asked for, metric by metric."""
        return tuple(Goal.of(name, wanted) for name, wanted in (self.metrics or {}).items())


def read_precision(data: PrecisionSettings | Mapping[str, Any] | None, source: str) -> PrecisionSettings:
    """Settings from plain data (``{"metrics": {"fill_rate": "1%"}, "max": 200}``).

    Raises
    ------
    InputError
        With every problem found.
    """
    if isinstance(data, PrecisionSettings):
        return data
    if data is not None and not isinstance(data, Mapping):
        raise wrong(source, "precision", data, message("precision_mapping"))
    return parse(PrecisionSettings, data or {}, source=source, at="precision")


def check_goals(
    settings: PrecisionSettings, replications: int, scenario: Scenario, strategy: StrategySpec, source: str
) -> None:
    """Check that what is asked for exists, and that the numbers of replications fit each other.

    Raises
    ------
    InputError
        If not.
    """
    for goal in settings.goals:
        check_metric(goal.metric, [strategy], source, "precision.metrics", [scenario])
    check_precision(settings, replications, source)


def check_precision(settings: PrecisionSettings, replications: int, source: str) -> None:
    """Check that the first number of replications can be judged and is no more than the maximum.

    Raises
    ------
    InputError
        If it is not.
    """
    if not settings.goals:
        return
    if replications < 2:
        raise wrong(source, "replications", replications, message("replications_with_precision"))
    if settings.max < replications:
        raise wrong(source, "precision.max", settings.max, message("max_of_precision", number=replications))


def reached(values: pd.DataFrame, settings: PrecisionSettings) -> tuple[GoalState, ...]:
    """How far each goal is reached by replications (rows) of all metrics (columns)."""
    found = []
    for goal in settings.goals:
        seen = estimate(values[goal.metric].to_numpy(), unit_of(goal.metric), bounds_of(goal.metric))
        half, limit = seen.half_width, goal.limit(seen)
        if half is None or limit is None:
            found.append(GoalState(goal, None, False, None))
            continue
        least = _least_number(values[goal.metric].to_numpy(dtype=float), half)
        is_met = half <= limit and len(values) >= least
        needed = len(values) if is_met else None
        if not is_met and half <= limit:
            needed = least
        elif not is_met and limit > 0:
            needed = _number_for(values[goal.metric].to_numpy(dtype=float), half, limit)
        found.append(GoalState(goal, half, is_met, needed))
    return tuple(found)


def _least_number(values: FloatArray, half: float) -> int:
    """Replications below which nothing is precise: values that are all the same prove little."""
    return LEAST_EQUAL if half == 0 and is_same(values) else 0


def _number_for(values: FloatArray, half: float, limit: float) -> int:
    """Replications that a half-width asks for, if values go on as so far."""
    if is_same(values):
        # Then the width is a share of what is possible that may not have been seen: (half error)^(1 / n) is left.
        width = 2 * half / unseen_share(len(values), CONFIDENCE)
        return math.ceil(math.log((1 - CONFIDENCE) / 2) / math.log1p(-min(2 * limit / width, 1 - 1e-9)))
    return math.ceil(len(values) * (half / limit) ** 2)


def next_number(values: pd.DataFrame, settings: PrecisionSettings) -> int | None:
    """How many replications to have next; None: enough, or more would not help."""
    num, open_goals = len(values), [goal for goal in reached(values, settings) if not goal.is_met]
    if not open_goals or num >= settings.max or any(goal.half_width is None for goal in open_goals):
        # A metric that is missing in one replication has no mean, however many follow.
        return None
    wanted = max(2 * num if goal.needed is None else goal.needed for goal in open_goals)
    return min(max(wanted, num + 1), 2 * num, settings.max)
