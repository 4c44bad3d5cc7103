"""Stock by goods over time: one panel for each, in days of cover."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simsupply.figures import plot_stock
from tests.figures.test_figure_files import _check_no_text_is_clipped_or_overlaps


def make_stock(panels=("Rice", "Vegetables", "Pork"), reserves=5.0, short=0.4) -> pd.DataFrame:
    days = np.arange(6)
    parts = []
    for panel in panels:
        for measure, mean in {
            "depots": np.array([3.0, 2, 1, 0, 2, 3]),
            "in_transit": np.full(6, 1.0),
            "reserves": np.full(6, reserves),
            "short": np.array([0, 0, 0, short, 0, 0]),
        }.items():
            parts.append(pd.DataFrame({"panel": panel, "day": days, "measure": measure, "mean": mean}))
    return pd.concat(parts, ignore_index=True)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "panels", [("Rice",), ("Rice", "Vegetables", "蔬菜", "a_very_long_name_of_goods_that_a_user_gave")]
)
def test_drawn_whole_in_both_languages(language, panels) -> None:
    figure = plot_stock(make_stock(panels), language=language)
    assert len(figure.axes) == len(panels)
    _check_no_text_is_clipped_or_overlaps(figure)


def test_lines_are_days_of_cover_at_the_midnight_that_ends_a_day() -> None:
    axes = plot_stock(make_stock(("Rice",))).axes[0]
    both, depots, reserves = axes.get_lines()
    assert depots.get_xdata().tolist() == [1, 2, 3, 4, 5, 6]
    assert depots.get_ydata().tolist() == [3, 2, 1, 0, 2, 3]
    assert both.get_ydata().tolist() == [4, 3, 2, 1, 3, 4]
    assert reserves.get_ydata().tolist() == [5] * 6


def test_what_is_not_there_is_not_in_the_legend() -> None:
    entries = [text.get_text() for text in plot_stock(make_stock()).legends[0].get_texts()]
    assert len(entries) == 4
    assert len(plot_stock(make_stock(reserves=0, short=0)).legends[0].get_texts()) == 2


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (make_stock().iloc[:0], "nothing to draw"),
        (make_stock().assign(measure="other").drop_duplicates(["panel", "day"]), "depots, in_transit"),
        (pd.concat([make_stock(), make_stock()]), "more than one row"),
        (make_stock().assign(mean=-1.0), "negative stock"),
    ],
)
def test_tables_that_make_no_sense(table, words) -> None:
    with pytest.raises(ValueError, match=words):
        plot_stock(table)
