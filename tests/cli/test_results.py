"""What `run` and `compare` write and print."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import simsupply as ss
from simsupply import __version__
from simsupply.config.overrides import points_of
from simsupply.measures.metric_registry import METRICS, unit_of
from simsupply.strategy.waits import waits_of_plan
from tests.helpers.command_line import call, start
from tests.plans.tiny_plan import SCENARIO, STRATEGY, changed, write

# The contract (design.md); users' scripts depend on these names.
PROMISED = {
    "coverage",
    "fill_rate",
    "time_to_first_delivery_h",
    "time_to_first_delivery_h_p95",
    "gap_h_p95",
    "deprived_household_days",
    "priority_on_time_share",
    "gini_kg_per_person",
    "orders_attempted",
    "orders_accepted",
    "orders_rejected",
    "orders_delivered",
    "backlog_peak_orders",
    "spoiled_kg",
    "vehicle_km",
    "worker_hours",
    "volunteer_hours",
    "contacts",
    "cost",
    "mass_balance_error_kg",
}
CONTACTS = {f"contacts.{kind}" for kind in ("gate", "queue", "door", "shop")}
FIGURES = {f"figures/{name}.{ending}" for name in ("coverage", "utilisation") for ending in ("png", "svg")}


@dataclass(frozen=True)
class Written:
    """Folder that a command filled, and what it printed."""

    folder: Path
    out: str
    plan: str

    def json(self, name: str) -> Any:
        """Strictly: NaN and Infinity are no JSON."""

        def refuse(word: str) -> None:
            raise AssertionError(f"{name} holds {word}")

        return json.loads((self.folder / name).read_text(encoding="utf-8"), parse_constant=refuse)

    @property
    def files(self) -> set[str]:
        return {str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return _written(tmp_path_factory, "run", "replications=3", "seed=5", "staffing.attendance=0.5")


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return _written(tmp_path_factory, "compare", "replications=3", "seed=5", "attendance=[1.0,0.3,0.0]")


def _written(factory: pytest.TempPathFactory, command: str, *words: str) -> Written:
    import contextlib
    import io

    from simsupply.cli.main import main

    folder = factory.mktemp(command)
    own_plan, result = write(folder / "mine.yaml", SCENARIO), folder / "deep" / "result"
    with contextlib.redirect_stdout(io.StringIO()) as out:
        assert main([command, f"scenario={own_plan}", *words, f"output={result}"]) == 0
    return Written(result, out.getvalue(), own_plan)


# --- run --------------------------------------------------------------------------------------------


def test_run_writes_these_files_and_no_others(ran: Written) -> None:
    tables = {
        "answer.md",
        "summary.json",
        "replications.parquet",
        "days.parquet",
        "staff.parquet",
        "vehicles.parquet",
        "waits.parquet",
        "splits.parquet",
        "splits.csv",
        "coverage.parquet",
        "distribution.csv",
        "provenance.json",
    }
    figures = {*FIGURES, "figures/who_goes_without.png", "figures/who_goes_without.svg"}
    assert ran.files == {*tables, *figures}
    for name in figures:
        start = (ran.folder / name).read_bytes()[:5]
        assert start == (b"\x89PNG\r" if name.endswith("png") else b"<?xml")
    assert ran.out.rstrip().endswith(f"written to {ran.folder}/")


def test_summary(ran: Written) -> None:
    summary = ran.json("summary.json")
    assert list(summary) == ["scenario", "strategy", "seed", "replications", "metrics"]
    assert summary["scenario"] == "my_estate"
    assert summary["strategy"] == "standard_crates"
    assert (summary["seed"], summary["replications"]) == (5, 3)
    metrics = summary["metrics"]
    stages = {f"utilisation.{name}" for name in ("compile", "pack", "deliver", "door")}
    assert PROMISED | stages <= set(metrics)
    waits = {f"wait_h.{part}" for part in waits_of_plan(ss.load_strategy("standard_crates"))}
    assert len(waits) == 13
    assert set(metrics) == {metric.name for metric in METRICS} | CONTACTS | stages | waits
    for name, found in metrics.items():
        assert list(found) == ["mean", "ci_low", "ci_high", "n", "unit"]
        assert found["unit"] == unit_of(name)
        assert found["n"] <= 3
        assert (found["mean"] is None) == (found["n"] < 3)
        if found["mean"] is not None:
            assert found["ci_low"] <= found["mean"] <= found["ci_high"]


@pytest.mark.lengthy
def test_run_prints_the_answer_in_its_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own_plan = write(tmp_path / "mine.yaml", SCENARIO)
    said = {
        language: call(
            capsys, "run", f"scenario={own_plan}", "replications=2", f"language={language}", f"output={tmp_path}"
        )
        for language in ("en", "zh")
    }
    assert "\nMy estate: Standard crates\n\nOf what households need in 3 days, " in said["en"].out
    assert "\n我的小区: 标准箱\n\n住户3天所需物资中，" in said["zh"].out
    # What holds the plan back was tried: nobody waits for long, but the first day's lack of food is shorter with more.
    assert "Held back by " in said["en"].out
    assert "瓶颈：" in said["zh"].out


def test_days(ran: Written) -> None:
    """Every order of the summary is on one of the days."""
    table = pd.read_parquet(ran.folder / "days.parquet")
    assert list(table.columns) == ["replication", "day", "channel", "measure", "value"]
    assert set(table["day"]) == {0, 1, 2}
    assert set(table["replication"]) == {0, 1, 2}
    metrics = ran.json("summary.json")["metrics"]
    for measure in ("attempted", "accepted", "rejected", "cancelled", "delivered"):
        sums = table[table["measure"] == measure].groupby("replication")["value"].sum()
        assert sums.mean() == pytest.approx(metrics[f"orders_{measure}"]["mean"])


@pytest.mark.lengthy
def test_orders_by_day_are_drawn_where_days_differ(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With a surge; a later run without one leaves no figure of the earlier."""
    own_plan = write(tmp_path / "mine.yaml", SCENARIO)
    words = [
        "run",
        f"scenario={own_plan}",
        "strategy=individual_orders",
        "replications=2",
        f"output={tmp_path / 'out'}",
    ]
    drawn = [tmp_path / "out" / "figures" / f"orders_by_day.{ending}" for ending in ("png", "svg")]
    for demand, is_drawn in (("surge_25x", True), ("weekly_13kg", False)):
        assert call(capsys, *words, f"demand={demand}").status == 0
        assert [path.exists() for path in drawn] == [is_drawn, is_drawn]


