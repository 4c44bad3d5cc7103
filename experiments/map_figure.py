"""The figure of a map: for each measure and pair of options, who is better where, and the line where it turns over."""

from __future__ import annotations

from itertools import combinations, product

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from experiments.answer_map import verdicts
from experiments.spec import Cell
from experiments.verdicts import Number, Results, Verdict
from experiments.words import level
from simsupply.figures.style import COLOURS, DARK, GREY, figure_style

# Of the first option's, the second's; lighter where the difference is smaller.
BETTER, WORSE, SAME, OPEN = COLOURS[0], COLOURS[1], "#F4F4F4", "#FFFFFF"


def plot_map(results: Results) -> Figure:
    """One row of panels for each measure, one column for each pair of options.

    Colour says who is surely better, and more of it by how much; grey: as good as each other; hatched: cannot be
    told apart at 95 %. The line runs round the points where the first option is surely better.
    """
    spec = results.spec
    measures = [name for name, measure in spec.measures.items() if measure.better != "neither"]
    pairs = list(combinations(spec.options, 2))
    with figure_style():
        size = (4.3 * len(pairs) + 0.6, 3.9 * len(measures) + 1.2)
        figure = Figure(figsize=size, layout="constrained")
        FigureCanvasAgg(figure)
        grid = figure.subplots(len(measures), len(pairs), squeeze=False)
        for row, name in enumerate(measures):
            for column, (first, second) in enumerate(pairs):
                _panel(grid[row, column], results, name, first, second)
            grid[row, 0].annotate(
                _heading(results, name), (0, 1), xycoords="axes fraction", xytext=(0, 26), textcoords="offset points",
                fontsize=11, va="bottom", annotation_clip=False,
            )  # fmt: skip
        figure.suptitle(spec.title.en, x=0.012, ha="left", fontsize=13)
        entries = [
            Patch(facecolor=BETTER, label="first option better"),
            Patch(facecolor=WORSE, label="second option better"),
            Patch(facecolor=SAME, edgecolor=GREY, label="as good as each other"),
            Patch(facecolor=OPEN, edgecolor=GREY, hatch="///", label="cannot be told apart at 95 %"),
            Line2D([], [], color=DARK, linewidth=2.4, label="where it turns over"),
        ]
        figure.legend(handles=entries, loc="outside lower center", ncols=len(entries), handlelength=2)
        engine = figure.get_layout_engine()
        assert engine is not None
        engine.set(h_pad=0.12, w_pad=0.09)
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
    return figure


def _heading(results: Results, name: str) -> str:
    measure, unit = results.spec.measures[name], results.units[name]
    return f"{measure.title.en}: difference in {'percentage points' if unit == 'share' else unit}"


def _panel(axes: Axes, results: Results, name: str, first: str, second: str) -> None:
    spec = results.spec
    across, upward = spec.factors.values()
    found = verdicts(results, name, first, second)
    apart = {at: results.difference(name, Cell(first, at), Cell(second, at)) for at in found}
    scale = 100.0 if results.units[name] == "share" else 1.0
    # Ranks, not sizes: one extreme point must not leave the others pale.
    ranked = sorted(abs(difference.mean) for difference in apart.values())
    for (x, left), (y, low) in product(enumerate(across.levels), enumerate(upward.levels)):
        at = (left, low)
        _cell(axes, x, y, found[at], apart[at], ranked.index(abs(apart[at].mean)) / max(len(ranked) - 1, 1), scale)
    _outline(axes, found, across.levels, upward.levels)
    axes.set_xlim(-0.5, len(across.levels) - 0.5)
    axes.set_ylim(-0.5, len(upward.levels) - 0.5)
    axes.set_xticks(
        range(len(across.levels)), [level(across, factor_level) for factor_level in across.levels], fontsize=8
    )
    axes.set_yticks(
        range(len(upward.levels)), [level(upward, factor_level) for factor_level in upward.levels], fontsize=8
    )
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    titles = [spec.options[option_name].title.en for option_name in (first, second)]
    axes.set_title(f"{titles[0]} - {titles[1][:1].lower()}{titles[1][1:]}", fontsize=9.5)
    if axes.get_subplotspec().is_last_row():
        axes.set_xlabel(across.title.en)
    if axes.get_subplotspec().is_first_col():
        axes.set_ylabel(upward.title.en)


def _cell(axes: Axes, x: int, y: int, said: Verdict, apart: Number, rank: float, scale: float) -> None:
    alpha = 0.22 + 0.55 * rank if said in ("better", "worse") else 1.0
    colour = {"better": BETTER, "worse": WORSE, "same": SAME, "open": OPEN}[said]
    box = Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=colour, alpha=alpha, edgecolor="white", linewidth=1)
    axes.add_patch(box)
    if said == "open":
        hatch = Rectangle((x - 0.5, y - 0.5), 1, 1, fill=False, hatch="///", edgecolor="#BBBBBB", linewidth=0)
        axes.add_patch(hatch)
    axes.text(x, y, short(apart.mean * scale), ha="center", va="center", fontsize=7.5, color=DARK)


def short(value: float) -> str:
    """A signed number in at most five characters.

    >>> short(0.04), short(-12345.0), short(3.21), short(250.0)
    ('0', '-12k', '+3.2', '+250')
    """
    if abs(value) < 0.05:
        return "0"
    if abs(value) >= 9950:
        return f"{value / 1000:+.0f}k"
    if abs(value) >= 999.5:
        return f"{value / 1000:+.1f}k"
    return f"{value:+.0f}" if abs(value) >= 9.95 else f"{value:+.1f}"


def _outline(
    axes: Axes, found: dict[tuple[float, ...], Verdict], across: tuple[float, ...], upward: tuple[float, ...]
) -> None:
    """Between the points where the first is surely better and the others, and where the second is."""
    for side in ("better", "worse"):
        inside = {
            (x, y) for (x, left), (y, low) in product(enumerate(across), enumerate(upward)) if found[left, low] == side
        }
        for x, y in inside:
            for beside, edge in (
                ((x - 1, y), ((x - 0.5, x - 0.5), (y - 0.5, y + 0.5))),
                ((x + 1, y), ((x + 0.5, x + 0.5), (y - 0.5, y + 0.5))),
                ((x, y - 1), ((x - 0.5, x + 0.5), (y - 0.5, y - 0.5))),
                ((x, y + 1), ((x - 0.5, x + 0.5), (y + 0.5, y + 0.5))),
            ):
                within = 0 <= beside[0] < len(across) and 0 <= beside[1] < len(upward)
                if within and beside not in inside:
                    axes.plot(*edge, color=DARK, linewidth=2.4, solid_capstyle="projecting", zorder=4)
