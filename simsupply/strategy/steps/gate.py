"""Gates: opening hours, and time slots of households."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from simsupply.base.problems import Misfit
from simsupply.base.spec import Count, CountOrZero, Name, Positive, Spec, TimeOfDay
from simsupply.strategy.release import Weekday


class Slots(Spec):
    """Households fetch their goods in time slots, building after building.

    Up to `households` of one building are called to each slot of `minutes`; every household has
    the same slot every day. Whoever does not come (`no_show_share`, drawn for each day) comes to
    the slot of the next day.
    """

    minutes: Positive
    households: Count
    no_show_share: Annotated[float, Field(ge=0, lt=1)] = 0.0


class Gate(Spec):
    """Lets things through between two times of day; what comes outside waits for the opening.

    Attributes
    ----------
    weekdays
        Only on these days of the week; without, every day.
    days_ahead
        Not before so many midnights have passed: ``1`` is a list of today for tomorrow.
    slots
        While it is open, each household has a time slot.
    """

    name: Name
    opens: TimeOfDay
    closes: TimeOfDay
    weekdays: tuple[Weekday, ...] = ()
    days_ahead: CountOrZero = 0
    slots: Slots | None = None

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
