"""Changing values in a text of YAML: every other line, and its comments, stay as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from simsupply.config.yaml_places import read_nodes

MARK_OF_OVERRIDES = "U"
"""The user's: what was set on the command line."""


def flow(value: object) -> str:
    """A value on one line of YAML."""
    text = yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, width=10**9, sort_keys=False)
    return text.removesuffix("...\n").strip()


def leaves(path: tuple[str, ...], value: Any) -> list[tuple[str, ...]]:
    """Keys that a value sets: those of mappings one by one, everything else whole."""
    if not isinstance(value, Mapping) or not value:
        return [path]
    return [leaf for key, item in value.items() for leaf in leaves((*path, str(key)), item)]


def with_changes(text: str, data: Mapping[str, Any], paths: Sequence[tuple[str, ...]]) -> str:
    """The text with what `data` holds at some keys, marked as the user's.

    Parameters
    ----------
    text : str
        Of a mapping.
    data : mapping
        What the text is to say.
    paths : sequence of tuple of str
        Keys of the data that differ; what stands beside them in `data` no more is taken out of the text.
    """
    for path in paths:
        text = _with_change(text, data, path)
    kept = yaml.safe_load(text) if text.strip() else {}
    for section in data:
        if (kept.get(section) or None) != (data[section] or None):
            # What cannot be written in its place is written anew, without comments.
            text = _with_section(text, section, data[section])
    return text


def _with_change(text: str, data: Mapping[str, Any], path: tuple[str, ...]) -> str:
    node: yaml.Node = read_nodes(text, "", "built-in").root
    there: Any = data
    for depth, name in enumerate(path):
        found = _child(node, name)
        is_gone = isinstance(there, Mapping) and name not in there
        if found is None:
            return text if is_gone else _inserted(text, node, name, there[name])
        key, value = found
        if isinstance(node, yaml.MappingNode) and isinstance(there, Mapping):
            # A key that stands instead of another one has taken its place.
            for other, _ in node.value:
                if depth == len(path) - 1 and other.value not in there and other.value != name:
                    return _with_change(_without(text, node, other.value), data, path)
        if is_gone:
            return _without(text, node, name)
        there = there[int(name)] if isinstance(there, list) else there[name]
        if depth == len(path) - 1 or not isinstance(value, yaml.CollectionNode) or value.flow_style:
            return _replaced(text, key, value, there, path[-1])
        node = value
    return text


def _child(node: yaml.Node, name: str) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.SequenceNode):
        return (node.value[int(name)], node.value[int(name)]) if int(name) < len(node.value) else None
    return next(((key, value) for key, value in node.value if key.value == name), None)


def _end(node: yaml.Node) -> int:
    """Behind the last character of a value; comments and blank lines below a block are none of it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _replaced(text: str, key: yaml.Node, value: yaml.Node, new: Any, name: str) -> str:
    begin = value.start_mark.index if key is value else key.end_mark.index
    end = _end(value)
    was, rest = text[value.start_mark.index : end], text[end:].partition("\n")[0]
    comment = rest.partition("#")[2].strip()
    is_whole = "\n" not in was and not isinstance(value, yaml.CollectionNode)
    said = f"{MARK_OF_OVERRIDES}  instead of {was}" if is_whole else f"{MARK_OF_OVERRIDES}  {name}"
    said = f"  # {said}: {comment}" if comment else f"  # {said}"
    return f"{text[:begin]}{'' if key is value else ': '}{flow(new)}{said}{text[end + len(rest) :]}"


def _inserted(text: str, node: yaml.Node, name: str, new: Any) -> str:
    """A key put before the first one of a block."""
    assert isinstance(node, yaml.MappingNode)
    begin, column = node.start_mark.index, node.start_mark.column
    return f"{text[:begin]}{flow({name: new})[1:-1]}  # {MARK_OF_OVERRIDES}\n{' ' * column}{text[begin:]}"


def _without(text: str, node: yaml.Node, name: str) -> str:
    """A key taken out of a block, with its lines."""
    assert isinstance(node, yaml.MappingNode)
    number = [key.value for key, _ in node.value].index(name)
    key, value = node.value[number]
    if len(node.value) == 1:
        return f"{text[: key.start_mark.index]}{{}}{text[_end(value) :]}"
    rest = text[_end(value) :].partition("\n")[0]
    end = min(_end(value) + len(rest) + 1, len(text))
    if number + 1 < len(node.value):
        # Up to the column of the next key, so that a block that begins behind a dash goes on there.
        return f"{text[: key.start_mark.index]}{text[end:].lstrip(' ')}"
    return text[: key.start_mark.index].rstrip(" ") + text[end:]


def _with_section(text: str, section: str, value: Any) -> str:
    """A section of the whole text written anew, in its place or at the end."""
    block = yaml.safe_dump({section: value}, allow_unicode=True, sort_keys=False, width=120)
    found = _child(read_nodes(text, "", "built-in").root, section)
    if found is None:
        return f"{text}\n{block}"
    key, old = found
    rest = text[_end(old) :].partition("\n")[0]
    return f"{text[: key.start_mark.index]}{block.rstrip()}{text[_end(old) + len(rest) :]}"
