"""Rules about given routes: is every drop point on just one trip of each day, and does every name exist?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from simsupply.base.catalogue import Message, message
from simsupply.base.problems import Misfit, Problem, nearest
from simsupply.scenario.places import Places
from simsupply.scenario.staffing import Fleet
from simsupply.scenario.vehicle_types import fleets_meant
from simsupply.scenario.weekdays import WEEKDAYS
from simsupply.scenario.world_spec import WorldSpec
from simsupply.strategy.steps.given_route import COLUMNS, GivenRoute, GivenStop, day_of, head_of, stops_of_table
from simsupply.strategy.steps.leg import Leg


def check_given_route(spec: WorldSpec, leg: Leg, places: Places, key: str) -> list[Problem]:
    """Everything wrong with the routes that a plan gives to a leg at `key`."""
    assert isinstance(leg.route, GivenRoute)
    table, at = leg.route.file, f"{key}.route.file"
    head = head_of(table)
    if sorted(head) != sorted(set(head) & set(COLUMNS)) or not {"trip", "place"} <= set(head):
        line = table.rows[0][0] if table.rows else None
        return [Problem(at, ", ".join(head), message("columns_of_routes"), table.name, line)]
    stops = list(stops_of_table(table))
    problems = [
        Problem(f"fleet.{name}.max_trip_km", spec.fleet[name].max_trip_km, message("unlimited_on_given_trip"))
        for name in sorted({name for stop in stops for name in fleets_meant(stop.fleet, leg.fleets, spec.fleet)})
        if spec.fleet[name].max_trip_km is not None
    ]
    by_day: dict[int | str, list[GivenStop]] = {}
    for stop in stops:
        problems += [
            Problem(at, given, allowed, table.name, stop.line)
            for given, allowed in _wrong_names(stop, leg, places, spec.fleet)
        ]
        try:
            by_day.setdefault(day_of(stop.day, spec.scenario.start_date), []).append(stop)
        except Misfit as misfit:
            problems.append(Problem(at, stop.day, misfit.allowed, table.name, stop.line))
    if "" not in by_day and not set(WEEKDAYS) <= set(by_day):
        problems.append(Problem(at, sorted(map(str, by_day)), message("routes_for_other_days"), table.name))
    for on_day in by_day.values():
        problems += _wrong_day(on_day, leg, places, at, table.name)
    return problems


def _wrong_names(
    stop: GivenStop, leg: Leg, places: Places, fleets: Mapping[str, Fleet]
) -> Iterator[tuple[str, Message]]:
    if not stop.trip:
        yield stop.trip, message("name_of_trip")
    if stop.place not in places.names["drop_point"]:
        yield stop.place, nearest(stop.place, places.names["drop_point"])
    if stop.fleet and not fleets_meant(stop.fleet, leg.fleets, fleets):
        types = [kind for name in leg.fleets if (kind := fleets[name].type)]
        yield stop.fleet, nearest(stop.fleet, list(dict.fromkeys([*leg.fleets, *types])))


def _wrong_day(stops: list[GivenStop], leg: Leg, places: Places, at: str, file: str) -> Iterator[Problem]:
    """Every drop point once; each trip from one place, by one fleet."""
    names = places.names["drop_point"]
    origin = places.serving[leg.origin]
    times = Counter(stop.place for stop in stops)
    for number, name in enumerate(names):
        if origin[number] >= 0 and not times[name]:
            day = stops[0].day
            said = message("drop_point_left_out_on", day=day) if day else message("drop_point_left_out")
            yield Problem(at, name, said, file)
    seen: set[str] = set()
    origin_of: dict[str, tuple[int, str]] = {}
    fleet_of: dict[str, str] = {}
    for stop in stops:
        if stop.place in seen:
            said = message("drop_point_once_on", day=stop.day) if stop.day else message("drop_point_once")
            yield Problem(at, stop.place, said, file, stop.line)
        seen.add(stop.place)
        if stop.place in names:
            begin = int(origin[names.index(stop.place)])
            first, first_name = origin_of.setdefault(stop.trip, (begin, stop.place))
            if first != begin:
                yield Problem(at, stop.place, message("one_origin_of_trip", other=first_name), file, stop.line)
        if stop.fleet and fleet_of.setdefault(stop.trip, stop.fleet) != stop.fleet:
            yield Problem(at, stop.fleet, message("one_fleet_of_trip", other=fleet_of[stop.trip]), file, stop.line)
