"""Cross-field rules of single steps: does the work fit into the hours, and the vehicle to the way?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from simsupply.base.catalogue import message
from simsupply.base.problems import Problem
from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.scenario.by_place import values_of
from simsupply.scenario.geography import ListedGeography
from simsupply.scenario.staffing import Crew, Fleet
from simsupply.scenario.worked_hours import interruptions, worked
from simsupply.scenario.world_spec import WorldSpec
from simsupply.strategy.channels import Channel
from simsupply.strategy.parcels import order_kg, order_lines
from simsupply.strategy.steps.effort import Effort
from simsupply.strategy.steps.gate import Gate
from simsupply.strategy.steps.leg import Leg
from simsupply.strategy.steps.stage import Rounds, Stage


def check_equipment(world: WorldSpec) -> list[Problem]:
    """Equipment stays where it is: nobody comes, goes or takes over."""
    problems = []
    for name, crew in world.staffing.crews.items():
        if crew.people != "equipment":
            continue
        key = f"staffing.crews.{name}"
        if crew.attendance is not None:
            problems.append(Problem(f"{key}.attendance", crew.attendance, message("not_for_equipment")))
        problems += [
            Problem(
                f"{key}.{where}", message("number_of_shifts", number=len(shifts)), message("one_shift_of_equipment")
            )
            for where, shifts in crew.shift_lists
            if len(shifts) > 1
        ]
        if crew.at_shift_end == "hand_over":
            problems.append(Problem(f"{key}.at_shift_end", crew.at_shift_end, message("shift_end_of_equipment")))
    return problems


def check_stage(world: WorldSpec, channel: Channel, stage: Stage, crew: Crew, key: str) -> list[Problem]:
    """Rules of a stage and its crew."""
    problems, at_crew = [], f"staffing.crews.{stage.crew}"
    if crew.at != stage.at:
        problems.append(Problem(f"{key}.at", stage.at, message("where_crew_works", at=crew.at)))
    if stage.rounds and crew.at_shift_end not in ("finish", "fit"):
        problems.append(Problem(f"{at_crew}.at_shift_end", crew.at_shift_end, message("shift_end_on_rounds")))
    if stage.rounds and stage.at == "drop_point" and stage.rounds.speed_km_h is not None:
        allowed = message("no_road_from_drop_point")
        problems.append(Problem(f"{key}.rounds.speed_km_h", stage.rounds.speed_km_h, allowed))
    return [*problems, *check_fit(world, channel, stage, stage.crew, crew)]


def check_fit(world: WorldSpec, channel: Channel, stage: Stage, name: str, crew: Crew) -> Iterator[Problem]:
    """What a crew begins only if it is done within its hours fits into some."""
    if crew.at_shift_end != "fit":
        return
    longest = _longest_duty(world, crew)
    paces = {world.staffing.pace_of(crew), world.staffing.pace_of_arrivals(crew)}
    minutes = min(_unit_minutes(world, channel, stage.at_pace(pace)) for pace in paces)
    if crew.productivity:
        minutes /= max(crew.productivity.start, crew.productivity.end)
    if minutes > longest:
        allowed = message("minutes_at_a_stretch", minutes=minutes, unit=stage.per, stage=stage.name)
        yield Problem(f"staffing.crews.{name}.shifts", message("at_most_minutes", minutes=longest), allowed)


def check_base(leg: Leg, fleet: Fleet, key: str) -> list[Problem]:
    """Vehicles start where they are based; those that fetch are based where they bring the goods."""
    if leg.fetch and fleet.at != leg.to:
        return [Problem(f"{key}.to", leg.to, message("base_of_fleet_that_fetches", at=fleet.at))]
    if not leg.fetch and fleet.at != leg.origin:
        return [Problem(f"{key}.from", leg.origin, message("base_of_fleet", at=fleet.at))]
    return []


def check_gate(world: WorldSpec, channel: Channel, number: int, gate: Gate, key: str) -> list[Problem]:
    """A slot is long enough for one household at the counter behind the gate."""
    problems = []
    for following in _stages_after(channel, number) if gate.slots else ():
        crew = world.staffing.crews.get(following.crew)
        if crew is None or not crew.headcount or following.per != "order":
            continue
        most = max(values_of(crew.headcount))
        if not most:
            continue
        least = _unit_minutes(world, channel, following.at_pace(world.staffing.pace_of(crew))) / most
        if gate.slots is not None and gate.slots.minutes < least:
            allowed = message("minutes_at_counter", least=least, stage=following.name)
            problems.append(Problem(f"{key}.slots.minutes", gate.slots.minutes, allowed))
    return problems


def _stages_after(channel: Channel, number: int) -> list[Stage]:
    """Stages that follow on a step at once, each once: for orders of different branches there may be several."""
    found: dict[str, Stage] = {}
    name = channel.steps[number].body.name
    for branch in channel.branch_shares:
        steps = channel.of_branch(branch).steps
        for step, after in pairwise(steps):
            if step.body.name == name and after.stage:
                found[after.stage.name] = after.stage
    return list(found.values())


def _longest_duty(world: WorldSpec, crew: Crew) -> float:
    """Longest time on duty at a stretch, minutes; one that goes on the next day is one stretch."""
    longest = 0.0
    stops = interruptions(crew, world.staffing)
    for shift in (shift for _, shifts in crew.shift_lists for shift in shifts):
        periods, _ = worked(shift, stops)
        if not periods:
            continue
        longest = max([longest, *(end - start for start, end in periods)])
        if periods[-1][1] - periods[0][0] == MINUTES_PER_DAY:
            over_night = periods[0][1] - periods[0][0] + periods[-1][1] - periods[-1][0]
            longest = float("inf") if len(periods) == 1 else max(longest, over_night)
    return longest


def _unit_minutes(world: WorldSpec, channel: Channel, stage: Stage) -> float:
    """Mean minutes of the smallest unit of a stage: one order, alone in its consignment, round or load."""
    effort = stage.effort
    minutes = effort.per_load_min + effort.per_consignment_min + _order_minutes(world, channel, effort)
    if stage.queue:
        minutes += stage.queue.spacing_m / stage.queue.walk_m_per_min
    if stage.rounds:
        minutes += _walk_minutes(world, stage.rounds) + _door_minutes(world, stage.rounds)
    return minutes


def _order_minutes(world: WorldSpec, channel: Channel, effort: Effort) -> float:
    return (
        effort.per_order_min
        + effort.per_parcel_min
        + effort.per_line_min * order_lines(channel, world)
        + effort.per_kg_min * order_kg(channel, world)
    )


def _walk_minutes(world: WorldSpec, rounds: Rounds) -> float:
    """The longest walk of a round that occurs."""
    geography = world.scenario.geography
    if not isinstance(geography, ListedGeography):
        return rounds.walk_min
    own = [point.walk_min for point in geography.in_use().drop_points]
    return max(rounds.walk_min if walk is None else walk for walk in own)


def _door_minutes(world: WorldSpec, rounds: Rounds) -> float:
    """The longer of the doors that occur, on the ground floor."""
    with_lift, geography = world.scenario.households.lift_share, world.scenario.geography
    if isinstance(geography, ListedGeography):
        points = geography.in_use().drop_points
        if any(point.lift_share is not None or point.buildings for point in points):
            with_lift = None  # taken to be of both kinds
    doors = [rounds.door_with_lift_min] * (with_lift != 0) + [rounds.door_without_lift_min] * (with_lift != 1)
    return max(doors)
