"""What a process of its own does for `benchmarks.sweeps`: one sweep, and what it cost, as a line of JSON."""

from __future__ import annotations

import contextlib
import json
import resource
import sys
import threading
import time

import psutil


def resident_bytes() -> int:
    """Memory of this process and of its workers, now."""
    total = 0
    me = psutil.Process()
    for process in (me, *me.children(recursive=True)):
        # One that has ended meanwhile has no memory.
        with contextlib.suppress(psutil.Error):
            total += process.memory_info().rss
    return total


def main(text: str) -> None:
    """Run the sweep in `text`."""
    asked = json.loads(text)
    import simsupply as ss
    from simsupply.base.allocator import keep_freed_memory
    from simsupply.sweeps.runner import default_workers  # what a sweep imports, before the clock starts

    assert default_workers() >= 1
    keep_freed_memory()
    seen: list[tuple[float, int]] = []
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(0.5):
            seen.append((time.perf_counter(), resident_bytes()))

    looking = threading.Thread(target=look)
    looking.start()
    begin = time.perf_counter()
    levels = [round(0.2 + 0.7 * number / asked["points"], 6) for number in range(asked["points"])]
    result = ss.sweep(
        asked["scenario"],
        asked["strategy"],
        {"staffing.attendance": levels},
        replications=asked["replications"],
        output=asked["output"],
        executor=asked["executor"],
        workers=asked["workers"],
    )
    wall_s = time.perf_counter() - begin
    stop.set()
    looking.join()
    assert result.missing == 0
    cpu_s = sum(
        used.ru_utime + used.ru_stime
        for used in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )
    memory = [size for _, size in seen] or [resident_bytes()]
    early = memory[len(memory) // 4]
    # At the very end the workers have gone already.
    late = max(memory[len(memory) * 3 // 4 :])
    print(json.dumps({"wall_s": wall_s, "cpu_s": cpu_s, "early_bytes": early, "late_bytes": late}))


if __name__ == "__main__":
    main(sys.argv[1])
