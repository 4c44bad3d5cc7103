"""Crews whose people do several things, or work with those of other crews, at all their places."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from simsupply.model.flow.step import Load
from simsupply.model.network import Network
from simsupply.model.reference.clock import Clock
from simsupply.model.reference.crew_sheet import CrewSheet
from simsupply.model.reference.lines import Decisions, PeopleAtPlace, Rank
from simsupply.model.reference.steps.reference_step import ReferenceStep
from simsupply.model.staff.duty import Duty
from simsupply.scenario.staffing import Crew


class Team:
    """A crew with a line for each of its steps, at all its places.

    Attributes
    ----------
    sheet : CrewSheet
        What its people do, at stages and in vehicles.
    under_way : list of callables
        Of each leg that it drives: books those who are still under way on another sheet.
    steps : list of ReferenceStep
        Stages and legs at which its people are needed.
    rank : float
        Place among what is decided at the end of an instant: that of the first step of all crews that decide together.
    """

    def __init__(self, crew: Crew, duty: Duty, horizon: float) -> None:
        self.crew, self.duty, self.horizon = crew, duty, horizon
        self.sheet = CrewSheet(crew, duty, horizon)
        self.steps: list[ReferenceStep] = []
        self.under_way: list[Callable[[CrewSheet], None]] = []
        self.places: list[PeopleAtPlace] = []
        self.rank: float = 0
        self.left: dict[ReferenceStep, int] = {}

    def open(self, network: Network[ReferenceStep], decisions: Iterable[Decisions]) -> None:
        """Call the people together, once the way of every channel is known; `decisions`: of each place."""
        for step in self.steps:
            self.left[step] = min(
                len(positions) - 1 - place
                for name, ways in network.positions.items()
                for positions in ways
                for place, position in enumerate(positions)
                if network.routes[name][position] is step
            )
        self.places = [PeopleAtPlace(decided, self.duty, place) for place, decided in enumerate(decisions)]
        min(self.steps, key=lambda step: step.rank).other_loads.append(self.loads)

    def rank_in(self, step: ReferenceStep) -> Rank:
        """Where the crew's rule puts a unit of a step; steps as near to the end by which is ready longest."""
        left, order = self.left[step], self.crew.serves_order
        if self.crew.serves == "longest_wait":
            return lambda job: (job.ready_at, left)
        if self.crew.serves == "upstream_first":
            return lambda job: (-left, job.ready_at)
        if self.crew.serves == "in_order":
            place = min((order.index(name) for name in step.names if name in order), default=len(order))
            return lambda job: (place, job.ready_at)
        return lambda job: (left, job.ready_at)

    def loads(self) -> list[Load]:
        """Work of the crew up to the horizon, in steps and in vehicles; who is under way included."""
        sheet = self.sheet.copy()
        for book in self.under_way:
            book(sheet)
        return sheet.loads(dict.fromkeys(name for step in self.steps for name in step.names))


def open_teams(clock: Clock, teams: Iterable[Team], network: Network[ReferenceStep]) -> None:
    """Call the people of all crews together; those who are needed at one step decide together."""
    for group in _groups(teams):
        rank = min(step.rank for team in group for step in team.steps)
        decisions = [Decisions(clock, rank, place) for place in range(len(group[0].duty.server_ptr) - 1)]
        for team in group:
            team.rank = rank
            team.open(network, decisions)


def _groups(teams: Iterable[Team]) -> list[list[Team]]:
    """Crews with a step in common, directly or by way of others."""
    groups: list[list[Team]] = []
    for team in teams:
        joined = [group for group in groups if any(set(other.steps) & set(team.steps) for other in group)]
        groups = [group for group in groups if group not in joined]
        groups.append([*(other for group in joined for other in group), team])
    return groups
