"""Ways to spoil a plan: other values, keys gone, doubled, misspelt or moved, bytes and lines of its text changed."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

Plain = Any
PLANS = (
    ("calendar_town", "buying_days"),
    ("demo_tiers", "norm_door_then_packs"),
    ("regiment_town", "gate_windows"),
    ("reserves_city", "sealed_crates"),
    ("scarce_goods", "scarce_four_priorities"),
    ("sealed_compounds", "norm_door_then_packs"),
    ("town", "village_lists"),
    ("township", "next_day_lists"),
)
"""Built-in plans that run in a tenth of a second and have among them every kind of section and step."""
NASTY: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    1,
    -1,
    2,
    7,
    10**9,
    10**18,
    2**63,
    -(2**63),
    0.0,
    -0.0,
    0.5,
    1e-308,
    5e-324,
    1e308,
    -1e308,
    1e-9,
    float("inf"),
    float("nan"),
    "",
    " ",
    "a",
    "depot",
    "drop_point",
    "0",
    "010",
    "1e3",
    "12:00",
    "24:00",
    "24:01",
    "190:20:30",
    "80%",
    "北京",
    "中" * 300,
    "O'Brien",
    "a=b",
    "=1+1",
    "${oc.env:HOME}",
    "!!python/object:os.system",
    "\x00",
    "\u202e",
    "𠮷",
    [],
    {},
    [1],
    [[]],
    {"a": 1},
    {"low": 5, "high": 1},
    ["mon", "mon"],
    "2024-2-30",
    "2024-02-30",
    ".",
    "..",
    "*",
    "&a",
    "%",
)
SIGNS = list("\t:-#{}[]&*!|>'\"%@`,?\x00\ufeff\x7f中é")


def places(data: Plain, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths of everything in nested data."""
    found = [at] if at else []
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        found += places(value, (*at, key))
    return found


def above(data: Plain, path: tuple[Any, ...]) -> Any:
    for key in path[:-1]:
        data = data[key]
    return data


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15


def scaled(value: float) -> st.SearchStrategy[Any]:
    """Other numbers of its size, and some that are not; a whole number may stay one."""
    numbers = [value * by for by in (-1, 0, 2, 3, 10, 1000, 1e6, 0.5, 0.1, 0.001)] + [value + 1, value - 1]
    return st.sampled_from([*numbers, *(int(number) for number in numbers)])


@st.composite
def spoiled_data(draw: st.DrawFn, data: Plain) -> Plain:
    """Plain data with one to three things changed."""
    data = copy.deepcopy(data)
    for _ in range(draw(st.sampled_from([1, 1, 1, 2, 3]))):
        every = places(data)
        if not every:
            return data
        path = draw(st.sampled_from(every))
        node, key = above(data, path), path[-1]
        if draw(st.booleans()):  # sections are few, and numbers are what a plan is of
            numbers = [path for path in every if is_number(above(data, path)[path[-1]])]
            path = draw(st.sampled_from(numbers or every))
            node, key = above(data, path), path[-1]
        how = draw(
            st.sampled_from(["value", "value", "scaled", "scaled", "scaled", "gone", "misspelt", "moved", "doubled"])
        )
        if how == "scaled" and is_number(node[key]):
            node[key] = draw(scaled(node[key]))
        elif how == "gone":
            del node[key]
        elif how == "misspelt" and isinstance(node, dict):
            node[str(key) + draw(st.sampled_from(["s", "_", " ", "。", "é"]))] = node.pop(key)
        elif how == "moved":
            other = draw(st.sampled_from(every))
            if isinstance(moved := _above_or_none(data, other), dict | list):
                node[key] = copy.deepcopy(moved)
        elif how == "doubled" and isinstance(node, list):
            node.append(copy.deepcopy(node[key]))
        else:
            node[key] = draw(st.sampled_from(NASTY))
    return data


def _above_or_none(data: Plain, path: tuple[Any, ...]) -> Any:
    try:
        return above(data, path)[path[-1]]
    except (KeyError, IndexError, TypeError):
        return None


@st.composite
def spoiled_text(draw: st.DrawFn, text: str) -> bytes:
    """Bytes of a text with one to three places changed."""
    for _ in range(draw(st.integers(1, 3))):
        lines = text.split("\n")
        number = draw(st.integers(0, len(lines) - 1))
        how = draw(st.sampled_from(["sign", "cut", "line_gone", "line_twice", "indent", "swap", "anchor"]))
        line = lines[number]
        place = draw(st.integers(0, len(line)))
        if how == "sign":
            lines[number] = (
                line[:place] + draw(st.sampled_from(list("\t:-#{}[]&*!|>'\"%@`,?\x00\ufeff\x7f中é"))) + line[place:]
            )
        elif how == "cut":
            lines[number] = line[:place]
        elif how == "line_gone":
            del lines[number]
        elif how == "line_twice":
            lines.insert(number, line)
        elif how == "indent":
            lines[number] = draw(st.sampled_from(["  ", " ", "\t"])) + line
        elif how == "swap":
            other = draw(st.integers(0, len(lines) - 1))
            lines[number], lines[other] = lines[other], line
        else:
            lines[number] = f"{line} &again [*again, *again]"
        text = "\n".join(lines)
    content = text.encode("utf-8")
    if draw(st.booleans()) or not content:
        return content
    place = draw(st.integers(0, len(content) - 1))
    return content[:place] + bytes([draw(st.integers(0, 255))]) + content[place + 1 :]
