"""What listed drop points say of their residents, as arrays over drop points: no number where they say nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsupply.scenario.geography import ListedDropPoint

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class OwnResidents:
    """What drop points say instead of the scenario; NaN: nothing.

    Attributes
    ----------
    persons, one_person_share, lift_share, priority_share, share_65plus : float arrays, shape (drop points,)
        See `simsupply.scenario.listed_attributes.Residents`.
    households_per_building : float array, shape (drop points,)
    buildings : tuple, an entry for each drop point
        Households and lift (None: drawn) of each building; empty: buildings are all of one size.
    """

    persons: FloatArray
    one_person_share: FloatArray
    lift_share: FloatArray
    priority_share: FloatArray
    share_65plus: FloatArray
    households_per_building: FloatArray
    buildings: tuple[tuple[tuple[int, bool | None], ...], ...]


def own_residents(drop_points: Sequence[ListedDropPoint]) -> OwnResidents:
    """What these drop points say."""

    def column(key: str) -> FloatArray:
        return np.array([getattr(point, key) for point in drop_points], dtype=np.float64)

    return OwnResidents(
        persons=column("persons"),
        one_person_share=column("one_person_share"),
        lift_share=column("lift_share"),
        priority_share=column("priority_share"),
        share_65plus=column("share_65plus"),
        households_per_building=column("households_per_building"),
        buildings=tuple(
            tuple((building.households, building.has_lift) for building in point.buildings) for point in drop_points
        ),
    )


def own_or(own: FloatArray, given: float | None) -> FloatArray:
    """What each drop point says, else what the scenario says; NaN where neither does."""
    return np.where(np.isnan(own), np.nan if given is None else given, own)


def walks(drop_points: Sequence[ListedDropPoint]) -> FloatArray | None:
    """Walk of a round to the doors of each drop point in minutes, NaN: that of the rounds; None where none says it."""
    if all(point.walk_min is None for point in drop_points):
        return None
    return np.array([point.walk_min for point in drop_points], dtype=np.float64)
