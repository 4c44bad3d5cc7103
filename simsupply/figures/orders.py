"""Orders day by day: what was tried, taken on and delivered, under which tiers and triggers."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from simsupply.base.language import Language, check_language, percent_label
from simsupply.figures.labels import figure_text
from simsupply.figures.panels import check_unique, finish, read_table
from simsupply.figures.style import COLOURS, DARK, GREY, figure_style
from simsupply.figures.typeface import drawable, wrap_text

KINDS = ("asked", "sent", "visits")
MEASURES = ("attempted", "accepted", "delivered")
ATTEMPTED, ACCEPTED, DELIVERED = "#D9D9D9", COLOURS[0], COLOURS[1]
TRIGGER = "#F0C000"
# From light to dark, so that they differ in grey too.
TIER_COLOURS = ("#CDE7D8", "#F2B84B", "#A63A1E")
NUM_COLUMNS = 3
WIDE_INCHES, SMALL_INCHES, STRIP_INCHES, ROW_INCHES = 2.3, 1.25, 0.5, 0.3


def plot_orders_by_day(
    orders: pd.DataFrame,
    *,
    normal: float | None = None,
    triggers: pd.DataFrame | None = None,
    tiers: pd.DataFrame | None = None,
    language: Language = "en",
) -> Figure:
    """Draw orders by day, a wide panel for the first group and small ones for the others.

    Parameters
    ----------
    orders : pandas.DataFrame
        One row per panel, measure and day. Panels follow the order of their first appearance.
        Columns:

        - ``panel`` (a number of its own for each), ``title`` (str; empty for the sum of several channels)
        - ``kind`` (``asked``, ``sent`` or ``visits``: ordered by residents, sent to them unasked, bought in a shop)
        - ``measure`` (``attempted``: a grey area, ``accepted``: a line, ``delivered``: a dashed line)
        - ``day`` (from 0)
        - ``mean``, ``ci_low``, ``ci_high`` (orders a day and the ends of the 95 % confidence interval, which
          are missing where there is only one replication)
    normal : float, optional
        Orders of a normal day, drawn as a dashed line in the wide panel if it shows orders.
    triggers : pandas.DataFrame, optional
        ``trigger`` (str), ``day``, ``share`` (of replications in which it was on): days are shaded in all
        panels, and named below them.
    tiers : pandas.DataFrame, optional
        ``tier`` (str, in ascending order of strictness), ``day``, ``share`` (of households).
    language : {"en", "zh"}
        Language of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        Every panel has an axis of its own for orders; all share that of days.

    Raises
    ------
    ValueError
        If a table is empty, lacks a column, repeats a day, or holds negative orders.
    """
    check_language(language)
    rows = read_table(orders, "orders", ("panel", "title", "kind", "measure"), ("day", "mean", "ci_low", "ci_high"))
    check_unique(rows, "orders", ["panel", "measure", "day"])
    for column, known in (("kind", KINDS), ("measure", MEASURES)):
        if not rows[column].isin(known).all():
            raise ValueError(f"the orders table's column {column} must hold {', '.join(known)} only")
    if (rows["mean"] < 0).any():
        raise ValueError("the orders table must not hold negative orders")
    end = rows["day"].max() + 1
    on, calendar = _by_day(triggers, "trigger"), _by_day(tiers, "tier")
    on = {name: shares for name, shares in on.items() if shares.any()}
    if rows["kind"].iloc[0] != "asked":
        normal = None
    with figure_style():
        figure, panels, strips = _layout(list(dict.fromkeys(rows["panel"])), list(on), bool(calendar))
        for axes, (_, panel) in zip(panels, rows.groupby("panel", sort=False), strict=True):
            is_wide = axes is panels[0]
            _draw_panel(axes, panel, is_wide, normal if is_wide else None, end, language)
            _shade(axes, on)
        _draw_strips(strips, on, calendar, language)
        for axes in (*panels, *strips):
            _format_days(axes, end, is_small=axes in panels[1:])
        bottom = strips[-1:] or panels[-NUM_COLUMNS:]
        for axes in strips[:-1]:
            axes.tick_params(labelbottom=False)
        entries = _legend(rows, normal, bool(on), calendar, language)
        title, axis_label = (figure_text(key, language) for key in ("orders_title", "time_axis_days"))
        finish(figure, title, axis_label, entries, bottom)
    return figure


def _by_day(table: pd.DataFrame | None, what: str) -> dict[str, np.ndarray]:
    """Shares by day of everything named in a table; nothing without one."""
    if table is None or table.empty:
        return {}
    check_unique(table, what, [what, "day"])
    return {
        str(name): rows.sort_values("day")["share"].to_numpy(float) for name, rows in table.groupby(what, sort=False)
    }


def _layout(panels: Sequence[str], triggers: Sequence[str], has_tiers: bool) -> tuple[Figure, list[Axes], list[Axes]]:
    """Axes of the panels (the first as wide as the figure) and of the strips below them."""
    num_small = math.ceil((len(panels) - 1) / NUM_COLUMNS)
    strips = ([ROW_INCHES * len(triggers)] if triggers else []) + ([STRIP_INCHES] if has_tiers else [])
    heights = [WIDE_INCHES, *[SMALL_INCHES] * num_small, *strips]
    # Headings, day labels, title and legend.
    size = 8.4, sum(heights) + 0.55 * (1 + num_small) + 0.2 * len(strips) + 1.0
    figure = Figure(figsize=size, layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(len(heights), NUM_COLUMNS, height_ratios=heights)
    axes = [figure.add_subplot(grid[0, :])]
    axes += [
        figure.add_subplot(grid[1 + number // NUM_COLUMNS, number % NUM_COLUMNS]) for number in range(len(panels) - 1)
    ]
    return figure, axes, [figure.add_subplot(grid[1 + num_small + number, :]) for number in range(len(strips))]


def _draw_panel(
    axes: Axes, rows: pd.DataFrame, is_wide: bool, normal: float | None, end: float, language: Language
) -> None:
    """Draw what happened on each day as steps from midnight to midnight, and what is normal."""
    title, kind = rows["title"].iloc[0], rows["kind"].iloc[0]
    name = drawable(title) if title else figure_text(f"all_{kind}", language)
    if is_wide:
        axes.set_title(wrap_text(name, 50), pad=8)
        axes.set_ylabel(figure_text(f"{kind}_a_day", language))
    else:
        heading = figure_text(f"panel_{kind}", language).format(channel=name)
        axes.set_title(wrap_text(heading, 19), pad=5, fontsize=8.5)
    top = max(1.0, normal or 0.0)
    for measure in MEASURES:
        of_measure = rows[rows["measure"] == measure].sort_values("day")
        if of_measure.empty:
            continue
        edges = np.append(of_measure["day"].to_numpy(), end)
        mean, low, high = (of_measure[column].to_numpy() for column in ("mean", "ci_low", "ci_high"))
        top = max(top, float(np.nanmax([*mean, *high])))
        if measure == "attempted":
            axes.stairs(mean, edges, fill=True, color=ATTEMPTED, zorder=1)
            colour, order = GREY, 2.0
        else:
            is_last = measure == "delivered"
            colour, order = (DELIVERED, 3.1) if is_last else (ACCEPTED, 3.0)
            line = axes.stairs(mean, edges, color=colour, linewidth=1.9, baseline=None, zorder=order)
            line.set_linestyle((0, (3, 1.2)) if is_last else "-")
        if np.isfinite(low).all() and np.isfinite(high).all():
            axes.stairs(
                high, edges, baseline=low, fill=True, color=colour, alpha=0.22, linewidth=0, zorder=order - 0.05
            )
    if normal is not None:
        axes.axhline(normal, color=DARK, linestyle=(0, (4, 3)), linewidth=1.0, zorder=2.9)
    axes.set_ylim(0, top * 1.06)


def _shade(axes: Axes, triggers: dict[str, np.ndarray]) -> None:
    """Shade the days on which any trigger was on, the darker the more often it was."""
    if triggers:
        for day, share in enumerate(np.max(list(triggers.values()), axis=0)):
            if share > 0:
                axes.axvspan(day, day + 1, color=TRIGGER, alpha=0.22 * share, linewidth=0, zorder=0)


def _draw_strips(
    strips: Sequence[Axes], triggers: dict[str, np.ndarray], tiers: dict[str, np.ndarray], language: Language
) -> None:
    if triggers:
        axes = strips[0]
        for row, shares in enumerate(triggers.values()):
            for day, share in enumerate(shares):
                if share > 0:
                    axes.axvspan(
                        day,
                        day + 1,
                        1 - (row + 0.9) / len(triggers),
                        1 - (row + 0.1) / len(triggers),
                        color=TRIGGER,
                        alpha=0.9 * share,
                        linewidth=0,
                    )
        axes.set_ylim(len(triggers) - 0.5, -0.5)
        axes.set_yticks(range(len(triggers)), [wrap_text(drawable(name), 11) for name in triggers], fontsize=8)
    if tiers:
        axes = strips[-1]
        below = np.zeros(len(next(iter(tiers.values()))))
        edges = np.arange(len(below) + 1)
        for colour, shares in zip(TIER_COLOURS, tiers.values(), strict=False):
            axes.stairs(below + shares, edges, baseline=below, fill=True, color=colour)
            below = below + shares
        axes.set_ylim(0, 1)
        axes.set_yticks([0, 1], [percent_label(0, language), percent_label(1, language)], fontsize=8.5)
        axes.set_ylabel(wrap_text(figure_text("tiers", language), 6), fontsize=8.5)


def _format_days(axes: Axes, end: float, is_small: bool) -> None:
    axes.set_xlim(0, end)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=7 if is_small else 14, integer=True, steps=[1, 2, 5, 7, 10]))
    if is_small:
        axes.tick_params(labelsize=7.5)
        axes.yaxis.set_major_locator(MaxNLocator(nbins=3, integer=True))
    if axes.get_ylim()[1] > 1:
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
        axes.grid(axis="y")


def _legend(
    rows: pd.DataFrame, normal: float | None, has_trigger: bool, tiers: dict[str, np.ndarray], language: Language
) -> list[tuple[Patch | Line2D, str]]:
    """What is drawn, and no more."""
    marks: dict[str, Patch | Line2D] = {
        "attempted": Patch(facecolor=ATTEMPTED),
        "accepted": Line2D([], [], color=ACCEPTED, linewidth=1.9),
        "delivered": Line2D([], [], color=DELIVERED, linewidth=1.9, linestyle=(0, (3, 1.2))),
    }
    names = {
        "attempted": "attempted",
        "accepted": "accepted_sent" if (rows["kind"] == "sent").any() else "accepted",
        "delivered": "delivered_visits" if (rows["kind"] == "visits").any() else "delivered",
    }
    entries = [
        (marks[name], figure_text(names[name], language)) for name in MEASURES if (rows["measure"] == name).any()
    ]
    if (rows["ci_low"].notna() & rows["ci_high"].notna()).any():
        entries.append((Patch(color=ACCEPTED, alpha=0.25, linewidth=0), figure_text("confidence_interval", language)))
    if normal is not None:
        line = Line2D([], [], color=DARK, linestyle=(0, (4, 3)), linewidth=1.0)
        entries.append((line, figure_text("normal_orders", language)))
    if has_trigger:
        entries.append((Patch(color=TRIGGER, alpha=0.4, linewidth=0), figure_text("trigger_on", language)))
    coloured = zip(TIER_COLOURS, tiers.items(), strict=False)
    entries += [(Patch(facecolor=colour), drawable(name)) for colour, (name, shares) in coloured if shares.any()]
    return entries
