"""Who does what at one place, where people do several things, work in two crews on one unit, or serve units together.

At each place every step has a line of units; crews that work together on any unit decide together. Who is free takes
the next unit of any of their lines, by the crew's rule `serves`; see `docs/model.md`. A trip takes a vehicle and the
people in its seats in one decision, a unit that needs several crews somebody of each, and they are given back together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product

from simsupply.base.filling import fits
from simsupply.model.reference.clock import Clock
from simsupply.model.reference.pool import NEVER, Job, Queue, Server, Settled, servers_at
from simsupply.model.reference.spells import Spells, at_least, free_spells, parted
from simsupply.model.staff.duty import Duty
from simsupply.strategy.steps.stage import Together

Rank = Callable[[Job], tuple[float, float]]
"""Where a crew's rule puts a unit of a line: lower goes first."""


class PeopleAtPlace:
    """The people of one crew at one place."""

    def __init__(self, decisions: Decisions, duty: Duty, place: int) -> None:
        self.decisions, self.clock = decisions, decisions.clock
        decisions.crews.append(self)
        self.idle = servers_at(duty, place)
        # From when to when each did something.
        self.busy: dict[Server, list[list[float]]] = {person: [] for person in self.idle}

    def enough(self, number: int, begin: float, end: float) -> Spells:
        """When between two moments so many people were free and on duty, in order."""
        return at_least(number, [free_spells(person, busy, begin, end) for person, busy in self.busy.items()])

    def send(self, people: Iterable[Server]) -> None:
        """Those of them who belong to the crew begin something."""
        gone = [person for person in people if person in self.busy]
        for person in gone:
            self.busy[person].append([self.clock.now, NEVER])
        self.idle = [person for person in self.idle if person not in gone]

    def take_back(self, people: Iterable[Server]) -> None:
        """Those of them who belong to the crew have finished what they did."""
        for person in people:
            if person in self.busy:
                person.free_at = self.busy[person][-1][1] = self.clock.now
                self.idle.append(person)
        self.decisions.wake()


class Line(Queue):
    """Units of one stage that wait at one place.

    Parameters
    ----------
    crews : sequence of PeopleAtPlace
        Somebody of each works on a unit; the crew of the step first.
    step_rank : int
        Place of the step on the way from list to door, for ties.
    ranks : sequence of callable
        Where the rule of each of these crews puts a unit.
    begin : callable
        Told which units are begun at once, and by whom.
    minutes_for : callable
        Minutes that a person of a crew (by its place in `crews`) takes for a unit, before what they have learned.
    together : Together, optional
        How many units are served at once.
    is_last : callable
        Whether nothing more of its list is to come for a unit to wait for.
    """

    def __init__(
        self,
        crews: Sequence[PeopleAtPlace],
        step_rank: int,
        ranks: Sequence[Rank],
        begin: Callable[[list[Job], tuple[Server, ...]], None],
        minutes_for: Callable[[Job, Server, int], float],
        together: Together | None = None,
        is_last: Callable[[Job], bool] = lambda job: True,
    ) -> None:
        super().__init__()
        self.crews, self.step_rank, self.ranks = tuple(crews), step_rank, tuple(ranks)
        self.begin, self.minutes_for, self.together, self.is_last = begin, minutes_for, together, is_last
        self.decisions = crews[0].decisions
        self.decisions.lines.append(self)
        # When too few units stood ready to be served together.
        self.too_few: list[list[float]] = []

    def wake(self) -> None:
        """Something has changed: see at the end of this instant who can begin what."""
        self._note_too_few()
        self.decisions.wake()

    def _note_too_few(self) -> None:
        now, is_open = self.decisions.clock.now, bool(self.too_few) and self.too_few[-1][1] == NEVER
        are_too_few = self.together is not None and bool(self._ready()) and not any(self.heads())
        if are_too_few and not is_open:
            self.too_few.append([now, NEVER])
        elif is_open and not are_too_few:
            self.too_few[-1][1] = now

    def release(self, servers: tuple[Server, ...]) -> None:
        """Take back who worked on a unit."""
        for people in self.crews:
            people.take_back(servers)

    def heads(self) -> Iterator[list[Job]]:
        """Units that may be begun, those of a list at once, if the people, and whatever else they need, are free."""
        group = self._ready()
        least = self.together.at_least if self.together and group and not group[0].was_begun else 1
        if group and (len(group) >= least or any(self.is_last(job) for job in group)):
            yield group

    def _ready(self) -> list[Job]:
        """The first units as far as they are ready, as many as are served at once; what was handed over goes alone."""
        if not self.waiting or not self.waiting[0].is_ready:
            return []
        if self.together is None or self.waiting[0].was_begun:
            return self.waiting[:1]
        group = list[Job]()
        for job in sorted(self.waiting):
            if not job.is_ready or len(group) == self.together.units:
                break
            group.append(job)
        return group

    def find(self, jobs: list[Job], now: float) -> tuple[Server, ...]:
        """One of each crew who begin them: free longest, the lowest number among equals; empty: nobody can."""
        could = [
            [
                person
                for person in longest_free(people.idle, now)
                if all(person.has_time(now, self.minutes_for(job, person, crew)) for job in jobs)
            ]
            for crew, people in enumerate(self.crews)
        ]
        if len(could) == 1:
            return tuple(could[0][:1])
        return next((party for party in product(*could) if self._have_time(party, jobs, now)), ())

    def _have_time(self, party: tuple[Server, ...], jobs: list[Job], now: float) -> bool:
        """Whether all of them have time for what takes the slowest of them so long."""
        intervals = [person.intervals[person.current] for person in party]
        longest = max(
            self.minutes_for(job, person, crew) / interval.speed
            for crew, (person, interval) in enumerate(zip(party, intervals, strict=True))
            for job in jobs
        )
        return all(fits(now + longest, interval.fit_end) for interval in intervals)

    def start(self, jobs: list[Job], servers: tuple[Server, ...]) -> None:
        """Let them begin it."""
        for job in jobs:
            self.take_out(job)
        self._note_too_few()
        self.begin(jobs, servers)

    def next_start(self, now: float) -> float:
        """When something else than people that it needs comes on duty."""
        return NEVER


