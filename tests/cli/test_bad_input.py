"""Wrong input: one message with file, key, value and what is allowed; status 2; nothing written."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

import simsupply as ss
from tests.helpers.command_line import REPOSITORY, Outcome, call, run_apart
from tests.plans.tiny_comparison import strategy, tiny_data
from tests.plans.tiny_plan import SCENARIO, STRATEGY, changed, write

OTHER_SHIFT = {"start": "17:00", "end": "22:00"}
SHIFT = {"start": "08:00", "end": "18:00"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, so that anything written by mistake is seen."""
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


def refused(capsys: pytest.CaptureFixture[str], folder: Path, *words: str, output: str = "result") -> Outcome:
    """Call, and check what holds for every refusal."""
    before = sorted(folder.rglob("*"))
    found = call(capsys, *words, f"output={output}")
    assert found.status == 2
    assert found.out == ""
    assert "Traceback" not in found.err
    assert all(message.count("got ") >= 1 and "; allowed: " in message for message in found.messages)
    assert sorted(folder.rglob("*")) == before
    return found


def is_said(message: str, *parts: str) -> bool:
    return all(part in message for part in parts)


# --- on the command line ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("scenario=subdistrct", ("scenario:", "'subdistrct'", "did you mean 'subdistrict'?", ".yaml file")),
        ("strategy=standard_crate", ("strategy:", "'standard_crate'", "did you mean 'standard_crates'?")),
        ("demand=weekly_13g", ("demand:", "'weekly_13g'", "did you mean 'weekly_13kg'?")),
        # What stands in the plan is meant rather than a key of the command that is less near; nothing far is named.
        ("atendance=0.5", ("atendance: got 0.5", "did you mean staffing.attendance?")),
        ("horizon=3", ("horizon: got 3", "did you mean scenario.horizon_days?")),
        ("engin=events", ("engin: got 'events'", "did you mean 'engine'?")),
        ("repl=3", ("repl: got 3", "did you mean 'replications'?")),
        ("metric=x", ("metric: got 'x'", "allowed: valid: bottleneck")),
        ("staffing.atendance=0.5", ("staffing.atendance:", "0.5", "did you mean 'attendance'?")),
        ("replicatons=5", ("replicatons:", "got 5", "did you mean 'replications'?")),
        ("fleet.vans.speed=3", ("fleet.vans.speed: got 3", "did you mean 'speed_cv'?", "speed_km_h")),
        ("+staffing.atendance=0.5", ("staffing.atendance:", "0.5", "did you mean 'attendance'?")),
        ("scenario.geography.depots.dock=2", ("scenario.geography.depots.dock:", "did you mean 'docks'?")),
        ("scenario.geography.households=-4", ("scenario.geography.households:", "-4", "or equal to 1")),
        ("scenario.geography.households=0", ("scenario.geography.households:", "got 0", "or equal to 1")),
        ("scenario.geography.households=5", ("scenario.geography:", "at least one household per drop point")),
        ("scenario.horizon_days=3", ("scenario:", "service_target_days (7) <= horizon_days (3)")),
        ("staffing.attendance=1.5", ("staffing.attendance:", "1.5", "less than or equal to 1")),
        ("staffing.attendance=-0.1", ("staffing.attendance:", "-0.1", "greater than or equal to 0")),
        ("fleet.vans.payload_kg=0", ("fleet.vans.payload_kg:", "got 0", "greater than or equal to 0.0001")),
        ("fleet.vans.payload_kg=5", ("fleet.vans.payload_kg:", "5.0", ">= 13, the weight of one order")),
        ("replications=0", ("replications:", "got 0", "greater than or equal to 1")),
        ("seed=99999999999999999999", ("seed:", "less than or equal to 9223372036854775807")),
        ("scenario.geography.world_seed=99999999999999999999", ("world_seed:", "9223372036854775807")),
        ("language=fr", ("language:", "'fr'", "'en' or 'zh'")),
        ("scenario=null", ("scenario:", "None", "subdistrict")),
        ("~demand", ("demand:", "None", "required")),
        ("scenario.title.en=[1,2", ("scenario.title.en: got '[1,2'", "stops at '[', character 1", 'title.en="[1,2"')),
        ("staffing.attendance=1,2", ("staffing.attendance:", "got '1,2'", "[1,2]", "simsupply sweep")),
        ("subdistrict", ("'subdistrict'", "key=value")),
    ],
)
def test_wrong_words_on_the_command_line(
    words: str, parts: tuple[str, ...], capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    found = refused(capsys, folder, "run", words)
    assert len(found.messages) == 1
    assert is_said(found.messages[0], *parts)


def test_what_follows_from_what_is_wrong_is_not_said(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    """A fleet of another name lacks what fleets must say; what would be made of that is no problem of its own."""
    found = refused(capsys, folder, "run", "fleet.van.count=3")
    assert len(found.messages) == 4
    assert all(is_said(line, "fleet.van.", "got None", "this key is required") for line in found.messages)


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("strategies=[standard_crate]", ("'standard_crate'", "did you mean 'standard_crates'?")),
        ("strategies=[]", ("strategies:", "[]", "at least one")),
        ("strategies=[standard_crates,standard_crates]", ("strategies:", "none of them twice")),
        ("attendance=[2]", ("attendance.0:", "got 2", "less than or equal to 1")),
        ("attendance=[1,1.0]", ("attendance:", "none of them twice")),
        ("attendance=[]", ("attendance:", "[]", "at least one")),
        ("attendance=1.5", ("attendance", "1.5", "less than or equal to 1")),
        ("levels={fleet.van.count: [1, 2]}", ("fleet.van.count:", "'van'", "did you mean 'vans'?")),
        ("levels={fleet.vans.counts: [1, 2]}", ("fleet.vans.counts:", "did you mean 'count'?")),
        ("levels={flet.vans.count: [1, 2]}", ("levels.flet.vans.count:", "did you mean 'fleet'?")),
        ("levels={fleet.vans.count: [1, -1]}", ("fleet.vans.count:", "got -1", "greater than or equal to 0")),
        (
            "levels={fleet.vans.payload_kg: [50, 5]}",
            ("fleet.vans.payload_kg:", "5.0", ">= 13, the weight of one order"),
        ),
        ("levels={fleet.vans.count: []}", ("levels.fleet.vans.count:", "[]", "at least one")),
        ("levels={fleet.vans.count: [2, 2]}", ("levels.fleet.vans.count:", "none of them twice")),
        ("levels={fleet.vans.count: [2, null]}", ("levels.fleet.vans.count.1:", "None", "a number, a text")),
        ("levels={staffing.attendance: [1, 2]}", ("levels.staffing.attendance.1:", "got 2", "a number from 0 to 1")),
        ("levels={demand: [weekly_13k]}", ("demand:", "'weekly_13k'", "did you mean 'weekly_13kg'?")),
        ("levels={scenario.horizon_days: [3, 4]}", ("levels.scenario.horizon_days:", "compared by scenarios")),
        ("levels={strategy.calendar.0.from_day: [0, 1]}", ("levels.strategy", "compared by strategies")),
        ("levels={fleet.vans.count: [1], fleet.vans.docks: [1]}", ("levels:", "levels of one key", "simsupply sweep")),
        ("levels={}", ("levels:", "levels of one key")),
        ("levels=3", ("levels:", "got 3", "a mapping")),
    ],
)
def test_wrong_words_for_compare(
    words: str, parts: tuple[str, ...], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    own_plan = write(tmp_path / "mine.yaml", SCENARIO)
    found = call(capsys, "compare", f"scenario={own_plan}", words, f"output={tmp_path / 'result'}")
    assert found.status == 2
    assert len(found.messages) == 1
    assert is_said(found.messages[0], *parts)
    assert not list(tmp_path.rglob("*.json"))


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["runn"], ("command", "'runn'", "did you mean 'run'?")),
        (["list", "scenario"], ("list", "'scenario'", "did you mean 'scenarios'?")),
        (["list", "demand", "fleet"], ("list", "'demand fleet'")),
    ],
)
def test_wrong_command(words: list[str], parts: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    found = call(capsys, *words)
    assert found.status == 2
    assert is_said(found.err, *parts)


def test_an_option_that_is_not_there(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    found = call(capsys, "run", "--replications", "output=result")
    assert found.status == 2
    assert is_said(found.err, "--replications")
    assert not list(folder.iterdir())


# --- in a user's file -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        (
            {"scenario.geography.drop_points.0.households": 0},
            ("scenario.geography.drop_points.0.households: got 0", "equal to 1"),
        ),
        ({"scenario.geography.drop_points.1.households": -3}, ("drop_points.1.households: got -3",)),
        ({"scenario.geography.drop_points.0.depot": "hal"}, ("drop_points.0.depot:", "did you mean 'hall'?")),
        ({"staffing.attendance": 1.2}, ("staffing.attendance: got 1.2", "equal to 1")),
        (
            {"staffing.crews.clerks.shifts": [SHIFT, OTHER_SHIFT]},
            ("staffing.crews.clerks.shifts:", "do not overlap"),
        ),
        ({"fleet.vans.shifts": [OTHER_SHIFT, SHIFT]}, ("fleet.vans.shifts:", "do not overlap")),
        ({"fleet.vans.payload_kg": 0}, ("fleet.vans.payload_kg: got 0", "greater than or equal to 0.0001")),
        ({"fleet.vans.payload_kg": "1500"}, ("fleet.vans.payload_kg: got '1500'", "number")),
        ({"fleet": "box_van"}, ("fleet: got 'box_van'", "did you mean 'box_vans'?")),
        (
            {"weather": "sunny"},
            ("weather: got 'sunny'", "valid: demand, fleet, goods, scenario, shocks, staffing, supply, tiers"),
        ),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, dict) else "",
)
def test_wrong_value_in_a_file(
    changes: dict[str, Any],
    parts: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
    folder: Path,
    tmp_path: Path,
) -> None:
    own_plan = write(tmp_path / "mine.yaml", SCENARIO, changes)
    found = refused(capsys, folder, "run", f"scenario={own_plan}")
    assert len(found.messages) == 1
    assert is_said(found.messages[0], f"{own_plan}, line ", *parts)


