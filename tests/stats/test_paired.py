"""Paired differences: against scipy and textbook numbers, by hand, and in the words made of them."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import simsupply as ss
from simsupply.base.problems import InputError
from simsupply.figures import plot_differences
from simsupply.figures.for_whom import whom_figure_table
from simsupply.report.difference_answer import difference_sentences
from simsupply.stats.intervals import interval
from simsupply.stats.paired import difference_interval, differences, side_of, unpaired_equivalent, variance_saved
from tests.plans.tiny_comparison import comparison, made_up, strategy, tiny_data, tiny_scenario
from tests.plans.tiny_plan import changed

BOTH = ("standard_crates", "individual_orders")


def series(values: list[float]) -> pd.Series:
    return pd.Series(values, dtype=float).rename_axis("replication")


def test_a_family_of_three_is_scipy_s_at_a_third_of_the_error() -> None:
    drawn = np.random.default_rng(3).normal(size=(4, 12))
    drawn[0] += 1.0
    pairs = [(series(list(drawn[0])), series(list(drawn[other]))) for other in (1, 2, 3)]
    found = differences(pairs)
    raw = [stats.ttest_rel(first, second) for first, second in pairs]
    assert [finding.p_value for finding in found] == pytest.approx([min(1, 3 * one.pvalue) for one in raw])
    for finding, known in zip(found, raw, strict=True):
        low, high = known.confidence_interval(1 - 0.05 / 3)
        assert (finding.ci_low, finding.ci_high) == (pytest.approx(low), pytest.approx(high))


def test_special_cases_have_no_nan() -> None:
    same, shifted = series([1, 2, 3]), series([2, 3, 4])
    equal, always, single, missing, few = differences(
        [
            (same, same),
            (same, shifted),
            (series([1.0]), series([2.0])),
            (series([1, np.nan, 2]), same),
            (series([1, 5, 3]), series([2.0, 2.0])),
        ]
    )
    assert (equal.mean, equal.ci_low, equal.ci_high, equal.p_value, equal.side) == (0, 0, 0, 1.0, 0)
    assert equal.saved == 1
    # Always the same, but three replications of four comparisons cannot show it: 4 * 2 * 0.5^3 = 1, and 0 is held.
    assert (always.mean, always.ci_low, always.ci_high, always.p_value, always.side) == (-1, -1, 0, 0.75, 0)
    assert (single.mean, single.ci_low, single.p_value, single.side, single.saved) == (-1, None, None, None, None)
    assert (missing.mean, missing.ci_low, missing.p_value, missing.n) == (None, None, None, 2)
    # Replications that one of the two does not have cannot be paired.
    assert (few.n, few.mean) == (2, 1.0)


def claimed(found: list) -> list[bool]:
    return [finding.ci_low > 0 or finding.ci_high < 0 for finding in found]


@settings(deadline=None)
@given(st.data(), st.sampled_from([(0.0, 1.0), (0.0, np.inf)]))
def test_a_difference_is_claimed_exactly_when_its_interval_excludes_zero(data, bounds: tuple[float, float]) -> None:
    """In families of any size: by interval, by p-value and by side, whether values repeat or not."""
    num = data.draw(st.integers(2, 9))
    values = st.lists(st.sampled_from([0.0, 0.4, 0.9, 0.98, 1.0]) | st.floats(0, 1), min_size=num, max_size=num)
    pairs = data.draw(st.lists(st.tuples(values, values), min_size=1, max_size=4))
    found = differences([(series(first), series(second)) for first, second in pairs], bounds)
    for finding, is_claimed in zip(found, claimed(found), strict=True):
        assert (finding.side != 0) == is_claimed
        assert (finding.p_value <= 0.05) == is_claimed or finding.p_value == pytest.approx(0.05, rel=1e-4)
        assert finding.p_value > 0
        assert finding.ci_low <= finding.mean + 1e-9
        assert finding.mean - 1e-9 <= finding.ci_high
        if bounds[1] == 1:
            assert -1 <= finding.ci_low <= finding.ci_high <= 1
            assert finding.ci_low < finding.ci_high


def test_ten_times_all_against_always_98_percent_is_no_difference() -> None:
    """All or nothing at 95 % beside a sure 98 %: ten successes in a row come in 60 % of cases, and prove nothing.

    Largest unseen share u = 1 - 0.025^(1/10) = 0.3085; of so many the difference may be -1, or 1, instead of 0.02.
    """
    (found,) = differences([(series([1.0] * 10), series([0.98] * 10))], (0.0, 1.0))
    unseen = 1 - 0.025**0.1
    assert (found.ci_low, found.ci_high) == (pytest.approx(0.02 - 1.02 * unseen), pytest.approx(0.02 + 0.98 * unseen))
    assert (found.side, found.p_value) == (0, 1.0)


def test_an_alternative_that_is_always_the_same_is_not_known_for_sure() -> None:
    """Always 1 beside values near 0.98: the interval of the first is that of ten successes, down to 0.69."""
    smooth = 0.98 + 0.001 * np.arange(-5, 5)
    low, high = difference_interval(np.ones(10), smooth, bounds=(0.0, 1.0))
    own, other = interval(np.ones(10), bounds=(0.0, 1.0)), interval(smooth, bounds=(0.0, 1.0))
    mean = 1 - smooth.mean()
    assert low == pytest.approx(mean - np.hypot(1 - own[0], other[1] - smooth.mean()))
    assert high == pytest.approx(mean + (smooth.mean() - other[0]))


def test_paired_proportions_of_newcombe() -> None:
    """Newcombe (1998), method 10 without continuity correction of phi, with Clopper-Pearson instead of Wilson limits.

    Of 50 pairs 36 have both, 12 only the first, 2 only the second, 0 neither: 0.96 and 0.76, difference 0.2,
    phi = (36 * 0 - 12 * 2) / sqrt(48 * 2 * 38 * 12).
    """
    first = np.array([1.0] * 48 + [0.0] * 2)
    second = np.array([1.0] * 36 + [0.0] * 12 + [1.0] * 2)
    phi = -24 / np.sqrt(48 * 2 * 38 * 12)
    (low1, high1), (low2, high2) = (stats.binomtest(hits, 50).proportion_ci(0.95) for hits in (48, 38))
    low = 0.2 - np.sqrt((0.96 - low1) ** 2 + (high2 - 0.76) ** 2 - 2 * phi * (0.96 - low1) * (high2 - 0.76))
    high = 0.2 + np.sqrt((high1 - 0.96) ** 2 + (0.76 - low2) ** 2 - 2 * phi * (high1 - 0.96) * (0.76 - low2))
    assert difference_interval(first, second, bounds=(0.0, 1.0)) == (pytest.approx(low), pytest.approx(high))


def test_what_only_a_step_down_test_would_find_is_not_claimed() -> None:
    """Two comparisons, one far apart: Holm would try the other at 5 %, its interval is at 1 - 0.05 / 2.

    Values -4.5, -2.7, -3.5, -1.2, -0.1: mean -2.4, deviation sqrt(12.44 / 4) = 1.763, t = -2.4 / (1.763 / sqrt(5)) =
    -3.043 with 4 degrees of freedom: p = 0.038, for the family 0.076.
    """
    near = np.array([-4.5, -2.7, -3.5, -1.2, -0.1])
    far = np.array([-100.0, -101.0, -99.0, -100.5, -99.5])
    raw = stats.ttest_1samp(near, 0).pvalue
    assert 0.025 < raw < 0.05
    found, other = differences([(series(list(near)), series([0.0] * 5)), (series(list(far)), series([0.0] * 5))])
    assert (found.side, found.p_value) == (0, pytest.approx(2 * raw))
    assert found.ci_low < 0 < found.ci_high
    assert other.side == -1


def test_sides() -> None:
    assert [side_of(*ends) for ends in ((0.1, 0.2), (0.0, 0.2), (-0.2, -0.1), (0.0, 0.0))] == [1, 0, -1, 0]


def test_variance_saved_by_hand() -> None:
    """Variances 1 and 4, of the difference 1: 1 - 1 / 5. Against each other 9: 1 - 9 / 5."""
    first = np.array([1.0, 2.0, 3.0])
    assert variance_saved(first, 2 * first) == pytest.approx(0.8)
    assert variance_saved(first, -2 * first) == pytest.approx(-0.8)
    assert variance_saved(first, first) == 1
    assert variance_saved(first, np.full(3, 2.0)) == 0
    assert variance_saved(np.full(3, 1.0), np.full(3, 2.0)) is None
    assert (unpaired_equivalent(20, 0.8), unpaired_equivalent(20, 0.0), unpaired_equivalent(20, 1.0)) == (100, 20, None)


# --- comparisons ------------------------------------------------------------------------------------


def test_families_are_one_per_metric_over_all_levels() -> None:
    """Two levels, three alternatives: six pairs, each interval at 1 - 0.05 / 6."""
    rng = np.random.default_rng(5)
    cases = [
        made_up(name, level, list(rng.uniform(0.2, 0.8, 9)))
        for level in (1.0, 0.5)
        for name in (*BOTH, "standard_crates_via_stations")
    ]
    table = comparison(*cases).differences(["coverage"])
    assert len(table) == 6
    first, second = (cases[at].result.values["coverage"] for at in (0, 1))
    low, high = interval((first - second).to_numpy(), 1 - 0.05 / 6, (-1.0, 1.0))
    assert (table.loc[0, "ci_low"], table.loc[0, "ci_high"]) == (pytest.approx(low), pytest.approx(high))
    assert list(table.loc[:2, "attendance"]) == [1.0] * 3


def test_better_is_less_where_less_is_better() -> None:
    crates, orders = (made_up(name, 0.2, [value] * 12) for name, value in zip(BOTH, (0.9, 0.1), strict=True))
    for case, days in ((crates, 10.0), (orders, 90.0)):
        case.result.values["deprived_household_days"] = days
        case.result.values["orders_attempted"] = days
    table = comparison(crates, orders).differences(["coverage", "deprived_household_days", "orders_attempted"])
    assert list(table["better"])[:2] == ["standard_crates"] * 2
    # More orders are neither better nor worse.
    assert pd.isna(table["better"].iloc[2])
    # Twelve times the same difference: 2 * 0.5^12 by signs. Of shares, p is the error of an interval that ends at 0:
    # 0.8 = 1.8 u for the largest unseen share u = 1 - (p / 2)^(1 / 12), so p = 2 * (1 - 0.8 / 1.8)^12.
    assert list(table["p_value"]) == pytest.approx([2 * (1 - 0.8 / 1.8) ** 12, 2 * 0.5**12, 2 * 0.5**12], rel=1e-6)


@pytest.fixture(scope="module")
def found() -> ss.Comparison:
    return ss.compare(tiny_scenario(), list(map(strategy, BOTH)), attendance=[1.0, 0.3], replications=8, seed=2)


def test_for_whom_is_paired_by_group(found: ss.Comparison) -> None:
    table = found.for_whom()
    assert set(zip(table["split"], table["group"], strict=True)) == {
        ("everybody", "everybody"),
        ("everybody", "worst_decile"),
        ("kind", "priority"),
        ("kind", "other"),
    }
    crates, orders = (case.result for case in found.cases[2:])
    for result in (crates, orders):
        assert result.splits is not None
    values = [
        result.splits.query("group == 'priority' and metric == 'empty_pantry_h'")["value"].to_numpy()
        for result in (crates, orders)
    ]
    row = table.query("attendance == 0.3 and group == 'priority'").iloc[0]
    assert row["mean"] == pytest.approx((values[0] - values[1]).mean())
    low, high = stats.ttest_rel(*values).confidence_interval(1 - 0.05 / len(table))
    if np.ptp(values[0] - values[1]) > 0:
        assert (row["ci_low"], row["ci_high"]) == (pytest.approx(low), pytest.approx(high))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("replications", [1, 6])
def test_sentences(language, replications: int) -> None:
    found = ss.compare(tiny_scenario(), list(map(strategy, BOTH)), attendance=[1.0, 0.3], replications=replications)
    lines = difference_sentences(found, language)
    text = "\n".join(lines)
    assert not re.search(r"[{}]|None|nan", text)
    assert len([line for line in lines if "30" in line]) >= 3
    if replications == 1:
        assert {"en": "proves nothing", "zh": "不足为据"}[language] in text or {
            "en": "cannot be told apart",
            "zh": "无法区分",
        }[language] in text
        assert {"en": "95 %", "zh": "95%"}[language] not in text


def test_sentences_say_what_the_table_says(found: ss.Comparison) -> None:
    lines = difference_sentences(found)
    table = found.differences()
    for metric, start in (("coverage", "households served"), ("deprived_household_days", "days with an empty pantry")):
        row = table[(table["attendance"] == 0.3) & (table["metric"] == metric)].iloc[0]
        (line,) = (line for line in lines if f", {start}" in line)
        assert ("cannot be told apart" in line) == (row["ci_low"] <= 0 <= row["ci_high"])


def test_one_alternative_has_nothing_to_differ_from() -> None:
    alone = ss.compare(tiny_scenario(), [strategy(BOTH[0])], replications=2)
    assert difference_sentences(alone) == []
    assert whom_figure_table(alone, "en").empty
    assert alone.differences().empty


@pytest.mark.parametrize("language", ["en", "zh"])
def test_figure_holds_the_table(found: ss.Comparison, language) -> None:
    table = whom_figure_table(found, language)
    figure = plot_differences(table, title="t", axis_label="x", language=language)
    (axes,) = figure.axes
    drawn = [value for line in axes.lines[1:] for value in line.get_xdata()]
    assert sorted(drawn) == pytest.approx(sorted(table["mean"]))
    assert [label.get_text().replace("\n", " ") for label in axes.get_yticklabels()]


def test_the_turned_pair_is_the_same_pair(found: ss.Comparison) -> None:
    crates, orders = found.cases[2:]
    one, other = found.paired(crates, orders, "coverage"), found.paired(orders, crates, "coverage")
    assert (one.mean, one.p_value) == (-other.mean, pytest.approx(other.p_value))


# --- scenarios ---------------------------------------------------------------------------------------


def named(name: str, **changes) -> ss.Comparison:
    title = {"en": name, "zh": name}
    return ss.load_scenario(changed(tiny_data(), {"scenario.name": name, "scenario.title": title, **changes}))


def test_scenarios_side_by_side() -> None:
    """One more in the packing crew of the same world: the second scenario is never worse, under the same luck."""
    few, many = named("few", **{"staffing.attendance": 0.4}), named("many", **{"staffing.attendance": 0.8})
    found = ss.compare([few, many], [strategy(BOTH[0])], replications=5)
    assert [case.alternative for case in found.cases] == ["few", "many"]
    assert [case.attendance for case in found.cases] == [0.4, 0.8]
    (row,) = found.differences(["coverage"]).to_dict("records")
    assert (row["first"], row["second"]) == ("few", "many")
    assert row["mean"] <= 0
    alone = ss.simulate(many, strategy(BOTH[0]), replications=5)
    assert found.cases[1].result.values.equals(alone.values)
    both = ss.compare([few, many], list(map(strategy, BOTH)), replications=1)
    assert [case.alternative for case in both.cases] == [f"{s}/{w}" for s in ("few", "many") for w in BOTH]


@pytest.mark.parametrize(
    ("changes", "metrics", "key", "allowed"),
    [
        ({"scenario.horizon_days": 4}, ["coverage"], "scenario.horizon_days", "the same in all"),
        ({"scenario.service_target_days": 1}, ["coverage"], "scenario.service_target_days", "the same in all"),
        ({}, ["short_kg_share"], "metrics", "no section supply in: one, other"),
        ({}, ["coverag"], "metrics", "did you mean 'coverage'"),
        ({}, ["coverage", "coverage"], "metrics", "none of them twice"),
        ({}, ["utilisation.pick"], "metrics", "valid"),
        ({"scenario.name": "one"}, ["coverage"], "scenarios", "none of them twice"),
    ],
)
def test_scenarios_that_cannot_be_compared(changes, metrics: list[str], key: str, allowed: str) -> None:
    other = ss.load_scenario(changed(tiny_data(), {"scenario.name": "other", **changes}))
    with pytest.raises(InputError) as caught:
        ss.compare([named("one"), other], list(map(strategy, BOTH)), metrics=metrics, replications=1)
    (problem,) = caught.value.problems
    assert problem.key == key
    assert allowed in str(problem.allowed)
