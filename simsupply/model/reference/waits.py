"""How long orders wait in the reference engine: order by order, spell by spell."""

from __future__ import annotations

import math
from collections.abc import Iterable

from simsupply.model.flow.wait_hours import WaitHours, tick
from simsupply.model.flow.waits import WaitCells
from simsupply.model.flow.waves import Wave
from simsupply.model.kernels.waits import HELD_BACK, ORDERED, TOTAL, WITHIN
from simsupply.model.staff.planned_hours import Spells
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.strategy.waits import Cause


class ReferenceWaits(WaitCells):
    """Adds up waits one by one."""

    def __init__(self, hours: WaitHours) -> None:
        super().__init__()
        self.hours = hours

    def arrive(self, wave: Wave, step: str, now: float) -> None:
        """Count an order that has come to a step."""
        self.come(wave.base, step, int(now < self.hours.horizon))

    def at_place(
        self, wave: Wave, order: int, step: str, cause: Cause, at: PlaceKind, place: int, begin: float, end: float
    ) -> None:
        """An order that waited at a place: for room while that was closed, unless it had no vehicle yet."""
        hours = self.hours.handling[at] if cause == "dock" else self.hours.duty
        closed, off = spell_pairs(hours.closed[place]), spell_pairs(hours.off[place])
        self.add(wave, order, step, cause, begin, end, ordered=off, without=closed)
        for since, until in closed:
            self.add(wave, order, step, "room", max(begin, since), min(end, until))

    def while_closed(
        self, wave: Wave, order: int, step: str, at: PlaceKind, place: int, begin: float, end: float
    ) -> None:
        """An order that was at a place: while it was closed it waited for room."""
        for since, until in spell_pairs(self.hours.handling[at].closed[place]):
            self.add_on_board(wave, order, step, "room", max(begin, since), min(end, until))

    def add_on_board(self, wave: Wave, order: int, step: str, cause: Cause, begin: float, end: float) -> None:
        """An order that waited on board of a vehicle; that is no travel."""
        self.add(wave, order, step, cause, begin, end)
        if self.spent and begin < end < math.inf:
            self.spent.add(wave.number, len(wave), step, "travel", order, tick(begin) - tick(end))

    def add(
        self,
        wave: Wave,
        order: int,
        step: str,
        cause: Cause,
        begin: float,
        end: float,
        ordered: Iterable[tuple[float, float]] = (),
        without: Iterable[tuple[float, float]] = (),
    ) -> None:
        """An order that waited from `begin` to `end`, but not in `without`; in `ordered` it waited as planned."""
        if self.spent and begin < end < math.inf:
            since, until = tick(begin), tick(end)
            waited = until - since - _ticks_in(without, since, until)
            self.spent.add(wave.number, len(wave), step, cause, order, waited)
        if not begin < min(end, self.hours.horizon):
            return
        since, until, horizon = tick(begin), tick(min(end, self.hours.horizon)), tick(self.hours.horizon)
        due = max(since, min(until, tick(float(wave.placed[order]) + self.hours.target), horizon))
        total = until - since - _ticks_in(without, since, until)
        within = due - since - _ticks_in(without, since, due)
        cell = self.cell(wave.base, step, cause)
        cell[TOTAL] += total
        cell[WITHIN] += within
        cell[ORDERED] += _ticks_in(ordered, since, until)
        cell[HELD_BACK] += within - _ticks_in(ordered, since, due)


def spell_pairs(spells: Spells) -> tuple[tuple[float, float], ...]:
    """Spells one by one."""
    return tuple((start, end) for start, end in spells.tolist())


def _ticks_in(spells: Iterable[tuple[float, float]], since: int, until: int) -> int:
    """How much of a time lies in the spells, ticks."""
    bounds = ((tick(start), until if math.isinf(end) else tick(end)) for start, end in spells if start < math.inf)
    return sum(max(0, min(until, end) - max(since, start)) for start, end in bounds)
