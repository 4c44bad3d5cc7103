"""A sweep from what a user asks for: `simsupply.sweep` and the command ``simsupply sweep``."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsupply.base.catalogue import Message, message
from simsupply.base.language import Language, language_of_locale
from simsupply.base.problems import StoreError, wrong
from simsupply.base.progress import shown
from simsupply.base.quantities import MAX_INTEGER
from simsupply.base.source_map import NO_PLACES, SourceMap
from simsupply.base.system_errors import reason
from simsupply.base.versions import code_version
from simsupply.config.overrides import read_override, split_key, word_of
from simsupply.config.variations import Compose, is_plain_change
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from simsupply.sweeps.designs import SAMPLED, Values, design_points
from simsupply.sweeps.executors import CRASHED
from simsupply.sweeps.parameters import Choices, Interval, Parameter, parameter
from simsupply.sweeps.plans import in_words, make_plans
from simsupply.sweeps.runner import begin, check_executor, run_missing, start
from simsupply.sweeps.store import Run, Store, open_store
from simsupply.sweeps.sweep_record import Record, SweepSettings, with_settings, write_record
from simsupply.sweeps.sweep_result import SweepResult

if TYPE_CHECKING:
    from simsupply.config.compose import Configuration

# On the disk, measured: a run in a file of its own; less once files are put together.
BYTES_PER_RUN = 4000
WORTH_SAYING_S = 10
MEASURED_S = 3

Say = Callable[[str], object]


def sweep(
    scenario: Scenario | str | Path | Mapping[str, Any] = "subdistrict",
    strategy: StrategySpec | str | Path | Sequence[str] = "standard_crates",
    parameters: Mapping[str, Any] | None = None,
    *,
    replications: int = 20,
    seed: int = 1,
    output: str | Path = "outputs/sweep",
    design: str = "grid",
    points: int | None = None,
    file: str | Path | None = None,
    executor: str = "processes",
    workers: int | None = None,
    scheduler: str | None = None,
    on_failure: str = "keep_going",
    overrides: Sequence[str] = (),
) -> SweepResult:
    """Run a scenario at many points of its parameters; what is in the store already is not run again.

    Parameters
    ----------
    scenario : Scenario, str, path or mapping
        Or what `simsupply.load_scenario` takes.
    strategy : StrategySpec, str, path or list of str
        A list varies it.
    parameters : mapping
        What varies: values by key (``{"staffing.attendance": [0.1, 0.2]}``), or Hydra's text
        (``"range(0.1,1,0.1)"``, ``"interval(0.1,0.9)"``, ``"int(interval(50,200))"``).
    replications : int
        Of each point, >= 1; the store is topped up to so many.
    seed : int
        The same for all points, so that they share common random numbers; also that of a drawn design.
    output : path
        Folder of the store; several sweeps may use one.
    design : {"grid", "csv", "lhs", "sobol", "saltelli", "morris"}
        See `simsupply.sweeps.designs.design_points`.
    points : int, optional
        Size of a sampled design.
    file : path, optional
        CSV file of the design ``csv``.
    executor : {"processes", "dask", "serial"}
    workers : int, optional
        Processes on this machine; as many as it has processors.
    scheduler : str, optional
        Address of a Dask scheduler; without it ``dask`` starts a cluster on this machine.
    on_failure : {"keep_going", "fail_fast"}
        Failed runs are kept with their error (`SweepResult.failed`) and run again by `resume`.
    overrides : sequence of str
        Further changes that hold for all points, in Hydra's syntax; with a scenario's name or file only.

    Raises
    ------
    InputError
        With what is wrong with any of the points, before the first run.
    StoreError
        If the store cannot be written; what has finished before is safe.
    """
    settings = SweepSettings(replications, design, points, executor, workers, scheduler, on_failure)
    given = dict(parameters or {})
    if isinstance(strategy, Sequence) and not isinstance(strategy, str):
        given = {"strategy": list(strategy), **given}
        strategy = strategy[0] if strategy else ""
    places_of: Callable[[Values], SourceMap] = _unknown
    if isinstance(scenario, Scenario | Mapping) or isinstance(strategy, StrategySpec):
        if overrides:
            raise wrong("sweep", "overrides", list(overrides), message("none_with_loaded"))
        compose = _of_loaded(scenario, strategy)
    else:
        compose, places_of = _of_names(
            [word_of("scenario", str(scenario)), word_of("strategy", str(strategy)), *overrides]
        )
    return run_sweep(
        compose,
        [parameter(key, value, "sweep") for key, value in given.items()],
        settings,
        seed=seed,
        output=Path(output),
        file=None if file is None else Path(file),
        source="sweep",
        places_of=places_of,
    )


def resume(result: SweepResult, replications: int | None = None, **changes: Any) -> SweepResult:
    """Run what is missing of a sweep or failed; with `replications`, up to so many.

    Parameters
    ----------
    result : SweepResult
    replications : int, optional
        Never fewer than before.
    **changes
        ``executor``, ``workers``, ``scheduler``, ``on_failure``, as in `sweep`.
    """
    more = None if replications is None else max(replications, result.record.settings.replications)
    return run_record(result.store, with_settings(result.record, replications=more, **changes))


def _unknown(row: Values) -> SourceMap:
    """Plain data was written in no file."""
    return NO_PLACES


def _of_names(words: Sequence[str]) -> tuple[Compose, Callable[[Values], SourceMap]]:
    from simsupply.config.compose import compose_configuration

    def composed(more: Sequence[str]) -> Configuration:
        swept = {text.partition("=")[0] for text in more}
        own = [text for text in words if text.partition("=")[0] not in swept]
        return compose_configuration("run", [*own, *more], given_by="sweep")

    def compose(more: Sequence[str]) -> dict[str, Any]:
        return composed(more).data

    def places_of(row: Values) -> SourceMap:
        return composed([word_of(key, value) for key, value in row.items() if key != "seed"]).source_map

    return compose, places_of


def _of_loaded(scenario: Any, strategy: Any) -> Compose:
    """Vary what was loaded: sections and strategies by name, everything else is a plain change."""
    from simsupply.config.load import load_scenario, load_strategy
    from simsupply.config.yaml_files import OPTIONAL_SECTIONS, read_built_in

    if isinstance(scenario, str | Path):
        scenario = load_scenario(scenario)
    world = plain_data(scenario.spec) if isinstance(scenario, Scenario) else dict(scenario)
    sections = ("demand", "staffing", "fleet", *OPTIONAL_SECTIONS)

    def compose(words: Sequence[str]) -> dict[str, Any]:
        config, chosen = dict(world), strategy
        for text in words:
            override = read_override(text, "sweep")
            key, name = override.key, override.value
            if key == "strategy":
                chosen = name
            elif key in sections:
                config[key] = read_built_in(key, name, "sweep")
            else:
                allowed = message("plain_values_or_names", sections=("strategy", *sections))
                raise wrong("sweep", key, name, allowed)
        found = chosen if isinstance(chosen, StrategySpec) else load_strategy(chosen)
        return {**config, "strategy": plain_data(found)}

    return compose


def plain_data(spec: Any) -> dict[str, Any]:
    """What a user would have to write for a specification."""
    import json

    data = json.loads(spec.model_dump_json(by_alias=True, exclude_unset=True))
    assert isinstance(data, dict)
    return data


def run_sweep(
    compose: Compose,
    parameters: Sequence[Parameter],
    settings: SweepSettings,
    *,
    seed: int,
    output: Path,
    file: Path | None,
    source: str,
    metrics: Sequence[str] = (),
    places_of: Callable[[Values], SourceMap] = _unknown,
    say: Say | None = None,
    language: Language | None = None,
) -> SweepResult:
    """Check everything, then run what the store lacks: what `sweep` and the command share.

    `metrics` and `places_of` are those of `simsupply.sweeps.plans.make_plans`; `say` and `language` those of
    `run_record`.
    """
    for name, value, least in (
        ("replications", settings.replications, 1),
        ("seed", seed, 0),
        *(() if settings.workers is None else (("workers", settings.workers, 1),)),
    ):
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= MAX_INTEGER:
            raise wrong(source, name, value, message("whole_number_from_to", least=least, most=MAX_INTEGER))
    check_executor(settings, source)
    base = _own_values(compose, parameters) if settings.design == "tornado" else None
    rows = design_points(
        settings.design, parameters, points=settings.points, seed=seed, file=file, base=base, source=source
    )
    language = language or language_of_locale()
    with _bar(len(rows), message("bar_checking"), message("bar_point"), language) as step:
        plans = make_plans(
            rows,
            compose,
            seed=seed,
            source=source if file is None else str(file),
            may_repeat=settings.design in SAMPLED,
            metrics=metrics,
            places_of=places_of,
            step=step,
        )
    store = open_store(output, source)
    intervals = tuple(varied for varied in parameters if isinstance(varied, Interval))
    return run_record(store, Record(plans.name, plans, settings, code_version(), intervals=intervals), say, language)


def _own_values(compose: Compose, parameters: Sequence[Parameter]) -> dict[str, Any]:
    """What the intervals' keys are in the plan as it is; of several plans, in the first one."""
    chosen = [varied for varied in parameters if isinstance(varied, Choices) and varied.key != "seed"]
    words = [
        word_of(varied.key, varied.values[0]) for varied in chosen if not is_plain_change(varied.key, varied.values[0])
    ]
    config = compose(words)
    found = {}
    for varied in parameters:
        node: Any = config
        for part in split_key(varied.key):
            node = node.get(part) if isinstance(node, Mapping) else None
        found[varied.key] = node
    return found


