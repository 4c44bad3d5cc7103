"""What crews can do in a day on average: for promises to customers and for estimates before a run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simsupply.model.rosters.expected import expected_minutes
from simsupply.model.tiers import TierCalendar
from simsupply.scenario.kinds import PlaceKind
from simsupply.scenario.world import Scenario
from simsupply.strategy.parcels import order_kg, order_lines
from simsupply.strategy.spec import Channel
from simsupply.strategy.steps import Stage

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


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
        if step.stage and step.stage.at == at and step.stage.per in ("order", "round"):
            yield step.stage, expected_minutes(scenario, step.stage.crew, tiers, day)


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
