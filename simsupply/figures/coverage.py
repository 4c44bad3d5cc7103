"""Coverage curves: the share of households served against time."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from simsupply.base.language import Language, check_language, display_name, duration_label, percent_label
from simsupply.figures.labels import figure_text
from simsupply.figures.panels import check_unique, finish, make_panels, read_table, styles_in_order
from simsupply.figures.style import DARK, GREY, StrategyStyle, figure_style
from simsupply.measures.metric_registry import metric_label

DAY_STEPS = (0.125, 0.25, 0.5, 1, 2, 5, 7, 14, 28, 56)
SHIFT_COLOUR = "#F2F2F2"


def plot_coverage(
    curves: pd.DataFrame,
    *,
    target_h: float | None,
    shifts: Sequence[tuple[float, float]] | None = None,
    strategy_order: Sequence[str] | None = None,
    language: Language = "en",
) -> Figure:
    """Draw the share of households served against time, one panel per case and one line per strategy.

    Parameters
    ----------
    curves : pandas.DataFrame
        One row per strategy, case and hour, in any order of hours. Panels and strategies follow the order of
        their first appearance. Columns:

        - ``strategy`` (str), ``case`` (str, the panel's heading, e.g. "50 %" attendance)
        - ``hour`` (h since 00:00 of day 0)
        - ``mean`` (share of households served, 0..1)
        - ``ci_low``, ``ci_high`` (share, ends of the 95 % confidence interval; missing where there is only
          one replication, and then no band is drawn)
    target_h : float or None
        Time by which everybody should be served (h), drawn as a dashed line.
    shifts : sequence of (start, end), optional
        Working hours of the day (h), repeated every day and shaded; an end beyond 24 passes midnight.
    strategy_order : sequence of str, optional
        All strategies of the study, so that one that is absent here keeps its colour for other figures.
    language : {"en", "zh"}
        Language of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        The time axis is in days from 0 (or the earliest hour, if negative) to the last hour or the target,
        whichever is later; the share axis is always 0 to 100 %.

    Raises
    ------
    ValueError
        If the table is empty, lacks a column, repeats an hour, or holds a share outside 0..1.
    """
    check_language(language)
    table = read_table(curves, "coverage", ("strategy", "case"), ("hour", "mean", "ci_low", "ci_high"))
    check_unique(table, "coverage", ["strategy", "case", "hour"])
    if table[["hour", "mean"]].isna().any(axis=None):
        raise ValueError("the coverage table has rows without an hour or a mean")
    if not table["mean"].between(-1e-9, 1 + 1e-9).all():
        raise ValueError("the coverage table's column mean must hold shares between 0 and 1")
    if target_h is not None and not (math.isfinite(target_h) and target_h > 0):
        raise ValueError(f"target_h is {target_h!r}; it must be a number of hours above 0, or None")

    start = min(0.0, table["hour"].min() / 24)
    end = max(table["hour"].max(), target_h or 0.0) / 24
    end = end if end > start else start + 1
    with figure_style():
        styles = styles_in_order(table, strategy_order)
        cases = list(dict.fromkeys(table["case"]))
        figure, panels = make_panels(cases, panel_width=3.5, panel_height=2.9)
        has_band = False
        for axes, case in zip(panels, cases, strict=True):
            _format_axes(axes, start, end, language)
            _shade_shifts(axes, shifts or (), start, end)
            rows = table[table["case"] == case]
            for strategy, style in styles.items():
                has_band |= _draw_curve(axes, rows[rows["strategy"] == strategy].sort_values("hour"), style)
            if target_h is not None:
                _draw_target(axes, target_h / 24, (target_h / 24 - start) / (end - start), language)
        for axes in panels:
            if axes.get_subplotspec().is_first_col():  # type: ignore[union-attr]  # it stands in a grid
                axes.set_ylabel(metric_label("coverage", language))
        entries: list[tuple[Line2D | Patch, str]] = [
            (Line2D([], [], color=style.colour, linestyle=style.line_style, linewidth=2), display_name(name))
            for name, style in styles.items()
        ]
        if has_band:
            band = Patch(color=GREY, alpha=0.25, linewidth=0)
            entries.append((band, figure_text("confidence_interval", language)))
        if shifts:
            entries.append((Patch(facecolor=SHIFT_COLOUR), figure_text("working_hours", language)))
        title, axis_label = (figure_text(key, language) for key in ("coverage_title", "time_axis_days"))
        finish(figure, title, axis_label, entries)
    return figure


def _format_axes(axes: Axes, start: float, end: float, language: Language) -> None:
    step = next((step for step in DAY_STEPS if (end - start) / step <= 8), math.ceil((end - start) / 8))
    days = np.arange(math.ceil(start / step), math.floor(end / step + 1e-9) + 1) * step
    axes.set_xlim(start, end)
    axes.set_xticks(days, [f"{day:g}" for day in days])
    shares = np.arange(6) / 5
    axes.set_ylim(0, 1)
    axes.set_yticks(shares, [percent_label(share, language) for share in shares])
    axes.tick_params(labelleft=axes.get_subplotspec().is_first_col())  # type: ignore[union-attr]  # it stands in a grid
    axes.grid(axis="y")


def _shade_shifts(axes: Axes, shifts: Sequence[tuple[float, float]], start: float, end: float) -> None:
    for from_hour, to_hour in shifts:
        if not from_hour < to_hour <= from_hour + 24:
            raise ValueError(f"the shift ({from_hour}, {to_hour}) must end after its start and within 24 h")
        for day in range(math.floor(start) - 1, math.ceil(end)):
            left, right = max(start, day + from_hour / 24), min(end, day + to_hour / 24)
            if left < right:
                axes.axvspan(left, right, color=SHIFT_COLOUR, linewidth=0, zorder=0)


def _draw_curve(axes: Axes, rows: pd.DataFrame, style: StrategyStyle) -> bool:
    """Draw one strategy; say whether it has a confidence band."""
    if rows.empty:
        return False
    days = rows["hour"].to_numpy() / 24
    low, high = rows["ci_low"].to_numpy(), rows["ci_high"].to_numpy()
    has_interval = np.isfinite(low) & np.isfinite(high)
    if has_interval.any():
        axes.fill_between(days, low, high, where=has_interval, color=style.colour, alpha=0.17, linewidth=0)
    # Not clipped, so that a line along 0 or 100 % keeps its full width.
    axes.plot(
        days,
        rows["mean"].to_numpy(),
        color=style.colour,
        linestyle=style.line_style,
        linewidth=2.0,
        marker="o" if len(rows) == 1 else "",
        markersize=5,
        clip_on=False,
        zorder=3,
    )
    return bool(has_interval.any())


def _draw_target(axes: Axes, day: float, place: float, language: Language) -> None:
    """Mark the target with a dashed line, its label in the strip between the panel and its heading."""
    axes.axvline(day, color=DARK, linestyle=(0, (4, 3)), linewidth=1.0, zorder=2)
    label = figure_text("target", language).format(duration=duration_label(day * 24, language))
    side = "left" if place < 0.2 else "right" if place > 0.8 else "center"
    axes.annotate(
        label,
        (day, 1.0),
        xycoords=axes.get_xaxis_transform(),
        xytext=(0, 4),
        textcoords="offset points",
        ha=side,
        va="bottom",
        fontsize=8.5,
        color=DARK,
    )
    axes.set_title(axes.get_title("left"), pad=19)
