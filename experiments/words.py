"""Numbers, levels and verdicts in words of English or Chinese."""

from __future__ import annotations

import math
from collections.abc import Sequence

from experiments.spec import Cell, ExperimentSpec, Factor
from experiments.verdicts import Number
from simsupply.base.language import Language
from simsupply.measures.unit_titles import unit_label

EXACT = 1e-9
"""Relative width of an interval that is a point but for rounding."""
_POINTS: dict[Language, str] = {"en": "percentage points", "zh": "个百分点"}


def number(value: float) -> str:
    """Three figures of a small number, none after the point of a large one; never a negative zero.

    >>> number(0.12345), number(25212.4), number(-0.0), number(12.0)
    ('0.123', '25,212', '0', '12')
    """
    if abs(value) < 1e-12:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    text = f"{value:.{max(2 - math.floor(math.log10(abs(value))), 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(found: Number, unit: str, language: Language, *, is_difference: bool = False) -> str:
    """An estimate with its interval and unit.

    >>> amount(Number(0.5, 0.25, 0.75), "share", "en")
    '50 % (25 to 75)'
    >>> amount(Number(0.5, 0.5, 0.5), "share", "en", is_difference=True)
    '50 percentage points (the same each time)'
    """
    scale, name = 1.0, unit_label(unit, language)
    if unit == "share":
        scale = 100.0
        name = _POINTS[language] if is_difference else "%"
    elif unit in ("index", "ratio", ""):
        name = ""
    mean, low, high = (_shown(value * scale, found, scale) for value in (found.mean, found.ci_low, found.ci_high))
    inside = {"en": f"{low} to {high}", "zh": f"{low}至{high}"}[language]
    if found.ci_high - found.ci_low <= EXACT * max(1.0, abs(found.mean)):
        inside = {"en": "the same each time", "zh": "各次相同"}[language]
    bracket = {"en": f" ({inside})", "zh": f"（{inside}）"}[language]
    return f"{mean}{' ' if name else ''}{name}{bracket}"


def bare(value: float, unit: str, language: Language) -> str:
    """A number that is given, with its unit.

    >>> bare(0.99, "share", "en"), bare(24.0, "h", "en")
    ('99 %', '24 h')
    """
    if unit == "share":
        return f"{round(value * 100, 6):g} %"
    return f"{number(value)} {unit_label(unit, language)}".strip()


def bare_difference(value: float, unit: str, language: Language) -> str:
    """A difference without an interval.

    >>> bare_difference(0.12, "share", "en"), bare_difference(2.5, "h", "zh")
    ('12 percentage points', '2.5 小时')
    """
    if unit == "share":
        return f"{number(value * 100)} {_POINTS[language]}"
    return f"{number(value)} {unit_label(unit, language)}".strip()


def _shown(value: float, found: Number, scale: float) -> str:
    """With as many digits as the width of the interval allows."""
    width = (found.ci_high - found.ci_low) * scale
    if width <= EXACT * max(1.0, abs(found.mean)) * scale:
        return number(value)
    digits = max(0, 1 - math.floor(math.log10(width)))
    if found.mean:
        # Four figures are enough, however narrow the interval.
        digits = min(digits, max(0, 3 - math.floor(math.log10(abs(found.mean) * scale))))
    text = f"{value:,.{digits}f}"
    return text.lstrip("-") if float(text.replace(",", "")) == 0 else text


def level(factor: Factor, value: float, language: Language = "en") -> str:
    """A level as a reader sees it.

    >>> from simsupply.base.spec import Title
    >>> share = Factor(title=Title(en="", zh=""), unit="share", levels=(0, 1), keys={"a": 1})
    >>> level(share, 0.2)
    '20 %'
    """
    if factor.unit == "share":
        return f"{round(value * 100, 6):g} %"
    if factor.unit == "times":
        return f"{value:g}x" if language == "en" else f"{value:g}倍"
    unit = factor.unit_zh if language == "zh" and factor.unit_zh else factor.unit
    return f"{value:g} {unit}".strip()


def levels(factor: Factor, some: Sequence[float], language: Language = "en") -> str:
    """Some of the levels of a factor, neighbours joined; ``-`` if there are none.

    >>> from simsupply.base.spec import Title
    >>> share = Factor(title=Title(en="", zh=""), unit="", levels=(1, 2, 3, 4), keys={"a": 1})
    >>> levels(share, [1, 2, 4])
    '1 to 2, 4'
    """
    runs: list[list[float]] = []
    for place, value in enumerate(factor.levels):
        if value not in some:
            continue
        if place and runs and runs[-1][-1] == factor.levels[place - 1]:
            runs[-1].append(value)
        else:
            runs.append([value])
    joined = {"en": " to ", "zh": "至"}[language]
    parts = [joined.join(dict.fromkeys(level(factor, end, language) for end in (run[0], run[-1]))) for run in runs]
    return ({"en": ", ", "zh": "、"}[language]).join(parts) or "-"


def where(spec: ExperimentSpec, cell: Cell, language: Language = "en") -> str:
    """The levels of a cell, each with its factor: ``attendance 20 %, surge 30x``."""
    parts = []
    for factor, value in zip(spec.factors.values(), cell.levels, strict=True):
        title = factor.title.in_language(language)
        start = f"{lowered(title)} " if language == "en" else title
        parts.append(start + level(factor, value, language))
    return {"en": ", ", "zh": "、"}[language].join(parts)


def lowered(title: str) -> str:
    """A title in the middle of a sentence; abbreviations stay as they are.

    >>> lowered("Standard crates"), lowered("S5 as planned")
    ('standard crates', 'S5 as planned')
    """
    return title[:1].lower() + title[1:] if title[1:2].islower() or title.startswith("A ") else title


def option(spec: ExperimentSpec, name: str, language: Language, *, is_first: bool = False) -> str:
    """Title of an option in a sentence, at its beginning or not; in quotes in Chinese."""
    title = spec.options[name].title.in_language(language)
    if language == "zh":
        return f"“{title}”"
    return title if is_first else lowered(title)


def joined(parts: Sequence[str], language: Language) -> str:
    """Clauses one after the other."""
    return {"en": ", ", "zh": "，"}[language].join(parts)


def listed(parts: Sequence[str], language: Language) -> str:
    """Parts one after the other; the last with "and".

    >>> listed(["a", "b", "c"], "en")
    'a, b and c'
    """
    if language == "zh":
        return "、".join(parts)
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
