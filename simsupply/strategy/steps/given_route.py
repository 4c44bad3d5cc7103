"""Routes that a plan gives: which vehicle goes to which drop points, in which order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from simsupply.base.spec import Spec, key_help
from simsupply.base.tables import OwnTable, Table
from simsupply.scenario.tiers import day_number
from simsupply.scenario.weekdays import WEEKDAYS

COLUMNS = ("trip", "place", "fleet", "day")
"""Of a file of routes; the first two must be there."""


class GivenRoute(Spec):
    """Trips as they are given, stop by stop.

    Each row of the file is a stop: the `trip` it is on, any name, and the drop point (`place`); stops are made in
    the order of the rows. A trip may name the `fleet` that goes, of those of the leg. Rows with a `day` (its
    number, a date or ``mon`` to ``sun``) hold for orders released on it, those without for orders of all other days.
    """

    kind: Literal["given"]
    file: Annotated[
        OwnTable,
        key_help(
            "CSV file with a row for each stop, in their order: trip, place, and if wanted fleet and day; its path is "
            "relative to the strategy's file.",
            "CSV 文件，每个停靠点一行，按行驶顺序，列为 `trip`、`place`，需要时加 `fleet` 和 `day`；"
            "路径相对于策略文件。",
            example="routes.csv",
        ),
    ]


@dataclass(frozen=True)
class GivenStop:
    """A row of a file of routes; `fleet` and `day` are empty where nothing is said."""

    line: int
    trip: str
    place: str
    fleet: str
    day: str


def day_of(text: str, start_date: str | None) -> int | str:
    """The day that a row is for: its number, a weekday, or nothing.

    Raises
    ------
    Misfit
        If it is none of these.
    """
    if text.lower() in ("", *WEEKDAYS):
        return text.lower()
    return day_number(int(text) if text.isdecimal() else text, start_date)


def head_of(table: Table) -> list[str]:
    """Names of the columns, small letters."""
    return [cell.strip().lower() for cell in table.rows[0][1]] if table.rows else []


def stops_of_table(table: Table) -> Iterator[GivenStop]:
    """Rows of a table whose columns have been checked (`simsupply.checks.given_routes`)."""
    head = head_of(table)
    for line, cells in table.rows[1:]:
        row = {name: cell.strip() for name, cell in zip(head, cells, strict=False)}
        yield GivenStop(line, *(row.get(name, "") for name in COLUMNS))
