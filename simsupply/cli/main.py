"""The command line: one word for what to do, then Hydra overrides.

The command word is taken off and a `hydra.main` application is called with the rest, so overrides,
``-m``, ``--cfg job``, ``--info``, ``--help`` and ``--config-dir`` work everywhere.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsupply.base.language import Language, language_of_locale
from simsupply.base.problems import COMMAND_LINE, InputError, StoreError, nearest, wrong
from simsupply.base.versions import __version__

if TYPE_CHECKING:
    from simsupply.base.source_map import SourceMap
    from simsupply.cli.settings import RunSettings
    from simsupply.config.compose import Configuration
    from simsupply.results.result import Result
    from simsupply.scenario.world import Scenario
    from simsupply.strategy.channels import StrategySpec

DONE, WRONG_INPUT, FAILED, INTERRUPTED = 0, 2, 3, 130

HELP = """\
simsupply {version}: can a locked-down city be fed, how, and what must be prepared?

usage: simsupply COMMAND [key=value ...] [-m]

commands
  list       what there is: scenarios, strategies, channels, demand, staffing, fleets, goods, tiers, supply, shocks,
             experiments (ready sweeps), metrics
  run        one scenario under one strategy
  compare    several strategies or scenarios at several levels of attendance, pair by pair; select the best
  sweep      one plan at many points of its parameters, on all processors or many machines, resumed where it stopped
  results    what sweeps have found: chosen, shown, written as CSV, Excel or Parquet
  template   write a scenario or strategy file of your own to start from: a built-in one, whole, with comments

examples
  simsupply list scenarios
  simsupply run scenario=subdistrict strategy=standard_crates replications=20 seed=1 output=outputs/a
  simsupply run scenario=my_town.yaml staffing.attendance=0.2
  simsupply run -m strategy=standard_crates,individual_orders staffing.attendance=0.2,0.5,1.0
  simsupply run precision.metrics='{{fill_rate: 1%}}' precision.max=200
  simsupply run staffing.attendance=0.2 bottleneck=coverage
  simsupply compare strategies=[standard_crates,individual_orders] attendance=0.2 select.method=kn select.zone=0.01
  simsupply compare scenario=town attendance=[1.0,0.2] language=zh
  simsupply sweep strategy=standard_crates,individual_orders staffing.attendance=0.1,0.2,0.5 output=outputs/b
  simsupply results outputs/b metrics=coverage export=b.xlsx
  simsupply template my_town.yaml scenario=town
  simsupply template my_way.yaml strategy=county_by_tier

  simsupply run --help               every key that can be set, with its value
  simsupply run --cfg job            the whole configuration, nothing is run
  simsupply list scenarios           built-in names; a path to a YAML file of your own works too

exit status
  0 done   2 the input is wrong   3 a run failed or could not be written   130 interrupted
"""
COMMAND_WORDS = ("list", "run", "compare", "sweep", "results", "template")
LISTS = (
    "scenarios",
    "strategies",
    "channels",
    "demand",
    "staffing",
    "fleet",
    "vehicles",
    "goods",
    "tiers",
    "supply",
    "shocks",
    "experiments",
    "metrics",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        # A terminal that knows no Chinese shows a mark instead of ending the run.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    command, rest = (words[0], words[1:]) if words else ("--help", [])
    try:
        if command in ("-h", "--help", "help"):
            print(HELP.format(version=__version__), end="")
        elif command in ("-V", "--version"):
            print(__version__)
        elif command == "list":
            _list(rest)
        elif command == "template":
            _template(rest)
        elif command == "results":
            from simsupply.cli.results_command import results_command

            return results_command(rest)
        elif command == "sweep":
            return _sweep(rest)
        elif command in COMMANDS:
            return _hydra(command, rest)
        else:
            raise wrong(
                COMMAND_LINE,
                "command",
                command,
                nearest(command, ["list", "template", "sweep", "results", *COMMANDS]),
            )
    except InputError as error:
        print(error.in_language(_language(rest)), file=sys.stderr)
        return WRONG_INPUT
    except SystemExit as stop:
        # Hydra's way of saying that an option is wrong, or that it has shown what was asked for.
        return WRONG_INPUT if stop.code else DONE
    except StoreError as error:
        print(error, file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        # The reader of a pipe (head, less) has seen enough.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
    except OSError as error:
        # A disk that is full or has gone.
        print(f"cannot write: {error.strerror} {error.filename or ''}".rstrip(), file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        if command != "sweep":  # which has said it itself
            print("interrupted: nothing was written for the run in hand", file=sys.stderr)
        return INTERRUPTED
    return DONE


def _language(words: Sequence[str]) -> Language:
    """Language of what is said when something is wrong: that of the last ``language=``, else the locale's."""
    asked: dict[str, Language] = {"language=en": "en", "language=zh": "zh"}
    return next((asked[word] for word in reversed(words) if word in asked), language_of_locale())


