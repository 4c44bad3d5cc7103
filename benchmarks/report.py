"""The page ``docs/performance.md``, written from the results of one run."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from benchmarks.engines import CIMBA, ENGINES, FLOOR, SIMPY, Comparison, version
from benchmarks.peers.reference import POINTS
from benchmarks.processes import Plan
from benchmarks.run import Results, Sizes, city_plans, reference_plans
from benchmarks.small import SMALL
from benchmarks.targets import Verdict, verdicts

HEAD = """# Speed and memory

Written by `make bench` (`python -m benchmarks`), everything measured in one run; `benchmarks/` holds every model and
plan. Cities and small plans are the frozen copies in `benchmarks/plans`, whose numbers never change, not the built-in
plans of like names. A round runs every case once, so that a busy moment of the machine hits all alike; ratios are
medians over rounds of the ratio within each round, other figures medians.
Engines: rounds {rounds}; plans: rounds {plan_rounds}.
Every engine has run once before the clock starts, so nobody's compilation is counted.
"""
SMALL_RUN = "\n**A run at small sizes: its figures say that the benchmarks work, and nothing about speed.**\n"
ENGINES_NOTE = """
Tandem: Poisson 10 orders a minute; 25 pickers, lognormal, mean 2 min, sigma 0.5; batches of 50; 8 vehicles, uniform
10-20 min each way; 50 couriers, exponential, mean 4 min; first come, first served; the empty start counts. M/M/3: 2.4
customers a minute, 3 servers, mean 1 min. Shared crews: 12 points with 0.8 orders a minute each; 8 people and 3 vans
at each fetch orders in tens (uniform 5-10 min each way, one of the people in the van), sort them one by one (lognormal,
mean 2 min, sigma 0.5) and bring them to the door (exponential, mean 4 min); who is free takes what is nearest to the
door. The tandem with a full floor: a station with room for 250 parcels and two docks, 3 min to unload; steps couple
there, and the reference is what such a plan ran in before.

simsupply simulates all of them as a user would have them: scenario and strategy files in `benchmarks/plans`, with
calendars, ledger, households and every invariant checked. One replication gives the times of every household and the
work of every step; `simulate` adds all metrics and the coverage curve. The other engines sum up the sojourn and nothing
else. Draws are included everywhere. The last column is a mean over all rounds ({rounds} x {num_orders:,} orders), with
other random numbers in every engine; the targets above say how exact simsupply is.
"""
PLANS_NOTE = """
Each plan runs in a process of its own, one replication, all metrics. *Process* is from the start of Python to its end;
*run* is the replication alone, after the compiled kernels were loaded. Orders per second are over the run.
"""
GROWTH_NOTE = """
Time of the run against households ({days} days) and against days. The spread city has depots, stations, drop points and
area in proportion to its households; cities of the census are laid out otherwise and stand by themselves. *At worst*
is the largest time per unit of size over that of any smaller size.

