"""The words of ``simsupply sweep``: which of them vary something, which hold for all points."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from simsupply.base.catalogue import message
from simsupply.base.files import write_csv
from simsupply.base.language import Language
from simsupply.base.problems import COMMAND_LINE, InputError, StoreError, wrong
from simsupply.base.quantities import Count, Replications, Seed
from simsupply.base.source_map import SourceMap
from simsupply.base.spec import Spec, parse
from simsupply.cli.command_words import help_text, read_words
from simsupply.cli.settings import as_text, one_is_a_list_too
from simsupply.cli.undrawn import undrawn_said
from simsupply.config.compose import Configuration, as_yaml, compose_configuration
from simsupply.config.overrides import read_override, word_of
from simsupply.config.variations import Compose
from simsupply.config.yaml_files import WORLD_SECTIONS
from simsupply.experiment.alternatives import METRICS_COMPARED
from simsupply.figures import save_figure
from simsupply.report.shown_tables import sweep_text
from simsupply.sensitivity.questions import Question, answer, read_questions
from simsupply.sweeps.designs import Values
from simsupply.sweeps.parameters import Choices, Parameter, interval, parameter
from simsupply.sweeps.shown_files import ShownFiles, shown_files
from simsupply.sweeps.sweep import failures_in_words, run_sweep
from simsupply.sweeps.sweep_figure import plot_sweep
from simsupply.sweeps.sweep_record import SweepSettings
from simsupply.sweeps.sweep_result import SweepResult

_SHOWN_POINTS = 40

HELP = """\
simsupply sweep: run one plan at many points of its parameters; stop it and start it again as you like.

simsupply sweep scenario=NAME|FILE.yaml strategy=a,b staffing.attendance=0.1,0.2,0.5 output=DIR   every combination
simsupply sweep 'staffing.attendance=range(0.1,1.0,0.1)' replications=50          steps; more replications later
simsupply sweep design=lhs points=200 'staffing.attendance=interval(0.1,0.9)' 'fleet.vans.count=int(interval(2,8))'
simsupply sweep design=csv file=points.csv            points of your own: a column for each key, a row for each point
simsupply sweep experiment=screening sensitivity=morris:fill_rate                 which parameters matter
simsupply sweep design=boundary 'staffing.attendance=interval(0.1,0.9)' 'fleet.vans.count=int(interval(2,10))' \\
                sensitivity=boundary:coverage:0.95
                                                  where coverage is below 95 %, refined near the boundary
simsupply sweep experiment=attendance                 a ready one; change anything: experiment=attendance replications=5
simsupply sweep ... executor=dask scheduler=tcp://10.0.0.5:8786                   on many machines
simsupply results DIR                                 what was found: simsupply results --help

