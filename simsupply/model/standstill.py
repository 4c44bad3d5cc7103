"""Who stands still for good at the end of a run: a deadlock, found in the state that an engine leaves behind.

Vehicles keep their people while they wait for a dock or for room, and room is made by people and vehicles. What can go
on is found from below: what waits for nobody, then what waits for that, and so on. What is left waits in a circle. In
doubt something can go on: who is off duty will come again, a line is not held up by its head.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simsupply.model.flow.end_state import EndState, Unfinished, VehicleUnderWay
from simsupply.model.flow.step import Completion
from simsupply.model.flow.waves import Wave
from simsupply.model.network import Network
from simsupply.model.staff.duty import Duty
from simsupply.model.staff.rosters import Rosters
from simsupply.records.standstill import StandstillRecord
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.scenario.world import Scenario
from simsupply.strategy.crew_steps import drivers_of
from simsupply.strategy.steps.leg import Leg
from simsupply.strategy.steps.stage import Stage

Order = tuple[int, int]
Place = tuple[PlaceKind, int]


class Whereabouts:
    """Which step each order that is on its way is to finish next; only where vehicles may have to wait at a stop.

    Attributes
    ----------
    position : dict of int to int array, shape (orders,)
        By number of the wave: position in its route; that behind the last step of the orders that have left.
    """

    def __init__(self, scenario: Scenario) -> None:
        limits = (*scenario.places.floor.values(), *scenario.places.unload_docks.values())
        self.is_needed = any(np.isfinite(limit).any() for limit in limits)
        self.position: dict[int, NDArray[np.int64]] = {}

    def take(self, wave: Wave, network: Network[Any]) -> None:
        """Orders are released: they come to the first step of their way."""
        if self.is_needed and len(wave):
            first = np.array([positions[0] for positions in network.positions[wave.channel.name]])
            self.position[wave.number] = first[np.zeros(len(wave), dtype=np.int64) if wave.way is None else wave.way]

    def note(self, completion: Completion, following: int | None) -> None:
        """Orders come to the step at a position; None: they have left."""
        wave, orders, _ = completion
        if not self.is_needed:
            return
        past = len(wave.channel.steps)
        position = self.position[wave.number]
        position[orders] = past if following is None else following
        if following is None and (position == past).all():
            del self.position[wave.number]


class _Circle:
    """Finds what cannot go on."""

    def __init__(
        self,
        state: EndState,
        position: Mapping[int, NDArray[np.int64]],
        waves: Mapping[int, Wave],
        network: Network[Any],
        scenario: Scenario,
        rosters: Rosters,
    ) -> None:
        self.waves, self.network, self.scenario, self.rosters = waves, network, scenario, rosters
        self.next = {
            (number, order): step
            for number, steps in position.items()
            for order, step in enumerate(steps.tolist())
            if step < len(waves[number].channel.steps)
        }
        self.vehicles = [vehicle for vehicle in state.vehicles if vehicle.waits_for]
        self.on_board: dict[Order, VehicleUnderWay] = {}
        for vehicle in state.vehicles:
            vehicle.orders = [order for order in vehicle.orders if self._body(order) is not None]
            self.on_board |= dict.fromkeys(vehicle.orders, vehicle)
        self.unit_of = {
            (unit.step, order): unit
            for unit in state.unfinished
            for order in unit.orders
            if (body := self._body(order)) is not None and body.name == unit.step and order not in self.on_board
        }
        self.standing: dict[Place, list[Order]] = defaultdict(list)
        for order in self.next:
            if order not in self.on_board and (place := self._floor_of(order)):
                self.standing[place].append(order)
        self.goes_on: set[Order] = set()
        self.moving = {vehicle for vehicle in state.vehicles if not vehicle.waits_for}
        # Where something is, or will be, unloaded.
        self.reached = {
            (vehicle.leg.to, self._place(order, vehicle.leg.to)) for vehicle in self.moving for order in vehicle.orders
        }

    def find(self) -> list[VehicleUnderWay]:
        """Vehicles that stand still for good."""
        before = -1
        while before < len(self.moving) + len(self.goes_on):
            before = len(self.moving) + len(self.goes_on)
            stuck = [vehicle for vehicle in self.vehicles if vehicle not in self.moving]
            if not stuck:
                return []
            self.people_held = Counter[tuple[str, int]]()
            self.vehicles_held = Counter[tuple[str, int]]()
            self.docks_held = Counter[Place]()
            for vehicle in stuck:
                for crew in drivers_of(vehicle.leg, self.scenario.spec.fleet):
                    self.people_held[crew, vehicle.base] += vehicle.people
                self.vehicles_held[vehicle.fleet, vehicle.base] += 1
                self.docks_held[vehicle.leg.to, vehicle.stop] += vehicle.waits_for == "room"
            self.goes_on |= {order for order in self.next if order not in self.goes_on and self._can_go_on(order)}
            self.moving |= {vehicle for vehicle in stuck if self._can_move(vehicle)}
        return [vehicle for vehicle in self.vehicles if vehicle not in self.moving]

    def _body(self, order: Order) -> Stage | Leg | None:
        """The stage or leg that an order is to finish next, if it is one."""
        if order not in self.next:
            return None
        step = self.waves[order[0]].channel.steps[self.next[order]]
        body: Stage | Leg | None = step.stage or step.leg
        return body

    def _place(self, order: Order, kind: PlaceKind) -> int:
        wave = self.waves[order[0]]
        return int(wave.places.serving[kind][wave.drop_point[order[1]]])

    def _floor_of(self, order: Order) -> Place | None:
        """Where an order was brought, and stands until it is taken on."""
        wave, position = self.waves[order[0]], self.next[order]
        way = 0 if wave.way is None else int(wave.way[order[1]])
        on_way = self.network.positions[wave.channel.name][way]
        legs = [leg for before in on_way if before < position and (leg := wave.channel.steps[before].leg)]
        return (legs[-1].to, self._place(order, legs[-1].to)) if legs else None

    def _can_go_on(self, order: Order) -> bool:
        if order in self.on_board:
            return self.on_board[order] in self.moving
        body = self._body(order)
        if body is None:
            return True
        unit = self.unit_of.get((body.name, order))
        if unit is not None and not self._can_be_whole(unit, order):
            return False
        if isinstance(body, Stage):
            place = self._place(order, body.at)
            return all(self._free_people(crew, place) > 0 for crew in body.crews)
        fleets = self.scenario.spec.fleet
        base = self._place(order, fleets[body.fleets[0]].at)
        return any(
            self._has_vehicle(fleet, base)
            and all(
                self._free_people(crew, base) >= fleets[fleet].people_per_vehicle for crew in drivers_of(body, fleets)
            )
            for fleet in body.fleets
        )

    def _can_be_whole(self, unit: Unfinished, order: Order) -> bool:
        """Whether what a unit waits for will come."""
        if not unit.is_open:
            return all(
                member in self.goes_on
                for member in unit.orders
                if (body := self._body(member)) is not None and (body.name != unit.step or member in self.on_board)
            )
        number, position = order[0], self.next[order]
        channel = self.waves[number].channel.name
        return any(
            self.waves[other[0]].channel.name == channel and self.next[other] < position for other in self.goes_on
        )

    def _can_move(self, vehicle: VehicleUnderWay) -> bool:
        place = vehicle.leg.to, vehicle.stop
        if vehicle.waits_for == "dock":
            return self.docks_held[place] < int(self.scenario.places.unload_docks[vehicle.leg.to][vehicle.stop])
        return place in self.reached or any(order in self.goes_on for order in self.standing[place])

    def _free_people(self, crew: str, place: int) -> int:
        return _who_comes(self.rosters.crew(crew), place) - self.people_held[crew, place]

    def _has_vehicle(self, fleet: str, base: int) -> bool:
        return _who_comes(self.rosters.fleet(fleet), base) > self.vehicles_held[fleet, base]


def _who_comes(duty: Duty, place: int) -> int:
    """People (or vehicles) at a place who are ever on duty."""
    servers = slice(int(duty.server_ptr[place]), int(duty.server_ptr[place + 1]) + 1)
    return int(np.count_nonzero(np.diff(duty.interval_ptr[servers])))


def standstills(
    state: EndState,
    whereabouts: Whereabouts,
    waves: Mapping[int, Wave],
    network: Network[Any],
    scenario: Scenario,
    rosters: Rosters,
) -> tuple[StandstillRecord, ...]:
    """Vehicles that stand still for good at the end of a run, by leg, place and what they wait for.

    Parameters
    ----------
    state : EndState
    whereabouts : Whereabouts
    waves : mapping of int to Wave
        Those of which orders have not left.
    """
    if not any(vehicle.waits_for for vehicle in state.vehicles):
        return ()
    circle = _Circle(state, whereabouts.position, waves, network, scenario, rosters)
    groups: dict[tuple[str, PlaceKind, int, str], list[VehicleUnderWay]] = defaultdict(list)
    for vehicle in circle.find():
        groups[vehicle.leg.name, vehicle.leg.to, vehicle.stop, vehicle.waits_for or ""].append(vehicle)
    held = circle.people_held if groups else Counter()
    found = []
    for (step, at, place, cause), standing in sorted(groups.items()):
        crews = {
            crew
            for vehicle in standing
            for crew in drivers_of(vehicle.leg, scenario.spec.fleet)
            if _who_comes(rosters.crew(crew), vehicle.base) <= held[crew, vehicle.base]
        }
        found.append(
            StandstillRecord(
                step,
                at,
                str(scenario.places.names[at][place]),
                "dock" if cause == "dock" else "room",
                min(vehicle.since for vehicle in standing),
                len(standing),
                sum(len(vehicle.orders) for vehicle in standing),
                tuple(sorted(crews)),
            )
        )
    return tuple(found)
