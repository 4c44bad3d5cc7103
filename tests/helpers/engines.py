"""Run a plan with both engines, and compare what they leave behind to the last bit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, settings

import simsupply as ss
from simsupply.config.load import fit
from simsupply.model.run_loop import run_replication
from simsupply.records.recorder import Recorder
from simsupply.records.replication import Engine, Replication
from simsupply.records.sinks import MemorySinks
from simsupply.records.ticks import TICKS
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from tests.plans.paper_plans import Plain

MANY = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


class Notes(Recorder):
    """Keeps when each order finished each step, and every other table; a run stops at every midnight."""

    def __init__(self, scenario: Scenario, strategy: StrategySpec) -> None:
        self.sinks = MemorySinks()
        super().__init__(("orders", "trips"), scenario, strategy, self.sinks)
        self.times: dict[tuple[str, str, int, int, int], float] = {}

    def note(self, step, channel, wave, household, order, drop_point, kg, times) -> None:  # type: ignore[no-untyped-def]
        # A household may have several orders in a wave.
        for who, number, time in zip(household.tolist(), order.tolist(), times.tolist(), strict=True):
            assert (step, channel, wave, who, number) not in self.times
            self.times[step, channel, wave, who, number] = time

    def tables(self) -> dict[str, pd.DataFrame]:
        """Trips, stops, levels, and what the time of each order went on, with the number of the day's part."""
        return {
            name: pd.concat([rows.assign(part=number) for number, rows in enumerate(self.sinks[name].days)])
            for name in ("trips", "stops", "levels", "time_in_system")
            if self.sinks[name].days
        }


def simulate(
    scenario: Scenario, strategy: StrategySpec, seed: int, engine: Engine = "auto"
) -> tuple[Replication, dict[tuple[str, str, int, int, int], float]]:
    """Run once, and when did each order finish each step?"""
    record, notes = recorded(scenario, strategy, seed, engine)
    assert_it_adds_up(record, notes, scenario)
    return record, notes.times


def recorded(
    scenario: Scenario,
    strategy: StrategySpec,
    seed: int,
    engine: Engine = "auto",
) -> tuple[Replication, Notes]:
    """Run once, with everything that is told of orders, trips and levels."""
    notes = Notes(scenario, strategy)
    return run_replication(scenario, strategy, seed=seed, number=0, recorder=notes, engine=engine), notes


def assert_same_record(record: Replication, other: Replication) -> None:
    for column, values in vars(record.households).items():
        np.testing.assert_array_equal(values, vars(other.households)[column], err_msg=column)
    for column, values in vars(record.days).items():
        np.testing.assert_array_equal(values, vars(other.days)[column], err_msg=column)
    for same in ("orders", "channels", "visits", "backlog_peak", "contacts"):
        assert getattr(record, same) == getattr(other, same), same
    assert (record.asked.attempted, record.asked.rejected) == (other.asked.attempted, other.asked.rejected)
    np.testing.assert_array_equal(record.asked.tries, other.asked.tries)
    np.testing.assert_array_equal(record.asked.callers, other.asked.callers)
    assert [crew.name for crew in record.staff] == [crew.name for crew in other.staff]
    for crew, other_crew in zip(record.staff, other.staff, strict=True):
        np.testing.assert_array_equal(crew.count, other_crew.count, err_msg=crew.name)
    assert record.channel_kg == pytest.approx(other.channel_kg, rel=1e-9, abs=1e-9)
    np.testing.assert_array_equal(record.tier, other.tier)
    assert record.last_delivery_min == other.last_delivery_min
    assert record.unfinished_orders == other.unfinished_orders
    assert [step.names for step in record.steps] == [step.names for step in other.steps]
    for step, other_step in zip(record.steps, other.steps, strict=True):
        waits = [f"{what}_wait_min" for what in ("dock", "road", "place", "floor")]
        assert step.busy_by_step == pytest.approx(other_step.busy_by_step, rel=1e-9, abs=1e-6), step.names
        assert sum(step.busy_by_step) == pytest.approx(step.busy_min, rel=1e-9, abs=1e-6), step.names
        for field in ("busy_min", "overtime_min", "scheduled_min", "apart_min", "vehicle_km", *waits):
            expected = getattr(other_step, field)
            assert getattr(step, field) == pytest.approx(expected, rel=1e-9, abs=1e-6), (step.names, field)
        for field in ("fleet", "trips", "turned_back", "people", "people_per_server"):
            assert getattr(step, field) == getattr(other_step, field), (step.names, field)
    assert record.shocks == other.shocks
    assert record.waits == other.waits
    assert record.standstills == other.standstills


