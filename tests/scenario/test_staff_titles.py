"""Titles of crews and fleets: those of the plan, else their names; two of one title are told apart."""

from __future__ import annotations

from pathlib import Path

import simsupply as ss
from simsupply.scenario.staff_titles import staff_titles
from tests.plans.tiny_plan import SCENARIO, write

NIGHT = {"en": "Night", "zh": "夜班"}


def test_titles_of_a_plan(tmp_path: Path) -> None:
    changes = {"staffing.crews.clerks.title": NIGHT}
    spec = ss.load_scenario(write(tmp_path / "one.yaml", SCENARIO, changes)).spec
    assert staff_titles(spec, "en") == {
        "clerks": "Night",
        "site_workers": "site workers",
        "door_team": "door team",
        "vans": "vans",
    }
    spec = ss.load_scenario(write(tmp_path / "two.yaml", SCENARIO, {**changes, "fleet.vans.title": NIGHT})).spec
    found = staff_titles(spec, "zh")
    assert (found["clerks"], found["vans"], found["door_team"]) == ("夜班 (clerks)", "夜班 (vans)", "door team")
