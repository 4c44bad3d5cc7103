"""Composing a configuration: Hydra composes what is built in, users' files and overrides are laid over it as data."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf, open_dict

from simsupply.base.catalogue import Message, message
from simsupply.base.names import misfit_of_name
from simsupply.base.problems import COMMAND_LINE, InputError, closest, nearest, wrong
from simsupply.base.source_map import SourceMap
from simsupply.config.changes import laid_over, varied, without
from simsupply.config.layers import COMMANDS, GLOBAL, Change, OwnFile, map_of_configuration
from simsupply.config.overrides import Override, read_overrides, word_of
from simsupply.config.own_tables import IN_STRATEGY, IN_WORLD, ReadTable, with_tables
from simsupply.config.place_tables import PlaceTable, with_place_tables
from simsupply.config.yaml_files import (
    EXPERIMENTS,
    OPTIONAL_SECTIONS,
    WORLD_SECTIONS,
    built_in,
    config_dir,
    is_file_name,
    read_text,
    read_yaml,
    strategy_data,
    unread_file,
    with_lines,
    world_data,
)

_SECTIONS = (*WORLD_SECTIONS, "strategy")
_CHANNEL = "channel@strategy.channels."


@dataclass(frozen=True)
class Configuration:
    """What a command was composed of, as plain data, and where each value of it was written.

    Attributes
    ----------
    data : dict
    command : str
        ``run``, ``compare`` or ``sweep``.
    overrides : tuple of str
        As given.
    folder : path or None
        Folder of further options.
    choices : dict
        Option of each group, as Hydra records them; of a user's file its name.
    own : dict
        Users' files by group and name.
    changes : tuple of Change
        What overrides set and take away, in their order.
    given_by : str
        Where the overrides were given, for messages.
    tables : tuple of ReadTable
        Tables of routes and roads that were read.
    place_tables : tuple of PlaceTable
        Tables of places that overrides name, with the lines that keys came from.
    """

    data: dict[str, Any]
    command: str
    overrides: tuple[str, ...]
    folder: Path | None
    choices: dict[str, Any]
    own: dict[str, OwnFile]
    changes: tuple[Change, ...]
    given_by: str = COMMAND_LINE
    tables: tuple[ReadTable, ...] = ()
    place_tables: tuple[PlaceTable, ...] = ()

    @cached_property
    def source_map(self) -> SourceMap:
        """Places of all values, found when they are first asked for.

        Keys are those of the data; what the catalogue says of a fleet's type is among them.
        """
        return map_of_configuration(
            self.command,
            self.choices,
            self.own,
            self.changes,
            self.data,
            self.given_by,
            self.tables,
            self.place_tables,
        )


def compose_config(command: str, overrides: Sequence[str]) -> dict[str, Any]:
    """The data of `compose_configuration` alone."""
    return compose_configuration(command, overrides).data


def compose_configuration(
    command: str, overrides: Sequence[str], given_by: str = COMMAND_LINE, folder: Path | None = None
) -> Configuration:
    """Compose a command's configuration.

    Parameters
    ----------
    command : str
        ``run``, ``compare`` or ``sweep``.
    overrides : sequence of str
        Words such as ``fleet=box_vans``, ``scenario=my.yaml`` or ``staffing.attendance=0.2``; the last one of a key
        holds. Whether a key inside a section exists is for the specification to say, which knows them all.
    given_by : str
        Where they were given, for messages.
    folder : path, optional
        Folder of further options: ``GROUP/NAME.yaml``.

    Raises
    ------
    InputError
        If an override or a file cannot be read, or names something that does not exist.
    """
    read = read_overrides(overrides)
    for override in read:
        if override.swept is not None:
            if override.key == "strategy":
                raise wrong(
                    COMMAND_LINE, override.key, override.text, message("one_value_or_compare", values=override.text)
                )
            raise wrong(COMMAND_LINE, override.key, override.text, message("one_value_or_sweep", values=override.text))
    groups = (*_SECTIONS, EXPERIMENTS) if command == "sweep" else _SECTIONS
    # The last choice of a group holds.
    chosen = {override.key: override for override in read if _is_choice(override, groups)}
    own = {choice.key: file for choice in chosen.values() if (file := _own_file(choice, folder))}
    stand_ins: dict[str, str] = {}
    data, choices = _composed(command, tuple(_words_for_hydra(command, chosen, own, stand_ins)))
    data, choices = _named(data, choices, stand_ins)
    if scenario := own.get("scenario"):
        # A section chosen beside the file replaces the file's.
        kept = {key: part for key, part in scenario.data.items() if key == "scenario" or key not in chosen}
        own["scenario"] = replace(scenario, data=kept)
    data = _over_own_files(data, own)
    given = [override.key for override in read if override.value is not None]
    for override in read:
        if not _is_choice(override, groups):
            data = _changed(data, override, given)
    # What cannot be read is told with its place when the plan is loaded.
    found: list[ReadTable] = []
    data = with_tables(data, (*IN_WORLD, *(f"strategy.{key}" for key in IN_STRATEGY)), found=found)
    place_tables: tuple[PlaceTable, ...] = ()
    with suppress(InputError):
        data, place_tables = with_place_tables(data, Path())  # those that overrides name
    return Configuration(
        data,
        command,
        tuple(overrides),
        folder,
        {**choices, **{group: file.path for group, file in own.items()}},
        {f"{group}/{file.path}": file for group, file in own.items()},
        tuple(
            Change(".".join(override.path), override.value, override.is_removal)
            for override in read
            if override.is_removal or not _is_choice(override, groups)
        ),
        given_by,
        tuple(found),
        place_tables,
    )


def compose_scenarios(configuration: Configuration, names: Sequence[str]) -> list[Configuration]:
    """The same configuration with each of several scenarios, all other overrides on top of it."""
    others = [word for word in configuration.overrides if word.partition("=")[0] != "scenario"]
    return [
        compose_configuration(
            configuration.command, [word_of("scenario", name), *others], configuration.given_by, configuration.folder
        )
        for name in names
    ]


def options_of(group: str, folder: Path | None) -> list[str]:
    """Names that can be chosen of a group: those built in, and those of a folder of further options."""
    # Channels are named by strategies, and Hydra composes only what is built in.
    more = sorted(folder.glob(f"{group}/*.yaml")) if folder and group != "channel" else []
    return [*built_in(group), *(path.stem for path in more)]


def as_yaml(data: Mapping[str, Any]) -> str:
    """A configuration as YAML, for readers."""
    return OmegaConf.to_yaml(OmegaConf.create(dict(data)))


def _is_choice(override: Override, groups: Sequence[str]) -> bool:
    """Whether an override chooses an option of a group, or leaves the group out.

    A section that is given a mapping is set, not chosen.
    """
    is_group = override.key in groups or override.key.startswith(_CHANNEL)
    return is_group and not isinstance(override.value, Mapping)


def _own_file(choice: Override, folder: Path | None) -> OwnFile | None:
    """The user's file that is chosen, if it is one.

    Raises
    ------
    InputError
        If the file cannot be read, or there is neither a file nor a built-in option of that name.
    """
    if choice.is_removal:
        if choice.key in _SECTIONS and choice.key not in OPTIONAL_SECTIONS:
            raise wrong(COMMAND_LINE, choice.key, None, message("required"))
        return None
    group, name = choice.key.partition("@")[0], choice.value
    takes_files = group in ("scenario", "strategy")
    if isinstance(name, str) and (unread := unread_file(name, group)):
        raise wrong(COMMAND_LINE, choice.key, name, unread)
    if takes_files and isinstance(name, str) and is_file_name(name):
        path = Path(name)
    elif isinstance(name, str) and name in built_in(group):
        return None
    else:
        names = options_of(group, folder)
        if folder is None or name not in names:
            allowed = nearest(str(name or ""), names)
            allowed = message("or_yaml_file", first=allowed) if takes_files and name else allowed
            raise wrong(COMMAND_LINE, choice.key, name or None, allowed)
        path = folder / group / f"{name}.yaml"
    text = read_text(path)
    if group == "scenario":
        data, tables = _with_tables(world_data(text.text, str(path)), path, text.text)
        return OwnFile(str(path), group, text, data, GLOBAL, tables)
    if group == "strategy":
        return OwnFile(str(path), group, text, strategy_data(text.text, str(path)), group)
    return OwnFile(str(path), group, text, read_yaml(path), GLOBAL if group == EXPERIMENTS else group)


def _with_tables(data: dict[str, Any], path: Path, text: str) -> tuple[dict[str, Any], tuple[PlaceTable, ...]]:
    """A scenario file with its tables of places; what is wrong with a table's name is told on its line."""
    try:
        return with_place_tables(data, path.parent)
    except InputError as error:
        own = [replace(problem, source=str(path)) for problem in error.problems if not problem.source]
        others = [problem for problem in error.problems if problem.source]
        raise InputError([*with_lines(own, text), *others]) from None


