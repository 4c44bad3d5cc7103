"""Cells: places that exchange nothing with others, each with its own heap; those of a group are run one by one.

A group has registers and sums of its own, and its parts of the lists of what has happened. What a cell needs by itself
it has in a row, which is taken up into the registers before it is run and written down afterwards. So groups can run
on several threads at once: none writes where another one reads.
"""

from __future__ import annotations

from simsupply.model.events.arena import (
    F_CELL_TIMES,
    F_TIMES,
    I_CELL,
    I_REGISTERS,
    inlined,
    real,
    set_real,
    set_whole,
    whole,
)
from simsupply.model.events.columns import CELL, CELL_REGISTERS, T_NOW, Z_LEFT


@inlined
def take_up(arena, cell):
    """Let the registers be those of a cell."""
    for register in range(CELL_REGISTERS):
        set_whole(arena, I_REGISTERS, register, whole(arena, I_CELL, cell * CELL + register))
    set_real(arena, F_TIMES, T_NOW, real(arena, F_CELL_TIMES, cell))


@inlined
def lay_down(arena, cell, why):
    """Write down where a cell stands, and why the loop leaves it."""
    for register in range(CELL_REGISTERS):
        set_whole(arena, I_CELL, cell * CELL + register, whole(arena, I_REGISTERS, register))
    set_real(arena, F_CELL_TIMES, cell, real(arena, F_TIMES, T_NOW))
    set_whole(arena, I_CELL, cell * CELL + Z_LEFT, why)
