"""What happened in one replication: per household, per step and in total; the ledger of goods."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simsupply.records.standstill import StandstillRecord
from simsupply.records.waits import WaitRecord

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Sums of many floats differ from each other in the last digits; anything above is a real breach.
RELATIVE_TOLERANCE = 1e-9


class InvariantError(RuntimeError):
    """A law of the model was broken (goods lost, capacity exceeded, time running backwards)."""


class Ledger:
    """Double-entry account of goods and orders: every kilogram is in exactly one account.

    Accounts are ``source`` (what has been released, negative), one per step that goods wait at or
    are worked on, and ``delivered``.
    """

    def __init__(self, accounts: list[str]) -> None:
        names = ["source", *accounts, "delivered"]
        self.kg = dict.fromkeys(names, 0.0)
        self.orders = dict.fromkeys(names, 0)

    def move(self, origin: str, target: str, orders: int, kg: float) -> None:
        """Post a transfer; an account other than the source that would go below zero is a breach."""
        self.kg[origin] -= kg
        self.kg[target] += kg
        self.orders[origin] -= orders
        self.orders[target] += orders
        slack = RELATIVE_TOLERANCE * max(1.0, -self.kg["source"])
        if origin != "source" and (self.orders[origin] < 0 or self.kg[origin] < -slack):
            raise InvariantError(
                f"ledger: {orders} orders, {kg:g} kg from {origin!r} to {target!r} leave "
                f"{self.orders[origin]} orders, {self.kg[origin]:g} kg in {origin!r}"
            )

    @property
    def released_kg(self) -> float:
        """Everything that has entered the system."""
        return -self.kg["source"]


@dataclass(frozen=True)
class StepRecord:
    """Work of one step up to the horizon.

    Attributes
    ----------
    names : tuple of str
        The stage or leg, or several that share one crew or fleet.
    busy_min, overtime_min, scheduled_min : float
        Minutes of work inside duty hours, beyond them, and minutes on duty of those who came.
    busy_by_step : tuple of float
        What of `busy_min` was work of each of `names`.
    apart_min : float
        Minutes of tests and disinfection: paid, but off duty.
    vehicle_km : float
    people : str
        ``worker``, ``volunteer`` or ``equipment`` (which counts no hours).
    people_per_server : int
        People on one vehicle; 1 for a crew.
    fleet : str
        The fleet, of a leg; where several fleets share a leg there is a record for each.
    trips, turned_back : int
        Trips begun, and how often their vehicles were turned back at a checkpoint.
    dock_wait_min, road_wait_min, place_wait_min, floor_wait_min : float
        Minutes that vehicles under way lost waiting for a dock (to load or unload), on roads closed or slow for a
        shock, while they were handled at places closed for one, and for room on a limited floor.
    """

    names: tuple[str, ...]
    busy_min: float
    overtime_min: float
    scheduled_min: float
    vehicle_km: float
    people: str
    people_per_server: int
    apart_min: float = 0.0
    busy_by_step: tuple[float, ...] = ()
    fleet: str = ""
    trips: int = 0
    turned_back: int = 0
    dock_wait_min: float = 0.0
    road_wait_min: float = 0.0
    place_wait_min: float = 0.0
    floor_wait_min: float = 0.0


@dataclass(frozen=True)
class ShockRecord:
    """What one shock did to one leg or stage.

    Attributes
    ----------
    shock : str
    start_min, end_min : float
    step : str
    under_way : int
        Trips under way when it struck, of vehicles, on roads and between places that it strikes; of a
        stage, units in hand at the places or with the crews that it strikes.
    begun : int
        Such trips or units begun while it lasted.
    """

    shock: str
    start_min: float
    end_min: float
    step: str
    under_way: int
    begun: int


@dataclass(frozen=True)
class OrderCounts:
    """Orders up to the horizon.

    At all times attempted = accepted + rejected + collecting, and accepted = cancelled + delivered
    + still on the way.

    Attributes
    ----------
    attempted, accepted, rejected : int
    cancelled : int
        Accepted, but not paid and therefore not sent.
    collecting : int
        Sets of groups that are not yet large enough.
    delivered : int
    """

    attempted: int
    accepted: int
    rejected: int
    cancelled: int
    collecting: int
    delivered: int


@dataclass(frozen=True)
class DayRecord:
    """What happened day by day, from midnight to midnight, up to the horizon.

    Channels, triggers and tiers are in the order of the strategy and of `simsupply.scenario.tiers.TIERS`.

    Attributes
    ----------
    attempted, accepted, rejected, cancelled, delivered : int arrays, shape (days, channels)
        Orders; of a shop ``delivered`` are visits, and all else is zero.
    open, collecting : int arrays, shape (days, channels)
        Orders on their way, and sets of groups still too small, at the midnight that ends the day.
    trigger_on : bool array, shape (days, triggers)
        Whether a trigger was on, from the midnight that begins the day.
    tier_share : float array, shape (days, tiers)
        Share of households under each tier.
    hungry_share : float array, shape (days,)
        Share of households that were hungry: without at least one of the goods they need for 6 hours of the day or
        more; NaN before the first day that is measured.
    hungry_share_by_tier : float array, shape (days, tiers)
        The same of the households under each tier on that day; NaN: there are none.
    """

    attempted: IntArray
    accepted: IntArray
    rejected: IntArray
    cancelled: IntArray
    delivered: IntArray
    open: IntArray
    collecting: IntArray
    trigger_on: NDArray[np.bool_]
    tier_share: FloatArray
    hungry_share: FloatArray
    hungry_share_by_tier: FloatArray


STAFF_MEASURES = (
    "planned",
    "present",
    "stayed_away",
    "turned_back",
    "infected",
    "quarantined",
    "closed",
    "no_bed",
    "lent",
    "not_called_up",
    "shock",
    "filled_in",
)


@dataclass(frozen=True)
class StaffRecord:
    """People of one crew (vehicles with their drivers of a fleet) by day, all places and shifts together.

    Attributes
    ----------
    name : str
        Crew or fleet.
    count : int array, shape (days, measures)
        Columns are `STAFF_MEASURES`. Planned are those present and those absent, by reason: who did
        not come, was turned back at a checkpoint, was sent away infected or quarantined, belongs
        to a place closed for cases, has no bed on site, helps another crew (where they are counted as
        ``filled_in``), is a vehicle not called up yet, or was off duty all day for a shock.
    """

    name: str
    count: IntArray


def total_counts(parts: Iterable[OrderCounts]) -> OrderCounts:
    """Sum of the counts of several channels."""
    none = OrderCounts(0, 0, 0, 0, 0, 0)
    return OrderCounts(*(sum(values) for values in zip(*map(astuple, (none, *parts)), strict=True)))


@dataclass(frozen=True)
class HouseholdRecord:
    """One entry per household, from the first day that is measured up to the horizon unless said otherwise.

    Attributes
    ----------
    first_delivery_min : float array
        First delivery from that day on up to the end of the run, minutes from 00:00 of day 0; infinity: none.
    longest_gap_min : float array
        Longest time without a delivery, from that day to the horizon.
    empty_min : float array
        Minutes with an empty pantry: without at least one of the goods it needs.
    longest_empty_min : float array
        The longest time of it without a break.
    kg : float array
        Goods received.
    empty_min_by_goods, kg_by_goods : float arrays, shape (households, goods)
    """

    first_delivery_min: FloatArray
    longest_gap_min: FloatArray
    empty_min: FloatArray
    longest_empty_min: FloatArray
    kg: FloatArray
    empty_min_by_goods: FloatArray
    kg_by_goods: FloatArray


@dataclass(frozen=True)
class ReserveRelease:
    """Goods released from one reserve at one time.

    Attributes
    ----------
    reserve, goods : str
    asked_min, arrived_min : float
        When it was asked for, and when it is at the depot (the latest, where it goes to several).
    kg : float
    """

    reserve: str
    goods: str
    asked_min: float
    arrived_min: float
    kg: float


@dataclass(frozen=True)
class RationingPeriod:
    """A time in which orders were cut for want of one of the goods.

    Attributes
    ----------
    goods : str
    decided_min, from_min, until_min : float
        The count of stocks that began it, when it came into force, and the count that ended it; infinity: none up to
        the horizon.
    """

    goods: str
    decided_min: float
    from_min: float
    until_min: float


@dataclass(frozen=True)
class SupplyRecord:
    """Stock at all depots together, by day and goods, up to the horizon.

    Attributes
    ----------
    goods : tuple of str
    asked_kg, rationed_kg, drawn_kg : float arrays, shape (days, goods)
        What orders should hold, by how much that was cut by rationing, and what they were sent with.
    received_kg : float array, shape (days, goods)
        Arrived at the depots.
    spoiled_kg : float array, shape (days, goods)
        At depots and reserves.
    cancelled_kg : float array, shape (days, goods)
        Asked of sources that closed before it left them.
    on_hand_kg, in_transit_kg, reserve_kg : float arrays, shape (days, goods)
        At depots, asked for or on the way there, and in reserves (with what is on the way to them), at the
        midnight that ends the day.
    cover_days : float array, shape (days, goods)
        On hand / daily need at the peak; NaN for goods that nobody needs.
    ration : float array, shape (days, goods)
        Share to which orders are cut, at the midnight that ends the day; 1: not at all.
    bought_kg : float
        Asked of the sources, without what was cancelled.
    releases : tuple of ReserveRelease
        In order of time.
    rationing : tuple of RationingPeriod
        In order of time.
    rotated_kg : float
        Sent from reserves before it would have spoiled.
    """

    goods: tuple[str, ...]
    asked_kg: FloatArray
    rationed_kg: FloatArray
    drawn_kg: FloatArray
    received_kg: FloatArray
    spoiled_kg: FloatArray
    cancelled_kg: FloatArray
    on_hand_kg: FloatArray
    in_transit_kg: FloatArray
    reserve_kg: FloatArray
    cover_days: FloatArray
    ration: FloatArray
    bought_kg: float
    rotated_kg: float
    releases: tuple[ReserveRelease, ...]
    rationing: tuple[RationingPeriod, ...]


@dataclass(frozen=True)
class AskedRecord:
    """What residents asked for up to the horizon, of the channels that they ask; parcels sent unasked are not in it.

    Attributes
    ----------
    attempted, rejected : int
        Orders tried, and turned away.
    tries, callers : int arrays, shape (days, 2)
        Orders tried on each day, and households that tried (on each list anew): those with even numbers, and those with
        odd ones.
    """

    attempted: int
    rejected: int
    tries: IntArray
    callers: IntArray


Engine = Literal["auto", "kernels", "events", "reference"]
ENGINES: tuple[Engine, ...] = ("auto", "kernels", "events", "reference")


@dataclass(frozen=True)
class Replication:
    """Everything recorded in one replication.

    Attributes
    ----------
    orders : OrderCounts
        Of all channels but shops.
    channels : dict of str to OrderCounts
    channel_kg : dict of str to float
        Goods delivered by each channel up to the horizon.
    visits : int
        Households' visits to shops that brought something home.
    asked : AskedRecord
    backlog_peak : int
        Most orders accepted and not yet delivered at any moment.
    contacts : dict of str to int
        Meetings by kind (gate, queue, door, shop).
    tier : int8 array, shape (households,)
        Tier in force on most days, from the first that is measured up to the horizon.
    notes : tuple of str
        How the replication was computed, and why so.
    staff : tuple of StaffRecord
        Of each crew of people and each fleet that the strategy uses.
    supply : SupplyRecord or None
        None: the scenario has no section `supply`; depots have all they need.
    shocks : tuple of ShockRecord
    waits : tuple of WaitRecord
        Of every channel, step and cause for which orders can wait there.
    standstills : tuple of StandstillRecord
        Vehicles that stand still for good (a deadlock).
    """

    number: int
    orders: OrderCounts
    channels: dict[str, OrderCounts]
    channel_kg: dict[str, float]
    visits: int
    asked: AskedRecord
    backlog_peak: int
    contacts: dict[str, int]
    tier: NDArray[np.int8]
    households: HouseholdRecord
    days: DayRecord
    steps: tuple[StepRecord, ...]
    last_delivery_min: float
    unfinished_orders: int
    spoiled_kg: float
    mass_balance_error_kg: float
    notes: tuple[str, ...] = ()
    staff: tuple[StaffRecord, ...] = ()
    supply: SupplyRecord | None = None
    shocks: tuple[ShockRecord, ...] = ()
    waits: tuple[WaitRecord, ...] = ()
    standstills: tuple[StandstillRecord, ...] = ()
