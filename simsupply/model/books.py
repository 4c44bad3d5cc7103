"""The books of one replication: goods, orders and households, kept alike by every engine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.model.arrays import first_come, peak, receive_deliveries
from simsupply.model.demand import Taken
from simsupply.model.steps import Passed
from simsupply.model.waves import Wave
from simsupply.recorder import Recorder
from simsupply.records import (
    RELATIVE_TOLERANCE,
    HouseholdRecord,
    InvariantError,
    Ledger,
    OrderCounts,
    Replication,
    StepRecord,
)
from simsupply.scenario.world import Scenario

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

    def __init__(self, scenario: Scenario, accounts: list[str], recorder: Recorder | None = None) -> None:
        self.scenario = scenario
        self.ledger = Ledger(accounts)
        self.households = HouseholdBook(scenario)
        self.orders = OrderBook(len(scenario.households), scenario.horizon_min)
        self.recorder = recorder
        self.open_waves: dict[int, Wave] = {}

    def release(self, wave: Wave, taken: Taken, account: str) -> None:
        """Book a wave that enters the system."""
        self.open_waves[wave.number] = wave
        self.ledger.move("source", account, len(wave), float(wave.kg.sum()))
        self.orders.release(wave, taken)
        self._note("placed", Passed(wave, np.arange(len(wave)), wave.placed))

    def pass_on(self, step: str, passed: Passed, origin: str, target: str) -> None:
        """Book orders that have finished `step`, from one account to the next or to `DELIVERED`."""
        wave, orders, times = passed
        kg = wave.kg[orders]
        self.ledger.move(origin, target, len(orders), float(kg.sum()))
        self._note(step, passed)
        if target == DELIVERED:
            if (times < wave.placed[orders]).any():
                raise InvariantError(f"an order of wave {wave.number} was delivered before it was placed")
            wave.delivered[orders] = times
            wave.num_open -= len(orders)
            if wave.num_open == 0:
                del self.open_waves[wave.number]
            self.households.deliver(wave.household[orders], times, kg)

    def settle(self, until: float) -> None:
        """Close the books up to `until`: everything before it is known."""
        households, times = self.households.settle(until)
        self.orders.settle(households, times, until)
        if self.recorder:
            self.recorder.settle(until)

    def record(self, number: int, steps: tuple[StepRecord, ...], notes: tuple[str, ...]) -> Replication:
        """Close the books for good.

        Raises
        ------
        InvariantError
            If goods were lost or made, or a step worked more than it was on duty.
        """
        for step in steps:
            if step.busy_min > step.scheduled_min * (1 + RELATIVE_TOLERANCE):
                raise InvariantError(
                    f"step {'+'.join(step.names)!r}: {step.busy_min:g} minutes of work in "
                    f"{step.scheduled_min:g} minutes on duty"
                )
        num_open, open_kg = self._open_orders()
        return Replication(
            number=number,
            orders=self.orders.counts(),
            households=self.households.close(),
            steps=steps,
            last_delivery_min=self.households.latest,
            unfinished_orders=num_open,
            spoiled_kg=0.0,
            mass_balance_error_kg=self._mass_error(num_open, open_kg),
            notes=notes,
        )

    def _note(self, step: str, passed: Passed) -> None:
        if self.recorder:
            wave, orders, times = passed
            self.recorder.note(
                step,
                wave.channel.name,
                wave.number,
                wave.household[orders],
                wave.drop_point[orders],
                wave.kg[orders],
                times,
            )

    def _open_orders(self) -> tuple[int, float]:
        """Orders not delivered and their kg, counted from the orders themselves."""
        num, kg = 0, 0.0
        for wave in self.open_waves.values():
            is_open = wave.delivered == np.inf
            num += int(is_open.sum())
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


class OrderBook:
    """Counts of orders up to the horizon, and which households wait for one."""

    def __init__(self, num_households: int, horizon: float) -> None:
        self.horizon = horizon
        self.is_open = np.zeros(num_households, dtype=bool)
        self.attempted = self.accepted = self.rejected = self.delivered = 0
        self.backlog = self.backlog_peak = 0
        self.placed: FloatArray = np.zeros(0)

    def release(self, wave: Wave, taken: Taken) -> None:
        """Book what a release brought."""
        before_horizon = int((wave.placed < self.horizon).sum())
        # Single orders (demand poisson) are attempted when they are placed.
        self.attempted += before_horizon + taken.rejected
        self.accepted += before_horizon
        self.rejected += taken.rejected
        self.placed = np.concatenate([self.placed, wave.placed])
        self.is_open[wave.household] = True

    def settle(self, households: IntArray, times: FloatArray, until: float) -> None:
        """Book deliveries and placements before `until`."""
        self.is_open[households] = False
        is_due = self.placed < until
        placed, self.placed = self.placed, np.zeros(0)
        if not is_due.all():
            placed, self.placed = placed[is_due], placed[~is_due]
        if (placed[1:] < placed[:-1]).any():
            placed = np.sort(placed)
        self.delivered += int(np.searchsorted(times, self.horizon))
        self.backlog_peak = max(self.backlog_peak, peak(self.backlog, placed, times, self.horizon))
        self.backlog += len(placed) - len(times)

    def counts(self) -> OrderCounts:
        """Counts of the whole run, up to the horizon."""
        return OrderCounts(self.attempted, self.accepted, self.rejected, self.delivered, self.backlog_peak)


class HouseholdBook:
    """Deliveries, booked on households in order of time as they become known."""

    def __init__(self, scenario: Scenario) -> None:
        num = len(scenario.households)
        self.horizon, self.need_kg_per_min = scenario.horizon_min, scenario.need_kg_per_min
        self.first = np.full(num, np.inf)
        self.last = np.zeros(num)
        self.longest_gap = np.zeros(num)
        self.empty_at = scenario.households.pantry_min.copy()
        self.empty_min = np.zeros(num)
        self.kg = np.zeros(num)
        self.kg_until_end = 0.0
        self.latest = 0.0
        self.pending: list[tuple[IntArray, FloatArray, FloatArray]] = []

    def deliver(self, households: IntArray, times: FloatArray, kg: FloatArray) -> None:
        """Note deliveries; the times may lie in the future."""
        self.pending.append((households, times, kg))
        self.kg_until_end += float(kg.sum())

    def settle(self, until: float) -> tuple[IntArray, FloatArray]:
        """Book the deliveries before `until` and return their households and times, in order of time."""
        if not self.pending:
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        households, times, kg = self.pending[0]
        if len(self.pending) > 1:
            households, times, kg = (np.concatenate(columns) for columns in zip(*self.pending, strict=True))
        is_due = times < until
        self.pending = []
        if not is_due.all():
            self.pending = [(households[~is_due], times[~is_due], kg[~is_due])]
            households, times, kg = households[is_due], times[is_due], kg[is_due]
        order = first_come(times, households)
        if order is not None:
            households, times, kg = households[order], times[order], kg[order]
        if len(times):
            self.latest = float(times[-1])
        receive_deliveries(
            households,
            times,
            kg,
            self.horizon,
            self.need_kg_per_min,
            self.first,
            self.last,
            self.longest_gap,
            self.empty_at,
            self.empty_min,
            self.kg,
        )
        return households, times

    def close(self) -> HouseholdRecord:
        """What every household got, up to the horizon."""
        return HouseholdRecord(
            first_delivery_min=self.first,
            longest_gap_min=np.maximum(self.longest_gap, self.horizon - self.last),
            empty_min=self.empty_min + np.maximum(self.horizon - self.empty_at, 0.0),
            kg=self.kg,
        )
