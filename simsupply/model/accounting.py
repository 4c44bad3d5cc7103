"""The books of one replication: goods, orders and households, kept alike by every engine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.city.tier_calendar import TierCalendar
from simsupply.model.flow.contents import Contents
from simsupply.model.flow.step import Completion
from simsupply.model.flow.waves import Wave
from simsupply.model.kernels.accounts import (
    Accounts,
    Carried,
    Deliveries,
    Hunger,
    Measured,
    Needs,
    balances,
    count_hungry,
    due_by_household,
    open_accounts,
    receive_deliveries,
    tally,
)
from simsupply.model.kernels.arrays import peak
from simsupply.model.orders.decisions import Decision
from simsupply.model.orders.known_state import KnownState
from simsupply.model.orders.open_orders import OpenOrders, OpenPart
from simsupply.records.recorder import Recorder
from simsupply.records.replication import (
    RELATIVE_TOLERANCE,
    AskedRecord,
    DayRecord,
    HouseholdRecord,
    InvariantError,
    Ledger,
    OrderCounts,
    Replication,
    StaffRecord,
    StepRecord,
    SupplyRecord,
    total_counts,
)
from simsupply.scenario.tiers import TIERS
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.routes import routes_of
from simsupply.strategy.steps.stage import CONTACTS

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
DELIVERED = "delivered"
COUNTED = tuple(field.name for field in fields(OrderCounts))


class Books:
    """Everything that is counted while a replication runs.

    Parameters
    ----------
    scenario : Scenario
    accounts : list of str
        One per step that goods wait at or are worked on.
    recorder : Recorder, optional
        Keeps more than the summary.
    """

    def __init__(
        self,
        scenario: Scenario,
        strategy: StrategySpec,
        contents: Contents,
        accounts: list[str],
        recorder: Recorder | None = None,
    ) -> None:
        self.scenario, self.strategy = scenario, strategy
        self.ledger = Ledger(accounts)
        self.households = HouseholdBook(scenario, contents)
        self.orders = OrderBook(scenario, contents, len(strategy.channels))
        self.recorder = recorder
        # Waves with orders that are not known to be delivered by now.
        self.open_waves: dict[int, Wave] = {}
        self.settled = 0.0
        self.channels = list(strategy.channels)
        routes = [routes_of(channel, scenario.spec.tiers) for channel in strategy.channels.values()]
        self.route_number = {route.channel.name: number for ways in routes for number, route in enumerate(ways)}

    def known_state(self, day: int) -> KnownState:
        """What order intake may know on a day, up to the moment until which the books are settled."""
        orders, households = self.orders, self.households
        nothing = np.zeros(len(orders.num_open), dtype=np.int64)
        known = KnownState(
            num_own=orders.num_own.view(),
            num_open=orders.num_open.view(),
            open_orders=self.open_orders,
            last_delivery_min=households.last.view(),
            runs_out_min=households.runs_out.view(),
            attempted=orders.on_day["attempted"][day - 1] if day else nothing,
            rejected=orders.on_day["rejected"][day - 1] if day else nothing,
        )
        for values in known:
            if isinstance(values, np.ndarray):
                values.flags.writeable = False
        return known

    def open_orders(self, number: int) -> OpenOrders:
        """Orders of a channel that were sent and have not come, by what is known now."""
        parts = []
        for wave in self.open_waves.values():
            if wave.base == self.channels[number]:
                is_open = (wave.placed <= self.settled) & (wave.delivered >= self.settled)
                route = np.full(int(is_open.sum()), self.route_number[wave.channel.name])
                parts.append(
                    OpenPart(route, wave.drop_point[is_open], wave.places, wave.lines[is_open], wave.kg[is_open])
                )
        return OpenOrders(parts)

    def release(self, wave: Wave, account: str) -> None:
        """Book a wave that enters the system."""
        self.open_waves[wave.number] = wave
        self.ledger.move("source", account, len(wave), float(wave.kg.sum()))
        self.orders.release(wave)
        if self.recorder:
            self._note("placed", Completion(wave, np.arange(len(wave)), wave.placed))
            if wave.ready is not wave.placed:
                self._note_held_back(wave)

    def _note_held_back(self, wave: Wave) -> None:
        """Note for how long orders waited for goods, and for a place to open, before they were sent."""
        if self.recorder is None or self.recorder.spent is None:
            return
        held = wave.ready if wave.held_since is None else wave.held_since
        waits = [(wave.channel.steps[0].body.name, "goods", wave.placed, held)]
        if wave.held_since is not None:
            waits.append((wave.held_before, "room", held, wave.ready))
        for step, cause, begin, end in waits:
            about = wave.number, len(wave), step, cause, slice(None)
            self.recorder.spent.begin(*about, begin)
            self.recorder.spent.end(*about, end)

    def pass_on(self, step: str, completion: Completion, origin: str, target: str, spent_on: str | None = None) -> None:
        """Book orders that have finished `step`, from one account to the next or to `DELIVERED`.

        `spent_on`: what their time there went on since they were taken in hand; None: they only waited.
        """
        wave, orders, times = completion
        kg = wave.kg[orders]
        total_kg = float(kg.sum())
        self.ledger.move(origin, target, len(orders), total_kg)
        self._note(step, completion)
        if self.recorder and self.recorder.spent and spent_on:
            self.recorder.spent.end(wave.number, len(wave), step, spent_on, orders, times)
        if target == DELIVERED:
            if self.recorder:
                self.recorder.deliver(wave.base, wave.number, wave.household[orders], orders, times)
            if (times < wave.ready[orders]).any():
                raise InvariantError(f"an order of wave {wave.number} was delivered before it was sent")
            wave.delivered[orders] = times
            wave.num_open -= len(orders)
            wave.last_delivery = max(wave.last_delivery, float(times.max(initial=0.0)))
            content = wave.content[orders] if self.households.has_choice else wave.content[: len(orders)]
            goods_kg = None if wave.goods_kg is None else wave.goods_kg[orders]
            self.households.deliver(wave.household[orders], times, kg, content, total_kg, goods_kg)

    def settle(self, until: float) -> None:
        """Close the books up to `until`: everything before it is known."""
        self.orders.settle(*self.households.settle(until), until)
        self.settled = until
        gone = [number for number, wave in self.open_waves.items() if not wave.num_open and wave.last_delivery < until]
        for number in gone:
            del self.open_waves[number]
        if self.recorder:
            self.recorder.settle(until)

    def record(
        self,
        number: int,
        steps: tuple[StepRecord, ...],
        notes: tuple[str, ...],
        tiers: TierCalendar,
        contacts: Iterable[dict[str, int]],
        trigger_on: NDArray[np.bool_],
        staff: tuple[StaffRecord, ...] = (),
        supply: SupplyRecord | None = None,
        num_waiting: IntArray | None = None,
    ) -> Replication:
        """Close the books for good.

        Parameters
        ----------
        number : int
            Of the replication.
        steps, notes, tiers, contacts
            What the steps did, how it was computed, the tiers, and meetings by kind at each step.
        trigger_on : bool array, shape (days, triggers)
            Whether each trigger was on.
        staff : tuple of StaffRecord, optional
            Who was there day by day.
        supply : SupplyRecord, optional
            Stock; None: depots have all they need.
        num_waiting : int array, shape (channels,), optional
            Orders that still wait for goods; without it, none.

        Raises
        ------
        InvariantError
            If goods or orders were lost or made, or a step worked more than it was on duty.
        """
        for step in steps:
            if step.busy_min > step.scheduled_min * (1 + RELATIVE_TOLERANCE):
                raise InvariantError(
                    f"step {'+'.join(step.names)!r}: {step.busy_min:g} minutes of work in "
                    f"{step.scheduled_min:g} minutes on duty"
                )
        if self.recorder:
            # What was finished at the very end of the run is in no day that has been handed out.
            self.recorder.settle(self.scenario.end_min + MINUTES_PER_DAY)
        settings = self.scenario.settings
        num_open, open_kg = self._open_orders()
        channels = dict(zip(self.strategy.channels, self.orders.counts(), strict=True))
        waiting = np.zeros(len(channels), dtype=np.int64) if num_waiting is None else num_waiting
        self._check_orders(channels, num_open + waiting)
        releases = [channel.release for channel in self.strategy.channels.values()]
        is_shop = [release.is_visit for release in releases]
        asked = [channels[name] for name, way in self.strategy.channels.items() if way.release.is_ordered]
        households = self.households.close()
        hungry = self._hungry_share(tiers)
        days = self.orders.days(trigger_on, self._tier_share(tiers), *hungry)
        ordered = [counts for counts, shop in zip(channels.values(), is_shop, strict=True) if not shop]
        return Replication(
            number=number,
            orders=total_counts(ordered),
            channels=channels,
            channel_kg=dict(zip(self.strategy.channels, self.orders.kg.tolist(), strict=True)),
            visits=sum(counts.delivered for counts, shop in zip(channels.values(), is_shop, strict=True) if shop),
            asked=AskedRecord(
                attempted=sum(counts.attempted for counts in asked),
                rejected=sum(counts.rejected for counts in asked),
                tries=self.orders.tries,
                callers=self.orders.callers,
            ),
            backlog_peak=self.orders.backlog_peak,
            contacts=_added_up(contacts),
            tier=tiers.longest(settings.measured_from_day, settings.horizon_days)[self.scenario.households.compound],
            households=households,
            days=days,
            steps=steps,
            last_delivery_min=self.households.latest,
            unfinished_orders=int(num_open.sum() + waiting.sum()),
            spoiled_kg=0.0 if supply is None else float(supply.spoiled_kg.sum()),
            mass_balance_error_kg=self._mass_error(int(num_open.sum()), open_kg),
            notes=notes,
            staff=staff,
            supply=supply,
        )

    def _tier_share(self, tiers: TierCalendar) -> FloatArray:
        """Share of households under each tier, shape (days, tiers), up to the horizon."""
        share = self.scenario.compound_households / len(self.scenario.households)
        number = tiers.number[: self.scenario.settings.horizon_days]
        return np.array([np.bincount(day, weights=share, minlength=len(TIERS)) for day in number])

    def _hungry_share(self, tiers: TierCalendar) -> tuple[FloatArray, FloatArray]:
        """Share of households hungry on each day, shape (days,), and of those under each tier, (days, tiers)."""
        hungry, sizes = self.households.hunger.change.cumsum(axis=1)[:, :-1].T, self.scenario.compound_households
        number = tiers.number[: len(hungry)]
        under = np.array([np.bincount(day, weights=sizes, minlength=len(TIERS)) for day in number])
        each_day = zip(number, hungry, strict=True)
        found = np.array([np.bincount(day, weights=of_day, minlength=len(TIERS)) for day, of_day in each_day])
        share = hungry.sum(axis=1) / sizes.sum()
        by_tier = np.divide(found, under, out=np.full(found.shape, np.nan), where=under > 0)
        # Before it is measured what households get nobody is known to be hungry, or not to be.
        not_measured = slice(self.scenario.settings.measured_from_day)
        share[not_measured], by_tier[not_measured] = np.nan, np.nan
        return share, by_tier

    def _check_orders(self, channels: dict[str, OrderCounts], num_open: IntArray) -> None:
        """Every attempt must have come to exactly one end, and every order taken on too, or be open still.

        Parameters
        ----------
        num_open : int array, shape (channels,)
            Open at the end of the run, counted from the orders themselves.
        """
        for number, (name, counts) in enumerate(channels.items()):
            ends = counts.accepted + counts.rejected + counts.collecting
            if counts.attempted != ends or counts.collecting < 0:
                raise InvariantError(f"channel {name!r}: {counts.attempted} attempts, {ends} answers ({counts})")
            if self.orders.is_shop[number]:
                continue
            delivered, is_open = int(self.orders.num_delivered[number]), int(num_open[number])
            least = int(self.orders.stays_open[:, number].min())
            if counts.accepted != counts.cancelled + delivered + is_open or least < 0:
                raise InvariantError(
                    f"channel {name!r}: {counts.accepted} orders accepted, {counts.cancelled} cancelled, {delivered} "
                    f"delivered by the end of the run, {is_open} open then; fewest open at a midnight: {least}"
                )

    def _note(self, step: str, completion: Completion) -> None:
        if self.recorder:
            wave, orders, times = completion
            self.recorder.note(
                step,
                wave.base,
                wave.number,
                wave.household[orders],
                orders,
                wave.drop_point[orders],
                wave.kg[orders],
                times,
            )

    def _open_orders(self) -> tuple[IntArray, float]:
        """Orders not delivered, shape (channels,), and their kg, counted from the orders themselves."""
        num, kg = np.zeros(len(self.channels), dtype=np.int64), 0.0
        for wave in self.open_waves.values():
            is_open = wave.delivered == np.inf
            num[self.channels.index(wave.base)] += int(is_open.sum())
            kg += float(wave.kg[is_open].sum())
        return num, kg

    def _mass_error(self, num_open: int, open_kg: float) -> float:
        """Released minus what households hold minus what is still on its way; zero but for rounding."""
        ledger, held = self.ledger, self.households.kg_until_end
        waiting = sum(count for name, count in ledger.orders.items() if name not in ("source", DELIVERED))
        error = ledger.released_kg - held - open_kg
        if num_open != waiting or abs(error) > RELATIVE_TOLERANCE * max(1.0, ledger.released_kg):
            raise InvariantError(
                f"ledger: {ledger.released_kg:g} kg released, {held:g} kg delivered, "
                f"{open_kg:g} kg in {num_open} open orders (accounts hold {waiting}: {ledger.orders})"
            )
        return error


def _added_up(contacts: Iterable[dict[str, int]]) -> dict[str, int]:
    """Meetings by kind at all steps; only steps that say so have any."""
    total: dict[str, int] = dict.fromkeys(CONTACTS, 0)
    for at_step in contacts:
        for kind, number in at_step.items():
            total[kind] += number
    return total


class OrderBook:
    """Counts of orders by channel up to the horizon, and which households wait for one.

    Visits to shops are no orders: they are counted as deliveries of their channel and nothing else.

    Attributes
    ----------
    on_day : dict of str to int array, shape (days, channels)
        Each count of `OrderCounts` by day up to the horizon.
    tries, callers : int arrays, shape (days, 2)
        See `simsupply.records.replication.AskedRecord`.
    num_own : int32 array, shape (households,)
        Orders of its own that each household waits for.
    num_open : int array, shape (channels,)
        Orders and parcels accepted and not yet delivered, by what is known now.
    num_delivered : int array, shape (channels,)
        All that have come so far, after the horizon too.
    kg : float array, shape (channels,)
        Goods delivered up to the horizon, those brought home from shops included.
    """

    def __init__(self, scenario: Scenario, contents: Contents, num_channels: int) -> None:
        self.horizon, self.contents = scenario.horizon_min, contents
        self.is_pull, self.is_shop = np.zeros((2, num_channels), dtype=bool)
        self.is_pull[contents.channel[contents.is_pull]] = True
        self.is_shop[contents.channel[contents.is_visit]] = True
        self.num_own = np.zeros(len(scenario.households), dtype=np.int32)
        self.num_delivered = np.zeros(num_channels, dtype=np.int64)
        shape = scenario.settings.horizon_days, num_channels
        self.on_day: dict[str, IntArray] = {name: np.zeros(shape, dtype=np.int64) for name in COUNTED}
        self.tries, self.callers = np.zeros((2, shape[0], 2), dtype=np.int64)
        self.num_open = np.zeros(num_channels, dtype=np.int64)
        self.kg = np.zeros(num_channels)
        self.backlog = self.backlog_peak = 0
        self.placed: FloatArray = np.zeros(0)

    def take(self, decision: Decision) -> None:
        """Book what came of a list, and the orders taken on that wait for goods."""
        counts, households = decision.counts, decision.waiting
        at = counts.day, counts.channel
        self.on_day["attempted"][at] += counts.attempted
        self.on_day["accepted"][at] += counts.accepted
        self.on_day["rejected"][at] += counts.rejected
        self.on_day["cancelled"][at] += counts.cancelled
        self.on_day["collecting"][at] += counts.collecting
        self.tries[counts.day] += counts.tries
        self.callers[counts.day] += counts.callers
        if households is not None:
            placed = np.full(len(households), decision.time)
            self._open(counts.channel, households, placed, self.is_pull[counts.channel])

    def release(self, wave: Wave) -> None:
        """Book a wave that enters the system."""
        row = int(wave.content[0])
        if self.contents.is_visit[row]:
            return
        if not wave.has_waited:
            is_pull = bool(self.contents.is_pull[row])
            self._open(int(self.contents.channel[row]), wave.household, wave.placed, is_pull)

    def _open(self, channel: int, households: IntArray, placed: FloatArray, is_pull: bool) -> None:
        self.num_open[channel] += len(households)
        self.placed = np.concatenate([self.placed, placed])
        if is_pull:
            np.add.at(self.num_own, households, 1)

    def settle(
        self,
        households: IntArray,
        times: FloatArray,
        kg: FloatArray,
        content: NDArray[np.int32],
        until: float,
    ) -> None:
        """Book deliveries and placements before `until`."""
        contents = self.contents
        num_days = len(self.on_day["delivered"])
        by_day, done, weights = tally(times, kg, content, self.horizon, num_days, len(contents.channel))
        # Rows of the contents to channels.
        np.add.at(self.on_day["delivered"].T, contents.channel, by_day.T)
        np.add.at(self.num_delivered, contents.channel, done)
        np.subtract.at(self.num_open, contents.channel, np.where(contents.is_visit, 0, done))
        np.add.at(self.kg, contents.channel, weights)
        if contents.is_pull.all():
            np.subtract.at(self.num_own, households, 1)
        elif contents.is_pull.any():
            np.subtract.at(self.num_own, households[contents.is_pull[content]], 1)
        if contents.is_visit.any():
            times = times[~contents.is_visit[content]]
        is_due = self.placed < until
        placed, self.placed = self.placed, np.zeros(0)
        if not is_due.all():
            placed, self.placed = placed[is_due], placed[~is_due]
        if (placed[1:] < placed[:-1]).any():
            placed = np.sort(placed)
        self.backlog_peak = max(self.backlog_peak, peak(self.backlog, placed, np.sort(times), self.horizon))
        self.backlog += len(placed) - len(times)

    def counts(self) -> list[OrderCounts]:
        """Counts of the whole run by channel, up to the horizon."""
        totals = np.column_stack([self.on_day[name].sum(axis=0) for name in COUNTED])
        return [OrderCounts(*values) for values in totals.tolist()]

    @property
    def stays_open(self) -> IntArray:
        """Orders on their way at the midnight that ends each day, shape (days, channels)."""
        on_day = self.on_day
        delivered = np.where(self.is_shop, 0, on_day["delivered"])
        change: IntArray = on_day["accepted"] - on_day["cancelled"] - delivered
        return change.cumsum(axis=0)

    def days(
        self,
        trigger_on: NDArray[np.bool_],
        tier_share: FloatArray,
        hungry_share: FloatArray,
        hungry_share_by_tier: FloatArray,
    ) -> DayRecord:
        """Counts by day and channel, with the triggers, the tiers and the hungry of each day."""
        on_day = self.on_day
        return DayRecord(
            **{name: on_day[name] for name in COUNTED if name != "collecting"},
            open=self.stays_open,
            collecting=on_day["collecting"].cumsum(axis=0),
            trigger_on=trigger_on,
            tier_share=tier_share,
            hungry_share=hungry_share,
            hungry_share_by_tier=hungry_share_by_tier,
        )


class HouseholdBook:
    """Deliveries, booked on households in order of time as they become known."""

    def __init__(self, scenario: Scenario, contents: Contents) -> None:
        self.measured = Measured(scenario.measured_from_min, scenario.horizon_min)
        self.scenario, self.contents = scenario, contents
        self.need_kg_per_min = scenario.goods.kg_per_day / MINUTES_PER_DAY
        # All that a delivery changes stands together: it is looked up in memory once.
        opened = open_accounts(scenario.households.pantry_min, scenario.goods.needed_by, scenario.households.kinds)
        self.table, self._runs_out = opened
        self.first, self.longest_gap, self.any_empty_min = self.table.T[:3]
        self.empty_at, self.empty_min, self.kg = np.split(self.table[:, 3:], 3, axis=1)
        num, settings = len(self.table), scenario.settings
        self.hunger = Hunger(
            longest=np.zeros(num),
            since=np.full(num, -1.0),
            day=np.full(num, -1, dtype=np.int16),
            ticks=np.zeros(num, dtype=np.int32),
            compound=scenario.households.compound,
            change=np.zeros((len(scenario.compound_drop_point), settings.horizon_days + 1), dtype=np.int32),
        )
        # What is looked at for everybody at midnight stands by itself.
        self.last = np.zeros(len(self.table))
        self.kg_until_end = 0.0
        # With a single content all orders hold the same.
        self.has_choice = len(contents.channel) > 1
        self.latest = 0.0
        # What orders hold that were cut, by goods: few are, so each delivery has the number of its row, or -1. Where
        # there is one group of goods the kg of the order say it.
        self.has_goods = len(scenario.goods) > 1
        self.cut_kg, self.num_cut = [np.empty((0, len(scenario.goods)))], 0
        self.pending: list[tuple[IntArray, FloatArray, FloatArray, NDArray[np.int32], NDArray[np.int32]]] = []

    @property
    def runs_out(self) -> FloatArray:
        """When the first pantry of each household runs out, minutes."""
        first: FloatArray = self.empty_at[:, 0] if self.empty_at.shape[1] == 1 else self._runs_out
        return first

    def deliver(
        self,
        households: IntArray,
        times: FloatArray,
        kg: FloatArray,
        content: NDArray[np.int32],
        total_kg: float,
        goods_kg: FloatArray | None = None,
    ) -> None:
        """Note deliveries; the times may lie in the future."""
        cut_row = np.full(len(households), -1, dtype=np.int32)
        if goods_kg is not None and self.has_goods:
            is_cut = ~np.isnan(goods_kg).all(axis=1)
            rows = goods_kg[is_cut]
            cut_row[is_cut] = np.arange(self.num_cut, self.num_cut + len(rows))
            self.cut_kg.append(rows)
            self.num_cut += len(rows)
        self.pending.append((households, times, kg, content, cut_row))
        self.kg_until_end += total_kg

    def settle(self, until: float) -> tuple[IntArray, FloatArray, FloatArray, NDArray[np.int32]]:
        """Book the deliveries before `until`; return their households, times, kg and contents.

        Household after household, each one's in order of time.
        """
        if not self.pending:
            return np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.int32)
        columns: tuple[NDArray[Any], ...] = self.pending[0]
        if len(self.pending) > 1:
            columns = tuple(np.concatenate(column) for column in zip(*self.pending, strict=True))
        cut_kg = np.concatenate(self.cut_kg)
        self.pending, self.cut_kg, self.num_cut = [], [cut_kg[:0]], 0
        now, later = due_by_household(columns[0], columns[1], columns[3], until, len(self.first))
        if len(later):
            household_later, times_later, kg_later, content_later, cut_later = (column[later] for column in columns)
            # Only the rows of what is still to come are kept.
            is_cut = cut_later >= 0
            rows = cut_kg[cut_later[is_cut]]
            cut_later[is_cut] = np.arange(len(rows))
            self.cut_kg, self.num_cut = [rows], len(rows)
            self.pending = [(household_later, times_later, kg_later, content_later, cut_later)]
        households, times, kg, content, cut_row = (column[now] for column in columns)
        if len(times):
            self.latest = max(self.latest, float(times.max()))
        goods, of_all = self.scenario.goods, self.scenario.households
        without_since = receive_deliveries(
            Deliveries(households, times, kg, content, cut_row, cut_kg),
            self.measured,
            Needs(self.need_kg_per_min, self.scenario.consumers, goods.needed_by, of_all.kinds),
            Carried(self.contents.weight, self.contents.by_need),
            Accounts(
                first=self.first,
                last=self.last,
                longest_gap=self.longest_gap,
                any_empty=self.any_empty_min,
                runs_out=self._runs_out,
                empty_at=self.empty_at,
                empty=self.empty_min,
                kg=self.kg,
            ),
            self.hunger,
        )
        count_hungry(households, without_since, times, self.hunger)
        return households, times, kg, content

    def close(self) -> HouseholdRecord:
        """What every household got, from the first day that is measured up to the horizon."""
        first, longest_gap, any_empty_min, total_kg, empty_min, kg, without_since = balances(
            self.table, self.last, self.runs_out, self.measured, self.hunger
        )
        count_hungry(np.arange(len(first)), without_since, np.full(len(first), self.measured.end), self.hunger)
        return HouseholdRecord(
            first_delivery_min=first,
            longest_gap_min=longest_gap,
            empty_min=any_empty_min,
            longest_empty_min=self.hunger.longest,
            kg=total_kg,
            empty_min_by_goods=empty_min,
            kg_by_goods=kg,
        )
