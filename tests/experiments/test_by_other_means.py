"""One point of a published table, found again through the public API and textbook formulas."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import simsupply as ss
from experiments.estimates import read_table
from experiments.folder import RESULTS
from experiments.spec import HERE, Cell, read_experiment
from experiments.verdicts import Results

pytestmark = pytest.mark.lengthy

AT = 0.3


def test_a_point_of_the_staffing_of_a_subdistrict() -> None:
    spec = read_experiment("subdistrict_staffing").spec
    results = Results(spec, read_table(HERE / "subdistrict_staffing" / RESULTS))
    scenario = ss.load_scenario("subdistrict", overrides=[f"staffing.attendance={AT}"])
    values = {
        option: ss.simulate(scenario, strategy, replications=spec.replications, seed=spec.seed).values
        for option, strategy in (("crates", "standard_crates"), ("individual", "individual_orders"))
    }
    num, levels = spec.replications, len(spec.points)
    for option in values:
        found, expected = results.mean("coverage", Cell(option, (AT,))), values[option]["coverage"].to_numpy()
        # All means of a measure at once: Bonferroni over two options at twelve levels.
        # A share: Korn and Graubard's interval, Clopper and Pearson's of as many values of 0 and 1 as vary alike.
        tail, share = 0.05 / (2 * 2 * levels), expected.mean()
        alike = num * max(1.0, share * (1 - share) / expected.var(ddof=1))
        alike *= (stats.t.ppf(1 - tail, alike - 1) / stats.t.ppf(1 - tail, num - 1)) ** 2
        hits = alike * share
        assert found.mean == pytest.approx(share, rel=1e-6)
        assert found.ci_low == pytest.approx(stats.beta.ppf(tail, hits, alike - hits + 1), rel=1e-6)
        assert found.ci_high == pytest.approx(stats.beta.ppf(1 - tail, hits + 1, alike - hits), rel=1e-6)
    apart = values["crates"]["empty_pantry_h_worst_decile"].to_numpy()
    apart = apart - values["individual"]["empty_pantry_h_worst_decile"].to_numpy()
    difference = results.difference("worst", Cell("crates", (AT,)), Cell("individual", (AT,)))
    half = stats.t.ppf(1 - 0.05 / (2 * levels), num - 1) * stats.sem(apart)
    assert difference.mean == pytest.approx(apart.mean(), rel=1e-6)
    assert (difference.ci_low, difference.ci_high) == pytest.approx(
        (apart.mean() - half, apart.mean() + half), rel=1e-6
    )
    # Pairing is what makes the interval narrow: the same numbers shuffled say less.
    shuffled = np.roll(values["individual"]["empty_pantry_h_worst_decile"].to_numpy(), 1)
    unpaired = values["crates"]["empty_pantry_h_worst_decile"].to_numpy() - shuffled
    assert stats.sem(unpaired) > stats.sem(apart)
