"""One loop runs any engine: all an engine needs is a network, to take in waves and to advance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import simsupply as ss
from simsupply.model.city.occurrences import draw_shocks
from simsupply.model.city.tier_calendar import draw_tiers
from simsupply.model.flow.end_state import EndState
from simsupply.model.flow.recorded import Recorded
from simsupply.model.flow.step import Completion, Load
from simsupply.model.flow.waits import WaitCells
from simsupply.model.flow.waves import Wave
from simsupply.model.network import Network
from simsupply.model.run_loop import RunLoop
from simsupply.model.staff.rosters import Rosters
from simsupply.records.recorder import Recorder
from simsupply.records.replication import ShockRecord
from simsupply.strategy.steps.delay import Delay
from simsupply.streams.keyed import Streams
from tests.plans.demand_plans import allotted, idle_world, mix, use, way
from tests.plans.paper_plans import DAY, delay


class QuarterHour(Recorded):
    """A step that takes a quarter of an hour, whatever its specification says."""

    def __init__(self, delays: dict[str, Delay]) -> None:
        self.names = tuple(delay.name for delay in delays.values())

    def load_by_fleet(self) -> list[Load]:
        return []

    def contacts(self) -> dict[str, int]:
        return {}

    def struck(self) -> list[ShockRecord]:
        return []

    def waited(self) -> WaitCells:
        return WaitCells()


class QuarterHourEngine:
    """Moves waves on as a whole, and notes when it was asked for what."""

    def __init__(self, network: Network[Any]) -> None:
        self.network = network
        self.under_way: list[tuple[float, int, Wave]] = []
        self.asked: list[tuple[str, float]] = []

    def release(self, wave: Wave) -> None:
        self.asked.append(("release", wave.release_min))
        route = self.network.routes[wave.channel.name]
        self.under_way += [(wave.release_min + 15.0 * (place + 1), place, wave) for place in range(len(route))]

    def end_state(self) -> EndState:
        """Nobody is under way."""
        return EndState()

    def close(self) -> None:
        """There is nothing to be freed."""

    def advance(self, until: float) -> Iterator[tuple[int, Completion]]:
        self.asked.append(("advance", until))
        for time, position, wave in [move for move in self.under_way if move[0] < until]:
            yield position, Completion(wave, np.arange(len(wave)), np.full(len(wave), time))
        self.under_way = [move for move in self.under_way if move[0] >= until]


# What is finished at the very end of the run is finished in it.
PAST_END = np.nextafter(5 * DAY, np.inf)


class Silent(Recorder):
    """Counts midnights, and when the books are closed for good."""

    def __init__(self) -> None:
        self.settled: list[float] = []

    def note(self, *what: object) -> None:
        """Nothing is kept."""

    def settle(self, until: float) -> None:
        self.settled.append(until)


def run(recorder: Recorder | None) -> tuple[QuarterHourEngine, Any]:
    """Four households get a parcel at noon of days 0 and 2, through two steps; the horizon is day 4."""
    packs = way("packs", delay("packed", 1), delay("brought", 1), release=allotted(2, at="12:00"))
    plan = idle_world([4], horizon_days=4, run_out_days=1)
    scenario, strategy = ss.load_scenario(plan), ss.load_strategy(mix(use(packs)))
    streams = Streams(seed=1, replication=7)
    rosters = Rosters(scenario, strategy, draw_tiers(scenario, streams), draw_shocks(scenario, streams), streams)
    engine = QuarterHourEngine(Network(scenario, strategy, {Delay: QuarterHour}))
    loop = RunLoop(scenario, strategy, rosters, streams, engine, recorder, None, 7, "engine: quarters")
    return engine, loop.run()


def test_the_loop_asks_and_the_books_count() -> None:
    engine, replication = run(None)
    assert replication.number == 7
    assert replication.notes[0] == "engine: quarters"
    assert replication.channels["packs"].delivered == 8
    assert replication.last_delivery_min == 2 * DAY + 720 + 30
    assert replication.households.first_delivery_min.tolist() == [750.0] * 4
    # Before anything is decided goods have moved on: at midnight too, when residents look around.
    moments = [720.0, DAY, 2 * DAY, 2 * DAY + 720, 3 * DAY]
    expected = [("advance", time) for time in [*moments, PAST_END]]
    expected.insert(1, ("release", 720.0))
    expected.insert(5, ("release", 2 * DAY + 720))
    assert engine.asked == expected


def test_with_a_recorder_no_window_goes_over_midnight() -> None:
    recorder = Silent()
    _, replication = run(recorder)
    assert recorder.settled == [720.0, DAY, 2 * DAY, 2 * DAY + 720, 3 * DAY, 4 * DAY, 5 * DAY, PAST_END, 6 * DAY]
    assert replication.households.first_delivery_min.tolist() == [750.0] * 4
