"""How scenarios and results show themselves: a repr that fits on a screen, a short HTML with everything escaped."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pytest

import simsupply as ss
from simsupply.results.result import MEASURES_SHOWN
from tests.plans.tiny_comparison import strategy, tiny_data, tiny_scenario
from tests.plans.tiny_plan import changed

SCRIPT = "<script>alert('x')</script> & Co"
TITLE = {"scenario.title": {"en": SCRIPT, "zh": "甲"}}


@pytest.fixture(scope="module")
def hostile() -> ss.Result:
    """Three replications of a plan whose title is HTML."""
    return ss.simulate(ss.load_scenario(changed(tiny_data(), TITLE)), "standard_crates", replications=3)


@pytest.mark.lengthy
@pytest.mark.parametrize("name", ["subdistrict", "changchun", "changchun_whole", "demo_whole", "reserves_city"])
def test_a_scenario_fits_on_a_line(name: str) -> None:
    scenario = ss.load_scenario(name)
    shown = repr(scenario)
    assert shown.startswith(f"Scenario: {name}, {len(scenario.households):,} households, ")
    assert len(shown) < 200
    assert "\n" not in shown
    assert f"<td>{len(scenario.households):,}</td>" in scenario._repr_html_()


def test_a_result_fits_on_a_few_lines() -> None:
    result = ss.simulate(tiny_scenario(), strategy("standard_crates"), replications=2, seed=3)
    first, second = repr(result).splitlines()
    assert first == "Result: scenario my_estate, strategy standard_crates, 2 replications, seed 3"
    # Twice the same share: 0.025^(1/2) = 0.158 of the cases at least are so.
    assert second.startswith("coverage 1 (0.1581 to 1), fill_rate 1 (0.1581 to 1), deprived_household_days ")
    assert all(name in second for name in MEASURES_SHOWN)
    assert len(repr(result)) < 1000


def test_a_result_in_a_notebook(hostile: ss.Result) -> None:
    """Scenario and strategy, how many replications, five measures with their intervals, the answer; all escaped."""
    html = hostile._repr_html_()
    assert "<script" not in html
    assert f"<strong>{escape(SCRIPT)}: Standard crates</strong>" in html
    assert "3 replications" in html
    assert len(MEASURES_SHOWN) == html.count("<tr><td>") == 5
    for name in MEASURES_SHOWN:
        assert f"<td>{name}</td>" in html
    found = hostile.estimate("last_household_served_h")
    assert f"<td>{found.mean:.4g} ({found.ci_low:.4g} to {found.ci_high:.4g})</td><td>h</td>" in html
    for line in ss.answer(hostile).splitlines():
        assert f"<p>{escape(line)}</p>" in html


def test_a_measure_that_does_not_exist_is_a_dash() -> None:
    nobody = ss.simulate(tiny_scenario(0.0), strategy("standard_crates"), replications=2)
    assert "<td>last_household_served_h</td><td>-</td>" in nobody._repr_html_()
    assert "last_household_served_h -" in repr(nobody)


@pytest.mark.lengthy
def test_a_comparison_shows_itself() -> None:
    world = ss.load_scenario(changed(tiny_data(), TITLE))
    found = ss.compare(world, ["standard_crates", "individual_orders"], attendance=[1.0, 0.2], replications=2)
    assert repr(found) == (
        "Comparison: scenario my_estate\n2 alternatives: standard_crates, individual_orders\n"
        "attendance 100 %, 20 %, 2 replications of each"
    )
    assert repr(found.cases[3]).startswith("Case: individual_orders at 20 % attendance\nResult: scenario my_estate")
    assert len(repr(found.cases[3])) < 1000
    html = found._repr_html_()
    assert "<script" not in html
    assert escape(SCRIPT) in html
    assert html.count("<tr><td>") == 4
    assert all(f"<th>{name} (" in html for name in MEASURES_SHOWN)
    for line in ss.answer(found).splitlines():
        assert f"<p>{escape(line)}</p>" in html


@pytest.mark.lengthy
def test_a_sweep_shows_itself(tmp_path: Path) -> None:
    levels = [0.1 + 0.03 * number for number in range(25)]
    parameters = {"staffing.attendance": levels, "scenario.title.en": [SCRIPT]}
    found = ss.sweep(
        tiny_data(), "standard_crates", parameters, output=tmp_path / "<b>", replications=2, executor="serial"
    )
    assert repr(found).endswith("25 points x 2 replications, 0 runs without a result, 0 of them failed")
    html = found._repr_html_()
    assert "<script" not in html
    assert escape("/<b>") in html
    assert "scenario my_estate, strategy standard_crates" in html
    assert html.count("<tr><td>") == 20
    assert all(f"<th>{name}</th>" in html for name in MEASURES_SHOWN)
    row = found.table(["worker_hours", "coverage"]).query("metric == 'coverage'").iloc[0]
    assert f"<td>{row['mean']:.4g} ({row['ci_low']:.4g} to {row['ci_high']:.4g})</td>" in html
