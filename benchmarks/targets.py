"""The targets, each with what was found and whether it is met."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.engines import CIMBA, EVENTS, FLOOR, OURS, REFERENCE, SIMPY, Comparison
from benchmarks.growth import CRATES, ORDERS, Growth, channels_plan, emergency_plan
from benchmarks.peers.reference import POINTS, QUEUE_WAIT, TANDEM_SOJOURN
from benchmarks.run import Results, days_plans, floors_of, without_floors
from benchmarks.small import SMALL

MAX_SECONDS = {CRATES: 15.0, ORDERS: 40.0}
MAX_BYTES = 3e9
MAX_EMERGENCY_S, MAX_EMERGENCY_BYTES = 60.0, 4e9
MAX_CHANNELS_RATIO = 2.0
MAX_GROWTH = 1.2
MAX_REPLICATION_S = 0.030
MIN_SPEED_UP, MAX_OVERHEAD_S, MAX_MEMORY_GROWTH = 1.8, 0.005, 1.2
SOJOURN_TOLERANCE = 0.03
MIN_FLOOR_RATIO, MAX_POINT_S, MAX_FLOORS_RATIO = 100, 0.010, 5.0
MIN_THREADS, MAX_EVENTS_S = 1.7, 10.0


@dataclass(frozen=True)
class Verdict:
    """A target in words, what was found in words, and whether it is met (None: not measured)."""

    target: str
    found: str
    is_met: bool | None


def verdicts(results: Results) -> list[Verdict]:
    """One verdict per target, in the order in which they were set."""
    return [
        *_engine_verdicts(results),
        *_coupled_verdicts(results),
        *_accuracy_verdicts(results),
        *_city_verdicts(results),
        *_small(results),
        *_sweep(results),
    ]


def _engine_verdicts(results: Results) -> list[Verdict]:
    found = [
        _as_fast(f"tandem through the model at least {least}x {name}", results.tandem, key, least)
        for key, name, least in ((SIMPY, "SimPy, one process per order", 60), (CIMBA, "cimba", 3))
    ]
    above_floor = results.tandem.times_as_fast(FLOOR)
    assert above_floor is not None  # NumPy is always there
    time = 1 / above_floor
    found.append(Verdict("tandem within 10x of the draw floor", f"{time:.3g}x its time", time <= 10))
    return found


def _as_fast(target: str, found: Comparison, other: str, least: float, ours: str = OURS) -> Verdict:
    """How many times as long another engine takes."""
    ratio = found.times_as_fast(other, ours)
    if ratio is None:
        return Verdict(target, found.missing.get(other, "not measured"), None)
    return Verdict(target, f"{ratio:.3g}x", ratio >= least)


def _coupled_verdicts(results: Results) -> list[Verdict]:
    """What the event loop promises."""
    names = {SIMPY: "SimPy, one process per order", CIMBA: "cimba"}
    found = [
        _as_fast(f"tandem, every step by events, at least {least}x {names[key]}", results.tandem, key, least, EVENTS)
        for key, least in ((SIMPY, 60), (CIMBA, 2))
    ]
    found += [
        _as_fast(f"shared crews at least {least}x {names[key]}", results.crew, key, least)
        for key, least in ((SIMPY, 40), (CIMBA, 1.5))
    ]
    size = results.points.num_orders // POINTS
    target = f"shared crews at {POINTS} points of {size:,} orders: at most {MAX_POINT_S * 1000:.0f} ms each"
    point_s = results.points.timings[OURS].median / POINTS
    found.append(Verdict(target, f"{point_s * 1000:.1f} ms", point_s <= MAX_POINT_S))
    target = f"floor and docks for unloading at least {MIN_FLOOR_RATIO}x the reference"
    found.append(_as_fast(target, results.floor, REFERENCE, MIN_FLOOR_RATIO))
    floors, without = floors_of(results.sizes), without_floors(results.sizes)
    target = f"{floors.label}: the replication at most {MAX_FLOORS_RATIO:g}x that without"
    if floors in results.costs and without in results.costs:
        ratio = results.costs[floors].run_s / results.costs[without].run_s
        found.append(Verdict(target, f"{ratio:.2f}x", ratio <= MAX_FLOORS_RATIO))
    else:
        found.append(Verdict(target, results.failures.get(floors, "not measured"), None))
    target = f"two threads over {POINTS} points with shared crews: the loop at least {MIN_THREADS}x one"
    if results.threads is None:
        found.append(Verdict(target, "not measured", None))
    else:
        found.append(Verdict(target, f"{results.threads.speed_up:.2f}x", results.threads.speed_up >= MIN_THREADS))
    target = f"the event loop compiled in at most {MAX_EVENTS_S:.0f} s, once"
    events_s = results.small.events_s if results.small else None
    is_met = None if events_s is None else events_s <= MAX_EVENTS_S
    found.append(Verdict(target, "not measured" if events_s is None else f"{events_s:.1f} s", is_met))
    return found


def _accuracy_verdicts(results: Results) -> list[Verdict]:
    tandem, queue = results.tandem_sojourn, results.queue_wait
    return [
        Verdict(
            f"tandem: mean sojourn {TANDEM_SOJOURN} +- {SOJOURN_TOLERANCE} min",
            f"{tandem.mean:.3f} min, 95 % interval {tandem.low:.3f} .. {tandem.high:.3f}, "
            f"{tandem.replications} replications",
            abs(tandem.mean - TANDEM_SOJOURN) <= SOJOURN_TOLERANCE,
        ),
        Verdict(
            f"M/M/3: the interval of the mean wait covers {QUEUE_WAIT} min (Erlang C)",
            f"{queue.mean:.4f} min, 95 % interval {queue.low:.4f} .. {queue.high:.4f}, "
            f"{queue.replications} replications",
            queue.low <= QUEUE_WAIT <= queue.high,
        ),
    ]


def _city_verdicts(results: Results) -> list[Verdict]:
    found = []
    for strategy, most in MAX_SECONDS.items():
        plan = days_plans(results.sizes, strategy)[-1]
        target = f"{plan.label}: at most {most:.0f} s and 3 GB, one process"
        if plan in results.costs:
            cost = results.costs[plan]
            figures = f"{cost.wall_s:.1f} s, {cost.peak_bytes / 1e9:.2f} GB"
            found.append(Verdict(target, figures, cost.wall_s <= most and cost.peak_bytes <= MAX_BYTES))
        else:
            found.append(Verdict(target, results.failures.get(plan, "not measured"), None))
    found += [_channels(results), _emergency(results)]
    for axis, growths in (
        ("households", results.growth_households),
        (f"households, {' to '.join(results.sizes.cities) or 'cities'}", results.growth_cities),
        ("days", results.growth_days),
    ):
        target = f"time grows at most linearly in {axis} (x{MAX_GROWTH})"
        found.append(Verdict(target, "; ".join(map(_words, growths)) or "not measured", _is_linear(growths)))
    return found


def _channels(results: Results) -> Verdict:
    """All channels by tier next to the crates of the same city, replication against replication."""
    many, crates = channels_plan(results.sizes.tier_city), days_plans(results.sizes, CRATES)[-1]
    target = f"{many.label}: the replication at most {MAX_CHANNELS_RATIO:g}x that of {crates.label}, and 3 GB"
    if many not in results.costs or crates not in results.costs:
        return Verdict(target, results.failures.get(many, "not measured"), None)
    cost, other = results.costs[many], results.costs[crates]
    times = cost.run_s / other.run_s
    for_each = times * other.handed_over / cost.handed_over
    figures = (
        f"{cost.run_s:.1f} s, {times:.2f}x, {cost.peak_bytes / 1e9:.2f} GB; {cost.handed_over / 1e6:.3g} instead of "
        f"{other.handed_over / 1e6:.3g} million parcels and purchases, {for_each:.2f}x for each"
    )
    return Verdict(target, figures, times <= MAX_CHANNELS_RATIO and cost.peak_bytes <= MAX_BYTES)


def _emergency(results: Results) -> Verdict:
    """The city mechanism whole, from the start of Python to its end."""
    plan = emergency_plan(results.sizes.emergency_city)
    target = f"{plan.label}: at most {MAX_EMERGENCY_S:.0f} s and {MAX_EMERGENCY_BYTES / 1e9:.0f} GB, one process"
    if plan not in results.costs:
        return Verdict(target, results.failures.get(plan, "not measured"), None)
    cost = results.costs[plan]
    figures = f"{cost.wall_s:.1f} s, {cost.peak_bytes / 1e9:.2f} GB"
    return Verdict(target, figures, cost.wall_s <= MAX_EMERGENCY_S and cost.peak_bytes <= MAX_EMERGENCY_BYTES)


def _words(growth: Growth) -> str:
    return f"{growth.strategy}: x{growth.worst:.2f} at worst, slope {growth.slope:.2f}"


def _is_linear(growths: list[Growth]) -> bool | None:
    return all(growth.worst <= MAX_GROWTH for growth in growths) if growths else None


def _small(results: Results) -> list[Verdict]:
    target = f"`{SMALL}`: at most {MAX_REPLICATION_S * 1000:.0f} ms a replication"
    if results.small is None:
        return [Verdict(target, "not measured", None)]
    times = results.small.replication_s
    words = ", ".join(f"{name} {seconds * 1000:.1f} ms" for name, seconds in times.items())
    return [Verdict(target, words, max(times.values()) <= MAX_REPLICATION_S)]


def _sweep(results: Results) -> list[Verdict]:
    targets = (
        f"sweep of `{SMALL}`, {results.sizes.sweep_runs:,} runs: two workers at least {MIN_SPEED_UP}x one",
        f"the same: at most {MAX_OVERHEAD_S * 1000:.0f} ms overhead a run",
        f"the same: memory flat (x{MAX_MEMORY_GROWTH} from a quarter of it to its end)",
    )
    sweep = results.sweep
    if sweep is None:
        return [Verdict(target, "not measured", None) for target in targets]
    growth = sweep.late_bytes / sweep.early_bytes
    found = (
        (f"{sweep.speed_up:.2f}x", sweep.speed_up >= MIN_SPEED_UP),
        (f"{sweep.overhead_s * 1000:.1f} ms of processors", sweep.overhead_s <= MAX_OVERHEAD_S),
        (f"x{growth:.2f}, {sweep.late_bytes / 1e9:.2f} GB", growth <= MAX_MEMORY_GROWTH),
    )
    return [Verdict(target, *words) for target, words in zip(targets, found, strict=True)]
