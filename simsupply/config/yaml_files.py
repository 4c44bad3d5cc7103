"""Reading configuration files: the built-in ones, and users' files, which are data and nothing else."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn

import yaml

from simsupply.base.catalogue import Message, message
from simsupply.base.files import read_file
from simsupply.base.problems import MOST_SHOWN, InputError, Problem, nearest, wrong
from simsupply.base.system_errors import reason
from simsupply.base.text_files import FileText, text_of_file
from simsupply.config.own_tables import IN_STRATEGY, IN_WORLD, beside
from simsupply.config.place_tables import with_place_tables
from simsupply.config.yaml_places import PlacesBuilder, read_nodes

GROUPS = ("scenario", "strategy", "channel", "demand", "staffing", "fleet", "goods", "tiers", "supply", "shocks")
WORLD_SECTIONS = ("scenario", "demand", "staffing", "fleet", "vehicle_types", "goods", "tiers", "supply", "shocks")
EXPERIMENTS = "experiment"
OPTIONAL_SECTIONS = ("vehicle_types", "goods", "tiers", "supply", "shocks")


class _KeyRefused(yaml.MarkedYAMLError):
    """A key that YAML takes and we do not."""

    def __init__(self, what: Message, mark: yaml.Mark) -> None:
        super().__init__(problem_mark=mark)
        self.what = what


_NOT_AS_YAML_1_1 = ("timestamp", "int", "float")


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader (plain data only), which also refuses a key given twice; tells well what is wrong."""


class _FastLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # PyYAML may be without libyaml
    """The same by libyaml, ten times as fast."""


