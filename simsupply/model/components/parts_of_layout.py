"""What is settled about legs and stages before a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from simsupply.model.city.closures import Closures
from simsupply.model.vehicles.fleets import Vehicles
from simsupply.model.vehicles.leg import Maker


@dataclass
class Driving:
    """What is settled about a leg before the run: its vehicles, who makes up its loads, what may close."""

    vehicles: Vehicles
    closures: Closures
    makers: dict[str, Maker[Any]]
    in_parts: bool
    # Whether its loads are made up in the loop.
    inside: bool
    crew: str | None
    first_server: int = 0
    # By base: its first line, that of loads for the first set of fleets, which is empty.
    line: list[int] = field(default_factory=list)
    docks: list[int] = field(default_factory=list)
    calendar: int = 0
    book: int = 0
    loads: int = 0


@dataclass
class Working:
    """What is settled about a stage before the run: its crew and the lines in which units wait, by place."""

    crew: str
    line: list[int] = field(default_factory=list)
