"""Words of a command line: how they are split, what is taken as written, and what cannot be read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

import simsupply as ss
from simsupply.base.problems import InputError
from simsupply.config.compose import compose_config, compose_configuration
from simsupply.config.overrides import points_of, read_override, split_key, word_of
from tests.helpers.command_line import call
from tests.plans.tiny_plan import SCENARIO, STRATEGY, write

ONE_VALUE = [
    # As written: characters that Hydra's grammar does not know.
    ("output=输出/甲", "输出/甲"),
    ("scenario.title.zh=长春市", "长春市"),
    ("output=~/x", "~/x"),
    ("scenario.title.en=O'Brien", "O'Brien"),
    ("scenario.title.en=it's O'Brien's", "it's O'Brien's"),
    ("output=a=b", "a=b"),
    ("scenario.title.en=Plan (A)", "Plan (A)"),
    ("scenario.title.zh=@家 #1：好", "@家 #1：好"),
    ("scenario.title.en=a]b", "a]b"),
    # YAML where brackets or quotes begin it.
    ("strategies=[策略.yaml]", ["策略.yaml"]),
    ("strategies=[standard_crates, 策略 二.yaml]", ["standard_crates", "策略 二.yaml"]),
    ("scenario.title={en: A, zh: 长春}", {"en": "A", "zh": "长春"}),
    ("scenario.title={'a b': [1, 2.5, true, null]}", {"a b": [1, 2.5, True, None]}),
    ("x=[北京, 2022-03-11]", ["北京", "2022-03-11"]),
    # Hydra's grammar.
    ("staffing.attendance=0.2", 0.2),
    ("replications=20", 20),
    ("x=1e3", 1000.0),
    ("x=true", True),
    ("x=null", None),
    ("x=", ""),
    ("x='长春, 吉林'", "长春, 吉林"),
    ('x="O\'Brien, Pat"', "O'Brien, Pat"),
    ("x={fill_rate: 1%}", {"fill_rate": "1%"}),
    ("x=[a,[1,2]]", ["a", [1, 2]]),
    ("x=a: b", "a: b"),
]


@pytest.mark.parametrize(("word", "value"), ONE_VALUE)
def test_one_value(word: str, value: Any) -> None:
    found = read_override(word)
    assert (found.key, found.swept) == (word.split("=")[0], None)
    assert found.value == value
    assert type(found.value) is type(value)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0.1,0.2", [0.1, 0.2]),
        ("a, 1 ,null", ["a", 1, None]),
        ("range(0.1,0.5,0.1)", [0.1, 0.2, 0.3, 0.4]),
        ("range(1,4)", [1, 2, 3]),
        ("choice(a,'北京')", ["a", "北京"]),
        ("[1,2],[3]", [[1, 2], [3]]),
        ("东.yaml,西.yaml", ["东.yaml", "西.yaml"]),
        ("北京 , 1,'a,b',[c,长春],it's", ["北京", 1, "a,b", ["c", "长春"], "it's"]),
        ("O'Brien, Pat", ["O'Brien", "Pat"]),
        ("interval(0.1,0.9)", (0.1, 0.9, False)),
        ("int(interval(2,8))", (2.0, 8.0, True)),
    ],
)
def test_several_values(text: str, values: Any) -> None:
    assert read_override(f"k={text}").swept == values


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("seed", ("seed",)),
        ("staffing.crews.打包.headcount", ("staffing", "crews", "打包", "headcount")),
        ('staffing.crews."打包 组.一".headcount', ("staffing", "crews", "打包 组.一", "headcount")),
        ("a.0.b", ("a", "0", "b")),
        ("a..b", ("a", "", "b")),
    ],
)
def test_a_key_is_split_at_its_dots(key: str, names: tuple[str, ...]) -> None:
    assert split_key(key) == names
    assert read_override(f"{key}=3").path == names


def test_a_crew_with_a_chinese_name_is_set() -> None:
    config = compose_config("run", ["staffing.crews.打包.headcount=3", 'staffing.crews."组 2.1".headcount=4'])
    crews = config["staffing"]["crews"]
    assert crews["打包"] == {"headcount": 3}
    assert crews["组 2.1"] == {"headcount": 4}


def test_a_crew_with_a_chinese_name_is_a_crew_of_the_plan() -> None:
    crew = "{at: depot, headcount: 3, at_shift_end: finish, shifts: [{start: '08:00', end: '18:00'}]}"
    found = ss.load_scenario("subdistrict", [f"staffing.crews.打包={crew}", "staffing.crews.打包.headcount=4"])
    assert found.spec.staffing.crews["打包"].headcount == 4


def test_a_name_that_keys_cannot_carry_is_refused_with_its_place() -> None:
    crew = "{at: depot, headcount: 3, at_shift_end: finish, shifts: [{start: '08:00', end: '18:00'}]}"
    with pytest.raises(InputError) as caught:
        ss.load_scenario("subdistrict", [f'staffing.crews."组 2.1"={crew}'])
    (problem,) = caught.value.problems
    assert (problem.key, problem.value, problem.source) == ("staffing.crews.组 2.1", "组 2.1", "overrides")
    assert "a name without '.'; put it into the title" in problem.in_language("en")


@pytest.mark.parametrize(
    "value",
    [
        *(value for _, value in ONE_VALUE),
        *("null", "True", "12", "1e3", "a\\", "'", "\\'", '"', "a,b", "", " a ", "range(1,3)", "-x", "nan", "~"),
        *([1e-05, "O'Brien", "北京"], [{"at": "depot", "名 字": "a'b\\\"c", "x": 1e-05}], {"a": (1, None, False, "1")}),
    ],
)
def test_a_word_gives_back_the_value_that_it_was_written_of(value: Any) -> None:
    found = read_override(word_of("k", value))
    assert found.swept is None
    assert found.value == ({"a": [1, None, False, "1"]} if value == {"a": (1, None, False, "1")} else value)
    assert type(found.value) is type(value)


def test_all_points_of_words() -> None:
    assert points_of(["output=输出/甲", "+seed=1,2", "scenario.title.zh=长春,北京"]) == [
        ["output=输出/甲", f"+seed={seed}", f"scenario.title.zh='{city}'"]
        for seed in (1, 2)
        for city in ("长春", "北京")
    ]


# --- choices and changes ---------------------------------------------------------------------------


def test_the_last_word_of_a_key_holds() -> None:
    config = compose_config("run", ["scenario=town", "seed=2", "scenario=campus", "seed=3"])
    assert config["scenario"]["name"] == "campus"
    assert config["seed"] == 3


def test_a_key_is_taken_away() -> None:
    assert (
        "headcount"
        not in compose_config("run", ["~staffing.crews.door_team.headcount"])["staffing"]["crews"]["door_team"]
    )
    assert "tiers" not in compose_config("run", ["scenario=county", "strategy=county_by_tier", "~tiers"])


@pytest.mark.parametrize("section", ["scenario", "strategy", "demand", "staffing", "fleet"])
def test_a_section_that_every_plan_has_is_not_taken_away(section: str) -> None:
    with pytest.raises(ss.InputError) as refused:
        compose_config("run", [f"~{section}"])
    assert (
        refused.value.in_language("en") == f"command line: {section}: got None; allowed: a value; this key is required"
    )


def test_a_mapping_is_laid_over_what_is_there() -> None:
    crews = compose_config("run", ["staffing.crews.door_team={headcount: 99}"])["staffing"]["crews"]
    assert (crews["door_team"]["headcount"], crews["door_team"]["at"]) == (99, "drop_point")


def test_a_channel_of_a_strategy_is_exchanged() -> None:
    word = "channel@strategy.channels.standard_crates=individual_orders"
    assert compose_config("run", [word])["strategy"]["channels"]["standard_crates"]["name"] == "individual_orders"


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("+channel@strategy.channels.green=individual_orders", "green"),
        ("+channel@strategy.channels.青菜=individual_orders", "青菜"),
        ('++channel@strategy.channels."夜 班"=individual_orders', "夜 班"),
    ],
)
def test_a_channel_is_added_under_a_name_in_any_script(word: str, name: str) -> None:
    """Hydra's grammar refuses the second and the third; what stood there stays, and the new one can be changed."""
    more = f'strategy.channels."{name}".name={name}'
    channels = compose_config("run", [word, more])["strategy"]["channels"]
    assert list(channels) == ["standard_crates", name]
    assert channels[name]["name"] == name
    assert (
        channels[name]["steps"]
        == compose_config("run", ["strategy=individual_orders"])["strategy"]["channels"]["individual_orders"]["steps"]
    )


