"""Reading configuration files: the built-in ones, and users' files, which are data and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from simsupply.base.catalogue import message
from simsupply.base.problems import InputError, Problem, nearest, wrong

GROUPS = ("scenario", "strategy", "channel", "demand", "staffing", "fleet", "goods", "tiers", "supply", "shocks")
WORLD_SECTIONS = ("scenario", "demand", "staffing", "fleet", "goods", "tiers", "supply", "shocks")
EXPERIMENTS = "experiment"
OPTIONAL_SECTIONS = ("goods", "tiers", "supply", "shocks")


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader (plain data only), which also refuses a key given twice."""


def _mapping(loader: _Loader, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
    seen = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if isinstance(key, list | dict):
            raise yaml.constructor.ConstructorError(None, None, "a key is not a plain word", key_node.start_mark)
        if key in seen:
            raise yaml.constructor.ConstructorError(None, None, f"key {key!r} is given twice", key_node.start_mark)
        seen.add(key)
    return yaml.SafeLoader.construct_mapping(loader, node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
# A date stays the text it is; nothing here is a date, and only plain scalars can be composed.
_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
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


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a user's YAML file as plain data.

    Raises
    ------
    InputError
        If the file is missing, unreadable, not UTF-8, not valid YAML, not a mapping, or carries
        anything that configuration engines would act upon (``_target_``, ``hydra``, ``${...}``).
    """
    source = str(path)
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # a SafeLoader
    except FileNotFoundError:
        raise wrong(source, "", "no such file", "an existing YAML file, or a built-in name") from None
    except OSError as error:
        raise wrong(source, "", error.strerror, "a readable YAML file") from None
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise wrong(source, "", f"byte 0x{byte:02x} at {error.start}", "text in UTF-8") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        what = str(getattr(error, "problem", None) or error).splitlines()[0]
        raise wrong(source, "", where + what, "valid YAML, plain data") from None
    except RecursionError:
        raise wrong(source, "", "lists or mappings nested too deeply", "valid YAML, plain data") from None
    if (size := _num_values(data, {})) > MAX_VALUES:
        raise wrong(source, "", f"{size} values", f"at most {MAX_VALUES} values, aliases written out")
    if not isinstance(data, dict):
        raise wrong(source, "", data, "a mapping of keys to values")
    problems = list(_forbidden(data, source, ""))
    if problems:
        raise InputError(problems)
    return data


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
                problems.append(Problem(path, key, "keys that are words", source))
            elif key.startswith("_") or key in ("hydra", "defaults") or "${" in key:
                problems.append(Problem(path, value, "plain data; this key would be acted upon", source))
            problems += _forbidden(value, source, path)
    elif isinstance(data, list):
        for number, value in enumerate(data):
            problems += _forbidden(value, source, f"{at}.{number}")
    elif isinstance(data, str) and "${" in data:
        problems.append(Problem(at, data, "plain data; ${...} is not filled in", source))
    elif not isinstance(data, str | int | float | None):
        problems.append(Problem(at, data, "plain data: text, numbers, true or false, lists, mappings", source))
    return problems


def read_built_in(group: str, name: object, source: str) -> dict[str, Any]:
    """Read one built-in option that stands alone (demand, staffing, fleet or channel)."""
    if name not in built_in(group):
        raise wrong(source, group, name, nearest(str(name), built_in(group)))
    data = yaml.load("\n".join(option_lines(group, str(name))), Loader=_Loader)  # a SafeLoader
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
    data = read_yaml(path)
    source = str(path)
    problems = [
        Problem(key, data[key], nearest(key, WORLD_SECTIONS), source) for key in data if key not in WORLD_SECTIONS
    ]
    problems += [
        Problem(key, None, message("required"), source)
        for key in WORLD_SECTIONS
        if key not in data and key not in OPTIONAL_SECTIONS
    ]
    if problems:
        raise InputError(problems)
    return {key: read_built_in(key, value, source) if isinstance(value, str) else value for key, value in data.items()}


def read_strategy_file(path: Path) -> dict[str, Any]:
    """Read a user's strategy file; a channel is a mapping or the name of a built-in one."""
    data = read_yaml(path)
    channels = data.get("channels")
    if isinstance(channels, dict):
        data["channels"] = {
            key: read_built_in("channel", value, str(path)) if isinstance(value, str) else value
            for key, value in channels.items()
        }
    return data


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
    data = yaml.load(template("strategy", name), Loader=_Loader)  # a SafeLoader
    assert isinstance(data, dict)
    return data


def template(group: str, name: str) -> str:
    """Text of a file of one's own: a built-in scenario or strategy whole, comments and marks included.

    Parameters
    ----------
    group : str
        ``scenario``: with its other sections; ``strategy``: with its channels.
    name : str

    Raises
    ------
    InputError
        If there is no such built-in option.
    """
    if name not in built_in(group):
        raise wrong("command line", group, name, nearest(name, built_in(group)))
    text = (config_dir() / group / f"{name}.yaml").read_text(encoding="utf-8")
    chosen = re.findall(r"^  - override /(\w+): (\w+)$", text, flags=re.MULTILINE)
    channels = re.findall(r"^  - /channel@channels\.(\w+): (\w+)$", text, flags=re.MULTILINE)
    text = re.sub(r"^# @package.*\n", "", text)
    text = re.sub(r"^defaults:\n(?:  - .*\n)+\n?", "", text, flags=re.MULTILINE)
    own = _blocks(text.splitlines())
    if not channels:
        # What a scenario changes in one of its other sections is written into that section.
        lines = []
        for section, option in chosen:
            part = option_lines(section, option)
            part = _laid_over(part, _outdented(own.pop(section, [])[1:]))
            lines += ["", f"{section}:", *_indented(part, 2)]
        return "\n".join([line for block in own.values() for line in block] + lines) + "\n"
    # A strategy may change something in a channel; that is written into the channel.
    changes = _blocks(_outdented(own.pop("channels", [])[1:]))
    lines = [line for block in own.values() for line in block] + ["", "channels:"]
    for key, option in channels:
        whole = (config_dir() / "channel" / f"{option}.yaml").read_text(encoding="utf-8").splitlines()
        first, *changed = changes.get(key, [f"{key}:"])
        lines += [f"  {first}", *_indented(_laid_over(whole, _outdented(changed)), 4), ""]
    return "\n".join(lines[:-1]) + "\n"


def _blocks(lines: list[str]) -> dict[str, list[str]]:
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
    blocks = _blocks(lines)
    for key, block in _blocks(changes).items():
        if key in blocks and len(block) > 1 and len(blocks[key]) > 1:
            first, *below = blocks[key]
            block = [first, *_indented(_laid_over(_outdented(below), _outdented(block[1:])), 2)]
        blocks[key] = block
    return [line for block in blocks.values() for line in block]


def _outdented(lines: list[str]) -> list[str]:
    return [line.removeprefix("  ") for line in lines]


def _indented(lines: list[str], by: int) -> list[str]:
    return [f"{' ' * by}{line}".rstrip() for line in lines]
