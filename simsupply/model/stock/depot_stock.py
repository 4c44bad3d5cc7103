"""Stock at the depots between two moments of order intake: what arrives, what spoils, what is asked for.

At one minute goods spoil, those are cancelled that a source which closes has not sent yet, others arrive, then
stocks are reviewed; what order intake decides at that minute comes after all of these.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simsupply.base.filling import fits
from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.city.occurrences import Timeline
from simsupply.model.stock.allocation_rules import Sharing, share_out
from simsupply.model.stock.batches import Batch, Stockroom
from simsupply.model.stock.depot_needs import DepotNeeds
from simsupply.model.stock.reserves import LowStock
from simsupply.model.stock.sources import Sources
from simsupply.model.stock.stock_account import StockBook
from simsupply.records.replication import SupplyRecord
from simsupply.scenario.supply import Issue, Supply
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from simsupply.streams.keyed import Streams

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
# Less than this share of what a reserve held, or of what a source gives, is nothing: rounding leaves as much.
_DUST = 1e-9
# What happens first at one minute.
_MIDNIGHT, _SPOILS, _CANCELLED, _ARRIVES, _REVIEW = range(5)


class ComingRelease(NamedTuple):
    """Goods that a plan is going to release.

    Attributes
    ----------
    time : float
        Minutes.
    kg : float array, shape (depots, goods)
    """

    time: float
    kg: FloatArray


class _Event(NamedTuple):
    """Something that will happen, as data: a state that is written down holds what is still to come.

    Attributes
    ----------
    time : float
        Minutes.
    kind : int
        What happens; at one minute the least first.
    number : int
        In the order of planning.
    place, good : int
    kg : float
        What is cancelled.
    batches : tuple of Batch
        What arrives; an expiry of NaN counts from the arrival.
    """

    time: float
    kind: int
    number: int
    place: int = -1
    good: int = -1
    kg: float = 0.0
    batches: tuple[Batch, ...] = ()


class SupplyModel:
    """Depots and reserves as places with stock, in this order.

    Attributes
    ----------
    up_to_days : float array, shape (goods,)
        `order_up_to_days` of the stocks.
    coming : dict of int to sequence of ComingRelease
        Releases that are known on each day.
    stock : Stockroom
    low : LowStock
        The state of the ladder.
    """

    def __init__(
        self, scenario: Scenario, strategy: StrategySpec, supply: Supply, shocks: Timeline, streams: Streams
    ) -> None:
        self.scenario, self.supply = scenario, supply
        self.between = strategy.allocation_between_depots
        self.goods, self.depots = scenario.goods.names, scenario.places.names["depot"]
        self.num_places = len(self.depots) + len(supply.reserves)
        shape = len(self.depots), len(self.goods)
        self.needs = DepotNeeds(scenario, supply.peak_factor)
        self.stocked = np.zeros(shape, dtype=bool)
        self.up_to_days = np.zeros(len(self.goods))
        self.coming: dict[int, Sequence[ComingRelease]] = {}
        self.shelf_min = np.full(len(self.goods), np.inf)
        self.stock = Stockroom(self.num_places, len(self.goods), self._issue())
        self.on_order = np.zeros((self.num_places, len(self.goods)))
        self.sources = Sources(scenario, supply, shocks, streams)
        self.low = LowStock(supply.ladder, self.goods)
        self.book = StockBook(scenario)
        self._events: list[_Event] = []
        self._number = 0
        initial = self._initial_stock()
        self.reserve_start = initial[len(self.depots) :]
        self.owed = np.zeros_like(self.reserve_start)
        self.initial_kg = initial.sum(axis=0)
        for place, good in np.argwhere(initial > 0).tolist():
            self._put(place, good, (self.shelf_min[good], float(initial[place, good])))
        for day in range(scenario.settings.horizon_days):
            self._plan((day + 1) * MINUTES_PER_DAY, _MIDNIGHT)
            if day % supply.review.every_days == 0:
                self._plan(day * MINUTES_PER_DAY + supply.review.at, _REVIEW)

    def _issue(self) -> dict[tuple[int, int], Issue]:
        """What goes out first, by depot and goods."""
        return {
            (depot, self.goods.index(name)): stock.issue
            for name, stock in self.supply.stock.items()
            for depot in range(len(self.depots))
        }

    def _initial_stock(self) -> FloatArray:
        """Stock at the start, shape (places, goods); fills in what the plan says by goods."""
        kg = np.zeros((self.num_places, len(self.goods)))
        for name, stock in self.supply.stock.items():
            good = self.goods.index(name)
            has = np.array([not stock.depots or depot in stock.depots for depot in self.depots])
            self.stocked[:, good] = has
            self.up_to_days[good] = stock.order_up_to_days
            kg[: len(self.depots)][has, good] = self.needs.over(0.0, stock.initial_days)[has, good]
            if stock.shelf_life_days is not None:
                self.shelf_min[good] = stock.shelf_life_days * MINUTES_PER_DAY
        for number, reserve in enumerate(self.supply.reserves.values(), start=len(self.depots)):
            for name, days in reserve.cover_days.items():
                kg[number, self.goods.index(name)] = self.needs.cover_kg(days)[self.goods.index(name)]
            for name, weight in reserve.kg.items():
                kg[number, self.goods.index(name)] = weight
        return kg

    # --- time -----------------------------------------------------------------------------------

    def advance(self, until: float) -> None:
        """Let everything happen up to and at `until`."""
        while self._events and self._events[0][0] <= until:
            self._happen(heapq.heappop(self._events))

    def next_arrival(self, limit: float) -> float | None:
        """Go on to the next minute before `limit` at which goods arrive at a depot; None: to `limit`, and none do."""
        while self._events and self._events[0][0] < limit:
            event = heapq.heappop(self._events)
            self._happen(event)
            if event.kind == _ARRIVES and event.place < len(self.depots):
                self.advance(event.time)
                return event.time
        return None

    def _plan(
        self, time: float, kind: int, place: int = -1, good: int = -1, kg: float = 0.0, batches: Sequence[Batch] = ()
    ) -> None:
        self._number += 1
        heapq.heappush(self._events, _Event(time, kind, self._number, place, good, kg, tuple(batches)))

    def _happen(self, event: _Event) -> None:
        time, kind, _, place, good, kg, batches = event
        if kind == _MIDNIGHT:
            self._end_day(time)
        elif kind == _SPOILS:
            self.book.note_one("spoiled", time, good, self.stock.spoil(place, good, time))
        elif kind == _CANCELLED:
            self._cancel(time, place, good, kg)
        elif kind == _ARRIVES:
            self._arrive(time, place, good, batches)
        else:
            self._review(time)

    # --- stock ----------------------------------------------------------------------------------

    def take(self, time: float, depot: int, kg: FloatArray) -> None:
        """Take goods for orders from a depot, shape (goods,)."""
        for good in np.flatnonzero(kg > 0).tolist():
            self.stock.take(depot, good, float(kg[good]))
        self.book.note("drawn", time, kg)

    def _put(self, place: int, good: int, batch: Batch) -> None:
        self.stock.put(place, good, batch)
        if batch[0] < np.inf:
            self._plan(batch[0], _SPOILS, place, good)

    def _send(self, place: int, good: int, batches: list[Batch], arrival: float) -> None:
        """Send batches on their way to a place; an expiry of NaN: counted from the arrival."""
        kg = sum(kg for _, kg in batches)
        self.on_order[place, good] += kg
        self._plan(arrival, _ARRIVES, place, good, batches=batches)

    def _keep_back(self, place: int, good: int, kg: float, until: float) -> None:
        """Ask for goods that a closure will keep at their source; nobody knows before `until`."""
        self.on_order[place, good] += kg
        self._plan(until, _CANCELLED, place, good, kg)

    def _cancel(self, time: float, place: int, good: int, kg: float) -> None:
        self.on_order[place, good] = max(0.0, self.on_order[place, good] - kg)
        self.book.bought(good, -kg)
        self.book.note_one("cancelled", time, good, kg)
        if place >= len(self.depots):
            self.owed[place - len(self.depots), good] += kg

    def _arrive(self, time: float, place: int, good: int, batches: Sequence[Batch]) -> None:
        kg = sum(kg for _, kg in batches)
        self.on_order[place, good] = max(0.0, self.on_order[place, good] - kg)
        if place < len(self.depots):
            self.book.note_one("received", time, good, kg)
        for expiry, part in batches:
            ends = time + self.shelf_min[good] if np.isnan(expiry) else expiry
            if ends <= time:
                # It has spoiled on the way.
                self.book.note_one("spoiled", time, good, part)
            else:
                self._put(place, good, (ends, part))

    def _end_day(self, time: float) -> None:
        num = len(self.depots)
        on_hand, day = self.stock.on_hand, int(time // MINUTES_PER_DAY) - 1
        reserves = on_hand[num:].sum(axis=0) + self.on_order[num:].sum(axis=0)
        self.book.end_day(
            day, on_hand[:num].sum(axis=0), self.on_order[:num].sum(axis=0), reserves, self.low.ration(time)
        )

    # --- reviews --------------------------------------------------------------------------------

    def _review(self, time: float) -> None:
        """Count stocks, ask for what is missing, open reserves."""
        num = len(self.depots)
        cover = self.needs.cover(time, self.stock.on_hand[:num].sum(axis=0))
        self.low.look(cover)
        target = self._wanted(time)
        self._rotate(time, self._missing(target))
        left = self.sources.daily_kg.copy()
        self._ask_sources(time, self._missing(target), left, first=0)
        if self.low.is_on.any():
            self._open_reserves(time)
        if self.owed.any():
            self._ask_sources(time, self.owed, left, first=num)
        nothing_left = np.all(self.stock.on_hand[num:] <= _DUST * self.reserve_start, axis=0)
        self.low.cut(time, cover, nothing_left)

    def _wanted(self, time: float) -> FloatArray:
        """Stock that a review fills up to, shape (depots, goods): days of use, or what will be released in them."""
        target = self._level(time, self.up_to_days)
        coming = np.zeros_like(target)
        for release in self.coming.pop(int(time // MINUTES_PER_DAY), ()):
            is_near = (time <= release.time) & (release.time <= time + self.up_to_days * MINUTES_PER_DAY)
            coming += np.where(is_near & self.stocked, release.kg, 0.0)
        return np.where(fits(coming, target), target, coming)

    def _level(self, time: float, days: float | FloatArray) -> FloatArray:
        """Stock for so many days from a minute on, kg, shape (depots, goods), of what is kept in stock."""
        return np.where(self.stocked, self.needs.over(time, days), 0.0)

    def _missing(self, level: FloatArray) -> FloatArray:
        """What stock and goods on their way lack of a level, shape (depots, goods), cut to the room there is."""
        num = len(self.depots)
        position = self.stock.on_hand[:num] + self.on_order[:num]
        missing = np.maximum(level - position, 0.0)
        # What rounding leaves is not worth a lorry.
        missing[missing <= _DUST * level] = 0.0
        if self.supply.room_kg is not None:
            room, total = np.maximum(self.supply.room_kg - position.sum(axis=1), 0.0), missing.sum(axis=1)
            missing *= np.divide(room, total, out=np.ones_like(total), where=total > room)[:, None]
        return missing

    def _shared(self, asked: FloatArray, available: float, km: FloatArray) -> FloatArray:
        """Parts of the depots in goods for which there is not enough."""
        rank, sharing = np.zeros(len(asked), dtype=np.int64), self.between
        if sharing == "nearest_first":
            rank = np.unique(km, return_inverse=True)[1].ravel()
        rule: Sharing = "in_order" if sharing == "nearest_first" else sharing
        return share_out(asked, available, rank, rule)

    def _ask_sources(self, time: float, missing: FloatArray, left: FloatArray, first: int) -> None:
        """Ask the sources in turn; `left` is what they still give today, and is lowered. Places start at `first`."""
        is_depot, day = first == 0, int(time // MINUTES_PER_DAY)
        missing = missing.copy()
        for number in range(len(self.sources.names)):
            capacity = self.sources.capacity(number, time)
            feeds = self.sources.feeds[number] if is_depot else np.ones(len(missing), dtype=bool)
            for good in np.flatnonzero(self.sources.has[number] & (capacity > 0)).tolist():
                asked = np.where(feeds, missing[:, good], 0.0)
                total, limit = float(asked.sum()), float(left[number, good])
                if total <= 0:
                    continue
                most = total * capacity
                if limit < np.inf:
                    of_day = float(self.sources.daily_kg[number, good])
                    most = limit - (1 - capacity) * of_day
                    if most <= _DUST * of_day:
                        continue
                km = self.sources.km[number] if is_depot else np.arange(float(len(missing)))
                given = self._shared(asked, most, km)
                left[number, good] -= given.sum()
                missing[:, good] -= given
                lead = self.sources.lead_min(number, good, day, self.num_places)
                leaves, stops = time + self.sources.preparation_min(number), self.sources.cancelled_at(number, time)
                for place in (first + np.flatnonzero(given > 0)).tolist():
                    kg = float(given[place - first])
                    self.book.bought(good, kg)
                    if stops is None:
                        self._send(place, good, [(np.nan, kg)], leaves + float(lead[place]))
                    else:
                        self._keep_back(place, good, kg, stops)
                if not is_depot:
                    self.owed[:, good] = missing[:, good]

    def _rotate(self, time: float, missing: FloatArray) -> None:
        """Send out of reserves what would spoil soon, to depots that ask for it."""
        for number, reserve in enumerate(self.supply.reserves.values()):
            if reserve.rotate_days is None:
                continue
            place, before = len(self.depots) + number, time + reserve.rotate_days * MINUTES_PER_DAY
            for good in np.flatnonzero(missing.sum(axis=0) > 0).tolist():
                batches = self.stock.take(place, good, float(missing[:, good].sum()), before)
                kg = sum(part for _, part in batches)
                if kg:
                    given = self._shared(missing[:, good], kg, self._km(number))
                    self._hand_out(time, place, good, given, batches, reserve.delay_hours)
                    missing[:, good] -= given
                    self.owed[number, good] += kg
                    self.book.rotated_kg += kg

    def _open_reserves(self, time: float) -> None:
        """Ask the reserves in turn for what is still missing; the next one only where one is used up."""
        ladder = self.supply.ladder
        assert ladder is not None  # nothing is ever on without it
        days = self.up_to_days if ladder.up_to_days is None else ladder.up_to_days
        missing = self._missing(self._level(time, days))
        for good in np.flatnonzero(self.low.is_on).tolist():
            asked = missing[:, good]
            for number, (name, reserve) in enumerate(self.supply.reserves.items()):
                place = len(self.depots) + number
                has, start = float(self.stock.on_hand[place, good]), float(self.reserve_start[number, good])
                kg = min(float(asked.sum()), has, reserve.daily_share * start)
                if kg > _DUST * start:
                    given = self._shared(asked, kg, self._km(number))
                    batches = self.stock.take(place, good, float(given.sum()))
                    self._hand_out(time, place, good, given, batches, reserve.delay_hours)
                    arrival = time + reserve.delay_hours * 60
                    self.low.released(good, arrival)
                    self.book.released(name, self.goods[good], time, arrival, float(given.sum()))
                    asked = asked - given
                if self.stock.on_hand[place, good] > _DUST * start:
                    break

    def _km(self, reserve: int) -> FloatArray:
        said = list(self.supply.reserves.values())[reserve].distance_km
        return np.array([said.get(name, np.inf) for name in self.depots])

    def _hand_out(
        self, time: float, place: int, good: int, given: FloatArray, batches: list[Batch], delay_hours: float
    ) -> None:
        """Send batches to the depots, the oldest to the first of them."""
        waiting = list(reversed(batches))
        for depot in np.flatnonzero(given > 0).tolist():
            load, kg = [], float(given[depot])
            while waiting and kg > 0:
                expiry, held = waiting.pop()
                part = min(held, kg)
                load.append((expiry, part))
                kg -= part
                if part < held:
                    waiting.append((expiry, held - part))
            self._send(depot, good, load, time + delay_hours * 60)
        # What rounding leaves over stays where it was.
        for batch in waiting:
            self.stock.put(place, good, batch)

    # --- the end --------------------------------------------------------------------------------

    def record(self) -> SupplyRecord:
        """Everything up to the horizon; the balance of goods is checked.

        Raises
        ------
        InvariantError
            If goods were lost or made.
        """
        while self._events and self._events[0][:2] <= (self.scenario.horizon_min, _MIDNIGHT):
            self._happen(heapq.heappop(self._events))
        held = self.stock.on_hand.sum(axis=0) + self.on_order.sum(axis=0)
        rationing = self.low.rationing(self.scenario.horizon_min)
        return self.book.record(self.goods, self.needs.cover, self.initial_kg, held, rationing)