# --- list -----------------------------------------------------------------------------------------


def _list(words: Sequence[str]) -> None:
    from simsupply.config.yaml_files import built_in

    if words and words[0] in ("-h", "--help"):
        print(f"usage: simsupply list [{' | '.join(LISTS)}]")
        return
    if len(words) > 1 or (words and words[0] not in LISTS):
        raise wrong(COMMAND_LINE, "list", " ".join(words), nearest(words[0], LISTS))
    for kind in words or LISTS:
        if not words:
            print(f"{kind}:")
        if kind == "metrics":
            from simsupply.measures.registry import ENTRIES

            rows = [(one.name, f"[{one.unit}] {one.definition}") for one in ENTRIES]
        else:
            plurals = {"scenarios": "scenario", "strategies": "strategy", "channels": "channel", "vehicles": "vehicle"}
            plurals["experiments"] = "experiment"
            group = plurals.get(kind, kind)
            rows = [(name, _first_words(group, name)) for name in built_in(group)]
        width = max(len(name) for name, _ in rows)
        for name, words_about in rows:
            print(f"  {name:<{width}}  {words_about}")


def _template(words: Sequence[str]) -> None:
    from simsupply.base.files import write_whole
    from simsupply.config.yaml_files import template

    usage = "FILE.yaml [scenario=NAME | strategy=NAME]"
    files = [word for word in words if "=" not in word]
    names = [word for word in words if word.startswith(("scenario=", "strategy="))]
    if words and words[0] in ("-h", "--help"):
        print(f"usage: simsupply template {usage}")
        return
    if len(files) != 1 or len(names) > 1 or len(files) + len(names) < len(words):
        raise wrong(COMMAND_LINE, "template", " ".join(words), usage)
    group, _, name = (names[0] if names else "scenario=subdistrict").partition("=")
    path, text = Path(files[0]), template(group, name)
    if path.exists():
        raise wrong(COMMAND_LINE, "template", files[0], "a new file; this one exists and is left as it is")
    if path.suffix.lower() not in (".yaml", ".yml"):
        raise wrong(COMMAND_LINE, "template", files[0], "a file name that ends in .yaml")
    try:
        write_whole(path, lambda part: part.write_text(text, encoding="utf-8"))
    except OSError as error:
        raise wrong(COMMAND_LINE, "template", files[0], f"a file that can be written ({error.strerror})") from None
    print(f"written to {path}; change it, then: simsupply run {group}={path}")


