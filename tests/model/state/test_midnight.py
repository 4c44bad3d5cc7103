"""To a midnight, written, read, and on from there: one run, to the last bit."""

from __future__ import annotations

import json
import zipfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

import simsupply as ss
from simsupply.config.load import fit
from simsupply.model.reference.reference_engine import ReferenceEngine
from simsupply.model.run_loop import loop_at_start, run_replication
from simsupply.model.state import midnight
from simsupply.model.state.pairs import PLAIN, pair, parts
from simsupply.records.detail import DETAILS
from simsupply.records.recorder import Recorder
from simsupply.records.sinks import MemorySinks
from tests.helpers.engines import MANY, assert_same_record
from tests.plans.paper_plans import Plain, channel, crew, fleet, gate, leg, shift, stage, strategy, world
from tests.plans.random_coupled_plans import coupled_plans
from tests.plans.random_demand_plans import resident_plans
from tests.plans.random_overtime_plans import overtime_plans
from tests.plans.random_people_plans import people_plans
from tests.plans.random_place_plans import place_plans
from tests.plans.random_plans import plans
from tests.plans.random_supply_plans import supply_plans
from tests.plans.random_vehicle_plans import vehicle_plans

KINDS = {
    "orders": plans,
    "residents": resident_plans,
    "supply": supply_plans,
    "people": people_plans,
    "places": place_plans,
    "vehicles": vehicle_plans,
    "overtime": overtime_plans,
    "coupled": coupled_plans,
}


def recorded(scenario: ss.Scenario, strategy: ss.StrategySpec) -> tuple[Recorder, MemorySinks]:
    """A recorder of everything, and where it goes."""
    sinks = MemorySinks()
    return Recorder(DETAILS, scenario, strategy, sinks), sinks


def check_one_run(scenario: ss.Scenario, strategy: ss.StrategySpec, seed: int, day: int, folder: Path) -> None:
    recorder, whole = recorded(scenario, strategy)
    expected = run_replication(scenario, strategy, seed=seed, number=3, recorder=recorder)
    (first, before), (second, after) = recorded(scenario, strategy), recorded(scenario, strategy)
    state = midnight.run_to_midnight(scenario, strategy, day=day, seed=seed, replication=3, recorder=first)
    read = ss.read_state(state.write(folder / "state"))
    assert read.about == state.about
    record = midnight.go_on(read, scenario, strategy, recorder=second)
    assert_same_record(record, expected)
    assert record.notes == expected.notes
    for field in ("supply", "steps"):
        assert repr(getattr(record, field)) == repr(getattr(expected, field))
    for table, rows in whole.tables().items():
        parts = [part for part in (before[table].rows(), after[table].rows()) if len(part)]
        found = pd.concat(parts or [pd.DataFrame()], ignore_index=True)
        pd.testing.assert_frame_equal(found, rows, check_exact=True, obj=table)


def cut_many(kind: str, folder: Path, number: int) -> None:
    """Random plans of a kind, each cut at one of its midnights."""

    @settings(MANY, max_examples=number)
    @given(KINDS[kind](), st.integers(0, 1000), st.integers(0, 100))
    def check(drawn: tuple[Plain, Plain], seed: int, day: int) -> None:
        scenario, strategy = ss.load_scenario(drawn[0]), ss.load_strategy(drawn[1])
        try:
            fit(scenario, strategy)
        except ss.InputError:
            reject()  # a vehicle that may not go so far
        engine = loop_at_start(scenario, strategy, seed, 3, recorded(scenario, strategy)[0]).engine
        if not isinstance(engine, ReferenceEngine):
            check_one_run(scenario, strategy, seed, day % (scenario.settings.horizon_days + 1), folder)

    check()


@pytest.mark.lengthy
@pytest.mark.parametrize("kind", KINDS)
def test_a_run_may_be_cut_at_any_midnight(kind: str, tmp_path: Path) -> None:
    cut_many(kind, tmp_path, 5)


@pytest.mark.parametrize(
    ("scenario", "strategy", "day"),
    [
        ("demo_tiers", "norm_door_then_packs", 5),
        ("subdistrict", "standard_crates", 2),
    ],
)
def test_built_in_plans(scenario: str, strategy: str, day: int, tmp_path: Path) -> None:
    check_one_run(ss.load_scenario(scenario), ss.load_strategy(strategy), 5, day, tmp_path)


