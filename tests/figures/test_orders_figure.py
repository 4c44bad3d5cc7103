"""The figure of orders by day shows the tables it was given, whatever their shape."""

import numpy as np
import pandas as pd
import pytest

from simsupply.figures import plot_orders_by_day
from simsupply.figures.orders import ATTEMPTED, TIER_COLOURS

KINDS = {"asked": ("attempted", "accepted", "delivered"), "sent": ("accepted", "delivered"), "visits": ("delivered",)}


def make_orders(*kinds, titles=(), days=4, is_single=False):
    rows = [
        (number, title, kind, measure, day, mean, *((np.nan, np.nan) if is_single else (mean - 1, mean + 2)))
        for number, kind in enumerate(kinds)
        for title in [titles[number] if titles else f"channel {number}"]
        for place, measure in enumerate(KINDS[kind])
        for day in range(days)
        for mean in [100.0 * (number + 1) - 20 * place + day]
    ]
    return pd.DataFrame(rows, columns=["panel", "title", "kind", "measure", "day", "mean", "ci_low", "ci_high"])


def shares(what, **by_name):
    rows = [(name, day, share) for name, values in by_name.items() for day, share in enumerate(values)]
    return pd.DataFrame(rows, columns=[what, "day", "share"])


def steps_of(axes):
    """Values of the lines (accepted, delivered) and of the grey area, not of bands."""
    return [
        list(patch.get_data().values) for patch in axes.patches if hasattr(patch, "get_data") and not patch.get_alpha()
    ]


