"""What was loaded can be written as plain data and read again: it is what workers are sent."""

from __future__ import annotations

import pytest

import simsupply as ss
from simsupply.base.spec import parse
from simsupply.config.compose import compose_config
from simsupply.config.load import world_from
from simsupply.config.yaml_files import built_in
from simsupply.scenario.world_spec import WorldSpec
from simsupply.strategy.channels import StrategySpec
from simsupply.sweeps.sweep import plain_data


@pytest.mark.lengthy
@pytest.mark.parametrize("name", built_in("scenario"))
def test_a_scenario_is_the_same_again(name: str) -> None:
    data = compose_config("run", [f"scenario={name}"])
    spec = world_from(data, source=name)
    assert parse(WorldSpec, plain_data(spec), source=name) == spec


def test_strategies_are_the_same_again() -> None:
    for name in built_in("strategy"):
        strategy = ss.load_strategy(name)
        assert parse(StrategySpec, plain_data(strategy), source=name) == strategy


def test_a_time_shortly_after_midnight() -> None:
    """Written as a number it would be taken for an hour."""
    changes = ["staffing.crews.site_workers.shifts.0.start='00:30'", "staffing.crews.site_workers.shifts.0.end='24:00'"]
    spec = ss.load_scenario("town", changes).spec
    shift = plain_data(spec)["staffing"]["crews"]["site_workers"]["shifts"][0]
    assert (shift["start"], shift["end"]) == ("00:30", "24:00")
    assert parse(WorldSpec, plain_data(spec), source="again") == spec
