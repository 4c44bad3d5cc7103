"""What a sweep found: tidy tables of its store, and its failures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from simsupply.base.moved_methods import MovedMethods
from simsupply.base.notebook import interval_text, short_html
from simsupply.base.problems import nearest, wrong
from simsupply.measures.metric_registry import bounds_of, unit_of
from simsupply.results.result import MEASURES_SHOWN
from simsupply.stats.bounded import mean_ends
from simsupply.stats.intervals import CONFIDENCE
from simsupply.strategy.plan_titles import PlanTitles
from simsupply.sweeps.store import DamagedFile, Store, open_store
from simsupply.sweeps.sweep_record import Record, read_record

POINT = "point"
_SHOWN_POINTS = 20


@dataclass(frozen=True)
class SweepResult(MovedMethods):
    """A sweep and its store, read when asked for.

    Attributes
    ----------
    store : Store
    record : Record
        Its points, configurations and settings.
    """

    store: Store
    record: Record

    moved: ClassVar[Mapping[str, str]] = {
        "boundary": "boundary(sweep_result, metric, level)",
        "boxes": "boxes(sweep_result, metric, level)",
        "plot": "plot_sweep(sweep_result, metric)",
        "resume": "resume(sweep_result, replications)",
        "sensitivity": "sensitivity(sweep_result, metric)",
    }

    @classmethod
    def read(cls, folder: str | Path, name: str | None = None) -> SweepResult:
        """A sweep that was simulated into a folder; the one run last if there are several.

        Raises
        ------
        InputError
            If there is none.
        """
        store = open_store(Path(folder), "results", "folder", is_new=False)
        return cls(store, read_record(store, name))

    @cached_property
    def points(self) -> pd.DataFrame:
        """One row per point: its number (index ``point``, from 1), the value of every parameter, seed."""
        plans = self.record.plans
        rows = [
            {key: _cell(value) for key, value in point.values.items()} | {"seed": point.seed} for point in plans.points
        ]
        return pd.DataFrame(rows, index=pd.RangeIndex(1, len(rows) + 1, name=POINT))

    @property
    def parameters(self) -> list[str]:
        """Keys that vary."""
        return self.record.plans.parameters

    @cached_property
    def titles(self) -> PlanTitles:
        """What readers see of the names in its keys and metrics."""
        return PlanTitles(self.record.plans.bases)

    @property
    def num_runs(self) -> int:
        """Runs that were asked for."""
        return len({(point.key, point.seed) for point in self.record.plans.points}) * self.record.settings.replications

    @cached_property
    def _runs(self) -> pd.DataFrame:
        """Every run once, with its error: point, seed, replication, code, error."""
        table = self._read(["error", "trace"])
        # Failures have a row of their own, results one per metric.
        return table.to_pandas().drop_duplicates(["point", "seed", "replication", "code"])

    @cached_property
    def _damaged(self) -> dict[Path, DamagedFile]:
        """What could not be read whenever something was read."""
        return {}

    def _read(self, columns: Sequence[str], filters: pc.Expression | None = None) -> pa.Table:
        table, damaged = self.store.read(columns=columns, filters=filters)
        self._damaged.update({file.path: file for file in damaged})
        return table

    @property
    def damaged(self) -> list[DamagedFile]:
        """Files of the store that cannot be read; the sweep simulates their runs again when it goes on."""
        _ = self._runs
        return list(self._damaged.values())

    @property
    def num_other_code(self) -> int:
        """Runs of its points by other versions of the code, which are in none of the tables."""
        runs = self._runs
        of_points = runs["point"].isin({point.key for point in self.record.plans.points})
        return int((of_points & (runs["code"] != self.record.code)).sum())

    @property
    def failed(self) -> pd.DataFrame:
        """One row per failed run: point, the parameters, seed, replication, error, trace."""
        runs = self._runs
        return self._placed(runs[runs["error"].notna() & (runs["code"] == self.record.code)], ["error", "trace"])

    @property
    def missing(self) -> int:
        """Runs that were asked for and have no result: failed, or not run yet."""
        runs = self._runs
        here = runs[runs["error"].isna() & (runs["code"] == self.record.code)]
        placed = self._placed(here, [])
        num = self.record.settings.replications
        placed = placed[placed["replication"] < num].drop_duplicates(["point", "seed", "replication"])
        return len(self.points) * num - len(placed)

    def values(self, metrics: Sequence[str] | None = None) -> pd.DataFrame:
        """One row per run and metric: point, the parameters, seed, replication, metric, value, unit.

        Parameters
        ----------
        metrics : sequence of str, optional
            Only these.

        Raises
        ------
        InputError
            If no run has a metric of this name.
        """
        wanted = pc.field("metric").is_valid() & (pc.field("code") == self.record.code)
        if metrics is not None:
            wanted &= pc.field("metric").isin(list(metrics))
        table = self._read(["metric", "value"], wanted)
        found = self._placed(table.to_pandas(), ["metric", "value"])
        for name in metrics or ():
            if not (found["metric"] == name).any():
                raise wrong("results", "metrics", name, nearest(name, self.metrics))
        found["metric"] = found["metric"].cat.remove_unused_categories()
        names = found["metric"].cat.categories
        return found.assign(unit=pd.Categorical.from_codes(*_units(found["metric"].cat.codes.to_numpy(), list(names))))

    @cached_property
    def metrics(self) -> list[str]:
        """Metrics that its runs have."""
        table = self._read(["metric"], pc.field("metric").is_valid())
        return sorted(table.column("metric").unique().to_pylist())

    def table(self, metrics: Sequence[str] | None = None) -> pd.DataFrame:
        """One row per point and metric: point, the parameters, seed, metric, mean, ci_low, ci_high, n, unit.

        Means and 95 % intervals over replications are those of `simsupply.stats.intervals.estimate`.
        """
        long = self.values(metrics)
        keys = [POINT, *self._columns, "metric", "unit"]
        groups = long.groupby([POINT, "metric"], observed=True, sort=False)
        first = groups.head(1)[keys].reset_index(drop=True)
        size, value = groups.size().to_numpy(), groups["value"]
        found = pd.DataFrame(
            {name: getattr(value, name)().to_numpy() for name in ("mean", "std", "min", "max", "count")}
        )
        return pd.concat([first, _intervals(found, size, first["metric"].astype(str))], axis=1)

    def wide(self, metrics: Sequence[str] | None = None) -> pd.DataFrame:
        """Means only, one row per point: the parameters and a column per metric."""
        means = self.table(metrics).pivot(index=POINT, columns="metric", values="mean")
        means.columns = means.columns.astype(str)
        order = list(metrics) if metrics is not None else list(means.columns)
        return self.points.join(means[order])

    def check_metric(self, metric: str, source: str) -> None:
        """Check that a run has a metric.

        Raises
        ------
        InputError
            If none has, with the nearest name.
        """
        if metric not in self.metrics:
            raise wrong(source, "metric", metric, nearest(metric, self.metrics))

    @property
    def _columns(self) -> list[str]:
        return list(self.points.columns)

    def _placed(self, runs: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
        """Runs of the store at the points of the sweep, in its order; a point that is there twice has them twice."""
        points = pd.DataFrame(
            {
                "key": pd.Categorical([point.key for point in self.record.plans.points]),
                "seed": self.points["seed"].to_numpy(),
                POINT: self.points.index,
            }
        )
        codes = pd.Index(points["key"].cat.categories).get_indexer(runs["point"].cat.categories)
        runs = runs.assign(key=codes[runs["point"].cat.codes.to_numpy()] if len(runs) else [])
        points["key"] = points["key"].cat.codes.astype(np.int64)
        own = runs[runs["key"] >= 0].drop(columns="point")
        merged = own.merge(points, on=["key", "seed"], how="inner")
        merged = merged.iloc[np.lexsort((merged["replication"].to_numpy(), merged[POINT].to_numpy()))]
        at = merged[POINT].to_numpy() - 1
        parameters = {key: self.points[key].array.take(at) for key in self._columns}
        rest = {name: merged[name].array for name in ("replication", *columns)}
        return pd.DataFrame({POINT: at + 1, **parameters, **rest})

    def _repr_html_(self) -> str:
        shown = [name for name in MEASURES_SHOWN if name in self.metrics]
        keys = list(self.points.columns)
        table = self.table(shown) if shown else None
        cells: dict[tuple[int, str], str] = {}
        for row in [] if table is None else table.itertuples():
            cells[row.point, row.metric] = interval_text(row.mean, row.ci_low, row.ci_high)
        points = self.points.head(_SHOWN_POINTS)
        rows = [
            [str(number), *(str(value) for value in values), *(cells.get((number, name), "-") for name in shown)]
            for number, *values in points.itertuples()
        ]
        lines = [self._line(), f"parameters: {', '.join(self.parameters)}", *self._plans_in_words()]
        if len(self.points) > len(points):
            lines.append(f"the first {len(points)} points:")
        return short_html(f"Sweep in {self.store.folder}", lines, [POINT, *keys, *shown], rows)

    def _plans_in_words(self) -> list[str]:
        """Scenarios and strategies that its points start from."""
        bases = self.record.plans.bases
        names = dict.fromkeys((str(base["scenario"]["name"]), str(base["strategy"]["name"])) for base in bases)
        return [f"scenario {scenario}, strategy {strategy}" for scenario, strategy in names]

    def __repr__(self) -> str:
        return f"SweepResult({str(self.store.folder)!r}): {self._line()}"

    def _line(self) -> str:
        failed = len(self.failed)
        return (
            f"{len(self.points):,} points x {self.record.settings.replications} replications, "
            f"{self.missing:,} runs without a result, {failed:,} of them failed"
        )


def _cell(value: Any) -> Any:
    """A value as a cell of a table: lists and mappings as text."""
    return value if isinstance(value, str | int | float | None) else str(value)


def _units(codes: np.ndarray, names: list[str]) -> tuple[np.ndarray, list[str]]:
    """Codes and categories of the units of metrics."""
    units = [unit_of(name) for name in names]
    kinds = list(dict.fromkeys(units))
    of_metric = np.array([kinds.index(unit) for unit in units], dtype=np.int64)
    return (of_metric[codes] if len(codes) else codes.astype(np.int64)), kinds


def _intervals(found: pd.DataFrame, size: np.ndarray, metrics: pd.Series) -> pd.DataFrame:
    """Means and intervals of many groups at once, by the rules of `simsupply.stats.intervals.estimate`."""
    num = found["count"].to_numpy()
    least, most = found["min"].to_numpy(), found["max"].to_numpy()
    is_whole = num == size
    is_same = most - least <= 1e-12 * np.maximum(1.0, np.maximum(np.abs(least), np.abs(most)))
    limits = {name: bounds_of(name) for name in metrics.unique()}
    low, high = (metrics.map({name: limit[side] for name, limit in limits.items()}).to_numpy() for side in (0, 1))
    mean = np.clip(np.where(is_same, least, found["mean"]), low, high)
    with np.errstate(invalid="ignore", divide="ignore"):
        # A single replication has no deviation, and no interval.
        first, last = mean_ends(mean, np.where(is_same, 0.0, found["std"]), np.maximum(num, 2), low, high, CONFIDENCE)
    ends = {"ci_low": np.where(num < 2, np.nan, first), "ci_high": np.where(num < 2, np.nan, last)}
    table = {name: np.where(is_whole, values, np.nan) for name, values in {"mean": mean, **ends}.items()}
    return pd.DataFrame({**table, "n": num})
