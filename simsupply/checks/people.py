"""Rules about people: beds, hours and tests that fit, people who can fill in, days in order, shifts at midnight."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from simsupply.base.catalogue import Message, chain, message
from simsupply.base.filling import rounded_up
from simsupply.base.problems import Problem, allowed_by, nearest
from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.checks.by_place import check_by_place_and_day, check_days_in_a_row, check_docks, groups_in_use
from simsupply.checks.tiers import nearest_names
from simsupply.scenario.drawn_attendance import DRAWN, in_words
from simsupply.scenario.duty_plan import NO_HOURS, duty_plan, usual_people
from simsupply.scenario.people import Attendance, ClosedLoop, Commute, RecognitionRules, ShareSeries, Tests
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.scenario.places import Places
from simsupply.scenario.shifts import Shift, span_text
from simsupply.scenario.staffing import Crew, Fleet
from simsupply.scenario.tiers import day_number
from simsupply.scenario.worked_hours import Interruptions, has_people, interruptions, worked
from simsupply.scenario.world_spec import WorldSpec
from simsupply.strategy.assistance import as_staffed
from simsupply.strategy.channels import StrategySpec

_FOR_PEOPLE = (
    "pace",
    "commute",
    "tests",
    "disinfection",
    "productivity",
    "arrivals",
    "reassign",
    "by_day",
    "days_off",
)
"""Keys of a crew that say something of people, not of equipment."""


def _check_stand_ins(spec: WorldSpec) -> Iterator[Problem]:
    """Who stands in is a crew of the plan, and those who are stood in for are not."""
    crews = spec.staffing.crews
    for missing, name in spec.staffing.stand_ins.items():
        key = f"staffing.stand_ins.{missing}"
        if missing in crews:
            yield Problem(key, name, message("stand_in_for_a_crew_that_is_there", name=missing))
        if name not in crews:
            yield Problem(key, name, nearest(name, crews))


def check_people(spec: WorldSpec, places: Places) -> list[Problem]:
    """Everything wrong with the people of a scenario, once its places are laid out."""
    staffing = spec.staffing
    found = [
        *_check_series(spec, staffing.attendance, "staffing.attendance"),
        *_check_passes(staffing.commute, places, "staffing.commute"),
        *_check_infections(spec),
        *_check_stand_ins(spec),
        *check_docks(spec, places),
    ]
    groups: list[tuple[str, Crew | Fleet]] = [
        *((f"staffing.crews.{name}", crew) for name, crew in staffing.crews.items()),
        *((f"fleet.{name}", fleet) for name, fleet in spec.fleet.items()),
    ]
    misplaced = [problem for key, group in groups for problem in check_by_place_and_day(spec, places, group, key)]
    if misplaced:
        # How many are where is settled only when these are mended.
        return [*found, *misplaced]
    for at, loop in staffing.closed_loop.items():
        found += _check_loop(spec, places, at, loop, f"staffing.closed_loop.{at}")
    for key, group in groups:
        found += _check_series(spec, group.attendance, f"{key}.attendance")
        found += _check_passes(group.commute, places, f"{key}.commute")
        if isinstance(group, Crew) and group.people == "equipment":
            found += [
                Problem(f"{key}.{name}", message("given"), message("not_for_equipment"))
                for name in _FOR_PEOPLE
                if getattr(group, name)
            ]
            continue
        found += check_days_in_a_row(spec, places, group, duty_plan(spec, places, group), key)
        if not has_people(group):
            continue  # unmanned vehicles, and those whose people are of a crew
        found += _check_hours(spec, group, key)
        found += _check_interruptions(spec, group, key)
        if isinstance(group, Crew):
            found += _check_arrivals(spec, places, group, key)
            found += _check_learning(group, key)
    return [*found, *_check_reassign(spec)]


# --- days and names -------------------------------------------------------------------------------


def _check_day(spec: WorldSpec, day: int | str, key: str) -> tuple[int | None, list[Problem]]:
    horizon = spec.scenario.horizon_days
    try:
        number = day_number(day, spec.scenario.start_date)
    except ValueError as error:
        return None, [Problem(key, day, allowed_by(error))]
    if not 0 <= number <= horizon:
        return None, [Problem(key, day, message("within_horizon", first=0, last=horizon))]
    return number, []


def _check_series(spec: WorldSpec, level: Attendance | None, key: str) -> list[Problem]:
    if not isinstance(level, ShareSeries):
        return []
    problems: list[Problem] = []
    before = -1
    for number, day_share in enumerate(level.levels):
        where = f"{key}.levels.{number}.day"
        day, wrong = _check_day(spec, day_share.day, where)
        problems += wrong
        if day is not None and day <= before:
            problems.append(Problem(where, day_share.day, message("after_the_day_before")))
        before = before if day is None else max(day, before)
    return problems


def _check_passes(commute: Commute | None, places: Places, key: str) -> Iterator[Problem]:
    if commute is None or not isinstance(commute.recognised, RecognitionRules):
        return
    known = [name for title in places.districts for name in (title.en, title.zh)]
    for name in commute.recognised.districts:
        if name not in known:
            yield Problem(f"{key}.recognised.districts.{name}", name, nearest_names(name, known))


def _check_infections(spec: WorldSpec) -> Iterator[Problem]:
    rule = spec.staffing.infections
    people = {name: crew for name, crew in spec.staffing.crews.items() if crew.people != "equipment"}
    for number, case in enumerate(rule.cases if rule else ()):
        key = f"staffing.infections.cases.{number}"
        if case.crew not in people:
            yield Problem(f"{key}.crew", case.crew, nearest(case.crew, people))
        _, wrong = _check_day(spec, case.day, f"{key}.day")
        yield from wrong


# --- beds -----------------------------------------------------------------------------------------


def _check_loop(spec: WorldSpec, places: Places, at: PlaceKind, loop: ClosedLoop, key: str) -> Iterator[Problem]:
    known = {name: crew for name, crew in spec.staffing.crews.items() if crew.at == at and crew.people != "equipment"}
    for number, name in enumerate(loop.crews):
        if name not in known or name in loop.crews[:number]:
            allowed = message("crew_at_once", at=at, nearest=nearest(name, known))
            yield Problem(f"{key}.crews.{number}", name, allowed)
    on_site = {name: known[name] for name in loop.crews or known if name in known}
    for name, crew in on_site.items():
        for what in ("commute", "attendance"):
            if getattr(crew, what) is not None:
                allowed = message("lives_on_site", key=key)
                yield Problem(f"staffing.crews.{name}.{what}", message("given"), allowed)
        if crew.arrivals and crew.arrivals.attendance is not None:
            allowed = message("lives_on_site", key=key)
            yield Problem(f"staffing.crews.{name}.arrivals.attendance", message("given"), allowed)
    if loop.limit or not places.count(at):
        return
    people = sum(
        (most_people(spec, crew, places) * _num_shifts(spec, crew, places) for crew in on_site.values()), np.zeros(1)
    )
    beds = _sized(places, at, loop.beds, loop.households_per_bed)
    short = people - beds
    if short.max() > 0:
        place = int(np.argmax(short))
        need = int(np.broadcast_to(people, short.shape)[place])
        which = "beds" if loop.beds is not None else "households_per_bed"
        name = places.names[at][place]
        allowed = message("beds_needed", beds=need, place=name, crews=list(on_site))
        yield Problem(f"{key}.{which}", getattr(loop, which), allowed)


def most_people(spec: WorldSpec, crew: Crew, places: Places) -> NDArray[np.float64]:
    """People of a crew on each shift at each place, on the days with most, those who arrive included."""
    people = duty_plan(spec, places, crew).most.astype(np.float64)
    if crew.arrivals:
        later = _sized(places, crew.at, crew.arrivals.up_to, crew.arrivals.up_to_households_per_worker)
        people = np.maximum(people, later + crew.extra)
    return people


def _num_shifts(spec: WorldSpec, crew: Crew, places: Places) -> NDArray[np.int64]:
    """Shifts of a crew at each place, on any day."""
    shifts: NDArray[np.int64] = (duty_plan(spec, places, crew).hours_of != NO_HOURS).any(axis=0).sum(axis=1)
    return shifts


def _sized(places: Places, at: PlaceKind, number: int | None, households: float | None) -> NDArray[np.float64]:
    if number is not None:
        return np.full(places.count(at), float(number))
    assert households is not None  # the specification's own rule
    return rounded_up(places.num_households(at) / households).astype(np.float64)


# --- notes ----------------------------------------------------------------------------------------


def drawn_levels(spec: WorldSpec, strategy: StrategySpec) -> list[Message]:
    """Attendances that are drawn for each replication, in words."""
    general, groups = spec.staffing.attendance, groups_in_use(spec, strategy)
    notes = [message("attendance_is_drawn", drawn=in_words(general))] if isinstance(general, DRAWN) else []
    for _, name, group in groups:
        arrivals, shown = group.arrivals if isinstance(group, Crew) else None, group.title or name
        if isinstance(group.attendance, DRAWN):
            notes.append(message("attendance_of_group_is_drawn", name=shown, drawn=in_words(group.attendance)))
        if arrivals and isinstance(arrivals.attendance, DRAWN):
            notes.append(message("attendance_of_arrivals_is_drawn", name=shown, drawn=in_words(arrivals.attendance)))
    return notes


def notes_on_nights(spec: WorldSpec, strategy: StrategySpec) -> list[Message]:
    """Of crews and fleets in use: shifts that meet at midnight and yet are two duties, and first nights, in words."""
    notes = []
    for _, name, group in groups_in_use(spec, strategy):
        if isinstance(group, Crew) and group.people == "equipment":
            continue
        is_crew, shown = isinstance(group, Crew), group.title or name
        lists = list(dict.fromkeys(shifts for _, shifts in group.shift_lists))
        for shifts in lists:
            late = [shift for shift in shifts if shift.until == MINUTES_PER_DAY]
            early = [shift for shift in shifts if shift.start == 0]
            if late and early and late != early:
                spans = chain("both", [span_text(shift) for shift in (*late, *early)])
                of_crew = message("two_duties_of_crew", name=shown, spans=spans)
                notes.append(of_crew if is_crew else message("two_duties_of_fleet", name=shown, spans=spans))
        for shift in dict.fromkeys(shift for shifts in lists for shift in shifts):
            if shift.ends_next_day:
                of_crew = message("first_night_of_crew", name=shown, span=span_text(shift))
                of_fleet = message("first_night_of_fleet", name=shown, span=span_text(shift))
                notes.append(of_crew if is_crew else of_fleet)
    return notes


def paces_of_nobody(spec: WorldSpec, strategy: StrategySpec) -> list[Message]:
    """Kinds of workers that no crew in use is of, in words."""
    used = set[str]()
    for channel in as_staffed(strategy, spec).channels.values():
        for step in channel.steps:
            for crew in (spec.staffing.crews.get(name) for name in (step.stage.crews if step.stage else ())):
                if crew is None:
                    continue
                used |= {crew.pace or crew.people}
                if crew.arrivals:
                    used |= {crew.arrivals.pace or crew.arrivals.people or crew.pace or crew.people}
    return [message("pace_of_nobody", name=name) for name in spec.staffing.paces if name not in used]


# --- hours ----------------------------------------------------------------------------------------


def _numbered_shifts(group: Crew | Fleet) -> Iterator[tuple[str, Shift]]:
    """All shifts of a crew or fleet, each with its key."""
    for key, shifts in group.shift_lists:
        yield from ((f"{key}.{number}", shift) for number, shift in enumerate(shifts))


def _check_hours(spec: WorldSpec, group: Crew | Fleet, key: str) -> Iterator[Problem]:
    law = spec.staffing
    for where, shift in _numbered_shifts(group):
        hours = sum(end - start for start, end in shift.periods()) / 60
        if law.max_shift_hours is not None and hours > law.max_shift_hours:
            allowed = message("most_hours_of_work", most=law.max_shift_hours)
            yield Problem(f"{key}.{where}", message("hours", hours=hours), allowed)
        rest = (MINUTES_PER_DAY - shift.until + shift.start) / 60
        if law.min_rest_hours is not None and rest < law.min_rest_hours:
            allowed = message("least_hours_of_rest", least=law.min_rest_hours)
            yield Problem(f"{key}.{where}", message("hours_of_rest", hours=rest), allowed)


def _check_interruptions(spec: WorldSpec, group: Crew | Fleet, key: str) -> Iterator[Problem]:
    stops = interruptions(group, spec.staffing)
    tests, disinfection = stops.tests, stops.disinfection
    if tests and not _fit(group, tests):
        where = f"{key}.tests" if group.tests else "staffing.tests"
        total = tests.antigen_per_day * tests.antigen_min + tests.pcr_per_day * tests.pcr_min
        yield Problem(where, message("minutes", minutes=total), message("tests_within_shifts", group=key))
    if disinfection:
        own = isinstance(group, Crew) and group.disinfection is not None
        where = f"{key}.disinfection" if own else "staffing.disinfection"
        if disinfection.minutes * disinfection.groups >= disinfection.every_hours * 60:
            given = message("minutes_by_groups", minutes=disinfection.minutes, groups=disinfection.groups)
            yield Problem(where, given, message("work_between_disinfections"))
        elif (not tests or _fit(group, tests)) and any(
            not worked(shift, stops)[0] for _, shift in _numbered_shifts(group)
        ):
            given = message("minutes", minutes=disinfection.minutes)
            yield Problem(where, given, message("time_left_to_work", group=key))


def _fit(group: Crew | Fleet, tests: Tests) -> bool:
    """Whether all tests end within every shift, and leave time to work."""
    total = tests.antigen_per_day * tests.antigen_min + tests.pcr_per_day * tests.pcr_min
    for _, shift in _numbered_shifts(group):
        for turn in range(tests.groups):
            periods, taken = worked(shift, Interruptions(tests), turn)
            if not periods or taken < total - 1e-9:
                return False
    return True


# --- arrivals, learning, people who fill in -----------------------------------------------------


def _check_arrivals(spec: WorldSpec, places: Places, crew: Crew, key: str) -> Iterator[Problem]:
    arrivals = crew.arrivals
    if arrivals is None:
        return
    _, wrong = _check_day(spec, arrivals.from_day, f"{key}.arrivals.from_day")
    yield from wrong
    yield from _check_series(spec, arrivals.attendance, f"{key}.arrivals.attendance")
    base = usual_people(spec, places, crew)
    later = _sized(places, crew.at, arrivals.up_to, arrivals.up_to_households_per_worker)
    if (later < base).any():
        which = "up_to" if arrivals.up_to is not None else "up_to_households_per_worker"
        allowed = message("more_than_from_the_start", people=int(base.max()))
        yield Problem(f"{key}.arrivals.{which}", getattr(arrivals, which), allowed)


def _check_learning(crew: Crew, key: str) -> Iterator[Problem]:
    goes_on = any(shift.until - shift.start == MINUTES_PER_DAY for _, shift in _numbered_shifts(crew))
    if not goes_on:
        return
    allowed = message("split_shift_around_the_clock")
    if crew.productivity is not None:
        yield Problem(f"{key}.productivity", message("given"), allowed)
    if crew.arrivals and crew.arrivals.productivity:
        yield Problem(f"{key}.arrivals.productivity", message("given"), allowed)


def _check_reassign(spec: WorldSpec) -> list[Problem]:
    crews, problems = spec.staffing.crews, list[Problem]()
    people = {name: crew for name, crew in crews.items() if crew.people != "equipment"}
    for name, crew in people.items():
        rule, key = crew.reassign, f"staffing.crews.{name}.reassign"
        if rule is None:
            continue
        lender = people.get(rule.from_crew)
        others = [other for other in people if other != name and people[other].at == crew.at]
        if lender is None or rule.from_crew == name:
            problems.append(Problem(f"{key}.from", rule.from_crew, nearest(rule.from_crew, others)))
        elif lender.at != crew.at:
            allowed = message("lender_at", at=crew.at, nearest=nearest(rule.from_crew, others))
            problems.append(Problem(f"{key}.from", rule.from_crew, allowed))
        else:
            problems += _check_lender(spec, crew, lender, rule.from_crew, key)
    problems += [
        Problem(f"staffing.crews.{circle[0]}.reassign.from", " <- ".join(circle), message("no_circle"))
        for circle in _circles(people)
    ]
    return problems


def _check_lender(spec: WorldSpec, crew: Crew, lender: Crew, name: str, key: str) -> Iterator[Problem]:
    together = [
        (shift, other)
        for _, shift in _numbered_shifts(crew)
        for _, other in _numbered_shifts(lender)
        if shift.start < other.until and other.start < shift.until
    ]
    if not together:
        yield Problem(f"{key}.from", name, message("overlapping_shifts"))
    least = spec.staffing.min_rest_hours
    rest = [
        (MINUTES_PER_DAY - first.until + second.start) / 60
        for shift, other in together
        for first, second in ((shift, other), (other, shift))
    ]
    if rest and min(rest) < 0:
        given = message("hours_of_rest", hours=min(rest))
        yield Problem(f"{key}.from", given, message("not_in_two_crews_at_once"))
    elif least is not None and rest and min(rest) < least:
        given = message("hours_of_rest", hours=min(rest))
        yield Problem(f"{key}.from", given, message("rest_between_crews", least=least))


def _circles(people: dict[str, Crew]) -> Iterator[list[str]]:
    """Crews that wait for each other's people, each circle once."""
    seen: set[str] = set()
    for first in people:
        way, name = [first], first
        while (rule := people[name].reassign) and rule.from_crew in people and rule.from_crew not in way:
            name = rule.from_crew
            way.append(name)
        rule = people[name].reassign
        if rule and rule.from_crew == first and len(way) > 1 and first not in seen:
            seen.update(way)
            yield [*way, first]
