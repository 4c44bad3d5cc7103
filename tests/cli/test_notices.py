"""What commands say beside their results: in the language of the run, else of the locale."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

import pytest

import simsupply as ss
from simsupply.cli import list_command
from simsupply.sweeps import store, sweep
from tests.cli.chinese import set_locale
from tests.helpers.command_line import Outcome, call, interrupt, start
from tests.plans.tiny_plan import SCENARIO, STRATEGY, write

SWEPT = ("scenario=mine.yaml", "staffing.attendance=0.5,0.9", "replications=2", "executor=serial", "output=out")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a plan of one's own, on a terminal that speaks English."""
    set_locale(monkeypatch, LANG="en_US.UTF-8")
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "mine.yaml", SCENARIO)
    return tmp_path


def in_chinese(capsys: pytest.CaptureFixture[str], *words: str) -> Outcome:
    """A sweep in Chinese."""
    return call(capsys, "sweep", *SWEPT, "metrics=[coverage]", "language=zh", *words)


@pytest.mark.lengthy
def test_a_sweep_tells_what_it_has_and_what_it_wrote(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert in_chinese(capsys).out.endswith("\n结果已写入 out/；查看全部指标：`simsupply results out`\n")
    assert in_chinese(capsys).out.startswith("共 4 次仿真，out 中已有 4 次，还需 0 次\n")
    monkeypatch.setattr(sweep, "code_version", lambda: "another")
    monkeypatch.setattr(sweep, "start", lambda *given: pytest.fail("told first"))
    with pytest.raises(pytest.fail.Exception, match="told first"):
        in_chinese(capsys)
    assert capsys.readouterr().out == "out：这些点有 4 次仿真出自另一个版本的程序，予以保留但不使用\n"


@pytest.mark.lengthy
def test_a_damaged_file(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    in_chinese(capsys)
    path = sorted(Path("out/runs").glob("*.parquet"))[0]
    path.write_bytes(b"PAR1")
    set_locale(monkeypatch, LANG="zh_CN.UTF-8")
    found = call(capsys, "results", "out", "form=failed")
    assert found.status == 3
    assert found.err == f"{path}：无法读取（内容与写入时不同）；其中的仿真未计入，再次执行该次扫描的命令即可重做\n"
    said = in_chinese(capsys).out.split("\n")[0]
    assert said == f"{path}：无法读取（内容与写入时不同）；已移至 out/damaged，其中的仿真将重做"


def test_failed_runs(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from simsupply.model import run_loop as model

    def never(*given: object, **more: object) -> object:
        raise ss.InvariantError("goods were lost")

    monkeypatch.setattr(model, "run_replication", never)
    found = in_chinese(capsys, "replications=3")
    assert found.status == 3
    assert found.messages == [
        "6 次仿真中有 6 次失败：",
        *(
            f"第{point}个点（staffing.attendance={level}），种子 1，第{number}号重复仿真："
            "InvariantError: goods were lost"
            for point, level, number in ((1, 0.5, 0), (1, 0.5, 1), (1, 0.5, 2), (2, 0.9, 0), (2, 0.9, 1))
        ),
        "另有 1 次",
        "其余仿真的结果已保存；再次执行同一命令只重做失败的仿真。出错详情："
        "`simsupply results out form=failed export=failed.csv`",
    ]
    set_locale(monkeypatch, LANG="zh_CN.UTF-8")
    found = call(capsys, "results", "out", "form=failed", "export=failed.csv")
    assert found.out == (
        "已将 6 行写入 failed.csv\n"
        "6 次仿真没有结果（其中 6 次失败，见 `form=failed`）；再次执行该次扫描的命令即可补做\n"
    )


def test_a_full_disk(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    in_chinese(capsys, "replications=1")

    def full(*given: object, **more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.pq, "write_table", full)
    found = in_chinese(capsys)
    assert found.status == 3
    assert found.messages == [
        "无法写入 out：磁盘空间已满",
        "已完成的结果保存在 out 中；再次执行同一命令即可继续",
    ]


def test_a_disk_that_is_full_for_any_command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*given: object) -> None:
        raise OSError(28, "No space left on device", "here.json")

    monkeypatch.setattr(list_command, "_first_words", full)
    assert call(capsys, "list", "fleet").messages == ["cannot write: No space left on device here.json"]
    found = call(capsys, "list", "fleet", "tiers", "language=zh")
    assert found.status == 2  # one word too many, said in its language
    assert found.err.startswith("命令行：list：给出的是'fleet tiers language=zh'；允许的是：")
    set_locale(monkeypatch, LANG="zh_CN.UTF-8")
    found = call(capsys, "list", "fleet")
    assert (found.status, found.messages) == (3, ["无法写入：磁盘空间已满 here.json"])


@pytest.mark.lengthy
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "replications=100000"], "已中断：正在进行的仿真没有写出任何结果"),
        (
            ["sweep", "staffing.attendance=0.5,0.9", "replications=100000", "executor=serial"],
            "已中断：已完成的结果保存在 out 中；再次执行同一命令即可继续",
        ),
    ],
    ids=["run", "sweep"],
)
def test_interrupted(words: list[str], said: str, folder: Path) -> None:
    process = start(
        [*words, "scenario=mine.yaml", "language=zh", "output=out"],
        folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        began = time.monotonic()
        # A run's folder takes its name when it is whole.
        while not ((folder / "out").exists() or list(folder.glob(".out.*.part"))) and time.monotonic() - began < 60:
            time.sleep(0.05)
        time.sleep(1)
        interrupt(process)
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert err.decode().strip() == said


@pytest.mark.lengthy
def test_results_and_template_follow_the_locale(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    in_chinese(capsys)
    in_chinese(capsys, "fleet.vans.count=1,2")
    english = call(capsys, "results", "out", "compact=true").out + call(capsys, "results", "out", "form=failed").out
    last = "the sweep run last of 2 in out; form=sweeps lists them, sweep=NAME chooses"
    assert re.fullmatch(rf"\d+ files put together\nno rows\n{last}\n", english)
    set_locale(monkeypatch, LANG="zh_CN.UTF-8")
    assert call(capsys, "results", "out", "compact=true").out == "没有可以合并的文件\n"
    assert call(capsys, "results", "out", "form=failed").out == (
        "没有符合条件的行\nout 中有 2 次参数扫描，所示为最近一次；`form=sweeps` 列出各次，`sweep=NAME` 指定其中一次\n"
    )
    said = call(capsys, "template", "new.yaml", "strategy=standard_crates").out
    assert said == "已写入 new.yaml；修改后执行：`simsupply run strategy=new.yaml`\n"


def test_a_mistyped_method_is_said_whole(capsys: pytest.CaptureFixture[str]) -> None:
    said = call(capsys, "sweep", *SWEPT, "sensitivity=moris:coverage").err
    assert said.startswith(
        "command line: sensitivity: got 'moris:coverage'; allowed: METHOD:METRIC with did you mean 'morris'? valid: "
    )
    said = call(capsys, "sweep", *SWEPT, "sensitivity=moris:coverage", "language=zh").err
    assert said.startswith(
        "命令行：sensitivity：给出的是'moris:coverage'；允许的是：`METHOD:METRIC`（方法:指标），方法须为已有的名称；"
        "是否指 'morris'？可用："
    )


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("a.b,c.d\n1\n", ": row 2: got '1 values'; ", "第2行：给出的是“1 个值”；"),
        ('a.b\n"1,2"\n', ": row 2, a.b: got '1,2'; ", "第2行，a.b：给出的是'1,2'；"),
        (",a.b\n1,2\n", ": row 2, a column without a key: got '1'; ", "第2行，没有键的一列：给出的是'1'；"),
        ("a.b\n[1\n", ", row 2: a.b: got '[1'; ", "，第2行：a.b：给出的是'[1'；"),
        ("staffing.attendance\n2\n", ", point 1: staffing.", "，第1个点：staffing."),
    ],
)
def test_a_row_of_a_file_of_points(
    text: str, english: str, chinese: str, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    (folder / "points.csv").write_text(text)
    words = ["sweep", "scenario=mine.yaml", "design=csv", "file=points.csv", "output=out"]
    assert call(capsys, *words).err.startswith(f"points.csv{english}")
    assert call(capsys, *words, "language=zh").err.startswith(f"points.csv{chinese}")


def test_a_character_that_no_font_has_is_named_once(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both figures of the run show the strategy's title, with a character that is in no common font."""
    from simsupply.figures import typeface

    monkeypatch.setattr(typeface, "installed_fonts", dict)
    write(folder / "way.yaml", STRATEGY, {"title.zh": "𠮷策略"})
    found = call(
        capsys, "run", "scenario=mine.yaml", "strategy=way.yaml", "replications=1", "language=zh", "output=out"
    )
    assert found.status == 0
    assert found.messages == ["本机的字体不含 𠮷，图中以方框代替；安装含有这些字的中文字体即可显示。"]
