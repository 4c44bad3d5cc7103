"""Folders of runs and comparisons: whole, one command's at a time, with an answer, and what was there is said."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from simsupply.base.text_cells import read_csv
from simsupply.base.whole_folder import whole_folder
from simsupply.results.contents import PLAN, PROVENANCE, own_files
from tests.helpers.command_line import call, start
from tests.plans.tiny_plan import SCENARIO, write


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A run of two replications, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "mine.yaml", SCENARIO)
    return ["run", "scenario=mine.yaml", "replications=2", "output=out"]


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def provenance(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / PROVENANCE).read_text(encoding="utf-8"))
    return found


def check_whole(folder: Path) -> int:
    """Every file is of one run, by its list and by what each says itself; return the seed of the run."""
    from hashlib import blake2b

    about = provenance(folder)
    for name, digest in about["files"].items():
        if digest is not None:
            assert blake2b((folder / name).read_bytes(), digest_size=16).hexdigest() == digest, name
    assert {*content(folder)} == {*(name for name, digest in about["files"].items() if digest), PROVENANCE}
    assert json.loads((folder / "summary.json").read_text())["seed"] == about["seed"]
    plans = {pq.read_schema(path).metadata[PLAN.encode()] for path in folder.glob("*.parquet")}
    assert len(plans) == 1
    return int(about["seed"])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_run_saves_its_answer(language: str, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """The sentences that are printed, in the language asked for, those on precision and on one more among them."""
    more = ["precision.metrics={worker_hours: 40%}", "bottleneck=coverage", f"language={language}"]
    found = call(capsys, *words, *more)
    assert found.status == 0, found.err
    text = Path("out/answer.md").read_text(encoding="utf-8")
    title = {"en": "# My estate: Standard crates\n", "zh": "# 我的小区：标准箱\n"}[language]
    assert text.startswith(title)
    sentences = [line.removeprefix("- ") for line in text.splitlines() if line.startswith("- ")]
    assert len(sentences) >= 4
    assert all(sentence in found.out for sentence in sentences)
    assert "±" in text
    assert "![bottleneck](figures/bottleneck.png)" in text
    check_whole(Path("out"))
    # Asked again without it, nothing of it is left.
    assert call(capsys, *words, f"language={language}").status == 0
    assert "bottleneck" not in Path("out/answer.md").read_text(encoding="utf-8")
    assert not [name for name in content(Path("out")) if "bottleneck" in name]


def test_a_folder_in_use_is_refused_before_anything_is_run(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(capsys, *words).status == 0
    before = content(Path("out"))
    with whole_folder(Path("out"), own_files, PROVENANCE):
        for command in (words, ["compare", *words[1:]]):
            found = call(capsys, *command, "seed=2")
            assert (found.status, len(found.messages)) == (2, 1)
            assert "output: got 'out'; allowed: a folder that no other command is writing to" in found.err
    assert content(Path("out")) == before


def test_two_runs_at_the_same_time(words: list[str], tmp_path: Path) -> None:
    """One is told that the other is at it, or comes after it; what is there is of one of them."""
    pipe = subprocess.PIPE
    seeds = [start([*words, f"seed={seed}"], tmp_path, stdout=pipe, stderr=pipe) for seed in (1, 2)]
    said = [process.communicate(timeout=120)[1].decode() for process in seeds]
    statuses = [process.returncode for process in seeds]
    assert 0 in statuses
    assert set(statuses) <= {0, 2}
    for status, text in zip(statuses, said, strict=True):
        assert ("no other command is writing to" in text) == (status == 2)
        assert text.count("\n") == (status == 2)
    assert statuses[check_whole(tmp_path / "out") - 1] == 0
    assert not list(tmp_path.glob(".*"))


def test_a_rewrite_that_has_no_room_leaves_the_old_result(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files may have 8 KiB, as with ``ulimit -f 8``: figures have more."""
    assert call(capsys, *words).status == 0
    before = content(tmp_path / "out")

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))

    process = start([*words, "seed=2"], tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=limited)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 3
    assert said.decode().startswith("cannot write: File too large")
    assert content(tmp_path / "out") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.yaml", "out"]


