"""Waves: the orders released at one moment through one channel, laid out as a dispatch list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.kernels.arrays import by_group, chunk, ranges
from simsupply.scenario.places import Places
from simsupply.scenario.staffing import Fleet
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import Channel
from simsupply.strategy.routes import Route, Way

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(eq=False)
class Wave:
    """Orders of one release, in run-sheet order: consignment after consignment.

    Attributes
    ----------
    channel : Channel
        As it works for these orders (see `simsupply.strategy.routes.Route`).
    base : str
        Name of the channel.
    number : int
        0, 1, ... in order of release.
    release_min : float
        When the orders are known.
    household, drop_point : int arrays, shape (orders,)
    drawn_by : int array, shape (orders,)
        By which what is drawn for each order on its day of release is keyed: its household, a number of their own for
        further orders of it, or the number of an order that comes singly.
    placed : float array, shape (orders,)
        When each order was placed: before `release_min` if it waited for goods.
    kg, lines : float arrays, shape (orders,)
    content : int32 array, shape (orders,)
        Row of `simsupply.model.flow.contents.Contents`.
    consignment_of : int array, shape (orders,)
    consignment_ptr : int array, shape (consignments + 1,)
        A consignment is a slice of the orders, all for one drop point.
    places : Places
        The chains through which these orders go: those of the scenario, or around closed places.
    fleet : mapping of str to Fleet
        Vehicles by name.
    entry_min : float array, shape (orders,), or None
        Minutes a vehicle with the order is held on its way in; None: none.
    goods_kg : float array, shape (orders, goods), or None
        What orders hold that were cut because stock was short; NaN, None: what their content says.
    has_waited : bool
        Whether the orders were taken on earlier and waited for goods.
    held_since : float array, shape (orders,), or None
        Since when orders were held for a place that had not opened, until `release_min`; None: they were not.
    held_before : int array, shape (orders,), or None
        The leg before which each was held: its place among the steps of the channel.
    comes_singly : bool
        Whether each order comes by itself: there is no list that is closed.
    ways : tuple of Way
        Those of the route: which steps orders pass.
    way : int array, shape (orders,), or None
        Number of the way of each order; None: there is one way.
    group : int array, shape (consignments,), or None
        For which drop point (or compound) each consignment is, where orders of several ways may meet on a vehicle.
    placed_alike : float array, shape (orders,), or (1,) where all orders were placed at the same time
    ready : float array, shape (orders,)
        When each may begin its first step: as it is placed, but not before `release_min`.
    delivered : float array, shape (orders,)
        When each reached the end of the channel; infinity until then.
    num_open : int
        Orders that have not.
    last_delivery : float
        The latest of those that have.
    """

    channel: Channel
    base: str
    number: int
    release_min: float
    household: IntArray
    drawn_by: IntArray
    drop_point: IntArray
    placed: FloatArray
    kg: FloatArray
    lines: FloatArray
    content: NDArray[np.int32]
    consignment_of: IntArray
    consignment_ptr: IntArray
    places: Places
    fleet: Mapping[str, Fleet]
    entry_min: FloatArray | None = None
    goods_kg: FloatArray | None = None
    has_waited: bool = False
    held_since: FloatArray | None = None
    held_before: IntArray | None = None
    comes_singly: bool = False
    ways: tuple[Way, ...] = ()
    way: IntArray | None = None
    group: IntArray | None = None
    placed_alike: FloatArray = field(init=False)
    ready: FloatArray = field(init=False)
    delivered: FloatArray = field(init=False)
    num_open: int = field(init=False)
    last_delivery: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        has_waited = (self.placed < self.release_min).any()
        self.ready = np.maximum(self.placed, self.release_min) if has_waited else self.placed
        self.placed_alike = self.placed
        if len(self.placed) and (self.placed == self.placed[0]).all():
            self.placed_alike = self.placed[:1]
        self.delivered = np.full(len(self.household), np.inf)
        self.num_open = len(self.household)

    @property
    def day(self) -> int:
        """Day of release."""
        return int(self.release_min // MINUTES_PER_DAY)

    def __len__(self) -> int:
        return len(self.household)

    def ways_through(self, step: str) -> IntArray:
        """Numbers of the ways on which a step is, by its name."""
        names = [[part.body.name for part in way.channel.steps] for way in self.ways]
        return np.array([number for number, on_way in enumerate(names) if step in on_way], dtype=np.int64)

    def passing(self, step: str) -> IntArray | None:
        """The orders that pass a step, by its name; None: all do."""
        if self.way is None:
            return None
        through = self.ways_through(step)
        return None if len(through) == len(self.ways) else np.flatnonzero(np.isin(self.way, through))

    def consignments_at(self, step: str) -> IntArray:
        """Numbers of the consignments that are taken on a leg; orders of one consignment are taken on the same legs."""
        every = np.arange(len(self.consignment_ptr) - 1)
        if self.way is None:
            return every
        through = self.ways_through(step)
        if len(through) == len(self.ways):
            return every
        return every[np.isin(self.way[self.consignment_ptr[:-1]], through)]

    def part(self, orders: IntArray) -> Wave:
        """Some of the orders (ascending) as if these were all, each consignment with what is left of it."""
        of_order = self.consignment_of[orders]
        return replace(
            self,
            household=self.household[orders],
            drawn_by=self.drawn_by[orders],
            drop_point=self.drop_point[orders],
            placed=self.placed[orders],
            kg=self.kg[orders],
            lines=self.lines[orders],
            content=self.content[orders],
            consignment_of=of_order,
            consignment_ptr=starts(of_order),
            entry_min=None if self.entry_min is None else self.entry_min[orders],
            goods_kg=None if self.goods_kg is None else self.goods_kg[orders],
            way=None,
            group=None,
        )


@dataclass(frozen=True)
class Orders:
    """Orders of one release and route, before they are laid out; by household, ascending.

    `nth`: which of its household's orders of the moment each is, from 0; None: each household has one.
    `placed`, `entry_min`, `goods_kg`, `held_since`, `held_before`: see `Wave`; None: at the release, none, as the
    content says, never.
    `number`: of orders that come singly, in order of time instead; None: there are none.
    """

    household: IntArray
    kg: FloatArray
    lines: FloatArray
    content: NDArray[np.int32]
    placed: FloatArray | None = None
    entry_min: FloatArray | None = None
    goods_kg: FloatArray | None = None
    number: IntArray | None = None
    held_since: FloatArray | None = None
    held_before: IntArray | None = None
    nth: IntArray | None = None

    def __len__(self) -> int:
        return len(self.household)

    def household_keys(self, num_households: int) -> IntArray:
        """By which whatever is drawn for each is keyed: the household of its first order, new numbers for others."""
        return self.household if self.nth is None else self.household + self.nth * num_households

    def take(self, which: IntArray | NDArray[np.bool_] | slice) -> Orders:
        """Some of the orders."""
        return Orders(
            household=self.household[which],
            kg=self.kg[which],
            lines=self.lines[which],
            content=self.content[which],
            placed=None if self.placed is None else self.placed[which],
            entry_min=None if self.entry_min is None else self.entry_min[which],
            goods_kg=None if self.goods_kg is None else self.goods_kg[which],
            number=None if self.number is None else self.number[which],
            held_since=None if self.held_since is None else self.held_since[which],
            held_before=None if self.held_before is None else self.held_before[which],
            nth=None if self.nth is None else self.nth[which],
        )


def plan_wave(
    scenario: Scenario,
    route: Route,
    release_min: float,
    number: int,
    orders: Orders,
    places: Places,
    way: IntArray | None = None,
) -> Wave:
    """Write the dispatch list of a release.

    Households of a drop point (or of a compound, where the channel keeps those together) are
    taken priority first, then in building order, and cut into consignments that fit the smallest
    vehicle on the way. Consignments of all drop points take turns, so that no drop point waits
    until another one is finished. They go through the chains of `places`.

    Orders of branches that go on other vehicles (`way` says on which) have consignments of their own, each cut to
    fit the vehicles on its way.
    """
    households = scenario.households
    ordering = orders.household
    late = ~households.is_priority[ordering]
    if route.channel.consignment == "compound":
        group = households.compound[ordering].astype(np.int64)
        num_groups = len(scenario.compound_drop_point)
    else:
        group = households.drop_point[ordering].astype(np.int64)
        num_groups = places.count("drop_point")
    by_vehicles = _ways_by_vehicles(route)
    party = np.zeros(len(ordering), dtype=np.int64)
    if way is not None:
        for vehicles, ways in enumerate(by_vehicles):
            party[np.isin(way, ways)] = vehicles
    sheet, ptr = by_group((party * num_groups + group) * 2 + late, len(by_vehicles) * num_groups * 2)
    household, group, party, kg = ordering[sheet], group[sheet], party[sheet], orders.kg[sheet]
    rank = np.empty(len(sheet), dtype=np.int64)
    bounds = ptr[:: 2 * num_groups]
    for vehicles, ways in enumerate(by_vehicles):
        of_party = slice(bounds[vehicles], bounds[vehicles + 1])
        groups = ptr[vehicles * 2 * num_groups : (vehicles + 1) * 2 * num_groups + 1 : 2] - bounds[vehicles]
        rank[of_party] = chunk(groups, kg[of_party], *_vehicle_limits(scenario, route.ways[ways[0]].channel))
    drawn_by = orders.household_keys(len(households))[sheet]

    drop_point = households.drop_point[household].astype(np.int64)
    first = starts(party, group, rank)[:-1]
    sizes = np.diff(np.append(first, len(rank)))
    target = drop_point[first]
    above = [places.serving[kind][target] for kind in ("station", "gateway", "depot")]
    turn = np.lexsort((party[first], group[first], target, *above, rank[first]))
    taken = ranges(first[turn], sizes[turn])
    sheet = sheet[taken]
    return Wave(
        channel=route.channel,
        base=route.base,
        number=number,
        release_min=release_min,
        household=household[taken],
        drawn_by=drawn_by[taken],
        drop_point=drop_point[taken],
        placed=np.full(len(sheet), release_min) if orders.placed is None else orders.placed[sheet],
        kg=kg[taken],
        lines=orders.lines[sheet],
        content=orders.content[sheet],
        consignment_of=np.repeat(np.arange(len(turn)), sizes[turn]),
        consignment_ptr=np.concatenate([[0], np.cumsum(sizes[turn])]).astype(np.int64),
        places=places,
        fleet=scenario.spec.fleet,
        entry_min=None if orders.entry_min is None else orders.entry_min[sheet],
        goods_kg=None if orders.goods_kg is None else orders.goods_kg[sheet],
        held_since=None if orders.held_since is None else orders.held_since[sheet],
        held_before=None if orders.held_before is None else orders.held_before[sheet],
        ways=route.ways,
        way=None if way is None else way[sheet],
        group=group[first[turn]] if len(by_vehicles) > 1 else None,
    )


def single_orders(
    scenario: Scenario,
    route: Route,
    release_min: float,
    number: int,
    orders: Orders,
    places: Places,
    way: IntArray | None = None,
) -> Wave:
    """Orders that come one by one, in order of time; each is a consignment of its own."""
    num = len(orders)
    assert orders.placed is not None
    assert orders.number is not None
    return Wave(
        channel=route.channel,
        base=route.base,
        number=number,
        release_min=release_min,
        household=orders.household,
        drawn_by=orders.number,
        drop_point=scenario.households.drop_point[orders.household].astype(np.int64),
        placed=orders.placed,
        kg=orders.kg,
        lines=orders.lines,
        content=orders.content,
        consignment_of=np.arange(num),
        consignment_ptr=np.arange(num + 1),
        places=places,
        fleet=scenario.spec.fleet,
        entry_min=orders.entry_min,
        held_since=orders.held_since,
        held_before=orders.held_before,
        goods_kg=orders.goods_kg,
        comes_singly=True,
        ways=route.ways,
        way=way,
    )


def starts(*columns: IntArray) -> IntArray:
    """Where rows begin that differ from the one before, and the number of all rows at the end."""
    is_new = np.ones(len(columns[0]) + 1, dtype=bool)
    is_new[1:-1] = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    first: IntArray = np.flatnonzero(is_new)
    return first


def _ways_by_vehicles(route: Route) -> list[list[int]]:
    """Numbers of the ways of a route, those with the same legs together."""
    alike: dict[tuple[str, ...], list[int]] = {}
    for number, way in enumerate(route.ways):
        legs = tuple(step.leg.name for step in way.channel.steps if step.leg)
        alike.setdefault(legs, []).append(number)
    return list(alike.values())


def _vehicle_limits(scenario: Scenario, channel: Channel) -> tuple[float, int]:
    """Payload (kg, parcels) of the smallest vehicle on the way; without vehicles, no limit."""
    fleets = [scenario.spec.fleet[name] for step in channel.steps if step.leg for name in step.leg.fleets]
    return (
        min((fleet.payload_kg for fleet in fleets), default=np.inf),
        min((fleet.payload_parcels for fleet in fleets), default=2**62),
    )
