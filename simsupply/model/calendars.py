"""When each worker or vehicle is on duty: shifts, attendance and breakdowns made into intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsupply.config.spec import MINUTES_PER_DAY
from simsupply.model.arrays import cut_out, joined
from simsupply.model.fitting import planned_ends
from simsupply.model.kernels import FINISH, HAND_OVER, PAUSE
from simsupply.model.shocks import Cut
from simsupply.scenario.spec import Breakdown, Shift, ShiftEnd
from simsupply.streams import Streams

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
# What has been begun because it fits is late only after a breakdown; then it is finished in overtime.
END_RULE: dict[ShiftEnd, int] = {"finish": FINISH, "pause": PAUSE, "hand_over": HAND_OVER, "fit": FINISH}


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
    end_rule : int array, shape (intervals,)
        What happens to work in hand at the end: `FINISH`, `PAUSE` or `HAND_OVER`.
    fit_end : float array, shape (intervals,), or None
        What would not be done by then is not begun in the interval: the planned end of the duty it
        belongs to, whatever may break down. None: everything may be begun.
    """

    server_ptr: IntArray
    interval_ptr: IntArray
    start: FloatArray
    end: FloatArray
    end_rule: IntArray
    fit_end: FloatArray | None = None

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
    at_shift_end: ShiftEnd,
    attendance: float | FloatArray,
    breakdown: Breakdown | None,
    num_days: int,
    streams: Streams,
    cuts: Sequence[Cut] = (),
) -> Duty:
    """Draw who comes on which day and lay out their working periods.

    A person belongs to one shift of one place. Person i of a place comes on a day if the keyed
    uniform of (name, shift, day, i, place) is below `attendance`: so a higher attendance adds
    people to those who come anyway, and one person more changes nothing for the others.

    Periods of one person that touch (a shift around the clock, at midnight) are one interval.

    Parameters
    ----------
    name : str
        Crew or fleet.
    headcount : array, shape (places,)
        People (or vehicles with their drivers) per shift.
    shifts : sequence of Shift
        Daily working periods.
    at_shift_end : {"finish", "pause", "hand_over", "fit"}
        Rule for work in hand at the end of each period, breaks included; or that nothing is begun
        which would then still be in hand.
    attendance : float, or array of shape (days, places)
        Probability of coming, 0..1.
    breakdown : Breakdown or None
        Times during which a server is down are cut out of its intervals; whatever the rule, work
        in hand then pauses.
    num_days : int
        Days of the run.
    cuts : sequence of Cut, optional
        Times at which only a share of the people of some places stays on duty: those with the lowest
        numbers, rounded up. Work in hand of the others pauses.

    Returns
    -------
    Duty
        Servers in order of place, then shift, then person.
    """
    num_places, most = len(headcount), int(headcount.max(initial=0))
    person_of, place_of = np.nonzero(np.arange(most)[:, None] < headcount[None, :])
    # Every person of the crew gets a row, also one who never comes.
    first_server = np.concatenate([[0], np.cumsum(headcount * len(shifts))]).astype(np.int64)
    # entity = person * places + place: a larger crew only adds entities at the end
    entity = person_of * num_places + place_of
    parts, down = [], []
    goes_on = np.zeros(first_server[-1], dtype=bool)
    for number, shift in enumerate(shifts):
        row = first_server[place_of] + number * headcount[place_of] + person_of
        present = np.ones((len(place_of), num_days), dtype=bool)
        if np.min(attendance) < 1:
            for day in range(num_days):
                level = attendance if isinstance(attendance, float) else np.tile(attendance[day], most)
                comes = streams.bernoulli(f"attendance/{name}/{number}", day, most * num_places, probability=level)
                present[:, day] = comes[entity]
        periods = np.array(shift.periods())
        goes_on[row] = periods[0, 0] == 0 and periods[-1, 1] == MINUTES_PER_DAY
        server, day_of = np.nonzero(present)
        parts.append(
            (
                np.repeat(row[server], len(periods)),
                (day_of[:, None] * MINUTES_PER_DAY + periods[:, 0]).ravel(),
                (day_of[:, None] * MINUTES_PER_DAY + periods[:, 1]).ravel(),
            )
        )
        if breakdown is not None and most:
            purpose = f"breakdown/{name}/{number}"
            first, last = _down_times(purpose, breakdown, most * num_places, num_days, streams)
            down.append((np.repeat(row, first.shape[1]), first[entity].ravel(), last[entity].ravel()))
        for cut in cuts:
            stays = np.ceil(cut.capacity * headcount[place_of])
            off = row[np.isin(place_of, cut.places) & (person_of >= stays)]
            down.append((off, np.full(len(off), cut.start), np.full(len(off), cut.end)))
    server_row, start, end = _by_server(parts)
    is_whole = np.ones(len(start) + 1, dtype=bool)
    is_whole[1:-1] = (server_row[1:] != server_row[:-1]) | (start[1:] != end[:-1])
    server_row, start, end = server_row[is_whole[:-1]], start[is_whole[:-1]], end[is_whole[1:]]
    interval_ptr = _ptr(server_row, int(first_server[-1]))
    end_rule = np.full(len(start), END_RULE[at_shift_end])
    # Who works around the clock goes on when the run is over.
    is_last = goes_on[server_row] & (end == num_days * MINUTES_PER_DAY)
    whole_ptr, whole_end = interval_ptr, np.where(is_last, np.inf, end)
    if down:
        down_row, down_start, down_end = joined(*_by_server(down))
        down_ptr = _ptr(down_row, int(first_server[-1]))
        interval_ptr, start, end, end_rule = cut_out(
            interval_ptr, start, end, end_rule, PAUSE, down_ptr, down_start, down_end
        )
    fit_end = None
    if at_shift_end == "fit":
        fit_end = planned_ends(interval_ptr, start, whole_ptr, whole_end)
    return Duty(first_server, interval_ptr, start, end, end_rule, fit_end)


def _by_server(parts: list[tuple[IntArray, FloatArray, FloatArray]]) -> tuple[IntArray, FloatArray, FloatArray]:
    """Put intervals (server, start, end) in order of server, then time."""
    server, start, end = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.lexsort((start, server))
    return server[order], start[order], end[order]


def _ptr(server: IntArray, num_servers: int) -> IntArray:
    return np.concatenate([[0], np.cumsum(np.bincount(server, minlength=num_servers))]).astype(np.int64)


def _down_times(
    purpose: str, breakdown: Breakdown, num: int, num_days: int, streams: Streams
) -> tuple[FloatArray, FloatArray]:
    """Draw when each of `num` servers is down: starts and ends, both of shape (num, times).

    A server is up at time 0; times up and down are exponential and follow each other day and
    night, on duty or not. The n-th of each is keyed by (purpose, n, server).
    """
    clock = np.zeros(num)
    starts: list[FloatArray] = []
    ends: list[FloatArray] = []
    while clock.min() < num_days * MINUTES_PER_DAY:
        # The key's "day" counts the breakdowns of a server.
        up = streams.exponential(f"{purpose}/up", len(starts), num, mean=breakdown.mean_up_hours * 60)
        down = streams.exponential(f"{purpose}/down", len(starts), num, mean=breakdown.mean_down_hours * 60)
        starts.append(clock + up)
        clock = starts[-1] + down
        ends.append(clock)
    return np.column_stack(starts), np.column_stack(ends)
