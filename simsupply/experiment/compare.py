"""Comparing strategies, or scenarios, at several levels of attendance or another key, under common random numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from simsupply.base.catalogue import message
from simsupply.base.problems import InputError, wrong
from simsupply.experiment.alternatives import METRICS_COMPARED, Alternative, alternatives_of
from simsupply.experiment.comparison import Case, Comparison
from simsupply.experiment.levels import Levels, check_levels, levels_of
from simsupply.experiment.race import Race
from simsupply.experiment.selection_settings import SelectionSettings, check_selection
from simsupply.experiment.simulate import check_engine_word, simulate
from simsupply.records.detail import Detail, details_of
from simsupply.records.replication import Engine
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec


def compare(
    scenario: Scenario | Sequence[Scenario],
    strategies: Sequence[StrategySpec | str],
    *,
    attendance: Sequence[float] | None = None,
    levels: Mapping[str, Sequence[Any]] | None = None,
    replications: int = 20,
    seed: int = 1,
    metrics: Sequence[str] = METRICS_COMPARED,
    select: SelectionSettings | Mapping[str, Any] | None = None,
    detail: Detail = "summary",
    folder: Path | None = None,
    engine: Engine = "auto",
    on_advance: Callable[[float], object] | None = None,
) -> Comparison:
    """Run every scenario under every strategy at every level of attendance, or of another key.

    The same replication of every case uses the same random numbers, worker by worker and household
    by household, so that differences are due to the strategy and not to luck.

    Parameters
    ----------
    scenario : Scenario, or several
        Several must have the same horizon and targets.
    strategies : sequence of StrategySpec or str
    attendance : sequence of float, optional
        Levels of ``staffing.attendance``, 0..1; without it, each scenario's own (a series is called
        by its mean over the horizon). The short form of ``levels={"staffing.attendance": attendance}``.
    levels : mapping, optional
        Levels of one key of the scenario, dotted: ``{"staffing.crews.packers.headcount": [5, 10]}``. A section
        may be set to the names of built-in ones: ``{"demand": ["weekly_13kg", "surge_25x"]}``.
    replications, seed, detail, engine, on_advance
        As for `simulate`.
    folder : path, optional
        As for `simulate`, a folder for each case: ``folder/cases/00`` for the first of `Comparison.cases`, and so on.
    metrics : sequence of str
        In which alternatives are compared (`Comparison.differences`).
    select : mapping, optional
        Replicate each alternative only until the best is known, level by level: ``{"method": "kn", "metric":
        "coverage", "zone": 0.01, "probability": 0.95, "max": 1000}``
        (`simsupply.experiment.selection_settings.SelectionSettings`). Then `replications` is the first number.

    Raises
    ------
    InputError
        If a strategy, metric or key does not exist or does not fit, scenarios cannot be compared, or a
        level is not what its key may be. Nothing has been run then.
    """
    scenarios = [scenario] if isinstance(scenario, Scenario) else list(scenario)
    alternatives = alternatives_of(scenarios, strategies, metrics)
    wanted = levels_of(attendance, levels)
    check_levels(wanted, alternatives)
    settings = check_selection(select, replications, alternatives)
    details = details_of(detail, "compare")
    if "stages" in details and folder is None:
        raise wrong("compare", "folder", None, message("folder_for_stages"))
    if engine != "auto":
        _check_engine(engine, alternatives, wanted)
    cases, selected = list[Case](), []
    for number, level in enumerate(wanted.values):
        plans = [
            (wanted.scenario_at(alternative.scenario, level), alternative.strategy) for alternative in alternatives
        ]
        folders = [folder and folder / "cases" / f"{len(cases) + place:02d}" for place in range(len(plans))]
        results = [
            simulate(
                world,
                strategy,
                replications=replications,
                seed=seed,
                detail=details,
                folder=case_folder,
                engine=engine,
                on_advance=on_advance,
            )
            for (world, strategy), case_folder in zip(plans, folders, strict=True)
        ]
        if settings.method:
            race = Race(results, settings, on_advance, wanted.level(level), details, folders, engine)
            selected.append(race.run())
            results = race.results
        cases += [
            Case(
                alternative.strategy,
                result.scenario.mean_attendance,
                result,
                alternative.name,
                alternative.title,
                number,
                wanted.level(level),
            )
            for alternative, result in zip(alternatives, results, strict=True)
        ]
    return Comparison(scenarios[0], tuple(cases), tuple(metrics), tuple(selected))


def _check_engine(engine: Engine, alternatives: Sequence[Alternative], levels: Levels) -> None:
    """Refuse an engine that does not apply to all that is compared, before anything is run."""
    from simsupply.model.choice import check_engine

    check_engine_word(engine, "compare")
    for level in levels.values:
        for alternative in alternatives:
            scenario = levels.scenario_at(alternative.scenario, level)
            try:
                check_engine(engine, scenario, alternative.strategy)
            except InputError as error:
                context = message("scenario_with_strategy", scenario=scenario.name, strategy=alternative.strategy.name)
                problems = [replace(problem, source="compare", context=context) for problem in error.problems]
                raise InputError(problems) from None
