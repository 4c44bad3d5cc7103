"""What reports say of published operations, one row each: ``published.csv``."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).resolve().parent
PUBLISHED = FOLDER / "published.csv"

WORKERS = ("paid", "volunteer", "drafted")
TOLERANCES = {"A": (0.5, 1.5), "B": (0.5, 2.0)}
"""Predicted divided by published, lowest and highest: A says people, hours and quantity; B leaves one to be assumed."""
_COLUMNS = (
    *("id", "place", "date", "work", "worker", "unit", "worker_as_told", "unit_as_told", "people", "hours", "quantity"),
    *("scale", "kg_each", "lines", "lift", "lo", "hi", "grade", "missing", "source"),
)


class Kind(NamedTuple):
    """Operations that have a rate in common."""

    work: str
    worker: str
    unit: str


@dataclass(frozen=True)
class Operation:
    """One published operation.

    Attributes
    ----------
    id, place, date : str
    kind : Kind
    worker_as_told, unit_as_told : str
        In the words of the table that was copied.
    people : int
        People (lanes, of a drive-through).
    hours : float
        Hours each worked; 1 where the unit told is one of a day.
    quantity : float
        Units that came out.
    scale : int
        One in so many people is simulated, with as many of the units.
    lines : int or None
        Kinds of goods in a unit.
    low, high : float or None
        Units per person-hour at the ends of what the report leaves open.
    grade : str
        A or B, see `TOLERANCES`.
    missing, source : str
    """

    id: str
    place: str
    date: str
    kind: Kind
    worker_as_told: str
    unit_as_told: str
    people: int
    hours: float
    quantity: float
    scale: int
    lines: int | None
    low: float | None
    high: float | None
    grade: str
    missing: str
    source: str

    @property
    def rate(self) -> float:
        """Units per person-hour; per person-day where `is_by_day`."""
        return self.quantity / (self.people * self.hours)

    @property
    def is_by_day(self) -> bool:
        """Whether hours were not told, so that the rate is one of a day."""
        return self.unit_as_told.endswith("/day")

    def is_hit(self, predicted: float) -> bool:
        """Whether a predicted quantity is within the tolerance of this operation's grade."""
        low, high = TOLERANCES[self.grade]
        return low <= predicted / self.quantity <= high


def read_published(path: Path = PUBLISHED) -> list[Operation]:
    """Read the table.

    Raises
    ------
    ValueError
        With every problem found, one a line: row, column, what was given, what is allowed.
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        absent = [name for name in _COLUMNS if name not in (reader.fieldnames or ())]
        if absent:
            raise ValueError(f"{path.name}: columns are missing: {', '.join(absent)}")
        rows = list(reader)
    problems = [f"{path.name}, line {line}: {told}" for line, row in enumerate(rows, start=2) for told in _wrong(row)]
    often = Counter(row["id"] for row in rows)
    problems += [
        f"{path.name}: id: got {name!r} {times} times; allowed: once" for name, times in often.items() if times > 1
    ]
    if not rows:
        problems.append(f"{path.name}: no operation")
    if problems:
        raise ValueError("\n".join(problems))
    return [_operation(row) for row in rows]


def _wrong(row: dict[str, str]) -> Iterator[str]:
    for name in ("id", "place", "date", "work", "unit", "worker_as_told", "unit_as_told", "source"):
        if not row[name]:
            yield f"{name}: got nothing; allowed: a text"
    for name, values in (("worker", WORKERS), ("grade", tuple(TOLERANCES))):
        if row[name] not in values:
            yield f"{name}: got {row[name]!r}; allowed: {', '.join(values)}"
    numbers: dict[str, float | None] = {}
    for name, convert, is_needed in (
        ("people", int, True),
        ("hours", float, True),
        ("quantity", float, True),
        ("scale", int, True),
        ("lines", int, False),
        ("lo", float, False),
        ("hi", float, False),
    ):
        numbers[name] = _number(row[name] or "", convert)
        if numbers[name] is None and (row[name] or is_needed):
            yield f"{name}: got {row[name]!r}; allowed: {'a whole number' if convert is int else 'a number'} above 0"
    low, high = numbers["lo"], numbers["hi"]
    if low and high and low > high:
        yield f"lo: got {low:g}; allowed: hi ({high:g}) at most"
    people, scale = numbers["people"], numbers["scale"]
    if people and scale and people % scale:
        yield f"scale: got {scale:g}; allowed: a divisor of people ({people:g})"
    if numbers["hours"] and numbers["hours"] > 24:
        yield f"hours: got {numbers['hours']:g}; allowed: 24 at most, a day"


def _number(text: str, convert: Callable[[str], float]) -> float | None:
    try:
        value = convert(text)
    except ValueError:
        return None
    return value if 0 < value < float("inf") else None


def _operation(row: dict[str, str]) -> Operation:
    return Operation(
        id=row["id"],
        place=row["place"],
        date=row["date"],
        kind=Kind(row["work"], row["worker"], row["unit"]),
        worker_as_told=row["worker_as_told"],
        unit_as_told=row["unit_as_told"],
        people=int(row["people"]),
        hours=float(row["hours"]),
        quantity=float(row["quantity"]),
        scale=int(row["scale"]),
        lines=int(row["lines"]) if row["lines"] else None,
        low=float(row["lo"]) if row["lo"] else None,
        high=float(row["hi"]) if row["hi"] else None,
        grade=row["grade"],
        missing=row["missing"],
        source=row["source"],
    )
