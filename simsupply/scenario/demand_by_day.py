"""Demand on days that differ: what may be said of each kind of demand."""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from simsupply.base.problems import Misfit
from simsupply.base.quantities import Kg, Positive
from simsupply.base.spec import key_help
from simsupply.scenario.by_day import ByDay


class DemandByDay(ByDay):
    """What households use up on days that differ, where the scenario has no `goods`."""

    numbers: ClassVar[tuple[str, ...]] = ("need_kg_per_household_week",)

    need_kg_per_household_week: Annotated[
        Kg | None,
        key_help(
            "What a household uses up in a week of such days; without it, as usual.",
            "按这些日子计，每户每周消耗量；不填则照常。",
            unit="kg",
            example=18,
        ),
    ] = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if all(getattr(self, name) is None for name in self.numbers):
            raise Misfit("entry_says_something", keys=list(self.numbers))
        return self


class PoissonByDay(DemandByDay):
    """The same, and how fast single orders come."""

    numbers: ClassVar[tuple[str, ...]] = (*DemandByDay.numbers, "rate_per_min")

    rate_per_min: Annotated[
        Positive | None,
        key_help(
            "Orders a minute on these days; without it, as usual.",
            "这些日子每分钟到达的单数；不填则照常。",
            example=0.4,
        ),
    ] = None


class SurgeByDay(DemandByDay):
    """The same, and how many times as often as normally households try to order."""

    numbers: ClassVar[tuple[str, ...]] = (*DemandByDay.numbers, "multiplier")

    multiplier: Annotated[
        Annotated[float, Field(gt=0, le=1000)] | None,
        key_help(
            "How many times as often as normally households try to order on these days; without it, as usual.",
            "这些日子下单尝试为平时的几倍；不填则照常。",
            example=12,
        ),
    ] = None


class PurchaseByDay(DemandByDay):
    """The same, how often households want to buy, and how many times as many attempts that makes."""

    numbers: ClassVar[tuple[str, ...]] = (
        *DemandByDay.numbers,
        "purchases_per_household_day",
        "multiplier",
        "stock_up_days",
    )

    purchases_per_household_day: Annotated[
        Annotated[float, Field(gt=0, le=1)] | None,
        key_help(
            "Probability that a household wants to buy on such a day; without it, as usual.",
            "这些日子每户想要采购的概率；不填则照常。",
            example=0.8,
        ),
    ] = None
    multiplier: Annotated[
        Annotated[float, Field(ge=1, le=1000)] | None,
        key_help("On attempts of these days; without it, as usual.", "这些日子下单尝试的倍数；不填则照常。", example=2),
    ] = None
    stock_up_days: Annotated[
        Annotated[float, Field(ge=0, le=365)] | None,
        key_help(
            "Days of use that every household buys on top on these days (panic buying); without it, as usual.",
            "这些日子每户多囤几天的用量（抢购）；不填则照常。",
            unit="days",
            example=7,
        ),
    ] = None


BY_DAY_HELP = key_help(
    "Other need or demand from a day on or on weekdays; of several that hold on a day the last one counts.",
    "自某天起或在某些星期几另定需求；同一天有多条适用时以最后一条为准。",
    example=[{"from_day": 5, "need_kg_per_household_week": 18}],
)
