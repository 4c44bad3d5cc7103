"""What crews can do in a day on average: for promises to customers and for estimates before a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simsupply.base.filling import how_many
from simsupply.model.city.tier_calendar import TierCalendar
from simsupply.model.staff.expected import expected_minutes
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import Channel
from simsupply.strategy.parcels import order_kg, order_lines
from simsupply.strategy.routes import Route
from simsupply.strategy.steps.stage import Stage

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class Basket(NamedTuple):
    """Mean content of orders: lines and kg."""

    lines: float
    kg: float


def typical_basket(scenario: Scenario, channel: Channel) -> Basket:
    """What an order of a channel holds in normal times."""
    return Basket(order_lines(channel, scenario.spec.demand), order_kg(channel, scenario.spec))


def orders_per_day(scenario: Scenario, channel: Channel, at: PlaceKind) -> FloatArray:
    """Orders the channel's stages at one kind of place can handle on day 0, shape (places,).

    Expected minutes on duty / mean minutes of effort per order as in normal times, of the slowest stage
    that works order by order, whether all orders go through it or not; infinity if there is none.
    """
    daily = np.full(scenario.places.count(at), np.inf)
    for stage in _stages(channel, at):
        duty = expected_minutes(scenario, stage.crew, None, 0)
        daily = np.minimum(daily, duty / _minutes_per_order(scenario, stage, typical_basket(scenario, channel)))
    return daily


class DepotStage(NamedTuple):
    """A stage that works order by order at the depots, on one day.

    Attributes
    ----------
    stage : Stage
    duty : float array, shape (depots,)
        Expected minutes on duty.
    routes : bool array, shape (routes,)
        Which routes of the channel go through it.
    """

    stage: Stage
    duty: FloatArray
    routes: BoolArray


def depot_stages(scenario: Scenario, routes: Sequence[Route], tiers: TierCalendar, day: int) -> list[DepotStage]:
    """Stages of a channel that limit what its depots can take on, each once."""
    found: dict[str, tuple[Stage, BoolArray]] = {}
    for number, route in enumerate(routes):
        for stage in _stages(route.channel, "depot"):
            is_in = found.setdefault(stage.name, (stage, np.zeros(len(routes), dtype=bool)))[1]
            is_in[number] = True
    return [
        DepotStage(stage, expected_minutes(scenario, stage.crew, tiers, day), is_in) for stage, is_in in found.values()
    ]


def room_for_orders(
    scenario: Scenario,
    at: DepotStage,
    days: float,
    num_open: IntArray,
    held: Basket,
    asked: Basket,
) -> FloatArray:
    """How many more orders a stage of the depots can handle within so many days, shape (depots,); may be negative.

    (Its minutes on duty in these days - the minutes that open orders take) / the minutes of a new order.

    Parameters
    ----------
    num_open : int array, shape (routes, depots)
        Open orders by route; only those that go through the stage count.
    held, asked : Basket
        Mean content of the open and of the new orders.
    """
    minutes = _minutes_per_order(scenario, at.stage, asked)
    # A ratio of equal baskets is exactly 1.
    open_now = num_open[at.routes].sum(axis=0) * (_minutes_per_order(scenario, at.stage, held) / minutes)
    room: FloatArray = days * (at.duty / minutes) - open_now
    return room


def days_of_work(
    scenario: Scenario, stages: Sequence[DepotStage], num_open: FloatArray | IntArray, held: Basket
) -> float:
    """For how many days open orders keep the depots busy: those of the stage that needs longest.

    Parameters
    ----------
    num_open : array, shape (routes,)
        Open orders of the channel by route.
    """
    longest = 0.0
    for routes in {stage.routes.tobytes(): stage.routes for stage in stages}.values():
        # Depots do not help each other; stages of one depot that the same orders go through hold each other up.
        daily = np.full(scenario.places.count("depot"), np.inf)
        for stage in stages:
            if (stage.routes == routes).all():
                daily = np.minimum(daily, stage.duty / _minutes_per_order(scenario, stage.stage, held))
        if (here := float(num_open[routes].sum())) > 0:
            longest = max(longest, here / daily.sum() if daily.sum() > 0 else np.inf)
    return longest


def _stages(channel: Channel, at: PlaceKind) -> Iterator[Stage]:
    """Stages of a channel that work order by order at a kind of place."""
    for step in channel.steps:
        if step.stage and step.stage.at == at and step.stage.per in ("order", "round"):
            yield step.stage


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
        minutes += way / max(1, min(rounds.households, how_many(rounds.carry_kg, kg)))
    if stage.queue:
        minutes += stage.queue.spacing_m / stage.queue.walk_m_per_min
    return minutes