def _words_for_hydra(
    command: str, chosen: Mapping[str, Override], own: Mapping[str, OwnFile], stand_ins: dict[str, str]
) -> Iterator[str]:
    """Choices among what is built in, in Hydra's syntax; a group of a user's file is left out.

    A new channel whose name Hydra's grammar refuses is added under another one, noted in `stand_ins`.
    """
    rest: list[str] = []
    for key, choice in chosen.items():
        if not key.startswith(_CHANNEL):
            rest.append(f"~{key}" if key in own or choice.is_removal else f"{key}={choice.value}")
    yield from rest
    for key, choice in chosen.items():
        if key.startswith(_CHANNEL):
            name = key.removeprefix(_CHANNEL)
            there = [other for other in _composed(command, tuple(rest))[1] if other.startswith(_CHANNEL)]
            is_new = choice.sign in ("+", "++") and key not in there
            given = choice.path[2:]
            if is_new and len(given) == 1 and misfit_of_name(given[0]) is None:
                if not re.fullmatch(r"[A-Za-z]\w*", given[0], re.ASCII):
                    stand_in = f"_{given[0].encode().hex()}"
                    stand_ins[stand_in], key = given[0], _CHANNEL + stand_in
            elif key not in there:
                names = [other.removeprefix(_CHANNEL) for other in there]
                raise wrong(COMMAND_LINE, key, choice.value, nearest(name, names))
            yield f"~{key}" if choice.is_removal else f"{'+' if is_new else ''}{key}={choice.value}"


