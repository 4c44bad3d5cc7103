"""Stock by place, goods and date of expiry: what expires, came in, or came in last goes out first."""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from simsupply.base.filling import SLACK
from simsupply.records.replication import InvariantError
from simsupply.scenario.supply import Issue

FloatArray = NDArray[np.float64]
Batch = tuple[float, float]
"""Minute of expiry (infinity: it keeps) and kg."""
DUST = 1e-12


class Stockroom:
    """Batches of goods at places that are numbered.

    Parameters
    ----------
    issue : mapping of (place, good) to Issue, optional
        What goes out first; where nothing is said, what expires first.

    Attributes
    ----------
    on_hand : float array, shape (places, goods)
        kg in stock.
    """

    def __init__(self, num_places: int, num_goods: int, issue: Mapping[tuple[int, int], Issue] | None = None) -> None:
        self._issue = dict(issue or {})
        self.on_hand = np.zeros((num_places, num_goods))
        self._batches: dict[tuple[int, int], list[Batch]] = defaultdict(list)

    def put(self, place: int, good: int, batch: Batch) -> None:
        """Put a batch in stock."""
        if batch[1] > 0:
            batches, rule = self._batches[place, good], self._issue.get((place, good), "first_expired")
            if rule == "first_expired":
                insort(batches, batch)
            else:
                batches.insert(len(batches) if rule == "first_in" else 0, batch)
            self.on_hand[place, good] += batch[1]

    def take(self, place: int, good: int, kg: float, before: float = np.inf) -> list[Batch]:
        """Take the goods that go out first; what there is, if it is less.

        With `before`, where what expires first goes out first: only what expires at or before then.

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
        batches = self._batches[place, good]
        spoiled = sum((kg for expiry, kg in batches if expiry <= now), 0.0)
        self._batches[place, good] = [batch for batch in batches if batch[0] > now]
        self._count(place, good)
        return spoiled

    def _count(self, place: int, good: int) -> None:
        self.on_hand[place, good] = sum(kg for _, kg in self._batches[place, good])
