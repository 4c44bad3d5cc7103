"""The engine of ordinary runs: steps advanced window by window, with kernels, or those that couple together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from graphlib import TopologicalSorter
from itertools import pairwise
from typing import Any

import numpy as np

from simsupply.model.city.closures import closures_on
from simsupply.model.components.component import Component
from simsupply.model.components.end_state import add_end_state
from simsupply.model.components.graph import Outline
from simsupply.model.components.layout import Layout
from simsupply.model.flow.end_state import EndState
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
from simsupply.strategy.steps.delay import Delay
from simsupply.strategy.steps.gate import Gate
from simsupply.strategy.steps.leg import Leg
from simsupply.strategy.steps.stage import Stage
from simsupply.streams.keyed import Streams


class KernelEngine:
    """Waves go through steps; see `simsupply.model.run_loop.SimulationEngine`.

    Parameters
    ----------
    network : Network of Outline
    layouts : sequence of Layout
        Of steps of it that are simulated together, by events; all others go by kernels.
    """

    def __init__(
        self,
        scenario: Scenario,
        network: Network[Outline],
        layouts: Sequence[Layout],
        rosters: Rosters,
        streams: Streams,
    ) -> None:
        self.scenario, self.rosters, self.streams = scenario, rosters, streams
        make: dict[type[Any], Any] = {Stage: self._stage, Leg: self._leg, Delay: self._delay, Gate: self._gate}
        self.components = [Component(layout) for layout in layouts]
        part_of: dict[Outline, StepModel | Component] = {}
        models: dict[Outline, StepModel] = {}
        for component in self.components:
            models |= component.models
            part_of |= dict.fromkeys(component.models, component)
        for step in sorted(network.order, key=lambda step: step.number):
            if step not in models:
                models[step] = part_of[step] = make[step.kind](step.users)
        self.network: Network[StepModel] = network.made_of(models)
        graph: TopologicalSorter[StepModel | Component] = TopologicalSorter()
        for step in network.order:
            graph.add(part_of[step])
        for name, route in network.routes.items():
            for positions in network.positions[name]:
                for before, after in pairwise(part_of[route[position]] for position in positions):
                    if before is not after:
                        graph.add(after, before)
        self.parts = list(graph.static_order())

    def release(self, wave: Wave) -> None:
        """Let a wave begin its first step."""
        for step in self.network.routes[wave.channel.name]:
            step.expect(wave)
        self._pass_on(Completion(wave, np.arange(len(wave)), wave.ready), None)

    def end_state(self) -> EndState:
        """Who is under way, and which units are not complete, where steps couple."""
        state = EndState()
        for component in self.components:
            add_end_state(component, state)
        return state

    def close(self) -> None:
        """Free what is only needed while it runs."""
        for component in self.components:
            component.close()

    def trim(self) -> None:
        """Keep no room that nothing is in, before the state is written down."""
        for component in self.components:
            component.groups.trim()

    def advance(self, until: float) -> Iterator[tuple[int, Completion]]:
        """Advance every step, from list to door: goods only flow forward."""
        for part in self.parts:
            if isinstance(part, Component):
                told: Iterator[tuple[StepModel, Completion]] = part.advance(until)
            else:
                told = ((part, completion) for completion in part.advance(until))
            for step, completion in told:
                # What would be finished after the run's end is still in hand at its end.
                in_time = completion.before(self.scenario.past_end_min)
                if len(in_time.orders):
                    route = self.network.routes[completion.wave.channel.name]
                    position = route.index(step)
                    yield position, in_time
                    self._pass_on(in_time, position, part)

    def _pass_on(self, completion: Completion, position: int | None, part: StepModel | Component | None = None) -> None:
        """Give orders to the step that comes next on the way of each, but for what a part does inside it."""
        name = completion.wave.channel.name
        for way, of_way in self.network.by_way(completion):
            later = self.network.next_position(name, way, position)
            if later is not None:
                following = self.network.routes[name][later]
                if not (isinstance(part, Component) and part.has(following)):
                    following.receive(of_way)

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