def run_record(store: Store, record: Record, say: Say | None = None, language: Language | None = None) -> SweepResult:
    """Run what the store lacks of a sweep.

    Parameters
    ----------
    say : callable, optional
        Takes each line about what the store has; without it they go to standard error.
    language : {"en", "zh"}, optional
        Of these lines and the progress bar; without it that of the locale.
    """
    say = say or (lambda text: print(text, file=sys.stderr))
    language = language or language_of_locale()
    code = code_version()
    record = replace(record, code=code)
    settings, plans = record.settings, record.plans
    begun = begin(store, plans, settings.replications, code)
    for damaged_file in begun.damaged:
        say(message("moved_aside", damaged=damaged_file, folder=store.folder / "damaged").in_language(language))
    if begun.num_other_code:
        other = message("runs_of_other_code", folder=store.folder, number=begun.num_other_code)
        say(other.in_language(language))
    try:
        write_record(store, record)
    except OSError as error:
        raise StoreError(message("cannot_write_to", folder=store.folder, reason=reason(error))) from None
    if begun.num_stored:
        there = message(
            "runs_in_store", stored=begun.num_stored, runs=begun.num_runs, folder=store.folder, left=begun.num_left
        )
        say(there.in_language(language))
    if begun.jobs:
        executor = start(settings, plans, begun.num_left)
        what = message("bar_sweep", number=executor.num_workers)
        size = BYTES_PER_RUN * begun.num_left / 1e6
        ahead = message("sweep_ahead", left=begun.num_left, number=executor.num_workers, size=max(size, 0.1))
        say(ahead.in_language(language))
        failures, clock = 0, Clock(begun.num_left)
        with _bar(begun.num_left, what, message("bar_run"), language) as step:

            def on_runs(runs: Sequence[Run]) -> None:
                nonlocal failures
                if time_left := clock.told(len(runs)):
                    say(message("time_ahead", time=time_left).in_language(language))
                failures += sum(run.error is not None for run in runs)
                step(len(runs), message("bar_failed", number=failures).in_language(language) if failures else "")

            run_missing(store, begun, executor, code, is_fail_fast=settings.on_failure == "fail_fast", on_runs=on_runs)
        store.compact_if_many()
    return SweepResult(store, record)


