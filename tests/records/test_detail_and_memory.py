"""Detail by day, flat memory, and the estimate before a run."""

import gc
import tracemalloc
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import simsupply as ss
from benchmarks.frozen import SURGE_25X, scenario_file, strategy_file
from simsupply.model.estimates import check_estimate, estimate_bytes, open_orders_peak
from simsupply.model.run_loop import run_replication
from simsupply.records.detail import details_of
from simsupply.records.recorder import Recorder
from simsupply.records.replication import Engine
from simsupply.records.sinks import Sink
from simsupply.scenario.world import Scenario
from tests.plans.paper_plans import channel, crew, cycle, delay, strategy, world
from tests.plans.supply_plans import source, stock, with_supply

CRATES = "standard_crates_via_stations"
NEAREST = {"kind": "nearest_first"}
SUBDISTRICT, WEEKLY_CRATES = scenario_file("subdistrict_separate_crews"), strategy_file("standard_crates")


def demo(days: int) -> Scenario:
    """The demonstration city over so many days."""
    return ss.load_scenario("demo_city", [f"scenario.horizon_days={days}", "scenario.run_out_days=0"])


def test_parts_by_day_hold_what_the_table_in_memory_holds(tmp_path: Path) -> None:
    """`orders` as Parquet parts, put together, is the table kept in memory; every part holds its own day."""
    scenario = demo(9)
    kept = ss.simulate(scenario, CRATES, replications=2, detail="orders").orders
    ss.simulate(scenario, CRATES, replications=2, detail="orders", folder=tmp_path)
    parts = pd.read_parquet(tmp_path / "orders")
    for path in (tmp_path / "orders").rglob("*.parquet"):
        day = int(path.stem.removeprefix("day="))
        assert (pd.read_parquet(path)["minute"] // 1440 == day).all()
    parts["replication"] = parts["replication"].astype(int)
    wide = parts.pivot(index=["replication", "wave", "household"], columns="step", values="minute")
    kept = kept.set_index(["replication", "wave", "household"]).sort_index()
    for step in ("placed", "pack", "trunk", "sort", "local", "door"):
        np.testing.assert_array_equal(wide[step].sort_index(), kept[step])


def test_orders_that_waited_are_in_the_part_of_the_day_on_which_they_were_sent(tmp_path: Path) -> None:
    """Two of four orders of 06:00 are filled, two at noon of day 1; the part of day 0 is not written twice."""
    plan = world([4], {"packers": crew(1)}, demand=cycle(days=7, release_time="06:00"))
    plan = with_supply(plan, {"food": stock(3.5, 14)}, sources={"market": source(24)})
    decided = strategy(channel("only", delay("wait", 30))) | {"when_short": "wait", "allocation": [NEAREST]}
    scenario, decided = ss.load_scenario(plan), ss.load_strategy(decided)
    kept = ss.simulate(scenario, decided, replications=1, detail="orders").orders
    assert kept.sort_values("household")[["placed", "wait"]].to_numpy().tolist() == [[360, 390]] * 2 + [[360, 2190]] * 2
    ss.simulate(scenario, decided, replications=1, detail="orders", folder=tmp_path)
    for day in range(2):
        part = pd.read_parquet(tmp_path / f"orders/replication=0000/day={day:04d}.parquet")
        assert part["household"].tolist() == [2 * day, 2 * day + 1] * 2
        assert part["minute"].tolist() == [360, 360] + [390 + 1800 * day] * 2


def test_stages_by_day_add_up_to_the_orders(tmp_path: Path) -> None:
    """What `stages` counts per day and drop point is what `orders` holds, counted."""
    scenario = demo(9)
    ss.simulate(scenario, CRATES, replications=1, detail="stages", folder=tmp_path)
    ss.simulate(scenario, CRATES, replications=1, detail="orders", folder=tmp_path)
    stages, orders = pd.read_parquet(tmp_path / "stages"), pd.read_parquet(tmp_path / "orders")
    counted = orders.groupby("step", observed=True).size()
    assert stages.groupby("step", observed=True)["orders"].sum().to_dict() == counted.to_dict()
    assert stages["kg"].sum() == pytest.approx(13 * counted.sum())


@pytest.mark.lengthy
def test_an_interrupted_run_leaves_complete_days_only(tmp_path: Path) -> None:
    """Stopped after three days: each part that is there can be read and equals that of the whole run.

    The week's crates are all at the doors on day 3, so from day 4 to 6 there is nothing to write.
    """
    scenario = demo(9)
    passed = 0.0

    def stop(minutes: float) -> None:
        nonlocal passed
        passed += minutes
        if passed >= 3 * 1440:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ss.simulate(scenario, CRATES, replications=1, detail="orders", folder=tmp_path / "cut", on_advance=stop)
    ss.simulate(scenario, CRATES, replications=1, detail="orders", folder=tmp_path / "whole")
    left = sorted(path for path in (tmp_path / "cut").rglob("*") if path.is_file())
    assert [path.name for path in left if "orders" in path.parts] == [f"day=000{day}.parquet" for day in range(3)]
    assert {path.name for path in left} == {f"day=000{day}.parquet" for day in range(3)}
    for path in left:
        whole = tmp_path / "whole" / path.relative_to(tmp_path / "cut")
        pd.testing.assert_frame_equal(pd.read_parquet(path), pd.read_parquet(whole))


@pytest.mark.lengthy
@pytest.mark.parametrize(
    ("strategy", "demand"), [("standard_crates", ()), ("individual_orders", SURGE_25X)], ids=["weekly", "surge"]
)
def test_memory_does_not_grow_with_the_horizon(strategy: str, demand: tuple[str, ...]) -> None:
    """Peak memory of a run over 12 weeks is that over 3 weeks, but for the duty rosters.

    A roster holds start, end, rule and halt of each working period: 25 bytes; its index is small. There
    are 100 + 12 + 12 * 7 people and 12 vans, two periods a day each; households and orders are 15,329. Counts by day
    are some 10 kB more. Small arrays that have gone go on being counted: numpy keeps such blocks for the next one, and
    tracemalloc is not told. Their number grows with the calls of kernels (some 50 kB in 12 weeks), that of memory does
    not (200,000 calls add 1.6 kB to what is traced and nothing to the process): what is left after a run is taken off.
    """

    def peak(days: int) -> int:
        changes = [*demand, f"scenario.horizon_days={days}", "scenario.run_out_days=0"]
        scenario, decided = ss.load_scenario(SUBDISTRICT, changes), ss.load_strategy(strategy_file(strategy))
        run_replication(scenario, decided, seed=1, number=0)  # whatever is set up once
        tracemalloc.start()
        run_replication(scenario, decided, seed=1, number=0)
        gc.collect()
        left, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most - left

    rosters = 25 * 2 * (100 + 12 + 12 * 7 + 12) * (84 - 21)
    assert peak(84) - peak(21) < 1.1 * rosters


@pytest.mark.lengthy
@pytest.mark.parametrize("engine", ["auto", "events"])
def test_nor_with_everything_recorded(engine: Engine) -> None:
    """Peak memory with orders, time in system, trips, stops and levels, each day let go: as above, and 2 % of its own.

    Tables of a day are made of small objects, so that their peak is not the same every week.
    """

    def peak(days: int) -> int:
        changes = [f"scenario.horizon_days={days}", "scenario.run_out_days=0"]
        scenario, decided = ss.load_scenario(SUBDISTRICT, changes), ss.load_strategy(WEEKLY_CRATES)
        details = details_of(["orders", "trips"])

        def run() -> None:
            recorder = Recorder(details, scenario, decided, let_go)
            run_replication(scenario, decided, seed=1, number=0, recorder=recorder, engine=engine)

        run()
        tracemalloc.start()
        run()
        gc.collect()
        left, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most - left

    def let_go(table: str) -> Sink:
        return lambda day, rows: None

    rosters = 25 * 2 * (100 + 12 + 12 * 7 + 12) * (84 - 21)
    short = peak(21)
    assert peak(84) - short < 1.1 * rosters + 0.02 * short


def test_a_run_that_would_not_fit_is_refused_with_the_estimate() -> None:
    """The message says what was asked for, what is free and what to lower; nothing is run."""
    scenario, strategy = ss.load_scenario(SUBDISTRICT), ss.load_strategy(WEEKLY_CRATES)
    enough = 1.0001 * estimate_bytes(scenario, strategy) / 0.8
    check_estimate(scenario, strategy, available=enough)
    with pytest.raises(ss.InputError) as refused:
        check_estimate(scenario, strategy, available=0.999 * enough)
    for words in ("15,329 households", "GiB", "fewer households", "horizon_days"):
        assert words in str(refused.value)


def test_orders_that_pile_up_are_in_the_estimate() -> None:
    """With nobody at work every release stays: 4 weekly ones of 15,329; with everybody only one is open."""
    days = ["scenario.horizon_days=28"]
    strategy = ss.load_strategy(WEEKLY_CRATES)
    assert open_orders_peak(ss.load_scenario(SUBDISTRICT, days), strategy) == 15_329
    nobody = ss.load_scenario(SUBDISTRICT, [*days, "staffing.attendance=0"])
    assert open_orders_peak(nobody, strategy) == 4 * 15_329
