"""One replication: releases in, steps advanced window by window, records out."""

from __future__ import annotations

from collections import defaultdict
from graphlib import TopologicalSorter

import numpy as np
from numpy.typing import NDArray

from simsupply.config.spec import MINUTES_PER_DAY
from simsupply.model.calendars import Duty, draw_duty
from simsupply.model.kernels import receive_deliveries
from simsupply.model.leg import LegStep
from simsupply.model.stage import StageStep
from simsupply.model.steps import GateStep, HoldStep, Passed, StepModel
from simsupply.model.waves import Wave, plan_wave, releases
from simsupply.records import (
    RELATIVE_TOLERANCE,
    Detail,
    HouseholdRecord,
    InvariantError,
    Ledger,
    OrderCounts,
    Replication,
    StepEvents,
    StepRecord,
)
from simsupply.scenario.spec import Crew, Fleet
from simsupply.scenario.world import Scenario
from simsupply.strategy.spec import Channel, Leg, Stage, Step, StrategySpec
from simsupply.streams import Streams

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def run_replication(
    scenario: Scenario, strategy: StrategySpec, *, seed: int, number: int, detail: Detail = "summary"
) -> Replication:
    """Play a scenario forward under a strategy, once.

    Parameters
    ----------
    scenario : Scenario
    strategy : StrategySpec
        Checked against the scenario (`simsupply.config.check.check_plan`).
    seed, number : int
        With the scenario and the strategy these two settle the result; no other replication
        needs to have run.

    Raises
    ------
    InvariantError
        If goods are lost or made, capacity is exceeded or time runs backwards.
    """
    return _Run(scenario, strategy, seed, number, detail).play()


