"""Branches that cannot be: refused before the run, all at once, with file and line, in English and in Chinese."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import simsupply as ss
from simsupply.config.load import fit
from tests.helpers.command_line import call
from tests.helpers.problems import value_of
from tests.plans.demand_plans import in_tiers
from tests.plans.paper_plans import Plain, channel, crew, delay, fleet, leg, stage, strategy, world
from tests.plans.tiny_plan import SCENARIO, write

WRONG = """\
name: mine
title: Mine
channels:
  all_wrong:
    name: all_wrong
    title: All wrong
    release: {kind: order}
    branches:
      cold: {share: 0.7}
      frozen: {share: 0.5}
      rest: {share: 0.1}
      dry: {share: 0}
      unnamed: {share: 0.1}
    steps:
      - stage: {name: pack, at: depot, crew: clerks, effort: {per_order_min: 1}}
        branch: [cold, fresh]
      - leg: {name: deliver, from: depot, to: drop_point, fleet: vans}
        branch: frozen
  no_branches:
    name: no_branches
    title: No branches
    release: {kind: order}
    steps:
      - delay: {name: wait, minutes: 5}
        branch: cold
  empty_way:
    name: empty_way
    title: Empty way
    release: {kind: order}
    branches:
      cold: {share: 0.3}
    steps:
      - delay: {name: wait, minutes: 5}
        branch: cold
  no_way:
    name: no_way
    title: No way
    release: {kind: order}
    branches:
      cold: {share: 0.3}
    steps:
      - leg: {name: bring, from: depot, to: drop_point, fleet: vans}
        branch: cold
      - stage: {name: hand_out, at: drop_point, crew: walkers, effort: {per_order_min: 1}}
calendar: [{channel: all_wrong, from_day: 0}]
"""


def test_all_that_is_wrong_is_said_at_once_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, scenario = tmp_path / "mine.yaml", write(tmp_path / "world.yaml", SCENARIO, {})
    file.write_text(WRONG, encoding="utf-8")
    said = {}
    for language in ("en", "zh"):
        words = (f"scenario={scenario}", f"strategy={file}", f"output={tmp_path / 'result'}", f"language={language}")
        found = call(capsys, "run", *words)
        assert found.status == 2
        said[language] = found.messages
    lines = [(text.split("line ")[1].split(":")[0], text.split("allowed: ")[1]) for text in said["en"]]
    assert lines == [
        ("8", "shares of the branches that add up to at most 1; what is left is the branch `rest`"),
        ("11", "another name; this one stands for the orders of no other branch"),
        ("12", "a share above 0; without orders of it, leave the branch out"),
        (
            "13",
            "a branch that is named by `branch` of some step; otherwise its orders go the way of the rest, and it has "
            "no effect",
        ),
        ("16", "did you mean 'rest'? valid: cold, dry, frozen, rest, unnamed"),
        ("25", "branch only in a channel with `branches`"),
        ("32", "at least one step on the way of every branch"),
        ("41", "step 'hand_out' at: depot, where the goods are then (it says 'drop_point')"),
    ]
    assert [text.split("行")[0].split("第")[-1] for text in said["zh"]] == [line for line, _ in lines]
    assert any("各分支占比合计不超过 1" in text for text in said["zh"])


def problems_of(plan: Plain, decided: Plain) -> list[tuple[str, object, str]]:
    with pytest.raises(ss.InputError) as caught:
        fit(ss.load_scenario(plan), ss.load_strategy(decided))
    return [(found.key, value_of(found), str(found.allowed)) for found in caught.value.problems]


def branching(*steps: Plain, **shares: float) -> Plain:
    branches = {name: {"share": share} for name, share in shares.items()}
    return strategy({**channel("only", *steps), "branches": branches})


def of(branch: str, step: Plain, **when: Any) -> Plain:
    return {**step, "branch": branch} | ({"when": when} if when else {})


def test_a_way_that_is_empty_under_one_tier_is_told_by_branch_and_tier() -> None:
    """Cold orders wait always, the rest only where people are sealed in."""
    plan = in_tiers(world([3], {"packers": crew(1)}), default="sealed")
    steps = of("cold", delay("cool", 5)), of("rest", delay("stand", 5), tiers=["sealed"])
    (found,) = [each for each in problems_of(plan, branching(*steps, cold=0.3)) if "way" in each[2]]
    assert found[0] == "strategy.channels.only.steps"
    assert "orders of branch rest under" in str(found[1])
    assert found[2] == "at least one step on the way of every branch"


def test_a_fleet_works_at_one_step_of_a_channel() -> None:
    plan = world([3], {"packers": crew(1)}, {"vans": fleet(1)})
    steps = of("cold", leg("cool_drive", "vans")), of("rest", leg("drive", "vans"))
    assert ("strategy.channels.only.steps", "vans", "one step for each fleet") in problems_of(
        plan, branching(*steps, cold=0.3)
    )


def test_loads_are_kept_by_vehicles_as_large_as_those_of_each_branch() -> None:
    """The trailers of the cold ones hold 40, the tractor that takes over all trailers 20."""
    geography = {
        "kind": "listed",
        "depots": [{"name": "site"}],
        "stations": [{"name": "hub", "depot": "site", "distance_km": 5.0}],
        "drop_points": [{"name": "d0", "households": 9, "distance_km": 5.0, "station": "hub"}],
    }
    vans = {"tractors": fleet(1, "station", payload_parcels=20)}
    vans |= {name: fleet(1, payload_parcels=size) for name, size in (("lorries", 20), ("reefers", 40))}
    plan = world(geography, {"packers": crew(1)}, vans)
    steps = (
        stage("pack", "packers", effort={"per_order_min": 1}),
        of("cold", leg("cool_trunk", "reefers", to="station", loads_for="drop_point")),
        of("rest", leg("trunk", "lorries", to="station", loads_for="drop_point")),
        leg("local", "tractors", "station", keeps_loads=True),
    )
    assert [found[:2] for found in problems_of(plan, branching(*steps, cold=0.3))] == [
        ("fleet.tractors.payload_parcels", 20)
    ]
