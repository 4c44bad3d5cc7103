"""Filling orders from the stock of the depots: what each holds where there is not enough for all."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simsupply.model.contents import Contents
from simsupply.model.sharing import Ranking, fill_whole, share_out
from simsupply.model.supply import SupplyModel
from simsupply.model.waves import Orders
from simsupply.scenario.world import Scenario
from simsupply.strategy.allocation import DEFAULT_RULES
from simsupply.strategy.spec import StrategySpec

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
# Less than this share of what it should hold is nothing.
NOTHING = 1e-6


class Filled(NamedTuple):
    """What became of orders: those to be sent, the households turned away, and those whose orders wait."""

    orders: Orders
    refused: IntArray
    waiting: Orders | None


class OrderFiller:
    """Takes what orders hold out of the stock of the depots that feed their households."""

    def __init__(self, scenario: Scenario, strategy: StrategySpec, contents: Contents, supply: SupplyModel) -> None:
        self.contents, self.supply, self.when_short = contents, supply, strategy.when_short
        rules = strategy.allocation or (DEFAULT_RULES if strategy.when_short == "partial" else ())
        self.ranking = Ranking(scenario, rules)
        self.depot = scenario.places.serving["depot"][scenario.households.drop_point]

    def fill(self, time: float, orders: Orders, may_wait: bool) -> Filled:
        """Fill orders at a moment up to which the supply has been advanced.

        Parameters
        ----------
        may_wait : bool
            Whether orders can wait for goods (nobody waits in a shop).
        """
        wanted = self.contents.by_goods(orders.content, orders.kg, orders.household)
        asked = wanted * self.supply.low.ration
        self.supply.book.note("asked", time, wanted.sum(axis=0))
        self.supply.book.note("rationed", time, (wanted - asked).sum(axis=0))
        if self.when_short == "partial":
            given = self._share(asked, orders.household)
            is_sent = (given.sum(axis=1) > NOTHING * wanted.sum(axis=1)) | (wanted.sum(axis=1) == 0)
        else:
            given = asked
            is_sent = self._whole(asked, orders.household) & ((asked.sum(axis=1) > 0) | (wanted.sum(axis=1) == 0))
        given[~is_sent] = 0.0
        self._draw(time, orders.household, given)
        left_out = orders.household[~is_sent]
        sent = self._holding(orders, given, wanted).take(is_sent)
        if self.when_short == "wait" and may_wait and len(left_out):
            # Orders cut to nothing wait for the end of rationing, with all that they should hold.
            waits = np.where((asked.sum(axis=1) > 0)[:, None], asked, wanted)
            return Filled(sent, left_out[:0], self._holding(orders, waits, wanted).take(~is_sent))
        return Filled(sent, left_out, None)

    def retry(self, time: float, orders: Orders) -> tuple[Orders, Orders]:
        """Fill orders that have waited: those that are sent now, and those that still wait."""
        asked = orders.goods_kg
        if asked is None:
            asked = self.contents.by_goods(orders.content, orders.kg, orders.household)
        is_sent = self._whole(asked, orders.household)
        self._draw(time, orders.household[is_sent], asked[is_sent])
        return orders.take(is_sent), orders.take(~is_sent)

    def _share(self, asked: FloatArray, households: IntArray) -> FloatArray:
        """What each order gets, shape (orders, goods)."""
        given, rank = asked.copy(), None
        for depot, good in self._short(asked, households):
            rank = self.ranking.rank(households) if rank is None else rank
            mine = np.flatnonzero(self.depot[households] == depot)
            has = float(self.supply.stock.on_hand[depot, good])
            given[mine, good] = share_out(asked[mine, good], has, rank[mine], self.ranking.sharing)
        return given

    def _whole(self, asked: FloatArray, households: IntArray) -> BoolArray:
        """Which orders are filled, all of them whole, shape (orders,)."""
        is_filled, rank = np.ones(len(households), dtype=bool), None
        for depot in dict.fromkeys(depot for depot, _ in self._short(asked, households)):
            rank = self.ranking.rank(households) if rank is None else rank
            mine = np.flatnonzero(self.depot[households] == depot)
            order = np.argsort(rank[mine], kind="stable")
            is_filled[mine] = fill_whole(asked[mine], self.supply.stock.on_hand[depot].copy(), order)
        return is_filled

    def _short(self, asked: FloatArray, households: IntArray) -> list[tuple[int, int]]:
        """Depots and goods of which there are not enough."""
        short = self._at_depots(asked, households) > self.supply.stock.on_hand[: len(self.supply.depots)]
        return [(depot, good) for depot, good in np.argwhere(short).tolist()]

    def _at_depots(self, kg: FloatArray, households: IntArray) -> FloatArray:
        """Sums at each depot, shape (depots, goods)."""
        depot, num = self.depot[households], len(self.supply.depots)
        return np.column_stack([np.bincount(depot, weights=column, minlength=num) for column in kg.T])

    def _draw(self, time: float, households: IntArray, kg: FloatArray) -> None:
        for depot, of_depot in enumerate(self._at_depots(kg, households)):
            if of_depot.any():
                self.supply.take(time, depot, of_depot)

    def _holding(self, orders: Orders, given: FloatArray, wanted: FloatArray) -> Orders:
        """Orders with what they hold; by goods only where some of them are cut."""
        is_cut = (given != wanted).any(axis=1)
        if not is_cut.any():
            return orders
        kg = np.where(is_cut, given.sum(axis=1), orders.kg)
        return replace(orders, kg=kg, goods_kg=np.where(is_cut[:, None], given, np.nan))
