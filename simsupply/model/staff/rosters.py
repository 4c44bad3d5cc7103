"""The rosters of all crews and fleets of a run, drawn before goods begin to flow.

They depend on each other (beds, infections, people who fill in) but never on the flow of goods; so
they are drawn once and are the same for both engines.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY, Title
from simsupply.model.city.occurrences import Cut, Occurrence, Timeline
from simsupply.model.city.tier_calendar import TierCalendar
from simsupply.model.staff.beds import NOBODYS, crews_on_site, give_beds
from simsupply.model.staff.commute import mark_who_is_turned_back
from simsupply.model.staff.duty import Duty, Hours, lay_out_duty
from simsupply.model.staff.infections import Closure, simulate_infections
from simsupply.model.staff.persons import NO_BED, Persons, Roster, mark_who_stays_away, new_roster, persons_of
from simsupply.model.staff.reassign import LentPersons, fill_in
from simsupply.model.staff.requisition import first_day_of, mark_nights_before, not_yet_there
from simsupply.model.staff.staff_record import staff_record
from simsupply.model.staff.staffing_levels import (
    as_arrivals,
    attendance_of,
    commute_of,
    commute_of_some,
    num_days,
    recognised_at,
)
from simsupply.records.replication import InvariantError, StaffRecord
from simsupply.scenario.shocks import PlaceShock
from simsupply.scenario.staffing import Crew, Fleet
from simsupply.scenario.worked_hours import has_people, interruptions
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.crew_steps import crews_of
from simsupply.strategy.routes import all_routes
from simsupply.streams.keyed import Streams

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Key = tuple[Literal["crew", "fleet"], str]
CLOSED_BY_CASES = "closed_by_cases"
"""Name of the shock by which a place with too many positive cases is closed."""
_CLOSED = Title(en="Closed for positive cases", zh="因阳性病例关停")


def groups_at_work(scenario: Scenario, strategy: StrategySpec) -> dict[Key, Crew | Fleet]:
    """Crews and fleets that a strategy uses, with the crews whose people fill in there."""
    crews, fleets = scenario.spec.staffing.crews, scenario.spec.fleet
    found: dict[Key, Crew | Fleet] = {}

    def add_crew(name: str) -> None:
        if ("crew", name) not in found:
            crew = found["crew", name] = crews[name]
            if crew.reassign:
                add_crew(crew.reassign.from_crew)

    for route in all_routes(strategy, scenario.spec.tiers):
        for step in route.channel.steps:
            for name in step.leg.fleets if step.leg else ():
                found.setdefault(("fleet", name), fleets[name])
            for name in crews_of(step, fleets):
                add_crew(name)
    return found


class Rosters:
    """Who is on duty when, for every crew and fleet that a strategy uses.

    Attributes
    ----------
    shocks : Timeline
        Those given, and places closed for positive cases.
    duties : dict of (str, str) to Duty
        By ("crew" or "fleet", name).
    """

    def __init__(
        self, scenario: Scenario, strategy: StrategySpec, tiers: TierCalendar, shocks: Timeline, streams: Streams
    ) -> None:
        self.scenario, self.tiers, self.streams = scenario, tiers, streams
        groups = groups_at_work(scenario, strategy)
        persons = {key: persons_of(scenario, key[1], group) for key, group in groups.items()}
        self.rooms = self._rooms()
        self.rosters = {key: self._who_comes(key, new_roster_of(scenario, group)) for key, group in persons.items()}
        closures = self._infections()
        self.shocks = Timeline(
            _in_order([*shocks.occurrences, *(_occurrence(scenario, closure) for closure in closures)])
        )
        self.lent = self._fill_in()
        self.duties = {key: self._duty(key) for key in self.rosters}
        self._check_one_place()

    def crew(self, name: str) -> Duty:
        """Duty of a crew."""
        return self.duties["crew", name]

    def fleet(self, name: str) -> Duty:
        """Duty of a fleet."""
        return self.duties["fleet", name]

    def persons(self, kind: Literal["crew", "fleet"], name: str) -> Persons:
        """Everybody of a crew, or all vehicles of a fleet."""
        return self.rosters[kind, name].persons

    def record(self) -> tuple[StaffRecord, ...]:
        """How many of each crew and fleet were there, day by day up to the horizon; not of equipment."""
        horizon_days = self.scenario.settings.horizon_days
        nobody = np.zeros(num_days(self.scenario), dtype=np.int64)
        return tuple(
            staff_record(
                roster,
                self.duties[key],
                self.lent[key].by_day() if key in self.lent else nobody,
                horizon_days,
                has_cuts=bool(self._cuts(key[1], roster.persons.group)),
                first_day=self._first_day(roster.persons.group),
            )
            for key, roster in self.rosters.items()
            if has_people(roster.persons.group)
        )

    def _rooms(self) -> dict[str, IntArray]:
        """Room of everybody who lives on site, by crew."""
        rooms: dict[str, IntArray] = {}
        for at, loop in self.scenario.spec.staffing.closed_loop.items():
            crews = self.scenario.spec.staffing.crews
            people = [persons_of(self.scenario, name, crews[name]) for name in crews_on_site(self.scenario, at, loop)]
            rooms |= give_beds(self.scenario, at, loop, people)
        return rooms

    def _who_comes(self, key: Key, roster: Roster) -> Roster:
        scenario, group, streams = self.scenario, roster.persons.group, self.streams
        room = self.rooms.get(key[1]) if key[0] == "crew" else None
        if room is not None:
            roster.mark((room == NOBODYS)[:, None] & np.ones_like(roster.reason, dtype=bool), NO_BED)
            return roster
        if isinstance(group, Fleet):
            mark_nights_before(roster, first_day_of(group, scenario))
        later, tiers = as_arrivals(group), self.tiers
        of_arrivals = attendance_of(scenario, key[1], later, tiers, streams, of_arrivals=True) if later else None
        mark_who_stays_away(roster, attendance_of(scenario, key[1], group, tiers, streams), streams, of_arrivals)
        commute = commute_of_some(scenario, group)
        if commute:
            recognised = recognised_at(scenario, group.at, commute, self.tiers)
            meets = commute_of(scenario, group) is not None, commute_of(scenario, later or group) is not None
            mark_who_is_turned_back(roster, commute, recognised, streams, np.array(meets)[roster.persons.arrives * 1])
        return roster

    def _infections(self) -> list[Closure]:
        rule = self.scenario.spec.staffing.infections
        if rule is None:
            return []
        crews = [
            roster for key, roster in self.rosters.items() if key[0] == "crew" and has_people(roster.persons.group)
        ]
        return simulate_infections(crews, self.rooms, rule, self.scenario, self.tiers, self.streams)

    def _fill_in(self) -> dict[Key, LentPersons]:
        """Who fills in where; a crew is filled before it lends what is left."""
        lent: dict[Key, LentPersons] = {}
        lends_to: dict[str, list[str]] = {}
        for kind, name in self.rosters:
            group = self.rosters[kind, name].persons.group
            if isinstance(group, Crew) and group.reassign:
                lends_to.setdefault(group.reassign.from_crew, []).append(name)
        waiting = [name for names in lends_to.values() for name in names]
        while waiting:
            # Who lends to nobody that still waits; a circle is refused before the run.
            name = next(candidate for candidate in waiting if not set(lends_to.get(candidate, ())) & set(waiting))
            waiting.remove(name)
            short = self.rosters["crew", name]
            group = short.persons.group
            assert isinstance(group, Crew)
            assert group.reassign
            lender = self.rosters["crew", group.reassign.from_crew]
            lent["crew", name] = fill_in(short, lender, group.reassign)
        return lent

    def _cuts(self, name: str, group: Crew | Fleet) -> tuple[Cut, ...]:
        cuts = self.shocks.cuts(name, group, self.scenario)
        return (*not_yet_there(group, self.scenario), *cuts) if isinstance(group, Fleet) else cuts

    def _first_day(self, group: Crew | Fleet) -> int:
        return first_day_of(group, self.scenario) if isinstance(group, Fleet) else 0

    def _duty(self, key: Key) -> Duty:
        roster, lent = self.rosters[key], self.lent.get(key)
        group = roster.persons.group
        commute = commute_of_some(self.scenario, group)
        hours = Hours(
            at_shift_end=group.at_shift_end if isinstance(group, Crew) else "finish",
            interruptions=interruptions(group, self.scenario.spec.staffing),
            late_min=(commute.delay_min or 0.0) if commute else 0.0,
        )
        return lay_out_duty(
            roster,
            hours,
            num_days(self.scenario),
            self.scenario.settings.horizon_days,
            self.streams,
            self._cuts(key[1], group),
            lent,
            self._cuts(lent.persons.name, lent.persons.group) if lent else (),
        )

    def _check_one_place(self) -> None:
        """Nobody is on duty in two places at once, in one crew or in two."""
        for key, duty in self.duties.items():
            parts = [duty.intervals_of(duty.own)]
            for other, lent in self.lent.items():
                if lent.persons.name == key[1] and key[0] == "crew":
                    parts.append(self.duties[other].intervals_of(self.duties[other].lent))
            _check_apart(key[1], parts)


def new_roster_of(scenario: Scenario, persons: Persons) -> Roster:
    """Everybody present, before anything is drawn."""
    commute = commute_of_some(scenario, persons.group)
    return new_roster(persons, num_days(scenario), bool(commute and commute.otherwise == "delayed"))


def _check_apart(name: str, parts: list[tuple[IntArray, FloatArray, FloatArray]]) -> None:
    person, start, end = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    if len(parts) > 1:
        # One crew's intervals are in order of person and time as they are.
        order = np.lexsort((start, person))
        person, start, end = person[order], start[order], end[order]
    both = np.flatnonzero((person[1:] == person[:-1]) & (start[1:] < end[:-1]))
    if len(both):
        raise InvariantError(f"person {person[both[0]]} of {name!r} is on duty twice at minute {start[both[0] + 1]:g}")


def _occurrence(scenario: Scenario, closure: Closure) -> Occurrence:
    shock = PlaceShock(
        kind="place",
        title=_CLOSED,
        at=closure.at,
        places=(scenario.places.names[closure.at][closure.place],),
        from_day=closure.first_day,
        to_day=closure.end_day,
    )
    return Occurrence(CLOSED_BY_CASES, shock, closure.first_day * MINUTES_PER_DAY, closure.end_day * MINUTES_PER_DAY)


def _in_order(occurrences: Iterable[Occurrence]) -> tuple[Occurrence, ...]:
    return tuple(sorted(occurrences, key=lambda occurrence: (occurrence.start, occurrence.name)))
