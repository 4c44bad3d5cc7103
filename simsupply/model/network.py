"""The steps of every channel and how they hang together, whatever engine simulates them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from graphlib import TopologicalSorter
from itertools import pairwise
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from simsupply.base.spec import Spec
from simsupply.model.accounting.books import DELIVERED
from simsupply.model.flow.step import Completion, Load
from simsupply.model.flow.waits import WaitCells
from simsupply.records.recorder import Recorder
from simsupply.records.replication import ShockRecord, StepRecord
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.crew_steps import crews_with_several_lines, queue_of
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
Other = TypeVar("Other", bound=NetworkStep)
# By the class of its specification: makes a step for the channels, by name, that use it.
StepMakers = Mapping[type[Spec], Callable[[dict[str, Any]], Model]]


class Network(Generic[Model]):
    """Steps made by the given functions; a crew or fleet that several channels use is one and the same.

    A crew with several lines (`crews_with_several_lines`) has a step for each name of what it does.

    Attributes
    ----------
    routes : dict of str to list
        The steps of each route (see `simsupply.strategy.routes.Route`), by name.
    positions : dict of str to list of tuple of int
        Positions in a route of the steps of each of its ways, by name of the route.
    order : list
        All steps in an order in which goods of every channel only flow forward.
    accounts : list of str
        Names of the steps' accounts in the books, in this order.
    """

    def __init__(self, scenario: Scenario, strategy: StrategySpec, makers: StepMakers[Model]) -> None:
        routes = all_routes(strategy, scenario.spec.tiers)
        channels = {route.channel.name: route.channel for route in routes}
        several = crews_with_several_lines(strategy, scenario.spec.fleet, scenario.spec.tiers)
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
        self.positions = {route.channel.name: [way.positions for way in route.ways] for route in routes}
        for name, steps in self.routes.items():
            # Steps side by side stand in the order of the channel.
            for beside in steps if len(self.positions[name]) > 1 else ():
                graph.add(beside)
            for positions in self.positions[name]:
                on_way = [steps[position] for position in positions]
                graph.add(on_way[0])
                for before, after in pairwise(on_way):
                    graph.add(after, before)
        self.order = list(graph.static_order())
        self.accounts = [_account(step) for step in self.order]

    def made_of(self, models: Mapping[Model, Other]) -> Network[Other]:
        """The same network of other models, each in the place of one of these."""
        other: Network[Other] = Network.__new__(Network)
        other.routes = {name: [models[step] for step in route] for name, route in self.routes.items()}
        other.positions = self.positions
        other.order, other.accounts = [models[step] for step in self.order], self.accounts
        return other

    def by_way(self, completion: Completion) -> Iterator[tuple[int, Completion]]:
        """Orders of a wave, those of each way by themselves, with the number of the way."""
        wave, orders, times = completion
        if wave.way is None:
            yield 0, completion
            return
        way = wave.way[orders]
        for number in np.unique(way).tolist():
            yield number, Completion(wave, orders[way == number], times[way == number])

    def next_position(self, channel: str, way: int, position: int | None) -> int | None:
        """Position in a route of the step after one on a way, the first after None; None: there is no further step."""
        later = [after for after in self.positions[channel][way] if position is None or after > position]
        return later[0] if later else None

    def account(self, channel: str, position: int | None) -> str:
        """Account of the step at a position of a route; None: that of goods delivered."""
        return DELIVERED if position is None else _account(self.routes[channel][position])

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
