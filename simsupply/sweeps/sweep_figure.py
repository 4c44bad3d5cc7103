"""The figure of a sweep: what is drawn over what, where a user does not say."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from simsupply.base.catalogue import message
from simsupply.base.language import Language
from simsupply.base.problems import nearest, wrong
from simsupply.config.option_titles import option_title
from simsupply.figures.effects import parameter_label
from simsupply.figures.labels import figure_text
from simsupply.figures.response import plot_response
from simsupply.measures.metric_registry import metric_label, unit_of
from simsupply.measures.unit_titles import unit_label
from simsupply.sweeps.sweep_result import SweepResult

MAX_LINES, MAX_PANELS = 7, 12


def plot_sweep(
    result: SweepResult,
    metric: str = "coverage",
    x: str | None = None,
    by: str | None = None,
    language: Language = "en",
) -> Figure:
    """Draw a metric over parameter `x`, a line for each value of `by`, a panel for each of a third one.

    Without `x` it is the first parameter with numbers; without `by` the first other one with few values. Points
    that differ in yet another parameter are drawn as points. What a design draws from intervals is drawn as points too,
    over each of them in a panel of its own where no `x` is given.

    Raises
    ------
    InputError
        If a parameter or the metric does not exist, or `by` has too many values for lines.
    """
    table = result.table([metric])
    own = [key for key in result.parameters if table[key].nunique() > 1] or result.parameters
    for key, given in (("x", x), ("by", by)):
        if given is not None and given not in result.parameters:
            raise wrong("plot", key, given, nearest(given, result.parameters))
    if by is not None and table[by].nunique() > MAX_LINES:
        allowed = message("parameter_of_few_values", most=MAX_LINES, given=table[by].nunique())
        raise wrong("plot", "by", by, allowed)
    intervals = {interval.key for interval in result.record.intervals}
    shown = result.titles.parameters(own, language)
    drawn_over = [x] if x else [key for key in own if key in intervals and key != by][:MAX_PANELS]
    x = drawn_over[0] if drawn_over else next((key for key in own if key != by and _is_number(table[key])), own[0])
    # Drawn values are all different, so they make neither lines nor panels.
    others = [key for key in own if key != x and key not in intervals]
    by = by or next((key for key in others if table[key].nunique() <= MAX_LINES), None)
    panel = next((key for key in others if key != by and table[key].nunique() <= MAX_PANELS), None)
    means = table[["mean", "ci_low", "ci_high"]].assign(
        line=_names(result, table, by, language) if by else figure_text("mean_and_interval", language)
    )
    if len(drawn_over) > 1:
        drawn = pd.concat(
            means.assign(panel=parameter_label(key, language, 30, shown), x=table[key].astype(float))
            for key in drawn_over
        )
        x_label = figure_text("value_of_each", language)
    else:
        drawn = means.assign(
            panel=_names(result, table, panel, language) if panel else "",
            x=table[x] if _is_number(table[x]) else _names(result, table, x, language),
        )
        x_label = shown.get(x) or result.titles.parameter(x, language)
    label, unit = metric_label(metric, language, result.titles.steps(language)), unit_label(unit_of(metric), language)
    return plot_response(
        drawn,
        title=label,
        x_label=x_label,
        y_label=label if unit == "share" else f"{label} ({unit})",
        is_connected=not intervals and not drawn.duplicated(["panel", "line", "x"]).any(),
        language=language,
    )


def _is_number(column: pd.Series) -> bool:
    return is_numeric_dtype(column) and not is_bool_dtype(column)


def _names(result: SweepResult, table: pd.DataFrame, key: str, language: Language) -> pd.Series:
    """Values of a parameter as a heading, in Chinese an option by its title; a bare number says whose it is."""
    values = table[key].astype(str)
    if _is_number(table[key]):
        return result.titles.parameters(result.parameters, language, is_short=True)[key] + " = " + values
    return values if language == "en" else values.map(lambda name: option_title(key, name, language))
