"""What households use up: groups of goods, and who needs them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsupply.base.quantities import Kg
from simsupply.base.spec import Name, OptionalTitle, Range, Spec

WHOLE_BASKET = "food"
"""Name of the one group of goods where a scenario does not tell groups apart."""


class Goods(Spec):
    """One group of goods.

    `pantry_days` is what is at home when the run begins, in days of use. With `needed_by` only
    households of that kind use it up (infants, chronic patients); without, all do.
    """

    title: OptionalTitle = None
    kg_per_person_day: Kg
    pantry_days: Range
    needed_by: Name | None = None


@dataclass(frozen=True)
class GoodsTable:
    """What households need of each group of goods.

    Attributes
    ----------
    names : tuple of str
    kg_per_day : float array, shape (goods,)
        Need per person, or per household where `is_per_person` is false.
    is_per_person : bool
    needed_by : uint8 array, shape (goods,)
        Bits of the kinds of household that need it; 0: all do.
    """

    names: tuple[str, ...]
    kg_per_day: NDArray[np.float64]
    is_per_person: bool
    needed_by: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.names)

    def columns(self, names: tuple[str, ...] | None) -> NDArray[np.bool_]:
        """Which groups are meant, bool, shape (goods,); None: all."""
        return np.array([names is None or name in names for name in self.names])
