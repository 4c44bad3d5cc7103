"""What is wrong with an experiment is said in one message, before anything is run, and the status is 2."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

from experiments.__main__ import main
from experiments.folder import RESULTS, results_of
from experiments.runner import check, run_cell
from experiments.spec import names_of_experiments, read_experiment
from simsupply.base.problems import InputError, wrong
from tests.plans.tiny_question import Plain, line, write


def changed(path: str, value: Any) -> Plain:
    data: Any = line()
    *head, last = path.split("/")
    node = data
    for part in head:
        node = node[part]
    node[last] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("replicatons", 3, "replicatons: got 3; allowed: did you mean 'replications'?"),
        ("kind", "lines", "kind: got 'lines'"),
        ("kind", "map", "factors: got ['attendance']; allowed: 2 of them in an experiment of kind map"),
        ("replications", 1, "replications: got 1; allowed: greater than or equal to 2"),
        ("factors/attendance/levels", [1.0, 0.3], "levels: got [1.0, 0.3]; allowed: ascending"),
        ("factors/attendance/sets", [{}], "either keys, or sets"),
        ("base", "crate", "base: got 'crate'; allowed: did you mean 'crates'?"),
        ("compare", "points", "compare: got 'points'"),
        ("measures/fill/target", {}, "either at_least, or at_most"),
    ],
)
def test_a_wrong_file_is_refused(path: str, value: Any, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        write(changed(path, value), tmp_path)
    assert message in str(error.value)
    assert "experiments/tiny/experiment.yaml" in str(error.value)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("scenario", "calender_town", "scenario: got 'calender_town'; allowed: did you mean 'calendar_town'?"),
        ("options/lists/strategy", "bying_days", "strategy: got 'bying_days'; allowed: did you mean 'buying_days'?"),
        ("factors/attendance/keys", {"staffing.atendance": 1}, "staffing.atendance: got 0.3"),
        ("factors/attendance/keys", {"stafing.attendance": 1}, "stafing.attendance: got 'stafing'"),
        ("factors/attendance/keys", {"staffing.crews.clerk.headcount": 1}, "got 'clerk'"),
        ("factors/attendance/levels", [0.5, 1.5], "staffing.attendance"),
        ("set", {"fleet.lorries.count": 2}, "fleet.lorries.count: got 'lorries'"),
        (
            "measures/fill/metric",
            "fil_rate",
            "measures.fill.metric: got 'fil_rate'; allowed: did you mean 'fill_rate'?",
        ),
    ],
)
def test_what_does_not_exist_in_a_plan_is_found_before_anything_is_played(
    path: str, value: Any, message: str, tmp_path: Path
) -> None:
    experiment = write(changed(path, value), tmp_path)
    with pytest.raises(InputError) as error:
        check(experiment)
    assert message in str(error.value)
    assert "experiments/tiny/experiment.yaml" in str(error.value)


def test_a_measure_that_is_missing_in_a_replication_is_refused(tmp_path: Path) -> None:
    data = changed("measures/fill/metric", "kind/nobody/fill_rate")
    experiment = write(data, tmp_path)
    with pytest.raises(InputError, match="a measure that exists in every replication"):
        run_cell(experiment, next(experiment.cells()))


def test_problems_survive_the_way_from_another_process() -> None:
    error = wrong("a.yaml", "key", 1, "2")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.problems) == (str(error), error.problems)


def test_an_experiment_that_does_not_exist_is_a_message_and_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["headlin"]) == 2
    said = capsys.readouterr()
    assert said.err.startswith("command line: NAME: got 'headlin'; allowed: did you mean 'headline'?")
    assert "Traceback" not in said.err
    assert main(["headline", "--processes", "0"]) == 2


@pytest.mark.parametrize("text", [None, "", "a,b\n1,2\n"])
def test_results_that_are_not_there_or_not_its_own_are_a_message(text: str | None, tmp_path: Path) -> None:
    experiment = write(line(), tmp_path)
    if text is not None:
        (experiment.folder / RESULTS).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"results\.csv: got 'none, or others'; allowed: results of what its"):
        results_of(experiment)


def test_the_list_has_every_experiment(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == names_of_experiments()
    assert read_experiment("headline").spec.kind == "map"
