"""What orders and parcels contain: kg by goods, for every channel and each of its bundles."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import Channel, ParcelContent, StrategySpec
from simsupply.streams.keyed import Streams

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Contents:
    """A table with one row for every content an order can have.

    Attributes
    ----------
    weight : float array, shape (rows, goods)
        How the kg of an order are shared out to the goods: shares that add up to 1, or where
        `by_need`, 1 for the goods that are carried; their shares are those of the household's need.
    by_need : bool array, shape (rows,)
    channel : int array, shape (rows,)
        Number of the channel in the strategy.
    is_visit, is_pull : bool arrays, shape (rows,)
        Whether the row belongs to a shop's channel; to one with orders (not allotted, not a shop).
    """

    def __init__(self, scenario: Scenario, strategy: StrategySpec) -> None:
        self.scenario = scenario
        self.first: dict[str, int] = {}
        self._need: dict[tuple[int, ...], FloatArray] = {}
        weight: list[FloatArray] = []
        by_need, channel, releases = [], [], []
        for number, (name, spec) in enumerate(strategy.channels.items()):
            self.first[name] = len(weight)
            for parcel in spec.parcels:
                weight.append(self._weights(parcel))
                by_need.append(parcel.content is None)
                channel.append(number)
                releases.append(spec.release)
        self.weight, self.by_need = np.array(weight), np.array(by_need)
        self.channel = np.array(channel)
        self.is_visit = np.array([release.is_visit for release in releases])
        self.is_pull = np.array([release.is_ordered for release in releases])

    def _weights(self, parcel: ParcelContent) -> FloatArray:
        goods = self.scenario.goods
        if parcel.content is None:
            return goods.columns(parcel.goods).astype(float)
        kg = np.array([parcel.content.get(name, 0.0) for name in goods.names])
        weights: FloatArray = kg / kg.sum()
        return weights

    def _portions(self, parcel: ParcelContent, households: IntArray) -> IntArray | int:
        """For how many a fixed content is packed: as it is, for the persons of each household, or in sizes."""
        if parcel.per == "household":
            return 1
        persons = self.scenario.households.persons[households].astype(np.int64)
        if not parcel.sizes:
            return persons
        sizes = np.array(parcel.sizes)
        portions: IntArray = sizes[np.minimum(np.searchsorted(sizes, persons), len(sizes) - 1)]
        return portions

    def need_kg(
        self, channel: Channel, households: IntArray, days: FloatArray | float, begin: FloatArray | float
    ) -> FloatArray:
        """What households use up of the goods that a channel carries in so many days from a minute on, kg.

        Shape (households,); days and minutes are numbers or one for each household.
        """
        carried = tuple(np.flatnonzero(self.weight[self.first[channel.name]] > 0).tolist())
        if not self.scenario.goods.is_alike:
            end = begin + days * MINUTES_PER_DAY
            total = np.zeros(len(households))
            for column in carried:
                total += self.scenario.need_kg(column, begin, end, households)
            return total
        if carried not in self._need:
            # Every channel that carries these goods asks for it, day after day.
            total = np.zeros(len(self.scenario.households))
            for column in carried:
                total += self.scenario.need_kg_per_day(column)
            self._need[carried] = total
        return self._need[carried][households] * days

    def split_by_need(
        self, row: NDArray[np.integer[Any]], kg: FloatArray, households: IntArray, days: FloatArray | float, begin: Any
    ) -> FloatArray | None:
        """What orders hold of each of the goods whose kg are shared out by the need of so many days from a minute on.

        kg, shape (orders, goods); NaN: as their content says. None: `by_goods` says it of all of them.
        """
        goods = self.scenario.goods
        if goods.is_alike or len(goods) == 1 or not self.by_need[row].any():
            return None
        parts = np.full((len(row), len(goods)), np.nan)
        days = np.where(np.asarray(days) > 0, days, 1.0)
        end = np.broadcast_to(begin + days * MINUTES_PER_DAY, len(row))
        begin = np.broadcast_to(begin, len(row))
        for number in np.unique(row[self.by_need[row]]).tolist():
            orders = np.flatnonzero(row == number)
            weight = self.weight[number]
            need = np.zeros((len(orders), len(goods)))
            for column in np.flatnonzero(weight).tolist():
                need[:, column] = self.scenario.need_kg(column, begin[orders], end[orders], households[orders])
            parts[orders] = _shared(kg[orders], need, weight)
        return parts

    def by_goods(self, row: NDArray[np.integer[Any]], kg: FloatArray, households: IntArray) -> FloatArray:
        """What orders of these rows and kg hold of each of the goods, kg, shape (orders, goods)."""
        numbers = np.unique(row).tolist()
        if len(numbers) == 1:
            return self._of_row(numbers[0], kg, households)
        parts = np.empty((len(row), self.weight.shape[1]))
        for number in numbers:
            of_goods = np.flatnonzero(row == number)
            parts[of_goods] = self._of_row(number, kg[of_goods], households[of_goods])
        return parts

    def _of_row(self, number: int, kg: FloatArray, households: IntArray) -> FloatArray:
        weight = self.weight[number]
        if not self.by_need[number]:
            shares: FloatArray = kg[:, None] * (weight / sum(weight.tolist()))
            return shares
        # Goods that are not carried take no part; a column at a time, which is fast.
        parts = np.zeros((len(kg), len(weight)))
        for column in np.flatnonzero(weight).tolist():
            parts[:, column] = self.scenario.need_kg_per_day(column, households)
        return _shared(kg, parts, weight)

    def fill(
        self,
        channel: Channel,
        day: int,
        households: IntArray,
        cover_days: FloatArray | float,
        streams: Streams,
        drawn_by: IntArray | None = None,
        at_once: IntArray | None = None,
        begin: FloatArray | float = 0.0,
    ) -> tuple[IntArray, FloatArray, FloatArray | None]:
        """What is in the orders of these households.

        Parameters
        ----------
        cover_days : float, or array of shape (households,)
            For how long the orders of a household should last where the channel does not settle their content.
        drawn_by : int array, shape (households,), optional
            By which what is drawn for each is keyed; without it, the household.
        at_once : int array, shape (households,), optional
            By how many orders of a household that is shared; without it, one.
        begin : float, or array of shape (households,), minutes
            From when on it is to last.

        Returns
        -------
        row : int array, shape (households,)
            Row of this table.
        kg : float array, shape (households,)
        lines : float array, shape (households,), or None: as many as the demand says
        """
        row = np.full(len(households), self.first[channel.name])
        if channel.bundles:
            # The wish for a bundle is the household's, so it is the same for the same day.
            key = households if drawn_by is None else drawn_by
            wish = streams.uniform_at(f"demand/bundle/{channel.name}", day, key)
            shares = np.cumsum([bundle.share for bundle in channel.bundles.values()])
            row += np.minimum(np.searchsorted(shares, wish, side="right"), len(shares) - 1)
        kg, lines = np.empty(len(households)), np.full(len(households), np.nan)
        for number, parcel in enumerate(channel.parcels):
            of_content = row == self.first[channel.name] + number if channel.bundles else slice(None)
            if parcel.lines is not None:
                lines[of_content] = parcel.lines
            if parcel.content is not None:
                kg[of_content] = sum(parcel.content.values()) * self._portions(parcel, households[of_content])
            elif parcel.kg is not None:
                kg[of_content] = parcel.kg
            else:
                days, since = (np.broadcast_to(each, len(households))[of_content] for each in (cover_days, begin))
                kg[of_content] = self.need_kg(channel, households[of_content], days, since)
                if at_once is not None:
                    kg[of_content] /= at_once[of_content]
        return row, kg, None if np.isnan(lines).all() else lines


def _shared(kg: FloatArray, need: FloatArray, weight: FloatArray) -> FloatArray:
    """Share out the kg of orders in proportion to need, shape (orders, goods), which is overwritten."""
    total = np.zeros(len(kg))
    for column in np.flatnonzero(weight).tolist():
        total += need[:, column]
    has_none = total <= 0
    if has_none.any():
        # Who needs nothing of what is carried is sent equal parts.
        need[has_none], total[has_none] = weight, weight.sum()
    need /= total[:, None]
    need *= kg[:, None]
    return need