class VehicleLine(Line):
    """Loads that wait at one place for a vehicle and the people in its seats.

    Parameters
    ----------
    fleet_of : list of int
        Which fleet of the leg each vehicle belongs to, by its number.
    seats : list of int
        People in a vehicle, by fleet.
    """

    def __init__(
        self,
        people: PeopleAtPlace,
        step_rank: int,
        rank: Rank,
        begin: Callable[[Job, Server], None],
        duty: Duty,
        place: int,
        fleet_of: list[int],
        seats: list[int],
    ) -> None:
        super().__init__([people], step_rank, [rank], self._leave, lambda job, person, crew: 0.0)
        self.people, self.leave = people, begin
        self.vehicles, self.fleet_of, self.seats = servers_at(duty, place), fleet_of, seats
        self.idle = list(self.vehicles)
        self.seated: dict[Server, tuple[Server, ...]] = {}
        # From when to when each vehicle was on a trip.
        self.trips: dict[Server, list[list[float]]] = {vehicle: [] for vehicle in self.vehicles}

    def bring_back(self, vehicle: Server) -> None:
        """Take a vehicle back, and who was in it."""
        vehicle.free_at = self.trips[vehicle][-1][1] = self.people.clock.now
        self.idle.append(vehicle)
        self.release(self.seated.pop(vehicle))

    def party(self, server: Server) -> tuple[Server, ...]:
        """The vehicle and the people in its seats."""
        return (server, *self.seated[server])

    def heads(self) -> Iterator[list[Job]]:
        """The first load of those that may go by the same fleets, if it is ready."""
        seen = set[int]()
        for job in sorted(self.waiting):
            fleets = self._fleets(job)
            if fleets not in seen and job.is_ready:
                yield [job]
            seen.add(fleets)

    def _fleets(self, job: Job) -> int:
        """Fleets that may take a load, as bits."""
        _, loads, load = job.content
        may_take = getattr(loads, "may_take", None)
        return 1 if may_take is None else int(may_take[load])

    def _could(self, job: Job, vehicle: Server) -> bool:
        return bool(self._fleets(job) >> self.fleet_of[vehicle.number] & 1)

    def find(self, jobs: list[Job], now: float) -> tuple[Server, ...]:
        """A vehicle of the first fleet that can go, free longest, and as many people; the people likewise."""
        (job,), people = jobs, longest_free(self.people.idle, now)
        could = [
            vehicle
            for vehicle in longest_free(self.idle, now)
            if self._could(job, vehicle) and self.seats[self.fleet_of[vehicle.number]] <= len(people)
        ]
        if not could:
            return ()
        vehicle = min(could, key=lambda vehicle: self.fleet_of[vehicle.number])
        return (vehicle, *people[: self.seats[self.fleet_of[vehicle.number]]])

    def _leave(self, jobs: list[Job], servers: tuple[Server, ...]) -> None:
        """Let a vehicle leave with its people."""
        (job,), (vehicle, *people) = jobs, servers
        self.idle.remove(vehicle)
        self.seated[vehicle] = tuple(people)
        self.trips[vehicle].append([self.people.clock.now, NEVER])
        self.leave(job, vehicle)

    def next_start(self, now: float) -> float:
        """When a vehicle that is free comes on duty."""
        return min((vehicle.next_start(now) for vehicle in self.idle), default=NEVER)

    def without_people(self, job: Job, begin: float, end: float) -> Spells:
        """When between two moments a vehicle that may take a load stood free, but too few people were, in order."""
        vehicles = [vehicle for vehicle in self.vehicles if self._could(job, vehicle)]
        standing = at_least(1, [free_spells(vehicle, self.trips[vehicle], begin, end) for vehicle in vehicles])
        seats = min(self.seats[self.fleet_of[vehicle.number]] for vehicle in vehicles) if vehicles else 0
        manned = self.people.enough(seats, begin, end) if standing else []
        return [
            (since, until)
            for first, last in standing
            for since, until, is_manned in parted(first, last, manned)
            if not is_manned
        ]


