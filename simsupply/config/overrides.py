"""Words that set something (``staffing.attendance=0.2``), read as a key and a plain value or several values.

The key is split here: at its dots, a name with a dot or a blank in double quotes. The value is read by Hydra's
grammar. That grammar refuses Chinese and many ordinary characters; such a value is taken as written, and as YAML
where it begins with a bracket or a quote. Commas separate values in both.
"""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, cast

import yaml
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import ChoiceSweep, IntervalSweep, Quote, QuotedString, RangeSweep
from hydra.core.override_parser.types import Override as HydraOverride
from hydra.errors import HydraException

from simsupply.base.catalogue import message
from simsupply.base.names import split_key as split_key
from simsupply.base.problems import COMMAND_LINE, InputError, wrong
from simsupply.base.spec import share_of_percent
from simsupply.config.yaml_files import check_plain_data, read_flow

Sign = Literal["", "+", "++", "~"]
Between = tuple[float, float, bool]
"""Ends of an interval, and whether its values are whole numbers."""
# A value among several, and blanks behind it; a comma may stand in quotes or brackets.
_PART = re.compile(r"""\s*('[^']*'|"[^"]*"|\[[^]]*\]|\{[^}]*\}|[^,]*?)(\s*)(?=,|$)""", re.DOTALL)
_WORD = re.compile(r'(\+\+|\+|~|)((?:[^"=]|"[^"]*")*)(=?)(.*)', re.DOTALL)


MAX_SWEPT = 1_000_000
"""Most values of a range, and most points that words make together."""


@dataclass(frozen=True)
class Override:
    """A word that sets a key, chooses an option of a group, or takes a key away.

    Attributes
    ----------
    sign : {"", "+", "++", "~"}
        As in Hydra; ``~`` takes the key away.
    key : str
        As written, quotes included.
    value : object
        Plain data; None where there are several.
    swept : list, (float, float, bool) or None
        Several values, or the ends of an interval.
    text : str
        The value as written.
    """

    sign: Sign
    key: str
    value: Any
    swept: list[Any] | Between | None
    text: str

    @property
    def path(self) -> tuple[str, ...]:
        """Names of the key, level by level."""
        return split_key(self.key)

    @property
    def is_removal(self) -> bool:
        """Whether the key is taken away."""
        return self.sign == "~"


def is_within(key: str, sections: Sequence[str]) -> bool:
    """Whether a key stands inside one of the sections."""
    first, *below = split_key(key)
    return bool(below) and first in sections


def read_override(word: str, source: str = COMMAND_LINE) -> Override:
    """Read a word.

    Raises
    ------
    InputError
        If its key or value cannot be read, or is for Hydra itself.
    """
    found = _WORD.fullmatch(word)
    assert found is not None  # every part of the pattern may be empty
    sign, key, equals, text = found.groups()
    if not equals and text:
        raise _unreadable(source, word, word, len(word) - len(text), f'{word}"')  # a quote that is not closed
    if not key or not (equals or sign == "~"):
        raise wrong(source, "", word, message("override_or_option"))
    if re.match(r"hydra([./@]|$)", key):
        raise wrong(source, key, text or None, message("no_hydra_keys"))
    if blank := re.search(r"\s", re.sub('"[^"]*"', lambda quoted: "x" * len(quoted[0]), key)):
        names = [f'"{name}"' if re.search(r"\s", name) else name for name in key.split(".")]
        raise _unreadable(source, key, key, blank.start(), ".".join(names) + equals + text)
    if sign == "~" and equals:
        raise wrong(source, key, text, message("removed_without_value", key=key))
    value, swept = (None, None) if sign == "~" else _read_value(key, text, source)
    return Override(cast("Sign", sign), key, value, swept, text)


def read_overrides(words: Sequence[str], source: str = COMMAND_LINE) -> list[Override]:
    """Read several words; see `read_override`."""
    return [read_override(word, source) for word in words]


