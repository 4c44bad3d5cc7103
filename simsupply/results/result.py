"""Repeating a run: replications, their intervals and the summary."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simsupply.base.language import Language
from simsupply.base.problems import nearest, wrong
from simsupply.base.spec import MAX_INTEGER
from simsupply.checks.served import left_out
from simsupply.checks.shocks import strikes_nothing
from simsupply.config.load import fit, load_strategy
from simsupply.experiment.precision import (
    PrecisionSettings,
    Reached,
    check_precision,
    next_number,
    reached,
    read_precision,
)
from simsupply.measures.measure import coverage_curve, measure
from simsupply.measures.metric_families import UTILISATION
from simsupply.measures.metric_names import check_metric
from simsupply.measures.outcomes import outcomes_of
from simsupply.measures.registry import better_side, unit_of
from simsupply.measures.splits import SplitValues, split_table, split_values
from simsupply.records.recorder import Detail, MemorySink, ParquetSink, Recorder, check_detail, order_table
from simsupply.records.replication import ENGINES, Engine, ShockRecord, SupplyRecord
from simsupply.results.day_table import COLUMNS, day_table
from simsupply.results.household_table import household_table, write_households
from simsupply.results.joining import joined
from simsupply.results.shock_table import shock_table
from simsupply.results.staff_table import staff_table
from simsupply.results.supply_table import rationing_table, release_table, supply_table
from simsupply.results.vehicle_table import vehicle_table
from simsupply.scenario.world import Scenario
from simsupply.stats.intervals import Estimate, estimate, quantile_estimate, share_estimate
from simsupply.strategy.channels import StrategySpec

FloatArray = NDArray[np.float64]


class Bottleneck(NamedTuple):
    """A stage or leg and its utilisation, 0..1; None: nobody was on duty there."""

    stage: str
    utilisation: float | None


@dataclass(frozen=True)
class Result:
    """Replications of one scenario under one strategy.

    Attributes
    ----------
    scenario, strategy : Scenario, StrategySpec
    seed : int
    values : DataFrame
        One row per replication (index: its number), one column per metric.
    hours : float array, shape (moments,)
    coverage : float array, shape (replications, moments)
        Share of households served at least once by each moment.
    orders : DataFrame or None
        With ``detail="orders"`` in memory: see `simsupply.records.recorder.order_table`.
    households : DataFrame or None
        With ``detail="orders"`` in memory: see `simsupply.results.household_table.household_table`.
    days : DataFrame
        Orders by channel, triggers and tiers, day by day up to the horizon: see
        `simsupply.results.day_table.day_table`.
    staff : DataFrame
        People planned, present and absent by crew and day, up to the horizon: see
        `simsupply.results.staff_table.staff_table`.
    shocks : DataFrame
        Which trips each shock struck: see `simsupply.results.shock_table.shock_table`.
    vehicles : DataFrame
        Trips, kilometres, hours under way and what of them was lost, by fleet: see
        `simsupply.results.vehicle_table.vehicle_table`.
    splits : DataFrame or None
        Measures by tier, district, kind of household, goods and channel, one row per replication,
        group and metric: see `simsupply.measures.splits.split_table`. None: not asked for.
    supply, releases, rationing : DataFrame or None
        Stock by goods, day by day, what reserves released, and when orders were cut: see
        `simsupply.results.supply_table.supply_table`, `release_table` and `rationing_table`. None: the
        scenario has no section `supply`.
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
    values: pd.DataFrame
    hours: FloatArray
    coverage: FloatArray
    orders: pd.DataFrame | None = None
    households: pd.DataFrame | None = None
    splits: pd.DataFrame | None = None
    supply: pd.DataFrame | None = None
    releases: pd.DataFrame | None = None
    rationing: pd.DataFrame | None = None
    notes: tuple[str, ...] = ()
    unstaffed: tuple[str, ...] = ()
    reached: tuple[Reached, ...] = ()
    days: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=COLUMNS))
    staff: pd.DataFrame = field(default_factory=lambda: staff_table([]))
    shocks: pd.DataFrame = field(default_factory=lambda: shock_table([]))
    vehicles: pd.DataFrame = field(default_factory=lambda: vehicle_table([]))

    def estimate(self, metric: str) -> Estimate:
        """Mean and interval of one metric."""
        return estimate(self.values[metric].to_numpy(), unit_of(metric))

    def quantile(self, metric: str, share: float) -> Estimate:
        """A quantile of one metric over replications with its order-statistic interval.

        ``quantile("deprived_household_days", 0.9)`` is what the worst tenth of replications exceed.
        """
        return quantile_estimate(self.values[metric].to_numpy(), share, unit_of(metric))

    def share(self, metric: str, *, at_least: float = -np.inf, at_most: float = np.inf) -> Estimate:
        """Share of replications in which a metric is within these limits, with its Wilson interval.

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

    def topped_up(
        self,
        replications: int | None = None,
        *,
        precision: PrecisionSettings | Mapping[str, Any] | None = None,
        folder: Path | None = None,
        detail: Detail = "summary",
        on_advance: Callable[[float], object] | None = None,
    ) -> Result:
        """The same with further replications, so that there are `replications`; none is played again.

        Equal to a run of as many in one go. With `precision`, as many as it takes; then `replications`
        is the fewest. `folder`, `detail` and `on_advance` are those of `simulate`.

        Raises
        ------
        InputError
            If a number is out of range.
        """
        settings = read_precision(precision, "topped_up")
        wanted = len(self.values) if replications is None else replications
        _check_numbers("topped_up", replications=(wanted, 1))
        check_goals(settings, max(wanted, len(self.values)), self.strategy, "topped_up")

        first = int(self.values.index.min())

        def play(begin: int, num: int) -> Result:
            return _play(
                self.scenario,
                self.strategy,
                seed=self.seed,
                first=first + begin,
                num=num,
                detail="orders" if self.orders is not None else detail,
                folder=folder,
                splits=self.splits is not None,
                engine="auto",
                on_advance=on_advance,
            )

        return _until_precise(self, wanted, settings, play)

    def summary(self) -> pd.DataFrame:
        """One row per metric: mean, ci_low, ci_high, n, unit."""
        rows = {name: vars(self.estimate(name)) for name in self.values.columns}
        table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("metric")
        return table.astype({"mean": float, "ci_low": float, "ci_high": float})

    def long_values(self) -> pd.DataFrame:
        """One row per replication and metric: replication, metric, value, unit."""
        long = self.values.reset_index().melt("replication", var_name="metric", value_name="value")
        return long.assign(unit=long["metric"].map(unit_of))

    def long_coverage(self) -> pd.DataFrame:
        """Coverage of each replication over time: replication, hour, share."""
        numbers = self.values.index.to_numpy()
        return pd.DataFrame(
            {
                "replication": np.repeat(numbers, len(self.hours)),
                "hour": np.tile(self.hours, len(numbers)),
                "share": self.coverage.ravel(),
            }
        )

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
            found = estimate(values.to_numpy(), unit)
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

    def bottleneck(self) -> Bottleneck | None:
        """What holds the rest back; None if nothing works at all.

        A stage or leg at which nobody was on duty in any replication, if not everybody was served;
        else the one with the highest mean utilisation.
        """
        if self.unstaffed and (self.values["coverage"] < 1).any():
            return Bottleneck(self.unstaffed[0], None)
        means = {name: found.mean or 0.0 for name, found in self.utilisation().items()}
        name = max(means, key=lambda stage: means[stage], default=None)
        return Bottleneck(name, means[name]) if name is not None and means[name] > 0 else None

    def one_more(self, metric: str = "coverage", on_advance: Callable[[float], object] | None = None) -> pd.DataFrame:
        """What one more worker or vehicle gains, crew by crew: see `simsupply.experiment.bottleneck.one_more`."""
        from simsupply.experiment.bottleneck import one_more

        return one_more(self, metric, on_advance=on_advance)

    def answer(self, language: Language = "en") -> str:
        """What the run means, in a few lines of English or Chinese: see `simsupply.report.run_answer`."""
        from simsupply.report.run_answer import run_answer

        return "\n".join(run_answer(self, language))

    def coverage_band(self) -> pd.DataFrame:
        """Coverage over time with its pointwise interval: hour, mean, ci_low, ci_high."""
        columns = [estimate(self.coverage[:, at], "share") for at in range(len(self.hours))]
        return pd.DataFrame(
            {
                "hour": self.hours,
                "mean": [column.mean for column in columns],
                "ci_low": np.array([column.ci_low for column in columns], dtype=float),
                "ci_high": np.array([column.ci_high for column in columns], dtype=float),
            }
        )


def simulate(
    scenario: Scenario,
    strategy: StrategySpec | str,
    *,
    replications: int = 20,
    seed: int = 1,
    first_replication: int = 0,
    detail: Detail = "summary",
    folder: Path | None = None,
    splits: bool = True,
    engine: Engine = "auto",
    precision: PrecisionSettings | Mapping[str, Any] | None = None,
    on_advance: Callable[[float], object] | None = None,
) -> Result:
    """Play a scenario forward under a strategy, several times.

    Parameters
    ----------
    scenario : Scenario
    strategy : StrategySpec or str
        Or what `simsupply.load_strategy` takes.
    replications : int
        How many, >= 1; each is independent of the others. With `precision` the fewest.
    seed : int
        Alternatives compared under the same seed share common random numbers.
    first_replication : int
        Number of the first one, >= 0; a replication's result depends on its own number only.
    detail : {"summary", "stages", "orders"}
        What is kept besides the metrics: what each stage finished per day and drop point, or when
        each order finished each step.
    folder : path, optional
        Write that detail there, one Parquet file per replication and day, as the run goes on
        (``folder/stages`` or ``folder/orders``), and what each household got, one file per
        replication (``folder/households``). Without it, ``orders`` stays in memory
        (`Result.orders`, `Result.households`).
    splits : bool
        Whether to measure by tier, district, kind of household, goods and channel too
        (`Result.splits`).
    engine : {"auto", "reference"}
        ``reference``: every order is a process of its own in SimPy; slow, and the same result.
    precision : mapping, optional
        Replicate until the 95 % intervals are this narrow: ``{"metrics": {"fill_rate": "1%",
        "deprived_household_days": 50}, "max": 200}``; half-widths in the metric's unit or in per cent
        of its mean, all of them at once. `Result.reached` says what came of it.
    on_advance : callable, optional
        Told now and then how many minutes have been played since it was told last; a replication
        has `Scenario.end_min` of them. For a progress bar.

    Raises
    ------
    InputError
        If the strategy does not fit the scenario, a number is out of range, or the run would not
        fit in memory.
    """
    from simsupply.model.memory import check_memory

    if not isinstance(strategy, StrategySpec):
        strategy = load_strategy(strategy)
    fit(scenario, strategy)
    _check_numbers("simulate", replications=(replications, 1), seed=(seed, 0), first_replication=(first_replication, 0))
    check_detail(detail)
    if engine not in ENGINES:
        raise wrong("simulate", "engine", engine, nearest(str(engine), ENGINES))
    settings = read_precision(precision, "simulate")
    check_goals(settings, replications, strategy, "simulate")
    check_memory(scenario, strategy)
    if detail == "stages" and folder is None:
        raise wrong("simulate", "folder", None, "a folder to write to, with detail='stages'")

    def play(begin: int, num: int) -> Result:
        return _play(
            scenario,
            strategy,
            seed=seed,
            first=first_replication + begin,
            num=num,
            detail=detail,
            folder=folder,
            splits=splits,
            engine=engine,
            on_advance=on_advance,
        )

    return _until_precise(play(0, replications), replications, settings, play)


def _until_precise(
    result: Result, replications: int, settings: PrecisionSettings, play: Callable[[int, int], Result]
) -> Result:
    """Top a result up to so many replications, and then until it is precise.

    Parameters
    ----------
    play : callable
        Plays so many further replications, given how many there are.
    """
    target: int | None = replications
    while target is not None:
        num = len(result.values)
        if target > num:
            result = joined(result, play(num, target - num))
        target = next_number(result.values, settings)
    return replace(result, reached=reached(result.values, settings))


def _check_numbers(source: str, **numbers: tuple[object, int]) -> None:
    for name, (value, least) in numbers.items():
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= MAX_INTEGER:
            raise wrong(source, name, value, f"a whole number from {least} to {MAX_INTEGER}")


def check_goals(settings: PrecisionSettings, replications: int, strategy: StrategySpec, source: str) -> None:
    """Check that what is asked for exists, and that the numbers of replications fit each other.

    Raises
    ------
    InputError
        If not.
    """
    for goal in settings.goals:
        check_metric(goal.metric, [strategy], source, "precision.metrics")
    check_precision(settings, replications, source)


def _play(
    scenario: Scenario,
    strategy: StrategySpec,
    *,
    seed: int,
    first: int,
    num: int,
    detail: Detail,
    folder: Path | None,
    splits: bool,
    engine: Engine,
    on_advance: Callable[[float], object] | None,
) -> Result:
    """Play replications `first` .. `first + num - 1` of a checked plan, one after the other."""
    from simsupply.model.replication import run_replication

    rows, curves, orders, staffed, hours = {}, [], [], set[str](), np.zeros(0)
    notes: dict[str, None] = {}
    households, by_group, by_day = [], list[tuple[int, SplitValues]](), []
    staff, vehicles = [], []
    supplied: list[tuple[int, SupplyRecord]] = []
    shocks: list[tuple[int, tuple[ShockRecord, ...]]] = []
    for number in range(first, first + num):
        sink, recorder = None, None
        if detail != "summary":
            sink = ParquetSink(folder / detail, number) if folder else MemorySink()
            recorder = Recorder(detail, scenario.places.count("drop_point"), sink)
        run = run_replication(
            scenario,
            strategy,
            seed=seed,
            number=number,
            recorder=recorder,
            on_advance=on_advance,
            engine=engine,
        )
        everybody = outcomes_of(run, scenario)
        rows[number] = measure(run, scenario, everybody)
        if splits:
            by_group.append((number, split_values(run, scenario, everybody)))
        by_day.append((number, run.days))
        staff.append((number, run.staff))
        vehicles.append((number, run.steps))
        if run.supply is not None:
            supplied.append((number, run.supply))
        shocks.append((number, run.shocks))
        notes.update(dict.fromkeys(run.notes))
        staffed.update(name for step in run.steps if step.scheduled_min for name in step.names)
        hours, curve = coverage_curve(everybody, scenario.end_min)
        curves.append(curve)
        if folder and detail != "summary":
            write_households(run, scenario, folder / "households")
        if isinstance(sink, MemorySink):
            households.append(household_table(run, scenario))
            orders.append(order_table(sink.rows(), _step_names(strategy), number))
    return Result(
        scenario=scenario,
        strategy=strategy,
        seed=seed,
        values=pd.DataFrame.from_dict(rows, orient="index").rename_axis("replication"),
        hours=hours,
        coverage=np.array(curves),
        days=day_table(by_day, strategy),
        staff=staff_table(staff),
        shocks=shock_table(shocks),
        vehicles=vehicle_table(vehicles),
        orders=pd.concat(orders, ignore_index=True) if orders else None,
        households=pd.concat(households, ignore_index=True) if households else None,
        splits=split_table(by_group, scenario, strategy) if splits else None,
        supply=supply_table(supplied) if supplied else None,
        releases=release_table(supplied) if supplied else None,
        rationing=rationing_table(supplied) if supplied else None,
        notes=(*notes, *left_out(scenario.spec, strategy), *strikes_nothing(scenario.spec, strategy)),
        unstaffed=tuple(dict.fromkeys(name for step in run.steps for name in step.names if name not in staffed)),
    )


def _step_names(strategy: StrategySpec) -> list[str]:
    """Steps of all channels, each name once."""
    steps = (step.body.name for channel in strategy.channels.values() for step in channel.steps)
    return list(dict.fromkeys(steps))
