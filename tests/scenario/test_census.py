"""The census tables: totals as published, codes that join, and who is left out."""

import numpy as np
import pytest

from simsupply.scenario.census import read_census

PUBLISHED = {
    # units, committees only: people, households, districts, subdistricts, communities
    ("core", True): (5_019_477, 1_808_963, 9, 95, 701),
    ("core", False): (5_019_477, 1_808_963, 9, 95, 704),
    ("all", True): (9_066_906, 3_330_525, 15, 231, 2_788),
    ("all", False): (9_066_906, 3_330_525, 15, 231, 2_798),
}


@pytest.mark.parametrize(("units", "committees_only"), PUBLISHED)
def test_changchun_totals(units, committees_only):
    census = read_census("changchun", units, committees_only)
    totals = (
        census.people.sum(),
        census.households.sum(),
        len(census.districts),
        len(census.subdistricts),
        len(census.communities),
    )
    assert totals == PUBLISHED[units, committees_only]


def test_community_is_a_committee_of_residents_or_villagers():
    kinds = read_census("changchun", "core", committees_only=True).community_kind.tolist()
    assert (kinds.count("residents"), kinds.count("villagers")) == (470, 231)


def test_kind_follows_the_code():
    census = read_census("changchun")
    number = census.community_code % 1000
    by_code = np.where(number < 200, "residents", np.where(number < 400, "villagers", "other"))
    assert (census.community_kind == by_code).all()


@pytest.mark.parametrize("table", ["changchun", "demo"])
def test_codes_join_and_counts_are_consistent(table):
    census = read_census(table)
    assert len(np.unique(census.community_code)) == len(census.communities)
    assert (census.community_code // 1000 == census.subdistrict_code[census.community_subdistrict]).all()
    assert (census.urban_people <= census.people).all()
    assert (census.household_people <= census.people).all()
    # Room for one-person households beside the others, which have two people at least.
    several = census.households - census.one_person_households
    assert (census.household_people - census.one_person_households >= 2 * several).all()
    assert ((census.lift_share > 0) & (census.lift_share < 1)).all()
    assert all(name.en and name.zh for name in census.districts)
