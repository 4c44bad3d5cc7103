"""What of a run has changed since minute 0, as a tree of plain values with named arrays, and back again.

A node is a plain value, or a list that begins with a word:

======================================  ==================================================================
``["same"]``                            as at minute 0
``["number", dtype, value]``            a number of numpy
``["tuple", nodes]``                    also ``["set", nodes]`` for one that never changes
``["fields", class, nodes]``            a named tuple
``["at", path]``                        the object that is at this path at minute 0
``["made", number]``                    the object made as this one
``["at", path, content]``               the same, told of for the first time: what has changed in it
``["made", number, content]``           the same, new: everything in it
======================================  ==================================================================

Content is ``["array", name]``, ``["list" | "deque" | "set", nodes]``,
``["dict" | "Counter" | "defaultdict", pairs of nodes]``
or ``["object", class, nodes by attribute, names of attributes that are gone]``. What was there at minute 0 is changed
in its place, so that whoever holds it sees the change.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simsupply.model.state.pairs import (
    FUNCTIONS,
    PLAIN,
    Path,
    attributes,
    follow,
    is_equal,
    pair,
    words,
)

Arrays = dict[str, NDArray[Any]]
Node = Any
SAME: Node = ["same"]
# There is nothing to compare with.
_NOTHING = object()
_ROOMS = ("simsupply.model.", "simsupply.records.", "simsupply.strategy.", "simsupply.scenario.")


class UnknownPart(TypeError):
    """A run keeps something of which a state cannot tell, or a state holds something that no run keeps."""


def changes(now: object, start: object) -> tuple[Node, Arrays]:
    """What has changed in a run since minute 0.

    Parameters
    ----------
    now, start
        A run, and the same run at minute 0.

    Raises
    ------
    UnknownPart
        If it keeps something that is not data.
    """
    writer = _Writer(now, start)
    return writer.node((), now, start), writer.arrays


class _Writer:
    def __init__(self, now: object, start: object) -> None:
        self.pairs, self.arrays = pair(now, start), Arrays()
        self.told = dict[int, Node]()

    def node(self, path: Path, now: Any, start: Any) -> Node:
        """What is at a path now; `start` was there at minute 0."""
        if isinstance(now, PLAIN):
            if is_equal(now, start):
                return SAME
            return ["number", now.dtype.str, now.item()] if isinstance(now, np.generic) else now
        if isinstance(now, tuple):
            return self._row(path, now, start)
        if isinstance(now, frozenset):
            return SAME if now == start else ["set", [self.node(path, value, _NOTHING) for value in now]]
        if id(now) in self.told:
            return SAME if self.pairs.are(now, start) else self.told[id(now)]
        if id(now) in self.pairs.start:
            return self._kept(now, start)
        number = len(self.told)
        self.told[id(now)] = ["made", number]
        return ["made", number, self._content(path, now, _NOTHING)]

    def _row(self, path: Path, now: Any, start: Any) -> Node:
        befores = start if type(start) is type(now) and len(start) == len(now) else [_NOTHING] * len(now)
        nodes = [self.node((*path, ("item", n)), *both) for n, both in enumerate(zip(now, befores, strict=True))]
        if befores is start and all(node == SAME for node in nodes):
            return SAME
        return ["tuple", nodes] if type(now) is tuple else ["fields", _name(type(now)), nodes]

    def _kept(self, now: Any, start: Any) -> Node:
        """What has changed in an object that was there at minute 0."""
        path, was = self.pairs.path[id(now)], self.pairs.start[id(now)]
        self.told[id(now)] = ["at", [list(self._hop(hop)) for hop in path]]
        here = SAME if was is start else self.told[id(now)]
        if id(now) in self.pairs.fixed or isinstance(now, type):
            return here
        content = self._content(path, now, was)
        return here if content is None else [*self.told[id(now)], content]

    def _hop(self, hop: tuple[str, Any]) -> tuple[str, Node]:
        return hop[0], self.node((), hop[1], _NOTHING)

    def _content(self, path: Path, now: Any, was: Any) -> Node:
        """What is in an object; None: what was in `was`."""
        name = type(now).__name__
        if isinstance(now, np.ndarray):
            return None if is_equal(now, was) else ["array", self._array(path, now)]
        if type(now) is set:
            return None if now == was else ["set", [self.node(path, value, _NOTHING) for value in now]]
        if type(now) in (list, deque):
            befores = [] if was is _NOTHING else was
            nodes = [
                self.node((*path, ("item", n)), value, befores[n] if n < len(befores) else _NOTHING)
                for n, value in enumerate(now)
            ]
            is_same = was is not _NOTHING and len(nodes) == len(was) and all(node == SAME for node in nodes)
            return None if is_same else [name, nodes]
        if type(now) in (dict, Counter, defaultdict):
            befores = {} if was is _NOTHING else was
            pairs = [
                [self.node(path, key, _NOTHING), self.node((*path, ("key", key)), value, befores.get(key, _NOTHING))]
                for key, value in now.items()
            ]
            is_same = was is not _NOTHING and list(now) == list(was) and all(value == SAME for _, value in pairs)
            return None if is_same else [name, pairs]
        if was is _NOTHING and (isinstance(now, FUNCTIONS) or not type(now).__module__.startswith(_ROOMS)):
            raise UnknownPart(f"{words(path)}: {now!r}")
        befores = {} if was is _NOTHING else attributes(was)
        kept = {
            key: self.node((*path, ("attribute", key)), value, befores.get(key, _NOTHING))
            for key, value in attributes(now).items()
        }
        gone = [key for key in befores if key not in kept]
        changed = {key: node for key, node in kept.items() if node != SAME}
        if was is not _NOTHING and not changed and not gone:
            return None
        return ["object", _name(type(now)), changed, gone]

    def _array(self, path: Path, array: NDArray[Any]) -> str:
        if array.dtype.hasobject:
            raise UnknownPart(f"{words(path)}: an array of objects")
        name = words(path)
        while name in self.arrays:
            name += "'"
        self.arrays[name] = array.copy()
        return name


def _name(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


def restore(start: object, tree: Node, arrays: Arrays) -> None:
    """Change a run at minute 0 into what `changes` told of.

    Raises
    ------
    UnknownPart
        If the tree does not fit this run.
    """
    reader = _Reader(start, arrays)
    reader.find(tree)
    try:
        reader.value(tree, start)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise UnknownPart(str(error)) from error


class _Reader:
    def __init__(self, start: object, arrays: Arrays) -> None:
        self.root, self.arrays = start, arrays
        self.made: dict[int, Any] = {}
        self.found: dict[str, Any] = {}

    def find(self, node: Node) -> None:
        """Look up every object of minute 0 that is spoken of, while all are where they were."""
        if not isinstance(node, list | dict):
            return
        if isinstance(node, list) and node and node[0] == "at":
            self.found[repr(node[1])] = follow(self.root, tuple((kind, self.value(to, None)) for kind, to in node[1]))
        for part in node.values() if isinstance(node, dict) else node:
            self.find(part)

    def value(self, node: Node, start: Any) -> Any:
        """The value of a node where `start` was at minute 0."""
        if not isinstance(node, list):
            return node
        word, *rest = node
        if word == "same":
            if start is _NOTHING:
                raise UnknownPart("the same as nothing")
            return start
        if word == "number":
            return np.dtype(rest[0]).type(rest[1])
        if word == "set":
            return frozenset(self.value(part, _NOTHING) for part in rest[0])
        if word in ("tuple", "fields"):
            nodes = rest[-1]
            befores = start if isinstance(start, tuple) and len(start) == len(nodes) else [_NOTHING] * len(nodes)
            values = [self.value(*both) for both in zip(nodes, befores, strict=True)]
            return tuple(values) if word == "tuple" else _class(rest[0])._make(values)
        if word == "at":
            found = self.found[repr(rest[0])]
        elif len(rest) == 1:
            return self.made[rest[0]]
        else:
            found = self.made[rest[0]] = self._new(rest[1])
        if len(rest) == 2:
            self._fill(found, rest[1], is_new=word == "made")
        return found

    def _new(self, content: Node) -> Any:
        word, what = content[0], content[1]
        if word == "array":
            return self.arrays[what].copy()
        if word == "object":
            kind = _class(what)
            return kind.__new__(kind)
        return {"list": list, "deque": deque, "set": set, "dict": dict, "Counter": Counter}[word]()

    def _fill(self, found: Any, content: Node, *, is_new: bool) -> None:
        word, *rest = content
        if word == "array":
            found[...] = self.arrays[rest[0]]
        elif word in ("list", "deque"):
            were = [*found, *[_NOTHING] * (len(rest[0]) - len(found))]
            values = [self.value(*both) for both in zip(rest[0], were, strict=False)]
            found.clear()
            found.extend(values)
        elif word == "set":
            values = [self.value(node, _NOTHING) for node in rest[0]]
            found.clear()
            found.update(values)
        elif word in ("dict", "Counter", "defaultdict"):
            before = dict(found)
            keys = [self.value(key, _NOTHING) for key, _ in rest[0]]
            pairs = [
                (key, self.value(node, before.get(key, _NOTHING))) for key, (_, node) in zip(keys, rest[0], strict=True)
            ]
            found.clear()
            dict.update(found, pairs)
        else:
            kind, changed, gone = rest
            if _name(type(found)) != kind:
                raise UnknownPart(kind)
            befores = {} if is_new else attributes(found)
            for key, node in changed.items():
                object.__setattr__(found, key, self.value(node, befores.get(key, _NOTHING)))
            for key in gone:
                object.__delattr__(found, key)


def _class(name: str) -> Any:
    """A class of the model, by name; nothing else is ever looked up."""
    module, _, qualname = name.partition(":")
    if not module.startswith(_ROOMS):
        raise UnknownPart(name)
    found: Any = import_module(module)
    for part in qualname.split("."):
        found = getattr(found, part)
    if not isinstance(found, type) or found.__module__ != module:
        raise UnknownPart(name)
    return found
