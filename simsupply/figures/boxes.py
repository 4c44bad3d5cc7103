"""Boxes in which a plan fails: the limits of each parameter within what was sampled."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from simsupply.base.language import Language, check_language, percent_label
from simsupply.config.option_titles import group_in_words
from simsupply.figures.effects import parameter_label
from simsupply.figures.labels import figure_text
from simsupply.figures.panels import finish, make_panels
from simsupply.figures.style import COLOURS, DARK, LIGHT, figure_style
from simsupply.figures.typeface import drawable, wrap_text
from simsupply.strategy.plan_titles import NO_TITLES, PlanTitles

# How strongly limits are drawn that may be chance.
PALE = 0.4


def plot_boxes(
    table: pd.DataFrame,
    boxes: pd.DataFrame,
    *,
    title: str,
    language: Language = "en",
    plan: PlanTitles = NO_TITLES,
) -> Figure:
    """Draw each box as bars within the ranges that were sampled, with the limits written beside them.

    Parameters
    ----------
    table, boxes : pandas.DataFrame
        As in `simsupply.sensitivity.boxes.Boxes`; not empty.
    title : str
    plan : PlanTitles, optional
        What readers see of the names in keys.
    language : {"en", "zh"}

    Returns
    -------
    matplotlib.figure.Figure
    """
    check_language(language)
    keys = list(dict.fromkeys(table["parameter"]))
    titles = plan.parameters(keys, language)
    names = [parameter_label(key, language, titles=titles) for key in keys]
    row_inches = max(0.5, 0.17 * (1 + max(name.count("\n") for name in names)) + 0.14)
    comma = ", " if language == "en" else "，"
    headings = [
        (f"{group_in_words(box.group, language, plan)}{comma}" if box.group else "")
        + figure_text("boxes_panel", language).format(
            box=box.box, density=percent_label(box.density, language), coverage=percent_label(box.coverage, language)
        )
        for box in boxes.itertuples()
    ]
    with figure_style():
        figure, axes_of = make_panels(headings, panel_width=3.6, panel_height=max(1.8, 1.1 + row_inches * len(keys)))
        for axes, box in zip(axes_of, boxes.itertuples(), strict=True):
            for at, key in enumerate(keys):
                own = table[(table["group"] == box.group) & (table["box"] == box.box) & (table["parameter"] == key)]
                axes.barh(at, 1, height=0.3, color=LIGHT)
                for row in own.itertuples():
                    size = row.range_high - row.range_low
                    left, right = (row.low - row.range_low) / size, (row.high - row.range_low) / size
                    alpha = 1.0 if row.is_sure else PALE
                    axes.barh(at, right - left, left=left, height=0.3, color=COLOURS[1], alpha=alpha)
                    text = f"{row.low:.3g} – {row.high:.3g}"
                    axes.text(0.5, at - 0.2, text, ha="center", va="bottom", fontsize=8.5, color=DARK)
            axes.set_yticks(range(len(keys)), names)
            axes.set_ylim(len(keys) - 0.5, -0.6)
            axes.tick_params(axis="y", length=0)
            axes.set_xlim(0, 1)
            axes.set_xticks([0, 1], [figure_text("boxes_least", language), figure_text("boxes_most", language)])
        is_perhaps = not table["is_sure"].all()
        entries = [
            (Patch(color=COLOURS[1]), figure_text("boxes_in", language)),
            *([(Patch(color=COLOURS[1], alpha=PALE), figure_text("boxes_perhaps", language))] if is_perhaps else []),
            (Patch(color=LIGHT), figure_text("boxes_sampled", language)),
        ]
        heading = wrap_text(drawable(title), figure.get_figwidth() * 72 / 13 - 2)
        finish(figure, heading, figure_text("boxes_axis", language), entries)
    return figure