class Clock:
    """Says once how long the runs that are left will take, by the pace of those after the first.

    The first ones wait until their processes have started.
    """

    def __init__(self, num_left: int) -> None:
        self.num_left, self.num_done = num_left, 0
        self.since: float | None = None
        self.is_over = False

    def told(self, num: int) -> Message | None:
        """Told that so many more have come: the time left, if it is known now and worth saying."""
        now = time.monotonic()
        self.num_left -= num
        if self.is_over:
            return None
        if self.since is None:
            self.since = now
            return None
        self.num_done += num
        if now - self.since < MEASURED_S:
            return None
        self.is_over = True
        left_s = self.num_left * (now - self.since) / self.num_done
        return duration(left_s) if left_s > WORTH_SAYING_S else None


def duration(seconds: float) -> Message:
    """About how long: in seconds, minutes or hours.

    >>> [duration(seconds).in_language("en") for seconds in (45, 600, 9000)]
    ['45 s', '10 min', '2.5 h']
    """
    if seconds < 100:
        return message("about_seconds", number=seconds)
    if seconds < 100 * 60:
        return message("about_minutes", number=seconds / 60)
    return message("about_hours", number=seconds / 3600)


@contextmanager
def _bar(total: int, what: Message, unit: Message, language: Language) -> Iterator[Callable[..., object]]:
    """Progress bar with the time left, after two seconds, on a terminal or in a notebook only."""
    from tqdm.auto import tqdm

    in_notebook = "ipykernel" in sys.modules and "PYTEST_CURRENT_TEST" not in os.environ
    bar = tqdm(
        total=total,
        desc=what.in_language(language),
        unit=unit.in_language(language),
        delay=2,
        disable=False if in_notebook else None,
        leave=False,
    )
    with bar, shown(bar):

        def step(num: int = 1, note: str = "") -> None:
            if note:
                bar.set_postfix_str(note, refresh=False)
            bar.update(num)

        yield step


def failures_in_words(result: SweepResult, language: Language, most: int = 5) -> list[str]:
    """Which runs failed, a line each."""
    failed = result.failed
    lines = []
    for row in failed.head(most).to_dict("records"):
        line = message(
            "failed_run",
            point=row["point"],
            values=in_words({key: row[key] for key in result.parameters}),
            seed=row["seed"],
            replication=row["replication"],
            error=message("worker_died") if row["error"] == CRASHED else row["error"],
        )
        lines.append(line.in_language(language))
    if len(failed) > most:
        lines.append(message("more_failed_runs", number=len(failed) - most).in_language(language))
    return lines
