"""Which engine simulates which steps of a plan: kernels, events, or the reference."""

from __future__ import annotations

from typing import Any

from simsupply.base.catalogue import Message, message
from simsupply.base.problems import wrong
from simsupply.model.components.graph import Outline, coupled, outline
from simsupply.model.components.layout import Layout
from simsupply.model.coupling import coupling
from simsupply.model.engine import KernelEngine
from simsupply.model.network import Network
from simsupply.model.reference.reference_engine import ReferenceEngine
from simsupply.model.staff.rosters import Rosters
from simsupply.records.replication import Engine
from simsupply.scenario.world import Scenario
from simsupply.strategy.assistance import as_staffed
from simsupply.strategy.channels import StrategySpec
from simsupply.streams.keyed import Streams

Sets = list[tuple[Outline, ...]]


def choose_engine(
    engine: Engine,
    scenario: Scenario,
    strategy: StrategySpec,
    rosters: Rosters,
    streams: Streams,
) -> tuple[Any, str]:
    """The engine of a run (`simsupply.model.run_loop.SimulationEngine`), and what is noted of it.

    Raises
    ------
    InputError
        If the engine that was asked for does not apply.
    """
    if engine == "reference":
        return ReferenceEngine(scenario, strategy, rosters, streams), reference_note("asked for")
    reason = coupling(scenario, strategy)
    network = outline(scenario, strategy)
    check_engine(engine, scenario, strategy)
    sets = _sets(engine, scenario, strategy, network)
    layouts = [Layout(steps, network, scenario, strategy, rosters, streams) for steps in sets]
    return KernelEngine(scenario, network, layouts, rosters, streams), _note(sets, network.order, reason)


def check_engine(engine: Engine, scenario: Scenario, strategy: StrategySpec) -> Engine:
    """Refuse an engine that does not apply to a plan; the one that will do most of the work.

    Raises
    ------
    InputError
        For ``kernels`` where steps couple.
    """
    if engine == "reference":
        return engine
    strategy = as_staffed(strategy, scenario.spec)
    reason = coupling(scenario, strategy)
    if engine == "kernels" and reason:
        raise wrong("simulate", "engine", engine, message("engine_kernels", reason=reason))
    return "events" if reason else engine


def _coupled(scenario: Scenario, strategy: StrategySpec, network: Network[Outline]) -> Sets:
    return coupled(scenario, strategy, network) if coupling(scenario, strategy) else []


def _sets(engine: Engine, scenario: Scenario, strategy: StrategySpec, network: Network[Outline]) -> Sets:
    """Steps that events simulate, those that do so together."""
    return [tuple(network.order)] if engine == "events" else _coupled(scenario, strategy, network)


def reference_note(reason: str) -> str:
    """What is noted where the reference simulates everything."""
    return f"engine: reference, one process per order ({reason})"


def _note(sets: Sets, order: list[Outline], reason: Message | None) -> str:
    if not sets:
        return "engine: kernels"
    parts = "; ".join(", ".join(name for step in steps for name in step.names) for steps in sets)
    why = f" ({reason.in_language('en')})" if reason else ""
    left = [name for step in order if not any(step in steps for steps in sets) for name in step.names]
    rest = f"; kernels for {', '.join(left)}" if left else ""
    return f"engine: events for {parts}{why}{rest}"