class _Run:
    def __init__(
        self, scenario: Scenario, strategy: StrategySpec, seed: int, number: int, detail: Detail
    ) -> None:
        self.scenario, self.strategy, self.number = scenario, strategy, number
        self.events: list[StepEvents] | None = [] if detail == "orders" else None
        self.streams = Streams(seed=seed, replication=number)
        self.routes = self._build()
        self.order = _from_list_to_door(self.routes)
        self.account = {step: "+".join(step.names) for step in self.order}
        self.ledger = Ledger(list(self.account.values()))
        self.households = _Households(scenario)
        self.now = 0.0
        self.waves: list[Wave] = []
        self.delivery_times: list[FloatArray] = []
        self.placed_times: list[FloatArray] = []

    # --- building -----------------------------------------------------------------------------

    def _build(self) -> dict[str, list[StepModel]]:
        """The steps of each channel; a crew or fleet that several channels use is one and the same."""
        scenario = self.scenario
        stages: dict[str, dict[str, Stage]] = defaultdict(dict)
        legs: dict[str, dict[str, Leg]] = defaultdict(dict)
        for name, channel in self.strategy.channels.items():
            for step in channel.steps:
                if step.stage:
                    stages[step.stage.crew][name] = step.stage
                elif step.leg:
                    legs[step.leg.fleet][name] = step.leg
        crews = {
            name: StageStep(
                of_channel,
                crew := scenario.spec.staffing.crews[name],
                self._duty(name, headcount(scenario, crew), crew),
                scenario.places.serving[crew.at],
                scenario.households,
                scenario.horizon_min,
                self.streams,
            )
            for name, of_channel in stages.items()
        }
        fleets = {
            name: LegStep(
                of_channel,
                fleet := scenario.spec.fleet[name],
                self._duty(name, np.full(scenario.places.count(fleet.at), fleet.count), fleet),
                scenario.places,
                scenario.horizon_min,
                self.streams,
            )
            for name, of_channel in legs.items()
        }

        def model(step: Step) -> StepModel:
            if step.stage:
                return crews[step.stage.crew]
            if step.leg:
                return fleets[step.leg.fleet]
            if step.hold:
                return HoldStep(step.hold)
            assert step.gate
            return GateStep(step.gate)

        return {name: [model(step) for step in channel.steps] for name, channel in self.strategy.channels.items()}

    def _duty(self, name: str, headcount: IntArray, group: Crew | Fleet) -> Duty:
        general = self.scenario.spec.staffing.attendance
        return draw_duty(
            name,
            headcount,
            group.shifts,
            general if group.attendance is None else group.attendance,
            round(self.scenario.end_min / MINUTES_PER_DAY),
            self.streams,
        )

    # --- playing ------------------------------------------------------------------------------

    def play(self) -> Replication:
        planned = list(releases(self.scenario, self.strategy))
        for number, release in enumerate(planned):
            self._advance(release.time)
            wave = plan_wave(self.scenario, release, number, self.streams)
            self._release(release.channel, wave)
        self._advance(self.scenario.end_min)
        return self._record()

    def _release(self, channel: Channel, wave: Wave) -> None:
        route = self.routes[channel.name]
        self.waves.append(wave)
        self.placed_times.append(wave.placed)
        self.ledger.move("source", self.account[route[0]], len(wave), float(wave.kg.sum()))
        for step in route:
            step.expect(wave)
        self._note("placed", Passed(wave, np.arange(len(wave)), wave.placed))
        route[0].receive(Passed(wave, np.arange(len(wave)), wave.placed))

    def _advance(self, until: float) -> None:
        """Advance every step, from list to door: goods only flow forward."""
        if until <= self.now:
            return
        self.now = until
        for step in self.order:
            for wave, orders, times in step.advance(until):
                # What would be finished after the run's end is still in hand at its end.
                is_in_time = times < self.scenario.end_min
                if not is_in_time.any():
                    continue
                passed = Passed(wave, orders[is_in_time], times[is_in_time])
                position = self.routes[wave.channel.name].index(step)
                following = next(iter(self.routes[wave.channel.name][position + 1 :]), None)
                self._note(wave.channel.steps[position].body.name, passed)
                target = self.account[following] if following else "delivered"
                kg = float(wave.kg[passed.orders].sum())
                self.ledger.move(self.account[step], target, len(passed.orders), kg)
                if following:
                    following.receive(passed)
                else:
                    self._deliver(passed)
        self.households.settle(until)

    def _note(self, step: str, passed: Passed) -> None:
        if self.events is not None:
            wave, orders, times = passed
            self.events.append(
                StepEvents(step, wave.channel.name, wave.number, wave.household[orders], times.copy())
            )

    def _deliver(self, passed: Passed) -> None:
        wave, orders, times = passed
        if (times < wave.placed[orders]).any():
            raise InvariantError(f"an order of wave {wave.number} was delivered before it was placed")
        wave.delivered[orders] = times
        self.delivery_times.append(times)
        self.households.deliver(wave.household[orders], times, wave.kg[orders])

    # --- recording ----------------------------------------------------------------------------

    def _record(self) -> Replication:
        households = self.households.close()
        steps = []
        for step in self.order:
            load = step.load()
            if load is None:
                continue
            if load.busy_min > load.scheduled_min * (1 + RELATIVE_TOLERANCE):
                raise InvariantError(
                    f"step {self.account[step]!r}: {load.busy_min:g} minutes of work in "
                    f"{load.scheduled_min:g} minutes on duty"
                )
            steps.append(StepRecord(names=step.names, **vars(load)))
        times = np.concatenate([np.zeros(0), *self.delivery_times])
        return Replication(
            number=self.number,
            orders=self._count(times),
            households=households,
            steps=tuple(steps),
            last_delivery_min=float(times.max(initial=0.0)),
            unfinished_orders=self._unfinished()[0],
            spoiled_kg=0.0,
            mass_balance_error_kg=self._mass_error(),
            events=self.events,
        )

    def _count(self, delivered: FloatArray) -> OrderCounts:
        horizon = self.scenario.horizon_min
        placed = np.concatenate([np.zeros(0), *self.placed_times])
        attempted = int((placed < horizon).sum())
        moments = np.concatenate([placed, delivered])
        change = np.concatenate([np.ones(len(placed), int), -np.ones(len(delivered), int)])
        inside = moments < horizon
        order = np.lexsort((-change[inside], moments[inside]))
        backlog = np.cumsum(change[inside][order])
        return OrderCounts(
            attempted=attempted,
            accepted=attempted,
            rejected=0,
            delivered=int((delivered < horizon).sum()),
            backlog_peak=int(backlog.max(initial=0)),
        )

    def _unfinished(self) -> tuple[int, float]:
        """Orders not delivered and their kg, counted from the orders themselves."""
        num, kg = 0, 0.0
        for wave in self.waves:
            is_open = wave.delivered == np.inf
            num += int(is_open.sum())
            kg += float(wave.kg[is_open].sum())
        return num, kg

    def _mass_error(self) -> float:
        """Released minus what households hold minus what is still on its way; zero but for rounding."""
        ledger = self.ledger
        num, kg = self._unfinished()
        waiting = sum(count for name, count in ledger.orders.items() if name not in ("source", "delivered"))
        error = ledger.released_kg - self.households.kg_until_end - kg
        if num != waiting or abs(error) > RELATIVE_TOLERANCE * max(1.0, ledger.released_kg):
            raise InvariantError(
                f"ledger: {ledger.released_kg:g} kg released, {self.households.kg_until_end:g} kg delivered, "
                f"{kg:g} kg in {num} open orders (accounts hold {waiting}: {ledger.orders})"
            )
        return error


