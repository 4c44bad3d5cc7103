"""What the people of a crew do, paid workers and volunteers each by themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from simsupply.model.flow.step import Load
from simsupply.model.reference.pool import Server
from simsupply.model.reference.timesheet import Timesheet
from simsupply.model.staff.duty import Duty
from simsupply.scenario.staffing import Crew


class CrewSheet:
    """Adds up what the people of a crew do before the horizon; those who joined later may be of another kind."""

    def __init__(self, crew: Crew, duty: Duty, horizon: float) -> None:
        self.duty, self.horizon, self.crew = duty, horizon, crew
        own = crew.people
        self.people = own, (crew.arrivals.people if crew.arrivals else None) or own
        self.sheets = {people: Timesheet(horizon) for people in self.people}

    def book(self, server: Server, step: str, begin: float, end: float) -> None:
        """Book work without a pause: inside the server's duty intervals, or overtime."""
        self.sheets[self.people[server.arrives]].book(server, step, begin, end)

    def copy(self) -> CrewSheet:
        """One to which more can be added."""
        other = CrewSheet(self.crew, self.duty, self.horizon)
        for people, sheet in self.sheets.items():
            other.sheets[people] = sheet.copy()
        return other

    def loads(self, names: Iterable[str]) -> list[Load]:
        """Work at these steps up to the horizon, one for each kind of people."""
        names, (own, later) = tuple(names), self.people
        parts = [(own, None)] if own == later else [(own, False), (later, True)]
        return [
            replace(
                self.sheets[people].load(names),
                names=names,
                scheduled_min=self.duty.scheduled_min(self.horizon, of_arrivals=who),
                apart_min=self._apart(who),
                people=people,
            )
            for people, who in parts
        ]

    def _apart(self, of_arrivals: bool | None) -> float:
        if of_arrivals is None:
            return self.duty.apart_min
        later = self.duty.apart_of_arrivals_min
        return later if of_arrivals else self.duty.apart_min - later
