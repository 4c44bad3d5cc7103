"""One replication: releases in, steps advanced window by window, records out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from graphlib import TopologicalSorter

import numpy as np
from numpy.typing import NDArray

from simsupply.config.spec import MINUTES_PER_DAY
from simsupply.model.books import DELIVERED, Books
from simsupply.model.calendars import Duty, draw_duty
from simsupply.model.capacity import servers_per_place
from simsupply.model.demand import take_orders
from simsupply.model.leg import LegStep
from simsupply.model.stage import StageStep
from simsupply.model.steps import GateStep, HoldStep, Passed, StepModel
from simsupply.model.waves import Release, plan_wave, releases
from simsupply.recorder import Recorder
from simsupply.records import Replication, StepRecord
from simsupply.scenario.spec import Crew, Fleet
from simsupply.scenario.world import Scenario
from simsupply.strategy.spec import Leg, Stage, Step, StrategySpec
from simsupply.streams import Streams

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def run_replication(
    scenario: Scenario,
    strategy: StrategySpec,
    *,
    seed: int,
    number: int,
    recorder: Recorder | None = None,
    on_advance: Callable[[float], object] | None = None,
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
    recorder : Recorder, optional
        Given every order at every step, day by day.
    on_advance : callable, optional
        Told now and then how many minutes of the run have passed since it was told last.

    Raises
    ------
    InvariantError
        If goods are lost or made, capacity is exceeded or time runs backwards.
    """
    return _Run(scenario, strategy, seed, number, recorder, on_advance).play()


class _Run:
    def __init__(
        self,
        scenario: Scenario,
        strategy: StrategySpec,
        seed: int,
        number: int,
        recorder: Recorder | None,
        on_advance: Callable[[float], object] | None,
    ) -> None:
        self.scenario, self.strategy, self.number = scenario, strategy, number
        self.on_advance = on_advance
        self.streams = Streams(seed=seed, replication=number)
        self.routes = self._build()
        self.order = _from_list_to_door(self.routes)
        self.account = {step: "+".join(step.names) for step in self.order}
        self.books = Books(scenario, list(self.account.values()), recorder)
        self.now = 0.0

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
                self._duty(name, servers_per_place(scenario, crew), crew),
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
                self._duty(name, servers_per_place(scenario, fleet), fleet),
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
        for number, release in enumerate(releases(self.scenario, self.strategy)):
            self._advance_by_day(release.time)
            self._release(release, number)
        self._advance_by_day(self.scenario.end_min)
        return self._record()

    def _advance_by_day(self, until: float) -> None:
        """Advance; with a recorder from midnight to midnight, so that complete days leave memory."""
        if self.books.recorder:
            first = int(self.now // MINUTES_PER_DAY) + 1
            for day in range(first, int(until // MINUTES_PER_DAY) + 1):
                self._advance(day * MINUTES_PER_DAY)
        self._advance(until)

    def _release(self, release: Release, number: int) -> None:
        taken = take_orders(self.scenario, release, self.books.orders.is_open, self.streams)
        wave = plan_wave(self.scenario, release, number, taken.households, self.streams)
        route = self.routes[release.channel.name]
        self.books.release(wave, taken, self.account[route[0]])
        for step in route:
            step.expect(wave)
        route[0].receive(Passed(wave, np.arange(len(wave)), wave.placed))

    def _advance(self, until: float) -> None:
        """Advance every step, from list to door: goods only flow forward."""
        if until <= self.now:
            return
        passed_min, self.now = until - self.now, until
        for step in self.order:
            for wave, orders, times in step.advance(until):
                # What would be finished after the run's end is still in hand at its end.
                is_in_time = times < self.scenario.end_min
                if not is_in_time.any():
                    continue
                passed = Passed(wave, orders[is_in_time], times[is_in_time])
                route = self.routes[wave.channel.name]
                position = route.index(step)
                following = route[position + 1] if position + 1 < len(route) else None
                self.books.pass_on(
                    wave.channel.steps[position].body.name,
                    passed,
                    self.account[step],
                    self.account[following] if following else DELIVERED,
                )
                if following:
                    following.receive(passed)
        self.books.settle(until)
        if self.on_advance:
            self.on_advance(passed_min)

    def _record(self) -> Replication:
        loads = [(step.names, step.load()) for step in self.order]
        steps = tuple(StepRecord(names=names, **vars(load)) for names, load in loads if load)
        return self.books.record(self.number, steps, notes=())


def _from_list_to_door(routes: dict[str, list[StepModel]]) -> list[StepModel]:
    """All steps in an order in which goods of every channel only flow forward."""
    graph: TopologicalSorter[StepModel] = TopologicalSorter()
    for route in routes.values():
        graph.add(route[0])
        for step, following in zip(route, route[1:], strict=False):
            graph.add(following, step)
    return list(graph.static_order())
