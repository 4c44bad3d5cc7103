"""What households use up: groups of goods, who needs them, and on which days more or less of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from simsupply.base.catalogue import message
from simsupply.base.problems import Misfits
from simsupply.base.quantities import Kg, Share
from simsupply.base.spec import MINUTES_PER_DAY, Name, OptionalTitle, Range, Spec, key_help
from simsupply.scenario.by_day import ByDay

FloatArray = NDArray[np.float64]
WHOLE_BASKET = "food"
"""Name of the one group of goods where a scenario does not tell groups apart."""


class GoodsByDay(ByDay):
    """What a person uses up on days that differ."""

    kg_per_person_day: Annotated[
        Kg,
        key_help("What a person uses up on each of these days.", "这些日子每人每日消耗量。", unit="kg", example=0.6),
    ]


class Goods(Spec):
    """One group of goods.

    `pantry_days` is what is at home when the run begins, in days of usual use. With `needed_by` only
    households of that kind use it up (infants, chronic patients); without, all do. `by_day`: see `GoodsByDay`.
    What is no need (`is_need: false`) is bought like the rest, `kg_per_person_day` of it, and has no `pantry_days`.
    """

    title: OptionalTitle = None
    kg_per_person_day: Kg
    by_day: Annotated[
        tuple[GoodsByDay, ...],
        key_help(
            "Other need from a day on or on weekdays; of several that hold on a day the last one counts.",
            "自某天起或在某些星期几另定需求；同一天有多条适用时以最后一条为准。",
            example=[{"from_day": 5, "kg_per_person_day": 0.6}],
        ),
    ] = ()
    pantry_days: Range | None = None
    needed_by: Name | None = None
    is_need: Annotated[
        bool,
        key_help(
            "Whether households need it. What they buy without need is picked, carried and counted in kg, but nobody"
            " goes without it: it is in no fill rate and no pantry.",
            "是否为必需品。非必需品照样占用拣货和配送能力、计入重量，但不计入满足率，也不算断供。",
            example=False,
        ),
    ] = True
    lines_share: Annotated[
        Share | None,
        key_help(
            "Lines that it adds to a basket, as a share of demand.lines_per_order; orders of "
            "channels that carry it have"
            " them, where nothing else says their lines.",
            "它使一单增加的品项数，占 demand.lines_per_order 的比例；只加在承运该类物资且未另定品项数的渠道订单上。",
            unit="share",
            example=0.5,
        ),
    ] = None

    @model_validator(mode="after")
    def _at_home(self) -> Self:
        if (self.pantry_days is not None) != self.is_need:
            raise Misfits(("pantry_days", self.pantry_days, message("pantry_days_of_what_is_needed")))
        return self


@dataclass(frozen=True)
class GoodsTable:
    """What households need of each group of goods.

    Attributes
    ----------
    names : tuple of str
    kg_per_day : float array, shape (goods,)
        Usual need per person, or per household where `is_per_person` is false.
    is_per_person : bool
    needed_by : uint8 array, shape (goods,)
        Bits of the kinds of household that need it; 0: all do.
    by_day : float array, shape (days, goods), or None
        The need on each day of the run, where days differ; later days are as the last one.
    is_need : bool array, shape (goods,)
        Whether anybody goes without when there is none; what is no need is only bought.
    """

    names: tuple[str, ...]
    kg_per_day: FloatArray
    is_per_person: bool
    needed_by: NDArray[np.uint8]
    by_day: FloatArray | None = None
    is_need: NDArray[np.bool_] = field(default_factory=lambda: np.ones(1, dtype=bool))

    def __len__(self) -> int:
        return len(self.names)

    def columns(self, names: tuple[str, ...] | None) -> NDArray[np.bool_]:
        """Which groups are meant, bool, shape (goods,); None: all."""
        return np.array([names is None or name in names for name in self.names])

    @property
    def is_alike(self) -> bool:
        """Whether every day needs the same."""
        return self.by_day is None

    @cached_property
    def rate(self) -> FloatArray:
        """Kg a day, shape (days, goods); a single day where all are alike. The last one goes on."""
        return self.kg_per_day[None, :] if self.by_day is None else self.by_day

    @cached_property
    def _up_to_midnight(self) -> FloatArray:
        """What has been used up since time 0 at the midnight that begins each day, kg, shape of `rate`."""
        before: FloatArray = np.cumsum(self.rate, axis=0) - self.rate
        return before

    def used(self, column: int, begin: Any, end: Any) -> Any:
        """What one consumer uses up between two minutes, kg; numbers or arrays. Time before 0 is as day 0."""
        return self._since_start(column, end) - self._since_start(column, begin)

    def _since_start(self, column: int, minute: Any) -> Any:
        days = np.asarray(minute) / MINUTES_PER_DAY
        day = np.clip(np.floor(days), 0, len(self.rate) - 1).astype(np.int64)
        return self._up_to_midnight[day, column] + self.rate[day, column] * (days - day)

    def used_up_at(self, column: int, begin: Any, kg: Any) -> Any:
        """Minute at which one consumer has used up so many kg from a minute on; numbers or arrays."""
        total = self._since_start(column, begin) + np.asarray(kg)
        # The midnight itself belongs to the day before: that day's rate says when it is reached.
        day = np.clip(np.searchsorted(self._up_to_midnight[:, column], total) - 1, 0, len(self.rate) - 1)
        return (day + (total - self._up_to_midnight[day, column]) / self.rate[day, column]) * MINUTES_PER_DAY
