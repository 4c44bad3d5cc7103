"""The people of one crew as they work at a stage: at which pace, and who adds up their hours."""

from __future__ import annotations

from simsupply.model.reference.crew_sheet import CrewSheet
from simsupply.model.reference.line_age import LineAge
from simsupply.model.reference.pool import Job, Server
from simsupply.model.staff.duty import Duty
from simsupply.scenario.staffing import Crew, Staffing


class Workers:
    """A crew at a stage.

    Attributes
    ----------
    paces : tuple of Pace
        Of the people of the crew, and of those who joined it later.
    """

    def __init__(self, crew: Crew, duty: Duty, staffing: Staffing, sheet: CrewSheet) -> None:
        self.crew, self.duty, self.sheet = crew, duty, sheet
        self.paces = staffing.pace_of(crew), staffing.pace_of_arrivals(crew)
        self.line_age = LineAge(duty)

    def minutes_of(self, job: Job, person: Server) -> tuple[float, list[tuple[int, float]]]:
        """Minutes and doors of a unit at somebody's pace, in a line and with a productivity of full speed."""
        return job.by_pace[self.paces[person.arrives]]

    def speed_of_line(self, person: Server, step: str, place: int, now: float) -> float:
        """Speed at which somebody works in the first hours of a line; 1 later."""
        ramp = self.paces[person.arrives].ramp
        if ramp is None:
            return 1.0
        age = self.line_age.minutes(step, place, now)
        return ramp.start + (1 - ramp.start) * min(1.0, age / (ramp.hours * 60))