@pytest.mark.parametrize("key", ["scenario", "demand", "staffing", "fleet"])
def test_section_missing(key: str, capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path) -> None:
    own_plan = write(tmp_path / "mine.yaml", {name: part for name, part in SCENARIO.items() if name != key})
    found = refused(capsys, folder, "run", f"scenario={own_plan}")
    assert found.messages == [f"{own_plan}: {key}: got None; allowed: a value; this key is required"]


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ({"calendar.0.from_day": -1}, ("calendar.0.from_day: got -1", "equal to 0")),
        ({"calendar.0.channel": "standard_crate"}, ("calendar", "standard_crate")),
        (
            {"channels.standard_crates": "standard_crate"},
            ("channels.standard_crates: got 'standard_crate'", "did you mean 'standard_crates'?"),
        ),
        ({"channels": {}}, ("channels: got {}",)),
        ({"chanels": {}}, ("chanels:", "did you mean 'channels'?")),
        (
            {"bonus": 2},
            (
                "bonus: got 2",
                "valid: allocation, allocation_between_depots, calendar, channels, mix, name, title, triggers, "
                "when_short",
            ),
        ),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, dict) else "",
)
def test_wrong_value_in_a_strategy_file(
    changes: dict[str, Any],
    parts: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
    folder: Path,
    tmp_path: Path,
) -> None:
    own_plan = write(tmp_path / "way.yaml", STRATEGY, changes)
    found = refused(capsys, folder, "run", f"strategy={own_plan}")
    assert any(is_said(message, f"{own_plan}, line ", *parts) for message in found.messages)
    assert "strategy." not in found.err.replace(own_plan, "")


