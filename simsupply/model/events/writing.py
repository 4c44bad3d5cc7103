"""Rows that are written between two windows, many at once."""

from __future__ import annotations

from numba import njit

from simsupply.model.events.columns import (
    J_BEGUN,
    J_DONE,
    J_END,
    J_FIRST,
    J_GROUP,
    J_HAS_PRIORITY,
    J_KEY,
    J_LINE,
    J_MINUTES,
    J_MINUTES_LATER,
    J_MISSING,
    J_NODE,
    J_SERVER,
    J_STAND,
    J_WAS_BEGUN,
    JOB,
    JOB_TIMES,
)


@njit(cache=True)
def write_units(job, times, number, node, line, base, ptr, has_priority, minutes, later):
    """Write down units of a wave at a stage.

    Parameters
    ----------
    job, times : arrays of the arena, written from row `number` on
    node : int
    line : int array, shape (units,)
    base : int
        Where the first order of the first unit stands among the members.
    ptr : int array, shape (units + 1,)
        Units are slices of the members.
    has_priority : bool array, shape (units,)
    minutes, later : float arrays, shape (units,)
        Of those who belong to the crew, and of those who joined it later.
    """
    for unit in range(len(line)):
        row, row_of_times = (number + unit) * JOB, (number + unit) * JOB_TIMES
        job[row + J_LINE] = line[unit]
        job[row + J_MISSING] = ptr[unit + 1] - ptr[unit]
        job[row + J_KEY] = number + unit
        job[row + J_FIRST] = base + ptr[unit]
        job[row + J_END] = base + ptr[unit + 1]
        job[row + J_NODE] = node
        job[row + J_HAS_PRIORITY] = has_priority[unit]
        job[row + J_WAS_BEGUN] = 0
        job[row + J_SERVER] = -1
        job[row + J_STAND] = job[row + J_GROUP] = -1
        times[row_of_times + J_MINUTES] = minutes[unit]
        times[row_of_times + J_MINUTES_LATER] = later[unit]
        times[row_of_times + J_BEGUN] = float("nan")
        times[row_of_times + J_DONE] = float("inf")


@njit(cache=True)
def counted(finished, columns, bounds, counts):
    """Count what has finished by wave and number on the way.

    Parameters
    ----------
    finished : int array
        Order times `columns`, plus the number on its way.
    bounds : int array, shape (waves,)
        First order of each wave.
    counts : int array, shape (waves, columns), added to
    """
    wave = 0
    for at in range(len(finished)):
        order, column = finished[at] // columns, finished[at] % columns
        if order < bounds[wave] or (wave + 1 < len(bounds) and order >= bounds[wave + 1]):
            low, high = 0, len(bounds)
            while high - low > 1:
                middle = (low + high) // 2
                if bounds[middle] <= order:
                    low = middle
                else:
                    high = middle
            wave = low
        counts[wave, column] += 1


@njit(cache=True)
def told_apart(finished, columns, bounds, first, orders, times, order_times, width):
    """Sort what has finished by wave and number on the way: numbers in the wave, and when.

    Parameters
    ----------
    finished, columns, bounds
        As for `counted`.
    first : int array, shape (waves, columns), moved on
        Where those of each wave and number begin in `orders` and `times`, which are written.
    order_times, width
        Of the arena.
    """
    wave = 0
    for at in range(len(finished)):
        order, column = finished[at] // columns, finished[at] % columns
        if order < bounds[wave] or (wave + 1 < len(bounds) and order >= bounds[wave + 1]):
            low, high = 0, len(bounds)
            while high - low > 1:
                middle = (low + high) // 2
                if bounds[middle] <= order:
                    low = middle
                else:
                    high = middle
            wave = low
        place = first[wave, column]
        orders[place] = order - bounds[wave]
        times[place] = order_times[order * width + column + 1]
        first[wave, column] = place + 1
