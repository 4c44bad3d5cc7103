"""Where goods come from: sources, stock at the depots, reserves, and what is done when stock runs low."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from simsupply.base.catalogue import message
from simsupply.base.problems import Misfits
from simsupply.base.quantities import (
    Count,
    Days,
    DaysOrZero,
    HoursOrZero,
    Kg,
    KgOrZero,
    KmOrZero,
    Multiplier,
    Share,
    WholeDays,
)
from simsupply.base.spec import Name, Spec, TimeOfDay, Title


class LeadTime(Spec):
    """Hours from when goods leave a source to their arrival: lognormal with this mean and coefficient of variation."""

    mean_hours: HoursOrZero
    cv: Annotated[float, Field(ge=0, le=5)] = 0.0


class Takeover(Spec):
    """A source that only works in place of another: from `lead_days` after that one was closed until it reopens."""

    of: Name
    lead_days: DaysOrZero


class Source(Spec):
    """A wholesale market or producing area. Depots turn to sources in the order in which these are listed.

    Attributes
    ----------
    title
        What it is called in figures; without it, its name.
    goods
        What it has; without, all goods.
    daily_kg
        Most that it gives on a day, all depots together, by goods; goods that are not named: no limit.
    preparation_hours
        From the request until goods leave it. A closure (a shock of kind ``supply`` with capacity 0) that begins in
        between keeps them there: they are cancelled and asked for anew. What has left it arrives.
    lead_time
        From there to a depot.
    depots
        Depots it gives to; without, all of them.
    distance_km
        Road to each depot, for the rule ``nearest_first`` between depots.
    starts_after_closure
        Without it, a source is open from the start.
    """

    title: Title | None = None
    goods: tuple[Name, ...] = ()
    daily_kg: dict[Name, KgOrZero] = Field(default_factory=dict)
    preparation_hours: HoursOrZero = 0.0
    lead_time: LeadTime
    depots: tuple[str, ...] = ()
    distance_km: dict[str, KmOrZero] = Field(default_factory=dict)
    starts_after_closure: Takeover | None = None


Issue = Literal["first_expired", "first_in", "last_in"]
"""What goes out of stock first."""


class Stock(Spec):
    """One group of goods at each depot, in days of cover: of what the households fed from the depot use up.

    Attributes
    ----------
    initial_days
        In stock when the run begins.
    order_up_to_days
        A review asks for what stock and goods on their way lack of this; or of what the plan is going to release within
        so many days (parcels, lists of demand `cycle`), where that is more.
    shelf_life_days
        From arrival (or the start of the run) until goods spoil; without it, they keep.
    issue
        What goes out first: what expires first, what came in first, or what came in last. Reserves send
        what expires first.
    depots
        Depots that have the goods; without, all of them.
    """

    initial_days: DaysOrZero
    order_up_to_days: DaysOrZero
    shelf_life_days: Days | None = None
    issue: Issue = "first_expired"
    depots: tuple[str, ...] = ()


class Review(Spec):
    """When stocks are counted and goods asked for: at a time of day, on every so-many-th day from day 0."""

    at: TimeOfDay
    every_days: WholeDays = 1


class Reserve(Spec):
    """Goods held back for when sources fail; reserves are a ladder in the order in which they are listed.

    Attributes
    ----------
    title
        What it is called in figures; without it, its name.
    cover_days, kg
        What it holds at the start, by goods: in days of cover of all households, or in kg.
    delay_hours
        From the request to the arrival at a depot.
    daily_share
        Share of what it held at the start that may leave on a day, by goods.
    rotate_days
        Goods that spoil within so many days are sent to depots that ask for goods, before any source is
        asked, and are replaced from the sources; without it, goods stay until they are released or spoil.
    distance_km
        Road to each depot, for the rule ``nearest_first`` between depots.
    """

    title: Title | None = None
    cover_days: dict[Name, DaysOrZero] = Field(default_factory=dict)
    kg: dict[Name, KgOrZero] = Field(default_factory=dict)
    delay_hours: HoursOrZero
    daily_share: Annotated[float, Field(gt=0, le=1)] = 1.0
    rotate_days: Days | None = None
    distance_km: dict[str, KmOrZero] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        twice = sorted(set(self.cover_days) & set(self.kg))
        if twice:
            raise Misfits(*((f"kg.{name}", self.kg[name], message("reserve_in_cover_days_or_kg")) for name in twice))
        if not any(self.cover_days.values()) and not any(self.kg.values()):
            raise Misfits(("cover_days", self.cover_days, message("reserve_holds_something")))
        return self


class Rationing(Spec):
    """The last step of the ladder: orders are cut, in use of the ladder, once the last reserve has come. By goods.

    Attributes
    ----------
    to
        Share of what they should hold that orders hold.
    below_days, below_reviews
        Decided after so many reviews in a row that found less stock than for these days, no reserve with anything
        left and nothing on its way from one.
    above_days, above_reviews
        And given up after so many that found more than for these, or when the ladder goes out of use.
    delay_hours
        From the decision to the first minute at which orders are cut.
    """

    to: Share
    below_days: Days
    below_reviews: Count = 1
    above_days: Days
    above_reviews: Count = 1
    delay_hours: HoursOrZero = 0.0

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.above_days < self.below_days:
            raise Misfits(
                ("above_days", self.above_days, message("above_days_at_least_below_days", below_days=self.below_days))
            )
        return self


class Ladder(Spec):
    """When reserves are opened and, where these are used up, orders are cut. By goods, over all depots.

    Attributes
    ----------
    below_days, below_reviews
        The ladder is in use after so many reviews in a row that found less stock than for these days.
    above_days, above_reviews
        And no longer after so many that found more than for these.
    up_to_days
        Cover up to which reserves fill up the depots, goods on their way included; without it, up to
        `order_up_to_days` of the stock.
    rationing
        The last step; without it, orders are not cut.
    """

    below_days: Days
    below_reviews: Count = 1
    above_days: Days
    above_reviews: Count = 1
    up_to_days: Days | None = None
    rationing: Rationing | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.above_days < self.below_days:
            raise Misfits(
                ("above_days", self.above_days, message("above_days_at_least_below_days", below_days=self.below_days))
            )
        if self.rationing and self.rationing.below_days > self.below_days:
            allowed = message("rationing_below_ladder", below_days=self.below_days)
            raise Misfits(("rationing.below_days", self.rationing.below_days, allowed))
        return self


class Supply(Spec):
    """How depots come by goods; without this section they have all they need.

    Attributes
    ----------
    peak_factor
        A day of cover is what is used up in a day times this: consumption at the peak, by which
        reserves are sized, over the need of normal days.
    room_kg
        Goods there is room for at each depot: no review asks for more than fits, with what is on its
        way; without it, no limit.
    """

    sources: Annotated[dict[Name, Source], Field(min_length=1)]
    stock: Annotated[dict[Name, Stock], Field(min_length=1)]
    review: Review
    peak_factor: Multiplier = 1.0
    room_kg: Kg | None = None
    reserves: dict[Name, Reserve] = Field(default_factory=dict)
    ladder: Ladder | None = None
