"""Run every cell of an experiment under common random numbers, several at a time."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from experiments.plans import plan_of
from experiments.spec import Cell, Experiment
from simsupply.base.problems import InputError, wrong
from simsupply.experiment.simulate import simulate
from simsupply.measures.metric_names import check_metric
from simsupply.results.values import values_of
from simsupply.sweeps.executors import begin_worker

Values = dict[tuple[Cell, str], pd.Series]
"""Values of a measure in a cell, by replication."""


@contextmanager
def pool_of(processes: int) -> Iterator[ProcessPoolExecutor]:
    """Processes for `run_cell`; to be used for all experiments of a call."""
    # A process that was forked would share locks with threads that it does not have.
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), initializer=begin_worker) as pool:
        try:
            yield pool
        except BaseException:
            # What is asked to stop does not run on to the end of the experiment.
            pool.shutdown(cancel_futures=True)
            raise


def check(experiment: Experiment) -> None:
    """Check all plans and measures before the first is run.

    Raises
    ------
    InputError
        If a plan is wrong, or has not one of the measures.
    """
    for cell in experiment.cells():
        _, strategy = plan_of(experiment, cell)
        if cell.levels == experiment.spec.points[0]:
            for name, measure in experiment.spec.measures.items():
                if "/" not in measure.metric:
                    check_metric(measure.metric, [strategy], experiment.source, f"measures.{name}.metric")


def run_cell(experiment: Experiment, cell: Cell) -> dict[str, tuple[list[float], str]]:
    """All measures of one cell: values by replication, and the unit.

    Raises
    ------
    InputError
        If a measure does not exist in every replication.
    """
    spec = experiment.spec
    scenario, strategy = plan_of(experiment, cell)
    splits = any("/" in measure.metric for measure in spec.measures.values())
    result = simulate(scenario, strategy, replications=spec.replications, seed=spec.seed, splits=splits)
    found = {}
    for name, measure in spec.measures.items():
        values, unit = values_of(result, measure.metric)
        if np.isnan(values).any():
            where = ", ".join([cell.option, *(f"{level:g}" for level in cell.levels)])
            allowed = f"a measure that exists in every replication (it does not in {where})"
            raise wrong(experiment.source, f"measures.{name}.metric", measure.metric, allowed)
        found[name] = values.tolist(), unit
    return found


def run_experiment(experiment: Experiment, pool: ProcessPoolExecutor) -> tuple[Values, dict[str, str]]:
    """Run all cells; values by cell and measure, and the unit of every measure."""
    cells = list(experiment.cells())
    tasks = [pool.submit(run_cell, experiment, cell) for cell in cells]
    values: Values = {}
    units: dict[str, str] = {}
    try:
        for cell, task in tqdm(zip(cells, tasks, strict=True), experiment.name, len(cells), unit="plan", disable=None):
            for name, (numbers, unit) in task.result().items():
                values[cell, name] = pd.Series(numbers)
                units.setdefault(name, unit)
    except (InputError, KeyboardInterrupt):
        for task in tasks:
            task.cancel()
        raise
    return values, units
