"""When each worker or vehicle is on duty: shifts, tests, breakdowns and shocks made into intervals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from simsupply.base.filling import rounded_up
from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.city.occurrences import Cut
from simsupply.model.kernels.arguments import DutyIntervals
from simsupply.model.kernels.arrays import cut_out, first_down, joined, ranges
from simsupply.model.kernels.fitting import planned_ends
from simsupply.model.kernels.working_time import FINISH, HAND_OVER, PAUSE
from simsupply.model.staff.persons import Persons, Roster
from simsupply.model.staff.productivity import learning, speed_on
from simsupply.model.staff.reassign import LentPersons
from simsupply.scenario.duty_plan import NO_HOURS, DutyPlan
from simsupply.scenario.shifts import Shift
from simsupply.scenario.staffing import Breakdown, ShiftEnd
from simsupply.scenario.worked_hours import Interruptions, apart_before, worked
from simsupply.streams.keyed import Streams

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
    end_rule : int8 array, shape (intervals,)
        What happens to work in hand at the end: `FINISH`, `PAUSE` or `HAND_OVER`.
    halt : float array, shape (intervals,)
        How long work in hand goes on without a stop: to the end, or with `FINISH` until the server
        breaks down or is struck by a shock in overtime (infinity: it is not). What is left waits for
        the server's next interval from then on, or is handed over.
    fit_end : float array, shape (intervals,), or None
        What would not be done by then is not begun in the interval: the planned end of the duty it
        belongs to, whatever may break down. None: everything may be begun.
    speed : float array, shape (intervals,), or None
        Minutes of work done in a minute, of what is begun in the interval. None: 1 throughout.
    apart_min : float
        Minutes up to the horizon that tests and disinfection take: paid, but off duty.
    struck_at : float array, shape (intervals,), or None
        When a trip that is under way in or after the interval stops, whatever the rule: as the server breaks down or
        is struck by a shock. None: never.
    arrives : bool array, shape (servers,), or None
        Who joins the crew later. None: it does not matter.
    apart_of_arrivals_min : float
        What of `apart_min` is theirs.
    own, lent : int arrays, shape (people,)
        Server that each person of the crew is, and each of the crew whose people fill in.
    """

    server_ptr: IntArray
    interval_ptr: IntArray
    start: FloatArray
    end: FloatArray
    end_rule: NDArray[np.int8]
    halt: FloatArray
    fit_end: FloatArray | None = None
    speed: FloatArray | None = None
    apart_min: float = 0.0
    struck_at: FloatArray | None = None
    arrives: NDArray[np.bool_] | None = None
    apart_of_arrivals_min: float = 0.0
    own: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    lent: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def intervals_of(self, servers: IntArray) -> tuple[IntArray, FloatArray, FloatArray]:
        """Intervals of these servers: which of them (its place in `servers`), start and end."""
        counts = self.interval_ptr[servers + 1] - self.interval_ptr[servers]
        rows = ranges(self.interval_ptr[servers], counts)
        return np.repeat(np.arange(len(servers)), counts), self.start[rows], self.end[rows]

    @cached_property
    def intervals(self) -> DutyIntervals:
        """What kernels are told of it."""
        return DutyIntervals(self.server_ptr, self.interval_ptr, self.start, self.end, self.halt, self.end_rule)

    @cached_property
    def may_halt(self) -> bool:
        """Whether work in hand may come to a halt."""
        return bool(np.isfinite(self.halt).any())

    @property
    def num_servers(self) -> int:
        """Servers at all places together."""
        return len(self.interval_ptr) - 1

    def scheduled_min(self, until: float, *, of_arrivals: bool | None = None) -> float:
        """Minutes on duty before `until`, of those who came: all servers, or those who joined later, or the others."""
        minutes = np.clip(np.minimum(self.end, until) - self.start, 0, None)
        if of_arrivals is not None and self.arrives is not None:
            minutes = minutes[np.repeat(self.arrives == of_arrivals, np.diff(self.interval_ptr))]
        return float(minutes.sum())


