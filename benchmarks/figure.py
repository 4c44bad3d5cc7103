"""The figure of ``docs/performance.md``: seconds against size, both axes logarithmic."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from benchmarks.growth import Growth
from benchmarks.run import Results
from benchmarks.targets import MAX_GROWTH
from simsupply.figures.style import GREY, LIGHT, figure_style, strategy_styles

MARKERS = ("o", "s", "^")


def plot_growth(results: Results) -> Figure:
    """Draw one panel for households and one for days, with a guide of linear growth and its tolerance."""
    with figure_style():
        figure = Figure(figsize=(8.6, 4.5), layout="constrained")
        left, right = figure.subplots(1, 2)
        _panel(left, results.growth_households, f"households, {results.sizes.growth_days} days")
        _cities(left, results.growth_cities, ", ".join(results.sizes.cities))
        _panel(right, results.growth_days, f"days, {results.sizes.city}")
        left.set_ylabel("seconds for one replication")
        handles, labels = left.get_legend_handles_labels()
        if handles:
            figure.legend(handles, labels, loc="outside lower center", ncols=3)
        return figure


def _panel(axes: Axes, growths: Sequence[Growth], title: str) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_title(title)
    axes.grid(True, which="major")
    styles = strategy_styles([growth.strategy for growth in growths])
    for growth, marker in zip(growths, MARKERS, strict=False):
        style = styles[growth.strategy]
        axes.plot(
            growth.sizes,
            growth.seconds,
            color=style.colour,
            linestyle=style.line_style,
            marker=marker,
            markersize=5,
            label=growth.strategy,
        )
    if not growths:
        return
    # The guide starts at the first point of the slowest strategy.
    base = max(growths, key=lambda growth: growth.seconds[0])
    first, last, start = base.sizes[0], base.sizes[-1], base.seconds[0]
    ends = [start, start * last / first]
    axes.plot([first, last], ends, color=GREY, linewidth=0.9, linestyle=":", label="linear growth", zorder=1)
    tolerated = [MAX_GROWTH * end for end in ends]
    axes.fill_between([first, last], ends, tolerated, color=LIGHT, label=f"linear x{MAX_GROWTH}", zorder=0, linewidth=0)
    sizes = sorted({size for growth in growths for size in growth.sizes})
    axes.set_xticks(sizes, [f"{size:,.0f}" for size in sizes], rotation=30, ha="right")
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())


def _cities(axes: Axes, growths: Sequence[Growth], names: str) -> None:
    """Hollow markers: cities that are laid out in another way than the spread one."""
    styles = strategy_styles([growth.strategy for growth in growths])
    for growth, marker in zip(growths, MARKERS, strict=False):
        colour = styles[growth.strategy].colour
        axes.plot(
            growth.sizes,
            growth.seconds,
            linestyle="none",
            marker=marker,
            markersize=7,
            markeredgecolor=colour,
            markerfacecolor="none",
            label=f"{growth.strategy}: {names}",
        )
