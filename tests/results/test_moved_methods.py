"""A script that calls a method of before is told the function that took its place; both mean the same."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest

import simsupply as ss
from simsupply.base.moved_methods import MovedMethods
from simsupply.results.result import Result
from simsupply.sweeps.sweep_result import SweepResult
from tests.plans.tiny_comparison import strategy, tiny_scenario
from tests.plans.tiny_sweep import small

OF_RESULT = {
    "bottleneck": "diagnose(result)",
    "answer": "answer(result, language)",
    "one_more": "one_more(result, metric)",
    "topped_up": "top_up(result, replications)",
}
OF_SWEEP = {
    "boundary": "boundary(sweep_result, metric, level)",
    "boxes": "boxes(sweep_result, metric, level)",
    "plot": "plot_sweep(sweep_result, metric)",
    "resume": "resume(sweep_result, replications)",
    "sensitivity": "sensitivity(sweep_result, metric)",
}


@pytest.fixture(scope="module")
def result() -> Result:
    return ss.simulate(tiny_scenario(), strategy("standard_crates"), replications=1)


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> SweepResult:
    return small(tmp_path_factory.mktemp("sweep"))


@pytest.mark.parametrize("name", OF_RESULT)
def test_a_method_of_a_result_names_its_function(result: Result, name: str) -> None:
    with pytest.raises(AttributeError) as error:
        getattr(result, name)
    assert str(error.value) == f"Result has no method {name!r} any more: use simsupply.{OF_RESULT[name]}"
    assert callable(getattr(ss, OF_RESULT[name].partition("(")[0]))


@pytest.mark.parametrize("name", OF_SWEEP)
def test_a_method_of_a_sweep_names_its_function(swept: SweepResult, name: str) -> None:
    with pytest.raises(AttributeError) as error:
        getattr(swept, name)
    assert str(error.value) == f"SweepResult has no method {name!r} any more: use simsupply.{OF_SWEEP[name]}"
    assert callable(getattr(ss, OF_SWEEP[name].partition("(")[0]))


def test_every_moved_method_is_tested() -> None:
    assert Result.moved.keys() == OF_RESULT.keys()
    assert SweepResult.moved.keys() == OF_SWEEP.keys()


def test_other_names_and_failing_properties_raise_as_usual(result: Result) -> None:
    class Broken(MovedMethods):
        @property
        def number(self) -> int:
            return self.nothing.here

    with pytest.raises(AttributeError, match="'Result' object has no attribute 'mean'"):
        result.mean  # noqa: B018 -- reading it raises
    assert not hasattr(result, "_ipython_display_")
    with pytest.raises(AttributeError, match="'Broken' object has no attribute 'nothing'"):
        Broken().number  # noqa: B018 -- reading it raises


def test_results_can_be_copied_and_pickled(result: Result) -> None:
    for again in (copy.copy(result), copy.deepcopy(result), pickle.loads(pickle.dumps(result))):
        assert again.values.equals(result.values)


def test_the_room_of_sensitivity_is_the_function_whatever_was_imported(tmp_path: Path) -> None:
    """`import simsupply.sensitivity.sample` puts the room where the function is looked for."""
    import simsupply.sensitivity.sample
    from simsupply.sensitivity.of_sweep import sensitivity

    parameters = {"staffing.attendance": "interval(0.3,0.9)", "scenario.service_target_days": "interval(1,2)"}
    swept = small(tmp_path, parameters, design="tornado")
    found = ss.sensitivity(swept, "worker_hours")
    assert found.table.equals(sensitivity(swept, "worker_hours").table)
    assert simsupply.sensitivity.sample.SOURCE == "sensitivity"


def test_answers_of_runs_and_comparisons(result: Result) -> None:
    assert ss.answer(result).startswith("Of what households need in 3 days, 100 % came.")
    assert ss.answer(result, "zh").startswith("住户3天所需物资中，100%已送到。")
    compared = ss.compare(tiny_scenario(), ["standard_crates", "individual_orders"], replications=2)
    first, *more = ss.answer(compared).splitlines()
    assert first.startswith("Standard crates: of what households need, 100 %")
    assert "Standard crates: every household is reached within 2 days" in first
    assert more[0].startswith("At 100 % attendance, share of the need that came: ")
