"""Tables of places beside a plan: the same world as the list they stand for, and what is wrong by file and line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import simsupply as ss
from simsupply.config.load import places_of
from simsupply.config.yaml_files import read_world_file
from tests.helpers.command_line import call
from tests.plans.tiny_plan import SCENARIO, changed, write

AT = "scenario.geography"
ROWS = """name,title_en,title_zh,district,households,distance_km,persons,walk_min
东头,East end,东头村口,朝阳区,40,1.2,2.2,8
西头,West end,西头村口,宽城区,60,2,3,
"""
LISTED = [
    {
        "name": "东头",
        "title": {"en": "East end", "zh": "东头村口"},
        "district": "朝阳区",
        "households": 40,
        "distance_km": 1.2,
        "persons": 2.2,
        "walk_min": 8,
        "depot": "大院",
        "buildings": [{"households": 30, "has_lift": True}, {"households": 10, "has_lift": False}],
    },
    {
        "name": "西头",
        "title": {"en": "West end", "zh": "西头村口"},
        "district": "宽城区",
        "households": 60,
        "distance_km": 2,
        "persons": 3,
        "depot": "北库",
    },
]
DEPOTS = [{"name": "大院"}, {"name": "北库"}]
ASSIGNED = "drop_point,depot\n西头,北库\n东头,大院\n"
BUILDINGS = "drop_point,households,has_lift\n东头,30,true\n东头,10,FALSE\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the three tables."""
    (tmp_path / "点.csv").write_text(ROWS, encoding="gb18030")
    (tmp_path / "分配.csv").write_text(ASSIGNED, encoding="utf-8-sig")
    (tmp_path / "楼.csv").write_text(BUILDINGS, encoding="utf-8")
    return tmp_path


def plan(folder: Path, **changes: Any) -> str:
    """A plan that names them, with other keys of the geography."""
    geography = {
        "kind": "listed",
        "depots": DEPOTS,
        "drop_points_file": "点.csv",
        "assignment_file": "分配.csv",
        "buildings_file": "楼.csv",
    } | changes
    given = {key: value for key, value in geography.items() if value is not None}
    data = changed(SCENARIO, {AT: given})
    del data["scenario"]["households"]["persons_mean"]
    return write(folder / "plan.yaml", data)


def problems(path: str) -> list[tuple[str, int | None, str, object, str]]:
    with pytest.raises(ss.InputError) as caught:
        ss.load_scenario(path)
    return [
        (Path(str(p.source)).name, p.line, p.key, p.value, str(p.allowed).partition(";")[0])
        for p in caught.value.problems
    ]


def test_tables_are_the_list_that_they_stand_for(folder: Path) -> None:
    found = ss.load_scenario(plan(folder))
    inline = plan(folder, drop_points=LISTED, drop_points_file=None, assignment_file=None, buildings_file=None)
    assert found.spec == ss.load_scenario(inline).spec
    assert found.places.names["drop_point"] == ("东头", "西头")
    assert found.places.serving["depot"].tolist() == [0, 1]
    assert found.households.has_lift[:40].tolist() == [True] * 30 + [False] * 10


def test_a_scenario_read_by_itself_and_plain_data_have_them_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = plan(folder)
    assert len(read_world_file(Path(path))["scenario"]["geography"]["drop_points"]) == 2
    monkeypatch.chdir(folder)
    data = json.loads(ss.load_scenario(path).spec.model_dump_json(exclude_defaults=True))
    del data["scenario"]["geography"]["drop_points"]
    data["scenario"]["geography"] |= {"drop_points_file": "点.csv", "assignment_file": "分配.csv"}
    assert ss.load_scenario(data).places.names["drop_point"] == ("东头", "西头")


def test_every_value_has_its_file_and_line(folder: Path) -> None:
    places = places_of(plan(folder))
    assert [
        (Path(place.file).name, place.line)
        for place in (places[f"{AT}.drop_points.{key}"] for key in ("1.persons", "0.depot", "0.buildings.1.has_lift"))
    ] == [("点.csv", 3), ("分配.csv", 3), ("楼.csv", 3)]
    assert {Path(file.file).name for file in places.files} >= {"点.csv", "分配.csv", "楼.csv", "plan.yaml"}


def test_an_override_lies_over_a_table(folder: Path) -> None:
    found = ss.load_scenario(plan(folder, buildings_file=None), [f"{AT}.drop_points.1.households=7"])
    assert [point.households for point in found.spec.scenario.geography.drop_points] == [40, 7]  # type: ignore[union-attr]


