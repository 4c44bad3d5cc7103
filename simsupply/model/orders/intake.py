"""Order intake: it closes lists, takes on orders and writes the dispatch lists, moment by moment."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.city.occurrences import Timeline
from simsupply.model.city.tier_calendar import TierCalendar
from simsupply.model.flow.contents import Contents
from simsupply.model.flow.dispatch_lists import DispatchLists
from simsupply.model.flow.waits import WaitCells
from simsupply.model.orders.channel_choice import ChannelChoice
from simsupply.model.orders.coming_releases import ComingReleases
from simsupply.model.orders.decisions import Decision, Moment
from simsupply.model.orders.demand.demand_kinds import demand_model
from simsupply.model.orders.intake_waits import IntakeWaits
from simsupply.model.orders.known_state import KnownState, WaitingHouseholds
from simsupply.model.orders.order_writer import OrderWriter
from simsupply.model.orders.release.release_intake import IntakeParts
from simsupply.model.orders.release.release_kinds import release_intake
from simsupply.model.orders.trigger_watch import TriggerWatch
from simsupply.records.replication import SupplyRecord
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from simsupply.streams.keyed import Streams

IntArray = NDArray[np.int64]


class OrderIntake:
    """Everything that is decided about orders in one replication, the same for every engine.

    What it decides depends on what has become of earlier orders only through the `KnownState` it is given.

    Parameters
    ----------
    scenario : Scenario
    strategy : StrategySpec
    tiers : TierCalendar
    shocks : Timeline
        What happens to places, sources and demand.
    streams : Streams
    contents : Contents

    Attributes
    ----------
    watch : TriggerWatch
    writer : OrderWriter
    """

    def __init__(
        self,
        scenario: Scenario,
        strategy: StrategySpec,
        tiers: TierCalendar,
        shocks: Timeline,
        streams: Streams,
        contents: Contents,
    ) -> None:
        self.shocks = shocks
        self.demand = demand_model(scenario, streams)
        self.choice = ChannelChoice(scenario, strategy, tiers, streams)
        dispatch_lists = DispatchLists(scenario, strategy, tiers, shocks, streams)
        waits = IntakeWaits(scenario, strategy)
        self.writer = OrderWriter(scenario, strategy, streams, shocks, contents, self.demand, dispatch_lists, waits)
        self.watch = TriggerWatch(scenario, strategy, tiers, self.writer.open_basket)
        channels = strategy.channels
        self.who_waits = WaitingHouseholds(
            is_waiting=np.zeros(len(scenario.households), dtype=bool),
            is_ordered=np.array([channel.release.is_ordered for channel in channels.values()]),
            in_group=[],
        )
        parts = IntakeParts(
            scenario, tiers, streams, self.demand, self.choice, dispatch_lists, self.writer, self.who_waits, waits
        )
        self.releases = {
            name: release_intake(channel, number, parts) for number, (name, channel) in enumerate(channels.items())
        }
        self.coming: ComingReleases | None = None
        if self.writer.supply and (days := self.writer.supply.up_to_days.max()) > 0:
            self.coming = ComingReleases(parts, self.releases, math.ceil(days))

    def moments(self, day: int) -> Iterator[Moment]:
        """When something is decided on a day.

        Each is asked for when all before it has been decided, and goods have flowed on up to it: which
        ones there are depends on that.
        """
        midnight = day * MINUTES_PER_DAY
        # Stocks that are counted at this very midnight are counted before anything is decided in it.
        self._note_coming(day)
        if self.watch.switches or self.demand.looks_around:
            yield Moment(midnight, day)
        self.watch.note(day)
        self.choice.new_day(day, self.watch.is_on)
        if self.demand.looks_around:
            self.demand.has_shop = self.choice.reachable(visits=True)
        ended = tuple(name for name, release in self.releases.items() if release.has_ended)
        if ended:
            yield Moment(midnight, day, ended=ended)
        self._note_coming(day)
        due: dict[float, list[int]] = {}
        for number, use in enumerate(self.choice.uses):
            release = self.releases[use.channel]
            begun = self.choice.begun(number, by_compound=release.by_compound)
            if begun is None:
                continue
            since = begun + release.turn
            is_due = release.is_due(day, since)
            if isinstance(is_due, np.ndarray):
                is_due &= since <= day
            if self.choice.note_due(number, is_due):
                due.setdefault(release.time, []).append(number)
        for time, uses in sorted(due.items()):
            yield from self._arrivals(day, np.nextafter(midnight + time, np.inf))
            yield Moment(midnight + time, day, tuple(uses))
        yield from self._arrivals(day, midnight + MINUTES_PER_DAY)

    def _note_coming(self, day: int) -> None:
        """Let the depots know what the plan is going to release, if they count their stocks on this day."""
        supply = self.writer.supply
        if supply and self.coming and day % supply.supply.review.every_days == 0:
            supply.coming[day] = self.coming.after(day)

    def _arrivals(self, day: int, limit: float) -> Iterator[Moment]:
        """Moments before `limit` at which goods come, or places open, while orders wait for it."""
        while True:
            opening = self.writer.next_opening(limit)
            time = self.writer.next_arrival(limit if opening is None else opening)
            if time is not None:
                yield Moment(time, day, is_arrival=True)
            elif opening is not None:
                yield Moment(opening, day, is_opening=True)
            else:
                return

    def decide(self, moment: Moment, state: KnownState) -> tuple[Decision, ...]:
        """Decide; in order, what is taken on and the waves that come of it.

        Parameters
        ----------
        moment : Moment
        state : KnownState
            What is known of the past at this moment.
        """
        self.demand.level = self.shocks.demand_level(moment.time)
        known = state.open_orders
        state = state._replace(
            open_orders=lambda number: known(number).with_parts(self.writer.waiting_parts(number, moment))
        )
        self.who_waits.begin(state)
        if self.writer.supply:
            self.writer.supply.advance(moment.time)
        if moment.is_arrival:
            return tuple(self.writer.send_waiting(moment))
        if moment.is_opening:
            return tuple(self.writer.send_opened(moment))
        if moment.ended:
            return tuple(decision for name in moment.ended for decision in self.releases[name].end(moment))
        if not moment.uses:
            self._look_around(moment.day, state)
            return ()
        # However many uses a channel has, it has one list: a depot's limit and a group's size hold for all of it.
        uses: dict[str, list[int]] = {}
        for number in moment.uses:
            uses.setdefault(self.choice.uses[number].channel, []).append(number)
        decisions: list[Decision] = []
        for name, numbers in uses.items():
            for decision in self.releases[name].decide(numbers, moment, state):
                # Who has ordered just now is known to the lists that are closed after.
                self.who_waits.add(decision)
                decisions.append(decision)
        return tuple(decisions)

    def _look_around(self, day: int, state: KnownState) -> None:
        """Let triggers and households look at the city as it is at the midnight that begins a day."""
        if day:
            self.watch.observe(day, state)
        self.demand.start_day(day, self.who_waits.is_busy, state.runs_out_min)

    @property
    def num_waiting(self) -> IntArray:
        """Orders that wait for goods, or for a place to open, shape (channels,)."""
        return self.writer.num_waiting

    def supply_record(self) -> SupplyRecord | None:
        """Stock of the depots day by day; None: they have all they need."""
        return self.writer.supply.record() if self.writer.supply else None

    def waited(self) -> WaitCells:
        """How long households and orders waited before the first step; asked for once."""
        return self.writer.waited()

    def notes(self) -> tuple[str, ...]:
        """What ought to be known about how the orders came about."""
        return self.demand.notes()
