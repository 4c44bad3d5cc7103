"""Which engine simulates which steps of a plan: kernels, events, or the reference."""

from __future__ import annotations

from collections.abc import Sequence
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
from simsupply.records.detail import DetailWord
from simsupply.records.replication import Engine
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from simsupply.streams.keyed import Streams

Sets = list[tuple[Outline, ...]]


def choose_engine(
    engine: Engine,
    scenario: Scenario,
    strategy: StrategySpec,
    rosters: Rosters,
    streams: Streams,
    details: Sequence[DetailWord] = (),
) -> tuple[Any, str]:
    """The engine of a run (`simsupply.model.run_loop.SimulationEngine`), and what is noted of it.

    `details`: what it is to record.

    Raises
    ------
    InputError
        If the engine that was asked for does not apply.
    """
    if engine == "reference":
        return ReferenceEngine(scenario, strategy, rosters, streams), reference_note("asked for")
    reason = coupling(scenario, strategy)
    network = outline(scenario, strategy)
    check_engine(engine, scenario, strategy, details, network)
    sets = _sets(engine, scenario, strategy, network)
    unknown = not_recorded(details) if sets else None
    if unknown is not None:
        why = "; ".join(part.in_language("en") for part in (reason, unknown) if part)
        return ReferenceEngine(scenario, strategy, rosters, streams), reference_note(why)
    layouts = [Layout(steps, network, scenario, strategy, rosters, streams) for steps in sets]
    return KernelEngine(scenario, network, layouts, rosters, streams), _note(sets, network.order, reason)


def check_engine(
    engine: Engine,
    scenario: Scenario,
    strategy: StrategySpec,
    details: Sequence[DetailWord] = (),
    network: Network[Outline] | None = None,
) -> Engine:
    """Refuse an engine that does not apply to a plan; the one that will do most of the work.

    Raises
    ------
    InputError
        For ``kernels`` where steps couple, for ``events`` where events do not know what does, or do not keep what is
        to be recorded.
    """
    if engine == "reference":
        return engine
    reason = coupling(scenario, strategy)
    if engine == "kernels" and reason:
        raise wrong("simulate", "engine", engine, message("engine_kernels", reason=reason))
    network = network or outline(scenario, strategy)
    unknown = not_by_events(scenario, strategy, details, network)
    if engine == "events" and (refused := unknown or not_recorded(details)):
        raise wrong("simulate", "engine", engine, message("engine_events", reason=refused))
    return "reference" if unknown else "events" if reason else engine


def not_by_events(
    scenario: Scenario, strategy: StrategySpec, details: Sequence[DetailWord], network: Network[Outline]
) -> Message | None:
    """What events do not know or keep of the steps that couple; None: nothing, or none do."""
    sets = _coupled(scenario, strategy, network)
    return not_recorded(details) if sets else None


def not_recorded(details: Sequence[DetailWord]) -> Message | None:
    """What of these records events do not keep; None: nothing."""
    return message("not_by_events_trips") if "trips" in details else None


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
