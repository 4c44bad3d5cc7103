"""How long orders waited before each step, and for what, as one table over replications."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from simsupply.records.waits import WaitRecord

COLUMNS = (
    "replication",
    "channel",
    "step",
    "cause",
    "orders",
    "wait_h",
    "within_target_h",
    "ordered_h",
    "held_back_h",
)


def wait_table(runs: Sequence[tuple[int, Sequence[WaitRecord]]]) -> pd.DataFrame:
    """Waits of several replications up to the horizon, one row for each channel, step and cause.

    Columns replication, channel, step, cause, orders (that came to the step), and order-hours, summed over orders:
    ``wait_h``; ``within_target_h``, what of it lies within the target's time after the order was placed;
    ``ordered_h``, what of ``wait_h`` the plan itself orders (opening hours, departures of a timetable, nobody planned
    on duty); ``held_back_h``, what of ``within_target_h`` the plan does not order.
    """
    rows = [
        (
            number,
            wait.channel,
            wait.step,
            wait.cause,
            wait.num_orders,
            wait.total_min / 60,
            wait.within_target_min / 60,
            wait.ordered_min / 60,
            wait.held_back_min / 60,
        )
        for number, waits in runs
        for wait in waits
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))
