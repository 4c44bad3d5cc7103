"""Wrong people, places, routes and matrices in a user's files: each told with file and line, in either language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cli.chinese import english_in
from tests.helpers.command_line import Outcome, call

SCENARIO = """\
scenario:
  name: village
  title: 村
  horizon_days: 3
  run_out_days: 2
  service_target_days: 2
  priority_target_hours: 24
  geography:
    kind: listed
    depots:
      - {name: hall, docks: 1}
      - {name: barn, docks: 1}
    drop_points:
      - {name: east, households: 10, distance_km: 2.0, depot: hall}
      - {name: west, households: 10, distance_km: 3.0, depot: barn}
  households:
    {persons_mean: 2.5, lift_share: 0.5, households_per_building: 10, priority_share: 0, pantry_days: {low: 0, high: 1}}
demand: {kind: cycle, cycle_days: 1, need_kg_per_household_week: 14, lines_per_order: 5, release_time: "00:00"}
staffing:
  attendance: 1.0
  crews:
    staff:
      at: depot
      headcount: 2
      at_shift_end: finish
      shifts: [{start: "08:00", end: "18:00"}]
    knockers:
      at: drop_point
      headcount: 4
      at_shift_end: finish
      shifts: [{start: "09:00", end: "18:00"}]
fleet:
  vans:
    at: depot
    count: 1
    payload_kg: 500
    payload_parcels: 20
    speed_km_h: 28
    people_per_vehicle: 1
    drivers: staff
"""
STRATEGY = """\
name: way
title: 做法
channels:
  c:
    name: c
    title: 渠道
    release: {kind: order}
    steps:
      - stage: {name: pick, at: depot, crew: staff, effort: {per_order_min: 5}}
      - leg: {name: drive, from: depot, to: drop_point, fleet: vans}
      - stage: {name: knock, at: drop_point, crew: knockers, effort: {per_order_min: 5}}
mix: [{channel: c}]
"""
PLAN, WAY = "村庄.yaml", "做法.yaml"
Edit = tuple[str, str]

SEATS = ("people_per_vehicle: 1", "people_per_vehicle: 3")
ELSEWHERE = ("drivers: staff", "drivers: knockers")
NO_PLACE = ("headcount: 2", "headcount: {default: 2, hal: 3}")
TOO_LONG = ('{start: "08:00", end: "18:00"}', '{start: "08:00", end: "33:00"}')
OVERLAP = ('{start: "08:00", end: "18:00"}', '{start: "22:00", end: "06:00"}, {start: "05:00", end: "08:00"}')
CANDIDATE = ("{name: barn, ", "{name: barn, candidate: true, ")
SAID_BY_CREW = ("speed_km_h: 28", "speed_km_h: 28\n    attendance: 0.9")
ON_A_MAP = [
    ("kind: listed", "kind: listed\n    detour_factor: 1.3"),
    ("distance_km: 2.0", "x_km: 1, y_km: 0"),
    ("distance_km: 3.0", "x_km: 2, y_km: 0"),
    ("{name: hall, ", "{name: hall, x_km: 0, y_km: 0, "),
    ("{name: barn, ", "{name: barn, x_km: 0, y_km: 1, "),
]
DEGREES = [(old, re.sub(r"x_km: (\d), y_km: (\d)", r"x_km: 125.\1, y_km: 43.\2", new)) for old, new in ON_A_MAP]
KILOMETRES = [(old, re.sub(r"x_km: (\d), y_km: (\d)", r"lon: 1\1, lat: \g<2>.5", new)) for old, new in ON_A_MAP]
KILOMETRES[-1] = (KILOMETRES[-1][0], KILOMETRES[-1][1].replace("lat: 1.5", "lat: 21.5"))
MATRIX = [
    ("distance_km: 2.0, ", ""),
    ("distance_km: 3.0, ", ""),
    ("kind: listed", "kind: listed\n    road_matrix: {file: 路网.csv}"),
]
ROUTE = [("fleet: vans}", "fleet: vans, route: {kind: given, file: 路线.csv}}")]


@pytest.fixture(params=["en", "zh"])
def language(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A language; the working folder is one that is empty."""
    monkeypatch.chdir(tmp_path)
    return str(request.param)


def edited(text: str, edits: Sequence[Edit]) -> str:
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def run(
    capsys: pytest.CaptureFixture[str], language: str, scenario: Sequence[Edit] = (), strategy: Sequence[Edit] = ()
) -> Outcome:
    Path(PLAN).write_text(edited(SCENARIO, scenario), encoding="utf-8")
    Path(WAY).write_text(edited(STRATEGY, strategy), encoding="utf-8")
    words = (f"scenario={PLAN}", f"strategy={WAY}", "replications=1", "output=out", f"language={language}")
    return call(capsys, "run", *words)


def check(found: Outcome, language: str, *wanted: tuple[str, str, str]) -> None:
    """One line for each problem: file and line, value, and part of what is allowed (`wanted`, in English)."""
    assert (found.status, found.out, Path("out").exists()) == (2, "", False)
    lines = found.err.splitlines()
    assert len(lines) == len(wanted), found.err
    for line, (place, value, allowed) in zip(sorted(lines), sorted(wanted), strict=True):
        file, _, number = place.partition(":")
        shown = f"{file}, line {number}" if language == "en" else f"{file}第{number}行"
        assert line.startswith(shown if number else file), (line, place)
        assert value in line
        if language == "en":
            assert allowed in line
        else:
            assert not english_in(line, *re.findall("[a-z_]+", SCENARIO + STRATEGY), value, "hal", "nobody", "false")


