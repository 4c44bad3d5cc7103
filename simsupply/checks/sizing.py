"""Plans that claim to be sized by the normal week: is every paid crew busy as it should be in normal times?

The normal week is the same scenario with everybody there and the tier that is in force by default. Demand `purchases`
says what households always bought: so many of them shop, so many order, and whoever serves them has so many minutes
of work.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from simsupply.base.catalogue import message
from simsupply.base.filling import how_many
from simsupply.base.problems import Problem
from simsupply.scenario.duty_plan import usual_people
from simsupply.scenario.shifts import Shift
from simsupply.scenario.staffing import Crew
from simsupply.scenario.tiers import Tier
from simsupply.scenario.world import Scenario
from simsupply.scenario.world_spec import PurchaseDemand
from simsupply.strategy.channels import Channel, StrategySpec, Use
from simsupply.strategy.parcels import order_kg, order_lines
from simsupply.strategy.routes import NO_TIERS, applies
from simsupply.strategy.steps.stage import Stage

LEAST_BUSY, MOST_BUSY = 0.60, 0.85
"""Share of their hours that people are busy in a normal week for which they are enough, and not too many."""


def check_sizing(scenario: Scenario, strategy: StrategySpec) -> list[Problem]:
    """Paid crews of stages, couriers among them, that are not busy from .60 to .85 of a normal week's hours.

    Nothing is said of crews that have no work in it, of volunteers and of fleets.
    """
    staffing, demand = scenario.spec.staffing, scenario.spec.demand
    if staffing.sized_by is None:
        return []
    if not isinstance(demand, PurchaseDemand):
        return [Problem("demand.kind", demand.kind, message("sized_by_purchases"))]
    return [
        Problem(
            f"staffing.crews.{name}.{'headcount' if crew.headcount is not None else 'households_per_worker'}",
            crew.headcount if crew.headcount is not None else crew.households_per_worker,
            message("busy_in_normal_week", busy=round(busy, 2), least=LEAST_BUSY, most=MOST_BUSY),
        )
        for name, busy in normal_week(scenario, strategy).items()
        if not LEAST_BUSY <= busy <= MOST_BUSY
        for crew in (staffing.crews[name],)
    ]


def normal_week(scenario: Scenario, strategy: StrategySpec) -> dict[str, float]:
    """Share of its hours that each paid crew with work in the normal week is busy, on the mean of its places.

    Orders or visits of a household and day x minutes of each x households / (people x minutes of their shifts).
    """
    staffing = scenario.spec.staffing
    work: dict[str, float] = {}
    for channel, daily in _daily(scenario, strategy):
        for stage in _stages(scenario, channel):
            if staffing.crews[stage.crew].people == "worker":
                minutes = _minutes(scenario, channel, stage.at_pace(staffing.pace_of(staffing.crews[stage.crew])))
                work[stage.crew] = work.get(stage.crew, 0.0) + daily * minutes
    num = len(scenario.households)
    return {name: minutes * num / _hours(scenario, staffing.crews[name]) for name, minutes in work.items()}


def _daily(scenario: Scenario, strategy: StrategySpec) -> Iterator[tuple[Channel, float]]:
    """Channels that are used in normal times, and orders or visits of a household and day in each."""
    demand, tier = scenario.spec.demand, _usual_tier(scenario)
    assert isinstance(demand, PurchaseDemand)
    opened = (scenario.spec.tiers or NO_TIERS).of(tier).open
    used: dict[str, list[Use]] = {"visit": [], "order": []}
    for use in strategy.uses:
        release = strategy.channels[use.channel].release
        is_usual = use.from_day == 0 and use.when is None and (not use.tiers or tier in use.tiers)
        if is_usual and not release.is_allotted and release.kind in opened:
            used["visit" if release.is_visit else "order"].append(use)
    online = demand.online_share if used["visit"] else 1.0
    for kind, share in (("visit", 1 - online), ("order", online)):
        said = sum(use.share or 0.0 for use in used[kind])
        unsaid = sum(use.share is None for use in used[kind])
        for use in used[kind]:
            part = use.share if use.share is not None else max(0.0, 1 - said) / unsaid
            yield strategy.channels[use.channel], demand.purchases_per_household_day * share * part


def _usual_tier(scenario: Scenario) -> Tier:
    return (scenario.spec.tiers or NO_TIERS).default


def _stages(scenario: Scenario, channel: Channel) -> Iterator[Stage]:
    """Those that orders of the usual tier pass and that work order by order."""
    tiers, tier = scenario.spec.tiers or NO_TIERS, _usual_tier(scenario)
    for step in channel.steps:
        if step.stage and step.stage.per in ("order", "round") and applies(step.when, tier, tiers):
            yield step.stage


def _minutes(scenario: Scenario, channel: Channel, stage: Stage) -> float:
    """Mean minutes of an order, of a round its part of the way of a full one."""
    effort, kg = stage.effort, order_kg(channel, scenario.spec)
    lines = order_lines(channel, scenario.spec)
    minutes = effort.per_order_min + effort.per_parcel_min + effort.per_line_min * lines + effort.per_kg_min * kg
    if stage.rounds:
        rounds, lift = stage.rounds, scenario.lift_share
        minutes += lift * rounds.door_with_lift_min + (1 - lift) * rounds.door_without_lift_min
        minutes += scenario.mean_stairs * rounds.per_floor_min
        way = scenario.mean_walk_min(rounds.walk_min)
        if rounds.speed_km_h is not None:
            way += scenario.mean_km_both_ways(stage.at) / rounds.speed_km_h * 60
        minutes += way / max(1, min(rounds.households, how_many(rounds.carry_kg, kg)))
    return minutes


def _hours(scenario: Scenario, crew: Crew) -> float:
    """Minutes a day that a crew's shifts are, at all places, when everybody comes; `extra` is on top of the sizing."""
    people: NDArray[np.int64] = usual_people(scenario.spec, scenario.places, crew)
    lists = crew.shift_lists
    shifts: tuple[Shift, ...] = lists[0][1] if lists else ()
    return float(people.sum()) * sum(end - start for shift in shifts for start, end in shift.periods())
