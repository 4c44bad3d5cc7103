"""For whom each alternative is better: what the figure of a comparison draws, at the level that answers speak of."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from simsupply.base.language import Language, spaced
from simsupply.experiment.comparison import EVERYBODY, WORST_DECILE, Case, Comparison, by_coverage
from simsupply.figures.differences import plot_differences
from simsupply.figures.group_tables import group_title
from simsupply.figures.labels import figure_text


def draw_for_whom(comparison: Comparison, language: Language) -> Figure | None:
    """Draw for whom each is better; None where there are no alternatives."""
    table = whom_figure_table(comparison, language)
    if table.empty:
        return None
    level = comparison.last_level[0].in_words(language)
    title = spaced(figure_text("whom_title", language).format(level=level), language)
    return plot_differences(
        table, title=title, axis_label=figure_text("hours_less_is_better", language), language=language
    )


def whom_figure_table(comparison: Comparison, language: Language) -> pd.DataFrame:
    """Rows of `Comparison.for_whom` at its last level, as `simsupply.figures.plot_differences` takes them."""
    whom, parts = comparison.for_whom(), []
    for pair in lowest_pairs(comparison):
        rows = rows_of_pair(whom, pair)
        first, second = (case.titled(language) for case in pair)
        parts.append(
            pd.DataFrame(
                {
                    "panel": f"{first} − {second}",
                    "group": [
                        whom_title(pair[0], split, group, language)
                        for split, group in zip(rows["split"], rows["group"], strict=True)
                    ],
                    "mean": rows["mean"],
                    "ci_low": rows["ci_low"],
                    "ci_high": rows["ci_high"],
                    "is_apart": (rows["ci_low"] > 0) | (rows["ci_high"] < 0),
                }
            ).drop_duplicates("group")
        )
    columns = ["panel", "group", "mean", "ci_low", "ci_high", "is_apart"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def lowest_pairs(comparison: Comparison) -> list[tuple[Case, Case]]:
    """The alternative with the highest coverage at `Comparison.last_level`, beside each of the others there."""
    if not comparison.pairs():
        return []
    ranked = by_coverage(comparison.last_level)
    return [(ranked[0], other) for other in ranked[1:]]


def rows_of_pair(table: pd.DataFrame, pair: tuple[Case, Case]) -> pd.DataFrame:
    """Rows of a pair at its level, whichever of the two they name first; differences are first - second of the pair."""
    first, second = (case.alternative for case in pair)
    (column,) = pair[0].named
    at_level = table[column].isin([case.named[column] for case in pair])
    straight = table[at_level & (table["first"] == first) & (table["second"] == second)]
    turned = table[at_level & (table["first"] == second) & (table["second"] == first)]
    if turned.empty:
        return straight
    return turned.assign(mean=-turned["mean"], ci_low=-turned["ci_high"], ci_high=-turned["ci_low"])


def whom_title(case: Case, split: str, group: str, language: Language) -> str:
    """Title of a group of households, of everybody, or of the worst-off tenth."""
    if split == EVERYBODY:
        return figure_text("worst_decile_of_all" if group == WORST_DECILE else "all_households", language)
    return group_title(case.result, split, group, language)
