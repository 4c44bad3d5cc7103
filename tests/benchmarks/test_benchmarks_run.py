"""The benchmarks run and write their page; nothing here looks at a time."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import engines, processes, small, sweeps
from benchmarks.__main__ import write
from benchmarks.engines import CIMBA, Accuracy, Engine, compare_engines, wait
from benchmarks.growth import BASE_HOUSEHOLDS, CRATES, city_plan, growth_plan
from benchmarks.peers import simpy_callbacks, simpy_processes
from benchmarks.peers.reference import QUEUE_WAIT, TANDEM_SOJOURN
from benchmarks.peers.simsupply_model import sojourns
from benchmarks.processes import Cost, Plan, PlanFailed, measure
from benchmarks.run import Sizes, measure_everything
from benchmarks.targets import verdicts
from simsupply.config.load import fit, load_scenario, load_strategy

TINY = Sizes(
    num_orders=400,
    point_orders=240,
    floor_orders=200,
    floor_households=20_000,
    rounds=1,
    replications=3,
    city="demo_city",
    tier_city="demo_tiers",
    emergency_city="demo_whole",
    days=(1, 2),
    households=(20_000, 40_000),
    growth_days=1,
    cities=("demo_city", "changchun"),
    plan_rounds=1,
    small_replications=1,
    sweep_runs=20,
    compiles=False,
)


@pytest.mark.lengthy
def test_everything_runs_and_the_page_has_every_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # As on a fresh machine: cimba compiles itself anew, which fails beside much else that is compiled in one process.
    absent = {"package": "nobody", "module": "nobody_has_this"}
    known = tuple(replace(engine, **absent) if engine.key == CIMBA else engine for engine in engines.ENGINES)
    monkeypatch.setattr(engines, "ENGINES", known)
    # New processes cost seconds each: made up here, a real one has a test of its own.
    monkeypatch.setattr(small, "_seconds", lambda code, cache=None: 0.5)
    size = itertools.count(1)
    cost = {"cpu_s": 1.0, "early_bytes": 1e9, "late_bytes": 1e9}
    monkeypatch.setattr(sweeps, "_sweep", lambda points, workers: {"wall_s": 4.0 / workers, **cost})
    monkeypatch.setattr(processes, "measure", lambda plan: Cost(n := next(size), n, 3.0, 1.0, n, 1e9, 30, 20, 10, 10))
    results = measure_everything(TINY)
    page = write(results, tmp_path).read_text(encoding="utf-8")
    for verdict in verdicts(results):
        assert verdict.target in page
    assert "simsupply, one replication" in page.replace("*", "")
    assert "small sizes" in page  # nobody takes it for the real one
    assert str(Path.cwd()) not in page
    assert (tmp_path / "images" / "performance.png").stat().st_size > 0
    assert (tmp_path / "images" / "performance.svg").stat().st_size > 0


@pytest.mark.lengthy
def test_a_plan_in_a_process_of_its_own() -> None:
    cost = measure(city_plan(CRATES, 3, "demo_city"))
    assert (cost.households, cost.days) == (3_000, 3)
    assert cost.attempted >= cost.accepted >= cost.delivered > 0
    assert 0 < cost.run_s < cost.wall_s
    assert 50e6 < cost.peak_bytes < 3e9


@pytest.mark.lengthy
def test_an_engine_that_is_not_installed_is_a_row_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = Engine("absent", "nobody's engine", "nobody", "nobody_has_this")
    monkeypatch.setattr(engines, "ENGINES", (engines.ENGINES[0], absent))
    comparison = compare_engines("tandem", 100, 1)
    assert "absent" not in comparison.timings
    assert comparison.missing["absent"].startswith("not available: ")


@pytest.mark.parametrize("peer", [simpy_processes, simpy_callbacks])
def test_peers_play_the_same_models(peer) -> None:
    """Within ten times what 4,000 orders leave to chance; a batch or a way back too few is far outside."""
    assert peer.tandem(4_000)(1) == pytest.approx(TANDEM_SOJOURN, abs=3)
    assert peer.queue(4_000)(1) == pytest.approx(1 + QUEUE_WAIT, abs=0.6)


def test_simsupply_plays_the_tandem_and_delivers_every_order() -> None:
    means = sojourns("tandem", 4_000, replications=3)
    assert means == pytest.approx(TANDEM_SOJOURN, abs=3)


def test_wait_is_sojourn_less_service() -> None:
    found = wait(Accuracy(2.5, 2.25, 2.75, 10, 100))
    assert (found.mean, found.low, found.high) == (1.5, 1.25, 1.75)


def test_a_city_of_any_size_can_be_loaded() -> None:
    plan = growth_plan(CRATES, 3 * BASE_HOUSEHOLDS, 2)
    scenario, strategy = load_scenario(plan.scenario, plan.overrides), load_strategy(plan.strategy)
    fit(scenario, strategy)
    assert len(scenario.households) == 3 * BASE_HOUSEHOLDS
    assert [scenario.places.count(kind) for kind in ("depot", "station", "drop_point")] == [3, 3, 48]


def test_a_plan_that_fails_says_why() -> None:
    with pytest.raises(PlanFailed, match="nowhere"):
        measure(Plan("no such strategy", "demo_city", "nowhere"))
