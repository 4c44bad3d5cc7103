"""What replications of one plan found: numbers, and pure views of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import ClassVar, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simsupply.base.moved_methods import MovedMethods
from simsupply.base.notebook import Answers, interval_text, short_html
from simsupply.measures.metric_families import UTILISATION
from simsupply.measures.metric_registry import better_side, bounds_of, unit_of
from simsupply.measures.splits import bounds_in_group
from simsupply.results.by_replication import long_coverage, long_metrics
from simsupply.results.goal_state import GoalState
from simsupply.results.tables import TABLES
from simsupply.scenario.world import Scenario
from simsupply.stats.bounded import mean_ends
from simsupply.stats.intervals import CONFIDENCE, SHARE, Estimate, estimate, quantile_estimate, share_estimate
from simsupply.strategy.channels import StrategySpec

FloatArray = NDArray[np.float64]
MEASURES_SHOWN = (
    "coverage",
    "fill_rate",
    "deprived_household_days",
    "empty_pantry_h_worst_decile",
    "last_household_served_h",
)
_TABLES = {table.name: table for table in TABLES}


class Busiest(NamedTuple):
    """A stage or leg and its utilisation, 0..1."""

    stage: str
    utilisation: float


@dataclass(frozen=True)
class Result(MovedMethods):
    """Replications of one scenario under one strategy.

    Attributes
    ----------
    scenario, strategy : Scenario, StrategySpec
    seed : int
    tables : mapping of str to DataFrame
        Everything measured, by the names of `simsupply.results.tables.TABLES`; those there are.
    notes : tuple of str
        How the replications were computed (which engine, and why), each note once.
    unstaffed : tuple of str
        Stages and legs at which nobody was on duty in any replication, in process order.
    reached : tuple of Reached
        With ``precision``: what became of each half-width asked for.
    """

    scenario: Scenario
    strategy: StrategySpec
    seed: int
    tables: Mapping[str, pd.DataFrame]
    notes: tuple[str, ...] = ()
    unstaffed: tuple[str, ...] = ()
    reached: tuple[GoalState, ...] = ()

    moved: ClassVar[Mapping[str, str]] = {
        "answer": "answer(result, language)",
        "bottleneck": "diagnose(result)",
        "one_more": "one_more(result, metric)",
        "topped_up": "top_up(result, replications)",
    }

    @property
    def values(self) -> pd.DataFrame:
        """One row per replication (index: its number), one column per metric."""
        return self.tables["values"]

    @property
    def hours(self) -> FloatArray:
        """Moments of `coverage`, hours, shape (moments,)."""
        hours: FloatArray = self.tables["coverage"].columns.to_numpy(dtype=float)
        return hours

    @property
    def coverage(self) -> FloatArray:
        """Share of households served at least once by each moment, 0..1, shape (replications, moments)."""
        coverage: FloatArray = self.tables["coverage"].to_numpy()
        return coverage

    @property
    def days(self) -> pd.DataFrame:
        """Orders by channel, triggers and tiers, day by day up to the horizon: see `simsupply.results.day_table`."""
        return self._table("days")

    @property
    def staff(self) -> pd.DataFrame:
        """People planned, present and absent by crew and day: see `simsupply.results.staff_table.staff_table`."""
        return self._table("staff")

    @property
    def vehicles(self) -> pd.DataFrame:
        """What fleets did, and where they waited: see `simsupply.results.vehicle_table.vehicle_table`."""
        return self._table("vehicles")

    @property
    def shocks(self) -> pd.DataFrame:
        """Which trips each shock struck: see `simsupply.results.shock_table.shock_table`."""
        return self._table("shocks")

    @property
    def standstills(self) -> pd.DataFrame:
        """Vehicles that stood still for good: see `simsupply.results.standstill_table.standstill_table`."""
        return self._table("standstills")

    @property
    def splits(self) -> pd.DataFrame | None:
        """Measures by tier, district, listed place, kind of household, goods and channel; None: not asked for.

        One row per replication, group and metric: see `simsupply.measures.splits.split_table`.
        """
        return self.tables.get("splits")

    @property
    def supply(self) -> pd.DataFrame | None:
        """Stock by goods, day by day: see `simsupply.results.supply_table`; None: no section `supply`."""
        return self.tables.get("supply")

    @property
    def releases(self) -> pd.DataFrame | None:
        """What reserves released: see `simsupply.results.supply_table.release_table`; None: no section `supply`."""
        return self.tables.get("reserve_releases")

    @property
    def rationing(self) -> pd.DataFrame | None:
        """When orders were cut: see `simsupply.results.supply_table.rationing_table`; None: no section `supply`."""
        return self.tables.get("rationing")

    @property
    def orders(self) -> pd.DataFrame | None:
        """With ``detail="orders"`` in memory: see `simsupply.records.recorder.order_table`."""
        return self.tables.get("orders")

    @property
    def time_in_system(self) -> pd.DataFrame | None:
        """With ``detail="orders"`` in memory: see `simsupply.records.time_in_system`."""
        return self.tables.get("time_in_system")

    @property
    def trips(self) -> pd.DataFrame | None:
        """With ``detail="trips"`` in memory: see `simsupply.records.trips`."""
        return self.tables.get("trips")

    @property
    def stops(self) -> pd.DataFrame | None:
        """With ``detail="trips"`` in memory: see `simsupply.records.trips`."""
        return self.tables.get("stops")

    @property
    def levels(self) -> pd.DataFrame | None:
        """With ``detail="trips"`` in memory: see `simsupply.records.levels`."""
        return self.tables.get("levels")

    @property
    def households(self) -> pd.DataFrame | None:
        """With ``detail`` in memory: see `simsupply.results.household_table.household_table`."""
        return self.tables.get("households")

    def _table(self, name: str) -> pd.DataFrame:
        """A table that every run has; without rows in a result that was made otherwise."""
        found = self.tables.get(name)
        return _TABLES[name].none if found is None else found

    def estimate(self, metric: str) -> Estimate:
        """Mean and interval of one metric."""
        return estimate(self.values[metric].to_numpy(), unit_of(metric), bounds_of(metric))

    def quantile(self, metric: str, share: float) -> Estimate:
        """A quantile of one metric over replications with its order-statistic interval.

        ``quantile("deprived_household_days", 0.9)`` is what the worst tenth of replications exceed.
        """
        return quantile_estimate(self.values[metric].to_numpy(), share, unit_of(metric))

    def share(self, metric: str, *, at_least: float = -np.inf, at_most: float = np.inf) -> Estimate:
        """Share of replications in which a metric is within these limits, with its Clopper-Pearson interval.

        A replication in which the metric does not exist is one in which it is not.
        """
        return share_estimate(int(self.values[metric].between(at_least, at_most).sum()), len(self.values))

    def distribution(self) -> pd.DataFrame:
        """Median and worst decile over replications, one row per metric.

        Columns: median, median_low, median_high, worst_decile, worst_decile_low, worst_decile_high, n,
        unit. The worst decile is the value that one replication in ten does not better: the 0.9
        quantile where less is better, the 0.1 quantile where more is, missing where neither is
        (`simsupply.measures.better`). Intervals are by order statistics, missing where replications are too few.
        """
        rows = {}
        for name in self.values.columns:
            median, side = self.quantile(name, 0.5), better_side(name)
            worst = None if side is None else self.quantile(name, 0.1 if side == "more" else 0.9)
            rows[name] = {
                "median": median.mean,
                "median_low": median.ci_low,
                "median_high": median.ci_high,
                "worst_decile": worst.mean if worst else None,
                "worst_decile_low": worst.ci_low if worst else None,
                "worst_decile_high": worst.ci_high if worst else None,
                "n": median.n,
                "unit": median.unit,
            }
        table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("metric")
        return table.astype(dict.fromkeys(table.columns[:6], float))

    def summary(self) -> pd.DataFrame:
        """One row per metric: mean, ci_low, ci_high, n, unit."""
        rows = {name: vars(self.estimate(name)) for name in self.values.columns}
        table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("metric")
        return table.astype({"mean": float, "ci_low": float, "ci_high": float})

    def long_values(self) -> pd.DataFrame:
        """One row per replication and metric: replication, metric, value, unit."""
        return long_metrics(self.values)

    def long_coverage(self) -> pd.DataFrame:
        """Coverage of each replication over time: replication, hour, share."""
        return long_coverage(self.tables["coverage"])

    def split_summary(self) -> pd.DataFrame:
        """One row per split, group and metric: split, group, metric, mean, ci_low, ci_high, n, unit.

        A group that is missing in a replication has no mean, as a metric that does not exist there.

        Raises
        ------
        ValueError
            If the splits were not asked for.
        """
        if self.splits is None:
            raise ValueError("no splits: they are computed by simulate(..., splits=True)")
        rows = []
        for (split, group, metric, unit), part in self.splits.groupby(
            ["split", "group", "metric", "unit"], sort=False, dropna=False
        ):
            values = part.set_index("replication")["value"].reindex(self.values.index)
            found = estimate(values.to_numpy(), unit, bounds_in_group(str(metric)))
            rows.append({"split": split, "group": group, "metric": metric, **vars(found)})
        table = pd.DataFrame(rows, columns=["split", "group", "metric", *(part.name for part in fields(Estimate))])
        return table.astype({"mean": float, "ci_low": float, "ci_high": float, "n": int})

    def utilisation(self) -> dict[str, Estimate]:
        """Utilisation of every stage and leg, in process order."""
        return {
            name.removeprefix(UTILISATION.prefix): self.estimate(name)
            for name in self.values.columns
            if name.startswith(UTILISATION.prefix)
        }

    def busiest(self) -> Busiest | None:
        """The stage or leg with the highest mean utilisation, which need not hold anything up; None: nobody works."""
        means = {name: found.mean or 0.0 for name, found in self.utilisation().items()}
        name = max(means, key=lambda stage: means[stage], default=None)
        return Busiest(name, means[name]) if name is not None and means[name] > 0 else None

    def coverage_band(self) -> pd.DataFrame:
        """Coverage over time with its pointwise interval: hour, mean, ci_low, ci_high.

        An hour at which all replications have the same share has no band: most such hours are those in which nothing
        can have come yet. What is said of the end is said by the metric ``coverage``, whose interval has a width then
        too.
        """
        shares = self.coverage
        num, is_same = len(shares), np.ptp(shares, axis=0) == 0
        mean = np.where(is_same, shares[0], shares.mean(axis=0))
        ends: tuple[FloatArray, FloatArray] = (np.full(len(mean), np.nan), np.full(len(mean), np.nan))
        if num > 1:
            ends = mean_ends(mean, shares.std(axis=0, ddof=1), num, *SHARE, CONFIDENCE)
            ends = np.where(is_same, mean, ends[0]), np.where(is_same, mean, ends[1])
        return pd.DataFrame({"hour": self.hours, "mean": mean, "ci_low": ends[0], "ci_high": ends[1]})

    def measures_shown(self) -> list[tuple[str, str, str]]:
        """The first measures to look at: name, mean with interval, unit."""
        found = {name: self.estimate(name) for name in MEASURES_SHOWN if name in self.values.columns}
        return [
            (name, interval_text(finding.mean, finding.ci_low, finding.ci_high), finding.unit)
            for name, finding in found.items()
        ]

    def _line(self) -> str:
        num = len(self.values)
        return f"scenario {self.scenario.name}, strategy {self.strategy.name}, {num:,} replications, seed {self.seed}"

    def __repr__(self) -> str:
        measures = ", ".join(f"{name} {text}" for name, text, _ in self.measures_shown())
        return f"Result: {self._line()}\n{measures}"

    def _repr_html_(self) -> str:
        title, way = self.scenario.settings.title.en, self.strategy.title.en
        head = ("measure", "mean (95 % interval)", "unit")
        return short_html(f"{title}: {way}", [self._line()], head, self.measures_shown(), Answers.of(self))
