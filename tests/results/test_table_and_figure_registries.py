"""Each table and each figure stands in one registry, and everything that has to do with them loops over it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from pandas.testing import assert_frame_equal

import simsupply as ss
from simsupply.base.whole_folder import whole_folder
from simsupply.experiment import simulate as simulating
from simsupply.figures.figure_registry import COMPARISON_FIGURES, RUN_FIGURES, NamedFigure
from simsupply.report import folder as writing
from simsupply.report.folder import write_run
from simsupply.results import joining, stored
from simsupply.results.contents import PROVENANCE, own_files
from simsupply.results.result import Result
from simsupply.results.tables import TABLES, Table
from tests.plans.tiny_comparison import strategy, tiny_scenario

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "experiments.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def result() -> Result:
    return ss.simulate(tiny_scenario(), strategy("standard_crates"), replications=2, detail=["orders", "trips"])


def page_row(table: Table) -> str:
    """The line of the docs about a table."""
    file = f"`{table.file}.parquet`" if table.file else "-"
    columns = ", ".join(f"`{name}`" for name in table.columns) + ", ..." * table.has_more_columns
    return f"| `{table.name}` | {file} | {table.about} | {columns} |"


def test_the_page_lists_every_table_and_figure() -> None:
    rows = [line for line in DOCS.splitlines() if any(line.startswith(f"| `{table.name}` |") for table in TABLES)]
    assert rows == [page_row(table) for table in TABLES]
    drawn = DOCS[DOCS.index("The figures `coverage`") :].partition("\n\n")[0]
    own, compared = drawn.split("of a comparison")
    assert [name for name in own.split("`")[1::2] if "/" not in name] == [figure.name for figure in RUN_FIGURES]
    assert compared.split("`")[1::2] == [figure.name for figure in COMPARISON_FIGURES]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"`{table.file}.parquet`" in readme for table in TABLES if table.file)


def test_tables_have_the_columns_they_say(result: Result) -> None:
    """Also those without rows: nothing is rationed here, nothing struck."""
    assert set(result.tables) == {table.name for table in TABLES if table.is_in(result.scenario)}
    for table in TABLES:
        found = result.tables.get(table.name)
        if found is None:
            continue
        names = list(table.to_file(found).columns)
        assert names == list(table.columns) if table.file else names[: len(table.columns)] == list(table.columns)


def test_what_was_built_is_what_is_read(result: Result, tmp_path: Path) -> None:
    for table in TABLES:
        found = result.tables.get(table.name)
        if table.file is None or found is None:
            continue
        path = tmp_path / f"{table.file}.parquet"
        table.to_file(found).to_parquet(path, index=False)
        # Files know no None: what is missing there is NaN.
        read, built = (shown.astype(object).where(shown.notna(), None) for shown in (_read(table, path), found))
        assert_frame_equal(read, built, check_exact=True, check_column_type=False)


def _read(table: Table, path: Path) -> pd.DataFrame:
    return table.from_file(pd.read_parquet(path))


def _mean_per_replication(kept, scenario, strategy) -> pd.DataFrame:
    return pd.DataFrame(kept, columns=["replication", "visits"])


@pytest.mark.lengthy
def test_a_new_table_needs_no_more_than_its_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run, written, read back and topped up by an entry alone."""
    new = Table(
        name="visits",
        about="visits",
        columns=("replication", "visits"),
        keep=lambda simulated: simulated.run.number * 10,
        build=_mean_per_replication,
        file="visits",
        is_in_every_replication=True,
    )
    for module in (simulating, joining, stored, writing):
        monkeypatch.setattr(module, "TABLES", (*TABLES, new))
    scenario, plan = tiny_scenario(), strategy("standard_crates")
    found = ss.simulate(scenario, plan, replications=2)
    assert found.tables["visits"]["visits"].tolist() == [0, 10]
    write_run(found, {"seed": 1, "strategy": {}}, tmp_path, "en")
    earlier = stored.earlier_result(tmp_path, {"seed": 1, "strategy": {}}, scenario, plan)
    assert isinstance(earlier, Result)
    assert ss.top_up(earlier, 3).tables["visits"]["visits"].tolist() == [0, 10, 20]
    # Its rows must be there for every replication.
    found.tables["visits"] = found.tables["visits"].iloc[:1]
    write_run(found, {"seed": 1, "strategy": {}}, tmp_path, "en")
    said = stored.earlier_result(tmp_path, {"seed": 1, "strategy": {}}, scenario, plan)
    assert str(said) == "the results in it are not whole"


def test_a_new_figure_needs_no_more_than_its_entry(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = Figure()
    figures = [NamedFigure("mine", lambda result, language: drawn), NamedFigure("none", lambda result, language: None)]
    monkeypatch.setattr(writing, "RUN_FIGURES", tuple(figures))
    files = write_run(result, {"seed": 1}, tmp_path, "en")
    assert [path.name for path in files if path.parent.name == "figures"] == ["mine.png", "mine.svg"]
    assert sorted(path.name for path in (tmp_path / "figures").iterdir()) == ["mine.png", "mine.svg"]


@pytest.mark.lengthy
def test_tables_that_are_not_there_leave_no_file_of_an_earlier_run(result: Result, tmp_path: Path) -> None:
    """Nor do figures; the earlier one is of a version that did not list its files."""
    names, folder = [table.file for table in TABLES if table.file], tmp_path / "out"
    (folder / "figures").mkdir(parents=True)
    for name in (*(f"{name}.parquet" for name in names), "table.csv", "figures/stock.png"):
        (folder / name).write_bytes(b"of an earlier run")
    (folder / "provenance.json").write_text('{"simsupply": "0.1.0"}')
    with whole_folder(folder, own_files, PROVENANCE) as place, place.anew() as new:
        write_run(result, {"seed": 1}, new, "en")
    left = {path.stem for path in folder.glob("*.parquet")}
    # No shock strikes, nothing stands still for good, and no section `supply` is there.
    assert left == set(names) - {"shocks", "standstills", "supply", "reserve_releases", "rationing"}
    assert not (folder / "table.csv").exists()
    assert not (folder / "figures" / "stock.png").exists()


def test_joining_leaves_out_what_one_has_not(result: Result) -> None:
    more = ss.simulate(result.scenario, result.strategy, replications=1, first_replication=2, splits=False)
    both = joining.joined(result, more)
    assert list(both.values.index) == [0, 1, 2]
    assert (both.splits, both.orders, both.households) == (None, None, None)
    assert np.array_equal(both.coverage, np.concatenate([result.coverage, more.coverage]))
    with pytest.raises(ValueError, match="a replication is in both"):
        joining.joined(result, result)
    other = {**more.tables, "coverage": more.tables["coverage"].rename(columns=lambda hour: hour + 1)}
    with pytest.raises(ValueError, match="coverage at other moments"):
        joining.joined(result, dataclasses.replace(more, tables=other))
