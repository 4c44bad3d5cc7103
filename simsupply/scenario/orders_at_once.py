"""How many orders a household places at once: one, a fixed number, or a number drawn for each household and day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from simsupply.base.spec import Spec, key_help

MOST_AT_ONCE = 20
FixedNumber = Annotated[int, Field(ge=1, le=MOST_AT_ONCE)]


class DrawnNumber(Spec):
    """A first order, and a Poisson number of further ones, drawn for each household and day of ordering."""

    mean: Annotated[
        float,
        Field(gt=1, le=MOST_AT_ONCE),
        key_help(
            "Orders that a household places at once, on average: the first, and a Poisson number of further ones.",
            "每户一次平均下几单：第一单，另加服从泊松分布的若干单。",
            example=1.6,
        ),
    ]


def _kind(value: Any) -> str:
    return "drawn" if isinstance(value, Mapping | DrawnNumber) else "fixed"


_HELP = key_help(
    "Orders that a household places at once, each of its own: taken on, packed and brought by itself. What is ordered "
    "by need is shared equally among them.",
    "每户一次下几单，各单分别受理、打包、配送；按需求计算的数量在各单间平均分配。",
    example=2,
)
FixedAtOnce = Annotated[FixedNumber, _HELP]
OrdersAtOnce = Annotated[
    Annotated[FixedNumber, Tag("fixed")] | Annotated[DrawnNumber, Tag("drawn")], Discriminator(_kind), _HELP
]


def mean_at_once(number: int | DrawnNumber) -> float:
    """Orders at once on average."""
    return number.mean if isinstance(number, DrawnNumber) else number
