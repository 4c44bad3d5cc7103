"""Orders of households: what they hold, what the stock allows, and their dispatch lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.city.occurrences import Timeline
from simsupply.model.flow.contents import Contents
from simsupply.model.flow.dispatch_lists import DispatchLists
from simsupply.model.flow.waits import WaitCells
from simsupply.model.flow.waves import Orders, Wave
from simsupply.model.orders.asked_orders import AskedOrders
from simsupply.model.orders.capacity import Basket, typical_basket
from simsupply.model.orders.decisions import Decision, IntakeCounts, Moment
from simsupply.model.orders.demand.demand_model import NEVER, DemandModel
from simsupply.model.orders.intake_waits import IntakeWaits
from simsupply.model.orders.open_orders import OpenOrders, OpenPart
from simsupply.model.orders.shelves import Shelves
from simsupply.model.stock.depot_stock import SupplyModel
from simsupply.model.stock.fulfilment import OrderFiller
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import Channel, StrategySpec
from simsupply.streams.keyed import Streams

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class SentOrders(NamedTuple):
    """What became of orders: waves, positions of those turned away for want of goods, households whose orders wait.

    They wait for goods, or until a place on their way has opened.
    """

    waves: tuple[Wave, ...]
    refused: IntArray
    waiting: IntArray | None


class OrderWriter:
    """Writes orders and remembers what was sent last.

    Attributes
    ----------
    supply : SupplyModel or None
        Stock at the depots; None: they have all they need.
    last_order : dict of str to int16 array, shape (households,)
        Day of the last order of each household, of channels that limit how often it may order.
    waiting : list of (Channel, Orders)
        Orders taken on that wait for goods, the oldest first.
    held : list of (float, float, Channel, Orders)
        Filled orders for places that have not opened yet, and when these open and since when the orders are held,
        minutes; the oldest first.
    """

    def __init__(
        self,
        scenario: Scenario,
        strategy: StrategySpec,
        streams: Streams,
        shocks: Timeline,
        contents: Contents,
        demand: DemandModel[Any],
        dispatch_lists: DispatchLists,
        waits: IntakeWaits,
    ) -> None:
        self.scenario, self.streams, self.contents = scenario, streams, contents
        self.demand, self.dispatch_lists, self.waits = demand, dispatch_lists, waits
        self.last_order = {
            name: np.full(len(scenario.households), NEVER, dtype=np.int16)
            for name, channel in strategy.channels.items()
            if channel.release.once_in_days is not None
        }
        self.number_of = {name: number for number, name in enumerate(strategy.channels)}
        self.channels = list(strategy.channels.values())
        self.waiting: list[tuple[Channel, Orders]] = []
        self.held: list[tuple[float, float, Channel, Orders]] = []
        self.supply: SupplyModel | None = None
        if scenario.spec.supply is not None:
            self.supply = SupplyModel(scenario, strategy, scenario.spec.supply, shocks, streams)
            self.filler = OrderFiller(scenario, strategy, contents, self.supply)

    @property
    def num_waiting(self) -> IntArray:
        """Orders that wait for goods, or for a place to open, shape (channels,)."""
        number = np.zeros(len(self.channels), dtype=np.int64)
        for channel, orders in self._not_sent():
            number[self.number_of[channel.name]] += len(orders)
        return number

    def _not_sent(self) -> Iterator[tuple[Channel, Orders]]:
        yield from self.waiting
        for *_, channel, orders in self.held:
            yield channel, orders

    def waiting_parts(self, number: int, moment: Moment) -> list[OpenPart]:
        """Orders of a channel that wait for goods, or for a place to open, on the way that they would take now."""
        channel, places = self.channels[number], self.dispatch_lists.chains.at(moment.time)
        drop_point = self.scenario.households.drop_point
        return [
            OpenPart(
                self.dispatch_lists.way_of_orders(channel, orders, moment.time, moment.day),
                drop_point[orders.household].astype(np.int64),
                places,
                orders.lines,
                orders.kg,
            )
            for waiting, orders in self._not_sent()
            if waiting.name == channel.name
        ]

    def next_arrival(self, limit: float) -> float | None:
        """When goods come before `limit` for which orders wait; None: they do not."""
        return self.supply.next_arrival(limit) if self.supply and self.waiting else None

    def next_opening(self, limit: float) -> float | None:
        """When a place opens before `limit` for which orders are held; None: none does."""
        opening = min((opening for opening, *_ in self.held), default=np.inf)
        return opening if opening < limit else None

    def send(
        self,
        channel: Channel,
        asked: AskedOrders,
        moment: Moment,
        placed: FloatArray | None = None,
        may_wait: bool = True,
        shelves: Shelves | None = None,
    ) -> SentOrders:
        """Fill orders and write their dispatch lists, route by route.

        Parameters
        ----------
        placed : float array, shape (orders,), optional
            When each order is placed; without it, at the moment.
        may_wait : bool
            Whether orders can wait for goods or for a place to open (nobody waits in a shop).
        shelves : Shelves, optional
            Those of the shops at which the orders are placed: nobody takes more than is on them.
        """
        row, kg, lines, goods_kg = self._content(channel, asked, moment)
        orders = Orders(asked.household, kg, lines, row.astype(np.int32), placed, goods_kg=goods_kg, nth=asked.nth)
        refused = asked.household[:0]
        waits: Orders | None = None
        is_taken: BoolArray | slice = slice(None)
        is_from_stock = self.supply is not None and channel.from_stock
        if is_from_stock or shelves is not None:
            is_sent = np.ones(len(orders), dtype=bool)
            if shelves is not None:
                orders, is_sent = shelves.take(orders, self.contents)
            if is_from_stock:
                places = self.dispatch_lists.chains.at(moment.time)
                orders, is_filled = self.filler.fill(moment.time, orders, places)
                is_sent = is_sent & is_filled
            if not is_sent.all():
                if may_wait and self.filler.when_short == "wait":
                    waits = orders.take(~is_sent)
                else:
                    refused, is_taken = np.flatnonzero(~is_sent), is_sent
        taken = orders if isinstance(is_taken, slice) else orders.take(is_taken)
        if channel.name in self.last_order:
            self.last_order[channel.name][taken.household] = moment.day
        if self.demand.baskets_grow:
            at_once = None if asked.at_once is None else asked.at_once[is_taken]
            on_top = self._share_on_top(channel, taken, at_once)
            self.demand.note_sent(*_by_household(taken, kg[is_taken], at_once), moment.time, on_top)
        orders = taken if waits is None else orders.take(is_sent)
        if waits is not None:
            self.waiting.append((channel, replace(waits, placed=np.full(len(waits), moment.time))))
        who_waits = [] if waits is None else [waits.household]
        if may_wait:
            orders, is_held = self._hold(channel, orders, moment)
            who_waits += [is_held] if len(is_held) else []
        waves = self.dispatch_lists.of_list(channel, orders, moment.time, moment.day)
        return SentOrders(tuple(waves), refused, np.concatenate(who_waits) if who_waits else None)

    def send_singles(self, channel: Channel, orders: Orders, moment: Moment) -> list[Wave]:
        """Write the dispatch lists of orders that come one by one in the course of a day."""
        waves, held = self.dispatch_lists.of_singles(channel, orders, moment.time)
        self.held += [
            (opening, moment.time, channel, self._held_from(channel, part, moment.time)) for opening, part in held
        ]
        return waves

    def _hold(self, channel: Channel, orders: Orders, moment: Moment) -> tuple[Orders, IntArray]:
        """Hold orders for places that have not opened: the others, and the households of those that are held."""
        opening = self.dispatch_lists.opening(channel, orders, moment.time, moment.day)
        if opening is None:
            return orders, orders.household[:0]
        if orders.placed is None:
            orders = replace(orders, placed=np.full(len(orders), moment.time))
        for time in np.unique(opening[opening > moment.time]).tolist():
            part = self._held_from(channel, orders.take(opening == time), moment.time)
            self.held.append((time, moment.time, channel, part))
        is_held = opening > moment.time
        return orders.take(~is_held), orders.household[is_held]

    def send_opened(self, moment: Moment) -> Iterator[Decision]:
        """Send orders for places that have opened now, by the steps and chains of today."""
        held, self.held = self.held, []
        for opening, since, channel, orders in held:
            if opening > moment.time:
                self.held.append((opening, since, channel, orders))
                continue
            self._note_held(channel, orders, since, moment.time)
            now, _ = self._hold(channel, orders, moment)
            yield self._later(channel, now, moment)

    def _later(self, channel: Channel, orders: Orders, moment: Moment) -> Decision:
        """Send orders that were taken on earlier."""
        waves = self.dispatch_lists.of_list(channel, orders, moment.time, moment.day)
        for wave in waves:
            wave.has_waited = True
        return Decision(IntakeCounts(self.number_of[channel.name], moment.day), moment.time, tuple(waves))

    def send_waiting(self, moment: Moment) -> Iterator[Decision]:
        """Send what now can be of the orders that wait for goods."""
        waiting, self.waiting = self.waiting, []
        for channel, orders in waiting:
            filled, left = self.filler.retry(moment.time, orders, self.dispatch_lists.chains.at(moment.time))
            if len(left):
                self.waiting.append((channel, left))
            if len(filled):
                assert filled.placed is not None
                self.waits.wait_for_goods(self.number_of[channel.name], filled.placed, moment.time)
            now, _ = self._hold(channel, filled, moment)
            yield self._later(channel, now, moment)

    def _held_from(self, channel: Channel, orders: Orders, time: float) -> Orders:
        """Orders that are held from a moment on, or from when they are placed; who was held before goes on waiting."""
        if orders.held_since is not None:
            return orders
        assert orders.placed is not None
        names, before = [step.body.name for step in channel.steps], np.zeros(len(orders), dtype=np.int64)
        for leg, is_on in self.dispatch_lists.legs_to_late_places(channel, orders):
            before[is_on] = names.index(leg)
        return replace(orders, held_since=np.maximum(orders.placed, time), held_before=before)

    def _note_held(self, channel: Channel, orders: Orders, since: float, until: float) -> None:
        assert orders.placed is not None
        begin = np.maximum(orders.placed, since) if orders.number is not None else np.full(len(orders), since)
        for step, is_on in self.dispatch_lists.legs_to_late_places(channel, orders):
            number = self.number_of[channel.name]
            self.waits.wait_for_opening(number, step, orders.placed[is_on], begin[is_on], until)

    def waited(self) -> WaitCells:
        """How long households and orders waited before they were sent; asked for once."""
        for _, since, channel, orders in self.held:
            self._note_held(channel, orders, since, np.inf)
        for channel, orders in self.waiting:
            assert orders.placed is not None
            self.waits.wait_for_goods(self.number_of[channel.name], orders.placed, np.inf)
        return self.waits.close()

    def asked(self, channel: Channel, asked: AskedOrders, moment: Moment) -> Basket:
        """Mean content of what households want to order."""
        if self.demand.is_alike or not len(asked):
            return typical_basket(self.scenario, channel)
        _, kg, lines, _ = self._content(channel, asked, moment)
        return Basket(float(lines.mean()), float(kg.mean()))

    def open_basket(self, channel: Channel, open_orders: OpenOrders) -> Basket:
        """Mean content of open orders; typical where all are alike."""
        if self.demand.is_alike or not len(open_orders):
            return typical_basket(self.scenario, channel)
        return Basket(open_orders.mean_lines, open_orders.mean_kg)

    def _share_on_top(self, channel: Channel, taken: Orders, at_once: IntArray | None) -> FloatArray | float:
        """Share of the orders of each household that hold what it asks for, and so the days on top; or one for all.

        Parcels that nobody asks for, and those of fixed kg or content, hold what they hold.
        """
        holds = [parcel.content is None and parcel.kg is None for parcel in channel.parcels]
        if channel.release.is_allotted or not any(holds):
            return 0.0
        if all(holds):
            return 1.0
        asked_for = np.array(holds, dtype=float)[taken.content - self.contents.first[channel.name]]
        if at_once is None or not len(taken):
            return asked_for
        _, first, number = np.unique(taken.household, return_index=True, return_counts=True)
        share: FloatArray = np.add.reduceat(asked_for, first) / number
        return share

    def _content(
        self, channel: Channel, asked: AskedOrders, moment: Moment
    ) -> tuple[IntArray, FloatArray, FloatArray, FloatArray | None]:
        """What orders hold: row of the contents, kg, lines, and kg by goods as `Wave.goods_kg` has it."""
        days, normal_lines = self.demand.basket(channel, moment.time, asked)
        begin = np.asarray(moment.time)
        if self.demand.looks_back and not channel.release.is_allotted:
            begin = moment.time - np.asarray(days) * MINUTES_PER_DAY
        row, kg, lines = self.contents.fill(
            channel,
            moment.day,
            asked.household,
            days,
            self.streams,
            drawn_by=asked.key,
            at_once=asked.at_once,
            begin=begin,
        )
        lines = normal_lines if lines is None else np.where(np.isnan(lines), normal_lines, lines)
        return row, kg, lines, self.contents.split_by_need(row, kg, asked.household, days, begin)


def _by_household(
    taken: Orders, full_kg: FloatArray, at_once: IntArray | None
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Households, what their orders hold that were taken on, and what all that they asked for at once should hold, kg.

    An order that was not taken on counts like those that were.
    """
    if at_once is None:
        return taken.household, taken.kg, full_kg
    households, first, number = np.unique(taken.household, return_index=True, return_counts=True)
    if not len(households):
        return households, taken.kg, full_kg
    held, full = np.add.reduceat(taken.kg, first), np.add.reduceat(full_kg, first)
    return households, held, np.where(number == at_once[first], full, full * (at_once[first] / number))
