"""Colours, line styles, the figures' matplotlib settings, and saving."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib.style
from matplotlib.figure import Figure

from simsupply.base.files import write_whole
from simsupply.figures.typeface import font_families, register_fonts, undrawn_told

# Okabe and Ito's palette without its yellow, which is lost on white paper.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
LINE_STYLES: tuple[Any, ...] = (
    "-",
    (0, (6, 1.8)),
    (0, (1.2, 1.4)),
    (0, (7, 1.6, 1.2, 1.6)),
    (0, (3, 1.2)),
    (0, (7, 1.6, 1.2, 1.6, 1.2, 1.6)),
)
DARK, GREY, LIGHT = "#222222", "#666666", "#DDDDDD"

SETTINGS: dict[str, Any] = {
    "font.size": 9.5,
    "text.parse_math": False,  # a "$" in a user's name is a dollar
    "text.color": DARK,
    "axes.unicode_minus": True,
    "axes.edgecolor": GREY,
    "axes.labelcolor": DARK,
    "axes.titlesize": 10.5,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": DARK,
    "ytick.labelcolor": DARK,
    "grid.color": LIGHT,
    "grid.linewidth": 0.7,
    "hatch.linewidth": 1.3,
    "legend.frameon": False,
    "legend.handlelength": 3.4,
    "svg.fonttype": "path",  # letters as outlines: Chinese shows on any machine
    "svg.hashsalt": "simsupply",
}


@dataclass(frozen=True)
class StrategyStyle:
    """How one strategy is drawn in every figure: colour (hex) and matplotlib line style."""

    colour: str
    line_style: Any


@contextmanager
def figure_style() -> Iterator[None]:
    """Draw inside this context in the figures' own settings; on leaving it the caller's are restored.

    Characters that no font can draw are warned of once.
    """
    register_fonts()
    settings = {**SETTINGS, "font.family": font_families()}
    with undrawn_told(), matplotlib.style.context(["default", settings]):
        yield


def strategy_styles(strategies: Sequence[str]) -> dict[str, StrategyStyle]:
    """Give each strategy its style by its place in `strategies`.

    Colour and line style both change from one to the next, so the lines differ in grey too; the pair repeats
    only after 42 strategies.

    Parameters
    ----------
    strategies : sequence of str
        Names in the order in which the study lists them; the first mention counts.

    Returns
    -------
    dict of str to StrategyStyle

    Examples
    --------
    >>> strategy_styles(["individual_orders", "standard_crates"])["standard_crates"].colour
    '#D55E00'
    """
    return {
        name: StrategyStyle(COLOURS[place % len(COLOURS)], LINE_STYLES[place % len(LINE_STYLES)])
        for place, name in enumerate(dict.fromkeys(strategies))
    }


def save_figure(figure: Figure, folder: str | os.PathLike[str], name: str) -> list[Path]:
    """Save `figure` as ``name.png`` (150 dpi) and ``name.svg`` in `folder`, which is made if need be.

    The files hold no date and no version, so the same figure gives the same bytes. Each appears whole or not
    at all.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    folder : path
    name : str
        File name without ending.

    Returns
    -------
    list of pathlib.Path
        The PNG, then the SVG.

    Raises
    ------
    ValueError
        If `name` is empty or holds a path.
    """
    if not name or name in {".", ".."} or Path(name).name != name or "\\" in name:
        raise ValueError(f"name is {name!r}; it must be a plain file name without a folder")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    metadata: dict[str, dict[str, Any]] = {"png": {"Software": None}, "svg": {"Date": None, "Creator": None}}
    saved = []
    for ending in ("png", "svg"):
        with figure_style():
            saved.append(write_whole(folder / f"{name}.{ending}", partial(_draw, figure, ending, metadata[ending])))
    return saved


def _draw(figure: Figure, ending: str, metadata: dict[str, Any], path: Path) -> None:
    figure.savefig(path, format=ending, dpi=150, facecolor="white", metadata=metadata)