def _named(
    data: dict[str, Any], choices: dict[str, Any], stand_ins: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What Hydra composed and its record of choices, channels under their own names."""
    if not stand_ins:
        return data, choices
    channels = {stand_ins.get(name, name): channel for name, channel in data["strategy"]["channels"].items()}
    keys = {_CHANNEL + stand_in: _CHANNEL + name for stand_in, name in stand_ins.items()}
    data = {**data, "strategy": {**data["strategy"], "channels": channels}}
    return data, {keys.get(key, key): option for key, option in choices.items()}


def _over_own_files(data: dict[str, Any], own: Mapping[str, OwnFile]) -> dict[str, Any]:
    """Lay what was composed over users' files, and a ready sweep of one's own over all."""
    for group in sorted(own, key="scenario".__eq__):
        file = own[group]
        node = file.data if file.package == GLOBAL else {file.package: file.data}
        data = laid_over(data, node) if group == EXPERIMENTS else laid_over(node, data)
    return data


def _changed(data: dict[str, Any], override: Override, beside: Sequence[str]) -> dict[str, Any]:
    first = override.path[0]
    if first not in data and (override.is_removal or first not in _SECTIONS):
        key = ".".join(override.path)
        raise wrong(COMMAND_LINE, key, override.value, unknown_key(override.path, data))
    return without(data, override.key) if override.is_removal else varied(data, {override.key: override.value}, beside)


def unknown_key(path: Sequence[str], data: Mapping[str, Any]) -> Message:
    """What to say of a key that a command does not have: the key in full, or which command has it."""
    names = sorted({*data, *_SECTIONS})
    commands = [command for command in COMMANDS if path[0] in _settings_of(command)]
    if whole := _keys_ending_in(tuple(path), data):
        said = message("key_in_full", keys=whole)
    elif commands:
        said = message("valid_names", valid=names)
    else:
        (close,) = closest(path[0], {*names, *_names_below(data)}) or ("",)
        # A key of the plan that is nearer than any of the command is the one that was meant.
        meant = [] if close in names else _keys_ending_in((close,), data)
        said = message("nearest_key_in_full", keys=meant, valid=names) if meant else nearest(path[0], names)
    return message("key_of_command", first=said, key=path[0], commands=commands) if commands else said


def _settings_of(command: str) -> frozenset[str]:
    """Keys of a command besides the sections."""
    return frozenset(_composed(command, ())[0]) - {*_SECTIONS}


def _keys_ending_in(path: tuple[str, ...], data: Mapping[str, Any]) -> list[str]:
    """Dotted keys whose last names are these, those nearest to the top; at most three."""
    level: list[tuple[tuple[str, ...], Any]] = [((name,), data[name]) for name in _SECTIONS if name in data]
    while level:
        found = [".".join(names) for names, _ in level if names[-len(path) :] == path]
        if found:
            return found[:3]
        level = [
            ((*names, str(key)), value)
            for names, node in level
            if isinstance(node, Mapping)
            for key, value in node.items()
        ]
    return []


def _names_below(node: Any) -> Iterator[str]:
    """Names of all keys of the sections, and of those below a node."""
    children = (node[name] for name in _SECTIONS if name in node) if "scenario" in node else node.values()
    for child in children:
        if isinstance(child, Mapping):
            yield from map(str, child)
            yield from _names_below(child)


def _composed(command: str, choices: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What Hydra composes of built-in options, and its record of the options it chose."""
    data, record = _composed_once(command, choices)
    return copy.deepcopy(data), dict(record)


# What is shipped does not change, and many plans are made of the same options.
@lru_cache(maxsize=32)
def _composed_once(command: str, choices: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, Any]]:
    with initialize_config_dir(str(config_dir()), version_base="1.3"):
        config = compose(command, overrides=list(choices), return_hydra_config=True)
    record = dict(config.hydra.runtime.choices)
    with open_dict(config):
        del config["hydra"]
    data = OmegaConf.to_container(config, resolve=True)
    assert isinstance(data, dict)
    return {str(key): value for key, value in data.items()}, record
