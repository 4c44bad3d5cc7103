"""Docks that differ by day: both engines agree to the last bit; the same number on all days is as good as none said."""

from __future__ import annotations

from copy import deepcopy

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import simsupply as ss
from simsupply.config.load import fit
from tests.helpers.engines import MANY, assert_same_record, compare_engines, simulate
from tests.plans.random_place_plans import place_plans
from tests.plans.random_plans import Plain, plans
from tests.plans.random_vehicle_plans import vehicle_plans

ROWS = st.lists(
    st.fixed_dictionaries(
        {"docks": st.integers(0, 3)},
        optional={"from_day": st.integers(0, 2), "weekdays": st.sampled_from([["mon"], ["tue", "wed"]])},
    ),
    min_size=1,
    max_size=3,
)


def places_with_docks(plan: Plain) -> list[Plain]:
    geography = plan["scenario"]["geography"]
    sections = [geography[key] for key in ("depots", "gateways", "stations") if geography.get(key)]
    return [place for section in sections for place in (section if isinstance(section, list) else [section])]


def with_docks_by_day(drawn: tuple[Plain, Plain], rows: list[list[Plain]]) -> tuple[Plain, Plain]:
    """The plan with other docks on other days; places take turns in what is drawn."""
    plan = deepcopy(drawn[0])
    for number, place in enumerate(places_with_docks(plan)):
        place["by_day"] = [
            row | {"from_day": min(row.get("from_day", 0), plan["scenario"]["horizon_days"] - 1)}
            for row in rows[number % len(rows)]
        ]
    return plan, drawn[1]


def compare(drawn: tuple[Plain, Plain], rows: list[list[Plain]], seed: int) -> None:
    decided = drawn[1]
    try:
        fit(ss.load_scenario(drawn[0]), ss.load_strategy(decided))
    except ss.InputError:
        assume(False)
    compare_engines(with_docks_by_day(drawn, rows), seed)


@settings(MANY, max_examples=10)
@given(plans(), st.lists(ROWS, min_size=1, max_size=3), st.integers(0, 1000))
def test_engines_agree_on_docks_by_day(drawn: tuple[Plain, Plain], rows: list[list[Plain]], seed: int) -> None:
    compare(drawn, rows, seed)


@pytest.mark.lengthy
@settings(MANY, max_examples=7)
@given(vehicle_plans(), st.lists(ROWS, min_size=1, max_size=3), st.integers(0, 1000))
def test_engines_agree_on_vehicles_and_docks_by_day(
    drawn: tuple[Plain, Plain], rows: list[list[Plain]], seed: int
) -> None:
    compare(drawn, rows, seed)


@pytest.mark.lengthy
@settings(MANY, max_examples=7)
@given(place_plans(), st.lists(ROWS, min_size=1, max_size=3), st.integers(0, 1000))
def test_engines_agree_on_closed_places_and_docks_by_day(
    drawn: tuple[Plain, Plain], rows: list[list[Plain]], seed: int
) -> None:
    compare(drawn, rows, seed)


@settings(MANY, max_examples=7)
@given(plans(), st.integers(0, 1000))
def test_the_same_number_on_all_days_changes_nothing(drawn: tuple[Plain, Plain], seed: int) -> None:
    plan = deepcopy(drawn[0])
    for place in places_with_docks(plan):
        place["by_day"] = [{"docks": place.get("docks", 1)}]
    strategy = ss.load_strategy(drawn[1])
    record, times = simulate(ss.load_scenario(drawn[0]), strategy, seed)
    other, found = simulate(ss.load_scenario(plan), strategy, seed)
    assert times == found
    assert_same_record(record, other)
