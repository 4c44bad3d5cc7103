"""What order intake knows of the past at a moment, and what it keeps track of within the moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simsupply.model.orders.decisions import Decision

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class KnownState(NamedTuple):
    """What has become of earlier orders, as far as it is known at a moment; nobody writes to the arrays.

    Attributes
    ----------
    open_channel : int8 array, shape (households,)
        Number of the channel in which a household waits for an order of its own, -1: in none.
    num_open : int array, shape (channels,)
        Orders and parcels accepted and not yet delivered.
    last_delivery_min : float array, shape (households,)
        When anything was last delivered; 0: never.
    runs_out_min : float array, shape (households,)
        When the first pantry of each household runs out.
    attempted, rejected : int arrays, shape (channels,)
        Orders tried and turned away on the day before; on day 0 none.
    """

    open_channel: NDArray[np.int8]
    num_open: IntArray
    last_delivery_min: FloatArray
    runs_out_min: FloatArray
    attempted: IntArray
    rejected: IntArray


@dataclass
class WaitingHouseholds:
    """Who waits for an order, or in a group, with what has been decided at the moment itself.

    Attributes
    ----------
    open_channel : int8 array, shape (households,)
        See `KnownState`.
    is_ordered : bool array, shape (channels,)
        Whose orders are a household's own.
    in_group : list of bool array, shape (households,)
        Who waits for a group to fill up, of each channel that has groups.
    """

    open_channel: NDArray[np.int8]
    is_ordered: BoolArray
    in_group: list[BoolArray]

    def begin(self, state: KnownState) -> None:
        """Begin a moment with what is known."""
        self.open_channel = state.open_channel.copy()

    def add(self, decision: Decision) -> None:
        """Take note of who has ordered just now."""
        channel = decision.counts.channel
        if self.is_ordered[channel]:
            for households in (decision.waiting, *(wave.household for wave in decision.waves)):
                if households is not None:
                    self.open_channel[households] = channel

    def on(self, channel: int) -> BoolArray:
        """Who waits for an order of one channel, shape (households,)."""
        is_open: BoolArray = self.open_channel == channel
        return is_open

    @property
    def is_busy(self) -> BoolArray:
        """Who waits for an order, or for a group, shape (households,)."""
        is_busy: BoolArray = self.open_channel >= 0
        for in_group in self.in_group:
            is_busy = is_busy | in_group
        return is_busy
