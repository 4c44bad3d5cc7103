"""A measure over what varies: one panel for each value of one parameter, one line for each of another."""

import pandas as pd
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from pandas.api.types import is_numeric_dtype

from simsupply.base.language import Language, check_language, display_name
from simsupply.figures.panels import check_unique, finish, make_panels, read_table
from simsupply.figures.style import figure_style, strategy_styles
from simsupply.figures.typeface import drawable, wrap_text


def plot_response(
    table: pd.DataFrame, *, title: str, x_label: str, y_label: str, is_connected: bool = True, language: Language = "en"
) -> Figure:
    """Draw means with their intervals over a parameter.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns ``panel`` and ``line`` (str, in the order of their first appearance), ``x`` (numbers, or names in
        the order of their first appearance), ``mean``, ``ci_low``, ``ci_high`` (missing: no interval).
    title, x_label, y_label : str
    is_connected : bool
        Whether the points of a line are joined; those of a drawn sample are not.
    language : {"en", "zh"}

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If the table is empty, lacks a column, or repeats a point of a joined line.
    """
    check_language(language)
    rows = read_table(table, "response", ("panel", "line"), ("mean", "ci_low", "ci_high"))
    if "x" not in rows.columns:
        raise ValueError("the response table lacks the column(s) x")
    names = [] if is_numeric_dtype(rows["x"]) else list(dict.fromkeys(rows["x"].astype(str)))
    if is_connected:
        check_unique(rows, "response", ["panel", "line", "x"])
    at = rows["x"].astype(str).map(names.index) if names else rows["x"]
    rows = rows.assign(at=at.astype(float)).sort_values("at", kind="stable")
    with figure_style():
        panels, lines = list(dict.fromkeys(table["panel"].astype(str))), list(dict.fromkeys(table["line"].astype(str)))
        styles = strategy_styles(lines)
        figure, axes_of = make_panels(panels, panel_width=3.5, panel_height=2.9)
        for axes, panel in zip(axes_of, panels, strict=True):
            for line in lines:
                part = rows[(rows["panel"] == panel) & (rows["line"] == line)]
                style = styles[line]
                low, high = (part["mean"] - part["ci_low"]), (part["ci_high"] - part["mean"])
                axes.errorbar(
                    part["at"],
                    part["mean"],
                    yerr=[low.fillna(0).clip(lower=0), high.fillna(0).clip(lower=0)],
                    color=style.colour,
                    linestyle=style.line_style if is_connected else "none",
                    linewidth=1.8,
                    marker="o",
                    markersize=4 if is_connected else 3,
                    capsize=2.5 if is_connected else 0,
                    elinewidth=1.0 if is_connected else 0.7,
                    ecolor=style.colour if is_connected else to_rgba(style.colour, 0.3),
                    clip_on=False,
                )
            if names:
                axes.set_xticks(range(len(names)), [wrap_text(drawable(display_name(name)), 9) for name in names])
            if axes.get_subplotspec().is_first_col():  # type: ignore[union-attr]  # it stands in a grid
                axes.set_ylabel(drawable(y_label))
            axes.grid(axis="y")
        entries = [
            (
                Line2D([], [], color=style.colour, linestyle=style.line_style if is_connected else "none", marker="o"),
                display_name(line),
            )
            for line, style in styles.items()
        ]
        finish(figure, title, x_label, entries)
    return figure
