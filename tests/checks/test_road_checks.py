"""Wrong coordinates, distances and road matrices: refused before the run, all of it at once, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

import simsupply as ss
from simsupply.base.problems import InputError, Problem
from simsupply.config.compose import compose_configuration
from simsupply.config.load import load_scenario
from tests.plans.paper_plans import Plain, crew, fleet, world

AT = "scenario.geography"


def listed(*points: Plain, depot: Plain | None = None, **more: object) -> Plain:
    return {
        "kind": "listed",
        "depots": [{"name": "site"} | (depot or {})],
        "drop_points": [{"name": f"d{number}", "households": 1} | place for number, place in enumerate(points)],
        **more,
    }


def problems_of(geography: Plain) -> tuple[Problem, ...]:
    try:
        ss.load_scenario(world(geography, {"packers": crew()}, {"vans": fleet()}))
    except InputError as error:
        return error.problems
    return ()


def said(geography: Plain) -> dict[str, str]:
    return {problem.key: problem.allowed.in_language("en") for problem in problems_of(geography)}  # type: ignore[union-attr]


HERE: Plain = {"x_km": 0, "y_km": 0}
THERE: Plain = {"x_km": 3, "y_km": 4}


def test_coordinates_are_taken() -> None:
    assert not said(listed(THERE, depot=HERE, detour_factor=1.3))
    assert not said(listed({"lon": 125.3, "lat": 43.8}, depot={"lon": 125.2, "lat": 43.9}, detour_factor=1))


@pytest.mark.parametrize(
    ("geography", "key", "allowed"),
    [
        (listed(THERE, {}, depot=HERE, detour_factor=1), ".drop_points.1.x_km", "x_km, y_km at every depot"),
        (listed(THERE, {}, THERE, depot=HERE, detour_factor=1), ".drop_points.1.x_km", "or at none"),
        (
            listed(THERE, {"lon": 125, "lat": 43}, depot=HERE, detour_factor=1),
            ".drop_points.1.lon",
            "x_km and y_km as at the other places",
        ),
        (listed(THERE, depot=HERE), ".detour_factor", "from 1 to 3"),
        (listed({"distance_km": 5}, detour_factor=1.3), ".detour_factor", "nothing, where places have no coordinates"),
        (listed({}), ".drop_points.0.distance_km", "a value; this key is required"),
        # 5 km x 1.3 = 6.5.
        (listed(THERE | {"distance_km": 5}, depot=HERE, detour_factor=1.3), ".drop_points.0.distance_km", "6.5, the"),
        (
            listed({"x_km": 125.3, "y_km": 43.8}, depot={"x_km": 125.2, "y_km": 43.9}, detour_factor=1),
            ".depots.0.x_km",
            "these look like degrees, for lon and lat",
        ),
        (
            listed({"lon": 12.5, "lat": 8}, depot={"lon": 0, "lat": 0}, detour_factor=1),
            ".depots.0.lon",
            "12.5 degrees apart, so they look like kilometres",
        ),
        (listed({"lon": 43.8, "lat": 125.3}, depot={}), ".drop_points.0.lat", "less than or equal to 90"),
    ],
)
def test_wrong_coordinates(geography: Plain, key: str, allowed: str) -> None:
    found = said(geography)
    assert list(found) == [AT + key]
    assert allowed in found[AT + key]


def test_a_distance_may_stand_beside_coordinates_as_a_check() -> None:
    assert not said(listed(THERE | {"distance_km": 6.5}, depot=HERE, detour_factor=1.3))


def test_who_takes_over_is_named_without_a_distance_where_there_is_a_map() -> None:
    depots = [
        {"name": "a", "diverts_to": "b", "x_km": 0, "y_km": 0},
        {"name": "b", "diverts_to": "a", "diverts_km": 5, "x_km": 3, "y_km": 4},
    ]
    geography = listed(THERE | {"depot": "a"}, detour_factor=1, depots=depots)
    assert list(said(geography)) == [f"{AT}.depots.1.diverts_km"]


def matrix(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "roads.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("rows", "value", "line", "allowed"),
    [
        ((",site,d0", "site,0,3"), "d0", None, "a row and a column for every place: the matrix is square"),
        ((",site", "site,0"), "d0", None, "a row and a column for every place of the plan"),
        ((",site,d0", "site,0,3", "d0,-3,0"), "-3", 3, "a number of km from 0 to 10000, from 'd0' to 'site'"),
        ((",site,d0", "site,0,near", "d0,3,0"), "near", 2, "a number of km"),
        ((",site,d0", "site,0,nan", "d0,3,0"), "nan", 2, "a number of km"),
        ((",site,d0", "site,0,3", "d0,3,1"), "1", 3, "0, from 'd0' to itself"),
        ((",site,d0,d0", "site,0,3,3", "d0,3,0,0"), "d0", 1, "every place named once"),
        ((",site,d0", "site,0", "d0,3,0"), "2 cells", 2, "3 cells, as the first row has"),
        ((), "0 rows", None, "a first row with the names of places"),
    ],
)
def test_a_wrong_matrix(tmp_path: Path, rows: tuple[str, ...], value: str, line: int | None, allowed: str) -> None:
    path = matrix(tmp_path, *rows)
    (problem,) = problems_of(listed({}, road_matrix={"file": str(path)}))
    given = problem.value if isinstance(problem.value, str) else problem.value.in_language("en")  # type: ignore[attr-defined]
    assert (problem.key, given, problem.source, problem.line) == (f"{AT}.road_matrix.file", value, str(path), line)
    assert allowed in str(problem.allowed.in_language("en"))  # type: ignore[union-attr]
    assert problem.allowed.in_language("zh")  # type: ignore[union-attr]


def test_nothing_stands_beside_a_matrix_and_the_file_must_be_there(tmp_path: Path) -> None:
    path = matrix(tmp_path, ",site,d0", "site,0,3", "d0,3,0")
    beside = listed(THERE, depot=HERE, detour_factor=1, road_matrix={"file": str(path)})
    assert set(said(beside)) == {f"{AT}.{key}" for key in ("detour_factor", "depots.0.x_km", "drop_points.0.x_km")}
    assert not said(listed({"distance_km": 3}, road_matrix={"file": str(path)}))
    assert set(said(listed({"distance_km": 4}, road_matrix={"file": str(path)}))) == {f"{AT}.drop_points.0.distance_km"}
    (problem,) = problems_of(listed({}, road_matrix={"file": "nowhere.csv"}))
    assert problem.key == f"{AT}.road_matrix.file"
    assert "no such file" in problem.allowed.in_language("en")  # type: ignore[union-attr]


PLAN = """
scenario:
  name: village
  title: {en: Village, zh: 村}
  horizon_days: 2
  run_out_days: 1
  service_target_days: 2
  priority_target_hours: 24
  geography:
    kind: listed
    road_matrix:
      file: tables/roads.csv
    depots: [{name: site}]
    drop_points:
      - {name: d0, households: 1}
  households:
    {persons_mean: 1, lift_share: 0, households_per_building: 1, priority_share: 0, pantry_days: {low: 1, high: 1}}
demand: {kind: cycle, need_kg_per_household_week: 14, cycle_days: 7, lines_per_order: 1}
staffing: {attendance: 1, crews: {}}
fleet: {}
"""


def test_a_table_is_found_from_the_plan_and_belongs_to_it(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    path = matrix(tmp_path / "tables", ",site,d0", "site,0,3", "d0,4,0")
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN, encoding="utf-8")
    scenario = load_scenario(str(plan))
    assert scenario.places.km["depot", "drop_point"].tolist() == [3]
    assert scenario.places.km_back("depot", "drop_point").tolist() == [4]
    # The rows are part of the composed plan: another table is another plan.
    before = compose_configuration("run", [f"scenario={plan}"]).data
    path.write_text(",site,d0\nsite,0,5\nd0,4,0\n", encoding="utf-8")
    assert compose_configuration("run", [f"scenario={plan}"]).data != before
    path.write_text(",site,d0\nsite,0,x\nd0,4,0\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(str(plan))
    (problem,) = caught.value.problems
    assert (problem.source, problem.line) == (str(path), 2)
    path.unlink()
    with pytest.raises(InputError) as caught:
        load_scenario(str(plan))
    (problem,) = caught.value.problems
    assert (problem.source, problem.line) == (str(plan), 12)