class Decisions(Settled):
    """What the crews of one place do that work together; most crews decide by themselves.

    One unit at a time is begun: of each crew the first that can begin with everything it needs comes into question,
    what was handed over before all else, then by the crew's rule; and of these one that is the first of every crew it
    needs. (Where rules contradict each other in a circle, that of the step that comes first.) A line whose head cannot
    begin does not hold up the others.
    """

    def __init__(self, clock: Clock, rank: float, place: int) -> None:
        super().__init__(clock, rank, place)
        self.crews: list[PeopleAtPlace] = []
        self.lines: list[Line] = []

    def _match(self) -> bool:
        now = self.clock.now
        heads = [(line, jobs) for line in self.lines for jobs in line.heads()]
        found = self._first(heads, now)
        if found:
            line, jobs, servers = found
            for people in line.crews:
                people.send(servers)
            line.start(jobs, servers)
            return True
        if heads:
            idle = (person for people in self.crews for person in people.idle)
            starts = [*(person.next_start(now) for person in idle), *(line.next_start(now) for line in self.lines)]
            self._wake_at(min(starts, default=NEVER))
        return False

    def _first(
        self, heads: list[tuple[Line, list[Job]]], now: float
    ) -> tuple[Line, list[Job], tuple[Server, ...]] | None:
        servers = dict[int, tuple[Server, ...]]()

        def can_begin(number: int) -> bool:
            if number not in servers:
                line, jobs = heads[number]
                servers[number] = line.find(jobs, now)
            return bool(servers[number])

        first = {people: next(filter(can_begin, self._in_order(people, heads)), None) for people in self.crews}
        wanted = {number for number in first.values() if number is not None}
        if not wanted:
            return None
        in_order = sorted(wanted, key=lambda number: (heads[number][0].step_rank, number))
        agreed = (number for number in in_order if all(first[people] == number for people in heads[number][0].crews))
        number = next(agreed, in_order[0])
        return (*heads[number], servers[number])

    @staticmethod
    def _in_order(people: PeopleAtPlace, heads: list[tuple[Line, list[Job]]]) -> list[int]:
        """Which heads need this crew, in the order of its rule."""

        def order(number: int) -> tuple[bool, tuple[float, float], int, tuple[float, ...]]:
            line, (job, *_) = heads[number]
            return not job.was_begun, line.ranks[line.crews.index(people)](job), line.step_rank, job.key

        return sorted((number for number, (line, _) in enumerate(heads) if people in line.crews), key=order)


def longest_free(servers: Iterable[Server], now: float) -> list[Server]:
    """Those on duty, who has been free longest first, the lowest number among equals."""
    since = {server: server.free_since(now) for server in servers}
    return sorted((s for s in since if since[s] < NEVER), key=lambda server: (since[server], server.number))