def _read_value(key: str, text: str, source: str) -> tuple[Any, list[Any] | Between | None]:
    """A plain value, or None and several values."""
    swept: list[Any] | Between | None
    try:
        found = _parser().parse_rule(f"x={text}", "override")
    except HydraException as error:
        values = _read_as_written(key, text, source, error)
        value, swept = (values[0], None) if len(values) == 1 else (None, values)
    else:
        value, swept = _plain_or_swept(found, key, text, source)
    if not isinstance(swept, tuple):
        check_plain_data(value if swept is None else swept, source, ".".join(split_key(key)))
    return value, swept


@cache
def _parser() -> OverridesParser:
    return OverridesParser.create()


def _plain_or_swept(found: HydraOverride, key: str, text: str, source: str) -> tuple[Any, list[Any] | Between | None]:
    value = found.value()
    if isinstance(value, IntervalSweep):
        assert value.start is not None
        assert value.end is not None
        return None, (float(value.start), float(value.end), isinstance(value.start, int))
    if isinstance(value, RangeSweep) and (number := _length(value)) > MAX_SWEPT:
        raise wrong(source, key, text, message("at_most_values", number=number, most=MAX_SWEPT))
    if isinstance(value, ChoiceSweep | RangeSweep):
        try:
            values = [_as_plain(element) for element in found.sweep_iterator()]
        except (HydraException, ValueError):  # steps of nothing
            raise wrong(source, key, text, message("sweeps")) from None
        if isinstance(value, RangeSweep):
            # 0.1 + 0.2 is meant to be 0.3, the same point as when it is typed.
            values = [float(f"{element:.12g}") if isinstance(element, float) else element for element in values]
        if not values:
            raise wrong(source, key, text, message("at_least_one_value"))
        return None, values
    if found.is_sweep_override():
        raise wrong(source, key, text, message("sweeps"))
    return _as_plain(value), None


def _length(value: RangeSweep) -> int:
    """How many values a range has, without making them; 0 for one that Hydra refuses."""
    start, stop, step = value.start, value.stop, value.step
    if start is None or stop is None or not step or not math.isfinite((stop - start) / step):
        return 0
    return math.ceil((stop - start) / step)


def _as_plain(value: Any) -> Any:
    """A value that Hydra's grammar has read as plain data; a text in quotes comes with them."""
    if isinstance(value, list):
        return [_as_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _as_plain(item) for key, item in value.items()}
    return value.text if isinstance(value, QuotedString) else value


def _read_as_written(key: str, text: str, source: str, error: HydraException) -> list[Any]:
    """One value or several that Hydra's grammar does not know."""
    if text.lstrip()[:1] in ("[", "{", "'", '"'):
        try:
            return [read_flow(text, source, key)]
        except yaml.YAMLError as failed:
            raise _unreadable(source, key, text, _place_in_yaml(failed, text), _quoted_word(key, text)) from None
    called = re.match(r"\s*(\w+)\s*\(", text)
    if called and called[1] in _parser().functions.functions:
        percents = (share_of_percent(part) for part in re.split(r"[(),]", text))
        if (meant := next((number for number in percents if number is not None), None)) is not None:
            raise wrong(source, key, text, message("number_for_percent", number=meant)) from None
        place = _place_in_hydra(error)
        if place is None:  # understood, but with other values than the function takes
            raise wrong(source, key, text, message("sweeps")) from None
        if place >= len(text):  # a bracket that is not closed
            raise _unreadable(source, key, text, text.index("("), _quoted_word(key, text)) from None
        raise _unreadable(source, key, text, place, f"{key}={_with_quotes_inside(text)}") from None
    parts: list[str] = []
    end = -1
    while end < len(text):
        found = _PART.match(text, end + 1)
        assert found is not None  # a part may be empty
        part, start, end = found[1], end + 1, found.end(1) + len(found[2])
        if not part and (parts or end < len(text)):
            comma = end if end < len(text) else start - 1
            raise _unreadable(source, key, text, comma, _quoted_word(key, text)) from None
        parts.append(part)
    if len(parts) == 1:
        return parts
    values = []
    for part in parts:
        value, swept = _read_value(key, part, source)
        values += [value] if swept is None else list(swept)
    return values


