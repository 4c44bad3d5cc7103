"""Paired differences: against scipy and textbook numbers, by hand, and in the words made of them."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import simsupply as ss
from simsupply.base.problems import InputError
from simsupply.figures import plot_differences
from simsupply.figures.for_whom import whom_figure_table
from simsupply.report.difference_answer import difference_sentences
from simsupply.stats.paired import differences, holm, unpaired_equivalent, variance_saved
from tests.plans.tiny_comparison import comparison, made_up, strategy, tiny_data, tiny_scenario
from tests.plans.tiny_plan import changed

BOTH = ("standard_crates", "individual_orders")


def series(values: list[float]) -> pd.Series:
    return pd.Series(values, dtype=float).rename_axis("replication")


def test_holm_by_hand() -> None:
    """0.01 x 4, then max with 0.013 x 3, 0.02 x 2, 0.6 x 1."""
    assert holm([0.6, 0.01, 0.02, 0.013]) == pytest.approx([0.6, 0.04, 0.04, 0.04])
    assert holm([]) == []
    assert holm([0.5, 0.9]) == [1.0, 1.0]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_by_its_closed_tests(p_values: list[float]) -> None:
    """By definition: the largest Bonferroni p-value of all subsets of the family that hold the comparison."""
    order = sorted(range(len(p_values)), key=lambda at: p_values[at])
    for at, adjusted in enumerate(holm(p_values)):
        # The worst subset of each size is the comparison with the largest others.
        worst = 0.0
        for size in range(1, len(p_values) + 1):
            others = [p_values[number] for number in reversed(order) if number != at][: size - 1]
            worst = max(worst, min(1.0, size * min([p_values[at], *others])))
        assert adjusted == pytest.approx(worst)
        assert p_values[at] <= adjusted <= 1


def test_a_family_of_three_is_scipy_s_at_a_third_of_the_error() -> None:
    drawn = np.random.default_rng(3).normal(size=(4, 12))
    drawn[0] += 1.0
    pairs = [(series(list(drawn[0])), series(list(drawn[other]))) for other in (1, 2, 3)]
    found = differences(pairs)
    raw = [stats.ttest_rel(first, second) for first, second in pairs]
    assert [difference.p_value for difference in found] == pytest.approx(holm([test.pvalue for test in raw]))
    for difference, test in zip(found, raw, strict=True):
        low, high = test.confidence_interval(1 - 0.05 / 3)
        assert (difference.ci_low, difference.ci_high) == (pytest.approx(low), pytest.approx(high))


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
    assert (always.mean, always.ci_low, always.ci_high, always.p_value, always.side) == (-1, -1, -1, 0.0, -1)
    assert (single.mean, single.ci_low, single.p_value, single.side, single.saved) == (-1, None, None, None, None)
    assert (missing.mean, missing.ci_low, missing.p_value, missing.n) == (None, None, None, 2)
    # Replications that one of the two does not have cannot be paired.
    assert (few.n, few.mean) == (2, 1.0)


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
    low, high = stats.ttest_rel(first, second).confidence_interval(1 - 0.05 / 6)
    assert (table.loc[0, "ci_low"], table.loc[0, "ci_high"]) == (pytest.approx(low), pytest.approx(high))
    assert list(table.loc[:2, "attendance"]) == [1.0] * 3


def test_better_is_less_where_less_is_better() -> None:
    crates, orders = (made_up(name, 0.2, [value, value]) for name, value in zip(BOTH, (0.9, 0.1), strict=True))
    for case, days in ((crates, 10.0), (orders, 90.0)):
        case.result.values["deprived_household_days"] = days
        case.result.values["orders_attempted"] = days
    table = comparison(crates, orders).differences(["coverage", "deprived_household_days", "orders_attempted"])
    assert list(table["better"])[:2] == ["standard_crates"] * 2
    # More orders are neither better nor worse.
    assert pd.isna(table["better"].iloc[2])
    assert list(table["p_value"]) == [0.0] * 3


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
        assert ("cannot be told apart" in line) == (row["p_value"] > 0.05)


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
    first, turned = found.paired(crates, orders, "coverage"), found.paired(orders, crates, "coverage")
    assert (first.mean, first.p_value) == (-turned.mean, turned.p_value)


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
