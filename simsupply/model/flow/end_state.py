"""What an engine tells of its state at the end of a run: who is under way, and which units are not complete."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from simsupply.strategy.steps.leg import Leg

Orders = list[tuple[int, int]]
"""Orders by the number of their wave, and their place in it."""


@dataclass(eq=False)
class VehicleUnderWay:
    """A vehicle on a trip.

    Attributes
    ----------
    leg : Leg
    fleet : str
    base : int
        Place at which it is based, of the kind at which the leg's fleet is.
    orders : list of (int, int)
        The whole load, what has been unloaded included.
    people : int
        Of the crew that drives.
    waits_for : {"room", "dock"} or None
        What it waits for at a stop.
    stop : int
        At which place of the kind to which the leg goes; -1: it waits at none.
    since : float
        When it came to wait, minutes.
    """

    leg: Leg
    fleet: str
    base: int
    orders: Orders
    people: int = 0
    waits_for: Literal["room", "dock"] | None = None
    stop: int = -1
    since: float = 0.0


@dataclass(eq=False)
class Unfinished:
    """A unit or load of which some orders have not come; those of a load to be filled up: the ones that stand."""

    step: str
    orders: Orders
    is_open: bool = False


@dataclass
class EndState:
    """Of all steps that couple."""

    vehicles: list[VehicleUnderWay] = field(default_factory=list)
    unfinished: list[Unfinished] = field(default_factory=list)
