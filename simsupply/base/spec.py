"""Building blocks of every typed specification: strict, frozen, with units and ranges."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from functools import cache
from typing import Annotated, Any, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError, model_validator

from simsupply.base.catalogue import Message, message
from simsupply.base.names import Name as Name
from simsupply.base.problems import MOST_SHOWN, InputError, Misfit, Misfits, Problem, nearest, sourced
from simsupply.base.quantities import DaysOrZero

MINUTES_PER_DAY = 1440.0
RENAMED = "renamed"
"""In a specification's ``json_schema_extra``: its keys of today by the names they had before."""


class Spec(BaseModel):
    """Base of all specifications: unknown keys refused, no silent type changes, no NaN."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, populate_by_name=True)


def key_help(en: str, zh: str, *, unit: str = "", example: Any) -> Any:
    """What a key means, beside its type: ``minutes: Annotated[Positive, key_help(...)]``.

    Range and default are not said again: they are read from the type and the default of the field itself.

    Parameters
    ----------
    en, zh : str
        Meaning, a sentence in each language.
    unit : str
        As metrics write it (``min``, ``km``, ``share``); none for names, choices, counts and times of day.
    example
        A value as it stands in a file.

    Returns
    -------
    pydantic.fields.FieldInfo
        Read by ``Model.model_fields[name]``: `description`, `examples`, and ``zh`` and ``unit`` of `json_schema_extra`.
    """
    return Field(description=en, examples=[example], json_schema_extra={"zh": zh, "unit": unit})


def _minutes_of_day(value: object) -> object:
    # YAML 1.1 reads an unquoted 18:00 as the number 1080, which is the same minute of the day.
    if isinstance(value, str):
        match = re.fullmatch(r"(\d{1,2}):([0-5]\d)", value)
        if match and int(match[1]) * 60 + int(match[2]) <= MINUTES_PER_DAY:
            return float(int(match[1]) * 60 + int(match[2]))
    # A number below 60 is an hour meant as such (8, 18.30), not a minute of the day.
    elif value == 0 or (isinstance(value, int | float) and value >= 60 and value % 1 == 0):
        return value
    raise Misfit("time_of_day")


def time_text(minutes: float) -> str:
    """Minutes of the day as ``HH:MM``."""
    return f"{int(minutes) // 60:02d}:{int(minutes) % 60:02d}"


TimeOfDay = Annotated[
    float,
    BeforeValidator(_minutes_of_day),
    Field(ge=0, le=MINUTES_PER_DAY),
    PlainSerializer(time_text, when_used="json"),  # so that what is written out can be read again
]
"""Minutes since midnight, written ``"HH:MM"``."""


def _date(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        with suppress(ValueError):
            return date.fromisoformat(value).isoformat()
    raise Misfit("date")


Date = Annotated[str, BeforeValidator(_date)]
"""A date that exists, written ``"YYYY-MM-DD"``."""


def share_of_percent(value: object) -> float | None:
    """The number that a text with a per cent sign means; None if it is none.

    >>> share_of_percent("80 %"), share_of_percent("2.5%"), share_of_percent("80")
    (0.8, 0.025, None)
    """
    found = re.fullmatch(r"\s*([-+]?\d+(?:\.\d+)?)\s*[%\N{FULLWIDTH PERCENT SIGN}]\s*", str(value), re.ASCII)
    return float(f"{float(found[1]) / 100:.12g}") if found else None


class Range(Spec):
    """Days drawn uniformly between `low` and `high`."""

    low: DaysOrZero
    high: DaysOrZero

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low > self.high:
            raise Misfit("range_low_at_most_high", low=self.low, high=self.high)
        return self


class Title(Spec):
    """What a reader sees, in both languages; a text alone stands in both."""

    en: str
    zh: str

    @model_validator(mode="before")
    @classmethod
    def _in_both(cls, value: Any) -> Any:
        if isinstance(value, str):
            if not value.strip():
                raise Misfit("text_not_empty")
            return {"en": value, "zh": value}
        return value

    def in_language(self, language: str) -> str:
        """The title in English (``en``) or Chinese (``zh``)."""
        return self.zh if language == "zh" else self.en


OptionalTitle = Annotated[
    Title | None,
    key_help(
        "What readers see instead of the name, in both languages or one text for both.",
        "读者看到的名称，代替 `name` 或键名；可分中英文，也可只写一种。",
        example={"en": "East market", "zh": "东市场"},
    ),
]
"""Title of something that has a name of its own."""


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
        raise InputError(sourced(_problems(model, error, json.loads(text), at), source)) from None


def _problems(model: type[Spec], error: ValidationError, data: Any, at: str) -> list[Problem]:
    problems = []
    # A file that is something else altogether has as many errors as lines.
    errors = error.errors(include_url=False)[: MOST_SHOWN + 1]
    for item in errors:
        path = [str(part) for part in item["loc"]]
        kind, value = item["type"], item["input"]
        if isinstance(value, tuple):
            value = list(value)  # as it was written
        if kind == "default_factory_not_called":
            continue  # what stands instead of it follows from what is wrong, which is said already
        if kind == "too_short" and any(
            other["loc"][: len(path)] == item["loc"] and len(other["loc"]) > len(path) for other in errors
        ):
            continue  # short only because of what is wrong inside, which is said already
        if kind == "default_factory_not_called":
            continue  # what it would be made of is wrong, which is said already
        parts = _keys_of_user(path, data, is_missing=kind == "missing")
        key = ".".join([at, *parts] if at else parts)
        if kind == "extra_forbidden":
            problems.append(Problem(key, value, _valid_keys(model, path)))
        elif kind == "missing":
            problems.append(Problem(key, None, message("required")))
        elif kind.startswith("union_tag_"):
            tag = item["ctx"]["discriminator"].strip("'")
            tag = "kind" if tag.endswith("()") else tag  # a function that reads it
            tags = re.findall(r"'([^']+)'", item["ctx"].get("expected_tags", ""))
            allowed = nearest(str(value[tag]), tags) if tags else message("required")
            problems.append(Problem(f"{key}.{tag}", value.get(tag), allowed))
        elif isinstance(misfits := item.get("ctx", {}).get("error"), Misfits):
            for name, given, said in misfits.found:
                problems.append(Problem(".".join(part for part in (key, name) if part), given, said))
        else:
            problems.append(Problem(key, value, _allowed(item)))
    return problems


def _keys_of_user(parts: list[str], data: Any, is_missing: bool) -> list[str]:
    """Drop what pydantic adds to a path (tags of unions); keep what stands in the data."""
    kept, current = [], data
    for position, part in enumerate(parts):
        if isinstance(current, dict) and part in current:
            current = current[part]
        elif isinstance(current, list) and part.isdigit() and int(part) < len(current):
            current = current[int(part)]
        elif position < len(parts) - 1 or not is_missing:
            continue
        kept.append(part)
    return kept


def _number(limit: float) -> float:
    """A limit as pydantic writes it: without the fraction of a whole number."""
    return int(limit) if limit == int(limit) else limit


_ALLOWED: dict[str, Callable[[Mapping[str, Any]], Message]] = {
    "greater_than": lambda told: message("greater_than", limit=_number(told["gt"])),
    "greater_than_equal": lambda told: message("greater_than_equal", limit=_number(told["ge"])),
    "less_than": lambda told: message("less_than", limit=_number(told["lt"])),
    "less_than_equal": lambda told: message("less_than_equal", limit=_number(told["le"])),
    "int_type": lambda told: message("whole_number"),
    "float_type": lambda told: message("number"),
    "finite_number": lambda told: message("finite_number"),
    "bool_type": lambda told: message("true_or_false"),
    "string_type": lambda told: message("text"),
    "string_too_short": lambda told: message("text_not_empty"),
    "too_short": lambda told: message("at_least_one_item"),
    "tuple_type": lambda told: message("list_of_items"),
    "dict_type": lambda told: message("mapping_of_keys"),
    "model_type": lambda told: message("mapping_of_keys"),
}
"""What is allowed, by pydantic's type of an error and what it tells with it (``ctx``)."""


