"""The targets, each with what was found and whether it is met."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.engines import CIMBA, FLOOR, SIMPY
from benchmarks.growth import CRATES, ORDERS, Growth, channels_plan, emergency_plan
from benchmarks.peers.reference import QUEUE_WAIT, TANDEM_SOJOURN
from benchmarks.run import Results, days_plans
from benchmarks.small import SMALL

MAX_SECONDS = {CRATES: 15.0, ORDERS: 40.0}
MAX_BYTES = 3e9
MAX_EMERGENCY_S, MAX_EMERGENCY_BYTES = 60.0, 4e9
MAX_CHANNELS_RATIO = 2.0
MAX_GROWTH = 1.2
MAX_REPLICATION_S = 0.030
MIN_SPEED_UP, MAX_OVERHEAD_S, MAX_MEMORY_GROWTH = 1.8, 0.005, 1.2
SOJOURN_TOLERANCE = 0.03


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
        *_accuracy_verdicts(results),
        *_city_verdicts(results),
        *_small(results),
        *_sweep(results),
    ]


def _engine_verdicts(results: Results) -> list[Verdict]:
    found = []
    for key, name, least in ((SIMPY, "SimPy, one process per order", 60), (CIMBA, "cimba", 3)):
        target = f"tandem through the model at least {least}x {name}"
        ratio = results.tandem.times_as_fast(key)
        if ratio is None:
            found.append(Verdict(target, results.tandem.missing.get(key, "not measured"), None))
        else:
            found.append(Verdict(target, f"{ratio:.3g}x", ratio >= least))
    above_floor = results.tandem.times_as_fast(FLOOR)
    assert above_floor is not None  # NumPy is always there
    time = 1 / above_floor
    found.append(Verdict("tandem within 10x of the draw floor", f"{time:.3g}x its time", time <= 10))
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
