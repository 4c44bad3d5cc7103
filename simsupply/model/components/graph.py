"""Which steps couple: those of one crew, a leg and its drivers, a leg and what holds a floor or docks behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from simsupply.base.catalogue import Message, message
from simsupply.model.flow.step import Load
from simsupply.model.flow.waits import WaitCells
from simsupply.model.network import Network
from simsupply.records.recorder import Recorder
from simsupply.records.replication import ShockRecord
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.crew_steps import crews_with_several_lines, drivers_of
from simsupply.strategy.steps.delay import Delay
from simsupply.strategy.steps.gate import Gate
from simsupply.strategy.steps.leg import Leg
from simsupply.strategy.steps.stage import Stage


@dataclass(eq=False)
class Outline:
    """A step of the network before anybody has made it.

    Attributes
    ----------
    kind : type
        `Stage`, `Leg`, `Delay` or `Gate`.
    users : dict of str to specification
        What the step does in each route, by the name of that.
    names : tuple of str
        Names of the step in these, each once.
    number : int
        In the order in which steps are made.
    """

    kind: type[Any]
    users: dict[str, Any]
    number: int
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.names = tuple(dict.fromkeys(body.name for body in self.users.values()))

    @property
    def first(self) -> Any:
        """What it does in the first of its routes."""
        return next(iter(self.users.values()))

    # What a network asks its steps for; an outline does nothing.

    def record(self, recorder: Recorder) -> None:
        """Nothing is told."""

    def record_rest(self) -> None:
        """Nothing is told."""

    def load_by_fleet(self) -> list[Load]:
        """Nothing."""
        return []

    def contacts(self) -> dict[str, int]:
        """Nothing."""
        return {}

    def struck(self) -> list[ShockRecord]:
        """Nothing."""
        return []

    def waited(self) -> WaitCells:
        """Nothing."""
        return WaitCells()


def outline(scenario: Scenario, strategy: StrategySpec) -> Network[Outline]:
    """The network of a plan, step by step."""
    made: list[Outline] = []

    def of(kind: type[Any]) -> Any:
        def make(users: dict[str, Any]) -> Outline:
            made.append(Outline(kind, users, len(made)))
            return made[-1]

        return make

    return Network(scenario, strategy, {kind: of(kind) for kind in (Stage, Leg, Delay, Gate)})


def coupled(scenario: Scenario, strategy: StrategySpec, network: Network[Outline]) -> list[tuple[Outline, ...]]:
    """Sets of steps that have to be simulated together, each in the order of the network."""
    steps = network.order
    number = {step: position for position, step in enumerate(steps)}
    reaches = np.eye(len(steps), dtype=bool)
    alone = set[int]()

    def tie(ones: Iterable[Outline]) -> None:
        """Both ways, along a chain."""
        chain = [number[step] for step in ones]
        alone.update(chain)
        for one, other in pairwise(chain):
            reaches[one, other] = reaches[other, one] = True

    for name, route in network.routes.items():
        for positions in network.positions[name]:
            for before, after in pairwise(route[position] for position in positions):
                reaches[number[before], number[after]] = True
    for crew in sorted(crews_with_several_lines(strategy, scenario.spec.fleet, scenario.spec.tiers)):
        tie(step for step in steps if crew in _crews(step, scenario))
    for step in steps:
        if step.kind is Stage and several_paces(scenario, step.first.crew) is not None:
            tie([step])
        if step.kind is Leg and any(leg.leave.kind == "ready" for leg in step.users.values()):
            tie([step])
    places = scenario.places
    floors = {kind for kind, limits in places.floor.items() if np.isfinite(limits).any()}
    docks = {kind for kind, limits in places.unload_docks.items() if np.isfinite(limits).any()}
    for kind in sorted(floors | docks):
        tie(step for step in steps if step.kind is Leg and any(leg.to == kind for leg in step.users.values()))
    for name, route in network.routes.items():
        for way in ([route[position] for position in positions] for positions in network.positions[name]):
            for place, step in enumerate(way):
                if step.kind is Leg and step.users[name].to in floors:
                    behind = way[place + 1 :]
                    legs = [number for number, other in enumerate(behind) if other.kind is Leg]
                    # Up to the leg that takes it off the floor, or to the end of the way.
                    tie([step, *behind[: legs[0] + 1 if legs else len(behind)]])
    for middle in range(len(steps)):
        reaches |= reaches[:, middle : middle + 1] & reaches[middle : middle + 1, :]
    both = reaches & reaches.T
    found: list[tuple[Outline, ...]] = []
    seen = set[int]()
    for position in range(len(steps)):
        if position not in seen:
            together = np.flatnonzero(both[position]).tolist()
            seen.update(together)
            if len(together) > 1 or position in alone:
                found.append(tuple(steps[place] for place in together))
    return found


def _crews(step: Outline, scenario: Scenario) -> set[str]:
    """Crews that work at a step, or drive there."""
    if step.kind is Stage:
        return {crew for stage in step.users.values() for crew in stage.crews}
    if step.kind is Leg:
        return {crew for leg in step.users.values() for crew in drivers_of(leg, scenario.spec.fleet)}
    return set()


def several_paces(scenario: Scenario, name: str) -> Message | None:
    """Why kernels do not know a crew: not all of its people take as long, from the first hour on."""
    staffing = scenario.spec.staffing
    crew = staffing.crews[name]
    paces = {staffing.pace_of(crew), staffing.pace_of_arrivals(crew)}
    if len(paces) > 1:
        return message("couples_paces", crew=name)
    if any(pace.ramp for pace in paces):
        return message("couples_ramp", crew=name)
    if crew.arrivals and crew.arrivals.people not in (None, crew.people):
        return message("couples_people", crew=name)
    return None


def units_or_crews_together(stage: Stage) -> Message | None:
    """Why kernels do not know a stage: they let one worker serve one unit."""
    if stage.together:
        return message("couples_together", units=stage.together.units, stage=stage.name)
    if stage.joined_by:
        return message("couples_joined", stage=stage.name, crews=[f"'{crew}'" for crew in stage.crews])
    return None
