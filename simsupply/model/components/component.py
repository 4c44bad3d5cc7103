"""A component: steps that couple, as one step of the network, advanced window by window by the event loop."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from simsupply.model.components.event_delay import EventDelay
from simsupply.model.components.event_leg import EventLeg
from simsupply.model.components.event_slots import EventSlots
from simsupply.model.components.event_stage import EventStage
from simsupply.model.components.event_step import EventStep
from simsupply.model.components.graph import Outline
from simsupply.model.components.groups import COME, NOTED
from simsupply.model.components.layout import Layout
from simsupply.model.components.state import ComponentState, LaysOut
from simsupply.model.events import arena as a
from simsupply.model.events import columns as c
from simsupply.model.events.orders import COLUMNS
from simsupply.model.events.writing import counted, told_apart
from simsupply.model.flow.step import Completion
from simsupply.model.kernels.arrays import first_come, ranges
from simsupply.strategy.steps.gate import Gate
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
        for name in sorted(layout.several & layout.first_server.keys()):
            steps = sorted(layout.steps, key=lambda step: step.number)
            self._tell_with_first(name, [step for step in steps if name in layout.crews_of(step)])

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
        return EventSlots(self, step) if step.kind is Gate and step.first.slots else EventDelay(self, step)

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
        self._let_arrive()
        self._let_join()
        for cells in self.groups.run(until):
            is_slot = self.groups.of_cells[cells, c.Z_LEFT] == c.SLOT
            self._make_loads(cells[~is_slot])
            for cell in cells[is_slot].tolist():
                self._call_to_slot(cell)
            self._let_join()
        if self.layout.keeps_spells:
            self.spells.take_note()
        finished, begun, over = (self.groups.noted(*which) for which in NOTED)
        self._let_wait_for_slots()
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
        rows, cells = self.rows, self.groups.of_cells
        if self.inside.num_open or self.coming or self.joining or not rows[a.I_ORDER].used:
            return
        if (cells[:, c.R_ARRIVAL] < cells[:, c.R_ARRIVALS]).any():
            return
        servers = rows[a.I_SERVER].table
        # Of who rests the spell goes on, where it is told from when to when each is busy.
        idle = np.isin(
            servers[:, c.S_STATE], (c.IDLE, c.OFF_DUTY, c.GONE, *(() if self.layout.keeps_spells else (c.RESTS,)))
        )
        if not idle.all() or (servers[servers[:, c.S_STATE] == c.GONE, c.S_JOB] >= 0).any():
            return
        for model in self.models.values():
            model.forget()
        self.inside.clear()
        rows[a.I_STAND].table[:, c.H_OFFER] = -1
        rows[a.I_ORDER].used = rows[a.F_ORDER_TIMES].used = 0
        rows[a.I_LIST].used = rows[a.F_MORE_MINUTES].used = 0
        self.groups.forget()
        self.spells.forget(self.now)

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
            for number, of_way in self.layout.network.by_way(completion):
                passing = self.layout.passing[wave.channel.name]
                following = passing.following(number, position)
                if following is None:
                    self.models[step].note_floor(of_way, passing.frees[number])
                    self.inside.num_open -= len(of_way.orders)
                    group = self.groups.of_drop_point[wave.drop_point[of_way.orders]]
                    self.groups.num_open -= np.bincount(group, minlength=self.groups.num)
                else:
                    in_time = of_way.times < self.layout.scenario.horizon_min
                    self.models[way[following][1]].note_come(wave, int(np.count_nonzero(in_time)))
                    self.models[way[following][1]].note_queue(*of_way, by=1)
            yield self.models[step], completion

    def _let_arrive(self) -> None:
        """Put who is to come in order of time, cell by cell, with whom the loop knows of and who has not come yet."""
        if not self.coming:
            return
        cells, arrival, time = self.groups.of_cells, self.rows[a.I_ARRIVAL], self.rows[a.F_ARRIVAL_TIME]
        first, left = cells[:, c.R_ARRIVAL].copy(), cells[:, c.R_ARRIVALS] - cells[:, c.R_ARRIVAL]
        known = ranges(first, left)
        orders = np.concatenate([arrival.data[known], *(orders for orders, _, _ in self.coming)])
        times = np.concatenate([time.data[known], *(times for _, _, times in self.coming)])
        self.coming, coming = [], self.coming
        if len(cells) > 1:
            cell = np.concatenate([np.repeat(np.arange(len(cells)), left), *(cell for _, cell, _ in coming)])
            in_order = np.lexsort((times, cell))
            orders, times = orders[in_order], times[in_order]
            num = np.bincount(cell, minlength=len(cells))
        else:
            num = np.array([len(orders)])
            if (times[1:] < times[:-1]).any():
                in_order = np.argsort(times, kind="stable")
                orders, times = orders[in_order], times[in_order]
        arrival.used = time.used = 0
        arrival.add(orders[:, None])
        time.add(times[:, None])
        cells[:, c.R_ARRIVALS] = np.cumsum(num)
        cells[:, c.R_ARRIVAL] = cells[:, c.R_ARRIVALS] - num

    def _let_join(self) -> None:
        """Lay jobs ready that join their lines as soon as time goes on, cell by cell."""
        if not self.joining:
            return
        jobs, cells, rows = np.concatenate(self.joining), self.groups.of_cells, self.rows[a.I_PUT]
        self.joining = []
        if len(cells) > 1:
            line = self.rows[a.I_JOB].table[jobs, c.J_LINE]
            cell = self.layout.cells.of_pool[self.rows[a.I_LINE].table[line, c.L_POOL]]
            jobs = jobs[np.argsort(cell, kind="stable")]
            num = np.bincount(cell, minlength=len(cells))
        else:
            num = np.array([len(jobs)])
        rows.used = 0
        rows.add(jobs[:, None])
        cells[:, c.R_PUTS] = np.cumsum(num)
        cells[:, c.R_PUT] = cells[:, c.R_PUTS] - num

    def _make_loads(self, cells: IntArray) -> None:
        """Make loads of the orders that the loop has laid ready in these cells."""
        said = self.groups.of_cells[cells]
        nodes = self.rows[a.I_STAND].table[said[:, c.R_STAND], c.H_NODE]
        first, sizes = said[:, c.R_LOT], said[:, c.R_LOT_END] - said[:, c.R_LOT]
        now = self.rows[a.F_CELL_TIMES].data[cells]
        for node in np.unique(nodes).tolist():
            which = np.flatnonzero(nodes == node)
            members = self.rows[a.I_MEMBER].data[ranges(first[which], sizes[which])]
            step = next(step for way in self.layout.ways.values() for number, step in way if number == node)
            model = self.models[step]
            assert isinstance(model, EventLeg)
            ptr = np.concatenate([[0], np.cumsum(sizes[which])])
            if self.rows[a.I_NODE].table[node, c.N_LEAVES] == c.READY:
                for stand, first_of, end_of in zip(said[which, c.R_STAND].tolist(), ptr[:-1], ptr[1:], strict=True):
                    self.put(model.offer(stand, node, members[first_of:end_of]))
            else:
                self.put(model.make_loads(node, members, ptr, now[which]))

    def _let_wait_for_slots(self) -> None:
        """Let orders that have come to gates with time slots wait for theirs."""
        come = self.groups.noted(*COME)
        if len(come):
            at = self.rows[a.I_ORDER].table[come, c.O_NODE]
            for model in self.models.values():
                if isinstance(model, EventSlots):
                    model.join(come[np.isin(at, list(model.nodes))])

    def _call_to_slot(self, cell: int) -> None:
        """Call households to the slot of a gate that begins."""
        self._let_wait_for_slots()
        delay = int(self.groups.of_cells[cell, c.R_STAND])
        node = int(np.flatnonzero(self.rows[a.I_NODE].table[:, c.N_DELAY] == delay - cell)[0])
        called = next(model for model in self.models.values() if node in model.nodes)
        assert isinstance(called, EventSlots)
        passes = self.rows[a.I_PASS]
        passes.used = 0
        passes.add(called.call(float(self.rows[a.F_CELL_TIMES].data[cell]))[:, None])
        registers = self.groups.registers[self.groups.group_of_cell[cell]]
        registers[c.R_PASSES], registers[c.R_CALLED] = passes.used, delay
        self.rows[a.F_DELAY_TIMES].data[delay] = called.calls.next_call()
