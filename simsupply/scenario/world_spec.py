"""What a scenario file may say: places, households, demand, staff and vehicles, with ranges.

Units stand in the key names (``_km``, ``_kg``, ``_days``); times of day are ``"HH:MM"``.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from simsupply.base.catalogue import message
from simsupply.base.problems import Misfit, Misfits
from simsupply.base.quantities import (
    Count,
    Days,
    DaysOrZero,
    Hours,
    Kg,
    NonNegative,
    Positive,
    Price,
    Share,
    WholeDays,
    WholeDaysOrZero,
)
from simsupply.base.spec import Date, Name, OptionalTitle, Range, Spec, TimeOfDay, Title, key_help
from simsupply.scenario.demand_by_day import BY_DAY_HELP, DemandByDay, PoissonByDay, PurchaseByDay, SurgeByDay
from simsupply.scenario.geography import Geography
from simsupply.scenario.goods import Goods
from simsupply.scenario.orders_at_once import FixedAtOnce, OrdersAtOnce, mean_at_once
from simsupply.scenario.shocks import Shock
from simsupply.scenario.staffing import Fleet, Staffing
from simsupply.scenario.supply import Supply
from simsupply.scenario.tiers import Tiers
from simsupply.scenario.vehicle_types import VehicleType

MAX_KINDS = 7


class HouseholdKind(Spec):
    """A kind of household, drawn for each by itself; `is_priority`: one of the priority households."""

    title: OptionalTitle = None
    share: Share
    is_priority: bool = False


class Households(Spec):
    """Who lives there.

    Lifts go by building: `households_per_building` neighbours share one stairwell or lift.
    Where the geography is a census, `persons_mean`, `lift_share` and `priority_share` are those
    of each district unless they are given here.

    Attributes
    ----------
    households_per_floor
        Neighbours on one floor of a building; buildings have as many floors as that takes.
    households_per_compound
        Neighbouring households of one drop point that form a compound; without it, all of them do.
    pantry_days
        What is at home when the run begins, where the scenario has no `goods`.
    kinds
        Kinds of households that matter for what they need and how they are served; a household can
        be of several.
    """

    persons_mean: Annotated[float, Field(ge=1, le=8)] | None = None
    lift_share: Share | None = None
    households_per_building: Count
    households_per_floor: Count = 2
    households_per_compound: Count | None = None
    priority_share: Share | None = None
    pantry_days: Range | None = None
    kinds: Annotated[dict[Name, HouseholdKind], Field(max_length=MAX_KINDS)] = Field(default_factory=dict)


# --- demand -----------------------------------------------------------------------------------


class CycleDemand(Spec):
    """Every household needs one delivery in each cycle and says so when the cycle starts."""

    kind: Literal["cycle"]
    need_kg_per_household_week: Kg | None = None
    by_day: Annotated[tuple[DemandByDay, ...], BY_DAY_HELP] = ()
    cycle_days: WholeDays
    orders_at_once: FixedAtOnce = 1
    lines_per_order: Count
    release_time: TimeOfDay = 0.0


def _one_by_one(value: object) -> None:
    if value is not None:
        raise Misfit("single_orders_at_once")


class PoissonDemand(Spec):
    """Single orders that arrive at random at a constant rate, day and night, each from a household drawn evenly.

    The rate is that of all households together; on a day on which only some may use the channel, all come from those.
    """

    kind: Literal["poisson"]
    need_kg_per_household_week: Kg | None = None
    by_day: Annotated[tuple[PoissonByDay, ...], BY_DAY_HELP] = ()
    rate_per_min: Positive
    order_kg: Kg
    lines_per_order: Count
    max_orders: Annotated[
        Count | None,
        key_help(
            "No more orders than that in the whole run; without it, they go on up to the horizon.",
            "整个模拟期内至多这么多单；不填则一直持续到考察期末。",
            example=100_000,
        ),
    ] = None
    orders_at_once: Annotated[int | None, BeforeValidator(_one_by_one)] = None


class SurgeDemand(Spec):
    """Every household without an open order tries to place one, many times as often as normally."""

    kind: Literal["surge"]
    need_kg_per_household_week: Kg | None = None
    by_day: Annotated[tuple[SurgeByDay, ...], BY_DAY_HELP] = ()
    normal_orders_per_household_day: Positive
    orders_at_once: OrdersAtOnce = 1
    multiplier: Annotated[float, Field(gt=0, le=1000)]
    order_covers_days: Days
    lines_per_order: Count
    release_time: TimeOfDay = 0.0


class PurchaseDemand(Spec):
    """Households go shopping as they always did; what shops no longer sell is ordered.

    Every household that is not waiting for an order wants to buy on a day with probability
    `purchases_per_household_day`: in normal times a share `online_share` of it through channels of
    kind order or group, the rest in shops (channels of kind visit). Whom a shop is closed to
    orders. So closed shops alone raise orders by 1 / `online_share`.

    Attributes
    ----------
    lines_per_order, max_lines
        A basket has `lines_per_order` lines after a normal pause (1 / `purchases_per_household_day`)
        and grows with the days since anything was last ordered for, allotted to or fetched by the
        household, up to `max_lines`.
    max_cover_days
        A basket holds what has been used up since then: a day's need at least, and at most that of so
        many days.
    stock_up_days
        Panic buying: what every household buys on top, in days of use. Whoever has bought as much on top before buys
        no more; what a basket was refused of it is bought the next time.
    low_pantry_days
        A household whose stock at home lasts less than so many days wants to buy for certain; none:
        stocks do not matter.
    retries_per_day
        Further attempts a day of a household that was turned away the last time.
    multiplier
        On attempts, on top of all this; 1 where the surge is to come about by itself.
    """

    kind: Literal["purchases"]
    need_kg_per_household_week: Kg | None = None
    by_day: Annotated[tuple[PurchaseByDay, ...], BY_DAY_HELP] = ()
    purchases_per_household_day: Annotated[float, Field(gt=0, le=1)]
    orders_at_once: OrdersAtOnce = 1
    online_share: Annotated[float, Field(gt=0, le=1)]
    lines_per_order: Count
    max_lines: Count
    max_cover_days: Days
    stock_up_days: Annotated[
        DaysOrZero,
        key_help(
            "Panic buying: days of use that every household buys once on top of what it lacks; most often said by_day.",
            "抢购：每户在日常所需之外一次性多买几天的用量；多写在 by_day 中。",
            unit="days",
            example=7,
        ),
    ] = 0.0
    low_pantry_days: DaysOrZero | None = None
    retries_per_day: NonNegative = 0.0
    multiplier: Annotated[float, Field(ge=1, le=1000)] = 1.0
    release_time: TimeOfDay = 0.0


def mean_orders_at_once(demand: CycleDemand | PoissonDemand | SurgeDemand | PurchaseDemand) -> float:
    """Orders that a household places at once, on average."""
    return 1.0 if isinstance(demand, PoissonDemand) else mean_at_once(demand.orders_at_once)


Demand = Annotated[CycleDemand | PoissonDemand | SurgeDemand | PurchaseDemand, Field(discriminator="kind")]


class Prices(Spec):
    """Unit prices for the metric `cost`, in the user's currency.

    `goods_kg`: bought from sources; `reserve_kg`: released from reserves; `spoiled_kg`: done away with.
    """

    worker_hour: Price = 0.0
    volunteer_hour: Price = 0.0
    vehicle_km: Price = 0.0
    goods_kg: Price = 0.0
    reserve_kg: Price = 0.0
    spoiled_kg: Price = 0.0


class ScenarioSpec(Spec):
    """The world apart from demand, staff and fleet.

    Attributes
    ----------
    start_date
        Date of day 0, ``"2022-03-14"``; without it day 0 is a Monday.
    measured_from_day
        What households get (coverage, fill rate, first delivery, gaps, empty pantries, goods per person) is measured
        from the midnight that begins this day on, such as the one of sealing; both targets are counted from there.
        What came before only fills pantries. Orders, hours, kilometres, cost, stock and contacts are counted from
        day 0.
    """

    name: Name
    title: Title
    horizon_days: Annotated[int, Field(ge=1, le=3660)]
    start_date: Date | None = None
    run_out_days: WholeDaysOrZero
    service_target_days: Days
    priority_target_hours: Hours
    measured_from_day: Annotated[
        WholeDaysOrZero,
        key_help(
            en="First day on which it is measured what households get; both targets are counted from its midnight.",
            zh="从这一天零点起统计各户所得，两个时限也从此刻算起。",
            unit="days",
            example=1,
        ),
    ] = 0
    geography: Geography
    households: Households
    prices: Prices = Prices()

    @property
    def measured_days(self) -> int:
        """For how many days it is measured what households get."""
        return self.horizon_days - self.measured_from_day

    @property
    def first_weekday(self) -> int:
        """Day of the week of day 0; 0 is Monday."""
        return date.fromisoformat(self.start_date).weekday() if self.start_date else 0

    @model_validator(mode="after")
    def _target_inside(self) -> Self:
        if self.measured_from_day >= self.horizon_days:
            raise Misfits(
                (
                    "measured_from_day",
                    self.measured_from_day,
                    message("measured_before_horizon", horizon_days=self.horizon_days),
                )
            )
        if not self.measured_from_day and self.service_target_days > self.horizon_days:
            raise Misfit(
                "service_target_within_horizon",
                service_target_days=self.service_target_days,
                horizon_days=self.horizon_days,
            )
        if self.measured_from_day + self.service_target_days > self.horizon_days:
            raise Misfit(
                "service_target_within_measured_days",
                measured_from_day=self.measured_from_day,
                service_target_days=self.service_target_days,
                horizon_days=self.horizon_days,
            )
        return self


class WorldSpec(Spec):
    """Everything a scenario file holds."""

    scenario: ScenarioSpec
    demand: Demand
    staffing: Staffing
    fleet: dict[Name, Fleet]
    vehicle_types: Annotated[
        dict[Name, VehicleType] | None,
        key_help(
            "Types of vehicles of this plan: fleets that name one as their type have what it says, but for what they "
            "say themselves.",
            "本方案自定义的车型：车队以 type 引用后即具有其各项取值，车队自己写明的除外。",
            example={"refrigerated_van": {"title": "Refrigerated van", "type": "box_van_4_2m", "payload_kg": 1200.0}},
        ),
    ] = None
    goods: Annotated[dict[Name, Goods], Field(min_length=1)] | None = None
    tiers: Tiers | None = None
    supply: Supply | None = None
    shocks: dict[Name, Shock] = Field(default_factory=dict)
