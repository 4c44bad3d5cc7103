"""The command line: one word for what to do, then Hydra overrides.

The command word is taken off and a `hydra.main` application is called with the rest, so overrides,
``-m``, ``--cfg job``, ``--info``, ``--help`` and ``--config-dir`` work everywhere.
"""

from __future__ import annotations

import contextlib
import sys
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from simsupply import __version__
from simsupply.config.errors import InputError, nearest, wrong

DONE, WRONG_INPUT, INTERRUPTED = 0, 2, 130

HELP = """\
simsupply {version}: can a locked-down city be fed, how, and what must be prepared?

usage: simsupply COMMAND [key=value ...] [-m]

commands
  list       what there is: scenarios, strategies, channels, demand, staffing, fleets, metrics
  run        one scenario under one strategy
  compare    several strategies at several levels of attendance

examples
  simsupply list scenarios
  simsupply run scenario=subdistrict strategy=standard_crates replications=20 seed=1 output=outputs/a
  simsupply run scenario=my_town.yaml staffing.attendance=0.2
  simsupply run -m strategy=standard_crates,individual_orders staffing.attendance=0.2,0.5,1.0
  simsupply compare scenario=town attendance=[1.0,0.2] language=zh

  simsupply run --help               every key that can be set, with its value
  simsupply run --cfg job            the whole configuration, nothing is run
  simsupply list scenarios           built-in names; a path to a YAML file of your own works too

exit status
  0 done   2 the input is wrong   3 some runs failed   130 interrupted
"""
LISTS = ("scenarios", "strategies", "channels", "demand", "staffing", "fleet", "metrics")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    command, rest = (words[0], words[1:]) if words else ("--help", [])
    try:
        if command in ("-h", "--help", "help"):
            print(HELP.format(version=__version__), end="")
        elif command in ("-V", "--version"):
            print(__version__)
        elif command == "list":
            _list(rest)
        elif command in COMMANDS:
            return _hydra(command, rest)
        else:
            raise wrong("command line", "command", command, nearest(command, ["list", *COMMANDS]))
    except InputError as error:
        print(error, file=sys.stderr)
        return WRONG_INPUT
    except KeyboardInterrupt:
        print("interrupted: nothing was written for the run in hand", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe (head, less) has seen enough.
        sys.stdout = open("/dev/null", "w")  # noqa: SIM115
    return DONE


# --- list -----------------------------------------------------------------------------------------


def _list(words: Sequence[str]) -> None:
    from simsupply.config.read import built_in

    if words and words[0] in ("-h", "--help"):
        print(f"usage: simsupply list [{' | '.join(LISTS)}]")
        return
    if len(words) > 1 or (words and words[0] not in LISTS):
        raise wrong("command line", "list", " ".join(words), nearest(words[0], LISTS))
    for kind in words or LISTS:
        if not words:
            print(f"{kind}:")
        if kind == "metrics":
            from simsupply.metrics import METRICS

            rows = [(metric.name, f"[{metric.unit}] {metric.definition}") for metric in METRICS]
            rows.append(("utilisation.<stage>", "[share] work inside duty hours / hours on duty of those who came"))
        else:
            group = {"scenarios": "scenario", "strategies": "strategy", "channels": "channel"}.get(kind, kind)
            rows = [(name, _first_words(group, name)) for name in built_in(group)]
        width = max(len(name) for name, _ in rows)
        for name, words_about in rows:
            print(f"  {name:<{width}}  {words_about}")


def _first_words(group: str, name: str) -> str:
    """Title of a built-in option, or the first comment of its file."""
    import yaml

    from simsupply.config.read import config_dir

    text = (config_dir() / group / f"{name}.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    title = data.get("title") or data.get("scenario", {}).get("title") if isinstance(data, dict) else None
    if title:
        return f"{title['en']} / {title['zh']}"
    return next((line[1:].strip() for line in text.splitlines() if line.startswith("# ")), "")


# --- run, compare -----------------------------------------------------------------------------------


def _run(config: dict[str, Any], folder: Path) -> None:
    from simsupply.config.load import fit, scenario_from, strategy_from

    scenario = scenario_from(config, source=COMMAND_LINE)
    strategy = strategy_from(config["strategy"], source=COMMAND_LINE)
    fit(scenario, strategy)
    settings = _settings(config)
    from simsupply.experiment.files import make_folder, write_run
    from simsupply.experiment.replications import simulate

    make_folder(folder)
    with _progress(settings.replications, f"{scenario.name}, {strategy.name}") as step:
        result = simulate(
            scenario,
            strategy,
            replications=settings.replications,
            seed=settings.seed,
            detail=settings.detail,
            folder=folder,
            on_replication=step,
        )
    write_run(result, config, folder, settings.language)
    table = result.summary()
    print(table.to_string(na_rep="-", float_format=lambda value: f"{value:,.3f}"))
    print(f"\nwritten to {folder}/")


def _compare(config: dict[str, Any], folder: Path) -> None:
    from simsupply.config.load import fit, load_strategy, scenario_from

    scenario = scenario_from(config, source=COMMAND_LINE)
    settings = _settings(config)
    strategies = [load_strategy(str(name)) for name in settings.strategies]
    for strategy in strategies:
        fit(scenario, strategy)
    from simsupply.experiment.comparison import compare
    from simsupply.experiment.files import make_folder, write_comparison
    from simsupply.experiment.words import answer_rows, answer_sentence

    make_folder(folder)
    levels = settings.attendance or [scenario.spec.staffing.attendance]
    total = settings.replications * len(strategies) * len(levels)
    with _progress(total, f"{scenario.name}, {len(strategies)} strategies x {len(levels)} attendances") as step:
        comparison = compare(
            scenario,
            strategies,
            attendance=levels,
            replications=settings.replications,
            seed=settings.seed,
            on_replication=step,
        )
    write_comparison(comparison, config, folder, settings.language)
    print(f"\n{scenario.spec.scenario.title.in_language(settings.language)}\n")
    _print_table(answer_rows(comparison, settings.language))
    print(f"\n{answer_sentence(comparison, settings.language)}\n\nwritten to {folder}/")


def _print_table(rows: list[list[str]]) -> None:
    def width(text: str) -> int:
        return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)

    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    for number, row in enumerate(rows):
        cells = (cell + " " * (widths[column] - width(cell)) for column, cell in enumerate(row))
        print("  ".join(cells).rstrip())
        if number == 0:
            print("  ".join("-" * count for count in widths))


COMMAND_LINE = "command line"
COMMANDS: dict[str, Callable[[dict[str, Any], Path], None]] = {"run": _run, "compare": _compare}


def _settings(config: dict[str, Any]) -> Any:
    from simsupply.config.settings import RunSettings, settings_from

    settings: RunSettings = settings_from(config, source=COMMAND_LINE)
    return settings


@contextlib.contextmanager
def _progress(total: int, what: str) -> Any:
    """Progress bar that appears after two seconds, on a terminal only."""
    from tqdm.auto import tqdm

    # disable=None: no bar unless standard error is a terminal.
    with tqdm(total=total, desc=what, unit="run", delay=2, disable=None, leave=False) as bar:
        yield bar.update


# --- Hydra ------------------------------------------------------------------------------------------


def _hydra(command: str, words: list[str]) -> int:
    """Let Hydra compose, then run each job; what cannot be composed is said before anything runs."""
    import hydra
    from hydra.core.hydra_config import HydraConfig
    from hydra.types import RunMode
    from omegaconf import DictConfig, OmegaConf

    from simsupply.config.compose import compose_config, expand_sweep, resolve_files
    from simsupply.config.read import config_dir

    flags = [word for word in words if word.startswith("-")]
    is_multirun = any(flag in ("-m", "--multirun") for flag in flags)
    if not flags or is_multirun:
        overrides = [word for word in words if not word.startswith("-")]
        malformed = [word for word in overrides if "=" not in word and not word.startswith("~")]
        if malformed:
            raise wrong(COMMAND_LINE, "", malformed[0], "key=value, or an option that starts with a dash")
        resolved = resolve_files(overrides)
        for point in expand_sweep(resolved) if is_multirun else [resolved]:
            compose_config(command, point)
        words = [*flags, *resolved]
    jobs: list[tuple[dict[str, Any], Path]] = []

    def collect(config: DictConfig) -> None:
        data = OmegaConf.to_container(config, resolve=True)
        assert isinstance(data, dict)
        settings = HydraConfig.get()
        folder = Path(str(data["output"]))
        if settings.mode == RunMode.MULTIRUN:
            folder /= str(settings.job.num)
        jobs.append(({str(key): value for key, value in data.items()}, folder))

    application = hydra.main(version_base="1.3", config_path=str(config_dir()), config_name=command)(collect)
    before = sys.argv
    sys.argv = [f"simsupply {command}", *words]
    try:
        application()
    except SystemExit as stop:
        return WRONG_INPUT if stop.code else DONE
    finally:
        sys.argv = before
    for number, (config, folder) in enumerate(jobs):
        if len(jobs) > 1:
            print(f"\n[{number + 1}/{len(jobs)}] {folder}")
        COMMANDS[command](config, folder)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