def test_every_table_of_a_result_is_that_of_one_run(tmp_path: Path) -> None:
    scenario = ss.load_scenario("demo_whole")
    expected = ss.simulate(scenario, "whole_mechanism", replications=1, seed=4)
    state = ss.run_to_midnight(scenario, "whole_mechanism", day=4, seed=4)
    result = ss.go_on(ss.read_state(state.write(tmp_path / "state")), scenario, "whole_mechanism")
    assert result.tables.keys() == expected.tables.keys()
    for name, table in result.tables.items():
        pd.testing.assert_frame_equal(table, expected.tables[name], check_exact=True)
    assert result.notes == expected.notes


def test_what_is_there_can_be_read_by_name() -> None:
    """A state says in plain arrays what there is: at midnight of day 0 nothing has changed, on day 2 pantries have."""
    scenario = ss.load_scenario(Path(__file__).parents[3] / "benchmarks" / "plans" / "subdistrict_separate_crews.yaml")
    assert not ss.run_to_midnight(scenario, "standard_crates", day=0).arrays
    state = ss.run_to_midnight(scenario, "standard_crates", day=2)
    assert all(isinstance(array, np.ndarray) for array in state.arrays.values())
    assert any(name.startswith("books.households") for name in state.arrays)
    assert repr(state).startswith("MidnightState(day=2, seed=1, replication=0, ")


def test_a_run_goes_on_twice_from_one_state() -> None:
    """Going on changes nothing in the state."""
    scenario = ss.load_scenario("subdistrict")
    state = ss.run_to_midnight(scenario, "standard_crates", day=2)
    first, second = (ss.go_on(state, scenario, "standard_crates") for _ in range(2))
    pd.testing.assert_frame_equal(first.values, second.values, check_exact=True)


# --- bad input ----------------------------------------------------------------------------------


def test_a_state_of_something_else_is_refused() -> None:
    scenario = ss.load_scenario("subdistrict")
    state = ss.run_to_midnight(scenario, "standard_crates", day=2, seed=7)
    other = ss.load_scenario("subdistrict", ["staffing.attendance=0.3"])
    with pytest.raises(ss.InputError) as caught:
        ss.go_on(state, other, "standard_crates", seed=8, replication=2)
    assert [problem.key for problem in caught.value.problems] == ["plan", "seed", "replication"]
    assert "7: that of the state" in str(caught.value)
    with pytest.raises(ss.InputError, match="plan"):
        ss.go_on(state, scenario, "individual_orders")


def test_a_state_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = ss.load_scenario("subdistrict")
    state = ss.run_to_midnight(scenario, "standard_crates", day=1)
    monkeypatch.setattr(midnight, "code_version", lambda: "another")
    with pytest.raises(ss.InputError, match="code"):
        ss.go_on(state, scenario, "standard_crates")


@pytest.mark.parametrize("day", [-1, 29, 10_000])
def test_there_is_no_such_day(day: int) -> None:
    scenario = ss.load_scenario("subdistrict")
    assert scenario.settings.horizon_days < 29
    with pytest.raises(ss.InputError, match=f"a day from 0 to {scenario.settings.horizon_days}"):
        ss.run_to_midnight(scenario, "standard_crates", day=day)


def test_slots_units_and_crews_together_branches_and_what_is_there(tmp_path: Path) -> None:
    """At midnight some wait for their slot, some for others to be served with, some for one of two fleets."""
    staff, guards = (crew(2, "depot", shift("20:00", "04:00"), at_shift_end="hand_over") for _ in range(2))
    vans = fleet(1, "depot", shift("00:00", "24:00"), drivers="staff")
    fleets = {"vans": vans, "trucks": vans | {"speed_km_h": 13}}
    plan = world([9, 14], {"staff": staff, "guards": guards}, fleets, horizon_days=3)
    calls = gate("calls", "21:00", "24:00")
    calls["gate"]["slots"] = {"minutes": 20, "households": 1, "no_show_share": 0.3}
    pick = stage("pick", "staff", effort={"per_order_min": 17}, discipline="fifo", together={"units": 3, "at_least": 2})
    pack = stage("pack", "staff", effort={"per_order_min": 23}, discipline="fifo", joined_by=["guards"])
    drive = leg("drive", "vans", discipline="fifo", leave={"kind": "ready", "orders": 3})
    drive["leg"]["fleet"] = ["vans", "trucks"]
    steps = (pick, calls, pack | {"branch": "cold"}, drive)
    decided = ss.load_strategy(strategy(channel("only", *steps) | {"branches": {"cold": {"share": 0.6}}}))
    scenario = ss.load_scenario(plan)
    for day in (1, 2):
        check_one_run(scenario, decided, 5, day, tmp_path)


