"""Lines and comments of YAML: where each key of a text stands, laid over what was there before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

import yaml

from simsupply.base.source_map import Layer, Place, SourceFile, SourceMap

# Written in C where that is installed: twenty times as fast, with the same marks.
_FastLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class YamlText:
    """A text of YAML that has been read before, so that it is known to be right.

    Attributes
    ----------
    root : yaml.Node
    comments : mapping
        Comments by line, from 0, on lines that hold a key or value.
    """

    file: str
    layer: Layer
    text: str
    root: yaml.Node
    comments: Mapping[int, str]

    def place(self, line: int) -> Place:
        """Place of a line counted from 0."""
        return Place(self.file, line + 1, self.layer, self.comments.get(line, ""))

    def children(self) -> Iterable[tuple[str, yaml.Node, int]]:
        """Keys of the whole mapping, each with its node and its line from 0."""
        return _children(self.root)


def read_nodes(text: str, file: str, layer: Layer) -> YamlText:
    """Find the nodes and comments of a text."""
    root = yaml.compose(text, Loader=_FastLoader)
    assert root is not None  # an empty text has been refused
    return YamlText(file, layer, text, root, _comments(text, root))


def _children(node: yaml.Node) -> list[tuple[str, yaml.Node, int]]:
    if isinstance(node, yaml.MappingNode):
        return [(key.value, value, key.start_mark.line) for key, value in node.value]
    if isinstance(node, yaml.SequenceNode):
        return [(str(number), value, value.start_mark.line) for number, value in enumerate(node.value)]
    return []


def _comments(text: str, root: yaml.Node) -> dict[int, str]:
    """Comments by line: what follows a ``#`` behind the last value on the line."""
    ends, inside = _ends(root)
    lines = text.splitlines()
    found = {}
    for line, column in ends.items():
        comment = re.search(r"\s#(.*)", lines[line][column:]) if line < len(lines) and line not in inside else None
        if comment:
            found[line] = comment[1].strip()
    return found


def _ends(root: yaml.Node) -> tuple[dict[int, int], set[int]]:
    """Column behind the last value on each line, and lines whose end is inside a text over several lines."""
    ends: dict[int, int] = {}
    inside: set[int] = set()
    seen: set[int] = set()
    left = [root]
    while left:
        node = left.pop()
        if id(node) in seen:
            continue  # behind an alias
        seen.add(id(node))
        start, end = node.start_mark, node.end_mark
        if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
            # A comment may stand behind the sign that opens the block.
            ends[start.line] = max(ends.get(start.line, 0), start.column)
            inside.update(range(start.line + 1, end.line + (end.column > 0)))
        elif isinstance(node, yaml.ScalarNode):
            ends[end.line] = max(ends.get(end.line, 0), end.column)
            inside.update(range(start.line, end.line))
        elif isinstance(node, yaml.CollectionNode) and node.flow_style:
            ends[end.line] = max(ends.get(end.line, 0), end.column)
        if isinstance(node, yaml.MappingNode):
            left += [part for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            left += node.value
    return ends, inside


class PlacesBuilder:
    """Lays texts over each other as Hydra does: mappings key by key, everything else whole."""

    def __init__(self) -> None:
        self.leaves: dict[str, Place] = {}
        self.sections: dict[str, Place] = {}
        self.files: dict[SourceFile, None] = {}

    def built(self) -> SourceMap:
        """The map of what was laid."""
        return SourceMap(self.leaves, self.sections, tuple(self.files))

    def note(self, text: YamlText, digest: str | None = None) -> None:
        """Keep that a file was read, with the SHA-256 of its bytes (none: those of its text in UTF-8)."""
        digest = digest or sha256(text.text.encode("utf-8")).hexdigest()
        self.files[SourceFile(text.file, text.layer, digest)] = None

    def lay(self, text: YamlText, node: yaml.Node, line: int, at: str) -> None:
        """Lay a node over what is at a key.

        Parameters
        ----------
        line : int
            Where its key stands, from 0. What an alias stands for is where it was written.
        """
        children = _children(node)
        if not children:
            self.set_leaf(at, text.place(line))
            return
        if isinstance(node, yaml.SequenceNode):
            self.remove(at)
        self.set_section(at, text.place(line))
        for key, value, below in children:
            self.lay(text, value, below, f"{at}.{key}" if at else key)

    def set_leaf(self, key: str, place: Place) -> None:
        """Set a value, in place of all that was at the key."""
        self.remove(key)
        self.leaves[key] = place

    def set_section(self, key: str, place: Place) -> None:
        """Set a key that holds others; what it holds stays."""
        self.leaves.pop(key, None)
        self.sections[key] = place

    def remove(self, key: str) -> None:
        """Take away a key and all below it."""
        self.leaves.pop(key, None)
        if self.sections.pop(key, None):
            for places in (self.leaves, self.sections):
                for name in [name for name in places if name.startswith(f"{key}.")]:
                    del places[name]
