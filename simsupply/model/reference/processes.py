"""One replication in plain SimPy: a single environment, one process per order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from simpy.events import Event

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.accounting import DELIVERED, Books
from simsupply.model.city.closures import ALWAYS, Pace, closures_on
from simsupply.model.city.occurrences import draw_shocks
from simsupply.model.city.tier_calendar import draw_tiers
from simsupply.model.flow.contents import Contents
from simsupply.model.flow.in_hand import InHand
from simsupply.model.flow.step import Passed
from simsupply.model.flow.waves import Wave
from simsupply.model.network import Network
from simsupply.model.orders.intake import Desk
from simsupply.model.reference.clock import Clock
from simsupply.model.reference.docks import Docks
from simsupply.model.reference.floor import Floor
from simsupply.model.reference.steps.reference_delay import ReferenceDelay
from simsupply.model.reference.steps.reference_gate import ReferenceGate
from simsupply.model.reference.steps.reference_leg import ReferenceLeg
from simsupply.model.reference.steps.reference_stage import ReferenceStage
from simsupply.model.reference.steps.reference_step import ReferenceStep
from simsupply.model.reference.steps.reference_trips import ReferenceTrips
from simsupply.model.staff.rosters import Rosters
from simsupply.model.vehicles.affected import Affected
from simsupply.model.vehicles.dispatch_leg import needs_parts
from simsupply.model.vehicles.fleets import Vehicles
from simsupply.model.vehicles.trips import TripMaker
from simsupply.records.recorder import Recorder
from simsupply.records.replication import Replication, StepRecord
from simsupply.scenario.place_kinds import PLACE_KINDS, PlaceKind
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.steps.leg import Leg
from simsupply.streams.keyed import Streams

Process = Generator[Event, Any, None]


def play_reference(
    scenario: Scenario,
    strategy: StrategySpec,
    number: int,
    streams: Streams,
    recorder: Recorder | None,
    on_advance: Callable[[float], object] | None,
    notes: tuple[str, ...],
) -> Replication:
    """Play one replication; see `simsupply.model.replication.run_replication`."""
    return _ReferenceRun(scenario, strategy, streams, recorder, on_advance).play(number, notes)


class _ReferenceRun:
    def __init__(
        self,
        scenario: Scenario,
        strategy: StrategySpec,
        streams: Streams,
        recorder: Recorder | None,
        on_advance: Callable[[float], object] | None,
    ) -> None:
        self.scenario, self.strategy, self.streams, self.on_advance = scenario, strategy, streams, on_advance
        clock = self.clock = Clock()
        self.tiers = draw_tiers(scenario, streams)
        self.rosters = Rosters(scenario, strategy, self.tiers, draw_shocks(scenario, streams), streams)
        self.shocks = self.rosters.shocks
        kinds = PLACE_KINDS[1:]
        self.floors: dict[tuple[PlaceKind, int], Floor] = {
            (kind, place): Floor(clock, limit)
            for kind in kinds
            for place, limit in enumerate(scenario.places.floor[kind].tolist())
            if limit < np.inf
        }
        always = Pace(np.array([0, 1]), np.array([-np.inf]), np.ones(1))
        self.unload_docks = {
            (kind, place): Docks(clock, 0, [ALWAYS] * int(limit), always)
            for kind, limits in scenario.places.unload_docks.items()
            for place, limit in enumerate(limits.tolist())
            if limit < np.inf
        }
        self.network: Network[ReferenceStep] = Network(
            scenario,
            strategy,
            self.rosters,
            stage=lambda stages, crew, duty: ReferenceStage(
                clock, stages, crew, duty, scenario, streams, InHand(stages, self.shocks, scenario)
            ),
            leg=self._leg,
            hold=lambda hold: ReferenceDelay(clock, hold),
            gate=lambda gate: ReferenceGate(clock, gate, scenario, streams),
        )
        for rank, step in enumerate(self.network.order, start=1):
            step.rank = rank
            step.open()
        contents = Contents(scenario, strategy)
        self.books = Books(scenario, strategy, contents, list(self.network.account.values()), recorder)
        self.desk = Desk(scenario, strategy, self.tiers, self.shocks, streams, contents, self.books)
        # Orders that have finished a step (by its place in the channel) since the books were kept last.
        self.passed: dict[tuple[int, int], list[tuple[int, float]]] = defaultdict(list)
        self.waves: dict[int, Wave] = {}

    def _leg(self, legs: dict[str, Leg], vehicles: Vehicles) -> ReferenceStep:
        scenario, streams = self.scenario, self.streams
        closures = closures_on(legs, self.shocks, scenario)
        if not needs_parts(legs, vehicles, closures, scenario.places):
            return ReferenceLeg(self.clock, legs, vehicles, scenario, streams, self.floors)
        makers = {name: TripMaker(leg, vehicles, closures, scenario, self.tiers, streams) for name, leg in legs.items()}
        affected = Affected(legs, vehicles, self.shocks, scenario)
        return ReferenceTrips(
            self.clock, legs, vehicles, scenario, streams, self.floors, makers, self.unload_docks, affected
        )

    def play(self, number: int, notes: tuple[str, ...]) -> Replication:
        for moment in self.desk.moments():
            self._advance(moment.time)
            for taken, waves in self.desk.act(moment):
                self.books.orders.take(taken)
                for wave in waves:
                    self._release(wave)
        self._advance(self.scenario.end_min)
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

    def _release(self, wave: Wave) -> None:
        self.waves[wave.number] = wave
        route = self.network.routes[wave.channel.name]
        self.books.release(wave, self.network.account[route[0]])
        for step in route:
            step.expect(wave)
        for order in range(len(wave)):
            self.clock.process(self._order(wave, order))

    def _order(self, wave: Wave, order: int) -> Process:
        """Follow an order from list to door."""
        yield self.clock.at(float(wave.ready[order]))
        for position, step in enumerate(self.network.routes[wave.channel.name]):
            yield step.enter(wave, order)
            self.passed[wave.number, position].append((order, self.clock.now))
        place = self._end_of(wave, order)
        if place in self.floors:
            self.floors[place].leave(1)

    def _end_of(self, wave: Wave, order: int) -> tuple[PlaceKind, int]:
        """The place from which an order leaves the channel, if a vehicle brought it there."""
        legs = [step.leg for step in wave.channel.steps if step.leg]
        kind = legs[-1].to if legs else "depot"
        return kind, int(wave.places.serving[kind][wave.drop_point[order]])

    def _advance(self, until: float) -> None:
        """Let time pass and keep the books day by day."""
        if self.books.recorder:
            for day in range(int(self.clock.now // MINUTES_PER_DAY) + 1, int(until // MINUTES_PER_DAY) + 1):
                self._run_to(day * MINUTES_PER_DAY)
        self._run_to(until)

    def _run_to(self, until: float) -> None:
        if until <= self.clock.now:
            return
        passed_min = until - self.clock.now
        self.clock.run(until=until)
        for step in self.network.order:
            for (number, position), finished in list(self.passed.items()):
                wave = self.waves[number]
                route = self.network.routes[wave.channel.name]
                if route[position] is not step:
                    continue
                del self.passed[number, position]
                following = route[position + 1] if position + 1 < len(route) else None
                orders: NDArray[np.int64] = np.array([order for order, _ in finished])
                passed = Passed(wave, orders, np.array([time for _, time in finished]))
                self.books.pass_on(
                    wave.channel.steps[position].body.name,
                    passed,
                    self.network.account[step],
                    self.network.account[following] if following else DELIVERED,
                )
        self.books.settle(until)
        if self.on_advance:
            self.on_advance(passed_min)