def _place_in_hydra(error: HydraException) -> int | None:
    """Index in the value of the character at which Hydra's grammar ends, if there is one."""
    cause = error.__cause__
    place = getattr(cause, "startIndex", getattr(getattr(cause, "offendingToken", None), "start", None))
    return None if place is None else max(place - len("x="), 0)


def _place_in_yaml(error: yaml.YAMLError, text: str) -> int:
    """The same of YAML; what is not closed is told by where it was opened."""
    mark = getattr(error, "problem_mark", None)
    if mark is None or mark.index >= len(text):
        mark = getattr(error, "context_mark", None)
    # A character that YAML has no place for at all has no mark.
    return int(getattr(error, "position", 0)) if mark is None else int(mark.index)


def _unreadable(source: str, key: str, text: str, place: int, quoted: str) -> InputError:
    """Name the character of a text that no grammar can read, and the word with quotes."""
    character = text[place] if place < len(text) else message("the_end")
    shown = f"'{character}'" if isinstance(character, str) else character
    allowed = message("unread_character", character=shown, place=min(place, len(text)) + 1, word=shlex.quote(quoted))
    return wrong(source, "" if key == text else key, text, allowed)


def _quoted_word(key: str, text: str) -> str:
    return f"{key}={QuotedString(text, Quote.double).with_quotes()}"


def _with_quotes_inside(text: str) -> str:
    """A call of one of Hydra's functions, its texts in quotes."""

    def quoted(found: re.Match[str]) -> str:
        return found[0] if re.fullmatch(r"[-+\w.]*", found[0], re.ASCII) else f'"{found[0]}"'

    return re.sub(r"[^(),\s]+", quoted, text)


def word_of(key: str, value: object) -> str:
    """The word that sets a key to a value; `read_override` gives back both."""
    return f"{key}={_written(value)}"


def _written(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping) or (isinstance(value, list | tuple) and _has_mapping(value)):
        # Keys in quotes are YAML's alone, so that any text can be written in its way.
        plain = _lists(value)
        return yaml.safe_dump(
            plain, default_style='"', default_flow_style=True, allow_unicode=True, width=10**9
        ).strip()
    if isinstance(value, list | tuple):
        return f"[{','.join(map(_written, value))}]"
    if isinstance(value, str) and (not re.fullmatch("[A-Za-z][A-Za-z0-9_-]*", value) or value.lower() in _RESERVED):
        return QuotedString(value, Quote.single).with_quotes()
    return str(value)


_RESERVED = frozenset(["null", "true", "false", "inf", "nan"])


def _has_mapping(value: object) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list | tuple) and any(map(_has_mapping, value)))


def _lists(value: Any) -> Any:
    """Nested data with lists for tuples."""
    if isinstance(value, Mapping):
        return {key: _lists(item) for key, item in value.items()}
    return [_lists(item) for item in value] if isinstance(value, list | tuple) else value


def points_of(words: Sequence[str]) -> list[list[str]]:
    """All combinations of what several words vary, each as words that vary nothing.

    Raises
    ------
    InputError
        If a word cannot be read, or has an interval, whose values have no end.
    """
    points: list[list[str]] = [[]]
    for word in words:
        override = read_override(word)
        if isinstance(override.swept, tuple):
            raise wrong(COMMAND_LINE, override.key, override.text, message("no_interval_here"))
        values = (
            [word]
            if override.swept is None
            else [f"{override.sign}{word_of(override.key, value)}" for value in override.swept]
        )
        if (number := len(points) * len(values)) > MAX_SWEPT:
            raise wrong(
                COMMAND_LINE, override.key, override.text, message("at_most_values", number=number, most=MAX_SWEPT)
            )
        points = [[*point, value] for point in points for value in values]
    return points
