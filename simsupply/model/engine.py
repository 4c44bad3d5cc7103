"""The engine of ordinary runs: steps advanced window by window with compiled kernels."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simsupply.model.city.closures import closures_on
from simsupply.model.flow.step import Completion, StepModel
from simsupply.model.flow.wait_hours import hours_of_legs, hours_of_stages
from simsupply.model.flow.waves import Wave
from simsupply.model.flow.work_in_process import work_at_stages
from simsupply.model.network import Network
from simsupply.model.staff.rosters import Rosters
from simsupply.model.steps.delay.delay_step import DelayStep
from simsupply.model.steps.gate.gate_step import GateStep
from simsupply.model.steps.stage.stage_step import StageStep
from simsupply.model.vehicles.affected_trips import AffectedTrips
from simsupply.model.vehicles.dispatch_leg import DispatchStep, needs_parts
from simsupply.model.vehicles.fleets import vehicles_of_leg
from simsupply.model.vehicles.leg import LegStep
from simsupply.model.vehicles.trips import TripMaker
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.steps.delay import Delay
from simsupply.strategy.steps.gate import Gate
from simsupply.strategy.steps.leg import Leg
from simsupply.strategy.steps.stage import Stage
from simsupply.streams.keyed import Streams


class KernelEngine:
    """Waves go through steps that do not couple; see `simsupply.model.run_loop.SimulationEngine`."""

    def __init__(self, scenario: Scenario, strategy: StrategySpec, rosters: Rosters, streams: Streams) -> None:
        self.scenario, self.rosters, self.streams = scenario, rosters, streams
        self.network: Network[StepModel] = Network(
            scenario, strategy, {Stage: self._stage, Leg: self._leg, Delay: self._delay, Gate: self._gate}
        )

    def release(self, wave: Wave) -> None:
        """Let a wave begin its first step."""
        for step in self.network.routes[wave.channel.name]:
            step.expect(wave)
        self._pass_on(Completion(wave, np.arange(len(wave)), wave.ready), None)

    def advance(self, until: float) -> Iterator[tuple[int, Completion]]:
        """Advance every step, from list to door: goods only flow forward."""
        for step in self.network.order:
            for completion in step.advance(until):
                # What would be finished after the run's end is still in hand at its end.
                in_time = completion.before(self.scenario.past_end_min)
                if len(in_time.orders):
                    route = self.network.routes[completion.wave.channel.name]
                    position = route.index(step)
                    yield position, in_time
                    self._pass_on(in_time, position)

    def _pass_on(self, completion: Completion, position: int | None) -> None:
        """Give orders to the step that comes next on the way of each."""
        name = completion.wave.channel.name
        for way, of_way in self.network.by_way(completion):
            later = self.network.next_position(name, way, position)
            if later is not None:
                self.network.routes[name][later].receive(of_way)

    def _stage(self, stages: dict[str, Stage]) -> StepModel:
        scenario, name = self.scenario, next(iter(stages.values())).crew
        crew = scenario.spec.staffing.crews[name]
        pace = scenario.spec.staffing.pace_of(crew)
        return StageStep(
            {channel: stage.at_pace(pace) for channel, stage in stages.items()},
            crew,
            self.rosters.crew(name),
            scenario.households,
            scenario.horizon_min,
            self.streams,
            work_at_stages(stages, self.rosters.shocks, scenario),
            hours_of_stages(stages, scenario, self.rosters),
        )

    def _leg(self, legs: dict[str, Leg]) -> StepModel:
        scenario, streams, shocks = self.scenario, self.streams, self.rosters.shocks
        vehicles = vehicles_of_leg(next(iter(legs.values())), scenario, self.rosters)
        closures = closures_on(legs, shocks, scenario)
        if not needs_parts(legs, vehicles, closures, scenario.places):
            return LegStep(legs, vehicles, scenario.places, hours_of_legs(legs, scenario, self.rosters), streams)
        makers = {
            name: TripMaker(leg, vehicles, closures, scenario, self.rosters.tiers, streams)
            for name, leg in legs.items()
        }
        affected = AffectedTrips(legs, vehicles, shocks, scenario)
        return DispatchStep(makers, vehicles, scenario, affected, hours_of_legs(legs, scenario, self.rosters))

    def _delay(self, delays: dict[str, Delay]) -> StepModel:
        (delay,) = delays.values()
        return DelayStep(delay)

    def _gate(self, gates: dict[str, Gate]) -> StepModel:
        (gate,) = gates.values()
        return GateStep(gate, self.scenario, self.streams)
