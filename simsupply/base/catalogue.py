"""The catalogue of messages: what is said to users when something is wrong, in English and Chinese.

A message is a code and its values. The texts stand in the YAML files of ``base/messages``, one file for
each group of rooms, an English and a Chinese text for every code. Placeholders are those of `str.format`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, reduce
from pathlib import Path
from string import Formatter
from typing import Any, cast

import yaml

from simsupply.base.language import Language, language_of_locale

FOLDER = Path(__file__).parent / "messages"


@dataclass(frozen=True)
class Message:
    """A text of the catalogue with its values.

    Parameters
    ----------
    code : str
        Key in the catalogue.
    values : mapping, optional
        What fills the placeholders of the text. A value may be a `Message` or a title in both languages
        itself; a list or tuple is written as an enumeration.

    Examples
    --------
    >>> Message("required").in_language("en")
    'a value; this key is required'
    """

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def in_language(self, language: Language) -> str:
        """The text in English (``en``) or Chinese (``zh``).

        Raises
        ------
        KeyError
            If the catalogue has no such code, or its text a placeholder without a value.
        """
        return _FORMATTERS[language].vformat(_texts()[self.code][language], (), self.values)

    def __str__(self) -> str:
        return self.in_language(language_of_locale())


def message(code: str, **values: Any) -> Message:
    """A text of the catalogue: its code, and values by the names of its placeholders."""
    return Message(code, values)


def chain(code: str, parts: Iterable[object]) -> Any:
    """Parts one after the other; the text of the code, with `first` and `second`, joins each to those before it.

    Examples
    --------
    >>> chain("both", ["infant", "chronic", "bedridden"]).in_language("en")
    'infant and chronic and bedridden'
    """
    return reduce(lambda first, second: message(code, first=first, second=second), parts)


class _InLanguage(Formatter):
    def __init__(self, language: Language) -> None:
        self.language = language

    def convert_field(self, value: Any, conversion: Any) -> Any:
        if conversion and hasattr(value, "in_language"):
            value = value.in_language(self.language)
        return super().convert_field(value, conversion)

    def format_field(self, value: Any, format_spec: str) -> str:
        if hasattr(value, "in_language"):
            return cast("str", value.in_language(self.language))
        if isinstance(value, list | tuple) and not format_spec:
            return ("、" if self.language == "zh" else ", ").join(self.format_field(item, "") for item in value)
        return cast("str", super().format_field(value, format_spec))


_FORMATTERS: dict[Language, Formatter] = {"en": _InLanguage("en"), "zh": _InLanguage("zh")}


@cache
def _texts() -> dict[str, dict[Language, str]]:
    """All texts by code.

    Raises
    ------
    ValueError
        If two files give a text for one code.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    texts: dict[str, dict[Language, str]] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        found = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
        if twice := texts.keys() & found.keys():
            raise ValueError(f"{path.name}: texts given twice: {sorted(twice)}")
        texts.update(found)
    return texts


def codes() -> Iterable[str]:
    """All codes of the catalogue."""
    return _texts().keys()
