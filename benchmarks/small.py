"""Part (e): what makes a notebook feel alive: time to import, to a first result, and of one small replication."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import simsupply as ss
from benchmarks.frozen import scenario_file, strategy_file
from benchmarks.processes import ROOT

SMALL = "subdistrict_separate_crews"
IMPORT = "import time; t = time.perf_counter(); {}; print(time.perf_counter() - t)"
LIGHT = "import simsupply"
WHOLE = "from simsupply import load_scenario, simulate; import simsupply.model.run_loop"
# The event loop alone.
EVENTS = (
    "from numba import types as n; from simsupply.model.events.loop import run; t = time.perf_counter(); "
    "run.compile((n.Array(n.int64, 2, 'C'), n.int64, n.int64, n.float64, n.boolean))"
)
FIRST = (
    "from simsupply import load_scenario, load_strategy, simulate; "
    "simulate(load_scenario({!r}), load_strategy({!r}), replications=1)"
)


@dataclass(frozen=True)
class Small:
    """Medians, in seconds.

    `replication_s` is one replication of each strategy in `scenario`, all metrics included, in a process that has
    run it before. `import_s` is ``import simsupply``, `import_all_s` with everything a run needs, `first_run_s` to a
    first result with compiled kernels on disk, `compiling_s` the same on a machine that has never run it (None: not
    measured), `events_s` what it takes to compile the event loop there.
    """

    scenario: str
    households: int
    replication_s: dict[str, float]
    import_s: float
    import_all_s: float
    first_run_s: float
    compiling_s: float | None
    events_s: float | None = None


def _seconds(code: str, cache: str | None = None) -> float:
    """Seconds `code` takes in a new process, by its own clock."""
    environment = os.environ | ({"NUMBA_CACHE_DIR": cache} if cache else {})
    done = subprocess.run(
        [sys.executable, "-c", IMPORT.format(code)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout.splitlines()[-1])


def measure_small(scenario: str, strategies: Sequence[str], replications: int, rounds: int, compiles: bool) -> Small:
    """Measure one frozen scenario in this process and the start of others; round 0 only warms up.

    `compiles` says whether to measure a start without compiled kernels, too.
    """
    world = ss.load_scenario(scenario_file(scenario))
    decided = {name: ss.load_strategy(strategy_file(name)) for name in strategies}
    first_code = FIRST.format(scenario_file(scenario), strategy_file(strategies[0]))
    seconds: dict[str, list[float]] = defaultdict(list)
    for number in range(rounds + 1):
        for name, strategy in decided.items():
            begin = time.perf_counter()
            ss.simulate(world, strategy, replications=replications, seed=number)
            if number:
                seconds[name].append((time.perf_counter() - begin) / replications)
        for code in (LIGHT, WHOLE, first_code) if number else ():
            seconds[code].append(_seconds(code))
    compiling = events = None
    if compiles:
        with tempfile.TemporaryDirectory() as cache:
            compiling = _seconds(first_code, cache)
            events = _seconds(EVENTS, cache)
    median = {name: statistics.median(values) for name, values in seconds.items()}
    per_replication = {name: median[name] for name in strategies}
    return Small(
        scenario,
        len(world.households),
        per_replication,
        median[LIGHT],
        median[WHOLE],
        median[first_code],
        compiling,
        events,
    )
