"""What the steps of a component share: its arena, the waves inside, and the moment it has come to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from simsupply.model.components.graph import Outline
from simsupply.model.components.layout import Layout
from simsupply.model.components.waves_inside import WavesInside
from simsupply.model.events import arena as a
from simsupply.model.events import columns as c
from simsupply.model.events.loop import book_trip_of
from simsupply.model.flow.step import Completion
from simsupply.model.flow.waves import Wave

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


class LaysOut(Protocol):
    """A step that writes down the units of a wave."""

    def lay_out(self, wave: Wave, first: int, node: int, column: int, orders: IntArray, times: FloatArray) -> None:
        """See `simsupply.model.components.event_step.EventStep.lay_out`."""


class ComponentState:
    """The arena of a component while time passes.

    Attributes
    ----------
    rows : dict of int to Rows
        Arrays of the arena, by number.
    inside : WavesInside
    since, now : float
        From when and up to when time has passed in the last window, minutes.
    first_spell : int
        Where the spells of that window begin.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout, self.rows, self.registers = layout, layout.rows, layout.registers
        self.times = np.zeros(c.NUM_TIMES)
        self.times[c.T_HORIZON], self.times[c.T_END] = layout.scenario.horizon_min, layout.scenario.end_min
        self.rows[a.I_REGISTERS].data, self.rows[a.F_TIMES].data = self.registers, self.times
        self.inside = WavesInside(self.rows)
        self.first_duty: IntArray = self.rows[a.I_SERVER].table[:, c.S_DUTY].copy()
        self.is_booked = False
        self.coming: list[tuple[IntArray, FloatArray]] = []
        # Where the arrays lay when the loop was told of them last, and which they were.
        self.directory: Any = None
        self.told_arrays: list[Any] = []
        self.since = self.now = 0.0
        self.first_spell = 0

    def steps_by_outline(self) -> dict[Outline, LaysOut]:
        """Its steps."""
        raise NotImplementedError

    # --- waves ----------------------------------------------------------------------------------

    def expect(self, wave: Wave) -> None:
        """Learn of a wave at its release: its orders, and the units they are in at each step."""
        if wave.number in self.inside.first or not len(wave):
            return
        layout = self.layout
        way = layout.ways[wave.channel.name]
        orders = np.full((len(wave), self.rows[a.I_ORDER].width), -1, dtype=np.int64)
        orders[:, c.O_NODE] = way[0][0]
        times = np.full((len(wave), self.rows[a.F_ORDER_TIMES].width), np.nan)
        kind = layout.floor_frees.get(wave.channel.name)
        if kind is not None:
            orders[:, c.O_FLOOR] = layout.floor_of[kind][wave.places.serving[kind][wave.drop_point]]
        first = self.inside.add(wave, len(way))
        self.take_over_counts()
        for column, (node, step) in enumerate(way):
            self.steps_by_outline()[step].lay_out(wave, first, node, column, orders, times)
        self.rows[a.I_ORDER].add(orders)
        self.rows[a.F_ORDER_TIMES].add(times)
        self.hand_over_counts()

    def receive(self, completion: Completion) -> None:
        """Take orders in that come from outside (times may lie in the future)."""
        if len(completion.orders):
            orders = completion.orders + self.inside.first[completion.wave.number]
            self.rows[a.F_ORDER_TIMES].table[orders, 0] = completion.times
            self.coming.append((orders, completion.times))

    def put(self, jobs: IntArray) -> None:
        """Let jobs join their lines as soon as time goes on."""
        number = int(self.registers[c.R_PUTS])
        rows = self.rows[a.I_PUT]
        rows.used = number
        rows.add(jobs[:, None])
        self.registers[c.R_PUTS] = number + len(jobs)

    # --- rows ---------------------------------------------------------------------------------------

    def take_over_counts(self) -> None:
        """Learn how many rows the loop has added."""
        for number, register in GROWN:
            self.rows[number].used = int(self.registers[register])

    def hand_over_counts(self) -> None:
        """Tell the loop how many rows there are."""
        for number, register in GROWN:
            self.registers[register] = self.rows[number].used

    def directory_now(self) -> Any:
        """Where the arrays lie now, for the loop."""
        arrays = [rows.data for rows in self.rows.values()]
        if self.directory is None or any(one is not other for one, other in zip(arrays, self.told_arrays, strict=True)):
            self.directory, self.told_arrays = a.directory_of(arrays), arrays
        return self.directory

    def orders_at(self, step: Outline) -> Iterator[tuple[int, Wave, int]]:
        """Waves that go through a step: its number on their way, the wave, the number of its first order."""
        for number, wave in self.inside.waves.items():
            for column, (_, other) in enumerate(self.layout.ways[wave.channel.name]):
                if other is step:
                    yield column, wave, self.inside.first[number]

    def book_under_way(self) -> None:
        """Book trips that are under way at the end of the run, up to now; once."""
        if not self.is_booked:
            self.is_booked = True
            for driving in self.layout.driving.values():
                vehicles = driving.first_server + np.arange(driving.vehicles.duty.num_servers)
                jobs = self.rows[a.I_SERVER].table[vehicles, c.S_JOB]
                for vehicle, job in zip(vehicles.tolist(), jobs.tolist(), strict=True):
                    if job >= 0:
                        book_trip_of(self.directory_now(), vehicle, job, self.now)


GROWN = (
    (a.I_JOB, c.R_JOBS),
    (a.F_JOB_TIMES, c.R_JOBS),
    (a.I_PART, c.R_PARTS),
    (a.F_PART_TIMES, c.R_PARTS),
    (a.I_MEMBER, c.R_MEMBERS),
    (a.F_MEMBER_TIMES, c.R_MEMBERS),
    (a.I_SPELL, c.R_SPELLS),
    (a.F_SPELL_TIMES, c.R_SPELLS),
)
