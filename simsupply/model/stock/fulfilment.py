"""Filling orders from the stock of the depots: what each holds where there is not enough for all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simsupply.model.flow.contents import Contents
from simsupply.model.flow.waves import Orders
from simsupply.model.kernels.choosing import fill_whole
from simsupply.model.stock.allocation_rules import Ranking, share_out
from simsupply.model.stock.depot_stock import SupplyModel
from simsupply.scenario.places import Places
from simsupply.scenario.world import Scenario
from simsupply.strategy.allocation import DEFAULT_RULES
from simsupply.strategy.channels import StrategySpec

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
# Less than this share of what it should hold is nothing.
NOTHING = 1e-6


class FilledOrders(NamedTuple):
    """What became of orders: all of them with what they hold, and which can be sent, shape (orders,)."""

    orders: Orders
    is_sent: BoolArray


class OrderFiller:
    """Takes what orders hold out of the stock of the depots that feed their households."""

    def __init__(self, scenario: Scenario, strategy: StrategySpec, contents: Contents, supply: SupplyModel) -> None:
        self.contents, self.supply, self.when_short = contents, supply, strategy.when_short
        rules = strategy.allocation or (DEFAULT_RULES if strategy.when_short == "partial" else ())
        self.ranking = Ranking(scenario, rules)
        self.drop_point = scenario.households.drop_point

    def fill(self, time: float, orders: Orders, places: Places) -> FilledOrders:
        """Fill orders at a moment up to which the supply has been advanced.

        Parameters
        ----------
        places : Places
            Who feeds whom at this moment.
        """
        ration, book = self.supply.low.ration(time), self.supply.book
        is_sent, cut = np.ones(len(orders), dtype=bool), list[tuple[IntArray, FloatArray]]()
        # Depot by depot: kg by goods of a whole city would take much memory.
        for depot, of_depot in self._by_depot(orders.household, places):
            households = orders.household[of_depot]
            wanted = self._wanted(orders.take(of_depot))
            total_wanted = wanted.sum(axis=0)
            book.note("asked", time, total_wanted)
            if (ration == 1).all() and (total_wanted <= self.supply.stock.on_hand[depot]).all():
                # There is enough for all: nothing to share out or to cut.
                self.supply.take(time, depot, total_wanted)
                continue
            asked = wanted if (ration == 1).all() else wanted * ration
            book.note("rationed", time, (wanted - asked).sum(axis=0))
            holds, sent = self._allotted(depot, households, wanted, asked)
            self.supply.take(time, depot, holds[sent].sum(axis=0))
            is_sent[of_depot] = sent
            is_cut = (holds != wanted).any(axis=1)
            if is_cut.any():
                cut.append((of_depot[is_cut], holds[is_cut]))
        return FilledOrders(_holding(orders, cut, len(ration)), is_sent)

    def retry(self, time: float, orders: Orders, places: Places) -> tuple[Orders, Orders]:
        """Fill orders that have waited: those that are sent now, and those that still wait."""
        is_sent = np.zeros(len(orders), dtype=bool)
        for depot, of_depot in self._by_depot(orders.household, places):
            part = orders.take(of_depot)
            asked = self._wanted(part)
            sent = self._whole(depot, part.household, asked)
            self.supply.take(time, depot, asked[sent].sum(axis=0))
            is_sent[of_depot] = sent
        return orders.take(is_sent), orders.take(~is_sent)

    def _wanted(self, orders: Orders) -> FloatArray:
        """What orders should hold of each of the goods, kg, shape (orders, goods)."""
        wanted = self.contents.by_goods(orders.content, orders.kg, orders.household)
        if orders.goods_kg is None:
            return wanted
        return np.where(np.isnan(orders.goods_kg), wanted, orders.goods_kg)

    def _by_depot(self, households: IntArray, places: Places) -> Iterator[tuple[int, IntArray]]:
        """Places among `households` of those that each depot feeds."""
        depot = places.serving["depot"][self.drop_point[households]]
        for number in np.unique(depot).tolist():
            yield number, np.flatnonzero(depot == number)

    def _allotted(
        self, depot: int, households: IntArray, wanted: FloatArray, asked: FloatArray
    ) -> tuple[FloatArray, BoolArray]:
        """What orders of one depot hold, shape (orders, goods), and which of them are sent."""
        whole = wanted.sum(axis=1)
        if self.when_short == "partial":
            holds = self._shared(depot, households, asked)
            return holds, (holds.sum(axis=1) > NOTHING * whole) | (whole == 0)
        # Orders cut to nothing wait for the end of rationing, with all that they should hold.
        is_something = (asked.sum(axis=1) > 0) | (whole == 0)
        holds = asked if is_something.all() else np.where(is_something[:, None], asked, wanted)
        return holds, self._whole(depot, households, asked) & is_something

    def _shared(self, depot: int, households: IntArray, asked: FloatArray) -> FloatArray:
        has = self.supply.stock.on_hand[depot]
        short = np.flatnonzero(asked.sum(axis=0) > has).tolist()
        if not short:
            return asked
        given, rank = asked.copy(), self.ranking.rank(households)
        for good in short:
            given[:, good] = share_out(asked[:, good], float(has[good]), rank, self.ranking.sharing)
        return given

    def _whole(self, depot: int, households: IntArray, asked: FloatArray) -> BoolArray:
        has = self.supply.stock.on_hand[depot]
        if (asked.sum(axis=0) <= has).all():
            return np.ones(len(asked), dtype=bool)
        order = np.argsort(self.ranking.rank(households), kind="stable")
        is_filled: BoolArray = fill_whole(asked, has.copy(), order)
        return is_filled


def _holding(orders: Orders, cut: list[tuple[IntArray, FloatArray]], num_goods: int) -> Orders:
    """Orders with what they hold; by goods only where some of them are cut."""
    if not cut:
        return orders
    kg = orders.kg.copy()
    goods_kg = np.full((len(orders), num_goods), np.nan) if orders.goods_kg is None else orders.goods_kg.copy()
    for of_depot, holds in cut:
        kg[of_depot], goods_kg[of_depot] = holds.sum(axis=1), holds
    return replace(orders, kg=kg, goods_kg=goods_kg)
