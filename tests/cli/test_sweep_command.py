"""``simsupply sweep`` and ``results``: what they write and say, and one message for whatever is wrong with them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

import simsupply as ss
from simsupply.base.problems import StoreError
from simsupply.config.compose import compose_config
from simsupply.config.yaml_files import built_in
from simsupply.sweeps import runner as run
from simsupply.sweeps import store, worker
from tests.helpers.command_line import Outcome, call
from tests.plans.tiny_plan import SCENARIO, STRATEGY, write

SWEPT = ("staffing.attendance=0.5,0.9",)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a plan of one's own in it."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "mine.yaml", SCENARIO)
    write(tmp_path / "way.yaml", STRATEGY)
    return tmp_path


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a sweep in it, which nothing may change."""
    place = tmp_path_factory.mktemp("run")
    own_plan = write(place / "mine.yaml", SCENARIO)
    ss.sweep(
        own_plan,
        parameters={"staffing.attendance": [0.5, 0.9]},
        replications=2,
        output=place / "out",
        executor="serial",
    )
    return place


@pytest.fixture
def swept(simulated: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As working folder."""
    monkeypatch.chdir(simulated)
    return simulated


def sweep(capsys: pytest.CaptureFixture[str], *words: str) -> Outcome:
    """A sweep of one's own plan in this process, with one figure."""
    own = ["scenario=mine.yaml", "replications=2", "executor=serial", "output=out", "metrics=[coverage]"]
    swept = {word.partition("=")[0] for word in words}
    return call(capsys, "sweep", *(word for word in own if word.partition("=")[0] not in swept), *words)


def results(capsys: pytest.CaptureFixture[str], *words: str) -> Outcome:
    return call(capsys, "results", "out", *words)


@pytest.mark.lengthy
def test_what_is_written_and_shown(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    words = ["strategy=standard_crates,way.yaml", *SWEPT, "staffing.crews.door_team.headcount=3"]
    found = sweep(capsys, *words, "metrics=[coverage,fill_rate,deprived_household_days]")
    assert (found.status, found.err) == (0, "")
    assert "way.yaml" in found.out
    table = pd.read_csv(folder / "out" / "table.csv")
    assert list(table["strategy"].unique()) == ["standard_crates", "way.yaml"]
    assert set(table["metric"]) == {"coverage", "fill_rate", "deprived_household_days"}
    assert len(table) == 4 * 3
    # The same channel under another name of the strategy is the same result.
    ways = table.pivot(index=["staffing.attendance", "metric"], columns="strategy", values="mean")
    assert ways["standard_crates"].equals(ways["way.yaml"])
    assert {path.name for path in (folder / "out" / "figures").iterdir()} >= {"coverage.png", "fill_rate.svg"}
    (about,) = (folder / "out" / "sweeps").glob("*.json")
    kept = json.loads(about.read_text(encoding="utf-8"))
    assert kept["bases"][0]["staffing"]["crews"]["door_team"]["headcount"] == 3
    assert {"simsupply", "commit", "code", "environment", "settings"} <= set(kept)


def test_the_same_command_again_plays_nothing(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = sweep(capsys, *SWEPT)
    monkeypatch.setattr(worker, "_run", None)
    again = sweep(capsys, *SWEPT, "-m")
    assert again.status == 0
    assert "4 of 4 runs were in out, 0 to run" in again.out
    assert first.out.partition("\n")[2] in again.out


@pytest.mark.lengthy
def test_results_chosen_and_exported(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    sweep(capsys, "strategy=standard_crates,individual_orders", *SWEPT)
    assert results(capsys, "metrics=coverage", "staffing.attendance=0.8..1").out.count("0.9") == 2
    for ending, read in ((".csv", pd.read_csv), (".xlsx", pd.read_excel), (".parquet", pd.read_parquet)):
        found = results(capsys, "form=runs", "strategy=standard_crates", f"export=runs{ending}")
        assert found.status == 0
        table = read(f"runs{ending}")
        assert list(table.columns[:5]) == ["point", "strategy", "staffing.attendance", "seed", "replication"]
        assert set(table["strategy"]) == {"standard_crates"}
        values = ss.SweepResult.read("out").values()
        expected = values[values["strategy"] == "standard_crates"]["value"].to_numpy()
        assert table["value"].to_numpy() == pytest.approx(expected, nan_ok=True, rel=1e-12)
    assert "staffing.attendance" in results(capsys, "form=sweeps").out
    assert "ci_low" in results(capsys, "form=table", "metrics=cost,coverage").out
    assert results(capsys, "compact=true").status == 0
    assert results(capsys, "form=failed").out == "no rows\n"


@pytest.mark.lengthy
def test_several_sweeps_in_one_folder(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    sweep(capsys, *SWEPT)
    sweep(capsys, "fleet.vans.count=1,2,3")
    found = results(capsys, "metrics=coverage")
    assert "the sweep run last of 2 in out" in found.out
    assert "fleet.vans.count" in found.out
    first = next(path.stem for path in (folder / "out" / "sweeps").glob("*.json") if path.stem not in found.out)
    names = [line.split()[0] for line in results(capsys, "form=sweeps").out.splitlines()[1:]]
    assert first in names
    assert "staffing.attendance" in results(capsys, f"sweep={names[0]}").out


@pytest.mark.lengthy
@pytest.mark.parametrize("name", built_in("experiment"))
def test_ready_sweeps_run(name: str, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    """Each as it is, but on a small plan, and with few points where it draws them."""
    config = compose_config("sweep", [f"experiment={name}"])
    words = ["points=2"] if config["points"] else []
    households = ["scenario.geography.households=600", "scenario.run_out_days=3"]
    short = ["replications=1", "executor=serial", "metrics=[coverage]", "output=out"]
    found = call(capsys, "sweep", f"experiment={name}", *short, *households, *words)
    assert found.status == 0, found.err
    result = ss.SweepResult.read("out")
    assert result.missing == 0
    assert result.parameters == list(config["parameters"])
    assert len(result.table(["coverage"])) == len(result.points) >= 2


@pytest.mark.lengthy
def test_a_ready_sweep_is_changed_on_the_command_line(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    words = ["experiment=attendance", "strategy=standard_crates", "staffing.attendance=0.9,0.8"]
    assert sweep(capsys, *words).status == 0
    result = ss.SweepResult.read("out")
    assert result.parameters == ["staffing.attendance"]
    assert list(result.points["staffing.attendance"]) == [0.9, 0.8]


@pytest.mark.lengthy
def test_a_ready_sweep_of_ones_own(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "my" / "experiment").mkdir(parents=True)
    text = "# @package _global_\nparameters: {staffing.attendance: [0.4, 0.8]}\nreplications: 1\n"
    (folder / "my" / "experiment" / "mine.yaml").write_text(text)
    words = ["experiment=mine", "scenario=mine.yaml", "executor=serial", "output=out", f"--config-dir={folder / 'my'}"]
    found = call(capsys, "sweep", *words)
    assert found.status == 0, found.err
    assert list(ss.SweepResult.read("out").points["staffing.attendance"]) == [0.4, 0.8]


def test_help_teaches(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    found = call(capsys, "sweep", "--help")
    assert found.status == 0
    for word in ("interval(0.1,0.9)", "design=csv", "executor=dask", "experiment: attendance", "on_failure"):
        assert word in found.out
    assert "form=failed" in call(capsys, "results", "--help").out
    assert "parameters" in call(capsys, "sweep", "--cfg", "job").out
    assert "attendance" in call(capsys, "list", "experiments").out


# --- what is wrong ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("", ("command line: got 'nothing that varies'", "such as staffing.attendance=0.1,0.2,0.5")),
        ("staffing.attendance=range(1,0)", ("staffing.attendance:", "at least one value")),
        ("staffing.attendance=0.5,0.6,0.5", ("point 3: got 'staffing.attendance=0.5'", "point 1 is the same")),
        ("staffing.attendance=1,1.0", ("point 2:", "point 1 is the same")),
        (
            "staffing.atendance=0.5,0.6",
            ("point 1 and 1 more: staffing.atendance: got 0.5", "did you mean 'attendance'?"),
        ),
        ("staffing.attendance.x=0.5,0.6", ("staffing.attendance.x: got 0.5", "holds 0.9 and no keys")),
        ("staffing.atendance=0.5 fleet.vans.count=1,2", ("staffing.atendance: got 0.5", "did you mean 'attendance'?")),
        ("replicatons=5 fleet.vans.count=1,2", ("replicatons:", "did you mean 'replications'?")),
        ("replications=5,6", ("replications: got '5,6'", "one value; it cannot vary")),
        ("strategy=standard_crates,nobodys", ("strategy: got 'nobodys'", "valid:")),
        ("scenario=mine.yaml,nowhere.yaml", ("nowhere.yaml", "no such file")),
        ("staffing.attendance=0.5,0.6 design=lhs", ("design: got 'lhs'", "an interval to sample")),
        ("staffing.attendance=interval(0.5,0.6)", ("design: got 'grid'", "one that samples")),
        ("staffing.attendance=interval(0.6,0.5)", ("staffing.attendance:", "the lower one first")),
        ("design=lhs points=2 fleet.vans.count=interval(1,5)", ("fleet.vans.count:", "valid integer")),
        ("staffing.attendance=glob(*)", ("staffing.attendance", "interval(...)")),
        ("fleet.vans.count=1,2 executor=threads", ("executor: got 'threads'", "processes")),
        ("fleet.vans.count=1,2 scheduler=tcp://a:1", ("scheduler:", "none, or executor=dask")),
        ("fleet.vans.count=1,2 on_failure=stop", ("on_failure: got 'stop'", "keep_going or fail_fast")),
        ("fleet.vans.count=1,2 metrics=[coverag]", ("metrics: got 'coverag'", "did you mean 'coverage'?")),
        ("fleet.vans.count=1,2 workers=0", ("workers: got 0", "greater than or equal to 1")),
        ("seed=-1,2", ("seed: got -1", "a whole number from 0")),
        ("experiment=nobodys", ("experiment: got 'nobodys'", "attendance")),
        ("fleet.vans.count=1,2 fleet.vans.count=3,4", ("fleet.vans.count: got 'given twice'",)),
        ("design=csv file=nowhere.csv", ("file: got 'nowhere.csv'", "No such file")),
        ("fleet.vans.count=1,2 output=mine.yaml", ("output: got 'mine.yaml'", "a folder that can be written")),
        ("fleet.vans.count=1,2 output=/proc/x", ("output: got '/proc/x'", "a folder that can be written")),
    ],
)
def test_wrong_words(words: str, parts: tuple[str, ...], capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    found = sweep(capsys, *words.split())
    assert (found.status, found.out) == (2, "")
    assert len(found.messages) == 1
    assert all(part in found.err for part in parts)
    assert "; allowed: " in found.err
    assert "Traceback" not in found.err
    assert sorted(folder.rglob("*")) == before


@pytest.mark.lengthy
def test_one_value_out_of_range_among_thousands(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    """Found before the first run; the message names the point, the key and what is allowed."""
    values = [number / 2000 for number in range(1, 2001)]
    values[1234] = 1.5
    lines = ["staffing.attendance", *map(str, values)]
    (folder / "points.csv").write_text("\n".join(lines))
    found = sweep(capsys, "design=csv", "file=points.csv")
    assert found.status == 2
    assert found.messages == ["points.csv, point 1235: staffing.attendance: got 1.5; allowed: less than or equal to 1"]
    assert not (folder / "out").exists()


def test_a_store_of_a_newer_version_is_left_alone(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "out").mkdir()
    (folder / "out" / "store.json").write_text('{"simsupply_store": 99}')
    for found in (sweep(capsys, *SWEPT), results(capsys)):
        assert found.status == 2
        assert "a newer version of simsupply wrote this one" in found.err
    assert [path.name for path in (folder / "out").iterdir()] == ["store.json"]


@pytest.mark.parametrize("damage", ["cut short", "a byte of the values"])
def test_a_damaged_file_is_put_aside_and_its_runs_are_played_again(
    damage: str, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    sweep(capsys, *SWEPT)
    before = ss.SweepResult.read("out").values()
    path = sorted((folder / "out" / "runs").glob("*.parquet"))[0]
    whole = bytearray(path.read_bytes())
    column = pq.read_metadata(path).row_group(0).column(store.SCHEMA.names.index("value"))
    whole[column.data_page_offset + column.total_compressed_size - 1] ^= 1
    path.write_bytes(whole[:99] if damage == "cut short" else whole)
    found = results(capsys)
    assert found.status == 3
    assert f"{Path('out/runs') / path.name}: cannot be read" in found.err
    again = sweep(capsys, *SWEPT)
    assert again.status == 0
    assert f"moved to {Path('out/damaged')}, its runs are simulated again" in again.out
    assert (folder / "out" / "damaged" / path.name).exists()
    # Other tools read the folder of results as it is.
    plain = pd.read_parquet("out/runs", filters=[("metric", "==", "coverage")])
    assert sorted(plain["value"]) == sorted(before[before["metric"] == "coverage"]["value"])
    assert ss.SweepResult.read("out").values().equals(before)


def test_a_store_of_which_nothing_can_be_read(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    """It is the file that is named, whatever else cannot be found then."""
    sweep(capsys, *SWEPT)
    for path in (folder / "out" / "runs").glob("*.parquet"):
        path.write_bytes(b"")
    found = results(capsys, "metrics=[coverage]")
    assert found.status == 3
    assert "cannot be read (its content is not what was written)" in found.err


def test_not_one_byte_of_a_record_changes_unnoticed(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    """Points and settings of a sweep: a changed byte is named, or says the same (a blank)."""
    sweep(capsys, *SWEPT)
    kept = ss.SweepResult.read("out").record
    (about,) = (folder / "out" / "sweeps").glob("*.json")
    for path in (about, about.with_suffix(".parquet")):
        whole = path.read_bytes()
        for at in range(0, len(whole), 1 if path == about else 13):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << at % 8)]) + whole[at + 1 :])
            try:
                found = ss.SweepResult.read("out").record
            except StoreError:
                continue
            assert replace(found, written=kept.written) == kept, at
        path.write_bytes(whole)


def test_table_and_figures_are_of_one_sweep(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    """Another sweep's take their place together; the user's own files stay, and both sweeps' runs."""
    out = folder / "out"
    sweep(capsys, *SWEPT, "metrics=[coverage,fill_rate]")
    (out / "figures" / "photo.png").write_bytes(b"mine")
    first = json.loads((out / "shown.json").read_text())
    assert {"table.csv", "figures/coverage.png", "figures/fill_rate.svg"} <= set(first["files"])
    assert first["sweep"] == ss.SweepResult.read(out).record.name
    sweep(capsys, "fleet.vans.count=1,2")
    shown = {path.name for path in (out / "figures").iterdir()}
    assert shown == {"coverage.png", "coverage.svg", "photo.png"}
    assert json.loads((out / "shown.json").read_text())["sweep"] != first["sweep"]
    assert list(pd.read_csv(out / "table.csv")["fleet.vans.count"]) == [1, 2]
    assert len(list((out / "sweeps").glob("*.json"))) == 2
    assert not list(out.glob(".*"))


def test_a_folder_is_for_a_run_or_a_sweep(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    """Neither is written among the other's files, and the message says what is there."""
    own = ["scenario=mine.yaml", "replications=1"]
    assert call(capsys, "run", *own, "output=run").status == 0
    held = "a run of my_estate with standard_crates, 1 replications"
    found = sweep(capsys, *SWEPT, "output=run")
    assert (found.status, found.messages) == (
        2,
        [f"command line: output: got 'run'; allowed: a folder of its own; this one holds {held}"],
    )
    found = call(capsys, "results", "run")
    assert found.status == 2
    assert f"a folder that a sweep has written to; this one holds {held}" in found.err
    sweep(capsys, *SWEPT)
    found = call(capsys, "run", *own, "output=out")
    assert (found.status, found.messages) == (
        2,
        ["command line: output: got 'out'; allowed: a folder of its own; this one holds the store of a sweep"],
    )


def test_a_full_disk_ends_the_sweep_and_loses_nothing(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The first file is the list of the points, the next two are results.
    original, left = store.pq.write_table, [3]

    def full(*given: object, **more: object) -> None:
        if not left[0]:
            raise OSError(28, "No space left on device")
        left[0] -= 1
        original(*given, **more)

    monkeypatch.setattr(store.pq, "write_table", full)
    monkeypatch.setattr(run, "MOST_RUNS", 1)
    found = sweep(capsys, *SWEPT)
    assert found.status == 3
    assert "cannot write to out/runs: No space left on device" in found.err
    assert "what has finished is safe in out; the same command goes on" in found.err
    assert "Traceback" not in found.err
    monkeypatch.undo()
    monkeypatch.chdir(folder)
    assert "2 of 4 runs were in out, 2 to run" in sweep(capsys, *SWEPT).out


@pytest.mark.lengthy
def test_failed_runs_are_named_with_how_to_play_them_again(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from simsupply.model import run_loop as model

    original = model.run_replication

    def sometimes(*given: object, number: int, **more: object) -> object:
        if number == 1:
            raise ss.InvariantError("goods were lost")
        return original(*given, number=number, **more)

    monkeypatch.setattr(model, "run_replication", sometimes)
    found = sweep(capsys, *SWEPT)
    assert found.status == 3
    assert "2 of 4 runs failed:" in found.err
    assert "point 1 (staffing.attendance=0.5), seed 1, replication 1: InvariantError: goods were lost" in found.err
    assert "the same command runs the failed ones alone" in found.err
    assert "InvariantError" in results(capsys, "form=failed").out
    assert sweep(capsys, *SWEPT, "on_failure=fail_fast").status == 3
    monkeypatch.setattr(model, "run_replication", original)
    again = sweep(capsys, *SWEPT)
    assert "2 of 4 runs were in out, 2 to run" in again.out
    assert again.status == 0


def test_a_scheduler_that_is_not_there(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from simsupply.sweeps import dask_executor

    monkeypatch.setattr(dask_executor, "CONNECT_S", 1.0)
    found = sweep(capsys, *SWEPT, "executor=dask", "scheduler=tcp://127.0.0.1:1")
    assert found.status == 2
    assert "scheduler: got 'tcp://127.0.0.1:1'; allowed: the address of a running scheduler" in found.err
    assert len(found.messages) == 1
    assert sweep(capsys, *SWEPT, "executor=dask", "scheduler=nonsense://x").status == 2


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("results nowhere", ("results: got 'nowhere'", "a folder that a sweep has written to")),
        ("results out form=rows", ("form: got 'rows'", "did you mean 'runs'?")),
        ("results out metrics=coverag", ("metrics: got 'coverag'", "did you mean 'coverage'?")),
        ("results out staffing.atendance=1", ("staffing.atendance: got '1'", "did you mean 'staffing.attendance'?")),
        ("results out staffing.attendance=a", ("staffing.attendance: got 'a'", "LOW..HIGH")),
        ("results out export=x.txt", ("export: got 'x.txt'", ".xlsx")),
        ("results out export=nowhere/x.csv", ("export: got 'nowhere/x.csv'", "No such file")),
        ("results out sweep=abc", ("sweep: got 'abc'", "a sweep of out")),
        ("results out compact=yes", ("compact: got 'yes'", "true")),
        ("results out out", ("results: got 'out out'", "one folder")),
        ("results form=runs", ("results: got 'form=runs'", "one folder")),
        ("results out form=", ("form: got ''", "a value")),
    ],
)
def test_wrong_words_for_results(
    words: str, parts: tuple[str, ...], capsys: pytest.CaptureFixture[str], swept: Path
) -> None:
    found = call(capsys, *words.split())
    assert found.status == 2
    assert len(found.messages) == 1
    assert all(part in found.err for part in parts)
    assert "Traceback" not in found.err
