"""A plan in which every name is Chinese runs in every command, and is spoken of by its titles, else its names."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import simsupply as ss
from simsupply.experiment.comparison import Case
from simsupply.figures.figure_registry import RUN_FIGURES
from simsupply.figures.group_tables import who_goes_without
from simsupply.measures.metric_registry import metric_label
from simsupply.report.answer import answer
from simsupply.results.result import Result
from simsupply.strategy.step_titles import step_labels
from tests.helpers.command_line import call
from tests.helpers.engines import assert_same_record, simulate
from tests.plans.chinese_plan import SCENARIO, STRATEGY
from tests.plans.tiny_plan import write


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Words that name the plan's two files, in the folder of which the test runs."""
    monkeypatch.chdir(tmp_path)
    return [
        f"scenario={write(tmp_path / '村.yaml', SCENARIO)}",
        f"strategy={write(tmp_path / '送.yaml', STRATEGY)}",
    ]


def _result() -> Result:
    return ss.simulate(ss.load_scenario(SCENARIO), ss.load_strategy(STRATEGY), replications=2, seed=3)


def test_both_engines_run_it_alike() -> None:
    scenario, strategy = ss.load_scenario(SCENARIO), ss.load_strategy(STRATEGY)
    (record, times), (other, other_times) = (
        simulate(scenario, strategy, 3, engine) for engine in ("auto", "reference")
    )
    assert_same_record(record, other)
    assert times == other_times


@pytest.mark.parametrize("language", ["en", "zh"])
def test_run(files: list[str], language: str, capsys: pytest.CaptureFixture[str]) -> None:
    done = call(
        capsys,
        *("run", *files, "replications=2", "output=输出", f"language={language}", "bottleneck=empty_pantry_h"),
        *("staffing.crews.打包.headcount=3", 'staffing.crews."装 车".headcount=2'),
    )
    assert (done.status, done.err.count("□")) == (0, 0)
    summary = json.loads(Path("输出/summary.json").read_text(encoding="utf-8"))
    assert {"wait_h.配货.people", "utilisation.装 车", "wait_h.村里'送货'.vehicle"} <= set(summary["metrics"])
    told = json.loads(Path("输出/provenance.json").read_text(encoding="utf-8"))
    assert {"staffing.crews.打包.headcount", "staffing.crews.装 车.headcount"} <= set(told["inputs"]["overrides"])
    crews = told["config"]["staffing"]["crews"]
    assert (crews["打包"]["headcount"], crews["装 车"]["headcount"]) == (3, 2)


