"""The waves whose orders are in a component, or were; orders of all waves are numbered one behind the other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from simsupply.model.components.rows import Rows
from simsupply.model.events import arena as a
from simsupply.model.flow.waves import Wave

IntArray = NDArray[np.int64]


class WavesInside:
    """Which wave each order is of, and its number there.

    Attributes
    ----------
    waves, first : dicts by number of the wave
        The wave, and the number of its first order here.
    bounds, numbers : int arrays, shape (waves,)
        First order of each wave in order, and the number of the wave.
    num_open : int
        Orders that have not finished the last step of the component.
    """

    def __init__(self, rows: dict[int, Rows]) -> None:
        self.rows = rows
        self.waves: dict[int, Wave] = {}
        self.first: dict[int, int] = {}
        self.num_open = 0
        self.bounds, self.numbers = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)

    def add(self, wave: Wave, num_inside: int) -> int:
        """Take a wave in, so many of whose orders come into the component; the number of its first order."""
        first = self.rows[a.I_ORDER].used
        self.waves[wave.number], self.first[wave.number] = wave, first
        self.bounds, self.numbers = np.append(self.bounds, first), np.append(self.numbers, wave.number)
        self.num_open += num_inside
        return first

    def clear(self) -> None:
        """Forget all waves, of which everybody has left."""
        self.waves, self.first = {}, {}
        self.bounds = self.numbers = np.zeros(0, dtype=np.int64)

    def number_of(self, orders: IntArray) -> IntArray:
        """Number of the wave of each order."""
        if not len(orders):
            return np.zeros(0, dtype=np.int64)
        numbers: IntArray = self.numbers[np.searchsorted(self.bounds, orders, side="right") - 1]
        return numbers

    def by_wave(self, orders: IntArray) -> Iterator[tuple[Wave, IntArray, IntArray]]:
        """For each wave that occurs: the wave, which of the orders are of it, and their numbers there."""
        if not len(orders):
            return
        first, last = self.number_of(np.array([orders.min(), orders.max()])).tolist()
        if first == last:
            yield self.waves[first], np.arange(len(orders)), orders - self.first[first]
            return
        numbers = self.number_of(orders)
        for number in (first + np.flatnonzero(np.bincount(numbers - first))).tolist():
            which = np.flatnonzero(numbers == number)
            yield self.waves[number], which, orders[which] - self.first[number]
