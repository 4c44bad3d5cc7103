"""The catalogue: every text in both languages, every code used, and what problems read like."""

from __future__ import annotations

import ast
import errno
import os
import pickle
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
import yaml

import simsupply as ss
from simsupply.base.catalogue import FOLDER, Message, chain, codes, message
from simsupply.base.language import language_of_locale
from simsupply.base.problems import COMMAND_LINE, InputError, Misfit, Problem, StoreError, allowed_by, title_of
from simsupply.base.spec import Title
from simsupply.base.system_errors import reason
from simsupply.config.load import fit
from tests.plans.tiny_plan import SCENARIO, STRATEGY, write

PACKAGE = FOLDER.parents[1]
TEXTS: dict[str, dict[str, str]] = {}
for path in sorted(FOLDER.glob("*.yaml")):
    TEXTS |= yaml.safe_load(path.read_text(encoding="utf-8"))
CALLS = ("message", "Message", "Misfit", "chain")
# Latin words in Chinese texts beside keys and values of files, which stand in quotes.
# What a library says in English is left out in Chinese.
LIBRARIES = {"yaml_says"}
LATIN = {"km", "kg", "yaml", "YAML", "UTF", "CSV", "MB", "GB", "Excel", "GiB"}


def placeholders(text: str) -> set[tuple[str, str]]:
    """Names of placeholders, with how they are written."""
    return {(name, spec or "") for _, name, spec, _ in Formatter().parse(text) if name}


def uses() -> Iterator[tuple[str, str, set[str] | None]]:
    """Codes as the package uses them: where, which, and names of the values; None where they are not written out."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            code = node.args[0]
            if name in CALLS and isinstance(code, ast.Constant) and isinstance(code.value, str):
                keys = {keyword.arg for keyword in node.keywords}
                values = {"first", "second"} if name == "chain" else {key for key in keys if key}
                yield f"{path.name}:{node.lineno}", code.value, None if None in keys else values


USES = list(uses())


# --- the texts ------------------------------------------------------------------------------------


def test_the_catalogue_reads_all_files() -> None:
    assert set(codes()) == set(TEXTS)


@pytest.mark.parametrize("code", TEXTS)
def test_every_code_has_both_texts_with_the_same_placeholders(code: str) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", code)
    text = TEXTS[code]
    assert set(text) == {"en", "zh"}
    assert all(isinstance(words, str) and words.strip() for words in text.values())
    said = {("said", "")} if code in LIBRARIES else set()
    assert placeholders(text["en"]) == placeholders(text["zh"]) | said


def test_every_code_used_exists_and_gets_its_values() -> None:
    wrong = [
        (where, code)
        for where, code, values in USES
        if code not in TEXTS or (values is not None and values != {name for name, _ in placeholders(TEXTS[code]["en"])})
    ]
    assert not wrong


def test_every_code_of_the_catalogue_is_used() -> None:
    assert not set(TEXTS) - {code for _, code, _ in USES}


def test_no_text_stands_in_the_catalogue_twice() -> None:
    english = [text["en"] for code, text in TEXTS.items() if text["en"] != "{said}"]
    assert not {text for text in english if english.count(text) > 1 and not re.fullmatch(r"[\W\d]*", text)}


@pytest.mark.parametrize("code", TEXTS)
def test_chinese_texts_hold_no_english(code: str) -> None:
    text = re.sub(r"`[^`]*`|'[^']*'", "", TEXTS[code]["zh"])
    prose = "".join(part for part, *_ in Formatter().parse(text))
    assert not set(re.findall(r"[A-Za-z]+", prose)) - LATIN


def test_the_list_of_allowed_words_is_short() -> None:
    assert len(LATIN) <= 30


# --- problems in the package -----------------------------------------------------------------------------


def is_text(node: ast.AST) -> bool:
    """Whether an expression is plain text: a literal, an f-string, a sum or choice of them, str(...)."""
    if isinstance(node, ast.BinOp):
        return is_text(node.left) or is_text(node.right)
    if isinstance(node, ast.IfExp):
        return is_text(node.body) or is_text(node.orelse)
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "str"
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


# Where each call holds what was given, and what is allowed or said.
PLACES = {"Problem": (1, 2), "wrong": (2, 3), "StoreError": (None, 0)}


def plain_texts(source: str) -> list[int]:
    """Lines on which plain text is said to be allowed or the matter, or words or an f-string to have been given."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in PLACES:
            given, said = PLACES[node.func.id]
            allowed = [
                *node.args[said : said + 1],
                *(keyword.value for keyword in node.keywords if keyword.arg == "allowed"),
            ]
            if any(is_text(argument) for argument in allowed) or (given is not None and is_prose(node.args[given])):
                found.append(node.lineno)
        elif isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id == "allowed" for target in targets) and is_text(
                node.value
            ):
                found.append(node.lineno)
    return found