@dataclass(frozen=True)
class Hours:
    """What becomes of the hours of a crew's or fleet's shifts, and of work in hand at their end.

    Attributes
    ----------
    at_shift_end : {"finish", "pause", "hand_over", "fit"}
        Rule for work in hand at the end of each period, breaks included; or that nothing is begun
        which would then still be in hand.
    interruptions : Interruptions
        Tests and disinfection, which end periods as breaks do.
    late_min : float
        Minutes that each checkpoint costs at which somebody is held up.
    """

    at_shift_end: ShiftEnd
    interruptions: Interruptions
    late_min: float = 0.0


def lay_out_duty(
    roster: Roster,
    hours: Hours,
    num_days: int,
    horizon_days: int,
    streams: Streams,
    cuts: Sequence[Cut] = (),
    lent: LentPersons | None = None,
    cuts_of_lender: Sequence[Cut] = (),
) -> Duty:
    """Lay out the working periods of those who are present.

    Periods of one person that touch (a shift around the clock, at midnight) are one interval.

    Parameters
    ----------
    roster : Roster
        Who is present on which day. A breakdown is cut out of their intervals; whatever the rule, work
        in hand then pauses, overtime included.
    hours : Hours
    num_days, horizon_days : int
        Days of the run, and those that are measured.
    cuts : sequence of Cut, optional
        Times at which only a share of the people of some places stays on duty: those with the lowest
        numbers, rounded up. Work in hand of the others pauses, overtime included.
    lent : Lent, optional
        People of another crew who fill in. They keep the hours of the shift they fill; what would
        pause at its end they hand over, for they may not be back the next day.
    cuts_of_lender : sequence of Cut, optional
        Those of their own crew, which hold for them as well.

    Returns
    -------
    Duty
        Servers in order of place; at each place the crew's own by shift and number, then who fills in.
    """
    persons = roster.persons
    first_server, own, guests = _number_servers(persons, lent.persons if lent else None)
    num_servers = int(first_server[-1])
    last_end = np.full(num_servers, np.nan)
    present = roster.is_rostered()
    parts: list[_Rows] = [_NOBODY]
    down: list[_Rows] = []
    apart, apart_of_arrivals = 0.0, 0.0
    lent_hours = None if lent is None else _hours_of_lent(persons.plan, lent)
    for number, shift in enumerate(persons.plan.hours):
        in_shift, days = persons.with_hours(number)
        stops = None if roster.stops is None else roster.stops[in_shift]
        there = present[in_shift] if days is None else present[in_shift] & days
        apart += _add_periods(parts, own[in_shift], persons.number[in_shift], there, stops, shift, hours, horizon_days)
        if persons.arrives.any():
            later = persons.arrives[in_shift]
            of_later = own[in_shift][later], persons.number[in_shift][later], there[later]
            held = None if stops is None else stops[later]
            apart_of_arrivals += _add_periods([], *of_later, held, shift, hours, horizon_days)
        periods, _ = worked(shift, hours.interruptions)
        if periods and periods[-1][1] - periods[0][0] == MINUTES_PER_DAY:
            goes_on = own[in_shift] if days is None else own[in_shift][days[:, -1]]
            last_end[goes_on] = (num_days - 1) * MINUTES_PER_DAY + periods[-1][1]
        if lent and lent_hours is not None:
            there = lent_hours == number
            apart += _add_periods(parts, guests, lent.persons.number, there, None, shift, hours, horizon_days)
    if persons.group.breakdown is not None and persons.most:
        down += _breakdowns(persons, own, num_days, streams)
    for cut in cuts:
        down.append(_cut_off(cut, persons, own))
    for cut in (*cuts, *cuts_of_lender) if lent else ():
        assert lent
        down.append(_cut_off(cut, lent.persons, guests))
    server_row, start, end = _by_server(parts)
    is_whole = np.ones(len(start) + 1, dtype=bool)
    is_whole[1:-1] = (server_row[1:] != server_row[:-1]) | (start[1:] != end[:-1])
    server_row, start, end = server_row[is_whole[:-1]], start[is_whole[:-1]], end[is_whole[1:]]
    interval_ptr = _ptr(server_row, num_servers)
    end_rule = np.full(len(start), END_RULE[hours.at_shift_end], dtype=np.int8)
    if lent and hours.at_shift_end == "pause":
        end_rule[np.isin(server_row, guests)] = HAND_OVER
    # Who works around the clock goes on when the run is over.
    is_last = end == last_end[server_row]
    whole_ptr, whole_end = interval_ptr, np.where(is_last, np.inf, end)
    overtime_end: FloatArray | float = np.inf
    if down:
        down_row, down_start, down_end = joined(*_by_server(down))
        down_ptr = _ptr(down_row, num_servers)
        interval_ptr, start, end, end_rule = cut_out(
            interval_ptr, start, end, end_rule, PAUSE, down_ptr, down_start, down_end
        )
        overtime_end = first_down(interval_ptr, end, down_ptr, down_start)
    halt = np.where(end_rule == FINISH, overtime_end, end)
    fit_end = None
    if hours.at_shift_end == "fit":
        fit_end = planned_ends(interval_ptr, start, whole_ptr, whole_end)
    speed = _speeds(persons, own, lent, interval_ptr, start)
    struck_at: FloatArray | None = halt
    if END_RULE[hours.at_shift_end] != FINISH:
        struck_at = overtime_end if isinstance(overtime_end, np.ndarray) else None
    arrives = None
    if persons.arrives.any():
        arrives = np.zeros(num_servers, dtype=bool)
        arrives[own] = persons.arrives
    return Duty(
        first_server,
        interval_ptr,
        start,
        end,
        end_rule,
        halt,
        fit_end,
        speed,
        apart,
        struck_at,
        arrives,
        apart_of_arrivals,
        own,
        guests,
    )


