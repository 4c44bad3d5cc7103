"""What the figures were measured on, without names or paths that are nobody's business."""

from __future__ import annotations

import datetime
import os
import platform
from pathlib import Path

import psutil

from benchmarks.engines import version

PACKAGES = ("simsupply", "numpy", "numba", "pandas", "simpy", "cimba", "salabim", "Ciw")


def processor() -> str:
    """Model of the processor, as the system names it."""
    table = Path("/proc/cpuinfo")
    if table.exists():
        for line in table.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def describe() -> dict[str, str]:
    """Words for the head of the report."""
    versions = [f"{name} {version(name) or 'not installed'}" for name in PACKAGES]
    load = f"{os.getloadavg()[0]:.2f}" if hasattr(os, "getloadavg") else "unknown"
    return {
        "date": datetime.date.today().isoformat(),
        "processor": f"{processor()}, {os.cpu_count()} cores",
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.machine()}, {platform.python_implementation()} "
        f"{platform.python_version()}",
        "packages": ", ".join(versions),
        "load": f"{load} when the run began (processes wanting a core; the benchmark itself adds one)",
    }
