"""Limited floors: on paper, and never overfilled."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import simsupply as ss
from simsupply.config.load import fit
from tests.helpers.engines import MANY, assert_same_record, simulate
from tests.plans.paper_plans import channel, crew, door, fleet, leg, listed, stage, strategy, world
from tests.plans.random_plans import Plain, plans


def floor_plan(floor: int, **vans: Any) -> Plain:
    """Four households; packed at 490; loads of two; 15 min on the road; one walker, 7 min a round."""
    geography = listed([4])
    geography["drop_points"][0]["floor_parcels"] = floor
    return world(
        geography,
        {"packers": crew(4), "walkers": crew(1, "drop_point")},
        {"vans": fleet(2, payload_parcels=2, **vans)},
    )


def steps(discipline: str = "fifo") -> list[Plain]:
    rounds = door()
    rounds["stage"]["discipline"] = discipline
    return [stage("pack", "packers", effort={"per_order_min": 10}), leg("deliver", "vans"), rounds]


def test_a_van_waits_until_its_parcels_fit() -> None:
    """Both vans arrive at 505. Doors at 510 and 517: then the second has room. Doors at 524 and 531."""
    scenario, plan = ss.load_scenario(floor_plan(2)), ss.load_strategy(strategy(channel("only", *steps())))
    record, times = simulate(scenario, plan, seed=1)
    assert [times["deliver", "only", 0, household, household] for household in range(4)] == [505, 505, 517, 517]
    assert [times["door", "only", 0, household, household] for household in range(4)] == [510, 517, 524, 531]
    reason = "limited floor at 'd0' holds up 'deliver'"
    assert record.notes == (f"engine: events for deliver, door ({reason}); kernels for pack",)
    # Both vans are in use until they are back: 490-520 and 490-532.
    assert next(step for step in record.steps if step.names == ("deliver",)).busy_min == 30 + 42


def test_a_station_has_room_again_when_the_onward_van_is_loaded() -> None:
    """Station with room for two, trucks of two arrive at 505; loading a van of two takes 8: 513."""
    geography = listed([4])
    geography["stations"] = [{"name": "hub", "depot": "site", "distance_km": 10.0, "floor_parcels": 2, "docks": 2}]
    geography["drop_points"][0]["station"] = "hub"
    scenario = ss.load_scenario(
        world(
            geography,
            {"packers": crew(4)},
            {"trucks": fleet(2, payload_parcels=2), "vans": fleet(2, "station", payload_parcels=2)},
        )
    )
    onward = leg("deliver", "vans", "station", load={"per_parcel_min": 4}, discipline="fifo")
    trunk = leg("trunk", "trucks", "depot", "station")
    plan = ss.load_strategy(strategy(channel("only", steps()[0], trunk, onward)))
    _, times = simulate(scenario, plan, seed=1)
    assert [times["trunk", "only", 0, household, household] for household in range(4)] == [505, 505, 513, 513]
    assert [times["deliver", "only", 0, household, household] for household in range(4)] == [528, 528, 536, 536]


@pytest.mark.parametrize(
    ("floor", "discipline", "key"),
    [
        (1, "fifo", "scenario.geography.drop_points.0.floor_parcels"),
        (2, "sequence", "strategy.channels.only.steps.2.stage.discipline"),
    ],
)
def test_floors_that_would_lock_up_are_refused(floor: int, discipline: str, key: str) -> None:
    scenario = ss.load_scenario(floor_plan(floor))
    with pytest.raises(ss.InputError, match=key):
        fit(scenario, ss.load_strategy(strategy(channel("only", *steps(discipline)))))


@settings(MANY, max_examples=30)
@given(plans(with_floors=True), st.integers(0, 1000))
def test_floors_are_never_overfilled(drawn: tuple[Plain, Plain], seed: int) -> None:
    """Delivered to a drop point and not yet at a door: at most what there is room for."""
    scenario, plan = ss.load_scenario(drawn[0]), ss.load_strategy(drawn[1])
    fit(scenario, plan)
    _, times = simulate(scenario, plan, seed=seed)
    limit = scenario.places.floor["drop_point"]
    changes = []
    for name, way in plan.channels.items():
        last = way.steps[-1].body.name
        for (step, to_channel, wave, household, order), time in times.items():
            if to_channel == name and step == f"deliver_{name}":
                place = int(scenario.households.drop_point[household])
                gone = times.get((last, name, wave, household, order), float("inf"))
                changes += [(time, 1, place), (gone, 0, place)]
    inside = [0] * len(limit)
    for _, arrives, place in sorted(changes):
        inside[place] += 1 if arrives else -1
        assert inside[place] <= limit[place]


@pytest.mark.lengthy
@settings(MANY, max_examples=20)
@given(plans(with_floors=True), st.integers(0, 1000))
def test_a_floor_with_room_for_everything_changes_nothing(drawn: tuple[Plain, Plain], seed: int) -> None:
    world_, decided = drawn
    results = []
    for floor in (10_000, None):
        for place in [*world_["scenario"]["geography"]["drop_points"], *world_["scenario"]["geography"]["stations"]]:
            place["floor_parcels"] = floor
        results.append(simulate(ss.load_scenario(world_), ss.load_strategy(decided), seed=seed))
    (wide, wide_times), (open_, open_times) = results
    assert wide_times == open_times
    assert_same_record(wide, open_)
    assert wide.notes != open_.notes