_Rows = tuple[IntArray, FloatArray, FloatArray]
_NOBODY: _Rows = (np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0))


def _number_servers(persons: Persons, others: Persons | None) -> tuple[IntArray, IntArray, IntArray]:
    """First server of each place, and the server that each person and each of the others is."""
    ptr = persons.ptr
    if others is None:
        return ptr, np.arange(len(persons)), np.zeros(0, dtype=np.int64)
    other_ptr = others.ptr
    own = np.arange(len(persons)) + other_ptr[persons.place]
    return ptr + other_ptr, own, np.arange(len(others)) + ptr[others.place + 1]


def _add_periods(
    parts: list[_Rows],
    row: IntArray,
    number: IntArray,
    present: NDArray[np.bool_],
    stops: NDArray[np.int8] | None,
    shift: Shift,
    hours: Hours,
    horizon_days: int,
) -> float:
    """Add the periods of one shift for those present; returns minutes of tests and disinfection."""
    group = number % hours.interruptions.num_groups
    kinds = [(turn, held) for turn in range(hours.interruptions.num_groups) for held in _times_held(stops)]
    apart = 0.0
    for turn, held in kinds:
        who = present
        if len(kinds) > 1:
            who = present & (group == turn)[:, None]
            if stops is not None:
                who &= stops == held
        periods, minutes = worked(shift, hours.interruptions, turn, held * hours.late_min)
        server, day_of = np.nonzero(who)
        # A duty that goes on after the horizon's midnight counts up to it.
        is_cut = (day_of == horizon_days - 1) & shift.ends_next_day
        apart += minutes * int(((day_of < horizon_days) & ~is_cut).sum())
        if is_cut.any():
            late_min = held * hours.late_min
            apart += int(is_cut.sum()) * apart_before(shift, hours.interruptions, turn, late_min, MINUTES_PER_DAY)
        bounds = np.array(periods).reshape(len(periods), 2)
        parts.append(
            (
                np.repeat(row[server], len(bounds)),
                (day_of[:, None] * MINUTES_PER_DAY + bounds[:, 0]).ravel(),
                (day_of[:, None] * MINUTES_PER_DAY + bounds[:, 1]).ravel(),
            )
        )
    return apart


def _times_held(stops: NDArray[np.int8] | None) -> list[int]:
    return [0] if stops is None else [int(number) for number in np.unique(stops)]


def _breakdowns(persons: Persons, row: IntArray, num_days: int, streams: Streams) -> Iterator[_Rows]:
    breakdown, num = persons.group.breakdown, persons.most * persons.num_places
    assert breakdown is not None
    for number in range(persons.plan.num_shifts):
        in_shift = persons.shift == number
        first, last = _down_times(f"breakdown/{persons.name}/{number}", breakdown, num, num_days, streams)
        entity = persons.entity[in_shift]
        yield np.repeat(row[in_shift], first.shape[1]), first[entity].ravel(), last[entity].ravel()


