"""A boundary map finds known lines and circles with fewer points than a full grid as fine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import simsupply as ss
from simsupply.base.problems import InputError
from simsupply.sensitivity.boundary import BoundaryMap, find_boundary
from simsupply.sweeps.sweep_record import read_records
from tests.plans.tiny_comparison import tiny_data
from tests.plans.tiny_plan import changed
from tests.plans.tiny_sweep import small

UNIT = {"x": "interval(0,1)", "y": "interval(0,1)"}


def circle(at: dict[str, Any]) -> float:
    """Distance from (0.4, 0.5)."""
    return float(np.hypot(at["x"] - 0.4, at["y"] - 0.5))


def ends(found: BoundaryMap) -> list[tuple[float, float, float, float]]:
    """Both points between which each crossing lies."""
    rows = found.table.itertuples(index=False)
    return [(r.low, r.y, r.high, r.y) if r.along == "x" else (r.x, r.low, r.x, r.high) for r in rows]


@pytest.mark.parametrize("depth", [2, 3, 4])
def test_a_circle_is_found_with_fewer_points(depth: int) -> None:
    found = find_boundary(circle, UNIT, 0.3, depth=depth)
    (region,) = found.regions
    cell = 1 / (4 * 2**depth)
    radius = np.hypot(found.table["x"] - 0.4, found.table["y"] - 0.5)
    assert np.abs(radius - 0.3).max() < cell**2  # a straight line between two points on either side
    angles = np.sort(np.arctan2(found.table["y"] - 0.5, found.table["x"] - 0.4))
    assert np.diff(angles).max() < 2 * cell / 0.3  # all around
    assert region.num_full == (4 * 2**depth + 1) ** 2
    assert len(region.points) < region.num_full * {2: 0.6, 3: 0.35, 4: 0.2}[depth]
    assert region.share_low <= np.pi * 0.09 <= region.share_high
    assert region.share == pytest.approx(np.pi * 0.09, abs=cell / 2)


@pytest.mark.parametrize("level", [0.11, 0.3, 0.62])
def test_every_cell_is_what_a_full_grid_says(level: float) -> None:
    """The slow way: run every point of the finest lattice, and look up each cell of the map in it."""
    found = find_boundary(circle, UNIT, level, depth=3)
    (region,) = found.regions
    at = np.linspace(0, 1, 33)
    full = np.hypot(at[:, None] - 0.4, at[None, :] - 0.5) < level
    assert region.cells.eval("(x_high - x_low) * (y_high - y_low)").sum() == pytest.approx(1)
    for cell in region.cells.itertuples():
        i, k, j, m = (round(32 * value) for value in (cell.x_low, cell.x_high, cell.y_low, cell.y_high))
        assert (full[i : k + 1, j : m + 1] == cell.share).all() or k - i == 1
    crossed = (full[1:] != full[:-1]).sum() + (full[:, 1:] != full[:, :-1]).sum()
    assert len(found.table) == crossed


def test_what_is_smaller_than_the_first_lattice_needs_a_finer_one() -> None:
    """As documented: a circle between the points of the first lattice is not seen."""
    assert find_boundary(circle, UNIT, 0.05).regions[0].share_high == 0
    fine = find_boundary(circle, UNIT, 0.05, start=16, depth=2).regions[0]
    assert fine.share_low <= np.pi * 0.0025 <= fine.share_high


def test_a_line_over_ranges_with_units_and_whole_numbers() -> None:
    """10 n + x >= 60 holds; x from 0 to 20, n from 2 to 8."""
    parameters = {"x": "interval(0,20)", "n": "int(interval(2,8))"}
    found = find_boundary(lambda at: 10 * at["n"] + at["x"], parameters, 60, depth=3)
    (region,) = found.regions
    along = found.table[found.table["along"] == "x"]
    assert len(along) >= 2
    assert (10 * along["n"] + along["x"]).to_numpy() == pytest.approx(60)
    assert set(region.points["y"]) <= set(range(2, 9))
    assert len(region.points) < region.num_full == 33 * 7


def test_better_is_less_turns_the_map_round() -> None:
    more, less = (find_boundary(circle, UNIT, 0.3, better=side) for side in ("more", "less"))
    assert more.regions[0].share == pytest.approx(1 - less.regions[0].share)
    assert len(more.table) == len(less.table)


def test_an_arm_that_leaves_through_an_edge_is_followed() -> None:
    """A thin wedge that lies between the corners of the first lattice beyond the cell in which it starts."""
    found = find_boundary(lambda at: abs(at["y"] - 0.3) - 0.1 * (1 - at["x"]), UNIT, 0.0, depth=4)
    assert found.table["x"].max() > 0.9


def test_words_and_figures() -> None:
    found = find_boundary(circle, UNIT, 0.3)
    num = len(found.regions[0].points)
    text = f"value is below 0.3 in 28 % of the area (25 % to 32 %; {num} points, 1,089 in a full grid as fine)."
    assert found.answer() == text
    assert "28%" in found.answer("zh")
    assert find_boundary(circle, UNIT, -1).answer() == "value is nowhere below -1 in the area (25 points)."
    assert find_boundary(circle, UNIT, 2).answer() == "value is below 2 at every point of the area (25 points)."
    for language in ("en", "zh"):
        (axes,) = found.plot(language).axes
        assert axes.get_xlim() == (0, 1)
    assert len(find_boundary(circle, UNIT, 2).plot().axes) == 1


@pytest.mark.lengthy
def test_a_sweep_is_refined_in_its_store(tmp_path: Path) -> None:
    parameters = {
        "strategy": ["standard_crates", "individual_orders"],
        "staffing.attendance": "interval(0.02,0.9)",
        "scenario.households.priority_share": "interval(0.1,0.2)",
    }
    result = small(tmp_path, parameters, design="boundary", replications=2)
    before = len(list((tmp_path / "runs").iterdir()))
    values = result.wide(["worker_hours"])["worker_hours"]
    level = float(values.median())
    found = ss.boundary(result, "worker_hours", level, depth=1)
    assert [region.group for region in found.regions] == ["strategy = standard_crates", "strategy = individual_orders"]
    assert found.better == "less"
    first = result.record.name
    assert [record.name for record in read_records(result.store)] == [first, f"{first}_worker_hours"]
    for region in found.regions:
        assert 25 <= len(region.points) < region.num_full == 81
    for region in found.regions:
        strategy = region.group.rpartition(" ")[2]
        last = region.points.iloc[-1]
        changes = {"staffing.attendance": last["x"], "scenario.households.priority_share": last["y"]}
        alone = ss.simulate(
            ss.load_scenario(changed(tiny_data(), changes)), strategy, replications=2, seed=1, splits=False
        )
        assert last["mean"] == alone.values["worker_hours"].mean()
        of_grid = result.points[result.points["strategy"] == strategy].join(values)
        merged = region.points.merge(
            of_grid, left_on=["x", "y"], right_on=["staffing.attendance", "scenario.households.priority_share"]
        )
        assert len(merged) == 25
        assert (merged["mean"] == merged["worker_hours"]).all()
    simulated = len(list((tmp_path / "runs").iterdir()))
    assert simulated > before
    again = ss.boundary(result, "worker_hours", level, depth=1)
    assert again.table.equals(found.table)
    assert len(list((tmp_path / "runs").iterdir())) == simulated  # nothing is run twice
    with pytest.raises(InputError, match="more or less is better"):
        ss.boundary(result, "orders_attempted", 5)


@pytest.mark.parametrize(
    ("parameters", "more", "expected"),
    [
        ({"x": "interval(0,1)"}, {}, "got 'x'; allowed: two intervals"),
        ({**UNIT, "z": "interval(0,1)"}, {}, "got 'x, y, z'; allowed: two intervals"),
        ({"x": [1, 2], "y": "interval(0,1)"}, {}, "an interval"),
        (UNIT, {"depth": 9}, "a whole number from 0 to 8"),
        (UNIT, {"level": float("nan")}, "level: got nan; allowed: a number"),
    ],
)
def test_what_does_not_fit_is_said_once(parameters: dict[str, Any], more: dict[str, Any], expected: str) -> None:
    with pytest.raises(InputError) as caught:
        find_boundary(circle, parameters, **{"level": 0.3, **more})
    assert expected in str(caught.value)
    assert len(caught.value.problems) == 1


def test_a_point_without_a_value_is_said() -> None:
    with pytest.raises(InputError, match="no value at 25 of 25 points"):
        find_boundary(lambda at: np.nan, UNIT, 0.3)
