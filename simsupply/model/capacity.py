"""What crews can do in a day on average: for promises to customers and for estimates before a run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simsupply.model.tiers import TierCalendar
from simsupply.scenario.kinds import PlaceKind
from simsupply.scenario.spec import Crew, Fleet
from simsupply.scenario.tiers import TIERS
from simsupply.scenario.world import Scenario
from simsupply.strategy.parcels import order_kg, order_lines
from simsupply.strategy.spec import Channel
from simsupply.strategy.steps import Stage

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def servers_per_place(scenario: Scenario, group: Crew | Fleet) -> IntArray:
    """People of a crew, or vehicles of a fleet, per shift at each of its places, shape (places,)."""
    if isinstance(group, Crew):
        number, households = group.headcount, group.households_per_worker
    else:
        number, households = group.count, group.households_per_vehicle
    if number is not None:
        return np.full(scenario.places.count(group.at), number)
    assert households is not None  # the specification's own rule: exactly one of the two
    return np.ceil(scenario.places.num_households(group.at) / households).astype(np.int64)


def attendance_of(scenario: Scenario, group: Crew | Fleet, tiers: TierCalendar | None = None) -> float | FloatArray:
    """Share of a crew or of drivers that comes on a day.

    Equipment and unmanned vehicles are always there, and a level of the group's own holds whatever
    the tier. Otherwise it is the scenario's, or the tier's where that is lower; a place that serves compounds under
    several tiers has the mean of their levels, weighted by households.

    Parameters
    ----------
    tiers : TierCalendar, optional
        Without it tiers do not matter.

    Returns
    -------
    float, or array of shape (days, places)
    """
    if (isinstance(group, Crew) and group.people == "equipment") or (
        isinstance(group, Fleet) and group.people_per_vehicle == 0
    ):
        return 1.0
    general = scenario.spec.staffing.attendance if group.attendance is None else group.attendance
    settings = scenario.spec.tiers
    if tiers is None or settings is None or group.attendance is not None:
        return general
    by_tier = [settings.of(tier).attendance for tier in TIERS]
    if all(level is None for level in by_tier):
        return general
    lowered = np.array([general if level is None else min(general, level) for level in by_tier])
    place = scenario.places.serving[group.at][scenario.compound_drop_point]
    households = scenario.compound_households.astype(float)
    served, num = place >= 0, scenario.places.count(group.at)
    total = np.bincount(place[served], weights=households[served], minlength=num)
    levels = [
        np.bincount(place[served], weights=(households * lowered[number])[served], minlength=num)
        for number in tiers.number
    ]
    # A place that serves nobody is under no tier.
    return np.where(total > 0, np.array(levels) / np.maximum(total, 1), general)


class Basket(NamedTuple):
    """Mean content of orders: lines and kg."""

    lines: float
    kg: float


def typical_basket(scenario: Scenario, channel: Channel) -> Basket:
    """What an order of a channel holds in normal times."""
    return Basket(order_lines(channel, scenario.spec.demand), order_kg(channel, scenario.spec))


def orders_per_day(
    scenario: Scenario,
    channel: Channel,
    at: PlaceKind,
    tiers: TierCalendar | None = None,
    day: int = 0,
    basket: Basket | None = None,
) -> FloatArray:
    """Orders the channel's stages at one kind of place can handle in a day, shape (places,).

    Expected minutes on duty on that day / mean minutes of effort per order, of the slowest stage
    that works order by order; infinity if there is none. Without `basket` orders are as in normal times.
    """
    daily = np.full(scenario.places.count(at), np.inf)
    for stage, duty in _duties(scenario, channel, at, tiers, day):
        daily = np.minimum(
            daily, duty / _minutes_per_order(scenario, stage, basket or typical_basket(scenario, channel))
        )
    return daily


def room_for_orders(
    scenario: Scenario,
    channel: Channel,
    days: float,
    tiers: TierCalendar,
    day: int,
    num_open: IntArray,
    held: Basket,
    asked: Basket,
) -> FloatArray:
    """How many more orders the depots can handle within so many days, shape (depots,); may be negative.

    Of each stage that works order by order: (its minutes on duty in these days - the minutes that open
    orders take) / the minutes of a new order; the least of them.

    Parameters
    ----------
    num_open : int array, shape (depots,)
    held, asked : Basket
        Mean content of the open and of the new orders.
    """
    room = np.full(scenario.places.count("depot"), np.inf)
    for stage, duty in _duties(scenario, channel, "depot", tiers, day):
        minutes = _minutes_per_order(scenario, stage, asked)
        # A ratio of equal baskets is exactly 1.
        open_now = num_open * (_minutes_per_order(scenario, stage, held) / minutes)
        room = np.minimum(room, days * (duty / minutes) - open_now)
    return room


def _duties(
    scenario: Scenario, channel: Channel, at: PlaceKind, tiers: TierCalendar | None, day: int
) -> Iterator[tuple[Stage, FloatArray]]:
    """Stages of a channel that work order by order at a kind of place, with their expected minutes on duty."""
    for step in channel.steps:
        if step.stage and step.stage.at == at and step.stage.per != "consignment":
            crew = scenario.spec.staffing.crews[step.stage.crew]
            level = attendance_of(scenario, crew, tiers)
            minutes = sum(end - start for shift in crew.shifts for start, end in shift.periods())
            yield (
                step.stage,
                servers_per_place(scenario, crew) * minutes * (level if isinstance(level, float) else level[day]),
            )


def _minutes_per_order(scenario: Scenario, stage: Stage, basket: Basket) -> float:
    effort = stage.effort
    lines, kg = basket
    minutes = effort.per_order_min + effort.per_parcel_min + effort.per_line_min * lines + effort.per_kg_min * kg
    if stage.rounds:
        rounds = stage.rounds
        lift, stairs = scenario.lift_share, scenario.mean_stairs
        minutes += lift * rounds.door_with_lift_min + (1 - lift) * rounds.door_without_lift_min
        minutes += stairs * rounds.per_floor_min
        way = rounds.walk_min
        if rounds.speed_km_h is not None:
            way += 2 * scenario.mean_km(stage.at) / rounds.speed_km_h * 60
        minutes += way / max(1, min(rounds.households, int(rounds.carry_kg // kg)))
    if stage.queue:
        minutes += stage.queue.spacing_m / stage.queue.walk_m_per_min
    return minutes
