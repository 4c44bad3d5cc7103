"""Every experiment's page is what its config and its results say, and its results are what its plans give."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest

from experiments.__main__ import main
from experiments.estimates import columns_of, csv_of, pairs_of, read_table
from experiments.folder import FIGURE, PAGE, RESULTS, STAMP
from experiments.page import answer, figure, index, page
from experiments.runner import check
from experiments.spec import HERE, names_of_experiments, read_experiment
from experiments.verdicts import Results

ALL = names_of_experiments()
QUICK = ("ordering_calendar",)


def numbers(path: Path) -> pd.DataFrame:
    return read_table(path / RESULTS)


@pytest.mark.parametrize("name", ALL)
def test_the_page_is_a_pure_function_of_config_and_results(name: str) -> None:
    experiment = read_experiment(name)
    text = (HERE / name / PAGE).read_text(encoding="utf-8")
    table = numbers(HERE / name)
    assert text == page(experiment, table)
    assert answer(experiment, table, "en") in text
    assert answer(experiment, table, "zh") in text
    assert (HERE / name / FIGURE).read_bytes().startswith(b"\x89PNG")
    assert {"config", "code", "results", "seconds"} == set(json.loads((HERE / name / STAMP).read_text("utf-8")))


def test_the_index_names_all() -> None:
    text = (HERE / "README.md").read_text(encoding="utf-8")
    assert text == index([read_experiment(name) for name in ALL])


@pytest.mark.parametrize("name", ALL)
def test_results_hold_every_cell_and_pair_once(name: str) -> None:
    experiment = read_experiment(name)
    spec, table = experiment.spec, numbers(HERE / name)
    assert list(table.columns) == columns_of(spec)
    assert not table[["measure", "option", "mean", "ci_low", "ci_high", "n", "unit"]].isna().any(axis=None)
    assert (table["ci_low"] <= table["mean"] + 1e-6 * table["mean"].abs()).all()
    assert (table["n"] == spec.replications).all()
    results, cells, pairs = Results(spec, table), list(experiment.cells()), list(pairs_of(spec))
    compared = [key for key, measure in spec.measures.items() if measure.better != "neither"]
    assert len(table) == len(spec.measures) * len(cells) + len(compared) * len(pairs)
    for key in spec.measures:
        for cell in cells:
            results.mean(key, cell)
    for key in compared:
        for first, second in pairs:
            apart = results.mean(key, first).mean - results.mean(key, second).mean
            size = max(abs(results.mean(key, first).mean), abs(results.mean(key, second).mean), 1e-9)
            # The mean of differences is the difference of means, but for the nine digits that are kept.
            assert results.difference(key, first, second).mean == pytest.approx(apart, abs=1e-7 * size)


@pytest.mark.lengthy
@pytest.mark.parametrize("name", ALL)
def test_plans_of_an_experiment_exist(name: str) -> None:
    experiment = read_experiment(name)
    check(experiment)
    titles = [option.title.en for option in experiment.spec.options.values()]
    assert all(first != second for first, second in combinations(titles, 2))


@pytest.mark.lengthy
@pytest.mark.parametrize("name", QUICK)
def test_quick_ones_played_again_give_the_same_results(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name, "--again", "--output", str(tmp_path)]) == 0
    expected, found = numbers(HERE / name), numbers(tmp_path / name)
    # The last digits of a sum may differ between machines.
    pd.testing.assert_frame_equal(found, expected, rtol=1e-6, atol=1e-9)
    said = capsys.readouterr().out
    assert answer(read_experiment(name), found) in said
    # Run once it is up to date, and its page is as it was.
    text = (tmp_path / name / PAGE).read_text(encoding="utf-8")
    assert main([name, "--output", str(tmp_path)]) == 0
    assert "up to date" in capsys.readouterr().out
    assert (tmp_path / name / PAGE).read_text(encoding="utf-8") == text
    # One changed number in the results, and it is not.
    (tmp_path / name / RESULTS).write_text(csv_of(expected).replace("1", "2", 1), encoding="utf-8")
    from experiments.folder import is_up_to_date

    assert not is_up_to_date(read_experiment(name), tmp_path / name)


@pytest.mark.lengthy
@pytest.mark.parametrize("name", ["headline", "subdistrict_staffing", "windows"])
def test_a_figure_of_each_kind_is_drawn_from_the_results(name: str) -> None:
    experiment = read_experiment(name)
    drawn = figure(experiment, numbers(HERE / name))
    panels = [axes for axes in drawn.axes if axes.get_title("left")]
    compared = [measure for measure in experiment.spec.measures.values() if measure.better != "neither"]
    if experiment.spec.kind == "map":
        assert len(panels) == len(compared) * len(list(combinations(experiment.spec.options, 2)))
    else:
        assert [axes.get_title("left").replace("\n", " ") for axes in panels] == [
            measure.title.en for measure in experiment.spec.measures.values()
        ]
