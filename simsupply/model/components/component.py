"""A component: steps that couple, as one step of the network, advanced window by window by the event loop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simsupply.model.components.event_delay import EventDelay
from simsupply.model.components.event_leg import EventLeg
from simsupply.model.components.event_stage import EventStage
from simsupply.model.components.event_step import EventStep
from simsupply.model.components.graph import Outline
from simsupply.model.components.layout import Layout
from simsupply.model.components.waves_inside import WavesInside
from simsupply.model.events import arena as a
from simsupply.model.events import columns as c
from simsupply.model.events.loop import LOT_READY, book_trip_of, run_arena
from simsupply.model.events.orders import COLUMNS
from simsupply.model.flow.step import Completion
from simsupply.model.flow.waves import Wave
from simsupply.strategy.steps.leg import Leg
from simsupply.strategy.steps.stage import Stage

IntArray = NDArray[np.int64]


class Component:
    """Steps of several routes that couple.

    Attributes
    ----------
    models : dict of Outline to EventStep
        Each step as the network knows it.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout, self.rows, self.registers = layout, layout.rows, layout.registers
        self.times = np.zeros(c.NUM_TIMES)
        self.times[c.T_HORIZON] = layout.scenario.horizon_min
        self.rows[a.I_REGISTERS].data, self.rows[a.F_TIMES].data = self.registers, self.times
        self.inside = WavesInside(self.rows)
        self.models: dict[Outline, EventStep] = {step: self._model(step) for step in layout.steps}
        for name in layout.first_server:
            teams = [
                step
                for step in sorted(layout.steps, key=lambda step: step.number)
                if name in (layout.crew_of(step),) and name in layout.several
            ]
            if teams:
                self._tell_with_first(name, teams)
        self.standing = sum(
            layout.rows[a.I_NODE].table[node, c.N_KIND] == c.STANDING for way in layout.ways.values() for node, _ in way
        )
        self.first_duty: IntArray = self.rows[a.I_SERVER].table[:, c.S_DUTY].copy()
        self.is_booked = False
        self.coming: list[tuple[IntArray, NDArray[np.float64]]] = []
        self.directory: Any = None
        self._known: list[Any] = []
        self.now = 0.0

    def _model(self, step: Outline) -> EventStep:
        if step.kind is Stage:
            return EventStage(self, step)
        if step.kind is Leg:
            return EventLeg(self, step)
        return EventDelay(self, step)

    def _tell_with_first(self, crew: str, steps: list[Outline]) -> None:
        """What the people of a crew that does several things have done is told with the first of its steps."""
        layout = self.layout
        first = min(steps, key=lambda step: layout.rank[step])
        names = [(step, name) for step in steps for name in step.names]
        self.models[first].other_loads.append(lambda: self.models[first].crew_loads(crew, names))

    def has(self, model: object) -> bool:
        """Whether a step is one of its steps."""
        return any(model is own for own in self.models.values())

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
            self.models[step].lay_out(wave, first, node, column, orders, times)
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

    # --- time passes ------------------------------------------------------------------------------

    def take_over_counts(self) -> None:
        """Learn how many rows the loop has added."""
        for number, register in _GROWN:
            self.rows[number].used = int(self.registers[register])

    def hand_over_counts(self) -> None:
        """Tell the loop how many rows there are."""
        for number, register in _GROWN:
            self.registers[register] = self.rows[number].used

    def advance(self, until: float) -> Iterator[tuple[EventStep, Completion]]:
        """Go on to `until`; orders whose time of finishing a step has become known, step after step."""
        self.now = until
        self._let_arrive()
        self._make_room()
        while run_arena(self._directory(), until) == LOT_READY:
            self._make_loads()
            self._make_room()
        self.take_over_counts()
        finished = self._log(a.I_FINISHED, c.R_FINISHED)
        begun, over = self._log(a.I_BEGUN, c.R_BEGUN), self._log(a.I_OVER, c.R_OVER)
        node_of = self.rows[a.I_JOB].table[:, c.J_NODE]
        nodes, over_nodes = node_of[begun], node_of[over]
        for step in self.layout.steps:
            model = self.models[step]
            for node in model.nodes:
                jobs, done = begun[nodes == node], over[over_nodes == node]
                if len(jobs):
                    model.have_begun(node, jobs)
                if len(done):
                    model.are_over(node, done)
        yield from self._completions(finished)

    def _completions(self, finished: IntArray) -> Iterator[tuple[EventStep, Completion]]:
        order, column = finished // COLUMNS, finished % COLUMNS
        times = self.rows[a.F_ORDER_TIMES].table[order, column + 1]
        wave_of = self.inside.number_of(order)
        told: list[tuple[int, int, int, IntArray]] = []
        for number in np.unique(wave_of).tolist():
            wave = self.inside.waves[number]
            way = self.layout.ways[wave.channel.name]
            for position, (_, step) in enumerate(way):
                which = np.flatnonzero((wave_of == number) & (column == position))
                if len(which):
                    rank = self.layout.rank[step]
                    told.append((rank, number, position, which))
        for _, number, position, which in sorted(told, key=lambda entry: entry[:3]):
            wave = self.inside.waves[number]
            way = self.layout.ways[wave.channel.name]
            orders = order[which] - self.inside.first[number]
            which = which[np.lexsort((orders, times[which]))]
            orders = order[which] - self.inside.first[number]
            completion = Completion(wave, orders, times[which])
            node, step = way[position]
            self.models[step].have_finished(node, position, completion, order[which])
            if position + 1 < len(way):
                in_time = times[which] < self.layout.scenario.horizon_min
                self.models[way[position + 1][1]].note_come(wave, int(np.count_nonzero(in_time)))
            else:
                self.inside.num_open -= len(which)
            yield self.models[step], completion

    def _log(self, number: int, register: int) -> IntArray:
        """What the loop has noted since it was asked last."""
        num = int(self.registers[register])
        noted: IntArray = self.rows[number].data[:num].copy()
        self.registers[register] = 0
        return noted

    def _let_arrive(self) -> None:
        """Put who is to come in order of time, behind whom the loop was told of and who has not come yet."""
        registers, arrival, time = self.registers, self.rows[a.I_ARRIVAL], self.rows[a.F_ARRIVAL_TIME]
        if not self.coming:
            return
        first, end = int(registers[c.R_ARRIVAL]), int(registers[c.R_ARRIVALS])
        orders = np.concatenate([arrival.data[first:end], *(orders for orders, _ in self.coming)])
        times = np.concatenate([time.data[first:end], *(times for _, times in self.coming)])
        self.coming = []
        if (times[1:] < times[:-1]).any():
            in_order = np.argsort(times, kind="stable")
            orders, times = orders[in_order], times[in_order]
        arrival.used = time.used = 0
        arrival.add(orders[:, None])
        time.add(times[:, None])
        registers[c.R_ARRIVAL], registers[c.R_ARRIVALS] = 0, len(orders)

    def _make_room(self) -> None:
        """Room for whatever the loop may add up to the end of the window."""
        self.take_over_counts()
        rows, num_open = self.rows, self.inside.num_open
        loads = num_open * int(self.standing) + rows[a.I_STAND].used
        for number, more in (
            (a.I_JOB, loads),
            (a.F_JOB_TIMES, loads),
            (a.I_PART, 4 * loads),
            (a.F_PART_TIMES, 4 * loads),
            (a.I_MEMBER, loads),
            (a.F_MEMBER_TIMES, loads),
        ):
            rows[number].make_room(more)
        rows[a.I_FINISHED].used = int(self.registers[c.R_FINISHED])
        rows[a.I_FINISHED].make_room(num_open * self.layout.num_columns)
        for number, register in ((a.I_BEGUN, c.R_BEGUN), (a.I_OVER, c.R_OVER)):
            rows[number].used = int(self.registers[register])
            rows[number].make_room(rows[a.I_JOB].used + loads)
        if self.layout.keeps_spells:
            begins = num_open * self.layout.num_columns * (1 + self.layout.most_seats) + rows[a.F_DUTY].used
            rows[a.I_SPELL].make_room(begins)
            rows[a.F_SPELL_TIMES].make_room(begins)

    def _directory(self) -> Any:
        arrays = [rows.data for rows in self.rows.values()]
        if self.directory is None or any(one is not other for one, other in zip(arrays, self._known, strict=True)):
            self.directory, self._known = a.directory_of(arrays), arrays
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
                        book_trip_of(self._directory(), vehicle, job, self.now)

    def _make_loads(self) -> None:
        """Make loads of the orders that the loop has laid ready."""
        self.take_over_counts()
        stand = int(self.registers[c.R_STAND])
        node = int(self.rows[a.I_STAND].table[stand, c.H_NODE])
        members = self.rows[a.I_MEMBER].data[self.registers[c.R_LOT] : self.registers[c.R_LOT_END]].copy()
        step = next(step for way in self.layout.ways.values() for number, step in way if number == node)
        model = self.models[step]
        assert isinstance(model, EventLeg)
        self.put(model.make_loads(node, members, float(self.times[c.T_NOW])))
        self.hand_over_counts()


_GROWN = (
    (a.I_JOB, c.R_JOBS),
    (a.F_JOB_TIMES, c.R_JOBS),
    (a.I_PART, c.R_PARTS),
    (a.F_PART_TIMES, c.R_PARTS),
    (a.I_MEMBER, c.R_MEMBERS),
    (a.F_MEMBER_TIMES, c.R_MEMBERS),
    (a.I_SPELL, c.R_SPELLS),
    (a.F_SPELL_TIMES, c.R_SPELLS),
)