@pytest.mark.parametrize("name", ["a/b", "青.菜", "_x", "12"])
def test_a_channel_is_not_added_under_what_is_no_name(name: str) -> None:
    with pytest.raises(ss.InputError) as caught:
        compose_config("run", [f"+channel@strategy.channels.{name}=individual_orders"])
    assert "valid: standard_crates" in caught.value.in_language("en")


def test_composing_leaves_nothing_behind() -> None:
    """What one caller does with a configuration is not seen by the next."""
    compose_config("run", [])["staffing"]["crews"].clear()
    assert len(compose_config("run", [])["staffing"]["crews"]) == 2


# --- on the command line -----------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Working folder with a plan and a way with Chinese names."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "计划.yaml", SCENARIO)
    write(tmp_path / "策略.yaml", STRATEGY)
    return tmp_path


@pytest.mark.lengthy
def test_a_run_with_chinese_words(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    words = ["scenario=计划.yaml", "scenario.title.zh=长春市", "scenario.title.en=O'Brien", "replications=1"]
    found = call(capsys, "run", *words, "strategy=策略.yaml", "output=输出/甲")
    assert found.status == 0, found.err
    assert "O'Brien: My way" in found.out
    config = json.loads((folder / "输出" / "甲" / "provenance.json").read_text(encoding="utf-8"))["config"]
    assert config["scenario"]["title"] == {"en": "O'Brien", "zh": "长春市"}
    assert config["output"] == "输出/甲"


def test_a_comparison_of_a_file_with_a_chinese_name(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    words = ["scenario=计划.yaml", "strategies=[策略.yaml]", "attendance=0.5", "replications=2", "output=a=b"]
    found = call(capsys, "compare", *words)
    assert found.status == 0, found.err
    assert (folder / "a=b" / "comparison.json").exists()


@pytest.mark.lengthy
def test_points_of_a_file_with_chinese_values(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "点.csv").write_text("scenario.title.zh,seed\n北京,1\nO'Brien,2\na=b,3\n~/x,4\n", encoding="utf-8")
    words = ["scenario=计划.yaml", "design=csv", "file=点.csv", "replications=1", "executor=serial", "output=输出"]
    found = call(capsys, "sweep", *words, "metrics=[coverage]")
    assert found.status == 0, found.err
    points = ss.SweepResult.read("输出").points
    assert list(points["scenario.title.zh"]) == ["北京", "O'Brien", "a=b", "~/x"]
    assert list(pd.read_csv("输出/table.csv")["seed"]) == [1, 2, 3, 4]


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """The one message that refuses words of a run."""
    found = call(capsys, "run", *words)
    assert (found.status, found.out) == (2, "")
    (message,) = found.messages
    return message.removeprefix("command line: ")


@pytest.mark.parametrize(
    ("word", "message"),
    [
        (
            "scenario.title.en=[1,2",
            "scenario.title.en: got '[1,2'; allowed: what can be read; reading stops at '[', character 1; "
            "a text that holds it stands in quotes: 'scenario.title.en=\"[1,2\"'",
        ),
        (
            "x=[a]b",
            "x: got '[a]b'; allowed: what can be read; reading stops at 'b', character 4; "
            "a text that holds it stands in quotes: 'x=\"[a]b\"'",
        ),
        (
            "x='长春",
            "x: got \"'长春\"; allowed: what can be read; reading stops at ''', character 1; "
            "a text that holds it stands in quotes: 'x=\"'\"'\"'长春\"'",
        ),
        (
            "output=a,,b",
            "output: got 'a,,b'; allowed: what can be read; reading stops at ',', character 3; "
            "a text that holds it stands in quotes: 'output=\"a,,b\"'",
        ),
        (
            "seed=range(1",
            "seed: got 'range(1'; allowed: what can be read; reading stops at '(', character 6; "
            "a text that holds it stands in quotes: 'seed=\"range(1\"'",
        ),
        (
            "seed=choice(甲,b)",
            "seed: got 'choice(甲,b)'; allowed: what can be read; reading stops at '甲', character 8; "
            "a text that holds it stands in quotes: 'seed=choice(\"甲\",b)'",
        ),
        (
            "staffing.crews.打包 组.headcount=3",
            "got 'staffing.crews.打包 组.headcount'; allowed: what can be read; reading stops at ' ', character 18; "
            "a text that holds it stands in quotes: 'staffing.crews.\"打包 组\".headcount=3'",
        ),
        (
            "hydra/launcher=joblib",
            "hydra/launcher: got 'joblib'; allowed: no keys of Hydra, no launchers or sweepers; "
            "simsupply sweep runs many points, on all processors or many machines",
        ),
        ("~seed=1", "seed: got '1'; allowed: the key alone: ~seed"),
        ("output=${seed}", "output: got '${seed}'; allowed: plain data; ${...} is not filled in"),
        ("x={_target_: os.system}", "x._target_: got 'os.system'; allowed: plain data; this key would be acted upon"),
        ("~staffing.atendance", "staffing.atendance: got None; allowed: did you mean 'attendance'? "),
        (
            "~strategy.channels.standard_crates.steps.drop_point",
            "strategy.channels.standard_crates.steps.drop_point: got None; allowed: "
            "the list anew, strategy.channels.standard_crates.steps=[...]: no entry of a list can be taken out",
        ),
        (
            "strategy.channels.standard_crates.steps.drop_point.delay.minutes=4",
            "strategy.channels.standard_crates.steps.drop_point.delay.minutes: got 4; allowed: "
            "a place in the list, 0 to 4, where 'drop_point' stands",
        ),
        ("goods=[three_groups]", "goods: got ['three_groups']; allowed: did you mean 'three_groups'? "),
        ("strategies=[standard_crates]", "strategies: got ['standard_crates']; allowed: valid: bottleneck, "),
        ("seed.x=3", "seed.x: got 3; allowed: a key that exists; 'seed' holds 1 and no keys"),
        ("--cfg=all", "--cfg: got 'all'; allowed: valid: job"),
        ("--hydra-help", "got '--hydra-help'; allowed: did you mean '--help'? valid: --cfg, "),
        ("--config-dir=nowhere", "--config-dir: got 'nowhere'; allowed: an existing folder with further options"),
        (
            "channel@strategy.channels.x=individual_orders",
            "channel@strategy.channels.x: got 'individual_orders'; allowed: valid: standard_crates",
        ),
    ],
)
def test_words_that_are_refused(word: str, message: str, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert said(capsys, word).startswith(message)
    assert sorted(path.name for path in folder.iterdir()) == ["策略.yaml", "计划.yaml"]


@pytest.mark.parametrize("command", ["compare", "sweep"])
def test_launchers_are_refused_by_every_command(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = call(capsys, command, "-m", "hydra/launcher=joblib", "seed=1,2")
    assert found.status == 2
    assert "simsupply sweep runs many points" in found.err


def test_the_quoted_form_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    """What the message shows, less the quotes of the shell, is read as the text that was meant."""
    assert read_override('scenario.title.en="[1,2"').value == "[1,2"
    assert read_override('output="a,,b"').value == "a,,b"
    assert read_override('seed=choice("甲",b)').swept == ["甲", "b"]


def test_an_interval_has_no_jobs(capsys: pytest.CaptureFixture[str]) -> None:
    assert "values to go through one by one" in said(capsys, "-m", "seed=interval(1,2)")


def test_what_is_shown_of_several_jobs(capsys: pytest.CaptureFixture[str]) -> None:
    shown = call(capsys, "run", "-m", "--cfg", "job", "seed=4,5").out
    assert [job["seed"] for job in yaml.safe_load_all(shown)] == [4, 5]


# --- a folder of further options -----------------------------------------------------------------------


@pytest.fixture
def more(folder: Path) -> Path:
    """Folder for ``--config-dir``."""
    (folder / "more" / "demand").mkdir(parents=True)
    (folder / "more" / "experiment").mkdir()
    return folder / "more"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("hydra: {callbacks: {x: {_target_: os.system}}}", "hydra"),
        ("kind: {_target_: os.system}", "kind._target_"),
        ("defaults: [override /hydra/launcher: joblib]", "defaults"),
        ("kind: '${oc.env:HOME}'", "kind"),
    ],
)
def test_files_of_a_folder_are_data(text: str, key: str, capsys: pytest.CaptureFixture[str], more: Path) -> None:
    (more / "demand" / "mine.yaml").write_text(text)
    found = call(capsys, "run", "--config-dir", "more", "demand=mine")
    assert found.status == 2
    assert found.messages[0].startswith(f"more/demand/mine.yaml, line 1: {key}: got ")
    assert all("plain data" in message for message in found.messages)


def test_options_of_a_folder_have_their_places_and_names(capsys: pytest.CaptureFixture[str], more: Path) -> None:
    (more / "demand" / "light.yaml").write_text("kind: cycle\nneed_kg_per_household_week: 7  # A\n")
    configuration = compose_configuration("run", ["demand=light", "demand.cycle_days=3"], folder=more)
    assert configuration.data["demand"] == {"kind": "cycle", "need_kg_per_household_week": 7, "cycle_days": 3}
    place = configuration.source_map["demand.need_kg_per_household_week"]
    assert (place.file, place.line, place.layer) == (str(more / "demand" / "light.yaml"), 2, "own file")
    assert "did you mean 'light'?" in said(capsys, "--config-dir", "more", "demand=ligt")
    assert "light" in call(capsys, "run", "--config-dir", "more", "--help").out


def test_a_ready_sweep_of_a_folder_lies_over_all(more: Path) -> None:
    (more / "experiment" / "mine.yaml").write_text("replications: 7\nstaffing: {attendance: 0.4}\n")
    words = ["experiment=mine", "scenario=计划.yaml"]
    config = compose_configuration("sweep", words, folder=more).data
    assert (config["replications"], config["staffing"]["attendance"]) == (7, 0.4)
    config = compose_configuration("sweep", [*words, "replications=3"], folder=more).data
    assert config["replications"] == 3
