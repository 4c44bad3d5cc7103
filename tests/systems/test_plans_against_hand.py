"""S4 with 96 people by hand; every rebuilt plan under the fluid bound, and the same under both engines."""

from __future__ import annotations

import heapq
from typing import Any

import pytest

import simsupply as ss
from simsupply.config.compose import compose_config
from simsupply.config.load import WORLD_SECTIONS
from tests.plans.both_engines import exact

DAY = 1440.0
RUNS = (
    ("sealed_region", "gateway_when_sealed"),
    ("subdistrict", "standard_crates"),
    ("town", "village_lists"),
    ("city_district", "shops_platforms_supermarkets"),
    ("county", "county_by_tier"),
    ("county_sealed", "county_packs_when_sealed"),
    ("sealed_district", "nearest_stores"),
    ("ten_firms", "grid_orders"),
    ("supermarkets_by_area", "area_lists"),
)


def exact_lists() -> ss.StrategySpec:
    """`village_lists` with minutes that are not drawn."""
    plain = compose_config("run", ["scenario=town", "strategy=village_lists"])["strategy"]
    for step in plain["channels"]["village_lists"]["steps"]:
        if "stage" in step:
            step["stage"].pop("variability", None)
    return ss.load_strategy(plain)


EXACT = ["fleet.vans.speed_cv=0", "scenario.households.priority_share=0"]


def by_hand(parcels: list[int], km: float) -> list[float]:
    """When each load of one store is unloaded at its only drop point, minutes of day 1, by what the plan says.

    8 people come at 08:00 with a break 12:00-13:00 and finish what they have in hand. A basket takes 0.5 + 8 x 0.3 min.
    A load of p parcels leaves when it is complete, one of two vans and two of the 8 are free: 5 + 0.25 p to load, the
    way, 10 + 0.45 p to unload, the way back. Who is free drives first, then picks the next basket of the list.
    """
    pick, way = 0.5 + 8 * 0.3, km / 35 * 60
    free, vans, left = 8, 2, [number for number, p in enumerate(parcels) for _ in range(p)]
    missing, ready, unloaded = list(parcels), list[int](), [0.0] * len(parcels)
    events: list[tuple[float, int, int]] = [(480.0, 2, -1), (780.0, 2, -1)]  # time, what, which
    while events:
        now = events[0][0]
        while events and events[0][0] == now:
            _, what, which = heapq.heappop(events)
            if what == 0:
                free += 1
                missing[which] -= 1
                ready += [which] if missing[which] == 0 else []
            elif what == 1:
                free, vans = free + 2, vans + 1
        if not (480 <= now < 720 or 780 <= now < 1080):
            continue
        while ready and vans and free >= 2:
            load = ready.pop(0)
            free, vans, p = free - 2, vans - 1, parcels[load]
            unloaded[load] = now + 5 + 0.25 * p + way + 10 + 0.45 * p
            heapq.heappush(events, (unloaded[load] + way, 1, load))
        while left and free:
            free -= 1
            heapq.heappush(events, (now + pick, 0, left.pop(0)))
    return unloaded


def test_one_store_of_s4_by_hand() -> None:
    """1,000 households of an estate: 1,500 kg / (13 kg x 3 / 7) = 269 baskets on a van: 269, 269, 269 and 193."""
    result = ss.simulate(ss.load_scenario("town", EXACT), exact_lists(), replications=1, seed=1, detail="orders")
    orders = result.orders
    assert orders is not None
    of_estate = orders[(orders.household < 1000) & (orders.placed == 900)]
    assert len(of_estate) == 1000
    expected = by_hand([269, 269, 269, 193], 0.8)
    assert all(0 < time < 1080 + 206 for time in expected)
    found = (of_estate.deliver - DAY).round(6).value_counts()
    assert found.to_dict() == pytest.approx(
        {round(time, 6): number for time, number in zip(expected, [269, 269, 269, 193], strict=True)}
    )


def test_the_96_people_of_s4_by_hand() -> None:
    """12 stores x 8 people x 9 hours x 12 days, and their minutes for four lists of 12,000 households.

    Lists: 12,000 x 0.5 min and 3 for each of 50 + 3 x 4 consignments; baskets 12,000 x 2.9 min. What goes on into
    a break or behind 18:00 is overtime and not counted: less than one per cent.
    """
    result = ss.simulate(ss.load_scenario("town", EXACT), exact_lists(), replications=1, seed=1)
    values = result.values.loc[0]
    duty = 12 * 8 * 9 * 60 * 12
    assert values["orders_attempted"] == 4 * 12_000
    assert values["utilisation.pick"] * duty == pytest.approx(4 * 12_000 * 2.9, rel=0.01)
    assert values["utilisation.compile"] * duty == pytest.approx(4 * (12_000 * 0.5 + (50 + 3 * 4) * 3), rel=0.01)


def small(name: str, days: int = 5) -> dict[str, Any]:
    """A built-in scenario with a hundredth or so of its households, for a few days."""
    config = compose_config("run", [f"scenario={name}"])
    plain = {key: config[key] for key in WORLD_SECTIONS if config.get(key) is not None}
    geography, settings = plain["scenario"]["geography"], plain["scenario"]
    if "households" in geography:
        geography["households"] = max(geography["households"] // 100, 2 * geography["drop_points"]["count"])
    else:
        for point in geography["drop_points"]:
            point["households"] = max(point["households"] // 60, 2)
    settings |= {
        "horizon_days": days,
        "run_out_days": 5,
        "service_target_days": min(settings["service_target_days"], days),
    }
    if plain["fleet"].get("reserve_trucks"):
        plain["fleet"]["reserve_trucks"]["requisition"]["asked_day"] = 2
    if plain.get("tiers"):
        calendar = plain["tiers"].get("calendar", [])
        if name == "sealed_region":
            calendar[0]["from_day"] = 3
        plain["tiers"]["calendar"] = [
            entry | {"to_day": min(entry.get("to_day", days), days)} for entry in calendar if entry["from_day"] < days
        ]
    # Two people are needed in a van.
    for crew in plain["staffing"]["crews"].values():
        if "households_per_worker" in crew and crew["at"] == "depot":
            crew["extra"] = 2
    return plain


@pytest.mark.parametrize(("name", "strategy"), RUNS)
def test_both_engines_give_the_same(name: str, strategy: str) -> None:
    """Every order's every step, to the last bit, with a hundredth or so of the households for five days."""
    assert exact(small(name), strategy).values.loc[0, "orders_delivered"] > 0


@pytest.mark.lengthy
@pytest.mark.parametrize(("name", "strategy"), RUNS)
def test_nobody_does_more_than_people_times_hours(name: str, strategy: str) -> None:
    """The fluid bound: no step takes more than its crew's hours, and no more is delivered than was asked for."""
    result = ss.simulate(ss.load_scenario(name), strategy, replications=1, seed=1, splits=False)
    values = result.values.loc[0]
    steps = [column for column in values.index if column.startswith("utilisation.")]
    assert steps
    assert all(values[step] <= 1 for step in steps if values[step] == values[step])
    assert values["orders_delivered"] <= values["orders_accepted"] <= values["orders_attempted"]
    assert abs(values["mass_balance_error_kg"]) < 1e-6
