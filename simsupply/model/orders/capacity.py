"""What crews can do in a day on average: for promises to customers and for estimates before a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simsupply.base.filling import how_many
from simsupply.model.city.tier_calendar import TierCalendar
from simsupply.model.orders.open_orders import OpenOrders
from simsupply.model.staff.expected import expected_minutes
from simsupply.scenario.paces import Pace
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import Channel
from simsupply.strategy.parcels import order_kg, order_lines
from simsupply.strategy.routes import Way
from simsupply.strategy.steps.stage import Stage

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


class Basket(NamedTuple):
    """Mean content of orders: lines and kg."""

    lines: float
    kg: float


def typical_basket(scenario: Scenario, channel: Channel) -> Basket:
    """What an order of a channel holds in normal times."""
    return Basket(order_lines(channel, scenario.spec), order_kg(channel, scenario.spec))


def orders_per_day(scenario: Scenario, channel: Channel, at: PlaceKind) -> FloatArray:
    """Orders the channel's stages at one kind of place can handle on day 0, shape (places,).

    Expected minutes on duty / mean minutes of effort per order as in normal times, of the slowest stage
    that works order by order, whether all tiers go through it or not; infinity if there is none. Stages of one crew
    take the minutes of all of them, each those of the share of orders that pass it.
    """
    daily = np.full(scenario.places.count(at), np.inf)
    shares = {
        step.stage.name: sum(channel.branch_shares[branch] for branch in step.branches) if step.branches else 1.0
        for step in channel.steps
        if step.stage
    }
    for crew, stages in _by_crew(_stages(channel, at)).items():
        basket = typical_basket(scenario, channel)
        duty = _duty(scenario, crew, stages, None, 0, basket)
        minutes = sum(shares[stage.name] * _minutes_per_order(scenario, (stage,), basket) for stage in stages)
        daily = np.minimum(daily, duty / minutes)
    return daily


class LimitingStages(NamedTuple):
    """A stage that works order by order, on one day; or several that the same people do.

    Attributes
    ----------
    stages : tuple of Stage
        At least one, all of one crew, or joined by it.
    duty : float array, shape (places,)
        Expected minutes on duty at each place of its kind.
    is_on : bool array, shape (ways,)
        Which ways of the channel go through them.
    of_way : tuple of (tuple of Stage, float)
        For each way those of the stages that are on it, and its share of the orders; none: all of them, where they
        are the same for all orders that go through any.
    """

    stages: tuple[Stage, ...]
    duty: FloatArray
    is_on: BoolArray
    of_way: tuple[tuple[tuple[Stage, ...], float], ...] = ()

    @property
    def at(self) -> PlaceKind:
        """Kind of place at which they are."""
        return self.stages[0].at


def limiting_stages(
    scenario: Scenario, ways: Sequence[Way], tiers: TierCalendar, day: int, kinds: Sequence[PlaceKind]
) -> list[LimitingStages]:
    """Stages at some kinds of places that limit how many orders of a channel can be worked on, each once.

    Stages of one crew for orders of different branches are one limit: they share its people.
    """
    basket = typical_basket(scenario, ways[0].channel)
    found = list[LimitingStages]()
    both = _crews_of_branches(ways, kinds)
    of_crews: dict[tuple[str, PlaceKind], list[BoolArray]] = {}
    for crew, stages, is_in in _stages_of(ways, kinds):
        what = crew, stages[0].at
        if what not in both:
            found.append(LimitingStages(stages, _duty(scenario, crew, stages, tiers, day, basket), is_in))
        else:
            of_crews.setdefault(what, []).append(is_in)
    for (crew, at), masks in of_crews.items():
        of_way = tuple((_by_crew(_stages(way.channel, at)).get(crew, ()), way.share) for way in ways)
        stages = tuple(dict.fromkeys(stage for of_one, _ in of_way for stage in of_one))
        duty = _duty(scenario, crew, stages, tiers, day, basket)
        found.append(LimitingStages(stages, duty, np.logical_or.reduce(masks), of_way))
    return found


def room_for_orders(
    scenario: Scenario,
    at: LimitingStages,
    days: float,
    open_orders: OpenOrders,
    held: Basket,
    asked: Basket,
) -> FloatArray:
    """How many more orders a stage can handle within so many days, shape (places,); may be negative.

    (Its minutes on duty in these days - the minutes that open orders take) / the minutes of a new order, on the mean
    of the branches where a crew does different things for them.

    Parameters
    ----------
    open_orders : OpenOrders
        Of the channel; only those that go through the stage count, each at its place.
    held, asked : Basket
        Mean content of the open and of the new orders.
    """
    num_open = open_orders.at(at.at, len(at.is_on), len(at.duty))
    if at.of_way:
        going = sum(share for stages, share in at.of_way if stages)
        minutes = sum(share * _minutes_per_order(scenario, stages, asked) for stages, share in at.of_way) / going
        to_do = [_minutes_per_order(scenario, stages, held) for stages, _ in at.of_way]
        open_now = np.array(to_do) @ num_open / minutes
    else:
        minutes = _minutes_per_order(scenario, at.stages, asked)
        # A ratio of equal baskets is exactly 1.
        open_now = num_open[at.is_on].sum(axis=0) * (_minutes_per_order(scenario, at.stages, held) / minutes)
    room: FloatArray = days * (at.duty / minutes) - open_now
    return room


class OpenWork(NamedTuple):
    """Open orders of one channel, with its ways and their mean content."""

    ways: Sequence[Way]
    open_orders: OpenOrders
    held: Basket


def days_of_work(scenario: Scenario, tiers: TierCalendar, day: int, work: Sequence[OpenWork]) -> float:
    """For how many days open orders keep the crews of the depots busy: those of the crew and depot that need longest.

    Minutes of work that the open orders of a depot mean to a crew / its expected minutes on duty there. Depots do
    not help each other, crews neither; channels that share a crew cannot each have all of it, so their work adds up.
    """
    num_depots = scenario.places.count("depot")
    minutes: dict[str, FloatArray] = {}
    duties: dict[str, FloatArray] = {}
    for ways, open_orders, held in work:
        for crew, stages, is_in in _stages_of(ways, ("depot",)):
            num_open = open_orders.at("depot", len(ways), num_depots)[is_in].sum(axis=0)
            of_crew = minutes.setdefault(crew, np.zeros(num_depots))
            of_crew += num_open * _minutes_per_order(scenario, stages, held)
            if crew not in duties:
                duties[crew] = _duty(scenario, crew, stages, tiers, day, held)
    longest = 0.0
    for crew, to_do in minutes.items():
        duty = duties[crew]
        days = np.divide(to_do, duty, out=np.where(to_do > 0, np.inf, 0.0), where=duty > 0)
        longest = max(longest, float(days.max()))
    return longest


def _crews_of_branches(ways: Sequence[Way], kinds: Sequence[PlaceKind]) -> set[tuple[str, PlaceKind]]:
    """Crews that do different things, at a kind of place, for orders of different branches of a route."""
    first: dict[tuple[str, str, PlaceKind], tuple[str, ...]] = {}
    found = set[tuple[str, PlaceKind]]()
    for way in ways:
        for kind in kinds:
            for crew, stages in _by_crew(_stages(way.channel, kind)).items():
                names = tuple(stage.name for stage in stages)
                if first.setdefault((way.channel.name, crew, kind), names) != names:
                    found.add((crew, kind))
    return found


def _stages_of(ways: Sequence[Way], kinds: Sequence[PlaceKind]) -> list[tuple[str, tuple[Stage, ...], BoolArray]]:
    """Crews, their stages of some kinds of places that work order by order, and which ways go through these.

    Those that one crew does on a way stand together, each such set once.
    """
    found: dict[tuple[str, ...], tuple[str, tuple[Stage, ...], BoolArray]] = {}
    for number, way in enumerate(ways):
        for kind in kinds:
            for crew, stages in _by_crew(_stages(way.channel, kind)).items():
                key = (crew, *(stage.name for stage in stages))
                is_in = found.setdefault(key, (crew, stages, np.zeros(len(ways), dtype=bool)))[2]
                is_in[number] = True
    return list(found.values())


def _by_crew(stages: Iterable[Stage]) -> dict[str, tuple[Stage, ...]]:
    """Stages of each crew together, and those that it joins, in the order of the first of each."""
    found: dict[str, tuple[Stage, ...]] = {}
    for stage in stages:
        for crew in stage.crews:
            found[crew] = (*found.get(crew, ()), stage)
    return found


def _stages(channel: Channel, at: PlaceKind) -> Iterator[Stage]:
    """Stages of a channel that work order by order at a kind of place."""
    for step in channel.steps:
        if step.stage and step.stage.at == at and step.stage.per in ("order", "round"):
            yield step.stage


def _duty(
    scenario: Scenario, name: str, stages: Sequence[Stage], tiers: TierCalendar | None, day: int, basket: Basket
) -> FloatArray:
    """Minutes on a day of a crew at some stages, at its own pace; those who arrive later may work at another one."""
    crew, staffing = scenario.spec.staffing.crews[name], scenario.spec.staffing
    pace, later, ratio = staffing.pace_of(crew), staffing.pace_of_arrivals(crew), 1.0
    if later != pace:
        ratio = _minutes_per_order(scenario, stages, basket) / _minutes_per_order(scenario, stages, basket, later)
    return expected_minutes(scenario, name, tiers, day, ratio)


def _minutes_per_order(scenario: Scenario, stages: Iterable[Stage], basket: Basket, pace: Pace | None = None) -> float:
    """Minutes of an order at all of these stages, at the pace of the slowest crew there or another one.

    Of units that are served together each takes its part of the minutes of a whole group.
    """
    staffing = scenario.spec.staffing
    minutes = 0.0
    for stage in stages:
        paces = [pace] if pace else [staffing.pace_of(staffing.crews[name]) for name in stage.crews]
        slowest = max(_minutes_at(scenario, stage.at_pace(of_crew), basket) for of_crew in paces)
        minutes += slowest / stage.together.units if stage.together else slowest
    return minutes


def _minutes_at(scenario: Scenario, stage: Stage, basket: Basket) -> float:
    effort = stage.effort
    lines, kg = basket
    minutes = effort.per_order_min + effort.per_parcel_min + effort.per_line_min * lines + effort.per_kg_min * kg
    if stage.rounds:
        rounds = stage.rounds
        lift, stairs = scenario.lift_share, scenario.mean_stairs
        minutes += lift * rounds.door_with_lift_min + (1 - lift) * rounds.door_without_lift_min
        minutes += stairs * rounds.per_floor_min
        way = scenario.mean_walk_min(rounds.walk_min)
        if rounds.speed_km_h is not None:
            way += scenario.mean_km_both_ways(stage.at) / rounds.speed_km_h * 60
        minutes += way / max(1, min(rounds.households, how_many(rounds.carry_kg, kg)))
    if stage.queue:
        minutes += stage.queue.spacing_m / stage.queue.walk_m_per_min
    return minutes
