"""A map of where a plan holds and where it fails, over two parameters."""

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from simsupply.base.language import Language, check_language
from simsupply.figures.effects import parameter_label
from simsupply.figures.labels import figure_text
from simsupply.figures.panels import finish, make_panels
from simsupply.figures.style import COLOURS, DARK, GREY, figure_style
from simsupply.figures.typeface import drawable, wrap_text

HOLDS, FAILS, MEET = "#CFE3F2", "#F6C9A8", "#EFEFEF"


def plot_boundary(
    regions: Mapping[str, Any],
    *,
    failing: str,
    level: str,
    x_label: str,
    y_label: str,
    language: Language = "en",
    titles: Mapping[str, str] | None = None,
) -> Figure:
    """Draw cells as holding or failing, the boundary between them, and every point run; a panel for each region.

    Parameters
    ----------
    regions : mapping
        By the panel's heading: objects with the tables ``points``, ``cells`` and ``crossings`` of
        `simsupply.sensitivity.region.Region`.
    failing, level : str
        What failing is, for the title, and the level, for the legend.
    x_label, y_label : str
        Keys of the two parameters.
    titles : mapping, optional
        The two in words, by key.
    language : {"en", "zh"}

    Returns
    -------
    matplotlib.figure.Figure
    """
    check_language(language)
    with figure_style():
        figure, axes_of = make_panels(list(regions), panel_width=3.6, panel_height=3.6)
        for axes, region in zip(axes_of, regions.values(), strict=True):
            _draw(axes, region)
            if axes.get_subplotspec().is_first_col():  # type: ignore[union-attr]  # it stands in a grid
                axes.set_ylabel(parameter_label(y_label, language, 25, titles))
        entries = [
            (Patch(facecolor=HOLDS, edgecolor=GREY), figure_text("boundary_holds", language)),
            (Patch(facecolor=FAILS, edgecolor=GREY, hatch="//"), figure_text("boundary_fails", language)),
            (_mark(False), figure_text("boundary_point_holds", language)),
            (_mark(True), figure_text("boundary_point_fails", language)),
        ]
        if any(len(region.crossings) for region in regions.values()):
            line = Line2D([], [], color=DARK, linewidth=2)
            entries.append((line, figure_text("boundary_line", language).format(level=level)))
        title = figure_text("boundary_title", language).format(failing=failing)
        finish(
            figure,
            wrap_text(drawable(title), figure.get_figwidth() * 72 / 13 - 2),
            parameter_label(x_label, language, 40, titles),
            entries,
        )
    return figure


def _mark(fails: bool) -> Line2D:
    colour = COLOURS[1] if fails else COLOURS[0]
    return Line2D(
        [], [], linestyle="", marker="x" if fails else "o", markersize=3.5, color=colour, markerfacecolor=colour
    )


def _draw(axes: Axes, region: Any) -> None:
    cells = region.cells
    for which, colour, hatch in (
        (cells["share"] == 0, HOLDS, None),
        (cells["share"] == 1, FAILS, "//"),
        (cells["share"].between(0, 1, inclusive="neither"), MEET, None),
    ):
        boxes = [
            Rectangle((cell.x_low, cell.y_low), cell.x_high - cell.x_low, cell.y_high - cell.y_low)
            for cell in cells[which].itertuples()
        ]
        axes.add_collection(PatchCollection(boxes, facecolor=colour, edgecolor="white", linewidth=0.5, hatch=hatch))
    segments = []
    for _, crossings in region.crossings.groupby("cell", sort=False):
        at = crossings[["x", "y"]].to_numpy()
        segments += [at[place : place + 2] for place in range(0, len(at), 2)]
    axes.add_collection(LineCollection(segments, colors=DARK, linewidths=2, capstyle="round", zorder=3))
    for fails in (False, True):
        part = region.points[region.points["fails"] == fails]
        mark = _mark(fails)
        mark.set_data(part["x"], part["y"])
        mark.set(zorder=2, clip_on=False)
        axes.add_line(mark)
    axes.set_xlim(cells["x_low"].min(), cells["x_high"].max())
    axes.set_ylim(cells["y_low"].min(), cells["y_high"].max())