def test_compare_at_levels_of_a_crew_with_a_blank(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    levels = 'levels={staffing.crews."装 车".headcount: [1, 2]}'
    strategies = f"strategies=[{files[1].removeprefix('strategy=')}]"
    done = call(capsys, "compare", files[0], strategies, levels, "replications=2", "output=out", "language=zh")
    assert done.status == 0, done.err
    assert "装 车 班组人数 = 2" in Path("out/answer.md").read_text("utf-8")


def test_sweep_and_results(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    swept = ("staffing.crews.打包.headcount=1,3", 'staffing.crews."装 车".headcount=2', "metrics=[wait_h.配货.people]")
    done = call(capsys, "sweep", *files, *swept, "replications=1", "workers=1", "output=扫", "language=en")
    assert done.status == 0, done.err
    table = pd.read_csv("扫/table.csv")
    assert sorted(set(table["staffing.crews.打包.headcount"])) == [1, 3]
    waits = table[table["metric"] == "wait_h.配货.people"].set_index("staffing.crews.打包.headcount")["mean"]
    assert waits[1] > waits[3] > 0
    done = call(capsys, "results", "扫", "staffing.crews.打包.headcount=3")
    assert done.status == 0, done.err


def test_points_of_a_csv_name_a_crew_with_a_blank(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    Path("点.csv").write_text('staffing.crews.打包.headcount,"staffing.crews.""装 车"".headcount"\n1,2\n2,2\n', "utf-8")
    words = ("design=csv", "file=点.csv", "replications=1", "workers=1", "output=out", "language=en")
    done = call(capsys, "sweep", *files, *words)
    assert done.status == 0, done.err
    assert sorted(set(pd.read_csv("out/table.csv")["staffing.crews.打包.headcount"])) == [1, 2]


def test_titles_are_shown_and_else_names() -> None:
    """`配货` has a title in each language, `静置` one text for both, `上门` none."""
    result = _result()
    assert {language: step_labels([result.strategy], language)["配货"] for language in ("en", "zh")} == {  # type: ignore[arg-type]
        "en": "Make up baskets",
        "zh": "按单配货",
    }
    labels = step_labels([result.strategy], "en")
    assert (labels["静置"], labels["上门"]) == ("消杀后静置半小时", "上门")
    assert metric_label("wait_h.配货.people", "en", labels) == "Wait: Make up baskets, for people"
    table = Case(result.strategy, 0.9, result).utilisation("zh")
    assert dict(zip(table["stage"], table["title"], strict=True))["配货"] == "按单配货"
    groups = who_goes_without(result, "en").set_index("split")["group"]
    assert list(groups["goods"]) == ["Greens", "米面", "奶粉"]
    assert "With an infant" in set(groups["kind"])


@pytest.mark.parametrize(("language", "shown"), [("en", ["Emergency bags"]), ("zh", ["应急包"])])
def test_the_answer_speaks_of_titles(language: str, shown: list[str]) -> None:
    said = answer(_result(), language)  # type: ignore[arg-type]
    assert all(title in said for title in shown)


def test_steps_of_one_title_are_told_apart() -> None:
    data = {
        **STRATEGY,
        "channels": {"菜篮子": STRATEGY["channels"]["菜篮子"]},
        "mix": [{"channel": "菜篮子"}],
        "triggers": {},
    }
    steps = [
        {kind: {**body, "title": "同名"}}
        for step in data["channels"]["菜篮子"]["steps"][:2]
        for kind, body in step.items()
    ]
    channel = {**data["channels"]["菜篮子"], "steps": steps + data["channels"]["菜篮子"]["steps"][2:]}
    strategy = ss.load_strategy({**data, "channels": {"菜篮子": channel}})
    labels = step_labels([strategy], "zh")
    assert (labels["配货"], labels["装 车"]) == ("同名 (配货)", "同名 (装 车)")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_figures_draw_every_character(language: str) -> None:
    from simsupply.figures.typeface import undrawn_characters

    result = _result()
    with undrawn_characters() as found:
        for figure in RUN_FIGURES:
            figure.draw(result, language)  # type: ignore[arg-type]
    assert found == set()


def test_a_bar_in_a_title_does_not_end_its_cell(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    Path("送.yaml").write_text(Path("送.yaml").read_text("utf-8").replace("各队送菜上门", "甲|乙"), encoding="utf-8")
    done = call(capsys, "compare", files[0], "strategies=[送.yaml]", "attendance=[1.0]", "replications=1", "output=out")
    assert done.status == 0, done.err
    head, _, row = [line for line in Path("out/answer.md").read_text("utf-8").splitlines() if line.startswith("|")][:3]
    assert "甲\\|乙" in row
    assert row.replace("\\|", "").count("|") == head.count("|")


def test_a_table_keeps_how_many_can_unload(tmp_path: Path) -> None:
    """A spread plan with docks for unloading at stations is the same plan with its places listed."""
    from simsupply.config import listed_template

    plan = ss.load_scenario("subdistrict", ["+scenario.geography.stations={count: 2, docks: 3, unload_docks: 1}"])
    assert plan.places.unload_docks["station"].tolist() == [1, 1]
    found = listed_template.written_out(plan, plan.settings.geography, "station")  # type: ignore[arg-type]
    assert [(place["docks"], place["unload_docks"]) for place in found] == [(3, 1), (3, 1)]
