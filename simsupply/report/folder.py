"""Writing the folder of a run or a comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from simsupply.base.files import write_csv, write_json, write_parquet, write_whole
from simsupply.base.language import Language
from simsupply.experiment.comparison import Comparison
from simsupply.experiment.diagnosis import Diagnosis
from simsupply.figures import plot_differences, save_figure
from simsupply.figures.bottleneck_tables import one_more_figure_table
from simsupply.figures.figure_registry import COMPARISON_FIGURES, RUN_FIGURES, Drawn, NamedFigure
from simsupply.figures.group_tables import titled_splits
from simsupply.figures.labels import figure_text
from simsupply.measures.metric_registry import metric_label, unit_of
from simsupply.measures.unit_titles import unit_label
from simsupply.report.bottleneck_answer import one_more_sentences
from simsupply.report.comparison_answer import answer_rows, answer_sentence
from simsupply.report.difference_answer import difference_sentences, selection_sentences
from simsupply.report.run_answer import precision_words, run_answer
from simsupply.results.contents import PLAN, PROVENANCE, plan_digest, seal
from simsupply.results.provenance import provenance
from simsupply.results.result import Result
from simsupply.results.summary import summary
from simsupply.results.tables import TABLES
from simsupply.strategy.step_titles import step_labels

_ONE_MORE = "bottleneck"


def write_run(
    result: Result,
    config: dict[str, Any],
    folder: Path,
    language: Language,
    inputs: Mapping[str, Any] | None = None,
    diagnosis: Diagnosis | None = None,
) -> list[Path]:
    """Write ``answer.md``, ``summary.json``, ``provenance.json``, the tables of a result, and ``figures/``.

    The folder is a new one, or has what `detail` has written (`simsupply.base.whole_folder` puts it in the place of an
    old one). The tables are those of `simsupply.results.tables.TABLES` that the result has; besides,
    ``distribution.csv`` holds median and worst decile over replications (`Result.distribution`), ``splits.csv`` means
    and intervals with the groups' titles in the run's language. The figures are those of
    `simsupply.figures.figure_registry.RUN_FIGURES`.
    """
    files = [
        *_write_tables(result, folder, plan_digest(config)),
        write_csv(result.distribution().reset_index(), folder / "distribution.csv"),
    ]
    if result.splits is not None:
        files.append(write_csv(titled_splits(result, language), folder / "splits.csv"))
    for drawn in _write_figures(RUN_FIGURES, result, folder / "figures", language).values():
        files += drawn
    files += [
        write_answer(result, folder, language, diagnosis),
        write_json(folder / "summary.json", summary(result)),
        write_json(folder / PROVENANCE, provenance(config, [result], inputs)),
    ]
    seal(folder)
    return files


def _write_tables(result: Result, folder: Path, plan: str) -> list[Path]:
    """Write what the result has; each table says of which plan it is."""
    files = []
    for table in TABLES:
        found = result.tables.get(table.name)
        if table.file is None or found is None or (found.empty and not table.is_written_empty):
            continue
        files.append(write_parquet(table.to_file(found), folder / f"{table.file}.parquet", {PLAN: plan}))
    return files


def _write_figures(
    figures: Sequence[NamedFigure[Drawn]], result: Drawn, folder: Path, language: Language
) -> dict[str, list[Path]]:
    """Write each figure that is worth drawing, by name."""
    folder.mkdir(exist_ok=True)
    written = {}
    for named_figure in figures:
        figure = named_figure.draw(result, language)
        if figure is not None:
            written[named_figure.name] = save_figure(figure, folder, named_figure.name)
    return written


def write_answer(
    result: Result, folder: Path, language: Language, diagnosis: Diagnosis | None = None, more: Sequence[str] = ()
) -> Path:
    """Write ``answer.md``: the answer in words, what became of `precision`, further sentences, and the figures."""
    title = result.scenario.settings.title.in_language(language)
    way = result.strategy.title.in_language(language)
    lines = [*run_answer(result, language, diagnosis), *precision_words(result, language), *more]
    names = [name for name in (*(figure.name for figure in RUN_FIGURES), _ONE_MORE) if _is_drawn(folder, name)]
    text = f"# {title}{': ' if language == 'en' else '：'}{way}\n\n{_bullets(lines)}\n\n{_shown(names)}".rstrip() + "\n"
    return write_whole(folder / "answer.md", lambda part: part.write_text(text, encoding="utf-8"))


def _is_drawn(folder: Path, name: str) -> bool:
    return (folder / "figures" / f"{name}.png").exists()


def _bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _shown(figures: Sequence[str]) -> str:
    return "\n\n".join(f"![{name}](figures/{name}.png)" for name in figures)


def write_one_more(
    table: pd.DataFrame,
    metric: str,
    result: Result,
    folder: Path,
    language: Language,
    diagnosis: Diagnosis | None = None,
) -> list[Path]:
    """Add ``bottleneck.csv``, the figure ``bottleneck`` and sentences of the answer to the folder of a run.

    See `simsupply.experiment.bottleneck.one_more`.
    """
    unit = unit_of(metric)
    shown = figure_text("percentage_points", language) if unit == "share" else unit_label(unit, language)
    figure = plot_differences(
        one_more_figure_table(table, result.scenario, result.strategy, language),
        title=figure_text("one_more_title", language).format(
            metric=metric_label(metric, language, step_labels([result.strategy], language))
        ),
        axis_label=figure_text("gain_axis", language).format(unit=shown),
        language=language,
    )
    files = [write_csv(table, folder / "bottleneck.csv"), *save_figure(figure, folder / "figures", _ONE_MORE)]
    more = one_more_sentences(table, metric, result, language)
    files.append(write_answer(result, folder, language, diagnosis, more))
    seal(folder)
    return files


def write_comparison(
    comparison: Comparison,
    config: dict[str, Any],
    folder: Path,
    language: Language,
    inputs: Mapping[str, Any] | None = None,
) -> list[Path]:
    """Write the answer as text, table and figures, and every replication behind it, to a new folder."""
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
    files = [
        write_whole(folder / "answer.md", lambda part: part.write_text(text, encoding="utf-8")),
        write_csv(comparison.table(), folder / "table.csv"),
        write_json(folder / "comparison.json", {"cases": cases, **({"selected": picked} if picked else {})}),
        write_parquet(comparison.values(), folder / "replications.parquet"),
        write_json(folder / PROVENANCE, provenance(config, [case.result for case in comparison.cases], inputs)),
        *(write_csv(table, folder / f"{name}.csv") for name, table in tables),
        *(path for paths in drawn.values() for path in paths),
    ]
    seal(folder)
    return files


def _answer_page(comparison: Comparison, figures: Sequence[str], language: Language) -> str:
    """Table, sentences and figures as Markdown."""
    head, *rows = answer_rows(comparison, language)
    lines = [head, ["---"] * len(head), *rows]
    # A bar in a title would end its cell.
    cells = [[cell.replace("|", "\\|") for cell in line] for line in lines]
    markdown = "\n".join(f"| {' | '.join(line)} |" for line in cells)
    sentences = [*selection_sentences(comparison, language), *difference_sentences(comparison, language)]
    title = comparison.scenario.settings.title.in_language(language)
    first = answer_sentence(comparison, language)
    return f"# {title}\n\n{markdown}\n\n{first}\n\n{_bullets(sentences)}\n\n{_shown(figures)}\n"
