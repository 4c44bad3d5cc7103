"""What is said follows from the intervals, and nothing more is said: worked out by hand."""

from __future__ import annotations

import copy
import doctest
import math
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from experiments import map_figure, spec, words
from experiments.answer_choice import answer_choice
from experiments.answer_line import answer_line, meets
from experiments.answer_map import answer_map
from experiments.estimates import table_of
from experiments.spec import Cell, Experiment, Measure, Target
from experiments.verdicts import Number, Results, verdict
from experiments.words import amount
from simsupply.base.spec import Title
from tests.plans.tiny_question import Plain, line, option, spec_of, title

MORE = Measure(title=Title(en="", zh=""), metric="fill_rate", better="more", smallest=0.01)
LESS = Measure(title=Title(en="", zh=""), metric="empty_pantry_h", better="less", smallest=0.01)


@pytest.mark.parametrize(
    ("mean", "low", "high", "more", "less"),
    [
        (0.2, 0.1, 0.3, "better", "worse"),
        (-0.2, -0.3, -0.1, "worse", "better"),
        (0.2, -0.1, 0.5, "open", "open"),
        (0.002, -0.009, 0.009, "same", "same"),
        # Surely a difference, surely too small to matter.
        (0.005, 0.004, 0.006, "same", "same"),
        # Surely a difference, perhaps large enough.
        (0.010, 0.005, 0.015, "better", "worse"),
        (0.0, 0.0, 0.0, "same", "same"),
        # An interval that ends at 0 holds it.
        (0.2, 0.0, 0.4, "open", "open"),
    ],
)
def test_verdicts(mean: float, low: float, high: float, more: str, less: str) -> None:
    assert verdict(Number(mean, low, high), MORE) == more
    assert verdict(Number(mean, low, high), LESS) == less


@pytest.mark.parametrize(
    ("low", "high", "least", "most"),
    [(0.90, 0.95, "met", "missed"), (0.85, 0.95, "open", "open"), (0.80, 0.85, "missed", "met")],
)
def test_a_target_is_met_by_the_whole_interval(low: float, high: float, least: str, most: str) -> None:
    found = Number((low + high) / 2, low, high)
    assert meets(found, Target(at_least=0.9)) == least
    assert meets(found, Target(at_most=0.9 - 0.01)) == most


def experiment_of(data: Plain) -> Experiment:
    return Experiment(Path("tiny"), spec_of(data))


def simulated(data: Plain, numbers: dict[tuple[str, float], list[float]], unit: str = "share") -> Results:
    """Results as if these values had been run."""
    data = copy.deepcopy(data)
    data["replications"] = len(next(iter(numbers.values())))
    experiment = experiment_of(data)
    values = {(Cell(key, (at,)), "fill"): pd.Series(some) for (key, at), some in numbers.items()}
    return Results(experiment.spec, table_of(experiment, values, {"fill": unit}))


def test_intervals_are_simultaneous() -> None:
    cells = {("lists", 0.3): [0.1, 0.3], ("lists", 1.0): [0.5, 0.7], ("crates", 0.3): [0.2, 0.6]}
    data = line()
    data["measures"]["fill"]["metric"] = "vehicle_km"
    results = simulated(data, {**cells, ("crates", 1.0): [0.9, 0.9]}, "km")
    found = results.mean("fill", Cell("lists", (0.3,)))
    # Four means: 1 - 0.05 / 4 each. With 1 degree of freedom the t quantile of q is tan(pi (q - 1/2)).
    quantile = math.tan(math.pi * (1 - 0.05 / 8 - 0.5))
    half = quantile * 0.1  # standard deviation 0.1 sqrt(2) / sqrt(2) replications
    assert found.mean == pytest.approx(0.2)
    assert found.ci_high == pytest.approx(0.2 + half)
    # No kilometres are fewer than none.
    assert found.ci_low == 0
    # Two comparisons (one for each level): -0.1 and -0.3, mean -0.2; Bonferroni at 1 - 0.05 / 2 each.
    apart = results.difference("fill", Cell("lists", (0.3,)), Cell("crates", (0.3,)))
    assert apart.mean == pytest.approx(-0.2)
    assert apart.ci_low == pytest.approx(-0.2 - math.tan(math.pi * (1 - 0.05 / 4 - 0.5)) * 0.1)
    turned = results.difference("fill", Cell("crates", (0.3,)), Cell("lists", (0.3,)))
    assert (turned.mean, turned.ci_high) == (pytest.approx(0.2), pytest.approx(-apart.ci_low))


