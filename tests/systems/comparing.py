"""How what is found in a built-in scenario is compared with a fact typed from a plan, and where marks stand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
CONFIGS = HERE.parents[1] / "configs"
SENTENCES = HERE.parents[1] / "docs" / "systems_sentences.md"
EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "expected.yaml").read_text(encoding="utf-8"))
ENTRIES: dict[str, Any] = EXPECTED["systems"] | EXPECTED["further_plans"]
FACTS: dict[str, dict[str, Any]] = {fact["id"]: fact for entry in ENTRIES.values() for fact in entry["facts"]}
# "about": the plan rounds.
ABOUT = 0.02
_MARK = re.compile(r"#\s+([SPA])\b")


def agrees(fact: dict[str, Any], found: Any) -> bool:
    """Whether what a scenario has is what the plan says; of numbers that it does not give, whether all are marked A."""
    value, compare = fact["value"], fact["compare"]
    if compare in ("not_given", "masked"):
        return set(found) == {"A"}
    if compare == "about":
        return bool(abs(found - value) <= ABOUT * value)
    if compare == "between":
        return bool(value[0] <= found <= value[1])
    if compare == "at_least":
        return bool(found >= value)
    if compare == "at_most":
        return bool(found <= value)
    if compare == "below":
        return bool(found < value)
    if compare == "members":
        return set(found) == set(value)
    if compare == "order":
        return list(found) == list(value)
    if compare == "present":
        return bool(found)
    if compare == "absent":
        return not found
    return bool(found == value)


def mark_of(file: str, key: str) -> str:
    """The mark on the line of a dotted key of a file below `configs/`."""
    path = CONFIGS / file
    node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    for part in key.split("."):
        if isinstance(node, yaml.SequenceNode):
            node = node.value[int(part)]
        else:
            node = next(value for name, value in node.value if name.value == part)
    found = _MARK.search(path.read_text(encoding="utf-8").splitlines()[node.start_mark.line])
    assert found, f"{file}: {key}"
    return found[1]


def quotes(file: str) -> list[tuple[str, str]]:
    """Lines of a file that are marked S, each with the plan's words on it; without any, an empty text."""
    found = []
    for line in (CONFIGS / file).read_text(encoding="utf-8").splitlines():
        if re.search(r"#\s+S\b", line):
            words = re.search(r"#\s+S\s+(?:\[[^]]*\]\s*)?(\S+)", line)
            found.append(
                (line.strip(), words[1].rstrip(":;") if words and re.search("[\u4e00-\u9fff]", words[1]) else "")
            )
    return found


def words_of(*entries: str) -> str:
    """All words of plans that facts of these systems quote, and those of their sections of the page of sentences."""
    page, plans = SENTENCES.read_text(encoding="utf-8"), {plan for name in entries for plan in ENTRIES[name]["plans"]}
    rows = [line for line in page.splitlines() if line.startswith("| ") and line.split("|")[1].strip() in plans]
    quoted = [fact["words"] for name in entries for fact in ENTRIES[name]["facts"]]
    return "\n".join([*quoted, *rows])
