"""How many of a crew are there on each day, and why the others are not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsupply.model.rosters.persons import NOT_YET, PRESENT, REASONS, STAYED_AWAY, Roster

IntArray = NDArray[np.int64]
STAFF_MEASURES = ("planned", "present", *REASONS, "filled_in")


@dataclass(frozen=True)
class StaffRecord:
    """People of one crew (vehicles with their drivers of a fleet) by day, all places and shifts together.

    Attributes
    ----------
    name : str
        Crew or fleet.
    count : int array, shape (days, measures)
        Columns are `STAFF_MEASURES`: planned = present + those absent, by reason; who fills in
        comes from another crew, and is counted as lent there.
    """

    name: str
    count: IntArray


def staff_record(roster: Roster, filled_in: IntArray, num_days: int) -> StaffRecord:
    """Count a roster, up to the horizon."""
    reason = roster.reason[:, :num_days]
    columns = [
        (reason != NOT_YET).sum(axis=0),
        (reason == PRESENT).sum(axis=0),
        *((reason == STAYED_AWAY + number).sum(axis=0) for number in range(len(REASONS))),
        filled_in[:num_days],
    ]
    return StaffRecord(roster.persons.name, np.column_stack(columns))
