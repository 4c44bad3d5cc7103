"""Writing the folder of a run or a comparison: every file appears whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from simsupply.base.files import write_csv, write_json, write_parquet, write_whole
from simsupply.base.language import Language
from simsupply.experiment.comparison import Comparison
from simsupply.figures import plot_differences, save_figure
from simsupply.figures.bottleneck_tables import one_more_figure_table
from simsupply.figures.figure_registry import COMPARISON_FIGURES, RUN_FIGURES, Drawn, NamedFigure
from simsupply.figures.group_tables import titled_splits
from simsupply.figures.labels import figure_text
from simsupply.measures.metric_registry import metric_label, unit_of
from simsupply.measures.unit_titles import unit_label
from simsupply.report.comparison_answer import answer_rows, answer_sentence
from simsupply.report.difference_answer import difference_sentences, selection_sentences
from simsupply.results.provenance import provenance
from simsupply.results.result import Result
from simsupply.results.summary import summary
from simsupply.results.tables import TABLES


def write_run(
    result: Result,
    config: dict[str, Any],
    folder: Path,
    language: Language,
    inputs: Mapping[str, Any] | None = None,
) -> list[Path]:
    """Write ``summary.json``, ``provenance.json``, the tables of a result, and ``figures/``.

    The tables are those of `simsupply.results.tables.TABLES` that the result has; besides, ``distribution.csv`` holds
    median and worst decile over replications (`Result.distribution`), ``splits.csv`` means and intervals with the
    groups' titles in the run's language. The figures are those of `simsupply.figures.figure_registry.RUN_FIGURES`.
    """
    # Until everything is in place nothing says that the files belong together (`simsupply.results.stored`).
    (folder / "provenance.json").unlink(missing_ok=True)
    (folder / "bottleneck.csv").unlink(missing_ok=True)
    _leave_none(folder / "figures", "bottleneck")
    files = [
        *_write_tables(result, folder),
        write_csv(result.distribution().reset_index(), folder / "distribution.csv"),
    ]
    if result.splits is not None:
        files.append(write_csv(titled_splits(result, language), folder / "splits.csv"))
    for drawn in _write_figures(RUN_FIGURES, result, folder / "figures", language).values():
        files += drawn
    files.append(write_json(folder / "provenance.json", provenance(config, [result], inputs)))
    return [write_json(folder / "summary.json", summary(result)), *files]


def _write_tables(result: Result, folder: Path) -> list[Path]:
    """Write what the result has; of what it has not, none of an earlier run is left either."""
    files = []
    for table in TABLES:
        if table.file is None:
            continue
        path, found = folder / f"{table.file}.parquet", result.tables.get(table.name)
        if found is None or (found.empty and not table.is_written_empty):
            path.unlink(missing_ok=True)
        else:
            files.append(write_parquet(table.to_file(found), path))
    return files


def _write_figures(
    figures: Sequence[NamedFigure[Drawn]], result: Drawn, folder: Path, language: Language
) -> dict[str, list[Path]]:
    """Write each figure that is worth drawing, by name; of the others none of an earlier run is left either."""
    folder.mkdir(exist_ok=True)
    written = {}
    for named_figure in figures:
        figure = named_figure.draw(result, language)
        if figure is None:
            _leave_none(folder, named_figure.name)
        else:
            written[named_figure.name] = save_figure(figure, folder, named_figure.name)
    return written


def _leave_none(folder: Path, name: str) -> None:
    """Remove a figure of an earlier run."""
    for ending in ("png", "svg"):
        (folder / f"{name}.{ending}").unlink(missing_ok=True)


def write_one_more(table: pd.DataFrame, metric: str, result: Result, folder: Path, language: Language) -> list[Path]:
    """Write ``bottleneck.csv`` and the figure ``bottleneck`` (`simsupply.experiment.bottleneck.one_more`)."""
    unit = unit_of(metric)
    shown = figure_text("percentage_points", language) if unit == "share" else unit_label(unit, language)
    figure = plot_differences(
        one_more_figure_table(table, result.scenario, result.strategy, language),
        title=figure_text("one_more_title", language).format(metric=metric_label(metric, language)),
        axis_label=figure_text("gain_axis", language).format(unit=shown),
        language=language,
    )
    return [write_csv(table, folder / "bottleneck.csv"), *save_figure(figure, folder / "figures", "bottleneck")]


def write_comparison(
    comparison: Comparison,
    config: dict[str, Any],
    folder: Path,
    language: Language,
    inputs: Mapping[str, Any] | None = None,
) -> list[Path]:
    """Write the answer as text, table and figures, and every replication behind it."""
    cases = [{**case.named, **summary(case.result)} for case in comparison.cases]
    picked = [
        vars(selection.selection) | {"best": selection.names[selection.selection.best], **selection.named}
        for selection in comparison.selected
    ]
    drawn = _write_figures(COMPARISON_FIGURES, comparison, folder / "figures", language)
    text = _answer_page(comparison, list(drawn), language)
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
        *(path for paths in drawn.values() for path in paths),
    ]


def _answer_page(comparison: Comparison, figures: Sequence[str], language: Language) -> str:
    """Table, sentences and figures as Markdown."""
    head, *rows = answer_rows(comparison, language)
    lines = [head, ["---"] * len(head), *rows]
    markdown = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    sentences = [*selection_sentences(comparison, language), *difference_sentences(comparison, language)]
    bullets = "\n".join(f"- {line}" for line in sentences)
    shown = "\n\n".join(f"![{name}](figures/{name}.png)" for name in figures)
    title = comparison.scenario.settings.title.in_language(language)
    return f"# {title}\n\n{markdown}\n\n{answer_sentence(comparison, language)}\n\n{bullets}\n\n{shown}\n"
