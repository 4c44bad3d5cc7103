"""The books of one replication, kept alike by every engine: goods, orders and households, and that they balance."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.accounting.household_book import HouseholdBook
from simsupply.model.accounting.order_book import OrderBook
from simsupply.model.city.tier_calendar import TierCalendar
from simsupply.model.flow.contents import Contents
from simsupply.model.flow.step import Completion
from simsupply.model.flow.waves import Wave
from simsupply.model.orders.known_state import KnownState
from simsupply.model.orders.open_orders import OpenOrders, OpenPart
from simsupply.records.recorder import Recorder
from simsupply.records.replication import (
    RELATIVE_TOLERANCE,
    AskedRecord,
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
        # Number of the first way of each route among those of its channel.
        self.first_way: dict[str, int] = {}
        for channel in strategy.channels.values():
            first = 0
            for route in routes_of(channel, scenario.spec.tiers):
                self.first_way[route.channel.name] = first
                first += len(route.ways)

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
                way = np.full(int(is_open.sum()), self.first_way[wave.channel.name])
                if wave.way is not None:
                    way += wave.way[is_open]
                parts.append(
                    OpenPart(way, wave.drop_point[is_open], wave.places, wave.lines[is_open], wave.kg[is_open])
                )
        return OpenOrders(parts)

    def release(self, wave: Wave, onward: Iterable[tuple[str, Completion]]) -> None:
        """Book a wave that enters the system: its orders by the account of the first step of each."""
        self.open_waves[wave.number] = wave
        for account, (_, orders, _) in onward:
            self.ledger.move("source", account, len(orders), float(wave.kg[orders].sum()))
        self.orders.release(wave)
        if self.recorder:
            self._note("placed", Completion(wave, np.arange(len(wave)), wave.placed))
            if wave.ready is not wave.placed:
                self._note_held_back(wave)

    def _note_held_back(self, wave: Wave) -> None:
        """Note for how long orders waited for goods, and for a place to open, before they were sent."""
        if self.recorder is None or self.recorder.spent is None:
            return
        names = [step.body.name for step in self.strategy.channels[wave.base].steps]
        held, every = wave.ready if wave.held_since is None else wave.held_since, np.arange(len(wave))
        waits = [(names[0], "goods", every, wave.placed, held)]
        if wave.held_before is not None:
            for step in np.unique(wave.held_before).tolist():
                waits.append((names[step], "room", every[wave.held_before == step], held, wave.ready))
        for name, cause, orders, begin, end in waits:
            about = wave.number, len(wave), name, cause, orders
            self.recorder.spent.begin(*about, begin[orders])
            self.recorder.spent.end(*about, end[orders])

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
