"""Rules about crews that do several things: who may sit in a vehicle, and in which order steps are served."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simsupply.base.catalogue import Message, message
from simsupply.base.problems import Problem, nearest
from simsupply.checks.by_place import check_by_place_and_day
from simsupply.checks.people import most_people
from simsupply.scenario.duty_plan import duty_plan
from simsupply.scenario.places import Places
from simsupply.scenario.staffing import Crew, Fleet
from simsupply.scenario.world_spec import WorldSpec
from simsupply.strategy.assistance import as_staffed
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.crew_steps import crews_with_several_lines, steps_of_crews


def check_drivers(spec: WorldSpec, places: Places) -> list[Problem]:
    """Everything wrong with crews in the seats of fleets, once places are laid out."""
    crews = spec.staffing.crews
    problems: list[Problem] = []
    for name, fleet in spec.fleet.items():
        if fleet.drivers is None:
            continue
        crew, key = crews.get(fleet.drivers), f"fleet.{name}"
        there = [other for other, found in crews.items() if found.at == fleet.at and found.people != "equipment"]
        if crew is None or crew.people == "equipment":
            problems.append(Problem(f"{key}.drivers", fleet.drivers, _one_of(fleet, there, fleet.drivers)))
        elif crew.at != fleet.at:
            allowed = message("drivers_at_base", crew_at=crew.at, wanted=_one_of(fleet, there, fleet.drivers))
            problems.append(Problem(f"{key}.drivers", fleet.drivers, allowed))
        else:
            problems += _check_seats(spec, places, fleet, crew, key)
    return problems


def _one_of(fleet: Fleet, there: list[str], given: str) -> Message:
    """A crew that may drive a fleet, in words."""
    if not there:
        return message("no_drivers_there", at=fleet.at)
    return message("drivers_there", at=fleet.at, nearest=nearest(given, there))


def _check_seats(spec: WorldSpec, places: Places, fleet: Fleet, crew: Crew, key: str) -> Iterator[Problem]:
    """Where there ever are vehicles, one shift of the crew fills at least one of them on the days with most people."""
    if any(check_by_place_and_day(spec, places, group, key) for group in (fleet, crew)):
        # How many are where is settled only when these are mended; they are told with the people.
        return
    people = most_people(spec, crew, places)
    short = np.flatnonzero((people < fleet.people_per_vehicle) & (duty_plan(spec, places, fleet).most > 0))
    if len(short):
        place = places.names[fleet.at][int(short[0])]
        allowed = message("people_for_seats", people=int(people[short[0]]), crew=fleet.drivers, place=place)
        yield Problem(f"{key}.people_per_vehicle", fleet.people_per_vehicle, allowed)


def check_serving(world: WorldSpec, strategy: StrategySpec) -> list[Problem]:
    """Legs whose fleets have the same drivers, and lists that name every step of their crew."""
    strategy = as_staffed(strategy, world)
    problems = []
    for name, channel in strategy.channels.items():
        for number, step in enumerate(channel.steps):
            known = [fleet for fleet in (step.leg.fleets if step.leg else ()) if fleet in world.fleet]
            drivers = {world.fleet[fleet].drivers for fleet in known}
            if len(drivers) > 1:
                key = f"strategy.channels.{name}.steps.{number}.leg.fleet"
                problems.append(Problem(key, known, message("same_drivers_on_leg")))
    for crew, steps in _steps(world, strategy).items():
        order = world.staffing.crews[crew].serves_order
        missing = [step for step in steps if order and step not in order]
        if missing:
            key = f"staffing.crews.{crew}.serves_order"
            problems.append(Problem(key, list(order), message("every_step_of_crew", missing=missing)))
    return problems


def _steps(world: WorldSpec, strategy: StrategySpec) -> dict[str, list[str]]:
    """Steps of crews of this plan that have a line for each of several, and are in the scenario."""
    several = crews_with_several_lines(strategy, world.fleet, world.tiers) & set(world.staffing.crews)
    steps = steps_of_crews(strategy.channels.values(), world.fleet)
    return {crew: steps[crew] for crew in steps if crew in several and len(steps[crew]) > 1}


def serves_nothing(world: WorldSpec, strategy: StrategySpec) -> list[Message]:
    """Rules of serving that say nothing in this plan, in words."""
    several = _steps(world, as_staffed(strategy, world))
    notes = []
    for name, crew in world.staffing.crews.items():
        if crew.serves is not None and name not in several:
            notes.append(message("serves_without_effect", name=crew.title or name, serves=crew.serves))
        notes += [
            message("no_step_of_crew", name=crew.title or name, step=step)
            for step in crew.serves_order
            if name in several and step not in several[name]
        ]
    return notes