def _first_words(group: str, name: str) -> str:
    """Title of a built-in option, or the first comment of its file."""
    import yaml

    from simsupply.config.yaml_files import config_dir

    text = (config_dir() / group / f"{name}.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    title = data.get("title") or data.get("scenario", {}).get("title") if isinstance(data, dict) else None
    if title:
        return f"{title['en']} / {title['zh']}"
    return next((line[1:].strip() for line in text.splitlines() if line.startswith("# ")), "")


# --- run, compare -----------------------------------------------------------------------------------


def _load_run(configuration: Configuration) -> tuple[Any, ...]:
    from simsupply.config.layers import located
    from simsupply.config.load import fit, scenario_from, strategy_from
    from simsupply.experiment.bottleneck import check_one_more
    from simsupply.experiment.precision import check_goals

    config = configuration.data
    settings = _settings(config)
    with located(lambda: configuration.source_map, COMMAND_LINE):
        scenario = scenario_from(config, source=COMMAND_LINE)
        strategy = strategy_from(config["strategy"], source=COMMAND_LINE)
        fit(scenario, strategy)
    check_goals(settings.precision, settings.replications, strategy, COMMAND_LINE)
    if settings.bottleneck is not None:
        check_one_more(settings.bottleneck, strategy, COMMAND_LINE)
    return settings, scenario, strategy


def _run(
    configuration: Configuration, folder: Path, settings: RunSettings, scenario: Scenario, strategy: StrategySpec
) -> None:
    from simsupply.base.source_map import inputs_of
    from simsupply.experiment.simulate import simulate, top_up
    from simsupply.report.answer import answer
    from simsupply.report.folder import write_run
    from simsupply.report.run_answer import precision_words
    from simsupply.results.stored import earlier_result

    config = configuration.data
    earlier = earlier_result(folder, config, scenario, strategy)
    if isinstance(earlier, str):
        print(f"{folder}/ is not topped up but written anew: {earlier}")
        earlier = None
    num_before = 0 if earlier is None else len(earlier.values)
    most = settings.precision.max if settings.precision.goals else settings.replications
    with _progress(max(most - num_before, 0) * scenario.end_min, f"{scenario.name}, {strategy.name}") as step:
        if earlier is None:
            result = simulate(
                scenario,
                strategy,
                replications=settings.replications,
                seed=settings.seed,
                detail=settings.detail,
                folder=folder,
                precision=settings.precision,
                on_advance=step,
            )
        else:
            result = top_up(
                earlier,
                max(settings.replications, num_before),
                precision=settings.precision,
                detail=settings.detail,
                folder=folder,
                on_advance=step,
            )
            print(f"{num_before} replications were in {folder}/, {len(result.values) - num_before} were added\n")
    write_run(result, config, folder, settings.language, inputs_of([configuration.source_map]))
    table = result.summary()
    print(table.to_string(na_rep="-", float_format=lambda value: f"{value:,.3f}"))
    title = scenario.spec.scenario.title.in_language(settings.language)
    print(f"\n{title}: {strategy.title.in_language(settings.language)}\n\n{answer(result, settings.language)}")
    for line in precision_words(result, settings.language):
        print(line)
    if settings.bottleneck is not None:
        _one_more(result, settings.bottleneck, folder, settings.language)
    print(f"\nwritten to {folder}/")


def _one_more(result: Result, metric: str, folder: Path, language: Language) -> None:
    """Measure, write and print what one more worker or vehicle gains."""
    from simsupply.experiment.bottleneck import num_variants, one_more
    from simsupply.report.bottleneck_answer import one_more_sentence
    from simsupply.report.folder import write_one_more

    total = num_variants(result.scenario, result.strategy) * len(result.values) * result.scenario.end_min
    with _progress(total, f"{result.scenario.name}, one more of each") as step:
        table = one_more(result, metric, on_advance=step)
    if table.empty:
        return
    write_one_more(table, metric, folder, language)
    print(f"\n{table.to_string(index=False, na_rep='-', float_format=lambda value: f'{value:,.4g}')}\n")
    print(one_more_sentence(table, metric, language))


def _load_compare(configuration: Configuration) -> tuple[Any, ...]:
    from simsupply.base.source_map import inputs_of
    from simsupply.config.compose import compose_scenarios
    from simsupply.config.layers import located
    from simsupply.config.load import fit, load_strategy, places_of_strategy, scenario_from
    from simsupply.experiment.alternatives import alternatives_of
    from simsupply.experiment.selection_settings import check_selection

    settings = _settings(configuration.data)
    composed = [configuration]
    if settings.scenarios:
        composed = compose_scenarios("compare", configuration.overrides, settings.scenarios)
    scenarios = []
    for one in composed:
        with located(partial(getattr, one, "source_map"), COMMAND_LINE):
            scenarios.append(scenario_from(one.data, source=COMMAND_LINE))
    names = settings.strategies or ()
    strategies = [load_strategy(name) for name in names]

    def places(one: Configuration, name: str) -> SourceMap:
        # The strategy is one of several, not the one that was composed.
        settled = one.source_map.only({*one.data} - {"strategy"})
        return settled.beside(places_of_strategy(name, "strategy"))

    try:
        alternatives = alternatives_of(scenarios, strategies, settings.metrics)
    except InputError:
        for one, scenario in zip(composed, scenarios, strict=True):
            for name, strategy in zip(names, strategies, strict=True):
                with located(partial(places, one, name), COMMAND_LINE):
                    fit(scenario, strategy)
        raise
    check_selection(settings.select, settings.replications, alternatives, COMMAND_LINE)
    inputs = inputs_of(places(one, name) for one in composed for name in names)
    return settings, scenarios, strategies, inputs


def _compare(
    configuration: Configuration,
    folder: Path,
    settings: RunSettings,
    scenarios: list[Scenario],
    strategies: list[StrategySpec],
    inputs: dict[str, Any],
) -> None:
    from simsupply.experiment.compare import compare
    from simsupply.report.comparison_answer import answer_rows, answer_sentence
    from simsupply.report.difference_answer import difference_sentences, selection_sentences
    from simsupply.report.folder import write_comparison

    num_levels = len(settings.attendance or [None])
    total = settings.replications * len(strategies) * num_levels * sum(one.end_min for one in scenarios)
    names = ", ".join(one.name for one in scenarios)
    with _progress(total, f"{names}, {len(strategies)} strategies x {num_levels} attendances") as step:
        comparison = compare(
            scenarios,
            strategies,
            attendance=settings.attendance or None,
            replications=settings.replications,
            seed=settings.seed,
            metrics=settings.metrics,
            select=settings.select,
            on_advance=step,
        )
    write_comparison(comparison, configuration.data, folder, settings.language, inputs)
    print(f"\n{' / '.join(one.spec.scenario.title.in_language(settings.language) for one in scenarios)}\n")
    _print_table(answer_rows(comparison, settings.language))
    print(f"\n{answer_sentence(comparison, settings.language)}\n")
    for line in selection_sentences(comparison, settings.language):
        print(f"- {line}")
    for line in difference_sentences(comparison, settings.language):
        print(f"- {line}")
    print(f"\nwritten to {folder}/")


def _print_table(rows: list[list[str]]) -> None:
    def width(text: str) -> int:
        return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)

    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    for number, row in enumerate(rows):
        cells = (cell + " " * (widths[column] - width(cell)) for column, cell in enumerate(row))
        print("  ".join(cells).rstrip())
        if number == 0:
            print("  ".join("-" * count for count in widths))


