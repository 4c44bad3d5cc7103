"""Attendance that nobody knows beforehand: a level drawn for each replication from a distribution."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from simsupply.base.catalogue import Message, message
from simsupply.base.problems import Misfit
from simsupply.base.quantities import Share
from simsupply.base.spec import Spec, key_help

Low = Annotated[Share, key_help("Lowest level.", "最低到岗率。", unit="share", example=0.1)]
High = Annotated[Share, key_help("Highest level.", "最高到岗率。", unit="share", example=0.3)]


class UniformAttendance(Spec):
    """Any level between `low` and `high` is as likely; what is meant by ``{low: .1, high: .3}``."""

    kind: Annotated[
        Literal["uniform"],
        key_help("Distribution of the level.", "到岗率的分布类型。", example="uniform"),
    ] = "uniform"
    low: Low
    high: High

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low > self.high:
            raise Misfit("range_low_at_most_high", low=self.low, high=self.high)
        return self

    @property
    def mean(self) -> float:
        """Mean level, 0..1."""
        return (self.low + self.high) / 2

    def quantile(self, uniform: float) -> float:
        """Level that belongs to a uniform number between 0 and 1."""
        return self.low + (self.high - self.low) * uniform


class TriangularAttendance(Spec):
    """Between `low` and `high`, most likely near `mode`; the density is a triangle over the three."""

    kind: Annotated[
        Literal["triangular"],
        key_help("Distribution of the level.", "到岗率的分布类型。", example="triangular"),
    ] = "triangular"
    low: Low
    mode: Annotated[Share, key_help("Most likely level.", "最可能的到岗率。", unit="share", example=0.2)]
    high: High

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low <= self.mode <= self.high:
            raise Misfit("low_mode_high_in_order", low=self.low, mode=self.mode, high=self.high)
        return self

    @property
    def mean(self) -> float:
        """Mean level, 0..1."""
        return (self.low + self.mode + self.high) / 3

    def quantile(self, uniform: float) -> float:
        """Level that belongs to a uniform number between 0 and 1 (the inverse of the distribution function)."""
        width, left = self.high - self.low, self.mode - self.low
        if uniform * width <= left:
            return self.low + math.sqrt(uniform * width * left)
        return self.high - math.sqrt((1 - uniform) * width * (self.high - self.mode))


class BetaAttendance(Spec):
    """A beta distribution with this mean, as sure as if the share had been counted among `n` people.

    Its parameters are ``mean * n`` and ``(1 - mean) * n``; its standard deviation is the root of
    ``mean * (1 - mean) / (n + 1)``.
    """

    kind: Annotated[
        Literal["beta"],
        key_help("Distribution of the level.", "到岗率的分布类型。", example="beta"),
    ] = "beta"
    mean: Annotated[
        float,
        Field(gt=0, lt=1),
        key_help(
            "Mean level, more than 0 and less than 1.", "平均到岗率，大于 0 且小于 1。", unit="share", example=0.2
        ),
    ]
    n: Annotated[
        float,
        Field(gt=0, le=1e6),
        key_help(
            "How sure it is: as if counted among so many people; more make it narrower.",
            "把握程度：相当于在多少人中统计得出；越大越集中。",
            example=20,
        ),
    ]

    def quantile(self, uniform: float) -> float:
        """Level that belongs to a uniform number between 0 and 1 (the inverse of the distribution function)."""
        from scipy.special import betaincinv  # here, so that reading a plan does not wait for it

        return float(betaincinv(self.mean * self.n, (1 - self.mean) * self.n, uniform))


def kind_of(value: Any) -> str:
    """Which distribution a mapping means: the one it names, else the one that has its keys."""
    if not isinstance(value, Mapping):
        return str(getattr(value, "kind", "uniform"))
    by_keys = "beta" if value.keys() & {"mean", "n"} else "triangular" if "mode" in value else "uniform"
    return str(value.get("kind", by_keys))


DrawnAttendance = Annotated[
    Annotated[UniformAttendance, Tag("uniform")]
    | Annotated[TriangularAttendance, Tag("triangular")]
    | Annotated[BetaAttendance, Tag("beta")],
    Discriminator(kind_of),
]
"""A distribution of the level."""
DRAWN = (UniformAttendance, TriangularAttendance, BetaAttendance)


def in_words(drawn: UniformAttendance | TriangularAttendance | BetaAttendance) -> Message:
    """A distribution as readers see it."""
    if isinstance(drawn, UniformAttendance):
        return message("uniform_in_words", low=drawn.low, high=drawn.high, mean=drawn.mean)
    if isinstance(drawn, TriangularAttendance):
        return message("triangular_in_words", low=drawn.low, mode=drawn.mode, high=drawn.high, mean=drawn.mean)
    return message("beta_in_words", mean=drawn.mean, n=drawn.n)