def test_all_problems_are_listed_each_with_its_source(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    own_plan = write(
        tmp_path / "mine.yaml",
        SCENARIO,
        {
            "scenario.geography.drop_points.0.households": 0,
            "fleet.vans.payload_kg": 0,
            "staffing.crews.clerks.headcout": 3,
        },
    )
    found = refused(capsys, folder, "run", f"scenario={own_plan}", "staffing.attendance=2")
    assert len(found.messages) == 4
    assert {message.split(": ")[1] for message in found.messages if message.startswith(own_plan)} == {
        "scenario.geography.drop_points.0.households",
        "fleet.vans.payload_kg",
        "staffing.crews.clerks.headcout",
    }
    assert "command line: staffing.attendance: got 2; allowed: less than or equal to 1" in found.messages


def test_a_strategy_that_does_not_fit_the_scenario(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    crews = SCENARIO["staffing"]["crews"]
    plain = changed(SCENARIO, {"staffing.crews": {**crews, "doorteam": crews["door_team"]}})
    del plain["staffing"]["crews"]["door_team"]
    found = refused(capsys, folder, "run", f"scenario={write(tmp_path / 'mine.yaml', plain)}")
    assert len(found.messages) == 1
    # The crew is asked for by the channel, whose file is named; the scenario that lacks it is beside it.
    number = line_of("configs/channel/standard_crates.yaml", "crew: door_team")
    assert found.messages[0].startswith(
        f"configs/channel/standard_crates.yaml, line {number} (my_estate with standard_crates): "
        "strategy.channels.standard_crates.steps."
    )
    assert is_said(found.messages[0], ".crew: got 'door_team'", "'doorteam'")


def line_of(name: str, text: str) -> int:
    """Number of the only line of a built-in file that holds a text."""
    lines = (REPOSITORY / name).read_text(encoding="utf-8").splitlines()
    (number,) = [number for number, line in enumerate(lines, start=1) if text in line]
    return number


# --- the file itself --------------------------------------------------------------------------------


@pytest.mark.parametrize("option", ["scenario", "strategy"])
@pytest.mark.parametrize(
    ("content", "line", "parts"),
    [
        (None, None, ("no such file", "an existing YAML file")),
        (b"name: \xff\xfe", None, ("byte 0xff at 6", "UTF-8")),
        (b"name: \x81", None, ("byte 0x81 at 6", "text in UTF-8, in GB18030, or in UTF-16")),
        (b"\xef\xbb\xbfname: \xb3\xa4\xb4\xba", None, ("byte 0xb3 at 9", "UTF-8")),
        (b"name: \x00", None, ("byte 0x00 at 6", "UTF-8")),
        ("name: 长春".encode("utf-16-le"), None, ("byte 0x95 at 13", "UTF-16 with its byte order mark")),
        (b"name: [1, 2\n", 2, ("got \"column 1: expected ',' or ']'", "valid YAML")),
        (b"name: a\n\ttitle: b\n", 2, ('got "column 1: found character', "valid YAML")),
        (b"name: a\nname: b\n", 2, ("got \"column 1: key 'name' is given twice\"", "valid YAML")),
        (b"a:\n  b: 1\n  c: 2\n  b: 3\n", 4, ("got \"column 3: key 'b' is given twice\"", "valid YAML")),
        (b"---\na: 1\n---\nb: 2\n", 3, ("got 'column 1: ", "valid YAML")),
        (b"a: &x [*x]\n", 1, ("got 'column 4: ", "valid YAML")),
        (b"a: " + b"[" * 500, None, ("nested too deeply", "valid YAML")),
        (b"", None, ("None", "a mapping")),
        (b"- a\n- b\n", None, ("['a', 'b']", "a mapping")),
        (b"just words", None, ("'just words'", "a mapping")),
        (b"1: a\n", 1, ("keys that are words",)),
        (b"a: !!binary aGVsbG8=\n", 1, ("a: got b'hello'", "plain data")),
        (b"b: 1\na: !!set {b}\n", 2, ("a: got {'b'}", "plain data")),
        (b"b:\n- 1\n- {_target_: c}\n", 3, ("b.1._target_: got 'c'", "plain data; this key would be acted upon")),
    ],
    ids=lambda value: repr(value)[:30] if not isinstance(value, tuple) else "",
)
def test_unusable_file(
    option: str,
    content: bytes | None,
    line: int | None,
    parts: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
    folder: Path,
    tmp_path: Path,
) -> None:
    path = tmp_path / "mine.yaml"
    if content is not None:
        path.write_bytes(content)
    found = refused(capsys, folder, "run", f"{option}={path}")
    assert len(found.messages) == 1
    where = f"{path}: " if line is None else f"{path}, line {line}: "
    assert found.messages[0].startswith(where)
    assert is_said(found.messages[0], *parts)


def test_a_folder_instead_of_a_file(capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").mkdir()
    found = refused(capsys, folder, "run", f"scenario={tmp_path / 'mine.yaml'}")
    assert is_said(found.err, "mine.yaml: got 'Is a directory'; allowed: a readable YAML file")


def test_a_path_that_leads_nowhere(capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path) -> None:
    loop = tmp_path / "loop.yaml"
    loop.symlink_to(loop)
    for path in (
        loop,
        Path(write(tmp_path / "mine.yaml", SCENARIO)) / "below.yaml",
        Path("a" * 300 + ".yaml"),
    ):
        found = refused(capsys, folder, "run", f"scenario={path}")
        assert len(found.messages) == 1
        assert is_said(found.err, path.name, "a readable YAML file")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path) -> None:
    path = Path(write(tmp_path / "mine.yaml", SCENARIO))
    path.chmod(0)
    found = refused(capsys, folder, "run", f"scenario={path}")
    assert is_said(found.err, "Permission denied", "a readable YAML file")


def test_aliases_that_would_fill_the_memory(capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    (tmp_path / "mine.yaml").write_text("\n".join(lines))
    found = refused(capsys, folder, "run", f"scenario={tmp_path / 'mine.yaml'}")
    assert is_said(found.err, "mine.yaml", "at most 1000000 values")


# --- files are data, nothing in them is acted upon ----------------------------------------------------


@pytest.mark.parametrize("option", ["scenario", "strategy"])
@pytest.mark.parametrize(
    "text",
    [
        "title: !!python/object/apply:os.system ['touch {pwned}']",
        "title: !!python/object/apply:subprocess.run [[touch, '{pwned}']]",
        "title: !!python/object/new:pathlib.Path ['{pwned}']",
        "title: !!python/name:os.system",
        "title: !!python/module:os",
        "title: {{_target_: os.system, command: 'touch {pwned}'}}",
        "title: {{_target_: pathlib.Path.touch, _args_: ['{pwned}']}}",
        "_target_: os.system",
        "_recursive_: true",
        "hydra: {{callbacks: {{x: {{_target_: os.system}}}}}}",
        "title: {{hydra: {{run: {{dir: '{pwned}'}}}}}}",
        "defaults: [{{override hydra/launcher: joblib}}]",
        "title: '${{oc.env:HOME}}'",
        "title: [a, 'b ${{hydra:runtime.cwd}}']",
        "'${{oc.env:HOME}}': a",
    ],
)
def test_nothing_in_a_file_is_executed(
    option: str, text: str, capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    pwned = tmp_path / "pwned"
    (tmp_path / "mine.yaml").write_text(text.format(pwned=pwned))
    found = refused(capsys, folder, "run", f"scenario={tmp_path / 'mine.yaml'}".replace("scenario", option, 1))
    assert not pwned.exists()
    assert is_said(found.err, "mine.yaml", "plain data")
    assert os.environ["HOME"] not in found.err


# --- the output folder ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "sweep"),
    [("below a file", []), ("a file", []), ("proc", []), ("below a file", ["-m", "seed=1,2"])],
)
def test_output_that_cannot_be_written(
    kind: str, sweep: list[str], capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    own_plan = write(tmp_path / "mine.yaml", SCENARIO)
    output = {"below a file": f"{own_plan}/result", "a file": own_plan, "proc": "/proc/result"}[kind]
    before = Path(own_plan).read_bytes()
    found = call(capsys, "run", f"scenario={own_plan}", *sweep, f"output={output}")
    assert found.status == 2
    assert len(found.messages) == 1
    assert is_said(found.err, f"output: got '{output}", "a folder that can be written")
    assert Path(own_plan).read_bytes() == before
    assert not list(folder.iterdir())


@pytest.mark.parametrize(("words", "part"), [("", "not empty"), ("null", "text")])
def test_output_that_is_no_name(words: str, part: str, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    found = refused(capsys, folder, "run", output=words)
    assert is_said(found.messages[0], "output:", part)


def test_a_sweep_with_one_wrong_point_runs_none(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    own_plan = write(tmp_path / "mine.yaml", SCENARIO)
    found = refused(capsys, folder, "run", "-m", f"scenario={own_plan}", "staffing.attendance=0.5,2")
    assert found.messages == ["command line: staffing.attendance: got 2; allowed: less than or equal to 1"]


def test_wrong_input_in_a_process_of_its_own(tmp_path: Path) -> None:
    found = run_apart(["run", "scenario=subdistrct"], tmp_path)
    assert found.status == 2
    assert found.out == ""
    assert found.err.count("\n") == 1
    assert not list(tmp_path.iterdir())


# --- legal, though it looks wrong -------------------------------------------------------------------


@pytest.mark.lengthy
def test_attendance_zero_serves_nobody(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    own_plan, output = write(tmp_path / "mine.yaml", SCENARIO), tmp_path / "result"
    found = call(capsys, "run", f"scenario={own_plan}", "staffing.attendance=0", "replications=1", f"output={output}")
    assert found.status == 0
    metrics = json.loads((output / "summary.json").read_text())["metrics"]
    assert metrics["coverage"]["mean"] == 0
    assert metrics["orders_delivered"]["mean"] == 0
    assert metrics["time_to_first_delivery_h"] == {
        "mean": None,
        "ci_low": None,
        "ci_high": None,
        "n": 0,
        "unit": "h",
    }


@pytest.mark.parametrize(
    "words",
    [
        "fleet.vans.count=0",
        "staffing.crews.door_team.headcount=0",
        "staffing.crews.clerks.headcount=0",
        "scenario.households.priority_share=0",
        "scenario.households.persons_mean=1",
    ],
)
def test_nobody_and_nothing_are_legal_numbers(words: str) -> None:
    key, _, value = words.partition("=")
    scenario = ss.load_scenario(changed(tiny_data(), {key: int(value)}))
    values = ss.simulate(scenario, strategy("standard_crates"), replications=1).values.loc[0]
    assert abs(values["mass_balance_error_kg"]) < 1e-6
    if "households" not in words:
        assert values["coverage"] == 0


def test_one_household() -> None:
    points = [{"name": "gate_a", "households": 1, "distance_km": 1.0}]
    plain = changed(tiny_data(), {"scenario.geography.drop_points": points, "staffing.attendance": 1.0})
    result = ss.simulate(ss.load_scenario(plain), strategy("standard_crates"), replications=1)
    assert result.values.loc[0, "coverage"] == 1
