"""Minutes that steps of the built-in plans should take: ``minutes.csv``, and what each stands at today.

A row says for which steps (by their names, or ``*``), which part of a step and which key it holds; `hands_out` and
`channels` narrow it. The first row that holds is the one. Without minutes a number stays as it is, with the mark given.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from simsupply.config.yaml_files import config_dir
from validation.operations.published import FOLDER

TABLE = FOLDER / "minutes.csv"
PARTS = ("effort", "load", "unload", "rounds", "handling", "")
HANDED_OUT = ("baskets", "packs", "sets")
_COLUMNS = ("steps", "part", "key", "hands_out", "channels", "minutes", "mark", "why")


@dataclass(frozen=True)
class Rule:
    """One row: which numbers it holds for, what they should be, with mark and reason.

    `minutes` is None where a number stays as it is, `mark` ``*`` where its mark does.
    """

    steps: tuple[str, ...]
    part: str
    key: str
    hands_out: str
    channels: tuple[str, ...]
    minutes: float | None
    mark: str
    why: str

    def holds_for(self, number: Number) -> bool:
        """Whether a number of a plan is one of these."""
        return (
            (self.steps == ("*",) or number.step in self.steps)
            and self.part == number.part
            and self.key in ("*", number.key)
            and self.hands_out in ("", number.hands_out)
            and (not self.channels or number.file in self.channels)
        )


@dataclass(frozen=True)
class Number:
    """Minutes that stand in a file of ``configs/channel`` or ``configs/vehicle``.

    Attributes
    ----------
    file : str
        Name of the channel or of the type of vehicle.
    step, part, key : str
        Name of the step (of the type of vehicle); ``effort``, ``load``, ``unload``, ``rounds``,
        ``handling`` or nothing; and the key there.
    hands_out : str
        Whether the channel hands out ``packs`` that are all alike, ``sets`` of a few kinds, or ``baskets`` with a name.
    minutes : float
    comment : str
        Its mark, and what it says.
    line : int
        From 0.
    group : str
        Folder of the file.
    """

    file: str
    step: str
    part: str
    key: str
    hands_out: str
    minutes: float
    comment: str
    line: int = 0
    group: str = "channel"

    @property
    def mark(self) -> str:
        """Its mark today."""
        return self.comment[:1]


def read_rules(path: Path = TABLE) -> list[Rule]:
    """Read the table.

    Raises
    ------
    ValueError
        With every problem found, one a line.
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != _COLUMNS:
            raise ValueError(
                f"{path.name}: columns: got {', '.join(reader.fieldnames or ())}; allowed: {', '.join(_COLUMNS)}"
            )
        rows = list(reader)
    problems = [f"{path.name}, line {line}: {told}" for line, row in enumerate(rows, start=2) for told in _wrong(row)]
    if problems:
        raise ValueError("\n".join(problems))
    return [
        Rule(
            tuple(row["steps"].split()),
            row["part"],
            row["key"],
            row["hands_out"],
            tuple(row["channels"].split()),
            float(row["minutes"]) if row["minutes"] else None,
            row["mark"],
            row["why"],
        )
        for row in rows
    ]


def _wrong(row: dict[str, str]) -> Iterator[str]:
    for name in ("steps", "key", "mark", "why"):
        if not row[name]:
            yield f"{name}: got nothing; allowed: a text"
    for name, allowed in (("part", PARTS), ("hands_out", ("", *HANDED_OUT))):
        if row[name] not in allowed:
            yield f"{name}: got {row[name]!r}; allowed: {', '.join(filter(None, allowed))} or nothing"
    if row["mark"] and row["mark"][0] not in "SPA*":
        yield f"mark: got {row['mark']!r}; allowed: S, P or A, or * (as it is)"
    elif row["mark"] == "*" and row["minutes"]:
        yield "mark: got '*' (as it is); allowed beside minutes: S, P or A"
    try:
        if row["minutes"] and not 0 < float(row["minutes"]) < 24 * 60:
            raise ValueError
    except ValueError:
        yield f"minutes: got {row['minutes']!r}; allowed: above 0 and below 1440, or nothing"


def rule_for(number: Number, rules: Sequence[Rule]) -> Rule | None:
    """The first rule that holds for a number; None if there is none."""
    return next((rule for rule in rules if rule.holds_for(number)), None)


def numbers_of_plans(folder: Path | None = None) -> list[Number]:
    """All minutes of the built-in channels and types of vehicles, file by file as they stand there."""
    folder = folder or config_dir()
    found: list[Number] = []
    for path in sorted((folder / "channel").glob("*.yaml")):
        found += _numbers(path)
    for path in sorted((folder / "vehicle").glob("*.yaml")):
        found += _numbers(path)
    return found


def _numbers(path: Path) -> Iterator[Number]:
    text = path.read_text(encoding="utf-8")
    lines, root = text.splitlines(), yaml.compose(text, Loader=yaml.SafeLoader)
    data = yaml.safe_load(text)
    hands_out = _hands_out(data)

    def visit(node: yaml.Node, keys: tuple[str, ...], step: str) -> Iterator[Number]:
        if isinstance(node, yaml.MappingNode):
            below = {key.value: value for key, value in node.value}
            if keys and keys[-1] in ("stage", "leg", "delay", "gate"):
                step = below["name"].value
            for key, value in below.items():
                yield from visit(value, (*keys, key), step)
        elif isinstance(node, yaml.SequenceNode):
            for value in node.value:
                yield from visit(value, keys, step)
        elif keys[-1].endswith("_min") and not keys[-1].endswith("_per_min") and keys[-2] in _ABOVE:
            comment = lines[node.start_mark.line].partition("#")[2].strip()
            part = keys[-2] if keys[-2] in PARTS else ""
            yield Number(
                path.stem,
                step,
                part,
                keys[-1],
                hands_out,
                float(node.value),
                comment,
                node.start_mark.line,
                path.parent.name,
            )

    return visit(root, (), path.stem)


_ABOVE = (*PARTS, "leg")
"""What minutes of work stand below; times of requisition, passes and slots are no work."""


def _hands_out(channel: dict[str, object]) -> str:
    """What a channel hands out: sets of a few kinds, packs that are all alike, or baskets."""
    parcel = channel.get("parcel")
    is_alike = isinstance(parcel, dict) and "lines" in parcel and "goods" not in parcel  # goods: a list of one's own
    release = channel.get("release")
    if "bundles" in channel:
        return "sets"
    return "packs" if isinstance(release, dict) and release.get("kind") == "allot" and is_alike else "baskets"
