"""What can be wrong with places, floors, kept loads and closures: everything at once, each by its key."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

import simsupply as ss
from simsupply.config.load import fit
from tests.helpers.problems import value_of
from tests.oracles.city.test_places import PACK, TRUNK, through_gateway
from tests.plans.paper_plans import Plain, channel, crew, delay, fleet, leg, stage, strategy, world


def plan_of(geography: Plain, **more: Any) -> Plain:
    """Crews and vehicles for every kind of place."""
    return (
        world(
            geography,
            {"packers": crew(4), "cleaners": crew(1, "gateway"), "sorters": crew(1, "station")},
            {
                "trucks": fleet(2, payload_parcels=4),
                "vans": fleet(2, "gateway", payload_parcels=4),
                "small": fleet(2, "gateway", payload_parcels=3),
                "carts": fleet(2, "station"),
                "haulers": fleet(2),
            },
        )
        | more
    )


def found(plan: Plain, *steps: Plain, **how: Plain) -> list[tuple[str, str]]:
    """Every problem of a plan with a single channel: key, and what is allowed."""
    try:
        scenario = ss.load_scenario(plan)
        if steps:
            fit(scenario, ss.load_strategy(strategy(channel("only", *steps, **how))))
    except ss.InputError as error:
        return [(problem.key, str(problem.allowed)) for problem in error.problems]
    return []


AT = "scenario.geography"
ONWARD = leg("deliver", "vans", "gateway")


def test_names_that_nobody_has_and_names_given_twice() -> None:
    geography = through_gateway([2, 2], stations=1)
    geography["gateways"].append(dict(geography["gateways"][0]))
    geography["gateways"].append({"name": "other", "depot": "nowhere", "distance_km": 1.0})
    geography["gateways"][2] |= {"diverts_to": "other", "diverts_km": 1.0}
    geography["stations"][0]["gateway"] = "egde"
    geography["drop_points"][0]["gateway"] = "edge"
    del geography["drop_points"][1]["station"]
    geography["drop_points"][1]["gateway"] = "gone"
    keys = dict(found(plan_of(geography)))
    assert keys == {
        f"{AT}.gateways": "every place named once",
        f"{AT}.gateways.2.depot": keys[f"{AT}.gateways.2.depot"],
        f"{AT}.gateways.2.diverts_to": keys[f"{AT}.gateways.2.diverts_to"],
        f"{AT}.stations.0.gateway": keys[f"{AT}.stations.0.gateway"],
        f"{AT}.drop_points.0.gateway": "nothing beside station, which says by which gateway it is fed",
        f"{AT}.drop_points.1.gateway": keys[f"{AT}.drop_points.1.gateway"],
    }
    assert "did you mean 'edge'?" in keys[f"{AT}.stations.0.gateway"]


@pytest.mark.parametrize(
    ("change", "key", "allowed"),
    [
        ({"floor_parcels": 5, "floor_m3": 2.0, "parcel_m3": 0.1}, "", "one of floor_parcels, floor_m3"),
        ({"floor_m3": 2.0}, "", "parcel_m3 together with floor_m3"),
        ({"parcel_m3": 2.0}, "", "parcel_m3 together with floor_m3"),
        ({"floor_pallets": 2}, "", "parcels_per_pallet together with floor_pallets"),
        ({"floor_m3": 0.1, "parcel_m3": 0.2}, "", "room for one parcel"),
        ({"floor_m3": -1.0, "parcel_m3": 0.2}, ".floor_m3", "greater than or equal to 0.0001"),
        ({"diverts_km": 3.0}, "", "diverts_to and diverts_km together"),
        ({"distance_km": 0.0}, ".distance_km", "greater than 0"),
    ],
)
def test_a_gateway_that_contradicts_itself(change: Plain, key: str, allowed: str) -> None:
    ((at, says),) = found(plan_of(through_gateway([2], **change)))
    assert at == f"{AT}.gateways.0{key}"
    assert allowed in says


def test_a_station_is_fed_by_one_place() -> None:
    geography = through_gateway([2, 2], stations=2)
    geography["stations"][0]["depot"] = "site"
    del geography["stations"][1]["gateway"]
    problems = found(plan_of(geography))
    assert [key for key, _ in problems] == [f"{AT}.stations.0", f"{AT}.stations.1"]
    assert all("exactly one of depot and gateway" in says for _, says in problems)


@pytest.mark.parametrize(
    ("room", "enough", "says"),
    [
        ({"floor_parcels": 3}, 4, ">= 4, the largest load of leg 'trunk'"),
        ({"floor_m3": 0.35, "parcel_m3": 0.1}, 0.4, ">= 0.4, the largest load of 4 parcels of leg 'trunk'"),
        ({"floor_pallets": 1, "parcels_per_pallet": 3}, 2, ">= 2, the largest load of 4 parcels of leg 'trunk'"),
    ],
)
def test_a_floor_smaller_than_one_load(room: Plain, enough: float, says: str) -> None:
    """The truck brings four parcels; what is wrong and what is allowed is said in the user's own unit."""
    onward = leg("deliver", "vans", "gateway", discipline="fifo")
    key = next(iter(room))
    plan, decided = plan_of(through_gateway([4], **room)), strategy(channel("only", PACK, TRUNK, onward))
    scenario, loaded = ss.load_scenario(plan), ss.load_strategy(decided)
    with pytest.raises(ss.InputError) as error:
        fit(scenario, loaded)
    problems = [(problem.key, value_of(problem), str(problem.allowed)) for problem in error.value.problems]
    assert problems == [(f"{AT}.gateways.0.{key}", room[key], says)]
    assert found(plan_of(through_gateway([4], **{**room, key: enough})), PACK, TRUNK, onward) == []


