"""``simsupply sweep ... sensitivity=``: what is written and said, and one message before the first run."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.helpers.command_line import Outcome, call
from tests.plans.tiny_plan import SCENARIO, write

TWO = ("staffing.attendance=interval(0.2,0.9)", "scenario.households.priority_share=interval(0.05,0.2)")
# As many people for five times the households: enough when half of them come, and not when one in five does.
FIVE_TIMES = {
    "scenario.geography.drop_points.0.households": 200,
    "scenario.geography.drop_points.1.households": 300,
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "mine.yaml", SCENARIO, FIVE_TIMES)
    return tmp_path


def sweep(capsys: pytest.CaptureFixture[str], *words: str) -> Outcome:
    return call(capsys, "sweep", "scenario=mine.yaml", "replications=1", "executor=serial", "output=out", *words)


@pytest.mark.lengthy
def test_table_figure_and_sentence(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    found = sweep(
        capsys, "design=morris", "points=4", *TWO, "sensitivity=[morris:worker_hours,morris:coverage]", "language=zh"
    )
    assert (found.status, found.err) == (0, "")
    assert "受到岗率影响最大" in found.out
    table = pd.read_csv(folder / "out" / "sensitivity" / "morris_worker_hours.csv")
    assert len(table) == 6
    assert table["estimate"].notna().all()
    assert (folder / "out" / "figures" / "morris_worker_hours.png").exists()
    assert (folder / "out" / "figures" / "morris_coverage.png").exists()


@pytest.mark.lengthy
def test_a_boundary_is_asked_for_with_its_level(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    found = sweep(capsys, "design=boundary", *TWO, "sensitivity=boundary:coverage:0.99")
    assert found.status == 0
    assert "of the area" in found.out
    assert (folder / "out" / "figures" / "boundary_coverage.png").exists()


@pytest.mark.lengthy
def test_boxes_are_asked_for_with_a_level(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    found = sweep(capsys, "design=lhs", "points=40", *TWO, "sensitivity=boxes:coverage:0.9")
    assert found.status == 0, found.err
    assert "is below 90 % at 10 of 40 points; with staffing.attendance from 0.2 to 0.4" in found.out
    limits = pd.read_csv(folder / "out" / "sensitivity" / "boxes_coverage.csv").set_index("parameter")
    shares = pd.read_csv(folder / "out" / "sensitivity" / "boxes_coverage_shares.csv")
    assert limits.loc["staffing.attendance", "high"] == pytest.approx(0.39, abs=0.03)
    assert shares.loc[0, ["density", "coverage"]].min() >= 0.8
    assert (folder / "out" / "figures" / "boxes_coverage.png").exists()


@pytest.mark.parametrize(
    ("design", "points", "method"), [("morris", ["points=4"], "morris"), ("tornado", [], "tornado")]
)
def test_one_that_is_the_same_everywhere_is_named_and_the_others_answered(
    design: str, points: list[str], method: str, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    """Nothing spoils where there is no stock, whatever the attendance; hours of workers follow it."""
    asked = f"sensitivity=[{method}:spoiled_kg,{method}:worker_hours]"
    found = sweep(capsys, f"design={design}", *points, *TWO, asked)
    assert (found.status, found.err) == (0, "")
    same, answered = found.out.strip().splitlines()[-2:]
    assert same == "Goods spoiled is the same at every point."
    assert "staffing.attendance" in answered
    assert (folder / "out" / "sensitivity" / f"{method}_spoiled_kg.csv").exists()
    assert not (folder / "out" / "figures" / f"{method}_spoiled_kg.png").exists()
    assert (folder / "out" / "figures" / f"{method}_worker_hours.png").exists()


def test_a_question_that_cannot_be_answered_does_not_keep_the_others_from_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """At no attendance nobody is served, so the last household's hour does not exist there."""
    nobody = "staffing.attendance=interval(0,0.9)"
    asked = "sensitivity=[tornado:last_household_served_h,tornado:worker_hours]"
    found = sweep(capsys, "design=tornado", nobody, TWO[1], asked)
    assert found.status == 2
    assert "last_household_served_h: got 'no value at 1 of 5 points'" in found.err
    assert len(found.err.strip().splitlines()) == 1
    assert "moves most with staffing.attendance" in found.out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("design=lhs", "points=4", *TWO, "sensitivity=morris:coverage"), "design: got 'lhs'; allowed: morris"),
        (("design=morris", "points=4", TWO[0], "sensitivity=morris:coverage"), "at least two intervals"),
        (("design=morris", "points=4", *TWO, "sensitivity=moris:coverage"), "did you mean 'morris'"),
        (("design=morris", "points=4", *TWO, "sensitivity=morris"), "morris:METRIC"),
        (("design=morris", "points=4", *TWO, "sensitivity=morris:coverag"), "did you mean 'coverage'"),
        (("design=morris", "points=3", *TWO, "sensitivity=morris:coverage"), "points: got 3; allowed: at least 4"),
        (("design=saltelli", "points=8", *TWO, "sensitivity=sobol:coverage"), "points: got 8; allowed: at least 16"),
        (("design=boundary", *TWO, "sensitivity=boundary:coverage"), "boundary:METRIC:LEVEL"),
        (("design=boundary", *TWO, "sensitivity=boundary:coverage:much"), "boundary:METRIC:LEVEL"),
        (("design=boundary", *TWO, "sensitivity=boundary:orders_attempted:9"), "more or less is better"),
        (("design=boundary", TWO[0], "sensitivity=boundary:coverage:0.9"), "two intervals"),
        (("design=morris", "points=4", *TWO, "sensitivity=morris:coverage:0.9"), "no level with morris"),
        (
            ("design=morris", "points=4", *TWO, "sensitivity=boxes:coverage:0.9"),
            "lhs or sobol or grid or csv, which boxes",
        ),
        (("design=lhs", "points=39", *TWO, "sensitivity=boxes:coverage:0.9"), "points: got 39; allowed: at least 40"),
        (("design=tornado", *TWO, "points=4", "sensitivity=tornado:coverage"), "points"),
        (("design=tornado", "staffing.attendance=interval(0.1,0.2)", TWO[1]), "the plan's own value between them"),
    ],
)
def test_one_message_before_the_first_run(
    words: tuple[str, ...], expected: str, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    found = sweep(capsys, *words)
    assert found.status == 2
    assert expected in found.err
    assert "Traceback" not in found.err
    assert len(found.err.strip().splitlines()) == 1
    assert not (folder / "out").exists()
