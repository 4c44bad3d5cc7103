"""From a cell of an experiment to its scenario and strategy."""

from __future__ import annotations

import copy
from dataclasses import replace
from functools import cache
from pathlib import Path

from experiments.spec import Cell, Experiment
from simsupply.base.problems import InputError, nearest, wrong
from simsupply.config.compose import compose_config
from simsupply.config.dotted import Plain, built_in_strategy, put
from simsupply.config.load import fit, scenario_from, strategy_from
from simsupply.config.yaml_files import built_in, is_file_name, read_strategy_file, read_world_file
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec


def plan_of(experiment: Experiment, cell: Cell) -> tuple[Scenario, StrategySpec]:
    """The plan of a cell.

    Raises
    ------
    InputError
        If a key of the experiment does not exist, or the plan is wrong.
    """
    data = plain_plan(experiment, cell)
    levels = ", ".join(f"{name}={level:g}" for name, level in zip(experiment.spec.factors, cell.levels, strict=True))
    source = f"{experiment.source} ({cell.option}{', ' if levels else ''}{levels})"
    scenario, strategy = scenario_from(data, source), strategy_from(data["strategy"], source)
    try:
        fit(scenario, strategy)
    except InputError as error:
        raise InputError(replace(problem, source=f"{source}: {problem.source}") for problem in error.problems) from None
    return scenario, strategy


def plain_plan(experiment: Experiment, cell: Cell) -> Plain:
    """The same as plain data: the sections of a scenario, and `strategy`."""
    spec, option = experiment.spec, experiment.spec.options[cell.option]
    data = copy.deepcopy(_world(experiment.folder, spec.scenario, experiment.source))
    chosen = option.strategy or spec.strategy
    assert chosen is not None  # checked when it was read
    data["strategy"] = copy.deepcopy(_strategy(experiment.folder, chosen, experiment.source))
    changes = [spec.settings, option.settings]
    changes += [factor.settings_at(level) for factor, level in zip(spec.factors.values(), cell.levels, strict=True)]
    for settings in changes:
        # Sections first: other keys change what is in them.
        for key, value in sorted(settings.items(), key=lambda item: "." in item[0]):
            put(data, key, value, experiment.source)
    return data


@cache
def _world(folder: Path, name: str, source: str) -> Plain:
    if is_file_name(name):
        return read_world_file(folder / name)
    if name not in built_in("scenario"):
        raise wrong(source, "scenario", name, f"{nearest(name, built_in('scenario'))}; or a file of the same folder")
    return compose_config("run", [f"scenario={name}"])


@cache
def _strategy(folder: Path, name: str, source: str) -> Plain:
    if is_file_name(name):
        return read_strategy_file(folder / name)
    if name not in built_in("strategy"):
        raise wrong(source, "strategy", name, f"{nearest(name, built_in('strategy'))}; or a file of the same folder")
    return built_in_strategy(name)
