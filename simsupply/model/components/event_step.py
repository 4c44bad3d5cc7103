"""What every step of a component has in common: the network knows it as a step, the loop as rows."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simsupply.model.components.graph import Outline
from simsupply.model.components.state import ComponentState
from simsupply.model.events import arena as a
from simsupply.model.events import columns as c
from simsupply.model.events.sums import TICKS, TICKS_OF_KM
from simsupply.model.flow.step import Completion, Load, StepModel
from simsupply.model.flow.waits import WaitMeter
from simsupply.model.flow.waves import Wave
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.strategy.waits import Cause

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


class EventStep(StepModel):
    """A step of a component.

    Attributes
    ----------
    nodes : dict of int to str
        Its rows in the loop, and the route of each.
    """

    meter: WaitMeter

    def __init__(self, component: ComponentState, step: Outline) -> None:
        super().__init__(step.names)
        self.component, self.step, self.layout = component, step, component.layout
        self.rows = component.rows
        self.nodes = {node: name for name, way in self.layout.ways.items() for node, other in way if other is step}
        # Of crews that do several things, told with the first of their steps.
        self.other_loads: list[Callable[[], list[Load]]] = []

    def expect(self, wave: Wave) -> None:
        """Learn of a wave at its release."""
        self.component.expect(wave)

    def receive(self, completion: Completion) -> None:
        """Take orders in from outside."""
        wave = completion.wave
        if len(completion.orders):
            self.note_come(wave, int(np.count_nonzero(completion.times < self.layout.scenario.horizon_min)))
            self.note_queue(*completion, by=1)
        self.component.receive(completion)

    def advance(self, until: float) -> list[Completion]:
        """Its component does that."""
        raise NotImplementedError(f"{self.names} up to {until}")

    def note_come(self, wave: Wave, num: int) -> None:
        """Count orders that have come before the horizon."""
        self.meter.come(wave.base, self.step.users[wave.channel.name].name, num)

    @abstractmethod
    def lay_out(self, wave: Wave, first: int, node: int, column: int, orders: IntArray, times: FloatArray) -> None:
        """Write down the units of a wave, whose orders are numbered from `first` on; `orders`, `times` are theirs."""

    def waits_at(self, body: Any) -> PlaceKind | None:
        """Where orders wait for what the step does in a route; None: nowhere."""
        return None

    def note_queue(self, wave: Wave, orders: IntArray, times: FloatArray, by: int) -> None:
        """Tell the recorder that orders join the queue before it at these times, or leave it."""
        body = self.step.users[wave.channel.name]
        kind = self.waits_at(body) if self.levels else None
        if kind is not None:
            self.queue_changes(body.name, kind, wave, orders, times, by)

    def note_floor(self, completion: Completion, kind: PlaceKind | None) -> None:
        """Tell the recorder that orders, at the end of their way, leave the limited floors on which they stood."""
        wave, orders, times = completion
        if self.levels and kind is not None:
            place = wave.places.serving[kind][wave.drop_point[orders]]
            is_limited = self.layout.floors_at(kind, place) >= 0
            self.levels.change("floor", "", kind, place[is_limited], times[is_limited], -1)

    def tell(self, begun: IntArray, over: IntArray) -> None:
        """Tell the recorder what has happened in a window: jobs that have begun, in order, and trips that are over."""
        return

    def have_begun(self, node: int, jobs: IntArray) -> None:
        """Learn which jobs have begun."""
        return

    def are_over(self, node: int, jobs: IntArray) -> None:
        """Learn which trips are over."""
        return

    def have_finished(self, node: int, column: int, completion: Completion, orders: IntArray) -> None:
        """Learn which orders have finished it."""
        return

    def forget(self) -> None:
        """Tell all that is to be told of orders that have left, before their rows are needed for others."""
        return

    def load_by_fleet(self) -> list[Load]:
        """Work up to the horizon, and that of crews that do several things."""
        return [*self.loads_of_its_own(), *(load for loads in self.other_loads for load in loads())]

    def loads_of_its_own(self) -> list[Load]:
        """Work up to the horizon, of each fleet by itself."""
        return []

    # --- what the loop has written ------------------------------------------------------------

    def members(self, jobs: IntArray) -> tuple[IntArray, IntArray]:
        """Orders of these jobs, and which of the jobs (by position) each is in."""
        table = self.rows[a.I_JOB].table
        first = table[jobs, c.J_FIRST]
        is_plain = self.rows[a.I_NODE].table[table[jobs, c.J_NODE], c.N_IS_PLAIN] == 1
        sizes = table[jobs, c.J_END] - first
        if is_plain.all() and (sizes == 1).all():
            return first, np.arange(len(jobs))
        of = np.repeat(np.arange(len(jobs)), sizes)
        where = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes) + np.repeat(first, sizes)
        if is_plain.all():
            return where, of
        members = self.rows[a.I_MEMBER].data
        if not is_plain.any():
            return members[where], of
        return np.where(is_plain[of], where, members[np.where(is_plain[of], 0, where)]), of

    def came(self, node: int, orders: IntArray) -> FloatArray:
        """When orders came to a node."""
        column = self.rows[a.I_NODE].table[node, c.N_COLUMN]
        times: FloatArray = self.rows[a.F_ORDER_TIMES].table[orders, column]
        return times

    def wait_plainly(
        self,
        node: int,
        orders: IntArray,
        begin: FloatArray,
        end: FloatArray,
        cause: Cause,
        *,
        is_ordered: bool = False,
        meter: WaitMeter | None = None,
    ) -> None:
        """Note that orders waited between these moments, whatever the hours are; infinity: for good."""
        meter = meter or self.meter
        waited = (end > begin) & meter.counts(begin)
        if not waited.any():
            return
        orders, begin, end = orders[waited], begin[waited], end[waited]
        for wave, which, numbers in self.component.inside.by_wave(orders):
            name = self.step.users[wave.channel.name].name
            meter.wait_from(wave, name, numbers, begin[which], cause, is_ordered=is_ordered)
            meter.wait_no_more(wave, name, numbers, end[which], cause=cause, is_ordered=is_ordered)

    def booked(self, book: int, names: Iterable[tuple[Outline, str]]) -> Load:
        """What was booked in one row of the sums, and what of it at each step."""
        num_groups, num_steps = self.layout.cells.num_groups, len(self.layout.step_number)
        row = self.rows[a.I_BOOK].table.reshape(num_groups, -1, c.BOOK)[:, book].sum(axis=0)
        by_step = self.rows[a.I_BY_STEP].table.reshape(num_groups, -1, num_steps)[:, book].sum(axis=0)
        return Load(
            busy_min=int(row[c.B_BUSY]) / TICKS,
            overtime_min=int(row[c.B_OVERTIME]) / TICKS,
            vehicle_km=int(row[c.B_KM]) / TICKS_OF_KM,
            dock_wait_min=int(row[c.B_DOCK]) / TICKS,
            road_wait_min=int(row[c.B_ROAD]) / TICKS,
            place_wait_min=int(row[c.B_PLACE]) / TICKS,
            floor_wait_min=int(row[c.B_FLOOR]) / TICKS,
            trips=int(row[c.B_TRIPS]),
            busy_by_step=tuple(int(by_step[self.layout.step_number[key]]) / TICKS for key in names),
        )

    def crew_loads(self, crew: str, names: list[tuple[Outline, str]]) -> list[Load]:
        """Work of a crew at these steps, one for each kind of people."""
        self.component.book_under_way()
        layout = self.layout
        spec, duty = layout.scenario.spec.staffing.crews[crew], layout.rosters.crew(crew)
        own, later = spec.people, (spec.arrivals.people if spec.arrivals else None) or spec.people
        parts = [(own, None)] if own == later else [(own, False), (later, True)]
        # Steps of the same name are told as one.
        of_name: dict[str, list[tuple[Outline, str]]] = {}
        for key in names:
            of_name.setdefault(key[1], []).append(key)
        loads = []
        for (people, who), book in zip(parts, layout.books[crew], strict=False):
            load = self.booked(book, names)
            by_step = dict.fromkeys(of_name, 0.0)
            for key, minutes in zip(names, load.busy_by_step, strict=True):
                by_step[key[1]] += minutes
            load.names, load.busy_by_step, load.people = tuple(of_name), tuple(by_step.values()), people
            load.scheduled_min = duty.scheduled_min(layout.scenario.horizon_min, of_arrivals=who)
            of_later = duty.apart_of_arrivals_min
            load.apart_min = duty.apart_min if who is None else of_later if who else duty.apart_min - of_later
            loads.append(load)
        return loads


def each_once(rows: IntArray) -> Iterator[IntArray]:
    """Where rows stand, in parts in which none is named twice."""
    order = np.argsort(rows, kind="stable")
    in_order = rows[order]
    nth = np.arange(len(rows)) - np.searchsorted(in_order, in_order)
    for number in range(int(nth.max(initial=-1)) + 1):
        yield order[nth == number]
