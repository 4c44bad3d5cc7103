"""Districts and subdistricts of listed drop points, and the districts of any geography before it is laid out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import Title
from simsupply.scenario.census import census_of
from simsupply.scenario.geography import (
    CensusGeography,
    ListedDropPoint,
    ListedGeography,
    SpreadGeography,
)

IntArray = NDArray[np.int64]
WHOLE_AREA = Title(en="Whole area", zh="全域")


def district_titles(geography: SpreadGeography | ListedGeography | CensusGeography) -> tuple[Title, ...]:
    """Titles of the districts, in the order of results; one for the whole area where nothing tells districts apart."""
    if isinstance(geography, CensusGeography):
        return census_of(geography).districts
    if isinstance(geography, ListedGeography):
        return listed_districts(geography)
    return (WHOLE_AREA,)


def listed_districts(geography: ListedGeography) -> tuple[Title, ...]:
    """Titles given, then those of districts without one in the order of the first drop point of each."""
    named = [point.district for point in geography.in_use().drop_points if point.district is not None]
    if not named:
        return (WHOLE_AREA,)
    titles = list(geography.districts)
    known = {name for title in titles for name in (title.en, title.zh)}
    titles += [Title(en=name, zh=name) for name in dict.fromkeys(named) if name not in known]
    return tuple(titles)


def numbers_of_districts(drop_points: Sequence[ListedDropPoint], titles: Sequence[Title]) -> IntArray:
    """Number of the district of each drop point, shape (drop points,)."""
    number = {name: count for count, title in enumerate(titles) for name in (title.en, title.zh)}
    return np.array([number.get(point.district or "", 0) for point in drop_points], dtype=np.int64)


def subdistricts_of(drop_points: Sequence[ListedDropPoint], district: IntArray) -> tuple[IntArray, tuple[str, ...]]:
    """Number of the subdistrict of each drop point and the names by number.

    Subdistricts of one name in two districts are two; where there are none, one stands for all.
    """
    if all(point.subdistrict is None for point in drop_points):
        return np.zeros(len(drop_points), dtype=np.int64), (WHOLE_AREA.en,)
    keys = [(at, point.subdistrict or "") for at, point in zip(district.tolist(), drop_points, strict=True)]
    number = {key: count for count, key in enumerate(dict.fromkeys(keys))}
    return np.array([number[key] for key in keys], dtype=np.int64), tuple(name for _, name in number)