The same command again runs only what is missing or failed. Everything is checked before the first run.
Writes to output: runs/ (every run, Parquet), sweeps/ (points and configurations); and of the sweep run last table.csv
(means by point), figures/, sensitivity/ and shown.json (which sweep that is, and their names). Exit status 3: some runs
failed; it says which, and the same command runs those alone.
"""


class SweepConfig(Spec):
    """What ``simsupply sweep`` is told besides scenario and strategy: see ``configs/sweep.yaml``."""

    replications: Replications
    seed: Seed
    output: Annotated[str, Field(min_length=1), BeforeValidator(as_text)]
    language: Language
    metrics: Annotated[tuple[str, ...], Field(min_length=1), BeforeValidator(one_is_a_list_too)] = METRICS_COMPARED
    sensitivity: Annotated[tuple[str, ...], BeforeValidator(one_is_a_list_too)] = ()
    parameters: dict[str, Any]
    design: str
    points: Count | None
    file: Annotated[str | None, BeforeValidator(as_text)]
    executor: str
    workers: Count | None
    scheduler: str | None
    on_failure: str


def sweep_command(words: Sequence[str]) -> int:
    """Do what the words of a command line ask for; return the exit status, 0 or 3.

    Raises
    ------
    InputError
        Before anything is run.
    """
    asked = read_words(words)
    fixed, swept = _sorted(asked.overrides)

    def composed(more: Sequence[str], given_by: str = COMMAND_LINE) -> Configuration:
        return compose_configuration("sweep", [*fixed, *more], given_by, asked.folder)

    def compose(more: Sequence[str]) -> dict[str, Any]:
        return composed(more).data

    first = [
        word_of(varied.key, varied.values[0])
        for varied in swept
        if isinstance(varied, Choices) and varied.key != "seed"
    ]
    config = compose(first)
    if asked.is_help:
        print(help_text(HELP, "sweep", config, asked.folder))
        return 0
    if asked.is_shown:
        print(as_yaml(config), end="")
        return 0
    settings = parse(
        SweepConfig,
        {key: value for key, value in config.items() if key not in (*WORLD_SECTIONS, "strategy")},
        source=COMMAND_LINE,
    )

    def places_of(row: Values) -> SourceMap:
        point = [word_of(key, value) for key, value in row.items() if key != "seed"]
        return composed(point, settings.file or COMMAND_LINE).source_map

    parameters = _parameters(settings.parameters, fixed, swept)
    questions = read_questions(settings.sensitivity, settings.design, settings.points, parameters, COMMAND_LINE)
    result = _run(compose, parameters, settings, places_of, [question.metric for question in questions])
    with shown_files(Path(settings.output), result.record) as shown, undrawn_said(settings.language):
        status = _tell(result, settings, shown)
        if status == 0:
            status = _answer_all(questions, result, settings, shown)
    return status


def _answer_all(questions: Sequence[Question], result: SweepResult, settings: SweepConfig, shown: ShownFiles) -> int:
    """Answer each question; one that cannot be answered is named, and does not keep the others from it."""
    status = 0
    for question in questions:
        try:
            print(answer(question, result, shown.new, settings.language))
            shown.put()
        except InputError as error:
            print(error.in_language(settings.language), file=sys.stderr)
            status = 2
    return status


def _sorted(words: Sequence[str]) -> tuple[list[str], list[Parameter]]:
    """Words that hold for all points, and what varies."""
    fixed, swept = [], dict[str, Parameter]()
    for word in words:
        override = read_override(word)
        key, found = override.key, override.swept
        if found is None:
            fixed.append(word)
            continue
        if key in SweepConfig.model_fields and key != "seed":
            raise wrong(COMMAND_LINE, key, override.text, message("no_variation"))
        if key in swept:
            raise wrong(COMMAND_LINE, key, message("given_twice"), message("once"))
        swept[key] = (
            interval(key, *found, source=COMMAND_LINE) if isinstance(found, tuple) else Choices(key, tuple(found))
        )
    return fixed, list(swept.values())


def _parameters(given: Mapping[str, Any], fixed: Sequence[str], swept: Sequence[Parameter]) -> list[Parameter]:
    """Those of a ready sweep, but for what the command line settles or varies itself, and those of the command line."""
    own = {varied.key for varied in swept} | {read_override(word).key for word in fixed}
    ready = [parameter(key, value, "parameters") for key, value in given.items() if key not in own]
    return [*ready, *swept]


def _run(
    compose: Compose,
    parameters: Sequence[Parameter],
    settings: SweepConfig,
    places_of: Callable[[Values], SourceMap],
    asked: Sequence[str],
) -> SweepResult:
    try:
        return run_sweep(
            compose,
            parameters,
            SweepSettings(
                settings.replications,
                settings.design,
                settings.points,
                settings.executor,
                settings.workers,
                settings.scheduler,
                settings.on_failure,
            ),
            seed=settings.seed,
            output=Path(settings.output),
            file=None if settings.file is None else Path(settings.file),
            source=COMMAND_LINE,
            metrics=[*settings.metrics, *asked],
            places_of=places_of,
            say=print,
            language=settings.language,
        )
    except StoreError as error:
        raise StoreError(message("finished_is_safe", why=error.said, folder=settings.output)) from None
    except KeyboardInterrupt:
        said = message("interrupted_sweep", folder=settings.output)
        print(said.in_language(settings.language), file=sys.stderr)
        raise


def _tell(result: SweepResult, settings: SweepConfig, shown: ShownFiles) -> int:
    """Show and write what was found; 3 if runs failed."""
    folder, language = Path(settings.output), settings.language
    if result.missing < result.num_runs:
        means = result.wide(settings.metrics)
        print(sweep_text(means.head(_SHOWN_POINTS), language))
        if len(means) > _SHOWN_POINTS:
            print(message("more_points", number=len(means) - _SHOWN_POINTS).in_language(language))
        write_csv(result.table(settings.metrics), shown.new / "table.csv")
        for metric in settings.metrics:
            save_figure(plot_sweep(result, metric, language=language), shown.new / "figures", metric)
        shown.put()
        print("\n" + message("sweep_written", folder=folder).in_language(language))
    lines = failures_in_words(result, language)
    if not lines:
        return 0
    said = message("runs_failed", failed=len(result.failed), runs=result.num_runs)
    print(said.in_language(language), *lines, sep="\n", file=sys.stderr)
    print(message("others_are_safe", folder=folder).in_language(language), file=sys.stderr)
    return 3
