"""What the small multiples share: reading the table, laying out the panels, one legend for all."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from simsupply.base.language import display_name
from simsupply.figures.style import StrategyStyle, strategy_styles
from simsupply.figures.typeface import drawable, text_width, wrap_text


def read_table(table: pd.DataFrame, what: str, names: Sequence[str], numbers: Sequence[str]) -> pd.DataFrame:
    """Copy `table` with `names` as text and `numbers` as float (None becomes NaN).

    Raises
    ------
    ValueError
        If the table is empty, or a column, a name, or a number is missing, not of its kind or infinite.
    """
    missing = [column for column in (*names, *numbers) if column not in table.columns]
    if missing:
        raise ValueError(f"the {what} table lacks the column(s) {', '.join(missing)}")
    if table.empty:
        raise ValueError(f"the {what} table has no rows: there is nothing to draw")
    copy = table.reset_index(drop=True)
    for column in names:
        if copy[column].isna().any():
            raise ValueError(f"the {what} table has rows without a {column}")
        copy[column] = copy[column].astype(str)
    for column in numbers:
        try:
            copy[column] = pd.to_numeric(copy[column]).astype(float)
        except (TypeError, ValueError) as error:
            raise ValueError(f"the {what} table's column {column} must hold numbers only") from error
        if np.isinf(copy[column]).any():
            raise ValueError(f"the {what} table's column {column} holds an infinite number")
    if (copy["ci_low"] > copy["ci_high"]).any():
        raise ValueError(f"the {what} table has rows with ci_low above ci_high")
    return copy


def check_unique(table: pd.DataFrame, what: str, keys: list[str]) -> None:
    """Raise ValueError if two rows of `table` share their `keys`."""
    repeated = table[table.duplicated(keys)]
    if not repeated.empty:
        row = ", ".join(f"{key} {repeated.iloc[0][key]!r}" for key in keys)
        raise ValueError(f"the {what} table holds more than one row for {row}")


def styles_in_order(table: pd.DataFrame, strategy_order: Sequence[str] | None) -> dict[str, StrategyStyle]:
    """Styles of the strategies in `table`, coloured by `strategy_order` (default: order of appearance)."""
    present = list(dict.fromkeys(table["strategy"]))
    styles = strategy_styles([*(strategy_order or ()), *present])
    return {name: style for name, style in styles.items() if name in present}


def make_panels(cases: Sequence[str], panel_width: float, panel_height: float) -> tuple[Figure, list[Axes]]:
    """A figure with one panel per case (sizes in inches), at most three in a row, sharing their axes.

    A name too long for its panel is wrapped.
    """
    num_columns = {1: 1, 2: 2, 4: 2}.get(len(cases), 3)
    num_rows = math.ceil(len(cases) / num_columns)
    if len(cases) == 1:
        panel_width *= 1.75
    size = (num_columns * panel_width + 0.8, num_rows * panel_height + 1.1)
    figure = Figure(figsize=size, layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.subplots(num_rows, num_columns, squeeze=False, sharey=True)
    panels = list(grid.flat)
    for unused in panels[len(cases) :]:
        unused.remove()
    for axes, case in zip(panels, cases, strict=False):
        # A key with its value stays as it is written in a file.
        name = case if " = " in case else display_name(case)
        title = wrap_text(drawable(name), panel_width * 72 / 10.5 - 4)
        axes.set_title(title, pad=8)
    return figure, panels[: len(cases)]


def finish(
    figure: Figure,
    title: str,
    axis_label: str,
    entries: Sequence[tuple[Any, str]],
    bottom: Sequence[Axes] | None = None,
) -> None:
    """Add the title, the x label below each column and one legend below all, then settle the layout.

    `bottom` are the panels with the x label, where they are not the last row of a grid.

    The layout is computed once and frozen, so that saving twice gives the same bytes.
    """
    figure.suptitle(drawable(title), x=0.012, ha="left", fontsize=13)
    if bottom is None:
        num_columns = figure.axes[0].get_subplotspec().get_gridspec().ncols  # type: ignore[union-attr]  # it stands in a grid
        bottom = figure.axes[-num_columns:]
    for axes in bottom:
        axes.set_xlabel(drawable(axis_label), labelpad=5)
    width_em = figure.get_figwidth() * 72 / 9.5 - 4
    names = [wrap_text(drawable(name), min(30.0, width_em - 8)) for _, name in entries]
    entry_em = 7 + max(text_width(line) for name in names for line in name.split("\n"))
    num_columns = max(1, min(len(names), int(width_em / entry_em)))
    # Spread evenly: five entries over at most four columns become three and two, not four and one.
    num_rows = math.ceil(len(names) / num_columns)
    num_columns = math.ceil(len(names) / num_rows)
    # A tall legend makes the figure taller, not the panels smaller.
    num_queues = num_rows + sum(name.count("\n") for name in names)
    figure.set_figheight(figure.get_figheight() + 0.19 * (num_queues - 1))
    figure.legend([handle for handle, _ in entries], names, loc="outside lower center", ncols=num_columns)
    engine = figure.get_layout_engine()
    assert engine is not None
    engine.set(h_pad=0.09, w_pad=0.09)  # type: ignore[call-arg]  # the constrained layout takes them
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
