"""A sweep finds what single runs find, wherever it is simulated, and simulates nothing twice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import simsupply as ss
from simsupply.measures.metric_registry import bounds_of
from simsupply.stats.intervals import estimate
from simsupply.sweeps import runner as run_module
from simsupply.sweeps import worker as worker_module
from simsupply.sweeps.store import Run
from simsupply.sweeps.sweep_result import SweepResult
from tests.plans.tiny_comparison import tiny_data
from tests.plans.tiny_sweep import ATTENDANCE, rows, small


def test_every_run_is_that_of_simulate(tmp_path: Path) -> None:
    result = small(tmp_path, {"strategy": ["standard_crates", "individual_orders"], **ATTENDANCE}, seed=3)
    values = rows(result)
    assert len(result.points) == 6
    for strategy in ("standard_crates", "individual_orders"):
        for attendance in ATTENDANCE["staffing.attendance"]:
            scenario = ss.load_scenario(tiny_data()).with_attendance(attendance)
            alone = ss.simulate(scenario, strategy, replications=2, seed=3, splits=False)
            of_cell = values[(values["strategy"] == strategy) & (values["staffing.attendance"] == attendance)]
            found = of_cell.pivot(index="replication", columns="metric", values="value")
            assert_frame_equal(found[alone.values.columns], alone.values, check_names=False, check_exact=True)


def test_the_table_has_the_estimates_of_a_single_run(tmp_path: Path) -> None:
    result = small(tmp_path, replications=4)
    table, values = result.table(), rows(result)
    for row in table.itertuples():
        own = values[(values["point"] == row.point) & (values["metric"] == row.metric)]["value"]
        expected = estimate(own.to_numpy(), row.unit, bounds_of(row.metric))
        assert row.n == expected.n
        for name in ("mean", "ci_low", "ci_high"):
            assert getattr(row, name) == pytest.approx(
                _number(getattr(expected, name)), nan_ok=True, rel=1e-9, abs=1e-9
            )


def _number(value: float | None) -> float:
    return np.nan if value is None else value


@pytest.mark.lengthy
def test_serial_processes_and_dask_find_the_same(tmp_path: Path) -> None:
    parameters = {"strategy": ["standard_crates", "individual_orders"], **ATTENDANCE}
    found = {
        kind: rows(small(tmp_path / kind, parameters, replications=3, executor=kind, workers=2))
        for kind in ("serial", "processes", "dask")
    }
    assert len(found["serial"]) > 500
    assert_frame_equal(found["processes"], found["serial"], check_exact=True)
    assert_frame_equal(found["dask"], found["serial"], check_exact=True)


# --- resuming ---------------------------------------------------------------------------------------


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> list[Run]:
    """Runs that are really simulated in this process."""
    found: list[Run] = []
    original = worker_module._run

    def counting(*given: object) -> Run:
        found.append(original(*given))
        return found[-1]

    monkeypatch.setattr(worker_module, "_run", counting)
    return found


def test_what_is_there_is_not_played_again_and_topped_up(tmp_path: Path, simulated: list[Run]) -> None:
    small(tmp_path / "a", replications=2)
    assert len(simulated) == 6
    small(tmp_path / "a", replications=2)
    assert len(simulated) == 6
    topped_up = small(tmp_path / "a", replications=5)
    assert sorted(run.replication for run in simulated[6:]) == [2, 2, 2, 3, 3, 3, 4, 4, 4]
    whole = small(tmp_path / "b", replications=5)
    assert_frame_equal(rows(topped_up), rows(whole), check_exact=True)


def test_points_are_shared_between_sweeps_of_one_store(tmp_path: Path, simulated: list[Run]) -> None:
    first = small(tmp_path)
    second = small(tmp_path, {"staffing.attendance": [0.5, 0.9]})
    assert len(simulated) == 6 + 2
    assert len(second.points) == 2
    # Each sees its own points, and another key with the same meaning is the same point.
    assert_frame_equal(rows(first), rows(SweepResult.read(tmp_path, first.record.name)))
    third = small(tmp_path, {"staffing.attendance": [1, 0.5], "scenario.run_out_days": [2]})
    assert len(simulated) == 8 + 2
    assert third.missing == 0


def test_a_result_read_back_goes_on(tmp_path: Path, simulated: list[Run]) -> None:
    small(tmp_path)
    again = ss.resume(SweepResult.read(tmp_path), 3)
    assert len(simulated) == 9
    assert again.record.settings.replications == 3
    assert ss.resume(again, 1).record.settings.replications == 3
    assert len(simulated) == 9
    assert "3 points x 3 replications, 0 runs without a result" in repr(again)
    assert "coverage" in again._repr_html_()


def test_another_version_of_the_code_is_never_mixed_in(
    tmp_path: Path, simulated: list[Run], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from simsupply.sweeps import sweep as command

    small(tmp_path, replications=3)
    for module in (command, worker_module):
        monkeypatch.setattr(module, "code_version", lambda: "another")
    result = small(tmp_path, replications=2)
    assert len(simulated) == 9 + 6
    assert "9 runs of these points are by another version of the code; they are kept and not used" in (
        capsys.readouterr().err
    )
    assert result.num_other_code == 9
    assert set(rows(result)["replication"]) == {0, 1}


def test_code_changed_while_the_sweep_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "code_version", lambda: "changed meanwhile")
    with pytest.raises(run_module.StoreError, match="the code was changed while the sweep ran"):
        small(tmp_path)
    assert SweepResult.read(tmp_path).missing == 6


# --- failures ---------------------------------------------------------------------------------------


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch, simulated: list[Run]) -> list[tuple[float, int]]:
    """Attendances and replications that fail, for as long as they are listed."""
    from simsupply.model import run_loop as run

    listed = [(0.5, 1), (0.8, 0)]
    original = run.run_replication

    def sometimes(scenario: ss.load_scenario, *given: object, number: int, **more: object) -> object:
        if (scenario.spec.staffing.attendance, number) in listed:
            raise ArithmeticError(f"replication {number} went wrong\nin two lines")
        return original(scenario, *given, number=number, **more)

    monkeypatch.setattr(run, "run_replication", sometimes)
    return listed


def test_failures_are_kept_and_played_again_alone(
    tmp_path: Path, failing: list[tuple[float, int]], simulated: list[Run]
) -> None:
    result = small(tmp_path, replications=3)
    failed = result.failed
    assert list(zip(failed["staffing.attendance"], failed["replication"], strict=True)) == [(0.5, 1), (0.8, 0)]
    assert failed["error"].iloc[0] == "ArithmeticError: replication 1 went wrong"
    assert "in two lines" in failed["trace"].iloc[0]
    assert (len(simulated), result.missing) == (9, 2)
    # A point with failures has its other replications, and says of how many its mean is.
    assert set(result.table(["coverage"])["n"]) == {3, 2}

    failing.clear()
    again = ss.resume(result)
    assert [(run.replication, run.error) for run in simulated[9:]] == [(1, None), (0, None)]
    assert (again.missing, len(again.failed)) == (0, 0)
    assert_frame_equal(rows(again), rows(small(tmp_path / "whole", replications=3)), check_exact=True)


def test_failing_again_is_one_failure(tmp_path: Path, failing: list[tuple[float, int]]) -> None:
    assert len(ss.resume(small(tmp_path, replications=3)).failed) == 2


def test_fail_fast_stops_and_keeps_what_has_finished(
    tmp_path: Path, failing: list[tuple[float, int]], simulated: list[Run]
) -> None:
    result = small(tmp_path, replications=3, on_failure="fail_fast")
    assert len(result.failed) >= 1
    assert 0 < len(simulated) < 9
    assert result.missing == 9 - sum(run.error is None for run in simulated)


def test_the_table_is_a_plain_frame_in_the_order_of_the_points(tmp_path: Path) -> None:
    result = small(tmp_path, {"staffing.attendance": [0.8, 0.2], "seed": [1, 2]})
    assert list(result.points.itertuples(index=True, name=None)) == [
        (1, 0.8, 1),
        (2, 0.8, 2),
        (3, 0.2, 1),
        (4, 0.2, 2),
    ]
    values = result.values(["coverage", "fill_rate"])
    assert list(values.columns) == [
        "point",
        "staffing.attendance",
        "seed",
        "replication",
        "metric",
        "value",
        "unit",
    ]
    assert list(values["point"].unique()) == [1, 2, 3, 4]
    assert isinstance(result.wide(), pd.DataFrame)
    assert ss.plot_sweep(result, "fill_rate").axes[0].get_ylabel()


def test_what_is_drawn_over_what(tmp_path: Path) -> None:
    strategies = ["standard_crates", "individual_orders"]
    result = small(tmp_path, {"strategy": strategies, **ATTENDANCE, "fleet.vans.count": [1, 2]})
    figure = ss.plot_sweep(result, "coverage")
    headings = [axes.get_title("left") for axes in figure.axes]
    assert headings == ["vans count = 1", "vans count = 2"]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["standard crates", "individual orders"]
    drawn = figure.axes[1].containers[0].lines[0]
    means = result.table(["coverage"])
    of_panel = means[(means["strategy"] == "standard_crates") & (means["fleet.vans.count"] == 2)]
    assert list(drawn.get_xdata()) == [0.2, 0.5, 0.8]
    assert list(drawn.get_ydata()) == list(of_panel["mean"])
    with pytest.raises(ss.InputError, match=r"x: got 'attendance'; allowed: did you mean 'staffing.attendance'"):
        ss.plot_sweep(result, "coverage", x="attendance")


@pytest.mark.lengthy
def test_a_drawn_sample_has_a_panel_for_each_interval(tmp_path: Path) -> None:
    """Drawn whole numbers repeat, and make neither lines nor panels all the same."""
    parameters = {
        "strategy": ["standard_crates", "individual_orders"],
        "staffing.attendance": "interval(0.2,0.9)",
        "fleet.vans.count": "int(interval(1,4))",
        "scenario.households.lift_share": "interval(0.2,0.6)",
    }
    result = small(tmp_path, parameters, design="lhs", points=6)
    figure = ss.plot_sweep(result, "coverage")
    keys = list(parameters)[1:]
    headings = [" ".join(axes.get_title("left").split()) for axes in figure.axes]
    assert headings == ["staffing: attendance", "vans count", "scenario: households: lift share"]
    means = result.table(["coverage"])
    for axes, key in zip(figure.axes, keys, strict=True):
        for line, strategy in zip(axes.containers, parameters["strategy"], strict=True):
            of_strategy = means[means["strategy"] == strategy].sort_values(key, kind="stable")
            assert list(line.lines[0].get_xdata()) == list(of_strategy[key])
            assert list(line.lines[0].get_ydata()) == list(of_strategy["mean"])
    assert len(ss.plot_sweep(result, "coverage", x="fleet.vans.count").axes) == 1
