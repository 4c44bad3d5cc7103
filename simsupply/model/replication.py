"""One replication: releases in, steps advanced window by window, records out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.accounting import DELIVERED, Books
from simsupply.model.allocator import keep_freed_memory
from simsupply.model.city.closures import closures_on
from simsupply.model.city.occurrences import draw_shocks
from simsupply.model.city.tier_calendar import draw_tiers
from simsupply.model.flow.contents import Contents
from simsupply.model.flow.in_hand import InHand
from simsupply.model.flow.step import Passed, StepModel
from simsupply.model.flow.waves import Wave
from simsupply.model.network import Network
from simsupply.model.orders.intake import Desk
from simsupply.model.reference import play_reference
from simsupply.model.staff.rosters import Rosters
from simsupply.model.steps.delay.delay_step import DelayStep
from simsupply.model.steps.gate.gate_step import GateStep
from simsupply.model.steps.stage.stage_step import StageStep
from simsupply.model.vehicles.affected import Affected
from simsupply.model.vehicles.dispatch_leg import DispatchStep, needs_parts
from simsupply.model.vehicles.fleets import Vehicles
from simsupply.model.vehicles.leg import LegStep
from simsupply.model.vehicles.trips import TripMaker
from simsupply.records.recorder import Recorder
from simsupply.records.replication import Engine, Replication, StepRecord
from simsupply.scenario.world import Scenario
from simsupply.strategy.assistance import with_assistants
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.steps.leg import Leg
from simsupply.streams.keyed import Streams


def run_replication(
    scenario: Scenario,
    strategy: StrategySpec,
    *,
    seed: int,
    number: int,
    recorder: Recorder | None = None,
    on_advance: Callable[[float], object] | None = None,
    engine: Engine = "auto",
) -> Replication:
    """Play a scenario forward under a strategy, once.

    Parameters
    ----------
    scenario : Scenario
    strategy : StrategySpec
        Checked against the scenario (`simsupply.checks.plan.check_plan`).
    seed, number : int
        With the scenario and the strategy these two settle the result; no other replication
        needs to have run.
    recorder : Recorder, optional
        Given every order at every step, day by day.
    on_advance : callable, optional
        Told now and then how many minutes of the run have passed since it was told last.
    engine : {"auto", "reference"}
        ``reference`` plays every order as a process of its own in SimPy (some hundred times
        slower), with the same result to the last bit. ``auto`` does so only where the kernels do
        not apply; `Replication.notes` say what was done.

    Raises
    ------
    InvariantError
        If goods are lost or made, capacity is exceeded or time runs backwards.
    """
    keep_freed_memory()
    strategy = with_assistants(strategy, scenario.spec.fleet)
    streams = Streams(seed=seed, replication=number)
    reason = "asked for" if engine == "reference" else coupling(scenario, strategy)
    if reason:
        notes = (f"engine: reference, one process per order ({reason})",)
        return play_reference(scenario, strategy, number, streams, recorder, on_advance, notes)
    return _Run(scenario, strategy, streams, recorder, on_advance).play(number, ("engine: kernels",))


def coupling(scenario: Scenario, strategy: StrategySpec) -> str | None:
    """What makes a step depend on a later one, so that kernels do not apply; None: nothing."""
    places = scenario.places
    for channel in strategy.channels.values():
        for step in channel.steps:
            if step.leg and np.isfinite(places.floor[step.leg.to]).any():
                first = int(np.flatnonzero(np.isfinite(places.floor[step.leg.to]))[0])
                return f"limited floor at {places.names[step.leg.to][first]!r} holds up {step.leg.name!r}"
            if step.leg and np.isfinite(limits := places.unload_docks.get(step.leg.to, np.zeros(0))).any():
                first = int(np.flatnonzero(np.isfinite(limits))[0])
                return f"limited docks at {places.names[step.leg.to][first]!r} hold up {step.leg.name!r}"
    return None


class _Run:
    def __init__(
        self,
        scenario: Scenario,
        strategy: StrategySpec,
        streams: Streams,
        recorder: Recorder | None,
        on_advance: Callable[[float], object] | None,
    ) -> None:
        self.scenario, self.strategy, self.streams, self.on_advance = scenario, strategy, streams, on_advance
        households, horizon = scenario.households, scenario.horizon_min
        self.tiers = draw_tiers(scenario, streams)
        self.rosters = Rosters(scenario, strategy, self.tiers, draw_shocks(scenario, streams), streams)
        self.shocks = self.rosters.shocks
        self.network: Network[StepModel] = Network(
            scenario,
            strategy,
            self.rosters,
            stage=lambda stages, crew, duty: StageStep(
                stages, crew, duty, households, horizon, streams, InHand(stages, self.shocks, scenario)
            ),
            leg=self._leg,
            hold=DelayStep,
            gate=lambda gate: GateStep(gate, scenario, streams),
        )
        contents = Contents(scenario, strategy)
        self.books = Books(scenario, strategy, contents, list(self.network.account.values()), recorder)
        self.desk = Desk(scenario, strategy, self.tiers, self.shocks, streams, contents, self.books)
        self.now = 0.0

    def _leg(self, legs: dict[str, Leg], vehicles: Vehicles) -> StepModel:
        scenario, streams = self.scenario, self.streams
        closures = closures_on(legs, self.shocks, scenario)
        if not needs_parts(legs, vehicles, closures, scenario.places):
            return LegStep(legs, vehicles, scenario.places, scenario.horizon_min, streams)
        makers = {name: TripMaker(leg, vehicles, closures, scenario, self.tiers, streams) for name, leg in legs.items()}
        return DispatchStep(makers, vehicles, scenario, Affected(legs, vehicles, self.shocks, scenario))

    def play(self, number: int, notes: tuple[str, ...]) -> Replication:
        for moment in self.desk.moments():
            self._advance_by_day(moment.time)
            for taken, waves in self.desk.act(moment):
                self.books.orders.take(taken)
                for wave in waves:
                    self._release(wave)
        self._advance_by_day(self.scenario.end_min)
        steps = tuple(
            StepRecord(names=step.names, **vars(load)) for step in self.network.order for load in step.load_by_fleet()
        )
        contacts = [step.contacts() for step in self.network.order]
        notes = (*notes, *self.desk.notes())
        on_day, staff = self.desk.watch.on_day, self.rosters.record()
        supply = self.desk.supply.record() if self.desk.supply else None
        record = self.books.record(
            number, steps, notes, self.tiers, contacts, on_day, staff, supply, self.desk.num_waiting
        )
        return replace(record, shocks=tuple(one for step in self.network.order for one in step.struck()))

    def _advance_by_day(self, until: float) -> None:
        """Advance; with a recorder from midnight to midnight, so that complete days leave memory."""
        if self.books.recorder:
            first = int(self.now // MINUTES_PER_DAY) + 1
            for day in range(first, int(until // MINUTES_PER_DAY) + 1):
                self._advance(day * MINUTES_PER_DAY)
        self._advance(until)

    def _release(self, wave: Wave) -> None:
        route = self.network.routes[wave.channel.name]
        self.books.release(wave, self.network.account[route[0]])
        for step in route:
            step.expect(wave)
        route[0].receive(Passed(wave, np.arange(len(wave)), wave.ready))

    def _advance(self, until: float) -> None:
        """Advance every step, from list to door: goods only flow forward."""
        if until <= self.now:
            return
        passed_min, self.now = until - self.now, until
        for step in self.network.order:
            for passed in step.advance(until):
                # What would be finished after the run's end is still in hand at its end.
                in_time = passed.before(self.scenario.end_min)
                if len(in_time.orders):
                    self._pass_on(step, in_time)
        self.books.settle(until)
        if self.on_advance:
            self.on_advance(passed_min)

    def _pass_on(self, step: StepModel, passed: Passed) -> None:
        channel = passed.wave.channel
        route = self.network.routes[channel.name]
        position = route.index(step)
        following = route[position + 1] if position + 1 < len(route) else None
        self.books.pass_on(
            channel.steps[position].body.name,
            passed,
            self.network.account[step],
            self.network.account[following] if following else DELIVERED,
        )
        if following:
            following.receive(passed)