_NOT_DECIMAL = r"[-+]?(0[0-9_]+(\.\d*)?|0[xob]\w+|[0-9_]+(:\d+)+(\.\d*)?)"
"""What other readers of YAML take for a number to base 8, 16, 2 or 60."""


def _allowed(item: Any) -> Message:
    """What one error of pydantic says is allowed; in its own English where the catalogue has nothing."""
    kind, told = item["type"], item.get("ctx", {})
    if isinstance(misfit := told.get("error"), Misfit):
        return misfit.allowed
    if kind in ("float_type", "int_type") and (number := share_of_percent(item["input"])) is not None:
        return message("number_for_percent", number=number)
    if kind in ("int_type", "float_type") and re.fullmatch(_NOT_DECIMAL, str(item["input"])):
        return message("decimal_number")
    if kind in _ALLOWED:
        return _ALLOWED[kind](told)
    if kind == "literal_error" and " or " in told["expected"]:
        *others, last = re.split(", | or ", told["expected"])
        return message("one_of_values", others=others, last=last)
    if kind == "too_long" and told["max_length"] > 1:
        most, given = told["max_length"], told["actual_length"]
        if told["field_type"] == "Tuple" and given is not None:
            return message("list_too_long", most=most, given=given)
        if told["field_type"] == "Dictionary" and given is None:
            return message("mapping_too_long", most=most)
    text = str(item["msg"])
    for prefix in ("Input should be ", "Value error, ", "Assertion failed, "):
        text = text.removeprefix(prefix)
    return message("as_said", text=text)


