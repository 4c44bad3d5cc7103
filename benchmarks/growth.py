"""Parts (b) and (c): the city plans, and how their time grows with households and days."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.frozen import SURGE_25X, scenario_file, strategy_file
from benchmarks.processes import Cost, Plan

GROWTH_PLAN = "growth"
CITY, WHOLE_CITY, TIER_CITY = "changchun", "changchun_all", "changchun_tiers"
EMERGENCY_CITY, MECHANISM = "changchun_whole", "whole_mechanism"
ALL_CHANNELS = "all_channels_via_stations"
# What growth.yaml says for its 20,000 households.
BASE_HOUSEHOLDS, BASE_DROP_POINTS, BASE_RADIUS_KM = 20_000, 16, 1.5
# Room at each station, parcels.
STATION_PARCELS = 2_000
CRATES, ORDERS = "standard crates", "individual orders at 25x"
STRATEGIES = {
    CRATES: ("standard_crates_via_stations", ()),
    ORDERS: ("individual_orders_via_stations", SURGE_25X),
}


@dataclass(frozen=True)
class Growth:
    """Run time against size (households or days) of one strategy, ascending in size."""

    strategy: str
    sizes: tuple[float, ...]
    seconds: tuple[float, ...]

    @property
    def slope(self) -> float:
        """Least-squares slope of log time against log size: 1 is linear growth.

        >>> round(Growth("", (1.0, 2.0, 4.0), (3.0, 6.0, 12.0)).slope, 9)
        1.0
        """
        return float(np.polyfit(np.log(self.sizes), np.log(self.seconds), 1)[0])

    @property
    def worst(self) -> float:
        """Largest time per unit of size over that of any smaller size: at most 1.2 is "at most linear".

        >>> Growth("", (1.0, 2.0, 4.0), (3.0, 3.0, 9.0)).worst
        1.5
        """
        per_unit = np.array(self.seconds) / np.array(self.sizes)
        return float((per_unit[1:] / np.minimum.accumulate(per_unit)[:-1]).max())


def city_plan(strategy: str, days: int, scenario: str = CITY) -> Plan:
    """A frozen city over a number of days."""
    name, overrides = STRATEGIES[strategy]
    horizon = (
        f"scenario.horizon_days={days}",
        "scenario.run_out_days=0",
        f"scenario.service_target_days={min(7, days)}",
    )
    label = f"`{scenario}`, {days} days, {strategy}"
    return Plan(label, scenario_file(scenario), strategy_file(name), (*overrides, *horizon))


def channels_plan(scenario: str = TIER_CITY) -> Plan:
    """A frozen city under tiers with every channel at work, over the days of its calendar."""
    overrides = ("scenario.run_out_days=0",)
    label = f"`{scenario}`, all channels by tier"
    warm_up = scenario_file("demo_tiers")
    return Plan(label, scenario_file(scenario), strategy_file(ALL_CHANNELS), overrides, warm_up)


def emergency_plan(scenario: str = EMERGENCY_CITY) -> Plan:
    """Plan S1 whole: supply, people and vehicles of an emergency, with the days in which what was begun is finished."""
    label = f"`{scenario}`, the city mechanism whole"
    return Plan(label, scenario_file(scenario), strategy_file(MECHANISM), warm_up=scenario_file("demo_whole"))


def growth_plan(strategy: str, households: int, days: int) -> Plan:
    """The city of any size: so many households, and all places in proportion."""
    factor = max(1, round(households / BASE_HOUSEHOLDS))
    base = city_plan(strategy, days, GROWTH_PLAN)
    places = "scenario.geography."
    size = (
        f"{places}households={households}",
        f"{places}depots.count={factor}",
        f"{places}stations.count={factor}",
        f"{places}drop_points.count={min(households, BASE_DROP_POINTS * factor)}",
        f"{places}radius_km={BASE_RADIUS_KM * math.sqrt(factor):.6g}",
    )
    label = f"spread city of {households:,} households, {days} days, {strategy}"
    return Plan(label, base.scenario, base.strategy, base.overrides + size)


def floors_plan(households: int, days: int) -> Plan:
    """The same with little room at every station, so that trucks wait for it and couple with what takes it away."""
    plain = growth_plan(CRATES, households, days)
    floor = f"scenario.geography.stations.floor_parcels={STATION_PARCELS}"
    return Plan(f"{plain.label}, floors", plain.scenario, plain.strategy, (*plain.overrides, floor))


def growth_of(strategy: str, costs: Sequence[Cost], axis: str) -> Growth | None:
    """Run time against ``households`` or ``days``; None with fewer than two sizes."""
    pairs = sorted({getattr(cost, axis): cost.run_s for cost in costs}.items())
    if len(pairs) < 2:
        return None
    sizes, seconds = zip(*pairs, strict=True)
    return Growth(strategy, tuple(map(float, sizes)), tuple(seconds))
