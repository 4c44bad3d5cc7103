"""A run into a folder that holds results of the same plan tops them up; else it says why not."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from pandas.testing import assert_frame_equal

import simsupply as ss
from simsupply.base.catalogue import Message
from simsupply.cli.main import main
from simsupply.config.yaml_files import WORLD_SECTIONS
from simsupply.results import stored as topping_up
from simsupply.results.contents import seal
from simsupply.results.result import Result
from simsupply.results.stored import earlier_result
from tests.helpers.command_line import Outcome, call
from tests.plans.tiny_plan import SCENARIO, changed, write

TABLES = ("replications", "coverage", "days", "staff", "splits")


def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, *words: str, output: str = "out") -> Outcome:
    own_plan = write(tmp_path / "mine.yaml", SCENARIO)
    found = call(
        capsys, "run", f"scenario={own_plan}", f"output={tmp_path / output}", "staffing.attendance=0.5", *words
    )
    assert found.status == 0, found.err
    return found


def summary(folder: Path) -> dict:
    return json.loads((folder / "summary.json").read_text(encoding="utf-8"))


@pytest.mark.lengthy
def test_topped_up_equals_one_go(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "topped up" not in run(capsys, tmp_path, "replications=2").out
    found = run(capsys, tmp_path, "replications=5", "language=zh")
    assert found.out.startswith(f"{tmp_path / 'out'}/ 中原有 2 次重复仿真，现追加 3 次\n")
    assert found.out.endswith(f"\n结果已写入 {tmp_path / 'out'}/\n")
    run(capsys, tmp_path, "replications=5", output="whole")
    assert summary(tmp_path / "out") == summary(tmp_path / "whole")
    for name in TABLES:
        topped, whole = (pd.read_parquet(tmp_path / folder / f"{name}.parquet") for folder in ("out", "whole"))
        assert_frame_equal(
            topped.sort_values(list(topped.columns[:4])).reset_index(drop=True),
            whole.sort_values(list(whole.columns[:4])).reset_index(drop=True),
            check_dtype=False,
        )


@pytest.mark.lengthy
def test_until_precise_and_fewer_are_not_thrown_away(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = ["replications=4", "precision.metrics={worker_hours: 4%, deprived_household_days: 20}", "precision.max=60"]
    first = run(capsys, tmp_path, *words)
    written = summary(tmp_path / "out")
    assert [goal["metric"] for goal in written["precision"]] == ["worker_hours", "deprived_household_days"]
    assert all(f"{goal['metric']}: ±" in first.out for goal in written["precision"])
    num = written["replications"]
    found = run(capsys, tmp_path, "replications=2")
    assert f"{num} replications were in {tmp_path / 'out'}/, 0 were added" in found.out
    assert summary(tmp_path / "out")["replications"] == num


# --- why not ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a run with every order, three replications."""
    folder = tmp_path_factory.mktemp("written")
    own_plan = write(folder / "mine.yaml", SCENARIO)
    assert main(["run", f"scenario={own_plan}", "replications=3", "detail=orders", f"output={folder / 'out'}"]) == 0
    return folder / "out"


def earlier(folder: Path, **changes: object) -> Result | Message | None:
    config = changed(json.loads((folder / "provenance.json").read_text(encoding="utf-8"))["config"], changes)
    plan = {key: value for key, value in config.items() if key in WORLD_SECTIONS}
    return earlier_result(folder, config, ss.load_scenario(plan), ss.load_strategy(config["strategy"]))


def copy(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(written, tmp_path / "copy"))


@pytest.mark.lengthy
def test_what_was_written_is_read_back(written: Path) -> None:
    found = earlier(written, replications=7, language="zh", output="elsewhere", precision={"metrics": None, "max": 9})
    assert isinstance(found, Result)
    again = ss.simulate(found.scenario, found.strategy, replications=3, seed=found.seed)
    assert found.summary().equals(again.summary())
    assert np.array_equal(found.coverage, again.coverage)
    assert np.array_equal(found.hours, again.hours)
    assert (found.notes, found.unstaffed) == (again.notes, again.unstaffed)
    assert found.split_summary().equals(again.split_summary())


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"staffing.attendance": 0.6}, "of another plan: staffing.attendance was 0.9, is 0.6"),
        ({"seed": 2}, "of another plan: seed was 1, is 2"),
        ({"detail": "summary"}, "of another plan: detail was orders, is summary"),
        ({"strategy.parcel": 1}, "strategy.parcel was not there, is 1"),
    ],
)
def test_another_plan_is_not_topped_up(written: Path, change: dict[str, object], why: str) -> None:
    if "strategy.parcel" in change:
        config = json.loads((written / "provenance.json").read_text(encoding="utf-8"))["config"]
        plan = {key: value for key, value in config.items() if key in WORLD_SECTIONS}
        found = earlier_result(
            written, changed(config, change), ss.load_scenario(plan), ss.load_strategy(config["strategy"])
        )
    else:
        found = earlier(written, **change)
    assert isinstance(found, Message)
    assert why in found.in_language("en")


