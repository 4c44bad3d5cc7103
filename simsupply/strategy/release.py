"""How a channel's orders come about: allotted, ordered, bought as a group, or fetched from a shop."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from simsupply.base.problems import Misfit
from simsupply.base.spec import Count, Name, NonNegative, Positive, Share, Spec, TimeOfDay, key_help

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class _Release(Spec):
    """What kinds of release differ in, for those who need not know more."""

    is_allotted: ClassVar[bool] = False
    is_visit: ClassVar[bool] = False

    @property
    def is_ordered(self) -> bool:
        """Whether residents place orders and wait for them."""
        return not (self.is_allotted or self.is_visit)


class Allotment(_Release):
    """Push: every household is sent one parcel without asking, every `every_days` days.

    Without `every_days` the cycle of the scenario's demand is followed. `at` is the time of day at
    which the list is known. With `skip_waiting` nothing is sent to households that wait for an order
    of their own, or in a group.
    """

    is_allotted: ClassVar[bool] = True
    excludes: ClassVar[tuple[Name, ...]] = ()
    once_in_days: ClassVar[None] = None

    kind: Literal["allot"]
    every_days: Count | None = None
    at: TimeOfDay = 0.0
    skip_waiting: bool = False


class _Asked(_Release):
    """What all channels have in common that residents turn to.

    Attributes
    ----------
    excludes
        Kinds of households that cannot use the channel (``no_smartphone``).
    once_in_days
        A household may order once in so many days.
    unpaid_share
        Share of accepted orders that are not paid and therefore not sent.
    """

    excludes: tuple[Name, ...] = ()
    once_in_days: Count | None = None
    unpaid_share: Share = 0.0


class OrderRelease(_Asked):
    """Pull: households order for themselves; the list is closed on days of a calendar.

    Attributes
    ----------
    every_days, weekdays
        The list is closed on every so-many-th day, counted from the first day of use, or on these
        days of the week. With neither, as often as the scenario's demand says.
    cut_off
        Time of day at which it is closed; who wants to order later is on the next list. Without
        it, the time that the demand says.
    """

    kind: Literal["order"]
    every_days: Count | None = None
    weekdays: tuple[Weekday, ...] = ()
    cut_off: TimeOfDay | None = None

    @model_validator(mode="after")
    def _one_calendar(self) -> Self:
        if self.every_days is not None and self.weekdays:
            raise Misfit("release_every_days_or_weekdays")
        return self


class GroupRelease(_Asked):
    r"""Group buying: each compound collects sets for `window_days` days and buys if there are enough.

    Attributes
    ----------
    window_days, closes
        Collection starts with the first day of use and is closed at `closes` after every so many
        days.
    min_sets
        Fewer sets of one compound are not delivered.
    below
        What happens to a group that is too small: it ``wait``\ s for the next closing, or it
        ``dissolve``\ s and its households look elsewhere, as they do when the channel is no longer
        used.
    """

    kind: Literal["group"]
    window_days: Count
    closes: TimeOfDay
    min_sets: Count
    below: Literal["wait", "dissolve"]


class VisitRelease(_Asked):
    """Residents go to a shop or stall themselves, at random times while it is open."""

    is_visit: ClassVar[bool] = True

    kind: Literal["visit"]
    opens: TimeOfDay
    closes: TimeOfDay

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.opens >= self.closes:
            raise Misfit("opens_before_closes")
        return self


Release = Annotated[Allotment | OrderRelease | GroupRelease | VisitRelease, Field(discriminator="kind")]


class Acceptance(Spec):
    """How many orders are taken on; with several limits the lowest counts.

    With demand of kind cycle, where lists are agreed on beforehand, all are taken on.

    Attributes
    ----------
    promise_days
        No more open orders than the stages can handle within the promised days: at each place of the
        way, those that go through it.
    promise_by
        Which stages are looked at: those of the ``whole_way``, or those of the ``depot`` alone. The
        latter promises more than the rest of the way can deliver where that is slower.
    orders_per_day
        No more orders a day at each depot.
    first
        Kinds of households whose orders are taken on before all others.
    """

    promise_days: Positive | None = None
    promise_by: Annotated[
        Literal["whole_way", "depot"],
        key_help(
            "Which stages a promise looks at: those of the whole_way to the door, or those of the depot alone, which "
            "promises too much where the rest of the way is slower.",
            "承诺时效时考察哪些作业环节：`whole_way` 为直到上门的全程，`depot` 仅为保供点；后续环节更慢时，后者会承诺过多。",
            example="whole_way",
        ),
    ] = "whole_way"
    orders_per_day: NonNegative | None = None
    first: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _limited(self) -> Self:
        if self.promise_days is None and self.orders_per_day is None:
            raise Misfit("acceptance_promise_or_number")
        return self
