"""Steps that couple, in the event loop: the same as in the reference to the last bit, however the run is cut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import simsupply as ss
from simsupply.model.run_loop import run_replication
from tests.helpers.engines import MANY, Notes, assert_same_record, assert_same_tables, recorded
from tests.helpers.events import (
    SIMULATED,
    changed_registers,
    compare_with_kernels,
    compare_with_reference,
    cut_windows,
    events_of,
    read,
    simulate,
)
from tests.plans.paper_plans import channel, crew, cycle, fleet, leg, stage, strategy, world
from tests.plans.random_coupled_plans import coupled_plans
from tests.plans.random_overtime_plans import overtime_plans
from tests.plans.random_people_plans import people_plans
from tests.plans.random_plans import Plain, plans
from tests.plans.random_vehicle_plans import vehicle_plans


@settings(MANY, max_examples=200)
@given(coupled_plans(), st.integers(0, 1000))
def test_plans_whose_steps_couple(drawn: tuple[Plain, Plain], seed: int) -> None:
    compare_with_reference(drawn, seed)


def test_loads_of_any_size() -> None:
    """700 orders, 300 to a van: loading takes the sum of 300 times 0.1 min, which rounds otherwise bit by bit."""
    plan = world([700], {"staff": crew(9)}, {"vans": fleet(2, drivers="staff", payload_parcels=300)})
    drive = leg("drive", "vans", discipline="fifo", load={"per_parcel_min": 0.1}, leave={"kind": "full", "orders": 300})
    pick = stage("pick", "staff", effort={"per_order_min": 0.7}, discipline="fifo")
    compare_with_reference((plan, strategy(channel("only", pick, drive))), 1)


@pytest.mark.lengthy
def test_most_of_these_plans_are_simulated_by_events() -> None:
    """Else the test above would show nothing; in this process it has run before."""
    if SIMULATED:
        assert SIMULATED["events"] > SIMULATED["others"]


@settings(MANY, max_examples=20)
@given(st.one_of(plans(), vehicle_plans(), people_plans(), overtime_plans()), st.integers(0, 1000))
def test_all_steps_by_events_are_as_in_the_reference(drawn: tuple[Plain, Plain], seed: int) -> None:
    compare_with_reference(drawn, seed, "events")


@settings(MANY, max_examples=20)
@given(st.one_of(plans(), vehicle_plans(), people_plans(), overtime_plans()), st.integers(0, 1000))
def test_all_steps_by_events_are_as_with_kernels(drawn: tuple[Plain, Plain], seed: int) -> None:
    compare_with_kernels(drawn, seed)


@settings(MANY, max_examples=15)
@given(coupled_plans(), st.integers(0, 1000))
def test_a_run_does_not_depend_on_its_windows(drawn: tuple[Plain, Plain], seed: int) -> None:
    plan = read(drawn)
    if plan is None:
        return
    whole, notes = recorded(*plan, seed)
    with cut_windows(seed):
        record, found = recorded(*plan, seed)
    assert found.times == notes.times
    assert_same_tables(found.tables(), notes.tables())
    assert_same_record(record, whole)


@settings(MANY, max_examples=15)
@given(coupled_plans(), st.integers(0, 1000))
def test_to_ask_everybody_at_every_instant_changes_nothing(drawn: tuple[Plain, Plain], seed: int) -> None:
    """Superfluous wake-ups are harmless by construction."""
    plan = read(drawn)
    if plan is None:
        return
    record, times = simulate(*plan, seed)
    with changed_registers(R_ASK_ALL=1):
        other, found = simulate(*plan, seed)
    if events_of(record):
        assert found == times
        assert_same_record(other, record)


def test_records_of_a_day_are_handed_out_when_it_is_over() -> None:
    """A crew that packs and drives, two orders a day for three days: no day waits for the next one."""
    plan = world([2], {"staff": crew(2)}, {"vans": fleet(2, drivers="staff")}, demand=cycle(days=1), horizon_days=3)
    pack = stage("pack", "staff", effort={"per_order_min": 10}, discipline="fifo")
    decided = ss.load_strategy(strategy(channel("only", pack, leg("drive", "vans", discipline="fifo"))))
    handed_out: dict[float, list[int]] = {}

    class Watched(Notes):
        def settle(self, until: float) -> None:
            super().settle(until)
            handed_out[until] = [len(self.sinks[table].days) for table in ("trips", "stops", "levels")]

    scenario = ss.load_scenario(plan)
    record = run_replication(scenario, decided, seed=1, number=0, recorder=Watched(scenario, decided))
    assert events_of(record)
    assert [handed_out[day * 1440.0] for day in (1, 2, 3)] == [[1] * 3, [2] * 3, [3] * 3]
