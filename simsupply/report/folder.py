"""Writing results: every file appears whole or not at all."""

from __future__ import annotations

import json
import platform
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from simsupply import __version__
from simsupply.base.files import write_whole
from simsupply.base.problems import wrong
from simsupply.base.versions import code_version
from simsupply.experiment.bottleneck import one_more_figure_table
from simsupply.experiment.comparison import Case, Comparison
from simsupply.experiment.precision import Reached
from simsupply.figures import (
    plot_coverage,
    plot_differences,
    plot_orders_by_day,
    plot_staff_by_day,
    plot_stock,
    plot_utilisation,
    plot_who_goes_without,
    save_figure,
)
from simsupply.figures.day_tables import (
    are_worth_drawing,
    normal_orders,
    orders_by_day,
    tiers_by_day,
    triggers_by_day,
)
from simsupply.figures.group_tables import titled_splits, who_goes_without
from simsupply.figures.labels import figure_text, metric_label, unit_label
from simsupply.measures.metrics import unit_of
from simsupply.report.comparison_answer import Language, answer_rows, answer_sentence, spaced
from simsupply.report.difference_answer import difference_sentences, selection_sentences, whom_figure_table
from simsupply.results.result import Result
from simsupply.results.staff_table import staff_shares
from simsupply.results.supply_table import stock_by_goods
from simsupply.scenario.people import ShareSeries

LIBRARIES = ("numpy", "scipy", "numba", "simpy", "pandas", "pyarrow", "hydra-core", "matplotlib")


@contextmanager
def output_folder(folder: Path) -> Iterator[None]:
    """Make an output folder, or say why it cannot be written, before anything is run.

    If nothing comes of the run, what was made for it and is still empty goes again.

    Raises
    ------
    InputError
        If the folder cannot be made or written to.
    """
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise wrong("command line", "output", str(folder), f"a folder that can be written ({error.strerror})") from None
    try:
        yield
    except BaseException:
        with suppress(OSError):
            for path in made:
                path.rmdir()
        raise


def write_json(path: Path, data: Any) -> Path:
    """Write JSON that a person can read too; a value that does not exist is null."""
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False, default=str) + "\n"
    return write_whole(path, lambda part: part.write_text(text, encoding="utf-8"))


def summary(result: Result) -> dict[str, Any]:
    """What ``summary.json`` holds."""
    return {
        "scenario": result.scenario.name,
        "strategy": result.strategy.name,
        "seed": result.seed,
        "replications": len(result.values),
        "metrics": {name: vars(result.estimate(name)) for name in result.values.columns},
        **({"precision": [_as_plain(one) for one in result.reached]} if result.reached else {}),
    }


def _as_plain(one: Reached) -> dict[str, Any]:
    return {
        "metric": one.goal.metric,
        "wanted": one.goal.in_words,
        **{k: v for k, v in vars(one).items() if k != "goal"},
    }