def test_a_dispatch_list_that_a_full_floor_would_lock_up() -> None:
    plan = plan_of(through_gateway([4], floor_parcels=10))
    clean = stage("clean", "cleaners", "gateway", effort={"per_order_min": 1})
    assert [key for key, _ in found(plan, PACK, TRUNK, clean, ONWARD)] == [
        "strategy.channels.only.steps.2.stage.discipline",
        "strategy.channels.only.steps.3.leg.discipline",
    ]


def test_steps_at_a_gateway_that_is_not_there() -> None:
    """One drop point of two has none; every step that needs it is named."""
    geography = through_gateway([2, 2])
    del geography["drop_points"][1]["gateway"]
    clean = stage("clean", "cleaners", "gateway", effort={"per_order_min": 1})
    needed = "a scenario in which every drop point has a gateway"
    assert found(plan_of(geography), PACK, TRUNK, clean, ONWARD) == [
        ("strategy.channels.only.steps.1.leg", needed),
        ("strategy.channels.only.steps.2.stage.at", needed),
        ("strategy.channels.only.steps.3.leg", needed),
    ]


def kept(**trunk: Any) -> list[Plain]:
    return [PACK, leg("trunk", "trucks", "depot", "gateway", **trunk), leg("on", "vans", "gateway", keeps_loads=True)]


def test_loads_that_cannot_stay_together() -> None:
    geography = through_gateway([2])
    plan = plan_of(geography)
    assert not found(plan, *kept(loads_for="drop_point"))
    for trunk, says in (
        ({}, "loads_for: drop_point in leg 'trunk'"),
        ({"leave": {"kind": "full", "orders": 2}, "discipline": "fifo"}, "a leg with leave: planned before step 'on'"),
    ):
        with pytest.raises(ss.InputError, match=says):
            ss.load_strategy(strategy(channel("only", *kept(**trunk))))
    on = leg("on", "small", "gateway", keeps_loads=True)
    assert found(plan, PACK, leg("trunk", "trucks", "depot", "gateway", loads_for="drop_point"), on) == [
        ("fleet.small.payload_parcels", ">= 4, as of 'trucks', of which leg 'on' keeps the loads")
    ]


