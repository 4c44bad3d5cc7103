"""Running a selection: alternatives of one level are topped up as the procedure asks for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from simsupply.base.catalogue import message
from simsupply.base.problems import wrong
from simsupply.experiment.levels import Level
from simsupply.experiment.selection_settings import SelectionSettings
from simsupply.experiment.simulate import top_up
from simsupply.measures.metric_registry import better_side, bounds_of
from simsupply.records.detail import DetailWord
from simsupply.records.replication import Engine
from simsupply.results.result import Result
from simsupply.stats.intervals import FloatArray
from simsupply.stats.selection import Selection, cannot_be_told_apart, select_best

# A few at a time are cheaper than one by one; what is run too much is kept and shown.
BATCH_SHARE = 0.1


@dataclass(frozen=True)
class SelectionResult:
    """What came of the selection at one level.

    Attributes
    ----------
    settings : SelectionSettings
    selection : Selection
    alike : tuple of int
        Alternatives that cannot be told apart from the best, from all that was run.
    means : tuple of float
        Of the metric, by alternative, over the replications that all have.
    names : tuple of str
        Of the alternatives.
    attendance : float
    at : Level or None
        If not of attendance.
    """

    settings: SelectionSettings
    selection: Selection
    alike: tuple[int, ...]
    means: tuple[float, ...]
    names: tuple[str, ...]
    attendance: float
    at: Level | None = None

    @property
    def named(self) -> dict[str, Any]:
        """Numbers of alternatives as names, for files."""
        return {
            **({"attendance": self.attendance} if self.at is None else {self.at.key: self.at.value}),
            "metric": self.settings.metric,
            "zone": self.settings.zone,
            "in_race": [self.names[number] for number in self.selection.in_race],
            "cannot_be_told_apart": [self.names[number] for number in self.alike],
            "replications": dict(zip(self.names, self.selection.replications, strict=True)),
        }


class Race:
    """Alternatives of one level and their results so far.

    Parameters
    ----------
    results : list of Result
        The first replications of each alternative.
    at : Level, optional
        If not of attendance.
    details, folders, engine
        What is kept besides, in which folder, of each alternative, and what simulates; see
        `simsupply.experiment.simulate.simulate`.
    """

    def __init__(
        self,
        results: Sequence[Result],
        settings: SelectionSettings,
        on_advance: Callable[[float], object] | None,
        at: Level | None = None,
        details: tuple[DetailWord, ...] = (),
        folders: Sequence[Path | None] = (),
        engine: Engine = "auto",
    ) -> None:
        self.engine = engine
        self.details, self.folders = details, list(folders) or [None] * len(results)
        self.results, self.settings, self.on_advance, self.at = list(results), settings, on_advance, at
        self.names = [f"{result.scenario.name}/{result.strategy.name}" for result in results]
        self.first = len(results[0].values)
        self.sign = 1.0 if better_side(settings.metric) == "more" else -1.0

    def run(self) -> SelectionResult:
        """Select, running what is needed."""
        wanted = self.settings
        assert wanted.method is not None  # else there is no race
        assert wanted.zone is not None  # the specification's own rule
        bounds = bounds_of(wanted.metric)
        selection = select_best(
            self._draw,
            len(self.results),
            method=wanted.method,
            zone=wanted.zone,
            probability=wanted.probability,
            first=self.first,
            most=wanted.max,
            span=bounds[1] - bounds[0] if math.isfinite(bounds[1] - bounds[0]) else None,
        )
        values = [result.values[self.settings.metric] for result in self.results]
        return SelectionResult(
            settings=self.settings,
            selection=selection,
            alike=cannot_be_told_apart(values, selection.best, bounds),
            means=tuple(float(alternative.iloc[: min(map(len, values))].mean()) for alternative in values),
            names=tuple(self.names),
            attendance=self.results[0].scenario.mean_attendance,
            at=self.at,
        )

    def _draw(self, number: int, num: int) -> FloatArray:
        result, metric = self.results[number], self.settings.metric
        if num > len(result.values):
            more = max(num, int(len(result.values) * (1 + BATCH_SHARE)))
            self.results[number] = result = top_up(
                result,
                more,
                detail=self.details,
                folder=self.folders[number],
                engine=self.engine,
                on_advance=self.on_advance,
            )
        values: FloatArray = result.values[metric].to_numpy(dtype=float)[:num]
        if np.isnan(values).any():
            allowed = message("metric_in_every_replication", name=self.names[number])
            raise wrong("compare", "select.metric", metric, allowed)
        return self.sign * values
