"""How long households and orders wait before the first step: to be taken on, and for goods."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.model.flow.waits import WaitCells
from simsupply.model.kernels.waits import HELD_BACK, TOTAL, WITHIN
from simsupply.records.ticks import TICKS
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.waits import Cause

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
_CAUSES: tuple[Cause, ...] = ("admission", "goods")
_NONE = -1


class IntakeWaits(WaitCells):
    """Who was turned away waits until something is taken on for the household: an order, a parcel, a visit.

    What it waits counts for the channel that turned it away last, and for what that had not enough of.

    Attributes
    ----------
    since : float array, shape (households,)
        From when on each waits for the channel and cause `owner`; the array is empty as long as nobody was turned away.
    first : float array, shape (households,)
        When it was turned away for the first time.
    owner : int array, shape (households,)
        Number of the channel, times two, and that of the cause; -1: it does not wait.
    """

    def __init__(self, scenario: Scenario, strategy: StrategySpec) -> None:
        super().__init__()
        self.num, self.horizon, self.target = len(scenario.households), scenario.horizon_min, scenario.target_min
        self.first_step = [(name, channel.steps[0].body.name) for name, channel in strategy.channels.items()]
        self.since = self.first = np.zeros(0)
        self.owner = np.zeros(0, dtype=np.int16)

    def turn_away(self, households: IntArray, time: float, channel: int, cause: Cause) -> None:
        """Households (each once) that a channel turns away at a moment, or whose group is still too small."""
        if not len(households):
            return
        if not len(self.owner):
            self.since, self.first = np.zeros((2, self.num))
            self.owner = np.full(self.num, _NONE, dtype=np.int16)
        number = channel * len(_CAUSES) + _CAUSES.index(cause)
        # Who waits for the same already goes on waiting.
        new = households[self.owner[households] != number]
        self.first[new] = np.where(self.owner[new] == _NONE, time, self.first[new])
        self._end(new, time)
        self.since[new], self.owner[new] = time, number
        self.come(*self.first_step[channel], len(new), cause)

    def take_on(self, households: IntArray, time: float, but: IntArray | None = None) -> None:
        """Households, `but` for some of them, for which something is taken on at a moment."""
        if len(self.owner):
            waiting = households[self.owner[households] != _NONE]
            if but is not None:
                waiting = np.setdiff1d(waiting, but, assume_unique=True)
            self._end(waiting, time)
            self.owner[waiting] = _NONE

    def wait_for_goods(self, channel: int, placed: FloatArray, until: float) -> None:
        """Orders that were taken on and waited for goods until a moment (infinity: for good)."""
        self._add(channel, "goods", placed, placed, until)
        self.come(*self.first_step[channel], len(placed), "goods")

    def wait_for_opening(self, channel: int, step: str, placed: FloatArray, since: FloatArray, until: float) -> None:
        """Orders held for a place that has not opened, to which they go with the leg `step`, until a moment."""
        self._add(channel, "room", since, placed, until, step)

    def close(self) -> WaitCells:
        """Everything up to the horizon; asked for once."""
        self._end(np.flatnonzero(self.owner != _NONE), self.horizon)
        return self

    def _end(self, households: IntArray, time: float) -> None:
        owner = self.owner[households]
        for number in np.unique(owner[owner != _NONE]).tolist():
            of_owner = households[owner == number]
            channel, cause = divmod(number, len(_CAUSES))
            self._add(channel, _CAUSES[cause], self.since[of_owner], self.first[of_owner], time)

    def _add(
        self, channel: int, cause: Cause, since: FloatArray, wanted: FloatArray, until: float, step: str | None = None
    ) -> None:
        """Add waits up to a moment of orders that were wanted at these times, before the first step or another one."""
        begin, end = _ticks(np.minimum(since, self.horizon)), _ticks(min(until, self.horizon))
        due = np.minimum(_ticks(np.minimum(wanted + self.target, self.horizon)), end)
        total, within = np.maximum(end - begin, 0).sum(), np.maximum(due - begin, 0).sum()
        name, first = self.first_step[channel]
        cell = self.cell(name, step or first, cause)
        cell[TOTAL] += total
        cell[WITHIN] += within
        cell[HELD_BACK] += within


def _ticks(minutes: FloatArray | float) -> IntArray:
    return np.floor(np.asarray(minutes) * TICKS + 0.5).astype(np.int64)