def test_two_that_are_always_the_same_are_not_surely_as_good() -> None:
    """Four values of 1 each: up to 1 - 0.0125^(1/4) = 67 % of the replications may be otherwise (two comparisons)."""
    cells = {(key, at): [1.0] * 4 for key in ("lists", "crates") for at in (0.3, 1.0)}
    results = simulated(line(), cells)
    found = results.difference("fill", Cell("lists", (0.3,)), Cell("crates", (0.3,)))
    unseen = 1 - 0.0125**0.25
    assert (found.mean, found.ci_low, found.ci_high) == (0, pytest.approx(-unseen), pytest.approx(unseen))
    assert "Lists against crates: cannot be told apart at 30 % to 100 %." in answer_line(results, "en")[0]


def close_to(mean: float, spread: float = 0.0001, num: int = 10) -> list[float]:
    """Values near a mean, the same pattern each time; symmetric, so that the mean is exact."""
    return list(mean + spread * np.linspace(-1, 1, num))


def test_a_line_says_where_the_target_is_met_and_who_is_better() -> None:
    results = simulated(
        line(),
        {
            ("lists", 0.3): close_to(0.5),
            ("crates", 0.3): close_to(0.95)[::-1],
            ("lists", 1.0): close_to(0.97),
            ("crates", 1.0): close_to(0.97, 0.05)[::-1],
        },
    )
    (text,) = answer_line(results, "en")
    assert "- Lists: 50" in text
    assert "The target of at least 90 % is met with 95 % confidence at 100 % (the least: 100 %, 97" in text
    assert "not met at 30 %" in text
    assert "Lists against crates: worse at 30 %, cannot be told apart at 100 %." in text
    assert "It is clearest at 30 %: -45" in text
    (chinese,) = answer_line(results, "zh")
    assert "目标（不低于90 %）在100 %以95 %的把握达到" in chinese
    assert "“Lists”与“Crates”相比：30 %更差，100 %无法区分。" in chinese


def test_a_target_that_is_never_met_says_so() -> None:
    # What is always the same would be no certainty: crates vary twice as much.
    spread = {"lists": 0.0001, "crates": 0.0002}
    cells = {(key, at): close_to(0.2, spread[key]) for key in ("lists", "crates") for at in (0.3, 1.0)}
    data = line()
    data["measures"]["fill"]["smallest"] = 0.01
    (text,) = answer_line(simulated(data, cells), "en")
    assert "is met with 95 % confidence at no level, not met at 30 % to 100 %." in text
    assert "as good at 30 % to 100 %." in text


def test_levels_compared_name_the_best_and_what_is_as_good() -> None:
    data = line() | {"compare": "levels"}
    data["options"] = {"lists": data["options"]["lists"]}
    data["factors"]["attendance"]["levels"] = [0.3, 0.6, 0.8, 1.0]
    data["measures"]["fill"] = {"title": title("Fill"), "metric": "fill_rate", "better": "more", "smallest": 0.01}
    results = simulated(
        data,
        {
            ("lists", 0.3): close_to(0.2, 0.0003),
            ("lists", 0.6): close_to(0.7, 0.2)[::-1],
            ("lists", 0.8): close_to(0.799, 0.0002),
            ("lists", 1.0): close_to(0.8),
        },
    )
    (text,) = answer_line(results, "en")
    assert "The best mean is that of 100 %: 80" in text
    assert "As good: 80 %. Cannot be told apart from it: 60 %. Surely worse: 30 %, by up to 60" in text


