"""The figure of who goes without shows the table it was given, whatever its shape."""

import numpy as np
import pandas as pd
import pytest

from simsupply.figures import plot_who_goes_without


def marks_of(axes):
    return [list(line.get_xdata()) for line in axes.lines if line.get_marker() == "D"]


def lines_of_all(axes):
    return [line.get_xdata()[0] for line in axes.lines if line.get_linestyle() == "--"]


def test_bars_intervals_and_marks_hold_the_data_of_the_table(make_deprivation):
    table = make_deprivation()
    figure = plot_who_goes_without(table, everybody_h=30)
    assert len(figure.axes) == 3
    for axes, (split, rows) in zip(figure.axes, table.groupby("split", sort=False), strict=True):
        assert [bar.get_width() for bar in axes.containers[0]] == list(rows["mean"])
        assert [label.get_text() for label in axes.get_yticklabels()] == list(rows["group"])
        assert axes.yaxis_inverted()
        drawn = [(segment[0, 0], segment[1, 0]) for segment in axes.collections[0].get_segments()]
        assert drawn == list(rows[["ci_low", "ci_high"]].itertuples(index=False, name=None))
        assert marks_of(axes) == [list(rows["worst_decile"])]
        # Hours without one of the goods are not compared to hours without any of them.
        assert lines_of_all(axes) == ([] if split == "goods" else [30])


@pytest.mark.parametrize(
    ("language", "headings"),
    [
        (
            "en",
            [
                "Without each of the goods, among households that need it",
                "Without one or more of the goods needed, by tier",
                "Without one or more of the goods needed, by kind of household",
            ],
        ),
        (
            "zh",
            ["缺某种物资（仅计需要该物资的家庭）", "缺任意一种所需物资，按管控等级", "缺任意一种所需物资，按家庭类型"],
        ),
    ],
)
def test_panels_say_what_they_split_by(make_deprivation, language, headings):
    figure = plot_who_goes_without(make_deprivation(), language=language)
    assert [axes.get_title("left") for axes in figure.axes] == headings


def test_legend_says_what_is_drawn_and_no_more(make_deprivation):
    def legend(table, **how):
        return [text.get_text() for text in plot_who_goes_without(table, **how).legends[0].get_texts()]

    mean, interval, worst = "Mean over the group", "95 % confidence interval", "Worst-off tenth of the group"
    assert legend(make_deprivation(), everybody_h=20) == [mean, interval, worst, "Mean over all households"]
    assert legend(make_deprivation(is_single=True).assign(worst_decile=None)) == [mean]
    assert legend(make_deprivation(splits=["goods"]), everybody_h=20) == [mean, interval, worst]


def test_a_group_that_is_not_always_there_is_marked(make_deprivation):
    table = make_deprivation(splits=["tier"])
    table.loc[1, ["mean", "ci_low", "ci_high", "worst_decile"]] = np.nan
    axes = plot_who_goes_without(table).axes[0]
    assert [text.get_text() for text in axes.texts] == ["n/a"]
    assert len(axes.collections[0].get_segments()) == len(table) - 1


def test_nobody_goes_without(make_deprivation):
    table = make_deprivation(is_single=True).assign(mean=0, worst_decile=0)
    assert plot_who_goes_without(table, everybody_h=0).axes[0].get_xlim() == (0, 1.04)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda table: table.iloc[:0], "no rows"),
        (lambda table: table.drop(columns="worst_decile"), "worst_decile"),
        (lambda table: pd.concat([table, table.iloc[:1]]), "more than one row"),
        (lambda table: table.assign(mean=-0.1), "negative"),
    ],
)
def test_a_table_that_cannot_be_drawn_is_refused_with_a_reason(make_deprivation, change, sentence):
    with pytest.raises(ValueError, match=sentence):
        plot_who_goes_without(change(make_deprivation()))
