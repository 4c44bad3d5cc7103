"""How long orders waited before each step, and for what: sums of one replication."""

from __future__ import annotations

from dataclasses import dataclass

from simsupply.strategy.waits import Cause


@dataclass(frozen=True)
class WaitRecord:
    """Waits of the orders of one channel before one step for one cause, up to the horizon.

    Orders that wait still count until the horizon. All minutes are sums over orders.

    Attributes
    ----------
    channel, step : str
    cause : str
        One of `simsupply.strategy.waits.CAUSES`.
    num_orders : int
        Orders that came to the step before the horizon, whether they waited or not; of ``admission`` and
        ``goods``, those that waited.
    total_min : float
    within_target_min : float
        What of it lies within the target's time: less than the scenario's service target after the order was placed (of
        ``admission``: after the household was first turned away).
    ordered_min : float
        What of `total_min` the plan itself orders: outside opening hours, before a departure of the timetable, while
        nobody is planned on duty.
    held_back_min : float
        What of `within_target_min` the plan does not order: by this causes are ranked.
    """

    channel: str
    step: str
    cause: Cause
    num_orders: int
    total_min: float
    within_target_min: float
    ordered_min: float
    held_back_min: float
