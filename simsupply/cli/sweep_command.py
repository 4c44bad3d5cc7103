"""The words of ``simsupply sweep``: which of them vary something, which hold for all points."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from simsupply.base.catalogue import message
from simsupply.base.files import write_csv
from simsupply.base.language import Language
from simsupply.base.problems import COMMAND_LINE, StoreError, wrong
from simsupply.base.source_map import SourceMap
from simsupply.base.spec import Count, CountOrZero, Spec, parse
from simsupply.cli.hydra_options import MULTIRUN, has_own_folder, overrides_and_options, through_hydra
from simsupply.cli.settings import as_text, one_is_a_list_too
from simsupply.config.compose import Configuration, compose_configuration, file_of, resolve_files
from simsupply.config.variations import Compose, read_overrides, text_of, values_of
from simsupply.config.yaml_files import WORLD_SECTIONS
from simsupply.experiment.alternatives import METRICS_COMPARED
from simsupply.figures import save_figure
from simsupply.sensitivity.questions import answer, read_questions
from simsupply.sweeps.designs import Values
from simsupply.sweeps.parameters import Choices, Parameter, interval, parameter
from simsupply.sweeps.sweep import failures_in_words, run_sweep
from simsupply.sweeps.sweep_figure import plot_sweep
from simsupply.sweeps.sweep_record import SweepSettings
from simsupply.sweeps.sweep_result import SweepResult

_SHOWN_POINTS = 40


class SweepConfig(Spec):
    """What ``simsupply sweep`` is told besides scenario and strategy: see ``configs/sweep.yaml``."""

    replications: Count
    seed: CountOrZero
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
    """Let Hydra act upon its own options; else play the sweep. Returns the exit status, 0 or 3.

    Raises
    ------
    InputError
        Before anything is played.
    """
    overrides, options = overrides_and_options([word for word in words if word not in MULTIRUN])
    if options and not has_own_folder(options):
        through_hydra("sweep", [*overrides, *options])
        return 0
    return _sweep(overrides, options)


def _sweep(words: Sequence[str], options: Sequence[str]) -> int:
    """Play the sweep, for which one configuration is composed many ways, with Hydra's options if there are any."""

    def compose_words(more: Sequence[str]) -> Configuration:
        if options:
            return through_hydra("sweep", [*more, *options])[0]
        return compose_configuration("sweep", more)

    fixed, swept = _sorted(words)

    def compose(more: Sequence[str]) -> dict[str, Any]:
        return compose_words(resolve_files([*fixed, *more])).data

    first = [text_of(one.key, one.values[0]) for one in swept if isinstance(one, Choices) and one.key != "seed"]
    config = compose(first)
    settings = parse(
        SweepConfig,
        {key: value for key, value in config.items() if key not in (*WORLD_SECTIONS, "strategy")},
        source=COMMAND_LINE,
    )

    def places_of(row: Values) -> SourceMap:
        point = [text_of(key, value) for key, value in row.items() if key != "seed"]
        configuration = compose_words(resolve_files([*fixed, *point]))
        return replace(configuration, given_by=settings.file or COMMAND_LINE).source_map

    parameters = _parameters(settings.parameters, fixed, swept)
    questions = read_questions(settings.sensitivity, settings.design, settings.points, parameters, COMMAND_LINE)
    result = _run(compose, parameters, settings, places_of, [one.metric for one in questions])
    status = _tell(result, settings)
    if status == 0:
        for question in questions:
            print(answer(question, result, Path(settings.output), settings.language))
    return status


def _sorted(words: Sequence[str]) -> tuple[list[str], list[Parameter]]:
    """Words that hold for all points, and what varies."""
    fixed, swept = [], dict[str, Parameter]()
    for word, override in zip(words, read_overrides(resolve_files(words)), strict=True):
        key = override.key_or_group
        if not override.is_sweep_override():
            fixed.append(word)
            continue
        if key in SweepConfig.model_fields and key != "seed":
            raise wrong(COMMAND_LINE, key, word.partition("=")[2], message("no_variation"))
        if key in swept:
            raise wrong(COMMAND_LINE, key, message("given_twice"), message("once"))
        found = values_of(override, COMMAND_LINE)
        if isinstance(found, tuple):
            swept[key] = interval(key, *found, source=COMMAND_LINE)
        else:
            swept[key] = Choices(key, tuple(file_of(value) for value in found))
    return fixed, list(swept.values())


def _parameters(given: Mapping[str, Any], fixed: Sequence[str], swept: Sequence[Parameter]) -> list[Parameter]:
    """Those of a ready sweep, but for what the command line settles or varies itself, and those of the command line."""
    own = {one.key for one in swept} | {word.lstrip("+").partition("=")[0] for word in fixed}
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


def _tell(result: SweepResult, settings: SweepConfig) -> int:
    """Show and write what was found; 3 if runs failed."""
    folder, language = Path(settings.output), settings.language
    if result.missing < result.num_runs:
        means = result.wide(settings.metrics)
        print(means.head(_SHOWN_POINTS).to_string(na_rep="-", float_format=lambda value: f"{value:,.4g}"))
        if len(means) > _SHOWN_POINTS:
            print(message("more_points", number=len(means) - _SHOWN_POINTS).in_language(language))
        write_csv(result.table(settings.metrics), folder / "table.csv")
        (folder / "figures").mkdir(exist_ok=True)
        for metric in settings.metrics:
            save_figure(plot_sweep(result, metric, language=language), folder / "figures", metric)
        print("\n" + message("sweep_written", folder=folder).in_language(language))
    lines = failures_in_words(result, language)
    if not lines:
        return 0
    said = message("runs_failed", failed=len(result.failed), runs=result.num_runs)
    print(said.in_language(language), *lines, sep="\n", file=sys.stderr)
    print(message("others_are_safe", folder=folder).in_language(language), file=sys.stderr)
    return 3
