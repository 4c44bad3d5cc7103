"""Random small plans with rows of docs/model.md that have no counter-example, and otherwise only what is proven."""

from __future__ import annotations

from itertools import combinations
from random import Random

from tests.plans.paper_plans import Plain, channel, crew, cycle, fleet, leg, shift, stage, strategy, world

ONE_SHIFT = (
    (shift("08:00", "12:00"),),
    (shift("08:00", "18:00", ("12:00", "13:00")),),
    (shift("08:00", "09:00"),),
)
SHIFTS = (
    *ONE_SHIFT,
    (shift("08:00", "09:00"), shift("09:00", "11:00")),
    (shift("08:00", "08:40"), shift("10:00", "12:00")),
)
UNREFUTED: dict[str, str] = {
    "at_shift_end.pause_of_all_alike": "pause",
    "at_shift_end.hand_over": "hand_over",
    "at_shift_end.fit": "fit",
}
COMBINATIONS: tuple[tuple[str, ...], ...] = tuple(
    rows for number in range(len(UNREFUTED) + 1) for rows in combinations(UNREFUTED, number)
)
"""Every set of the rows without a proof and without a counter-example; the empty one has only what is proven."""


def plan_with(rows: tuple[str, ...], random: Random) -> tuple[Plain, Plain]:
    """A depot whose crews work one after the other for one to three places; a unit longer than a shift may be in it.

    Each crew has one of the rows, in any order; a crew that is left over ends its shifts as is proven.
    """
    ends = [*rows, *[""] * (2 - len(rows))]
    random.shuffle(ends)
    alike = "at_shift_end.pause_of_all_alike" in rows
    sizes = [random.randint(1, 4) for _ in range(random.randint(1, 3))]
    whole = random.random() < 0.5

    def minutes(most: float) -> float:
        return float(random.randint(1, int(most))) if whole else round(random.uniform(0.5, most), 3)

    def work(number: int, most: float) -> Plain:
        spread = {"kind": "none"} if whole else random.choice([{"kind": "exponential"}, {"kind": "none"}])
        per = random.choice(["order", "consignment"])
        effort = {"per_order_min": minutes(most)}
        return stage(f"work_{number}", f"crew_{number}", per=per, effort=effort, variability=spread)

    def people(row: str) -> Plain:
        shifts = random.choice(ONE_SHIFT if row.endswith("all_alike") else SHIFTS)
        says = {"at_shift_end": UNREFUTED[row]} if row else {}
        return crew(random.randint(1, 3), "depot", *shifts, **says)

    crews = {f"crew_{number}": people(row) for number, row in enumerate(ends)}
    hours = random.choice(ONE_SHIFT if alike else SHIFTS)
    vans = fleet(random.randint(1, 2), "depot", *hours, payload_parcels=random.randint(1, 5))
    geography = {
        "kind": "listed",
        "depots": [{"name": "site", "docks": random.randint(1, 2)}],
        "drop_points": [
            {"name": f"d{number}", "households": count, "distance_km": random.choice([2.0, 5, 10])}
            for number, count in enumerate(sizes)
        ],
    }
    plan = world(
        geography,
        crews,
        {"vans": vans},
        attendance=1 if alike else random.choice([1, 1, 0.7]),
        demand=cycle(14, random.choice([7, 7, 1])),
        people={"priority_share": random.choice([0, 0.4])},
        horizon_days=4,
        run_out_days=4,
    )
    steps = [work(number, 15 if number else 30) for number in range(len(ends))]
    return plan, strategy(channel("only", *steps, leg("drive", "vans")))
