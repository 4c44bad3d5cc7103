"""The engine in plain SimPy: a single environment, one process per order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from simpy.events import Event

from simsupply.model.city.closures import ALWAYS, Pace, closures_on
from simsupply.model.flow.end_state import EndState
from simsupply.model.flow.step import Completion
from simsupply.model.flow.wait_hours import hours_of_legs, hours_of_stages
from simsupply.model.flow.waves import Wave
from simsupply.model.flow.work_in_process import trips_of_crew, work_at_stages
from simsupply.model.network import Network
from simsupply.model.reference.clock import UNLOADING_DOCKS, Clock, decided_at
from simsupply.model.reference.docks import Docks
from simsupply.model.reference.floor import Floor
from simsupply.model.reference.steps.reference_delay import ReferenceDelay
from simsupply.model.reference.steps.reference_gate import ReferenceGate
from simsupply.model.reference.steps.reference_leg import ReferenceLeg
from simsupply.model.reference.steps.reference_stage import ReferenceStage
from simsupply.model.reference.steps.reference_step import ReferenceStep
from simsupply.model.reference.steps.reference_team import Team, open_teams
from simsupply.model.reference.steps.reference_trips import ReferenceTrips
from simsupply.model.staff.rosters import Rosters
from simsupply.model.vehicles.affected_trips import AffectedTrips
from simsupply.model.vehicles.dispatch_leg import needs_parts
from simsupply.model.vehicles.fleets import vehicles_of_leg
from simsupply.model.vehicles.trips import TripMaker
from simsupply.scenario.place_kinds import PLACE_KINDS, PlaceKind
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.crew_steps import crews_with_several_lines, drivers_of
from simsupply.strategy.steps.delay import Delay
from simsupply.strategy.steps.gate import Gate
from simsupply.strategy.steps.leg import Leg
from simsupply.strategy.steps.stage import Stage
from simsupply.streams.keyed import Streams

Process = Generator[Event, Any, None]


class ReferenceEngine:
    """The model in plain SimPy; see `simsupply.model.run_loop.SimulationEngine`."""

    def __init__(self, scenario: Scenario, strategy: StrategySpec, rosters: Rosters, streams: Streams) -> None:
        self.scenario, self.rosters, self.streams = scenario, rosters, streams
        clock = self.clock = Clock()
        kinds = PLACE_KINDS[1:]
        limits = [(kind, at, limit) for kind in kinds for at, limit in enumerate(scenario.places.floor[kind].tolist())]
        self.floors: dict[tuple[PlaceKind, int], Floor] = {
            (kind, place): Floor(clock, number, limit)
            for number, (kind, place, limit) in enumerate(limits)
            if limit < np.inf
        }
        always = Pace(np.array([0, 1]), np.array([-np.inf]), np.ones(1))
        self.unload_docks = {
            (kind, place): Docks(
                clock, decided_at(UNLOADING_DOCKS, number), [ALWAYS] * int(docks), [ALWAYS] * int(docks), always
            )
            for number, (kind, place, docks) in enumerate(
                (kind, place, docks)
                for kind, at_places in scenario.places.unload_docks.items()
                for place, docks in enumerate(at_places.tolist())
            )
            if docks < np.inf
        }
        self.teams = {
            name: Team(scenario.spec.staffing.crews[name], rosters.crew(name), scenario.horizon_min)
            for name in sorted(crews_with_several_lines(strategy, scenario.spec.fleet, scenario.spec.tiers))
        }
        self.network: Network[ReferenceStep] = Network(
            scenario, strategy, {Stage: self._stage, Leg: self._leg, Delay: self._delay, Gate: self._gate}
        )
        for rank, step in enumerate(self.network.order, start=1):
            step.rank = rank
        open_teams(clock, self.teams.values(), self.network)
        for step in self.network.order:
            step.open()
        # Orders that have finished a step (by its place in the channel) since they were told of last.
        self.completions: dict[tuple[int, int], list[tuple[int, float]]] = defaultdict(list)
        self.waves: dict[int, Wave] = {}

    def release(self, wave: Wave) -> None:
        """Begin a process for each order."""
        self.waves[wave.number] = wave
        for step in self.network.routes[wave.channel.name]:
            step.expect(wave)
        for order in range(len(wave)):
            self.clock.process(self._order(wave, order))

    def end_state(self) -> EndState:
        """Who is under way, and which units are not complete."""
        state = EndState()
        for step in self.network.order:
            state.vehicles += step.under_way_now()
            state.unfinished += step.unfinished()
        return state

    def close(self) -> None:
        """Free what is only needed while it runs: nothing."""

    def advance(self, until: float) -> Iterator[tuple[int, Completion]]:
        """Let time pass, and then tell what has happened, step after step."""
        self.clock.run(until=until)
        for step in self.network.order:
            # In an order that no engine need take from another: who finishes at the same time is nobody's business.
            for (number, position), finished in sorted(self.completions.items()):
                wave = self.waves[number]
                if self.network.routes[wave.channel.name][position] is step:
                    del self.completions[number, position]
                    finished.sort(key=lambda order_and_time: order_and_time[::-1])
                    orders: NDArray[np.int64] = np.array([order for order, _ in finished])
                    yield position, Completion(wave, orders, np.array([time for _, time in finished]))

    def _order(self, wave: Wave, order: int) -> Process:
        """Follow an order from list to door."""
        yield self.clock.at(float(wave.ready[order]))
        name, way = wave.channel.name, 0 if wave.way is None else int(wave.way[order])
        for position in self.network.positions[name][way]:
            yield self.network.routes[name][position].enter(wave, order)
            self.completions[wave.number, position].append((order, self.clock.now))
        place = self._end_of(wave, order, way)
        if place in self.floors:
            self.floors[place].leave(1)

    def _end_of(self, wave: Wave, order: int, way: int) -> tuple[PlaceKind, int]:
        """The place from which an order leaves the channel, if a vehicle brought it there."""
        legs = [step.leg for step in wave.ways[way].channel.steps if step.leg]
        kind = legs[-1].to if legs else "depot"
        return kind, int(wave.places.serving[kind][wave.drop_point[order]])

    def _stage(self, stages: dict[str, Stage]) -> ReferenceStep:
        scenario, names = self.scenario, next(iter(stages.values())).crews
        crews = [scenario.spec.staffing.crews[name] for name in names]
        duties = [self.rosters.crew(name) for name in names]
        work_in_process = work_at_stages(stages, self.rosters.shocks, scenario)
        hours = hours_of_stages(stages, scenario, self.rosters)
        teams = [self.teams[name] for name in names if name in self.teams]
        return ReferenceStage(self.clock, stages, crews, duties, scenario, self.streams, work_in_process, hours, teams)

    def _leg(self, legs: dict[str, Leg]) -> ReferenceStep:
        scenario, streams, shocks = self.scenario, self.streams, self.rosters.shocks
        vehicles = vehicles_of_leg(next(iter(legs.values())), scenario, self.rosters)
        closures, hours = closures_on(legs, shocks, scenario), hours_of_legs(legs, scenario, self.rosters)
        drivers = drivers_of(next(iter(legs.values())), scenario.spec.fleet)
        team = self.teams[drivers[0]] if drivers else None
        struck = trips_of_crew(legs, drivers[0], shocks) if drivers else None
        if not needs_parts(legs, vehicles, closures, scenario.places):
            return ReferenceLeg(self.clock, legs, vehicles, scenario, streams, self.floors, hours, team, struck)
        makers = {
            name: TripMaker(leg, vehicles, closures, scenario, self.rosters.tiers, streams)
            for name, leg in legs.items()
        }
        affected = AffectedTrips(legs, vehicles, shocks, scenario)
        return ReferenceTrips(
            self.clock,
            legs,
            vehicles,
            scenario,
            streams,
            self.floors,
            makers,
            self.unload_docks,
            affected,
            hours,
            team,
            struck,
        )

    def _delay(self, delays: dict[str, Delay]) -> ReferenceStep:
        (delay,) = delays.values()
        return ReferenceDelay(self.clock, delay)

    def _gate(self, gates: dict[str, Gate]) -> ReferenceStep:
        (gate,) = gates.values()
        return ReferenceGate(self.clock, gate, self.scenario, self.streams)
