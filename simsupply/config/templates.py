"""A built-in scenario or strategy as the text of a file of one's own, with what the words of a command line set."""

from __future__ import annotations

from collections.abc import Sequence

from simsupply.base.catalogue import message
from simsupply.base.problems import COMMAND_LINE, InputError, Problem
from simsupply.config.compose import compose_configuration
from simsupply.config.layers import located
from simsupply.config.load import scenario_from, strategy_from
from simsupply.config.overrides import read_overrides, word_of
from simsupply.config.yaml_edits import leaves, with_changes
from simsupply.config.yaml_files import WORLD_SECTIONS, built_in, template
from simsupply.scenario.world import Scenario


def changed_template(group: str, name: str, overrides: Sequence[str]) -> tuple[str, Scenario | None]:
    """Text of the file, and the scenario that it says; None: it is that of a strategy.

    Parameters
    ----------
    group : {"scenario", "strategy"}
    name : str
    overrides : sequence of str
        As of ``run``: values, keys taken away, other options of a scenario's sections.

    Raises
    ------
    InputError
        If there is no such option, a word cannot be read or sets what is not in the file, or a value may not be.
    """
    sections = WORLD_SECTIONS if group == "scenario" else ("strategy",)
    read = read_overrides(overrides)
    outside = [override for override in read if override.path[0] not in sections or override.key == group]
    if outside:
        allowed = message("in_the_template", sections=[f"{section}." for section in sections])
        raise InputError([Problem(each.key, each.text or None, allowed, COMMAND_LINE) for each in outside])
    chosen = {override.key: str(override.value) for override in read if override.key in sections}
    options = {section: option for section, option in chosen.items() if option in built_in(section)}
    text = template(group, name, options)
    configuration = compose_configuration("run", [word_of(group, name), *overrides])
    data = configuration.data
    with located(lambda: configuration.source_map, COMMAND_LINE):
        if group == "scenario":
            scenario = scenario_from(data, source=COMMAND_LINE)
        else:
            scenario = None
            strategy_from(data["strategy"], source=COMMAND_LINE)
    paths = [leaf for override in read if override.key not in chosen for leaf in leaves(override.path, override.value)]
    if group == "strategy":
        return with_changes(text, data["strategy"], [path[1:] for path in paths]), None
    return with_changes(text, {key: data[key] for key in sections if key in data}, paths), scenario
