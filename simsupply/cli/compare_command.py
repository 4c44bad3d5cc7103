"""``simsupply compare``: several strategies or scenarios at levels of attendance or another key, pair by pair."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsupply.base.catalogue import Message, message
from simsupply.base.notices import notice
from simsupply.base.problems import COMMAND_LINE, InputError, wrong
from simsupply.base.progress import working
from simsupply.cli.jobs import run_jobs
from simsupply.cli.progress import progress

if TYPE_CHECKING:
    from simsupply.base.source_map import SourceMap
    from simsupply.base.whole_folder import WholeFolder
    from simsupply.cli.settings import RunSettings
    from simsupply.config.compose import Configuration
    from simsupply.experiment.comparison import Comparison
    from simsupply.scenario.world import Scenario
    from simsupply.strategy.channels import StrategySpec

HELP = """\
simsupply compare: several strategies at several levels of attendance or another key, under common random numbers.

simsupply compare scenario=NAME|FILE.yaml strategies=[a,b] attendance=[1.0,0.5,0.2] output=DIR [key=value ...]

simsupply compare scenarios=[a,b] strategies=[one] attendance=null     scenarios, each at its own attendance

simsupply compare strategies=[a,b] levels='{fleet.local_vans.count: [10, 20, 40]}'     levels of any key of the scenario

simsupply compare strategies=[a,b,c] attendance=0.2 select.method=kn select.metric=coverage select.zone=0.01

Writes answer.md, table.csv, differences.csv (every pair in every metric, with simultaneous intervals),
for_whom.csv (the same by tier, district, kind of household and worst-off tenth), comparison.json,
replications.parquet, provenance.json and figures/ to output; with detail= also cases/00, cases/01, ...: of each case,
in the order of comparison.json, what detail= has for run.

engine=auto (what follows), or one that simulates whatever it can; the numbers are the same to the last bit:
  auto       kernels for what does not couple, events for steps that do
  kernels    arrays, step by step, compiled; refused where steps couple (a crew at several steps or at wheels, limited
             floors, docks for unloading, ...): the step is named, and why
  events     every step, from one event to the next, compiled
  reference  SimPy, a process for each order: the model's definition; hundreds of times slower
