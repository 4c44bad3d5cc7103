"""Counts circles and upward imports of the package, by file and by room: ``python -m tests.architecture.rooms``.

A second count beside import-linter's. Every ``import`` statement counts, those inside functions and under
``TYPE_CHECKING`` as well. The rooms and their order are read from ``pyproject.toml``; a file that belongs to no
room is named as such.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

TOP = Path(__file__).resolve().parents[2]
PACKAGE = "simsupply"


class Count(NamedTuple):
    """What was counted.

    Attributes
    ----------
    circles_of_files, circles_of_rooms : list of list of str
        Sets of files, or rooms, that import each other.
    upward : list of (str, str)
        Importing and imported file, where the imported one's room stands above.
    homeless : list of str
        Files in no room.
    """

    circles_of_files: list[list[str]]
    circles_of_rooms: list[list[str]]
    upward: list[tuple[str, str]]
    homeless: list[str]


def modules_of(folder: Path) -> dict[str, Path]:
    """Python files of the package in `folder`, by the names of their modules."""
    found = {}
    for path in sorted((folder / PACKAGE).rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports_of(modules: Mapping[str, Path]) -> dict[str, set[str]]:
    """Which modules of the package each module imports, wherever the statement stands."""
    found: dict[str, set[str]] = {}
    for name, path in modules.items():
        names: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                if node.level:
                    base = name.split(".")[: len(name.split(".")) - node.level + (path.name == "__init__.py")]
                    origin = ".".join([*base, *([node.module] if node.module else [])])
                else:
                    origin = node.module or ""
                names.update(
                    below if (below := f"{origin}.{alias.name}") in modules else origin for alias in node.names
                )
        found[name] = {other for other in names if other in modules and other != name}
    return found


def rooms_in_order(folder: Path) -> list[str]:
    """Rooms from the ground up, those of the model in its place."""
    settings = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    layers = {
        contract["containers"][0]: contract["layers"][::-1]
        for contract in settings["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers"
    }
    rooms = []
    for name in layers[PACKAGE]:
        inside = layers.get(f"{PACKAGE}.{name}")
        rooms += [f"{name}.{room}" for room in inside] if inside else [name]
    return rooms


def room_of(module: str, rooms: Iterable[str]) -> str | None:
    """The room of a module; None: it is in none."""
    below = module.removeprefix(f"{PACKAGE}.")
    return next((room for room in rooms if below == room or below.startswith(f"{room}.")), None)


def circles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """Sets of nodes that reach each other (strongly connected components of two or more), by Tarjan 1972."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        number[node] = lowest[node] = len(number)
        stack.append(node)
        for other in sorted(graph[node]):
            if other not in number:
                visit(other)
                lowest[node] = min(lowest[node], lowest[other])
            elif other in stack:
                lowest[node] = min(lowest[node], number[other])
        if lowest[node] == number[node]:
            together = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            if len(together) > 1:
                found.append(sorted(together))

    for node in sorted(graph):
        if node not in number:
            visit(node)
    return found


def count(folder: Path = TOP) -> Count:
    """Count circles and upward imports of the package in `folder`."""
    modules, rooms = modules_of(folder), rooms_in_order(folder)
    imports = imports_of(modules)
    # The package's own face hands names on and packages' empty faces hold nothing: they are no rooms.
    faces = {
        name for name, path in modules.items() if path.name == "__init__.py" and (name == PACKAGE or _is_empty(path))
    }
    home = {name: room_of(name, rooms) for name in modules if name not in faces}
    between: dict[str, set[str]] = {room: set() for room in rooms}
    upward = []
    for name, others in imports.items():
        for other in sorted(others):
            here, there = home.get(name), home.get(other)
            if here and there and here != there:
                between[here].add(there)
                if rooms.index(there) > rooms.index(here):
                    upward.append((name, other))
    homeless = [name for name, room in home.items() if room is None]
    return Count(circles(imports), circles(between), upward, homeless)


def _is_empty(path: Path) -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return all(isinstance(node, ast.Expr) for node in tree.body)


def main() -> int:
    """Print the counts; 1 if any is not zero."""
    found = count()
    print(f"circles of files: {len(found.circles_of_files)}")
    print(f"circles of rooms: {len(found.circles_of_rooms)}")
    print(f"imports upward: {len(found.upward)}")
    print(f"files in no room: {len(found.homeless)}")
    for names in (*found.circles_of_files, *found.circles_of_rooms):
        print("  circle:", ", ".join(names))
    for name, other in found.upward:
        print(f"  upward: {name} -> {other}")
    for name in found.homeless:
        print("  no room:", name)
    return int(any(found))


if __name__ == "__main__":
    sys.exit(main())
