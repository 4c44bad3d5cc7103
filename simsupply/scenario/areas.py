"""Areas by name: the whole scenario, districts, subdistricts, communities (drop points)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from simsupply.scenario.places import IntArray, Places
from simsupply.scenario.tiers import AreaLevel


def names_of_areas(places: Places, level: AreaLevel) -> dict[str, list[int]]:
    """Every name by which areas of a level may be called, and the numbers of those called so.

    A district has a name in each language. A subdistrict may carry that of its district in front;
    without it the name can mean several.
    """
    names: dict[str, list[int]] = {}

    def add(name: str, number: int) -> None:
        if number not in names.setdefault(name, []):
            names[name].append(number)

    if level == "districts":
        for number, title in enumerate(places.districts):
            add(title.en, number)
            add(title.zh, number)
    elif level == "subdistricts":
        _, first = np.unique(places.subdistrict, return_index=True)
        for number, name in enumerate(places.subdistricts):
            district = places.districts[places.district[first[number]]]
            for full in (name, f"{district.en} {name}", f"{district.zh} {name}"):
                add(full, number)
    elif level == "communities":
        for number, name in enumerate(places.names["drop_point"]):
            add(name, number)
    return names


def area_numbers(places: Places, level: AreaLevel, names: Iterable[str]) -> IntArray:
    """Numbers of the areas meant, in order, each once; none for the whole scenario.

    Raises
    ------
    KeyError
        If no area is called so (`simsupply.checks.tiers` looks before).
    """
    if level == "whole":
        return np.empty(0, dtype=np.int64)
    known = names_of_areas(places, level)
    return np.unique([number for name in names for number in known[name]])


def drop_points_in(places: Places, level: AreaLevel, numbers: IntArray) -> NDArray[np.bool_]:
    """Which drop points lie in the areas with these numbers, shape (drop points,)."""
    if level == "districts":
        return np.isin(places.district, numbers)
    if level == "subdistricts":
        return np.isin(places.subdistrict, numbers)
    is_inside = np.full(places.count("drop_point"), level == "whole")
    is_inside[numbers] = True
    return is_inside
