"""Staff day by day: how many were at work, and why the others were not."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from simsupply.base.language import Language, check_language, percent_label
from simsupply.figures.labels import figure_text
from simsupply.figures.panels import check_unique, finish, make_panels
from simsupply.figures.style import figure_style

# At work first, then the reasons; light and dark in turn, so that neighbours differ in grey too.
STAFF_COLOURS: dict[str, str] = {
    "present": "#2A6F97",
    "filled_in": "#8FC1E3",
    "lent": "#C9C9C9",
    "stayed_away": "#8A8A8A",
    "turned_back": "#F2B84B",
    "no_bed": "#7A5C2E",
    "quarantined": "#E8A090",
    "infected": "#A63A1E",
    "closed": "#D9C7E8",
    "shock": "#5B3A78",
    "not_called_up": "#D5E3C5",
}


def plot_staff_by_day(table: pd.DataFrame, *, language: Language = "en") -> Figure:
    """Draw, crew by crew, the share of the planned people at work on each day, and the reasons of the others.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per crew, measure and day: ``crew`` (str, the panel's heading, in order of first appearance),
        ``measure`` (a key of `STAFF_COLOURS`), ``day`` (from 0), ``share`` (of those planned, 0..1; who fills
        in comes on top).
    language : {"en", "zh"}
        Language of the labels.

    Raises
    ------
    ValueError
        If the table is empty, repeats a day, holds an unknown measure or a negative share.
    """
    check_language(language)
    if table.empty:
        raise ValueError("the staff table has no rows: there is nothing to draw")
    check_unique(table, "staff", ["crew", "measure", "day"])
    if not table["measure"].isin(STAFF_COLOURS).all():
        raise ValueError(f"the staff table's column measure must hold {', '.join(STAFF_COLOURS)} only")
    if (table["share"] < 0).any():
        raise ValueError("the staff table must not hold negative shares")
    end = int(table["day"].max()) + 1
    with figure_style():
        crews = list(dict.fromkeys(table["crew"]))
        figure, panels = make_panels(crews, panel_width=3.0, panel_height=1.9)
        top = 1.0
        for axes, crew in zip(panels, crews, strict=True):
            top = max(top, _draw_panel(axes, table[table["crew"] == crew], end))
        for axes in panels:
            axes.set_xlim(0, end)
            axes.set_ylim(0, top)
            axes.xaxis.set_major_locator(MaxNLocator(nbins=7, integer=True, steps=[1, 2, 5, 7, 10]))
            ticks = np.arange(0, top + 1e-9, 0.5 if top > 1.25 else 0.25)
            axes.set_yticks(ticks, [percent_label(float(tick), language) for tick in ticks])
        drawn = set(table.loc[table["share"] > 0, "measure"])
        entries = [
            (Patch(facecolor=colour), figure_text(f"staff_{name}", language))
            for name, colour in STAFF_COLOURS.items()
            if name in drawn
        ]
        finish(figure, figure_text("staff_title", language), figure_text("time_axis_days", language), entries)
    return figure


def _draw_panel(axes: Axes, rows: pd.DataFrame, end: int) -> float:
    """Stack the shares of one crew; returns the highest sum."""
    below, edges = np.zeros(end), np.arange(end + 1)
    for name, colour in STAFF_COLOURS.items():
        rows_of_measure = rows[rows["measure"] == name]
        share = np.zeros(end)
        share[rows_of_measure["day"].to_numpy(dtype=int)] = rows_of_measure["share"].to_numpy(dtype=float)
        if share.any():
            axes.stairs(below + share, edges, baseline=below, fill=True, color=colour)
            below = below + share
    return float(below.max())