# What a command needs, loaded and checked, and what it then does with it.
COMMANDS: dict[str, tuple[Callable[[Configuration], tuple[Any, ...]], Callable[..., None]]] = {
    "run": (_load_run, _run),
    "compare": (_load_compare, _compare),
}


def _settings(config: dict[str, Any]) -> RunSettings:
    from simsupply.cli.settings import settings_from

    return settings_from(config, source=COMMAND_LINE)


@contextlib.contextmanager
def _progress(total_min: float, what: str) -> Iterator[Callable[[float], object]]:
    """Progress bar over simulated days that appears after two seconds, on a terminal only."""
    from tqdm.auto import tqdm

    from simsupply.model.kernels.compiled import are_compiled

    if not are_compiled():
        what += " (compiling for this machine, only this once)"
    with tqdm(
        total=total_min / 1440,
        desc=what,
        unit="day",
        bar_format="{desc}: {percentage:3.0f}%|{bar}| {n:.0f}/{total:.0f} days [{elapsed}<{remaining}]",
        delay=2,
        disable=None,  # no bar unless standard error is a terminal
        leave=False,
        ncols=shutil.get_terminal_size().columns,  # 80 where a terminal does not tell its width
    ) as bar:
        yield lambda passed_min: bar.update(passed_min / 1440)


