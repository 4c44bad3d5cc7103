"""In Chinese no English word is left in answers, tables, figures and lists, whatever is built in and asked for.

What a message says of wrong input is looked at in ``test_everything_is_in_both_languages.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from matplotlib.figure import Figure
from matplotlib.text import Text

import simsupply as ss
from simsupply.base.catalogue import FOLDER
from simsupply.cli.list_command import LISTS
from simsupply.config.compose import compose_config
from simsupply.config.load import world_from
from simsupply.config.option_titles import group_in_words, option_title
from simsupply.config.yaml_files import built_in
from simsupply.experiment import bottleneck
from simsupply.experiment.constraints import ConstraintKind
from simsupply.figures.labels import SPLITS, TEXTS
from simsupply.measures.metric_registry import ENTRIES
from simsupply.report import shown_tables
from simsupply.scenario.group_titles import GROUPS, group_label
from simsupply.scenario.staff_titles import staff_titles
from simsupply.scenario.world_spec import WorldSpec
from simsupply.strategy import parameter_titles
from simsupply.strategy.parameter_titles import parameter_title
from simsupply.strategy.step_titles import STAGES, stage_label
from tests.cli.chinese import set_locale
from tests.helpers.command_line import call

# Names of file formats, encodings, methods and programs, unit symbols, and letters of statistics.
ALLOWED = frozenset(
    {"CSV", "Excel", "GB18030", "Markdown", "Parquet", "PNG", "SVG", "UTF", "YAML"}
    | {"Hydra", "Morris", "Saltelli", "Sobol", "simsupply"}
    | {"GiB", "MB", "km", "kg", "h", "min", "p", "m"}
)
_WORD = re.compile(r"(?<![\w.])[A-Za-z][A-Za-z0-9]*(?![\w.=])")
# Keys, metrics, files and folders are told by their signs: a dot, an underscore, a slash, an ending.
_NAME = re.compile(r"`[^`]*`|[\w<>-]*[._/][\w.<>/-]*|\bp(?= ?[<>=])", re.ASCII)


def english(text: str, *given: str) -> list[str]:
    """Words of a text that are English, and neither names by their signs nor what the user gave.

    >>> english("瓶颈环节：pack（忙碌 72%）"), english("车辆数 fleet.vans.count 为 2 km")
    (['pack'], [])
    """
    for word in sorted(given, key=len, reverse=True):
        text = text.replace(word, "·")
    return [word for word in _WORD.findall(_NAME.sub("·", text)) if word not in ALLOWED]


def test_the_list_of_allowed_words_is_short() -> None:
    assert len(ALLOWED) <= 30
    assert english("held back by Pack") == ["held", "back", "by", "Pack"]
    assert english("拣货 (site_workers) 的均值 ± 3 kg，见 out/answer.md，p < 0.05") == []
    assert english("每处 headcount = 3") == ["headcount"]
    assert english("策略 my way 更好", "my way") == []


# --- what is built in ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", built_in("scenario"))
def test_every_name_of_a_built_in_scenario_has_a_title(name: str) -> None:
    """With every strategy the same: crews, fleets, goods, households, sources, reserves, shocks, districts."""
    # The specification alone: laying out a million households takes long.
    spec = world_from(compose_config("run", [f"scenario={name}"]), name)
    shown = [spec.scenario.title.zh, *staff_titles(spec, "zh").values()]
    shown += [group_label(group, "zh") for group in (*(spec.goods or {}), *spec.scenario.households.kinds)]
    supply = [] if spec.supply is None else [*spec.supply.sources.values(), *spec.supply.reserves.values()]
    shown += [part.title.zh if part.title else "untitled" for part in (*supply, *spec.shocks.values())]
    assert [text for text in shown if english(text) or text.isascii()] == []


@pytest.mark.parametrize("name", built_in("strategy"))
def test_every_name_of_a_built_in_strategy_has_a_title(name: str) -> None:
    strategy = ss.load_strategy(name)
    shown = [strategy.title.zh, *(channel.title.zh for channel in strategy.channels.values())]
    shown += [trigger.title.zh if trigger.title else "untitled" for trigger in strategy.triggers.values()]
    shown += [stage_label(step.body.name, "zh") for way in strategy.channels.values() for step in way.steps]
    assert [text for text in shown if english(text) or text.isascii()] == []


@pytest.mark.parametrize("kind", [None, *LISTS])
def test_lists(kind: str | None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    set_locale(monkeypatch, LANG="zh_CN.UTF-8")
    found = call(capsys, "list", *([kind] if kind else []))
    assert (found.status, found.err) == (0, "")
    for line in found.out.splitlines():
        _, _, about = line.strip().partition("（" if kind is None and line.endswith("：") else " ")
        assert about.strip(), line
        assert english(about) == [], line
    assert call(capsys, "list", *([kind] if kind else []), "language=zh").out == found.out
    assert call(capsys, "list", *([kind] if kind else []), "language=en").out.isascii()


def test_titles_in_the_code() -> None:
    tables = (TEXTS, SPLITS, GROUPS, STAGES, {entry.name: entry.titles.model_dump() for entry in ENTRIES})
    shown = [re.sub(r"\{\w+\}", "", words["zh"]) for table in tables for words in table.values()]
    assert [text for text in shown if english(text)] == []


def test_every_kind_of_constraint_and_column_of_one_more_has_a_title() -> None:
    assert set(shown_tables._KINDS) == set(get_args(ConstraintKind))
    assert set(bottleneck.COLUMNS) <= set(shown_tables._COLUMNS)
    assert [text for text in shown_tables._KINDS.values() if english(text)] == []


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for path in FOLDER.glob("*.yaml"):
        found |= yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def test_what_is_said_while_a_command_runs() -> None:
    """Progress and notices; their placeholders are numbers, files and titles."""
    codes = [code for code in _catalogue() if code.endswith(("_in_hand", "_written", "_added", "_anew"))]
    assert len(codes) > 4
    shown = [re.sub(r"\{[^}]*\}", "", _catalogue()[code]["zh"]) for code in codes]
    assert [text for text in shown if english(text)] == []


def test_options_and_keys_in_words() -> None:
    assert option_title("strategy", "standard_crates", "zh") == "标准箱"
    assert option_title("strategy", "my_way.yaml", "zh") == "my_way.yaml"
    assert option_title("staffing.attendance", "0.5", "zh") == "0.5"
    assert parameter_title("staffing.attendance", "zh") == "到岗率"
    assert parameter_title("staffing.crews.pickers.headcount", "zh") == "班组人数 staffing.crews.pickers.headcount"
    assert parameter_title("shocks.flood.to_day", "zh") == "shocks.flood.to_day"
    assert (
        group_in_words("strategy = standard_crates, staffing.attendance = 0.5", "zh") == "策略为标准箱、到岗率 为 0.5"
    )
    assert group_in_words("strategy = standard_crates", "en") == "strategy = standard_crates"


def test_the_keys_that_have_titles_exist() -> None:
    """A key of a parameter's title, with a star for a name, is a key of some specification."""
    schema = WorldSpec.model_json_schema()
    keys = set(_keys_of(schema, schema["$defs"], 6))
    known = [key for key in parameter_titles._TITLES if key not in ("strategy", "seed")]
    assert [key for key in known if key not in keys] == []


