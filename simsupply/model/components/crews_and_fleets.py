"""The crews and fleets of a component: who is there, where they are idle, where their work is booked."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simsupply.model.city.closures import ALWAYS, closures_on
from simsupply.model.components.floors_and_docks import FloorsAndDocks
from simsupply.model.components.graph import Outline
from simsupply.model.components.parts_of_layout import Driving, Working
from simsupply.model.events import arena as a
from simsupply.model.events import columns as c
from simsupply.model.flow.loads import Carrier
from simsupply.model.network import Network
from simsupply.model.staff.duty import Duty
from simsupply.model.staff.rosters import Rosters
from simsupply.model.vehicles.dispatch_leg import have_one_stop, needs_parts, rests
from simsupply.model.vehicles.fleets import Vehicles, vehicles_of_leg
from simsupply.model.vehicles.leg import Maker
from simsupply.model.vehicles.trips import TripMaker
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.crew_steps import crews_with_several_lines, drivers_of
from simsupply.strategy.steps.leg import Leg
from simsupply.strategy.steps.stage import Stage
from simsupply.streams.keyed import Streams

IntArray = NDArray[np.int64]


class CrewsAndFleets(FloorsAndDocks):
    """Rows of people and vehicles, and of the docks at which these are loaded.

    Attributes
    ----------
    working, driving : dict of Outline to Working, Driving
    first_server : dict of str to int
        Of each crew.
    books : dict of str to tuple of int
        Of each crew: that of its people, and that of those who joined it later.
    """

    def __init__(
        self,
        steps: tuple[Outline, ...],
        network: Network[Outline],
        scenario: Scenario,
        strategy: StrategySpec,
        rosters: Rosters,
        streams: Streams,
    ) -> None:
        self.steps, self.network, self.scenario, self.rosters, self.streams = steps, network, scenario, rosters, streams
        self.rank = {step: rank for rank, step in enumerate(network.order, start=1)}
        self.several = crews_with_several_lines(strategy, scenario.spec.fleet, scenario.spec.tiers)
        self._find_teams()
        super().__init__(scenario)
        self.working: dict[Outline, Working] = {}
        self.driving: dict[Outline, Driving] = {}
        self.first_server: dict[str, int] = {}
        self.books: dict[str, tuple[int, int]] = {}
        self.keeps_spells, self.most_seats = False, 0
        self.calendars: list[tuple[list[float], list[float]]] = [([-np.inf], [1.0])]
        for step in steps:
            if step.kind is Leg:
                self._prepare_leg(step)
        self.num_fleets = max([1, *(len(driving.vehicles.fleets) for driving in self.driving.values())])
        self._lay_out_people()
        self._lay_out_vehicles()

    def _find_teams(self) -> None:
        """Which crews decide together: those that are needed at one step, directly or by way of others."""
        self.teams: dict[str, tuple[str, ...]] = {name: (name,) for name in sorted(self.several)}
        for step in self.network.order:
            names = {other for name in self.crews_of(step) if name in self.several for other in self.teams[name]}
            for name in names:
                self.teams[name] = tuple(sorted(names))

    # --- legs ---------------------------------------------------------------------------------

    def _prepare_leg(self, step: Outline) -> None:
        scenario, legs = self.scenario, step.users
        vehicles = vehicles_of_leg(step.first, scenario, self.rosters)
        closures = closures_on(legs, self.rosters.shocks, scenario)
        in_parts = needs_parts(legs, vehicles, closures, scenario.places)
        makers: dict[str, Maker[Any]] = {
            name: TripMaker(leg, vehicles, closures, scenario, self.rosters.tiers, self.streams)
            if in_parts
            else Carrier(leg, vehicles.fleets[0], self.streams)
            for name, leg in legs.items()
        }
        crews = drivers_of(step.first, scenario.spec.fleet)
        inside = not in_parts or self._are_plain(list(legs.values()), vehicles)
        crew = crews[0] if crews else None
        driving = self.driving[step] = Driving(vehicles, closures, makers, in_parts, inside, crew)
        if in_parts:
            # The first calendar of each leg is that of what nothing ever slows, which is known already.
            driving.calendar = len(self.calendars) - 1
            self.calendars += closures.pace.rows[1:]

    def _are_plain(self, legs: list[Leg], vehicles: Vehicles) -> bool:
        """Whether trips in parts, of loads that are made up as time passes, are known when their first order is."""
        return (
            not self.rosters.shocks.occurrences
            and have_one_stop(legs, vehicles)
            and all(leg.leave.kind in ("full", "time") for leg in legs)
        )

    def calendar(self, driving: Driving, numbers: Any) -> Any:
        """Calendars of a leg as they are numbered here."""
        return np.where(np.asarray(numbers) == ALWAYS, 0, np.asarray(numbers) + driving.calendar)

    # --- people and vehicles --------------------------------------------------------------------

    def _add_duty(self, duty: Duty) -> int:
        """Write down the duty intervals of all servers; the first of these."""
        columns = np.zeros((len(duty.start), c.DUTY))
        columns[:, c.D_START], columns[:, c.D_END], columns[:, c.D_HALT] = duty.start, duty.end, duty.halt
        columns[:, c.D_FIT] = np.inf if duty.fit_end is None else duty.fit_end
        columns[:, c.D_SPEED] = 1.0 if duty.speed is None else duty.speed
        columns[:, c.D_STRUCK] = np.inf if duty.struck_at is None else duty.struck_at
        columns[:, c.D_RULE] = duty.end_rule
        first = self.rows[a.F_DUTY].add(columns)
        num = duty.num_servers
        servers = np.full((num, c.SERVER), -1, dtype=np.int64)
        servers[:, c.S_DUTY], servers[:, c.S_DUTY_END] = duty.interval_ptr[:-1] + first, duty.interval_ptr[1:] + first
        servers[:, c.S_STATE] = c.OFF_DUTY
        servers[:, c.S_ARRIVES] = 0 if duty.arrives is None else duty.arrives
        self.rows[a.F_SERVER_TIMES].add(np.zeros((num, c.SERVER_TIMES)))
        return self.rows[a.I_SERVER].add(servers)

    def _servers(self, first: int, num: int) -> IntArray:
        table: IntArray = self.rows[a.I_SERVER].table[first : first + num]
        return table

    def _lay_out_people(self) -> None:
        staffing = self.scenario.spec.staffing
        crews: dict[str, None] = {}
        for step in self.steps:
            if step.kind is Stage:
                crews |= dict.fromkeys(step.first.crews)
        for driving in self.driving.values():
            if driving.crew:
                crews[driving.crew] = None
        watched = {driving.crew for driving in self.driving.values()} | self._short_of_what()
        if watched - {None}:
            self.keeps_spells = True
        self.most_seats = max((len(step.first.crews) for step in self.steps if step.kind is Stage), default=0)
        self.ring_of_crew: dict[str, int] = {}
        for name in crews:
            crew, duty = staffing.crews[name], self.rosters.crew(name)
            first = self.first_server[name] = self._add_duty(duty)
            own, later = crew.people, (crew.arrivals.people if crew.arrivals else None) or crew.people
            book = self.rows[a.I_BOOK].add(np.zeros((1 if own == later else 2, c.BOOK), dtype=np.int64))
            self.books[name] = book, book if own == later else book + 1
            num_places = len(duty.server_ptr) - 1
            rings = np.array([[-1, -1, -1, 0, 0, int(name in watched), 0, 0]] * num_places)
            rings = rings.reshape(num_places, c.RING)
            self.ring_of_crew[name] = self.rows[a.I_RING].add(rings)
            self.rows[a.F_RING_TIMES].add(np.full((num_places, c.RING_TIMES), np.inf))
            servers = self._servers(first, duty.num_servers)
            servers[:, c.S_RING] = self.ring_of_crew[name] + np.repeat(np.arange(num_places), np.diff(duty.server_ptr))
            servers[:, c.S_BOOK] = np.where(servers[:, c.S_ARRIVES] == 1, self.books[name][1], book)

    def _short_of_what(self) -> set[str | None]:
        """Crews of whom it must be told when they are busy: both people and equipment are needed for a unit."""
        found = set[str | None]()
        for step in self.steps:
            if step.kind is Stage and len(step.first.crews) > 1:
                of = {self.scenario.spec.staffing.crews[name].people == "equipment" for name in step.first.crews}
                found |= set(step.first.crews) if len(of) > 1 else set()
        return found

    def _lay_out_vehicles(self) -> None:
        places = self.scenario.places
        for step, driving in self.driving.items():
            vehicles = driving.vehicles
            duty, num_fleets = vehicles.duty, len(vehicles.fleets)
            num_places = len(duty.server_ptr) - 1
            driving.first_server = self._add_duty(duty)
            driving.book = self.rows[a.I_BOOK].add(np.zeros((num_fleets, c.BOOK), dtype=np.int64))
            after, minutes = rests(vehicles)
            rings = np.full((num_places, num_fleets, c.RING), -1, dtype=np.int64)
            rings[:, :, c.G_SEATS] = [fleet.people_per_vehicle if driving.crew else 0 for fleet in vehicles.fleets]
            if driving.crew is not None:
                self.most_seats = max([self.most_seats, *rings[:, :, c.G_SEATS].ravel().tolist()])
            rings[:, :, c.G_FLEET] = np.arange(num_fleets)
            rings[:, :, c.G_KEEPS_SPELLS] = int(driving.crew is not None)
            self.first_ring = self.rows[a.I_RING].add(rings.reshape(-1, c.RING))
            driving.line = [self.first_ring]
            times = np.empty((num_places, num_fleets, c.RING_TIMES))
            times[:, :, c.G_REST_AFTER] = after if driving.in_parts else np.inf
            times[:, :, c.G_REST] = minutes if driving.in_parts else np.inf
            self.rows[a.F_RING_TIMES].add(times.reshape(-1, c.RING_TIMES))
            servers = self._servers(driving.first_server, duty.num_servers)
            place = np.repeat(np.arange(num_places), np.diff(duty.server_ptr))
            servers[:, c.S_RING] = self.first_ring + place * num_fleets + vehicles.fleet_of
            servers[:, c.S_BOOK] = driving.book + vehicles.fleet_of
            if not step.first.fetch:
                kind = vehicles.fleets[0].at
                number = np.stack([driving.closures.dock[kind], driving.closures.opening[kind]], axis=1)
                both = self.calendar(driving, number) if driving.in_parts else np.zeros_like(number)
                calendars = [(work, opens) for work, opens in both.tolist()]
                first, rank = 0, self._rank_of(step) - 0.5
                for at, docks in enumerate(places.docks[kind].tolist()):
                    of_place = calendars[first : first + docks]
                    driving.docks.append(self._add_docks(of_place, (rank, at), by_load=False))
                    first += docks

    def _rank_of(self, step: Outline) -> int:
        """When what concerns a step is decided: its rank, or that of the first step of the crews that decide there."""
        crews = self.team_of(step)
        if crews is None:
            return self.rank[step]
        return min(self.rank[other] for other in self.network.order if self.team_of(other) == crews)

    def crews_of(self, step: Outline) -> tuple[str, ...]:
        """Crews that work at a step, that of the step first, or drive there."""
        if step.kind is Stage:
            return tuple(step.first.crews)
        return tuple(drivers_of(step.first, self.scenario.spec.fleet)) if step.kind is Leg else ()

    def team_of(self, step: Outline) -> tuple[str, ...] | None:
        """The crews that decide together at a step; None: its crew has one line, or it has none."""
        crews = self.crews_of(step)
        return self.teams.get(crews[0]) if crews else None
