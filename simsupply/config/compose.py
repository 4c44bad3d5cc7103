"""Composing a configuration with Hydra: built-in groups, users' files and overrides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hydra import compose, initialize_config_dir
from hydra.core.config_store import ConfigStore
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException, MissingConfigException
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from simsupply.base.catalogue import message
from simsupply.base.problems import InputError, Problem, nearest, wrong
from simsupply.config.yaml_files import (
    EXPERIMENTS,
    GROUPS,
    WORLD_SECTIONS,
    built_in,
    config_dir,
    is_file_name,
    read_strategy_file,
    read_world_file,
)

COMMAND_LINE = "command line"


@dataclass(frozen=True)
class _File:
    """A user's file as an option of a group."""

    path: str
    group: str
    data: dict[str, Any]
    package: str


# Users' files by the name of the option that holds their data.
_FILES: dict[str, _File] = {}


def resolve_files(overrides: Sequence[str]) -> list[str]:
    """Replace ``scenario=my.yaml`` and ``strategy=my.yaml`` by options that hold the file's data.

    A key inside a section may be one that the section leaves out (``staffing.crews.clerks.attendance``);
    whether it exists is for the specification to say, which knows them all.

    The file is read here, as plain data, and handed to Hydra in memory; so overrides apply to it
    as to a built-in scenario.
    """
    given = dict(text.split("=", 1) for text in overrides if "=" in text)
    return [_resolve_one(text, given) for text in overrides]


def _resolve_one(text: str, given: dict[str, str]) -> str:
    group, _, value = text.partition("=")
    if value and group.partition(".")[0] in (*WORLD_SECTIONS, "strategy") and "." in group:
        return f"++{text}"
    names = [name.strip().strip("'\"") for name in value.split(",")]
    if group not in ("scenario", "strategy") or not any(is_file_name(name) for name in names):
        return text
    options = []
    for name in names:
        if not is_file_name(name):
            options.append(name)
            continue
        # Numbered, because different names (two in Chinese, say) can come out the same.
        new = f"file_{len(_FILES)}_" + re.sub(r"[^a-zA-Z0-9]+", "_", Path(name).stem).strip("_").lower()
        option = next((known for known, file in _FILES.items() if (file.path, file.group) == (name, group)), new)
        if group == "scenario":
            data = read_world_file(Path(name))
            # A section chosen on the command line replaces the file's.
            node = {key: part for key, part in data.items() if key == "scenario" or key not in given}
            package = "_global_"
        else:
            node, package = read_strategy_file(Path(name)), "strategy"
        _FILES[option] = _File(name, group, node, package)
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
    """Compose a command's configuration into plain data.

    Parameters
    ----------
    command : str
        ``run``, ``compare`` or ``sweep``.
    overrides : sequence of str
        In Hydra's syntax, users' files already resolved (`resolve_files`).

    Raises
    ------
    InputError
        If an override names something that does not exist or cannot be read.
    """
    try:
        with files_in_store(overrides), initialize_config_dir(str(config_dir()), version_base="1.3"):
            config = compose(command, overrides=list(overrides))
            data = OmegaConf.to_container(config, resolve=True)
    except (HydraException, OmegaConfBaseException, ValueError) as error:
        raise explain(error, command, overrides) from None
    assert isinstance(data, dict)
    return {str(key): value for key, value in data.items()}


def compose_scenarios(command: str, overrides: Sequence[str], names: Sequence[str]) -> list[dict[str, Any]]:
    """The same configuration with each of several scenarios, all other overrides on top of it."""
    others = [text for text in overrides if text.partition("=")[0] != "scenario"]
    return [compose_config(command, resolve_files([f"scenario={name}", *others])) for name in names]


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
        several = f"compare takes {key[:-1]}ies=[{values}]; " if key == "strategy" else ""
        return wrong(
            COMMAND_LINE, key, values, f"one value; {several}[{values}] is a list; simsupply sweep plays each of them"
        )
    culprit = getattr(error, "override", None)
    named = [text for text in overrides if text == culprit or (culprit is None and text in said)] or overrides
    given, allowed = (text.replace("++", "") for text in (" ".join(named), said.splitlines()[0]))
    return wrong(COMMAND_LINE, "", given, allowed)


@contextmanager
def naming_files(overrides: Sequence[str]) -> Iterator[None]:
    """Say of each problem whether it comes from a user's file or from an override on top of it."""
    try:
        yield
    except InputError as error:
        raise InputError(_named(problem, _source_of(problem.key, overrides)) for problem in error.problems) from None


def _named(problem: Problem, source: str) -> Problem:
    if source == COMMAND_LINE:
        return problem
    # What does not fit together is found in one of the files: it is named with the two that do not.
    source = source if problem.source == COMMAND_LINE else f"{source} ({problem.source})"
    # A strategy file holds the strategy itself, without a key `strategy` above it.
    return replace(problem, source=source, key=problem.key.removeprefix("strategy."))


def _source_of(key: str, overrides: Sequence[str]) -> str:
    source = COMMAND_LINE
    for text in overrides:
        name, _, value = text.lstrip("+~").partition("=")
        if name in ("scenario", "strategy"):
            if (name == "strategy") == (key.partition(".")[0] == "strategy"):
                source = _FILES[value].path if value in _FILES else COMMAND_LINE
        elif f"{key}.".startswith(f"{name}.") or name.startswith(f"{key}."):
            return COMMAND_LINE
    return source if key.partition(".")[0] in (*WORLD_SECTIONS, "strategy") else COMMAND_LINE


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
        raise wrong(COMMAND_LINE, "", " ".join(overrides), str(error).splitlines()[0]) from None
    return points
