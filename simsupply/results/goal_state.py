"""Half-widths that a user asks for, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass

from simsupply.stats.intervals import Estimate


@dataclass(frozen=True)
class Goal:
    """A half-width asked for: in the metric's unit, or relative (0.05 for 5 %) to its mean."""

    metric: str
    half_width: float
    is_relative: bool

    @classmethod
    def of(cls, metric: str, wanted: float | str) -> Goal:
        """From what a user writes: ``50`` or ``"5%"``."""
        if isinstance(wanted, str):
            return cls(metric, float(wanted.removesuffix("%")) / 100, True)
        return cls(metric, wanted, False)

    def limit(self, found: Estimate) -> float | None:
        """The half-width in the metric's unit; None where there is no mean."""
        if found.mean is None:
            return None
        return self.half_width * abs(found.mean) if self.is_relative else self.half_width

    @property
    def in_words(self) -> str:
        """As a user writes it."""
        return f"{self.half_width * 100:g} %" if self.is_relative else f"{self.half_width:g}"


@dataclass(frozen=True)
class GoalState:
    """What became of one goal.

    Attributes
    ----------
    goal : Goal
    half_width : float or None
        Of the 95 % interval, in the metric's unit; None: the metric does not exist in every replication.
    is_met : bool
    needed : int or None
        Replications that the variance seen asks for; None where it cannot be said.
    """

    goal: Goal
    half_width: float | None
    is_met: bool
    needed: int | None
