"""The same law as `tests/properties/test_hours_allow.py`, under every strategy that fits, also where staff is short."""

from __future__ import annotations

import pytest

import simsupply as ss
from tests.properties.test_hours_allow import OPTIONS, SCENARIOS, check_run, fitting

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("name", SCENARIOS)
def test_no_stage_does_more_than_its_hours_allow(name: str, options: str) -> None:
    for strategy in fitting(ss.load_scenario(name, OPTIONS[options]).spec):
        check_run(name, options, strategy)
