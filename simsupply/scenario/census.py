"""Census tables that the package carries: districts, their subdistricts and communities.

Columns and sources are described beside the tables, in ``simsupply/data/README.md``.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import Title
from simsupply.scenario.geography import CensusGeography, CensusTable, CensusUnits

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Census:
    """Districts with their people, and the subdistricts and communities in them.

    Attributes
    ----------
    districts : tuple of Title
    is_core : bool array, shape (districts,)
        Whether a district is part of the city proper.
    people, urban_people : int arrays, shape (districts,)
        Everybody counted, and those in urban areas.
    households, household_people, one_person_households : int arrays, shape (districts,)
        Family households, the people in them, and those of one person.
    share_65plus, lift_share : float arrays, shape (districts,)
        Share of people who are 65 or older; of households in a building with a lift.
    centre : float array, shape (districts, 2)
        Longitude and latitude in degrees; NaN where the table has none.
    subdistricts : tuple of str
    subdistrict_code, subdistrict_district : int arrays, shape (subdistricts,)
    is_town : bool array, shape (subdistricts,)
        Whether it is a town, township or farm rather than an urban subdistrict.
    communities : tuple of str
    community_code, community_subdistrict : int arrays, shape (communities,)
    community_kind : str array, shape (communities,)
        ``residents`` or ``villagers`` (the committee's kind) or ``other`` (a code without one).
    """

    districts: tuple[Title, ...]
    is_core: NDArray[np.bool_]
    people: IntArray
    urban_people: IntArray
    households: IntArray
    household_people: IntArray
    one_person_households: IntArray
    share_65plus: FloatArray
    lift_share: FloatArray
    centre: FloatArray
    subdistricts: tuple[str, ...]
    subdistrict_code: IntArray
    subdistrict_district: IntArray
    is_town: NDArray[np.bool_]
    communities: tuple[str, ...]
    community_code: IntArray
    community_subdistrict: IntArray
    community_kind: NDArray[np.str_]

    @property
    def community_district(self) -> IntArray:
        """Index of the district of each community."""
        return self.subdistrict_district[self.community_subdistrict]


@cache
def read_census(table: CensusTable, units: CensusUnits = "all", committees_only: bool = False) -> Census:
    """Read one of the package's tables.

    Parameters
    ----------
    table : {"changchun", "demo"}
    units : {"core", "all"}
        Districts of the city proper only, or every unit.
    committees_only : bool
        Leave out communities of kind ``other``; subdistricts stay, also those left without any.
    """
    districts = [row for row in _rows(table, "districts") if units == "all" or row["group"] == "core"]
    codes = {row["code"]: number for number, row in enumerate(districts)}
    subdistricts = [row for row in _rows(table, "subdistricts") if row["code"][:6] in codes]
    subdistrict_codes = {row["code"]: number for number, row in enumerate(subdistricts)}
    communities = [
        row
        for row in _rows(table, "communities")
        if row["code"][:9] in subdistrict_codes and not (committees_only and row["kind"] == "other")
    ]
    people = _integers(districts, "people")
    return Census(
        districts=tuple(Title(en=row["name_en"], zh=row["name_zh"]) for row in districts),
        is_core=np.array([row["group"] == "core" for row in districts]),
        people=people,
        urban_people=_integers(districts, "urban_people"),
        households=_integers(districts, "households"),
        household_people=_integers(districts, "household_people"),
        one_person_households=_integers(districts, "one_person_households"),
        share_65plus=_integers(districts, "people_65plus") / people,
        lift_share=np.array([float(row["lift_share"]) for row in districts]),
        centre=np.array([[float(row[key] or "nan") for key in ("centre_lon", "centre_lat")] for row in districts]),
        subdistricts=tuple(row["name"] for row in subdistricts),
        subdistrict_code=_integers(subdistricts, "code"),
        subdistrict_district=np.array([codes[row["code"][:6]] for row in subdistricts]),
        is_town=np.array([row["kind"] != "subdistrict" for row in subdistricts]),
        communities=tuple(row["name"] for row in communities),
        community_code=_integers(communities, "code"),
        community_subdistrict=np.array([subdistrict_codes[row["code"][:9]] for row in communities]),
        community_kind=np.array([row["kind"] for row in communities]),
    )


def census_of(geography: CensusGeography) -> Census:
    """The part of a table that a geography asks for.

    Read once by a process, when a scenario is read (`simsupply.config.load`): what comes later, checks
    among it, finds it there.
    """
    return read_census(geography.table, geography.units, committees_only=not geography.special_units)


def _rows(table: CensusTable, name: str) -> list[dict[str, str]]:
    text = files("simsupply").joinpath("data", f"{table}_{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _integers(rows: Sequence[dict[str, str]], column: str) -> IntArray:
    return np.array([int(row[column]) for row in rows], dtype=np.int64)
