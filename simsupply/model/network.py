"""The steps of every channel and how they hang together, whatever engine plays them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from graphlib import TopologicalSorter
from typing import Generic, Protocol, TypeVar

from simsupply.model.staff.duty import Duty
from simsupply.model.staff.rosters import Rosters
from simsupply.model.vehicles.fleets import Vehicles, vehicles_of
from simsupply.scenario.staffing import Crew
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.routes import all_routes
from simsupply.strategy.steps.gate import Gate
from simsupply.strategy.steps.hold import Hold
from simsupply.strategy.steps.kinds import Step
from simsupply.strategy.steps.leg import Leg
from simsupply.strategy.steps.stage import Stage


class _Named(Protocol):
    names: tuple[str, ...]


Model = TypeVar("Model", bound=_Named)


class Network(Generic[Model]):
    """Steps made by the given functions; a crew or fleet that several channels use is one and the same.

    Attributes
    ----------
    routes : dict of str to list
        The steps of each route (see `simsupply.strategy.routes.Route`), by name.
    order : list
        All steps in an order in which goods of every channel only flow forward.
    account : dict
        Name of each step's account in the books.
    """

    def __init__(
        self,
        scenario: Scenario,
        strategy: StrategySpec,
        rosters: Rosters,
        *,
        stage: Callable[[dict[str, Stage], Crew, Duty], Model],
        leg: Callable[[dict[str, Leg], Vehicles], Model],
        hold: Callable[[Hold], Model],
        gate: Callable[[Gate], Model],
    ) -> None:
        stages: dict[str, dict[str, Stage]] = defaultdict(dict)
        legs: dict[tuple[str, ...], dict[str, Leg]] = defaultdict(dict)
        channels = {route.channel.name: route.channel for route in all_routes(strategy, scenario.spec.tiers)}
        for name, channel in channels.items():
            for step in channel.steps:
                if step.stage:
                    stages[step.stage.crew][name] = step.stage
                elif step.leg:
                    legs[step.leg.fleets][name] = step.leg
        crews, fleets = {}, {}
        for name, of_channel in stages.items():
            crew = scenario.spec.staffing.crews[name]
            crews[name] = stage(of_channel, crew, rosters.crew(name))
        for names, on_channel in legs.items():
            of_leg = [scenario.spec.fleet[name] for name in names]
            fleets[names] = leg(on_channel, vehicles_of(names, of_leg, [rosters.fleet(name) for name in names]))

        def model(step: Step) -> Model:
            if step.stage:
                return crews[step.stage.crew]
            if step.leg:
                return fleets[step.leg.fleets]
            if step.hold:
                return hold(step.hold)
            assert step.gate
            return gate(step.gate)

        self.routes = {name: [model(step) for step in channel.steps] for name, channel in channels.items()}
        graph: TopologicalSorter[Model] = TopologicalSorter()
        for route in self.routes.values():
            graph.add(route[0])
            for before, after in zip(route, route[1:], strict=False):
                graph.add(after, before)
        self.order = list(graph.static_order())
        self.account = {step: "+".join(step.names) for step in self.order}