def test_a_run_that_is_killed_leaves_the_old_result(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Killed when it has written its tables; the next run clears away what it had begun."""
    assert call(capsys, *words).status == 0
    before = content(tmp_path / "out")
    process = start([*words, "seed=2"], tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    limit = time.monotonic() + 90
    while not list(tmp_path.glob(".out.*.part/figures/*.png")):
        assert time.monotonic() < limit
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert content(tmp_path / "out") == before
    assert call(capsys, *words, "seed=3").status == 0
    assert check_whole(tmp_path / "out") == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.yaml", "out"]


def test_what_was_there_is_said_and_ones_own_files_stay(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A run, a comparison in its place, and a run again: nothing of the one is left beside the other."""
    assert call(capsys, *words).status == 0
    Path("out/notes.txt").write_text("mine")
    comparison = ["compare", "scenario=mine.yaml", "replications=1", "attendance=[0.5]", "output=out"]
    found = call(capsys, *comparison)
    assert "out/ held a run of my_estate with standard_crates, 2 replications; this takes its place\n" in found.out
    assert not {"summary.json", "days.parquet", "splits.csv"} & {*content(Path("out"))}
    assert "takes its place" not in call(capsys, *comparison, "language=zh").out  # the same again
    found = call(capsys, *words)
    held = "a comparison of standard_crates, individual_orders in my_estate"
    assert found.out.startswith(f"out/ is not topped up but written anew: it holds {held}\n")
    assert not {"comparison.json", "table.csv", "for_whom.csv"} & {*content(Path("out"))}
    assert Path("out/notes.txt").read_text() == "mine"


def test_fewer_replications_leave_no_orders_of_more(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, *words, "detail=orders").status == 0
    assert call(capsys, *words, "detail=orders", "seed=2", "replications=1").status == 0
    assert [path.name for path in Path("out/orders").iterdir()] == ["replication=0000"]
    assert len(list(Path("out/households").iterdir())) == 1
    assert call(capsys, *words, "seed=2").status == 0
    assert not Path("out/orders").exists()


def test_in_the_folder_one_works_in(
    words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is not exchanged, since it would be gone for the shell that stands in it; one's own files stay."""
    assert call(capsys, *words[:-1], "output=.").status == 0
    assert call(capsys, *words[:-1], "output=.", "seed=2").status == 0
    assert Path.cwd() == tmp_path
    assert provenance(tmp_path)["seed"] == 2
    assert (tmp_path / "mine.yaml").exists()


def test_written_with_the_umask(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    before = os.umask(0o077)
    try:
        assert call(capsys, *words, "detail=orders").status == 0
    finally:
        os.umask(before)
    for path in (Path("out"), *Path("out").rglob("*")):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path


def test_a_title_is_no_formula_in_tables(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Tables show the titles that a user has written; a spreadsheet would compute this one."""
    more = [
        "+channel@strategy.channels.individual_orders=individual_orders",
        "strategy.channels.individual_orders.title={en: '=1+1', zh: '@1'}",
    ]
    found = call(capsys, *words, *more)
    assert found.status == 0, found.err
    titles = set(pd.read_csv("out/splits.csv")["title"].astype(str))
    assert "'=1+1" in titles
    assert "=1+1" in set(read_csv(Path("out/splits.csv"))["title"])


@pytest.mark.parametrize(
    "given",
    [
        ["run", "scenario=./PIPE"],
        ["run", "strategy=./PIPE"],
        ["run", "scenario=/dev/zero"],
        ["sweep", "design=csv", "file=PIPE"],
        ["sweep", "design=csv", "file=/dev/zero"],
        ["run", "--config-dir=more", "demand=PIPE"],
    ],
)
def test_a_pipe_or_device_as_a_file(
    given: list[str], words: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "more" / "demand").mkdir(parents=True)
    os.mkfifo(tmp_path / "PIPE")
    os.mkfifo(tmp_path / "more" / "demand" / "PIPE.yaml")
    found = call(capsys, *given)
    assert (found.status, len(found.messages)) == (2, 1)
    assert "a device or pipe, no ordinary file" in found.err
