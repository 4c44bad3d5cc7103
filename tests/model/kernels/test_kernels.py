"""The kernels against a few lines of plain Python, and cut into windows at random."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simsupply.model.flow.queues import UnitQueues
from simsupply.model.kernels.arguments import (
    Begun,
    Docks,
    Hauled,
    TripMinutes,
    Window,
    Worked,
)
from simsupply.model.kernels.arrays import chunk, cut_out, first_come, first_down, peak
from simsupply.model.kernels.fitting import serve_fitting
from simsupply.model.kernels.haul import haul
from simsupply.model.kernels.serve import serve
from simsupply.model.kernels.single_queue import serve_queue
from simsupply.model.kernels.working_time import FINISH, HAND_OVER, PAUSE
from tests.model.kernels.cases import (
    HORIZON,
    MANY,
    WHOLE,
    Case,
    at_first,
    cases,
    duty,
    load_queues,
    queues,
    without_hand_over,
)


def run_serve(case: Case, windows: list[float], is_plain: bool = False) -> tuple[dict[int, float], float, float]:
    """When each unit is done, and minutes of work, window by window."""
    line = UnitQueues(case.num_queues, num_columns=1, in_sequence=case.in_sequence)
    lines, ready, minutes = (np.array(column) for column in zip(*case.units, strict=True))
    line.add(np.arange(len(lines)), lines, ready, minutes)
    duties, worked, found = duty(case), Worked(np.zeros(1), np.zeros(1)), {}
    servers, kernel = at_first(duties), serve_queue if is_plain else serve
    for until in [*windows, 1e9]:
        line.arrange()
        begun = Begun(np.empty(len(line)), np.empty(len(line), dtype=np.int64))
        finished, done = kernel(Window(until, HORIZON), queues(line, case.num_queues), duties, servers, begun, worked)
        found.update(zip(line.key[finished].tolist(), done.tolist(), strict=True))
        line.drop(finished)
    return found, worked.busy[0], worked.overtime[0]


def fit_ends(case: Case) -> list[list[float]]:
    """Planned ends: that of the interval itself, or of the one in which a breakdown lets work go on."""
    return [
        [
            later[1] if rule == PAUSE else end
            for (_, end, rule, _), later in zip(server, [*server[1:], *server[-1:]], strict=True)
        ]
        for server in case.servers
    ]


def run_fitting(case: Case, windows: list[float]) -> tuple[dict[int, float], float, float]:
    """As `run_serve`, for servers that begin only what fits."""
    line = UnitQueues(case.num_queues, num_columns=1, in_sequence=case.in_sequence)
    lines, ready, minutes = (np.array(column) for column in zip(*case.units, strict=True))
    line.add(np.arange(len(lines)), lines, ready, minutes)
    duties, worked, found = duty(case), Worked(np.zeros(1), np.zeros(1)), {}
    servers, fit_end = at_first(duties), np.array([end for ends in fit_ends(case) for end in ends], dtype=float)
    for since, until in zip([0.0, *windows], [*windows, 1e9], strict=True):
        line.arrange()
        begun = Begun(np.empty(len(line)), np.zeros(len(line), dtype=np.int64))
        finished, done = serve_fitting(
            since, Window(until, HORIZON), queues(line, case.num_queues), duties, fit_end, servers, begun, worked
        )
        found.update(zip(line.key[finished].tolist(), done.tolist(), strict=True))
        line.drop(finished)
    return found, worked.busy[0], worked.overtime[0]


def by_hand(case: Case, fits: bool = False) -> dict[int, float]:
    """The rules word for word: who can begin what at the earliest moment, again and again."""
    units = list(enumerate(case.units))
    if not case.in_sequence:
        units.sort(key=lambda item: (item[1][0], item[1][1], item[0]))
    fresh = [[(number, unit[1], unit[2]) for number, unit in units if unit[0] == line] for line in range(2)]
    begun: list[tuple[int, float, float]] = []
    order = [number for number, _ in units]
    free, found, now = [0.0] * len(case.servers), {}, 0.0

    def free_since(server: int, moment: float) -> float:
        starts = [a for a, b, *_ in case.servers[server] if a <= moment < b]
        return max(starts[0], free[server]) if starts and free[server] <= moment else np.inf

    def has_time(server: int, moment: float, minutes: float) -> bool:
        ends = zip(case.servers[server], fit_ends(case)[server], strict=True)
        return not fits or any(a <= moment < b and moment + minutes <= end for (a, b, *_), end in ends)

    def first_job(moment: float) -> list[tuple[int, float, float]] | None:
        begun.sort(key=lambda job: (job[1] > moment, order.index(job[0])))
        return next((jobs for jobs in (begun, *fresh) if jobs and jobs[0][1] <= moment), None)

    while True:
        moments = {now, *free, *(job[1] for jobs in (begun, *fresh) for job in jobs)}
        moments |= {a for server in case.servers for a, *_ in server}
        for now in sorted(moment for moment in moments if now <= moment < np.inf):
            jobs = first_job(now)
            could = [index for index in range(len(free)) if jobs and has_time(index, now, jobs[0][2])]
            server = min(could, key=lambda index: (free_since(index, now), index), default=-1)
            if server >= 0 and free_since(server, now) < np.inf:
                break
        else:
            return found
        assert jobs
        number, _, left = jobs.pop(0)
        begin, done, halted = now, np.inf, 0.0
        for a, b, rule, halt in case.servers[server]:
            if b <= now or a < halted:
                continue
            begin = max(begin, a)
            if begin + left <= halt:
                done = found[number] = begin + left
                break
            left -= halt - begin
            halted = halt
            if rule == HAND_OVER:
                begun.append((number, halt, left))
                done = halt
                break
        else:
            found[number] = np.inf
        free[server] = done


@MANY
@given(cases())
def test_serve_follows_its_rules(case: Case) -> None:
    assert run_serve(case, [])[0] == by_hand(case)


@MANY
@given(cases(), st.lists(st.floats(0, 40), max_size=6).map(sorted))
def test_windows_do_not_matter_to_serve(case: Case, windows: list[float]) -> None:
    whole, busy, overtime = run_serve(case, [])
    found, busy_in_parts, overtime_in_parts = run_serve(case, windows)
    assert found == whole
    np.testing.assert_allclose([busy_in_parts, overtime_in_parts], [busy, overtime], rtol=1e-12)


@MANY
@given(cases().map(without_hand_over))
def test_who_begins_only_what_fits_follows_the_rules(case: Case) -> None:
    assert run_fitting(case, [])[0] == by_hand(case, fits=True)


@MANY
@given(cases().map(without_hand_over), st.lists(st.floats(0, 40), max_size=6).map(sorted))
def test_windows_do_not_matter_to_who_begins_only_what_fits(case: Case, windows: list[float]) -> None:
    whole, busy, overtime = run_fitting(case, [])
    found, busy_in_parts, overtime_in_parts = run_fitting(case, windows)
    assert found == whole
    np.testing.assert_allclose([busy_in_parts, overtime_in_parts], [busy, overtime], rtol=1e-12)


@MANY
@given(cases(), st.lists(st.floats(0, 40), max_size=6).map(sorted))
def test_single_lines_are_served_alike_by_their_own_kernel(case: Case, windows: list[float]) -> None:
    servers = [[(a, b, min(rule, PAUSE), halt) for a, b, rule, halt in server] for server in case.servers]
    case = case._replace(servers=servers, num_queues=1, units=[(0, *unit[1:]) for unit in case.units])
    whole, busy, overtime = run_serve(case, [])
    found, busy_there, overtime_there = run_serve(case, windows, is_plain=True)
    assert found == whole
    np.testing.assert_allclose([busy_there, overtime_there], [busy, overtime], rtol=1e-12)


def test_single_lines_give_units_out_in_order_of_time() -> None:
    """So that whoever receives them has nothing to sort: 500 units, 7 servers on duty all the time."""
    random = np.random.default_rng(1)
    units = [(0, float(ready), float(work)) for ready, work in random.uniform(0.5, 100, (500, 2))]
    found, _, _ = run_serve(Case(units, [[(0.0, 1e8, FINISH, np.inf)]] * 7, 1, False), [50.0, 4000.0], is_plain=True)
    times = list(found.values())
    assert len(times) == 500
    assert sum(np.diff(times) < 0) <= 2  # only where a window ends


@MANY
@given(cases(), st.lists(st.floats(0, 40), max_size=6).map(sorted), st.integers(1, 2))
def test_windows_do_not_matter_to_haul(case: Case, windows: list[float], docks: int) -> None:
    """Trips of four equal parts; vehicles are not handed over."""
    case = without_hand_over(case)

    def run(windows: list[float]) -> tuple[dict[int, tuple[float, float]], float, float, float]:
        line = UnitQueues(1, num_columns=4, in_sequence=case.in_sequence)
        _, ready, minutes = (np.array(column) for column in zip(*case.units, strict=True))
        line.add(np.arange(len(ready)), np.zeros(len(ready), dtype=np.int64), ready, *[minutes / 4] * 4)
        duties, worked, found = duty(case), Worked(np.zeros(1), np.zeros(1)), {}
        servers, of_docks = at_first(duties), Docks(np.array([0, docks]), np.zeros(docks), np.zeros(1))
        for until in [*windows, 1e9]:
            line.arrange()
            start, done = np.full((2, len(line)), np.nan)
            trips = TripMinutes(*line.work)
            hauled = Hauled(start, np.empty_like(start), done, np.full((len(line), 3), np.inf))
            haul(Window(until, HORIZON), load_queues(line, 1), trips, duties, servers, of_docks, hauled, worked)
            is_left = np.isnan(start)
            found.update({int(key): (a, b) for key, a, b in zip(line.key, start, done, strict=True) if a == a})
            line.keep(is_left)
        return found, worked.busy[0], worked.overtime[0], of_docks.wait[0]

    whole, in_parts = run([]), run(windows)
    assert in_parts[0] == whole[0]
    np.testing.assert_allclose(in_parts[1:], whole[1:], rtol=1e-12)


@MANY
@given(st.lists(st.tuples(WHOLE, st.integers(0, 99)), max_size=60, unique_by=lambda pair: pair[1]))
def test_first_come_is_a_sort(pairs: list[tuple[float, int]]) -> None:
    time, key = np.array([a for a, _ in pairs]), np.array([b for _, b in pairs], dtype=np.int64)
    order = first_come(time, key)
    sorted_pairs = pairs if order is None else [pairs[position] for position in order]
    assert sorted_pairs == sorted(pairs)


@MANY
@given(st.lists(WHOLE), st.lists(WHOLE), WHOLE)
def test_peak_counts_arrivals_first(arrivals: list[float], lasting: list[float], until: float) -> None:
    spans = sorted((a, a + b + 1) for a, b in zip(arrivals, lasting, strict=False))
    ends = sorted(end for _, end in spans)
    expected = max((sum(a <= t <= b for a, b in spans) for t, _ in spans if t < until), default=0)
    assert peak(0, np.array([a for a, _ in spans], dtype=float), np.array(ends, dtype=float), until) == expected


def test_chunks_keep_the_limits() -> None:
    """Two groups; at most 5 kg and 2 units; one that is too heavy goes alone."""
    number = chunk(np.array([0, 5, 7]), np.array([2.0, 2, 2, 7, 1, 1, 1]), 5.0, 2)
    assert number.tolist() == [0, 0, 1, 2, 3, 0, 0]


def test_server_is_down_first_after_an_interval() -> None:
    """Three servers, the first down from 4 and from 10 on, the second from 29 on, the third never."""
    moments = first_down(
        np.array([0, 2, 4, 5]), np.array([4.0, 10, 22, 41, 3]), np.array([0, 2, 3, 3]), np.array([4.0, 10, 29])
    )
    assert moments.tolist() == [4, 10, 29, np.inf, np.inf]


def test_down_times_are_cut_out() -> None:
    """On duty 0-10 and 20-30, down 4-5, 8-22 and 29-40: what is cut off pauses."""
    ptr, start, end, rule = cut_out(
        np.array([0, 2]), np.array([0.0, 20]), np.array([10.0, 30]), np.array([HAND_OVER] * 2), PAUSE,
        np.array([0, 3]), np.array([4.0, 8, 29]), np.array([5.0, 22, 40]),
    )  # fmt: skip
    assert list(zip(start, end, rule, strict=True)) == [(0, 4, PAUSE), (5, 8, PAUSE), (22, 29, PAUSE)]
    assert ptr.tolist() == [0, 3]
