"""``simsupply run``: one scenario under one strategy."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsupply.base.catalogue import Message, message
from simsupply.base.language import Language
from simsupply.base.notices import notice
from simsupply.base.problems import COMMAND_LINE
from simsupply.base.progress import working
from simsupply.cli.jobs import run_jobs
from simsupply.cli.progress import progress

if TYPE_CHECKING:
    from simsupply.base.whole_folder import WholeFolder
    from simsupply.cli.settings import RunSettings
    from simsupply.config.compose import Configuration
    from simsupply.experiment.diagnosis import Diagnosis
    from simsupply.results.result import Result
    from simsupply.scenario.world import Scenario
    from simsupply.strategy.channels import StrategySpec

HELP = """\
simsupply run: simulate one scenario under one strategy, several times.

simsupply run scenario=NAME|FILE.yaml strategy=NAME|FILE.yaml replications=20 seed=1 output=DIR [key=value ...]
simsupply run -m strategy=a,b staffing.attendance=0.2,0.5     every combination, a folder each
simsupply run bottleneck=coverage     what one more of everything gains: people, vehicles, docks, room, hours, limits
simsupply run precision.metrics='{fill_rate: 1%}' precision.max=200     replicate until precise

Writes answer.md, summary.json, replications.parquet, days.parquet (orders, triggers and tiers by day), staff.parquet
(who was at work), coverage.parquet, distribution.csv (median and worst decile over replications), splits.csv,
splits.parquet (by tier, district, listed place, kind of household, goods, channel), provenance.json and figures/ to
output; with bottleneck= also bottleneck.csv, with a section supply also supply.parquet and reserve_releases.parquet,
with shocks shocks.parquet, where vehicles stand still for good (a deadlock) standstills.parquet. The folder is replaced
as a whole, files of your own in it stay. Prints the measures and a short answer in words.

detail=summary (nothing more), or one or several of stages, orders, trips: detail=[orders,trips]. Each writes folders
with a Parquet file for each replication and day, and households/ (what each household got):
  stages   stages/: orders and kg that each step finished, by drop point
  orders   orders/: when each order finished each step; time_in_system/: what its time went on, wait by wait
  trips    trips/ and stops/: each trip of a vehicle and where it stopped; levels/: queues, work in hand, vehicles,
           docks and floors, hour by hour

engine=auto (what follows), or one that simulates whatever it can; the numbers are the same to the last bit:
  auto       kernels for what does not couple, events for steps that do
  kernels    arrays, step by step, compiled; refused where steps couple (a crew at several steps or at wheels, limited
             floors, docks for unloading, ...): the step is named, and why
  events     every step, from one event to the next, compiled
  reference  SimPy, a process for each order: the model's definition; hundreds of times slower