def _keys_of(node: Any, definitions: dict[str, Any], depth: int) -> Iterator[str]:
    """Dotted keys below a node of a schema; a star for free names."""
    if "$ref" in node:
        yield from _keys_of(definitions[node["$ref"].rsplit("/", 1)[-1]], definitions, depth)
        return
    for branch in (*node.get("anyOf", ()), *node.get("oneOf", ())):
        yield from _keys_of(branch, definitions, depth)
    below = dict(node.get("properties", {}))
    free = [*node.get("patternProperties", {}).values(), node.get("additionalProperties")]
    named = [("*", values) for values in free if isinstance(values, dict)]
    for key, values in (*below.items(), *named):
        yield key
        if depth:
            yield from (f"{key}.{rest}" for rest in _keys_of(values, definitions, depth - 1))


# --- what commands print, write and draw --------------------------------------------------------------

RUNS = [
    "scenario=demo_whole strategy=whole_mechanism",
    "scenario=sealed_compounds strategy=norm_mobile_vans precision.metrics={coverage:5%} precision.max=3",
    "scenario=sealed_region strategy=through_gateway bottleneck=coverage",
    "scenario=scarce_goods strategy=scarce_four_priorities",
    "scenario=campus strategy=bulk_and_small",
    "scenario=township strategy=next_day_lists",
]
COMPARISONS = [
    "scenario=demo_city strategies=[standard_crates_via_stations,individual_orders_via_stations] attendance=[1,0.3]",
    "scenario=demo_city strategies=[standard_crates_via_stations,individual_orders_via_stations] attendance=null "
    "levels={staffing.crews.sorters.headcount:[1,3]} select.method=kn select.metric=coverage select.zone=0.3",
]
SWEEPS = [
    "strategy=standard_crates_via_stations,individual_orders_via_stations staffing.attendance=0.3,1",
    "design=tornado staffing.attendance=interval(0.3,1) fleet.trucks.speed_km_h=interval(5,80) "
    "sensitivity=tornado:coverage",
    "design=morris points=4 staffing.attendance=interval(0.3,1) fleet.trucks.speed_km_h=interval(10,40) "
    "strategy=standard_crates_via_stations,individual_orders_via_stations sensitivity=morris:coverage",
    "design=boundary staffing.attendance=interval(0.1,1) fleet.trucks.speed_km_h=interval(5,40) "
    "sensitivity=boundary:coverage:0.9",
]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Texts of every figure that is saved."""
    found: list[str] = []
    save = Figure.savefig

    def kept(figure: Figure, *given: Any, **more: Any) -> None:
        save(figure, *given, **more)
        texts = [text for text in figure.findobj(Text) if text.get_visible()]
        found.extend(text.get_text().replace("\n", "") for text in texts if text.get_text().strip())

    monkeypatch.setattr(Figure, "savefig", kept)
    return found


def _check(capsys: pytest.CaptureFixture[str], folder: Path, drawn: list[str], command: str, line: str) -> None:
    words = [*line.split(), "language=zh", f"output={folder}"]
    found = call(capsys, command, *words)
    assert found.status == 0, found.err
    answer = folder / "answer.md"
    written = answer.read_text(encoding="utf-8").splitlines() if answer.exists() else []
    # Names of figures in the page are those of their files.
    written = [re.sub(r"!\[\w+\]", "", text) for text in written]
    shown = [text.replace(str(folder), "·") for text in (*found.out.splitlines(), *found.err.splitlines(), *written)]
    # The last column of a table of measures is their keys; some are one word.
    shown = [re.sub(r"  [a-z]+$", "", text) for text in shown]
    assert drawn
    assert [text for text in (*shown, *drawn) if english(text)] == []


@pytest.mark.lengthy
@pytest.mark.parametrize("line", RUNS)
def test_runs(line: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, drawn: list[str]) -> None:
    _check(capsys, tmp_path / "out", drawn, "run", f"{line} replications=2")


@pytest.mark.lengthy
@pytest.mark.parametrize("line", COMPARISONS)
def test_comparisons(line: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, drawn: list[str]) -> None:
    _check(capsys, tmp_path / "out", drawn, "compare", f"{line} replications=3")


@pytest.mark.lengthy
@pytest.mark.parametrize("line", SWEEPS)
def test_sweeps(line: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, drawn: list[str]) -> None:
    more = "scenario=demo_city replications=2 executor=serial metrics=[coverage,fill_rate]"
    if "strategy=" not in line:
        more += " strategy=standard_crates_via_stations"
    _check(capsys, tmp_path / "out", drawn, "sweep", f"{more} {line}")


@pytest.mark.lengthy
def test_results(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_locale(monkeypatch, LANG="zh_CN.UTF-8")
    words = "scenario=demo_city strategy=standard_crates_via_stations staffing.attendance=0.5,1 replications=1"
    assert call(capsys, "sweep", *words.split(), "executor=serial", f"output={tmp_path / 'out'}").status == 0
    for form in ("points", "table", "runs", "sweeps", "failed"):
        found = call(capsys, "results", str(tmp_path / "out"), f"form={form}")
        lines = found.out.replace(str(tmp_path), "·").splitlines()
        # A sweep is called by its digest and its design by its name.
        lines = [re.sub(r"\b[0-9a-f]{16}\b|\bgrid\b", "", line) for line in lines]
        assert [line for line in lines if english(line)] == []
