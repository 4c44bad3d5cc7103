"""One word for everything that is simulated."""

from __future__ import annotations

from hashlib import blake2b

from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec


def plan_key(scenario: Scenario, strategy: StrategySpec) -> str:
    """Digest of everything that is simulated, all defaults filled in, so that equal plans have equal keys.

    Order counts, for a model may look at things in the order in which they are written.
    """
    text = f"{scenario.spec.model_dump_json()}\n{strategy.model_dump_json()}"
    return blake2b(text.encode(), digest_size=16).hexdigest()
