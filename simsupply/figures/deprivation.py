"""Who goes without: hours with an empty pantry, by goods, tier and kind of household."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from simsupply.base.language import Language, check_language
from simsupply.figures.labels import figure_text, split_label
from simsupply.figures.panels import check_unique, finish, read_table
from simsupply.figures.style import COLOURS, DARK, figure_style
from simsupply.figures.typeface import drawable, wrap_text
from simsupply.measures.metric_registry import metric_label

BAR_INCHES = 0.22
ROW_INCHES, LINE_INCHES = 0.36, 0.17  # a group takes the one, or what the lines of its name need
PANEL_INCHES = 0.6  # a panel's heading


def plot_who_goes_without(
    table: pd.DataFrame,
    *,
    everybody_h: float | None = None,
    language: Language = "en",
) -> Figure:
    """Draw the hours a household is without what it needs as bars, one panel per split, one bar per group.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per split and group; panels and bars (top to bottom) follow the order of their first
        appearance. Columns:

        - ``split`` (str, a key of `simsupply.figures.labels.SPLITS`), ``group`` (str, the bar's name)
        - ``mean`` (h per household; missing where the group is not there in every replication: "n/a")
        - ``ci_low``, ``ci_high`` (h, ends of the 95 % confidence interval; missing where there is only
          one replication, and then no error bar is drawn)
        - ``worst_decile`` (h, mean over the worst-off tenth of the group's households; missing: no mark)
    everybody_h : float, optional
        Mean over all households (h), drawn as a dashed line in the panels of groups of households.
    language : {"en", "zh"}
        Language of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        All panels share their axis, from 0 to the largest mean, interval or mark, at least to 1 h.

    Raises
    ------
    ValueError
        If the table is empty, lacks a column, repeats a group, or holds negative hours.
    """
    check_language(language)
    rows = read_table(table, "deprivation", ("split", "group"), ("mean", "ci_low", "ci_high", "worst_decile"))
    check_unique(rows, "deprivation", ["split", "group"])
    if (rows[["mean", "worst_decile"]] < 0).any(axis=None):
        raise ValueError("the deprivation table must not hold negative hours")
    splits = list(dict.fromkeys(rows["split"]))
    numbers = [rows["split"].eq(split).sum() for split in splits]
    end = float(np.nanmax([1.0, everybody_h or 0.0, *rows[["mean", "ci_high", "worst_decile"]].to_numpy().flat]))
    with figure_style():
        rows["group"] = [wrap_text(drawable(group), 15) for group in rows["group"]]
        num_lines = 1 + int(rows["group"].str.count("\n").max())
        row_inches = max(ROW_INCHES, LINE_INCHES * num_lines + 0.08)
        height = sum(PANEL_INCHES + row_inches * number for number in numbers) + 1.1
        figure = Figure(figsize=(6.6, height), layout="constrained")
        FigureCanvasAgg(figure)
        panels = figure.subplots(len(splits), 1, squeeze=False, sharex=True, height_ratios=numbers)[:, 0]
        for axes, split in zip(panels, splits, strict=True):
            groups = rows[rows["split"] == split]
            _format_axes(axes, split, list(groups["group"]), end, language)
            _draw_bars(axes, groups, BAR_INCHES / row_inches, language)
            # Hours without one group of goods do not compare to hours without any of them.
            if everybody_h is not None and split != "goods":
                axes.axvline(everybody_h, color=DARK, linestyle=(0, (4, 3)), linewidth=1.0, zorder=2.8)
        entries: list[tuple[Patch | Line2D, str]] = [
            (Patch(facecolor=COLOURS[0]), figure_text("mean_of_group", language))
        ]
        if (rows["ci_low"].notna() & rows["ci_high"].notna()).any():
            mark = Line2D([], [], color=DARK, linewidth=1.2, marker="|", markersize=6, markevery=1)
            entries.append((mark, figure_text("confidence_interval", language)))
        if rows["worst_decile"].notna().any():
            entries.append((_diamond(), figure_text("worst_decile", language)))
        if everybody_h is not None and set(splits) != {"goods"}:
            line = Line2D([], [], color=DARK, linestyle=(0, (4, 3)), linewidth=1.0)
            entries.append((line, figure_text("everybody", language)))
        finish(figure, figure_text("deprivation_title", language), metric_label("empty_pantry_h", language), entries)
    return figure


def _diamond() -> Line2D:
    return Line2D([], [], linestyle="", marker="D", markersize=6, color=COLOURS[1], markeredgecolor="white")


def _format_axes(axes: Axes, split: str, groups: Sequence[str], end: float, language: Language) -> None:
    axes.set_title(split_label(split, language), pad=8)
    axes.set_xlim(0, end * 1.04)
    hours = MaxNLocator(nbins=7, steps=[1, 2, 5, 10]).tick_values(0, end)
    axes.set_xticks([hour for hour in hours if hour <= end * 1.04])
    axes.set_yticks(range(len(groups)), groups)
    axes.set_ylim(len(groups) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0, pad=7)
    axes.grid(axis="x")


def _draw_bars(axes: Axes, rows: pd.DataFrame, thickness: float, language: Language) -> None:
    """Draw the bars, `thickness` of the distance between two of them, with intervals and marks."""
    means, at = rows["mean"].to_numpy(), np.arange(len(rows))
    axes.barh(at, np.nan_to_num(means), height=thickness, color=COLOURS[0], zorder=2)
    low, high = rows["ci_low"].to_numpy(), rows["ci_high"].to_numpy()
    has_interval = np.isfinite(low) & np.isfinite(high) & np.isfinite(means)
    if has_interval.any():
        left, right, where = low[has_interval], high[has_interval], at[has_interval]
        axes.hlines(where, left, right, color=DARK, linewidth=1.2, zorder=3)
        ends = Line2D([*left, *right], [*where, *where], linestyle="", marker="|", markersize=5, color=DARK)
        ends.set(markeredgewidth=1.2, clip_on=False, zorder=3)
        axes.add_line(ends)
    worst = rows["worst_decile"].to_numpy()
    mark = _diamond()
    mark.set_data(worst, at)
    mark.set(zorder=4, clip_on=False)
    axes.add_line(mark)
    for position in at[np.isnan(means)]:
        axes.annotate(
            figure_text("not_available", language),
            (0, position),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=7.5,
            color=DARK,
        )
