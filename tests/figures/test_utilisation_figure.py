"""The utilisation figure shows the table it was given, whatever its shape."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection

from simsupply.figures import plot_utilisation, strategy_styles


def intervals_of(axes):
    return [
        segment
        for artist in axes.collections
        if isinstance(artist, LineCollection)
        for segment in artist.get_segments()
    ]


def test_bars_and_error_bars_hold_the_data_of_the_table(make_utilisation):
    table = make_utilisation()
    figure = plot_utilisation(table)
    assert [axes.get_title("left") for axes in figure.axes] == ["100 %", "20 %"]
    styles = strategy_styles(list(table["strategy"]))
    for axes, (_, of_case) in zip(figure.axes, table.groupby("case", sort=False), strict=True):
        for bars, strategy in zip(axes.containers, styles, strict=True):
            rows = of_case[of_case["strategy"] == strategy]
            assert [bar.get_width() for bar in bars] == list(rows["mean"])
            assert [bool(bar.get_hatch()) for bar in bars] == list(rows["is_longest_wait"])
            # Bars stand in the order of the stages, inside their stage's band.
            centres = [bar.get_y() + bar.get_height() / 2 for bar in bars]
            assert [round(centre) for centre in centres] == list(range(len(rows)))
        drawn = sorted((segment[0, 0], segment[1, 0]) for segment in intervals_of(axes))
        assert drawn == sorted(of_case[["ci_low", "ci_high"]].itertuples(index=False, name=None))


def test_strategies_stand_side_by_side_without_overlap(make_utilisation):
    axes = plot_utilisation(make_utilisation(["a", "b", "c"], ["100 %"])).axes[0]
    edges = sorted((bar.get_y(), bar.get_y() + bar.get_height()) for bars in axes.containers for bar in bars)
    assert all(bottom <= next_top for (_, bottom), (next_top, _) in pairwise(edges))


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["Compile orders", "Drop point", "night shuttle"]),
        ("zh", ["汇总订单", "投放点", "night shuttle"]),
    ],
)
def test_stages_are_named_top_to_bottom_in_process_order(make_utilisation, language, names):
    table = make_utilisation(stages=["compile", "drop_point", "night_shuttle"])
    axes = plot_utilisation(table, language=language).axes[0]
    assert [label.get_text().replace("\n", " ") for label in axes.get_yticklabels()] == names
    assert axes.yaxis_inverted()


def test_bottleneck_and_interval_are_said_in_the_legend_only_if_drawn(make_utilisation):
    def legend(table):
        return [text.get_text() for text in plot_utilisation(table).legends[0].get_texts()]

    strategies = ["individual orders", "standard crates"]
    assert legend(make_utilisation()) == [*strategies, "Orders wait longest here", "95 % confidence interval"]
    assert legend(make_utilisation(is_single=True).assign(is_longest_wait=False)) == strategies


def test_one_replication_has_bars_but_no_error_bars(make_utilisation):
    for axes in plot_utilisation(make_utilisation(is_single=True)).axes:
        assert not intervals_of(axes)
        assert not axes.lines


def test_axis_is_0_to_100_and_longer_only_if_the_data_is(make_utilisation):
    table = make_utilisation()
    assert plot_utilisation(table).axes[0].get_xlim() == (0, 1)
    table.loc[0, ["mean", "ci_high"]] = [1.08, 1.12]
    assert plot_utilisation(table).axes[0].get_xlim() == (0, 1.15)


@pytest.mark.lengthy
def test_a_stage_without_available_time_is_marked_and_one_without_a_row_is_blank(make_utilisation):
    table = make_utilisation(["crates", "orders"], ["0 %"], ["pack", "door"])
    table.loc[0, ["mean", "ci_low", "ci_high"]] = np.nan
    axes = plot_utilisation(table.drop(index=3)).axes[0]
    assert [text.get_text() for text in axes.texts] == ["n/a"]
    assert [len(bars) for bars in axes.containers] == [2, 1]
    # All values missing, as at attendance 0.
    assert len(plot_utilisation(table.assign(mean=np.nan, is_longest_wait=None)).axes[0].texts) == 4


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda table: table.iloc[:0], "no rows"),
        (lambda table: table.drop(columns="is_longest_wait"), "is_longest_wait"),
        (lambda table: pd.concat([table, table.iloc[:1]]), "more than one row"),
        (lambda table: table.assign(mean=-0.1), "negative"),
    ],
)
def test_a_table_that_cannot_be_drawn_is_refused_with_a_reason(make_utilisation, change, sentence):
    with pytest.raises(ValueError, match=sentence):
        plot_utilisation(change(make_utilisation()))


def test_labels_of_several_lines_do_not_run_into_each_other() -> None:
    long = "这是一个非常非常长的环节名称用来检验图中标签是否会重叠或者超出图框范围以及如何换行显示"
    rows = [
        {"strategy": "way", "case": "all", "stage": f"{long}{number}", "mean": 0.5, "ci_low": 0.4, "ci_high": 0.6}
        | {"is_longest_wait": False}
        for number in range(6)
    ]
    figure = plot_utilisation(pd.DataFrame(rows))
    figure.canvas.draw()
    boxes = [label.get_window_extent() for label in figure.axes[0].get_yticklabels()]
    assert all(above.y0 >= below.y1 - 1 for above, below in pairwise(boxes))
