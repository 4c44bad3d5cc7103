"""Which files and overrides a configuration was composed of, as a map from its keys to their places.

Hydra composes plain data, without saying where anything came from. The same files are laid over each other here
once more, as texts, in Hydra's order: the options of the groups, the scenario, the strategy with its channels,
the command's own settings, overrides, types of vehicles under the fleets that name them, and kinds of workers likewise.

That takes a moment and is needed for problems and for the provenance only: a sweep composes thousands of plans.
So maps are made when they are asked for (`simsupply.config.compose.Configuration`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import yaml

from simsupply.base.problems import InputError, Problem
from simsupply.base.source_map import Place, SourceFile, SourceMap
from simsupply.base.text_files import FileText
from simsupply.config.own_tables import ReadTable
from simsupply.config.place_tables import PlaceTable
from simsupply.config.published_paces import PATH as PUBLISHED_PACES
from simsupply.config.published_paces import named_kinds
from simsupply.config.yaml_files import config_dir, is_file_name
from simsupply.config.yaml_places import PlacesBuilder, YamlText, read_nodes

COMMANDS = ("run", "compare", "sweep")
GLOBAL = "_global_"
"""Package of a file whose keys are those of the whole configuration."""
# Settings as they come; what is wrong with one is wrong with what the user gave besides.
_OF_COMMANDS = {f"configs/{command}.yaml" for command in COMMANDS}


@dataclass(frozen=True)
class OwnFile:
    """A user's file as an option of a group; `data` is what was taken of it, that of its tables of places included."""

    path: str
    group: str
    text: FileText
    data: dict[str, Any]
    package: str
    tables: tuple[PlaceTable, ...] = ()


@dataclass(frozen=True)
class Change:
    """An override: a key and its plain value, or that the key is taken away."""

    key: str
    value: Any
    is_removal: bool = False


@cache
def _built_in_text(path: str) -> YamlText | None:
    file = config_dir() / f"{path}.yaml"
    if not file.exists():
        return None
    return read_nodes(file.read_bytes().decode("utf-8"), f"configs/{path}.yaml", "built-in")


