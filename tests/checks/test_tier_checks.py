"""Wrong tiers: one message each with file, key, value and what is allowed, all of them at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import simsupply as ss
from simsupply.base.problems import InputError, Problem
from simsupply.base.spec import parse
from simsupply.checks.tiers import check_tiers
from simsupply.config.load import scenario_from
from simsupply.config.yaml_files import read_world_file
from simsupply.scenario.tiers import TIERS, Tiers
from tests.helpers.command_line import call
from tests.helpers.problems import value_of
from tests.plans.tiny_plan import SCENARIO, write

Plain = dict[str, Any]
EPIDEMIC: Plain = {
    "first_day": 0,
    "import_days": 5,
    "imported_per_day": 1,
    "unknown_share": 0.5,
    "secondary_mean": 1,
    "secondary_days": 3,
    "sealed_factor": 0.5,
    "elsewhere_share": 0.1,
    "rules": {
        "window_days": 14,
        "incubation_days": 14,
        "linked_cases": 2,
        "unknown_cases": 2,
        "any_case": "medium",
        "outbreak": "high",
        "around_outbreak": "medium",
        "community_spread": "high",
    },
}


def written(tmp_path: Path, tiers: Plain, changes: Plain | None = None) -> Path:
    """The tiny scenario (days 0 to 2, communities gate_a and gate_b) with these tiers, as a file."""
    return Path(write(tmp_path / "mine.yaml", {**SCENARIO, "tiers": tiers}, changes))


def problems_of(tmp_path: Path, tiers: Plain, **scenario: object) -> list[tuple[str, object, str]]:
    """Key, value and allowed of everything wrong with the file."""
    path = written(tmp_path, tiers, {f"scenario.{key}": value for key, value in scenario.items()})
    with pytest.raises(InputError) as caught:
        scenario_from(read_world_file(path), source=str(path))
    assert all(str(problem).startswith(f"{path}: {problem.key}: got ") for problem in caught.value.problems)
    return [(problem.key, value_of(problem), str(problem.allowed)) for problem in caught.value.problems]


def periods(*given: Plain) -> Plain:
    return {"calendar": [{"tier": "controlled", **period} for period in given]}


@pytest.mark.parametrize(
    ("period", "key", "value", "allowed"),
    [
        ({"from_day": 3}, "from_day", 3, "within the horizon: day 0 to 2"),
        ({"from_day": -1}, "from_day", -1, "within the horizon: day 0 to 2"),
        ({"to_day": 4}, "to_day", 4, "within the horizon: day 1 to 3"),
        ({"to_day": 0}, "to_day", 0, "within the horizon: day 1 to 3"),
        ({"from_day": 2, "to_day": 2}, "to_day", 2, "a day after from_day (2)"),
        ({"from_day": "2022-03-14"}, "from_day", "2022-03-14", "dates need scenario.start_date"),
        ({"from_day": "14 March"}, "from_day", "14 March", "(0 is the first) or a date 'YYYY-MM-DD'"),
        ({"from_day": "20220314"}, "from_day", "20220314", "(0 is the first) or a date 'YYYY-MM-DD'"),
        ({"to_day": "2022-02-30"}, "to_day", "2022-02-30", "a date 'YYYY-MM-DD' that exists"),
        ({"from_day": 1.5}, "from_day", 1.5, "(0 is the first) or a date 'YYYY-MM-DD'"),
        ({"from_day": True}, "from_day", True, "(0 is the first) or a date 'YYYY-MM-DD'"),
        (
            {"districts": ["Whole are"]},
            "districts.0",
            "Whole are",
            "did you mean 'Whole area'? valid: Whole area, 全域",
        ),
        ({"subdistricts": ["X"]}, "subdistricts.0", "X", "Whole area"),
        (
            {"communities": ["gate_a", "gateb"]},
            "communities.1",
            "gateb",
            "did you mean 'gate_b'? valid: gate_a, gate_b",
        ),
        ({"compounds_share": 0}, "compounds_share", 0, "greater than 0"),
        ({"tier": "grey"}, "tier", "grey", "'precaution', 'controlled' or 'sealed'"),
    ],
)
def test_wrong_period(period: Plain, key: str, value: object, allowed: str, tmp_path: Path) -> None:
    ((found_key, found_value, found_allowed),) = problems_of(tmp_path, periods({"from_day": 0, "to_day": 1}, period))
    assert (found_key, found_value) == (f"tiers.calendar.1.{key}", value)
    assert found_allowed.endswith(allowed) or allowed in found_allowed


@pytest.mark.parametrize(
    ("period", "key", "value", "allowed"),
    [
        ({"from_day": "2022-03-13"}, "from_day", "2022-03-13", "day 0 to 2, 2022-03-14 to 2022-03-16"),
        ({"from_day": "2022-03-17"}, "from_day", "2022-03-17", "day 0 to 2, 2022-03-14 to 2022-03-16"),
        ({"to_day": "2022-03-18"}, "to_day", "2022-03-18", "day 1 to 3, 2022-03-15 to 2022-03-17"),
        (
            {"from_day": "2022-03-15", "to_day": "2022-03-15"},
            "to_day",
            "2022-03-15",
            "a day after from_day (2022-03-15)",
        ),
    ],
)
def test_wrong_date(period: Plain, key: str, value: object, allowed: str, tmp_path: Path) -> None:
    ((found_key, found_value, found_allowed),) = problems_of(tmp_path, periods(period), start_date="2022-03-14")
    assert (found_key, found_value) == (f"tiers.calendar.0.{key}", value)
    assert allowed in found_allowed


def test_dates_inside_the_horizon_are_taken(tmp_path: Path) -> None:
    """Unquoted as well, and up to the midnight that ends the horizon."""
    tiers = periods({"from_day": "2022-03-14", "to_day": "2022-03-17"})
    path = written(tmp_path, tiers, {"scenario.start_date": "2022-03-14"})
    path.write_text(path.read_text().replace("'", ""))
    spec = scenario_from(read_world_file(path), source="").spec
    assert spec.tiers is not None
    assert spec.tiers.calendar[0].days(spec.scenario.start_date, 3) == (0, 3)


# --- overlaps -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "shown", "allowed"),
    [
        (
            {"to_day": 2},
            {"from_day": 1},
            "days 1 to 2 in the whole area",
            "days or areas apart from those of tiers.calendar.0 (days 0 to 1 in the whole area)",
        ),
        (
            {"communities": ["gate_a", "gate_b"]},
            {"communities": ["gate_b"], "from_day": 2},
            "days 2 to 2 in gate_b",
            "tiers.calendar.0 (days 0 to 2 in gate_a, gate_b)",
        ),
        (
            {"districts": ["全域"]},
            {"districts": ["Whole area"]},
            "days 0 to 2 in Whole area",
            "tiers.calendar.0 (days 0 to 2 in 全域)",
        ),
        (
            {"compounds_share": 0.5},
            {"compounds_share": 0.2},
            "days 0 to 2 in the whole area",
            "tiers.calendar.0 (days 0 to 2 in the whole area)",
        ),
    ],
)
def test_periods_that_overlap(first: Plain, second: Plain, shown: str, allowed: str, tmp_path: Path) -> None:
    ((key, value, found),) = problems_of(tmp_path, periods(first, second))
    assert (key, value) == ("tiers.calendar.1", shown)
    assert allowed in found


@pytest.mark.parametrize(
    "given",
    [
        [{"to_day": 1}, {"from_day": 1}],
        [{"from_day": 1}, {"to_day": 1}],
        [{"communities": ["gate_a"]}, {"communities": ["gate_b"]}],
        [{}, {"districts": ["Whole area"]}, {"subdistricts": ["Whole area"]}, {"communities": ["gate_a"]}],
        [{}, {"compounds_share": 0.5}],
    ],
)
def test_periods_that_do_not_overlap(given: list[Plain], tmp_path: Path) -> None:
    spec = scenario_from(read_world_file(written(tmp_path, periods(*given))), source="").spec
    assert spec.tiers is not None
    assert len(spec.tiers.calendar) == len(given)


def test_every_overlap_names_both_keys(tmp_path: Path) -> None:
    found = problems_of(tmp_path, periods({}, {"from_day": 1}, {"from_day": 2}))
    pairs = [(key, allowed.split("those of ")[1].split(" ")[0]) for key, _, allowed in found]
    assert pairs == [
        ("tiers.calendar.1", "tiers.calendar.0"),
        ("tiers.calendar.2", "tiers.calendar.0"),
        ("tiers.calendar.2", "tiers.calendar.1"),
    ]


# --- names in a city ------------------------------------------------------------------------------


def in_city(name: str, *given: Plain) -> list[Problem]:
    city = ss.load_scenario(name)
    spec = city.spec.model_copy(update={"tiers": parse(Tiers, periods(*given), source="city")})
    return check_tiers(spec, city.places)


def test_names_of_a_city() -> None:
    problems = in_city(
        "demo_city",
        {"districts": ["Riverside", "滨海区", "Old Towm"], "to_day": 1},
        {"subdistricts": ["钟楼街道", "Riverside 码头街道", "新港街"]},
        {"communities": ["老城区 钟楼街道 鼓楼"]},
    )
    assert [(problem.key, value_of(problem)) for problem in problems] == [
        ("tiers.calendar.0.districts.1", "滨海区"),
        ("tiers.calendar.0.districts.2", "Old Towm"),
        ("tiers.calendar.1.subdistricts.2", "新港街"),
        ("tiers.calendar.2.communities.0", "老城区 钟楼街道 鼓楼"),
    ]
    for problem, meant in zip(problems, ("滨河区", "Old Town", "新港街道", "老城区 钟楼街道 鼓楼社区"), strict=True):
        assert f"did you mean '{meant}'?" in str(problem.allowed)


@pytest.mark.lengthy
def test_no_message_lists_a_whole_city() -> None:
    (problem,) = in_city("changchun", {"communities": ["nowhere"]})
    assert "one of 701 names, the nearest: " in str(problem.allowed)
    assert len(str(problem)) < 300


@pytest.mark.lengthy
def test_a_name_that_several_subdistricts_have() -> None:
    places = ss.load_scenario("changchun_all").places
    twice = next(name for name in places.subdistricts if places.subdistricts.count(name) > 1)
    (problem,) = in_city("changchun_all", {"subdistricts": [twice]})
    assert str(problem.allowed).startswith("one area, its district in front: ")
    full = str(problem.allowed).split(": ")[1].split(", ")
    assert len(full) == 2 * 2  # two subdistricts, in two languages
    assert in_city("changchun_all", {"subdistricts": [full[0]]}) == []


# --- settings, epidemic ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tiers", "key", "value", "allowed"),
    [
        (
            {"settings": {"seald": {}}},
            "tiers.settings.seald",
            "seald",
            "did you mean 'sealed'? valid: controlled, high,",
        ),
        (
            {"settings": {"high": {}, "sealed": {}}},
            "tiers.settings.sealed",
            "sealed",
            "each tier once; tiers.settings.high is the same one",
        ),
        (
            {"settings": {"sealed": {"attendance": 1.2}}},
            "tiers.settings.sealed.attendance",
            1.2,
            "less than or equal to 1",
        ),
        ({"settings": {"sealed": {"opens": []}}}, "tiers.settings.sealed.opens", [], "did you mean 'open'?"),
        (
            {"epidemic": {**EPIDEMIC, "first_day": 3}},
            "tiers.epidemic.first_day",
            3,
            "a day of the horizon, 0 to 2",
        ),
        ({"epidemic": {**EPIDEMIC, "secondary_days": 0.5}}, "tiers.epidemic.secondary_days", 0.5, "equal to 1"),
        ({"epidemic": {**EPIDEMIC, "imported_per_day": 0}}, "tiers.epidemic.imported_per_day", 0, "greater than 0"),
    ],
)
def test_wrong_settings_or_epidemic(tiers: Plain, key: str, value: object, allowed: str, tmp_path: Path) -> None:
    ((found_key, found_value, found_allowed),) = problems_of(tmp_path, tiers)
    assert (found_key, found_value) == (key, value)
    assert allowed in found_allowed


def test_a_calendar_or_an_epidemic(tmp_path: Path) -> None:
    ((key, _, allowed),) = problems_of(tmp_path, {**periods({}), "epidemic": EPIDEMIC})
    assert (key, allowed) == ("tiers", "a calendar or an epidemic, not both")


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    tiers = {
        "settings": {"grey": {}},
        **periods(
            {"from_day": 9, "to_day": "soon", "communities": ["gate_x", "gate_y"]},
            {"to_day": 2},
            {"from_day": 1, "to_day": 3},
        ),
    }
    assert [(key, value) for key, value, _ in problems_of(tmp_path, tiers)] == [
        ("tiers.settings.grey", "grey"),
        ("tiers.calendar.0.from_day", 9),
        ("tiers.calendar.0.to_day", "soon"),
        ("tiers.calendar.0.communities.0", "gate_x"),
        ("tiers.calendar.0.communities.1", "gate_y"),
        ("tiers.calendar.2", "days 1 to 2 in the whole area"),
    ]


def test_the_command_line_refuses_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = written(tmp_path, periods({"from_day": 3}))
    found = call(capsys, "run", f"scenario={path}", "output=result")
    assert found.status == 2
    (line,) = [
        number for number, text in enumerate(Path(path).read_text().splitlines(), start=1) if "from_day: 3" in text
    ]
    assert (
        f"{path}, line {line}: tiers.calendar.0.from_day: got 3; allowed: within the horizon: day 0 to 2" in found.err
    )
    assert not (tmp_path / "result").exists()


# --- what is shipped ------------------------------------------------------------------------------


GENERAL = (*(f"{tier}_all" for tier in TIERS), "sporadic_imported", "cluster_unknown_source")
GENERAL = (*GENERAL, "local_outbreak", "community_spread")


@pytest.mark.lengthy
@pytest.mark.parametrize("name", GENERAL)
@pytest.mark.parametrize("scenario", ["subdistrict", "demo_city"])
def test_every_built_in_option_fits(name: str, scenario: str) -> None:
    spec = ss.load_scenario(scenario, [f"tiers={name}"]).spec
    assert spec.tiers is not None
    assert (spec.tiers.epidemic is None) == name.endswith("_all")
    assert name in (f"{spec.tiers.default}_all", name if spec.tiers.epidemic else "")