def test_replications(ran: Written) -> None:
    table = pd.read_parquet(ran.folder / "replications.parquet")
    assert list(table.columns) == ["replication", "metric", "value", "unit"]
    assert sorted(set(table["replication"])) == [0, 1, 2]
    metrics = ran.json("summary.json")["metrics"]
    assert set(table["metric"]) == set(metrics)
    assert not table.duplicated(["replication", "metric"]).any()
    for name, values in table.groupby("metric")["value"]:
        if metrics[name]["mean"] is not None:
            assert values.mean() == pytest.approx(metrics[name]["mean"], rel=1e-12, abs=1e-12)


def test_splits(ran: Written) -> None:
    """One district, tier, channel and group of goods: only priority households and others are told apart."""
    table = pd.read_parquet(ran.folder / "splits.parquet")
    assert list(table.columns) == ["replication", "split", "group", "metric", "value", "unit"]
    assert set(table["split"]) == {"kind"}
    assert set(table["group"]) == {"priority", "other"}
    assert (ran.folder / "splits.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    shown = pd.read_csv(ran.folder / "splits.csv").set_index(["group", "metric"])
    assert set(shown["title"]) == {"Priority households", "Other households"}
    for key, values in table.groupby(["group", "metric"])["value"]:
        if values.notna().all():
            assert shown.loc[key, "mean"] == pytest.approx(values.mean(), rel=1e-12, abs=1e-12)


@pytest.mark.lengthy
def test_chinese_splits_and_households(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Titles in the run's language; with detail one row per household; a figure of an earlier run goes."""
    own_plan, folder = write(tmp_path / "mine.yaml", SCENARIO), tmp_path / "result"
    words = [f"scenario={own_plan}", "replications=2", "language=zh", "detail=stages", f"output={folder}"]
    assert call(capsys, "run", *words).status == 0
    assert set(pd.read_csv(folder / "splits.csv")["title"]) == {"特殊困难群体", "其他家庭"}
    households = pd.read_parquet(folder / "households")
    assert len(households) == 2 * 100
    assert set(households["replication"]) == {0, 1}
    assert (folder / "figures" / "who_goes_without.png").exists()
    assert call(capsys, "run", *words, "scenario.households.priority_share=0").status == 0
    assert not list((folder / "figures").glob("who_goes_without*"))
    assert len(pd.read_parquet(folder / "splits.parquet")) == 0


def test_provenance(ran: Written) -> None:
    found = ran.json("provenance.json")
    assert found["simsupply"] == __version__
    assert found["seed"] == 5
    assert "commit" in found
    assert found["config"]["scenario"] == SCENARIO["scenario"]
    assert found["config"]["staffing"]["attendance"] == 0.5
    assert found["config"]["demand"]["need_kg_per_household_week"] == 13.0
    assert found["config"]["strategy"]["name"] == "standard_crates"
    assert {"python", "platform", "numpy", "scipy", "numba", "simpy", "pandas"} <= set(found["environment"])


def test_a_run_can_be_repeated_from_its_provenance(ran: Written) -> None:
    config = ran.json("provenance.json")["config"]
    again = ss.simulate(
        ss.load_scenario(config), ss.load_strategy(config["strategy"]), replications=3, seed=config["seed"]
    )
    stored = {name: found["mean"] for name, found in ran.json("summary.json")["metrics"].items()}
    assert {name: again.estimate(name).mean for name in again.values.columns} == stored


def test_printed_table_holds_every_metric(ran: Written) -> None:
    printed = {line.split()[0]: line.split() for line in ran.out.splitlines() if line}
    for name, found in ran.json("summary.json")["metrics"].items():
        shown = "-" if found["mean"] is None else f"{found['mean']:,.3f}"
        assert printed[name][1] == shown
    assert "nan" not in ran.out.lower()
    assert "None" not in ran.out


# --- compare ----------------------------------------------------------------------------------------


@pytest.mark.lengthy
def test_compare_writes_these_files_and_no_others(compared: Written) -> None:
    tables = {"answer.md", "table.csv", "comparison.json", "replications.parquet", "provenance.json"}
    figures = {*FIGURES, "figures/for_whom.png", "figures/for_whom.svg"}
    assert compared.files == {*tables, "differences.csv", "for_whom.csv", *figures}


@pytest.mark.lengthy
def test_answer_and_printed_table_agree(compared: Written) -> None:
    text = (compared.folder / "answer.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    del rows[1]
    printed = [
        re.split(r"\s{2,}", line.strip()) for line in compared.out.splitlines() if re.match(r"attendance|\d", line)
    ]
    assert printed == rows
    assert [row[0] for row in rows[1:]] == ["100 %"] * 2 + ["30 %"] * 2 + ["0 %"] * 2
    assert [row[1] for row in rows[1:3]] == ["Standard crates", "Individual orders"]
    sentence = next(line for line in text.splitlines() if "every household" in line)
    assert sentence in compared.out
    assert text.startswith("# My estate\n")


@pytest.mark.lengthy
def test_table_agrees_with_the_answer(compared: Written) -> None:
    table = pd.read_csv(compared.folder / "table.csv", encoding="utf-8-sig")
    assert (compared.folder / "table.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert list(table["attendance"]) == [1.0, 1.0, 0.3, 0.3, 0.0, 0.0]
    text = (compared.folder / "answer.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")] for line in text.splitlines() if re.match(r"\| \d", line)]
    for column, metric in ((3, "fill_rate"), (4, "hungry_household_share_worst_day"), (6, "coverage")):
        for share, row in zip(table[metric], rows, strict=True):
            assert float(re.match(r"[<>]?([\d.]+)", row[column])[1]) == pytest.approx(share * 100, abs=0.5)


def test_comparison_holds_a_summary_per_case(compared: Written) -> None:
    cases = compared.json("comparison.json")["cases"]
    assert len(cases) == 6
    for case in cases:
        assert set(case["metrics"]) >= PROMISED
        assert any(name.startswith("utilisation.") for name in case["metrics"])
    nobody = [case for case in cases if case["attendance"] == 0]
    assert [case["metrics"]["coverage"]["mean"] for case in nobody] == [0, 0]
    table = pd.read_parquet(compared.folder / "replications.parquet")
    assert list(table.columns) == ["strategy", "scenario", "attendance", "replication", "metric", "value", "unit"]
    assert len(table.drop_duplicates(["strategy", "attendance", "replication"])) == 6 * 3


def test_compare_is_run_at_each_level(compared: Written, ran: Written) -> None:
    """A case equals `run` with the same attendance and seed."""
    scenario = ss.load_scenario(compared.plan, ["staffing.attendance=0.3"])
    alone = ss.simulate(scenario, "individual_orders", replications=3, seed=5)
    (case,) = (
        case
        for case in compared.json("comparison.json")["cases"]
        if (case["attendance"], case["strategy"]) == (0.3, "individual_orders")
    )
    assert {name: alone.estimate(name).mean for name in alone.values.columns} == {
        name: found["mean"] for name, found in case["metrics"].items()
    }


@pytest.mark.lengthy
def test_chinese_answer(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    own_plan, folder = write(tmp_path / "mine.yaml", SCENARIO), tmp_path / "result"
    found = call(
        capsys,
        "compare",
        f"scenario={own_plan}",
        "attendance=[0.5]",
        "replications=1",
        "language=zh",
        f"output={folder}",
    )
    assert found.status == 0
    text = (folder / "answer.md").read_text(encoding="utf-8")
    assert text.startswith("# 我的小区\n")
    assert "标准箱" in text
    assert "到岗率" in found.out


@pytest.mark.lengthy
def test_compare_at_levels_of_another_key(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The attendances of the configuration are set aside; each level is the plan with that value."""
    own_plan, result = write(tmp_path / "mine.yaml", SCENARIO), tmp_path / "result"
    words = ["replications=2", "levels={fleet.vans.count: [2, 1]}", "language=zh", f"output={result}"]
    found = call(capsys, "compare", f"scenario={own_plan}", *words)
    assert found.status == 0
    table = pd.read_csv(result / "table.csv", encoding="utf-8-sig")
    assert list(table["fleet.vans.count"]) == [2, 2, 1, 1]
    assert list(pd.read_csv(result / "differences.csv")["fleet.vans.count"].unique()) == [2, 1]
    whole = json.loads((result / "comparison.json").read_text(encoding="utf-8"))
    assert [case["fleet.vans.count"] for case in whole["cases"]] == [2, 2, 1, 1]
    config = json.loads((result / "provenance.json").read_text(encoding="utf-8"))["config"]
    assert (config["levels"], config["attendance"]) == ({"fleet.vans.count": [2, 1]}, None)
    assert "- “vans 车辆数 = 1”时，" in found.out
    assert "到岗率" not in found.out
    assert "vans 车辆数 = 1" in (result / "answer.md").read_text(encoding="utf-8")
    alone = ss.simulate(ss.load_scenario(own_plan, ["fleet.vans.count=1"]), "individual_orders", replications=2)
    assert table["coverage"].iloc[3] == pytest.approx(alone.values["coverage"].mean())


# --- users' own files, sweeps -----------------------------------------------------------------------


def config_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "provenance.json").read_text())["config"]
    return found


@pytest.mark.lengthy
def test_own_scenario_and_strategy_with_overrides_on_top(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An override beats the file, a group chosen on the command line replaces the file's section."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "我的 plan.yaml", changed(SCENARIO, {"demand": "every_3_days_13kg"}))
    write(tmp_path / "way.YML", STRATEGY)
    found = call(
        capsys,
        "run",
        "scenario=我的 plan.yaml",
        "strategy=./way.YML",
        "demand=weekly_13kg",
        "fleet=town_vans",
        "staffing.crews.clerks.headcount=2",
        "staffing.crews.door_team.attendance=1",
        "scenario.geography.drop_points.1.households=7",
        "replications=1",
        "output=2024",
    )
    assert found.status == 0, found.err
    config = config_of(tmp_path / "2024")
    assert config["demand"]["cycle_days"] == 7
    assert config["fleet"]["vans"]["payload_kg"] == 1500
    assert config["staffing"]["crews"]["clerks"]["headcount"] == 2
    assert config["staffing"]["crews"]["site_workers"]["headcount"] == 6
    # A key that the file leaves out can be set all the same.
    assert config["staffing"]["crews"]["door_team"]["attendance"] == 1
    assert config["scenario"]["geography"]["drop_points"][1]["households"] == 7
    assert config["strategy"]["name"] == "my_way"
    assert json.loads((tmp_path / "2024" / "summary.json").read_text())["strategy"] == "my_way"


def test_own_strategy_beside_a_built_in_one(tmp_path: Path) -> None:
    scenario = ss.load_scenario(write(tmp_path / "mine.yaml", SCENARIO))
    way = write(tmp_path / "way.yaml", STRATEGY)
    table = ss.compare(scenario, [way, "standard_crates"], replications=2).table()
    assert list(table["strategy"]) == ["my_way", "standard_crates"]
    assert table["coverage"].nunique() == 1


@pytest.mark.lengthy
def test_sweep_writes_a_folder_for_each_job(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two files whose names differ in Chinese only stay two scenarios."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "东.yaml", SCENARIO, {"scenario.name": "east"})
    write(tmp_path / "西.yaml", SCENARIO, {"scenario.name": "west"})
    words = ["scenario=东.yaml,西.yaml", "staffing.attendance=0.5", "replications=1", "output=sweep"]
    found = call(capsys, "run", "-m", *words)
    assert found.status == 0, found.err
    assert sorted(path.name for path in (tmp_path / "sweep").iterdir()) == ["0", "1"]
    jobs = [config_of(tmp_path / "sweep" / name) for name in ("0", "1")]
    assert [(job["scenario"]["name"], job["staffing"]["attendance"]) for job in jobs] == [("east", 0.5), ("west", 0.5)]
    assert "[2/2] sweep/1" in found.out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sweep", "东.yaml", "西.yaml"]


def test_points_of_a_sweep() -> None:
    points = points_of(["seed=1,2", "++staffing.attendance=0.5,1", "output='a,b'", "language=en"])
    assert points == [
        [f"seed={seed}", f"++staffing.attendance={level}", "output='a,b'", "language=en"]
        for seed in (1, 2)
        for level in ("0.5", "1")
    ]


# --- looking around ---------------------------------------------------------------------------------


def test_cfg_shows_the_whole_configuration_and_runs_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import yaml

    monkeypatch.chdir(tmp_path)
    write(tmp_path / "mine.yaml", SCENARIO)
    found = call(capsys, "run", "--cfg", "job", "scenario=mine.yaml", "staffing.attendance=0.25")
    assert found.status == 0
    shown = yaml.safe_load(found.out)
    assert shown["scenario"]["name"] == "my_estate"
    assert shown["staffing"]["attendance"] == 0.25
    assert [path.name for path in tmp_path.iterdir()] == ["mine.yaml"]
    assert call(capsys, "run", "--cfg", "job", "scenario=subdistrct").status == 2


@pytest.mark.lengthy
def test_folder_of_further_options(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "more" / "demand").mkdir(parents=True)
    demand = "kind: cycle\nneed_kg_per_household_week: 7\ncycle_days: 7\nlines_per_order: 3\n"
    (tmp_path / "more" / "demand" / "light.yaml").write_text(demand)
    found = call(capsys, "run", "--config-dir", "more", "demand=light", "replications=1", "output=result")
    assert found.status == 0, found.err
    assert config_of(tmp_path / "result")["demand"]["lines_per_order"] == 3


@pytest.mark.lengthy
def test_help_shows_groups_and_keys(tmp_path: Path) -> None:
    commands = ("run", "compare")
    processes = [start([command, "--help"], tmp_path, stdout=subprocess.PIPE) for command in commands]
    for command, process in zip(commands, processes, strict=True):
        shown = process.communicate(timeout=120)[0].decode()
        assert process.returncode == 0
        for word in (f"simsupply {command}", "scenario: ", "subdistrict", "replications: 20", "attendance: "):
            assert word in shown


@pytest.mark.lengthy
def test_list_names_everything_built_in(capsys: pytest.CaptureFixture[str]) -> None:
    from simsupply.config.yaml_files import built_in

    found = call(capsys, "list")
    assert found.status == 0
    words = set(found.out.split())
    for group in ("scenario", "strategy", "channel", "demand", "staffing", "fleet"):
        assert set(built_in(group)) <= words
    assert words >= PROMISED
    for kind in ("scenarios", "strategies", "channels", "demand", "staffing", "fleet", "metrics"):
        alone = call(capsys, "list", kind)
        assert alone.out in found.out
        assert all(len(line.split(None, 1)) == 2 for line in alone.out.splitlines())


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, "--version").out.strip() == __version__
    for words in ([], ["--help"], ["-h"], ["help"]):
        found = call(capsys, *words)
        assert found.status == 0
        assert "simsupply COMMAND" in found.out
    assert call(capsys, "list", "--help").status == 0
