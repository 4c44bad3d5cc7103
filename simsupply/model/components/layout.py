"""The arena of a component, laid out from the plan: who decides what, who serves whom, and in which order."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simsupply.base.catalogue import Message, message
from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.city.closures import ALWAYS, closures_on
from simsupply.model.city.diversions import Chains
from simsupply.model.components.cell_rows import cell_of_decider, lay_out_cells
from simsupply.model.components.cells import find_cells
from simsupply.model.components.floors_and_docks import FloorsAndDocks
from simsupply.model.components.graph import Outline
from simsupply.model.components.parts_of_layout import Driving, Working
from simsupply.model.events import arena as a
from simsupply.model.events import columns as c
from simsupply.model.events.loading import MOST_ORDERS
from simsupply.model.events.orders import COLUMNS
from simsupply.model.flow.loads import Carrier
from simsupply.model.network import Network
from simsupply.model.staff.duty import Duty
from simsupply.model.staff.rosters import Rosters
from simsupply.model.vehicles.dispatch_leg import have_one_stop, needs_parts, rests
from simsupply.model.vehicles.fleets import Vehicles, vehicles_of_leg
from simsupply.model.vehicles.leg import Maker
from simsupply.model.vehicles.trips import TripMaker
from simsupply.scenario.place_kinds import PLACE_KINDS, PlaceKind
from simsupply.scenario.weekdays import WEEKDAYS
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.crew_steps import crews_of_several_steps, drivers_of
from simsupply.strategy.steps.gate import Gate
from simsupply.strategy.steps.leg import Leg
from simsupply.strategy.steps.stage import Stage
from simsupply.streams.keyed import Streams

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
RULES = {"upstream_first": c.UPSTREAM, "longest_wait": c.LONGEST, "in_order": c.IN_ORDER}
LEAVES = {"full": c.FULL, "time": c.AT_TIMES, "ready": c.READY}


class Layout(FloorsAndDocks):
    """Rows of everything that does not change while time passes, and where what belongs to a step is found.

    Attributes
    ----------
    ways : dict of str to list of (node, Outline)
        Of each route, what of it lies in the component.
    working, driving : dict of Outline to Working, Driving
    first_server : dict of str to int
        Of each crew.
    books : dict of str to tuple of int
        Of each crew: that of its people, and that of those who joined it later.
    step_number : dict of (Outline, str) to int
        In the sums by step.
    cells : Cells
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
        self.several = crews_of_several_steps(strategy, scenario.spec.fleet, scenario.spec.tiers)
        super().__init__(scenario)
        self.registers = np.zeros(c.NUM_REGISTERS, dtype=np.int64)
        self.num_pools = 0
        self.working: dict[Outline, Working] = {}
        self.driving: dict[Outline, Driving] = {}
        self.first_server: dict[str, int] = {}
        self.books: dict[str, tuple[int, int]] = {}
        self.num_duties = 0
        names = [(step, name) for step in steps for name in step.names]
        self.step_number = {key: number for number, key in enumerate(names)}
        self.ages: dict[tuple[Outline, str], int] = {}
        self.keeps_spells, self.most_seats = False, 0
        self.calendars: list[tuple[list[float], list[float]]] = [([-np.inf], [1.0])]
        for step in steps:
            if step.kind is Leg:
                self._prepare_leg(step)
        self.num_fleets = max([1, *(len(driving.vehicles.fleets) for driving in self.driving.values())])
        self._lay_out_people()
        self._lay_out_vehicles()
        self._lay_out_lines()
        are_diverted = bool(Chains(scenario, rosters.shocks).closures)
        self.cells = find_cells(self, steps, network, self.working, self.driving, are_diverted)
        self._lay_out_ways()
        self._number_deciders()
        self._finish()

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
            and all(leg.leave.kind in ("full", "time") and (leg.leave.orders or 0) <= MOST_ORDERS for leg in legs)
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
                crews[step.first.crew] = None
        for driving in self.driving.values():
            if driving.crew:
                crews[driving.crew] = None
        drive = {driving.crew for driving in self.driving.values()}
        self.ring_of_crew: dict[str, int] = {}
        for name in crews:
            crew, duty = staffing.crews[name], self.rosters.crew(name)
            first = self.first_server[name] = self._add_duty(duty)
            own, later = crew.people, (crew.arrivals.people if crew.arrivals else None) or crew.people
            book = self.rows[a.I_BOOK].add(np.zeros((1 if own == later else 2, c.BOOK), dtype=np.int64))
            self.books[name] = book, book if own == later else book + 1
            num_places = len(duty.server_ptr) - 1
            rings = np.array([[-1, -1, -1, 0, 0, int(name in drive)]] * num_places).reshape(num_places, c.RING)
            self.ring_of_crew[name] = self.rows[a.I_RING].add(rings)
            self.rows[a.F_RING_TIMES].add(np.full((num_places, c.RING_TIMES), np.inf))
            servers = self._servers(first, duty.num_servers)
            servers[:, c.S_RING] = self.ring_of_crew[name] + np.repeat(np.arange(num_places), np.diff(duty.server_ptr))
            servers[:, c.S_BOOK] = np.where(servers[:, c.S_ARRIVES] == 1, self.books[name][1], book)

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
                self.keeps_spells = True
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
        """When what concerns a step is decided: its rank, or that of the first step of its crew."""
        crew = self.team_of(step)
        if crew is None:
            return self.rank[step]
        return min(self.rank[other] for other in self.network.order if self.team_of(other) == crew)

    def crew_of(self, step: Outline) -> str | None:
        """The crew that works at a step, or drives there."""
        if step.kind is Stage:
            crew: str = step.first.crew
            return crew
        if step.kind is Leg:
            return next(iter(drivers_of(step.first, self.scenario.spec.fleet)), None)
        return None

    def team_of(self, step: Outline) -> str | None:
        """The crew of a step if it does several things."""
        crew = self.crew_of(step)
        return crew if crew in self.several else None

    # --- lines and pools ------------------------------------------------------------------------

    def _left(self, step: Outline) -> int:
        """Steps behind it on the shortest way of those on which it lies."""
        return min(
            len(route) - 1 - position
            for route in self.network.routes.values()
            for position, other in enumerate(route)
            if other is step
        )

    def _lay_out_lines(self) -> None:
        teams: dict[str, list[Outline]] = defaultdict(list)
        for step in self.steps:
            team = self.team_of(step)
            if team is not None:
                teams[team].append(step)
            elif step.kind in (Stage, Leg):
                self._pools_of([step], None)
        for name, steps in teams.items():
            self._pools_of(steps, name)

    def _pools_of(self, steps: list[Outline], team: str | None) -> None:
        """A pool at each place, for the steps of a crew that does several things or for one other step."""
        first = steps[0]
        crew = team if team is not None else first.first.crew if first.kind is Stage else None
        duty = self.rosters.crew(crew) if crew is not None else self.driving[first].vehicles.duty
        rule: int = -1
        order: tuple[str, ...] = ()
        if team is not None:
            spec = self.scenario.spec.staffing.crews[team]
            rule, order = RULES.get(spec.serves or "", c.DOWNSTREAM), spec.serves_order
        for step in steps:
            if step.kind is Stage:
                self.working[step] = Working(step.first.crew)
        rings = {step: self.driving[step].line[0] for step in steps if step.kind is Leg}
        for step in rings:
            self.driving[step].line = []
        lines = self.rows[a.I_LINE]
        place_matters = crew is not None and any(pace.ramp for pace in self._paces(crew))
        for place in range(len(duty.server_ptr) - 1):
            pool, first_line = self.num_pools, lines.used
            for step in steps:
                row = [-1] * 6 + [pool, 0, self._left(step), len(order), self.rank[step], 1, -1, 0, place]
                for name in step.names:
                    if name in order:
                        row[c.L_IN_ORDER] = min(row[c.L_IN_ORDER], order.index(name))
                if step.kind is Stage:
                    self.working[step].line.append(lines.add(np.array([row])))
                    continue
                num_fleets = len(self.driving[step].vehicles.fleets)
                row[c.L_IS_OF_LOADS], row[c.L_RING] = 1, rings[step] + place * num_fleets
                of_set = np.array([row] * (1 << num_fleets))
                of_set[:, c.L_FLEETS] = np.arange(len(of_set))
                self.driving[step].line.append(lines.add(of_set))
                table = self.rows[a.I_RING].table
                table[row[c.L_RING] : row[c.L_RING] + num_fleets, c.G_POOL] = pool
            ring = -1
            if crew is not None:
                ring = self.ring_of_crew[crew] + place
                self.rows[a.I_RING].table[ring, c.G_POOL] = pool
            must_fit = crew is not None and duty.fit_end is not None
            hours = self._hours_of(duty, place) if place_matters else (0, 0)
            says = [first_line, lines.used - first_line, rule, ring, int(must_fit), -1, *hours]
            self.rows[a.I_POOL].add(np.array([says]))
            self.num_pools += 1
            self.deciders.append(((float(self._rank_of(first)), place), c.POOL_DECIDES, pool))

    def _paces(self, crew: str) -> tuple[Any, Any]:
        """Of the people of a crew, and of those who joined it later."""
        staffing = self.scenario.spec.staffing
        return staffing.pace_of(staffing.crews[crew]), staffing.pace_of_arrivals(staffing.crews[crew])

    def _hours_of(self, duty: Duty, place: int) -> tuple[int, int]:
        """Hours in which anybody is on duty at a place, in order: the first, and one past the last."""
        servers = np.arange(duty.server_ptr[place], duty.server_ptr[place + 1])
        _, start, end = duty.intervals_of(servers)
        hours = self.rows[a.F_HOURS]
        first = hours.used
        found: list[list[float]] = []
        for since, until in sorted(zip(start.tolist(), end.tolist(), strict=True)):
            if found and since <= found[-1][1]:
                found[-1][1] = max(found[-1][1], until)
            else:
                found.append([since, until])
        hours.add(np.array(found).reshape(len(found), 2))
        return first, hours.used

    def _ages(self, step: Outline, name: str, times: FloatArray) -> int:
        """Where it stands since when work goes on at each place of a stage, -1: no matter; how it speeds up."""
        paces = self._paces(step.first.crew)
        for number, pace in enumerate(paces):
            ramp = pace.ramp
            times[c.X_RAMP_START + number] = ramp.start if ramp else 1.0
            times[c.X_RAMP + number] = ramp.hours * 60 if ramp else 1.0
        if not any(pace.ramp for pace in paces):
            return -1
        key = step, name
        if key not in self.ages:
            num_places = len(self.working[step].line)
            self.ages[key] = self.rows[a.F_AGES].add(np.full((num_places, 1), np.nan))
        return self.ages[key]

    # --- ways -----------------------------------------------------------------------------------

    def _lay_out_ways(self) -> None:
        self.ways: dict[str, list[tuple[int, Outline]]] = {}
        departures: list[tuple[float, int]] = []
        inside = set(self.steps)
        self.num_columns, self.num_extras = 1, 0
        self.floor_frees: dict[str, PlaceKind] = {}
        for step, driving in self.driving.items():
            num_cells = self.cells.num
            driving.loads = self.rows[a.I_LOADS].add(np.array([[-1, -1, int(not driving.inside)]] * num_cells))
            rank = self._rank_of(step) - 0.25
            self.deciders += [((rank, 0), c.LOADS_DECIDE, driving.loads + cell) for cell in range(num_cells)]
        for name, route in self.network.routes.items():
            here = [step for step in route if step in inside]
            if not here:
                continue
            self.num_columns = max(self.num_columns, len(here))
            ends_here = here[-1] is route[-1]
            legs = [step.users[name] for step in route if step.kind is Leg]
            kind: PlaceKind = legs[-1].to if legs else "depot"
            frees = ends_here and bool((self.floor_of.get(kind, np.zeros(0)) >= 0).any())
            if frees:
                self.floor_frees[name] = kind
            way: list[tuple[int, Outline]] = []
            extras = 0
            for column, step in enumerate(here):
                is_last = column == len(here) - 1
                body, row, times = step.users[name], np.full(c.NODE, -1, dtype=np.int64), np.zeros(c.NODE_TIMES)
                node = self.rows[a.I_NODE].used
                row[c.N_KIND], row[c.N_NEXT], row[c.N_COLUMN] = c.UNITS, -1 if is_last else node + 1, column
                row[c.N_IS_EVENT] = int(not is_last or frees)
                row[c.N_STEP] = self.step_number[step, body.name]
                for zero in (c.N_IN_SEQUENCE, c.N_FETCHES, c.N_IS_PLAIN, c.N_HAS_DOORS, c.N_IN_PARTS):
                    row[zero] = 0
                if step.kind is Stage:
                    row[c.N_IN_SEQUENCE] = int(body.discipline == "sequence")
                    row[c.N_AGES] = self._ages(step, body.name, times)
                elif step.kind is Leg:
                    extras = self._leg_row(name, step, row, times, node, extras)
                    if row[c.N_KIND] == c.STANDING:
                        maker = self.driving[step].makers[name]
                        when = maker.departures(0.0, self.scenario.end_min).tolist()
                        departures += [(time, node) for time in when]
                else:
                    row[c.N_KIND], row[c.N_DELAY] = c.DELAY, self._delay(body)
                self.rows[a.I_NODE].add(row[None, :])
                self.rows[a.F_NODE_TIMES].add(times[None, :])
                way.append((node, step))
            self.num_extras = max(self.num_extras, extras)
            self.ways[name] = way
        assert self.num_columns < COLUMNS
        departures.sort()
        self.rows[a.I_DEPARTURE].add(np.array([node for _, node in departures], dtype=np.int64)[:, None])
        self.rows[a.F_DEPARTURE_TIME].add(np.array([time for time, _ in departures])[:, None])

    def _leg_row(self, name: str, step: Outline, row: IntArray, times: FloatArray, node: int, extras: int) -> int:
        driving, leg = self.driving[step], step.users[name]
        row[c.N_LOADS], row[c.N_FETCHES], row[c.N_IN_PARTS] = driving.loads, int(leg.fetch), int(driving.in_parts)
        if leg.leave.kind == "planned":
            row[c.N_IN_SEQUENCE] = int(leg.is_sequence)
            return extras
        row[c.N_KIND], row[c.N_LEAVES] = c.STANDING, LEAVES[leg.leave.kind]
        maker = driving.makers[name]
        row[c.N_LOT] = maker.lot
        places = self.scenario.places
        num = max(places.count(kind) for kind in PLACE_KINDS)
        if isinstance(maker, TripMaker) and maker.given is not None:
            num = max(num, len(maker.given.fleet))
        stands = np.full((num, c.STAND), -1, dtype=np.int64)
        stands[:, [c.H_COUNT, c.H_IS_LISTED, c.H_IS_OFFERED, c.H_TAKEN, c.H_DEPARTS]] = 0
        stands[:, c.H_NODE] = node
        if driving.inside:
            stands[: places.count(leg.to), c.H_DOCKS_TO] = self.docks_at(leg.to, np.arange(places.count(leg.to)))
        row[c.N_STAND] = self.rows[a.I_STAND].add(stands)
        if driving.inside:
            row[c.N_EXTRA] = self.num_columns_before + extras * c.EXTRA
            for what, effort in enumerate((leg.load, leg.unload)):
                fleet = driving.vehicles.fleets[0]
                if fleet.handling is not None:
                    effort = effort.model_copy(update=fleet.handling.model_dump())
                times[c.X_TAKES_TIME + what] = float(not effort.is_zero)
                times[c.X_PER_CONSIGNMENT + what] = effort.per_consignment_min
                times[c.X_PER_LOAD + what] = effort.per_load_min
            times[c.X_REST] = leg.rest_min
            return extras + 1
        return extras

    @property
    def num_columns_before(self) -> int:
        """Floats of an order before those of the legs at which it stands: when it came, and finished each step."""
        return 1 + max(sum(step in set(self.steps) for step in route) for route in self.network.routes.values())

    def _delay(self, body: Any) -> int:
        hours = self.rows[a.F_HOURS]
        first, ahead, is_gate = hours.used, 0, 0
        if isinstance(body, Gate):
            is_gate, ahead = 1, body.days_ahead
            for day in range(int(self.scenario.end_min // MINUTES_PER_DAY) + 1):
                weekday = WEEKDAYS[(self.scenario.first_weekday + day) % 7]
                if not body.weekdays or weekday in body.weekdays:
                    midnight = day * MINUTES_PER_DAY
                    hours.add(np.array([[midnight + body.opens, midnight + body.closes]]))
        minutes = 0.0 if is_gate else float(body.minutes)
        self.rows[a.F_DELAY_TIMES].add(np.array([[minutes]] * self.cells.num))
        says = [-1, -1, first, hours.used, ahead, is_gate]
        return self.rows[a.I_DELAY].add(np.array([says] * self.cells.num))

    # --- deciders, registers ------------------------------------------------------------------------

    def _number_deciders(self) -> None:
        self.deciders.sort(key=lambda decider: (cell_of_decider(self.cells, *decider[1:]), decider[0]))
        tables = {
            c.FLOOR_DECIDES: (a.I_FLOOR, c.FL_DECIDER),
            c.DOCKS_DECIDE: (a.I_DOCKS, c.K_DECIDER),
            c.LOADS_DECIDE: (a.I_LOADS, c.M_DECIDER),
            c.POOL_DECIDES: (a.I_POOL, c.P_DECIDER),
        }
        for number, (_, kind, which) in enumerate(self.deciders):
            self.rows[a.I_DECIDER].add(np.array([[kind, which, 0]]))
            array, column = tables[kind]
            self.rows[array].table[which, column] = number

    def _finish(self) -> None:
        rows, registers = self.rows, self.registers
        num_servers, num_pools = rows[a.I_SERVER].used, rows[a.I_POOL].used
        num_docks = rows[a.I_DOCKS].used
        rows[a.I_ORDER].width = c.ORDER_HEAD + self.num_columns
        rows[a.F_ORDER_TIMES].width = self.num_columns_before + self.num_extras * c.EXTRA
        rows[a.F_PART_TIMES].width = c.PART_HEAD + 4 * self.num_fleets
        rows[a.I_BY_STEP].add(np.zeros((rows[a.I_BOOK].used * len(self.step_number), 1), dtype=np.int64))
        registers[c.R_ORDER_WIDTH], registers[c.R_TIME_WIDTH] = rows[a.I_ORDER].width, rows[a.F_ORDER_TIMES].width
        registers[c.R_PART_WIDTH], registers[c.R_FLEETS] = rows[a.F_PART_TIMES].width, self.num_fleets
        registers[c.R_STEPS], registers[c.R_CELLS] = len(self.step_number), self.cells.num
        registers[c.R_POOL_ENTITY], registers[c.R_DOCK_ENTITY] = num_servers, num_servers + num_pools
        registers[c.R_DELAY_ENTITY] = num_servers + num_pools + num_docks
        registers[c.R_LEFT_OUT], registers[c.R_SPELLS_OF_TRIP] = -1, (1 + self.most_seats) * int(self.keeps_spells)
        lay_out_cells(self.rows, self.cells, [decider[1:] for decider in self.deciders])
        lengths = np.concatenate([[0], np.cumsum([len(times) for times, _ in self.calendars])])
        rows[a.I_CALENDAR_PTR].add(lengths.astype(np.int64)[:, None])
        for times, speeds in self.calendars:
            rows[a.F_CALENDAR_TIME].add(np.array(times)[:, None])
            rows[a.F_CALENDAR_SPEED].add(np.array(speeds)[:, None])


def can_be_laid_out(layout: Layout) -> Message | None:
    """What the event engine does not know of a component that has been laid out; None: nothing."""
    for step, driving in layout.driving.items():
        for leg in step.users.values():
            if leg.leave.kind == "ready" and driving.in_parts:
                return message("not_by_events_ready", leg=leg.name)
            if not driving.in_parts and leg.leave.kind != "planned" and (leg.leave.orders or 0) > MOST_ORDERS:
                return message("not_by_events_large", leg=leg.name, most=MOST_ORDERS)
    return None