class _Layers(PlacesBuilder):
    """The files of a configuration, one over the other.

    Parameters
    ----------
    choices : mapping
        The option of each group, by the group's name and package as Hydra has it.
    own : mapping
        Users' files by the name of their option, group included.
    """

    def __init__(self, choices: Mapping[str, Any], own: Mapping[str, OwnFile]) -> None:
        super().__init__()
        self._choices = choices
        self._own = own

    def lay_option(self, path: str, at: str) -> None:
        """Lay a file of ``configs/`` (``fleet/box_vans``) with all that it starts from."""
        if path in self._own:
            self.lay_own(self._own[path])
            return
        text = _built_in_text(path)
        if text is None:
            return  # null: nothing is chosen
        if text.text.startswith(f"# @package {GLOBAL}"):
            at = ""
        defaults = _defaults(text)
        for entry, option in defaults if ("_self_", None) in defaults else [*defaults, ("_self_", None)]:
            if entry == "_self_":
                self._lay_body(text, at)
            elif option is None:
                folder = path.rpartition("/")[0]
                self.lay_option(f"{folder}/{entry}" if folder else entry, at)
            elif not entry.startswith("override "):
                self._lay_choice(entry, option, at)

    def _lay_choice(self, entry: str, option: str, at: str) -> None:
        group, _, package = entry.removeprefix("/").partition("@")
        where = _below(at, package or group)
        chosen = self._choices.get(f"{group}@{where}" if package else group, option)
        if chosen:
            self.lay_option(f"{group}/{chosen}", where)

    def _lay_body(self, text: YamlText, at: str) -> None:
        children = [child for child in text.children() if child[0] != "defaults"]
        if not children:
            return
        self.note(text)
        if at:
            self.set_section(at, text.place(children[0][2]))
        for key, node, line in children:
            self.lay(text, node, line, _below(at, key))

    def lay_own(self, file: OwnFile) -> None:
        """Lay a user's file; a section or channel may be the name of a built-in one."""
        text = read_nodes(file.text.text, file.path, "own file")
        self.note(text, file.text.sha256)
        at = "" if file.package == GLOBAL else file.package
        if at:
            self.set_section(at, text.place(text.root.start_mark.line))
        for key, node, line in text.children():
            if key not in file.data:
                continue
            if file.group == "scenario":
                self._lay_named(text, node, line, key, key)
            elif key == "channels" and isinstance(node, yaml.MappingNode):
                self.set_section(_below(at, key), text.place(line))
                for name, value in node.value:
                    key_of = _below(at, f"channels.{name.value}")
                    self._lay_named(text, value, name.start_mark.line, key_of, "channel")
            else:
                self.lay(text, node, line, _below(at, key))
        for table in file.tables:
            self.lay_table(table)

    def lay_table(self, table: PlaceTable) -> None:
        """Lay the keys that came from a table of places."""
        self.files[SourceFile(table.file, "own file", table.sha256)] = None
        above = {key.rpartition(".")[0] for key in table.lines}
        for key, line in table.lines.items():
            place = Place(table.file, line, "own file")
            if key in above:
                self.set_section(key, place)
            else:
                self.set_leaf(key, place)

    def note_table(self, table: ReadTable) -> None:
        """Take note of a file whose rows are a value of the plan."""
        self.files[SourceFile(table.file, "own file", table.sha256)] = None
        self.set_section(f"{table.key}.rows", Place(table.file, None, "own file"))

    def _lay_named(self, text: YamlText, node: yaml.Node, line: int, at: str, group: str) -> None:
        if isinstance(node, yaml.ScalarNode) and _built_in_text(f"{group}/{node.value}"):
            self.lay_option(f"{group}/{node.value}", at)
            self.set_section(at, text.place(line))
        else:
            self.lay(text, node, line, at)

    def lay_change(self, change: Change, place: Place) -> None:
        """Lay an override."""
        if change.is_removal:
            self.remove(change.key)
            self.set_section(change.key, place)
        elif change.value and isinstance(change.value, Mapping | list):
            pairs = change.value.items() if isinstance(change.value, Mapping) else enumerate(change.value)
            if isinstance(change.value, list):
                self.remove(change.key)
            self.set_section(change.key, place)
            for key, value in pairs:
                self.lay_change(Change(f"{change.key}.{key}", value), place)
        else:
            self.set_leaf(change.key, place)

    def lay_under_fleets(self, fleets: object, own: object) -> None:
        """Lay types of vehicles under the fleets that name them, as `simsupply.config.vehicle_types` does."""
        for name, fleet in fleets.items() if isinstance(fleets, Mapping) else ():
            kind = fleet.get("type") if isinstance(fleet, Mapping) else None
            said = own.get(kind) if isinstance(own, Mapping) and isinstance(kind, str) else None
            if said is not None:
                at, under = f"vehicle_types.{kind}.", PlacesBuilder()
                for places, of_type in ((under.leaves, self.leaves), (under.sections, self.sections)):
                    for key, place in of_type.items():
                        if key.startswith(at) and key != f"{at}type":
                            places[f"fleet.{name}.{key.removeprefix(at)}"] = place
                self._lay_under(under, depth=3)
                kind = said.get("type") if isinstance(said, Mapping) else None
            text = _built_in_text(f"vehicle/{kind}") if isinstance(kind, str) else None
            if text is None:
                continue
            under = PlacesBuilder()
            under.lay(text, text.root, 0, f"fleet.{name}")
            self._lay_under(under, depth=3)
            self.note(text)

    def lay_under_paces(self, staffing: object) -> None:
        """Lay published kinds of workers under the scenario's own, as `simsupply.config.published_paces` does."""
        text = _built_in_text(PUBLISHED_PACES)
        assert text is not None
        rows = {key: (node, line) for key, node, line in text.children()}
        for name in dict.fromkeys(name for _, name in named_kinds(staffing) if name in rows):
            node, line = rows[name]
            under = PlacesBuilder()
            under.lay(text, node, line, f"staffing.paces.{name}")
            self._lay_under(under, depth=4)
            self.note(text)

    def _lay_under(self, under: PlacesBuilder, depth: int) -> None:
        """Lay places wherever nothing is laid yet; a key `depth` words below the root is said whole or not at all."""
        said = {".".join(key.split(".")[: depth + 1]) for key in (*self.leaves, *self.sections)}
        for places, own_places in ((under.leaves, self.leaves), (under.sections, self.sections)):
            for key, place in places.items():
                if key not in said and ".".join(key.split(".")[:depth]) not in self.leaves:
                    own_places[key] = place


