"""Notebooks run from top to bottom, define no logic, store no output and show what the library says."""

from __future__ import annotations

import ast
import html
import re
import time
from functools import cache
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import simsupply as ss
from tests.helpers.command_line import REPOSITORY, environment

REPLICATIONS = 3
NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


@cache
def executed(path: Path) -> nbformat.NotebookNode:
    """The notebook with its outputs, run in the environment of the tests with fewer replications."""
    notebook = read(path)
    for cell in notebook.cells:
        cell.source = re.sub(r"^REPLICATIONS = \d+$", f"REPLICATIONS = {REPLICATIONS}", cell.source, flags=re.MULTILINE)
    client = NotebookClient(
        notebook, timeout=180, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    )
    client.execute(env=environment() | {"MPLBACKEND": "module://matplotlib_inline.backend_inline"})
    return notebook


def code_of(notebook: nbformat.NotebookNode) -> str:
    """Python of all cells, without the notebook's own commands (``%matplotlib inline``)."""
    cells = (cell.source for cell in notebook.cells if cell.cell_type == "code")
    return "\n".join(line for cell in cells for line in cell.splitlines() if not line.startswith("%"))


def test_there_is_a_notebook() -> None:
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_stored_without_outputs_and_with_lasting_cell_ids(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    assert notebook.nbformat == 4
    assert notebook.nbformat_minor >= 5
    for cell in notebook.cells:
        # Words, not random letters: a difference between two versions stays readable.
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", cell.id)
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    assert notebook.metadata.kernelspec.name == "python3"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_defines_no_logic(path: Path) -> None:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.While, ast.Try)
    assert not [node for node in ast.walk(ast.parse(code_of(read(path)))) if isinstance(node, kinds)]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_starts_with_its_question_and_a_chinese_summary(path: Path) -> None:
    first = read(path).cells[0]
    assert first.cell_type == "markdown"
    assert re.match(r"# .+\?\n", first.source)
    assert "摘要" in first.source


@pytest.mark.lengthy
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs_from_top_to_bottom_and_draws_its_figures(path: Path) -> None:
    began = time.monotonic()
    outputs = [output for cell in executed(path).cells for output in cell.get("outputs", [])]
    print(f"{path.stem}: {time.monotonic() - began:.0f} s")
    # No warnings, no prints: what is shown is a table, a figure or a sentence.
    assert {output.output_type for output in outputs} == {"display_data", "execute_result"}
    assert sum("image/png" in output.data for output in outputs) >= 2


# --- one notebook each --------------------------------------------------------------------------------


def table(notebook: nbformat.NotebookNode, cell_id: str) -> list[list[str]]:
    """Rows of a displayed DataFrame as text, index first."""
    (cell,) = (cell for cell in notebook.cells if cell.id == cell_id)
    shown = next(output.data["text/html"] for output in cell.outputs if "text/html" in output.data)
    body = re.search(r"<tbody>(.*)</tbody>", shown, re.DOTALL)
    assert body
    return [
        [html.unescape(value) for value in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in re.findall(r"<tr>(.*?)</tr>", body[1], re.DOTALL)
    ]


PLAN = REPOSITORY / "notebooks" / "01_can_this_plan_feed_everyone.ipynb"


@pytest.mark.lengthy
def test_the_plans_numbers_are_those_of_the_plan() -> None:
    """S3: 15,329 households, 200 t a week (13 kg each), 100 people needed at the site, 12 points with 7 people each."""
    assert [row[1] for row in table(executed(PLAN), "plan-table")] == [
        "15,329",
        "13",
        "199.277",
        "100",
        "12",
        "7",
        "12",
    ]


@pytest.mark.lengthy
def test_hours_by_hand() -> None:
    """15,329 households, 7 days of 9 hours, everybody at work; who packs needs 3.3 times as long for a line.

    Lists: crates 12 x 3 min = 0.6 h, baskets 15,329 x 0.5 min = 128 h.
    Packing: crates 15,329 x (0.5 + 5 x 0.3 x 3.3) min = 1,392 h, baskets 15,329 x (0.5 + 12 x 0.3 x 3.3) min =
    3,163 h.
    Vans of 1,500 // 13 = 115 parcels: 133.3 trips, two people of the site each, of 5 + 10 min and the way, and 0.7 min
    a parcel: 2 x 15,329 x 0.7 min = 358 h, 2 x 133.3 x 15 min = 67 h, the way there and back at 28 km/h the rest.
    All this is work of 100 people, 6,300 h.
    Doors: crates 15,329 x (0.25 + 6 / 4 + 0.4 x 3.5 + 0.6 x 6) min = 1,725 h, baskets 2.75 min more
    each, 2,427 h; 12 x 7 people, 5,292 h.
    """
    notebook = executed(PLAN)
    assert {row[0]: row[1] for row in table(notebook, "hours-available")} == {"site": "6300", "drop points": "5292"}
    rows = {row[0]: row[1:] for row in table(notebook, "hours-needed")}
    assert rows["compile"] == ["site", "1", "128"]
    assert rows["pack or pick"] == ["site", "1392", "3163"]
    people, *hours = rows["deliver"]
    km_one_way = ss.load_scenario("subdistrict").places.km["depot", "drop_point"].mean()
    on_the_way = 2 * 133.3 * 2 * km_one_way / 28
    assert people == "site"
    assert [int(value) for value in hours] == [pytest.approx(358 + 67 + on_the_way, abs=1.5)] * 2
    assert rows["door"] == ["drop points", "1725", "2427"]
    # Crates 1 + 1,392 + 465 of 6,300 h and 1,725 of 5,292 h, baskets 128 + 3,163 + 465 and 2,427.
    assert [row[1:] for row in table(notebook, "break-even")] == [["29", "60"], ["33", "46"]]


@pytest.mark.lengthy
def test_the_last_table_is_what_compare_says() -> None:
    comparison = ss.compare(
        ss.load_scenario("subdistrict"),
        ["standard_crates", "individual_orders"],
        attendance=[1.0, 0.5, 0.2],
        replications=REPLICATIONS,
        seed=1,
    )
    notebook = executed(PLAN)
    assert notebook.cells[-1].id == "answer-table"
    shown = table(notebook, "answer-table")
    expected = comparison.table()
    assert len(shown) == len(expected)
    for cells, (number, row) in zip(shown, expected.iterrows(), strict=True):
        assert cells[0] == str(number)
        for cell, value in zip(cells[1:], row, strict=True):
            assert cell == value if isinstance(value, str) else float(cell) == pytest.approx(value, abs=5e-7)
