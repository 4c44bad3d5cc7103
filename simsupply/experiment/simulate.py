"""Running a plan several times: replications, further ones, and as many as it takes to be precise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from simsupply.base.catalogue import message
from simsupply.base.problems import nearest, wrong
from simsupply.base.quantities import MAX_INTEGER
from simsupply.checks.remarks import remarks
from simsupply.config.load import fit, load_strategy
from simsupply.experiment.precision import PrecisionSettings, check_goals, next_number, reached, read_precision
from simsupply.measures.outcomes import outcomes_of
from simsupply.records.detail import DETAILS, TABLES_OF, Detail, DetailWord, details_of
from simsupply.records.recorder import Recorder
from simsupply.records.replication import ENGINES, Engine, Replication
from simsupply.records.sinks import MemorySinks, ParquetSink
from simsupply.results.household_table import write_households
from simsupply.results.joining import joined
from simsupply.results.result import Result
from simsupply.results.tables import TABLES, SimulatedReplication
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec


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
    """Simulate a scenario under a strategy, several times.

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
    detail : "summary", or one or several of "stages", "orders" and "trips"
        What is kept besides the metrics: what each stage finished per day and drop point; when each order finished
        each step, and what its time went on; each trip and its stops, and queues, vehicles, docks and floors hour by
        hour. One word or a list; an empty one is the same as ``summary``.
    folder : path, optional
        Write that detail there, one Parquet file per table, replication and day, as the run goes on (``folder/stages``;
        ``folder/orders`` and ``folder/time_in_system``; ``folder/trips``, ``folder/stops`` and ``folder/levels``), and
        what each household got, one file per replication (``folder/households``). Without it, ``orders`` and ``trips``
        stay in memory (`Result.orders`, `Result.time_in_system`, `Result.trips`, `Result.stops`, `Result.levels`,
        `Result.households`).
    splits : bool
        Whether to measure by tier, district, listed place, kind of household, goods and channel too
        (`Result.splits`).
    engine : {"auto", "kernels", "events", "reference"}
        ``auto``: steps that couple are simulated together, by events, all others with kernels. ``events``: all of
        them by events; ``kernels``: none, refused where steps couple; ``reference``: every order is a process of its
        own in SimPy; slow. The result is the same.
    precision : mapping, optional
        Replicate until the 95 % intervals are this narrow: ``{"metrics": {"fill_rate": "1%",
        "deprived_household_days": 50}, "max": 200}``; half-widths in the metric's unit or in per cent
        of its mean, all of them at once. `Result.reached` says what came of it.
    on_advance : callable, optional
        Told now and then how many minutes have been simulated since it was told last; a replication
        has `Scenario.end_min` of them. For a progress bar.

    Raises
    ------
    InputError
        If the strategy does not fit the scenario, a number is out of range, or a replication would not
        fit in memory or take more than an hour.
    """
    from simsupply.model.choice import check_engine
    from simsupply.model.estimates import check_estimate

    if not isinstance(strategy, StrategySpec):
        strategy = load_strategy(strategy)
    fit(scenario, strategy)
    check_numbers("simulate", replications=(replications, 1), seed=(seed, 0), first_replication=(first_replication, 0))
    details = details_of(detail)
    check_engine_word(engine, "simulate")
    settings = read_precision(precision, "simulate")
    check_goals(settings, replications, scenario, strategy, "simulate")
    check_estimate(scenario, strategy, check_engine(engine, scenario, strategy), details=details)
    if "stages" in details and folder is None:
        raise wrong("simulate", "folder", None, message("folder_for_stages"))

    def run(begin: int, num: int) -> Result:
        return _replicate(
            scenario,
            strategy,
            seed=seed,
            first=first_replication + begin,
            num=num,
            details=details,
            folder=folder,
            splits=splits,
            engine=engine,
            on_advance=on_advance,
        )

    return _until_precise(run(0, replications), replications, settings, run)


def top_up(
    result: Result,
    replications: int | None = None,
    *,
    precision: PrecisionSettings | Mapping[str, Any] | None = None,
    folder: Path | None = None,
    detail: Detail = "summary",
    engine: Engine = "auto",
    on_advance: Callable[[float], object] | None = None,
) -> Result:
    """The same result with further replications, so that there are `replications`; none is run again.

    Equal to a run of as many in one go. With `precision`, as many as it takes; then `replications`
    is the fewest. `folder`, `detail`, `engine` and `on_advance` are those of `simulate`.

    Raises
    ------
    InputError
        If a number is out of range.
    """
    details = details_of(detail, "top_up")
    if folder is None:
        # What there is in memory of those that were run before.
        details = tuple(word for word in DETAILS if word in details or TABLES_OF[word][0] in result.tables)
    settings = read_precision(precision, "top_up")
    wanted = len(result.values) if replications is None else replications
    check_numbers("top_up", replications=(wanted, 1))
    check_goals(settings, max(wanted, len(result.values)), result.scenario, result.strategy, "top_up")
    first = int(result.values.index.min())

    def run(begin: int, num: int) -> Result:
        return _replicate(
            result.scenario,
            result.strategy,
            seed=result.seed,
            first=first + begin,
            num=num,
            details=details,
            folder=folder,
            splits=result.splits is not None,
            engine=engine,
            on_advance=on_advance,
        )

    return _until_precise(result, wanted, settings, run)


def _until_precise(
    result: Result, replications: int, settings: PrecisionSettings, run: Callable[[int, int], Result]
) -> Result:
    """Top a result up to so many replications, and then until it is precise.

    Parameters
    ----------
    run : callable
        Runs so many further replications, given how many there are.
    """
    target: int | None = replications
    while target is not None:
        num = len(result.values)
        if target > num:
            result = joined(result, run(num, target - num))
        target = next_number(result.values, settings)
    return replace(result, reached=reached(result.values, settings))


def check_numbers(source: str, **numbers: tuple[object, int]) -> None:
    """Refuse what is no whole number of at least so many.

    Raises
    ------
    InputError
    """
    for name, (value, least) in numbers.items():
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= MAX_INTEGER:
            raise wrong(source, name, value, message("whole_number_from_to", least=least, most=MAX_INTEGER))


def check_engine_word(engine: str, source: str) -> None:
    """Refuse an engine that there is not.

    Raises
    ------
    InputError
    """
    if engine not in ENGINES:
        raise wrong(source, "engine", engine, nearest(str(engine), ENGINES))


def _replicate(
    scenario: Scenario,
    strategy: StrategySpec,
    *,
    seed: int,
    first: int,
    num: int,
    details: tuple[DetailWord, ...],
    folder: Path | None,
    splits: bool,
    engine: Engine,
    on_advance: Callable[[float], object] | None,
) -> Result:
    """Run replications `first` .. `first + num - 1` of a checked plan, one after the other."""
    from simsupply.model.run_loop import run_replication

    def replications() -> Iterator[tuple[Replication, Mapping[str, pd.DataFrame]]]:
        for number in range(first, first + num):
            kept, recorder = MemorySinks(), None
            if details:
                sinks = partial(_parquet_sink, folder, number) if folder else kept
                recorder = Recorder(details, scenario, strategy, sinks)
            run = run_replication(
                scenario,
                strategy,
                seed=seed,
                number=number,
                recorder=recorder,
                on_advance=on_advance,
                engine=engine,
            )
            yield run, kept.tables()
            if folder and details:
                write_households(run, scenario, folder / "households")

    return result_of(replications(), scenario, strategy, seed, splits=splits)


def _parquet_sink(folder: Path, replication: int, table: str) -> ParquetSink:
    return ParquetSink(folder / table, replication)


def result_of(
    replications: Iterable[tuple[Replication, Mapping[str, pd.DataFrame]]],
    scenario: Scenario,
    strategy: StrategySpec,
    seed: int,
    *,
    splits: bool,
) -> Result:
    """What replications and the tables in memory of each, if there are any, come to; each is let go before the next."""
    wanted = [table for table in TABLES if splits or table.name != "splits"]
    kept: dict[str, list[tuple[int, Any]]] = {table.name: [] for table in wanted}
    notes, staffed, names = dict[str, None](), set[str](), dict[str, None]()
    for run, in_memory in replications:
        simulated = SimulatedReplication(run, scenario, strategy, outcomes_of(run, scenario), in_memory)
        for table in wanted:
            found = table.keep(simulated)
            if found is not None:
                kept[table.name].append((run.number, found))
        notes.update(dict.fromkeys(run.notes))
        names.update(dict.fromkeys(name for step in run.steps for name in step.names))
        staffed.update(name for step in run.steps if step.scheduled_min for name in step.names)
    return Result(
        scenario=scenario,
        strategy=strategy,
        seed=seed,
        tables={
            table.name: table.build(kept[table.name], scenario, strategy)
            for table in wanted
            if kept[table.name] or not table.may_be_absent
        },
        notes=(
            *notes,
            *(remark.in_language("en") for remark in remarks(scenario.spec, strategy)),
        ),
        unstaffed=tuple(name for name in names if name not in staffed),
    )
