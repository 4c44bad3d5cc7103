"""Rows of the cells of a component: where the heap of each and its deciders stand, who comes on duty first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simsupply.model.components.cells import Cells
from simsupply.model.components.rows import Rows
from simsupply.model.events import arena as a
from simsupply.model.events import columns as c

IntArray = NDArray[np.int64]


def cell_of_decider(cells: Cells, kind: int, which: int) -> int:
    """In which cell something is decided."""
    if kind in (c.LOADS_DECIDE, c.SLOTS_DECIDE):
        return which % cells.num
    of = {c.FLOOR_DECIDES: cells.of_floor, c.DOCKS_DECIDE: cells.of_docks, c.POOL_DECIDES: cells.of_pool}
    of[c.CREWS_DECIDE] = cells.of_pool
    return int(of[kind][which])


def lay_out_cells(rows: dict[int, Rows], cells: Cells, deciders: Sequence[tuple[int, int]]) -> None:
    """Write a row for each cell, when everything else has been laid out; of deciders kind and number, cell by cell."""
    ring = rows[a.I_SERVER].table[:, c.S_RING]
    delays = np.arange(rows[a.I_DELAY].used) % cells.num
    of_servers = cells.of_pool[rows[a.I_RING].table[ring, c.G_POOL]]
    of_entity = np.concatenate([of_servers, cells.of_pool, cells.of_docks, delays])
    of_decider = np.array([cell_of_decider(cells, *decider) for decider in deciders], dtype=np.int64)
    heaps = np.cumsum(np.bincount(of_entity, minlength=cells.num) + 2)
    num_deciders = np.bincount(of_decider, minlength=cells.num)
    table = np.zeros((cells.num, c.CELL), dtype=np.int64)
    table[:, c.R_DEPARTURES], table[:, c.R_CELL] = rows[a.I_DEPARTURE].used, np.arange(cells.num)
    table[:, c.R_LAST_DECIDER] = np.cumsum(num_deciders)
    table[:, c.R_FIRST_DECIDER] = table[:, c.R_LAST_DECIDER] - num_deciders
    table[:, c.Z_HEAP] = np.concatenate([[0], heaps[:-1]])
    table[:, c.Z_TOUCHED] = table[:, c.R_FIRST_DECIDER] + np.arange(cells.num)
    rows[a.I_TOUCHED].make_room(len(deciders) + cells.num)
    rows[a.I_HEAP_ENTITY].make_room(int(heaps[-1]))
    rows[a.F_HEAP_TIME].make_room(int(heaps[-1]))
    rows[a.I_HEAP_PLACE].add(np.full((len(of_entity), 1), -1))
    rows[a.F_CELL_TIMES].add(np.zeros((cells.num, 1)))
    rows[a.I_FIRST_STAND].add(np.full((rows[a.I_NODE].used * cells.num, 1), -1))
    _call_to_duty(rows, table, of_entity)
    rows[a.I_CELL].add(table)


def _call_to_duty(rows: dict[int, Rows], table: IntArray, of_entity: IntArray) -> None:
    """Everybody comes on duty with an event; in order of time these are a heap."""
    servers, duty = rows[a.I_SERVER].table, rows[a.F_DUTY].table
    has_duty = np.flatnonzero(servers[:, c.S_DUTY] < servers[:, c.S_DUTY_END])
    start = np.maximum(duty[servers[has_duty, c.S_DUTY], c.D_START], 0.0) if len(has_duty) else np.zeros(0)
    in_order = np.lexsort((start, of_entity[has_duty]))
    who = has_duty[in_order]
    num = np.bincount(of_entity[who], minlength=len(table))
    place = np.arange(len(who)) - np.repeat(np.cumsum(num) - num, num)
    at = table[of_entity[who], c.Z_HEAP] + place
    rows[a.F_HEAP_TIME].data[at], rows[a.I_HEAP_ENTITY].data[at] = start[in_order], who
    rows[a.I_HEAP_PLACE].data[who] = place
    table[:, c.R_HEAP] = num
