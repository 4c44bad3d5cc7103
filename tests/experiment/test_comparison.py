"""Strategies side by side: what is refused, and differences under common random numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

import simsupply as ss
from simsupply.base.problems import InputError
from simsupply.stats.intervals import interval
from tests.plans.tiny_comparison import comparison, made_up, strategy, tiny_scenario

BOTH = ("standard_crates", "individual_orders")


@pytest.mark.parametrize(
    ("strategies", "words", "key", "allowed"),
    [
        ([], {}, "strategies", "at least one"),
        (["standard_crates"] * 2, {}, "strategies", "none of them twice"),
        (["standard_crate"], {}, "strategy", "did you mean 'standard_crates'?"),
        (["standard_crates"], {"attendance": []}, "attendance", "at least one"),
        (["standard_crates"], {"attendance": [0.5, 0.5]}, "attendance", "none of them twice"),
        (["standard_crates"], {"attendance": [1, 1.0]}, "attendance", "none of them twice"),
        (["standard_crates"], {"attendance": [0.5, 1.1]}, "attendance.1", "from 0 to 1"),
        (["standard_crates"], {"attendance": [-0.1]}, "attendance.0", "from 0 to 1"),
        (["standard_crates"], {"attendance": [True]}, "attendance.0", "from 0 to 1"),
        (["standard_crates"], {"attendance": [float("nan")]}, "attendance.0", "from 0 to 1"),
        (["standard_crates"], {"attendance": ["half"]}, "attendance.0", "from 0 to 1"),
        (["standard_crates"], {"replications": 0}, "replications", "a whole number from 1"),
    ],
)
def test_what_compare_refuses(strategies: list[str], words: dict[str, Any], key: str, allowed: str) -> None:
    with pytest.raises(InputError) as caught:
        ss.compare(tiny_scenario(), strategies, **words)
    (problem,) = caught.value.problems
    assert problem.key == key
    assert allowed in str(problem.allowed)


def test_a_strategy_given_as_name_and_as_itself_is_given_twice() -> None:
    with pytest.raises(InputError, match="none of them twice"):
        ss.compare(tiny_scenario(), ["standard_crates", strategy("standard_crates")], replications=1)


def test_strategies_of_one_title_cannot_be_told_apart() -> None:
    other = strategy("standard_crates").model_copy(update={"name": "other"})
    with pytest.raises(InputError, match="a title of its own"):
        ss.compare(tiny_scenario(), [strategy("standard_crates"), other], replications=1)


def test_every_strategy_at_every_level_in_the_order_given() -> None:
    found = ss.compare(tiny_scenario(), list(map(strategy, BOTH)), attendance=[0.5, 1.0, 0.0], replications=2, seed=4)
    assert [(case.attendance, case.strategy.name) for case in found.cases] == [
        (level, name) for level in (0.5, 1.0, 0.0) for name in BOTH
    ]
    table = found.table()
    assert list(table.columns) == [
        "attendance",
        "strategy",
        "scenario",
        "fill_rate",
        "hungry_household_share_worst_day",
        "empty_pantry_h_worst_decile",
        "coverage",
        "ci_low",
        "ci_high",
        "last_household_h",
        "longest_wait",
        "waits_for",
        "wait_h",
        "busiest",
        "utilisation",
    ]
    nobody = table[table["attendance"] == 0]
    assert (nobody["coverage"] == 0).all()
    assert nobody["last_household_h"].isna().all()
    # Nobody is on duty anywhere: all wait for people before the first stage.
    assert (nobody["longest_wait"] == "compile").all()
    assert (nobody["waits_for"] == "people").all()
    assert (nobody["wait_h"] > 0).all()
    assert nobody["busiest"].isna().all()
    assert (nobody["utilisation"] == 0).all()
    assert len(found.values()) == sum(case.result.values.size for case in found.cases)


def test_without_levels_the_scenario_s_own_is_used() -> None:
    found = ss.compare(tiny_scenario(0.5), [strategy("standard_crates")], replications=1)
    assert [case.attendance for case in found.cases] == [0.5]


def test_a_case_equals_a_run_of_its_own() -> None:
    found = ss.compare(tiny_scenario(), list(map(strategy, BOTH)), attendance=[1.0, 0.5], replications=3, seed=8)
    alone = ss.simulate(tiny_scenario(0.5), strategy("individual_orders"), replications=3, seed=8)
    assert found.cases[3].result.values.equals(alone.values)


def test_difference_is_paired_by_replication() -> None:
    """Pairs differ by 0.1, 0.2, 0.3: mean 0.2, whatever the two vary in common."""
    better = made_up("standard_crates", 0.2, [0.2, 0.9, 0.5])
    worse = made_up("individual_orders", 0.2, [0.1, 0.7, 0.2])
    found = comparison(better, worse).difference(better, worse)
    low, high = interval(np.array([0.1, 0.2, 0.3]), 0.95, (-1.0, 1.0))
    assert found.mean == pytest.approx(0.2)
    assert (found.ci_low, found.ci_high) == (pytest.approx(low), pytest.approx(high))
    assert found.unit == "share"
    assert found.n == 3


def test_a_difference_may_be_negative_but_not_below_all() -> None:
    """Student's interval of -1 and -0.8 would be -2.17 to 0.37; no difference of shares is below -1."""
    better, worse = (made_up(name, 0.2, values) for name, values in zip(BOTH, ([0.0, 0.1], [1.0, 0.9]), strict=True))
    found = comparison(better, worse).difference(better, worse)
    assert found.mean == pytest.approx(-0.9)
    assert found.ci_low is not None
    assert found.ci_high is not None
    assert -1 <= found.ci_low < -0.9 < found.ci_high <= 1


def test_pairing_narrows_the_interval() -> None:
    found = ss.compare(tiny_scenario(), list(map(strategy, BOTH)), attendance=[0.5], replications=12, seed=2)
    crates, orders = found.cases
    paired = found.difference(crates, orders)
    apart = np.sqrt(sum(case.result.values["coverage"].var() / 12 for case in found.cases))
    assert paired.ci_low is not None
    assert paired.ci_high is not None
    assert (paired.ci_high - paired.ci_low) / 2 < stats.t.ppf(0.975, 11) * apart


def test_stages_of_different_strategies_stand_in_process_order() -> None:
    found = ss.compare(tiny_scenario(), list(map(strategy, BOTH)), replications=1)
    order = list(dict.fromkeys(found.utilisation()["stage"]))
    assert sorted(order) == ["compile", "deliver", "door", "pack", "pick"]
    assert order[0] == "compile"
    assert order[-2:] == ["deliver", "door"]