def test_a_choice_ranks_what_can_be_ranked() -> None:
    data = line() | {"kind": "choice"}
    del data["factors"], data["measures"]["fill"]["target"]
    data["options"]["third"] = {"title": title("Third"), "strategy": "buying_days"}
    experiment = experiment_of(data | {"replications": 10})
    values = {"lists": close_to(0.5), "crates": close_to(0.9, 0.0002), "third": close_to(0.85, 0.3)[::-1]}
    series = {(Cell(key, ()), "fill"): pd.Series(some) for key, some in values.items()}
    results = Results(experiment.spec, table_of(experiment, series, {"fill": "share"}))
    table, text = answer_choice(results, "en")
    assert "| Lists | 50.00 % (" in table
    assert text == (
        "- The best mean is that of crates, surely better than lists (by at least 40 percentage points), "
        "not to be told apart from third."
    )


def test_a_choice_with_a_base_compares_with_it_alone() -> None:
    data = line() | {"kind": "choice", "base": "lists"}
    del data["factors"], data["measures"]["fill"]["target"]
    data["options"]["third"] = {"title": title("Third"), "strategy": "buying_days"}
    experiment = experiment_of(data | {"replications": 10})
    values = {"lists": close_to(0.5), "crates": close_to(0.9, 0.0002), "third": close_to(0.45, 0.3)[::-1]}
    series = {(Cell(key, ()), "fill"): pd.Series(some) for key, some in values.items()}
    table = table_of(experiment, series, {"fill": "share"})
    assert (table["statistic"] == "difference").sum() == 2
    _, text = answer_choice(Results(experiment.spec, table), "en")
    assert text.startswith("- Against lists, crates better by 40")
    assert text.endswith("; third cannot be told apart.")


def test_a_map_counts_points_and_says_where_it_turns_over() -> None:
    data = line() | {"kind": "map"}
    data["factors"]["surge"] = {"title": title("Surge"), "unit": "times", "levels": [1, 20], "keys": {"a": 1}}
    del data["measures"]["fill"]["target"]
    data["measures"]["fill"]["smallest"] = 0.01
    experiment = experiment_of(data | {"replications": 10})
    crates = {(0.3, 1): 0.9, (0.3, 20): 0.8, (1.0, 1): 0.9, (1.0, 20): 0.9}
    lists = {(0.3, 1): 0.901, (0.3, 20): 0.3, (1.0, 1): 0.95, (1.0, 20): 0.6}
    series = {}
    for name, means in (("crates", crates), ("lists", lists)):
        for at, mean in means.items():
            spread = 0.4 if at == (1.0, 20) else 0.0001
            turned = close_to(mean, spread)[:: 1 if name == "crates" else -1]
            series[Cell(name, at), "fill"] = pd.Series(turned)
    results = Results(experiment.spec, table_of(experiment, series, {"fill": "share"}))
    best, pair, table = answer_map(results, "en")
    # At (0.3, 1) both; (0.3, 20) crates; (1.0, 1) lists; (1.0, 20) nobody can be named.
    assert (
        best == "**Fill.** At 4 points of the map, surely the best or as good as the best: lists at 2 and crates at 2."
    )
    assert pair.startswith(
        "*Lists against crates:* better at 1 of 4 points, as good at 1, worse at 1, cannot be told apart at 1."
    )
    assert "behind: 50" in pair
    assert "attendance 30 %, surge 20x" in pair
    assert "other way round" not in pair
    assert table.splitlines()[2:] == ["| 1x | 100 % | 30 % | - | - |", "| 20x | - | - | 100 % | 30 % |"]


@pytest.mark.parametrize("module", [map_figure, spec, words])
def test_examples_in_docstrings_hold(module: ModuleType) -> None:
    found = doctest.testmod(module)
    assert (found.failed, found.attempted > 0) == (0, True)


def test_what_is_shown_has_no_more_digits_than_the_interval_bears_out() -> None:
    assert amount(Number(0.123456, 0.11, 0.14), "share", "en") == "12.3 % (11.0 to 14.0)"
    assert (
        amount(Number(12345.6, 12000.0, 12700.0), "household-days", "en") == "12,346 household-days (12,000 to 12,700)"
    )
    assert amount(Number(1.0, 1.0, 1.0), "share", "zh") == "100 %（各次相同）"
    assert amount(Number(167.56061, 167.56060, 167.56062), "h", "en") == "167.6 h (167.6 to 167.6)"
    assert amount(Number(-0.0001, -0.02, 0.02), "h", "en") == "0.000 h (-0.020 to 0.020)"
    assert option("A").title.en == "A"
