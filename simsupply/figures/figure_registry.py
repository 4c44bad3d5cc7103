"""Every figure of a run and of a comparison, once: what a folder of results is written with loops over these.

A new figure is a function that draws it, in a module of its own, and one entry below. Figures that are drawn on demand
stand beside what they are drawn from (`simsupply.sweeps.sweep_figure`, `simsupply.sensitivity`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from matplotlib.figure import Figure

from simsupply.base.language import Language
from simsupply.experiment.comparison import Case, Comparison
from simsupply.figures.coverage import plot_coverage
from simsupply.figures.day_tables import are_worth_drawing, normal_orders, orders_by_day, tiers_by_day, triggers_by_day
from simsupply.figures.deprivation import plot_who_goes_without
from simsupply.figures.for_whom import draw_for_whom
from simsupply.figures.group_tables import who_goes_without
from simsupply.figures.orders import plot_orders_by_day
from simsupply.figures.staff import plot_staff_by_day
from simsupply.figures.stock import plot_stock
from simsupply.figures.stock_tables import stock_by_goods
from simsupply.figures.utilisation import plot_utilisation
from simsupply.results.result import Result
from simsupply.results.staff_table import staff_shares
from simsupply.scenario.people import ShareSeries
from simsupply.scenario.staff_titles import staff_titles

Drawn = TypeVar("Drawn", Result, Comparison)


class NamedFigure(NamedTuple, Generic[Drawn]):
    """A figure that is written to ``figures/NAME.png`` and ``.svg``.

    `draw` returns None where there is nothing worth drawing.
    """

    name: str
    draw: Callable[[Drawn, Language], Figure | None]


def _as_case(result: Result) -> Case:
    return Case(result.strategy, result.scenario.mean_attendance, result)


def _coverage(result: Result, language: Language) -> Figure:
    return plot_coverage(_as_case(result).curve(language), target_h=result.scenario.target_min / 60, language=language)


def _utilisation(result: Result, language: Language) -> Figure | None:
    table = _as_case(result).utilisation(language)
    # Nobody works in strategies of delays and gates only.
    return None if table.empty else plot_utilisation(table, language=language)


def _who_goes_without(result: Result, language: Language) -> Figure | None:
    """Where there are groups to tell apart."""
    table = None if result.splits is None else who_goes_without(result, language)
    if table is None or table.empty:
        return None
    return plot_who_goes_without(table, everybody_h=result.estimate("empty_pantry_h").mean, language=language)


def _orders_by_day(result: Result, language: Language) -> Figure | None:
    """Where the days differ."""
    if not are_worth_drawing(result):
        return None
    return plot_orders_by_day(
        orders_by_day(result, language),
        normal=normal_orders(result),
        triggers=triggers_by_day(result, language),
        tiers=tiers_by_day(result, language),
        language=language,
    )


def _staff_by_day(result: Result, language: Language) -> Figure | None:
    """Where somebody was not at work."""
    table = staff_shares(result.staff, changes=isinstance(result.scenario.spec.staffing.attendance, ShareSeries))
    titles = staff_titles(result.scenario.spec, language)
    table = table.assign(crew=table["crew"].map(lambda name: titles.get(name, name)))
    return None if table.empty else plot_staff_by_day(table, language=language)


def _stock(result: Result, language: Language) -> Figure | None:
    if result.supply is None:
        return None
    return plot_stock(stock_by_goods(result.supply, result.scenario, language), language=language)


def _coverage_compared(comparison: Comparison, language: Language) -> Figure:
    target_h = comparison.cases[0].result.scenario.target_min / 60
    return plot_coverage(comparison.coverage_curves(language), target_h=target_h, language=language)


def _utilisation_compared(comparison: Comparison, language: Language) -> Figure | None:
    table = comparison.utilisation(language)
    return None if table.empty else plot_utilisation(table, language=language)


RUN_FIGURES: tuple[NamedFigure[Result], ...] = (
    NamedFigure("coverage", _coverage),
    NamedFigure("utilisation", _utilisation),
    NamedFigure("who_goes_without", _who_goes_without),
    NamedFigure("orders_by_day", _orders_by_day),
    NamedFigure("staff_by_day", _staff_by_day),
    NamedFigure("stock", _stock),
)
COMPARISON_FIGURES: tuple[NamedFigure[Comparison], ...] = (
    NamedFigure("coverage", _coverage_compared),
    NamedFigure("utilisation", _utilisation_compared),
    NamedFigure("for_whom", draw_for_whom),
)
