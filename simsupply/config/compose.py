"""Composing a configuration with Hydra: built-in groups, users' files and overrides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from hydra import compose, initialize_config_dir
from hydra.core.config_store import ConfigStore
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException, MissingConfigException
from omegaconf import DictConfig, OmegaConf, open_dict
from omegaconf.errors import OmegaConfBaseException

from simsupply.base.catalogue import Message, message
from simsupply.base.problems import InputError, nearest, wrong
from simsupply.base.source_map import SourceMap
from simsupply.config.layers import Change, OwnFile, map_of_configuration
from simsupply.config.yaml_files import (
    EXPERIMENTS,
    GROUPS,
    WORLD_SECTIONS,
    built_in,
    config_dir,
    is_file_name,
    read_text,
    strategy_data,
    world_data,
)

COMMAND_LINE = "command line"


# Users' files by the name of the option that holds their data.
_FILES: dict[str, OwnFile] = {}


@dataclass(frozen=True)
class Configuration:
    """What a command was composed of, as plain data, and where each value of it was written.

    Attributes
    ----------
    data : dict
    command : str
        ``run``, ``compare`` or ``sweep``.
    overrides : tuple of str
        In Hydra's syntax, users' files resolved (`resolve_files`).
    choices : dict
        Option of each group, as Hydra records them.
    given_by : str
        Where the overrides were given, for messages.
    """

    data: dict[str, Any]
    command: str
    overrides: tuple[str, ...]
    choices: dict[str, Any]
    given_by: str = COMMAND_LINE

    @cached_property
    def source_map(self) -> SourceMap:
        """Places of all values, found when they are first asked for.

        Keys are those of the data; what the catalogue says of a fleet's type is among them.
        """
        own = {f"{file.group}/{option}": file for option, file in _FILES.items()}
        read = [one for one in OverridesParser.create().parse_overrides(list(self.overrides)) if self._is_change(one)]
        changes = [Change(one.get_key_element().lstrip("+~"), as_plain(one.value()), one.is_delete()) for one in read]
        return map_of_configuration(self.command, self.choices, own, changes, self.data, self.given_by)

    def _is_change(self, override: Override) -> bool:
        # A group that is given a mapping is set, not chosen.
        is_choice = override.key_or_group in self.choices and not isinstance(override.value(), dict)
        is_choice = is_choice and not override.is_delete()
        return not (is_choice or override.package or override.is_sweep_override())


def resolve_files(overrides: Sequence[str]) -> list[str]:
    """Replace ``scenario=my.yaml`` and ``strategy=my.yaml`` by options that hold the file's data.

    A key inside a section may be one that the section leaves out (``staffing.crews.clerks.attendance``);
    whether it exists is for the specification to say, which knows them all.

    The file is read here, as plain data, and handed to Hydra in memory; so overrides apply to it
    as to a built-in scenario.
    """
    given = dict(text.split("=", 1) for text in overrides if "=" in text)
    return [_resolve_one(text, given) for text in overrides]


def _resolve_one(override: str, given: dict[str, str]) -> str:
    group, _, value = override.partition("=")
    if value and group.partition(".")[0] in (*WORLD_SECTIONS, "strategy") and "." in group:
        return f"++{override}"
    names = [name.strip().strip("'\"") for name in value.split(",")]
    if group not in ("scenario", "strategy") or not any(is_file_name(name) for name in names):
        return override
    options = []
    for name in names:
        if not is_file_name(name):
            options.append(name)
            continue
        # Numbered, because different names (two in Chinese, say) can come out the same.
        new = f"file_{len(_FILES)}_" + re.sub(r"[^a-zA-Z0-9]+", "_", Path(name).stem).strip("_").lower()
        option = next((known for known, file in _FILES.items() if (file.path, file.group) == (name, group)), new)
        text = read_text(Path(name))
        if group == "scenario":
            data = world_data(text, str(Path(name)))
            # A section chosen on the command line replaces the file's.
            node = {key: part for key, part in data.items() if key == "scenario" or key not in given}
            package = "_global_"
        else:
            node, package = strategy_data(text, str(Path(name))), "strategy"
        _FILES[option] = OwnFile(name, group, text, node, package)
        options.append(option)
    return f"{group}={','.join(options)}"


def file_of(option: Any) -> Any:
    """The file behind an option that `resolve_files` made; anything else as it is."""
    return _FILES[option].path if isinstance(option, str) and option in _FILES else option


@contextmanager
def files_in_store(overrides: Sequence[str]) -> Iterator[None]:
    """Lend Hydra the users' files that overrides name.

    Hydra copies all of its store whenever it composes, so what stayed there would make everything after it slower.
    """
    store = ConfigStore.instance()
    options = [name for text in overrides for name in text.partition("=")[2].split(",") if name in _FILES]
    for option in options:
        file = _FILES[option]
        store.store(group=file.group, name=option, node=file.data, package=file.package)
    try:
        yield
    finally:
        for option in options:
            store.repo[_FILES[option].group].pop(f"{option}.yaml", None)


def compose_config(command: str, overrides: Sequence[str]) -> dict[str, Any]:
    """The data of `compose_configuration` alone."""
    return compose_configuration(command, overrides).data


def compose_configuration(command: str, overrides: Sequence[str], given_by: str = COMMAND_LINE) -> Configuration:
    """Compose a command's configuration.

    Parameters
    ----------
    command : str
        ``run``, ``compare`` or ``sweep``.
    overrides : sequence of str
        In Hydra's syntax, users' files already resolved (`resolve_files`).
    given_by : str
        Where they were given, for messages.

    Raises
    ------
    InputError
        If an override names something that does not exist or cannot be read.
    """
    try:
        with files_in_store(overrides), initialize_config_dir(str(config_dir()), version_base="1.3"):
            config = compose(command, overrides=list(overrides), return_hydra_config=True)
            choices = config.hydra.runtime.choices
            with open_dict(config):
                del config["hydra"]
            return configuration_of(command, config, choices, overrides, given_by)
    except (HydraException, OmegaConfBaseException, ValueError) as error:
        raise explain(error, command, overrides) from None


def configuration_of(
    command: str,
    config: DictConfig,
    choices: Mapping[str, Any],
    overrides: Sequence[str],
    given_by: str = COMMAND_LINE,
) -> Configuration:
    """What Hydra has composed, and its record of the options it chose, as a `Configuration`."""
    data = OmegaConf.to_container(config, resolve=True)
    assert isinstance(data, dict)
    plain = {str(key): value for key, value in data.items()}
    return Configuration(plain, command, tuple(overrides), dict(choices), given_by)


def compose_scenarios(command: str, overrides: Sequence[str], names: Sequence[str]) -> list[Configuration]:
    """The same configuration with each of several scenarios, all other overrides on top of it."""
    others = [text for text in overrides if text.partition("=")[0] != "scenario"]
    return [compose_configuration(command, resolve_files([f"scenario={name}", *others])) for name in names]


def explain(error: Exception, command: str, overrides: Sequence[str]) -> InputError:
    """Say in one message what Hydra could not do with an override."""
    if isinstance(error, MissingConfigException):
        missing = (error.missing_cfg_file or "").split("@")[0]
        group, _, name = missing.rpartition("/")
        names = nearest(name, built_in(group))
        if group in ("scenario", "strategy"):
            names = message("or_yaml_file", first=names)
        return wrong(COMMAND_LINE, group, name, names)
    said = str(error)
    for text in overrides:
        group, _, name = text.partition("=")
        if group in (*GROUPS, EXPERIMENTS) and name in ("null", ""):
            return wrong(COMMAND_LINE, group, None, nearest("", built_in(group)))
    unknown = re.search(r"Could not override '([^']+)'", said)
    if unknown is None:
        unknown = re.search(r"Key '([^']+)' is not in struct", said)
    if unknown:
        key = unknown[1]
        given = next((text.split("=", 1)[1] for text in overrides if text.split("=", 1)[0] == key), None)
        return wrong(COMMAND_LINE, key, given, nearest(key.rpartition(".")[2], _keys_beside(command, key, overrides)))
    if ambiguous := re.search(r"Ambiguous value for argument '(.+)'", said):
        key, _, values = ambiguous[1].removeprefix("++").partition("=")
        if key == "strategy":
            return wrong(COMMAND_LINE, key, values, message("one_value_or_compare", values=values))
        return wrong(COMMAND_LINE, key, values, message("one_value_or_sweep", values=values))
    culprit = getattr(error, "override", None)
    named = [text for text in overrides if text == culprit or (culprit is None and text in said)] or overrides
    given, allowed = (text.replace("++", "") for text in (" ".join(named), said.splitlines()[0]))
    return wrong(COMMAND_LINE, "", given, message("hydra_says", said=allowed))


def _keys_beside(command: str, key: str, overrides: Sequence[str]) -> Iterable[str]:
    """Valid keys at the level of an unknown one."""
    groups = [text for text in overrides if text.split("=", 1)[0] in {*WORLD_SECTIONS, "strategy"} - {key}]
    try:
        data: Any = compose_config(command, groups)
    except InputError:
        return []
    for part in key.split(".")[:-1]:
        if isinstance(data, dict):
            if part not in data:
                return data
            data = data[part]
        elif isinstance(data, list) and part.isdigit() and int(part) < len(data):
            data = data[int(part)]
        else:
            return []
    return list(data) if isinstance(data, dict) else []


def as_plain(value: Any) -> Any:
    """A value of an override as plain data; a text in quotes comes with them."""
    if isinstance(value, list):
        return [as_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): as_plain(item) for key, item in value.items()}
    return value if isinstance(value, int | float | bool | None) else getattr(value, "text", str(value))


def hydra_says(error: Exception) -> Message:
    """What Hydra cannot read, in its own words."""
    return message("hydra_says", said=str(error).splitlines()[0])


def expand_sweep(overrides: Sequence[str]) -> list[list[str]]:
    """All points of a multirun, as lists of plain overrides."""
    points: list[list[str]] = [[]]
    try:
        for override in OverridesParser.create().parse_overrides(list(overrides)):
            if override.is_sweep_override():
                values = [f"{override.get_key_element()}={text}" for text in override.sweep_string_iterator()]
            else:
                values = [str(override.input_line)]
            points = [[*point, value] for point in points for value in values]
    except HydraException as error:
        raise wrong(COMMAND_LINE, "", " ".join(overrides), hydra_says(error)) from None
    return points
