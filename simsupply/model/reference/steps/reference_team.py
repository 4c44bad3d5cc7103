"""A crew that does several things: at each place one set of people, with a queue for each step.

Who is free takes the next unit of any of its steps, by the crew's rule `serves`; see `docs/model.md`. A trip takes a
vehicle and the people in its seats in one decision, and gives them back together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from heapq import heapify, heappush

from simsupply.model.flow.step import Load
from simsupply.model.network import Network
from simsupply.model.reference.clock import END_OF_INSTANT, Clock
from simsupply.model.reference.crew_sheet import CrewSheet
from simsupply.model.reference.pool import NEVER, Job, Server, servers_at
from simsupply.model.reference.steps.reference_step import ReferenceStep
from simsupply.model.staff.duty import Duty
from simsupply.scenario.staffing import Crew

Rank = Callable[[Job], tuple[float, float]]
Begin = Callable[[Job, Server], None]
Minutes = Callable[[Job, Server], float]
Spells = list[tuple[float, float]]


class Line:
    """Units of one step that wait at one place for people who do other things too.

    What a step needs of a pool of its own (`simsupply.model.reference.pool.Pool`).

    Parameters
    ----------
    rank : callable
        Where the crew's rule puts a unit of this line: lower goes first.
    step_rank : int
        Place of the step on the way from list to door, for ties.
    """

    def __init__(
        self,
        people: PeopleAtPlace,
        step_rank: int,
        rank: Rank,
        begin: Begin,
        minutes_for: Minutes = lambda job, server: job.minutes,
    ) -> None:
        self.people, self.step_rank, self.rank, self.begin = people, step_rank, rank, begin
        self.minutes_for = minutes_for
        self.waiting: list[Job] = []
        people.lines.append(self)

    def put(self, job: Job) -> None:
        """Let a job wait for its turn."""
        heappush(self.waiting, job)
        self.wake()

    def wake(self) -> None:
        """Something has changed: see at the end of this instant who can begin what."""
        self.people.wake()

    def release(self, server: Server) -> None:
        """Take a person back."""
        self.people.take_back([server])

    def party(self, server: Server) -> tuple[Server, ...]:
        """Everybody on a trip."""
        return (server,)

    def heads(self) -> Iterator[Job]:
        """Units that may be begun if the people, and whatever else they need, are free."""
        if self.waiting and self.waiting[0].is_ready:
            yield self.waiting[0]

    def find(self, job: Job, idle: Iterable[Server], now: float) -> tuple[Server, ...]:
        """Who begins it: who has been free longest, the lowest number among equals; empty: nobody can."""
        could = [person for person in idle if person.has_time(now, self.minutes_for(job, person))]
        return tuple(longest_free(could, now)[:1])

    def start(self, job: Job, servers: tuple[Server, ...]) -> None:
        """Let them begin it."""
        self.take_out(job)
        (person,) = servers
        self.begin(job, person)

    def take_out(self, job: Job) -> None:
        """Take a job out of the line."""
        self.waiting.remove(job)
        heapify(self.waiting)

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
        begin: Begin,
        duty: Duty,
        place: int,
        fleet_of: list[int],
        seats: list[int],
    ) -> None:
        super().__init__(people, step_rank, rank, begin)
        self.vehicles, self.fleet_of, self.seats = servers_at(duty, place), fleet_of, seats
        self.idle = list(self.vehicles)
        self.seated: dict[Server, tuple[Server, ...]] = {}
        # From when to when each vehicle was on a trip.
        self.trips: dict[Server, list[list[float]]] = {vehicle: [] for vehicle in self.vehicles}

    def release(self, server: Server) -> None:
        """Take a vehicle back, and who was in it."""
        now = self.people.clock.now
        server.free_at = self.trips[server][-1][1] = now
        self.idle.append(server)
        self.people.take_back(self.seated.pop(server))

    def party(self, server: Server) -> tuple[Server, ...]:
        """The vehicle and the people in its seats."""
        return (server, *self.seated[server])

    def heads(self) -> Iterator[Job]:
        """The first load of those that may go by the same fleets, if it is ready."""
        seen = set[int]()
        for job in sorted(self.waiting):
            fleets = self._fleets(job)
            if fleets not in seen and job.is_ready:
                yield job
            seen.add(fleets)

    def _fleets(self, job: Job) -> int:
        """Fleets that may take a load, as bits."""
        _, loads, load = job.content
        may_take = getattr(loads, "may_take", None)
        return 1 if may_take is None else int(may_take[load])

    def _could(self, job: Job, vehicle: Server) -> bool:
        return bool(self._fleets(job) >> self.fleet_of[vehicle.number] & 1)

    def find(self, job: Job, idle: Iterable[Server], now: float) -> tuple[Server, ...]:
        """A vehicle of the first fleet that can go, free longest, and as many people; the people likewise."""
        people = longest_free(idle, now)
        could = [
            vehicle
            for vehicle in longest_free(self.idle, now)
            if self._could(job, vehicle) and self.seats[self.fleet_of[vehicle.number]] <= len(people)
        ]
        if not could:
            return ()
        vehicle = min(could, key=lambda vehicle: self.fleet_of[vehicle.number])
        return (vehicle, *people[: self.seats[self.fleet_of[vehicle.number]]])

    def start(self, job: Job, servers: tuple[Server, ...]) -> None:
        """Let a vehicle leave with its people."""
        self.take_out(job)
        vehicle, *people = servers
        self.idle.remove(vehicle)
        self.seated[vehicle] = tuple(people)
        self.trips[vehicle].append([self.people.clock.now, NEVER])
        self.begin(job, vehicle)

    def next_start(self, now: float) -> float:
        """When a vehicle that is free comes on duty."""
        return min((vehicle.next_start(now) for vehicle in self.idle), default=NEVER)

    def without_people(self, job: Job, begin: float, end: float) -> Spells:
        """When between two moments a vehicle that may take a load stood free, but too few people were, in order."""
        vehicles = [vehicle for vehicle in self.vehicles if self._could(job, vehicle)]
        standing = at_least(1, [free_spells(vehicle, self.trips[vehicle], begin, end) for vehicle in vehicles])
        seats = min(self.seats[self.fleet_of[vehicle.number]] for vehicle in vehicles) if vehicles else 0
        manned = self.people.enough(seats, begin, end) if standing else []
        found: Spells = []
        for since, until in standing:
            for first, last in manned:
                if since < min(first, until):
                    found.append((since, min(first, until)))
                since = max(since, min(last, until))
            if since < until:
                found.append((since, until))
        return found


class PeopleAtPlace:
    """The people of one place, and the lines that they serve.

    Who does what is settled at the end of an instant, one unit at a time: what was handed over first, then by the
    crew's rule the first unit that can begin with everything it needs. A line whose head cannot begin does not hold up
    the others.
    """

    def __init__(self, clock: Clock, rank: float, duty: Duty, place: int) -> None:
        self.clock, self.priority = clock, END_OF_INSTANT + rank
        self.idle = servers_at(duty, place)
        self.lines: list[Line] = []
        self.is_woken = False
        # From when to when each did something.
        self.busy: dict[Server, list[list[float]]] = {person: [] for person in self.idle}

    def enough(self, number: int, begin: float, end: float) -> Spells:
        """When between two moments so many people were free and on duty, in order."""
        return at_least(number, [free_spells(person, busy, begin, end) for person, busy in self.busy.items()])

    def take_back(self, people: Iterable[Server]) -> None:
        """They have finished what they did."""
        for person in people:
            person.free_at = self.busy[person][-1][1] = self.clock.now
            self.idle.append(person)
        self.wake()

    def wake(self) -> None:
        """Something has changed: see at the end of this instant who can begin what."""
        if not self.is_woken:
            self.is_woken = True
            self.clock.call(self._match, self.clock.now, self.priority)

    def _match(self) -> None:
        self.is_woken = False
        now = self.clock.now
        heads = [(line, job) for line in self.lines for job in line.heads()]
        heads.sort(key=lambda head: (not head[1].was_begun, head[0].rank(head[1]), head[0].step_rank, head[1].key))
        for line, job in heads:
            servers = line.find(job, self.idle, now)
            if servers:
                for person in self.idle:
                    if person in servers:
                        self.busy[person].append([now, NEVER])
                self.idle = [person for person in self.idle if person not in servers]
                line.start(job, servers)
                self.wake()
                return
        if heads:
            starts = [*(person.next_start(now) for person in self.idle), *(line.next_start(now) for line in self.lines)]
            if (start := min(starts, default=NEVER)) < NEVER:
                self.clock.call(self._match, start, self.priority)


class Team:
    """A crew that does several things, at all its places.

    Attributes
    ----------
    sheet : CrewSheet
        What its people do, at stages and in vehicles.
    under_way : list of callables
        Of each leg that it drives: books those who are still under way on another sheet.
    """

    def __init__(self, clock: Clock, crew: Crew, duty: Duty, horizon: float) -> None:
        self.clock, self.crew, self.duty, self.horizon = clock, crew, duty, horizon
        self.sheet = CrewSheet(crew, duty, horizon)
        self.steps: list[ReferenceStep] = []
        self.under_way: list[Callable[[CrewSheet], None]] = []
        self.places: list[PeopleAtPlace] = []
        self.left: dict[ReferenceStep, int] = {}

    @property
    def priority(self) -> float:
        """Place among what is decided at the end of an instant: that of its first step."""
        return END_OF_INSTANT + self._rank

    @property
    def _rank(self) -> int:
        return min(step.rank for step in self.steps)

    def open(self, network: Network[ReferenceStep]) -> None:
        """Call the people together, once the way of every channel is known."""
        for step in self.steps:
            self.left[step] = min(
                len(positions) - 1 - place
                for name, ways in network.positions.items()
                for positions in ways
                for place, position in enumerate(positions)
                if network.routes[name][position] is step
            )
        num_places = len(self.duty.server_ptr) - 1
        self.places = [PeopleAtPlace(self.clock, self._rank, self.duty, place) for place in range(num_places)]
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

    def line(self, step: ReferenceStep, place: int, begin: Begin, minutes_for: Minutes) -> Line:
        """The line of a stage at a place."""
        return Line(self.places[place], step.rank, self.rank_in(step), begin, minutes_for)

    def vehicle_line(
        self, step: ReferenceStep, place: int, begin: Begin, duty: Duty, fleet_of: list[int], seats: list[int]
    ) -> VehicleLine:
        """The line of a leg at a base."""
        people = self.places[place]
        return VehicleLine(people, step.rank, self.rank_in(step), begin, duty, place, fleet_of, seats)

    def loads(self) -> list[Load]:
        """Work of the crew up to the horizon, in steps and in vehicles; who is under way included."""
        sheet = self.sheet.copy()
        for book in self.under_way:
            book(sheet)
        return sheet.loads(dict.fromkeys(name for step in self.steps for name in step.names))


def longest_free(servers: Iterable[Server], now: float) -> list[Server]:
    """Those on duty, who has been free longest first, the lowest number among equals."""
    since = {server: server.free_since(now) for server in servers}
    return sorted((s for s in since if since[s] < NEVER), key=lambda server: (since[server], server.number))


def free_spells(server: Server, busy: list[list[float]], begin: float, end: float) -> Spells:
    """When between two moments a server was on duty and did nothing, in order."""
    found: Spells = []
    for interval in server.intervals:
        since, until = max(begin, interval.start), min(end, interval.end)
        for out, back in busy:
            if since < min(out, until):
                found.append((since, min(out, until)))
            since = max(since, back)
        if since < until:
            found.append((since, until))
    return found


def at_least(number: int, spells: Iterable[Spells]) -> Spells:
    """When so many of them hold at once, in order.

    >>> at_least(2, [[(0, 5), (7, 9)], [(3, 8)], [(4, 6)]])
    [(3, 6), (7, 8)]
    """
    changes: Counter[float] = Counter()
    for of_one in spells:
        for start, end in of_one:
            changes[start] += 1
            changes[end] -= 1
    found, there, since = list[tuple[float, float]](), 0, None
    for moment in sorted(changes):
        there += changes[moment]
        if there >= number and since is None:
            since = moment
        elif there < number and since is not None:
            found.append((since, moment))
            since = None
    return found
