"""What shocks struck, as one table over replications."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from simsupply.records.replication import ShockRecord

COLUMNS = ("replication", "shock", "start_h", "end_h", "step", "under_way", "begun")


def shock_table(runs: Sequence[tuple[int, Sequence[ShockRecord]]]) -> pd.DataFrame:
    """Shocks of several replications: replication, shock, start_h, end_h, step, under_way, begun.

    One row for each time a shock struck and each step it could concern. ``under_way``: trips under way, or units
    of work in hand, there when it struck; ``begun``: those begun there while it lasted. ``end_h`` is
    infinite if it lasts.
    """
    rows = [
        (number, record.shock, record.start_min / 60, record.end_min / 60, record.step, record.under_way, record.begun)
        for number, records in runs
        for record in records
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))