def _hours_of_lent(plan: DutyPlan, lent: LentPersons) -> IntArray:
    """Hours in which each of the other crew works in this one on each day, shape (people, days)."""
    days = np.arange(lent.shift.shape[1])
    hours: IntArray = plan.hours_of[plan.kind_of_day[days], lent.persons.place[:, None], np.maximum(lent.shift, 0)]
    return np.where(lent.shift >= 0, hours, NO_HOURS)


def _cut_off(cut: Cut, persons: Persons, row: IntArray) -> _Rows:
    """Those whom a cut takes off duty: of the people there when it begins, the highest numbers.

    Where days differ it is of those planned on each day.
    """
    planned = persons.not_planned()
    if planned is not None and cut.capacity > 0:
        return _cut_off_by_day(cut, persons, row, ~planned)
    has_come = (persons.shift == 0) & (persons.first_day * MINUTES_PER_DAY <= max(cut.start, 0.0))
    people = np.bincount(persons.place[has_come], minlength=persons.num_places)
    stays = rounded_up(cut.capacity * people)[persons.place]
    off = row[np.isin(persons.place, cut.places) & (persons.number >= stays)]
    return off, np.full(len(off), cut.start), np.full(len(off), cut.end)


def _cut_off_by_day(cut: Cut, persons: Persons, row: IntArray, planned: NDArray[np.bool_]) -> _Rows:
    """Those whom a cut takes off each day's duty, for a day from its beginning on."""
    plan, found = persons.plan, [_NOBODY]
    struck = np.isin(persons.place, cut.places)
    order = np.lexsort((persons.number, persons.team))
    first_of_team = np.searchsorted(persons.team[order], persons.team[order])
    rank = np.empty(len(persons), dtype=np.int64)
    for day in range(max(int(cut.start // MINUTES_PER_DAY) - 1, 0), planned.shape[1]):
        if day * MINUTES_PER_DAY >= cut.end:
            break
        there = planned[:, day] & (persons.first_day <= day)
        people = np.bincount(persons.team[there], minlength=persons.num_teams)
        # How many of the same shift with a lower number are there too.
        before: IntArray = np.cumsum(there[order]) - there[order]
        rank[order] = before - before[first_of_team]
        is_off = struck & there & (rank >= rounded_up(cut.capacity * people)[persons.team])
        begin = day * MINUTES_PER_DAY + plan.starts[plan.kind_of_day[day], persons.place, persons.shift]
        start, end = np.maximum(begin, cut.start), np.minimum(begin + MINUTES_PER_DAY, cut.end)
        is_off &= start < end
        found.append((row[is_off], start[is_off], end[is_off]))
    server, starts, ends = (np.concatenate(columns) for columns in zip(*found, strict=True))
    return server, starts, ends


def _speeds(
    persons: Persons, own: IntArray, lent: LentPersons | None, interval_ptr: IntArray, start: FloatArray
) -> FloatArray | None:
    """Speed of work in each interval; None: everybody's is 1."""
    learns = learning(persons)
    if learns is None and (lent is None or lent.productivity == 1):
        return None
    num_servers = len(interval_ptr) - 1
    first, last, days, since = np.ones(num_servers), np.ones(num_servers), np.ones(num_servers), np.zeros(num_servers)
    if lent:
        first[:], last[:] = lent.productivity, lent.productivity
    first[own], last[own] = 1.0, 1.0
    if learns is not None:
        first[own], last[own], days[own] = learns
        since[own] = persons.first_day
    server = np.repeat(np.arange(num_servers), np.diff(interval_ptr))
    day = np.floor(start / MINUTES_PER_DAY)
    if learns is not None:
        # The day on which the duty began: work after midnight is that of the evening before.
        person = np.full(num_servers, -1)
        person[own] = np.arange(len(own))
        is_own = np.flatnonzero(person[server] >= 0)
        who = person[server[is_own]]
        day[is_own] = persons.plan.duty_day(start[is_own], persons.place[who], persons.shift[who])
    return speed_on(day, since[server], first[server], last[server], days[server])


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
