"""How a channel's orders come about: allotted, ordered, bought as a group, or fetched from a shop."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from simsupply.base.catalogue import message
from simsupply.base.problems import Misfit, Misfits
from simsupply.base.quantities import Count, Days, NonNegative, Share, WholeDays
from simsupply.base.spec import Name, Spec, TimeOfDay, key_help
from simsupply.scenario.weekdays import Weekday

# Not only of parcels: a list or a window of groups may be staggered too.
StaggerDays = Annotated[
    WholeDays,
    key_help(
        en="Days over which the compounds take turns, as many households a day; 1: all of them at once.",
        zh="各小区分多少天轮流进行，每天户数大致相同；1 表示同时进行。",
        unit="days",
        example=7,
    ),
]


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

    Without `every_days` the cycle of the scenario's demand is followed. `at` is the time of day at which the list is
    known; without it, the time that the demand says. With `skip_waiting` nothing is sent to households that wait for an
    order of their own, or in a group. The days count, compound by compound, from the first day of use, or from that on
    which its tier opens the use; with `stagger_days` compounds take turns over so many days from there.
    """

    is_allotted: ClassVar[bool] = True
    excludes: ClassVar[tuple[Name, ...]] = ()
    once_in_days: ClassVar[None] = None

    kind: Literal["allot"]
    every_days: WholeDays | None = None
    at: TimeOfDay | None = None
    skip_waiting: bool = False
    stagger_days: StaggerDays = 1

    @model_validator(mode="after")
    def _staggered_within_days(self) -> Self:
        if self.every_days is not None and self.stagger_days > self.every_days:
            raise stagger_misfit(self.stagger_days, self.every_days)
        return self


def stagger_misfit(stagger_days: int, days: int) -> Misfits:
    """Turns must have come round before the first compound is due again."""
    return Misfits(("stagger_days", stagger_days, message("stagger_within_days", days=days)))


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
    once_in_days: WholeDays | None = None
    unpaid_share: Share = 0.0


class OrderRelease(_Asked):
    """Pull: households order for themselves; the list is closed on days of a calendar.

    Attributes
    ----------
    every_days, weekdays
        The list is closed on every so-many-th day, counted from the first day of use (compound by compound, from that
        on which its tier opens the use), or on these days of the week. With neither, as often as the scenario's demand
        says.
    stagger_days
        With `every_days`: compounds take turns over so many days.
    cut_off
        Time of day at which it is closed; who wants to order later is on the next list. Without
        it, the time that the demand says.
    """

    kind: Literal["order"]
    every_days: WholeDays | None = None
    weekdays: tuple[Weekday, ...] = ()
    cut_off: TimeOfDay | None = None
    stagger_days: StaggerDays = 1

    @model_validator(mode="after")
    def _one_calendar(self) -> Self:
        if self.every_days is not None and self.weekdays:
            raise Misfit("release_every_days_or_weekdays")
        if self.stagger_days > 1 and self.every_days is None:
            raise Misfits(("stagger_days", self.stagger_days, message("stagger_with_every_days")))
        if self.every_days is not None and self.stagger_days > self.every_days:
            raise stagger_misfit(self.stagger_days, self.every_days)
        return self


class GroupRelease(_Asked):
    r"""Group buying: each compound collects sets for `window_days` days and buys if there are enough.

    Attributes
    ----------
    window_days, closes
        Collection starts with the first day of use (in each compound with that on which its tier opens the use) and is
        closed at `closes` after every so many days.
    stagger_days
        Compounds take turns over so many days.
    min_sets
        Fewer sets of one compound are not delivered.
    below
        What happens to a group that is too small: it ``wait``\ s for the next closing, or it
        ``dissolve``\ s and its households look elsewhere, as they do when the channel is no longer
        used.
    """

    kind: Literal["group"]
    window_days: WholeDays
    closes: TimeOfDay
    min_sets: Count
    below: Literal["wait", "dissolve"]
    stagger_days: StaggerDays = 1

    @model_validator(mode="after")
    def _staggered_within_window(self) -> Self:
        if self.stagger_days > self.window_days:
            raise stagger_misfit(self.stagger_days, self.window_days)
        return self


class Shelf(Spec):
    """What a shop has on its shelves: full when it opens and at each restocking, empty when it is sold before.

    Attributes
    ----------
    days
        What all households of the drop point use in so many days, of each of the goods.
    restocked_at
        Times of day at which the shelves are filled again, besides the morning.
    """

    days: Annotated[
        Days,
        key_help(
            "What fits on the shelves of a drop point's shops, of each of the goods: days of use of its households.",
            "货架容量：各类物资可供该投放点全部家庭使用的天数。",
            unit="days",
            example=0.5,
        ),
    ]
    restocked_at: Annotated[
        tuple[TimeOfDay, ...],
        key_help(
            "Times of day at which shelves are filled again while the shop is open; they are full when it opens.",
            "营业期间补架的时刻；开门时货架为满。",
            example=["11:00", "15:00"],
        ),
    ] = ()


class VisitRelease(_Asked):
    """Residents go to a shop or stall themselves, at random times while it is open."""

    is_visit: ClassVar[bool] = True

    kind: Literal["visit"]
    opens: TimeOfDay
    closes: TimeOfDay
    shelf: Annotated[
        Shelf | None,
        key_help(
            "Stock on the shelves, and when they are filled again; without it, everything in stock is on the shelf.",
            "货架库存与补架时刻；不填则库存全部在架。",
            example={"days": 0.5, "restocked_at": ["14:00"]},
        ),
    ] = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.opens >= self.closes:
            raise Misfit("opens_before_closes")
        times = self.shelf.restocked_at if self.shelf else ()
        if any(not before < now for before, now in pairwise((self.opens, *times, self.closes))):
            raise Misfit("restocked_while_open")
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

    promise_days: Days | None = None
    promise_by: Annotated[
        Literal["whole_way", "depot"],
        key_help(
            "Which stages a promise looks at: those of the whole_way to the door, or those of the depot alone, which "
            "promises too much where the rest of the way is slower.",
            "承诺时效时考察哪些作业环节：`whole_way` 为直到上门的全程，`depot` 仅为保供点；后续更慢时，后者承诺过多。",
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
