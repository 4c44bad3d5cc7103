"""Infections among staff, day by day: who is infected, found, sent away or quarantined, what closes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsupply.model.city.tier_calendar import TierCalendar
from simsupply.model.staff.beds import NOBODYS
from simsupply.model.staff.persons import CLOSED, INFECTED, NOT_YET, PRESENT, QUARANTINED, Roster
from simsupply.model.staff.staffing_levels import by_tier, number_of_day
from simsupply.scenario.people import Infections
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.scenario.world import Scenario
from simsupply.streams.keyed import Streams

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
NEVER = 1 << 40


@dataclass(frozen=True)
class Closure:
    """A place closed for a positive case too many, from midnight to midnight."""

    at: PlaceKind
    place: int
    first_day: int
    end_day: int


class _Crew:
    """One crew: when each was infected, and until when they are away."""

    def __init__(
        self,
        roster: Roster,
        room: IntArray | None,
        rule: Infections,
        scenario: Scenario,
        tiers: TierCalendar,
        streams: Streams,
    ) -> None:
        self.roster, self.rule, self.streams, persons = roster, rule, streams, roster.persons
        self.team, self.num_teams, self.place = persons.team, persons.num_teams, persons.place
        self.room = np.full(len(persons), NOBODYS) if room is None else room
        self.infected_on = np.full(len(persons), NEVER)
        self.on_shift_last = np.full(len(persons), -NEVER)
        self.outside = by_tier(scenario, persons.group.at, rule.outside_by_tier, rule.outside_per_day, tiers)
        self.given = {
            number_of_day(scenario, case.day): case.number for case in rule.cases if case.crew == persons.name
        }

    def find(self, day: int) -> IntArray:
        """Send away whom the morning's tests find, and their shift; return them."""
        rule, reason = self.rule, self.roster.reason
        found = np.flatnonzero(self.infected_on + rule.found_after_days == day)
        away = reason[found, day : day + rule.isolation_days]
        away[away < NOT_YET] = INFECTED
        reason[found, day : day + rule.isolation_days] = away
        for case in found.tolist() if rule.quarantine_days else ():
            last = int(self.on_shift_last[case])
            if last < self.infected_on[case]:
                continue
            shared = np.flatnonzero((self.team == self.team[case]) & (reason[:, last] == PRESENT))
            until = reason[shared, day : day + rule.quarantine_days]
            until[(until < NOT_YET) & (until != INFECTED)] = QUARANTINED
            reason[shared, day : day + rule.quarantine_days] = until
        return found

    def spread(self, day: int, sleeps_with: IntArray) -> BoolArray:
        """Draw who is infected today; return who of the crew is on shift.

        `sleeps_with`, shape (people,): infectious people in the same room.
        """
        rule = self.rule
        here: BoolArray = self.roster.reason[:, day] == PRESENT
        self.on_shift_last[here] = day
        infectious = np.bincount(self.team[here & self.is_infectious(day)], minlength=self.num_teams)
        meets = np.where(here, infectious[self.team], 0)
        spared = (1 - rule.per_contact) ** meets * (1 - rule.per_roommate) ** sleeps_with
        outside = np.where(self.room == NOBODYS, self.outside[day][self.place], 0.0)
        risk = 1 - spared * (1 - outside)
        can_be = (self.infected_on == NEVER) & (self.roster.reason[:, day] != NOT_YET)
        if can_be.any() and risk.max(initial=0.0) > 0:
            drawn = self.roster.persons.draw("infection", day, self.streams)
            self.infected_on[can_be & (drawn < risk)] = day
        if day in self.given:
            persons = self.roster.persons
            case = (persons.number < self.given[day]) & (persons.shift == 0) & (self.infected_on == NEVER)
            self.infected_on[case] = day
        return here

    def is_infectious(self, day: int) -> BoolArray:
        """Who could infect others today."""
        since = day - self.infected_on - self.rule.infectious_after_days
        return (since >= 0) & (since < self.rule.infectious_days)


def simulate_infections(
    rosters: Sequence[Roster],
    rooms: Mapping[str, IntArray],
    rule: Infections,
    scenario: Scenario,
    tiers: TierCalendar,
    streams: Streams,
) -> list[Closure]:
    """Let infections take their course; marks in `rosters` who is away, and returns what is closed when.

    A day: tests find cases in the morning, who are sent away, as is who shared their last shift; a
    place with too many cases closes. Then everybody present works, and may be infected by colleagues
    of the same crew, shift and place, by those in the same room, or at home. Each draw is keyed by
    (crew, shift, day, person).

    Parameters
    ----------
    rosters : sequence of Roster
        Of all crews that can be infected.
    rooms : dict of str to int array, shape (people,)
        Room of each person of the crews that live on site, numbered within their kind of place.
    """
    crews = [
        _Crew(roster, rooms.get(roster.persons.name), rule, scenario, tiers, streams)
        for roster in rosters
        if not rule.at or roster.persons.group.at in rule.at
    ]
    kinds: list[PlaceKind] = list(dict.fromkeys(crew.roster.persons.group.at for crew in crews))
    days = rosters[0].reason.shape[1] if rosters else 0
    found = {at: np.zeros((days, scenario.places.count(at)), dtype=np.int64) for at in kinds}
    opens_on = {at: np.zeros(scenario.places.count(at), dtype=np.int64) for at in kinds}
    closures: list[Closure] = []
    for day in range(days):
        for crew in crews:
            at = crew.roster.persons.group.at
            np.add.at(found[at][day], crew.place[crew.find(day)], 1)
        for at in kinds:
            closures += _close(at, day, found[at], opens_on[at], rule)
        for at in kinds:
            crews_there = [crew for crew in crews if crew.roster.persons.group.at == at]
            in_rooms = _infectious_in_rooms(crews_there, day)
            for crew, sleeps_with in zip(crews_there, in_rooms, strict=True):
                column = crew.roster.reason[:, day]
                column[(opens_on[at] > day)[crew.place] & (column == PRESENT)] = CLOSED
                crew.spread(day, sleeps_with)
    return closures


def _close(at: PlaceKind, day: int, found: IntArray, opens_on: IntArray, rule: Infections) -> list[Closure]:
    """Close the open places with too many cases; cases before the last closure do not count again."""
    if rule.close_at is None or rule.closure_days is None:
        return []
    since = max(0, day + 1 - rule.within_days)
    closures = []
    for place in np.flatnonzero(found[since : day + 1].sum(axis=0) >= rule.close_at).tolist():
        if opens_on[place] <= day:
            opens_on[place] = day + rule.closure_days
            found[: day + 1, place] = 0
            closures.append(Closure(at, place, day, int(opens_on[place])))
    return closures


def _infectious_in_rooms(crews: Sequence[_Crew], day: int) -> list[IntArray]:
    """Infectious people in the room of each, whatever crew they are of; they are there unless sent away."""
    most = max((int(crew.room.max(initial=NOBODYS)) for crew in crews), default=NOBODYS) + 1
    total = np.zeros(most + 1, dtype=np.int64)
    for crew in crews:
        sleeps = crew.is_infectious(day) & (crew.roster.reason[:, day] != INFECTED)
        # Who has no room is counted behind the last one.
        total += np.bincount(crew.room[sleeps] % (most + 1), minlength=most + 1)
    total[most] = 0
    return [total[crew.room] if most else np.zeros(len(crew.room), dtype=np.int64) for crew in crews]
