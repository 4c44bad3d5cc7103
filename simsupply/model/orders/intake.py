"""The order desk: it closes lists, takes on orders and writes the run sheets, moment by moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.accounting import Books
from simsupply.model.city.occurrences import Timeline
from simsupply.model.city.tier_calendar import TierCalendar
from simsupply.model.flow.contents import Contents
from simsupply.model.flow.run_sheets import RunSheets
from simsupply.model.flow.waves import Orders, Wave
from simsupply.model.orders.admission import Doorkeeper
from simsupply.model.orders.baskets import Baskets
from simsupply.model.orders.capacity import Basket, typical_basket
from simsupply.model.orders.channel_choice import Mix
from simsupply.model.orders.group_buying import Groups
from simsupply.model.orders.trigger_watch import Watch
from simsupply.model.orders.wishes import PurchaseWishes, Taken, wishes_of
from simsupply.model.stock.depot_stock import SupplyModel
from simsupply.model.stock.fulfilment import OrderFiller
from simsupply.scenario.tiers import TIERS
from simsupply.scenario.world import Scenario
from simsupply.scenario.world_spec import CycleDemand, PoissonDemand, PurchaseDemand, SurgeDemand
from simsupply.strategy.channels import Channel, StrategySpec, Use
from simsupply.strategy.parcels import cadence_days, order_cover_days
from simsupply.strategy.release import WEEKDAYS, Allot, Group, Ordered, Visit
from simsupply.strategy.routes import NO_TIERS
from simsupply.streams.keyed import Streams

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class Moment(NamedTuple):
    """When something is decided.

    Attributes
    ----------
    time, day
    uses : tuple of int
        Uses whose list is closed, or whose parcels or shop visits begin; none: midnight, when
        households and triggers look around.
    ended : tuple of str
        Channels of groups that are not used any more, whose members wait in vain.
    is_arrival : bool
        Goods have come for which orders wait.
    """

    time: float
    day: int
    uses: tuple[int, ...] = ()
    ended: tuple[str, ...] = ()
    is_arrival: bool = False


class Sent(NamedTuple):
    """What became of orders: waves, the households turned away for want of goods, those whose orders wait for them."""

    waves: list[Wave]
    refused: IntArray
    waiting: IntArray


class Desk:
    """Everything that is decided about orders in one replication, the same for every engine.

    Parameters
    ----------
    scenario : Scenario
    strategy : StrategySpec
    tiers : TierCalendar
    streams : Streams
    contents : Contents
    books : Books
        Read for what has happened; kept by the caller.
    shocks : Timeline
        What happens to places, sources and demand.

    Attributes
    ----------
    supply : SupplyModel or None
        Stock at the depots; None: they have all they need.
    waiting : list of (Channel, Orders)
        Orders taken on that wait for goods, the oldest first.
    """

    def __init__(
        self,
        scenario: Scenario,
        strategy: StrategySpec,
        tiers: TierCalendar,
        shocks: Timeline,
        streams: Streams,
        contents: Contents,
        books: Books,
    ) -> None:
        self.scenario, self.strategy, self.streams = scenario, strategy, streams
        self.tiers, self.contents, self.books = tiers, contents, books
        self.sheets = RunSheets(scenario, strategy, tiers, shocks)
        self.mix = Mix(scenario, strategy, tiers, streams)
        self.baskets = Baskets(scenario, strategy)
        self.watch = Watch(scenario, strategy, tiers, self.baskets)
        self.wishes = wishes_of(scenario, streams)
        channels = strategy.channels
        self.number_of = {name: number for number, name in enumerate(channels)}
        self.doorkeepers = {
            name: Doorkeeper(scenario, channel, tiers, self.sheets) for name, channel in channels.items()
        }
        num = len(scenario.households)
        self.groups = {
            name: Groups(channel.release, scenario.households.compound, len(scenario.compound_drop_point))
            for name, channel in channels.items()
            if isinstance(channel.release, Group)
        }
        self.last_order = {
            name: np.full(num, PurchaseWishes.NEVER, dtype=np.int16)
            for name, channel in channels.items()
            if not isinstance(channel.release, Allot) and channel.release.once_in_days is not None
        }
        settings = scenario.spec.tiers or NO_TIERS
        every = [settings.of(tier).visit_every_days or 1 for tier in TIERS]
        # A household that has never been to a shop must not be kept away by a number too large.
        self.visit_every = np.minimum(every, -PurchaseWishes.NEVER // 2).astype(np.int16)
        self._every: tuple[NDArray[np.int16], NDArray[np.int16]] | None = None
        self.shocks = shocks
        self.supply: SupplyModel | None = None
        self.waiting: list[tuple[Channel, Orders]] = []
        if scenario.spec.supply is not None:
            self.supply = SupplyModel(scenario, strategy, scenario.spec.supply, shocks, streams)
            self.filler = OrderFiller(scenario, strategy, contents, self.supply)

    # --- when ---------------------------------------------------------------------------------

    def moments(self) -> Iterator[Moment]:
        """When something is decided; between two of them the caller plays on and keeps the books."""
        looks_around = bool(self.watch.switches) or isinstance(self.wishes, PurchaseWishes)
        for day in range(self.scenario.spec.scenario.horizon_days):
            midnight = day * MINUTES_PER_DAY
            if looks_around:
                yield Moment(midnight, day)
            self.watch.note(day)
            self.mix.new_day(day, self.watch.is_on)
            if isinstance(self.wishes, PurchaseWishes):
                self.wishes.has_shop = self.mix.reachable(visits=True)
            ended = tuple(
                name for name, group in self.groups.items() if group.is_waiting.any() and not self.mix.has(name)
            )
            if ended:
                yield Moment(midnight, day, ended=ended)
            due: dict[float, list[int]] = {}
            for number, use in enumerate(self.mix.uses):
                since = self.mix.since[number]
                if since is not None and self._is_due(use, day, since):
                    due.setdefault(self._closing(self.strategy.channels[use.channel]), []).append(number)
            for time, uses in sorted(due.items()):
                yield from self._arrivals(day, np.nextafter(midnight + time, np.inf))
                yield Moment(midnight + time, day, tuple(uses))
            yield from self._arrivals(day, midnight + MINUTES_PER_DAY)

    def _arrivals(self, day: int, limit: float) -> Iterator[Moment]:
        """Moments before `limit` at which goods come while orders wait for them."""
        while self.supply and self.waiting and (time := self.supply.next_arrival(limit)) is not None:
            yield Moment(time, day, is_arrival=True)

    def _is_due(self, use: Use, day: int, since: int) -> bool:
        channel, demand = self.strategy.channels[use.channel], self.scenario.spec.demand
        release = channel.release
        if isinstance(release, Allot):
            return (day - since) % cadence_days(channel, demand) == 0
        if isinstance(release, Group):
            return (day - since + 1) % release.window_days == 0
        if isinstance(demand, PoissonDemand):
            return day == since
        if isinstance(release, Ordered):
            if release.weekdays:
                return WEEKDAYS[(self.scenario.first_weekday + day) % 7] in release.weekdays
            if release.every_days is not None:
                return (day - since) % release.every_days == 0
            if isinstance(demand, CycleDemand):
                return day % demand.cycle_days == 0
        return True

    def _closing(self, channel: Channel) -> float:
        """Time of day at which a list is closed."""
        release, demand = channel.release, self.scenario.spec.demand
        if isinstance(release, Allot):
            return release.at
        if isinstance(release, Group):
            return release.closes
        if isinstance(release, Visit):
            return release.opens
        if release.cut_off is not None:
            return release.cut_off
        return 0.0 if isinstance(demand, PoissonDemand) else demand.release_time

    @property
    def num_waiting(self) -> int:
        """Orders that wait for goods."""
        return sum(len(orders) for _, orders in self.waiting)

    def notes(self) -> tuple[str, ...]:
        """What ought to be known about how the orders came about."""
        demand = self.scenario.spec.demand
        if isinstance(demand, SurgeDemand) or (isinstance(demand, PurchaseDemand) and demand.multiplier != 1):
            return (f"surge: given, {demand.multiplier:g} times normal attempts",)
        if isinstance(demand, PurchaseDemand):
            return ("surge: none given; orders rise as shops close and households try again",)
        return ()

    # --- what ---------------------------------------------------------------------------------

    def act(self, moment: Moment) -> Iterator[tuple[Taken, list[Wave]]]:
        """Decide; what is taken on, and the waves that come of it."""
        self.wishes.level = self.shocks.demand_level(moment.time)
        if self.supply:
            self.supply.advance(moment.time)
        if moment.is_arrival:
            yield from self._fill_waiting(moment)
        elif moment.ended:
            yield from (self._dissolve(name, moment.day) for name in moment.ended)
        elif not moment.uses:
            if moment.day:
                self.watch.observe(moment.day, self.books)
            if isinstance(self.wishes, PurchaseWishes):
                self.wishes.start_day(moment.day, self._is_busy(), self.books.households.runs_out)
        # However many uses a channel has, it has one list: a depot's limit and a group's size hold for all of it.
        uses: dict[str, list[int]] = {}
        for number in moment.uses:
            uses.setdefault(self.mix.uses[number].channel, []).append(number)
        for name, numbers in uses.items():
            channel = self.strategy.channels[name]
            if isinstance(channel.release, Allot):
                yield self._allot(channel, channel.release, numbers, moment)
            elif isinstance(self.scenario.spec.demand, PoissonDemand):
                yield from self._one_by_one(channel, self.scenario.spec.demand, moment)
            elif isinstance(channel.release, Visit):
                yield self._open_shop(channel, channel.release, numbers, moment)
            elif isinstance(channel.release, Group):
                yield self._close_group(channel, numbers, moment)
            else:
                yield self._close_list(channel, channel.release, numbers, moment)

    def _is_busy(self) -> BoolArray:
        """Households that wait for an order, or for their group."""
        is_busy = self.books.orders.is_open
        for groups in self.groups.values():
            is_busy = is_busy | groups.is_waiting
        return is_busy

    def _allot(
        self, channel: Channel, release: Allot, numbers: Sequence[int], moment: Moment
    ) -> tuple[Taken, list[Wave]]:
        who = self.mix.allowed_by(numbers)
        if release.skip_waiting:
            who = ~self._is_busy() if who is None else who & ~self._is_busy()
        households = np.arange(len(self.scenario.households)) if who is None else np.flatnonzero(who)
        waves, refused, waiting = self._send(channel, households, moment)
        accepted = sum(len(wave) for wave in waves) + len(waiting)
        taken = Taken(
            self.number_of[channel.name],
            moment.day,
            attempted=accepted + len(refused),
            accepted=accepted,
            rejected=len(refused),
            waits=(waiting, moment.time) if len(waiting) else None,
        )
        return taken, waves

    def _close_list(
        self, channel: Channel, release: Ordered, numbers: Sequence[int], moment: Moment
    ) -> tuple[Taken, list[Wave]]:
        callers, attempted = self._callers(channel, numbers, moment)
        accepted = callers
        if self.wishes.is_limited and channel.acceptance is not None:
            is_open = self.books.orders.open_channel == self.number_of[channel.name]
            accepted = self.doorkeepers[channel.name].accept(
                callers,
                is_open,
                self.baskets.held(channel, is_open),
                self._asked(channel, callers, moment),
                moment.day,
                self.streams,
                self.sheets.chains.at(moment.time),
            )
        is_accepted = np.zeros(len(callers), dtype=bool)
        is_accepted[np.searchsorted(callers, accepted)] = True
        paid = self._paid(release.unpaid_share, accepted, moment.day)
        is_served = np.zeros(len(callers), dtype=bool)
        is_served[np.searchsorted(callers, paid)] = True
        waves, refused, waiting = self._send(channel, paid, moment)
        is_accepted[np.searchsorted(callers, refused)] = is_served[np.searchsorted(callers, refused)] = False
        self.wishes.settle(moment.day, callers, ~is_accepted, is_served)
        self.mix.refuse(callers[~is_accepted], moment.day + 1)
        taken = Taken(
            self.number_of[channel.name],
            moment.day,
            attempted=attempted,
            accepted=len(accepted) - len(refused),
            rejected=attempted - len(accepted) + len(refused),
            cancelled=len(accepted) - len(paid),
            waits=(waiting, moment.time) if len(waiting) else None,
        )
        return taken, waves

    def _close_group(self, channel: Channel, numbers: Sequence[int], moment: Moment) -> tuple[Taken, list[Wave]]:
        groups = self.groups[channel.name]
        joining, attempted = self._callers(channel, numbers, moment)
        complete, dissolved = groups.close(joining)
        paid = self._paid(groups.rules.unpaid_share, complete, moment.day)
        # Whoever waits in a group looks for nothing else; whose group gave up does.
        nobody = np.zeros(len(joining), dtype=bool)
        self.wishes.settle(moment.day, joining, nobody, ~nobody)
        unpaid = complete[:0] if len(paid) == len(complete) else np.setdiff1d(complete, paid, assume_unique=True)
        waves, refused, waiting = self._send(channel, paid, moment)
        for households, is_refused in ((dissolved, True), (unpaid, False), (refused, True)):
            what = np.full(len(households), is_refused)
            self.wishes.settle(moment.day, households, what, np.zeros(len(households), dtype=bool))
        self.mix.refuse(dissolved, moment.day + 1)
        self.mix.refuse(refused, moment.day + 1)
        # Of several attempts of one household one is answered by the group, the others were refused.
        in_vain = attempted - len(joining)
        taken = Taken(
            self.number_of[channel.name],
            moment.day,
            attempted=attempted,
            accepted=len(complete) - len(refused),
            rejected=len(dissolved) + in_vain + len(refused),
            cancelled=len(complete) - len(paid),
            collecting=len(joining) - len(complete) - len(dissolved),
            waits=(waiting, moment.time) if len(waiting) else None,
        )
        return taken, waves

    def _dissolve(self, name: str, day: int) -> tuple[Taken, list[Wave]]:
        """Send the members of unfinished groups of a channel away."""
        groups = self.groups[name]
        members = np.flatnonzero(groups.is_waiting)
        groups.is_waiting[members] = False
        everybody = np.ones(len(members), dtype=bool)
        self.wishes.settle(day, members, everybody, ~everybody)
        # Today's lists are still to be closed.
        self.mix.refuse(members, day)
        return Taken(self.number_of[name], day, rejected=len(members), collecting=-len(members)), []

    def _open_shop(
        self, channel: Channel, release: Visit, numbers: Sequence[int], moment: Moment
    ) -> tuple[Taken, list[Wave]]:
        taken = Taken(self.number_of[channel.name], moment.day)
        if not isinstance(self.wishes, PurchaseWishes):
            return taken, []
        households = self.wishes.shoppers(moment.day, self.mix.choosers(numbers), self._visit_every(moment.day))
        come = self.streams.uniform_at("demand/visit", moment.day, households)
        placed = moment.time + come * (release.closes - release.opens)
        waves, refused, _ = self._send(channel, households, moment, placed)
        # Who comes back with nothing wants it still.
        is_refused = np.ones(len(refused), dtype=bool)
        self.wishes.settle(moment.day, refused, is_refused, ~is_refused)
        return taken, waves

    def _fill_waiting(self, moment: Moment) -> Iterator[tuple[Taken, list[Wave]]]:
        """Send what now can be of the orders that wait for goods."""
        waiting, self.waiting = self.waiting, []
        for channel, orders in waiting:
            filled, left = self.filler.retry(moment.time, orders, self.sheets.chains.at(moment.time))
            if len(left):
                self.waiting.append((channel, left))
            waves = self.sheets.of_list(channel, filled, moment.time, moment.day)
            for wave in waves:
                wave.has_waited = True
            yield Taken(self.number_of[channel.name], moment.day), waves

    def _visit_every(self, day: int) -> NDArray[np.int16] | int:
        """Once in how many days each household may go to a shop under its tier of today, shape (households,)."""
        of_compound = self.visit_every[self.tiers.number[day]]
        if (of_compound == of_compound[0]).all():
            return int(of_compound[0])
        if self._every is None or (self._every[0] != of_compound).any():
            self._every = of_compound, of_compound[self.scenario.households.compound]
        return self._every[1]

    def _one_by_one(
        self, channel: Channel, demand: PoissonDemand, moment: Moment
    ) -> Iterator[tuple[Taken, list[Wave]]]:
        num = len(self.scenario.households)
        between = self.streams.exponential("demand/interarrival", 0, num, mean=1 / demand.rate_per_min)
        placed = moment.time + np.cumsum(between)
        placed = placed[: np.searchsorted(placed, self.scenario.horizon_min)]
        num = len(placed)
        orders = Orders(
            household=np.arange(num),
            kg=np.full(num, demand.order_kg),
            lines=np.full(num, float(channel.parcel.lines or demand.lines_per_order)),
            content=np.full(num, self.contents.first[channel.name], dtype=np.uint8),
            placed=placed,
        )
        waves = self.sheets.of_singles(channel, orders, moment.time)
        yield Taken(self.number_of[channel.name], moment.day), waves
        # Attempted when they are placed, all before the horizon.
        midnights = np.arange(self.scenario.spec.scenario.horizon_days + 1) * MINUTES_PER_DAY
        for day, made in enumerate(np.diff(np.searchsorted(placed, midnights)).tolist()):
            yield Taken(self.number_of[channel.name], day, attempted=made, accepted=made), []

    def _callers(self, channel: Channel, numbers: Sequence[int], moment: Moment) -> tuple[IntArray, int]:
        who = self.mix.choosers(numbers)
        release = channel.release
        if channel.name in self.last_order and not isinstance(release, Allot):
            may = moment.day - self.last_order[channel.name] >= (release.once_in_days or 0)
            who = may if who is None else who & may
        for groups in self.groups.values():
            # With demand of kind cycle nobody is ever busy, but who is in a group does not join it once more.
            if not self.wishes.is_limited and groups.is_waiting.any():
                who = ~groups.is_waiting if who is None else who & ~groups.is_waiting
        return self.wishes.callers(moment.day, who, self._is_busy())

    def _paid(self, unpaid_share: float, accepted: IntArray, day: int) -> IntArray:
        if not unpaid_share:
            return accepted
        return accepted[self.streams.uniform_at("demand/unpaid", day, accepted) >= unpaid_share]

    def _asked(self, channel: Channel, callers: IntArray, moment: Moment) -> Basket:
        """Mean content of what these households want to order."""
        if not self.baskets.are_kept or not len(callers):
            return typical_basket(self.scenario, channel)
        _, kg, lines = self._fill(channel, callers, moment)
        return Basket(float(lines.mean()), float(kg.mean()))

    # --- orders -------------------------------------------------------------------------------

    def _send(self, channel: Channel, households: IntArray, moment: Moment, placed: FloatArray | None = None) -> Sent:
        """Fill the orders of these households (ascending) and write their run sheets, route by route."""
        row, kg, lines = self._fill(channel, households, moment)
        orders = Orders(households, kg, lines, row.astype(np.uint8), placed)
        refused = nobody = households[:0]
        waits: Orders | None = None
        if self.supply:
            orders, refused, waits = self.filler.fill(
                moment.time, orders, self.sheets.chains.at(moment.time), may_wait=not isinstance(channel.release, Visit)
            )
        for taken in (orders, waits):
            if taken is None:
                continue
            self.baskets.note(channel, taken.household, taken.lines, taken.kg)
            if channel.name in self.last_order:
                self.last_order[channel.name][taken.household] = moment.day
            if isinstance(self.wishes, PurchaseWishes):
                full_kg = kg[np.searchsorted(households, taken.household)] if self.supply else taken.kg
                self.wishes.note_sent(taken.household, moment.time, taken.kg, full_kg)
        if waits is not None:
            self.waiting.append((channel, replace(waits, placed=np.full(len(waits), moment.time))))
        waves = self.sheets.of_list(channel, orders, moment.time, moment.day)
        return Sent(waves, refused, nobody if waits is None else waits.household)

    def _fill(self, channel: Channel, households: IntArray, moment: Moment) -> tuple[IntArray, FloatArray, FloatArray]:
        """What orders of these households hold: row of the contents, kg and lines."""
        demand = self.scenario.spec.demand
        days: FloatArray | float
        if isinstance(self.wishes, PurchaseWishes) and not isinstance(channel.release, Allot):
            days, normal_lines = self.wishes.basket(moment.time, households)
        else:
            days = order_cover_days(channel, demand)
            normal_lines = np.full(len(households), float(demand.lines_per_order))
        row, kg, lines = self.contents.fill(channel, moment.day, households, days, self.streams)
        return row, kg, normal_lines if lines is None else np.where(np.isnan(lines), normal_lines, lines)
