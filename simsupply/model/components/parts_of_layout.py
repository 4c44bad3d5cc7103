"""What is settled about legs and stages before a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simsupply.model.city.closures import Closures
from simsupply.model.flow.waves import Wave
from simsupply.model.vehicles.fleets import Vehicles
from simsupply.model.vehicles.leg import Maker
from simsupply.scenario.place_kinds import PlaceKind

IntArray = NDArray[np.int64]


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


@dataclass
class Passing:
    """Which nodes of a route the orders of each of its ways pass, by their numbers on the route.

    Attributes
    ----------
    numbers : list of tuple of int
        By way, in order; empty: it does not lead through the component.
    frees : list of PlaceKind or None
        By way: on the floor of which kind of places its orders stand until they leave it.
    first_way : int
        By what the first of them is known in the loop.
    """

    numbers: list[tuple[int, ...]]
    frees: list[PlaceKind | None]
    first_way: int = 0

    def following(self, way: int, number: int) -> int | None:
        """The number behind one; None: the way ends, or leads out of the component."""
        return next((after for after in self.numbers[way] if after > number), None)

    def way_of(self, wave: Wave) -> IntArray:
        """Way of each order."""
        return np.zeros(len(wave), dtype=np.int64) if wave.way is None else wave.way

    def first(self, wave: Wave) -> IntArray:
        """The number at which each order of a wave comes in; -1: it does not."""
        firsts: IntArray = np.array([numbers[0] if numbers else -1 for numbers in self.numbers], dtype=np.int64)
        return firsts[self.way_of(wave)]
