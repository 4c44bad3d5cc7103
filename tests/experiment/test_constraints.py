"""One more of everything: as if the key itself had said so, and nothing else touched."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import simsupply as ss
from simsupply.experiment.constraints import Constraint, Plan, constraints_of, one_more_of, relaxed
from simsupply.scenario.world import Scenario, build_scenario
from simsupply.strategy.channels import StrategySpec
from tests.plans.demand_plans import SHOP_FLOOR, mix, ordered, purchases, shop, use, way
from tests.plans.paper_plans import Plain, channel, crew, cycle, fleet, leg, stage, strategy, world
from tests.plans.tiny_comparison import tiny_scenario

PACK = stage("pack", "packers", effort={"per_order_min": 10})


def stations(**station: Any) -> Plain:
    """A depot, two stations, a drop point behind each."""
    return {
        "kind": "listed",
        "depots": [{"name": "site", "docks": 2}],
        "stations": [{"name": f"s{number}", "depot": "site", "distance_km": 5, **station} for number in (1, 2)],
        "drop_points": [
            {"name": f"d{number}", "station": f"s{number}", "households": 20, "distance_km": 5, "floor_parcels": room}
            for number, room in ((1, 40), (2, 80))
        ],
    }


def via_stations() -> tuple[Scenario, StrategySpec]:
    plan = world(
        stations(docks=1, unload_docks=1, floor_parcels=30),
        {"packers": crew(2)},
        {"trucks": fleet(8), "vans": fleet(1, "station")},
        demand=cycle(),
    )
    steps = (PACK, leg("trunk", "trucks", "depot", "station"), leg("local", "vans", "station"))
    return ss.load_scenario(plan), ss.load_strategy(strategy(channel("only", *steps)))


def listed_with_gate_and_cap() -> tuple[Scenario, StrategySpec]:
    gate = {"gate": {"name": "gate", "opens": "09:00", "closes": "11:00", "slots": {"minutes": 10, "households": 8}}}
    evening = {"gate": {"name": "night", "opens": "08:00", "closes": "24:00"}}
    limited = way("list", PACK, evening, gate, release=ordered(every_days=1, cut_off="07:00"))
    limited["acceptance"] = {"orders_per_day": 10, "promise_days": 2}
    plan = world([30], {"packers": crew(1), **SHOP_FLOOR}, demand=purchases(online=0.5), horizon_days=3)
    return ss.load_scenario(plan), ss.load_strategy(mix(use(limited), use(shop())))


def by_key(plan: tuple[Scenario, StrategySpec]) -> dict[tuple[str, str], Constraint]:
    return {constraint.key: constraint for constraint in constraints_of(*plan)}


def test_as_many_again_up_to_four_then_a_quarter() -> None:
    assert [one_more_of(number) for number in (0, 0.5, 1, 2, 3.5, 4, 16, 17, 130, 400)] == [
        1,
        1,
        1,
        2,
        4,
        4,
        4,
        5,
        33,
        100,
    ]


def test_everything_that_a_plan_meets_and_nothing_else() -> None:
    found = by_key(via_stations())
    assert list(found) == [
        ("crew", "packers"),
        ("fleet", "trucks"),
        ("fleet", "vans"),
        ("docks", "depot"),
        ("docks", "station"),
        ("unload_docks", "station"),
        ("floor", "station"),
        ("floor", "drop_point"),
    ]
    trucks, docks = found["fleet", "trucks"], found["docks", "station"]
    # 8 trucks at one depot; one dock at each of two stations.
    assert (trucks.before, trucks.after, trucks.added, trucks.steps) == (8, 12, 4, ("trunk",))
    assert (docks.before, docks.after, docks.added, docks.steps) == (1, 2, 2, ("local",))
    limits = by_key(listed_with_gate_and_cap())
    assert list(limits) == [
        ("crew", "packers"),
        ("crew", "shop_floor"),
        ("opening_hours", "night"),
        ("opening_hours", "gate"),
        ("slots", "gate"),
        ("shop_hours", "shop"),
        ("orders_per_day", "list"),
        ("promise_days", "list"),
    ]
    assert (limits["opening_hours", "gate"].before, limits["opening_hours", "gate"].after) == (2, 3)
    assert (limits["orders_per_day", "list"].before, limits["orders_per_day", "list"].after) == (10, 14)
    assert (limits["promise_days", "list"].before, limits["promise_days", "list"].after) == (2, 2.5)


@pytest.mark.parametrize(
    ("key", "place", "numbers"),
    [
        (("docks", "depot"), "depot", [4]),
        (("docks", "station"), "station", [2, 2]),
        (("unload_docks", "station"), "station", [2, 2]),
        # A quarter more of 30, and of 40 and 80, rounded up.
        (("floor", "station"), "station", [38, 38]),
        (("floor", "drop_point"), "drop_point", [50, 100]),
    ],
)
def test_places_as_if_laid_out_anew(key: tuple[str, str], place: Any, numbers: list[float]) -> None:
    plan = via_stations()
    grown = by_key(plan)[key].relax(Plan(*plan)).scenario
    assert getattr(grown.places, key[0])[place].tolist() == numbers
    anew = build_scenario(grown.spec)
    for name in ("docks", "unload_docks", "floor"):
        there, built = getattr(grown.places, name), getattr(anew.places, name)
        assert there.keys() == built.keys()
        assert all(np.array_equal(there[kind], built[kind]) for kind in there)
    assert grown.households is plan[0].households


@pytest.mark.parametrize("name", ["demo_city", "sealed_region", "subdistrict"])
def test_places_of_every_geography(name: str) -> None:
    """Spread by rule, and from a census."""
    scenario = ss.load_scenario(name)
    strategies = {"demo_city": "standard_crates_via_stations", "sealed_region": "through_gateway"}
    plan = Plan(scenario, ss.load_strategy(strategies.get(name, "standard_crates")))
    kinds = [
        constraint for constraint in constraints_of(*plan) if constraint.kind in ("docks", "unload_docks", "floor")
    ]
    assert kinds
    grown = relaxed(plan, kinds).scenario
    anew = build_scenario(grown.spec)
    for name in ("docks", "unload_docks", "floor"):
        there, built = getattr(grown.places, name), getattr(anew.places, name)
        assert all(np.array_equal(there[kind], built[kind]) for kind in built)


def test_hours_slots_and_caps_say_it_in_the_strategy() -> None:
    plan = listed_with_gate_and_cap()
    found = by_key(plan)
    grown = relaxed(Plan(*plan), found.values())
    gate, night = grown.strategy.channels["list"].steps[2].gate, grown.strategy.channels["list"].steps[1].gate
    assert gate is not None
    assert night is not None
    # An hour longer in the evening; where that would be past midnight, in the morning.
    assert (gate.opens, gate.closes, gate.slots and gate.slots.households) == (540, 720, 12)
    assert (night.opens, night.closes) == (420, 1440)
    limits = grown.strategy.channels["list"].acceptance
    assert limits is not None
    assert (limits.orders_per_day, limits.promise_days) == (14, 2.5)
    # What was changed is a plan like any other.
    again = ss.load_strategy(grown.strategy.model_dump(mode="json", by_alias=True))
    assert again == grown.strategy


def test_goods_of_sources_stocks_and_reserves() -> None:
    scenario = ss.load_scenario("reserves_city")
    plan = Plan(scenario, ss.load_strategy("sealed_crates"))
    grown = relaxed(plan, constraints_of(*plan)).scenario.spec.supply
    assert scenario.spec.supply is not None
    assert grown is not None
    for section, key in (("sources", "daily_kg"), ("reserves", "cover_days"), ("reserves", "kg")):
        for name, entry in getattr(scenario.spec.supply, section).items():
            more = getattr(getattr(grown, section)[name], key)
            assert more == {goods: amount * 1.25 for goods, amount in getattr(entry, key).items()}
    for name, stock in scenario.spec.supply.stock.items():
        assert grown.stock[name].order_up_to_days == stock.order_up_to_days * 1.25


def test_lists_agreed_on_beforehand_have_no_caps() -> None:
    assert not {"orders_per_day", "promise_days"} & {
        constraint.kind for constraint in constraints_of(tiny_scenario(), ss.load_strategy("individual_orders"))
    }
