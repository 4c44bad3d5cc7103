"""What orders and parcels contain: kg by goods, for every channel and each of its bundles."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

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

    def need_kg(self, channel: Channel, households: IntArray) -> FloatArray:
        """What households use up a day of the goods that a channel carries, kg, shape (households,)."""
        carried = tuple(np.flatnonzero(self.weight[self.first[channel.name]] > 0).tolist())
        if carried not in self._need:
            # Every channel that carries these goods asks for it, day after day.
            total = np.zeros(len(self.scenario.households))
            for column in carried:
                total += self.scenario.need_kg_per_day(column)
            self._need[carried] = total
        return self._need[carried][households]

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
        parts, total = np.zeros((len(kg), len(weight))), np.zeros(len(kg))
        for column in np.flatnonzero(weight).tolist():
            parts[:, column] = self.scenario.need_kg_per_day(column, households)
            total += parts[:, column]
        has_none = total <= 0
        if has_none.any():
            # Who needs nothing of what is carried is sent equal parts.
            parts[has_none], total[has_none] = weight, weight.sum()
        parts /= total[:, None]
        parts *= kg[:, None]
        return parts

    def fill(
        self,
        channel: Channel,
        day: int,
        households: IntArray,
        cover_days: FloatArray | float,
        streams: Streams,
        drawn_by: IntArray | None = None,
    ) -> tuple[IntArray, FloatArray, FloatArray | None]:
        """What is in the orders of these households.

        Parameters
        ----------
        cover_days : float, or array of shape (households,)
            For how long an order should last where the channel does not settle its content.
        drawn_by : int array, shape (households,), optional
            By which what is drawn for each is keyed; without it, the household.

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
                people = self.scenario.households.persons[households[of_content]] if parcel.per == "person" else 1
                kg[of_content] = sum(parcel.content.values()) * people
            elif parcel.kg is not None:
                kg[of_content] = parcel.kg
            else:
                days = np.broadcast_to(np.asarray(cover_days), len(households))[of_content]
                kg[of_content] = self.need_kg(channel, households[of_content]) * days
        return row, kg, None if np.isnan(lines).all() else lines
