"""Tables that plans name by their files, read into the plan as data.

A file's name is relative to the plan that names it; in an override or in plain data, to the current folder. Once
read, the rows stand in the plan itself: two runs are of the same plan only if their tables say the same.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from simsupply.base.catalogue import message
from simsupply.base.files import read_file
from simsupply.base.problems import Problem
from simsupply.base.system_errors import reason
from simsupply.base.text_files import rows_of_csv

IN_WORLD = ("scenario.geography.road_matrix.file", "scenario.geography.road_matrix.minutes_file")
"""Keys of a scenario's sections that name tables; ``*`` is any key or place in a list."""
IN_STRATEGY = ("channels.*.steps.*.leg.route.file",)


class ReadTable(NamedTuple):
    """A file that was read, and the key that names it."""

    key: str
    file: str
    sha256: str


def beside(data: dict[str, Any], keys: Sequence[str], plan: str) -> dict[str, Any]:
    """Plain data whose names of tables are relative to the folder of the plan's file, as seen from the current one."""
    folder = Path(plan).parent
    return _changed(data, keys, lambda _, name: str(folder / name))


def with_tables(
    data: dict[str, Any],
    keys: Sequence[str],
    problems: list[Problem] | None = None,
    at: str = "",
    found: list[ReadTable] | None = None,
) -> dict[str, Any]:
    """Plain data with the rows of its tables in place of their names.

    Parameters
    ----------
    keys : sequence of str
    problems : list, optional
        What is wrong with files is added to it; without it, the names of such files are left as they are.
    at : str
        Dotted path of `data`, for problems.
    found : list, optional
        Files that were read are added to it.
    """

    def read(key: str, name: str) -> Any:
        try:
            content = read_file(Path(name))
            table = {"name": name, "rows": [list(row) for row in rows_of_csv(content, name)]}
        except FileNotFoundError:
            wrong = message("no_such_file")
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            wrong = reason(error)
        else:
            if found is not None:
                found.append(ReadTable(f"{at}.{key}" if at else key, name, sha256(content).hexdigest()))
            return table
        if problems is not None:
            problems.append(Problem(f"{at}.{key}" if at else key, name, message("csv_file_beside_plan", wrong=wrong)))
        return name

    return _changed(data, keys, read)


def _changed(data: dict[str, Any], keys: Sequence[str], change: Callable[[str, str], Any]) -> dict[str, Any]:
    changed: dict[str, Any] = dict(data)
    for key in keys:
        changed = _change(changed, key.split("."), "", change)
    return changed


def _change(node: Any, path: list[str], at: str, change: Callable[[str, str], Any]) -> Any:
    """Copy of nested data in which the text at a path is another value; all else is shared."""
    if not path:
        return change(at, node) if isinstance(node, str) else node
    first, *rest = path
    if isinstance(node, list) and first == "*":
        return [_change(value, rest, f"{at}.{number}", change) for number, value in enumerate(node)]
    if not isinstance(node, dict):
        return node
    below = f"{at}." if at else ""
    return {
        key: _change(value, rest, f"{below}{key}", change) if first in ("*", key) else value
        for key, value in node.items()
    }
