"""Strategies side by side at several levels of attendance, under common random numbers."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from simsupply.config.errors import wrong
from simsupply.config.load import fit, load_strategy
from simsupply.experiment.intervals import Estimate, estimate
from simsupply.experiment.replications import Result, simulate
from simsupply.metrics import unit_of
from simsupply.scenario.world import Scenario
from simsupply.strategy.spec import StrategySpec


@dataclass(frozen=True)
class Case:
    """One strategy at one level of attendance (0..1)."""

    strategy: StrategySpec
    attendance: float
    result: Result

    @property
    def label(self) -> str:
        """Attendance as a reader sees it."""
        return f"{round(self.attendance * 100, 2):g} %"

    def heading(self, language: str = "en") -> str:
        """Heading of this case's panel in a figure."""
        return f"到岗率 {self.label}" if language == "zh" else f"{self.label} attendance"

    def curve(self, language: str = "en") -> pd.DataFrame:
        """Coverage over time, as `simsupply.plot_coverage` takes it."""
        title = self.strategy.title.in_language(language)
        return self.result.coverage_band().assign(strategy=title, case=self.heading(language))

    def utilisation(self, language: str = "en") -> pd.DataFrame:
        """Utilisation by stage, as `simsupply.plot_utilisation` takes it."""
        bottleneck = self.result.bottleneck()
        rows = [
            {
                "strategy": self.strategy.title.in_language(language),
                "case": self.heading(language),
                "stage": stage,
                "mean": found.mean,
                "ci_low": found.ci_low,
                "ci_high": found.ci_high,
                "is_bottleneck": bottleneck is not None and stage == bottleneck.stage,
            }
            for stage, found in self.result.utilisation().items()
        ]
        # A strategy of holds and gates only has no stage: no rows, but the columns.
        columns = ["strategy", "case", "stage", "mean", "ci_low", "ci_high", "is_bottleneck"]
        kinds = {"mean": float, "ci_low": float, "ci_high": float, "is_bottleneck": bool}
        return pd.DataFrame(rows, columns=columns).astype(kinds)


@dataclass(frozen=True)
class Comparison:
    """All cases of a comparison: every strategy at every level of attendance, in the order given."""

    scenario: Scenario
    cases: tuple[Case, ...]

    def table(self) -> pd.DataFrame:
        """The answer in one table.

        Columns: attendance (0..1), strategy, coverage, ci_low, ci_high (share of households served
        within the target), last_household_h (hours until everybody is served once; NaN: not within
        the run in every replication), bottleneck (stage or leg), utilisation (0..1).
        """
        rows = []
        for case in self.cases:
            coverage = case.result.estimate("coverage")
            last = case.result.estimate("last_household_served_h")
            bottleneck = case.result.bottleneck()
            rows.append(
                {
                    "attendance": case.attendance,
                    "strategy": case.strategy.name,
                    "coverage": coverage.mean,
                    "ci_low": coverage.ci_low,
                    "ci_high": coverage.ci_high,
                    "last_household_h": np.nan if last.mean is None else last.mean,
                    "bottleneck": bottleneck.stage if bottleneck else None,
                    "utilisation": (bottleneck.utilisation or 0.0) if bottleneck else 0.0,
                }
            )
        return pd.DataFrame(rows)

    def coverage_curves(self, language: str = "en") -> pd.DataFrame:
        """Coverage over time: strategy (its title), case, hour, mean, ci_low, ci_high."""
        return pd.concat([case.curve(language) for case in self.cases], ignore_index=True)

    def utilisation(self, language: str = "en") -> pd.DataFrame:
        """Utilisation: strategy (its title), case, stage, mean, ci_low, ci_high, is_bottleneck.

        Stages stand in process order, those of different strategies merged.
        """
        table = pd.concat([case.utilisation(language) for case in self.cases], ignore_index=True)
        order: list[str] = []
        for case in self.cases:
            at = 0
            for stage in case.result.utilisation():
                if stage not in order:
                    order.insert(at, stage)
                at = order.index(stage) + 1
        rank = {stage: number for number, stage in enumerate(order)}
        return table.sort_values("stage", key=lambda column: column.map(rank), kind="stable", ignore_index=True)

    def difference(self, better: Case, worse: Case, metric: str = "coverage") -> Estimate:
        """Mean of ``better - worse``, paired by replication (the two share their random numbers)."""
        paired = better.result.values[metric] - worse.result.values[metric]
        return dataclasses.replace(estimate(paired.to_numpy(), "difference"), unit=unit_of(metric))

    def values(self) -> pd.DataFrame:
        """Every metric of every replication: strategy, attendance, replication, metric, value, unit."""
        return pd.concat(
            [
                case.result.long_values().assign(strategy=case.strategy.name, attendance=case.attendance)
                for case in self.cases
            ],
            ignore_index=True,
        )[["strategy", "attendance", "replication", "metric", "value", "unit"]]


def compare(
    scenario: Scenario,
    strategies: Sequence[StrategySpec | str],
    *,
    attendance: Sequence[float] | None = None,
    replications: int = 20,
    seed: int = 1,
    on_advance: Callable[[float], object] | None = None,
) -> Comparison:
    """Run every strategy at every level of attendance.

    The same replication of every case uses the same random numbers, worker by worker and household
    by household, so that differences are due to the strategy and not to luck.

    Parameters
    ----------
    scenario : Scenario
    strategies : sequence of StrategySpec or str
    attendance : sequence of float, optional
        Levels of ``staffing.attendance``, 0..1; without it, the scenario's own (a series is called
        by its mean over the horizon).
    replications, seed, on_advance
        As for `simulate`.

    Raises
    ------
    InputError
        If a strategy does not exist or does not fit, or a level is not within 0..1. Nothing has
        been run then.
    """
    levels = [scenario.mean_attendance] if attendance is None else list(attendance)
    names = [item.name if isinstance(item, StrategySpec) else item for item in strategies]
    for key, given in (("strategies", names), ("attendance", levels)):
        if not given or len(set(given)) < len(given):
            raise wrong("compare", key, list(given), "at least one, none of them twice")
    for number, level in enumerate(levels):
        if isinstance(level, bool) or not isinstance(level, int | float) or not 0 <= level <= 1:
            raise wrong("compare", f"attendance.{number}", level, "a number from 0 to 1")
    loaded = [item if isinstance(item, StrategySpec) else load_strategy(item) for item in strategies]
    for strategy in loaded:
        fit(scenario, strategy)
    for language in ("en", "zh"):
        titles = [strategy.title.in_language(language) for strategy in loaded]
        if len(set(titles)) < len(titles):
            raise wrong("compare", f"title.{language}", titles, "a title of its own for every strategy")
    cases = []
    for level in levels:
        world = scenario if attendance is None else scenario.with_attendance(float(level))
        for strategy in loaded:
            result = simulate(
                world, strategy, replications=replications, seed=seed, splits=False, on_advance=on_advance
            )
            cases.append(Case(strategy, float(level), result))
    return Comparison(scenario=scenario, cases=tuple(cases))