![Seconds against households and days, axes logarithmic, with a line of linear growth](images/{figure}.png)
"""
SWEEP_NOTE = """
Attendance of `{small}` under `standard_crates` swept with 20 replications a point, into a new store, with
`executor=processes`; the start of the workers counts. Overhead is time of processors beyond that of the replications.
"""
COUNTS = ("attempted", "accepted", "delivered")


def render(results: Results, figure: str) -> str:
    """The whole page as Markdown; `figure` is the name of the image without ending."""
    sizes = results.sizes
    # Fewer rounds are less exact, but not smaller.
    is_full = replace(sizes, rounds=Sizes.rounds, plan_rounds=Sizes.plan_rounds) == Sizes()
    head = HEAD.format(rounds=sizes.rounds, plan_rounds=sizes.plan_rounds)
    parts = [head, "" if is_full else SMALL_RUN, _machine(results)]
    parts += ["\n## Targets\n\n", _targets(verdicts(results))]
    parts += ["\n## Next to other engines\n", ENGINES_NOTE.format(rounds=sizes.rounds, num_orders=sizes.num_orders)]
    points = f"{POINTS} points of {results.points.num_orders // POINTS:,} orders"
    for title, comparison in (
        ("Tandem", results.tandem),
        ("M/M/3", results.queue),
        ("Shared crews", results.crew),
        (f"Shared crews, {points}", results.points),
        ("Tandem with a full floor", results.floor),
    ):
        parts += [f"\n### {title}\n\n", _engines(comparison)]
    parts += ["\n## Cities\n", PLANS_NOTE, "\n", _plans(results, city_plans(sizes))]
    parts += ["\n## Growth\n", GROWTH_NOTE.format(days=sizes.growth_days, figure=figure), "\n"]
    parts += [_growth(results), "\n## Memory of the reference models\n\n", _plans(results, reference_plans())]
    parts += ["\n## Small plans and start-up\n\n", _small(results)]
    parts += ["\n## Sweeps\n", SWEEP_NOTE.format(small=SMALL), "\n", _sweep(results)]
    return "".join(parts)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; every column after the first is right-aligned.

    >>> print(table(["a", "b"], [["x", "1"]]), end="")
    | a | b |
    |---|--:|
    | x | 1 |
    """
    lines = ["| " + " | ".join(head) + " |", "|---|" + "--:|" * (len(head) - 1)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _machine(results: Results) -> str:
    return "\n" + "".join(f"- {name}: {text}\n" for name, text in results.machine.items())


def _targets(found: list[Verdict]) -> str:
    words = {True: "met", False: "**not met**", None: "not measured"}
    rows = "".join(f"| {v.target} | {v.found} | {words[v.is_met]} |\n" for v in found)
    return "| target | found | verdict |\n|---|---|---|\n" + rows


def _engines(comparison: Comparison) -> str:
    timings, rows = comparison.timings, []
    for engine in sorted(ENGINES, key=lambda e: timings[e.key].median if e.key in timings else float("inf")):
        if engine.key in comparison.missing:
            rows.append([engine.label, comparison.missing[engine.key], *[""] * 4])
        elif engine.key in timings:
            timing = timings[engine.key]
            speed = f"{comparison.num_orders / timing.median:,.0f}"
            ratios = [f"{timing.ratio(timings[key]):.3g}" if key in timings else "" for key in (SIMPY, CIMBA)]
            above_floor = f"{timings[FLOOR].ratio(timing):.3g}" if FLOOR in timings else ""
            value = "" if math.isnan(timing.value) else f"{timing.value:.3f}"
            label = f"{engine.label} ({engine.package} {version(engine.package)})"
            rows.append([label, speed, *ratios, above_floor, value])
    return table(["engine", "orders/s", "x SimPy", "x cimba", "x floor's time", "mean sojourn, min"], rows)


def _plans(results: Results, plans: Iterable[Plan]) -> str:
    rows = []
    for plan in plans:
        cost = results.costs.get(plan)
        if cost is None:
            rows.append([plan.label, f"failed: {results.failures.get(plan, 'unknown')}", *[""] * 7])
            continue
        speeds = [f"{getattr(cost, name) / cost.run_s:,.0f}" for name in COUNTS]
        figures = [f"{cost.wall_s:.1f}", f"{cost.run_s:.2f}", f"{cost.peak_bytes / 1e9:.2f}", f"{cost.attempted:,}"]
        rows.append([plan.label, f"{cost.households:,}", *figures, *speeds])
    head = ["plan", "households", "process, s", "run, s", "peak, GB", "orders attempted"]
    return table([*head, *(f"{name}/s" for name in COUNTS)], rows)


def _growth(results: Results) -> str:
    rows = []
    for place, axis, growths in (
        ("spread city", "households", results.growth_households),
        (", ".join(f"`{city}`" for city in results.sizes.cities), "households", results.growth_cities),
        (f"`{results.sizes.city}`", "days", results.growth_days),
    ):
        for growth in growths:
            span = f"{growth.sizes[0]:,.0f} .. {growth.sizes[-1]:,.0f} {axis}"
            seconds = f"{growth.seconds[0]:.2f} .. {growth.seconds[-1]:.2f}"
            figures = [f"{growth.slope:.2f}", f"x{growth.worst:.2f}"]
            rows.append([f"{place}, {growth.strategy}", span, seconds, *figures])
    return table(["plan", "sizes", "run, s", "log-log slope", "at worst"], rows)


def _sweep(results: Results) -> str:
    sweep = results.sweep
    if sweep is None:
        return "Not measured.\n"
    rows = [[f"{sweep.runs:,} runs, workers: {workers}", f"{wall:.1f} s"] for workers, wall in sweep.wall_s.items()]
    rows.append(["a replication with its metrics, without a sweep", f"{sweep.plain_s * 1000:.1f} ms"])
    rows.append(["a run in the sweep, beyond that", f"{sweep.overhead_s * 1000:.1f} ms"])
    return table(["what", "time"], rows)


def _small(results: Results) -> str:
    small = results.small
    if small is None:
        return "Not measured.\n"
    place = f"`{small.scenario}` ({small.households:,} households)"
    rows = [[f"{place}, {name}, one replication", f"{s * 1000:.1f} ms"] for name, s in small.replication_s.items()]
    rows += [
        ["`import simsupply`", f"{small.import_s * 1000:.0f} ms"],
        ["importing everything a run needs", f"{small.import_all_s:.2f} s"],
        [f"first result of {place} in a new process", f"{small.first_run_s:.2f} s"],
    ]
    if small.compiling_s is not None:
        rows.append(["the same for the very first time, compiling the kernels", f"{small.compiling_s:.1f} s"])
    if small.events_s is not None:
        rows.append(["compiling the event loop, once", f"{small.events_s:.1f} s"])
    return table(["what", "median"], rows)
