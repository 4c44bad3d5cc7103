"""Sobol indices and elementary effects agree with the literature, and with a second way to compute them."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from SALib.analyze import sobol

import simsupply as ss
from simsupply.base.problems import InputError
from simsupply.sensitivity.effects import Effects
from simsupply.sensitivity.indices import morris_effects, sobol_indices
from simsupply.sensitivity.sample import Sample, evaluate
from simsupply.sweeps.designs import unit_problem
from simsupply.sweeps.sweep_result import SweepResult
from tests.plans.tiny_sweep import small

PI = "interval(-3.141592653589793,3.141592653589793)"
ISHIGAMI = {"x1": PI, "x2": PI, "x3": PI}


def ishigami(at: dict[str, Any], a: float = 7, b: float = 0.1) -> float:
    """Ishigami and Homma (1990)."""
    return np.sin(at["x1"]) + a * np.sin(at["x2"]) ** 2 + b * at["x3"] ** 4 * np.sin(at["x1"])


def ishigami_indices(a: float = 7, b: float = 0.1) -> dict[tuple[str, str], float]:
    """In closed form: Saltelli et al. (2000), Sensitivity Analysis, section 2.9."""
    v1, v2, v13 = (1 + b * np.pi**4 / 5) ** 2 / 2, a**2 / 8, b**2 * np.pi**8 * 8 / 225
    v = v1 + v2 + v13
    first = {"x1": v1 / v, "x2": v2 / v, "x3": 0.0}
    total = {"x1": (v1 + v13) / v, "x2": v2 / v, "x3": v13 / v}
    second = {"x1 x x2": 0.0, "x1 x x3": v13 / v, "x2 x x3": 0.0}
    return {
        (measure, key): value
        for measure, values in (("first_order", first), ("total", total), ("second_order", second))
        for key, value in values.items()
    }


def by_measure(found: Effects) -> pd.DataFrame:
    return found.table.set_index(["measure", "parameter"]).drop(columns="group")


def test_closed_form_is_that_of_the_literature() -> None:
    """Numbers as printed for a = 7, b = 0.1."""
    expected = ishigami_indices()
    assert expected["first_order", "x1"] == pytest.approx(0.3139, abs=5e-5)
    assert expected["first_order", "x2"] == pytest.approx(0.4424, abs=5e-5)
    assert expected["total", "x1"] == pytest.approx(0.5576, abs=5e-5)
    assert expected["total", "x3"] == pytest.approx(0.2437, abs=5e-5)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sobol_indices_of_ishigami(seed: int) -> None:
    found = by_measure(sobol_indices([evaluate(ishigami, ISHIGAMI, "saltelli", 1024, seed=seed)]))
    assert len(found) == 9
    for key, expected in ishigami_indices().items():
        row = found.loc[key]
        assert row["estimate"] == pytest.approx(expected, abs=0.03)
        assert row["ci_low"] <= expected <= row["ci_high"]
        assert 0.01 < row["ci_high"] - row["ci_low"] < 0.25


def test_total_indices_are_those_of_jansens_formula_by_hand() -> None:
    """Rows of a block are A, A with each column from B, B with each from A, B: Jansen (1999) over them."""
    sample = evaluate(ishigami, ISHIGAMI, "saltelli", 256)
    blocks = sample.values.reshape(-1, 8)
    found = by_measure(sobol_indices([sample]))
    variance = sample.values.var()
    for place, key in enumerate(ISHIGAMI):
        inputs = sample.inputs.to_numpy().reshape(-1, 8, 3)
        changed = (inputs[:, 0] != inputs[:, 1 + place]).all(axis=0)
        assert changed.tolist() == [index == place for index in range(3)]
        expected = np.mean((blocks[:, 0] - blocks[:, 1 + place]) ** 2) / 2 / variance
        assert found.loc[("total", key), "estimate"] == pytest.approx(expected, rel=0.1, abs=0.01)


def test_intervals_shorten_with_the_sample() -> None:
    width = [
        (lambda table: (table["ci_high"] - table["ci_low"]).mean())(
            by_measure(sobol_indices([evaluate(ishigami, ISHIGAMI, "saltelli", num)]))
        )
        for num in (64, 1024)
    ]
    assert 0.15 < width[1] / width[0] < 0.4  # a quarter, by the square root


# --- Morris -----------------------------------------------------------------------------------------


def morris_1991(at: dict[str, Any]) -> float:
    """The test function of Morris (1991), section 5, 20 inputs; its remaining coefficients standard normal."""
    x = np.array([at[f"x{number}"] for number in range(1, 21)])
    w = 2 * (x - 0.5)
    for place in (2, 4, 6):
        w[place] = 2 * (1.1 * x[place] / (x[place] + 0.1) - 0.5)
    drawn = np.random.default_rng(5)
    beta1 = np.where(np.arange(20) < 10, 20.0, drawn.standard_normal(20))
    beta2 = drawn.standard_normal((20, 20))
    beta2[:6, :6] = -15
    y = drawn.standard_normal() + beta1 @ w
    y += sum(beta2[i, j] * w[i] * w[j] for i, j in combinations(range(20), 2))
    y += sum(-10 * w[i] * w[j] * w[k] for i, j, k in combinations(range(5), 3))
    y += sum(5 * w[i] * w[j] * w[k] * w[m] for i, j, k, m in combinations(range(4), 4))
    return float(y)


def test_groups_of_inputs_are_those_morris_found() -> None:
    """x1 to x7 matter with interactions or bends, x8 to x10 matter linearly, x11 to x20 hardly matter."""
    parameters = {f"x{number}": "interval(0,1)" for number in range(1, 21)}
    found = by_measure(morris_effects([evaluate(morris_1991, parameters, "morris", 30)]))["estimate"]
    star, sigma = found["mu_star"].to_numpy(), found["sigma"].to_numpy()
    assert star[:10].min() > 2 * star[10:].max()
    assert sigma[:7].min() > 2 * sigma[7:10].max()
    assert found["mu"].to_numpy()[7:10] == pytest.approx(40, abs=6)  # 20 x the slope of w


def test_ranks_of_the_g_function() -> None:
    """Campolongo et al. (2007): the smaller a, the larger mu_star."""
    a = {"x1": 0.0, "x2": 1.0, "x3": 4.5, "x4": 9.0, "x5": 99.0}

    def g(at: dict[str, Any]) -> float:
        return float(np.prod([(abs(4 * at[key] - 2) + value) / (1 + value) for key, value in a.items()]))

    found = morris_effects([evaluate(g, dict.fromkeys(a, "interval(0,1)"), "morris", 200)])
    assert list(found.ranking["parameter"]) == list(a)


def test_effects_are_differences_over_the_step_by_hand() -> None:
    """Of a plane over ranges of any size and of whole numbers: the change over the range, without any spread."""
    parameters = {"a.b": "interval(10,40)", "c": "interval(-1,1)", "n": "int(interval(0,9))"}
    sample = evaluate(lambda at: 2 * at["a.b"] - 7 * at["c"], parameters, "morris", 10)
    found = by_measure(morris_effects([sample]))
    assert found.loc[("mu", "a.b"), "estimate"] == pytest.approx(60)
    assert found.loc[("mu", "c"), "estimate"] == pytest.approx(-14)
    assert found.loc[("mu_star", "c"), "ci_high"] == pytest.approx(14)
    assert found.loc[("mu_star", "n"), "estimate"] == 0
    assert found.loc["sigma", "estimate"].to_numpy() == pytest.approx(0, abs=1e-9)
    by_hand: dict[str, list[float]] = {key: [] for key in parameters}
    inputs, shares = sample.inputs.to_numpy(), np.array([30, 2, 9.0])
    for row in range(len(inputs) - 1):
        if (row + 1) % 4:
            (place,) = np.flatnonzero(inputs[row] != inputs[row + 1])
            step = np.sign(inputs[row + 1, place] - inputs[row, place]) * 2 / 3
            by_hand[list(parameters)[place]].append((sample.values[row + 1] - sample.values[row]) / step)
    assert shares.size == 3
    for key, effects in by_hand.items():
        assert len(effects) == 10
        assert found.loc[("mu_star", key), "estimate"] == pytest.approx(np.mean(np.abs(effects)), abs=1e-9)


# --- words, figures, sweeps --------------------------------------------------------------------------


def test_words_name_what_matters_and_what_does_not() -> None:
    parameters = dict.fromkeys(("large", "middle", "none"), "interval(0,1)")
    sample = evaluate(lambda at: 10 * at["large"] + 4 * at["middle"], parameters, "morris", 10)
    text = morris_effects([sample]).answer()
    assert text == (
        "value depends most on large: scaled to its whole range, its mean effect is 10 (10 to 10); next: middle; "
        "hardly anything with none."
    )
    assert "large" in morris_effects([sample]).answer("zh")


def test_a_group_that_is_the_same_everywhere_has_no_indices() -> None:
    sample = evaluate(ishigami, ISHIGAMI, "saltelli", 16)
    same = np.ones(len(sample.values))
    flat = Sample(sample.design, sample.parameters, sample.inputs, same, "value", "", "strategy = b")
    found = sobol_indices([sample, flat])
    assert found.table.loc[found.table["group"] == "strategy = b", "estimate"].isna().all()
    assert found.answer().endswith("strategy = b: value is the same at every point.")
    assert len(found.plot().axes) == 2


@pytest.mark.parametrize(("method", "points"), [("saltelli", 16), ("morris", 4)])
def test_a_measure_that_is_the_same_everywhere_is_an_answer(method: str, points: int) -> None:
    flat = evaluate(lambda at: 3.0, ISHIGAMI, method, points)
    found = (sobol_indices if method == "saltelli" else morris_effects)([flat])
    assert found.is_constant
    assert found.answer() == "value is the same at every point."


@pytest.mark.parametrize("seed", range(5))
def test_sobol_shares_are_at_most_100_percent(seed: int) -> None:
    """One parameter is everything, and 16 base points are few: estimates above 1 are cut, and that is said."""
    parameters = dict.fromkeys(("all", "none"), "interval(0,1)")
    sample = evaluate(lambda at: np.exp(4 * at["all"]), parameters, "saltelli", 16, seed=seed)
    raw = sobol.analyze(unit_problem(2), sample.values, num_resamples=10, seed=1)
    found = sobol_indices([sample])
    numbers = found.table[["estimate", "ci_low", "ci_high"]].to_numpy()
    assert numbers.min() >= 0
    assert numbers.max() <= 1
    is_above = max(raw["S1"].max(), raw["ST"].max()) > 1
    assert (found.too_small == ("",)) == is_above
    assert ("the sample is too small for exact shares" in found.answer()) == is_above
    assert ("样本过小" in found.answer("zh")) == is_above


def test_a_mean_effect_on_a_share_is_at_most_all_of_it() -> None:
    """A step at the middle: each effect is 1 over two thirds of the range, 1.5; a share changes by 1 at the most."""
    sample = evaluate(
        lambda at: float(at["x1"] > 0), {"x1": PI, "x2": PI}, "morris", 8, metric="coverage", unit="share"
    )
    found = by_measure(morris_effects([sample]))
    assert found.loc[("mu_star", "x1")].tolist() == [1, 1, 1]
    assert "100 percentage points" in morris_effects([sample]).answer()


@pytest.fixture(scope="module")
def screened(tmp_path_factory: pytest.TempPathFactory) -> SweepResult:
    """Two strategies over attendance, and a parameter that moves nothing."""
    parameters = {
        "strategy": ["standard_crates", "individual_orders"],
        "staffing.attendance": "interval(0.02,0.9)",
        "scenario.households.priority_share": "interval(0.1,0.2)",
    }
    return small(tmp_path_factory.mktemp("screened"), parameters, design="morris", points=4, replications=1)


@pytest.mark.lengthy
def test_a_sweep_is_screened(screened: SweepResult) -> None:
    found = ss.sensitivity(screened, "worker_hours")
    assert list(dict.fromkeys(found.table["group"])) == ["strategy = standard_crates", "strategy = individual_orders"]
    ranked = found.ranking.groupby("group").first()
    assert (ranked["parameter"] == "staffing.attendance").all()
    again = ss.sensitivity(SweepResult.read(screened.store.folder), "worker_hours")
    pd.testing.assert_frame_equal(again.table, found.table)
    for language in ("en", "zh"):
        assert len(found.plot(language).axes) == 2


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (lambda: sobol_indices([evaluate(ishigami, ISHIGAMI, "morris", 10)]), "got 'morris'; allowed: saltelli"),
        (lambda: sobol_indices([evaluate(ishigami, ISHIGAMI, "saltelli", 8)]), "at least 16 as base number"),
        (lambda: morris_effects([evaluate(ishigami, ISHIGAMI, "morris", 3)]), "at least 4 trajectories"),
        (lambda: morris_effects([evaluate(abs_x, {"x": PI}, "morris", 9)]), "allowed: at least two intervals"),
        (lambda: morris_effects([evaluate(lambda at: np.nan, ISHIGAMI, "morris", 9)]), "no value at 36 of 36 points"),
        (lambda: evaluate(abs_x, {"x": [1, 2]}, "morris", 9), "allowed: an interval"),
    ],
)
def test_what_does_not_fit_is_said_once(act: Any, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        act()
    assert expected in str(caught.value)
    assert len(caught.value.problems) == 1


def abs_x(at: dict[str, Any]) -> float:
    return abs(at["x"])


def test_a_sweep_says_what_does_not_fit(screened: SweepResult, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="did you mean 'coverage'"):
        ss.sensitivity(screened, "coverag")
    with pytest.raises(InputError, match="got 'grid'; allowed: one that sensitivities are computed from"):
        ss.sensitivity(small(tmp_path), "coverage")
