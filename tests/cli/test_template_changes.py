"""`simsupply template` with words that change the plan: they stand in the file, in the language asked for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

import simsupply as ss
from simsupply.base.spec import Title
from simsupply.config.compose import compose_config
from simsupply.config.load import strategy_from, world_from
from simsupply.config.yaml_edits import with_changes
from simsupply.config.yaml_files import built_in
from simsupply.scenario.world import Scenario
from tests.helpers.command_line import call

CHANGES = {
    "a number": ["staffing.attendance=0.2", "scenario.horizon_days=10"],
    "instead of another key": ["staffing.crews.door_team.households_per_worker=50"],
    "a key that was not there": [
        "++staffing.crews.door_team.days_off={after_days: 6, days: 1}",
        "scenario.title.zh=试点",
    ],
    "a mapping over a mapping": ["scenario.households.pantry_days={high: 6}"],
    "inside a row": ["staffing.crews.site_workers.shifts.0.end='17:00'"],
    "a whole list": ["staffing.crews.site_workers.shifts=[{start: '06:00', end: '14:00'}]"],
    "a section of another option": ["fleet=calendar_town", "staffing.attendance=0.5"],
    "a section that was not there": ["shocks=depots_closed_two_days"],
    "a key taken away": ["~fleet.vans.speed_cv"],
    "a block": ["scenario.geography.drop_points={count: 3}", "demand={kind: cycle, cycle_days: 3, lines_per_order: 4}"],
}


@pytest.mark.parametrize("words", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("language", ["both", "en", "zh"])
def test_words_stand_in_the_file(words: list[str], language: str, tmp_path: Path, capsys) -> None:
    """Read back, it says what the built-in scenario says with the same words; but for titles, in one language."""
    path = tmp_path / "mine.yaml"
    words = [word for word in words if "calendar_town" not in word or "farm_trucks" in built_in("fleet")]
    done = call(capsys, "template", str(path), "scenario=subdistrict", *words, f"language={language}")
    assert done.status == 0, done.err
    read, wanted = (
        world_from(compose_config("run", given), "it")
        for given in ([f"scenario={path}"], ["scenario=subdistrict", *words])
    )
    if language == "both":
        assert read == wanted
    assert in_language(read.model_dump(), "zh" if language == "zh" else "en") == in_language(
        wanted.model_dump(), "zh" if language == "zh" else "en"
    )


def in_language(data: object, language: str) -> object:
    if isinstance(data, dict):
        if set(data) == {"en", "zh"}:
            return data[language]
        return {key: in_language(value, language) for key, value in data.items()}
    return [in_language(item, language) for item in data] if isinstance(data, list | tuple) else data


def test_what_was_set_is_marked_as_the_users(tmp_path: Path, capsys) -> None:
    """Every other comment stays."""
    paths = [tmp_path / f"{name}.yaml" for name in ("as_it_is", "mine")]
    call(capsys, "template", str(paths[0]), "scenario=subdistrict")
    call(capsys, "template", str(paths[1]), "scenario=subdistrict", "scenario.horizon_days=10")
    was, now = (path.read_text("utf-8").splitlines() for path in paths)
    changed = [(old, new) for old, new in zip(was, now, strict=True) if old != new]
    assert len(changed) == 1
    assert re.match(r"  horizon_days: 10  # U  instead of 7: A  ", changed[0][1])


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("words", [["scenario=demo_city", "listed=true"], ["strategy=county_by_tier"]])
def test_a_file_in_one_language(language: str, words: list[str], tmp_path: Path, capsys) -> None:
    path = tmp_path / "mine.yaml"
    done = call(capsys, "template", str(path), *words, f"language={language}")
    assert done.status == 0, done.err
    text = path.read_text("utf-8")
    comments = [comment for line in text.splitlines() for comment in re.findall(r"(?:^|\s)#.*", line)]
    assert len(comments) > 10
    if language == "en":
        # Behind a mark stand the plan's own words.
        assert not [said for said in comments if re.search("[一-龥]", said) and not re.match(r"\s*#\s+[SPA]\b", said)]
    else:
        words_of_english = re.compile(r"\b(?!world_seed|scenario|orders|nearest|diverts_to|demo_city)[a-z]{3,}\b")
        plain = [re.sub(r"`[^`]*`", "", comment) for comment in comments]
        assert not [comment for comment in plain if words_of_english.search(comment)]
    load = ss.load_scenario if words[0].startswith("scenario") else ss.load_strategy
    loaded = load(path)
    title = loaded.settings.title if isinstance(loaded, Scenario) else loaded.title
    assert isinstance(title, Title)
    assert title.en == title.zh
    assert bool(re.search("[一-龥]", title.en)) == (language == "zh")
    assert bool(re.search("[一-龥]", done.out)) == (language == "zh")


def test_a_listed_city_with_changes(tmp_path: Path, capsys) -> None:
    """Words change what is listed, and what stands beside it; the city is that of the words to the last bit."""
    words = ["scenario.geography.depots.count=2", "scenario.households.persons_mean=3", "staffing.attendance=0.3"]
    path = tmp_path / "mine.yaml"
    done = call(capsys, "template", str(path), "scenario=demo_city", "listed=true", *words)
    assert done.status == 0, done.err
    listed, built = ss.load_scenario(path), ss.load_scenario("demo_city", words)
    assert listed.places.names == built.places.names
    assert len(listed.places.names["depot"]) == 2
    assert listed.settings.geography.kind == "listed"
    assert (listed.households.persons == built.households.persons).all()
    assert listed.spec.staffing == built.spec.staffing
    assert "scenario=demo_city scenario.geography.depots.count=2" in path.read_text("utf-8")


def test_a_strategy_with_changes(tmp_path: Path, capsys) -> None:
    path = tmp_path / "mine.yaml"
    words = ["strategy.channels.parcel_lockers.steps.0.stage.effort.per_line_min=9", "strategy.title.zh=柜"]
    done = call(capsys, "template", str(path), "strategy=lockers", *words)
    assert done.status == 0, done.err
    assert ss.load_strategy(path) == strategy_from(
        compose_config("run", ["strategy=lockers", *words])["strategy"], "it"
    )
    assert "per_line_min: 9  # U" in path.read_text("utf-8")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (["replications=3", "seed=1"], ["replications", "seed"]),
        (["strategy.mix=[]"], ["strategy.mix"]),
        (["scenario.horizon_dys=3"], ["scenario.horizon_dys"]),
        (["staffing.attendance=2", "scenario.horizon_days=-1"], ["staffing.attendance", "scenario.horizon_days"]),
        (["staffing.crews.door_team.headcount=1,2"], ["staffing.crews.door_team.headcount"]),
        (["staffing=no_such"], ["staffing"]),
        (["language=fr"], ["language"]),
    ],
)
def test_words_without_effect_and_wrong_ones(language, words, wrong, tmp_path, capsys) -> None:
    """One message for all of them, status 2, no file."""
    path = tmp_path / "mine.yaml"
    done = call(capsys, "template", str(path), "scenario=subdistrict", f"language={language}", *words)
    assert done.status == 2
    assert all(key in done.err for key in wrong), done.err
    assert not list(tmp_path.iterdir())


def test_edits_of_a_text() -> None:
    """Chinese names, blanks in names, blocks behind a dash, keys taken away: all else stays as it is."""
    text = (
        "# head\ncrews:\n  装 车:   # who\n    headcount: 1  # A  one\n    households_per_worker: null\n"
        "steps:\n  - stage: {name: 打包, crew: 装 车}\n    more: 1  # A\n  # foot\nend: 甲\n"
    )
    data = {
        "crews": {"装 车": {"headcount": 3, "title": "装"}},
        "steps": [{"stage": {"name": "打包", "crew": "装 车", "per": "order"}}],
        "end": "乙",
    }
    paths = [("crews", "装 车", "headcount"), ("crews", "装 车", "title"), ("steps", "0", "stage", "per")]
    found = with_changes(text, data, [*paths, ("steps", "0", "more"), ("end",)])
    assert yaml.safe_load(found) == data
    assert found.startswith("# head\ncrews:\n  装 车:   # who\n")
    assert "headcount: 3  # U  instead of 1: A  one\n" in found
    assert "  # foot\nend: 乙  # U  instead of 甲\n" in found
