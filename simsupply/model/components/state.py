"""What the steps of a component share: its arena, the waves inside, and the moment it has come to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from simsupply.model.components.graph import Outline
from simsupply.model.components.groups import Groups
from simsupply.model.components.layout import Layout
from simsupply.model.components.spells import Spells
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
    """

    def __init__(self, layout: Layout) -> None:
        self.layout, self.rows = layout, layout.rows
        self.groups, self.spells = Groups(layout), Spells(layout.rows)
        self.inside = WavesInside(self.rows)
        self.first_duty: IntArray = self.rows[a.I_SERVER].table[:, c.S_DUTY].copy()
        self.is_booked = False
        # Who is to come: orders, their cells, times; and jobs that join their lines.
        self.coming: list[tuple[IntArray, IntArray, FloatArray]] = []
        self.joining: list[IntArray] = []
        self.since = self.now = 0.0

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
        passing = layout.passing[wave.channel.name]
        of_way, comes_in = passing.way_of(wave), passing.first(wave)
        orders[:, c.O_NODE] = np.where(comes_in < 0, -1, way[0][0] + comes_in)
        orders[:, c.O_WAY] = passing.first_way + of_way
        times = np.full((len(wave), self.rows[a.F_ORDER_TIMES].width), np.nan)
        for number, kind in enumerate(passing.frees):
            if kind is not None:
                on_way = of_way == number
                floors = layout.floor_of[kind][wave.places.serving[kind][wave.drop_point]]
                orders[on_way, c.O_FLOOR] = floors[on_way]
        inside = np.flatnonzero(comes_in >= 0)
        first = self.inside.add(wave, len(inside))
        groups = self.groups.of_drop_point[wave.drop_point[inside]]
        self.groups.num_open += np.bincount(groups, minlength=self.groups.num)
        for column, (node, step) in enumerate(way):
            self.steps_by_outline()[step].lay_out(wave, first, node, column, orders, times)
        self.rows[a.I_ORDER].add(orders)
        self.rows[a.F_ORDER_TIMES].add(times)

    def receive(self, completion: Completion) -> None:
        """Take orders in that come from outside (times may lie in the future)."""
        if len(completion.orders):
            wave = completion.wave
            orders = completion.orders + self.inside.first[wave.number]
            comes_in = self.layout.passing[wave.channel.name].first(wave)[completion.orders]
            self.rows[a.F_ORDER_TIMES].table[orders, comes_in] = completion.times
            cells = self.layout.cells.of_drop_point[wave.drop_point[completion.orders]]
            self.coming.append((orders, cells, completion.times))

    def put(self, jobs: IntArray) -> None:
        """Let jobs join their lines as soon as time goes on."""
        self.joining.append(jobs)

    def orders_at(self, step: Outline) -> Iterator[tuple[int, Wave, IntArray]]:
        """Waves that go through a step: its number on their route, the wave, those of its orders that pass it."""
        for number, wave in self.inside.waves.items():
            for column, (_, other) in enumerate(self.layout.ways[wave.channel.name]):
                if other is step:
                    passing = wave.passing(step.users[wave.channel.name].name)
                    orders = np.arange(len(wave)) if passing is None else passing
                    yield column, wave, self.inside.first[number] + orders

    def book_under_way(self) -> None:
        """Book trips that are under way at the end of the run, up to now; once."""
        if not self.is_booked:
            self.is_booked = True
            for driving in self.layout.driving.values():
                vehicles = driving.first_server + np.arange(driving.vehicles.duty.num_servers)
                jobs = self.rows[a.I_SERVER].table[vehicles, c.S_JOB]
                for vehicle, job in zip(vehicles.tolist(), jobs.tolist(), strict=True):
                    if job >= 0:
                        book_trip_of(self.groups.directories_now(), vehicle, job, self.now)