def assert_same_tables(tables: dict[str, pd.DataFrame], others: dict[str, pd.DataFrame]) -> None:
    """Trips, stops, levels and time in system, to the last bit."""
    assert tables.keys() == others.keys()
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table, others[name], check_exact=True, obj=name)


def assert_it_adds_up(record: Replication, notes: Notes, scenario: Scenario) -> None:
    """What the time of each order went on is the time from its placing to its delivery; nothing of it is negative.

    Where all is delivered before the horizon, waits of orders add up to the waits of the run, tick by tick.
    """
    assert_trips_are_those_of_the_run(record, notes, scenario)
    spent = notes.tables().get("time_in_system")
    placed = {key[1:]: time for key, time in notes.times.items() if key[0] == "placed"}
    if spent is None:
        return
    if not record.unfinished_orders and record.last_delivery_min < scenario.horizon_min:
        by_cause = spent.groupby(["channel", "step", "spent_on"])["minutes"].sum().to_dict()
        for wait in record.waits:
            found = by_cause.get((wait.channel, wait.step, wait.cause), 0.0)
            if wait.cause == "goods":
                # For goods also wait those who were turned away for want of them, and have no order yet.
                assert found <= wait.total_min
            elif wait.cause != "admission":
                assert round(found * TICKS) == round(wait.total_min * TICKS), wait
    assert (spent["minutes"] > 0).all()
    last: dict[tuple[str, int, int, int], float] = {}
    for (_, *order), time in notes.times.items():
        last[tuple(order)] = max(last.get(tuple(order), 0.0), time)  # type: ignore[index]
    for order, minutes in spent.groupby(["channel", "wave", "household", "order"])["minutes"].sum().items():
        assert minutes == pytest.approx(last[order] - placed[order], rel=0, abs=1e-6)  # type: ignore[index]


def assert_trips_are_those_of_the_run(record: Replication, notes: Notes, scenario: Scenario) -> None:
    """Where all are over by the horizon, trips add up to what the run says of each fleet; stops to their trips."""
    trips, stops = (notes.tables().get(name) for name in ("trips", "stops"))
    if trips is None or stops is None:
        assert not any(step.trips for step in record.steps)
        return
    assert trips["trip"].tolist() == list(range(len(trips)))
    assert stops.groupby("trip")["orders"].sum().tolist() == trips["orders"].tolist()
    assert stops.groupby("trip").size().tolist() == trips["stops"].tolist()
    assert (stops["unload_begin"].fillna(np.inf) >= stops["arrive"].fillna(np.inf)).all()
    if not (trips["back"] <= scenario.horizon_min).all():
        return
    for step in record.steps:
        if step.fleet:
            own = trips[(trips["fleet"] == step.fleet) & trips["step"].isin(step.names)]
            assert (step.trips, step.turned_back) == (len(own), own["turned_back"].sum())
            assert step.vehicle_km == pytest.approx(own["km"].sum(), rel=1e-9, abs=1e-9)
            for field, what in (("dock", "dock"), ("floor", "room"), ("road", "road"), ("place", "place")):
                found = own[f"{what}_wait_min"].sum()
                assert getattr(step, f"{field}_wait_min") == pytest.approx(found, rel=1e-9, abs=1e-6), field


def compare_engines(drawn: tuple[Plain, Plain], seed: int) -> None:
    """Run a plan with both engines, and with one window instead of days."""
    scenario, strategy = ss.load_scenario(drawn[0]), ss.load_strategy(drawn[1])
    fit(scenario, strategy)
    fast, notes = recorded(scenario, strategy, seed)
    slow, expected = recorded(scenario, strategy, seed, "reference")
    assert notes.times == expected.times
    assert_same_tables(notes.tables(), expected.tables())
    assert_it_adds_up(fast, notes, scenario)
    assert_same_record(fast, slow)
    assert_same_record(run_replication(scenario, strategy, seed=seed, number=0), fast)
    assert fast.notes[0] == "engine: kernels"
    assert slow.notes[0] == "engine: reference, one process per order (asked for)"
    assert fast.notes[1:] == slow.notes[1:]