# --- Hydra ------------------------------------------------------------------------------------------


def _hydra(command: str, words: list[str]) -> int:
    """Compose every job and check it, so that what is wrong is said before anything runs; then run."""
    from simsupply.config.compose import compose_configuration, expand_sweep, resolve_files

    overrides = [word for word in words if _is_override(word)]
    options = [word for word in words if not _is_override(word)]
    is_multirun = any(option in ("-m", "--multirun") for option in options)
    stray = [option for option in options if not option.startswith("-")]
    if stray and len(stray) == len(options):
        raise wrong(COMMAND_LINE, "", stray[0], "key=value, or an option that starts with a dash")
    overrides = resolve_files(overrides)
    points = expand_sweep(overrides) if is_multirun else [overrides]
    # A folder of further options is known to Hydra only.
    is_plain = not any(option.startswith(("--config-", "-cd", "-cp", "-cn")) for option in options)
    jobs = [compose_configuration(command, point) for point in points] if is_plain else []
    if not is_plain or any(option not in ("-m", "--multirun") for option in options):
        jobs = _through_hydra(command, [*overrides, *options])
        is_multirun = is_multirun and bool(jobs)
    load, run = COMMANDS[command]
    if len(jobs) > 1:
        for configuration in jobs:
            load(configuration)
    for number, configuration in enumerate(jobs):
        folder = Path(str(configuration.data["output"]))
        if is_multirun:
            folder /= str(number)
            print(f"\n[{number + 1}/{len(jobs)}] {folder}")
        loaded = load(configuration)
        # Takes a moment to import; what is wrong has been said by now.
        from simsupply.base.files import output_folder

        with output_folder(folder):
            run(configuration, folder, *loaded)
    return DONE


def _sweep(words: list[str]) -> int:
    """Let Hydra act upon its own options; else play the sweep, for which one configuration is composed many ways."""
    from simsupply.config.compose import compose_configuration

    overrides = [word for word in words if _is_override(word)]
    options = [word for word in words if not _is_override(word) and word not in ("-m", "--multirun")]
    compose: Callable[[Sequence[str]], Configuration] = partial(compose_configuration, "sweep")
    if options:
        if not any(option.startswith("-") for option in options):
            raise wrong(COMMAND_LINE, "", options[0], "key=value, or an option that starts with a dash")
        if not any(option.startswith(("--config-", "-cd", "-cp", "-cn")) for option in options):
            _through_hydra("sweep", [*overrides, *options])
            return DONE

        def compose(more: Sequence[str]) -> Configuration:
            return _through_hydra("sweep", [*more, *options])[0]

    from simsupply.cli.sweep_command import sweep_command

    return sweep_command(overrides, compose)


def _is_override(word: str) -> bool:
    return not word.startswith("-") and ("=" in word or word.startswith("~"))


def _through_hydra(command: str, words: list[str]) -> list[Configuration]:
    """Let Hydra act upon its own options (--help, --cfg, --info, --config-dir); the jobs it starts, if any."""
    import hydra
    from hydra.core.hydra_config import HydraConfig
    from omegaconf import DictConfig

    from simsupply.config.compose import configuration_of, files_in_store
    from simsupply.config.yaml_files import config_dir

    jobs: list[Configuration] = []

    def collect(config: DictConfig) -> None:
        job = HydraConfig.get()
        jobs.append(configuration_of(command, config, job.runtime.choices, list(job.overrides.task)))

    application = hydra.main(version_base="1.3", config_path=str(config_dir()), config_name=command)(collect)
    before = sys.argv
    sys.argv = [f"simsupply {command}", *words]
    try:
        with files_in_store(words):
            application()
    finally:
        sys.argv = before
    return jobs


if __name__ == "__main__":
    sys.exit(main())
