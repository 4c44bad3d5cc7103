"""Everything in one run: what is measured at which size, and all of it together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks import machine
from benchmarks.engines import Accuracy, Comparison, check_accuracy, compare_engines, wait
from benchmarks.frozen import scenario_file, strategy_file
from benchmarks.growth import (
    CITY,
    CRATES,
    EMERGENCY_CITY,
    STRATEGIES,
    TIER_CITY,
    WHOLE_CITY,
    Growth,
    channels_plan,
    city_plan,
    emergency_plan,
    floors_plan,
    growth_of,
    growth_plan,
)
from benchmarks.peers.reference import NUM_ORDERS
from benchmarks.processes import Cost, Plan, measure_all
from benchmarks.small import SMALL, Small, measure_small
from benchmarks.sweeps import Sweep, measure_sweep
from benchmarks.threads import Threads, measure_threads


@dataclass(frozen=True)
class Sizes:
    """How much is measured, cities by their names in `benchmarks/plans`.

    `households` are sizes of the spread city, `cities` the others, ascending. `tier_city` is the one in which all
    channels work, over as many days as the last of `days`; `emergency_city` the one in which plan S1 is modelled whole.
    """

    num_orders: int = NUM_ORDERS
    point_orders: int = 12_000
    floor_orders: int = 20_000
    floor_households: int = 1_800_000
    rounds: int = 6
    replications: int = 200
    city: str = CITY
    tier_city: str = TIER_CITY
    emergency_city: str = EMERGENCY_CITY
    days: tuple[int, ...] = (7, 15, 30)
    households: tuple[int, ...] = (20_000, 100_000, 500_000, 1_800_000, 3_300_000)
    growth_days: int = 7
    cities: tuple[str, ...] = (CITY, WHOLE_CITY)
    plan_rounds: int = 3
    small_replications: int = 20
    sweep_runs: int = 10_000
    compiles: bool = True


QUICK = Sizes(
    num_orders=5_000,
    point_orders=2_400,
    floor_orders=1_000,
    floor_households=20_000,
    rounds=1,
    replications=20,
    city="demo_city",
    tier_city="demo_tiers",
    emergency_city="demo_whole",
    days=(3, 6),
    households=(20_000, 40_000),
    growth_days=3,
    cities=(),
    plan_rounds=1,
    small_replications=2,
    sweep_runs=40,
    compiles=False,
)


@dataclass(frozen=True)
class Results:
    """What one run of the benchmarks found.

    `costs` and `failures` are of the plans that run in processes of their own, in the order of the tables; the
    `growth` lists hold one entry per strategy.
    """

    sizes: Sizes
    machine: dict[str, str]
    tandem: Comparison
    queue: Comparison
    crew: Comparison
    points: Comparison
    floor: Comparison
    tandem_sojourn: Accuracy
    queue_wait: Accuracy
    costs: dict[Plan, Cost]
    failures: dict[Plan, str]
    growth_households: list[Growth] = field(default_factory=list)
    growth_cities: list[Growth] = field(default_factory=list)
    growth_days: list[Growth] = field(default_factory=list)
    small: Small | None = None
    sweep: Sweep | None = None
    threads: Threads | None = None


def reference_plans() -> list[Plan]:
    """The reference models, for their memory."""
    plans = []
    for name, label in (("tandem", "reference tandem, 100,000 orders"), ("mm3", "M/M/3, 100,000 customers")):
        scenario = scenario_file(name)
        plans.append(Plan(label, scenario, strategy_file(name), warm_up=scenario))
    return plans


def households_plans(sizes: Sizes, strategy: str) -> list[Plan]:
    """The spread city, ascending in households."""
    return [growth_plan(strategy, households, sizes.growth_days) for households in sizes.households]


def cities_plans(sizes: Sizes, strategy: str) -> list[Plan]:
    """The other cities, ascending in households."""
    return [city_plan(strategy, sizes.growth_days, city) for city in sizes.cities]


def days_plans(sizes: Sizes, strategy: str) -> list[Plan]:
    """Ascending in days; the last is the plan of the targets."""
    return [city_plan(strategy, days, sizes.city) for days in sizes.days]


def floors_of(sizes: Sizes) -> Plan:
    """A city with little room at its stations."""
    return floors_plan(sizes.floor_households, sizes.growth_days)


def without_floors(sizes: Sizes) -> Plan:
    """The same city without."""
    return growth_plan(CRATES, sizes.floor_households, sizes.growth_days)


def city_plans(sizes: Sizes) -> list[Plan]:
    """All of them, each once, in the order of the table."""
    floors = [plan(sizes) for plan in (floors_of, without_floors)]
    series = (days_plans, cities_plans, households_plans)
    plans = [plan for plans_of in series for strategy in STRATEGIES for plan in plans_of(sizes, strategy)]
    return list(dict.fromkeys([channels_plan(sizes.tier_city), emergency_plan(sizes.emergency_city), *floors, *plans]))


def measure_everything(sizes: Sizes, say: Callable[[str], object] = lambda text: None) -> Results:
    """Run all parts.

    Parameters
    ----------
    sizes : Sizes
    say : callable
        Told what is being done, for a progress line.
    """
    about = machine.describe()
    tandem = compare_engines("tandem", sizes.num_orders, sizes.rounds, say)
    queue = compare_engines("queue", sizes.num_orders, sizes.rounds, say)
    crew = compare_engines("crew", sizes.num_orders, sizes.rounds, say)
    points = compare_engines("crew", sizes.point_orders, sizes.rounds, say)
    floor = compare_engines("floor", sizes.floor_orders, sizes.rounds, say)
    say("threads: points with shared crews on one thread and on two")
    threads = measure_threads(sizes.num_orders, sizes.rounds)
    say(f"accuracy: {sizes.replications} replications of each reference model")
    sojourn = check_accuracy("tandem", sizes.num_orders, sizes.replications)
    queue_wait = wait(check_accuracy("mm3", sizes.num_orders, sizes.replications))
    say(f"small: {SMALL} and start-up")
    small = measure_small(
        SMALL,
        ("standard_crates", "individual_orders"),
        sizes.small_replications,
        sizes.rounds,
        sizes.compiles,
    )
    say(f"sweep: {sizes.sweep_runs} runs on one worker and on two")
    sweep = measure_sweep(sizes.sweep_runs)
    costs, failures = measure_all([*city_plans(sizes), *reference_plans()], sizes.plan_rounds, say)

    def growths(plans_of: Callable[[Sizes, str], list[Plan]], axis: str) -> list[Growth]:
        found = [
            growth_of(strategy, [costs[plan] for plan in plans_of(sizes, strategy) if plan in costs], axis)
            for strategy in STRATEGIES
        ]
        return [growth for growth in found if growth]

    return Results(
        sizes=sizes,
        machine=about,
        tandem=tandem,
        queue=queue,
        crew=crew,
        points=points,
        floor=floor,
        tandem_sojourn=sojourn,
        queue_wait=queue_wait,
        costs=costs,
        failures=failures,
        growth_households=growths(households_plans, "households"),
        growth_cities=growths(cities_plans, "households"),
        growth_days=growths(days_plans, "days"),
        small=small,
        sweep=sweep,
        threads=threads,
    )