def _valid_keys(model: type[Spec], parts: list[str]) -> Message:
    """Name the keys of the (nested) model in which the last part of the path is unknown."""
    current = _schema_of(model)
    definitions = current.get("$defs", {})
    for part in parts[:-1]:
        current = _descend(current, part, definitions)
    nodes = _resolve(current, definitions)
    # Of several alternatives one has the key, but not the one that was meant.
    nodes = [node for node in nodes if parts[-1] not in node.get("properties", {})] or nodes
    for node in nodes:
        if (name := node.get(RENAMED, {}).get(parts[-1])) is not None:
            return message("renamed_key", name=name)
    return nearest(parts[-1], [name for node in nodes for name in node.get("properties", {})])


@cache
def _schema_of(model: type[Spec]) -> dict[str, Any]:
    return model.model_json_schema(by_alias=True)


def _resolve(schema: dict[str, Any], definitions: dict[str, Any]) -> list[dict[str, Any]]:
    """All alternatives that a schema node may stand for, references followed."""
    if "$ref" in schema:
        return _resolve(definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions)
    branches = schema.get("anyOf", []) + schema.get("oneOf", []) + schema.get("allOf", [])
    if branches:
        return [node for branch in branches for node in _resolve(branch, definitions)]
    return [schema]


def _descend(schema: dict[str, Any], part: str, definitions: dict[str, Any]) -> dict[str, Any]:
    for branch in [schema, *schema.get("anyOf", [])]:
        if part in (tags := branch.get("discriminator", {}).get("mapping", {})):
            return {"$ref": tags[part]}
    for node in _resolve(schema, definitions):
        if part in node.get("properties", {}):
            return dict(node["properties"][part])
        if part.isdigit() and isinstance(node.get("items"), dict):
            return dict(node["items"])
        # A mapping from free names: every value has the same schema.
        for values in [*node.get("patternProperties", {}).values(), node.get("additionalProperties")]:
            if isinstance(values, dict):
                return dict(values)
    return schema  # the tag of a union: stay where we are
