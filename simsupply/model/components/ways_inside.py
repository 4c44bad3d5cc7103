"""The ways of orders through a component, node by node: what is there, and how loads leave."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.city.diversions import Chains
from simsupply.model.components.cells import find_cells
from simsupply.model.components.graph import Outline
from simsupply.model.components.lines_of_crews import LinesOfCrews
from simsupply.model.components.parts_of_layout import Passing
from simsupply.model.events import arena as a
from simsupply.model.events import columns as c
from simsupply.model.events.orders import COLUMNS
from simsupply.model.network import Network
from simsupply.model.staff.rosters import Rosters
from simsupply.model.vehicles.trips import TripMaker
from simsupply.scenario.place_kinds import PLACE_KINDS, PlaceKind
from simsupply.scenario.weekdays import WEEKDAYS
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.steps.gate import Gate
from simsupply.strategy.steps.leg import Leg
from simsupply.strategy.steps.stage import Stage
from simsupply.streams.keyed import Streams

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
LEAVES = {"full": c.FULL, "time": c.AT_TIMES, "ready": c.READY}


class WaysInside(LinesOfCrews):
    """Rows of nodes.

    Attributes
    ----------
    ways : dict of str to list of (node, Outline)
        Of each route, what of it lies in the component.
    passing : dict of str to Passing
        Of each route, which of these the orders of each of its ways pass.
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
        super().__init__(steps, network, scenario, strategy, rosters, streams)
        names = [(step, name) for step in steps for name in step.names]
        self.step_number = {key: number for number, key in enumerate(names)}
        are_diverted = bool(Chains(scenario, rosters.shocks).closures)
        self.cells = find_cells(self, steps, network, self.working, self.driving, are_diverted)
        self._lay_out_ways()

    def _lay_out_ways(self) -> None:
        self.ways: dict[str, list[tuple[int, Outline]]] = {}
        departures: list[tuple[float, int]] = []
        inside = set(self.steps)
        self.num_columns, self.num_extras = 1, 0
        self.passing: dict[str, Passing] = {}
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
            passing = self.passing[name] = self._passing(name, route, here)
            first_node = self.rows[a.I_NODE].used
            way: list[tuple[int, Outline]] = []
            extras = 0
            for column, step in enumerate(here):
                body, row, times = step.users[name], np.full(c.NODE, -1, dtype=np.int64), np.zeros(c.NODE_TIMES)
                node = self.rows[a.I_NODE].used
                row[c.N_KIND], row[c.N_NEXT], row[c.N_COLUMN] = c.UNITS, _next(passing, column, first_node), column
                row[c.N_IS_EVENT] = int(row[c.N_NEXT] != -1 or self._frees_floor(passing, column))
                row[c.N_STEP] = self.step_number[step, body.name]
                for zero in (c.N_IN_SEQUENCE, c.N_FETCHES, c.N_IS_PLAIN, c.N_HAS_DOORS, c.N_IN_PARTS):
                    row[zero] = 0
                if step.kind is Stage:
                    row[c.N_IN_SEQUENCE] = int(body.discipline == "sequence")
                    self._ages(step, body.name, row, times)
                elif step.kind is Leg:
                    extras = self._leg_row(name, step, row, times, node, extras)
                    if row[c.N_KIND] == c.STANDING:
                        maker = self.driving[step].makers[name]
                        when = maker.departures(0.0, self.scenario.end_min).tolist()
                        departures += [(time, node) for time in when]
                else:
                    row[c.N_KIND], row[c.N_DELAY] = c.DELAY, self._delay(body)
                    if isinstance(body, Gate) and body.slots:
                        row[c.N_KIND], row[c.N_EXTRA] = c.SLOTS, self.num_columns_before + extras * c.EXTRA
                        extras += 1
                        rank, first_delay = float(self.rank[step]), int(row[c.N_DELAY])
                        delays = range(first_delay, first_delay + self.cells.num)
                        self.deciders += [((rank, 0), c.SLOTS_DECIDE, delay) for delay in delays]
                self.rows[a.I_NODE].add(row[None, :])
                self.rows[a.F_NODE_TIMES].add(times[None, :])
                way.append((node, step))
            self.num_extras = max(self.num_extras, extras)
            self.ways[name] = way
        assert self.num_columns < COLUMNS
        self._number_ways()
        departures.sort()
        self.rows[a.I_DEPARTURE].add(np.array([node for _, node in departures], dtype=np.int64)[:, None])
        self.rows[a.F_DEPARTURE_TIME].add(np.array([time for time, _ in departures])[:, None])

    def _passing(self, name: str, route: list[Outline], here: list[Outline]) -> Passing:
        """Which of the steps that lie here the orders of each way of a route pass, and where these end."""
        found = Passing([], [])
        for positions in self.network.positions[name]:
            way = [route[position] for position in positions]
            found.numbers.append(tuple(here.index(step) for step in way if step in here))
            legs = [step.users[name] for step in way if step.kind is Leg]
            kind: PlaceKind = legs[-1].to if legs else "depot"
            frees = way[-1] in here and bool((self.floor_of.get(kind, np.zeros(0)) >= 0).any())
            found.frees.append(kind if frees else None)
        return found

    def _frees_floor(self, passing: Passing, column: int) -> bool:
        """Whether an order may leave a floor when it has finished a node."""
        return any(
            kind and numbers and numbers[-1] == column
            for kind, numbers in zip(passing.frees, passing.numbers, strict=True)
        )

    def _number_ways(self) -> None:
        """Write down the next node of each, way after way."""
        first_way = 0
        for name, passing in self.passing.items():
            passing.first_way = first_way
            first_way += len(passing.numbers)
            for way, numbers in enumerate(passing.numbers):
                row = np.full(self.num_columns, -1, dtype=np.int64)
                for column in numbers:
                    following = passing.following(way, column)
                    row[column] = -1 if following is None else self.ways[name][following][0]
                self.rows[a.I_NEXT].add(row[:, None])

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
        first, ahead, is_gate, has_slots = hours.used, 0, 0, 0
        if isinstance(body, Gate):
            is_gate, ahead, has_slots = 1, body.days_ahead, int(body.slots is not None)
            for day in range(int(self.scenario.end_min // MINUTES_PER_DAY) + 1):
                weekday = WEEKDAYS[(self.scenario.first_weekday + day) % 7]
                if not body.weekdays or weekday in body.weekdays:
                    midnight = day * MINUTES_PER_DAY
                    hours.add(np.array([[midnight + (0 if has_slots else body.opens), midnight + body.closes]]))
        minutes = 0.0 if is_gate else float(body.minutes)
        self.rows[a.F_DELAY_TIMES].add(np.array([[minutes]] * self.cells.num))
        says = [-1, -1, first, hours.used, ahead, is_gate, has_slots, -1, 0]
        return self.rows[a.I_DELAY].add(np.array([says] * self.cells.num))


def _next(passing: Passing, column: int, first_node: int) -> int:
    """The node behind one: -1: none, `BY_WAY`: not the same on all ways that pass it."""
    behind = {passing.following(way, column) for way, numbers in enumerate(passing.numbers) if column in numbers}
    if len(behind) > 1 or (behind != {None} and behind != {column + 1}):
        return c.BY_WAY
    return -1 if behind == {None} else first_node + column + 1
