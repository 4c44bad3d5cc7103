"""Boxes find a known box among many parameters, and count what they hold rightly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import simsupply as ss
from simsupply.base.problems import InputError
from simsupply.sensitivity.boxes import Boxes, find_boxes
from simsupply.sensitivity.questions import read_questions
from simsupply.sensitivity.sample import Sample, evaluate
from simsupply.stats.intervals import share_estimate
from simsupply.sweeps.parameters import parameter
from tests.plans.tiny_sweep import small

SIX = {**dict.fromkeys("abcde", "interval(0,1)"), "n": "int(interval(0,9))"}


def one_box(at: dict[str, Any]) -> float:
    """Fails (0) where a > 0.5, b < 0.4 and n >= 4; c, d and e do nothing."""
    return float(not (at["a"] > 0.5 and at["b"] < 0.4 and at["n"] >= 4))


@pytest.fixture(scope="module")
def sample() -> Sample:
    return evaluate(one_box, SIX, "lhs", 1000)


@pytest.fixture(scope="module")
def found(sample: Sample) -> Boxes:
    return find_boxes([sample], 0.5, density=0.95, most=1)


@pytest.mark.lengthy
def test_the_known_box_is_found(found: Boxes) -> None:
    limits = found.table[found.table["is_sure"]].set_index("parameter")
    assert set(limits.index) == {"a", "b", "n"}
    assert limits.loc["a", "low"] == pytest.approx(0.5, abs=0.05)
    assert limits.loc["b", "high"] == pytest.approx(0.4, abs=0.05)
    assert limits.loc["n", "low"] == 4
    assert (limits.loc["a", "high"], limits.loc["b", "low"], limits.loc["n", "high"]) == (1, 0, 9)
    assert found.boxes.loc[0, "coverage"] > 0.9
    assert found.boxes.loc[0, "density"] >= 0.95


@pytest.mark.lengthy
def test_counts_by_hand(found: Boxes, sample: Sample) -> None:
    inside = np.ones(len(sample.values), dtype=bool)
    for row in found.table.itertuples():
        inside &= sample.inputs[row.parameter].between(row.low, row.high).to_numpy()
    box = found.boxes.iloc[0]
    fails = sample.values < 0.5
    assert (box["points"], box["failing"]) == (inside.sum(), fails[inside].sum())
    density = share_estimate(int(fails[inside].sum()), int(inside.sum()))
    assert (box["density"], box["density_low"]) == (density.mean, density.ci_low)
    assert box["coverage"] == fails[inside].sum() / fails.sum()


@pytest.mark.lengthy
def test_a_limit_that_does_nothing_is_not_sure(found: Boxes) -> None:
    """Six parameters, of which three do nothing: whatever is cut along those is said to be perhaps chance."""
    idle = found.table[found.table["parameter"].isin(["c", "d", "e"])]
    assert not idle["is_sure"].any()
    assert found.answer().count("(perhaps chance)") == len(idle)


@pytest.mark.lengthy
def test_two_boxes_are_found_one_after_the_other() -> None:
    def two(at: dict[str, Any]) -> float:
        return float((at["a"] < 0.3 and at["b"] < 0.3) or (at["a"] > 0.6 and at["c"] > 0.6))

    found = find_boxes([evaluate(two, SIX, "sobol", 1024)], 0.5, better="less", density=0.9, most=3)
    first, second = (set(found.table.loc[found.table["box"] == box, "parameter"]) for box in (1, 2))
    assert {"a", "c"} <= first
    assert {"a", "b"} <= second
    assert found.boxes["failing"].sum() <= found.failing.loc[0, "failing"]
    assert found.boxes["coverage"].iloc[:2].sum() > 0.8


@pytest.mark.lengthy
def test_whole_numbers_of_few_values() -> None:
    """A fifth of the sample goes with one cut; what is found has whole limits all the same."""
    given = {**dict.fromkeys("abc", "interval(0,1)"), "vans": "int(interval(2,6))"}
    sample = evaluate(lambda at: float(at["vans"] > 3 or at["a"] < 0.5), given, "lhs", 400)
    found = find_boxes([sample], 0.5, density=0.95, most=1)
    limits = found.table.set_index("parameter").loc["vans"]
    assert (limits["low"], limits["high"]) == (2, 3)
    assert found.boxes.loc[0, "coverage"] > 0.9


@pytest.mark.lengthy
def test_words_and_figures(found: Boxes) -> None:
    text = found.answer()
    assert text.startswith(f"value is below 0.5 at {found.failing.loc[0, 'failing']} of 1,000 points; with a from 0.")
    assert "当a为" in found.answer("zh")
    for language in ("en", "zh"):
        assert len(found.plot(language).axes) == 1


@pytest.mark.lengthy
def test_a_sweep_has_boxes(tmp_path: Path) -> None:
    parameters = {
        "staffing.attendance": "interval(0.02,0.9)",
        "scenario.households.priority_share": "interval(0.1,0.2)",
    }
    result = small(tmp_path, parameters, design="lhs", points=60, replications=1)
    values = result.wide(["worker_hours"])["worker_hours"]
    level = float(values.quantile(0.7))
    found = ss.boxes(result, "worker_hours", level)
    assert found.better == "less"
    assert found.failing.loc[0, "failing"] == (values > level).sum()
    assert "staffing.attendance" in set(found.table["parameter"])


@pytest.mark.lengthy
def test_a_grid_has_boxes_too(tmp_path: Path) -> None:
    """Limits lie between two values of the grid."""
    parameters = {
        "staffing.attendance": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8],
        "scenario.households.priority_share": [0.1, 0.12, 0.14, 0.16, 0.18],
    }
    result = small(tmp_path, parameters, replications=1)
    means = result.wide(["coverage"]).groupby("staffing.attendance")["coverage"].max()
    fails = means[means < 0.9].index
    found = ss.boxes(result, "coverage", 0.9)
    limits = found.table[found.table["is_sure"]].set_index("parameter")
    assert list(limits.index) == ["staffing.attendance"]
    assert fails.max() < limits.loc["staffing.attendance", "high"] < means[means >= 0.9].index.min()


@pytest.mark.parametrize("level", [-1.0, 2.0])
def test_a_plan_that_nowhere_or_everywhere_fails_has_no_box(sample: Sample, level: float) -> None:
    found = find_boxes([sample], level)
    assert found.table.empty
    assert f"at {found.failing.loc[0, 'failing']:,} of 1,000 points; no conditions stand out." in found.answer()
    assert found.failing.loc[0, "failing"] == (0 if level < 0 else 1000)
    with pytest.raises(InputError, match="no box"):
        found.plot()


def test_without_the_library_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simsupply.sensitivity.boxes.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install 'simsupply\[discovery\]'"):
        read_questions(["boxes:coverage:0.9"], "lhs", 50, [parameter(key, SIX[key], "test") for key in "ab"], "test")


@pytest.mark.parametrize(
    ("design", "points", "given", "level", "expected"),
    [
        ("morris", 20, SIX, 0.5, "got 'morris'; allowed: lhs or sobol or grid or csv"),
        ("lhs", 30, SIX, 0.5, "at least 40 points"),
        ("lhs", 50, {"a": "interval(0,1)"}, 0.5, "at least two intervals"),
        ("lhs", 50, SIX, float("nan"), "got nan; allowed: a number"),
    ],
)
def test_what_does_not_fit_is_said_once(
    design: str, points: int, given: dict[str, str], level: float, expected: str
) -> None:
    with pytest.raises(InputError) as caught:
        find_boxes([evaluate(lambda at: at["a"], given, design, points)], level)
    assert expected in str(caught.value)
    assert len(caught.value.problems) == 1
