"""Random cases for the kernels: units in lines, servers with duty intervals, and their arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from simsupply.model.flow.queues import UnitQueues
from simsupply.model.kernels.arguments import (
    DutyIntervals,
    LoadQueues,
    Queues,
    Servers,
)
from simsupply.model.kernels.working_time import FINISH, HAND_OVER, PAUSE

MANY = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), max_examples=100)
WHOLE = st.integers(0, 12).map(float)
HORIZON = 60.0


class Case(NamedTuple):
    """Units in two lines at one place, and servers with duty intervals (start, end, rule, halt)."""

    units: list[tuple[int, float, float]]
    servers: list[list[tuple[float, float, int, float]]]
    num_queues: int
    in_sequence: bool


@st.composite
def cases(draw: st.DrawFn) -> Case:
    times = draw(st.sampled_from([WHOLE, st.floats(0, 12)]))
    num_queues = draw(st.integers(1, 2))
    units = [
        (draw(st.integers(0, num_queues - 1)), draw(times), draw(times) + 0.5) for _ in range(draw(st.integers(1, 12)))
    ]
    servers = []
    for _ in range(draw(st.integers(1, 4))):
        bounds = sorted(draw(st.lists(times.map(lambda time: 3 * time), max_size=6, unique=True)))
        rules = st.sampled_from([FINISH, PAUSE, HAND_OVER])
        spans = [(a, b, draw(rules)) for a, b in zip(bounds[::2], bounds[1::2], strict=False)]
        servers.append(
            [(*span, draw(st.sampled_from(may_halt_at(spans, number)))) for number, span in enumerate(spans)]
        )
    return Case(units, servers, num_queues, num_queues == 1 and draw(st.booleans()))


def may_halt_at(spans: list[tuple[float, float, int]], number: int) -> list[float]:
    """When work in hand in an interval may come to a halt: at its end, or in overtime while off duty, or never."""
    _, end, rule = spans[number]
    if rule != FINISH:
        return [end]
    later = [a for a, _, _ in spans[number + 1 :]]
    return [np.inf, end, *((end + a) / 2 for a in later[:1]), *later, *(b for _, b, _ in spans[number + 1 :])]


def duty(case: Case) -> DutyIntervals:
    intervals = [interval for server in case.servers for interval in server]
    columns = np.array(intervals, dtype=float).reshape(-1, 4)
    return DutyIntervals(
        server_ptr=np.array([0, len(case.servers)]),
        interval_ptr=np.cumsum([0, *map(len, case.servers)]),
        start=columns[:, 0].copy(),
        end=columns[:, 1].copy(),
        halt=columns[:, 3].copy(),
        end_rule=columns[:, 2].astype(np.int8),
    )


def at_first(duty: DutyIntervals) -> Servers:
    return Servers(duty.interval_ptr[:-1].copy(), np.zeros(len(duty.interval_ptr) - 1))


def queues(line: UnitQueues, num_queues: int) -> Queues:
    return Queues(num_queues, line.head, line.end, line.ready, line.work[0], line.handed_at)


def load_queues(line: UnitQueues, num_queues: int) -> LoadQueues:
    return LoadQueues(num_queues, line.in_sequence, line.head, line.end, line.ready, line.key)


def without_hand_over(case: Case) -> Case:
    return case._replace(
        servers=[[(a, b, min(rule, PAUSE), halt) for a, b, rule, halt in server] for server in case.servers]
    )
