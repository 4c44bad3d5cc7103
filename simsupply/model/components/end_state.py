"""What a component tells of its state at the end of a run; see `simsupply.model.flow.end_state`."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from simsupply.model.components.component import Component
from simsupply.model.components.event_leg import EventLeg
from simsupply.model.components.event_step import EventStep
from simsupply.model.events import arena as a
from simsupply.model.events import columns as c
from simsupply.model.flow.end_state import EndState, Orders, Unfinished, VehicleUnderWay
from simsupply.strategy.steps.leg import Leg

IntArray = NDArray[np.int64]


def add_end_state(component: Component, state: EndState) -> None:
    """Add vehicles under way and units that are not complete; before the component is closed."""
    for model in component.models.values():
        if isinstance(model, EventLeg):
            state.vehicles += _under_way(model)
        for node in model.nodes:
            state.unfinished += _unfinished(model, node)


def _under_way(model: EventLeg) -> Iterator[VehicleUnderWay]:
    servers, jobs = model.rows[a.I_SERVER].table, model.rows[a.I_JOB].table
    first = model.driving.first_server
    for number, fleet in enumerate(model.vehicles.fleet_of.tolist()):
        server = servers[first + number]
        job = int(server[c.S_JOB])
        if job < 0:
            continue
        leg: Leg = model.step.users[model.nodes[int(jobs[job, c.J_NODE])]]
        base = int(np.searchsorted(model.vehicles.duty.server_ptr, number, side="right")) - 1
        orders, _ = model.members(np.array([job]))
        vehicle = VehicleUnderWay(leg, model.vehicles.names[fleet], base, _named(model, orders))
        if model.driving.crew is not None:
            vehicle.people = model.vehicles.fleets[fleet].people_per_vehicle
        if server[c.S_STATE] in (c.WAITS_AT_STOP, c.WAITS_FOR_ROOM):
            vehicle.waits_for = "room" if server[c.S_STATE] == c.WAITS_FOR_ROOM else "dock"
            vehicle.stop = _stop(model, leg, int(server[c.S_PART]))
            vehicle.since = float(model.rows[a.F_SERVER_TIMES].table[first + number, c.V_WAITS])
        yield vehicle


def _stop(model: EventLeg, leg: Leg, part: int) -> int:
    """At which place a part of a trip ends."""
    says = model.rows[a.I_PART].table[part]
    if model.driving.in_parts:
        return int(says[c.Q_STOP])
    return int(np.flatnonzero(model.layout.floor_of[leg.to] == says[c.Q_FLOOR])[0])


def _unfinished(model: EventStep, node: int) -> Iterator[Unfinished]:
    body, rows = model.step.users[model.nodes[node]], model.rows
    if isinstance(body, Leg) and body.leave.kind == "full" and not body.leave.at:
        stands, orders = rows[a.I_STAND].table, rows[a.I_ORDER].table
        for stand in stands[stands[:, c.H_NODE] == node]:
            found, order = [], int(stand[c.H_HEAD])
            while order >= 0:
                found.append(order)
                order = int(orders[order, c.O_NEXT])
            if found:
                yield Unfinished(body.name, _named(model, np.array(found)), is_open=True)
        return
    jobs = rows[a.I_JOB].table
    for job in np.flatnonzero((jobs[:, c.J_NODE] == node) & (jobs[:, c.J_MISSING] > 0)).tolist():
        members, _ = model.members(np.array([job]))
        yield Unfinished(body.name, _named(model, members))


def _named(model: EventStep, orders: IntArray) -> Orders:
    """Orders by wave and place in it."""
    inside = model.component.inside
    return [(wave.number, place) for wave, _, places in inside.by_wave(orders) for place in places.tolist()]
