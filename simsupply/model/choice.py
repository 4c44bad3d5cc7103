"""Which engine simulates which steps of a plan: kernels, events, or the reference."""

from __future__ import annotations

from typing import Any

from simsupply.model.components.graph import Outline, coupled, not_covered, outline
from simsupply.model.components.layout import Layout, can_be_laid_out
from simsupply.model.coupling import coupling
from simsupply.model.engine import KernelEngine
from simsupply.model.reference.reference_engine import ReferenceEngine
from simsupply.model.staff.rosters import Rosters
from simsupply.records.replication import Engine
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from simsupply.streams.keyed import Streams


def choose_engine(
    engine: Engine, scenario: Scenario, strategy: StrategySpec, rosters: Rosters, streams: Streams
) -> tuple[Any, str]:
    """The engine of a run (`simsupply.model.run_loop.SimulationEngine`), and what is noted of it."""
    if engine == "reference":
        return ReferenceEngine(scenario, strategy, rosters, streams), reference_note("asked for")
    reason = coupling(scenario, strategy)
    network = outline(scenario, strategy)
    sets = coupled(scenario, strategy, network) if reason else []
    if engine == "events":
        sets = [tuple(network.order)]
    layouts: list[Layout] = []
    for steps in sets:
        unknown = not_covered(steps)
        if unknown is None:
            layouts.append(Layout(steps, network, scenario, strategy, rosters, streams))
            unknown = can_be_laid_out(layouts[-1])
        if unknown is not None:
            return ReferenceEngine(scenario, strategy, rosters, streams), reference_note(f"{reason}; {unknown}")
    return KernelEngine(scenario, network, layouts, rosters, streams), _note(sets, network.order, reason)


def reference_note(reason: str) -> str:
    """What is noted where the reference simulates everything."""
    return f"engine: reference, one process per order ({reason})"


def _note(sets: list[tuple[Outline, ...]], order: list[Outline], reason: str | None) -> str:
    if not sets:
        return "engine: kernels"
    parts = ["; ".join(", ".join(name for step in steps for name in step.names) for steps in sets)]
    why = f" ({reason})" if reason else ""
    left = [name for step in order if not any(step in steps for steps in sets) for name in step.names]
    rest = f"; kernels for {', '.join(left)}" if left else ""
    return f"engine: events for {parts[0]}{why}{rest}"
