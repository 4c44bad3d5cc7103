"""How many lines of each room the tests reach: ``python -m tests.architecture.coverage_by_room FILE``.

The file is coverage's report in JSON (`make coverage`). Compiled functions are left out: no line of theirs is ever run
by Python. What runs in other processes is not seen.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.architecture.rooms import PACKAGE, TOP, room_of, rooms_in_order

FACE = "(the package's face)"


class Lines(NamedTuple):
    """Numbers of lines that hold a statement.

    Attributes
    ----------
    reached, counted : int
        Reached by a test; all but those left out.
    left_out : int
        Lines of compiled functions.
    """

    reached: int
    counted: int
    left_out: int

    @property
    def percent(self) -> float:
        """Share reached, 0..100; of nothing, all."""
        return 100 * self.reached / self.counted if self.counted else 100.0


def lines_by_room(report: Mapping[str, Any], rooms: list[str]) -> dict[str, Lines]:
    """Lines of each room, from the ground up; the package's own `__init__.py` last."""
    found: dict[str, list[Lines]] = defaultdict(list)
    for name, file in report["files"].items():
        parts = Path(name).with_suffix("").parts
        module = ".".join(parts[parts.index(PACKAGE) :]).removesuffix(".__init__")
        summary = file["summary"]
        lines = Lines(summary["covered_lines"], summary["num_statements"], summary["excluded_lines"])
        found[room_of(module, rooms) or FACE].append(lines)
    return {room: Lines(*map(sum, zip(*found[room], strict=True))) for room in [*rooms, FACE] if room in found}


def main() -> int:
    """Print the table."""
    by_room = lines_by_room(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), rooms_in_order(TOP))
    by_room["all"] = Lines(*map(sum, zip(*by_room.values(), strict=True)))
    print(f"{'room':<22}{'lines':>7}{'reached':>9}{'left out':>10}")
    for room, lines in by_room.items():
        print(f"{room:<22}{lines.counted:>7}{lines.percent:>7.1f} %{lines.left_out:>10}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
