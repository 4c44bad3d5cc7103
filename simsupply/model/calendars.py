"""When each worker or vehicle is on duty: shifts, attendance and headcount made into intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsupply.config.spec import MINUTES_PER_DAY
from simsupply.scenario.spec import Shift
from simsupply.streams import Streams

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Duty:
    """Duty intervals of all servers of one crew or fleet, place by place (compressed rows).

    Attributes
    ----------
    server_ptr : array, shape (places + 1,)
        Servers of place p are ``server_ptr[p]`` up to ``server_ptr[p + 1]``.
    interval_ptr : array, shape (servers + 1,)
        Intervals of server s are ``interval_ptr[s]`` up to ``interval_ptr[s + 1]``.
    start, end : arrays, shape (intervals,)
        Minutes from 00:00 of day 0; half-open, in order of time for each server.
    """

    server_ptr: IntArray
    interval_ptr: IntArray
    start: FloatArray
    end: FloatArray

    @property
    def num_servers(self) -> int:
        """Servers at all places together."""
        return len(self.interval_ptr) - 1

    def scheduled_min(self, until: float) -> float:
        """Minutes on duty before `until`, of those who came, all servers together."""
        return float(np.clip(np.minimum(self.end, until) - self.start, 0, None).sum())


def draw_duty(
    name: str,
    headcount: IntArray,
    shifts: Sequence[Shift],
    attendance: float,
    num_days: int,
    streams: Streams,
) -> Duty:
    """Draw who comes on which day and lay out their working periods.

    A person belongs to one shift of one place. Person i of a place comes on a day if the keyed
    uniform of (name, shift, day, i, place) is below `attendance`: so a higher attendance adds
    people to those who come anyway, and one person more changes nothing for the others.

    Parameters
    ----------
    name : str
        Crew or fleet.
    headcount : array, shape (places,)
        People (or vehicles with their drivers) per shift.
    shifts : sequence of Shift
        Daily working periods.
    attendance : float
        Probability of coming, 0..1.
    num_days : int
        Days of the run.

    Returns
    -------
    Duty
        Servers in order of place, then shift, then person.
    """
    num_places, most = len(headcount), int(headcount.max(initial=0))
    person_of, place_of = np.nonzero(np.arange(most)[:, None] < headcount[None, :])
    parts = []
    for number, shift in enumerate(shifts):
        present = np.ones((len(place_of), num_days), dtype=bool)
        if attendance < 1:
            for day in range(num_days):
                # entity = person * places + place: a larger crew only adds entities at the end
                comes = streams.bernoulli(
                    f"attendance/{name}/{number}", day, most * num_places, probability=attendance
                )
                present[:, day] = comes.reshape(most, num_places)[person_of, place_of]
        periods = np.array(shift.periods())
        server, day_of = np.nonzero(present)
        parts.append(
            (
                place_of[np.repeat(server, len(periods))],
                np.full(len(server) * len(periods), number),
                person_of[np.repeat(server, len(periods))],
                (day_of[:, None] * MINUTES_PER_DAY + periods[:, 0]).ravel(),
                (day_of[:, None] * MINUTES_PER_DAY + periods[:, 1]).ravel(),
            )
        )
    place, number_of, person, start, end = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    # Every person of the crew gets a row, also one who never comes.
    first_server = np.concatenate([[0], np.cumsum(headcount * len(shifts))]).astype(np.int64)
    server_row = first_server[place] + number_of * headcount[place] + person
    order = np.lexsort((start, server_row))
    counts = np.bincount(server_row, minlength=int(first_server[-1]))
    return Duty(
        server_ptr=first_server,
        interval_ptr=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        start=start[order],
        end=end[order],
    )
