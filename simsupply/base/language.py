"""The languages that readers are spoken to in, and how each writes names, shares and durations."""

import os
from typing import Literal, get_args

Language = Literal["en", "zh"]


def check_language(language: str) -> None:
    """Raise ValueError unless `language` is one that is spoken here."""
    if language not in get_args(Language):
        raise ValueError(f"language is {language!r}; it must be one of {', '.join(get_args(Language))}")


def language_of_locale() -> Language:
    """Chinese where the environment's locale is Chinese, else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def display_name(name: str) -> str:
    """A name from the user's configuration as readers see it: underscores and line breaks become blanks.

    Examples
    --------
    >>> display_name("standard_crates")
    'standard crates'
    """
    return " ".join(str(name).replace("_", " ").split())


def spaced(text: str, language: Language) -> str:
    """Per cent as the language writes it: ``50 %`` or ``50%``."""
    return text.replace(" %", "%") if language == "zh" else text


def percent_label(share: float, language: Language) -> str:
    """A share (0..1) as whole per cent.

    Examples
    --------
    >>> percent_label(0.2, "en"), percent_label(0.2, "zh")
    ('20 %', '20%')
    """
    return f"{100 * share:.0f} %" if language == "en" else f"{100 * share:.0f}%"


def duration_label(hours: float, language: Language) -> str:
    """A duration, in days where it is a whole number of them, else in hours.

    Examples
    --------
    >>> duration_label(168, "en"), duration_label(60, "en"), duration_label(24, "zh")
    ('7 days', '60 h', '1 天')
    """
    if hours >= 24 and hours % 24 == 0:
        days = round(hours / 24)
        return f"{days} 天" if language == "zh" else f"{days} day{'' if days == 1 else 's'}"
    return f"{hours:g} 小时" if language == "zh" else f"{hours:g} h"
