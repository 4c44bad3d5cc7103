"""Part (a): the reference models through simsupply, beside other engines and the floor of drawing numbers."""

from __future__ import annotations

import importlib
import importlib.metadata
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.peers import reference as r
from benchmarks.peers.simsupply_model import sojourns
from benchmarks.timing import Timing, interleave
from simsupply.stats.intervals import interval

SIMPY, CIMBA, FLOOR, OURS, EVENTS, REFERENCE = "simpy", "cimba", "draws", "simsupply", "events", "reference"


@dataclass(frozen=True)
class Engine:
    """A row of the tables: key, label, distribution whose version is shown, module and functions per model."""

    key: str
    label: str
    package: str
    module: str
    tandem: str | None = "tandem"
    queue: str | None = "queue"
    crew: str | None = None
    floor: str | None = None


ENGINES = (
    Engine(FLOOR, "drawing the random numbers only (the floor)", "numpy", "draws"),
    Engine("keyed", "drawing them from simsupply's keyed streams", "simsupply", "draws", "keyed_tandem", "keyed_queue"),
    Engine(OURS, "**simsupply**, one replication", "simsupply", "simsupply_model", "tandem", "queue", "crew", "floor"),
    Engine(
        EVENTS,
        "simsupply, every step by events",
        "simsupply",
        "simsupply_model",
        "tandem_events",
        "queue_events",
    ),
    Engine(
        "summary",
        "simsupply, `simulate` with every metric",
        "simsupply",
        "simsupply_model",
        "tandem_summary",
        "queue_summary",
    ),
    Engine(CIMBA, "cimba (compiled engine)", "cimba", "cimba_model", "tandem", "queue", "crew"),
    Engine("callbacks", "SimPy, bare callbacks", "simpy", "simpy_callbacks"),
    Engine("salabim", "salabim, fixed workers", "salabim", "salabim_model"),
    Engine(SIMPY, "SimPy, one process per order", "simpy", "simpy_processes", "tandem", "queue", "crew"),
    Engine(REFERENCE, "simsupply, its reference", "simpy", "simsupply_model", None, None, None, "floor_reference"),
    Engine("ciw", "Ciw (no batches that travel: queue only)", "Ciw", "ciw_queue", None),
)


@dataclass(frozen=True)
class Comparison:
    """One reference model: `timings` by engine key; `missing` says why an engine is not there."""

    name: str
    num_orders: int
    timings: dict[str, Timing]
    missing: dict[str, str]

    def times_as_fast(self, other: str, ours: str = OURS) -> float | None:
        """How many times as long another engine takes as simsupply; None if it is not there."""
        return self.timings[ours].ratio(self.timings[other]) if other in self.timings else None


@dataclass(frozen=True)
class Accuracy:
    """Mean sojourn of a reference model through simsupply, with its 95 % interval over replications (minutes)."""

    mean: float
    low: float
    high: float
    replications: int
    num_orders: int


def version(package: str) -> str | None:
    """Installed version of a distribution; None if it is not installed."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def compare_engines(
    name: str, num_orders: int, rounds: int, say: Callable[[str], object] = lambda text: None
) -> Comparison:
    """Time every engine that is installed on one reference model: ``tandem``, ``queue``, ``crew`` or ``floor``."""
    modules, missing = {}, {}
    # All of them before the first one compiles anything: what cimba adds to numba comes too late after that.
    for engine in ENGINES:
        if getattr(engine, name) is not None:
            try:
                modules[engine] = importlib.import_module(f"benchmarks.peers.{engine.module}")
            except ImportError as error:
                missing[engine.key] = f"not available: {error}"
    cases = {engine.key: getattr(module, getattr(engine, name))(num_orders) for engine, module in modules.items()}
    return Comparison(name, num_orders, interleave(cases, rounds, lambda text: say(f"{name}: {text}")), missing)


def check_accuracy(name: str, num_orders: int, replications: int) -> Accuracy:
    """Mean sojourn of independent replications; `name` is that of the plan, ``tandem`` or ``mm3``."""
    means = sojourns(name, num_orders, replications)
    low, high = interval(means)
    return Accuracy(float(means.mean()), low, high, replications, num_orders)


def wait(accuracy: Accuracy) -> Accuracy:
    """Mean wait of the queue: the sojourn without the service, whose expectation is known."""
    less = r.SERVICE_MEAN
    return Accuracy(
        accuracy.mean - less, accuracy.low - less, accuracy.high - less, accuracy.replications, accuracy.num_orders
    )
