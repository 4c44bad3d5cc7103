"""A mistake with a plain meaning is answered with what was meant: the whole key, the command, the file, the number."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

import simsupply as ss
from simsupply.base.spec import Date, Spec, parse, share_of_percent
from tests.cli.chinese import set_locale
from tests.helpers.command_line import call

BUILT_IN_OR_YAML = "a built-in name or the path of a .yaml file; "
WITHOUT_SIGN = "; a share is written as a number, without a per cent sign"
INTERVALS = "staffing.attendance=interval(0.1,0.9) fleet.vans.count=int(interval(1,9))"
CASES = [
    # Keys of another command, and keys that are not written in full.
    ("run attendance=0.2", "attendance: got 0.2; allowed: the key in full: staffing.attendance"),
    ("sweep attendance=0.1,0.2", "attendance: got 0.1; allowed: the key in full: staffing.attendance"),
    ("run horizon_days=3", "horizon_days: got 3; allowed: the key in full: scenario.horizon_days"),
    ("run vans.count=3", "vans.count: got 3; allowed: the key in full: fleet.vans.count"),
    ("run strategies=[a]", "; 'strategies' is a key of: compare"),
    ("run design=lhs", "; 'design' is a key of: sweep"),
    ("compare bottleneck=coverage", "; 'bottleneck' is a key of: run"),
    ("compare precision.max=3", "; 'precision' is a key of: run"),
    ("sweep levels=null", "; 'levels' is a key of: compare"),
    ("compare strategy=standard_crates", "; allowed: nothing; a comparison takes strategies=[a,b]"),
    ("compare strategy.name=other", "; allowed: nothing; a comparison takes strategies=[a,b]"),
    ("run turnout=0.2", "turnout: got 0.2; allowed: valid: bottleneck, "),
    # Files by their endings.
    ("run scenario=my_city.xlsx", f"{BUILT_IN_OR_YAML}a workbook cannot be read yet, and there is no such file"),
    ("run scenario=there.xlsx", f"{BUILT_IN_OR_YAML}a workbook cannot be read yet"),
    ("run scenario=./there.xlsx", f"{BUILT_IN_OR_YAML}a workbook cannot be read yet"),
    ("run strategy=my_way.CSV", f"{BUILT_IN_OR_YAML}a .csv file cannot be read here, and there is no such file"),
    ("compare strategies=[there.xlsx]", f"{BUILT_IN_OR_YAML}a workbook cannot be read yet"),
    ("compare scenarios=[town,there.xlsx]", f"{BUILT_IN_OR_YAML}a workbook cannot be read yet"),
    ("run scenario=mine", f"{BUILT_IN_OR_YAML}mine.yaml is there"),
    ("run fleet=mine.yaml", "allowed: a built-in name; a file of one's own holds a whole scenario"),
    (
        "run scenario=no.such",
        "scenario: got 'no.such'; allowed: a built-in name or the path of a .yaml file; a .such file",
    ),
    # Per cent where a share is meant.
    ("run staffing.attendance=80%", f"staffing.attendance: got '80%'; allowed: 0.8{WITHOUT_SIGN}"),
    ("compare attendance=[1,'80 %']", f"attendance.1: got '80 %'; allowed: 0.8{WITHOUT_SIGN}"),
    (
        "compare 'levels={staffing.attendance: [80\N{FULLWIDTH PERCENT SIGN}]}'",
        f"levels.staffing.attendance.0: got '80\N{FULLWIDTH PERCENT SIGN}'; allowed: 0.8{WITHOUT_SIGN}",
    ),
    ("run scenario.households.priority_share=7.5%", f"priority_share: got '7.5%'; allowed: 0.075{WITHOUT_SIGN}"),
    ("compare select.method=kn select.zone=1%", f"select.zone: got '1%'; allowed: 0.01{WITHOUT_SIGN}"),
    ("sweep staffing.attendance=20%,1", f"staffing.attendance: got '20%'; allowed: 0.2{WITHOUT_SIGN}"),
    (
        "sweep design=lhs points=9 'staffing.attendance=interval(10%,90%)'",
        f"staffing.attendance: got 'interval(10%,90%)'; allowed: 0.1{WITHOUT_SIGN}",
    ),
    (
        f"sweep design=boundary '{INTERVALS.split()[0]}' '{INTERVALS.split()[1]}' sensitivity=boundary:coverage:95%",
        f"sensitivity: got 'boundary:coverage:95%'; allowed: 0.95{WITHOUT_SIGN}",
    ),
    # A date.
    (
        "run scenario.start_date=2024-2-27",
        "scenario.start_date: got '2024-2-27'; allowed: a date 'YYYY-MM-DD' that exists",
    ),
    ("run scenario.start_date=20240227", "scenario.start_date: got 20240227; allowed: a date 'YYYY-MM-DD' that exists"),
    ("run scenario.start_date=2023-02-29", "scenario.start_date: got '2023-02-29'; allowed: a date"),
]


@pytest.mark.parametrize(("line", "said"), CASES)
def test_what_was_meant_is_said(
    line: str, said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_locale(monkeypatch, LANG="en_US.UTF-8")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "mine.yaml").write_text("name: mine\n")
    found = call(capsys, *shlex.split(line), "output=out")
    assert found.status == 2
    assert said in found.messages[0]


def test_python_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    set_locale(monkeypatch, LANG="zh_CN.UTF-8")
    with pytest.raises(ss.InputError, match=r"暂不能读取工作簿，而且没有这个文件$"):
        ss.load_scenario("my_city.xlsx")
    with pytest.raises(ss.InputError, match=r"暂不能读取工作簿，而且没有这个文件$"):
        ss.load_strategy("my_way.xlsx")
    with pytest.raises(ss.InputError, match=r"允许的是：0.8；比例写作小数，不带百分号$"):
        ss.load_scenario("town", ["staffing.attendance=80%"])


def test_per_cent() -> None:
    """80 of a hundred is 0.8, not 0.8000000000000000444."""
    assert [share_of_percent(text) for text in ("80%", " 7 %", "0.1\N{FULLWIDTH PERCENT SIGN}", "-5%", "100%")] == [
        0.8,
        0.07,
        0.001,
        -0.05,
        1,
    ]
    assert [share_of_percent(value) for value in ("80", "%", "80%%", "a 80%", 80, None, "八十%")] == [None] * 7


class _Dated(Spec):
    day: Date


@pytest.mark.parametrize(
    "value", ["2024-2-27", "2024-02-30", "24-02-27", "2024-02-27 ", "20240227", 20240227, None, ["2024-02-27"]]
)
def test_what_is_no_date(value: object) -> None:
    with pytest.raises(ss.InputError) as caught:
        parse(_Dated, {"day": value}, source="file")
    assert caught.value.in_language("en").endswith("; allowed: a date 'YYYY-MM-DD' that exists")
    assert parse(_Dated, {"day": "2024-02-29"}, source="file").day == "2024-02-29"
