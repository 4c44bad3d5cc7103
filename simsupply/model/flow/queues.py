"""Units that wait at the places of a step, in the order in which they are taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from simsupply.model.flow.waves import Wave
from simsupply.model.kernels.arrays import by_group, first_come, merged

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

Held = TypeVar("Held")

# A unit (order, consignment, round, load) is known by one number: its wave, and its place in it.
_BITS = 40
_UNIT = (1 << _BITS) - 1


def keys(wave: Wave, units: IntArray) -> IntArray:
    """Numbers of units (or orders) of one wave; they ascend by wave, then by unit."""
    return units + (wave.number << _BITS)


def wave_and_place(key: int) -> tuple[int, int]:
    """Number of the wave of a unit, and its place in it."""
    return divmod(key, 1 << _BITS)


def by_wave(key: IntArray, waves: Mapping[int, Held]) -> Iterator[tuple[slice | IntArray, Held, IntArray]]:
    """For each wave that occurs: which keys are of it, what is held of it, their places in it."""
    if not len(key):
        return
    first, last = int(key.min()) >> _BITS, int(key.max()) >> _BITS
    if first == last:
        yield slice(None), waves[first], key - (first << _BITS)
        return
    order, ptr = by_group((key >> _BITS) - first, last - first + 1)
    for number in np.flatnonzero(np.diff(ptr)).tolist():
        in_wave = order[ptr[number] : ptr[number + 1]]
        yield in_wave, waves[first + number], key[in_wave] & _UNIT


class UnitQueues:
    """Units in queue after queue; within a queue by ready time, then wave, then unit.

    In a queue ``in_sequence`` the ready time does not count, only wave and unit.

    Attributes
    ----------
    key, queue : int arrays, shape (units,)
        See `keys`; which queue each stands in.
    ready : float array, shape (units,)
    handed_at : float array, shape (units,)
        When work on it was handed over, infinity if it has not been begun.
    work : list of arrays, shape (units,)
        Whatever else goes with each: the minutes of the parts of the job.
    head, end : int arrays, shape (queues,)
        Each queue is a slice of the units.
    """

    def __init__(self, num_queues: int, num_columns: int, in_sequence: bool) -> None:
        self.num_queues, self.in_sequence = num_queues, in_sequence
        self.key = self.queue = np.zeros(0, dtype=np.int64)
        self.ready = self.handed_at = np.zeros(0)
        self.work: list[NDArray[Any]] = [np.zeros(0)] * num_columns
        self.head = self.end = np.zeros(num_queues, dtype=np.int64)
        self._arrived: list[tuple[NDArray[Any], ...]] = []

    def __len__(self) -> int:
        return len(self.key)

    def add(self, key: IntArray, queue: IntArray, ready: FloatArray, *work: NDArray[Any]) -> None:
        """Let units join; `arrange` gives them their place."""
        if len(key):
            self._arrived.append((key, queue, ready, *work))

    def arrange(self) -> None:
        """Put everybody in order."""
        if self._arrived:
            parts, self._arrived = self._arrived, []
            arrived = parts[0] if len(parts) == 1 else tuple(np.concatenate(c) for c in zip(*parts, strict=True))
            key, queue, ready = arrived[:3]
            order = self._order(key, queue, ready)
            if len(self):
                # They stand in order already: only who has come is sorted, and then let in among them.
                stand, come = self.ready, ready
                if self.in_sequence:
                    stand, come = np.zeros(len(self)), np.zeros(len(key))
                added = np.arange(len(key)) if order is None else order
                order = merged(self._ptr(self.queue), stand, self.key, added, self._ptr(queue), come, key)
                arrived = tuple(np.concatenate(pair) for pair in zip(self._columns(), arrived, strict=True))
            self.handed_at = np.concatenate([self.handed_at, np.full(len(key), np.inf)])
            self._set(arrived if order is None else [column[order] for column in arrived])
            if order is not None and len(key) < len(self):
                self.handed_at = self.handed_at[order]
        ptr = self._ptr(self.queue)
        # Two arrays: heads move on.
        self.head, self.end = ptr[:-1].copy(), ptr[1:]

    def keep(self, is_left: NDArray[np.bool_]) -> None:
        """Let all others go."""
        if is_left.all():
            return
        self._set([column[is_left] for column in self._columns()])
        self.handed_at = self.handed_at[is_left]

    def drop(self, units: IntArray) -> None:
        """Let these go, each once."""
        if len(units) == len(self):
            self._set([column[:0].copy() for column in self._columns()])
            self.handed_at = np.zeros(0)
        elif len(units):
            is_left = np.ones(len(self), dtype=bool)
            is_left[units] = False
            self.keep(is_left)

    def _order(self, key: IntArray, queue: IntArray, ready: FloatArray) -> IntArray | None:
        """Permutation into queues; None if there is nothing to do."""
        order = None if self.in_sequence else first_come(ready, key)
        if self.num_queues == 1:
            return order
        by_queue: IntArray
        by_queue, _ = by_group(queue if order is None else queue[order], self.num_queues)
        return by_queue if order is None else order[by_queue]

    def _ptr(self, queue: IntArray) -> IntArray:
        """Where each queue begins if they stand one after the other."""
        return np.concatenate([[0], np.cumsum(np.bincount(queue, minlength=self.num_queues))])

    def _columns(self) -> tuple[NDArray[Any], ...]:
        return self.key, self.queue, self.ready, *self.work

    def _set(self, columns: Sequence[NDArray[Any]]) -> None:
        self.key, self.queue, self.ready, *self.work = columns
