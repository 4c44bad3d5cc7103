"""Building blocks of every typed specification: strict, frozen, with units and ranges."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from simsupply.config.errors import InputError, Problem, nearest

MINUTES_PER_DAY = 1440.0


class Spec(BaseModel):
    """Base of all specifications: unknown keys refused, no silent type changes, no NaN."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, populate_by_name=True
    )


def _minutes_of_day(value: object) -> object:
    # YAML 1.1 reads an unquoted 18:00 as the number 1080, which is the same minute of the day.
    if isinstance(value, str):
        match = re.fullmatch(r"(\d{1,2}):([0-5]\d)", value)
        if match and int(match[1]) * 60 + int(match[2]) <= MINUTES_PER_DAY:
            return float(int(match[1]) * 60 + int(match[2]))
        raise ValueError("a time of day 'HH:MM' from '00:00' to '24:00'")
    return value


TimeOfDay = Annotated[float, BeforeValidator(_minutes_of_day), Field(ge=0, le=MINUTES_PER_DAY)]
"""Minutes since midnight, written ``"HH:MM"``."""
Share = Annotated[float, Field(ge=0, le=1)]
NonNegative = Annotated[float, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=1)]
CountOrZero = Annotated[int, Field(ge=0)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Title(Spec):
    """What a reader sees, in both languages."""

    en: str
    zh: str

    def in_language(self, language: str) -> str:
        """The title in English (``en``) or Chinese (``zh``)."""
        return self.zh if language == "zh" else self.en


AnySpec = TypeVar("AnySpec", bound=Spec)


def parse(model: type[AnySpec], data: Mapping[str, Any], *, source: str, at: str = "") -> AnySpec:
    """Turn plain data into a specification, or say everything that is wrong with it.

    Parameters
    ----------
    model : type
        The `Spec` subclass wanted.
    data : mapping
        Plain data (str, numbers, lists, mappings) as YAML gives it.
    source : str
        File or configuration name, for messages.
    at : str
        Dotted path of `data` inside the whole input, for messages.

    Raises
    ------
    InputError
        With one problem per wrong field: key, value, what is allowed.
    """
    # JSON mode: strict about scalars, yet takes a YAML list where a tuple is declared.
    text = json.dumps(data, default=str)
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        raise InputError(_problems(model, error, json.loads(text), source, at)) from None


def _problems(
    model: type[Spec], error: ValidationError, data: Any, source: str, at: str
) -> list[Problem]:
    problems = []
    for item in error.errors(include_url=False):
        parts = _keys_of_user([str(part) for part in item["loc"]], data)
        key = ".".join([at, *parts] if at else parts)
        kind, value = item["type"], item["input"]
        if kind == "extra_forbidden":
            problems.append(Problem(source, key, value, _valid_keys(model, parts)))
        elif kind == "missing":
            problems.append(Problem(source, key, None, "a value; this key is required"))
        else:
            problems.append(Problem(source, key, value, _allowed(item)))
    return problems


def _keys_of_user(parts: list[str], data: Any) -> list[str]:
    """Drop what pydantic adds to a path (tags of unions); keep what stands in the data."""
    kept, current = [], data
    for position, part in enumerate(parts):
        if isinstance(current, dict) and part in current:
            current = current[part]
        elif isinstance(current, list) and part.isdigit() and int(part) < len(current):
            current = current[int(part)]
        elif position < len(parts) - 1:
            continue
        kept.append(part)
    return kept


def _allowed(item: Any) -> str:
    message = str(item["msg"])
    for prefix in ("Input should be ", "Value error, ", "Assertion failed, "):
        message = message.removeprefix(prefix)
    if item["type"] == "string_pattern_mismatch":
        return "a name of small letters, digits and underscores, starting with a letter"
    return message


def _valid_keys(model: type[Spec], parts: list[str]) -> str:
    """Name the keys of the (nested) model in which the last part of the path is unknown."""
    current: Any = model.model_json_schema(by_alias=True)
    definitions = current.get("$defs", {})
    for part in parts[:-1]:
        current = _descend(current, part, definitions)
    return nearest(parts[-1], _property_names(current, definitions))


def _resolve(schema: dict[str, Any], definitions: dict[str, Any]) -> list[dict[str, Any]]:
    """All alternatives that a schema node may stand for, references followed."""
    if "$ref" in schema:
        return _resolve(definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions)
    branches = schema.get("anyOf", []) + schema.get("oneOf", []) + schema.get("allOf", [])
    if branches:
        return [node for branch in branches for node in _resolve(branch, definitions)]
    return [schema]


def _descend(schema: dict[str, Any], part: str, definitions: dict[str, Any]) -> dict[str, Any]:
    for node in _resolve(schema, definitions):
        if part in node.get("properties", {}):
            return dict(node["properties"][part])
        if part.isdigit() and isinstance(node.get("items"), dict):
            return dict(node["items"])
        if isinstance(node.get("additionalProperties"), dict):
            return dict(node["additionalProperties"])
    return schema  # the tag of a union: stay where we are


def _property_names(schema: dict[str, Any], definitions: dict[str, Any]) -> list[str]:
    return [name for node in _resolve(schema, definitions) for name in node.get("properties", {})]
