"""Files as Chinese programs write them: which encoding was taken is told, once, and what they hold is the same."""

from __future__ import annotations

import hashlib
import json
import warnings
from pathlib import Path

import pytest

import simsupply as ss
from simsupply.base.notices import Notice
from simsupply.base.text_files import rows_of_csv, text_of_file
from tests.cli.chinese import set_locale
from tests.helpers.command_line import call
from tests.plans.tiny_plan import SCENARIO, STRATEGY, write

POINTS = "strategy,staffing.attendance\n策略.yaml,0.5\n策略.yaml,1\n"
TITLE = "长春市绿园区𠮷园"  # its seventh character takes GB18030 four bytes


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a plan of one's own, on a terminal that speaks English."""
    set_locale(monkeypatch, LANG="en_US.UTF-8")
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "mine.yaml", SCENARIO)
    write(tmp_path / "策略.yaml", STRATEGY)
    return tmp_path


@pytest.mark.parametrize(
    ("encoding", "told", "separator"),
    [("utf-8-sig", "", ","), ("gb18030", "GB18030", ","), ("utf-16", "UTF-16", "\t")],
)
def test_points_of_a_sweep(
    encoding: str, told: str, separator: str, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    """As Excel saves them: comma-separated in GB18030, or as "Unicode text", with tabs in UTF-16."""
    (folder / "点.csv").write_bytes(POINTS.replace(",", separator).encode(encoding))
    words = ("scenario=mine.yaml", "design=csv", "file=点.csv", "replications=1", "executor=serial", "output=out")
    found = call(capsys, "sweep", *words)
    assert found.status == 0
    assert found.messages == [
        *([f"点.csv was read as text in {told}"] if told else []),
        *(["点.csv was read as values separated by tabs"] if separator == "\t" else []),
    ]
    table = call(capsys, "results", "out", "metrics=coverage").out
    assert "0.5" in table
    again = call(capsys, "sweep", *words, "language=zh")
    assert again.out.startswith("共 2 次仿真，out 中已有 2 次")
    assert again.messages == [
        *([f"点.csv 按 {told} 编码读取"] if told else []),
        *(["点.csv 按制表符分隔读取"] if separator == "\t" else []),
    ]


@pytest.mark.parametrize(("encoding", "told"), [("utf-8-sig", ""), ("gb18030", "GB18030"), ("utf-16", "UTF-16")])
def test_a_scenario_and_a_strategy(encoding: str, told: str, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    for name in ("mine.yaml", "策略.yaml"):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_bytes((text + f"# {TITLE}\n").encode(encoding))
    words = ("scenario=mine.yaml", "strategy=策略.yaml", "replications=1", "output=out")
    found = call(capsys, "run", *words)
    assert found.status == 0
    names = ("mine.yaml", "策略.yaml") if told else ()
    assert found.messages == [f"{name} was read as text in {told}" for name in names]
    inputs = json.loads((folder / "out" / "provenance.json").read_text(encoding="utf-8"))["inputs"]
    own = {file["file"]: file["sha256"] for file in inputs["files"] if file["layer"] == "own file"}
    # The digests are those of the files, as any other program finds them.
    assert own == {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("mine.yaml", "策略.yaml")
    }
    compared = call(capsys, "compare", "scenario=mine.yaml", "strategies=[策略.yaml]", "replications=1", "output=both")
    assert compared.messages == [f"{name} was read as text in {told}" for name in names]


def test_python_is_warned(folder: Path) -> None:
    text = (folder / "mine.yaml").read_text(encoding="utf-8") + f"# {TITLE}\n"
    (folder / "mine.yaml").write_bytes(text.encode("gb18030"))
    with pytest.warns(Notice, match="^mine.yaml was read as text in GB18030$"):
        ss.load_scenario("mine.yaml")


def test_utf_8_is_not_told_and_nothing_else_is_taken_for_it() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert text_of_file(TITLE.encode(), "file").text == TITLE
        assert rows_of_csv(f"\ufeff{TITLE},b\n\n1,2".encode(), "file") == [(1, [TITLE, "b"]), (3, ["1", "2"])]
    for encoding, told in (("gb18030", "GB18030"), ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16")):
        mark = "\ufeff" if told == "UTF-16" else ""
        with pytest.warns(Notice, match=f"^file was read as text in {told}$"):
            assert text_of_file((mark + TITLE).encode(encoding), "file").text == TITLE


@pytest.mark.parametrize(
    "content",
    [
        TITLE.encode("utf-16-le"),  # without its mark
        b"\xef\xbb\xbf" + TITLE.encode("gb18030"),  # a mark that says otherwise
        b"\xff\xfe\x00\xd8",  # half of a pair
        b"PK\x03\x04\x14\x00\x06\x00\x08\x00",  # a workbook
        b"\x89PNG\r\n\x1a\n\xe4\xb8",
        b"caf\xe9",  # Latin-1, where GB18030 cannot end
        b"name: a\x00",
    ],
)
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(UnicodeDecodeError):
        text_of_file(content, "file")
