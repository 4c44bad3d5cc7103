"""Differences with their intervals: for whom an alternative is better, and where one more unit gains."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from simsupply.base.language import Language, check_language
from simsupply.figures.labels import figure_text
from simsupply.figures.panels import check_unique, finish, make_panels, read_table
from simsupply.figures.style import COLOURS, DARK, GREY, figure_style
from simsupply.figures.typeface import drawable, wrap_text

ROW_INCHES, LINE_INCHES = 0.3, 0.17


def plot_differences(
    table: pd.DataFrame,
    *,
    title: str,
    axis_label: str,
    language: Language = "en",
) -> Figure:
    """Draw differences as points with their intervals against a line at zero, one panel per pair.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per panel and group; both follow the order of their first appearance. Columns:

        - ``panel`` (str, the heading), ``group`` (str, the row's name)
        - ``mean`` (in the metric's unit; missing: no point)
        - ``ci_low``, ``ci_high`` (ends of the interval; missing where there is only one replication)
        - ``is_apart`` (bool): the difference is one that was found, drawn full; else hollow
    title, axis_label : str
    language : {"en", "zh"}
        Language of the legend.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If the table is empty, lacks a column or repeats a group.
    """
    check_language(language)
    rows = read_table(table, "differences", ("panel", "group"), ("mean", "ci_low", "ci_high"))
    if "is_apart" not in rows.columns:
        raise ValueError("the differences table lacks the column(s) is_apart")
    rows["is_apart"] = rows["is_apart"].astype(bool)
    check_unique(rows, "differences", ["panel", "group"])
    groups = list(dict.fromkeys(rows["group"]))
    with figure_style():
        names = [wrap_text(drawable(group), 15) for group in groups]
        row_inches = max(ROW_INCHES, LINE_INCHES * (1 + max(name.count("\n") for name in names)) + 0.08)
        panels = list(dict.fromkeys(rows["panel"]))
        figure, axes_of = make_panels(panels, panel_width=3.6, panel_height=max(1.8, 1.1 + row_inches * len(groups)))
        for axes, panel in zip(axes_of, panels, strict=True):
            _draw(axes, rows[rows["panel"] == panel], groups)
            axes.set_yticks(range(len(groups)), names)
            axes.set_ylim(len(groups) - 0.5, -0.5)
            axes.tick_params(axis="y", length=0)
            axes.xaxis.set_major_locator(MaxNLocator(nbins=5))
            axes.grid(axis="x")
        entries = [
            (_mark(apart), figure_text("difference_found" if apart else "difference_not_found", language))
            for apart in (True, False)
            if (rows["is_apart"] == apart).any()
        ]
        if rows["ci_low"].notna().any():
            line = Line2D([], [], color=DARK, linewidth=1.2)
            entries.append((line, figure_text("simultaneous_interval", language)))
        finish(figure, wrap_text(drawable(title), figure.get_figwidth() * 72 / 13 - 2), axis_label, entries)
    return figure


def _mark(is_apart: bool) -> Line2D:
    fill = COLOURS[0] if is_apart else "white"
    return Line2D([], [], linestyle="", marker="o", markersize=6, color=fill, markeredgecolor=COLOURS[0])


def _draw(axes: Axes, rows: pd.DataFrame, groups: list[str]) -> None:
    at = np.array([groups.index(group) for group in rows["group"]])
    axes.axvline(0, color=GREY, linewidth=1.0, zorder=1)
    low, high = rows["ci_low"].to_numpy(), rows["ci_high"].to_numpy()
    has_interval = np.isfinite(low) & np.isfinite(high)
    axes.hlines(at[has_interval], low[has_interval], high[has_interval], color=DARK, linewidth=1.2, zorder=2)
    for is_apart in (True, False):
        which = (rows["is_apart"] == is_apart).to_numpy()
        mark = _mark(is_apart)
        mark.set_data(rows["mean"].to_numpy()[which], at[which])
        mark.set(zorder=3)
        axes.add_line(mark)
    axes.autoscale_view()
