"""Two threads over cells of places: seconds of the event loop on one thread and on two."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.peers.simsupply_model import crew
from simsupply.base.threads import processors, share_out, use_threads
from simsupply.model.components import groups


@dataclass(frozen=True)
class Threads:
    """Seconds of the loop in each round, by number of threads; the rest of a replication runs on one."""

    num_orders: int
    loop_s: dict[int, tuple[float, ...]]

    @property
    def speed_up(self) -> float:
        """Median over rounds of the ratio in each round."""
        return median(one / two for one, two in zip(self.loop_s[1], self.loop_s[2], strict=True))


def measure_threads(num_orders: int, rounds: int) -> Threads | None:
    """Measure points with shared crews, which exchange nothing; None: there is one processor only."""
    if processors() < 2:
        return None
    run, spent = crew(num_orders), [0.0]

    def timed(work: Callable[[Any], object], items: Iterable[Any]) -> None:
        begin = time.perf_counter()
        share_out(work, items)
        spent[0] += time.perf_counter() - begin

    seconds: dict[int, list[float]] = {1: [], 2: []}
    few, groups.FEW_ORDERS, groups.share_out = groups.FEW_ORDERS, 0, timed
    try:
        for number in range(rounds + 1):
            for threads, found in seconds.items():
                use_threads(threads)
                spent[0] = 0.0
                run(number)
                if number:
                    found.append(spent[0])
    finally:
        groups.FEW_ORDERS, groups.share_out = few, share_out
        use_threads(None)
    return Threads(num_orders, {threads: tuple(found) for threads, found in seconds.items()})
