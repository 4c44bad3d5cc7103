"""What a process of its own does: one plan, one replication, and what it cost, as a line of JSON.

Run by `benchmarks.processes`; its peak memory is that of nothing but the plan.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

START = time.perf_counter()


def peak_bytes() -> int:
    """Peak resident memory of this process.

    From /proc where there is one: the kernel's `ru_maxrss` counts what the parent had before it started us.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    import resource  # not on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def main(text: str) -> None:
    """Run the plan in `text`, and before it a small one (`warm_up`), which loads the compiled kernels."""
    plan = json.loads(text)
    import simsupply as ss
    from simsupply.base.allocator import keep_freed_memory

    keep_freed_memory()
    strategy = ss.load_strategy(plan["strategy"])
    ss.simulate(ss.load_scenario(plan["warm_up"]), strategy, replications=1)
    scenario = ss.load_scenario(plan["scenario"], plan["overrides"])
    loaded = time.perf_counter()
    values = ss.simulate(scenario, strategy, replications=1, seed=1).values.iloc[0]
    done = time.perf_counter()
    counts = {name: int(values[f"orders_{name}"]) for name in ("attempted", "accepted", "delivered")}
    result = {
        "households": len(scenario.households),
        "days": scenario.settings.horizon_days,
        "load_s": loaded - START,
        "run_s": done - loaded,
        "peak_bytes": peak_bytes(),
        "handed_over": counts["delivered"] + int(values["visits"]),
        **counts,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1])
