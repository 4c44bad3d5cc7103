"""A built-in city as a listed plan: every place that a rule laid out written down, so that each can be changed."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from simsupply.base.text_cells import text_cell
from simsupply.config.load import load_scenario
from simsupply.config.yaml_edits import flow
from simsupply.config.yaml_files import blocks_of, indented, outdented, template
from simsupply.scenario.census import census_of
from simsupply.scenario.city import LEAST_KM
from simsupply.scenario.dock_plan import dock_plans, docks_in
from simsupply.scenario.geography import CensusGeography, ListedGeography, SpreadGeography
from simsupply.scenario.place_kinds import PLACE_KINDS, PlaceKind
from simsupply.scenario.world import Scenario

Plain = dict[str, Any]
MOST_IN_YAML = 60
"""Drop points that are written into the file itself; more of them go to a table beside it."""
_OF_PLACES = ("max_length_m",)
_OF_FLOORS = ("floor_parcels", "floor_m3", "parcel_m3", "floor_pallets", "parcels_per_pallet")
_HEAD = """\
# Every place of `{name}` listed: what the rule of docs/places.md drew from world_seed {seed} is written out, so
# that any place can be changed, added or made a candidate. The results are those of scenario={name}, to the digit, but:
# - another world_seed draws other households and no longer other places; keys of the rule (counts, radius, densities)
#   are gone, and so are sweeps over them;
# - a place closed by a shock with `orders: nearest` has one stand-in for all (diverts_to), where the rule looks for the
#   nearest one for each drop point.
# 中文：本文件把 `{name}` 的全部地点逐一列出；规则按 world_seed {seed} 抽取的位置和户数已写出，
# 可任意修改、增减或设为备选点。结果与 scenario={name} 逐位相同，例外：
# 改变 world_seed 只重抽家庭，不再改变地点；规则的键（个数、半径、密度）不再存在；
# 冲击 `orders: nearest` 关闭的地点统一由 diverts_to 所写的一处代替，而非按投放点各找最近的一处。
"""


class ListedTemplate(NamedTuple):
    """Text of a plan, and of the table of drop points beside it; None: they stand in the plan."""

    text: str
    table: str | None


def listed_template(
    name: str, table_name: str, given: str = "", text: str | None = None, scenario: Scenario | None = None
) -> ListedTemplate:
    """A built-in scenario with its places listed.

    Parameters
    ----------
    name : str
        Of the scenario; one that is listed already stays as it is.
    table_name : str
        What the plan calls the table of drop points, if they are too many to stand in the plan.
    given : str, optional
        Name and changes, for the head of the file.
    text : str, optional
        Of the plan, changed already; without it that of the built-in one.
    scenario : Scenario, optional
        That of the text.

    Raises
    ------
    InputError
        If there is no such scenario.
    """
    text = template("scenario", name) if text is None else text
    scenario = load_scenario(name) if scenario is None else scenario
    geography = scenario.settings.geography
    if isinstance(geography, ListedGeography):
        return ListedTemplate(text, None)
    points = _drop_points(scenario)
    is_apart = len(points) > MOST_IN_YAML
    sections = blocks_of(text.splitlines())
    own = blocks_of(outdented(sections["scenario"][1:]))
    own["geography"] = [
        "geography:",
        *indented(_geography(scenario, geography, None if is_apart else points, table_name), 2),
    ]
    own["households"] = [line for line in own["households"] if not _is_left_to_drop_points(line)]
    sections["scenario"] = ["scenario:", *indented([line for block in own.values() for line in block], 2)]
    head = _HEAD.format(name=given or name, seed=geography.world_seed)
    body = "\n".join(line for block in sections.values() for line in block)
    return ListedTemplate(f"{head}{body}\n", _table(points) if is_apart else None)


def _is_left_to_drop_points(line: str) -> bool:
    key, _, value = line.strip().partition(":")
    return key in ("persons_mean", "lift_share", "priority_share") and value.split("#")[0].strip() == "null"


def _geography(
    scenario: Scenario, geography: SpreadGeography | CensusGeography, points: Sequence[Plain] | None, table_name: str
) -> list[str]:
    """Lines of the section; drop points by the name of their table where they are not given."""
    lines = [
        "kind: listed",
        f"world_seed: {geography.world_seed}                # A  draws households; places are written out",
        f"detour_factor: {geography.detour_factor!r}         # A  road distance / straight line",
    ]
    if isinstance(geography, CensusGeography):
        lines += [
            f"least_km: {LEAST_KM!r}              # A  straight line; nobody is nearer than across the street",
            "districts:",
            *(f"  - {flow(title.model_dump())}" for title in scenario.places.districts),
        ]
    for kind in PLACE_KINDS[:-1]:
        if scenario.places.count(kind):
            lines += [f"{kind}s:                        # A  laid out by rule: docs/places.md"]
            lines += [f"  - {flow(place)}" for place in written_out(scenario, geography, kind)]
    if points is None:
        return [*lines, f"drop_points_file: {flow(table_name)}  # A  laid out by rule: docs/places.md; one row each"]
    return [
        *lines,
        "drop_points:                   # A  laid out by rule",
        *(f"  - {flow(point)}" for point in points),
    ]


def written_out(scenario: Scenario, geography: SpreadGeography | CensusGeography, kind: PlaceKind) -> list[Plain]:
    """Depots, gateways or stations, each with who feeds it and who stands in for it."""
    places = scenario.places
    where = places.east_north_km[kind]
    given = getattr(geography, f"{kind}s").model_dump(exclude_none=True)
    more = {key: given[key] for key in (*_OF_PLACES, *_OF_FLOORS) if key in given}
    away = np.linalg.norm(where[:, None] - where[None], axis=-1)
    np.fill_diagonal(away, np.inf)
    found, names = [], places.names[kind]
    for number, (name, (docks, by_day)) in enumerate(zip(names, dock_plans(geography, kind, names), strict=True)):
        place: Plain = {
            "name": name,
            "docks": docks,
            **_unload_docks(scenario, kind, number),
            **more,
            **_feeder(scenario, kind, number),
        }
        if kind in places.unload_docks and np.isfinite(limit := places.unload_docks[kind][number]):
            place["unload_docks"] = int(limit)
        if by_day:
            place["by_day"] = [
                {**row.model_dump(exclude_defaults=True, mode="json"), "docks": docks_in(row, names, number)}
                for row in by_day
            ]
        place |= _coordinates(scenario, kind, number)
        if len(where) > 1:
            place["diverts_to"] = places.names[kind][int(np.argmin(away[number]))]
        found.append(place)
    return found


def _unload_docks(scenario: Scenario, kind: PlaceKind, number: int) -> Plain:
    """Docks for unloading, where there are only so many."""
    docks = scenario.places.unload_docks.get(kind)
    return {} if docks is None or not np.isfinite(docks[number]) else {"unload_docks": int(docks[number])}


def _feeder(scenario: Scenario, kind: PlaceKind, number: int) -> Plain:
    """The place next above on the way."""
    places = scenario.places
    for above in reversed(PLACE_KINDS[: PLACE_KINDS.index(kind)]):
        if (at := int(places.roads.feeders[kind, above][number])) >= 0:
            return {above: places.names[above][at]}
    return {}


def _coordinates(scenario: Scenario, kind: PlaceKind, number: int) -> Plain:
    x, y = scenario.places.east_north_km[kind][number].tolist()
    return {"x_km": x, "y_km": y}


def _drop_points(scenario: Scenario) -> list[Plain]:
    places, geography = scenario.places, scenario.settings.geography
    floor: Plain = {}
    if isinstance(geography, SpreadGeography):
        given = geography.drop_points.model_dump(exclude_none=True)
        floor = {key: given[key] for key in _OF_FLOORS if key in given}
    by_district = _residents(scenario, geography) if isinstance(geography, CensusGeography) else None
    households = np.diff(places.first_household).tolist()
    points = []
    for number, name in enumerate(places.names["drop_point"]):
        point: Plain = {"name": name}
        district = int(places.district[number])
        if by_district is not None:
            point["district"] = places.districts[district].zh
            point["subdistrict"] = places.subdistricts[int(places.subdistrict[number])]
        point |= {"households": households[number]} | _feeder(scenario, "drop_point", number)
        point |= _coordinates(scenario, "drop_point", number) | floor
        points.append(point | (by_district[district] if by_district is not None else {}))
    return points


def _residents(scenario: Scenario, geography: CensusGeography) -> list[Plain]:
    """What the census says of each district and the scenario does not."""
    census, people = census_of(geography), scenario.settings.households
    columns: Mapping[str, Any] = {}
    if people.persons_mean is None:
        columns = {
            "persons": census.household_people / census.households,
            "one_person_share": census.one_person_households / census.households,
        }
    if people.lift_share is None:
        columns = {**columns, "lift_share": census.lift_share}
    if people.priority_share is None:
        columns = {**columns, "share_65plus": census.share_65plus}
    return [{key: float(values[number]) for key, values in columns.items()} for number in range(len(census.districts))]


def _table(points: Sequence[Plain]) -> str:
    """Drop points as CSV, a column for each key."""
    columns = list(dict.fromkeys(key for point in points for key in point))
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([text_cell(point.get(key, "")) for key in columns] for point in points)
    return out.getvalue()
