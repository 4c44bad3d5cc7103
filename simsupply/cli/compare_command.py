"""``simsupply compare``: several strategies or scenarios at several levels of attendance, pair by pair."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsupply.base.catalogue import message
from simsupply.base.problems import COMMAND_LINE
from simsupply.cli.jobs import run_jobs
from simsupply.cli.progress import progress
from simsupply.cli.settings import RunSettings, settings_from

if TYPE_CHECKING:
    from simsupply.scenario.world import Scenario
    from simsupply.strategy.channels import StrategySpec


def compare_command(words: Sequence[str]) -> int:
    """Do what the words of a command line ask for; return the exit status.

    Raises
    ------
    InputError
        Before anything is run.
    """
    return run_jobs("compare", words, _load, _run)


def _load(config: dict[str, Any], overrides: Sequence[str]) -> tuple[Any, ...]:
    """What a comparison needs of a composed configuration: settings, scenarios and strategies, each checked."""
    from simsupply.config.compose import compose_scenarios
    from simsupply.config.load import load_strategy, scenario_from
    from simsupply.experiment.alternatives import alternatives_of
    from simsupply.experiment.selection_settings import check_selection

    settings = settings_from(config, source=COMMAND_LINE)
    configs = compose_scenarios("compare", overrides, settings.scenarios) if settings.scenarios else [config]
    scenarios = [scenario_from(one, source=COMMAND_LINE) for one in configs]
    strategies = [load_strategy(name) for name in settings.strategies or ()]
    check_selection(
        settings.select, settings.replications, alternatives_of(scenarios, strategies, settings.metrics), COMMAND_LINE
    )
    return settings, scenarios, strategies


def _run(
    config: dict[str, Any],
    folder: Path,
    settings: RunSettings,
    scenarios: list[Scenario],
    strategies: list[StrategySpec],
) -> None:
    """Run every alternative at every attendance, write and print."""
    from simsupply.experiment.compare import compare
    from simsupply.report.comparison_answer import answer_rows, answer_sentence
    from simsupply.report.difference_answer import difference_sentences, selection_sentences
    from simsupply.report.folder import write_comparison

    num_levels = len(settings.attendance or [None])
    total = settings.replications * len(strategies) * num_levels * sum(one.end_min for one in scenarios)
    names = [one.name for one in scenarios]
    what = message("comparison_in_hand", scenarios=names, strategies=len(strategies), levels=num_levels)
    with progress(total, what, settings.language) as step:
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
    write_comparison(comparison, config, folder, settings.language)
    print(f"\n{' / '.join(one.spec.scenario.title.in_language(settings.language) for one in scenarios)}\n")
    _print_table(answer_rows(comparison, settings.language))
    print(f"\n{answer_sentence(comparison, settings.language)}\n")
    for line in selection_sentences(comparison, settings.language):
        print(f"- {line}")
    for line in difference_sentences(comparison, settings.language):
        print(f"- {line}")
    print("\n" + message("written_to", folder=folder).in_language(settings.language))


def _print_table(rows: list[list[str]]) -> None:
    def width(text: str) -> int:
        return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)

    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    for number, row in enumerate(rows):
        cells = (cell + " " * (widths[column] - width(cell)) for column, cell in enumerate(row))
        print("  ".join(cells).rstrip())
        if number == 0:
            print("  ".join("-" * count for count in widths))
