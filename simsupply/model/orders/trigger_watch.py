"""Triggers: switches that watch the system at midnight, with hysteresis."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.city.tier_calendar import TierCalendar
from simsupply.model.orders.capacity import Basket, OpenWork, days_of_work
from simsupply.model.orders.known_state import KnownState
from simsupply.model.orders.open_orders import OpenOrders
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import Channel, StrategySpec, Trigger
from simsupply.strategy.routes import routes_of, ways_of


class Switch:
    """The state of one trigger.

    Examples
    --------
    >>> trigger = Trigger(metric="rejection_rate", above=0.5, above_days=2, below=0.2)
    >>> switch = Switch(trigger)
    >>> [switch.observe(value) for value in (0.6, 0.4, 0.6, 0.7, 0.3, 0.1, 0.3)]
    [False, False, False, True, True, False, False]
    """

    def __init__(self, trigger: Trigger) -> None:
        self.trigger, self.is_on, self.days_in_a_row = trigger, False, 0

    def observe(self, value: float) -> bool:
        """Take the value of midnight; return whether the trigger is on now."""
        trigger = self.trigger
        if self.is_on:
            crosses, needed = trigger.below is not None and value < trigger.below, trigger.below_days
        else:
            crosses, needed = value > trigger.above, trigger.above_days
        self.days_in_a_row = self.days_in_a_row + 1 if crosses else 0
        if self.days_in_a_row == needed:
            self.is_on, self.days_in_a_row = not self.is_on, 0
        return self.is_on


class TriggerWatch:
    """All triggers of a strategy, and what they look at.

    Parameters
    ----------
    held : callable
        Mean content of open orders of a channel.

    Attributes
    ----------
    on_day : bool array, shape (days, triggers)
        State of every trigger on each day up to the horizon, as far as it is known.
    """

    def __init__(
        self,
        scenario: Scenario,
        strategy: StrategySpec,
        tiers: TierCalendar,
        held: Callable[[Channel, OpenOrders], Basket],
    ) -> None:
        self.scenario, self.strategy, self.tiers, self.held = scenario, strategy, tiers, held
        self.switches = {name: Switch(trigger) for name, trigger in strategy.triggers.items()}
        self.names = list(strategy.channels)
        self.is_ordered = [channel.release.is_ordered for channel in strategy.channels.values()]
        self.ways = {
            name: ways_of(routes_of(channel, scenario.spec.tiers)) for name, channel in strategy.channels.items()
        }
        self.on_day = np.zeros((scenario.settings.horizon_days, len(self.switches)), dtype=bool)

    @property
    def is_on(self) -> dict[str, bool]:
        """State of every trigger."""
        return {name: switch.is_on for name, switch in self.switches.items()}

    def note(self, day: int) -> None:
        """Note the states that hold on a day."""
        self.on_day[day] = list(self.is_on.values())

    def observe(self, day: int, state: KnownState) -> None:
        """Look at the system as it is at the midnight that begins `day`."""
        for switch in self.switches.values():
            switch.observe(self.value(switch.trigger, day, state))

    def value(self, trigger: Trigger, day: int, state: KnownState) -> float:
        """What a trigger sees."""
        return TRIGGER_METRICS[trigger.metric](self, trigger, day, state)

    def numbers(self, trigger: Trigger) -> list[int]:
        """Channels whose orders count."""
        return [self.names.index(trigger.channel)] if trigger.channel else list(range(len(self.names)))

    def open_work(self, number: int, state: KnownState) -> OpenWork:
        """Open orders of a channel and what they hold."""
        name, open_orders = self.names[number], state.open_orders(number)
        return OpenWork(self.ways[name], open_orders, self.held(self.strategy.channels[name], open_orders))


def _backlog_days(watch: TriggerWatch, trigger: Trigger, day: int, state: KnownState) -> float:
    work = [watch.open_work(number, state) for number in watch.numbers(trigger)]
    return days_of_work(watch.scenario, watch.tiers, day, work)


def _rejection_rate(watch: TriggerWatch, trigger: Trigger, day: int, state: KnownState) -> float:
    numbers = watch.numbers(trigger)
    # Parcels that nobody asks for are no attempts.
    numbers = [number for number in numbers if watch.is_ordered[number]]
    attempted, rejected = state.attempted[numbers].sum(), state.rejected[numbers].sum()
    return float(rejected / attempted) if attempted else 0.0


def _households_past_days(watch: TriggerWatch, trigger: Trigger, day: int, state: KnownState) -> float:
    assert trigger.past_days is not None  # Trigger's own rule
    last = state.last_delivery_min
    return np.count_nonzero(last < (day - trigger.past_days) * MINUTES_PER_DAY) / len(last)


# Every metric a trigger may watch (`simsupply.strategy.channels.Trigger`), at the midnight that begins a day.
TRIGGER_METRICS: dict[str, Callable[[TriggerWatch, Trigger, int, KnownState], float]] = {
    "backlog_days": _backlog_days,
    "rejection_rate": _rejection_rate,
    "households_past_days": _households_past_days,
}
