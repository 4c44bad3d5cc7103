"""Published kinds of workers, laid under the crews that name them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import simsupply as ss
from simsupply.base.problems import InputError
from simsupply.config.load import places_of, world_from
from simsupply.config.published_paces import laid_over_paces, published_paces
from simsupply.scenario.paces import Pace, Ramp
from tests.plans.both_engines import exact
from tests.plans.paper_plans import Plain, channel, crew, cycle, ends, simulate, stage, strategy, world

PACKER = Pace(line=3.3, ramp=Ramp(start=0.5, hours=2))
LOADER = Pace(parcel=3.3, kg=3.3)
NAMED = ["staffing.crews.site_workers.pace=volunteer_packer"]


def staffing(**crews: Any) -> Plain:
    return {"attendance": 1, "crews": crews}


def test_every_row_is_a_kind_of_worker() -> None:
    table = {name: Pace.model_validate(row) for name, row in published_paces().items()}
    assert (table["volunteer_packer"], table["volunteer_loader"]) == (PACKER, LOADER)
    assert set(table) == {"volunteer_packer", "drafted_packer", "volunteer_loader"}


def test_one_line_in_a_crew_is_enough() -> None:
    plan = world([1], {"staff": crew(1, pace="volunteer_loader")})
    paces = world_from(plan, "plan").staffing.paces
    assert paces == {"volunteer_loader": LOADER}


def test_a_crew_of_loaders_on_paper() -> None:
    """0.5 min a parcel x 3.3: 1.65 min. Kernels, for all of the crew go at one pace."""
    plan = world([2], {"staff": crew(1, pace="volunteer_loader")})
    result = exact(plan, strategy(channel("only", stage("unload", "staff", effort={"per_parcel_min": 0.5}))))
    assert ends(result, "unload") == pytest.approx([481.65, 483.3])


def test_volunteers_who_join_pickers_on_paper() -> None:
    """0.5 min an order, 0.3 a line, 5 lines: paid 2 min; a volunteer 0.5 + 5 x 0.99 = 5.45, at half speed 10.9.

    480 both begin: paid 482, 484, 486, 488, 490 (five orders), the volunteer 490.9.
    """
    people = crew(
        1, arrivals={"from_day": 0, "over_days": 1, "up_to": 2, "people": "volunteer", "pace": "volunteer_packer"}
    )
    plan = world([6], {"staff": people}, demand=cycle(lines=5))
    plan["staffing"]["paces"] = {}
    result = simulate(plan, stage("pick", "staff", effort={"per_order_min": 0.5, "per_line_min": 0.3}))
    assert sorted(ends(result, "pick")) == pytest.approx([482, 484, 486, 488, 490, 490.9])


def test_what_the_scenario_says_goes_over_the_table() -> None:
    """One key, or one key of the ramp; null takes the ramp away. A kind of one's own is whole."""
    said = staffing(a={"pace": "volunteer_packer"}, b={"arrivals": {"pace": "mine"}})
    said["paces"] = {"volunteer_packer": {"line": 2, "ramp": {"start": 0.7}}, "mine": {"order": 2}}
    found, problems = laid_over_paces(said)
    assert found["paces"] == {
        "volunteer_packer": {"line": 2, "ramp": {"start": 0.7, "hours": 2}},
        "mine": {"order": 2},
    }
    assert problems == []
    said["paces"]["volunteer_packer"] = {"ramp": None}
    assert laid_over_paces(said)[0]["paces"]["volunteer_packer"] == {"line": 3.3, "ramp": None}


def test_plans_that_name_no_kind_are_left_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain data among them, which is whole without a file of ``configs/``: the table is not even read."""
    monkeypatch.setattr("simsupply.config.published_paces.published_paces", None)
    said = staffing(a={"people": "volunteer"})
    assert laid_over_paces(said) == (said, [])
    said["paces"] = {"volunteer_packer": {"order": 2}}
    assert laid_over_paces(said)[0]["paces"] == {"volunteer_packer": {"order": 2}}


@pytest.mark.parametrize("staffing", [None, [], "x", {"crews": []}, {"crews": {"a": 1}}, {"paces": 3, "crews": {}}])
def test_what_is_no_section_is_left_to_the_specification(staffing: Any) -> None:
    assert laid_over_paces(staffing) == (staffing, [])


def test_kinds_that_nobody_knows_are_told_with_those_there_are() -> None:
    plan = world([1], {"staff": crew(1, pace="voluntary_packer"), "more": crew(1, pace="swift")})
    plan["staffing"]["paces"] = {"swiftly": {}}
    with pytest.raises(InputError) as raised:
        world_from(plan, "plan")
    told = {problem.key: str(problem.allowed) for problem in raised.value.problems}
    assert "did you mean 'volunteer_packer'?" in told["staffing.crews.staff.pace"]
    assert "did you mean 'swiftly'?" in told["staffing.crews.more.pace"]


def test_a_wrong_value_over_the_table_is_told() -> None:
    plan = world([1], {"staff": crew(1, pace="volunteer_packer")})
    plan["staffing"]["paces"] = {"volunteer_packer": {"line": 0}}
    with pytest.raises(InputError, match=r"staffing\.paces\.volunteer_packer\.line"):
        world_from(plan, "plan")


def test_overrides_name_a_kind_and_change_it() -> None:
    scenario = ss.load_scenario("subdistrict", [*NAMED, "staffing.paces.volunteer_packer.ramp.start=0.8"])
    assert scenario.spec.staffing.paces["volunteer_packer"] == Pace(line=3.3, ramp=Ramp(start=0.8, hours=2))


def test_places_name_the_table_with_its_marks() -> None:
    found = places_of("subdistrict", [*NAMED, "staffing.paces.volunteer_packer.ramp.start=0.8"])
    line = found["staffing.paces.volunteer_packer.line"]
    assert line.file == "configs/paces/published.yaml"
    assert line.comment.startswith("P [2.5, 4.5]  P01 P03")
    assert found["staffing.paces.volunteer_packer.ramp.hours"].file == "configs/paces/published.yaml"
    assert found["staffing.paces.volunteer_packer.ramp.start"].layer == "override"
    assert "staffing.paces.volunteer_loader.parcel" not in dict(found.items())


def test_a_file_of_ones_own_names_a_kind(tmp_path: Path) -> None:
    from simsupply.config.yaml_files import template

    path = tmp_path / "plan.yaml"
    path.write_text(template("scenario", "subdistrict"), encoding="utf-8")
    assert ss.load_scenario(path).spec.staffing.paces == {"drafted_packer": PACKER}
