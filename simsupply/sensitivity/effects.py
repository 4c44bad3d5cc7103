"""What a sensitivity analysis found: a table with intervals, a figure, and one sentence."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure

from simsupply.base.language import Language
from simsupply.config.option_titles import group_in_words
from simsupply.figures.effects import plot_effects
from simsupply.figures.labels import figure_text
from simsupply.figures.tornado import plot_tornado
from simsupply.measures.metric_registry import metric_label
from simsupply.measures.unit_titles import unit_label
from simsupply.sensitivity.sentences import effects_in_words
from simsupply.strategy.plan_titles import NO_TITLES, PlanTitles

# The measure that parameters are ranked by, then the one that is drawn beside it.
MEASURES = {"morris": ("mu_star", "sigma"), "sobol": ("total", "first_order"), "tornado": ("swing",)}


@dataclass(frozen=True)
class Effects:
    """How a measure depends on its parameters.

    Attributes
    ----------
    method : {"morris", "sobol", "tornado"}
    metric, unit : str
        The measure; estimates are in its unit, but for Sobol indices, which are shares of its variance.
    table : pandas.DataFrame
        Columns ``group`` (empty if there is one), ``parameter``, ``measure``, ``estimate``, ``ci_low``, ``ci_high``
        (95 %, missing where there is none).
    too_small : tuple of str
        Groups whose sample is too small: an index came out above 1 and was cut.
    plan : PlanTitles
        What readers see of the names in keys.
    """

    method: str
    metric: str
    unit: str
    table: pd.DataFrame
    too_small: tuple[str, ...] = ()
    plan: PlanTitles = NO_TITLES

    @property
    def is_constant(self) -> bool:
        """Whether the measure is the same at every point, so that there is nothing to draw."""
        sizes = self.ranking["estimate"].abs()
        return bool(sizes.empty or sizes.max() == 0)

    @property
    def ranking(self) -> pd.DataFrame:
        """Parameters of each group by the method's main measure, the largest first; those without one are left out."""
        own = self.table[self.table["measure"] == MEASURES[self.method][0]].dropna(subset="estimate")
        order = {group: place for place, group in enumerate(dict.fromkeys(self.table["group"]))}
        size = own.assign(_group=own["group"].map(order), _size=-own["estimate"].abs())
        ranked = size.sort_values(["_group", "_size"], kind="stable")
        return ranked.drop(columns=["_group", "_size"]).reset_index(drop=True)

    def answer(self, language: Language = "en") -> str:
        """One sentence for each group: what the measure depends on, and what hardly matters."""
        return effects_in_words(
            self.method, self.metric, self.unit, self.table, self.ranking, language, self.too_small, self.plan
        )

    def plot(self, language: Language = "en") -> Figure:
        """Draw the main measures of every parameter with their intervals, a panel for each group."""
        name = metric_label(self.metric, language, self.plan.steps(language))
        titles = self.plan.parameters(self.table["parameter"].astype(str), language)
        title = figure_text(f"{self.method}_title", language).format(metric=name)
        unit = unit_label(self.unit, language)
        label = figure_text(f"{self.method}_axis", language).format(
            metric=name if unit in ("", "share") else f"{name} ({unit})"
        )
        panels = self.table["group"].map(lambda group: group_in_words(group, language, self.plan) or name)
        if self.method == "tornado":
            return plot_tornado(
                self.table.assign(panel=panels), title=title, axis_label=label, language=language, titles=titles
            )
        measures = {measure: figure_text(f"measure_{measure}", language) for measure in MEASURES[self.method]}
        drawn = self.table[self.table["measure"].isin(measures)]
        drawn = drawn.assign(panel=panels)
        return plot_effects(drawn, measures, title=title, axis_label=label, language=language, titles=titles)
