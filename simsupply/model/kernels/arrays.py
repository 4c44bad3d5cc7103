"""Compiled helpers on arrays of orders: cutting, counting, sorting and booking."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from simsupply.base import filling

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# The rule by which loads, rounds and shifts are filled, compiled.
fits = njit(cache=True)(filling.fits)


@njit(cache=True)
def chunk(group_ptr, weight, max_weight, max_count):
    """Cut each group of a sequence into chunks under a weight and a count limit.

    Parameters
    ----------
    group_ptr : int array, shape (groups + 1,)
        Units of group g are ``group_ptr[g]`` up to ``group_ptr[g + 1]``.
    weight : float array, shape (units,), kg or parcels
    max_weight, max_count : float, int
        A chunk always takes at least one unit.

    Returns
    -------
    number : int array, shape (units,)
        Chunk of each unit within its group, from 0.
    """
    number = np.empty(len(weight), dtype=np.int64)
    for group in range(len(group_ptr) - 1):
        current, load, count = 0, 0.0, 0
        for unit in range(group_ptr[group], group_ptr[group + 1]):
            if count > 0 and (not fits(load + weight[unit], max_weight) or count == max_count):
                current += 1
                load, count = 0.0, 0
            load += weight[unit]
            count += 1
            number[unit] = current
    return number


@njit(cache=True)
def fill_loads(ptr, times, size, departures, is_timed, until):
    """Make loads of orders that stand ready for the same place.

    A load leaves when `size` orders stand ready, unless it `is_timed`; at a departure time all
    that stands ready leaves, in loads of at most `size`.

    Parameters
    ----------
    ptr : int array, shape (places + 1,)
        Orders for place p are ``ptr[p]`` up to ``ptr[p + 1]``, in the order in which they are taken.
    times : float array, shape (orders,)
        When each stands ready, minutes, ascending within a place.
    size : int
    departures : float array
        Ascending, minutes.
    is_timed : bool
    until : float
        Loads that would leave at or after this moment are left for the next call.

    Returns
    -------
    first, end : int arrays, shape (loads,)
        Each load is a slice of the orders.
    moment : float array, shape (loads,)
        When each leaves, minutes.
    """
    first = np.empty(len(times), dtype=np.int64)
    end = np.empty(len(times), dtype=np.int64)
    moment = np.empty(len(times))
    num = 0
    for place in range(len(ptr) - 1):
        begin, at = ptr[place], 0
        while begin < ptr[place + 1]:
            while at < len(departures) and departures[at] < times[begin]:
                at += 1
            departure = departures[at] if at < len(departures) else np.inf
            last = begin
            while last < ptr[place + 1] and last - begin < size and times[last] <= departure:
                last += 1
            leaves = times[last - 1] if last - begin == size and not is_timed else departure
            if leaves >= until:
                break
            first[num], end[num], moment[num] = begin, last, leaves
            num += 1
            begin = last
    return first[:num], end[:num], moment[:num]


@njit(cache=True)
def complete(unit_of, orders, times, remaining, latest):
    """Count finished orders into the units (consignments, rounds, loads) they belong to.

    Parameters
    ----------
    unit_of : int array, shape (orders of the wave,)
        Unit of each order.
    orders, times : int and float array, shape (orders that have come,)
        Orders that have just finished the step before, and when, minutes.
    remaining : int array, shape (units,), updated
        Orders of each unit not yet finished.
    latest : float array, shape (units,), updated
        Latest finish so far, minutes.

    Returns
    -------
    int array
        Units that have become complete; their ready time is in `latest`.
    """
    complete_units = np.empty(len(orders), dtype=np.int64)
    num = 0
    for position in range(len(orders)):
        unit = unit_of[orders[position]]
        latest[unit] = max(latest[unit], times[position])
        remaining[unit] -= 1
        if remaining[unit] == 0:
            complete_units[num] = unit
            num += 1
    return complete_units[:num]


def ranges(first: IntArray, sizes: IntArray) -> IntArray:
    """Concatenate ``first[i], first[i] + 1, ...`` of the given sizes.

    >>> ranges(np.array([5, 0]), np.array([2, 3])).tolist()
    [5, 6, 0, 1, 2]
    """
    return np.repeat(first - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())


# --- sorting ------------------------------------------------------------------------------------

# Entries of equal time up to which they are put in order one by one.
_FEW = 64
# Entries looked at at a time when an order is checked.
_BLOCK = 1024


def first_come(time: FloatArray, key: IntArray) -> IntArray | None:
    """Order by (time, key), both of the same shape; None if they are in this order already.

    >>> first_come(np.array([2.0, 1.0, 1.0]), np.array([0, 2, 1])).tolist()
    [2, 1, 0]
    """
    if _are_in_order(time, key):
        return None
    # Of all sorts of floats NumPy's unstable one is by far the fastest; it leaves ties in any order.
    if (time[1:] >= time[:-1]).all():
        order, in_time = np.arange(len(time)), time
    else:
        order = np.argsort(time)
        in_time = time[order]
        if (in_time[1:] > in_time[:-1]).all():
            return order
    for first, end in zip(*_settle_ties(in_time, key, order), strict=True):
        tied = order[first:end]
        order[first:end] = tied[np.argsort(key[tied])]
    return order


@njit(cache=True)
def _are_in_order(time, key):
    """Whether all are in order of (time, key): float (minutes) and int array, of the same shape."""
    for first in range(1, len(time), _BLOCK):
        these, those = time[first - 1 : first - 1 + _BLOCK], time[first : first + _BLOCK]
        their_keys, keys = key[first - 1 : first - 1 + _BLOCK], key[first : first + _BLOCK]
        # Several at a time: without a branch for each entry.
        breaks = 0
        for position in range(len(those)):
            is_tie_broken = (those[position] == these[position]) & (keys[position] < their_keys[position])
            breaks += (those[position] < these[position]) | is_tie_broken
        if breaks:
            return False
    return True


@njit(cache=True)
def _settle_ties(in_time, key, order):
    """Put few entries of equal time, which stand next to each other, in order of key; where many do: first, end.

    Parameters
    ----------
    in_time : float array, shape (entries,), minutes
        Ascending.
    key : int array, shape (entries,)
        By the positions that are in `order`.
    order : int array, shape (entries,), updated
        Position of each entry.
    """
    firsts, ends = [0], [0]
    first = 0
    while first < len(order):
        end = first + 1
        while end < len(order) and in_time[end] == in_time[first]:
            end += 1
        if end - first > _FEW:
            firsts.append(first)
            ends.append(end)
        else:
            for position in range(first + 1, end):
                this = order[position]
                to = position
                while to > first and key[order[to - 1]] > key[this]:
                    order[to] = order[to - 1]
                    to -= 1
                order[to] = this
        first = end
    return firsts[1:], ends[1:]


@njit(cache=True)
def merged(ptr, time, key, added, added_ptr, added_time, added_key):
    """Merge what is added to each queue into it; all of it in order of (time, key).

    Parameters
    ----------
    ptr, added_ptr : int arrays, shape (queues + 1,)
        Each queue is a slice of `time` and `key`, what is added to it one of `added`.
    time, key : float (minutes) and int array, shape (entries,)
    added : int array, shape (entries added,)
        Positions in `added_time` and `added_key`.
    added_time, added_key : float (minutes) and int array, shape (entries added,)

    Returns
    -------
    int array
        Positions in the entries followed by those that are added, queue after queue.
    """
    num = len(time)
    order = np.empty(num + len(added), dtype=np.int64)
    to = 0
    for queue in range(len(ptr) - 1):
        old, end = ptr[queue], ptr[queue + 1]
        for place in range(added_ptr[queue], added_ptr[queue + 1]):
            new = added[place]
            while old < end and (
                time[old] < added_time[new] or (time[old] == added_time[new] and key[old] < added_key[new])
            ):
                order[to] = old
                old += 1
                to += 1
            order[to] = num + new
            to += 1
        while old < end:
            order[to] = old
            old += 1
            to += 1
    return order


# Parts whose values lie closer than this many times their number are sorted by presence.
_SPREAD = 16


@njit(cache=True)
def sort_within(values, sizes):
    """Sort each of the consecutive parts of `values`, distinct integers that are nearly in order, in place.

    Parameters
    ----------
    values : int array, shape (values,), updated
    sizes : int array, shape (parts,)
        Values of each part, at least 1.
    """
    is_there = np.zeros(0, dtype=np.bool_)
    first = 0
    for size in sizes:
        end = first + size
        low = high = values[first]
        for position in range(first + 1, end):
            low, high = min(low, values[position]), max(high, values[position])
        if high - low < _SPREAD * size:
            # Nothing in this branches on what the values are.
            if len(is_there) <= high - low:
                is_there = np.zeros(2 * (high - low + 1), dtype=np.bool_)
            for position in range(first, end):
                is_there[values[position] - low] = True
            to = first
            for offset in range(high - low):
                values[to] = low + offset
                to += is_there[offset]
                is_there[offset] = False
            values[to] = high
            is_there[high - low] = False
        else:
            for position in range(first + 1, end):
                this = values[position]
                to = position
                while to > first and values[to - 1] > this:
                    values[to] = values[to - 1]
                    to -= 1
                values[to] = this
        first = end


@njit(cache=True)
def add_each(totals, which, num):
    """Add a number for each row that is named, to that row, as often as it is named.

    >>> totals = np.zeros(3, dtype=np.int32)
    >>> add_each(totals, np.array([2, 0, 2]), 5)
    >>> totals.tolist()
    [5, 0, 10]
    """
    for row in which:
        totals[row] += num


@njit(cache=True)
def by_group(group, num_groups):
    """Stable order by group (int array, shape (entries,)), and where each begins in it, shape (groups + 1,)."""
    ptr = np.zeros(num_groups + 1, dtype=np.int64)
    for position in range(len(group)):
        ptr[group[position] + 1] += 1
    for number in range(num_groups):
        ptr[number + 1] += ptr[number]
    free = ptr[:-1].copy()
    order = np.empty(len(group), dtype=np.int64)
    for position in range(len(group)):
        order[free[group[position]]] = position
        free[group[position]] += 1
    return order, ptr


# --- duty ---------------------------------------------------------------------------------------


@njit(cache=True)
def joined(server, start, end):
    """Join the times of each server that overlap or touch; all in order of server, then start.

    Parameters
    ----------
    server : int array, shape (times,)
    start, end : float arrays, shape (times,), minutes

    Returns
    -------
    server, start, end : arrays, shape (joined times,)
    """
    num = 0
    new_server, new_start, new_end = np.empty_like(server), np.empty_like(start), np.empty_like(end)
    for position in range(len(server)):
        if num and new_server[num - 1] == server[position] and start[position] <= new_end[num - 1]:
            new_end[num - 1] = max(new_end[num - 1], end[position])
            continue
        new_server[num], new_start[num], new_end[num] = server[position], start[position], end[position]
        num += 1
    return new_server[:num], new_start[:num], new_end[:num]


@njit(cache=True)
def cut_out(interval_ptr, start, end, end_rule, down_rule, down_ptr, down_start, down_end):
    """Take the times a server is down out of its duty intervals; what is cut off ends by `down_rule`.

    Parameters
    ----------
    interval_ptr, down_ptr : int arrays, shape (servers + 1,)
        Intervals of each server, and the times it is down.
    start, end : float arrays, shape (intervals,), minutes
    end_rule : int8 array, shape (intervals,)
        Of `simsupply.model.kernels.working_time`, as is `down_rule`.
    down_start, down_end : float arrays, shape (times down,), minutes

    Returns
    -------
    interval_ptr, start, end, end_rule : arrays
        What is left, in new arrays.
    """
    most = len(start) + len(down_start)
    new_start, new_end = np.empty(most), np.empty(most)
    new_rule = np.empty(most, dtype=end_rule.dtype)
    new_ptr = np.zeros_like(interval_ptr)
    num = 0
    for server in range(len(interval_ptr) - 1):
        down, last_down = down_ptr[server], down_ptr[server + 1]
        for interval in range(interval_ptr[server], interval_ptr[server + 1]):
            since, until = start[interval], end[interval]
            while down < last_down and down_end[down] <= since:
                down += 1
            while since < until:
                if down == last_down or down_start[down] >= until:
                    new_start[num], new_end[num], new_rule[num] = since, until, end_rule[interval]
                    num += 1
                    break
                if down_start[down] > since:
                    new_start[num], new_end[num], new_rule[num] = since, down_start[down], down_rule
                    num += 1
                since = down_end[down]
                # A server may still be down when its next duty begins.
                if since < until:
                    down += 1
        new_ptr[server + 1] = num
    return new_ptr, new_start[:num], new_end[:num], new_rule[:num]


@njit(cache=True)
def first_down(interval_ptr, end, down_ptr, down_start):
    """When each server is down first from the end of each of its intervals on; infinity: never.

    Parameters
    ----------
    interval_ptr, down_ptr : int arrays, shape (servers + 1,)
        Intervals of each server, and the times it is down.
    end : float array, shape (intervals,), minutes
    down_start : float array, shape (times down,), minutes

    Returns
    -------
    float array, shape (intervals,), minutes
    """
    moment = np.full(len(end), np.inf)
    for server in range(len(interval_ptr) - 1):
        down, last_down = down_ptr[server], down_ptr[server + 1]
        for interval in range(interval_ptr[server], interval_ptr[server + 1]):
            while down < last_down and down_start[down] < end[interval]:
                down += 1
            if down < last_down:
                moment[interval] = down_start[down]
    return moment


# --- booking ------------------------------------------------------------------------------------


@njit(cache=True)
def peak(inside, arrivals, departures, until):
    """Most that are inside at any moment before `until`; at one moment arrivals count first.

    Parameters
    ----------
    inside : int
        Number at the beginning.
    arrivals, departures : float arrays, minutes
        In order of time, each of its own length.
    until : float
        Minutes.
    """
    # There is a new maximum if the departures that would prevent it have not taken place: to ask only
    # that is much faster than to count departures, and the answer can be foreseen by the processor.
    most = inside
    for position in range(len(arrivals)):
        if arrivals[position] >= until:
            break
        gone = inside + position - most
        while gone >= 0 and (gone >= len(departures) or departures[gone] >= arrivals[position]):
            most += 1
            gone -= 1
    return most
