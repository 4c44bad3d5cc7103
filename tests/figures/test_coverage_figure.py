"""The coverage figure shows the table it was given, whatever its shape."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PolyCollection

from simsupply.figures import plot_coverage, strategy_styles


def curves_of(axes):
    """The strategies' lines, drawn above the target's."""
    return [line for line in axes.lines if line.get_zorder() == 3]


def bands_of(axes):
    return [artist for artist in axes.collections if isinstance(artist, PolyCollection)]


def test_lines_and_bands_hold_the_data_of_the_table(make_curves):
    curves = make_curves()
    shuffled = curves.sample(frac=1, random_state=1).sort_values("case")
    figure = plot_coverage(shuffled, target_h=168)
    assert [axes.get_title("left") for axes in figure.axes] == ["100 %", "20 %"]
    styles = strategy_styles(list(shuffled["strategy"]))
    for axes, (_, of_case) in zip(figure.axes, curves.groupby("case", sort=False), strict=True):
        for line, band, strategy in zip(curves_of(axes), bands_of(axes), styles, strict=True):
            rows = of_case[of_case["strategy"] == strategy]
            np.testing.assert_array_equal(line.get_xdata(), rows["hour"] / 24)
            np.testing.assert_array_equal(line.get_ydata(), rows["mean"])
            assert line.get_color() == styles[strategy].colour
            corners = band.get_paths()[0].vertices
            for hour, low, high in rows[["hour", "ci_low", "ci_high"]].to_numpy(float):
                assert {low, high} <= set(corners[corners[:, 0] == hour / 24, 1])


def test_share_axis_is_always_0_to_100_and_days_start_at_0(make_curves):
    curves = make_curves()
    curves[["mean", "ci_low", "ci_high"]] *= 0.01
    for axes in plot_coverage(curves, target_h=None).axes:
        assert axes.get_ylim() == (0, 1)
        assert axes.get_xlim() == (0, 10)
        assert [tick.get_text() for tick in axes.get_xticklabels()] == ["0", "2", "4", "6", "8", "10"]


@pytest.mark.parametrize(
    ("language", "target_h", "label"),
    [
        ("en", 168, "target: 7 days"),
        ("zh", 168, "目标：7 天"),
        ("en", 60, "target: 60 h"),
        ("zh", 24, "目标：1 天"),
    ],
)
def test_target_is_drawn_and_named(make_curves, language, target_h, label):
    for axes in plot_coverage(make_curves(), target_h=target_h, language=language).axes:
        assert [text.get_text() for text in axes.texts] == [label]
        assert [target_h / 24] * 2 in [list(line.get_xdata()) for line in axes.lines]


@pytest.mark.lengthy
def test_axis_reaches_a_target_beyond_the_horizon(make_curves):
    assert plot_coverage(make_curves(), target_h=480).axes[0].get_xlim() == (0, 20)


def test_one_replication_has_lines_but_no_band(make_curves):
    figure = plot_coverage(make_curves(is_single=True), target_h=168)
    assert all(len(curves_of(axes)) == 2 and not bands_of(axes) for axes in figure.axes)
    assert len(figure.legends[0].get_texts()) == 2


def test_nobody_served_is_a_line_along_zero(make_curves):
    curves = make_curves(cases=["0 %"]).assign(mean=0.0, ci_low=0.0, ci_high=0.0)
    for line in curves_of(plot_coverage(curves, target_h=168).axes[0]):
        assert not np.any(line.get_ydata())
        assert not line.get_clip_on()


def test_shifts_repeat_every_day_within_the_axis(make_curves):
    axes = plot_coverage(make_curves(), target_h=None, shifts=[(20, 32)]).axes[0]
    spans = sorted((patch.get_x(), patch.get_x() + patch.get_width()) for patch in axes.patches)
    expected = [(0, 8 / 24), *((day + 20 / 24, day + 32 / 24) for day in range(9)), (9 + 20 / 24, 10)]
    np.testing.assert_allclose(spans, expected)


def test_line_styles_differ_without_colour():
    styles = strategy_styles([f"s{i}" for i in range(6)]).values()
    assert len({str(style.line_style) for style in styles}) == 6
    assert len({style.colour for style in styles}) == 6


def test_a_strategy_keeps_its_style_when_others_are_absent(make_curves):
    order = ["individual_orders", "group_buying", "standard_crates"]
    axes = plot_coverage(make_curves(["standard_crates"]), target_h=None, strategy_order=order).axes[0]
    assert curves_of(axes)[0].get_color() == strategy_styles(order)["standard_crates"].colour


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda curves: curves.iloc[:0], "no rows"),
        (lambda curves: curves.drop(columns="mean"), "lacks the column.*mean"),
        (
            lambda curves: pd.concat([curves, curves.iloc[:1]]),
            "more than one row for strategy 'individual_orders'",
        ),
        (lambda curves: curves.assign(mean=curves["mean"] * 100), "between 0 and 1"),
        (lambda curves: curves.assign(mean=np.nan), "without an hour or a mean"),
        (lambda curves: curves.assign(hour=np.inf), "infinite"),
        (lambda curves: curves.assign(mean="many"), "numbers only"),
        (lambda curves: curves.assign(ci_low=0.9, ci_high=0.1), "ci_low above ci_high"),
        (lambda curves: curves.assign(case=None), "without a case"),
    ],
)
def test_a_table_that_cannot_be_drawn_is_refused_with_a_reason(make_curves, change, sentence):
    with pytest.raises(ValueError, match=sentence):
        plot_coverage(change(make_curves()), target_h=168)


@pytest.mark.parametrize("arguments", [{"target_h": -1}, {"target_h": 168, "shifts": [(8, 8)]}])
def test_impossible_times_are_refused(make_curves, arguments):
    with pytest.raises(ValueError, match="must"):
        plot_coverage(make_curves(), **arguments)


def test_unknown_language_is_refused(make_curves):
    with pytest.raises(ValueError, match="language is 'fr'"):
        plot_coverage(make_curves(), target_h=168, language="fr")
