"""The large plans of the benchmarks, each in a process of its own."""

from __future__ import annotations

import pytest

from benchmarks.growth import channels_plan, emergency_plan
from benchmarks.processes import measure

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("plan", [channels_plan("demo_tiers"), emergency_plan("demo_whole")])
def test_a_plan_of_many_channels(plan) -> None:  # type: ignore[no-untyped-def]
    cost = measure(plan)
    assert (cost.households, cost.days) == (3_000, 21)
    assert cost.attempted > cost.accepted > cost.delivered > 0
