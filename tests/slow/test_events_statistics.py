"""The two reference models, every step of them by events: as exact as the kernels that are measured by `make bench`."""

from __future__ import annotations

import numpy as np
import pytest

import simsupply as ss
from benchmarks.frozen import scenario_file, strategy_file
from benchmarks.peers.reference import QUEUE_WAIT, TANDEM_SOJOURN
from tests.oracles.laws.test_queueing_formulas import assert_mean

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("name", "last", "expected", "replications"),
    [("tandem", "door", TANDEM_SOJOURN, 10), ("mm3", "served", 1 + QUEUE_WAIT, 10)],
)
def test_mean_sojourn(name: str, last: str, expected: float, replications: int) -> None:
    scenario, strategy = ss.load_scenario(scenario_file(name)), ss.load_strategy(strategy_file(name))
    means = []
    for number in range(replications):
        how = {"replications": 1, "first_replication": number, "detail": "orders", "engine": "events"}
        result = ss.simulate(scenario, strategy, **how)
        assert result.notes[0].startswith("engine: events for")
        assert "kernels for" not in result.notes[0]
        means.append(float((result.orders[last] - result.orders["placed"]).mean()))
    assert_mean(np.array(means), expected)
