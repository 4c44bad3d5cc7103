"""Adding a depot says what it does to people: when it is added, and in ``provenance.json``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.chinese import set_locale
from tests.helpers.command_line import call
from tests.plans.tiny_plan import SCENARIO, STRATEGY, write

GEOGRAPHY = {
    "kind": "spread",
    "radius_km": 2,
    "detour_factor": 1.3,
    "world_seed": 1,
    "households": 100,
    "depots": {"count": 1, "docks": 1},
    "drop_points": {"count": 2},
}


def test_a_depot_more_is_twice_the_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Clerks 3, site workers 6 and 2 vans at each depot: at two depots 6, 12 and 4."""
    set_locale(monkeypatch, LANG="en_US.UTF-8")
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "mine.yaml", SCENARIO, {"scenario.geography": GEOGRAPHY})
    write(tmp_path / "way.yaml", STRATEGY)
    words = ("scenario=mine.yaml", "strategy=way.yaml", "replications=2")
    one = call(capsys, "run", *words, "output=one")
    assert "there are" not in one.err
    two = call(capsys, "run", *words, "scenario.geography.depots.count=2", "output=two")
    assert two.status == 0
    said = "scenario.geography.depots.count: there are 2 places now, with on each shift clerks 6 (3 at each), "
    assert said + "site_workers 12 (6 at each), vans 4 (2 at each)" in two.err
    planned = json.loads(Path("two/provenance.json").read_text(encoding="utf-8"))["planned"]["my_estate"]
    assert planned["site_workers"] == {"at": "depot", "places": 2, "least": 6, "most": 6, "in_all": 12}
    assert planned["door_team"] == {"at": "drop_point", "places": 2, "least": 4, "most": 4, "in_all": 8}