@pytest.mark.parametrize(
    ("step", "says"),
    [
        (leg("a", "trucks", "station", "gateway"), "a leg onward in the order depot, gateway, station, drop_point"),
        (leg("a", "trucks", "depot", "station", loads_for="gateway"), "loads_for: station or a kind of place"),
        (leg("a", "trucks", loads_for="drop_point", keeps_loads=True), "loads_for at the leg that makes"),
        (
            leg("a", "trucks", keeps_loads=True, leave={"kind": "full", "orders": 2}),
            r"leave: \{kind: planned\} with loads_for",
        ),
        (stage("a", "packers", effort={"per_load_min": 1}), "per_load_min only in a stage with per: load"),
        (stage("a", "packers", per="load", effort={"per_load_min": 1}), "a leg with leave: planned before step 'a'"),
        (delay("a", 1) | {"when": {"from_day": 2, "to_day": 2}}, "from_day before to_day"),
    ],
)
def test_steps_that_contradict_themselves(step: Plain, says: str) -> None:
    with pytest.raises(ss.InputError, match=says):
        ss.load_strategy(strategy(channel("only", step)))


def test_every_day_needs_a_way() -> None:
    """From day 2 on the leg onward is missing; on no day may a vehicle jump."""
    plan = plan_of(through_gateway([2]))
    onward = ONWARD | {"when": {"to_day": 2}}
    last = stage("count", "sorters", "station", effort={"per_order_min": 1}) | {"when": {"from_day": 2}}
    assert [(key, "at: gateway" in says) for key, says in found(plan, PACK, TRUNK, onward, last)] == [
        ("strategy.channels.only.steps.3.stage.at", False),
        ("strategy.channels.only.steps", True),
    ]


def test_orders_that_come_singly_are_on_no_list() -> None:
    """What belongs to lists would change nothing."""
    plan = plan_of(through_gateway([2]))
    plan["demand"] = {
        "kind": "poisson",
        "need_kg_per_household_week": 14,
        "rate_per_min": 0.1,
        "order_kg": 5,
        "lines_per_order": 1,
    }
    asked = {"kind": "order", "every_days": 2, "unpaid_share": 0.1}
    assert found(plan, PACK, release=asked) == [
        (f"strategy.channels.only.release.{key}", "nothing, where orders come singly and no list is closed")
        for key in ("every_days", "unpaid_share")
    ]


CLOSED = {"kind": "place", "from_day": 1, "orders": "nearest"}
SPREAD = {
    "kind": "spread",
    "radius_km": 2.0,
    "detour_factor": 1.3,
    "world_seed": 1,
    "households": 8,
    "depots": {"count": 1},
    "gateways": {"count": 2},
    "drop_points": {"count": 2},
}


@pytest.mark.parametrize(
    ("geography", "shock", "key", "allowed"),
    [
        (SPREAD, {"at": "depot"}, "shocks.closed.orders", "hold, where there is no other depot"),
        (SPREAD, {"at": "station"}, "shocks.closed.at", "a kind of place of the scenario; it has no station"),
        (SPREAD, {"at": "drop_point"}, "shocks.closed.orders", "hold at a drop point"),
        (SPREAD, {"at": "gateway", "places": ["gateway_3"]}, "shocks.closed.places.0", "gateway_2"),
        (SPREAD, {"at": "gateway"}, None, ""),
        (through_gateway([2]), {"at": "gateway"}, f"{AT}.gateways.0.diverts_to", "another gateway, for shocks.closed"),
        (through_gateway([2]), {"at": "gateway", "orders": "hold"}, None, ""),
    ],
)
def test_closures_that_lead_nowhere(geography: Plain, shock: Plain, key: str | None, allowed: str) -> None:
    problems = found(plan_of(deepcopy(geography), shocks={"closed": CLOSED | shock}))
    assert [at for at, _ in problems] == ([key] if key else [])
    assert all(allowed in says for _, says in problems)


def test_a_floor_of_a_depot_is_refused_in_every_measure() -> None:
    geography = SPREAD | {"depots": {"count": 1, "floor_pallets": 3, "parcels_per_pallet": 4}}
    ((_, says),) = found(plan_of(geography))
    assert "floor_pallets at gateways, stations and drop_points only" in says
