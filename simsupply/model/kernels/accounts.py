"""Compiled accounts of households: what each has received, and when its pantries run out."""

from __future__ import annotations

import numpy as np
from numba import njit

from simsupply.base.spec import MINUTES_PER_DAY


@njit(cache=True)
def open_accounts(pantry_min, needed_by, kinds):
    """Accounts of all households at time 0, and when the first pantry of each runs out.

    Columns, shape (households, 3 + 3 * goods): first delivery, longest gap, minutes without any of the goods; then, for
    each of the goods, when the pantry runs out, minutes it was empty, kg received. See `receive_deliveries`.

    Parameters
    ----------
    pantry_min : float array, shape (households, goods)
        For how long stocks last.
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
def balances(table, last, runs_out, horizon):
    """What is left of the accounts of `open_accounts` at the horizon.

    Returns
    -------
    first, longest_gap, any_empty_min, total_kg : float arrays, shape (households,)
        The gap and the minutes go on until the horizon.
    empty_min, kg : float arrays, shape (households, goods)
    """
    num, num_goods = len(table), (table.shape[1] - 3) // 3
    first, longest_gap, any_empty_min, total_kg = np.empty(num), np.empty(num), np.empty(num), np.empty(num)
    empty_min, kg = np.empty((num, num_goods)), np.empty((num, num_goods))
    for household in range(num):
        row = table[household]
        first[household] = row[0]
        longest_gap[household] = max(row[1], horizon - last[household])
        total = 0.0
        for good in range(num_goods):
            empty_min[household, good] = row[3 + num_goods + good] + max(horizon - row[3 + good], 0.0)
            kg[household, good] = row[3 + 2 * num_goods + good]
            total += kg[household, good]
        total_kg[household] = total
        if num_goods == 1:
            any_empty_min[household] = empty_min[household, 0]
        else:
            any_empty_min[household] = row[2] + max(horizon - max(runs_out[household], last[household]), 0.0)
    return first, longest_gap, any_empty_min, total_kg, empty_min, kg


# Households (2 to the power of this) whose deliveries are sorted together, so that what is worked on stays in the
# processor's own memory; fewer households than FEW are one block.
_BLOCK_BITS, _ALL_BITS = 9, 40
_FEW = 1 << 17


@njit(cache=True)
def due_by_household(households, times, content, until, num_households):
    """Positions of deliveries before `until`, household after household, and of the others.

    Those of one household are in order of time, then of content.
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
                _sort_by_time(order, begin, place[household], times, content)
            begin = place[household]
    return order, later


@njit(cache=True)
def _sort_by_time(order, begin, end, times, content):
    """Put a few positions in order of time, then of content, then as they were."""
    for at in range(begin + 1, end):
        this = order[at]
        to = at
        while to > begin and (
            times[order[to - 1]] > times[this]
            or (times[order[to - 1]] == times[this] and content[order[to - 1]] > content[this])
        ):
            order[to] = order[to - 1]
            to -= 1
        order[to] = this


@njit(cache=True)
def tally(times, kg, content, horizon, num_days, num_rows):
    """Count deliveries.

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
        if time < horizon:
            # Times are not negative, so cutting off is rounding down, and much faster.
            by_day[int(time / MINUTES_PER_DAY), row] += 1
            total[row] += kg[position]
    return by_day, done, total


@njit(cache=True)
def receive_deliveries(
    households,
    times,
    kg,
    content,
    cut_row,
    goods_kg,
    horizon,
    need_kg_per_min,
    consumers,
    needed_by,
    kinds,
    weight,
    by_need,
    first,
    last,
    longest_gap,
    empty_at,
    empty_min,
    any_empty_min,
    kg_total,
    runs_out,
):
    """Book deliveries, those of each household in order of time.

    An empty pantry counts as deprivation from that minute to the next delivery of the goods.

    Parameters
    ----------
    households, times, kg, content : arrays, shape (deliveries,)
        `content` is a row of `weight` and `by_need`.
    cut_row : int array, shape (deliveries,)
        Row of `goods_kg`; -1: the order holds what its content says.
    goods_kg : float array, shape (orders that were cut, goods)
        What they hold; NaN: what their content says.
    horizon : float
        Later deliveries only set `first`.
    need_kg_per_min : float array, shape (goods,)
        What is used up by each of a household's `consumers`.
    consumers, kinds : int arrays, shape (households,)
    needed_by : uint8 array, shape (goods,)
        Bits of the kinds of household that need the goods; 0: all.
    weight, by_need : arrays, shape (rows, goods) and (rows,)
        See `simsupply.model.flow.contents.Contents`.
    first, last, longest_gap, any_empty_min : float arrays, shape (households,), updated
        First delivery (infinity: none), last delivery (0: none), longest time without a delivery,
        minutes without at least one of the goods needed.
    empty_at, empty_min, kg_total : float arrays, shape (households, goods), updated
        Moment each pantry runs out (infinity: not needed), minutes it was empty, kg received.
    runs_out : float array, shape (households,), updated
        When the first pantry of each runs out; with one group of goods `empty_at` says it.
    """
    num_goods = len(need_kg_per_min)
    if num_goods == 1 and needed_by[0] == 0:
        # One pantry, which takes all there is: nothing to share out.
        for position in range(len(households)):
            household, time = households[position], times[position]
            first[household] = min(first[household], time)
            if time < horizon:
                longest_gap[household] = max(longest_gap[household], time - last[household])
                last[household] = time
                empty_min[household, 0] += max(0.0, time - empty_at[household, 0])
                lasts = kg[position] / (need_kg_per_min[0] * consumers[household])
                empty_at[household, 0] = max(empty_at[household, 0], time) + lasts
                kg_total[household, 0] += kg[position]
        return
    needs = np.empty(num_goods)
    for position in range(len(households)):
        household, time = households[position], times[position]
        if time < first[household]:
            first[household] = time
        if time >= horizon:
            continue
        longest_gap[household] = max(longest_gap[household], time - last[household])
        row, total, carried = content[position], 0.0, 0.0
        for good in range(num_goods):
            is_needed = needed_by[good] == 0 or (kinds[household] & needed_by[good]) != 0
            needs[good] = need_kg_per_min[good] * consumers[household] if is_needed else 0.0
            total += weight[row, good] * needs[good]
            carried += weight[row, good]
        if num_goods > 1 and runs_out[household] < time:
            any_empty_min[household] += time - max(runs_out[household], last[household])
        last[household], earliest = time, np.inf
        for good in range(num_goods):
            share = weight[row, good]
            if by_need[row]:
                # Who needs nothing of what is carried is sent equal parts of it.
                share = share * needs[good] / total if total > 0 else share / carried
            if empty_at[household, good] < time:
                # The time since the last delivery of anything has not been counted yet.
                empty_min[household, good] += time - empty_at[household, good]
                empty_at[household, good] = time
            amount = kg[position] * share
            if cut_row[position] >= 0 and not np.isnan(goods_kg[cut_row[position], good]):
                amount = goods_kg[cut_row[position], good]
            if amount > 0 and needs[good] > 0:
                empty_at[household, good] += amount / needs[good]
            kg_total[household, good] += amount
            earliest = min(earliest, empty_at[household, good])
        runs_out[household] = earliest