provenance.json says under notes which engine simulated which steps, and why.
"""


def run_command(words: Sequence[str]) -> int:
    """Do what the words of a command line ask for; return the exit status.

    Raises
    ------
    InputError
        Before anything is run.
    """
    return run_jobs("run", words, HELP, _load, _run)


def _load(configuration: Configuration) -> tuple[Any, ...]:
    """What a run needs of a composed configuration: settings, scenario and strategy, each checked."""
    # Imported here: `run --help` does not wait for pandas.
    from simsupply.checks.cannot_act import cannot_act
    from simsupply.checks.shocks import strikes_nothing
    from simsupply.cli.settings import settings_from
    from simsupply.config.layers import located
    from simsupply.config.load import plan_from
    from simsupply.experiment.bottleneck import check_one_more
    from simsupply.experiment.precision import check_goals
    from simsupply.scenario.people_at_places import said_of_places

    config = configuration.data
    settings = settings_from(config, source=COMMAND_LINE)
    with located(lambda: configuration.source_map, COMMAND_LINE):
        scenario, strategy = plan_from(config, source=COMMAND_LINE)
    for said in said_of_places(scenario, (change.key for change in configuration.changes)):
        notice(said)
    for said in (*strikes_nothing(scenario.spec, strategy), *cannot_act(scenario.spec, strategy)):
        notice(said)
    check_goals(settings.precision, settings.replications, scenario, strategy, COMMAND_LINE)
    if settings.bottleneck is not None:
        check_one_more(settings.bottleneck, scenario, strategy, COMMAND_LINE)
    return settings, scenario, strategy


def _run(
    configuration: Configuration, place: WholeFolder, settings: RunSettings, scenario: Scenario, strategy: StrategySpec
) -> None:
    """Run, write and print; what the folder has of the same plan is topped up."""
    language, folder = settings.language, place.folder
    with working(message("reads_plan"), language):
        from simsupply.base.source_map import inputs_of
        from simsupply.records.detail import tables_of, written
        from simsupply.report.answer import answer
        from simsupply.report.folder import write_run
        from simsupply.report.run_answer import precision_words
        from simsupply.report.shown_tables import summary_text
        from simsupply.results.stored import earlier_result

    config = {**configuration.data, "detail": written(settings.detail)}
    earlier = earlier_result(folder, config, scenario, strategy)
    if isinstance(earlier, Message):
        print(message("written_anew", folder=folder, why=earlier).in_language(language))
        earlier = None
    with place.anew() as new:
        if earlier is not None and settings.detail:
            place.carry_over(new, [*tables_of(settings.detail), "households"])
        result = _simulated(earlier, new, settings, scenario, strategy)
        if earlier is not None:
            num_before = len(earlier.values)
            num_added = len(result.values) - num_before
            added = message("replications_added", before=num_before, folder=folder, added=num_added)
            print(added.in_language(language) + "\n")
        diagnosis = _diagnosis(result, settings.bottleneck, language)
        with working(message("writes_results"), language):
            write_run(result, config, new, language, inputs_of([configuration.source_map]), diagnosis)
    print(summary_text(result, language))
    title = scenario.settings.title.in_language(language)
    print(f"\n{title}: {strategy.title.in_language(language)}\n\n{answer(result, language, diagnosis)}")
    for line in precision_words(result, language):
        print(line)
    if settings.bottleneck is not None:
        _one_more(result, settings.bottleneck, diagnosis, place, language)


def _simulated(
    earlier: Result | None, new: Path, settings: RunSettings, scenario: Scenario, strategy: StrategySpec
) -> Result:
    """Simulate what is asked for beyond what there is of it; what `detail` keeps goes to a folder."""
    from simsupply.experiment.simulate import simulate, top_up

    num_before = 0 if earlier is None else len(earlier.values)
    what = message("run_in_hand", scenario=scenario.name, strategy=strategy.name)
    most = settings.precision.max if settings.precision.goals else settings.replications
    with progress(max(most - num_before, 0) * scenario.end_min, what, settings.language) as step:
        if earlier is not None:
            return top_up(
                earlier,
                max(settings.replications, num_before),
                precision=settings.precision,
                detail=settings.detail,
                folder=new,
                engine=settings.engine,
                on_advance=step,
            )
        return simulate(
            scenario,
            strategy,
            replications=settings.replications,
            seed=settings.seed,
            detail=settings.detail,
            folder=new,
            precision=settings.precision,
            engine=settings.engine,
            on_advance=step,
        )


def _diagnosis(result: Result, metric: str | None, language: Language) -> Diagnosis:
    """Try what may hold the plan back: in a few replications, or with ``bottleneck`` in all."""
    from simsupply.experiment.diagnosis import diagnose, num_trials

    total = num_trials(result, is_limited=metric is None) * result.scenario.end_min
    with progress(total, message("tries_one_more", scenario=result.scenario.name), language) as step:
        return diagnose(result, metric, is_limited=metric is None, on_advance=step)


def _one_more(result: Result, metric: str, diagnosis: Diagnosis, place: WholeFolder, language: Language) -> None:
    """Measure, write and print what one more of everything gains."""
    from simsupply.experiment.bottleneck import num_variants, one_more
    from simsupply.report.bottleneck_answer import one_more_sentences
    from simsupply.report.folder import write_one_more
    from simsupply.report.shown_tables import one_more_text

    total = num_variants(result.scenario, result.strategy) * len(result.values) * result.scenario.end_min
    what = message("one_more_of_each", scenario=result.scenario.name)
    with progress(total, what, language) as step:
        table = one_more(result, metric, on_advance=step)
    if table.empty:
        return
    with place.anew() as new:
        place.carry_over(new)
        write_one_more(table, metric, result, new, language, diagnosis)
    print(f"\n{one_more_text(table, result, language)}\n")
    for line in one_more_sentences(table, metric, result, language):
        print(line)
