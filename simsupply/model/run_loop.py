"""One replication: order intake decides, an engine moves goods, the books count; the same loop for every engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.accounting.books import Books
from simsupply.model.choice import choose_engine
from simsupply.model.city.occurrences import draw_shocks
from simsupply.model.city.tier_calendar import draw_tiers
from simsupply.model.flow.contents import Contents
from simsupply.model.flow.end_state import EndState
from simsupply.model.flow.step import Completion
from simsupply.model.flow.waits import wait_records
from simsupply.model.flow.waves import Wave
from simsupply.model.network import Network
from simsupply.model.orders.intake import OrderIntake
from simsupply.model.staff.rosters import Rosters
from simsupply.model.standstill import Whereabouts, standstills
from simsupply.records.recorder import Recorder
from simsupply.records.replication import Engine, Replication
from simsupply.scenario.world import Scenario
from simsupply.strategy.assistance import as_staffed
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.crew_steps import legs_with_crews
from simsupply.streams.keyed import Streams


def run_replication(
    scenario: Scenario,
    strategy: StrategySpec,
    *,
    seed: int,
    number: int,
    recorder: Recorder | None = None,
    on_advance: Callable[[float], object] | None = None,
    engine: Engine = "auto",
) -> Replication:
    """Simulate a scenario under a strategy, once.

    Parameters
    ----------
    scenario : Scenario
    strategy : StrategySpec
        Checked against the scenario (`simsupply.checks.plan.check_plan`).
    seed, number : int
        With the scenario and the strategy these two settle the result; no other replication
        needs to have run.
    recorder : Recorder, optional
        Given every order at every step, day by day.
    on_advance : callable, optional
        Told now and then how many minutes of the run have passed since it was told last.
    engine : {"auto", "kernels", "events", "reference"}
        ``auto`` simulates steps that couple together, by events, and all others with kernels. ``events``
        simulates all of them by events, ``kernels`` none; ``reference`` every order as a process of its own in
        SimPy (some hundred times slower). The result is the same to the last bit; `Replication.notes` say what was
        done.

    Raises
    ------
    InvariantError
        If goods are lost or made, capacity is exceeded or time runs backwards.
    """
    return loop_at_start(scenario, strategy, seed, number, recorder, on_advance, engine).run()


def loop_at_start(
    scenario: Scenario,
    strategy: StrategySpec,
    seed: int,
    number: int,
    recorder: Recorder | None = None,
    on_advance: Callable[[float], object] | None = None,
    engine: Engine = "auto",
) -> RunLoop:
    """The loop of a replication at minute 0; the parameters of `run_replication`.

    With the same scenario, strategy, seed, number and engine it always consists of equal objects in the same order.
    """
    strategy = as_staffed(strategy, scenario.spec)
    streams = Streams(seed=seed, replication=number)
    tiers = draw_tiers(scenario, streams)
    rosters = Rosters(scenario, strategy, tiers, draw_shocks(scenario, streams), streams)
    chosen, note = choose_engine(engine, scenario, strategy, rosters, streams)
    if recorder:
        for step in chosen.network.order:
            step.record(recorder)
    return RunLoop(scenario, strategy, rosters, streams, chosen, recorder, on_advance, number, note)


class SimulationEngine(Protocol):
    """Moves released orders through the steps of their channels.

    Attributes
    ----------
    network : Network
        The steps; they tell at the end of the run what they did.
    """

    network: Network[Any]

    def release(self, wave: Wave) -> None:
        """Take in a wave, whose orders may not begin their first step before this moment."""

    def end_state(self) -> EndState:
        """Who is under way at the end of the run, and which units are not complete, where steps couple."""

    def close(self) -> None:
        """Free what is only needed while it runs; it has told everything."""

    def advance(self, until: float) -> Iterator[tuple[int, Completion]]:
        """Go on to `until`; which orders have finished the step at which position of their route, and when.

        Step after step in the order of the network, so that an order is told of at one step before it is at
        the next; all that finished before `until`, and perhaps some that will finish later. The engine has
        advanced when the last one has been taken.
        """


class RunLoop:
    """From moment to moment: the engine advances, the books are kept, order intake decides, waves are released.

    Parameters
    ----------
    rosters : Rosters
        Who is there, with the tiers and shocks that were drawn.
    engine : SimulationEngine
        At minute 0.
    recorder, on_advance
        See `run_replication`.
    number : int
        Of the replication.
    note : str
        Which engine it is, and why.
    """

    def __init__(
        self,
        scenario: Scenario,
        strategy: StrategySpec,
        rosters: Rosters,
        streams: Streams,
        engine: SimulationEngine,
        recorder: Recorder | None,
        on_advance: Callable[[float], object] | None,
        number: int = 0,
        note: str = "",
    ) -> None:
        self.scenario, self.strategy, self.rosters = scenario, strategy, rosters
        self.number, self.note = number, note
        self.engine, self.on_advance = engine, on_advance
        contents = Contents(scenario, strategy)
        self.books = Books(scenario, strategy, contents, engine.network.accounts, recorder)
        self.whereabouts = Whereabouts(scenario)
        self.intake = OrderIntake(scenario, strategy, rosters.tiers, rosters.shocks, streams, contents)
        self.now = 0.0

    def run(self, first_day: int = 0) -> Replication:
        """Simulate all days from one on, before which everything has been simulated; what happened."""
        for day in range(first_day, self.scenario.settings.horizon_days):
            self._run_day(day)
        self._advance(self.scenario.past_end_min)
        record = self._record()
        self.engine.close()
        return record

    def run_to_midnight(self, day: int) -> None:
        """Simulate everything that happens before a day begins."""
        for before in range(day):
            self._run_day(before)
        self._advance(day * MINUTES_PER_DAY)

    def _run_day(self, day: int) -> None:
        """Simulate a day up to its last decision; nothing but the state of books, engine and intake outlasts it."""
        for moment in self.intake.moments(day):
            self._advance(moment.time)
            for decision in self.intake.decide(moment, self.books.known_state(day)):
                self.books.orders.take(decision)
                for wave in decision.waves:
                    self.books.release(wave, self._onward(Completion(wave, np.arange(len(wave)), wave.ready), None))
                    self.whereabouts.take(wave, self.engine.network)
                    self.engine.release(wave)

    def _advance(self, until: float) -> None:
        """Advance; with a recorder from midnight to midnight, so that complete days leave memory."""
        if self.books.recorder:
            first = int(self.now // MINUTES_PER_DAY) + 1
            for day in range(first, int(until // MINUTES_PER_DAY) + 1):
                self._advance_window(day * MINUTES_PER_DAY)
        self._advance_window(until)

    def _advance_window(self, until: float) -> None:
        if until <= self.now:
            return
        passed_min, self.now = until - self.now, until
        for position, completion in self.engine.advance(until):
            channel = completion.wave.channel
            step = channel.steps[position]
            spent_on = None if step.gate else "travel" if step.leg else "service"
            origin = self.engine.network.account(channel.name, position)
            for way, part in self.engine.network.by_way(completion):
                self.whereabouts.note(part, self.engine.network.next_position(channel.name, way, position))
            for target, part in self._onward(completion, position):
                self.books.pass_on(step.body.name, part, origin, target, spent_on)
        self.books.settle(until)
        if self.on_advance:
            self.on_advance(passed_min)

    def _onward(self, completion: Completion, position: int | None) -> Iterator[tuple[str, Completion]]:
        """Orders that have finished the step at a position (None: are released), by the account they come to."""
        network, name = self.engine.network, completion.wave.channel.name
        for way, of_way in network.by_way(completion):
            yield network.account(name, network.next_position(name, way, position)), of_way

    def _record(self) -> Replication:
        network, intake = self.engine.network, self.intake
        for step in network.order:
            step.record_rest()
        record = self.books.record(
            self.number,
            network.step_records(),
            (self.note, *intake.notes()),
            self.rosters.tiers,
            network.contacts(),
            intake.watch.on_day,
            self.rosters.record(),
            intake.supply_record(),
            intake.num_waiting,
        )
        driven = legs_with_crews(self.strategy, self.scenario.spec.fleet)
        waits = wait_records(self.strategy, [*network.waited(), intake.waited()], driven)
        state, where = self.engine.end_state(), self.whereabouts
        stand = standstills(state, where, self.books.open_waves, network, self.scenario, self.rosters)
        return replace(record, shocks=network.struck(), waits=waits, standstills=stand)
