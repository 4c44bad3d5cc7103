"""From when to when people and vehicles are busy, where it must be told whether people or vehicles are short."""

from __future__ import annotations

from simsupply.model.events.arena import (
    F_SPELL_TIMES,
    I_REGISTERS,
    I_RING,
    I_SERVER,
    I_SPELL,
    inlined,
    set_real,
    set_whole,
    whole,
)
from simsupply.model.events.columns import G_KEEPS_SPELLS, R_SPELLS, RING, S_RING, S_SPELL, SERVER


@inlined
def busy_from(arena, server, now):
    """Write down that somebody begins something."""
    if whole(arena, I_RING, whole(arena, I_SERVER, server * SERVER + S_RING) * RING + G_KEEPS_SPELLS) == 1:
        number = whole(arena, I_REGISTERS, R_SPELLS)
        set_whole(arena, I_SPELL, number, server)
        set_real(arena, F_SPELL_TIMES, 2 * number, now)
        set_real(arena, F_SPELL_TIMES, 2 * number + 1, float("inf"))
        set_whole(arena, I_SERVER, server * SERVER + S_SPELL, number)
        set_whole(arena, I_REGISTERS, R_SPELLS, number + 1)


@inlined
def no_more_busy(arena, server, now):
    """Write down that it is over."""
    if whole(arena, I_RING, whole(arena, I_SERVER, server * SERVER + S_RING) * RING + G_KEEPS_SPELLS) == 1:
        set_real(arena, F_SPELL_TIMES, 2 * whole(arena, I_SERVER, server * SERVER + S_SPELL) + 1, now)
