"""Cells: places that exchange nothing with others, each with its own heap; those of a group are run one by one.

A group has a directory of its own: its registers and sums, and its parts of the lists of what has happened. What a
cell needs by itself it has in a row, which is taken up before it is run and left afterwards. So groups can run on
several threads at once: none writes where another one reads.
"""

from __future__ import annotations

from simsupply.model.events.arena import (
    F_CELL_TIMES,
    F_HEAP_TIME,
    F_TIMES,
    I_CELL,
    I_HEAP_ENTITY,
    I_REGISTERS,
    I_TOUCHED,
    OF_CELLS,
    inlined,
    real,
    set_real,
    set_whole,
    turn_to,
    whole,
)
from simsupply.model.events.columns import CELL, CELL_REGISTERS, T_NOW, Z_HEAP, Z_LEFT, Z_TOUCHED

TOUCHED, HEAP_ENTITY, HEAP_TIME = (OF_CELLS.index(array) for array in (I_TOUCHED, I_HEAP_ENTITY, F_HEAP_TIME))


@inlined
def take_up(arena, cell):
    """Let the registers, the heap and the deciders that were touched be those of a cell."""
    for register in range(CELL_REGISTERS):
        set_whole(arena, I_REGISTERS, register, whole(arena, I_CELL, cell * CELL + register))
    set_real(arena, F_TIMES, T_NOW, real(arena, F_CELL_TIMES, cell))
    turn_to(arena, I_TOUCHED, TOUCHED, whole(arena, I_CELL, cell * CELL + Z_TOUCHED))
    turn_to(arena, I_HEAP_ENTITY, HEAP_ENTITY, whole(arena, I_CELL, cell * CELL + Z_HEAP))
    turn_to(arena, F_HEAP_TIME, HEAP_TIME, whole(arena, I_CELL, cell * CELL + Z_HEAP))


@inlined
def lay_down(arena, cell, why):
    """Write down where a cell stands, and why the loop leaves it."""
    for register in range(CELL_REGISTERS):
        set_whole(arena, I_CELL, cell * CELL + register, whole(arena, I_REGISTERS, register))
    set_real(arena, F_CELL_TIMES, cell, real(arena, F_TIMES, T_NOW))
    set_whole(arena, I_CELL, cell * CELL + Z_LEFT, why)
