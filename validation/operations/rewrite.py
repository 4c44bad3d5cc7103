"""Putting the minutes of ``minutes.csv`` into the channels and types of vehicles, each with its mark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from simsupply.base.files import write_whole
from validation.operations.minutes import Number, Rule, numbers_of_plans, rule_for

_GOES_ON = re.compile(r"\s*#\s{3,}\S")
"""A line that goes on with the comment of the line before it."""

_MARK = re.compile(r"([SPA](?: \[[^]]*\])?) ?(.*)")
"""A mark with its range, and operations from which the number comes."""

_ALONE = re.compile(r"(\s*\w+: )[\d.]+\s*")
"""A number on a line of its own."""


def rewritten(folder: Path, rules: Sequence[Rule]) -> list[Path]:
    """Change the numbers for which a rule has other minutes, but for those that a plan says (S); nothing else.

    Parameters
    ----------
    folder : path
        With ``channel`` and ``vehicle`` in it, as ``configs/``.
    rules : sequence of Rule

    Returns
    -------
    list of path
        Files that were changed.

    Raises
    ------
    ValueError
        If a number stands on a line with others.
    """
    changed = []
    for (group, file), numbers in groupby(numbers_of_plans(folder), key=lambda number: (number.group, number.file)):
        path = folder / group / f"{file}.yaml"
        lines: list[str | None] = [*path.read_text(encoding="utf-8").splitlines()]
        before = list(lines)
        for number in numbers:
            rule = rule_for(number, rules)
            if rule and number.mark != "S" and rule.minutes not in (None, number.minutes):
                _change(lines, number, rule)
        if lines != before:
            text = "".join(f"{line}\n" for line in lines if line is not None)
            write_whole(path, lambda new, text=text: new.write_text(text, encoding="utf-8"))
            changed.append(path)
    return changed


def _change(lines: list[str | None], number: Number, rule: Rule) -> None:
    line = lines[number.line]
    assert line is not None
    body = line.partition("#")[0]
    found = _ALONE.fullmatch(body)
    if found is None or rule.minutes is None:
        raise ValueError(f"{number.file}, line {number.line + 1}: allowed: a number on a line of its own")
    text = f"{found[1]}{rule.minutes:g}"
    marked = _MARK.fullmatch(rule.mark)
    assert marked is not None
    comment = "  ".join(filter(None, (*marked.groups(), rule.why.partition(";")[0])))
    lines[number.line] = f"{text}{' ' * max(len(body) - len(text), 1)}# {comment}"
    following = number.line + 1
    while following < len(lines) and (after := lines[following]) is not None and _GOES_ON.match(after):
        lines[following] = None
        following += 1
