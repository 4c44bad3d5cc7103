"""Checkpoints on the way to work: who is turned back, and who is held up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.model.staff.persons import PRESENT, TURNED_BACK, Roster
from simsupply.scenario.people import Commute
from simsupply.streams.keyed import Streams

FloatArray = NDArray[np.float64]


def mark_who_is_turned_back(
    roster: Roster,
    commute: Commute,
    recognised: float | FloatArray,
    streams: Streams,
    who: NDArray[np.bool_],
) -> None:
    """Let everybody who comes pass the checkpoints.

    Whether somebody holds a pass is drawn once; whether it is recognised, for each checkpoint and
    day. A pass is recognised if a keyed uniform is below the probability, so a higher one only lets
    more people through.

    Parameters
    ----------
    recognised : float, or array of shape (days, places)
    who : bool array, shape (people,)
        Who meets them.
    """
    persons = roster.persons
    if not len(persons) or (commute.pass_share >= 1 and np.min(recognised) >= 1):
        return
    has_pass = np.ones(len(persons), dtype=bool)
    if commute.pass_share < 1:
        has_pass = persons.draw("pass", 0, streams) < commute.pass_share
    is_late = commute.otherwise == "delayed"
    plan = persons.plan
    lengths = np.array([*(shift.until - shift.start for shift in plan.hours), 0.0])
    for day in range(roster.reason.shape[1]):
        level = recognised if isinstance(recognised, float) else recognised[day][persons.place]
        stops = np.zeros(len(persons), dtype=np.int8)
        for checkpoint in range(commute.checkpoints):
            stops += who & ~(has_pass & (persons.draw(f"checkpoint/{checkpoint}", day, streams) < level))
        if is_late:
            assert roster.stops is not None
            roster.stops[:, day] = stops
            # Whoever comes when the shift is over might as well have been turned back.
            length = lengths[plan.hours_of[plan.kind_of_day[day], persons.place, persons.shift]]
            is_back = stops * (commute.delay_min or 0.0) >= length
        else:
            is_back = stops > 0
        column = roster.reason[:, day]
        column[is_back & (column == PRESENT)] = TURNED_BACK