def _from_list_to_door(routes: dict[str, list[StepModel]]) -> list[StepModel]:
    """All steps in an order in which goods of every channel only flow forward."""
    graph: TopologicalSorter[StepModel] = TopologicalSorter()
    for route in routes.values():
        graph.add(route[0])
        for step, following in zip(route, route[1:], strict=False):
            graph.add(following, step)
    return list(graph.static_order())


def headcount(scenario: Scenario, crew: Crew) -> IntArray:
    """People per shift of a crew at each of its places, shape (places,)."""
    if crew.headcount is not None:
        return np.full(scenario.places.count(crew.at), crew.headcount)
    assert crew.households_per_worker is not None
    households = np.diff(scenario.places.first_household)
    return np.ceil(households / crew.households_per_worker).astype(np.int64)


class _Households:
    """Deliveries booked on households as they become known."""

    def __init__(self, scenario: Scenario) -> None:
        num = len(scenario.households)
        self.horizon, self.need_kg_per_min = scenario.horizon_min, scenario.need_kg_per_min
        self.first = np.full(num, np.inf)
        self.last = np.zeros(num)
        self.longest_gap = np.zeros(num)
        self.empty_at = scenario.households.pantry_min.copy()
        self.empty_min = np.zeros(num)
        self.kg = np.zeros(num)
        self.kg_until_end = 0.0
        self.pending: list[tuple[IntArray, FloatArray, FloatArray]] = []

    def deliver(self, households: IntArray, times: FloatArray, kg: FloatArray) -> None:
        self.pending.append((households, times, kg))
        self.kg_until_end += float(kg.sum())

    def settle(self, until: float) -> None:
        """Book the deliveries before `until`; nothing earlier can become known any more."""
        if not self.pending:
            return
        households, times, kg = (np.concatenate(columns) for columns in zip(*self.pending, strict=True))
        order = np.argsort(times, kind="stable")
        now, later = np.split(order, [np.searchsorted(times[order], until)])
        self.pending = [(households[later], times[later], kg[later])] if len(later) else []
        receive_deliveries(
            households[now],
            times[now],
            kg[now],
            self.horizon,
            self.need_kg_per_min,
            self.first,
            self.last,
            self.longest_gap,
            self.empty_at,
            self.empty_min,
            self.kg,
        )

    def close(self) -> HouseholdRecord:
        return HouseholdRecord(
            first_delivery_min=self.first,
            longest_gap_min=np.maximum(self.longest_gap, self.horizon - self.last),
            empty_min=self.empty_min + np.maximum(self.horizon - self.empty_at, 0.0),
            kg=self.kg,
        )
