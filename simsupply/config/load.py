"""From names, files or plain data to checked scenarios and strategies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from simsupply.base.catalogue import message
from simsupply.base.language import display_name
from simsupply.base.problems import InputError, Problem, found_in, sourced, wrong
from simsupply.base.source_map import SourceMap
from simsupply.base.spec import parse
from simsupply.checks.crews import check_drivers
from simsupply.checks.people import check_people
from simsupply.checks.plan import check_plan, check_world
from simsupply.checks.shocks import check_shocks
from simsupply.checks.sizing import check_sizing
from simsupply.checks.supply import check_key_areas, check_supply
from simsupply.checks.tiers import check_tiers
from simsupply.checks.vehicles import check_fleets, check_legs
from simsupply.config.layers import OwnFile, located, map_of_strategy
from simsupply.config.own_tables import IN_STRATEGY, IN_WORLD, with_tables
from simsupply.config.place_tables import with_lines_of_tables, with_place_tables
from simsupply.config.published_paces import laid_over_paces
from simsupply.config.vehicle_types import laid_over_types, without_repeated
from simsupply.config.yaml_files import (
    WORLD_SECTIONS,
    is_file_name,
    read_built_in_strategy,
    read_strategy_file,
    read_text,
    strategy_data,
    unread_file,
)
from simsupply.scenario.census import census_of
from simsupply.scenario.geography import CensusGeography
from simsupply.scenario.size import check_size
from simsupply.scenario.world import Scenario, build_scenario
from simsupply.scenario.world_spec import WorldSpec
from simsupply.strategy.channels import StrategySpec


def load_scenario(scenario: str | Path | Mapping[str, Any] = "subdistrict", overrides: Sequence[str] = ()) -> Scenario:
    """Load and check a scenario.

    Parameters
    ----------
    scenario : str, path or mapping
        A built-in name (``simsupply list``), the path of a YAML file, or plain data with the keys
        ``scenario``, ``demand``, ``staffing`` and ``fleet``.
    overrides : sequence of str
        Changes in Hydra's syntax, for instance ``"staffing.attendance=0.2"``; not with plain data.

    Raises
    ------
    InputError
        With every problem found.

    Examples
    --------
    >>> load_scenario("subdistrict", ["staffing.attendance=0.2"]).name
    'subdistrict'
    """
    if isinstance(scenario, Mapping):
        if overrides:
            raise wrong("load_scenario", "overrides", list(overrides), message("none_with_plain_data"))
        return scenario_from(scenario, source="scenario")
    from simsupply.config.compose import compose_configuration
    from simsupply.config.overrides import word_of

    words = [word_of("scenario", str(scenario)), *overrides]
    configuration = compose_configuration("run", words, given_by="overrides")
    with located(lambda: configuration.source_map, str(scenario)):
        return scenario_from(configuration.data, source=str(scenario))


def places_of(
    scenario: str | Path = "subdistrict", overrides: Sequence[str] = (), strategy: str | Path = "standard_crates"
) -> SourceMap:
    """Where each value of a plan was written: file, line, the comment there, and which layer set it.

    Parameters
    ----------
    scenario : str or path
        As for `load_scenario`. Plain data has no places.
    overrides : sequence of str
        Changes in Hydra's syntax.
    strategy : str or path
        As for `load_strategy`; its keys begin with ``strategy``.

    Raises
    ------
    InputError
        If a file cannot be read, or an override names something that does not exist.

    Examples
    --------
    >>> places_of("subdistrict")["scenario.geography.depots.docks"]
    Place(file='configs/scenario/subdistrict.yaml', line=26, layer='built-in', comment='A')
    """
    from simsupply.config.compose import compose_configuration
    from simsupply.config.overrides import word_of

    words = [word_of("scenario", str(scenario)), word_of("strategy", str(strategy)), *overrides]
    return compose_configuration("run", words, given_by="overrides").source_map


def places_of_strategy(strategy: str | Path, at: str = "") -> SourceMap:
    """The same of a strategy alone, its keys below `at`.

    Raises
    ------
    InputError
        If the file cannot be read.
    """
    if not is_file_name(str(strategy)):
        return map_of_strategy(str(strategy), at)
    text = read_text(Path(strategy))
    data = strategy_data(text.text, str(strategy))
    return map_of_strategy(str(strategy), at, OwnFile(str(strategy), "strategy", text, data, at))


def load_strategy(strategy: str | Path | Mapping[str, Any]) -> StrategySpec:
    """Load and check a strategy: a built-in name, the path of a YAML file, or plain data.

    Raises
    ------
    InputError
        With every problem found.
    """
    if isinstance(strategy, Mapping):
        return strategy_from(strategy, source="strategy", at="")
    if unread := unread_file(str(strategy), "strategy"):
        raise wrong("command line", "strategy", str(strategy), unread)
    if is_file_name(str(strategy)):
        with located(lambda: places_of_strategy(strategy), str(strategy)):
            return strategy_from(read_strategy_file(Path(strategy)), source=str(strategy), at="")
    return _built_in_strategy(str(strategy))


@cache
def _built_in_strategy(name: str) -> StrategySpec:
    # What is shipped does not change.
    return strategy_from(read_built_in_strategy(name), source=name, at="")


def scenario_from(
    data: Mapping[str, Any], source: str, build: Callable[[WorldSpec], Scenario] = build_scenario
) -> Scenario:
    """Build a scenario from composed data; other keys than the scenario's sections are ignored.

    `build` may keep what it has built before (`simsupply.sweeps.worlds`).
    """
    spec = world_from(data, source)
    with found_in(source):
        if isinstance(spec.scenario.geography, CensusGeography):
            census_of(spec.scenario.geography)  # the checks are to find the table read
        check_size(spec)
        check_world(spec)
        scenario = build(spec)
    problems = [
        *check_tiers(spec, scenario.places),
        *check_supply(spec, scenario.places),
        *check_shocks(spec, scenario.places),
        *check_people(spec, scenario.places),
        *check_fleets(spec, scenario.places),
        *check_drivers(spec, scenario.places),
    ]
    if problems:
        raise InputError(sourced(problems, source))
    return scenario


def world_from(data: Mapping[str, Any], source: str) -> WorldSpec:
    """The specification of a scenario of composed data, types of vehicles laid under the fleets.

    Raises
    ------
    InputError
        With every problem found.
    """
    problems: list[Problem] = []
    sections = with_tables({key: data[key] for key in WORLD_SECTIONS if key in data}, IN_WORLD, problems)
    with found_in(source):
        sections, tables = with_place_tables(sections, Path())  # those of plain data and overrides
    if problems:
        raise InputError(sourced(problems, source))
    if "scenario" in sections:
        sections["scenario"] = _titled(sections["scenario"])
    fleets = sections.get("fleet")
    if "fleet" in sections:
        sections["fleet"], problems = laid_over_types(fleets, sections.get("vehicle_types"))
    if "staffing" in sections:
        sections["staffing"], unknown = laid_over_paces(sections["staffing"])
        problems += unknown
    try:
        spec = parse(WorldSpec, sections, source=source)
    except InputError as error:
        problems = without_repeated([*error.problems, *problems], fleets)
    if problems:
        raise InputError(sourced(with_lines_of_tables(problems, tables), source))
    return spec


def strategy_from(data: Mapping[str, Any], source: str, at: str = "strategy") -> StrategySpec:
    """Build a strategy from composed data found at key `at`."""
    problems: list[Problem] = []
    data = with_tables(dict(data), IN_STRATEGY, problems, at)
    if problems:
        raise InputError(sourced(problems, source))
    data = _titled(data)
    if isinstance(channels := data.get("channels"), Mapping):
        data = {**data, "channels": {key: _titled(channel) for key, channel in channels.items()}}
    return parse(StrategySpec, data, source=source, at=at)


def _titled(data: Any) -> Any:
    """A scenario, strategy or channel with its name for a title, if it has none."""
    if not isinstance(data, Mapping) or data.get("title") is not None:
        return data
    name = data.get("name")
    return {**data, "title": display_name(name)} if isinstance(name, str) and name.strip() else data


def plan_from(data: Mapping[str, Any], source: str) -> tuple[Scenario, StrategySpec]:
    """Build a scenario and the strategy beside it, which fit each other, from composed data.

    Raises
    ------
    InputError
        With the problems of both.
    """
    problems: list[Problem] = []
    scenario = strategy = None
    try:
        scenario = scenario_from(data, source)
    except InputError as error:
        problems += error.problems
    try:
        strategy = strategy_from(data["strategy"], source)
    except InputError as error:
        problems += error.problems
    if scenario is None or strategy is None:
        raise InputError(problems)
    fit(scenario, strategy)
    return scenario, strategy


def fit(scenario: Scenario, strategy: StrategySpec) -> None:
    """Check that a strategy can be used in a scenario.

    Raises
    ------
    InputError
        With every problem found.
    """
    source = message("scenario_with_strategy", scenario=scenario.name, strategy=strategy.name)
    problems = check_key_areas(scenario.places, strategy)
    try:
        check_plan(scenario.spec, strategy)
        problems += check_legs(scenario.spec, strategy, scenario.places)
        problems += check_sizing(scenario, strategy)
    except InputError as error:
        problems = [*error.problems, *problems]
    if problems:
        raise InputError(sourced(problems, source))
