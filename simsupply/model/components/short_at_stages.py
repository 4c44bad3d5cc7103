"""What units wait for at a stage where they are served together, or need people and equipment at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.model.components.graph import Outline
from simsupply.model.components.short_of_people import cut_by, free_over_time
from simsupply.model.components.state import ComponentState
from simsupply.model.events import arena as a
from simsupply.strategy.waits import Cause

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
Pieces = tuple[IntArray, FloatArray, FloatArray, NDArray[np.bool_]]


class ShortAtStage:
    """Cuts waits for being begun by what was short.

    Attributes
    ----------
    cause : str or None
        What is waited for where all that is needed are people (``people``) or equipment (``room``); None: both are.
    is_together : bool
        Whether units are served together.
    """

    def __init__(self, component: ComponentState, step: Outline) -> None:
        self.component = component
        crews = component.layout.scenario.spec.staffing.crews
        self.people = [name for name in step.first.crews if crews[name].people != "equipment"]
        self.cause: Cause | None = (
            "room" if not self.people else "people" if len(self.people) == len(step.first.crews) else None
        )
        self.is_together = step.first.together is not None
        self.known: dict[int, tuple[FloatArray, FloatArray]] = {}
        self.known_at = -1.0

    def cut_by_units(self, line: IntArray, begin: FloatArray, end: FloatArray) -> Pieces:
        """Cut waits at these lines by whether too few units stood ready to be served together."""
        rows = self.component.rows
        of_line, times = rows[a.I_FEW].table[:, 0], rows[a.F_FEW_TIMES].table
        spells = {number: (*times[of_line == number].T,) for number in np.unique(line).tolist()}
        return cut_by(line, begin, end, lambda number: spells[number])

    def cut_by_room(self, place: IntArray, begin: FloatArray, end: FloatArray) -> Pieces:
        """Cut waits at these places by whether equipment was all that was not there."""
        if self.known_at != self.component.now:
            self.known, self.known_at = {}, self.component.now
        for number in np.unique(place).tolist():
            if number not in self.known:
                self.known[number] = self._manned(number)
        return cut_by(place, begin, end, self.known.__getitem__)

    def _manned(self, place: int) -> tuple[FloatArray, FloatArray]:
        """From when to when somebody of each crew of people was free and on duty at a place."""
        layout = self.component.layout
        found = []
        for name in self.people:
            ptr = layout.rosters.crew(name).server_ptr
            found.append(
                free_over_time(self.component, layout.first_server[name] + np.arange(ptr[place], ptr[place + 1]))
            )
        when = np.unique(np.concatenate([moments for moments, _ in found]))
        is_manned = np.ones(len(when), dtype=bool)
        for moments, number in found:
            is_manned &= np.concatenate([[0], number])[np.searchsorted(moments, when, side="right")] > 0
        changes = np.flatnonzero(np.diff(is_manned.astype(np.int8), prepend=0, append=0))
        ends = np.append(when, np.inf)
        return when[changes[0::2]], ends[changes[1::2]]
