"""Files of users are ordinary ones; what is written is whole, as private as the umask says, and text stays text."""

from __future__ import annotations

import csv
import os
import socket
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from simsupply.base.files import read_file, write_csv, write_excel, write_json, write_parquet, write_whole
from simsupply.base.system_errors import RefusedFile, reason
from simsupply.base.text_cells import cell_text, read_csv, text_cell

FORMULAS = [
    *("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", '=HYPERLINK("http://x","y")'),  # noqa: RUF001
    *("'=1+1", "''=1", "--5", "-", "-inf", "+86 431 1234", "-5 d"),
]
TEXTS = ["", "'", "'tis", "长春市", "a=b", "-5", "+2.5", "-1e-3", "'quoted'", " =1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_compute_gets_an_apostrophe(text: str) -> None:
    assert text_cell(text) == f"'{text}"
    assert cell_text(text_cell(text)) == text


@pytest.mark.parametrize("value", [*TEXTS, -5, -2.5, None, float("nan"), True])
def test_other_texts_and_numbers_stay(value: object) -> None:
    assert text_cell(value) is value
    assert cell_text(value) is value


@given(st.text(alphabet="'=+-@\t\r\n5.e a＝"))  # noqa: RUF001
def test_any_text_comes_back(text: str) -> None:
    """And nothing that is written begins like a formula, numbers apart."""
    written = text_cell(text)
    assert cell_text(written) == text
    if written[:1] in set("=+-@\t\r\n＝"):  # noqa: RUF001
        assert not written or float(written) is not None


def table() -> pd.DataFrame:
    texts = FORMULAS + TEXTS[1:]
    columns = {"=title": texts, "kind": pd.Categorical(texts), "number": -1.5, "mixed": [-5, *texts[1:]]}
    return pd.DataFrame(columns)


def test_a_csv_file_holds_no_formula_and_is_read_back(tmp_path: Path) -> None:
    path = write_csv(table(), tmp_path / "t.csv")
    with path.open(encoding="utf-8-sig", newline="") as lines:
        head, *rows = csv.reader(lines)
    assert head == ["'=title", "kind", "number", "mixed"]
    assert {row[2] for row in rows} == {"-1.5"}
    assert rows[0][0] == "'=1+1"
    assert rows[0][3] == "-5"
    assert not [cell for row in rows for cell in row[:2] if cell[:1] in set("=@\t\r\n＝")]  # noqa: RUF001
    found = read_csv(path, dtype={"'=title": str, "kind": str, "mixed": str}, keep_default_na=False)
    assert list(found.columns) == ["=title", "kind", "number", "mixed"]
    assert found["=title"].tolist() == found["kind"].tolist() == table()["=title"].tolist()
    assert found["mixed"].tolist() == ["-5", *table()["mixed"].tolist()[1:]]


def test_a_workbook_holds_no_formula(tmp_path: Path) -> None:
    """Nor does a sign that a workbook cannot hold end the writing."""
    from openpyxl import load_workbook

    given = pd.concat([table(), pd.DataFrame({"=title": ["a\x1b[0mb"], "number": [2.0]})])
    path = write_excel(given, tmp_path / "t.xlsx")
    sheet = load_workbook(path).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "inlineStr", "n"}
    assert sheet["A1"].value == "=title"
    assert sheet["A2"].value == "=1+1"
    assert sheet["C2"].value == -1.5
    assert sheet.cell(sheet.max_row, 1).value == "a[0mb"


def test_a_table_in_parquet_is_as_it_is(tmp_path: Path) -> None:
    given = pd.DataFrame({"=a": FORMULAS})
    assert_frame_equal(pd.read_parquet(write_parquet(given, tmp_path / "t.parquet")), given)


# --- reading ----------------------------------------------------------------------------------------


def test_what_is_no_ordinary_file_is_refused_at_once(tmp_path: Path) -> None:
    """Opening a pipe to which nobody writes would wait for ever, and a device has no end."""
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))
        for path in (tmp_path / "pipe", Path("/dev/zero"), Path("/dev/tty"), tmp_path / "socket", tmp_path):
            with pytest.raises(OSError, match=r".") as found:
                read_file(path)
            assert str(reason(found.value))
    with pytest.raises(RefusedFile) as found:
        read_file(Path("/dev/zero"))
    assert str(reason(found.value)) == "a device or pipe, no ordinary file"


def test_a_file_of_any_size_within_limits_is_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345")
    assert read_file(tmp_path / "file", most=5) == b"12345"
    with pytest.raises(RefusedFile):
        read_file(tmp_path / "file", most=4)


# --- writing ----------------------------------------------------------------------------------------


def test_who_may_read_a_file_is_for_the_umask_to_say(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        for number, mask in enumerate((0o077, 0o022, 0o002)):
            os.umask(mask)
            paths = [
                write_json(tmp_path / f"{number}.json", {}),
                write_csv(pd.DataFrame({"a": [1]}), tmp_path / f"{number}.csv"),
                write_parquet(pd.DataFrame({"a": [1]}), tmp_path / f"{number}.parquet"),
            ]
            assert {path.stat().st_mode & 0o777 for path in paths} == {0o666 & ~mask}
    finally:
        os.umask(before)


def test_a_device_or_pipe_is_not_replaced_by_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(RefusedFile):
        write_whole(tmp_path / "pipe", lambda part: part.write_text("x"))
    assert not (tmp_path / "pipe").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]
