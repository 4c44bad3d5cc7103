"""A component: steps that couple, as one step of the network, advanced window by window by the event loop."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from simsupply.model.components.event_delay import EventDelay
from simsupply.model.components.event_leg import EventLeg
from simsupply.model.components.event_stage import EventStage
from simsupply.model.components.event_step import EventStep
from simsupply.model.components.graph import Outline
from simsupply.model.components.layout import Layout
from simsupply.model.components.state import GROWN, ComponentState, LaysOut
from simsupply.model.events import arena as a
from simsupply.model.events import columns as c
from simsupply.model.events.loop import LOT_READY, run_arena
from simsupply.model.events.orders import COLUMNS
from simsupply.model.events.writing import counted, told_apart
from simsupply.model.flow.step import Completion
from simsupply.model.kernels.arrays import first_come
from simsupply.strategy.steps.leg import Leg
from simsupply.strategy.steps.stage import Stage

IntArray = NDArray[np.int64]


class Component(ComponentState):
    """Steps of several routes that couple.

    Attributes
    ----------
    models : dict of Outline to EventStep
        Each step as the network knows it.
    """

    def __init__(self, layout: Layout) -> None:
        super().__init__(layout)
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

    def close(self) -> None:
        """Leave the arrays to the next component; nothing more can be asked of this one."""
        for rows in self.rows.values():
            rows.give_back()

    def steps_by_outline(self) -> dict[Outline, LaysOut]:
        """Its steps."""
        return dict(self.models)

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

    # --- time passes ------------------------------------------------------------------------------

    def advance(self, until: float) -> Iterator[tuple[EventStep, Completion]]:
        """Go on to `until`; orders whose time of finishing a step has become known, step after step."""
        self.since, self.now = self.now, until
        self.first_spell = int(self.registers[c.R_SPELLS])
        self._let_arrive()
        self._make_room()
        while run_arena(self.directory_now(), until) == LOT_READY:
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
            if model.trips or model.levels:
                own = list(model.nodes)
                model.tell(begun[np.isin(nodes, own)], over[np.isin(over_nodes, own)])
        yield from self._completions(finished)
        self._forget_who_has_left()

    def _forget_who_has_left(self) -> None:
        """Begin the rows of orders anew where nobody is inside and nobody is busy, so that memory does not grow."""
        registers, rows = self.registers, self.rows
        is_empty = not self.inside.num_open and not self.coming and registers[c.R_ARRIVAL] == registers[c.R_ARRIVALS]
        if not is_empty or not rows[a.I_ORDER].used:
            return
        servers = rows[a.I_SERVER].table
        idle = np.isin(servers[:, c.S_STATE], (c.IDLE, c.OFF_DUTY, c.GONE, c.RESTS))
        if not idle.all() or (servers[servers[:, c.S_STATE] == c.GONE, c.S_JOB] >= 0).any():
            return
        for model in self.models.values():
            model.forget()
        self.inside.clear()
        rows[a.I_STAND].table[:, c.H_OFFER] = -1
        rows[a.I_ORDER].used = rows[a.F_ORDER_TIMES].used = 0
        for number, register in GROWN:
            rows[number].used = registers[register] = 0

    def _completions(self, finished: IntArray) -> Iterator[tuple[EventStep, Completion]]:
        if not len(finished):
            return
        numbers, bounds = self.inside.numbers, self.inside.bounds
        counts = np.zeros((len(bounds), self.layout.num_columns), dtype=np.int64)
        counted(finished, COLUMNS, bounds, counts)
        end = np.cumsum(counts).reshape(counts.shape)
        orders, times = np.empty(len(finished), dtype=np.int64), np.empty(len(finished))
        width, order_times = self.rows[a.F_ORDER_TIMES].width, self.rows[a.F_ORDER_TIMES].data
        told_apart(finished, COLUMNS, bounds, end - counts, orders, times, order_times, width)
        told: list[tuple[int, int, int, int]] = []
        for row, position in zip(*(places.tolist() for places in np.nonzero(counts)), strict=True):
            wave = self.inside.waves[int(numbers[row])]
            _, step = self.layout.ways[wave.channel.name][position]
            told.append((self.layout.rank[step], wave.number, position, row))
        for _, number, position, row in sorted(told):
            wave = self.inside.waves[number]
            way = self.layout.ways[wave.channel.name]
            last = int(end[row, position])
            which = slice(last - int(counts[row, position]), last)
            completion = Completion(wave, orders[which], times[which])
            in_order = first_come(completion.times, completion.orders)
            if in_order is not None:
                completion = Completion(wave, completion.orders[in_order], completion.times[in_order])
            node, step = way[position]
            self.models[step].have_finished(node, position, completion, completion.orders + bounds[row])
            if position + 1 < len(way):
                in_time = completion.times < self.layout.scenario.horizon_min
                self.models[way[position + 1][1]].note_come(wave, int(np.count_nonzero(in_time)))
                self.models[way[position + 1][1]].note_queue(*completion, by=1)
            else:
                self.models[step].note_floor(completion)
                self.inside.num_open -= len(completion.orders)
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
