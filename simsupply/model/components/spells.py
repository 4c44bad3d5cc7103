"""Spells in which people and vehicles were busy, found by whom they are of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.model.components.rows import Rows
from simsupply.model.events import arena as a

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


class Spells:
    """Rows that the loop has written, in batches: those of a window together, by server.

    Attributes
    ----------
    since : float
        Since when they are kept, minutes.
    """

    def __init__(self, rows: dict[int, Rows]) -> None:
        self.rows, self.since = rows, 0.0
        self.num_seen = 0
        self.unwritten: IntArray = np.zeros(0, dtype=np.int64)
        self.batches: list[tuple[IntArray, IntArray]] = []

    @property
    def num_batches(self) -> int:
        """Batches there are."""
        return len(self.batches)

    def take_note(self) -> None:
        """Take a window's rows for a batch."""
        num = self.rows[a.I_SPELL].used
        rows = np.concatenate([self.unwritten, np.arange(self.num_seen, num)])
        self.num_seen = num
        who = self.rows[a.I_SPELL].data[rows]
        self.unwritten, rows = rows[who < 0], rows[who >= 0]
        who = who[who >= 0]
        order = np.argsort(who, kind="stable")
        self.batches.append((who[order], rows[order]))

    def of(self, servers: IntArray, known: IntArray, first: int) -> IntArray:
        """Rows of these servers in batches from the first on, with those that are known, by server and time."""
        found = [known]
        for who, rows in self.batches[first:]:
            low, high = np.searchsorted(who, servers), np.searchsorted(who, servers, side="right")
            found += [rows[begin:end] for begin, end in zip(low.tolist(), high.tolist(), strict=True) if begin < end]
        rows = np.concatenate(found)
        return rows[np.lexsort((rows, self.rows[a.I_SPELL].data[rows]))]

    def until(self, rows: IntArray) -> FloatArray:
        """When each is over; infinity: not yet."""
        times: FloatArray = self.rows[a.F_SPELL_TIMES].table[rows, 1]
        return times

    def forget(self, now: float) -> None:
        """Begin anew: nobody asks for what was before."""
        self.num_seen, self.batches, self.since = 0, [], now
        self.unwritten = self.unwritten[:0]
