"""What a metric is: name, unit, definition, better side, titles, needs and function, all in one entry.

An entry that lacks its better side or a title cannot be made, so a run never meets one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal, ParamSpec

from simsupply.base.language import Language
from simsupply.base.spec import Title
from simsupply.records.replication import RELATIVE_TOLERANCE, InvariantError, Replication
from simsupply.scenario.world import Scenario
from simsupply.strategy.step_titles import Labels

if TYPE_CHECKING:
    from simsupply.scenario.staffing import Fleet
    from simsupply.strategy.channels import StrategySpec  # slow to import, and `list metrics` does not need it

Side = Literal["more", "less"]
Section = Literal["supply"]
Bounds = tuple[float, float]
"""The least and the greatest value possible; infinite where there is none."""
_OF_UNIT: dict[str, Bounds] = {"share": (0.0, 1.0), "index": (0.0, 1.0)}
_NOT_NEGATIVE: Bounds = (0.0, math.inf)
_ANY: Bounds = (-math.inf, math.inf)
Measured = ParamSpec("Measured")
"""What a metric is computed from: ``[Outcomes]`` (any group of households) or ``[Replication, Scenario]``."""


@dataclass(frozen=True, kw_only=True)
class Metric(Generic[Measured]):
    """One metric.

    Attributes
    ----------
    name : str
        As in files and settings; it says its unit where that is not a share or a count.
    unit, definition : str
    better : {"more", "less"} or None
        Which of it is better for residents and for those who pay; None: neither is in itself.
    titles : Title
        What readers see.
    compute : callable
        NaN where the metric does not exist; null in files.
    needs : tuple of {"supply"}
        Sections of the scenario without which it never exists.
    source : str
        Where it is taken from, if it is not ours.
    bounds : (float, float)
        What it may be. Not given: 0 to 1 of a share or an index, and 0 or more of anything else.

    Raises
    ------
    TypeError
        If an attribute is not given, or is not what it must be.
    """

    name: str
    unit: str
    definition: str
    better: Side | None
    titles: Title
    compute: Callable[Measured, float]
    needs: tuple[Section, ...] = ()
    source: str = ""
    bounds: Bounds | None = None

    def __post_init__(self) -> None:
        _check(self)


@dataclass(frozen=True, kw_only=True)
class MetricFamily:
    """A metric that exists once for each kind of something: ``contacts.gate``, ``contacts.door``.

    Attributes
    ----------
    prefix, part : str
        What names begin with (``"contacts."``), and what follows (``"kind"``; ``"step.cause"``: both, with a dot).
    unit, definition, better, needs, source, bounds
        As of a `Metric`, of every one of the family.
    titles : Title
        With ``{part}`` where the title of the part stands.
    part_title : callable
        Title of a part in a language, given what readers see of steps.
    known_parts : callable
        Parts that a run under a strategy with these fleets has, in order; known before the run.
    compute : callable
        Value by part.

    Raises
    ------
    TypeError
        If an attribute is not given, or is not what it must be.
    """

    prefix: str
    part: str
    unit: str
    definition: str
    better: Side | None
    titles: Title
    part_title: Callable[[str, Language, Labels | None], str]
    known_parts: Callable[[StrategySpec, Mapping[str, Fleet]], Iterable[str]]
    compute: Callable[[Replication, Scenario], Mapping[str, float]]
    needs: tuple[Section, ...] = ()
    source: str = ""
    bounds: Bounds | None = None

    def __post_init__(self) -> None:
        _check(self)
        for text in (self.titles.en, self.titles.zh):
            if "{part}" not in text:
                raise TypeError(f"metrics {self.name}: the title {text!r} must hold {{part}}")

    @property
    def name(self) -> str:
        """For lists: ``contacts.<kind>``."""
        return self.prefix + ".".join(f"<{part}>" for part in self.part.split("."))

    def title(self, name: str, language: Language, titled: Labels | None = None) -> str:
        """Title of one of the family by its whole name; `titled`: labels of steps (`step_labels`)."""
        part = self.part_title(name.removeprefix(self.prefix), language, titled)
        return self.titles.in_language(language).format(part=part)


def bounds_of_entry(entry: Metric[...] | MetricFamily | None) -> Bounds:
    """What a metric may be; of one that is none of ours nothing is known."""
    if entry is None:
        return _ANY
    return entry.bounds or _OF_UNIT.get(entry.unit, _NOT_NEGATIVE)


def _check(entry: Metric[...] | MetricFamily) -> None:
    if entry.better not in ("more", "less", None):
        raise TypeError(f"metric {entry.name}: better is {entry.better!r}; it must be 'more', 'less' or None")
    if not isinstance(entry.titles, Title) or not (entry.titles.en.strip() and entry.titles.zh.strip()):
        raise TypeError(f"metric {entry.name}: titles must hold a title in each language")


def within_bounds(name: str, value: float, bounds: Bounds) -> float:
    """A value that rounding cannot have moved beyond what is possible.

    A share is a quotient of two sums of many floats, so one that is 1 may come out as 1 + 2e-13.

    Raises
    ------
    InvariantError
        If it is beyond by more than rounding explains.

    Examples
    --------
    >>> within_bounds("utilisation.pack", 1 + 2e-13, (0.0, 1.0)), within_bounds("cost", 1e9, (0.0, math.inf))
    (1.0, 1000000000.0)
    """
    low, high = bounds
    if math.isnan(value) or low <= value <= high:
        return value
    nearest = min(max(value, low), high)
    if abs(value - nearest) > RELATIVE_TOLERANCE * max(1.0, abs(nearest)):
        raise InvariantError(f"metric {name}: {value!r} is not between {low:g} and {high:g}")
    return nearest
