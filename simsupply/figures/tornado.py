"""A tornado: what each parameter alone does to a measure, the widest bar on top."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from simsupply.base.language import Language, check_language
from simsupply.figures.effects import parameter_label
from simsupply.figures.labels import figure_text
from simsupply.figures.panels import check_unique, finish, make_panels, read_table
from simsupply.figures.style import COLOURS, DARK, figure_style
from simsupply.figures.typeface import drawable, wrap_text

_HALF = 0.36


def plot_tornado(
    table: pd.DataFrame,
    *,
    title: str,
    axis_label: str,
    language: Language = "en",
    titles: Mapping[str, str] | None = None,
) -> Figure:
    """Draw bars from the plan to both ends of each parameter's range, with intervals at the ends.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns ``panel``, ``parameter``, ``measure`` (base, low, high, swing), ``estimate``, ``ci_low``, ``ci_high``
        (missing: no interval), ``at`` (the parameter's value).
    title, axis_label : str
    titles : mapping, optional
        Parameters in words, by key.
    language : {"en", "zh"}

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If the table is empty, lacks a column or repeats a row.
    """
    check_language(language)
    rows = read_table(table, "tornado", ("panel", "parameter", "measure"), ("estimate", "ci_low", "ci_high", "at"))
    check_unique(rows, "tornado", ["panel", "parameter", "measure"])
    swings = rows[rows["measure"] == "swing"].drop_duplicates("parameter")
    keys = list(swings.sort_values("estimate", ascending=False, kind="stable")["parameter"])
    ends = rows.drop_duplicates(["parameter", "measure"]).set_index(["parameter", "measure"])["at"]
    names = [
        f"{parameter_label(key, language, titles=titles)}\n{ends[key, 'low']:g} – {ends[key, 'high']:g}" for key in keys
    ]
    row_inches = 0.17 * (1 + max(name.count("\n") for name in names)) + 0.14
    with figure_style():
        panels = list(dict.fromkeys(rows["panel"]))
        figure, axes_of = make_panels(panels, panel_width=3.6, panel_height=max(1.8, 1.0 + row_inches * len(keys)))
        for axes, panel in zip(axes_of, panels, strict=True):
            _draw(axes, rows[rows["panel"] == panel], keys)
            axes.set_yticks(range(len(keys)), names)
            axes.set_ylim(len(keys) - 0.5, -0.5)
            axes.tick_params(axis="y", length=0)
            axes.xaxis.set_major_locator(MaxNLocator(nbins=5))
            axes.grid(axis="x")
        entries = [
            (Patch(facecolor="white", edgecolor=COLOURS[0], hatch="//"), figure_text("tornado_low", language)),
            (Patch(facecolor=COLOURS[0], edgecolor=COLOURS[0]), figure_text("tornado_high", language)),
            (Line2D([], [], color=DARK, linewidth=1.4, linestyle="--"), figure_text("tornado_base", language)),
        ]
        if rows["ci_low"].notna().any():
            entries.append((Line2D([], [], color=DARK), figure_text("confidence_interval", language)))
        finish(figure, wrap_text(drawable(title), figure.get_figwidth() * 72 / 13 - 2), axis_label, entries)
    return figure


def _draw(axes: Axes, rows: pd.DataFrame, keys: list[str]) -> None:
    base = float(rows.loc[rows["measure"] == "base", "estimate"].iloc[0])
    # Half a bar each, so that neither hides the other where both ends lie on the same side.
    for measure, shift in (("low", -_HALF / 2), ("high", _HALF / 2)):
        part = rows[rows["measure"] == measure].set_index("parameter").loc[keys]
        at = [place + shift for place in range(len(keys))]
        is_low = measure == "low"
        axes.barh(
            at,
            part["estimate"] - base,
            height=_HALF,
            left=base,
            facecolor="white" if is_low else COLOURS[0],
            edgecolor=COLOURS[0],
            hatch="//" if is_low else None,
        )
        has = (part["ci_low"].notna() & part["ci_high"].notna()).to_numpy()
        axes.hlines([y for y, row in zip(at, has, strict=True) if row], part["ci_low"][has], part["ci_high"][has], DARK)
    axes.axvline(base, color=DARK, linewidth=1.4, linestyle="--", zorder=3)
