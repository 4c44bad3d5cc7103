"""What order intake knows of the past at a moment, and what it keeps track of within the moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simsupply.model.orders.decisions import Decision
from simsupply.model.orders.open_orders import OpenOrders

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class KnownState(NamedTuple):
    """What has become of earlier orders, as far as it is known at a moment; nobody writes to the arrays.

    Attributes
    ----------
    num_own : int32 array, shape (households,)
        Orders of its own that each household waits for.
    num_open : int array, shape (channels,)
        Orders and parcels accepted and not yet delivered.
    open_orders : callable
        Told the number of a channel: which these are. Worked out when it is asked for.
    last_delivery_min : float array, shape (households,)
        When anything was last delivered; 0: never.
    runs_out_min : float array, shape (households,)
        When the first pantry of each household runs out.
    attempted, rejected : int arrays, shape (channels,)
        Orders tried and turned away on the day before; on day 0 none.
    """

    num_own: NDArray[np.int32]
    num_open: IntArray
    open_orders: Callable[[int], OpenOrders]
    last_delivery_min: FloatArray
    runs_out_min: FloatArray
    attempted: IntArray
    rejected: IntArray


@dataclass
class WaitingHouseholds:
    """Who waits for an order, or in a group, with what has been decided at the moment itself.

    Attributes
    ----------
    is_waiting : bool array, shape (households,)
        Who waits for an order of their own.
    is_ordered : bool array, shape (channels,)
        Whose orders are a household's own.
    in_group : list of bool array, shape (households,)
        Who waits for a group to fill up, of each channel that has groups.
    """

    is_waiting: BoolArray
    is_ordered: BoolArray
    in_group: list[BoolArray]

    def begin(self, state: KnownState) -> None:
        """Begin a moment with what is known."""
        self.is_waiting = state.num_own > 0

    def add(self, decision: Decision) -> None:
        """Take note of who has ordered just now."""
        if self.is_ordered[decision.counts.channel]:
            for households in (decision.waiting, *(wave.household for wave in decision.waves)):
                if households is not None:
                    self.is_waiting[households] = True

    @property
    def is_busy(self) -> BoolArray:
        """Who waits for an order, or for a group, shape (households,)."""
        is_busy = self.is_waiting
        for in_group in self.in_group:
            is_busy = is_busy | in_group
        return is_busy
