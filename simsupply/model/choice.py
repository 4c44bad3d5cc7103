"""Which engine simulates which steps of a plan: kernels, events, or the reference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simsupply.base.catalogue import Message, message
from simsupply.base.problems import InputError, wrong
from simsupply.model.components.graph import Outline, coupled, not_covered, outline
from simsupply.model.components.layout import Layout, can_be_laid_out
from simsupply.model.coupling import coupling
from simsupply.model.engine import KernelEngine
from simsupply.model.network import Network
from simsupply.model.reference.reference_engine import ReferenceEngine
from simsupply.model.staff.rosters import Rosters
from simsupply.records.detail import DetailWord
from simsupply.records.replication import Engine
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.steps.leg import Leg
from simsupply.strategy.steps.stage import Stage
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
    layouts: list[Layout] = []
    for steps in sets:
        unknown = not_recorded(details) or not_covered(steps, network)
        if unknown is None:
            layouts.append(Layout(steps, network, scenario, strategy, rosters, streams))
            unknown = can_be_laid_out(layouts[-1])
        if unknown is not None and engine == "events":
            raise _refused(engine, unknown)
        if unknown is not None:
            why = "; ".join(dict.fromkeys(part.in_language("en") for part in (reason, unknown) if part))
            return ReferenceEngine(scenario, strategy, rosters, streams), reference_note(why)
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
    if engine == "events" and (refused := unknown or not_recorded(details) or _nothing_by_events(network)):
        raise _refused(engine, refused)
    return "reference" if unknown else "events" if reason else engine


def not_by_events(
    scenario: Scenario, strategy: StrategySpec, details: Sequence[DetailWord], network: Network[Outline]
) -> Message | None:
    """What events do not know or keep of the steps that couple; None: nothing, or none do."""
    sets = _coupled(scenario, strategy, network)
    unknown = (not_recorded(details) if sets else None, *(not_covered(steps, network) for steps in sets))
    return next(filter(None, unknown), None)


def _nothing_by_events(network: Network[Outline]) -> Message | None:
    """What events do not know where they could simulate no step at all."""
    by_itself = [not_covered([step], network) for step in network.order if step.kind in (Stage, Leg)]
    return by_itself[0] if by_itself and None not in by_itself else None


def _refused(engine: Engine, reason: Message) -> InputError:
    return wrong("simulate", "engine", engine, message("engine_events", reason=reason))


def not_recorded(details: Sequence[DetailWord]) -> Message | None:
    """What of these records events do not keep; None: nothing."""
    return message("not_by_events_trips") if "trips" in details else None


def _coupled(scenario: Scenario, strategy: StrategySpec, network: Network[Outline]) -> Sets:
    return coupled(scenario, strategy, network) if coupling(scenario, strategy) else []


def _sets(engine: Engine, scenario: Scenario, strategy: StrategySpec, network: Network[Outline]) -> Sets:
    """Steps that events simulate, those that do so together."""
    sets = _coupled(scenario, strategy, network)
    if engine != "events":
        return sets
    if not_covered(network.order, network) is None:
        return [tuple(network.order)]
    inside = {step for steps in sets for step in steps}
    alone = [step for step in network.order if step.kind in (Stage, Leg) and step not in inside]
    # What is not known stays with the kernels, and all else goes by itself.
    return [*sets, *((step,) for step in alone if not_covered([step], network) is None)]


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
