"""Gates: opening hours, and time slots of households."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from simsupply.base.problems import Misfit
from simsupply.base.quantities import Count, SlotMinutes, WholeDaysOrZero
from simsupply.base.spec import Name, OptionalTitle, Spec, TimeOfDay, key_help
from simsupply.scenario.weekdays import Weekday


class Slots(Spec):
    """Households fetch their goods in time slots, building after building; the slots of a day are all there is.

    Every household has a slot of its own, at the same time every day. Where more are to be called to it than there
    are places, those who have waited since the earliest day come first, then building after building; who finds no
    place goes to the next slot that has one left, or waits for the next open day. Whoever is called and does not
    come, drawn for each day, has had her place, and comes to her own slot of the next open day. A household that
    fetches several orders at once takes one place.
    """

    minutes: Annotated[SlotMinutes, key_help("How long one slot is.", "每个时段的长度。", unit="min", example=10)]
    households: Annotated[
        Count,
        key_help(
            "Most households called to one slot at a drop point; neighbours of one building share their own slot.",
            "每个投放点每个时段最多通知的户数；固定时段由同一栋楼的邻居共用。",
            example=20,
        ),
    ]
    no_show_share: Annotated[
        float,
        Field(ge=0, lt=1),
        key_help(
            "Share of households that do not come to their slot on a day.",
            "某日未在本户时段前来的家庭占比。",
            unit="share",
            example=0.1,
        ),
    ] = 0.0


class Gate(Spec):
    """Lets things through between two times of day; what comes outside waits for the opening."""

    name: Annotated[
        Name,
        key_help("What the step is called in results.", "该步骤在结果中的名称。", example="compound_gate"),
    ]
    title: OptionalTitle = None
    opens: Annotated[
        TimeOfDay,
        key_help("From when on it lets things through.", "开始放行的时刻。", example="08:00"),
    ]
    closes: Annotated[
        TimeOfDay,
        key_help("From when on it does not, later than opens.", "停止放行的时刻，晚于 `opens`。", example="18:00"),
    ]
    weekdays: Annotated[
        tuple[Weekday, ...],
        key_help(
            "Only on these days of the week; without, every day.",
            "仅在一周中的这些日子开放；不填则每天开放。",
            example=["tue", "fri"],
        ),
    ] = ()
    days_ahead: Annotated[
        WholeDaysOrZero,
        key_help(
            "Not before so many midnights have passed: 1 is a list of today for tomorrow.",
            "至少经过这么多个午夜之后才放行：1 表示今天的清单明天放行。",
            unit="days",
            example=1,
        ),
    ] = 0
    slots: Annotated[
        Slots | None,
        key_help(
            "While it is open, each household has a time slot; without, all pass as they come.",
            "开放期间每户有各自的时段；不填则随到随过。",
            example={"minutes": 10, "households": 20},
        ),
    ] = None

    @property
    def resource(self) -> tuple[str, ...]:
        """Nobody works."""
        return ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.opens >= self.closes:
            raise Misfit("opens_before_closes")
        if self.slots and self.slots.minutes > self.closes - self.opens:
            raise Misfit("slots_within_opening_hours", minutes=self.closes - self.opens)
        return self
