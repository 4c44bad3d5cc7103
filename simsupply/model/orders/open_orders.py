"""Orders that were taken on and are not delivered yet, counted order by order where their work is to be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simsupply.scenario.place_kinds import PlaceKind
from simsupply.scenario.places import Places

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class OpenPart(NamedTuple):
    """Open orders of one channel that go through the same chains of places.

    Attributes
    ----------
    way, drop_point : int arrays, shape (orders,)
        Number of the way, of those of all routes of the channel (-1: none), and where each goes.
    places : Places
    lines, kg : float arrays, shape (orders,)
    """

    way: IntArray
    drop_point: IntArray
    places: Places
    lines: FloatArray
    kg: FloatArray


class OpenOrders:
    """All open orders of one channel at a moment; one household may have several."""

    def __init__(self, parts: Sequence[OpenPart] = ()) -> None:
        self.parts = [part for part in parts if len(part.kg)]

    def __len__(self) -> int:
        return sum(len(part.kg) for part in self.parts)

    def with_parts(self, parts: Sequence[OpenPart]) -> OpenOrders:
        """These orders and more of the same channel."""
        return OpenOrders([*self.parts, *parts]) if parts else self

    def at(self, kind: PlaceKind, num_ways: int, num_places: int) -> IntArray:
        """How many go through each place of a kind, by way, shape (ways, places)."""
        found = np.zeros(num_ways * num_places, dtype=np.int64)
        for part in self.parts:
            place = part.places.serving[kind][part.drop_point]
            is_fed = (part.way >= 0) & (place >= 0)
            cell = part.way[is_fed] * num_places + place[is_fed]
            found += np.bincount(cell, minlength=len(found))
        return found.reshape(num_ways, num_places)

    @property
    def mean_lines(self) -> float:
        """Lines of an order, of at least one."""
        return float(sum(part.lines.sum() for part in self.parts)) / len(self)

    @property
    def mean_kg(self) -> float:
        """Weight of an order, kg, of at least one."""
        return float(sum(part.kg.sum() for part in self.parts)) / len(self)
