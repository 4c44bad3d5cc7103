"""The figures of a line and of a choice: estimates with their intervals, one panel for each measure."""

from __future__ import annotations

import math
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.spec import Cell, Factor
from experiments.verdicts import Number, Results
from experiments.words import level
from simsupply.figures.panels import finish, make_panels
from simsupply.figures.style import DARK, GREY, figure_style, strategy_styles
from simsupply.figures.typeface import wrap_text

CLEAR = 0.065
"""Share of the axis that a label takes."""
_UNITS: dict[str, str] = {"share": "%", "ratio": "", "index": ""}
INTERVAL = "Simultaneous 95 % interval"


def plot_line(results: Results) -> Figure:
    """One line for each option over the levels of the factor."""
    spec = results.spec
    (factor,) = spec.factors.values()
    styles = strategy_styles(list(spec.options))
    with figure_style():
        figure, panels = _panels([measure.title.en for measure in spec.measures.values()])
        places = _places(factor)
        for axes, (name, measure) in zip(panels, spec.measures.items(), strict=True):
            scale = _scale(results, name)
            for key, style in styles.items():
                found = [results.mean(name, Cell(key, (at,))) for at in factor.levels]
                low, high = ([getattr(number, end) * scale for number in found] for end in ("ci_low", "ci_high"))
                axes.fill_between(places, low, high, color=style.colour, alpha=0.17, linewidth=0)
                axes.plot(
                    places, [number.mean * scale for number in found], color=style.colour, linestyle=style.line_style,
                    linewidth=2, marker="o", markersize=4, clip_on=False, zorder=3,
                )  # fmt: skip
            if measure.target:
                axes.axhline(measure.target.value * scale, color=DARK, linestyle=(0, (4, 3)), linewidth=1)
            axes.set_xticks(places, _labels(factor, places), fontsize=8)
            _upright(axes, results, name)
        entries: list[tuple[Any, str]] = []
        if len(styles) > 1:
            entries = [
                (
                    Line2D([], [], color=style.colour, linestyle=style.line_style, linewidth=2),
                    spec.options[key].title.en,
                )
                for key, style in styles.items()
            ]
        entries.append((Line2D([], [], color=GREY, linewidth=7, alpha=0.3), INTERVAL))
        if any(measure.target for measure in spec.measures.values()):
            entries.append((Line2D([], [], color=DARK, linestyle=(0, (4, 3)), linewidth=1), "Target"))
        unit = "" if factor.unit in ("", "share", "times") else f" ({factor.unit})"
        finish(figure, spec.title.en, factor.title.en + unit, entries, bottom=panels)
    return figure


def _panels(titles: list[str]) -> tuple[Figure, list[Axes]]:
    """Side by side, each with an axis of its own: measures have different units."""
    figure = Figure(figsize=(4.4 * len(titles) + 0.4 + (2.6 if len(titles) == 1 else 0), 4.2), layout="constrained")
    FigureCanvasAgg(figure)
    panels = list(figure.subplots(1, len(titles), squeeze=False).flat)
    for axes, title in zip(panels, titles, strict=True):
        axes.set_title(wrap_text(title, 32), pad=8)
    return figure, panels


def _places(factor: Factor) -> list[float]:
    """Where levels stand on the axis: by their size, or, on a log scale, side by side."""
    return [float(at) for at in (range(len(factor.levels)) if factor.scale == "log" else factor.levels)]


def _labels(factor: Factor, places: list[float]) -> list[str]:
    """Labels of the levels, but of those too close to the next one; units that are words stand below the axis."""
    is_short = factor.unit in ("share", "times")
    kept, last = [], math.inf
    for at, place in reversed(list(zip(factor.levels, places, strict=True))):
        is_clear = last - place >= CLEAR * (places[-1] - places[0])
        kept.append((level(factor, at) if is_short else f"{at:g}") if is_clear else "")
        last = place if is_clear else last
    return kept[::-1]


def _scale(results: Results, name: str) -> float:
    return 100.0 if results.units[name] == "share" else 1.0


def _upright(axes: Axes, results: Results, name: str) -> None:
    unit = results.units[name]
    axes.set_ylabel(_UNITS.get(unit, unit))
    low, high = axes.get_ylim()
    # From 0 where 0 is not far away, so that a small difference looks small.
    if low > 0 and low < 0.75 * high:
        low = 0.0
    if unit == "share":
        low, high = max(low, 0.0), min(high, 100.0)
    axes.set_ylim(max(low, 0.0) if low > -0.1 * high else low, high)
    axes.grid(axis="y")


def plot_choice(results: Results) -> Figure:
    """One dot for each option, with the conditions below each other."""
    spec = results.spec
    styles = strategy_styles(list(spec.options))
    factors = list(spec.factors.values())
    with figure_style():
        height = 0.9 + 0.27 * len(spec.points) * (len(spec.options) + 0.8)
        figure, panels = make_panels([measure.title.en for measure in spec.measures.values()], 4.1, max(height, 2.2))
        step = 0.8 / len(spec.options)
        for axes, name in zip(panels, spec.measures, strict=True):
            scale = _scale(results, name)
            for row, point in enumerate(spec.points):
                for place, (key, style) in enumerate(styles.items()):
                    y = row + (place - (len(styles) - 1) / 2) * step
                    _dot(axes, results.mean(name, Cell(key, point)), y, scale, style.colour, "osD^vPX"[place % 7])
            axes.set_ylim(len(spec.points) - 0.45, -0.55)
            labels = [level(factors[0], point[0]) for point in spec.points] if factors else [""]
            axes.set_yticks(range(len(spec.points)), labels)
            axes.tick_params(axis="y", length=0)
            if factors and axes.get_subplotspec().is_first_col():
                axes.set_ylabel(factors[0].title.en)
            unit = results.units[name]
            axes.set_xlabel(_UNITS.get(unit, unit))
            low, high = axes.get_xlim()
            # From 0 where 0 is not far away, with room for the marks there.
            axes.set_xlim(-0.02 * high if -0.1 * high < low < 0.75 * high else low, high)
            for edge in range(1, len(spec.points)):
                axes.axhline(edge - 0.5, color="#DDDDDD", linewidth=0.8)
            axes.grid(axis="x")
        entries: list[tuple[Any, str]] = [
            (
                Line2D([], [], color=style.colour, marker="osD^vPX"[place % 7], linewidth=1.6),
                wrap_text(spec.options[key].title.en, 42),
            )
            for place, (key, style) in enumerate(styles.items())
        ]
        finish(figure, f"{spec.title.en}: means and simultaneous 95 % intervals", "", entries, bottom=[])
    return figure


def _dot(axes: Axes, found: Number, y: float, scale: float, colour: str, marker: str) -> None:
    axes.plot([found.ci_low * scale, found.ci_high * scale], [y, y], color=colour, linewidth=1.6, solid_capstyle="butt")
    axes.plot([found.mean * scale], [y], color=colour, marker=marker, markersize=6, clip_on=False, zorder=3)
