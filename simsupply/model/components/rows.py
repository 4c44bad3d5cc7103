"""Arrays of the arena that grow: rows are added between two windows, and room is made for what a window may add."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Rows:
    """Rows of one width, one behind the other in a flat array.

    Attributes
    ----------
    data : array, shape (room * width,)
        `used` rows of it hold something.
    """

    def __init__(self, width: int, kind: type[Any]) -> None:
        self.width, self.used = width, 0
        self.data: NDArray[Any] = np.zeros(max(width, 1), dtype=kind)

    def add(self, rows: NDArray[Any]) -> int:
        """Add rows, shape (rows, width); where the first of them stands."""
        first = self.used
        self.make_room(len(rows))
        self.used += len(rows)
        self.data[first * self.width : self.used * self.width] = rows.ravel()
        return first

    def reserve(self, num: int) -> int:
        """Add rows that are written by the caller; where the first of them stands."""
        first = self.used
        self.make_room(num)
        self.used += num
        return first

    def make_room(self, more: int) -> None:
        """See to it that so many more rows have room."""
        needed = (self.used + more) * self.width
        if needed > len(self.data):
            grown = np.empty(max(needed, 2 * len(self.data)), dtype=self.data.dtype)
            grown[: self.used * self.width] = self.data[: self.used * self.width]
            self.data = grown

    @property
    def table(self) -> NDArray[Any]:
        """The rows that are in use, shape (used, width); a view."""
        return self.data[: self.used * self.width].reshape(self.used, self.width)
