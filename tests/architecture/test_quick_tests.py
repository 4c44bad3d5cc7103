"""`make test-fast` leaves out what is marked `lengthy`, and leaves every folder something."""

from __future__ import annotations

import ast
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
# tests/slow runs by itself.
FOLDERS = sorted({path.relative_to(TESTS).parts[0] for path in TESTS.rglob("test_*.py")} - {"slow"})
LENGTHY = "pytest.mark.lengthy"


@cache
def quick_and_lengthy(folder: str) -> Counter[str]:
    """How many test functions of a folder run in `make test-fast`, and how many do not."""
    found: Counter[str] = Counter()
    for path in sorted((TESTS / folder).rglob("test_*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"))
        marks = [ast.unparse(node.value) for node in module.body if isinstance(node, ast.Assign)]
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found["lengthy" if LENGTHY in (*marks, *map(ast.unparse, node.decorator_list)) else "quick"] += 1
    return found


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_folder_has_quick_tests(folder: str) -> None:
    assert quick_and_lengthy(folder)["quick"] > 0


def test_some_are_lengthy() -> None:
    assert sum(quick_and_lengthy(folder)["lengthy"] for folder in FOLDERS) > 50