def legend(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_panels_hold_the_data_of_the_table():
    table = make_orders("asked", "sent", "visits")
    figure = plot_orders_by_day(table)
    assert len(figure.axes) == 3
    for axes, (_, rows) in zip(figure.axes, table.groupby("panel", sort=False), strict=True):
        expected = [list(part["mean"]) for _, part in rows.groupby("measure", sort=False)]
        assert steps_of(axes) == expected
        assert axes.get_xlim() == (0, 4)
        assert axes.get_ylim()[1] > rows["ci_high"].max()
    assert [axes.get_title("left") for axes in figure.axes] == [
        "channel 0",
        "channel 1 (by schedule)",
        "channel 2 (visits)",
    ]
    # The wide panel is as wide as all small ones.
    wide, *small = (axes.get_position() for axes in figure.axes)
    assert wide.x0 == pytest.approx(min(box.x0 for box in small), abs=0.02)
    assert wide.width > 2 * small[0].width


def test_steps_run_from_midnight_to_midnight():
    (axes,) = plot_orders_by_day(make_orders("asked", days=3)).axes
    areas = [patch for patch in axes.patches if hasattr(patch, "get_data")]
    assert all(list(patch.get_data().edges) == [0, 1, 2, 3] for patch in areas)
    (attempted,) = (patch for patch in areas if patch.get_fill() and not patch.get_alpha())
    assert matplotlib_colour(attempted) == ATTEMPTED.lower()


def matplotlib_colour(patch):
    from matplotlib.colors import to_hex

    return to_hex(patch.get_facecolor())


def test_normal_orders_are_a_line_that_is_seen():
    """In the wide panel only, which reaches up to it."""
    figure = plot_orders_by_day(make_orders("asked", "asked"), normal=1000)
    lines = [[line.get_ydata()[0] for line in axes.lines] for axes in figure.axes]
    assert lines == [[1000], []]
    assert figure.axes[0].get_ylim()[1] > 1000
    assert "Orders of a normal day" in legend(figure)
    assert "Orders of a normal day" not in legend(plot_orders_by_day(make_orders("sent"), normal=1000))


def test_days_of_triggers_are_shaded_and_named():
    """Two triggers: every panel is shaded on days 1 to 3, the strip below names both."""
    triggers = shares("trigger", first=[0, 1, 0.5, 0], **{"拒单过多": [0, 0, 1, 1], "never": [0, 0, 0, 0]})
    figure = plot_orders_by_day(make_orders("asked", "sent"), triggers=triggers)
    *panels, strip = figure.axes
    for axes in panels:
        shaded = [(patch.get_x(), patch.get_alpha()) for patch in axes.patches if hasattr(patch, "get_x")]
        assert [day for day, _ in shaded] == [1, 2, 3]
        assert len({alpha for _, alpha in shaded}) == 1
    assert [label.get_text() for label in strip.get_yticklabels()] == ["first", "拒单过多"]
    # A day in half of the replications is half as dark.
    drawn = [(patch.get_x(), patch.get_alpha()) for patch in strip.patches]
    assert [day for day, _ in drawn] == [1, 2, 2, 3]
    assert drawn[1][1] == pytest.approx(drawn[0][1] / 2)
    assert "A trigger is on" in legend(figure)


def test_tiers_are_stacked_and_keep_their_colours():
    """A tier that nobody is under leaves the colours of the others as they are, and has no legend entry."""
    tiers = shares("tier", low=[0, 0, 0, 0], middle=[0.25, 0, 0, 0], high=[0.75, 1, 1, 1])
    figure = plot_orders_by_day(make_orders("asked"), tiers=tiers)
    strip = figure.axes[-1]
    data = [patch.get_data() for patch in strip.patches]
    assert [list(part.values) for part in data] == [[0, 0, 0, 0], [0.25, 0, 0, 0], [1, 1, 1, 1]]
    assert [list(part.baseline) for part in data] == [[0, 0, 0, 0], [0, 0, 0, 0], [0.25, 0, 0, 0]]
    assert [matplotlib_colour(patch) for patch in strip.patches] == [colour.lower() for colour in TIER_COLOURS]
    assert legend(figure)[-2:] == ["middle", "high"]
    assert strip.get_xlabel() == "Days since start"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_legend_says_what_is_drawn_and_no_more(language):
    words = {
        "en": (["Attempted", "Accepted", "Delivered"], "95 % confidence interval", "Accepted, or sent"),
        "zh": (["提交", "接单", "送达"], "95% 置信区间", "接单，或发放"),
    }
    three, interval, sent = words[language]
    assert legend(plot_orders_by_day(make_orders("asked", is_single=True), language=language)) == three
    assert legend(plot_orders_by_day(make_orders("asked"), language=language)) == [*three, interval]
    assert legend(plot_orders_by_day(make_orders("asked", "sent"), language=language))[1] == sent


@pytest.mark.lengthy
@pytest.mark.parametrize("number", [1, 2, 4, 5, 12])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_any_number_of_channels_with_long_names(number, language):
    """No text leaves the figure, and no two headings overlap."""
    kinds = ["asked", *["sent", "visits"] * 6][:number]
    titles = ["浦东 pharmacy lists for the chronically ill, every second week 🚚"] * number
    tiers = shares("tier", a=[1, 1, 1, 1])
    triggers = shares("trigger", **{"households that have waited too long": [1, 1, 0, 0]})
    table = make_orders(*kinds, titles=titles)
    figure = plot_orders_by_day(table, normal=3, triggers=triggers, tiers=tiers, language=language)
    assert len(figure.axes) == number + 2
    figure.draw_without_rendering()
    headings = [axes.title if axes.get_title() else axes._left_title for axes in figure.axes[:number]]
    boxes = [heading.get_window_extent() for heading in headings]
    for place, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[:place])
    whole = figure.get_tightbbox()
    assert whole.x0 >= 0
    assert whole.y0 >= 0
    assert whole.x1 <= figure.get_figwidth() + 0.01


def test_nothing_ordered_at_all():
    table = make_orders("asked").assign(mean=0.0, ci_low=0.0, ci_high=0.0)
    (axes,) = plot_orders_by_day(table).axes
    assert axes.get_ylim()[0] == 0
    assert axes.get_ylim()[1] >= 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"mean": -1.0}, "negative orders"),
        ({"day": 1}, "more than one row"),
        ({"kind": "gift"}, "asked, sent, visits only"),
        ({"measure": "lost"}, "attempted, accepted, delivered only"),
        ({"title": None}, "without a title"),
    ],
)
def test_tables_that_make_no_sense(changes, words):
    table = make_orders("asked")
    for column, value in changes.items():
        table[column] = value
    if "measure" in changes:
        table = table.drop_duplicates(["panel", "measure", "day"])
    with pytest.raises(ValueError, match=words):
        plot_orders_by_day(table)
