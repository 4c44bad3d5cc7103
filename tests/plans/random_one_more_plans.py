"""Random small plans with one row of the table of docs/model.md, and otherwise only what is proven."""

from __future__ import annotations

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
ROWS: dict[str, Plain] = {
    "proven": {},
    "at_shift_end.pause_of_all_alike": {"at_shift_end": "pause"},
    "at_shift_end.hand_over": {"at_shift_end": "hand_over"},
    "at_shift_end.fit": {"at_shift_end": "fit"},
    "stage.joined_by": {},
    "docks.by_day": {},
}


def plan_with(row: str, random: Random) -> tuple[Plain, Plain]:
    """A depot whose people pick and load for one to three places; a unit longer than a shift may be in it."""
    says, alike = ROWS[row], row.endswith("all_alike")
    shifts = random.choice(ONE_SHIFT if alike else SHIFTS)
    sizes = [random.randint(1, 4) for _ in range(random.randint(1, 3))]
    whole = random.random() < 0.5

    def minutes(most: float) -> float:
        return float(random.randint(1, int(most))) if whole else round(random.uniform(0.5, most), 3)

    def work(name: str, team: str, most: float) -> Plain:
        spread = {"kind": "none"} if whole else random.choice([{"kind": "exponential"}, {"kind": "none"}])
        per = random.choice(["order", "consignment"])
        return stage(name, team, per=per, effort={"per_order_min": minutes(most)}, variability=spread)

    def people() -> Plain:
        return crew(random.randint(1, 3), "depot", *shifts, **says)

    crews = {"pickers": people(), "loaders": people()}
    vans = fleet(random.randint(1, 2), "depot", *shifts, payload_parcels=random.randint(1, 5))
    geography = {
        "kind": "listed",
        "depots": [{"name": "site", "docks": random.randint(1, 2)}],
        "drop_points": [
            {"name": f"d{number}", "households": count, "distance_km": random.choice([2.0, 5, 10])}
            for number, count in enumerate(sizes)
        ],
    }
    steps = work("pick", "pickers", 30), work("load", "loaders", 15)
    if row == "stage.joined_by":
        for step in random.sample(steps, random.randint(1, 2)):
            crews[f"helpers_of_{step['stage']['crew']}"] = people()
            step["stage"]["joined_by"] = [f"helpers_of_{step['stage']['crew']}"]
    drive = leg("drive", "vans")
    if row == "docks.by_day":
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
