"""Interleaved rounds: every case once per round, so that a busy moment of the machine hits all alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Run = Callable[[int], float]


@dataclass(frozen=True)
class Timing:
    """Seconds of one case in each round, and the mean of what it returned (NaN: nothing)."""

    seconds: tuple[float, ...]
    value: float

    @property
    def median(self) -> float:
        """Median seconds of a round."""
        return statistics.median(self.seconds)

    def ratio(self, other: Timing) -> float:
        """How many times as long the other takes: the median over rounds of the ratio in each round.

        >>> Timing((1.0, 2.0, 1.0), 0.0).ratio(Timing((3.0, 6.0, 5.0), 0.0))
        3.0
        """
        return statistics.median(b / a for a, b in zip(self.seconds, other.seconds, strict=True))


def interleave(
    cases: Mapping[str, Run], rounds: int, say: Callable[[str], object] = lambda text: None
) -> dict[str, Timing]:
    """Run every case once untimed (it compiles then), and then once in each round with the round's number as seed."""
    seconds: dict[str, list[float]] = {name: [] for name in cases}
    values: dict[str, list[float]] = {name: [] for name in cases}
    for number in range(rounds + 1):
        say(f"round {number} of {rounds}")
        for name, run in cases.items():
            gc.collect()
            begin = time.perf_counter()
            value = run(number)
            if number:
                seconds[name].append(time.perf_counter() - begin)
                values[name].append(value)
    return {name: Timing(tuple(seconds[name]), statistics.fmean(values[name])) for name in cases}
