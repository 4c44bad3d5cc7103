"""The table of `make coverage`: lines are added up by room."""

from __future__ import annotations

from tests.architecture.coverage_by_room import FACE, Lines, lines_by_room


def _file(reached: int, counted: int, left_out: int = 0) -> dict[str, dict[str, int]]:
    return {"summary": {"covered_lines": reached, "num_statements": counted, "excluded_lines": left_out}}


def test_lines_are_added_up_by_room() -> None:
    report = {
        "files": {
            "simsupply/__init__.py": _file(1, 2),
            "simsupply/model/__init__.py": _file(0, 0),
            "simsupply/base/files.py": _file(8, 10),
            "simsupply/base/spec.py": _file(10, 20),
            "simsupply/model/kernels/serve.py": _file(3, 3, left_out=70),
        }
    }
    found = lines_by_room(report, ["base", "model.kernels", "cli"])
    assert found == {"base": Lines(18, 30, 0), "model.kernels": Lines(3, 3, 70), FACE: Lines(1, 2, 0)}
    assert found["base"].percent == 60
