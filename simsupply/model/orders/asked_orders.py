"""Orders that households ask for at one moment, each of them an order of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class AskedOrders:
    """Orders by household, ascending; those of one household stand together.

    Attributes
    ----------
    household : int array, shape (orders,)
    num_households : int
        Of the scenario.
    nth : int array, shape (orders,), or None
        Which of its household's orders of the moment each is, from 0; None: each household has one.
    at_once : int array, shape (orders,), or None
        How many its household asks for at this moment; None: one.
    """

    household: IntArray
    num_households: int
    nth: IntArray | None = None
    at_once: IntArray | None = None

    def __len__(self) -> int:
        return len(self.household)

    @property
    def key(self) -> IntArray:
        """By which whatever is drawn for each order is keyed: the household of a first one, new numbers for others."""
        return self.household if self.nth is None else self.household + self.nth * self.num_households

    def take(self, which: IntArray | BoolArray) -> AskedOrders:
        """Some of the orders."""
        if self.nth is None or self.at_once is None:
            return AskedOrders(self.household[which], self.num_households)
        return AskedOrders(self.household[which], self.num_households, self.nth[which], self.at_once[which])

    def any_of(self, which: BoolArray) -> BoolArray:
        """Which households have one of these among their orders, shape (households that ask,); not of some of them."""
        if self.nth is None or not len(which):
            return which
        found: BoolArray = np.logical_or.reduceat(which, np.flatnonzero(self.nth == 0))
        return found


def asked_orders(households: IntArray, num_households: int, at_once: IntArray | None) -> AskedOrders:
    """The orders of households (each once, ascending) that ask for so many at once; None: one each.

    >>> asked = asked_orders(np.array([3, 7]), 10, np.array([2, 1]))
    >>> asked.household.tolist(), asked.key.tolist(), asked.any_of(np.array([False, True, False])).tolist()
    ([3, 3, 7], [3, 13, 7], [True, False])
    """
    if at_once is None:
        return AskedOrders(households, num_households)
    first = np.cumsum(at_once) - at_once
    nth = np.arange(int(at_once.sum())) - np.repeat(first, at_once)
    return AskedOrders(np.repeat(households, at_once), num_households, nth, np.repeat(at_once, at_once))
