"""Compiled accounts of households: what each has received, and when its pantries run out."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Deliveries(NamedTuple):
    """What has come to households, those of each in order of time; made by the books for one call.

    Attributes
    ----------
    household : int array, shape (deliveries,)
    time : float array, shape (deliveries,), minutes
    kg : float array, shape (deliveries,)
    content : int32 array, shape (deliveries,)
        Row of `Carried`.
    cut_row : int32 array, shape (deliveries,)
        Row of `cut_kg`; -1: the order holds what its content says.
    cut_kg : float array, shape (orders that were cut, goods)
        What they hold, kg; NaN: what their content says.
    """

    household: IntArray
    time: FloatArray
    kg: FloatArray
    content: NDArray[np.int32]
    cut_row: NDArray[np.int32]
    cut_kg: FloatArray


class Measured(NamedTuple):
    """The time for which households are measured, its first and its last minute included.

    Attributes
    ----------
    start, end : float, minutes
        `measured_from_day`, and the horizon.
    """

    start: float
    end: float


class Needs(NamedTuple):
    """Who needs how much of what; settled by the scenario.

    Attributes
    ----------
    kg_per_min : float array, shape (days, goods)
        What is used up by each of a household's `consumers` on each day; the last day goes on.
    consumers : int array, shape (households,), people
    needed_by : uint8 array, shape (goods,)
        Bits of the kinds of household that need the goods; 0: all.
    kinds : uint8 array, shape (households,)
        The same bits: kinds to which each belongs.
    is_need : bool array, shape (goods,)
        False: it is bought, but nobody goes without it.
    """

    kg_per_min: FloatArray
    consumers: NDArray[Any]
    needed_by: NDArray[np.uint8]
    kinds: NDArray[np.uint8]
    is_need: NDArray[np.bool_]


class Carried(NamedTuple):
    """How the kg of an order are shared out to goods, by row; see `simsupply.model.flow.contents.Contents`.

    Attributes
    ----------
    weight : float array, shape (rows, goods), shares
    by_need : bool array, shape (rows,)
    """

    weight: FloatArray
    by_need: NDArray[np.bool_]


class Accounts(NamedTuple):
    """What each household has got so far; opened by `open_accounts`, written by `receive_deliveries` alone.

    What is measured (first delivery, gap, empty pantries, kg received) counts from `Measured.start` on; pantries and
    the last delivery are what they are.

    Attributes
    ----------
    first, last : float arrays, shape (households,), minutes
        First delivery (infinity: none), last delivery (0: none).
    longest_gap : float array, shape (households,), minutes
        Longest time without a delivery.
    any_empty : float array, shape (households,), minutes
        Without at least one of the goods needed.
    runs_out : float array, shape (households,), minutes
        When the first pantry of each runs out; with one group of goods `empty_at` says it.
    empty_at : float array, shape (households, goods), minutes
        When each pantry runs out (infinity: not needed).
    empty : float array, shape (households, goods), minutes
        For which it was empty.
    kg : float array, shape (households, goods)
        Received.
    """

    first: FloatArray
    last: FloatArray
    longest_gap: FloatArray
    any_empty: FloatArray
    runs_out: FloatArray
    empty_at: FloatArray
    empty: FloatArray
    kg: FloatArray


@njit(cache=True)
def open_accounts(pantry_min, needed_by, kinds):
    """Accounts of all households at time 0, and when the first pantry of each runs out.

    Columns, shape (households, 3 + 3 * goods): first delivery, longest gap, minutes without any of the goods; then, for
    each of the goods, when the pantry runs out, minutes it was empty, kg received. See `receive_deliveries`.

    Parameters
    ----------
    pantry_min : float array, shape (households, goods)
        For how long stocks last, minutes.
    needed_by, kinds : uint8 arrays, shape (goods,) and (households,)
    """
    num, num_goods = pantry_min.shape
    table, runs_out = np.zeros((num, 3 + 3 * num_goods)), np.full(num, np.inf)
    for household in range(num):
        table[household, 0] = np.inf
        for good in range(num_goods):
            is_needed = needed_by[good] == 0 or (kinds[household] & needed_by[good]) != 0
            table[household, 3 + good] = pantry_min[household, good] if is_needed else np.inf
            runs_out[household] = min(runs_out[household], table[household, 3 + good])
    return table, runs_out


@njit(cache=True)
def balances(table, last, runs_out, measured, hunger):
    """What is left of the accounts of `open_accounts` at the horizon; what is still going on in `hunger` ends there.

    Parameters
    ----------
    table : float array, shape (households, 3 + 3 * goods)
        Of `open_accounts`, as `receive_deliveries` has left it.
    last, runs_out : float arrays, shape (households,), minutes
        See `Accounts`.
    measured : Measured
    hunger : Hunger
        As `receive_deliveries` has left it; completed here.

    Returns
    -------
    first, longest_gap, any_empty_min, total_kg : float arrays, shape (households,), minutes and kg
        The gap and the minutes go on until the horizon.
    empty_min, kg : float arrays, shape (households, goods)
    without_since : float array, shape (households,), minutes
        From when to the horizon each is without something it needs that has not been counted yet.
    """
    start, horizon = measured
    num, num_goods = len(table), (table.shape[1] - 3) // 3
    first, longest_gap, any_empty_min, total_kg = np.empty(num), np.empty(num), np.empty(num), np.empty(num)
    empty_min, kg = np.empty((num, num_goods)), np.empty((num, num_goods))
    longest, since, without_since = hunger.longest, hunger.since, np.full(num, np.nan)
    for household in range(num):
        row = table[household]
        if runs_out[household] < horizon:
            begin = since[household] if since[household] >= 0 else runs_out[household]
            longest[household] = max(longest[household], horizon - max(begin, start))
            without_since[household] = max(runs_out[household], last[household], start)
        first[household] = row[0]
        longest_gap[household] = max(row[1], horizon - max(last[household], start))
        total = 0.0
        for good in range(num_goods):
            empty_min[household, good] = row[3 + num_goods + good] + max(horizon - max(row[3 + good], start), 0.0)
            kg[household, good] = row[3 + 2 * num_goods + good]
            total += kg[household, good]
        total_kg[household] = total
        if num_goods == 1:
            any_empty_min[household] = empty_min[household, 0]
        else:
            begin = max(runs_out[household], last[household], start)
            any_empty_min[household] = row[2] + max(horizon - begin, 0.0)
    return first, longest_gap, any_empty_min, total_kg, empty_min, kg, without_since


# Households (2 to the power of this) whose deliveries are sorted together, so that what is worked on stays in the
# processor's own memory; fewer households than FEW are one block.
_BLOCK_BITS, _ALL_BITS = 9, 40
_FEW = 1 << 17


@njit(cache=True)
def due_by_household(households, times, content, kg, cut, until, num_households):
    """Positions of deliveries before `until`, household after household, and of the others.

    Those of one household are in order of time, then of content, of weight and of what they hold: sums are the same
    whichever engine tells of them first.

    Parameters
    ----------
    households, times, content, kg : int, float (minutes), int32 and float array, shape (deliveries,)
    cut : tuple of int32 array, shape (deliveries,), and float array, shape (cut orders, goods)
        Row of each delivery that was cut, or -1; kg of its goods.
    until : float
        Minutes.
    num_households : int

    Returns
    -------
    due, later : int arrays
        Positions in `households`.
    """
    bits = _BLOCK_BITS if num_households > _FEW else _ALL_BITS
    mask = (1 << bits) - 1
    ptr = np.zeros((num_households >> bits) + 2, dtype=np.int64)
    for position in range(len(times)):
        if times[position] < until:
            ptr[(households[position] >> bits) + 1] += 1
    for block in range(1, len(ptr)):
        ptr[block] += ptr[block - 1]
    num = ptr[-1]
    by_block, later = np.empty(num, dtype=np.int64), np.empty(len(times) - num, dtype=np.int64)
    free, num_later = ptr[:-1].copy(), 0
    for position in range(len(times)):
        if times[position] < until:
            block = households[position] >> bits
            by_block[free[block]] = position
            free[block] += 1
        else:
            later[num_later] = position
            num_later += 1
    order = np.empty(num, dtype=np.int64)
    place = np.empty(min(num_households, mask + 1), dtype=np.int64)
    for block in range(len(ptr) - 1):
        first, end = ptr[block], ptr[block + 1]
        if first == end:
            continue
        place[:] = 0
        for at in range(first, end):
            place[households[by_block[at]] & mask] += 1
        to = first
        for household in range(len(place)):
            count = place[household]
            place[household] = to
            to += count
        for at in range(first, end):
            position = by_block[at]
            household = households[position] & mask
            order[place[household]] = position
            place[household] += 1
        begin = first
        for household in range(len(place)):
            if place[household] > begin + 1:
                _sort_by_time(order, begin, place[household], times, content, kg, cut)
            begin = place[household]
    return order, later


@njit(cache=True)
def _sort_by_time(order, begin, end, times, content, kg, cut):
    """Put the positions ``order[begin:end]``, which are few, in order of time and content, then as they were."""
    for at in range(begin + 1, end):
        this = order[at]
        to = at
        while to > begin and _comes_before(this, order[to - 1], times, content, kg, cut):
            order[to] = order[to - 1]
            to -= 1
        order[to] = this


@njit(cache=True)
def _comes_before(this, other, times, content, kg, cut):
    if times[this] != times[other]:
        return times[this] < times[other]
    if content[this] != content[other]:
        return content[this] < content[other]
    if kg[this] != kg[other]:
        return kg[this] < kg[other]
    row, goods_kg = cut
    if row[this] < 0 or row[other] < 0:
        return row[this] < 0 <= row[other]
    for good in range(goods_kg.shape[1]):
        here, there = goods_kg[row[this], good], goods_kg[row[other], good]
        # Not a number: as the content says.
        if here != there and not (np.isnan(here) and np.isnan(there)):
            return np.isnan(here) or here < there
    return False


@njit(cache=True)
def tally(times, kg, content, horizon, num_days, num_rows):
    """Count deliveries.

    Parameters
    ----------
    times, kg, content : float (minutes), float and int32 array, shape (deliveries,)
    horizon : float
        Minutes; what comes at that very minute counts for the last day.
    num_days, num_rows : int

    Returns
    -------
    by_day : int array, shape (days, rows of contents)
        Up to the horizon.
    done : int array, shape (rows,)
        All of them.
    kg : float array, shape (rows,)
        Up to the horizon.
    """
    by_day = np.zeros((num_days, num_rows), dtype=np.int64)
    done, total = np.zeros(num_rows, dtype=np.int64), np.zeros(num_rows)
    for position in range(len(times)):
        row, time = content[position], times[position]
        done[row] += 1
        if time <= horizon:
            # Times are not negative, so cutting off is rounding down, and much faster.
            by_day[min(int(time / MINUTES_PER_DAY), num_days - 1), row] += 1
            total[row] += kg[position]
    return by_day, done, total


@njit(cache=True)
def used_up_at(begin, kg, consumers, kg_per_min, good):
    """Minute at which so many kg of one of the goods are used up from a minute on, day by day.

    Parameters
    ----------
    begin : float, minutes
    kg : float
    consumers : int
    kg_per_min : float array, shape (days, goods)
        See `Needs`.
    good : int

    >>> half_then_one = np.array([[0.5], [1.0]]) / 1440
    >>> used_up_at(720.0, 1.25, 1, half_then_one, 0)
    2880.0
    """
    last = len(kg_per_min) - 1
    day = min(int(begin / MINUTES_PER_DAY), last)
    while day < last:
        midnight = (day + 1.0) * MINUTES_PER_DAY
        until_then = kg_per_min[day, good] * consumers * (midnight - begin)
        if kg <= until_then:
            break
        kg -= until_then
        begin = midnight
        day += 1
    return begin + kg / (kg_per_min[day, good] * consumers)


@njit(cache=True)
def receive_deliveries(deliveries, measured, needs, carried, accounts, hunger):
    """Book deliveries, those of each household in order of time.

    An empty pantry counts as deprivation from that minute to the next delivery of the goods.

    Parameters
    ----------
    deliveries, measured, needs, carried, accounts, hunger
        `Deliveries`, `Measured`, `Needs`, `Carried`, `Accounts` and `Hunger`; rows are contents that an order can have.

        =================================  ===================  =============  ===========================
        array                              shape                unit           use
        =================================  ===================  =============  ===========================
        deliveries.household               (deliveries,)        household      read
        deliveries.time                    (deliveries,)        min            read
        deliveries.kg                      (deliveries,)        kg             read
        deliveries.content, .cut_row       (deliveries,)        row            read
        deliveries.cut_kg                  (cut, goods)         kg             read
        needs.kg_per_min                   (days, goods)        kg per min     read
        needs.consumers                    (households,)        people         read
        needs.needed_by                    (goods,)             bits of kinds  read
        needs.kinds                        (households,)        bits of kinds  read
        carried.weight                     (rows, goods)        share          read
        carried.by_need                    (rows,)              bool           read
        accounts.first, .last              (households,)        min            updated here
        accounts.longest_gap               (households,)        min            updated here
        accounts.any_empty                 (households,)        min            added to here
        accounts.runs_out                  (households,)        min            updated here
        accounts.empty_at                  (households, goods)  min            updated here
        accounts.empty                     (households, goods)  min            added to here
        accounts.kg                        (households, goods)  kg             added to here
        hunger.longest, .since             (households,)        min            updated here
        =================================  ===================  =============  ===========================
    Deliveries after `measured.end` only set `first`; those before `measured.start` only fill pantries.

    Returns
    -------
    float array, shape (deliveries,)
        From when to each delivery the household was without something it needs that had not been counted yet; not
        before `measured.start`.
    """
    start, horizon = measured
    households, times, kg, content, cut_row, goods_kg = deliveries
    need_kg_per_min, consumers, needed_by, kinds, is_need = needs
    weight, by_need = carried
    first, last, longest_gap, any_empty_min = accounts.first, accounts.last, accounts.longest_gap, accounts.any_empty
    runs_out, empty_at, empty_min, kg_total = accounts.runs_out, accounts.empty_at, accounts.empty, accounts.kg
    longest, since, without_since = hunger.longest, hunger.since, np.full(len(households), np.nan)
    num_days, num_goods = need_kg_per_min.shape
    if num_goods == 1 and needed_by[0] == 0:
        # One pantry, which takes all there is: nothing to share out.
        for position in range(len(households)):
            household, time = households[position], times[position]
            is_measured = time >= start
            if is_measured:
                first[household] = min(first[household], time)
            if time <= horizon:
                if is_measured:
                    longest_gap[household] = max(longest_gap[household], time - max(last[household], start))
                    kg_total[household, 0] += kg[position]
                begin = max(empty_at[household, 0], start)
                if begin < time:
                    empty_min[household, 0] += time - begin
                    longest[household] = max(longest[household], time - begin)
                    without_since[position] = begin
                last[household] = time
                there_at = max(empty_at[household, 0], time)
                empty_at[household, 0] = used_up_at(there_at, kg[position], consumers[household], need_kg_per_min, 0)
        return without_since
    need = np.empty(num_goods)
    for position in range(len(households)):
        household, time = households[position], times[position]
        is_measured = time >= start
        if is_measured and time < first[household]:
            first[household] = time
        if time > horizon:
            continue
        if is_measured:
            longest_gap[household] = max(longest_gap[household], time - max(last[household], start))
        row, total, there, today = content[position], 0.0, 0.0, min(int(time / MINUTES_PER_DAY), num_days - 1)
        for good in range(num_goods):
            is_needed = needed_by[good] == 0 or (kinds[household] & needed_by[good]) != 0
            need[good] = need_kg_per_min[today, good] * consumers[household] if is_needed else 0.0
            total += weight[row, good] * need[good]
            there += weight[row, good]
        begin = max(runs_out[household], last[household], start)
        if begin < time:
            if num_goods > 1:
                any_empty_min[household] += time - begin
            without_since[position] = begin
        if runs_out[household] < time:
            if since[household] < 0:
                since[household] = runs_out[household]
            longest[household] = max(longest[household], time - max(since[household], start))
        last[household], earliest = time, np.inf
        for good in range(num_goods):
            share = weight[row, good]
            if by_need[row]:
                # Who need nothing of what is there is sent equal parts of it.
                share = share * need[good] / total if total > 0 else share / there
            if empty_at[household, good] < time:
                # The time since the last delivery of anything has not been counted yet.
                if is_measured:
                    empty_min[household, good] += time - max(empty_at[household, good], start)
                empty_at[household, good] = time
            amount = kg[position] * share
            if cut_row[position] >= 0 and not np.isnan(goods_kg[cut_row[position], good]):
                amount = goods_kg[cut_row[position], good]
            if amount > 0 and need[good] > 0 and is_need[good]:
                there_at = empty_at[household, good]
                empty_at[household, good] = used_up_at(there_at, amount, consumers[household], need_kg_per_min, good)
            if is_measured:
                kg_total[household, good] += amount
            earliest = min(earliest, empty_at[household, good])
        runs_out[household] = earliest
        if earliest > time:
            since[household] = -1.0
    return without_since
