"""Rules about a road matrix: is it square, has it every place, and is every cell a length?"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from simsupply.base.catalogue import message
from simsupply.base.problems import Problem
from simsupply.base.tables import Table

MOST = {"km": 10_000.0, "min": 100_000.0}


def check_matrix(table: Table, unit: str, places: Sequence[str], key: str) -> list[Problem]:
    """Everything wrong with a table of ways between places, by line.

    Parameters
    ----------
    table : Table
    unit : str
        ``km`` or ``min``.
    places : sequence of str
        Names that it must have; it may have others.
    key : str
        Of the table in the plan.
    """
    if not table.rows:
        return [Problem(key, message("number_of_rows", number=0), message("square_matrix"), table.name)]
    (line, head), *rows = table.rows
    columns, names = [cell.strip() for cell in head[1:]], [cells[0].strip() for _, cells in rows]
    problems = [
        Problem(key, name, message("named_once"), table.name, line)
        for found in (columns, names)
        for name, times in Counter(found).items()
        if times > 1
    ]
    problems += [
        Problem(key, name, message("row_and_column_of_matrix"), table.name)
        for name in dict.fromkeys([*columns, *names])
        if (name in columns) != (name in names)
    ]
    there = {*columns, *names}
    problems += [
        Problem(key, name, message("place_in_matrix"), table.name)
        for name in dict.fromkeys(places)
        if name not in there
    ]
    for line, cells in rows:
        if len(cells) != len(head):
            given = message("number_of_cells", number=len(cells))
            allowed = message("cells_like_first_row", number=len(head))
            problems.append(Problem(key, given, allowed, table.name, line))
        problems += _wrong_cells(line, cells, columns, unit, table, key)
    return problems


def _wrong_cells(
    line: int, cells: Sequence[str], columns: Sequence[str], unit: str, table: Table, key: str
) -> Iterator[Problem]:
    for to, cell in zip(columns, cells[1:], strict=False):
        number = number_of(cell)
        if number is None or not 0 <= number <= MOST[unit]:
            allowed = message("length_in_matrix", origin=cells[0], to=to, unit=unit, most=MOST[unit])
            yield Problem(key, cell, allowed, table.name, line)
        elif to == cells[0].strip() and number != 0:
            yield Problem(key, cell, message("nothing_to_itself", place=to), table.name, line)


def number_of(cell: str) -> float | None:
    """The finite number that a cell holds; None: it holds none."""
    try:
        number = float(cell) if "_" not in cell else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None
