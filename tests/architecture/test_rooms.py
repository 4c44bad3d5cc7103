"""A room imports only rooms below it, and no files import each other in a circle."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.rooms import TOP, circles, count, imports_of, modules_of

PLAN = """
[tool.importlinter]
root_package = "simsupply"
[[tool.importlinter.contracts]]
type = "layers"
containers = ["simsupply"]
layers = ["high", "model", "low"]
[[tool.importlinter.contracts]]
type = "layers"
containers = ["simsupply.model"]
layers = ["upper", "lower"]
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(PLAN, encoding="utf-8")
    for name in ("__init__", "high/__init__", "low/__init__", "low/stone", "model/__init__", "model/lower"):
        write(tmp_path, name, "")
    write(tmp_path, "model/upper", "from simsupply.model import lower\nfrom simsupply.low.stone import x\n")
    write(tmp_path, "high/roof", "import simsupply.model.upper\n")
    return tmp_path


def write(house: Path, name: str, text: str) -> None:
    path = house / "simsupply" / f"{name}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_the_package_has_no_circle_and_no_upward_import() -> None:
    found = count()
    assert found.circles_of_files == []
    assert found.circles_of_rooms == []
    assert found.upward == []
    assert found.homeless == []


def test_events_and_the_reference_share_only_draws_and_order_intake() -> None:
    """What both import is below them both: what is drawn, what is laid out, the books; none knows the other."""
    imports = imports_of(modules_of(TOP))

    def all_of(room: str) -> set[str]:
        found, open_ones = set[str](), [name for name in imports if name.startswith(f"simsupply.model.{room}")]
        while open_ones:
            name = open_ones.pop()
            if name not in found:
                found.add(name)
                open_ones += imports.get(name, ())
        return found

    reference, events = all_of("reference"), all_of("events") | all_of("components")
    assert not [name for name in reference if name.startswith(("simsupply.model.events", "simsupply.model.components"))]
    assert not [name for name in events if name.startswith("simsupply.model.reference")]
    # Of the kernels the reference takes names of columns and kinds, no function that says what happens when.
    taken = {
        alias.name
        for name, path in modules_of(TOP).items()
        if name.startswith("simsupply.model.reference")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("simsupply.model.kernels")
        for alias in node.names
    }
    assert taken
    assert all(name.isupper() for name in taken), taken


def test_a_house_in_order(house: Path) -> None:
    assert not any(count(house))
    assert imports_of(modules_of(house))["simsupply.model.upper"] == {"simsupply.model.lower", "simsupply.low.stone"}


@pytest.mark.parametrize(
    "text",
    [
        "from simsupply.high.roof import x\n",
        "def later():\n    from simsupply.high.roof import x\n    return x\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from simsupply.high import roof\n",
        "import simsupply.high.roof\n",
        "from ..high.roof import x\n",
    ],
    ids=["plain", "in a function", "for type checking", "as a whole", "relative"],
)
def test_an_upward_import_is_found_wherever_it_stands(house: Path, text: str) -> None:
    write(house, "low/stone", text)
    found = count(house)
    assert found.upward == [("simsupply.low.stone", "simsupply.high.roof")]
    assert found.circles_of_files == [["simsupply.high.roof", "simsupply.low.stone", "simsupply.model.upper"]]
    assert found.circles_of_rooms == [["high", "low", "model.upper"]]


def test_upward_inside_the_model_and_a_file_without_a_room(house: Path) -> None:
    write(house, "model/lower", "from simsupply.model.upper import y\n")
    write(house, "model/shed", "")
    found = count(house)
    assert ("simsupply.model.lower", "simsupply.model.upper") in found.upward
    assert found.homeless == ["simsupply.model.shed"]


def test_circles_are_sets_that_reach_each_other() -> None:
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": {"e"}, "e": {"d"}, "f": {"a"}}
    assert circles(graph) == [["d", "e"], ["a", "b", "c"]]
