"""What changes and restores: which thing is which, and what is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest

from simsupply.model.state.tree import UnknownPart, changes, restore


class Box:
    """Something that keeps what it is given."""

    def __init__(self, **kept: object) -> None:
        self.__dict__.update(kept)


Box.__module__ = "simsupply.model.box"


def carried(now: Box, start: Box, other: Box) -> Box:
    tree, arrays = changes(now, start)
    restore(other, json.loads(json.dumps(tree)), arrays)
    return other


def test_two_names_of_one_thing_stay_so() -> None:
    def fresh() -> Box:
        level = np.zeros(3)
        return Box(level=level, again=level, line=[1, 2], empty=None)

    now = fresh()
    now.level[1] = 5.0
    now.empty = now.line
    now.line.append(float("nan"))
    other = carried(now, fresh(), fresh())
    assert other.again is other.level
    assert other.level.tolist() == [0.0, 5.0, 0.0]
    assert other.empty is other.line
    assert repr(other.line) == "[1, 2, nan]"


def test_what_was_one_thing_may_be_two() -> None:
    def fresh() -> Box:
        level = np.zeros(2)
        return Box(level=level, again=level, gone=1)

    now = fresh()
    now.again = np.array([7.0, 8.0])
    del now.gone
    other = carried(now, fresh(), fresh())
    assert (other.level.tolist(), other.again.tolist()) == ([0.0, 0.0], [7.0, 8.0])
    assert not hasattr(other, "gone")


def test_things_may_change_places() -> None:
    def fresh() -> Box:
        return Box(first=Box(name="a", of=[1]), second=Box(name="b", of=[2]))

    now = fresh()
    now.first, now.second = now.second, now.first
    now.first.of.append(3)
    other = carried(now, fresh(), fresh())
    assert (other.first.name, other.first.of, other.second.name) == ("b", [2, 3], "a")


def test_what_is_no_data_is_refused() -> None:
    with pytest.raises(UnknownPart, match="later"):
        changes(Box(later=lambda: 1), Box(later=None))
    with pytest.raises(UnknownPart, match="rows"):
        changes(Box(rows=(n for n in range(3))), Box(rows=None))
