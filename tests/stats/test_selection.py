"""Selection of the best: by hand, by the papers' formulas, with chance, and what is refused."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import simsupply as ss
from simsupply.base.problems import InputError
from simsupply.report.difference_answer import selection_sentences
from simsupply.stats.selection import (
    apcs,
    cannot_be_told_apart,
    kn,
    ocba,
    ocba_shares,
    select_best,
)
from tests.plans.tiny_comparison import strategy, tiny_scenario

THREE = ("standard_crates", "individual_orders", "sealed_crates")


def known(means: list[float], deviation: float = 1.0, shared: float = 0.0, seed: int = 1) -> Callable:
    """Normal values around known means; a share of their variance is common to all (common random numbers)."""
    drawn = np.random.default_rng(seed).normal(size=(len(means) + 1, 4000))
    values = deviation * (math.sqrt(shared) * drawn[-1] + math.sqrt(1 - shared) * drawn[:-1])
    return lambda number, num: means[number] + values[number, :num]


def test_kn_by_hand() -> None:
    """Two alternatives, three replications first, 95 %: eta = ((2 * 0.05)^-1 - 1) / 2 = 4.5, h^2 = 18.

    Differences 1, 2, 3 have variance 1. With zone 3 the reach after three is 3 / 6 * (18 / 9 - 3) < 0, so the mean
    difference 2 rules the second out. With zone 1 it is 1 / 6 * (18 - 3) = 2.5 > 2: one more of each, a
    difference of 4; mean 2.5, reach 1 / 8 * (18 - 4) = 1.75: now it is out.
    """
    values = np.array([[2.0, 4.0, 6.0, 8.0], [1.0, 2.0, 3.0, 4.0]])
    how: dict[str, Any] = {"probability": 0.95, "first": 3, "most": 100}
    wide, narrow = (kn(lambda number, num: values[number, :num], 2, zone=zone, **how) for zone in (3.0, 1.0))
    assert (wide.best, wide.replications, wide.is_decided) == (0, (3, 3), True)
    assert (narrow.best, narrow.replications, narrow.is_decided) == (0, (4, 4), True)
    short = kn(lambda number, num: values[number, :num], 2, zone=1.0, probability=0.95, first=3, most=7)
    assert (short.in_race, short.is_decided, sum(short.replications)) == ((0, 1), False, 6)


def test_kn_ends_by_itself_where_all_are_equal() -> None:
    """h^2 S^2 / zone^2 rounds at the most; then the highest mean is as good as any."""
    found = kn(known([0.0, 0.0, 0.0]), 3, zone=0.5, probability=0.9, first=10, most=100_000)
    assert found.is_decided
    # Nothing varies, and nothing bounds what may: after 59 of each one in twenty that is otherwise is excluded.
    found = kn(lambda one, num: np.full(num, float(one)), 3, zone=0.5, probability=0.9, first=2, most=300)
    assert (found.best, found.is_decided) == (2, True)
    assert 59 <= min(found.replications) <= 65
    few = kn(lambda one, num: np.full(num, float(one)), 3, zone=0.5, probability=0.9, first=2, most=100)
    assert (few.is_decided, few.in_race) == (False, (0, 1, 2))


@pytest.mark.parametrize("method", ["kn", "ocba"])
def test_equal_shares_decide_nothing_before_a_difference_of_the_zone_would_have_been_seen(method: Any) -> None:
    """Always 1 beside always 0.98: one in fifty that fails is missing from 182 of each with more than 2.5 %.

    0.98^182 = 2.53 %, 0.98^183 = 2.48 %; the other half of the error is for what was seen.
    """
    how: dict[str, Any] = {"method": method, "zone": 0.02, "probability": 0.95, "first": 10, "span": 1.0}

    def draw(number: int, num: int) -> np.ndarray:
        return np.full(num, (1.0, 0.98)[number])

    found, short = select_best(draw, 2, most=1000, **how), select_best(draw, 2, most=365, **how)
    assert (found.best, found.is_decided) == (0, True)
    assert 183 <= min(found.replications) <= 202
    assert (short.is_decided, short.in_race) == (False, (0, 1))


@pytest.mark.parametrize("method", ["kn", "ocba"])
def test_ten_successes_in_a_row_do_not_beat_98_percent(method: Any) -> None:
    """All or nothing at 95.1 %, ten times all at first, beside a sure 98 %: the second is the better one."""
    draws = np.random.default_rng(seed_of_ten_successes()).random(2000) < 0.951

    def draw(number: int, num: int) -> np.ndarray:
        return draws[:num].astype(float) if number == 0 else np.full(num, 0.98)

    found = select_best(draw, 2, method=method, zone=0.02, probability=0.95, first=10, most=1500, span=1.0)
    assert (found.best, found.is_decided) == (1, True)


def seed_of_ten_successes() -> int:
    return next(seed for seed in range(100) if (np.random.default_rng(seed).random(10) < 0.951).all())


@pytest.mark.parametrize("shared", [0.0, 0.8])
def test_kn_picks_the_best_as_often_as_it_says(shared: float) -> None:
    """The hardest case, all others worse by just the zone: 200 times at 90 %; 4 standard errors are 8.5 %."""
    picked, used = [], []
    for seed in range(200):
        draw = known([0.0, 0.5, 0.0, 0.0], shared=shared, seed=seed)
        found = kn(draw, 4, zone=0.5, probability=0.9, first=10, most=100_000)
        picked.append(found.best == 1)
        used.append(sum(found.replications))
    assert np.mean(picked) > 0.9 - 0.085
    if shared:
        # Pairing pays: values that go together are told apart sooner.
        assert np.mean(used) < 150


def test_shares_of_chen_s_theorem() -> None:
    """Means 3, 2, 1, variances 1, 4, 9: N1 : N2 = 4 / 1 : 9 / 4, N0 = sqrt(4 / 1 + 9 / 16) = 2.136."""
    shares = ocba_shares(np.array([3.0, 2.0, 1.0]), np.array([1.0, 4.0, 9.0]), zone=0.01)
    expected = np.array([math.sqrt(4 / 1 + 9 / 16), 4.0, 9 / 4])
    assert shares == pytest.approx(expected / expected.sum())
    # Chen et al., equation 12: N_b^2 / s_b^2 is the sum of N_i^2 / s_i^2.
    assert shares[0] ** 2 / 1 == pytest.approx(shares[1] ** 2 / 4 + shares[2] ** 2 / 9)


@pytest.mark.parametrize(
    ("means", "variances"),
    [([1, 1, 1], [1, 1, 1]), ([1, 2, 3], [0, 0, 1]), ([1, 2, 3], [0, 1, 0]), ([5, 5], [1, 0])],
)
def test_shares_of_ties_and_of_what_does_not_vary(means: list[float], variances: list[float]) -> None:
    shares = ocba_shares(np.array(means, float), np.array(variances, float), zone=0.1)
    assert np.isfinite(shares).all()
    assert shares.sum() == pytest.approx(1)
    assert (shares[np.array(variances) == 0] == 0).all()


def test_probability_by_hand() -> None:
    """Distance 1, variances 1 and 1 over 2 each: P(Z < -1) = 0.1587."""
    two = np.array([2, 2])
    assert apcs(np.array([1.0, 0.0]), np.array([1.0, 1.0]), two, 0.1) == pytest.approx(1 - 0.158655, abs=1e-6)
    assert apcs(np.array([1.0, 0.0]), np.zeros(2), two, 0.1) == 1
    assert apcs(np.zeros(30), np.ones(30), np.full(30, 2), 1e-9) == 0


def test_ocba_spends_where_it_tells_most() -> None:
    """The near rival gets most, the hopeless one hardly any; equal shares of as many tell less."""
    found = ocba(known([1.0, 0.8, -2.0]), 3, zone=0.05, probability=0.99, first=10, most=3000)
    assert found.is_decided
    assert found.best == 0
    assert found.replications[2] < found.replications[1] / 3
    values, equal = known([1.0, 0.8, -2.0]), sum(found.replications) // 3
    means = np.array([values(index, equal).mean() for index in range(3)])
    variances = np.array([values(index, equal).var(ddof=1) for index in range(3)])
    assert apcs(means, variances, np.full(3, equal), 0.05) < found.probability


def test_ocba_says_when_the_budget_does_not_do() -> None:
    found = ocba(known([0.0, 0.01]), 2, zone=0.001, probability=0.99, first=5, most=57)
    assert (found.is_decided, found.in_race, sum(found.replications)) == (False, (0, 1), 57)
    assert found.probability < 0.99


def test_one_alternative_is_the_best() -> None:
    how: dict[str, Any] = {"method": "kn", "zone": 0.1, "probability": 0.95, "most": 1000}
    assert select_best(known([1.0]), 1, first=3, **how).best == 0


def test_what_cannot_be_told_apart() -> None:
    values = [pd.Series(known([0.0, 0.0, 9.0, 9.0], seed=4)(index, 12)) for index in range(4)]
    best = max((2, 3), key=lambda number: values[number].mean())
    assert cannot_be_told_apart(values, best) == ((3,) if best == 2 else (2,))


# --- of plans -----------------------------------------------------------------------------------------


def selected(**how: Any) -> ss.Comparison:
    select = {"method": "kn", "metric": "deprived_household_days", "zone": 2.0, **how}
    return ss.compare(
        tiny_scenario(), list(map(strategy, THREE)), attendance=[0.4], replications=6, seed=3, select=select
    )


@pytest.mark.lengthy
@pytest.mark.parametrize("method", ["kn", "ocba"])
def test_best_of_three_strategies(method: str) -> None:
    """Less is better; the one picked is the one of many replications, and each case equals a run of its own."""
    found = selected(method=method, max=400)
    (chosen,) = found.selected
    common = min(len(case.result.values) for case in found.cases)
    means = [case.result.values["deprived_household_days"].iloc[:common].mean() for case in found.cases]
    assert chosen.means == pytest.approx(means)
    rest = [at for at in range(3) if at != chosen.selection.best]
    assert all(means[chosen.selection.best] < means[at] for at in rest)
    for case, used in zip(found.cases, chosen.selection.replications, strict=True):
        assert len(case.result.values) >= used
        alone = ss.simulate(tiny_scenario(0.4), case.strategy, replications=len(case.result.values), seed=3)
        assert alone.values.equals(case.result.values)
    for language in ("en", "zh"):
        line, *note = selection_sentences(found, language)
        assert len(note) == (len({len(case.result.values) for case in found.cases}) > 1)
        assert found.cases[chosen.selection.best].titled(language) in line
        assert not re.search(r"[{}]|None|nan", line)


@pytest.mark.parametrize(("language", "words"), [("en", "no best in"), ("zh", "未能选出最优")])
def test_not_decided_within_the_budget(language: Any, words: str) -> None:
    found = selected(max=20, zone=0.0001, probability=0.999)
    (chosen,) = found.selected
    if not chosen.selection.is_decided:
        assert len(chosen.selection.in_race) > 1
        assert words in selection_sentences(found, language)[0]
    else:
        assert not chosen.alike


@pytest.mark.parametrize(
    ("changes", "replications", "key", "allowed"),
    [
        ({"zone": 0}, 6, "select.zone", "greater than 0"),
        ({"zone": None}, 6, "select.zone", "a number above 0"),
        ({"zone": -1.0}, 6, "select.zone", "greater than 0"),
        ({"probability": 1.0}, 6, "select.probability", "less than 1"),
        ({"probability": 0.3}, 6, "select.probability", "greater than 0.5"),
        ({"metric": "orders_attempted"}, 6, "select.metric", "better in itself"),
        ({"metric": "coverag"}, 6, "select.metric", "better in itself"),
        ({"metric": "last_household_served_h", "max": 300}, 6, "select.metric", "exists in every replication"),
        ({"method": "best"}, 6, "select.method", "'kn' or 'ocba'"),
        ({"max": 17}, 6, "select.max", "no less than the first replications of all (18)"),
        ({}, 1, "replications", "2 or more"),
    ],
)
def test_what_is_refused(changes: dict[str, Any], replications: int, key: str, allowed: str) -> None:
    select = {"method": "kn", "metric": "deprived_household_days", "zone": 2.0, **changes}
    with pytest.raises(InputError) as caught:
        ss.compare(
            tiny_scenario(), list(map(strategy, THREE)), attendance=[0.1], replications=replications, select=select
        )
    (problem,) = caught.value.problems
    assert problem.key == key
    assert allowed in str(problem.allowed)