def test_a_plan_that_runs_on_events(tmp_path: Path) -> None:
    """Its arrays lie elsewhere in another process, and what ran before leaves some of its own."""
    scenario = ss.load_scenario("subdistrict", ["fleet.vans.drivers=site_workers"])
    plan = ss.load_strategy("standard_crates")
    check_one_run(scenario, plan, 5, 2, tmp_path)
    state = ss.run_to_midnight(scenario, plan, day=2, seed=5)
    first, second = (ss.go_on(state, scenario, plan) for _ in range(2))
    pd.testing.assert_frame_equal(first.values, second.values, check_exact=True)
    assert first.notes[0].startswith("engine: events for ")


@pytest.mark.parametrize("content", [b"", b"no zip file", None])
def test_files_that_are_no_state(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "state"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ss.InputError, match="a file that the method write of a state has written"):
        ss.read_state(path)


def test_a_file_that_ends_early(tmp_path: Path) -> None:
    path = ss.run_to_midnight(ss.load_scenario("subdistrict"), "standard_crates", day=1).write(tmp_path / "state")
    content = path.read_bytes()
    for length in (100, len(content) // 2, len(content) - 1):
        path.write_bytes(content[:length])
        with pytest.raises(ss.InputError):
            ss.read_state(path)


def test_nothing_in_a_file_is_executed(tmp_path: Path) -> None:
    """Only classes of the model are ever looked up, and none is called."""
    scenario, strategy = ss.load_scenario("subdistrict"), ss.load_strategy("standard_crates")
    path = ss.run_to_midnight(scenario, strategy, day=1).write(tmp_path / "state")
    with zipfile.ZipFile(path) as file:
        content = {name: file.read(name) for name in file.namelist()}
    for name in (
        "os:system",
        "simsupply.model.run_loop:MINUTES_PER_DAY",
        "simsupply.cli.main:main",
        "subprocess:Popen",
    ):
        evil = ["made", 0, ["object", name, {}, []]]
        content["tree.json"] = json.dumps(
            [["at", [], ["object", "simsupply.model.run_loop:RunLoop", {"now": evil}, []]], []]
        )
        with zipfile.ZipFile(path, "w") as file:
            for member, text in content.items():
                file.writestr(member, text)
        with pytest.raises(ss.InputError):
            ss.go_on(ss.read_state(path), scenario, strategy)


def test_arrays_that_share_memory_are_never_written() -> None:
    """What shares memory in a run does not when it is read again, so that nothing of the sort may ever be changed."""
    scenario, strategy = ss.load_scenario("demo_whole"), ss.load_strategy("whole_mechanism")
    loop, start = (loop_at_start(scenario, strategy, 1, 0) for _ in range(2))
    loop.run_to_midnight(3)
    pairs = pair(loop, start)
    found: dict[int, tuple[np.ndarray, str]] = {}
    seen = set[int]()

    def look(at: object, name: str) -> None:
        if isinstance(at, PLAIN) or id(at) in seen:
            return
        seen.add(id(at))
        if isinstance(at, np.ndarray):
            found[id(at)] = at, name
        for hop, value in parts(at):
            look(value, str(hop[1]) if hop[0] == "attribute" else name)

    look(loop, "")
    arrays = sorted((a for a in found.values() if a[0].nbytes), key=lambda a: a[0].__array_interface__["data"][0])
    shared = {
        name
        for (left, _), (right, name) in pairwise(arrays)
        if not {id(left), id(right)} <= pairs.start.keys() and np.shares_memory(left, right)
    }
    assert shared <= {"placed", "placed_alike"}  # when orders were placed, which nobody changes
