"""How the C library deals with the memory of arrays between replications."""

from __future__ import annotations

import ctypes
import sys
from functools import cache

# Names and meanings: mallopt(3). The first is glibc's own upper limit.
_MMAP_THRESHOLD, _TRIM_THRESHOLD = -3, -1
_LARGEST_IN_HEAP = 32 * 2**20
_KEPT = 128 * 2**20


@cache
def keep_freed_memory() -> None:
    """Let glibc keep up to 128 MB that were freed, for the arrays of the next replication.

    Otherwise it gives them back, and each page of the next replication's arrays is a page fault:
    a sixth of the time of a small replication. With another C library nothing happens. It is a setting of the whole
    process, so only processes of our own call it where they begin (the command line, workers, children of the
    benchmarks), never a program or notebook that imports the package.
    """
    if not sys.platform.startswith("linux"):
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return
    mallopt(_MMAP_THRESHOLD, _LARGEST_IN_HEAP)
    mallopt(_TRIM_THRESHOLD, _KEPT)
