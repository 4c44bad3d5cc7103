"""When order intake decides something, and what it decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simsupply.model.flow.waves import Wave

IntArray = NDArray[np.int64]


class Moment(NamedTuple):
    """When something is decided.

    Attributes
    ----------
    time : float
        Minutes from 00:00 of day 0.
    day : int
    uses : tuple of int
        Uses of channels whose list is closed, or whose parcels or shop visits begin; none: midnight, when
        households and triggers look around.
    ended : tuple of str
        Channels of groups that are not used any more, whose members wait in vain.
    is_arrival : bool
        Goods have come for which orders wait.
    is_opening : bool
        A place has opened for which orders are held.
    """

    time: float
    day: int
    uses: tuple[int, ...] = ()
    ended: tuple[str, ...] = ()
    is_arrival: bool = False
    is_opening: bool = False


@dataclass(frozen=True)
class IntakeCounts:
    """What came of a list: counts of orders.

    Attributes
    ----------
    channel : int
        Number of the channel in the strategy.
    day : int
    attempted, accepted, rejected, cancelled : int
        Orders tried, taken on, turned away, and taken on but not paid.
    collecting : int
        By how many more households wait for their group to fill up.
    tries, callers : pair of int
        Orders tried by residents, and households that tried, with even and with odd numbers; none of parcels.
    """

    channel: int
    day: int
    attempted: int = 0
    accepted: int = 0
    rejected: int = 0
    cancelled: int = 0
    collecting: int = 0
    tries: tuple[int, int] = (0, 0)
    callers: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Decision:
    """What is decided about one list.

    Attributes
    ----------
    counts : IntakeCounts
    time : float
        When, minutes.
    waves : tuple of Wave
        Orders that are released now, in order of release.
    waiting : int array, or None
        Households whose orders are taken on now and wait for goods or for a place to open; None: nobody's.
    """

    counts: IntakeCounts
    time: float
    waves: tuple[Wave, ...] = ()
    waiting: IntArray | None = None
