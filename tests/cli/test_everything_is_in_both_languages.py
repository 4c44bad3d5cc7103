"""Wrong input of every command: exit status 2, one message, no trace; in English, and in Chinese without English."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.cli.chinese import UNTRANSLATED, english_in, names, set_locale
from tests.helpers.command_line import Outcome, call
from tests.plans.written_plans import PLAN, STRATEGY

# Commands with the key `language`; the others follow the locale alone.
WITH_LANGUAGE = ("run", "compare", "sweep")

# Words of a command line as in a shell, and what the message names of them: a key, or a value.
WRONG = [
    ("run scenario=subdistrct", "'subdistrct'"),
    ("run strategy=standard_crate", "'standard_crate'"),
    ("run staffing.atendance=0.5", "staffing.atendance"),
    ("run fleet.vans.payload_kg=0", "fleet.vans.payload_kg"),
    ("run fleet.vans.payload_kg=5", "fleet.vans.payload_kg"),
    ("run scenario.geography.households=5", "scenario.geography"),
    ("run scenario.horizon_days=3", "horizon_days"),
    ("run demand.release_time=24:01", "demand.release_time"),
    ("run ~demand", "demand"),
    ("run scenario=null", "scenario"),
    ("run 'scenario.title.en=[1,2'", "[1,2"),
    ("run 'staffing.attendance=range(0.1'", "'('"),
    ("run output=a,,b", "','"),
    ("run hydra/launcher=joblib", "hydra/launcher"),
    ("run ~staffing.attendance=1", "~staffing.attendance"),
    ("run --hydra-help", "--hydra-help"),
    ("run --cfg all", "'all'"),
    ("run --config-dir nowhere", "'nowhere'"),
    ("run -m 'staffing.attendance=interval(0.1,0.9)'", "staffing.attendance"),
    ("run goods=[a_list,b_list]", "goods"),
    ("run staffing.attendance=1,2", "'1,2'"),
    ("run subdistrict", "'subdistrict'"),
    ("run language=fr", "'fr'"),
    ("run replications=0", "replications"),
    ("run replications=many", "'many'"),
    ("run output=null", "output"),
    ("run detail=evry", "'evry'"),
    ("run detail=[trips,orders,trips]", "detail.2"),
    ("run detail=[summary,trips]", "detail.0"),
    ("compare detail=[order]", "detail.0"),
    ("run bottleneck=coverag", "'coverag'"),
    ("run 'precision.metrics={fill_rate: -1}'", "precision.metrics.fill_rate"),
    ("run scenario=nowhere.yaml", "nowhere.yaml"),
    ("run scenario=a_list.yaml", "a_list.yaml"),
    ("run strategy=no_text.yaml", "no_text.yaml"),
    ("run -m scenario=my_plan.yaml staffing.attendance=0.5,2", "staffing.attendance"),
    ("run scenario=my_plan.yaml output=my_plan.yaml/below", "output"),
    ("compare strategies=[standard_crate]", "'standard_crate'"),
    ("compare strategies=[]", "strategies"),
    ("compare strategies=[standard_crates,standard_crates]", "strategies"),
    ("compare attendance=[1,1.0]", "attendance"),
    ("compare attendance=[2]", "attendance"),
    ("compare attendance=[1] 'levels={staffing.attendance: [1]}'", "attendance"),
    ("compare 'levels={fleet.local_van.count: [1, 2]}'", "fleet.local_van.count"),
    ("compare 'levels={fleet.local_vans.count: [1, -1]}'", "fleet.local_vans.count"),
    ("compare 'levels={fleet.local_vans.count: [true, none, {}]}'", "levels.fleet.local_vans.count.2"),
    ("compare 'levels={scenario.title.en: [a, b]}'", "levels.scenario.title.en"),
    ("compare 'levels={strategy.name: [a, b]}'", "levels.strategy.name"),
    ("compare 'levels={a.b: [1], c.d: [1]}'", "levels"),
    ("compare metrics=[coverag]", "'coverag'"),
    ("compare scenarios=[my_plan.yaml,my_plan.yaml]", "scenario"),
    ("compare select.method=best", "'best'"),
    ("compare select.method=kn", "select.zone"),
    ("sweep design=latin staffing.attendance=0.1,0.2", "'latin'"),
    ("sweep 'staffing.attendance=interval(0.9,0.1)'", "staffing.attendance"),
    ("sweep 'staffing.attendance=interval(0.1,0.9)'", "design"),
    ("sweep design=lhs 'staffing.attendance=interval(0.1,0.9)'", "points"),
    ("sweep design=csv", "file"),
    ("sweep design=csv file=nowhere.csv", "nowhere.csv"),
    ("sweep executor=cluster staffing.attendance=0.1,0.2", "'cluster'"),
    ("sweep replications=1,2", "replications"),
    ("sweep on_failure=stop", "'stop'"),
    ("sweep experiment=screning", "'screning'"),
    ("sweep sensitivity=moris:coverage", "moris"),
    ("sweep scenario=my_plan.yaml staffing.attendance=0.5,2", "staffing.attendance"),
    ("sweep scenario=my_plan.yaml scenario.geography.depot=1,2", "scenario.geography.depot"),
    ("results nowhere", "'nowhere'"),
    ("results one two", "'one two'"),
    ("results nowhere form=pints", "'pints'"),
    ("results nowhere export=table.doc", "'table.doc'"),
    ("results empty", "'empty'"),
    ("template", "template"),
    ("template my_plan.yaml scenario=town", "'my_plan.yaml'"),
    ("template new.txt scenario=town", "'new.txt'"),
    ("template new.yaml scenario=twn", "'twn'"),
    ("template new.yaml strategy=standard_crate", "'standard_crate'"),
    ("template nowhere/new.yaml scenario=town", "nowhere/new.yaml"),
    ("list scenario", "'scenario'"),
    ("list demand fleet", "'demand fleet'"),
    ("runn", "'runn'"),
]
# In a store that a sweep has written.
WRONG_IN_A_STORE = [
    ("results store metrics=coverag", "'coverag'"),
    ("results store staffing.atendance=0.5", "staffing.atendance"),
    ("results store staffing.attendance=half", "'half'"),
    ("results store staffing.attendance=0.1..half", "'0.1..half'"),
    ("results store sweep=nowhere", "'nowhere'"),
    ("results store export=nowhere/table.csv", "export"),
]


def fill(folder: Path) -> None:
    """Put the files into a folder that the command lines above name."""
    (folder / "my_plan.yaml").write_text(PLAN, encoding="utf-8")
    (folder / "my_way.yaml").write_text(STRATEGY, encoding="utf-8")
    (folder / "a_list.yaml").write_text("- a\n- b\n", encoding="utf-8")
    (folder / "no_text.yaml").write_bytes(b"name: \x81")
    (folder / "empty").mkdir()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Working folder with the files."""
    fill(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Working folder with a store of two points, one replication each."""
    from simsupply.cli.main import main

    place = tmp_path_factory.mktemp("swept")
    fill(place)
    words = ["staffing.attendance=0.5,0.9", "replications=1", "executor=serial", f"output={place / 'store'}"]
    assert main(["sweep", f"scenario={place / 'my_plan.yaml'}", *words]) == 0
    return place


def refused(
    capsys: pytest.CaptureFixture[str], folder: Path, line: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> Outcome:
    """Call in a language, and check what holds in both."""
    words = shlex.split(line)
    set_locale(monkeypatch, LANG="en_US.UTF-8")
    if words[0] in WITH_LANGUAGE:
        words += [] if "output=" in line else ["output=result"]
        # A language that is wrong itself cannot choose; then the locale does.
        if language == "zh" and "language=" not in line:
            words.append("language=zh")
    if language == "zh" and "language=zh" not in words:
        set_locale(monkeypatch, LANG="zh_CN.UTF-8")
    before = sorted(folder.rglob("*"))
    found = call(capsys, *words)
    assert found.status == 2
    assert found.out == ""
    assert "Traceback" not in found.err
    assert len(found.messages) == 1
    assert sorted(folder.rglob("*")) == before
    return found


def check_english(found: Outcome, part: str) -> None:
    message = found.messages[0]
    assert message.isascii()
    assert "got " in message
    assert "; allowed: " in message
    assert part in message


def check_chinese(found: Outcome, part: str, line: str) -> None:
    message = found.messages[0]
    assert "给出的是" in message
    assert "；允许的是：" in message
    assert part in message
    title = "Subdistrict of 15,329 households, on"  # as far as a section is shown
    values = [word.split("=", 1)[-1].strip("[]{}") for word in shlex.split(line)[1:]]
    keys = [word.lstrip("~+").split("=", 1)[0] for word in shlex.split(line)]
    given = [part.strip("'"), *values, *(item for value in values for item in value.split(",")), *keys]
    # A word that is prose in a message counts as given only where it is quoted.
    quoted = [f"'{text}'" for text in given] + [text for text in given if not text.isalpha()]
    assert english_in(message, title, part, *(text for text in quoted if text)) == []


@pytest.mark.parametrize(("line", "part"), WRONG)
def test_english(
    line: str, part: str, capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_english(refused(capsys, folder, line, "en", monkeypatch), part)


@pytest.mark.parametrize(("line", "part"), WRONG)
def test_chinese(
    line: str, part: str, capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_chinese(refused(capsys, folder, line, "zh", monkeypatch), part, line)


@pytest.mark.lengthy
@pytest.mark.parametrize(("line", "part"), WRONG_IN_A_STORE)
def test_results_in_english(
    line: str, part: str, capsys: pytest.CaptureFixture[str], swept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(swept)
    check_english(refused(capsys, swept, line, "en", monkeypatch), part)


@pytest.mark.lengthy
@pytest.mark.parametrize(("line", "part"), WRONG_IN_A_STORE)
def test_results_in_chinese(
    line: str, part: str, capsys: pytest.CaptureFixture[str], swept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(swept)
    check_chinese(refused(capsys, swept, line, "zh", monkeypatch), part, line)


# --- the measure itself ---------------------------------------------------------------------------------


def test_english_prose_is_found() -> None:
    """What the tests above rely on: prose is told from keys, names and what a user gave."""
    assert english_in("命令行：staffing.attendance：给出的是2；允许的是：不大于1") == []
    assert english_in("命令行：fleet：给出的是'box_van'；允许的是：可用：box_vans、campus、town_vans") == []
    assert english_in("命令行：demand：给出的是'weekly'；允许的是：YAML文件", "'weekly'") == []
    assert english_in("命令行：a_b：给出的是2；允许的是：less than or equal to 1") != []
    assert english_in("命令行：给出的是'b'；允许的是：key=value，参见simsupply results --help", "'b'") == []
    assert english_in("my_estate with my_way：a_b：给出的是2；允许的是：不大于1") == ["with"]
    assert english_in("命令行：a_b：给出的是2；允许的是：one of：household、depot") == ["one", "of"]
    assert english_in("a.yaml：给出的是'No such file or directory'；允许的是：文件") != []
    assert english_in("命令行：a_b：给出的是2；允许的是：start when open") == ["start when open"]
    assert len(UNTRANSLATED) <= 30
    prose = {"the", "is", "are", "be", "must", "than", "or", "and", "with", "not", "allowed", "got", "line", "valid"}
    assert not prose & names()
