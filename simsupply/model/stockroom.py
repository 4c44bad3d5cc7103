"""Stock by place, goods and date of expiry: first expired, first out."""

from __future__ import annotations

from bisect import insort
from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from simsupply.records import InvariantError

FloatArray = NDArray[np.float64]
Batch = tuple[float, float]
"""Minute of expiry (infinity: it keeps) and kg."""
SLACK = 1e-9
DUST = 1e-12


class Stockroom:
    """Batches of goods at places that are numbered.

    Attributes
    ----------
    on_hand : float array, shape (places, goods)
        kg in stock.
    """

    def __init__(self, num_places: int, num_goods: int) -> None:
        self.on_hand = np.zeros((num_places, num_goods))
        self._batches: dict[tuple[int, int], list[Batch]] = defaultdict(list)

    def put(self, place: int, good: int, batch: Batch) -> None:
        """Put a batch in stock."""
        if batch[1] > 0:
            insort(self._batches[place, good], batch)
            self.on_hand[place, good] += batch[1]

    def take(self, place: int, good: int, kg: float, before: float = np.inf) -> list[Batch]:
        """Take goods that expire first, of those that expire at or before `before`; what there is, if it is less.

        Raises
        ------
        InvariantError
            If more is taken than there is, without `before`.
        """
        has = float(self.on_hand[place, good])
        if before == np.inf and kg > has + SLACK * max(1.0, has):
            raise InvariantError(f"stock: {kg:g} kg of goods {good} taken at place {place}, which has {has:g} kg")
        batches, taken = self._batches[place, good], []
        while batches and kg > 0 and batches[0][0] <= before:
            expiry, held = batches[0]
            # A remainder that only rounding leaves goes with the rest.
            part = held if kg >= held * (1 - DUST) else kg
            taken.append((expiry, part))
            kg -= part
            if part < held:
                batches[0] = (expiry, held - part)
            else:
                batches.pop(0)
        self._count(place, good)
        return taken

    def spoil(self, place: int, good: int, now: float) -> float:
        """Do away with what has expired; kg."""
        batches, spoiled = self._batches[place, good], 0.0
        while batches and batches[0][0] <= now:
            spoiled += batches.pop(0)[1]
        self._count(place, good)
        return spoiled

    def _count(self, place: int, good: int) -> None:
        self.on_hand[place, good] = sum(kg for _, kg in self._batches[place, good])