def provenance(
    config: dict[str, Any], results: Sequence[Result], inputs: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Where results come from: version, commit, digest of the code, configuration, seed, engine, environment.

    `inputs`: files that the configuration was composed of, each with its layer, SHA-256 and the sections it sets, and
    keys that overrides set (`simsupply.base.source_map.inputs_of`); left out where nothing of it is known.
    """
    about = environment()
    return {
        **{key: about[key] for key in ("simsupply", "commit", "code")},
        "seed": results[0].seed,
        "notes": list(dict.fromkeys(note for result in results for note in result.notes)),
        "unstaffed": list(results[0].unstaffed) if len(results) == 1 else [],
        **({} if inputs is None else {"inputs": inputs}),
        "config": config,
        "environment": about["environment"],
    }


def environment() -> dict[str, Any]:
    """Version, commit, digest of the code, and the libraries it runs with."""
    return {
        "simsupply": __version__,
        "commit": _commit(),
        "code": code_version(),
        "environment": {
            "python": platform.python_version(),
            "platform": platform.platform(),
            **{name: version(name) for name in LIBRARIES},
        },
    }


def _commit() -> str | None:
    """Commit of the checkout this package runs from; None for an installed package."""
    checkout = Path(__file__).resolve().parents[2]
    if not (checkout / ".git").exists():
        return None
    try:
        command = ["git", "-C", str(checkout), "describe", "--always", "--dirty", "--abbrev=40"]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return None


def write_parquet(table: pd.DataFrame, path: Path) -> Path:
    """Write a table, whole or not at all."""
    return write_whole(path, lambda part: table.to_parquet(part, index=False))


def write_csv(table: pd.DataFrame, path: Path) -> Path:
    """Write a table with a byte order mark, so that Excel shows Chinese."""
    return write_whole(path, lambda part: table.to_csv(part, index=False, encoding="utf-8-sig"))


def write_run(
    result: Result,
    config: dict[str, Any],
    folder: Path,
    language: Language,
    inputs: Mapping[str, Any] | None = None,
) -> list[Path]:
    """Write ``summary.json``, ``provenance.json``, ``replications.parquet``, the days, the splits and ``figures/``.

    ``days.parquet`` holds every replication day by day (`Result.days`), ``staff.parquet`` who was at
    work on each day (`Result.staff`), ``vehicles.parquet`` what each fleet did and where it waited
    (`Result.vehicles`), ``coverage.parquet`` the share served by the hour, ``distribution.csv`` median and
    worst decile over replications (`Result.distribution`), ``splits.parquet`` every replication,
    ``splits.csv`` means and intervals with the groups' titles in the run's language. With a section
    `supply` also ``supply.parquet``, ``reserve_releases.parquet`` and ``rationing.parquet``
    (`Result.supply`, `Result.releases`, `Result.rationing`).
    """
    case = Case(result.strategy, result.scenario.mean_attendance, result)
    # Until everything is in place nothing says that the files belong together (`simsupply.results.stored`).
    (folder / "provenance.json").unlink(missing_ok=True)
    (folder / "bottleneck.csv").unlink(missing_ok=True)
    _leave_none(folder / "figures", "bottleneck")
    files = [
        write_parquet(result.long_values(), folder / "replications.parquet"),
        write_parquet(result.days, folder / "days.parquet"),
        write_parquet(result.staff, folder / "staff.parquet"),
        write_parquet(result.vehicles, folder / "vehicles.parquet"),
        *_write_shocks(result, folder),
        *_write_splits(result, folder, language),
        write_parquet(result.long_coverage(), folder / "coverage.parquet"),
        write_csv(result.distribution().reset_index(), folder / "distribution.csv"),
        *_write_figures(case.curve(language), case.utilisation(language), result, folder, language),
        *_write_who_goes_without(result, folder / "figures", language),
        *_write_orders_by_day(result, folder / "figures", language),
        *_write_staff(result, folder / "figures", language),
        *_write_supply(result, folder, language),
        write_json(folder / "provenance.json", provenance(config, [result], inputs)),
    ]
    return [write_json(folder / "summary.json", summary(result)), *files]


def _write_shocks(result: Result, folder: Path) -> list[Path]:
    """Write ``shocks.parquet`` where there are shocks; else none of an earlier run is left either."""
    path = folder / "shocks.parquet"
    if result.shocks.empty:
        path.unlink(missing_ok=True)
        return []
    return [write_parquet(result.shocks, path)]


def _write_splits(result: Result, folder: Path, language: Language) -> list[Path]:
    if result.splits is None:
        return []
    return [
        write_parquet(result.splits, folder / "splits.parquet"),
        write_csv(titled_splits(result, language), folder / "splits.csv"),
    ]


def _write_who_goes_without(result: Result, folder: Path, language: Language) -> list[Path]:
    """Draw the figure where there are groups to tell apart; else none of an earlier run is left either."""
    name = "who_goes_without"
    table = None if result.splits is None else who_goes_without(result, language)
    if table is None or table.empty:
        return _leave_none(folder, name)
    everybody_h = result.estimate("empty_pantry_h").mean
    return save_figure(plot_who_goes_without(table, everybody_h=everybody_h, language=language), folder, name)


def _write_orders_by_day(result: Result, folder: Path, language: Language) -> list[Path]:
    """Draw orders day by day where the days differ; else none of an earlier run is left either."""
    name = "orders_by_day"
    if not are_worth_drawing(result):
        return _leave_none(folder, name)
    figure = plot_orders_by_day(
        orders_by_day(result, language),
        normal=normal_orders(result),
        triggers=triggers_by_day(result, language),
        tiers=tiers_by_day(result, language),
        language=language,
    )
    return save_figure(figure, folder, name)


def _write_staff(result: Result, folder: Path, language: Language) -> list[Path]:
    """Draw who was at work where somebody was not; else none of an earlier run is left either."""
    name = "staff_by_day"
    table = staff_shares(result.staff, changes=isinstance(result.scenario.spec.staffing.attendance, ShareSeries))
    if table.empty:
        return _leave_none(folder, name)
    return save_figure(plot_staff_by_day(table, language=language), folder, name)


def write_one_more(table: pd.DataFrame, metric: str, folder: Path, language: Language) -> list[Path]:
    """Write ``bottleneck.csv`` and the figure ``bottleneck`` (`simsupply.experiment.bottleneck.one_more`)."""
    unit = unit_of(metric)
    shown = figure_text("percentage_points", language) if unit == "share" else unit_label(unit, language)
    figure = plot_differences(
        one_more_figure_table(table, language),
        title=figure_text("one_more_title", language).format(metric=metric_label(metric, language)),
        axis_label=figure_text("gain_axis", language).format(unit=shown),
        language=language,
    )
    return [write_csv(table, folder / "bottleneck.csv"), *save_figure(figure, folder / "figures", "bottleneck")]


def _write_supply(result: Result, folder: Path, language: Language) -> list[Path]:
    """Write stock, releases and rationing where there is stock; else none of an earlier run is left either."""
    tables = {"supply": result.supply, "reserve_releases": result.releases, "rationing": result.rationing}
    if result.supply is None:
        for name in tables:
            (folder / f"{name}.parquet").unlink(missing_ok=True)
        return _leave_none(folder / "figures", "stock")
    figure = plot_stock(stock_by_goods(result.supply, result.scenario, language), language=language)
    return [
        *(write_parquet(table, folder / f"{name}.parquet") for name, table in tables.items() if table is not None),
        *save_figure(figure, folder / "figures", "stock"),
    ]


def _leave_none(folder: Path, name: str) -> list[Path]:
    """Remove a figure of an earlier run."""
    for ending in ("png", "svg"):
        (folder / f"{name}.{ending}").unlink(missing_ok=True)
    return []


def write_comparison(
    comparison: Comparison,
    config: dict[str, Any],
    folder: Path,
    language: Language,
    inputs: Mapping[str, Any] | None = None,
) -> list[Path]:
    """Write the answer as text, table and figures, and every replication behind it."""
    first = comparison.cases[0].result
    cases = [{"attendance": case.attendance, **summary(case.result)} for case in comparison.cases]
    picked = [vars(one.selection) | {"best": one.names[one.selection.best], **one.named} for one in comparison.selected]
    head, *rows = answer_rows(comparison, language)
    lines = [head, ["---"] * len(head), *rows]
    markdown = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    utilisation = comparison.utilisation(language)
    drawn = ["coverage"] if utilisation.empty else ["coverage", "utilisation"]
    whom, sentences = whom_figure_table(comparison, language), difference_sentences(comparison, language)
    sentences = [*selection_sentences(comparison, language), *sentences]
    drawn += [] if whom.empty else ["for_whom"]
    figures = "\n\n".join(f"![{name}](figures/{name}.png)" for name in drawn)
    bullets = "\n".join(f"- {line}" for line in sentences)
    text = (
        f"# {comparison.scenario.spec.scenario.title.in_language(language)}\n\n{markdown}\n\n"
        f"{answer_sentence(comparison, language)}\n\n{bullets}\n\n{figures}\n"
    )
    tables = (
        []
        if not comparison.pairs()
        else [("differences", comparison.differences()), ("for_whom", comparison.for_whom())]
    )
    return [
        write_whole(folder / "answer.md", lambda part: part.write_text(text, encoding="utf-8")),
        write_csv(comparison.table(), folder / "table.csv"),
        write_json(folder / "comparison.json", {"cases": cases, **({"selected": picked} if picked else {})}),
        write_parquet(comparison.values(), folder / "replications.parquet"),
        write_json(folder / "provenance.json", provenance(config, [case.result for case in comparison.cases], inputs)),
        *(write_csv(table, folder / f"{name}.csv") for name, table in tables),
        *_write_figures(comparison.coverage_curves(language), utilisation, first, folder, language),
        *_write_for_whom(comparison, whom, folder / "figures", language),
    ]


def _write_for_whom(comparison: Comparison, table: pd.DataFrame, folder: Path, language: Language) -> list[Path]:
    """Draw for whom each is better where there are alternatives; else none of an earlier run is left either."""
    if table.empty:
        return _leave_none(folder, "for_whom")
    level = min(comparison.cases, key=lambda case: case.attendance).label
    title = spaced(figure_text("whom_title", language).format(level=level), language)
    figure = plot_differences(
        table, title=title, axis_label=figure_text("hours_less_is_better", language), language=language
    )
    return save_figure(figure, folder, "for_whom")


def _write_figures(
    curves: pd.DataFrame, utilisation: pd.DataFrame, result: Result, folder: Path, language: Language
) -> list[Path]:
    target_h = result.scenario.target_min / 60
    figures = folder / "figures"
    figures.mkdir(exist_ok=True)
    files = save_figure(plot_coverage(curves, target_h=target_h, language=language), figures, "coverage")
    if utilisation.empty:
        # Nobody works in strategies of holds and gates only.
        return [*files, *_leave_none(figures, "utilisation")]
    return [*files, *save_figure(plot_utilisation(utilisation, language=language), figures, "utilisation")]
