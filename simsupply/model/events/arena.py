"""The arrays that the event loop works on, and how its functions get at them.

An event loop is many small functions. Arrays handed from one to the next would have their references counted each
time, which costs more than all the work there is (measured: up to 74 times), and one array for everything could not
grow part by part. So the functions are given one number, the address of a *directory*: where each array lies. An entry
is read with `whole` or `real`, by the number of its array, and written with `set_whole` or `set_real`.

Without compiling (``NUMBA_DISABLE_JIT=1``) the directory is the list of the arrays themselves, and an index outside of
one is an error; compiled, nobody looks.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import config, njit, types
from numba.extending import intrinsic
from numpy.typing import NDArray

# Arrays of whole numbers; see `simsupply.model.events.columns` for what stands in their rows. Those without columns:
# deciders that were touched, as a heap; events that are to come, as a heap (entity; by entity, where it stands); ticks
# of work by book and step; jobs that are to join their lines at once; orders that come from outside, in order of time;
# who makes up loads that leave at a time; orders that have finished a node, and its number on their way, in one number;
# jobs that have begun; trips that are over; whom a piece of work keeps busy; first changes of each calendar; cells; of
# each node and cell the first stand; the next node, by way and number on it, where not all ways go on alike; whom lines
# need, crews that decide together; units of each list that are still to come to a place; of which line too few units
# stood ready to be served together; orders that have come to gates with time slots, and those that were called.
(
    I_REGISTERS,
    I_NODE,
    I_ORDER,
    I_JOB,
    I_MEMBER,
    I_LINE,
    I_POOL,
    I_RING,
    I_SERVER,
    I_PART,
    I_DOCKS,
    I_DOCK,
    I_FLOOR,
    I_STAND,
    I_LOADS,
    I_DELAY,
    I_DECIDER,
    I_TOUCHED,
    I_HEAP_ENTITY,
    I_HEAP_PLACE,
    I_BOOK,
    I_BY_STEP,
    I_PUT,
    I_ARRIVAL,
    I_DEPARTURE,
    I_FINISHED,
    I_BEGUN,
    I_OVER,
    I_SPELL,
    I_CALENDAR_PTR,
    I_CELL,
    I_FIRST_STAND,
    I_NEXT,
    I_NEED,
    I_CREW,
    I_LIST,
    I_FEW,
    I_COME,
    I_PASS,
) = range(39)
# Arrays of floats, behind them: the same, and room of each floor (parcels); hours in which gates are open (start, end);
# when events happen; changes of calendars, and the speed from then on; when work began; when the loop left a cell;
# minutes that units take people of a crew; from when to when too few units stood ready; minutes of units at the paces
# of crews that join, and of each of their doors; how crews that join speed up.
(
    F_TIMES,
    F_NODE_TIMES,
    F_ORDER_TIMES,
    F_JOB_TIMES,
    F_MEMBER_TIMES,
    F_RING_TIMES,
    F_SERVER_TIMES,
    F_DUTY,
    F_PART_TIMES,
    F_ROOM,
    F_DELAY_TIMES,
    F_HOURS,
    F_HEAP_TIME,
    F_ARRIVAL_TIME,
    F_DEPARTURE_TIME,
    F_SPELL_TIMES,
    F_CALENDAR_TIME,
    F_CALENDAR_SPEED,
    F_AGES,
    F_CELL_TIMES,
    F_NEED_TIMES,
    F_FEW_TIMES,
    F_MORE_MINUTES,
    F_RAMP,
) = range(39, 63)
NUM_ARRAYS, NUM_WHOLE = 63, 39
# Of which each cell has a part.
OF_CELLS = (I_TOUCHED, I_HEAP_ENTITY, F_HEAP_TIME)

# Small functions, and those that are called from one place, are inlined; what is called from many, or is long and not
# called for each order, is not: it would be compiled anew in each place. Only the loop calls them, which is kept on
# disk whole: they need no way in from outside, which takes longer to compile than they do.
_FROM_INSIDE = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "error_model": "numpy"}
inlined, called = njit(forceinline=True, **_FROM_INSIDE), njit(**_FROM_INSIDE)


def directories_of(arrays: list[NDArray[Any]], first: dict[int, NDArray[np.int64]], num: int) -> Any:
    """What functions are given, for each of so many cells: where each array lies; without compiling the arrays.

    `first`: of arrays of which each cell has a part, the entries at which these begin.

    Returns
    -------
    int array, shape (cells, `NUM_ARRAYS`), which has to be kept; or lists of arrays
    """
    if config.DISABLE_JIT:
        return [
            [array[first[number][cell] :] if number in first else array for number, array in enumerate(arrays)]
            for cell in range(num)
        ]
    found = np.tile(np.array([array.__array_interface__["data"][0] for array in arrays], dtype=np.int64), (num, 1))
    for number, entries in first.items():
        found[:, number] += 8 * entries
    return found


def _directory(directories, cell):
    """The directory of a cell."""
    return directories.ctypes.data + 8 * NUM_ARRAYS * cell


def _list_of_cell(directories, cell):
    """The same without compiling."""
    return directories[cell]


arena_of = _list_of_cell if config.DISABLE_JIT else inlined(_directory)


def _pointer(context, builder, arguments, kind):
    """To the entry of an array: its address stands in the directory, and entries have eight bytes."""
    number = context.get_value_type(types.int64)
    eight = number(8)
    directory, array, index = arguments
    place = builder.inttoptr(builder.add(directory, builder.mul(array, eight)), number.as_pointer())
    base = builder.load(place)
    # Nobody writes into a directory while the loop runs: a function need not look up twice where an array lies.
    base.set_metadata("invariant.load", builder.module.add_metadata([]))
    address = builder.add(base, builder.mul(index, eight))
    return builder.inttoptr(address, context.get_value_type(kind).as_pointer())


@intrinsic
def _whole(context, arena, array, index):
    """An entry of an array of whole numbers."""

    def generate(context, builder, signature, arguments):
        return builder.load(_pointer(context, builder, arguments, types.int64))

    return types.int64(types.int64, types.int64, types.int64), generate


@intrinsic
def _real(context, arena, array, index):
    """An entry of an array of floats."""

    def generate(context, builder, signature, arguments):
        return builder.load(_pointer(context, builder, arguments, types.float64))

    return types.float64(types.int64, types.int64, types.int64), generate


@intrinsic
def _set_whole(context, arena, array, index, value):
    """Write an entry of an array of whole numbers."""

    def generate(context, builder, signature, arguments):
        builder.store(arguments[3], _pointer(context, builder, arguments[:3], types.int64))
        return context.get_dummy_value()

    return types.none(types.int64, types.int64, types.int64, types.int64), generate


@intrinsic
def _set_real(context, arena, array, index, value):
    """Write an entry of an array of floats."""

    def generate(context, builder, signature, arguments):
        builder.store(arguments[3], _pointer(context, builder, arguments[:3], types.float64))
        return context.get_dummy_value()

    return types.none(types.int64, types.int64, types.int64, types.float64), generate


def _entry(arena, array, index):
    """The same without compiling."""
    assert 0 <= index < len(arena[array]), (array, index)
    return arena[array][index].item()


def _set_entry(arena, array, index, value):
    """The same without compiling."""
    assert 0 <= index < len(arena[array]), (array, index)
    arena[array][index] = value


whole, real = (_entry, _entry) if config.DISABLE_JIT else (_whole, _real)
set_whole, set_real = (_set_entry, _set_entry) if config.DISABLE_JIT else (_set_whole, _set_real)
