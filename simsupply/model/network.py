"""The steps of every channel and how they hang together, whatever engine simulates them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from graphlib import TopologicalSorter
from itertools import pairwise
from typing import Any, Generic, Protocol, TypeVar

from simsupply.base.spec import Spec
from simsupply.model.accounting import DELIVERED
from simsupply.model.flow.step import Load
from simsupply.model.flow.waits import WaitCells
from simsupply.records.recorder import Recorder
from simsupply.records.replication import ShockRecord, StepRecord
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.crew_steps import crews_of_several_steps, queue_of
from simsupply.strategy.routes import all_routes
from simsupply.strategy.steps.kinds import Step


class NetworkStep(Protocol):
    """What a step tells at the end of a run; see `simsupply.model.flow.step.StepModel`."""

    names: tuple[str, ...]

    def record(self, recorder: Recorder) -> None:
        """Tell a recorder what happens from now on; see `simsupply.model.flow.recorded.Recorded`."""

    def record_rest(self) -> None:
        """Tell it of what is not over at the end of the run."""

    def load_by_fleet(self) -> list[Load]:
        """Work done, of each fleet by itself."""

    def contacts(self) -> dict[str, int]:
        """Meetings of residents, by kind."""

    def struck(self) -> list[ShockRecord]:
        """What shocks did; asked for once."""

    def waited(self) -> WaitCells:
        """How long orders waited before it; asked for once."""


Model = TypeVar("Model", bound=NetworkStep)
# By the class of its specification: makes a step for the channels, by name, that use it.
StepMakers = Mapping[type[Spec], Callable[[dict[str, Any]], Model]]


class Network(Generic[Model]):
    """Steps made by the given functions; a crew or fleet that several channels use is one and the same.

    A crew that does several things has a step for each name of what it does.

    Attributes
    ----------
    routes : dict of str to list
        The steps of each route (see `simsupply.strategy.routes.Route`), by name.
    order : list
        All steps in an order in which goods of every channel only flow forward.
    accounts : list of str
        Names of the steps' accounts in the books, in this order.
    """

    def __init__(self, scenario: Scenario, strategy: StrategySpec, makers: StepMakers[Model]) -> None:
        channels = {route.channel.name: route.channel for route in all_routes(strategy, scenario.spec.tiers)}
        several = crews_of_several_steps(strategy, scenario.spec.fleet, scenario.spec.tiers)
        users: dict[tuple[type[Spec], tuple[str, ...]], dict[str, Spec]] = defaultdict(dict)
        for name, channel in channels.items():
            for step in channel.steps:
                if body := step.stage or step.leg:
                    users[type(body), queue_of(body, several)][name] = body
        shared = {key: makers[key[0]](of_channel) for key, of_channel in users.items()}

        def model(channel: str, step: Step) -> Model:
            kind, body = type(step.body), step.stage or step.leg
            return shared[kind, queue_of(body, several)] if body else makers[kind]({channel: step.body})

        self.routes = {name: [model(name, step) for step in channel.steps] for name, channel in channels.items()}
        graph: TopologicalSorter[Model] = TopologicalSorter()
        for route in self.routes.values():
            graph.add(route[0])
            for before, after in pairwise(route):
                graph.add(after, before)
        self.order = list(graph.static_order())
        self.accounts = [_account(step) for step in self.order]

    def account(self, channel: str, position: int) -> str:
        """Account of the step at a position of a route; behind the last step, that of goods delivered."""
        route = self.routes[channel]
        return _account(route[position]) if position < len(route) else DELIVERED

    def step_records(self) -> tuple[StepRecord, ...]:
        """Work of every step, of each fleet by itself."""
        return tuple(_record(step, load) for step in self.order for load in step.load_by_fleet())

    def contacts(self) -> list[dict[str, int]]:
        """Meetings of residents at every step, by kind."""
        return [step.contacts() for step in self.order]

    def struck(self) -> tuple[ShockRecord, ...]:
        """What shocks did to every step; asked for once."""
        return tuple(record for step in self.order for record in step.struck())

    def waited(self) -> list[WaitCells]:
        """How long orders waited before every step; asked for once."""
        return [step.waited() for step in self.order]


def _record(step: NetworkStep, load: Load) -> StepRecord:
    return StepRecord(**(vars(load) | {"names": load.names or step.names}))


def _account(step: NetworkStep) -> str:
    return ", ".join(step.names)
