"""Groups of cells: each has its registers, sums and rows to add, and they are run on several threads at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simsupply.base.threads import share_out
from simsupply.model.components.layout import Layout
from simsupply.model.events import arena as a
from simsupply.model.events import columns as c
from simsupply.model.events.loop import run_arena

IntArray = NDArray[np.int64]
# Rows that the loop adds: their arrays, the next one and the end of those it may add; how many are given at least, and
# at least for each order inside.
ADDED = (
    ((a.I_JOB, a.F_JOB_TIMES), c.R_JOBS, c.R_JOBS_END, 64, 0.02),
    ((a.I_PART, a.F_PART_TIMES), c.R_PARTS, c.R_PARTS_END, 256, 0.1),
    ((a.I_MEMBER, a.F_MEMBER_TIMES), c.R_MEMBERS, c.R_MEMBERS_END, 256, 0.5),
    ((a.I_SPELL, a.F_SPELL_TIMES), c.R_SPELLS, c.R_SPELLS_END, 256, 1.0),
    ((a.I_FEW, a.F_FEW_TIMES), c.R_FEWS, c.R_FEWS_END, 256, 0.0),
)
# Lists of what has happened in a window.
NOTED = ((a.I_FINISHED, c.R_FINISHED), (a.I_BEGUN, c.R_BEGUN), (a.I_OVER, c.R_OVER))
COME = a.I_COME, c.R_COME
# Fewer orders inside are run on one thread: to call another one takes as long.
FEW_ORDERS = 2_000


class Groups:
    """The groups of a component.

    Attributes
    ----------
    registers, times : arrays, shape (groups, `NUM_REGISTERS`), (groups, `NUM_TIMES`)
    num_open : int array, shape (groups,)
        Orders inside each that have not finished the last step of the component.
    """

    def __init__(self, layout: Layout) -> None:
        self.rows, self.cells = layout.rows, layout.cells
        num = self.num = layout.cells.num_groups
        self.registers: IntArray = np.tile(layout.registers, (num, 1))
        self.times = np.zeros((num, c.NUM_TIMES))
        self.times[:, c.T_HORIZON], self.times[:, c.T_END] = layout.scenario.horizon_min, layout.scenario.end_min
        self.rows[a.I_REGISTERS].data, self.rows[a.F_TIMES].data = self.registers.ravel(), self.times.ravel()
        self.parts = {a.I_REGISTERS: c.NUM_REGISTERS, a.F_TIMES: c.NUM_TIMES}
        for number in (a.I_BOOK, a.I_BY_STEP):
            rows = self.rows[number]
            self.parts[number] = rows.used * rows.width
            rows.add(np.tile(rows.table, (num - 1, 1)))
        self.of_drop_point = self.group_of_cell[layout.cells.of_drop_point]
        self.num_columns = layout.num_columns
        self.num_open = np.zeros(num, dtype=np.int64)
        self.given = np.zeros((len(ADDED), num), dtype=np.int64)
        # Where the arrays lay when the loop was told of them last, and which they were.
        self.directories: Any = None
        self.told_arrays: list[Any] = []

    @property
    def group_of_cell(self) -> IntArray:
        """Group of each cell."""
        groups: IntArray = np.repeat(np.arange(self.num), np.diff(self.cells.group_ptr))
        return groups

    @property
    def of_cells(self) -> IntArray:
        """Registers of the cells, shape (cells, `CELL`); a view."""
        table: IntArray = self.rows[a.I_CELL].table
        return table

    def directories_now(self) -> Any:
        """Where the arrays lie now, for each cell."""
        arrays = [rows.data for rows in self.rows.values()]
        if self.directories is None or any(
            one is not other for one, other in zip(arrays, self.told_arrays, strict=True)
        ):
            first = {number: self.group_of_cell * size for number, size in self.parts.items()}
            for number in a.OF_CELLS:
                first[number] = self.of_cells[:, c.Z_TOUCHED if number == a.I_TOUCHED else c.Z_HEAP]
            self.directories, self.told_arrays = a.directories_of(arrays, first, self.cells.num), arrays
        return self.directories

    def run(self, until: float) -> Iterator[IntArray]:
        """Let time pass up to `until`; yields cells for which loads are to be made, or people called to a slot."""
        self._make_room_to_note()
        groups, is_again = list(range(self.num)), False
        left = np.zeros(self.num, dtype=np.int64)
        ptr = self.cells.group_ptr.tolist()

        def go_on(group: int) -> None:
            left[group] = run_arena(directories, ptr[group], ptr[group + 1], until, is_again)

        while groups:
            directories = self.directories_now()
            if len(groups) > 1 and self.num_open.sum() >= FEW_ORDERS:
                share_out(go_on, groups)
            else:
                for group in groups:
                    go_on(group)
            groups, is_again = np.flatnonzero(left).tolist(), True
            if groups:
                why = self.of_cells[:, c.Z_LEFT]
                for group in groups:
                    if (why[ptr[group] : ptr[group + 1]] == c.NO_ROOM).any():
                        self._give_room(group)
                ready = np.flatnonzero((why == c.LOT_READY) | (why == c.SLOT))
                if len(ready):
                    yield ready

    def noted(self, number: int, register: int) -> IntArray:
        """What the groups have noted since they were asked last."""
        data, size = self.rows[number].data, self.parts[number]
        noted = [data[group * size : group * size + num] for group, num in enumerate(self.registers[:, register])]
        self.registers[:, register] = 0
        return np.concatenate(noted)

    def forget(self) -> None:
        """Begin anew with the rows that the loop adds, of which none is needed any more."""
        self.given[:] = 0
        for numbers, register, end, *_ in ADDED:
            self.registers[:, register] = self.registers[:, end] = 0
            for number in numbers:
                self.rows[number].used = 0

    def trim(self) -> None:
        """Keep what is in use of the arrays that grow, before they are written down."""
        for number, _ in NOTED:
            self.parts[number] = 0
        grown = [number for numbers, *_ in ADDED for number in numbers]
        own = (a.I_ORDER, a.F_ORDER_TIMES, a.I_ARRIVAL, a.F_ARRIVAL_TIME)
        for number in (*grown, *own, *(number for number, _ in NOTED)):
            self.rows[number].trim()
        self.directories = None

    def _make_room_to_note(self) -> None:
        """Room for all that may happen up to the end of the window."""
        needed = int(self.num_open.max()) * self.num_columns + 1
        for number, _ in (*NOTED, COME):
            if self.parts.get(number, 0) < needed:
                self.parts[number] = max(needed, 2 * self.parts.get(number, 0))
                self.rows[number].make_room(self.num * self.parts[number])
                self.directories = None

    def _give_room(self, group: int) -> None:
        """Give a group rows for more loads, trips and spells, where it has too few for the next one."""
        registers = self.registers[group]
        needs = (1, c.MOST_PARTS, *registers[[c.R_LOT_SIZE, c.R_SPELLS_OF_TRIP, c.R_FEWS_OF_TURN]].tolist())
        for kind, ((numbers, register, end, least, share), needed) in enumerate(zip(ADDED, needs, strict=True)):
            if registers[register] + needed <= registers[end]:
                continue
            inside = int(share * int(self.num_open[group]))
            num = max(least, needed, inside, int(self.given[kind, group]) // 8 * 4)
            first = self.rows[numbers[0]].reserve(num)
            self.rows[numbers[1]].reserve(num)
            # Of nobody, until they are written.
            if numbers[0] in (a.I_JOB, a.I_SPELL, a.I_FEW):
                self.rows[numbers[0]].table[first:] = -1
            if registers[end] != first:
                registers[register] = first
            registers[end] = first + num
            self.given[kind, group] += num
