"""The kernel of trips in parts, cut into windows at random."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simsupply.model.flow.queues import UnitQueues
from simsupply.model.kernels.arguments import CalendarDocks, Calendars, Dispatched, Fleets, TripParts, Window
from simsupply.model.kernels.dispatch import PLACE, ROAD, dispatch
from tests.model.kernels.cases import HORIZON, MANY, Case, at_first, cases, duty, load_queues, without_hand_over


@MANY
@given(
    cases().map(without_hand_over),
    st.lists(st.floats(0, 40), max_size=6).map(sorted),
    st.integers(1, 2),
    st.lists(st.integers(1, 3), min_size=12, max_size=12),
    st.sampled_from([np.inf, 5.0]),
)
def test_windows_do_not_matter_to_dispatch(
    case: Case, windows: list[float], docks: int, may_take: list[int], rest_after: float
) -> None:
    """Trips of three equal parts, in the second fleet half as long; the second part stands 4-9 and crawls 9-20.

    What is at a dock stands 6-8; nothing is begun there 10-14.
    """

    def run(windows: list[float]) -> tuple[dict[int, tuple[float, ...]], Any, Any]:
        line = UnitQueues(4, num_columns=1, in_sequence=case.in_sequence)
        _, ready, minutes = (np.array(column) for column in zip(*case.units, strict=True))
        num = len(ready)
        line.add(np.arange(num), np.array(may_take[:num]), ready, np.arange(num))
        duties, found = duty(case), {}
        servers = at_first(duties)
        fleets = Fleets(
            of_server=np.arange(len(case.servers)) % 2,
            rest_after=np.array([rest_after, np.inf]),
            rest=np.array([3.0, np.inf]),
            driven=np.zeros(len(case.servers)),
            busy=np.zeros(2),
            overtime=np.zeros(2),
            waits=np.zeros((2, 3)),
            km_left=np.zeros(2),
        )
        of_docks = CalendarDocks(
            True, np.array([0, docks]), np.array([2] * docks), np.array([3] * docks), np.zeros(docks)
        )
        calendars = Calendars(
            ptr=np.array([0, 1, 4, 7, 12]),
            time=np.array([-np.inf, -np.inf, 4, 9, -np.inf, 6, 8, -np.inf, 6, 8, 10, 14]),
            speed=np.array([1.0, 1, 0, 0.5, 1, 0, 1, 1, 0, 1, 0, 1]),
        )
        for until in [*windows, 1e9]:
            line.arrange()
            numbers = line.work[0].astype(np.int64)
            start, back_at = np.full((2, len(line)), np.nan)
            taken_by, part_end = np.full(len(line), -1), np.full(3 * len(line), np.nan)
            parts = np.repeat(minutes[numbers] / 3, 3)
            trips = TripParts(
                ptr=np.arange(len(line) + 1) * 3,
                minutes=np.stack([parts, parts / 2]),
                calendar=np.tile([0, 1, 0], len(line)),
                waits_for=np.tile([PLACE, ROAD, ROAD], len(line)),
                km=np.ones((2, 3 * len(line))),
                driving=np.stack([minutes[numbers], minutes[numbers] / 2]),
            )
            dispatched = Dispatched(start, np.empty_like(start), taken_by, back_at, part_end)
            window = Window(until, HORIZON)
            dispatch(window, load_queues(line, 4), trips, fleets, duties, servers, of_docks, calendars, dispatched)
            is_left = np.isnan(start)
            rows = zip(line.key, start, taken_by, back_at, *part_end.reshape(-1, 3).T, strict=True)
            found.update({int(key): rest for key, *rest in rows if rest[0] == rest[0]})
            line.keep(is_left)
        return found, np.stack([fleets.busy, fleets.overtime, fleets.km_left]), fleets.waits

    whole, in_parts = run([]), run(windows)
    assert in_parts[0] == whole[0]
    np.testing.assert_allclose(in_parts[1], whole[1], rtol=1e-12)
    np.testing.assert_allclose(in_parts[2], whole[2], rtol=1e-12, atol=1e-9)
    # No vehicle is in two trips at once, and each load is in one that may take it.
    for server in range(len(case.servers)):
        trips = sorted((row[0], row[2]) for row in whole[0].values() if row[1] == server)
        assert all(back <= begin for (_, back), (begin, _) in pairwise(trips))
    assert all(may_take[unit] >> row[1] % 2 & 1 for unit, row in whole[0].items())
