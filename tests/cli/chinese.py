"""The language of a terminal, and what English is left in a Chinese message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import yaml

from simsupply.config.yaml_files import config_dir
from simsupply.scenario.world_spec import WorldSpec
from simsupply.strategy.channels import StrategySpec

_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE")
_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9_.]*")
# Commands, what `list` and `results` are asked for, and metrics and methods whose name is one word.
_COMMAND_WORDS = frozenset(
    {"list", "run", "compare", "sweep", "results", "template", "scenarios", "strategies", "channels", "vehicles"}
    | {"experiments", "metrics", "points", "table", "runs", "failed", "sweeps", "form", "export", "compact", "contacts"}
    | {"cost", "coverage", "visits", "boundary", "boxes", "morris", "saltelli", "sobol", "tornado", "lhs", "interval"}
    | {"dask", "serial", "zh", "command", "stages", "kn", "ocba", "job", "true"}
)
# Keys that are also the commonest words of English; as words of a message they are prose.
_PROSE = frozenset(["above", "all", "below", "default", "first", "full", "line", "none", "number", "of", "one", "self"])
_THREE_WORDS = re.compile(r"\b[A-Za-z]+ [A-Za-z]+ [A-Za-z]+\b")
# What stands untranslated in Chinese writing, too: names of file formats, notation, and Python's empty value.
UNTRANSLATED = frozenset(
    {"CSV", "DIR", "Excel", "FILE", "GB18030", "HH", "HIGH", "Hydra", "KEY", "LOW", "METHOD", "METRIC", "MM", "NAME"}
    | {"None", "Parquet", "UTF", "VALUE", "YAML", "csv", "parquet", "simsupply", "xlsx", "yaml"}
)
_NOTATION = ("key=value", "--help", "--cfg", "--config-dir", "--multirun")
assert len(UNTRANSLATED) + len(_NOTATION) <= 30


def set_locale(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    """Set the variables of the environment that say a user's language, and unset the others."""
    for name in _LOCALE:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def english_in(message: str, *given: str) -> list[str]:
    """Words of a message that are English and neither keys nor names of the program nor in what the user gave.

    Parameters
    ----------
    message : str
        Chinese message.
    *given : str
        Text that the user gave and the message may repeat: words of the command line, values, names of files.
    """
    for text in sorted({*given, *_NOTATION} - {""}, key=len, reverse=True):
        message = re.sub(rf"(?<![A-Za-z0-9_]){re.escape(text)}(?![A-Za-z0-9_])", "·", message)
    # Values stand in quotes or, where they are cut short, in brackets; names of the plan are listed behind a colon.
    message = re.sub(r"'[^' ]*'|(?<=可用：)[^；。\n]*|\{'.*?\.\.\.", "·", message)
    words = [word for word in _WORD.findall(message) if not _is_name(word.rstrip("."))]
    return words + _THREE_WORDS.findall(message)


def _is_name(word: str) -> bool:
    is_sweep = re.fullmatch("[0-9a-f]{16}", word) is not None
    return "_" in word or "." in word or is_sweep or word in UNTRANSLATED or word in names()


@cache
def names() -> frozenset[str]:
    """Keys and names of options of the program, as far as they are one word."""
    found = set(_COMMAND_WORDS)
    for spec in (WorldSpec, StrategySpec):
        found.update(_names_in(spec.model_json_schema()))
    for path in config_dir().rglob("*.yaml"):
        found.update((path.stem, path.parent.name))
        found.update(_leaves(yaml.safe_load(path.read_text(encoding="utf-8"))))
    return frozenset(word for word in found if _WORD.fullmatch(word)) - _PROSE


def _names_in(schema: Any) -> Iterator[str]:
    if isinstance(schema, list):
        for part in schema:
            yield from _names_in(part)
    elif isinstance(schema, dict):
        yield from schema.get("properties", {})
        yield from (str(value) for value in [*schema.get("enum", []), schema.get("const", "")])
        for part in schema.values():
            yield from _names_in(part)


def _leaves(plain: Any) -> Iterator[str]:
    """Keys and words of plain data, without titles."""
    if isinstance(plain, list):
        for part in plain:
            yield from _leaves(part)
    elif isinstance(plain, dict):
        for key, value in plain.items():
            yield str(key)
            if key != "title":
                yield from _leaves(value)
    elif isinstance(plain, str):
        yield plain
