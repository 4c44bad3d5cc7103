"""What holds a plan back, told only where it was tried: the longest waits, and one more of what they are for.

Waits are ranked by order-hours within the target's time (`simsupply.results.longest_waits`); of the first three things
that orders wait for there is made one more, and where none of these gains alone, of two together. A plain run does so
in at most five of its replications and at most a fifth of its work. That is reckoned from what the run did, not taken
from the clock, so that the same plan gives the same words on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import pandas as pd

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.experiment.bottleneck import shows_in_each, with_more
from simsupply.experiment.constraints import Constraint, ConstraintKind, constraints_of
from simsupply.measures.metric_registry import better_side, bounds_of, unit_of
from simsupply.results.longest_waits import LongestWait, longest_waits
from simsupply.results.result import Result
from simsupply.stats.paired import Difference, differences

MOST_REPLICATIONS, FEWEST_REPLICATIONS, MOST_CONSTRAINTS = 5, 3, 3
MOST_TRIALS = MOST_CONSTRAINTS + MOST_CONSTRAINTS * (MOST_CONSTRAINTS - 1) // 2
SHARE_OF_WORK = 0.2
START_S = 5.0
PER_HOUSEHOLD_DAY_S, PER_STEP_DAY_S, PER_ORDER_STEP_S, PER_ORDER_STEP_IN_REFERENCE_S = 2.5e-8, 1e-4, 2e-7, 5e-5
"""Seconds that starting, reading and drawing take, and simulating; rough, and the same everywhere."""
# From when on the need met falls short, and the hours without something needed per household are too many.
SHORT_BY, HOURS_WITHOUT = 0.005, 1.0
Verdict = Literal["held_back", "held_back_together", "longest_wait", "busiest"]


@dataclass(frozen=True)
class Suspect:
    """A constraint that orders wait for."""

    constraint: Constraint
    wait: LongestWait | None


@dataclass(frozen=True)
class Trial:
    """One more of one or two constraints, and what it gained.

    Attributes
    ----------
    suspects : tuple of Suspect
    before, after : float
        Mean of the metric over the replications tried, now and with one more.
    gain : Difference
        In the metric's unit, above 0: better; one of the family of all trials.
    is_gain : bool
        The interval is above 0; or, where replications are too few for that, it gains in each of them by what shows.
    """

    suspects: tuple[Suspect, ...]
    before: float
    after: float
    gain: Difference
    is_gain: bool


@dataclass(frozen=True)
class Diagnosis:
    """What was tried, and what came of it.

    Attributes
    ----------
    metric : str or None
        What falls short, and is to gain; None: nothing does.
    waits : tuple of LongestWait
        The longest first.
    trials : tuple of Trial
        In the order in which they were run.
    is_complete : bool
        Whether everything was tried that is to be tried.
    """

    metric: str | None
    waits: tuple[LongestWait, ...]
    trials: tuple[Trial, ...]
    is_complete: bool

    @property
    def found(self) -> Trial | None:
        """The trial that gains most, one with an interval above 0 before others; None: none gains."""
        gains = [trial for trial in self.trials if trial.is_gain and trial.gain.mean is not None]
        return max(gains, key=lambda trial: (trial.gain.side == 1, trial.gain.mean), default=None)

    @property
    def verdict(self) -> Verdict:
        """What may be said of it."""
        if self.found is not None:
            return "held_back" if len(self.found.suspects) == 1 else "held_back_together"
        if self.metric is not None and self.waits and not (self.trials and self.is_complete):
            return "longest_wait"
        return "busiest"


def diagnose(
    result: Result,
    metric: str | None = None,
    *,
    is_limited: bool = True,
    on_advance: Callable[[float], object] | None = None,
) -> Diagnosis:
    """Find what holds a plan back.

    Parameters
    ----------
    result : Result
    metric : str, optional
        What is to gain; without it what falls short: households reached within the target, else the need met, else the
        hours without something that is needed.
    is_limited : bool
        To at most five replications and a fifth of the work of the run; otherwise all replications, and all trials.
    on_advance : callable, optional
        As for `simsupply.simulate`.
    """
    waits = tuple(longest_waits(result))
    metrics = _short(result) if metric is None else [metric]
    if not metrics:
        return Diagnosis(None, waits, (), is_complete=True)
    num, most = trials_allowed(result) if is_limited else (len(result.values), MOST_TRIALS)
    suspects = suspects_of(result, waits)[:MOST_CONSTRAINTS]
    singles: list[tuple[Suspect, ...]] = [(suspect,) for suspect in suspects]
    tried = {who: _values(result, who, num, on_advance) for who in singles[:most]}
    found = _first_gain(result, metrics, tried, num)
    if not any(trial.is_gain for trial in found[1]):
        pairs: list[tuple[Suspect, ...]] = list(combinations(suspects, 2))
        tried |= {who: _values(result, who, num, on_advance) for who in pairs[: most - len(tried)]}
        found = _first_gain(result, metrics, tried, num)
        is_complete = len(tried) == len(singles) + len(pairs)
    else:
        is_complete = len(tried) >= len(singles)
    return Diagnosis(found[0], waits, found[1], is_complete)


def num_trials(result: Result, *, is_limited: bool = True) -> int:
    """The most replications that `diagnose` runs; for a progress bar."""
    num, most = trials_allowed(result) if is_limited else (len(result.values), MOST_TRIALS)
    return num * most


def trials_allowed(result: Result) -> tuple[int, int]:
    """In how many replications so many trials may be run beside a run: at most five, and a fifth of its work."""
    work = _seconds_of_replication(result)
    runs = SHARE_OF_WORK * (START_S + len(result.values) * work) / work
    most = min(MOST_REPLICATIONS, len(result.values))
    fewest = min(FEWEST_REPLICATIONS, most)
    # As many replications as leave room for all that is tried alone, else few, or fewer yet for the first alone.
    num = next((num for num in range(most, fewest, -1) if runs >= num * MOST_CONSTRAINTS), fewest)
    num = min(num, int(runs))
    # Of one replication nothing can be said.
    return (num, min(MOST_TRIALS, int(runs / num))) if num > 1 else (0, 0)


def suspects_of(result: Result, waits: Sequence[LongestWait]) -> list[Suspect]:
    """Constraints that orders wait for, the longest first, then those of whoever is busiest."""
    constraints = constraints_of(result.scenario, result.strategy)
    hours, longest = dict[tuple[str, str], float](), dict[tuple[str, str], LongestWait]()
    for wait in waits:
        for constraint in constraints:
            if _is_waited_for(constraint, wait):
                hours[constraint.key] = hours.get(constraint.key, 0.0) + wait.hours
                longest.setdefault(constraint.key, wait)
    busy = {name: found.mean or 0.0 for name, found in result.utilisation().items()}
    groups = [constraint for constraint in constraints if constraint.kind in ("crew", "fleet")]
    waited_for = sorted(
        (constraint for constraint in constraints if constraint.key in hours), key=lambda item: -hours[item.key]
    )
    others = sorted(
        (constraint for constraint in groups if constraint.key not in hours),
        key=lambda item: -max((busy.get(step, 0.0) for step in item.steps), default=0.0),
    )
    return [Suspect(constraint, longest.get(constraint.key)) for constraint in (*waited_for, *others)]


# By what is waited for, at the step; of admission in the channel, and of goods wherever they come from.
_WAITED_FOR: dict[str, tuple[ConstraintKind, ...]] = {
    "people": ("crew",),
    "vehicle": ("fleet",),
    "dock": ("docks", "unload_docks"),
    "gate": ("slots", "opening_hours"),
    "room": ("floor", "crew"),
    "admission": ("orders_per_day", "promise_days"),
    "goods": ("source", "stock", "reserve"),
}


def _is_waited_for(constraint: Constraint, wait: LongestWait) -> bool:
    if constraint.kind not in _WAITED_FOR.get(wait.cause, ()):
        return False
    if wait.cause == "admission":
        return constraint.name == wait.channel
    return wait.cause == "goods" or wait.step in constraint.steps


def _short(result: Result) -> list[str]:
    """What falls short: who is reached in time, the need met, the time without."""
    fill, without = result.estimate("fill_rate").mean, result.estimate("empty_pantry_h").mean
    found = {
        "coverage": bool((result.values["coverage"] < 1).any()),
        "fill_rate": fill is not None and fill < 1 - SHORT_BY,
        "empty_pantry_h": without is not None and without >= HOURS_WITHOUT,
    }
    return [metric for metric, is_short in found.items() if is_short]


def _values(
    result: Result, who: Sequence[Suspect], num: int, on_advance: Callable[[float], object] | None
) -> pd.DataFrame:
    return with_more(result, [suspect.constraint for suspect in who], num, on_advance).values


def _first_gain(
    result: Result, metrics: Sequence[str], tried: Mapping[tuple[Suspect, ...], pd.DataFrame], num: int
) -> tuple[str, tuple[Trial, ...]]:
    """The first metric in which something gains, else the first of all, and the trials in it."""
    found = [(metric, _trials(result, metric, tried, num)) for metric in metrics]
    return next((item for item in found if any(trial.is_gain for trial in item[1])), found[0])


def _trials(
    result: Result, metric: str, tried: Mapping[tuple[Suspect, ...], pd.DataFrame], num: int
) -> tuple[Trial, ...]:
    sign = 1.0 if better_side(metric) == "more" else -1.0
    now = result.values[metric].iloc[:num]
    before = float(now.mean())
    pairs = [(values[metric], now) for values in tried.values()]
    gains = differences([pair if sign > 0 else pair[::-1] for pair in pairs], bounds_of(metric))
    return tuple(
        Trial(
            who,
            before,
            float(values[metric].mean()),
            gain,
            _is_gain(sign * (values[metric] - now), before, unit_of(metric), gain),
        )
        for (who, values), gain in zip(tried.items(), gains, strict=True)
    )


def _is_gain(gains: pd.Series, before: float, unit: str, found: Difference) -> bool:
    """Whether an interval says so, or, where replications are too few for that, each of them by what shows."""
    return found.side == 1 or shows_in_each(float(gains.mean()), before, unit, len(gains), int((gains > 0).sum()))


def _seconds_of_replication(result: Result) -> float:
    """About what a replication takes, from what the run did; the same on every machine."""
    scenario, channels = result.scenario, result.strategy.channels
    days = scenario.end_min / MINUTES_PER_DAY
    # Of a shop visits are delivered, of all else orders accepted.
    counts = result.days[result.days["measure"].isin(["accepted", "delivered"])]
    by_channel = counts.groupby(["channel", "measure"])["value"].sum().groupby("channel").max() / len(result.values)
    steps = {name: len(channel.steps) for name, channel in channels.items()}
    # Steps that an order passes, on the mean of the branches.
    passed = {
        name: sum(share * len(channel.of_branch(branch).steps) for branch, share in channel.branch_shares.items())
        for name, channel in channels.items()
    }
    order_steps = sum(float(num) * passed[str(name)] for name, num in by_channel.items())
    is_reference = any(note.startswith("engine: reference") for note in result.notes)
    return (
        PER_HOUSEHOLD_DAY_S * len(scenario.households) * days
        + PER_STEP_DAY_S * days * sum(steps.values())
        + (PER_ORDER_STEP_IN_REFERENCE_S if is_reference else PER_ORDER_STEP_S) * order_steps
    )
