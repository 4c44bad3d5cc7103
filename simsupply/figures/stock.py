"""Stock by goods over time: what is at the depots, on its way and in reserves, and when orders were short."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from simsupply.base.language import Language, check_language
from simsupply.figures.labels import figure_text
from simsupply.figures.panels import check_unique, finish, make_panels
from simsupply.figures.style import COLOURS, figure_style

MEASURES = ("depots", "in_transit", "reserves", "short")
DEPOTS, RESERVES, SHORT = COLOURS[0], COLOURS[2], COLOURS[1]
DOTTED, DASHED = (0, (1.2, 1.2)), (0, (4, 1.4))


def plot_stock(stock: pd.DataFrame, *, language: Language = "en") -> Figure:
    """Draw stock in days of cover, one panel for each of the goods.

    Parameters
    ----------
    stock : pandas.DataFrame
        One row per panel, measure and day; panels follow the order of their first appearance. Columns:

        - ``panel`` (str: name of the goods)
        - ``measure`` (``depots``, ``in_transit``, ``reserves``: days of cover at the midnight that ends
          the day; ``short``: share of what orders should have held on the day that they were not sent with)
        - ``day`` (from 0), ``mean``
    language : {"en", "zh"}
        Language of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        A day is shaded the darker the more was short.

    Raises
    ------
    ValueError
        If the table is empty, holds another measure, repeats a day, or holds negative stock.
    """
    check_language(language)
    if stock.empty:
        raise ValueError("the stock table has no rows: there is nothing to draw")
    check_unique(stock, "stock", ["panel", "measure", "day"])
    if not stock["measure"].isin(MEASURES).all():
        raise ValueError(f"the stock table's column measure must hold {', '.join(MEASURES)} only")
    if not (stock["mean"] >= 0).all():
        raise ValueError("the stock table must not hold negative stock")
    end = float(stock["day"].max() + 1)
    with figure_style():
        names = list(dict.fromkeys(stock["panel"]))
        figure, panels = make_panels(names, 4.2, 2.5)
        has_reserves = bool((stock.loc[stock["measure"] == "reserves", "mean"] > 0).any())
        is_short = bool((stock.loc[stock["measure"] == "short", "mean"] > 0).any())
        for axes, name in zip(panels, names, strict=True):
            _draw(axes, stock[stock["panel"] == name], has_reserves)
            axes.set_xlim(0, end)
            axes.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True, steps=[1, 2, 5, 7, 10]))
            axes.grid(axis="y")
        top = float(stock.loc[stock["measure"] != "short", "mean"].max())
        panels[0].set_ylim(0, max(1.0, top * 1.06))
        panels[0].set_ylabel(figure_text("days_of_cover", language))
        entries: list[tuple[Line2D | Patch, str]] = [
            (Line2D([], [], color=DEPOTS, linewidth=1.9), figure_text("stock_depots", language)),
            (
                Line2D([], [], color=DEPOTS, linewidth=1.3, linestyle=DOTTED),
                figure_text("stock_in_transit", language),
            ),
        ]
        if has_reserves:
            line = Line2D([], [], color=RESERVES, linewidth=1.9, linestyle=DASHED)
            entries.append((line, figure_text("stock_reserves", language)))
        if is_short:
            entries.append((Patch(color=SHORT, alpha=0.35, linewidth=0), figure_text("stock_short", language)))
        finish(figure, figure_text("stock_title", language), figure_text("time_axis_days", language), entries)
    return figure


def _draw(axes: Axes, rows: pd.DataFrame, has_reserves: bool) -> None:
    rows_of = {str(name): part.sort_values("day") for name, part in rows.groupby("measure", sort=False)}
    for day, share in zip(rows_of["short"]["day"], rows_of["short"]["mean"], strict=True):
        if share > 0:
            axes.axvspan(day, day + 1, color=SHORT, alpha=0.08 + 0.37 * min(1.0, float(share)), linewidth=0, zorder=0)
    # Stock at the midnight that ends a day.
    midnight = rows_of["depots"]["day"].to_numpy() + 1
    at_depots = rows_of["depots"]["mean"].to_numpy(float)
    both = at_depots + rows_of["in_transit"]["mean"].to_numpy(float)
    axes.plot(midnight, both, color=DEPOTS, linewidth=1.3, linestyle=DOTTED, zorder=3)
    axes.plot(midnight, at_depots, color=DEPOTS, linewidth=1.9, zorder=3.1)
    if has_reserves:
        reserves = np.asarray(rows_of["reserves"]["mean"], dtype=float)
        axes.plot(midnight, reserves, color=RESERVES, linewidth=1.9, linestyle=DASHED, zorder=3.05)
