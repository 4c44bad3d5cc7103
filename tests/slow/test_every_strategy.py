"""Every built-in scenario that takes no minutes runs under every strategy that fits it."""

from __future__ import annotations

import pytest

import simsupply as ss
from simsupply.config.yaml_files import built_in
from tests.config.test_built_in_configs import CITIES, fitting, run_under

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", sorted(set(built_in("scenario")) - set(CITIES)))
def test_every_scenario_runs_under_every_strategy_that_fits(name: str) -> None:
    run_under(name, fitting(ss.load_scenario(name).spec))
