"""A line on the terminal that says what is being done, from two seconds on, and goes on moving while nothing comes."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from simsupply.base.catalogue import Message
from simsupply.base.language import Language

BEGUN = time.monotonic()
PATIENCE_S = 2.0
EVERY_S = 0.5


@contextmanager
def shown(bar: Any) -> Iterator[None]:
    """Redraw a bar of tqdm twice a second, whether it is told of progress or not.

    It appears once two seconds have passed since the program began, for until then nobody has waited. By itself it
    is drawn when it is told of something: not while the first function is compiled, or one long replication runs.
    """
    if bar.disable:
        yield
        return
    is_over = threading.Event()

    def redraw() -> None:
        wait = max(0.0, PATIENCE_S - (time.monotonic() - BEGUN))
        while not is_over.wait(wait):
            # From now on it has been seen, and is cleared in the end.
            bar.delay = 0
            bar.refresh()
            wait = EVERY_S

    thread = threading.Thread(target=redraw, daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


@contextmanager
def working(what: Message, language: Language) -> Iterator[None]:
    """Say what is being done, with the seconds so far, while it takes; on a terminal only."""
    if not sys.stderr.isatty():
        yield
        return
    from tqdm import tqdm

    with (
        tqdm(
            desc=what.in_language(language),
            bar_format="{desc} [{elapsed}]",
            delay=PATIENCE_S,
            leave=False,
            ncols=shutil.get_terminal_size().columns,
            nrows=shutil.get_terminal_size().lines,
        ) as bar,
        shown(bar),
    ):
        yield
