"""Arrays of the arena that grow: rows are added between two windows, and room is made for what a window may add."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

# Arrays of components that have run, by width and kind: the next one takes them, for fresh memory costs more than what
# is written into it. Of one kind no more are kept than these, and no more bytes in all.
_SPARE: dict[tuple[str, int], list[NDArray[Any]]] = {}
_MOST, _MOST_BYTES = 6, 1 << 28


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
            # As long as it would be if nothing were left: a run is the same whatever ran before it.
            size = max(needed, 2 * len(self.data))
            spare = self._spare(size)
            grown = np.empty(size, dtype=self.data.dtype) if spare is None else spare[:size]
            grown[: self.used * self.width] = self.data[: self.used * self.width]
            self.give_back()
            self.data = grown

    def _spare(self, needed: int) -> NDArray[Any] | None:
        """An array that is large enough and not needed any more, if there is one."""
        spare = _SPARE.get((self.data.dtype.str, self.width), [])
        found = max(range(len(spare)), key=lambda number: len(spare[number]), default=-1)
        return spare.pop(found) if found >= 0 and len(spare[found]) >= needed else None

    def give_back(self) -> None:
        """Leave the array to whoever needs one like it next."""
        if self.data.nbytes > 1 << 16:
            spare = _SPARE.setdefault((self.data.dtype.str, self.width), [])
            spare.append(self.data if self.data.base is None else self.data.base)
            spare.sort(key=len, reverse=True)
            kept = sum(array.nbytes for arrays in _SPARE.values() for array in arrays)
            if len(spare) > _MOST or kept > _MOST_BYTES:
                spare.pop()
        self.data = np.zeros(0, dtype=self.data.dtype)

    def trim(self) -> None:
        """Keep the rows that are in use, and no room for others."""
        self.data = self.data[: self.used * self.width].copy()

    @property
    def table(self) -> NDArray[Any]:
        """The rows that are in use, shape (used, width); a view."""
        return self.data[: self.used * self.width].reshape(self.used, self.width)
