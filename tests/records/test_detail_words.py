"""The words of `detail`: one, a list, none; what else is refused with what is allowed."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import simsupply as ss
from simsupply.cli.main import main
from simsupply.records.detail import details_of, tables_of, written
from tests.helpers.command_line import call
from tests.plans.tiny_comparison import strategy, tiny_scenario
from tests.plans.tiny_plan import SCENARIO, write


@pytest.mark.parametrize(
    ("detail", "words", "as_written"),
    [
        ("summary", (), "summary"),
        ([], (), "summary"),
        (["summary"], (), "summary"),
        ("orders", ("orders",), "orders"),
        (["orders"], ("orders",), "orders"),
        (("trips", "stages", "orders"), ("stages", "orders", "trips"), ["stages", "orders", "trips"]),
    ],
)
def test_one_word_several_or_none(detail: object, words: tuple[str, ...], as_written: object) -> None:
    assert details_of(detail) == words
    assert written(details_of(detail)) == as_written


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        (
            "order",
            ["simulate: detail: got 'order'; allowed: did you mean 'orders'? valid: orders, stages, summary, trips"],
        ),
        (None, ["simulate: detail: got None; allowed: valid: orders, stages, summary, trips"]),
        (["trips", "trips"], ["simulate: detail.1: got 'trips'; allowed: each word once"]),
        (
            ["trips", "summary", "x"],
            [
                "simulate: detail.1: got 'summary'; allowed: summary alone, or one or several of stages, orders, trips",
                "simulate: detail.2: got 'x'; allowed: valid: orders, stages, summary, trips",
            ],
        ),
    ],
)
def test_what_is_refused(detail: object, said: list[str]) -> None:
    with pytest.raises(ss.InputError) as caught:
        ss.simulate(tiny_scenario(), strategy("standard_crates"), replications=1, detail=detail)  # type: ignore[arg-type]
    assert [problem.in_language("en") for problem in caught.value.problems] == said
    assert all(
        problem.in_language("zh") != english for problem, english in zip(caught.value.problems, said, strict=True)
    )


def test_the_command_line_says_all_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["run", f"output={tmp_path / 'out'}", "replications=0", "detail=[trips,order,trips]"]
    found = call(capsys, *words)
    assert found.status == 2
    for key in ("replications: got 0", "detail.1: got 'order'", "detail.2: got 'trips'"):
        assert key in found.err
    assert "detail: got 'evry'" in call(capsys, "run", "detail=evry", f"output={tmp_path / 'out'}").err


def test_topping_up_with_several_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In whatever order they are said, they are the same; with another word the folder is written anew."""
    plan = write(tmp_path / "mine.yaml", SCENARIO)
    folder = tmp_path / "out"
    words = ["run", f"scenario={plan}", f"output={folder}"]
    assert main([*words, "replications=1", "detail=[orders,trips]"]) == 0
    assert json.loads((folder / "provenance.json").read_text(encoding="utf-8"))["config"]["detail"] == [
        "orders",
        "trips",
    ]
    names = {"orders", "time_in_system", "trips", "stops", "levels", "households"}
    assert names == {path.name for path in folder.iterdir() if path.is_dir()} - {"figures"}
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("replication=0000/*.parquet")}
    assert "1 replications were" in call(capsys, *words, "replications=2", "detail=[trips,orders]").out
    assert before == {path: path.stat().st_mtime_ns for path in folder.rglob("replication=0000/*.parquet")}
    for name in names - {"households"}:
        assert sorted(path.name for path in (folder / name).iterdir()) == ["replication=0000", "replication=0001"]
    found = call(capsys, *words, "replications=1", "detail=trips")
    assert "is not topped up but written anew: the results in it are of another plan: detail was" in found.out
    assert {"trips", "stops", "levels", "households"} == {path.name for path in folder.iterdir() if path.is_dir()} - {
        "figures"
    }
    # A part is missing: what is left is not topped up.
    for path in (folder / "stops" / "replication=0000").iterdir():
        path.unlink()
    (folder / "stops" / "replication=0000").rmdir()
    assert "the results in it are not whole" in call(capsys, *words, "replications=2", "detail=trips").out


def test_every_case_of_a_comparison(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is kept of a case is what a run of it keeps, also of the replications that a selection adds."""
    plan = write(tmp_path / "mine.yaml", SCENARIO)
    folder = tmp_path / "out"
    words = ["compare", f"scenario={plan}", "strategies=[standard_crates,individual_orders]", "attendance=[1,0.5]"]
    assert call(capsys, *words, "replications=2", "detail=trips", f"output={folder}").status == 0
    cases = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))["cases"]
    assert [case["strategy"] for case in cases] == ["standard_crates", "individual_orders"] * 2
    assert sorted(path.name for path in (folder / "cases").iterdir()) == ["00", "01", "02", "03"]
    scenario = ss.load_scenario(plan).with_attendance(0.5)
    ss.simulate(scenario, "individual_orders", replications=2, detail="trips", folder=tmp_path / "own")
    for table in tables_of(("trips",)):
        own, found = (pd.read_parquet(at / table) for at in (tmp_path / "own", folder / "cases" / "03"))
        pd.testing.assert_frame_equal(found, own)
    # Without it, the cases of the run before are gone.
    assert call(capsys, *words, "replications=2", f"output={folder}").status == 0
    assert not (folder / "cases").exists()


def test_several_words_in_python(tmp_path: Path) -> None:
    """Without a folder tables stay in memory, topped up too; of a folder, nothing does."""
    scenario, decided = tiny_scenario(), strategy("standard_crates")
    whole = ss.simulate(scenario, decided, replications=3, detail=["orders", "trips"])
    topped = ss.top_up(ss.simulate(scenario, decided, replications=1, detail=["trips", "orders"]), 3)
    for name in ("orders", "time_in_system", "trips", "stops", "levels", "households"):
        pd.testing.assert_frame_equal(topped.tables[name], whole.tables[name], check_exact=True)
    assert ss.simulate(scenario, decided, replications=1, detail="trips", folder=tmp_path).trips is None
    with pytest.raises(ss.InputError, match="a folder to write to, with detail='stages'"):
        ss.simulate(scenario, decided, replications=1, detail=["trips", "stages"])
    compared = ss.compare(scenario, [decided, "individual_orders"], replications=2, detail="trips")
    assert all(case.result.trips is not None for case in compared.cases)
