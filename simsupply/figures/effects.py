"""How strongly a measure depends on its parameters: one row for each, a panel for each group."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from simsupply.base.language import Language, check_language, display_name
from simsupply.figures.labels import figure_text
from simsupply.figures.panels import check_unique, finish, make_panels, read_table
from simsupply.figures.style import COLOURS, GREY, figure_style
from simsupply.figures.typeface import drawable, wrap_text
from simsupply.strategy.parameter_titles import parameter_title

MARKS = ("o", "D")


def parameter_label(key: str, language: Language, width_em: float = 15, titles: Mapping[str, str] | None = None) -> str:
    """A parameter's key, or in Chinese its title, in lines of at most `width_em`, broken at blanks.

    `titles`: what it is in words, where the plan is at hand.

    >>> parameter_label("staffing.attendance", "en"), parameter_label("staffing.attendance", "zh")
    ('staffing: attendance', '到岗率')
    """
    shown = (titles or {}).get(key, key)
    if shown == key:
        shown = display_name(key.replace(".", ": ")) if language == "en" else parameter_title(key, language)
    return wrap_text(drawable(shown), width_em)


def plot_effects(
    table: pd.DataFrame,
    measures: Mapping[str, str],
    *,
    title: str,
    axis_label: str,
    language: Language = "en",
    titles: Mapping[str, str] | None = None,
) -> Figure:
    """Draw measures of parameters as points with their intervals, the parameter with the largest one on top.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns ``panel``, ``parameter``, ``measure`` (str), ``estimate``, ``ci_low``, ``ci_high`` (missing: no
        interval).
    measures : mapping
        Their names in the legend, one or two; rows are in the order of the first one, in the first panel that has it.
    title, axis_label : str
    language : {"en", "zh"}
    titles : mapping, optional
        Parameters in words, by key.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If the table is empty, lacks a column or repeats a row.
    """
    check_language(language)
    rows = read_table(table, "effects", ("panel", "parameter", "measure"), ("estimate", "ci_low", "ci_high"))
    check_unique(rows, "effects", ["panel", "parameter", "measure"])
    main = rows[rows["measure"] == next(iter(measures))].drop_duplicates("parameter")
    keys = list(
        main.assign(size=main["estimate"].abs()).sort_values("size", ascending=False, kind="stable")["parameter"]
    )
    with figure_style():
        names = [parameter_label(key, language, titles=titles) for key in keys]
        row_inches = max(0.42, 0.17 * (1 + max(name.count("\n") for name in names)) + 0.1)
        panels = list(dict.fromkeys(rows["panel"]))
        figure, axes_of = make_panels(panels, panel_width=3.6, panel_height=max(1.8, 1.0 + row_inches * len(keys)))
        for axes, panel in zip(axes_of, panels, strict=True):
            axes.axvline(0, color=GREY, linewidth=1.0, zorder=1)
            for place, measure in enumerate(measures):
                part = rows[(rows["panel"] == panel) & (rows["measure"] == measure)]
                at = np.array([keys.index(key) for key in part["parameter"]]) + 0.24 * (place - (len(measures) - 1) / 2)
                axes.hlines(at, part["ci_low"], part["ci_high"], color=COLOURS[place], linewidth=1.4, zorder=2)
                mark = _mark(place)
                mark.set_data(part["estimate"], at)
                mark.set(zorder=3, clip_on=False)
                axes.add_line(mark)
            axes.set_yticks(range(len(keys)), names)
            axes.set_ylim(len(keys) - 0.5, -0.5)
            axes.tick_params(axis="y", length=0)
            axes.xaxis.set_major_locator(MaxNLocator(nbins=5))
            axes.grid(axis="x")
            axes.autoscale_view(scaley=False)
        entries = [(_mark(place), name) for place, name in enumerate(measures.values())]
        if rows["ci_low"].notna().any():
            line = Line2D([], [], color=COLOURS[0], linewidth=1.4)
            entries.append((line, figure_text("confidence_interval", language)))
        finish(figure, wrap_text(drawable(title), figure.get_figwidth() * 72 / 13 - 2), axis_label, entries)
    return figure


def _mark(place: int) -> Line2D:
    fill = "white" if place else COLOURS[place]
    return Line2D([], [], linestyle="", marker=MARKS[place], markersize=6, color=fill, markeredgecolor=COLOURS[place])
