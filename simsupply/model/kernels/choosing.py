"""Compiled choices one after the other: which channel, who is taken on, whose order is filled, who is called."""

from __future__ import annotations

import numpy as np
from numba import njit

from simsupply.base.filling import SLACK


@njit(cache=True)
def turn_to(rivals, may_use, shares, households, preference, use):
    """Write into `use` which rival each of the households turns to, -1: none.

    Parameters
    ----------
    rivals : int32 array, shape (rivals,)
        Their numbers.
    may_use : bool array, shape (rivals, entries of households)
        Which rivals each of `households` may turn to.
    shares : float array, shape (rivals,), shares in [0, 1]
        NaN: shares what is left over with the others that have none.
    households : int array, shape (entries,)
    preference : float array, shape (all households,), in (0, 1)
        Drawn by the caller.
    use : int32 array, shape (all households,), updated
        Kept by `simsupply.model.orders.channel_choice`.
    """
    for position in range(len(households)):
        household = households[position]
        given, num_free = 0.0, 0
        for row in range(len(rivals)):
            if may_use[row, position]:
                if np.isnan(shares[row]):
                    num_free += 1
                else:
                    given += shares[row]
        free = max(1.0 - given, 0.0) / max(num_free, 1)
        use[household], passed = -1, 0.0
        for row in range(len(rivals)):
            if may_use[row, position]:
                passed += free if np.isnan(shares[row]) else shares[row]
                if preference[household] < passed:
                    use[household] = rivals[row]
                    break


@njit(cache=True)
def take_on(in_order, place, way, room, limited):
    """Ascending positions of the callers that are taken on, one after the other `in_order`.

    Parameters
    ----------
    in_order, way : int arrays, shape (callers,)
        A caller of no way (-1) is taken on: nothing is done for her.
    place : int array, shape (limits, callers)
        Place of each at which a limit holds.
    room : int array, shape (limits, places), updated
    limited : bool array, shape (ways, limits)
    """
    is_taken = np.zeros(len(in_order), dtype=np.bool_)
    for position in in_order:
        fits = True
        for limit in range(len(room)):
            if way[position] >= 0 and limited[way[position], limit] and room[limit, place[limit, position]] < 1:
                fits = False
        if fits:
            is_taken[position] = True
            for limit in range(len(room)):
                if way[position] >= 0 and limited[way[position], limit]:
                    room[limit, place[limit, position]] -= 1
    return np.flatnonzero(is_taken)


@njit(cache=True)
def fill_whole(asked, left, order):
    """Fill orders whole or not at all, one after the other; one that does not fit is passed over.

    Parameters
    ----------
    asked : float array, shape (orders, goods), kg
    left : float array, shape (goods,), kg, updated
    order : int array
        Orders in the order in which they are filled.

    Returns
    -------
    bool array, shape (orders,)
    """
    is_filled = np.zeros(len(asked), dtype=np.bool_)
    # Of the whole stock, since it stands for the sum of what is taken from it.
    slack = left * SLACK
    for number in order:
        fits = True
        for good in range(len(left)):
            if asked[number, good] > left[good] + slack[good]:
                fits = False
        if fits:
            is_filled[number] = True
            for good in range(len(left)):
                left[good] -= asked[number, good]
    return is_filled


@njit(cache=True)
def slot_numbers(drop_point, building, size):
    """Slot of each household: at each drop point, groups of up to `size` in building after building.

    Parameters
    ----------
    drop_point, building : int32 arrays, shape (households,)
        In order of drop point, then building.
    size : int

    Returns
    -------
    int32 array, shape (households,)

    >>> slot_numbers(np.array([0, 0, 0, 0, 1]), np.array([0, 0, 0, 1, 2]), 2).tolist()
    [0, 0, 1, 2, 0]
    """
    slots = np.empty(len(building), dtype=np.int32)
    slot, called = 0, 0
    for household in range(len(building)):
        if household == 0 or drop_point[household] != drop_point[household - 1]:
            slot, called = 0, 0
        elif building[household] != building[household - 1] or called == size:
            slot, called = slot + 1, 0
        called += 1
        slots[household] = slot
    return slots


@njit(cache=True)
def call_to_slot(household, is_own, drop_point, size, num_places):
    """Which of the orders that wait are called to one slot: those of up to `size` households at each drop point.

    Whose own slot it is comes first, then whoever waits, in the order given. All orders of a household that is
    called are.

    Parameters
    ----------
    household : int array, shape (orders,)
    is_own : bool array, shape (orders,)
    drop_point : int32 array, shape (orders,)
    size, num_places : int

    Returns
    -------
    bool array, shape (orders,)

    >>> waits, own = np.array([7, 7, 8, 9]), np.array([False, False, True, True])
    >>> call_to_slot(waits, own, np.zeros(4, dtype=np.int32), 2, 1).tolist()
    [False, False, True, True]
    >>> call_to_slot(waits, own, np.zeros(4, dtype=np.int32), 3, 1).tolist()
    [True, True, True, True]
    """
    called = np.zeros(num_places, dtype=np.int64)
    is_called = np.zeros(len(household), dtype=np.bool_)
    goes = set()
    for own in (True, False):
        for position in range(len(household)):
            if is_own[position] != own:
                continue
            if household[position] in goes:
                is_called[position] = True
            elif called[drop_point[position]] < size:
                called[drop_point[position]] += 1
                goes.add(household[position])
                is_called[position] = True
    return is_called
