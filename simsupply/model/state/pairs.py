"""Objects of a run beside those of the same run at minute 0: which of them are one and the same.

Everything that a run keeps is reached from its loop by names of attributes, keys and numbers. A run at minute 0 is
made anew from scenario, strategy and seed, always with the same objects at the same paths, so that only what has
changed since must be written down. No part of the model has to list what it keeps, so nothing can be forgotten.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from simsupply.base.spec import Spec
from simsupply.scenario.world import Scenario

Path = tuple["Hop", ...]
Hop = tuple[str, Any]
"""How to go on: ``("attribute", name)``, ``("key", key)`` or ``("item", number)``."""

PLAIN = (bool, int, float, complex, str, bytes, np.generic, type(None))
FUNCTIONS = (FunctionType, MethodType, BuiltinFunctionType, type, ModuleType)
# Where what was recorded goes, who is told how far the run is, and where arrays lie in memory: of this process, not of
# the run.
OUTSIDE = {"on_advance", "sink", "trip_sink", "stop_sink", "directories", "told_arrays"}


def attributes(of: object) -> dict[str, Any]:
    """What an object keeps, by name; of a function, what it has closed over."""
    if isinstance(of, MethodType):
        return {"__self__": of.__self__}
    if isinstance(of, FunctionType):
        names = of.__code__.co_freevars
        return {
            f"__closure__.{name}": cell.cell_contents for name, cell in zip(names, of.__closure__ or (), strict=True)
        }
    if isinstance(of, FUNCTIONS):
        return {}
    kept = dict(getattr(of, "__dict__", {}))
    for kind in type(of).__mro__:
        slots = kind.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if not name.startswith("__") and hasattr(of, name):
                kept[name] = getattr(of, name)
    return {name: value for name, value in kept.items() if name not in OUTSIDE}


def parts(of: object) -> Iterator[tuple[Hop, Any]]:
    """Everything one hop away."""
    if isinstance(of, dict):
        yield from ((("key", key), value) for key, value in of.items())
    elif isinstance(of, list | tuple | deque):
        yield from ((("item", number), value) for number, value in enumerate(of))
    elif not isinstance(of, (*PLAIN, np.ndarray, set, frozenset)):
        yield from ((("attribute", name), value) for name, value in attributes(of).items())


def follow(root: object, path: Path) -> Any:
    """The object at a path."""
    found = root
    for kind, to in path:
        if kind != "attribute":
            found = found[to]  # type: ignore[index]
        elif isinstance(found, FunctionType | MethodType):
            found = attributes(found)[to]
        else:
            found = getattr(found, to)
    return found


def words(path: Path) -> str:
    """A path as a reader would write it."""
    text = "".join(f".{to}" if kind == "attribute" else f"[{to!r}]" for kind, to in path)
    return text.removeprefix(".")


def is_equal(now: Any, start: Any) -> bool:
    """Whether two plain values or arrays are the same to the last bit."""
    if type(now) is not type(start):
        return False
    if not isinstance(now, float | complex | np.ndarray | np.generic):
        return bool(now == start)
    left, right = np.asarray(now), np.asarray(start)
    if (left.dtype, left.shape) != (right.dtype, right.shape):
        return False
    return left.tobytes() == right.tobytes()


def has_identity(of: object) -> bool:
    """Whether it matters which of several equal ones it is: it can change, or stands for itself."""
    return not isinstance(of, (*PLAIN, tuple, frozenset))


def is_fixed(of: object) -> bool:
    """What a run never changes: scenario, strategy and what they say."""
    return isinstance(of, Spec | Scenario)


def pair(now: object, start: object) -> Pairs:
    """Go through a run and the same run at minute 0 side by side."""
    pairs = Pairs()
    pairs.add((), now, start)
    return pairs


class Pairs:
    """Which object of a run is which of the same run at minute 0.

    Attributes
    ----------
    start : dict of int to object
        By the address of an object of the run: the other one.
    path : dict of int to Path
        By the same: where it is.
    fixed : set of int
        Those that a run never changes.
    """

    def __init__(self) -> None:
        self.start: dict[int, Any] = {}
        self.path: dict[int, Path] = {}
        self.fixed: set[int] = set()
        self._taken = dict[int, int]()

    def are(self, now: object, start: object) -> bool:
        """Whether these two are the same object."""
        return id(now) in self.start and self.start[id(now)] is start

    def add(self, path: Path, now: object, start: object, *, fixed: bool = False) -> None:
        """Take two objects for the same if they are of one kind and neither is anything else's."""
        if isinstance(now, PLAIN) or type(now) is not type(start):
            return
        if isinstance(now, np.ndarray) and (now.dtype, now.shape) != (start.dtype, start.shape):  # type: ignore[attr-defined]
            return
        fixed = fixed or is_fixed(now)
        if has_identity(now):
            if id(now) in self.start or id(start) in self._taken:
                return
            if isinstance(now, FunctionType) and now.__code__ is not start.__code__:  # type: ignore[attr-defined]
                return
            self.start[id(now)], self.path[id(now)], self._taken[id(start)] = start, path, id(now)
            if fixed:
                self.fixed.add(id(now))
        others = dict(parts(start))
        for hop, value in parts(now):
            if hop in others:
                self.add((*path, hop), value, others[hop], fixed=fixed)
