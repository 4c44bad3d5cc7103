"""Rules about numbers by place and by day: places that exist, days of the horizon, duties that follow each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from simsupply.base.catalogue import Message, message
from simsupply.base.problems import Problem, allowed_by, nearest
from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.scenario.by_day import ByDay, weekdays_from
from simsupply.scenario.by_place import DEFAULT
from simsupply.scenario.docks_by_day import DocksByDay, ListedDocksByDay
from simsupply.scenario.duty_plan import NO_HOURS, DutyPlan
from simsupply.scenario.geography import CensusGeography, ListedGeography, SpreadGeography
from simsupply.scenario.place_kinds import PLACE_KINDS, PlaceKind
from simsupply.scenario.places import Places
from simsupply.scenario.staffing import Crew, Fleet
from simsupply.scenario.tiers import day_number
from simsupply.scenario.worked_hours import has_people
from simsupply.scenario.world_spec import WorldSpec
from simsupply.strategy.assistance import as_staffed
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.crew_steps import crews_of


def check_names(value: object, names: Sequence[str], key: str, candidates: Sequence[str] = ()) -> Iterator[Problem]:
    """Places named that exist, open or candidates, and a value for each open one that is not named."""
    if not isinstance(value, Mapping):
        return
    known = [*names, *candidates, DEFAULT]
    for name, given in value.items():
        if name not in known:
            yield Problem(f"{key}.{name}", given, nearest(name, known))
    left = [name for name in names if name not in value]
    if left and DEFAULT not in value:
        yield Problem(f"{key}.{DEFAULT}", None, message("default_for_other_places", places=left[:3], number=len(left)))


def check_docks(spec: WorldSpec, places: Places) -> Iterator[Problem]:
    """Docks by place, where places are not listed one by one, and docks by day."""
    geography = spec.scenario.geography
    for kind, names in places.names.items() if isinstance(geography, SpreadGeography | CensusGeography) else ():
        section = getattr(geography, f"{kind}s", None)
        for which in ("docks", "unload_docks"):
            yield from check_names(getattr(section, which, None), names, f"scenario.geography.{kind}s.{which}")
    for key, kind, rows in _docks_by_day(spec):
        for number, row in enumerate(rows):
            yield from check_names(row.docks, places.names[kind], f"{key}.by_day.{number}.docks")
            yield from check_day(spec, row.from_day, f"{key}.by_day.{number}.from_day")


def _docks_by_day(spec: WorldSpec) -> Iterator[tuple[str, PlaceKind, Sequence[DocksByDay | ListedDocksByDay]]]:
    """Places whose docks differ by day, each with its key and kind."""
    geography = spec.scenario.geography
    for kind in PLACE_KINDS:
        key, section = f"scenario.geography.{kind}s", getattr(geography, f"{kind}s", None)
        places = enumerate(section) if isinstance(section, tuple) else [(None, section)]
        for number, place in places:
            if rows := getattr(place, "by_day", ()):
                yield key if number is None else f"{key}.{number}", kind, rows


def check_by_place_and_day(spec: WorldSpec, places: Places, group: Crew | Fleet, key: str) -> list[Problem]:
    """Places that a crew or fleet names, and days that differ."""
    names, candidates = places.names[group.at], _candidates(spec, group)
    number = "headcount" if isinstance(group, Crew) else "count"
    problems = [
        *check_names(getattr(group, number), names, f"{key}.{number}", candidates),
        *check_names(group.shifts, names, f"{key}.shifts", candidates),
    ]
    for place, row in enumerate(group.by_day):
        at = f"{key}.by_day.{place}"
        problems += check_names(getattr(row, number), names, f"{at}.{number}", candidates)
        problems += check_names(row.shifts, names, f"{at}.shifts", candidates)
        problems += check_day(spec, row.from_day, f"{at}.from_day")
        if isinstance(group, Crew) and group.arrivals and getattr(row, number) is not None:
            problems.append(Problem(f"{at}.{number}", getattr(row, number), message("arrivals_or_by_day")))
    return problems


def _candidates(spec: WorldSpec, group: Crew | Fleet) -> list[str]:
    """Places of its kind that might be opened: what is said of them holds from then on."""
    geography = spec.scenario.geography
    if not isinstance(geography, ListedGeography):
        return []
    return [place.name for place in getattr(geography, f"{group.at}s") if place.is_candidate]


def check_day(spec: WorldSpec, day: int | str, key: str) -> Iterator[Problem]:
    """A day, number or date, that is within the horizon."""
    last = spec.scenario.horizon_days - 1
    try:
        number = day_number(day, spec.scenario.start_date)
    except ValueError as error:
        yield Problem(key, day, allowed_by(error))
        return
    if not 0 <= number <= last:
        yield Problem(key, day, message("within_horizon", first=0, last=last))


def entries_that_never_hold(spec: WorldSpec, strategy: StrategySpec) -> list[Message]:
    """Entries of `by_day` of crews and fleets in use that hold on no day up to the horizon, in words."""
    rows_of: list[tuple[str, Sequence[ByDay]]] = [
        *((key, group.by_day) for key, _, group in groups_in_use(spec, strategy)),
        *((key, rows) for key, _, rows in _docks_by_day(spec)),
    ]
    return [note for key, rows in rows_of for note in never_hold(spec, rows, f"{key}.by_day")]


def never_hold(spec: WorldSpec, rows: Iterable[ByDay], key: str) -> Iterator[Message]:
    """Entries whose weekdays do not come any more within the horizon, in words."""
    settings = spec.scenario
    weekdays = weekdays_from(settings.first_weekday, settings.horizon_days)
    for number, row in enumerate(rows):
        first = day_number(row.from_day, settings.start_date)
        if row.weekdays and not set(row.weekdays) & set(weekdays[first:]):
            yield message("never_holds", key=f"{key}.{number}", weekdays=list(row.weekdays))


def groups_in_use(spec: WorldSpec, strategy: StrategySpec) -> list[tuple[str, str, Crew | Fleet]]:
    """Crews and fleets that a strategy uses, each with its key and name."""
    steps = [step for channel in as_staffed(strategy, spec).channels.values() for step in channel.steps]
    crews = {crew for step in steps for crew in crews_of(step, spec.fleet)}
    fleets = {name for step in steps if step.leg for name in step.leg.fleets}
    return [
        *((f"staffing.crews.{name}", name, crew) for name, crew in spec.staffing.crews.items() if name in crews),
        *((f"fleet.{name}", name, fleet) for name, fleet in spec.fleet.items() if name in fleets),
    ]


def check_days_in_a_row(
    spec: WorldSpec, places: Places, group: Crew | Fleet, plan: DutyPlan, key: str
) -> list[Problem]:
    """Where a shift has other hours on the next day, it begins after the day before is over, and the rest by law."""
    if len(plan.people) == 1:
        return []
    today, tomorrow = plan.kind_of_day[:-1], plan.kind_of_day[1:]
    pairs = np.unique(np.stack([today, tomorrow], axis=1), axis=0)
    # The law is for people: vehicles unmanned or driven by a crew need no rest.
    least, shortest = spec.staffing.min_rest_hours if has_people(group) else None, dict[str, float]()
    for first, second in pairs[pairs[:, 0] != pairs[:, 1]].tolist():
        both = (plan.hours_of[first] != NO_HOURS) & (plan.hours_of[second] != NO_HOURS)
        works = (plan.people[first] > 0) & (plan.people[second] > 0)
        for place, shift in np.argwhere(both & works[:, None]).tolist():
            before, after = (plan.hours[plan.hours_of[kind, place, shift]] for kind in (first, second))
            rest = (MINUTES_PER_DAY - before.until + after.start) / 60
            name = places.names[group.at][place]
            shortest[name] = min(rest, shortest.get(name, rest))
    for name, rest in shortest.items():
        given = message("hours_of_rest_at", hours=rest, place=name)
        if rest < 0:
            return [Problem(f"{key}.by_day", given, message("over_before_the_next_day"))]
        if least is not None and rest < least:
            return [Problem(f"{key}.by_day", given, message("least_hours_of_rest", least=least))]
    return []
