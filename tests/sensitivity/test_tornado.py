"""A tornado moves one parameter at a time from the plan, and knows how sure each swing is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import simsupply as ss
from simsupply.base.problems import InputError
from simsupply.sensitivity.sample import evaluate
from simsupply.sensitivity.tornado import tornado_effects
from simsupply.stats.intervals import estimate
from tests.plans.tiny_comparison import tiny_data
from tests.plans.tiny_plan import changed

RANGES = {"a": "interval(0,2)", "b": "interval(-3,3)", "n": "int(interval(1,9))"}
PLAN = {"a": 0.5, "b": 0.0, "n": 5}


def bent(at: dict[str, Any]) -> float:
    """10 in the plan; b bends it, both its ends are 9 higher."""
    return 8 + 4 * at["a"] + at["b"] ** 2 + 0 * at["n"]


@pytest.mark.lengthy
def test_bars_by_hand() -> None:
    found = tornado_effects([evaluate(bent, RANGES, "tornado", base=PLAN)])
    table = found.table.pivot(index="parameter", columns="measure", values="estimate")
    assert table.loc["a"].to_dict() == {"base": 10, "low": 8, "high": 16, "swing": 8}
    assert table.loc["b"].to_dict() == {"base": 10, "low": 19, "high": 19, "swing": 9}
    assert table.loc["n"].to_dict() == {"base": 10, "low": 10, "high": 10, "swing": 0}
    assert list(found.ranking["parameter"]) == ["b", "a", "n"]
    at = found.table.pivot(index="parameter", columns="measure", values="at")
    assert at.loc["n", ["low", "base", "high"]].tolist() == [1, 5, 9]
    assert found.answer() == (
        "value moves most with b: from 19 to 19 over its range, 10 in the plan; next: a; hardly anything with n."
    )
    for language in ("en", "zh"):
        (axes,) = found.plot(language).axes
        assert axes.get_yticklabels()[0].get_text().startswith("b\n-3")


def test_a_sweep_starts_from_its_plan_and_pairs_replications(tmp_path: Path) -> None:
    ranges = {"staffing.attendance": "interval(0.3,1)", "fleet.vans.count": "int(interval(1,4))"}
    data = changed(tiny_data(), {"staffing.attendance": 0.8})
    result = ss.sweep(
        data, "standard_crates", ranges, design="tornado", replications=4, executor="serial", output=tmp_path
    )
    found = ss.sensitivity(result, "worker_hours")
    table = found.table.set_index(["parameter", "measure"])
    assert table.loc[("staffing.attendance", "base"), "at"] == 0.8
    assert len(result.points) == 5

    def alone(**changes: float) -> Any:
        scenario = ss.load_scenario(changed(data, {key.replace("__", "."): value for key, value in changes.items()}))
        return ss.simulate(scenario, "standard_crates", replications=4, seed=1, splits=False).values["worker_hours"]

    low, base, high = alone(staffing__attendance=0.3), alone(), alone(staffing__attendance=1.0)
    for name, runs in (("low", low), ("base", base), ("high", high)):
        assert table.loc[("staffing.attendance", name), "estimate"] == pytest.approx(runs.mean())
    ends = max(((low, base), (low, high), (base, high)), key=lambda pair: abs(pair[0].mean() - pair[1].mean()))
    swing = ends[1] - ends[0] if ends[1].mean() > ends[0].mean() else ends[0] - ends[1]
    expected = estimate(swing.to_numpy(), "")
    found_swing = table.loc[("staffing.attendance", "swing")]
    assert (found_swing["estimate"], found_swing["ci_low"], found_swing["ci_high"]) == pytest.approx(
        (expected.mean, expected.ci_low, expected.ci_high)
    )


@pytest.mark.parametrize(
    ("given", "base", "expected"),
    [
        (
            RANGES,
            {**PLAN, "a": 3},
            "interval(0,2)'; allowed: limits with the plan's own value between them, which is 3",
        ),
        (RANGES, {}, "which is None"),
        ({"a": "interval(0,2)"}, PLAN, "allowed: at least two intervals"),
    ],
)
def test_what_does_not_fit_is_said_once(given: dict[str, str], base: dict[str, float], expected: str) -> None:
    with pytest.raises(InputError) as caught:
        tornado_effects([evaluate(lambda at: at["a"], given, "tornado", base=base)])
    assert expected in str(caught.value)
    assert len(caught.value.problems) == 1
