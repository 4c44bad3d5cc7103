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
SHIFT_ENDS: dict[str, str] = {
    "at_shift_end.pause_of_all_alike": "pause",
    "at_shift_end.hand_over": "hand_over",
    "at_shift_end.fit": "fit",
}
UNREFUTED = (*SHIFT_ENDS, "stage.joined_by", "docks.by_day")
COMBINATIONS: tuple[tuple[str, ...], ...] = tuple(
    rows for number in range(len(UNREFUTED) + 1) for rows in combinations(UNREFUTED, number)
)
"""Every set of the rows without a proof and without a counter-example; the empty one has only what is proven."""


def plan_with(rows: tuple[str, ...], random: Random) -> tuple[Plain, Plain]:
    """A depot whose crews work one after the other for one to three places; a unit longer than a shift may be in it.

    Each crew has one of the rows on the end of shifts, in any order; a crew that is left over ends its shifts as is
    proven.
    """
    ends = [row for row in rows if row in SHIFT_ENDS]
    ends += [""] * (2 - len(ends))
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
        says = {"at_shift_end": SHIFT_ENDS[row]} if row else {}
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
    steps = [work(number, 15 if number else 30) for number in range(len(ends))]
    if "stage.joined_by" in rows:
        for number in random.sample(range(len(ends)), random.randint(1, 2)):
            crews[f"helpers_{number}"] = people(ends[number])
            steps[number]["stage"]["joined_by"] = [f"helpers_{number}"]
    drive = leg("drive", "vans")
    if "docks.by_day" in rows:
        drive["leg"]["load"] = {"per_parcel_min": minutes(30)}
        vans["shifts"] = random.choice([vans["shifts"], [shift("20:00", "06:00")]])
        geography["depots"][0]["by_day"] = [
            {"from_day": random.randint(0, 3), "docks": random.randint(0, 3)} for _ in range(random.randint(1, 3))
        ]
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
    return plan, strategy(channel("only", *steps, drive))
