"""Figures: pure functions from a table to a :class:`matplotlib.figure.Figure`.

No function here touches pyplot, the backend or the caller's ``rcParams``. Every figure exists in English and
in Chinese, tells strategies apart without colour (by line style, or by the order of the bars), and is the
same to the byte each time it is saved.
"""

from simsupply.base.language import Language
from simsupply.figures.coverage import plot_coverage
from simsupply.figures.deprivation import plot_who_goes_without
from simsupply.figures.differences import plot_differences
from simsupply.figures.orders import plot_orders_by_day
from simsupply.figures.response import plot_response
from simsupply.figures.staff import plot_staff_by_day
from simsupply.figures.stock import plot_stock
from simsupply.figures.style import StrategyStyle, figure_style, save_figure, strategy_styles
from simsupply.figures.utilisation import plot_utilisation

__all__ = [
    "Language",
    "StrategyStyle",
    "figure_style",
    "plot_coverage",
    "plot_differences",
    "plot_orders_by_day",
    "plot_response",
    "plot_staff_by_day",
    "plot_stock",
    "plot_utilisation",
    "plot_who_goes_without",
    "save_figure",
    "strategy_styles",
]