def _mapping(loader: _Loader, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
    seen = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if isinstance(key, list | dict):
            raise _KeyRefused(message("key_no_word"), key_node.start_mark)
        if key in seen:
            raise _KeyRefused(message("key_twice", key=key), key_node.start_mark)
        seen.add(key)
    return yaml.SafeLoader.construct_mapping(loader, node, deep=True)


_TAG = "tag:yaml.org,2002:"
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9_]*)$")
_FLOAT = re.compile(
    r"[-+]?(?:(?:0|[1-9][0-9_]*)(?:\.[0-9_]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$|[-+]?\.(?:inf|Inf|INF)$|\.(?:nan|NaN|NAN)$"
)
for _loader in (_Loader, _FastLoader):
    _loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
    # A date stays the text it is; nothing here is a date, and only plain scalars can be composed. Numbers are decimal:
    # YAML 1.1 would read 010 as 8 and 190:20:30 as 685230. Such words stay text, which no number takes; 1e3 is one.
    _loader.yaml_implicit_resolvers = {
        letter: [(tag, pattern) for tag, pattern in resolvers if tag not in {_TAG + kind for kind in _NOT_AS_YAML_1_1}]
        for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    _loader.add_implicit_resolver(f"{_TAG}int", _DECIMAL, list("-+0123456789"))
    _loader.add_implicit_resolver(f"{_TAG}float", _FLOAT, list("-+0123456789."))


def _loaded(text: str) -> Any:
    """Data of a text; where something is wrong, as PyYAML's own parser tells it."""
    try:
        return yaml.load(text, Loader=_FastLoader)  # a SafeLoader
    except yaml.YAMLError:
        if len(text) > _MOST_TOLD_WELL:
            raise
        return yaml.load(text, Loader=_Loader)  # a SafeLoader


# Characters; the slower parser takes a second for so many.
_MOST_TOLD_WELL = 100_000
# Far above any plan; a file of aliases to aliases would fill the memory.
MAX_VALUES = 1_000_000


def config_dir() -> Path:
    """Folder of the built-in configuration groups, in an installed package or a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "configs"
    return installed if installed.is_dir() else package.parent / "configs"


def built_in(group: str) -> list[str]:
    """Names of the built-in options of a group."""
    return sorted(path.stem for path in (config_dir() / group).glob("*.yaml"))


def is_file_name(name: str) -> bool:
    """Whether `name` means a user's own file rather than a built-in option."""
    return "/" in name or "\\" in name or name.lower().endswith((".yaml", ".yml"))


_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods", ".et")


def unread_file(name: str, group: str) -> Message | None:
    """What to say of a name that means a file which cannot be read as an option of a group; None if it means none."""
    ending = Path(name).suffix.lower()
    takes_files = group in ("scenario", "strategy")
    if is_yaml := ending in (".yaml", ".yml"):
        what = message("own_file_elsewhere")
    elif ending in _WORKBOOKS:
        what = message("workbook_unread")
    else:
        what = message("file_unread", ending=ending)
    if not re.fullmatch(r"\.[a-z]\w{0,7}", ending) or (is_yaml and takes_files):
        if not takes_files or is_file_name(name) or name in built_in(group) or not os.path.isfile(f"{name}.yaml"):
            return None
        return message("file_with_ending", path=f"{name}.yaml")
    if not os.path.isfile(name):  # also of a name that is too long for a file
        what = message("and_no_such_file", what=what)
    return message("built_in_or_yaml", what=what) if takes_files else message("built_in_name", what=what)


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a user's YAML file as plain data.

    Raises
    ------
    InputError
        If the file is missing, unreadable, no text, not valid YAML, not a mapping, or carries
        anything that configuration engines would act upon (``_target_``, ``hydra``, ``${...}``).
    """
    return _plain_data(read_text(path).text, str(path))


def read_text(path: Path) -> FileText:
    """Read a user's file as text.

    Raises
    ------
    InputError
        If the file is missing, unreadable or no text (`simsupply.base.text_files`).
    """
    source = str(path)
    try:
        return text_of_file(read_file(path), source)  # as it is, line ends too
    except FileNotFoundError:
        raise wrong(source, "", message("no_such_file"), message("existing_file_or_name")) from None
    except OSError as error:
        raise wrong(source, "", reason(error), message("readable_file")) from None
    except UnicodeDecodeError as error:
        raise wrong(source, "", reason(error), message("text_in_encodings")) from None


def _plain_data(text: str, source: str) -> dict[str, Any]:
    try:
        data = _loaded(text)
    except yaml.YAMLError as error:
        _refuse(error, source)
    except RecursionError:
        raise wrong(source, "", message("nested_too_deeply"), message("valid_yaml")) from None
    if (size := _num_values(data, {})) > MAX_VALUES:
        raise wrong(source, "", message("number_of_values", size=size), message("most_values", most=MAX_VALUES))
    if not isinstance(data, dict):
        raise wrong(source, "", data, message("mapping_of_keys"))
    problems = list(_forbidden(data, source, ""))
    if problems:
        raise InputError(with_lines(problems, text))
    return data


def read_flow(text: str, source: str, key: str) -> Any:
    """Read a value in YAML's flow style (``[a, b]``); whether it is plain data is for `check_plain_data` to say.

    Raises
    ------
    yaml.YAMLError
        If it cannot be read.
    InputError
        If it would fill the memory.
    """
    try:
        data = _loaded(text)
    except RecursionError:
        raise wrong(source, key, message("nested_too_deeply"), message("valid_yaml")) from None
    if (size := _num_values(data, {})) > MAX_VALUES:
        raise wrong(source, key, message("number_of_values", size=size), message("most_values", most=MAX_VALUES))
    return data


def check_plain_data(data: Any, source: str, key: str) -> None:
    """Refuse what is no plain data, or what configuration engines would act upon.

    Raises
    ------
    InputError
        With every problem found.
    """
    problems = _forbidden(data, source, key)
    if problems:
        raise InputError(problems)


def _refuse(error: yaml.YAMLError, source: str) -> NoReturn:
    """Say where a text is no valid YAML."""
    mark = getattr(error, "problem_mark", None)
    own: Message | None = getattr(error, "what", None)
    what = own or _in_words(str(getattr(error, "problem", None) or error).splitlines()[0])
    if mark is None:
        raise wrong(source, "", what, message("valid_yaml")) from None
    at_column = message("at_column", column=mark.column + 1, what=what)
    raise InputError([Problem("", at_column, message("valid_yaml"), source, mark.line + 1)]) from None


def _in_words(said: str) -> Message:
    """What PyYAML says of a text, in English as it says it; the commonest things in Chinese too."""
    if found := re.fullmatch(r"expected ',' or '(.)', but got (.*)", said):
        return message("yaml_comma_or_end", end=found[1], found=found[2])
    if found := re.fullmatch(r"found character (.*) that cannot start any token", said):
        return message("yaml_character", character=found[1])
    if found := re.fullmatch(r"found undefined alias (.*)", said):
        return message("yaml_alias", alias=found[1])
    if said == "found unexpected end of stream":
        return message("yaml_end_of_stream")
    if said == "mapping values are not allowed here":
        return message("yaml_no_colon_here")
    if said == "could not find expected ':'":
        return message("yaml_colon_missing")
    return message("yaml_says", said=said)


def with_lines(problems: list[Problem], text: str) -> list[Problem]:
    """Problems with the lines of a user's file on which their keys stand."""
    nodes = read_nodes(text, "", "own file")
    builder = PlacesBuilder()
    for key, node, line in nodes.children():
        builder.lay(nodes, node, line, key)
    places = builder.built()
    found = [(problem, places.nearest(problem.key)) for problem in problems]
    return [replace(problem, line=place.line) if place else problem for problem, place in found]


def _num_values(data: Any, known: dict[int, int]) -> int:
    """Scalars in nested data, those behind aliases counted each time they appear."""
    if not isinstance(data, list | dict):
        return 1
    if id(data) not in known:
        values = data.values() if isinstance(data, dict) else data
        known[id(data)] = 1 + sum(_num_values(value, known) for value in values)
    return known[id(data)]


def _forbidden(data: Any, source: str, at: str) -> list[Problem]:
    problems = []
    if isinstance(data, dict):
        for key, value in data.items():
            path = f"{at}.{key}" if at else str(key)
            if not isinstance(key, str):
                problems.append(Problem(path, key, message("keys_are_words"), source))
            elif key.startswith("_") or key in ("hydra", "defaults") or "${" in key:
                problems.append(Problem(path, value, message("key_acted_upon"), source))
            problems += _forbidden(value, source, path)
    elif isinstance(data, list):
        for number, value in enumerate(data):
            problems += _forbidden(value, source, f"{at}.{number}")
    elif isinstance(data, str) and "${" in data:
        problems.append(Problem(at, data, message("not_filled_in"), source))
    elif not isinstance(data, str | int | float | None):
        problems.append(Problem(at, data, message("plain_data"), source))
    return problems


def read_built_in(group: str, name: object, source: str, key: str | None = None) -> dict[str, Any]:
    """Read one built-in option that stands alone (demand, staffing, fleet or channel).

    `key` is where it is asked for, if that is not the name of the group.
    """
    if name not in built_in(group):
        raise wrong(source, key or group, name, nearest(str(name), built_in(group)))
    data = _loaded("\n".join(option_lines(group, str(name))))
    assert isinstance(data, dict)
    return data


def option_lines(group: str, name: str) -> list[str]:
    """Lines of a built-in option, laid over those of another one where it starts from that (its ``defaults``)."""
    text = (config_dir() / group / f"{name}.yaml").read_text(encoding="utf-8")
    found = re.search(r"^defaults:\n  - (\w+)\n  - _self_\n\n?", text, flags=re.MULTILINE)
    if found is None:
        return text.splitlines()
    own = (text[: found.start()] + text[found.end() :]).splitlines()
    return _laid_over(option_lines(group, found[1]), own)


def read_world_file(path: Path) -> dict[str, Any]:
    """Read a user's scenario file: `scenario`, and the other sections as a mapping or a built-in name."""
    return with_place_tables(world_data(read_text(path).text, str(path)), path.parent)[0]


def world_data(text: str, source: str) -> dict[str, Any]:
    """The same of the text of a file."""
    data = _plain_data(text, source)
    unknown = islice((key for key in data if key not in WORLD_SECTIONS), MOST_SHOWN + 1)
    problems = [Problem(key, data[key], nearest(key, WORLD_SECTIONS), source) for key in unknown]
    problems += [
        Problem(key, None, message("required"), source)
        for key in WORLD_SECTIONS
        if key not in data and key not in OPTIONAL_SECTIONS
    ]
    if problems:
        raise InputError(with_lines(problems, text))
    try:
        return beside(
            {
                key: read_built_in(key, value, source) if isinstance(value, str) else value
                for key, value in data.items()
            },
            IN_WORLD,
            source,
        )
    except InputError as error:
        raise InputError(with_lines(list(error.problems), text)) from None


def read_strategy_file(path: Path) -> dict[str, Any]:
    """Read a user's strategy file; a channel is a mapping or the name of a built-in one."""
    return strategy_data(read_text(path).text, str(path))


def strategy_data(text: str, source: str) -> dict[str, Any]:
    """The same of the text of a file."""
    data = _plain_data(text, source)
    channels = data.get("channels")
    if isinstance(channels, dict):
        try:
            data["channels"] = {
                key: read_built_in("channel", value, source, f"channels.{key}") if isinstance(value, str) else value
                for key, value in channels.items()
            }
        except InputError as error:
            raise InputError(with_lines(list(error.problems), text)) from None
    return beside(data, IN_STRATEGY, source)


def read_built_in_strategy(name: str) -> dict[str, Any]:
    """Read a built-in strategy with its channels: what Hydra composes, in a tenth of the time.

    Raises
    ------
    InputError
        If there is none of this name.
    """
    if name not in built_in("strategy"):
        allowed = message("or_yaml_file", first=nearest(name, built_in("strategy")))
        raise wrong("command line", "strategy", name, allowed)
    data = _loaded(template("strategy", name))
    assert isinstance(data, dict)
    return data


def template(group: str, name: str, options: Mapping[str, str] | None = None) -> str:
    """Text of a file of one's own: a built-in scenario or strategy whole, comments and marks included.

    Parameters
    ----------
    group : str
        ``scenario``: with its other sections; ``strategy``: with its channels.
    name : str
    options : mapping, optional
        Of a scenario's other sections, built-in ones in place of its own.

    Raises
    ------
    InputError
        If there is no such built-in option.
    """
    if name not in built_in(group):
        raise wrong("command line", group, name, nearest(name, built_in(group)))
    text = (config_dir() / group / f"{name}.yaml").read_text(encoding="utf-8")
    channels = re.findall(r"^  - /channel@channels\.(\w+): (\w+)$", text, flags=re.MULTILINE)
    if not channels:
        own, chosen = _scenario_parts(name)
        # What a scenario changes in one of its other sections is written into that section.
        lines = []
        for section, option in {**chosen, **(options or {})}.items():
            part = option_lines(section, option)
            part = _laid_over(part, outdented(own.pop(section, [])[1:]))
            lines += ["", f"{section}:", *indented(part, 2)]
        return "\n".join([line for block in own.values() for line in block] + lines) + "\n"
    # A strategy may change something in a channel; that is written into the channel.
    own = blocks_of(_without_defaults(text).splitlines())
    changes = blocks_of(outdented(own.pop("channels", [])[1:]))
    lines = [line for block in own.values() for line in block] + ["", "channels:"]
    for key, option in channels:
        whole = (config_dir() / "channel" / f"{option}.yaml").read_text(encoding="utf-8").splitlines()
        first, *changed = changes.get(key, [f"{key}:"])
        lines += [f"  {first}", *indented(_laid_over(whole, outdented(changed)), 4), ""]
    return "\n".join(lines[:-1]) + "\n"


def _scenario_parts(name: str) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Blocks of a built-in scenario and options of its other sections, laid over those of one that it starts from."""
    text = (config_dir() / "scenario" / f"{name}.yaml").read_text(encoding="utf-8")
    chosen = dict(re.findall(r"^  - override /(\w+): (\w+)$", text, flags=re.MULTILINE))
    lines = _without_defaults(text).splitlines()
    if found := re.search(r"^defaults:\n  - (\w+)\n", text, flags=re.MULTILINE):
        below, options = _scenario_parts(found[1])
        lines = _laid_over([line for block in below.values() for line in block], lines)
        chosen = {**options, **chosen}
    return blocks_of(lines), chosen


def _without_defaults(text: str) -> str:
    """Text without what is said to Hydra."""
    text = re.sub(r"^# @package.*\n", "", text)
    return re.sub(r"^defaults:\n(?:  - .*\n)+\n?", "", text, flags=re.MULTILINE)


def blocks_of(lines: list[str]) -> dict[str, list[str]]:
    """Lines of a mapping by its keys, each with what stands below it; what stands above the first: an empty key."""
    blocks: dict[str, list[str]] = {}
    key = ""
    for line in lines:
        start = re.match(r"(\w+):", line)
        key = start[1] if start else key
        blocks.setdefault(key, []).append(line)
    return blocks


def _laid_over(lines: list[str], changes: list[str]) -> list[str]:
    """Put the keys of `changes` into a mapping, in place of those of the same name, level by level."""
    blocks = blocks_of(lines)
    for key, block in blocks_of(changes).items():
        if key in blocks and len(block) > 1 and len(blocks[key]) > 1:
            first, *below = blocks[key]
            block = [first, *indented(_laid_over(outdented(below), outdented(block[1:])), 2)]
        blocks[key] = block
    return [line for block in blocks.values() for line in block]


def outdented(lines: list[str]) -> list[str]:
    """Lines one level further out."""
    return [line.removeprefix("  ") for line in lines]


def indented(lines: list[str], by: int) -> list[str]:
    """Lines so many blanks further in."""
    return [f"{' ' * by}{line}".rstrip() for line in lines]