def at(text: str, words: str) -> int:
    """Line of a text, from 1, on which words stand."""
    return next(number for number, line in enumerate(text.splitlines(), start=1) if words in line)


def test_the_plan_itself_runs(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, language).status == 0


@pytest.mark.parametrize(
    ("edits", "value", "allowed"),
    [
        ([SEATS], "3", "at most 2, the people of crew 'staff' in a shift at 'hall'"),
        ([ELSEWHERE], "knockers", "a crew of people at depot, where the fleet is based"),
        ([NO_PLACE], "3", "did you mean 'hall'?"),
        ([TOO_LONG], "33:00", "a time of day"),
        ([OVERLAP], "22:00", "do not overlap, the next day's included"),
        ([SAID_BY_CREW], "0.9", "said by the crew that drives, 'staff'"),
    ],
    ids=["seats", "elsewhere", "no such place", "longer than a day", "overlaps itself", "no effect"],
)
def test_wrong_people(
    edits: list[Edit], value: str, allowed: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = at(edited(SCENARIO, edits), edits[0][1].split("\n")[-1].strip())
    check(run(capsys, language, edits), language, (f"{PLAN}:{line}", value, allowed))


@pytest.mark.parametrize(
    ("edits", "words", "value", "allowed"),
    [
        ([CANDIDATE], "name: west", "barn", "this one is a candidate, and is opened by candidate: false"),
        (DEGREES, "name: hall", "125", "these look like degrees, for lon and lat"),
        (KILOMETRES, "name: hall", "10", "they look like kilometres, for x_km and y_km"),
    ],
    ids=["candidate assigned", "degrees as km", "km as degrees"],
)
def test_wrong_places(
    edits: list[Edit], words: str, value: str, allowed: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = at(edited(SCENARIO, edits), words)
    check(run(capsys, language, edits), language, (f"{PLAN}:{line}", value, allowed))


def test_a_matrix_that_is_not_square_and_lacks_a_place(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Both at once: no row for east, neither row nor column for west."""
    Path("路网.csv").write_text("from,hall,barn,east\nhall,0,2,3\nbarn,2,0,4\n", encoding="utf-8")
    line = at(edited(SCENARIO, MATRIX), "路网.csv")
    check(
        run(capsys, language, MATRIX),
        language,
        (f"{PLAN}:{line}", "east", "the matrix is square"),
        (f"{PLAN}:{line}", "west", "a row and a column for every place of the plan"),
    )


@pytest.mark.parametrize(
    ("rows", "place", "value", "allowed"),
    [
        (["1,east"], f"{WAY}:10", "west", "every drop point on a trip: this one is left out"),
        (["1,east", "2,west", "3,east"], "路线.csv:4", "east", "every drop point once"),
        (["1,east", "2,west", "3,wset"], "路线.csv:4", "wset", "did you mean 'west'?"),
        (["1,east", "1,west"], "路线.csv:3", "west", "served from the same place as 'east'"),
    ],
    ids=["left out", "repeated", "no such place", "of another depot"],
)
def test_a_wrong_route(
    rows: list[str], place: str, value: str, allowed: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("路线.csv").write_text("\n".join(["trip,place", *rows]) + "\n", encoding="utf-8")
    check(run(capsys, language, ON_A_MAP, ROUTE), language, (place, value, allowed))


def test_a_rule_that_says_nothing_is_remarked(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A crew of one step has nothing to choose among; the plan runs."""
    done = run(capsys, language, [("at: drop_point", "at: drop_point\n      serves: upstream_first")])
    assert done.status == 0
    wanted = {"en": "Note: crew 'knockers': serves: upstream_first says nothing here", "zh": "在此不起作用"}
    assert wanted[language] in done.out


def test_everything_at_once(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    """People of the scenario, and a wrong key of the strategy, in one message."""
    edits = [NO_PLACE, ("drivers: staff", "drivers: nobody")]
    plan, way = edited(SCENARIO, edits), edited(STRATEGY, [("crew: staff", "crw: staff")])
    check(
        run(capsys, language, edits, [("crew: staff", "crw: staff")]),
        language,
        (f"{PLAN}:{at(plan, 'hal: 3')}", "3", "did you mean 'hall'?"),
        (f"{PLAN}:{at(plan, 'nobody')}", "nobody", "valid: staff"),
        (f"{WAY}:{at(way, 'crw')}", "crw", "did you mean 'crew'?"),
        (f"{WAY}:{at(way, 'crw')}", "crew", "a value; this key is required"),
    )


def test_several_of_one_file_at_once(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    edits = [OVERLAP, ("attendance: 1.0", "attendance: 1.5"), ("horizon_days: 3", "horizon_days: -3")]
    plan = edited(SCENARIO, edits)
    check(
        run(capsys, language, edits),
        language,
        (f"{PLAN}:{at(plan, '22:00')}", "22:00", "do not overlap"),
        (f"{PLAN}:{at(plan, 'attendance: 1.5')}", "1.5", "less than or equal to 1"),
        (f"{PLAN}:{at(plan, 'horizon_days')}", "-3", "greater than or equal to 1"),
    )
