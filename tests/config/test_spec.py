"""Specifications: what is refused, under which key, and what the message offers instead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import simsupply as ss
from simsupply.base.problems import InputError, Problem, nearest
from simsupply.config.load import scenario_from
from simsupply.config.yaml_files import read_world_file
from tests.plans.tiny_plan import SCENARIO, STRATEGY, changed, write

LATE = {"start": "17:00", "end": "22:00"}


def problems_of(tmp_path: Path, changes: dict[str, Any]) -> list[tuple[str, object, str]]:
    """Key, value and allowed of everything wrong with the tiny scenario after `changes`."""
    path = Path(write(tmp_path / "mine.yaml", SCENARIO, changes))
    with pytest.raises(InputError) as caught:
        scenario_from(read_world_file(path), source=str(path))
    assert all(problem.source == str(path) for problem in caught.value.problems)
    return [(problem.key, problem.value, str(problem.allowed)) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("changes", "key", "value", "allowed"),
    [
        ({"scenario.geography.drop_points.1.households": "forty"}, None, "forty", "integer"),
        ({"scenario.geography.drop_points.1.households": 40.0}, None, 40.0, "integer"),
        ({"scenario.geography.drop_points": []}, None, [], "at least one item"),
        ({"scenario.geography.drop_points": "gate"}, None, "gate", "a list, for instance [a, b]"),
        (
            {"scenario.geography.drop_points.1.name": "gate_a"},
            "scenario.geography.drop_points",
            "gate_a",
            "every place named once",
        ),
        ({"scenario.geography.drop_points.0.distance_km": -1.0}, None, -1.0, "greater than 0"),
        ({"scenario.geography.drop_points.0.station": "yard"}, None, "yard", "valid: (none)"),
        ({"scenario.geography.depots.0.docks": 0}, None, 0, "greater than or equal to 1"),
        (
            {"scenario.geography.depots.0.dock": 1},
            None,
            1,
            "did you mean 'docks'? valid: ",
        ),
        (
            {"scenario.geography.radius_km": 2},
            None,
            2,
            "valid: assignment_file, buildings_file, depots, detour_factor, districts, drop_points, ",
        ),
        ({"scenario.geography.kind": "list"}, None, "list", "did you mean 'listed'?"),
        ({"scenario.title": ["My estate"]}, None, ["My estate"], "a mapping of keys to values"),
        ({"scenario.title": " "}, None, " ", "text that is not empty"),
        ({"scenario.title": {"en": "My estate"}}, "scenario.title.zh", None, "this key is required"),
        ({"scenario.name": "My/Estate"}, None, "My/Estate", "a name without '/'"),
        ({"scenario.horizon_days": float("nan")}, None, None, "integer"),
        ({"scenario.households.persons_mean": float("inf")}, None, float("inf"), "finite"),
        ({"scenario.households.pantry_days.low": 3}, "scenario.households.pantry_days", None, "low <= high"),
        ({"scenario.households.lift_share": True}, None, True, "number"),
        (
            {"staffing.crews.clerks.headcount": None},
            "staffing.crews.clerks",
            None,
            "exactly one of headcount",
        ),
        ({"staffing.crews.clerks.headcount": -1}, None, -1, "greater than or equal to 0"),
        ({"staffing.crews.clerks.at": "village"}, None, "village", "'depot', 'gateway', 'station'"),
        ({"staffing.crews.clerks.shifts": []}, None, [], "at least one item"),
        (
            {"staffing.crews.clerks.shifts.0.breaks": [LATE]},
            "staffing.crews.clerks.shifts.0",
            None,
            "breaks inside",
        ),
        ({"fleet.vans.shifts.0.start": "24:00"}, "fleet.vans.shifts.0", None, "a start before 24:00"),
        ({"fleet": None}, None, None, "a mapping of keys to values"),
        ({"demand": "../demand/weekly_13kg"}, None, "../demand/weekly_13kg", "valid: "),
    ],
)
def test_wrong_value(changes: dict[str, Any], key: str | None, value: object, allowed: str, tmp_path: Path) -> None:
    found = problems_of(tmp_path, changes)
    assert len(found) == 1
    assert found[0][0] == (key or next(iter(changes)))
    assert allowed in found[0][2]
    if value is not None:
        assert found[0][1] == value


def test_wrong_name_of_a_crew(tmp_path: Path) -> None:
    found = problems_of(tmp_path, {"staffing.crews.Big Clerks ": SCENARIO["staffing"]["crews"]["clerks"]})
    assert [(key, value) for key, value, _ in found] == [("staffing.crews.Big Clerks ", "Big Clerks ")]


@pytest.mark.parametrize(
    "text", ["25:00", "24:01", "8", "8h", "08:60", "08:00:00", "", "noon", 8, 18.3, -60, 1441, True]
)
def test_what_is_no_time_of_day(text: object, tmp_path: Path) -> None:
    ((key, value, allowed),) = problems_of(tmp_path, {"fleet.vans.shifts.0.end": text})
    assert (key, value) == ("fleet.vans.shifts.0.end", text)
    assert "'HH:MM'" in allowed or "1440" in allowed


@pytest.mark.parametrize(
    ("text", "minutes"), [("18:30", 1110), ("9:05", 545), ("24:00", 1440), (1080, 1080), (1440, 1440)]
)
def test_times_of_day(text: object, minutes: float, tmp_path: Path) -> None:
    """YAML reads an unquoted 18:00 as the number 1080, which is the same minute of the day."""
    path = Path(
        write(
            tmp_path / "mine.yaml",
            SCENARIO,
            {"fleet.vans.shifts.0.start": "00:00", "fleet.vans.shifts.0.end": text},
        )
    )
    (shift,) = scenario_from(read_world_file(path), source="").spec.fleet["vans"].shifts
    assert (shift.start, shift.end) == (0, minutes)


def test_unquoted_time_in_a_file(tmp_path: Path) -> None:
    path = Path(write(tmp_path / "mine.yaml", SCENARIO))
    path.write_text(path.read_text().replace("'18:00'", "18:00"))
    assert "18:00" in path.read_text()
    (shift,) = scenario_from(read_world_file(path), source="").spec.fleet["vans"].shifts
    assert shift.end == 1080


def test_a_date_stays_text(tmp_path: Path) -> None:
    path = Path(write(tmp_path / "mine.yaml", SCENARIO))
    path.write_text(path.read_text().replace("horizon_days: 3", "horizon_days: 2022-03-11"))
    with pytest.raises(InputError, match="horizon_days: got '2022-03-11'; allowed: a valid integer"):
        scenario_from(read_world_file(path), source="")


def test_every_problem_is_named(tmp_path: Path) -> None:
    changes = {
        "scenario.geography.drop_points.0.households": 0,
        "scenario.horizon_days": "week",
        "staffing.crews.clerks.shifts.0.end": "6pm",
        "fleet.vans.payload_kg": 0,
    }
    assert {key for key, _, _ in problems_of(tmp_path, changes)} == set(changes)


def test_nearest() -> None:
    assert nearest("a", ["b", "a1", "a1"]).in_language("en") == "did you mean 'a1'? valid: a1, b"
    assert nearest("zzz", ["b", "c"]).in_language("en") == "valid: b, c"
    assert nearest("zzz", []).in_language("en") == "valid: (none)"


def test_a_long_path_is_written_out_and_a_section_is_not() -> None:
    path = "/folder" * 30 + "/mine.yaml"
    assert path in str(Problem("output", path, "a folder", "command line"))
    assert len(str(Problem("staffing", SCENARIO, "less", "mine.yaml"))) < 130


def test_a_scenario_as_plain_data() -> None:
    demand = {
        "kind": "cycle",
        "need_kg_per_household_week": 13,
        "cycle_days": 7,
        "lines_per_order": 12,
        "release_time": "00:00",
    }
    plain = changed(SCENARIO, {"demand": demand})
    assert ss.load_scenario(plain).name == "my_estate"
    with pytest.raises(InputError, match="none together with plain data"):
        ss.load_scenario(plain, ["staffing.attendance=0.5"])
    with pytest.raises(InputError, match=r"scenario: demand: got None; allowed: a value"):
        ss.load_scenario({key: part for key, part in plain.items() if key != "demand"})


def test_what_has_no_title_is_called_by_its_name(tmp_path: Path) -> None:
    """Scenarios, strategies and channels; a title that is one text stands in both languages."""
    data = changed(SCENARIO, {"scenario.name": "张家_屯"})
    del data["scenario"]["title"]
    title = ss.load_scenario(write(tmp_path / "mine.yaml", data)).settings.title
    assert (title.en, title.zh) == ("张家 屯", "张家 屯")
    own = {key: value for key, value in STRATEGY.items() if key != "title"} | {"name": "我的办法"}
    strategy = ss.load_strategy(write(tmp_path / "way.yaml", own))
    assert strategy.title.en == "我的办法"
    channel = strategy.channels["standard_crates"].model_dump(mode="json", exclude_none=True)
    del channel["title"]
    found = ss.load_strategy({**own, "channels": {"standard_crates": channel}}).channels["standard_crates"].title
    assert (found.en, found.zh) == ("standard crates", "standard crates")
    text = ss.load_strategy({**own, "title": "一种写法", "channels": {"standard_crates": channel}}).title
    assert (text.en, text.zh) == ("一种写法", "一种写法")
