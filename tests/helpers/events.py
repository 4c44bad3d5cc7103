"""Run a plan with the event engine and compare what it leaves behind, to the last bit, with another engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

import simsupply as ss
from simsupply.base.problems import InputError
from simsupply.config.load import fit
from simsupply.model.components.component import Component
from simsupply.model.components.layout import Layout
from simsupply.model.run_loop import run_replication
from simsupply.records.replication import Engine, Replication
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from simsupply.streams.keyed import Streams
from tests.helpers.engines import assert_it_adds_up, assert_same_record, assert_same_tables, recorded
from tests.plans.random_plans import Plain

# How many plans each engine has simulated, so that a test can tell whether it has tested anything.
SIMULATED: Counter[str] = Counter()


def read(drawn: tuple[Plain, Plain]) -> tuple[Scenario, StrategySpec] | None:
    """Scenario and strategy of a plan that was drawn; None: it is refused, as some are."""
    try:
        scenario, strategy = ss.load_scenario(drawn[0]), ss.load_strategy(drawn[1])
        fit(scenario, strategy)
    except InputError:
        return None
    return scenario, strategy


def simulate(
    scenario: Scenario, strategy: StrategySpec, seed: int, engine: Engine = "auto"
) -> tuple[Replication, dict[tuple[str, str, int, int, int], float]]:
    """Run once, and when did each order finish each step?"""
    record, notes = recorded(scenario, strategy, seed, engine)
    return record, notes.times


def events_of(record: Replication) -> str:
    """Steps that were simulated by events, as the note says."""
    note = record.notes[0]
    return note.split("; kernels for")[0] if note.startswith("engine: events") else ""


def _names(note: str) -> set[str]:
    """Names of the steps that a note names."""
    steps = note.removeprefix("engine: events for ").split(" (")[0]
    return {name.strip() for name in steps.replace(";", ",").split(",")} - {""}


def compare_with_reference(drawn: tuple[Plain, Plain], seed: int, engine: Engine = "auto") -> None:
    """Every table that a run writes is the same to the last bit; with one window instead of days too."""
    plan = read(drawn)
    if plan is None:
        return
    fast, notes = recorded(*plan, seed, engine)
    inside = _names(events_of(fast))
    SIMULATED["events" if inside else "others"] += 1
    if not inside:
        return
    slow, expected = recorded(*plan, seed, "reference")
    assert notes.times == expected.times
    assert_same_tables(notes.tables(), expected.tables())
    # Service, travel and waits by cause are the time in system of each order, and the waits of the run.
    assert_it_adds_up(fast, notes, plan[0])
    assert_same_record(fast, slow)
    for step, other in zip(fast.steps, slow.steps, strict=True):
        if any(name in inside for name in step.names):
            # Not nearly the same: sums are of whole ticks.
            assert step == other
    assert_same_record(run_replication(*plan, seed=seed, number=0, engine=engine), fast)


def compare_with_kernels(drawn: tuple[Plain, Plain], seed: int) -> None:
    """All steps by events, and all of them with kernels."""
    plan = read(drawn)
    if plan is None:
        return
    fast, notes = recorded(*plan, seed, "kernels")
    other, found = recorded(*plan, seed, "events")
    SIMULATED["events" if events_of(other) else "others"] += 1
    assert found.times == notes.times
    assert_same_tables(found.tables(), notes.tables())
    assert_same_record(other, fast)


@contextmanager
def changed_registers(**registers: int) -> Iterator[None]:
    """Have every component begin with other registers (see `simsupply.model.events.columns`)."""
    from simsupply.model.events import columns

    finish = Layout._finish

    def finish_otherwise(self: Layout) -> None:
        finish(self)
        for name, value in registers.items():
            self.registers[getattr(columns, name)] = value

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Layout, "_finish", finish_otherwise)
        yield


@contextmanager
def cut_windows(seed: int) -> Iterator[None]:
    """Have components advance in windows cut at random."""
    advance, streams = Component.advance, Streams(seed=seed, replication=0)
    calls = Counter[str]()

    def advance_in_parts(self: Component, until: float):  # type: ignore[no-untyped-def]
        calls["windows"] += 1
        drawn = streams.uniform("windows", calls["windows"], 3)
        for moment in sorted(self.now + (until - self.now) * float(share) for share in drawn):
            yield from advance(self, moment)
        yield from advance(self, until)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Component, "advance", advance_in_parts)
        yield