def test_another_code_is_not_topped_up(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topping_up, "code_version", lambda: "another")
    assert str(earlier(written)) == "the results in it are of another version of the code"


@pytest.mark.parametrize("name", ["replications", "coverage", "days", "splits"])
def test_damaged_results_are_not_topped_up(written: Path, tmp_path: Path, name: str) -> None:
    path = copy(written, tmp_path) / f"{name}.parquet"
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 3] ^= 1
    path.write_bytes(whole)
    assert str(earlier(path.parent)) == f"{name}.parquet in it is not as it was written"
    path.unlink()
    assert "cannot be read" in str(earlier(path.parent))


def test_results_of_something_else(written: Path, tmp_path: Path) -> None:
    folder = copy(written, tmp_path)
    config = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))["config"]
    result = earlier(folder)
    assert isinstance(result, Result)
    for text in ("{}", "[]", "not JSON"):
        (folder / "provenance.json").write_text(text)
        assert "of another command or version" in str(earlier_result(folder, config, result.scenario, result.strategy))
    assert earlier_result(tmp_path, config, result.scenario, result.strategy) is None


def test_results_that_are_not_whole_are_not_topped_up(written: Path, tmp_path: Path) -> None:
    """Days of two replications beside measures of three, sealed all the same; orders of two beside three."""
    folder = copy(written, tmp_path)
    table = pq.read_table(folder / "days.parquet")
    pq.write_table(table.filter(pc.field("replication") < 2), folder / "days.parquet")
    seal(folder)
    assert str(earlier(folder)) == "the results in it are not whole"
    pq.write_table(table, folder / "days.parquet")
    seal(folder)
    assert isinstance(earlier(folder), Result)
    shutil.rmtree(folder / "orders" / "replication=0001")
    assert str(earlier(folder)) == "the results in it are not whole"


def test_a_table_of_another_plan_is_noticed(written: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each table says of which plan it is: one of another seed among the others, even with a list that names it."""
    folder = copy(written, tmp_path)
    words = ["run", f"scenario={written.parent / 'mine.yaml'}", "replications=3", "seed=2", "detail=orders"]
    assert call(capsys, *words, f"output={tmp_path / 'other'}").status == 0
    shutil.copy(tmp_path / "other" / "days.parquet", folder / "days.parquet")
    assert str(earlier(folder)) == "days.parquet in it is not as it was written"
    seal(folder)
    assert str(earlier(folder)) == "days.parquet in it is of another plan or version"


@pytest.mark.lengthy
def test_written_anew_and_detail_topped_up(written: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = copy(written, tmp_path)
    words = ["run", f"scenario={written.parent / 'mine.yaml'}", "detail=orders", f"output={folder}"]
    assert "3 replications were" in call(capsys, *words, "replications=4").out
    assert len(list((folder / "orders").iterdir())) == len(list((folder / "households").iterdir())) == 4
    found = call(capsys, *words, "replications=2", "seed=2")
    assert f"{folder}/ is not topped up but written anew: the results in it are of another plan: seed" in found.out
    assert summary(folder)["replications"] == 2
    found = call(capsys, *words, "replications=2", "seed=3", "language=zh")
    assert f"{folder}/ 中的结果不续用，全部重新写入：其中的结果属于另一个方案：seed 原为 2，现为 3\n" in found.out


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("precision.metrics={fill_rat: 1%}", "precision.metrics: got 'fill_rat'; allowed: did you mean 'fill_rate'?"),
        ("precision.metrics={fill_rate: wide}", "precision.metrics.fill_rate: got 'wide'"),
        ("precision.max=0", "precision.max: got 0"),
        ("precision.least=3", "precision.least"),
    ],
)
def test_bad_precision(capsys: pytest.CaptureFixture[str], tmp_path: Path, word: str, said: str) -> None:
    own_plan = write(tmp_path / "mine.yaml", SCENARIO)
    found = call(capsys, "run", f"scenario={own_plan}", f"output={tmp_path / 'out'}", word)
    assert found.status == 2
    assert said in found.err
    assert "Traceback" not in found.err
    assert not (tmp_path / "out").exists()