def _below(at: str, key: str) -> str:
    return f"{at}.{key}" if at else key


def _defaults(text: YamlText) -> list[tuple[str, str | None]]:
    """Entries of a file's list ``defaults``, each with its option; None: the entry is a file of the same folder."""
    found: list[tuple[str, str | None]] = []
    for key, node, _ in text.children():
        for entry in node.value if key == "defaults" else ():
            if isinstance(entry, yaml.MappingNode):
                ((name, option),) = entry.value
                found.append((name.value, "" if option.tag.endswith(":null") else option.value))
            else:
                found.append((entry.value, None))
    return found


def map_of_configuration(
    command: str,
    choices: Mapping[str, Any],
    own: Mapping[str, OwnFile],
    changes: Iterable[Change],
    data: Mapping[str, Any],
    given_by: str,
    tables: Iterable[ReadTable] = (),
    place_tables: Iterable[PlaceTable] = (),
) -> SourceMap:
    """Places of all that a command was composed of.

    Parameters
    ----------
    command : str
        ``run``, ``compare`` or ``sweep``.
    choices, own
        As in Hydra's record of the job; users' files by option.
    changes : iterable of Change
        Overrides inside the sections and of settings, in their order.
    data : mapping
        The composed configuration.
    given_by : str
        Where overrides were given, for instance ``command line``.
    tables, place_tables : iterables of ReadTable and PlaceTable
        Files of roads and routes that were read, and those of places that overrides name.
    """
    layers = _Layers(choices, own)
    layers.lay_option(command, "")
    for change in changes:
        layers.lay_change(change, Place(given_by, None, "override"))
    for table in place_tables:
        layers.lay_table(table)
    for read in tables:
        layers.note_table(read)
    layers.lay_under_fleets(data.get("fleet"), data.get("vehicle_types"))
    layers.lay_under_paces(data.get("staffing"))
    return layers.built()


def map_of_strategy(name: str, at: str, own: OwnFile | None = None) -> SourceMap:
    """Places of a strategy alone, a built-in one or a user's file, its keys below `at`."""
    layers = _Layers({}, {})
    if own is not None:
        layers.lay_own(replace(own, package=at))
    elif not is_file_name(name):
        layers.lay_option(f"strategy/{name}", at)
    return layers.built()


@contextmanager
def located(find: Callable[[], SourceMap], unplaced: str) -> Iterator[None]:
    """Name of each problem the place at which its key was set.

    Parameters
    ----------
    find : callable
        Makes the map; called only if there is a problem.
    unplaced : str
        Source of problems of which nothing is known but that they are somewhere in this input. Another one
        (which scenario with which strategy) is told beside the place.
    """
    try:
        yield
    except InputError as error:
        raise InputError(with_places(error.problems, find(), unplaced)) from None


def with_places(problems: Sequence[Problem], places: SourceMap, unplaced: str) -> list[Problem]:
    """Problems with file and line, where the map has them; see `located`."""
    return [_with_place(problem, places, unplaced) for problem in problems]


def _with_place(problem: Problem, places: SourceMap, unplaced: str) -> Problem:
    place = places.of_problem(problem.key) if problem.line is None else None
    if place is None or place.file in _OF_COMMANDS:
        return problem
    # A strategy file holds the strategy itself, without a key `strategy` above it.
    key = problem.key.removeprefix("strategy.") if place.layer == "own file" else problem.key
    context = problem.context if problem.source in ("", unplaced) else problem.source
    return replace(problem, key=key, source=place.file, line=place.line, context=context)
