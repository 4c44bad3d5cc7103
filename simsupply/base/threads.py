"""Threads of this process for compiled work that lets go of the interpreter."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")

# How many threads there may be (None: as many as processors), and those that have been started.
_most: int | None = None
_pool: ThreadPoolExecutor | None = None


def processors() -> int:
    """As many as this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def use_threads(most: int | None) -> None:
    """Let work be shared among so many threads from now on, this one included; None: as many as processors.

    Whoever starts a process for each processor lets each use one. What is found never depends on it.
    """
    global _most, _pool
    if _pool is not None:
        _pool.shutdown()
    _most, _pool = most, None


def most_threads() -> int:
    """How many threads work is shared among."""
    return processors() if _most is None else _most


def share_out(work: Callable[[Item], object], items: Iterable[Item]) -> None:
    """Do something with each item, on several threads; returns when all is done.

    Parameters
    ----------
    work : callable
        Must be safe to be done with several items at once.
    items : iterable
        The first are begun first.
    """
    global _pool
    waiting = deque(items)

    def until_none_is_left() -> None:
        while waiting:
            try:
                item = waiting.popleft()
            except IndexError:
                return
            work(item)

    others = min(most_threads(), len(waiting)) - 1
    if others > 0 and _pool is None:
        _pool = ThreadPoolExecutor(most_threads() - 1, thread_name_prefix="simsupply")
    under_way = [_pool.submit(until_none_is_left) for _ in range(others)] if _pool is not None else []
    until_none_is_left()
    for other in under_way:
        other.result()
