"""Both engines agree to the last bit on plans with gateways, kept loads, dates and closed places."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import simsupply as ss
from simsupply.config.load import fit
from tests.helpers.engines import MANY, assert_same_record, compare_engines, simulate
from tests.plans.random_place_plans import place_plans
from tests.plans.random_plans import Plain


@pytest.mark.lengthy
@settings(MANY, max_examples=12)
@given(place_plans(), st.integers(0, 1000))
def test_engines_agree_on_places(drawn: tuple[Plain, Plain], seed: int) -> None:
    compare_engines(drawn, seed)


@pytest.mark.lengthy
@settings(MANY, max_examples=10)
@given(place_plans(with_floors=True), st.integers(0, 1000))
def test_wide_floors_in_any_measure_change_nothing(drawn: tuple[Plain, Plain], seed: int) -> None:
    """Limited floors couple steps, so that events simulate them: with room for everything it is as without a limit."""
    plan, decided = drawn
    geography = plan["scenario"]["geography"]
    records = []
    for room in ({"floor_m3": 1e6, "parcel_m3": 0.1}, {"floor_pallets": 10**6, "parcels_per_pallet": 10}, {}):
        for kind in ("gateways", "stations", "drop_points"):
            places = geography.get(kind) or []
            for place in [places] if isinstance(places, dict) else places:
                for key in ("floor_parcels", "floor_m3", "parcel_m3", "floor_pallets", "parcels_per_pallet"):
                    place.pop(key, None)
                place.update(room)
        scenario, strategy = ss.load_scenario(plan), ss.load_strategy(decided)
        fit(scenario, strategy)
        records.append(simulate(scenario, strategy, seed, "auto" if room else "reference"))
    for record, times in records[1:]:
        assert times == records[0][1]
        assert_same_record(record, records[0][0])


@settings(MANY, max_examples=12)
@given(place_plans(with_floors=True), st.integers(0, 1000))
def test_floors_of_gateways_are_never_overfilled(drawn: tuple[Plain, Plain], seed: int) -> None:
    """Between the end of unloading and of the next loading, so the least that stands there, is what fits."""
    drawn[0]["shocks"] = {}
    scenario, strategy = ss.load_scenario(drawn[0]), ss.load_strategy(drawn[1])
    try:
        fit(scenario, strategy)
    except ss.InputError as error:
        assert "floor" in str(error)  # noqa: PT017 -- not each plan drawn is refused
        return
    if not scenario.places.count("gateway"):
        return
    _, times = simulate(scenario, strategy, seed=seed)
    limit, serving = scenario.places.floor["gateway"], scenario.places.serving["gateway"]
    for name in strategy.channels:
        changes = []
        for (step, channel, wave, household, order), time in times.items():
            if channel == name and step == f"trunk_{name}":
                place = int(serving[scenario.households.drop_point[household]])
                # It has left the floor some time before it is at the next place.
                left = [
                    times.get((done, name, wave, household, order)) for done in (f"swap_{name}", f"disinfect_{name}")
                ]
                gone = next((end for end in left if end is not None), time)
                changes += [(time, 1, place), (gone, 0, place)]
        inside = [0] * len(limit)
        for _, arrives, place in sorted(changes):
            inside[place] += 1 if arrives else -1
            assert inside[place] <= limit[place]
