"""Vehicles that stand still for good: each waits for what only those could free that wait themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from simsupply.scenario.place_kinds import PlaceKind


@dataclass(frozen=True)
class StandstillRecord:
    """Vehicles of one leg that stand still at one place, for room or for a dock, up to the end of the run.

    Attributes
    ----------
    step : str
        The leg.
    at, place : str
        Kind and name of the place.
    cause : {"room", "dock"}
        What they wait for.
    since_min : float
        When the first of them came.
    vehicles, orders : int
        Vehicles that stand, and orders on board of them.
    crews : tuple of str
        Crews all of whose people at the vehicles' base sit in vehicles that stand.
    """

    step: str
    at: PlaceKind
    place: str
    cause: Literal["room", "dock"]
    since_min: float
    vehicles: int
    orders: int
    crews: tuple[str, ...]
