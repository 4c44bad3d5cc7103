"""Tables of listed places in files beside a plan: drop points, who is fed by whom, buildings.

Rows are put into ``scenario.geography.drop_points`` as plain data before anything is checked, so that overrides,
provenance and specifications see one plan; each value keeps the file and line that it came from.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from simsupply.base.catalogue import Message, message
from simsupply.base.files import read_file
from simsupply.base.problems import InputError, Problem, nearest, wrong
from simsupply.base.system_errors import reason
from simsupply.base.text_cells import cell_text
from simsupply.base.text_files import rows_of_csv

AT = "scenario.geography"
POINTS = f"{AT}.drop_points"
FILES = ("drop_points_file", "assignment_file", "buildings_file")
_FEEDERS = ("depot", "gateway", "station")
_TEXTS = ("name", "title", "title_en", "title_zh", "district", "subdistrict", *_FEEDERS, "drop_point")


@dataclass(frozen=True)
class PlaceTable:
    """A file that was read, and which line of it each key of the plan came from."""

    file: str
    sha256: str
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Rows:
    """Rows of a file as plain data, each with its line."""

    table: PlaceTable
    columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, Any]], ...]


def with_place_tables(data: dict[str, Any], folder: Path) -> tuple[dict[str, Any], tuple[PlaceTable, ...]]:
    """A plan with its tables of places read in, and those tables; the plan itself where it names none.

    Parameters
    ----------
    data : dict
        Sections of a scenario file; left as it is.
    folder : path
        What names of files are relative to.

    Raises
    ------
    InputError
        With file and line, if a table cannot be read or says something that cannot be.
    """
    scenario = data.get("scenario")
    geography = scenario.get("geography") if isinstance(scenario, Mapping) else None
    if not isinstance(geography, Mapping) or geography.get("kind") != "listed":
        return data, ()
    named = {key: geography[key] for key in FILES if geography.get(key) is not None}
    if not named:
        return data, ()
    # What is no text is for the specification to refuse.
    paths = {key: folder / Path(name).expanduser() for key, name in named.items() if isinstance(name, str)}
    places = {key: value for key, value in geography.items() if key not in paths}
    tables: list[PlaceTable] = []
    if path := paths.get("drop_points_file"):
        if "drop_points" in places:
            key = f"{AT}.drop_points_file"
            raise wrong("", key, named["drop_points_file"], message("one_of_two_keys", first="drop_points", second=key))
        rows = _read(path, f"{AT}.drop_points_file")
        places["drop_points"] = [_point(row) for _, row in rows.rows]
        tables.append(_placed(rows, {number: number for number in range(len(rows.rows))}, ""))
    points = places.get("drop_points")
    if not isinstance(points, list) or not all(isinstance(point, Mapping) for point in points):
        points = []
    else:
        points = places["drop_points"] = [dict(point) for point in points]
    number = {point.get("name"): count for count, point in enumerate(points)}
    if path := paths.get("assignment_file"):
        tables.append(_assign(_read(path, f"{AT}.assignment_file"), points, number))
    if path := paths.get("buildings_file"):
        tables.append(_build(_read(path, f"{AT}.buildings_file"), points, number))
    return {**data, "scenario": {**scenario, "geography": places}}, tuple(tables)  # type: ignore[dict-item]  # a mapping


def with_lines_of_tables(problems: Sequence[Problem], tables: Sequence[PlaceTable]) -> list[Problem]:
    """Problems of keys that came from a table, with its file and line."""
    return [_with_line(problem, tables) for problem in problems]


def _with_line(problem: Problem, tables: Sequence[PlaceTable]) -> Problem:
    key = problem.key
    while problem.line is None and key.startswith(f"{POINTS}."):
        for table in reversed(tables):
            if line := table.lines.get(key):
                return replace(problem, source=table.file, line=line)
        key = key.rpartition(".")[0]
    return problem


# --- each table -----------------------------------------------------------------------------------


def _point(row: Mapping[str, Any]) -> dict[str, Any]:
    """A drop point of a row: ``title_en`` and ``title_zh`` are one title."""
    point = {key: value for key, value in row.items() if key not in ("title_en", "title_zh")}
    titles = {language: row[f"title_{language}"] for language in ("en", "zh") if f"title_{language}" in row}
    return {**point, "title": titles} if titles else point


def _placed(rows: _Rows, number: Mapping[int, int], below: str) -> PlaceTable:
    """The table with the lines of the keys that its rows became; `number`: drop point of each row."""
    lines: dict[str, int] = {}
    for at, (line, row) in enumerate(rows.rows):
        key = f"{POINTS}.{number[at]}{below}"
        lines |= {key: line} | {f"{key}.{column}": line for column in row}
    return replace(rows.table, lines=lines)


def _assign(rows: _Rows, points: list[dict[str, Any]], number: Mapping[Any, int]) -> PlaceTable:
    """Lay who is fed by whom under the drop points."""
    _check_columns(rows, ("drop_point",), (*_FEEDERS, "distance_km"))
    if not set(rows.columns) & set(_FEEDERS):
        raise InputError([_of(rows, 1, "", list(rows.columns), message("column_of_feeders"))])
    problems: list[Problem] = []
    at: dict[int, int] = {}
    seen: dict[int, int] = {}
    for row_number, (line, row) in enumerate(rows.rows):
        name = row.get("drop_point")
        if name not in number:
            problems.append(_of(rows, line, "drop_point", name, nearest(str(name), map(str, number))))
            continue
        where = at[row_number] = number[name]
        point = points[where]
        given = {key: row[key] for key in (*_FEEDERS, "distance_km") if key in row}
        if where in seen:
            problems.append(_of(rows, line, "drop_point", name, message("named_in_line", line=seen[where])))
        elif point.get("candidate") is True:
            problems.append(_of(rows, line, "drop_point", name, message("candidate_in_assignment")))
        else:
            problems += [
                _of(rows, line, key, given[key], message("said_by_drop_point", key=key, value=point[key]))
                for key in given
                if point.get(key) is not None
            ]
            point.update(given)
        seen.setdefault(where, line)
    if problems:
        raise InputError(problems)
    return _placed(rows, at, "")


def _build(rows: _Rows, points: list[dict[str, Any]], number: Mapping[Any, int]) -> PlaceTable:
    """Lay buildings under their drop points, in the order of the rows."""
    _check_columns(rows, ("drop_point", "households"), ("has_lift",))
    problems: list[Problem] = []
    lines: dict[str, int] = {}
    had = {where for where, point in enumerate(points) if point.get("buildings")}
    for line, row in rows.rows:
        name = row.get("drop_point")
        if name not in number:
            problems.append(_of(rows, line, "drop_point", name, nearest(str(name), map(str, number))))
            continue
        where = number[name]
        if where in had:
            problems.append(_of(rows, line, "drop_point", name, message("buildings_listed_already")))
            continue
        buildings = points[where].setdefault("buildings", [])
        key = f"{POINTS}.{where}.buildings.{len(buildings)}"
        lines |= {key: line} | {f"{key}.{column}": line for column in row}
        # What is wrong with all of them is told where the first of them stands.
        lines.setdefault(f"{POINTS}.{where}.buildings", line)
        buildings.append({column: value for column, value in row.items() if column != "drop_point"})
    if problems:
        raise InputError(problems)
    return replace(rows.table, lines=lines)


# --- reading --------------------------------------------------------------------------------------


def _read(path: Path, key: str) -> _Rows:
    file = str(path)
    try:
        content = read_file(path)
        table = rows_of_csv(content, file)
    except OSError as error:
        raise wrong("", key, file, message("readable_csv_file", reason=reason(error))) from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise wrong("", key, file, message("csv_file_in_encodings", reason=reason(error))) from None
    if len(table) < 2:
        raise wrong(file, "", message("number_of_rows", number=len(table)), message("rows_of_csv_file"))
    (first, head), *rows = table
    columns = [name.strip() for name in head]
    problems = [
        Problem("", name, message("column_once"), file, first)
        for name in dict.fromkeys(columns)
        if not name or columns.count(name) > 1
    ]
    problems += [
        Problem(
            "",
            message("number_of_values_in_row", number=len(row)),
            message("one_for_each_key", number=len(columns)),
            file,
            line,
        )
        for line, row in rows
        if len(row) != len(columns)
    ]
    problems += [
        Problem(name, cell, message("not_filled_in"), file, line)
        for line, row in rows
        for name, cell in zip(columns, row, strict=False)
        if "${" in cell
    ]
    if problems:
        raise InputError(problems)
    found = tuple(
        (line, {name: _value(name, cell) for name, cell in zip(columns, row, strict=True) if cell.strip()})
        for line, row in rows
    )
    return _Rows(PlaceTable(file, sha256(content).hexdigest()), tuple(columns), found)


def _value(column: str, cell: str) -> Any:
    """A cell as plain data: names as they are, numbers and true or false where they can be read so."""
    text = cell_text(cell.strip())
    if column in _TEXTS:
        return text
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    for read in _NUMBERS:
        try:
            return read(text)
        except ValueError:
            continue
    return text


_NUMBERS: tuple[Callable[[str], int | float], ...] = (int, float)


def _check_columns(rows: _Rows, needed: Sequence[str], others: Sequence[str]) -> None:
    problems = [
        _of(rows, 1, "", list(rows.columns), message("column_needed", column=column))
        for column in needed
        if column not in rows.columns
    ]
    known = [*needed, *others]
    problems += [_of(rows, 1, "", column, nearest(column, known)) for column in rows.columns if column not in known]
    if problems:
        raise InputError(problems)


def _of(rows: _Rows, line: int, column: str, value: object, allowed: Message) -> Problem:
    return Problem(column, value, allowed, rows.table.file, line)
