"""Kinds of workers and their pace: times as many minutes as a step says, and slow first hours of a new line."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from simsupply.base.quantities import HoursBetween
from simsupply.base.spec import Spec, key_help

TimesAsLong = Annotated[float, Field(gt=0, le=100)]
"""Minutes of this kind of worker, in minutes that the step says."""


class Ramp(Spec):
    """The first hours of a new line: work goes at `start` of the later speed, and faster until `hours` have passed.

    A line is a step at a place; its hours begin with the first unit begun there, and count while anybody of the crew is
    on duty there.
    """

    start: Annotated[
        float,
        Field(gt=0, le=1),
        key_help(
            "Speed at which a new line begins, as a share of its later speed.",
            "新作业线开始时的速度，占其后速度的比例。",
            unit="share",
            example=0.5,
        ),
    ]
    hours: Annotated[
        HoursBetween,
        key_help(
            "Hours until the later speed is reached, on a straight line.",
            "达到其后速度所需的小时数，期间线性加快。",
            unit="h",
            example=2,
        ),
    ]


def _times(what: str, chinese: str) -> object:
    return key_help(
        f"Times as many minutes {what} as the steps say.", f"每{chinese}用时为步骤所填分钟数的倍数。", example=1.5
    )


class Pace(Spec):
    """How long a kind of worker takes, as times the minutes that steps say; what is left out takes as long."""

    order: Annotated[TimesAsLong, _times("per order", "单")] = 1.0
    line: Annotated[TimesAsLong, _times("per line", "行")] = 1.0
    parcel: Annotated[TimesAsLong, _times("per parcel", "件")] = 1.0
    kg: Annotated[TimesAsLong, _times("per kg", "公斤")] = 1.0
    consignment: Annotated[TimesAsLong, _times("per consignment", "批")] = 1.0
    load: Annotated[TimesAsLong, _times("per load", "车")] = 1.0
    door: Annotated[TimesAsLong, _times("at each door, its stairs included,", "户（含楼梯）")] = 1.0
    ramp: Ramp | None = None

    @property
    def is_standard(self) -> bool:
        """Whether everything takes what the steps say."""
        return self == STANDARD_PACE


STANDARD_PACE = Pace()
