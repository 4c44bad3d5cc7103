"""When people or vehicles were free and on duty, from the spells in which the loop says they were busy."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def free_changes(start, end, duty_ptr, begin, until, spell_ptr, since):
    """Moments at which one more or one fewer of some servers is free and on duty, from `since` on; in any order.

    Parameters
    ----------
    start, end : float arrays, shape (intervals,), minutes
        Duty of server s: entries ``duty_ptr[s]`` up to ``duty_ptr[s + 1]``, in order of time.
    duty_ptr, spell_ptr : int arrays, shape (servers + 1,)
    begin, until : float arrays, shape (spells,), minutes
        Spells in which server s was busy, in order of time.
    since : float, minutes

    Returns
    -------
    moments : float array
    by : int array
        1 or -1.
    """
    most = 2 * (len(start) + 2 * len(begin) + len(start))
    moments, by = np.empty(most), np.empty(most, dtype=np.int64)
    num = 0
    for server in range(len(duty_ptr) - 1):
        spell, last = spell_ptr[server], spell_ptr[server + 1]
        for interval in range(duty_ptr[server], duty_ptr[server + 1]):
            if end[interval] <= since:
                continue
            opens = max(start[interval], since)
            moments[num], by[num] = opens, 1
            moments[num + 1], by[num + 1] = end[interval], -1
            num += 2
            while spell < last and until[spell] <= opens:
                spell += 1
            at = spell
            while at < last and begin[at] < end[interval]:
                one, other = max(begin[at], opens), min(until[at], end[interval])
                if one < other:
                    if num + 2 > len(moments):
                        moments = np.concatenate((moments, np.empty(len(moments))))
                        by = np.concatenate((by, np.empty(len(by), dtype=np.int64)))
                    moments[num], by[num] = one, -1
                    moments[num + 1], by[num + 1] = other, 1
                    num += 2
                at += 1
    return moments[:num], by[:num]