Refused before anything is run if it does not apply to everything that is compared.
"""


def compare_command(words: Sequence[str]) -> int:
    """Do what the words of a command line ask for; return the exit status.

    Raises
    ------
    InputError
        Before anything is run.
    """
    return run_jobs("compare", words, HELP, _load, _run)


def _load(configuration: Configuration) -> tuple[Any, ...]:
    """What a comparison needs of a composed configuration: settings, scenarios and strategies, each checked."""
    # Imported here: `compare --help` does not wait for pandas.
    from simsupply.base.source_map import inputs_of
    from simsupply.cli.settings import settings_from
    from simsupply.config.compose import compose_scenarios
    from simsupply.config.layers import located
    from simsupply.config.load import fit, load_strategy, places_of_strategy, scenario_from
    from simsupply.config.overrides import read_overrides
    from simsupply.experiment.alternatives import alternatives_of
    from simsupply.experiment.levels import check_levels, levels_of
    from simsupply.experiment.selection_settings import check_selection
    from simsupply.scenario.people_at_places import said_of_places

    for override in read_overrides(configuration.overrides):
        if override.path[0] == "strategy" or override.key.startswith("channel@"):
            # Nothing of it would have an effect.
            raise wrong(COMMAND_LINE, override.key, override.text, message("strategies_of_comparison"))
    settings = settings_from(configuration.data, source=COMMAND_LINE)
    if settings.levels is not None and not _is_typed("attendance", configuration.overrides):
        # The attendances of the configuration are those of a comparison that is told no other levels.
        settings = settings.model_copy(update={"attendance": None})
    levels = levels_of(settings.attendance, settings.levels, COMMAND_LINE)
    composed = [configuration]
    if settings.scenarios:
        composed = compose_scenarios(configuration, settings.scenarios)
    scenarios = []
    for composed_plan in composed:
        with located(partial(getattr, composed_plan, "source_map"), COMMAND_LINE):
            scenarios.append(scenario_from(composed_plan.data, source=COMMAND_LINE))
    for composed_plan, scenario in zip(composed, scenarios, strict=True):
        for said in said_of_places(scenario, (change.key for change in composed_plan.changes)):
            notice(said)
    names = settings.strategies or ()
    strategies = [load_strategy(name) for name in names]

    def places(configuration: Configuration, name: str) -> SourceMap:
        # The strategy is one of several, not the one that was composed.
        settled = configuration.source_map.only({*configuration.data} - {"strategy"})
        return settled.beside(places_of_strategy(name, "strategy"))

    try:
        alternatives = alternatives_of(scenarios, strategies, settings.metrics)
    except InputError:
        for composed_plan, scenario in zip(composed, scenarios, strict=True):
            for name, strategy in zip(names, strategies, strict=True):
                with located(partial(places, composed_plan, name), COMMAND_LINE):
                    fit(scenario, strategy)
        raise
    check_levels(levels, alternatives, COMMAND_LINE)
    check_selection(settings.select, settings.replications, alternatives, COMMAND_LINE)
    inputs = inputs_of(places(composed_plan, name) for composed_plan in composed for name in names)
    return settings, scenarios, strategies, inputs


def _is_typed(key: str, overrides: Sequence[str]) -> bool:
    return any(text.partition("=")[0].lstrip("+") == key for text in overrides)


def _run(
    configuration: Configuration,
    place: WholeFolder,
    settings: RunSettings,
    scenarios: list[Scenario],
    strategies: list[StrategySpec],
    inputs: dict[str, Any],
) -> None:
    """Run every alternative at every level, write and print."""
    from simsupply.experiment.levels import ATTENDANCE, levels_of
    from simsupply.records.detail import written
    from simsupply.report.comparison_answer import answer_rows, answer_sentence
    from simsupply.report.difference_answer import difference_sentences, selection_sentences
    from simsupply.report.folder import write_comparison
    from simsupply.report.shown_tables import text_table
    from simsupply.results.contents import is_of, what_is_there

    levels = levels_of(settings.attendance, settings.levels, COMMAND_LINE)
    num_levels = len(levels.values)
    total = settings.replications * len(strategies) * num_levels * sum(scenario.end_min for scenario in scenarios)
    names = [scenario.name for scenario in scenarios]
    told = {"scenarios": names, "strategies": len(strategies), "levels": num_levels}
    is_attendance = levels.key == ATTENDANCE
    what = message("comparison_in_hand", **told) if is_attendance else message("levels_in_hand", **told, key=levels.key)
    # With levels the attendances of the configuration are set aside.
    config = {**configuration.data, "detail": written(settings.detail)}
    if settings.levels is not None:
        config["attendance"] = None
    there = what_is_there(place.folder)
    is_replaced = there is not None and not is_of(place.folder, config)
    with place.anew() as new:
        comparison = _compared(scenarios, strategies, settings, new, total, what)
        if is_replaced:
            print(message("replaced_by_this", folder=place.folder, what=there).in_language(settings.language))
        with working(message("writes_results"), settings.language):
            write_comparison(comparison, config, new, settings.language, inputs)
    print(f"\n{' / '.join(scenario.settings.title.in_language(settings.language) for scenario in scenarios)}\n")
    print(text_table(answer_rows(comparison, settings.language)))
    print(f"\n{answer_sentence(comparison, settings.language)}\n")
    for line in selection_sentences(comparison, settings.language):
        print(f"- {line}")
    for line in difference_sentences(comparison, settings.language):
        print(f"- {line}")


def _compared(
    scenarios: list[Scenario],
    strategies: list[StrategySpec],
    settings: RunSettings,
    folder: Path,
    total: float,
    what: Message,
) -> Comparison:
    """Run every alternative at every level; what `detail` keeps goes to a folder."""
    from simsupply.experiment.compare import compare

    with progress(total, what, settings.language) as step:
        return compare(
            scenarios,
            strategies,
            attendance=settings.attendance,
            levels=settings.levels,
            replications=settings.replications,
            seed=settings.seed,
            metrics=settings.metrics,
            select=settings.select,
            detail=settings.detail,
            folder=folder,
            engine=settings.engine,
            on_advance=step,
        )
