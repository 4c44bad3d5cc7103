"""Utilisation: how busy each stage is, and which one holds the others back."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from simsupply.base.language import Language, check_language, display_name, percent_label
from simsupply.figures.labels import figure_text
from simsupply.figures.panels import check_unique, finish, make_panels, read_table, styles_in_order
from simsupply.figures.style import DARK, GREY, StrategyStyle, figure_style
from simsupply.figures.typeface import drawable, wrap_text
from simsupply.strategy.step_titles import stage_label

STAGE_SPAN = 0.8  # of the distance between two stages
LINE_INCHES = 0.16  # of a label, so that those of several lines do not run into each other


def plot_utilisation(
    table: pd.DataFrame,
    *,
    strategy_order: Sequence[str] | None = None,
    language: Language = "en",
) -> Figure:
    """Draw the utilisation of each stage as bars, one panel per case, strategies side by side.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per strategy, case and stage; a stage that a strategy does not have has no row. Panels,
        strategies and stages (top to bottom, so give them in process order) follow the order of their first
        appearance. Columns:

        - ``strategy`` (str), ``case`` (str, the panel's heading), ``stage`` (str)
        - ``mean`` (share of available time in use, 0..1; missing where no time was available: shown as "n/a")
        - ``ci_low``, ``ci_high`` (share, ends of the 95 % confidence interval; missing where there is only
          one replication, and then no error bar is drawn)
        - ``is_longest_wait`` (bool), drawn hatched
        - ``title`` (str, optional), what is written for the stage; without it, its usual title or its name
    strategy_order : sequence of str, optional
        All strategies of the study, so that one that is absent here keeps its colour for other figures.
    language : {"en", "zh"}
        Language of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        The axis is 0 to 100 %, longer only if a mean or interval exceeds it.

    Raises
    ------
    ValueError
        If the table is empty, lacks a column, repeats a stage, or holds a negative share.
    """
    check_language(language)
    rows = read_table(table, "utilisation", ("strategy", "case", "stage"), ("mean", "ci_low", "ci_high"))
    if "is_longest_wait" not in rows.columns:
        raise ValueError("the utilisation table lacks the column(s) is_longest_wait")
    rows["is_longest_wait"] = [bool(flag) if pd.notna(flag) else False for flag in rows["is_longest_wait"]]
    check_unique(rows, "utilisation", ["strategy", "case", "stage"])
    if (rows["mean"] < 0).any():
        raise ValueError("the utilisation table's column mean must not hold negative shares")

    stages = list(dict.fromkeys(rows["stage"]))
    titled = dict(zip(rows["stage"], rows["title"], strict=True)) if "title" in rows.columns else {}
    longest = float(np.nanmax([1.0, *rows["mean"], *rows["ci_high"]]))
    with figure_style():
        styles = styles_in_order(rows, strategy_order)
        cases = list(dict.fromkeys(rows["case"]))
        labels = [wrap_text(drawable(stage_label(stage, language, titled)), 11) for stage in stages]
        lines = max(label.count("\n") + 1 for label in labels)
        height = max(2.2, 0.5 + len(stages) * max(0.16 + 0.15 * len(styles), LINE_INCHES * lines))
        figure, panels = make_panels(cases, panel_width=3.3, panel_height=height)
        for axes, case in zip(panels, cases, strict=True):
            _format_axes(axes, labels, longest, language)
            in_case = rows[rows["case"] == case]
            for place, (strategy, style) in enumerate(styles.items()):
                centre = STAGE_SPAN * ((place + 0.5) / len(styles) - 0.5)
                bars = in_case[in_case["strategy"] == strategy]
                _draw_bars(axes, bars, stages, centre, STAGE_SPAN / len(styles), style, language)
        entries: list[tuple[Patch | Line2D, str]] = [
            (Patch(facecolor=style.colour), display_name(name)) for name, style in styles.items()
        ]
        if rows["is_longest_wait"].any():
            patch = Patch(facecolor=GREY, edgecolor=DARK, hatch="////", hatchcolor="white")
            entries.append((patch, figure_text("longest_wait", language)))
        if (rows["ci_low"].notna() & rows["ci_high"].notna()).any():
            mark = Line2D([], [], color=DARK, linewidth=1.2, marker="|", markersize=6, markevery=1)
            entries.append((mark, figure_text("confidence_interval", language)))
        title = figure_text("utilisation_title", language)
        finish(figure, title, figure_text("utilisation_axis", language), entries)
    return figure


def _format_axes(axes: Axes, labels: Sequence[str], longest: float, language: Language) -> None:
    end = max(1.0, math.ceil(longest * 20 - 1e-9) / 20)
    step = 0.25 if end <= 1.25 else 0.5
    shares = np.arange(math.floor(end / step + 1e-9) + 1) * step
    axes.set_xlim(0, end)
    axes.set_xticks(shares, [percent_label(share, language) for share in shares])
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0, labelleft=axes.get_subplotspec().is_first_col())  # type: ignore[union-attr]  # it stands in a grid
    axes.grid(axis="x")


def _draw_bars(
    axes: Axes,
    rows: pd.DataFrame,
    stages: Sequence[str],
    centre: float,
    thickness: float,
    style: StrategyStyle,
    language: Language,
) -> BarContainer:
    """Draw one strategy's bars, `centre` off each stage's line and at most `thickness` thick."""
    positions = np.array([stages.index(stage) + centre for stage in rows["stage"]])
    means = rows["mean"].to_numpy()
    lengths = np.nan_to_num(means)
    bars = axes.barh(positions, lengths, height=0.88 * thickness, color=style.colour, zorder=2)
    for bar, is_longest_wait in zip(bars, rows["is_longest_wait"], strict=True):
        if is_longest_wait:
            bar.set(hatch="////", hatchcolor="white", edgecolor=DARK, linewidth=1.0, zorder=2.5)
    low, high = rows["ci_low"].to_numpy(), rows["ci_high"].to_numpy()
    has_interval = np.isfinite(low) & np.isfinite(high) & np.isfinite(means)
    if has_interval.any():
        left, right, at = low[has_interval], high[has_interval], positions[has_interval]
        axes.hlines(at, left, right, color=DARK, linewidth=1.2, zorder=3)
        axes.plot(
            [*left, *right],
            [*at, *at],
            "|",
            color=DARK,
            markersize=5,
            markeredgewidth=1.2,
            clip_on=False,
            zorder=3,
        )
    for position in positions[np.isnan(means)]:
        axes.annotate(
            figure_text("not_available", language),
            (0, position),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=7.5,
            color=style.colour,
        )
    return bars