def is_prose(node: ast.AST) -> bool:
    """Whether a value is put into words: a text with blanks, but for lists and the ``key: value`` of a file."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    words = "".join(str(part.value) for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str))
    return " " in words.replace(", ", ",") and ":" not in words


ROOMS = [path for path in sorted(PACKAGE.rglob("*.py")) if path.relative_to(PACKAGE).parts[0] != "config"]


@pytest.mark.parametrize("path", ROOMS, ids=lambda path: ".".join(path.relative_to(PACKAGE).with_suffix("").parts))
def test_nothing_is_said_in_plain_text(path: Path) -> None:
    assert not plain_texts(path.read_text(encoding="utf-8"))


def test_plain_text_is_found() -> None:
    source = (
        'Problem(key, value, "text")\nProblem(key, value, f"{text}")\nProblem(key, f"{value} h", message("text"))\n'
        'allowed = "a" if is_a else other\nallowed += " more"\nProblem(key, "value", allowed=str(error))\n'
        'wrong(source, key, value, "text")\nwrong(source, key, "two words", allowed)\nStoreError(f"{text}")\n'
        'Problem(key, "value", message("text"))\nallowed = message("text")\nProblem(key, value, allowed)\n'
        'wrong(source, key, "value", allowed)\nStoreError(message("text"))\n'
    )
    assert sorted(plain_texts(source)) == [1, 2, 3, 4, 5, 6, 7, 8, 9]


# --- wrong plans in both languages --------------------------------------------------------------------

CREWS = "staffing.crews"
CHANNEL = "strategy.channels.standard_crates"
WRONG: list[tuple[dict[str, Any], dict[str, Any], str, str]] = [
    (
        {"fleet.vans.payload_kg": 5},
        {},
        "fleet.vans.payload_kg: got 5.0; allowed: >= 13, the weight of one order of channel 'standard_crates'",
        "fleet.vans.payload_kg：给出的是5.0；允许的是：>= 13，即渠道 'standard_crates' 每单的重量",
    ),
    (
        {f"{CREWS}.door_team.at": "depot"},
        {},
        f"{CHANNEL}.steps.4.stage.at: got 'drop_point'; allowed: depot, where this crew works",
        f"{CHANNEL}.steps.4.stage.at：给出的是'drop_point'；允许的是：`depot`，即该班组的工作地点",
    ),
    (
        {
            f"{CREWS}.clerks.people": "equipment",
            f"{CREWS}.clerks.productivity": {"start": 0.5, "end": 1, "over_days": 3},
        },
        {},
        f"{CREWS}.clerks.productivity: got 'given'; allowed: nothing for equipment, which is always there",
        f"{CREWS}.clerks.productivity：给出的是“已填写”；允许的是：设备不填此键，因为设备始终在位",
    ),
    (
        {"staffing.max_shift_hours": 8.5},
        {},
        f"{CREWS}.clerks.shifts.0: got '10 h'; allowed: <= 8.5 h of work, staffing.max_shift_hours",
        f"{CREWS}.clerks.shifts.0：给出的是“10 小时”；允许的是：<= 8.5 小时工作时间（`staffing.max_shift_hours`）",
    ),
    (
        {"staffing.closed_loop": {"depot": {"beds": 7}}},
        {},
        "staffing.closed_loop.depot.beds: got 7; allowed: 9 beds at 'hall' for clerks, site_workers; or limit: true",
        "staffing.closed_loop.depot.beds：给出的是7；允许的是：'hall' 处有 9 张床位供 clerks、site_workers 使用；"
        "或 `limit: true`",
    ),
    (
        {"tiers": {"calendar": [{"tier": "sealed", "to_day": 2}, {"tier": "controlled", "from_day": 1}]}},
        {},
        "tiers.calendar.1: got 'days 1 to 2 in the whole area'; allowed: days or areas apart from those of "
        "tiers.calendar.0 (days 0 to 1 in the whole area)",
        "tiers.calendar.1：给出的是“第1天至第2天，全域”；允许的是：与 `tiers.calendar.0`（第0天至第1天，全域）"
        "不重叠的日期或区域",
    ),
    (
        {"scenario.start_date": "2022-03-14", "tiers": {"calendar": [{"tier": "sealed", "from_day": 3}]}},
        {},
        "tiers.calendar.0.from_day: got 3; allowed: within the horizon: day 0 to 2, 2022-03-14 to 2022-03-16",
        "tiers.calendar.0.from_day：给出的是3；允许的是：规划期内：第0天至第2天，即 2022-03-14 至 2022-03-16",
    ),
    (
        {"shocks": {"hall": {"kind": "place", "at": "depot", "from_day": 0, "to_day": 1, "orders": "nearest"}}},
        {},
        "scenario.geography.depots.0.diverts_to: got None; allowed: another depot, for shocks.hall.orders: nearest; "
        "listed places name who takes over",
        "scenario.geography.depots.0.diverts_to：给出的是空值；允许的是：另一个保供点，"
        "供 `shocks.hall.orders: nearest` 使用；逐一列出的地点须写明由谁接替",
    ),
    (
        {"demand": "weekly_13kg", "tiers": {"calendar": [{"tier": "sealed"}]}},
        {"mix": [{"channel": "standard_crates", "tiers": ["controlled"]}], "calendar": []},
        "strategy.mix: got 'none in Whole area'; allowed: a channel that is open to households in tier sealed",
        "strategy.mix：给出的是“全域没有渠道”；允许的是：对封控区的住户开放的渠道",
    ),
    (
        {},
        {"calendar": [{"channel": "standard_crates", "from_day": 0}, {"channel": "standard_crates", "from_day": 9}]},
        "strategy.calendar.1.from_day: got 9; allowed: < 3, the horizon in days",
        "strategy.calendar.1.from_day：给出的是9；允许的是：< 3，即规划期天数",
    ),
]


@pytest.mark.parametrize(("of_world", "of_strategy", "english", "chinese"), WRONG)
def test_a_wrong_plan_reads_well_in_both_languages(
    of_world: dict[str, Any], of_strategy: dict[str, Any], english: str, chinese: str, tmp_path: Path
) -> None:
    world = write(tmp_path / "world.yaml", SCENARIO, of_world)
    way = write(tmp_path / "way.yaml", STRATEGY, of_strategy)
    with pytest.raises(InputError) as caught:
        fit(ss.load_scenario(world), ss.load_strategy(way))
    (said,) = (
        (problem.in_language("en"), problem.in_language("zh"))
        for problem in caught.value.problems
        if problem.in_language("en").endswith(english)
    )
    assert said[1].endswith(chinese)
    assert caught.value.in_language("zh").count("允许的是：") == len(caught.value.problems)


# --- how messages are written ---------------------------------------------------------------------------


def test_lists_titles_and_messages_are_written_in_the_language() -> None:
    districts = [Title(en="North", zh="北区"), Title(en="South", zh="南区")]
    said = message("none_in", districts=districts)
    assert (said.in_language("en"), said.in_language("zh")) == ("none in North, South", "北区、南区没有渠道")
    tiers = message("open_channel", tiers=chain("and_in_tier", [message("tier_sealed"), message("tier_controlled")]))
    assert tiers.in_language("en") == "a channel that is open to households in tier sealed and in tier controlled"
    assert tiers.in_language("zh") == "对封控区、管控区的住户开放的渠道"


def test_one_part_is_no_chain() -> None:
    assert chain("both", ["infant"]) == "infant"


def test_sources_are_named_in_the_language() -> None:
    typed = Problem("seed", "x", message("required"), COMMAND_LINE)
    assert typed.in_language("en") == "command line: seed: got 'x'; allowed: a value; this key is required"
    assert typed.in_language("zh") == "命令行：seed：给出的是'x'；允许的是：一个值；此键必填"
    line = Problem("seed", None, message("required"), "my.yaml", 3)
    assert line.in_language("en") == "my.yaml, line 3: seed: got None; allowed: a value; this key is required"
    assert line.in_language("zh") == "my.yaml第3行：seed：给出的是空值；允许的是：一个值；此键必填"


def test_functions_are_named_in_the_language() -> None:
    point = message("point_and_more", number=3, others=1200)
    of_point = Problem("seed", "x", message("required"), message("with_point", of=title_of("sweep"), point=point))
    assert of_point.in_language("en").startswith("sweep, point 3 and 1,200 more: seed: got 'x'; allowed: ")
    assert of_point.in_language("zh").startswith("参数扫描，第3个点及另外 1,200 个点：seed：给出的是'x'；允许的是：")
    called = Problem("seed", "x", message("required"), "simulate")
    assert called.in_language("en").startswith("simulate: seed: ")
    assert called.in_language("zh").startswith("仿真：seed：")


def test_what_cannot_be_stored_is_said_in_the_language_also_by_another_process() -> None:
    reason_of_it = reason(OSError(errno.ENOSPC, "No space left on device"))
    error = StoreError(message("cannot_write_to", folder=Path("out/runs"), reason=reason_of_it))
    for kept in (error, pickle.loads(pickle.dumps(error))):
        assert kept.in_language("en") == "cannot write to out/runs: No space left on device"
        assert kept.in_language("zh") == "无法写入 out/runs：磁盘空间已满"


@pytest.mark.parametrize(
    "number", ["ENOENT", "EACCES", "EISDIR", "ENOTDIR", "ENOSPC", "EROFS", "EEXIST", "ENAMETOOLONG"]
)
def test_common_errors_of_the_system_are_in_the_catalogue(number: str) -> None:
    said = os.strerror(getattr(errno, number))
    found = reason(OSError(getattr(errno, number), said))
    assert found.in_language("en") == said
    assert not re.search("[A-Za-z]", found.in_language("zh"))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.EMFILE, "Too many open files"), "Too many open files"),
        (OSError("Invalid Parquet\nat byte 3"), "Invalid Parquet"),
        (ValueError("no JSON"), "no JSON"),
        (KeyError(), "KeyError"),
    ],
)
def test_other_errors_are_quoted_as_they_are(error: Exception, said: str) -> None:
    assert reason(error).in_language("en") == said
    assert reason(error).in_language("zh") == f"“{said}”"


def test_long_words_of_ours_are_cut_as_late_as_a_path() -> None:
    districts = [f"district {number}" for number in range(50)]
    shown = Problem("mix", message("none_in", districts=districts), message("required")).in_language("en")
    assert "district 10" in shown
    assert "district 49" not in shown


def test_what_an_error_about_one_value_allows() -> None:
    assert allowed_by(Misfit("at_most", number=3)) == Message("at_most", {"number": 3})
    assert allowed_by(ValueError("a number")) == "a number"


@pytest.mark.parametrize(
    ("names", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_TW.UTF-8", "LC_MESSAGES": "C"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_the_locale_chooses_the_language(names: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    assert language_of_locale() == language
    assert str(message("no_step")) == {"en": "no step", "zh": "没有任何一步"}[language]
