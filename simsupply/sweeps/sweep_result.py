"""What a sweep found: tidy tables of its store, its failures, a figure, and a way to go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow.compute as pc
from matplotlib.figure import Figure
from scipy.special import stdtrit

from simsupply.base.language import Language
from simsupply.base.problems import nearest, wrong
from simsupply.measures.registry import unit_of
from simsupply.stats.intervals import CONFIDENCE
from simsupply.sweeps.store import Damaged, Store, open_store
from simsupply.sweeps.sweep_record import Record, read_record, with_settings

if TYPE_CHECKING:
    from simsupply.sensitivity.boundary import BoundaryMap
    from simsupply.sensitivity.boxes import Boxes
    from simsupply.sensitivity.effects import Effects

POINT = "point"


@dataclass(frozen=True)
class SweepResult:
    """A sweep and its store, read when asked for.

    Attributes
    ----------
    store : Store
    record : Record
        Its points, configurations and settings.
    """

    store: Store
    record: Record

    @classmethod
    def read(cls, folder: str | Path, name: str | None = None) -> SweepResult:
        """A sweep that was played into a folder; the one played last if there are several.

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
        rows = [{key: _cell(value) for key, value in one.values.items()} | {"seed": one.seed} for one in plans.points]
        return pd.DataFrame(rows, index=pd.RangeIndex(1, len(rows) + 1, name=POINT))

    @property
    def parameters(self) -> list[str]:
        """Keys that vary."""
        return self.record.plans.parameters

    @property
    def num_runs(self) -> int:
        """Runs that were asked for."""
        return len({(one.key, one.seed) for one in self.record.plans.points}) * self.record.settings.replications

    @cached_property
    def _runs(self) -> tuple[pd.DataFrame, list[Damaged]]:
        """Every run once, with its error: point, seed, replication, code, error."""
        table, damaged = self.store.read(columns=["error", "trace"])
        # Failures have a row of their own, results one per metric.
        return table.to_pandas().drop_duplicates(["point", "seed", "replication", "code"]), damaged

    @property
    def damaged(self) -> list[Damaged]:
        """Files of the store that cannot be read; the sweep plays their runs again when it goes on."""
        return self._runs[1]

    @property
    def num_other_code(self) -> int:
        """Runs of its points by other versions of the code, which are in none of the tables."""
        runs = self._runs[0]
        mine = runs["point"].isin({one.key for one in self.record.plans.points})
        return int((mine & (runs["code"] != self.record.code)).sum())

    @property
    def failed(self) -> pd.DataFrame:
        """One row per failed run: point, the parameters, seed, replication, error, trace."""
        runs = self._runs[0]
        return self._placed(runs[runs["error"].notna() & (runs["code"] == self.record.code)], ["error", "trace"])

    @property
    def missing(self) -> int:
        """Runs that were asked for and have no result: failed, or not played yet."""
        runs = self._runs[0]
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
        table, _ = self.store.read(columns=["metric", "value"], filters=wanted)
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
        table, _ = self.store.read(columns=["metric"], filters=pc.field("metric").is_valid())
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
        return pd.concat([first, _intervals(found, size, first["unit"].to_numpy())], axis=1)

    def wide(self, metrics: Sequence[str] | None = None) -> pd.DataFrame:
        """Means only, one row per point: the parameters and a column per metric."""
        means = self.table(metrics).pivot(index=POINT, columns="metric", values="mean")
        means.columns = means.columns.astype(str)
        order = list(metrics) if metrics is not None else list(means.columns)
        return self.points.join(means[order])

    def resume(self, replications: int | None = None, **changes: Any) -> SweepResult:
        """Play what is missing or failed; with `replications`, up to so many.

        Parameters
        ----------
        replications : int, optional
            Never fewer than before.
        **changes
            ``executor``, ``workers``, ``scheduler``, ``on_failure``, as in `simsupply.sweep`.
        """
        from simsupply.sweeps.sweep import play

        more = None if replications is None else max(replications, self.record.settings.replications)
        return play(self.store, with_settings(self.record, replications=more, **changes))

    def plot(
        self, metric: str = "coverage", x: str | None = None, by: str | None = None, language: Language = "en"
    ) -> Figure:
        """Draw a metric over a parameter, a line for each value of another one: see `simsupply.sweeps.sweep_figure`."""
        from simsupply.sweeps.sweep_figure import draw

        return draw(self, metric, x, by, language)

    def sensitivity(self, metric: str = "coverage") -> Effects:
        """Which parameters a metric depends on, with intervals: what the sweep's design was made for.

        Elementary effects of ``morris``, Sobol indices of ``saltelli``, a tornado of ``tornado``; each with ``.table``,
        ``.plot()`` and ``.answer()``. See `simsupply.sensitivity.indices` and `simsupply.sensitivity.tornado`.

        Raises
        ------
        InputError
            If the design is another one, the metric does not exist, or runs are missing.
        """
        from simsupply.sensitivity.of_sweep import effects_of

        return effects_of(self, metric)

    def boundary(self, metric: str, level: float, depth: int = 3) -> BoundaryMap:
        """Where the plan fails: a map over two parameters that plays more points near the boundary.

        Parameters
        ----------
        metric : str
            One of which more, or less, is better.
        level : float
            Worse than this is failing, in the metric's unit.
        depth : int
            How often cells of the first lattice (a quarter of each range) are halved, 0 to 8.

        Raises
        ------
        InputError
            If not exactly two numbers vary, or the metric does not exist or has no better side.
        """
        from simsupply.sensitivity.map_of_sweep import boundary_of

        return boundary_of(self, metric, level, depth)

    def boxes(self, metric: str, level: float, density: float = 0.8, most: int = 3) -> Boxes:
        """Under what conditions the plan fails: boxes of few parameters, by the patient rule induction method.

        Parameters
        ----------
        metric : str
            One of which more, or less, is better.
        level : float
            Worse than this is failing, in the metric's unit.
        density, most
            See `simsupply.sensitivity.boxes.find_boxes`.

        Raises
        ------
        InputError
            If the sweep does not fill a space of two parameters or more, or too few points fail or hold.
        """
        from simsupply.sensitivity.boxes import find_boxes
        from simsupply.sensitivity.map_of_sweep import side_of
        from simsupply.sensitivity.of_sweep import samples_of

        return find_boxes(samples_of(self, metric), level, better=side_of(metric), density=density, most=most)

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
                "key": pd.Categorical([one.key for one in self.record.plans.points]),
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
        head = f"<p>{self._line()}</p>"
        shown = [name for name in ("coverage", "fill_rate", "deprived_household_days") if name in self.metrics]
        return head + self.wide(shown).to_html(max_rows=20)

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


def _intervals(found: pd.DataFrame, size: np.ndarray, units: np.ndarray) -> pd.DataFrame:
    """Means and Student-t intervals of many groups at once, by the rules of `estimate`."""
    num = found["count"].to_numpy()
    is_whole, is_same = num == size, found["min"].to_numpy() == found["max"].to_numpy()
    mean = np.where(is_same, found["min"], found["mean"])
    with np.errstate(invalid="ignore"):
        half = stdtrit(np.maximum(num - 1, 1), 0.5 + CONFIDENCE / 2) * found["std"].to_numpy() / np.sqrt(num)
    half = np.where(num < 2, np.nan, np.where(is_same, 0.0, half))
    low, high = mean - half, mean + half
    is_share = units == "share"
    low, high = np.where(is_share, np.maximum(low, 0.0), low), np.where(is_share, np.minimum(high, 1.0), high)
    table = {
        name: np.where(is_whole, values, np.nan)
        for name, values in (("mean", mean), ("ci_low", low), ("ci_high", high))
    }
    return pd.DataFrame({**table, "n": num})