def test_what_is_wrong_in_a_row_is_told_by_its_line(folder: Path) -> None:
    rows = ROWS.replace("3,\n", "9.5,1e9\n").replace("40,1.2", "40,x")
    (folder / "点.csv").write_text(rows, encoding="utf-8")
    assert problems(plan(folder, buildings_file=None)) == [
        ("点.csv", 2, f"{AT}.drop_points.0.distance_km", "x", "a valid number"),
        ("点.csv", 3, f"{AT}.drop_points.1.persons", 9.5, "less than or equal to 8"),
        ("点.csv", 3, f"{AT}.drop_points.1.walk_min", 1e9, "less than or equal to 100000"),
    ]


@pytest.mark.parametrize(
    ("file", "text", "line", "column", "value", "allowed"),
    [
        ("点.csv", "name,,name\n东头,1,2\n", 1, "", "name", "a name in every column, each once"),
        ("点.csv", "name,households\n东头\n", 2, "", "1 values", "2, one for each key"),
        ("点.csv", "name,district\n东头,${oc.env:X}\n", 2, "district", "${oc.env:X}", "plain data"),
        ("分配.csv", "drop_point\n东头\n", 1, "", "['drop_point']", "a column depot, gateway or station"),
        ("分配.csv", "depot\n大院\n", 1, "", "['depot']", "a column drop_point"),
        ("分配.csv", "drop_point,depot,vans\n东头,大院,2\n", 1, "", "vans", "valid: "),
        ("分配.csv", "drop_point,depot\n南头,大院\n", 2, "drop_point", "南头", "valid: "),
        ("分配.csv", ASSIGNED + "西头,大院\n", 4, "drop_point", "西头", "every drop point once"),
        ("楼.csv", "drop_point,has_lift\n东头,true\n", 1, "", "['drop_point', 'has_lift']", "a column households"),
        ("楼.csv", "drop_point,households\n南头,3\n", 2, "drop_point", "南头", "valid: "),
        ("楼.csv", BUILDINGS + "西头,xx,1\n", 4, f"{AT}.drop_points.1.buildings.0.households", "xx", "a valid integer"),
    ],
)
def test_what_is_wrong_with_a_table(
    folder: Path, file: str, text: str, line: int, column: str, value: object, allowed: str
) -> None:
    (folder / file).write_text(text, encoding="utf-8")
    first = problems(plan(folder))[0]
    assert first[:3] == (file, line, column)
    assert str(first[3]) == value
    assert allowed in first[4]


def test_what_is_said_twice(folder: Path) -> None:
    twice = [point | {"buildings": [{"households": 40}]} if point["name"] == "东头" else point for point in LISTED]
    candidate = {"name": "南头", "distance_km": 1, "candidate": True, "district": "朝阳区"}
    (folder / "分配.csv").write_text(ASSIGNED + "南头,大院\n", encoding="utf-8")
    found = problems(plan(folder, drop_points=[*twice, candidate], drop_points_file=None, buildings_file=None))
    assert found == [
        ("分配.csv", 2, "depot", "北库", "nothing, because the drop point itself says depot: '北库'"),
        ("分配.csv", 3, "depot", "大院", "nothing, because the drop point itself says depot: '大院'"),
        ("分配.csv", 4, "drop_point", "南头", "a drop point that is open"),
    ]
    (found_too,) = problems(plan(folder, drop_points=LISTED))[:1]
    assert found_too[:4] == ("plan.yaml", found_too[1], f"{AT}.drop_points_file", "点.csv")
    assert found_too[1] is not None
    path = plan(folder, drop_points=twice, drop_points_file=None, assignment_file=None)
    assert problems(path)[0][:4] == ("楼.csv", 2, "drop_point", "东头")


def test_a_table_that_is_not_there(folder: Path) -> None:
    (found,) = problems(plan(folder, drop_points_file="没有.csv"))
    assert (found[0], found[2]) == ("plan.yaml", f"{AT}.drop_points_file")
    assert found[1] is not None
    assert "没有.csv" in str(found[3])


def test_results_of_another_table_are_of_another_plan(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = plan(folder, buildings_file=None), f"output={folder / 'out'}"
    words = ("run", f"scenario={path}", out, "language=en")
    assert call(capsys, *words, "replications=1").status == 0
    (folder / "点.csv").write_text(ROWS.replace("宽城区,60", "宽城区,61"), encoding="utf-8")
    done = call(capsys, *words, "replications=2")
    assert f"{AT}.drop_points.1.households was 60, is 61" in done.out
