"""Random small plans that use everything the engine can do, as plain data."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.plans.paper_plans import channel, crew, cycle, delay, door, fleet, leg, shift, stage, strategy, world

Plain = dict[str, Any]
SHIFTS = (
    (shift("08:00", "18:00"),),
    (shift("08:00", "09:00"), shift("09:00", "10:30")),
    (shift("08:00", "12:00", ("09:00", "09:15"), ("10:00", "10:20")),),
    (shift("00:00", "24:00"),),
    (shift("06:00", "08:20"), shift("08:20", "10:00", ("09:00", "09:10")), shift("20:00", "24:00")),
    (shift("22:00", "06:00", ("23:30", "00:10"), ("02:00", "02:20")),),
    (shift("08:30", "08:30", ("12:00", "12:30"), ("00:00", "01:00")),),
    (shift("10:00", "16:00"), shift("20:00", "07:30", ("01:00", "01:15"))),
)


def minutes_of(time: str) -> int:
    """Minutes since midnight of a time of day."""
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)


def span(part: Plain) -> tuple[int, int]:
    """Start and end of a shift, minutes since the midnight before its start."""
    start, end = minutes_of(part["start"]), minutes_of(part["end"])
    return start, end if end > start else end + 1440


def overlap(first: Plain, other: Plain) -> bool:
    """Whether people of one crew can fill in at the other: shifts of the same day overlap, and end before the next."""
    pairs = [(span(one), span(two)) for one in first["shifts"] for two in other["shifts"]]
    both = [(a, b) for a, b in pairs if a[0] < b[1] and b[0] < a[1]]
    return bool(both) and all(a[1] <= b[0] + 1440 and b[1] <= a[0] + 1440 for a, b in both)


# Whole minutes and no variability force ties; other numbers do not.
WHOLE_MINUTES = st.integers(1, 30).map(float)
MINUTES = st.one_of(WHOLE_MINUTES, st.floats(0.3, 40))
SPREAD = st.sampled_from(
    [{"kind": "none"}, {"kind": "none"}, {"kind": "lognormal", "sigma": 0.7}, {"kind": "exponential"}]
)
BREAKDOWN = st.one_of(
    st.none(),
    st.none(),
    st.builds(lambda up, down: {"mean_up_hours": up, "mean_down_hours": down}, st.floats(0.3, 10), st.floats(0.1, 8)),
)


@st.composite
def plans(draw: st.DrawFn, with_floors: bool = False) -> tuple[Plain, Plain]:
    """A scenario and a strategy with one or two channels that share crews and vehicles."""
    via_hub = draw(st.booleans())
    sizes = draw(st.lists(st.integers(1, 9), min_size=1, max_size=3))
    is_poisson = draw(st.integers(0, 3)) == 0
    floor = draw(st.integers(6, 20)) if with_floors else None
    room = {} if floor is None else {"floor_parcels": floor}
    geography: Plain = {
        "kind": "listed",
        "depots": [{"name": "site", "docks": draw(st.integers(1, 2))}],
        "stations": [],
        "drop_points": [
            {"name": f"d{number}", "households": count, "distance_km": draw(st.sampled_from([1.0, 2.5, 10]))}
            | ({"station": f"hub{number % 2}"} if via_hub else {})
            | room
            for number, count in enumerate(sizes)
        ],
    }
    if via_hub:
        geography["stations"] = [
            {"name": f"hub{number}", "depot": "site", "distance_km": 4.0, "docks": draw(st.integers(1, 2))}
            | (room if draw(st.booleans()) else {})
            for number in range(2)
        ]
    hub = "station" if via_hub else "depot"
    disciplines = ["fifo", "priority"] if with_floors else ["sequence", "fifo", "priority"]

    def team(at: str = "depot", ends: tuple[str, ...] = ("finish", "pause", "hand_over", "fit")) -> Plain:
        end, shifts = draw(st.sampled_from(ends)), draw(st.sampled_from(SHIFTS))
        # Equipment has one shift and hands nothing over.
        can_be_equipment = end != "hand_over" and len(shifts) == 1
        return crew(
            draw(st.integers(1, 4)),
            at,
            *shifts,
            at_shift_end=end,
            breakdown=draw(BREAKDOWN),
            people="equipment" if can_be_equipment and draw(st.booleans()) else "worker",
        )

    def vehicles(origin: str, to: str) -> Plain:
        at = to if fetches[to] else origin
        return fleet(
            draw(st.integers(1, 3)),
            at,
            *draw(st.sampled_from(SHIFTS)),
            payload_parcels=draw(st.integers(4, 6)),
            speed_km_h=draw(st.sampled_from([30, 60])),
            speed_cv=draw(st.sampled_from([0, 0, 0.3])),
            breakdown=draw(BREAKDOWN),
        )

    crews = {"clerks": team(), "packers": team(), "sorters": team("station")}
    crews["walkers"] = team("drop_point", ("finish", "fit"))
    crews["counters"] = team("drop_point")
    crews["couriers"] = team(hub, ("finish", "fit"))
    # A drop point's floor limits vehicles only.
    by_courier = (via_hub or not with_floors) and draw(st.integers(0, 3)) == 0
    fetches = {to: draw(st.integers(0, 2)) == 0 for to in ("station", "drop_point")}
    order_of = {name: draw(st.sampled_from(disciplines)) for name in ("packers", "sorters", "walkers", "couriers")}
    order_of["counters"] = draw(st.sampled_from(["fifo", "priority"]))
    order_of["clerks"] = draw(st.sampled_from(["sequence", "fifo", "priority"]))
    order_of["packers"] = draw(st.sampled_from(["sequence", "fifo", "priority"]))
    leaves = {name: draw(st.sampled_from(["sequence", "fifo", "full"])) for name in ("trucks", "vans")}
    for name in leaves:
        if is_poisson:
            leaves[name] = "full"
        elif with_floors and leaves[name] == "sequence":
            leaves[name] = "fifo"

    def work(name: str, team_name: str, at: str = "depot") -> Plain:
        per = draw(st.sampled_from(["order", "consignment"]))
        effort = {"per_order_min": draw(MINUTES)}
        return stage(
            name, team_name, at, per=per, discipline=order_of[team_name], effort=effort, variability=draw(SPREAD)
        )

    def drive(name: str, fleet_name: str, origin: str, to: str) -> Plain:
        says = leaves[fleet_name]
        how: Plain = {"discipline": "sequence" if says == "sequence" else "fifo", "fetch": fetches[to]}
        if says == "full":
            kind = draw(st.sampled_from(["full", "time"]))
            at = draw(st.sampled_from([["09:00"], ["08:30", "12:00", "17:45"]] + [[]] * (kind == "full")))
            how["leave"] = {"kind": kind, "orders": draw(st.integers(1, 3)), "at": at}
        if draw(st.booleans()):
            how["drive_min"] = draw(st.sampled_from([[0, 0], [5, 5], [1, 20]]))
        if draw(st.booleans()):
            how["load"] = {"per_parcel_min": draw(st.integers(1, 9))}
            how["unload"] = {"per_consignment_min": draw(st.integers(0, 9))}
        return leg(name, fleet_name, origin, to, **how)

    def barrier(name: str) -> Plain:
        closes = draw(st.sampled_from(["09:30", "16:00"]))
        slots = None
        if draw(st.booleans()):
            slots = {
                "minutes": draw(st.sampled_from([30, 20, 7.5])),
                "households": draw(st.integers(1, 3)),
                "no_show_share": draw(st.sampled_from([0, 0.3, 0.9])),
            }
        weekdays = draw(st.sampled_from([[], [], ["tue", "sat"], ["mon", "wed", "thu", "fri", "sun"]]))
        ahead = draw(st.sampled_from([0, 0, 0, 1]))
        says = {"name": name, "opens": "08:30", "closes": closes, "weekdays": weekdays}
        return {"gate": says | {"days_ahead": ahead, "slots": slots}}

    def pick_up(name: str) -> Plain:
        # No longer than the shortest slot: what is refused in a plan is tested elsewhere.
        effort = {"per_order_min": draw(st.one_of(st.integers(1, 3).map(float), st.floats(0.3, 3)))}
        queue = {"spacing_m": draw(st.sampled_from([0, 1, 2])), "walk_m_per_min": 4}
        more = {"queue": queue} if draw(st.booleans()) else {}
        more["contact"] = draw(st.sampled_from([None, "gate", "shop"]))
        how = {"discipline": order_of["counters"], "variability": draw(SPREAD)}
        return stage(name, "counters", "drop_point", effort=effort, **how, **more)

    def rounds(name: str, team_name: str, at: str) -> Plain:
        step = door(
            draw(st.integers(1, 3)),
            draw(st.sampled_from([0, 4])),
            carry_kg=1e6,
            per_floor_min=draw(st.sampled_from([0, 0.4])),
            effort={"per_order_min": draw(st.sampled_from([0, 0.7, 3]))},
        )
        if at != "drop_point":
            step["stage"]["rounds"]["speed_km_h"] = draw(st.sampled_from([15, 17.5]))
        how = {"discipline": order_of[team_name], "variability": draw(SPREAD)}
        step["stage"] |= {"name": name, "crew": team_name, "at": at, "contact": draw(st.sampled_from([None, "door"]))}
        return {"stage": step["stage"] | how}

    def way(name: str) -> Plain:
        steps = [work(f"compile_{name}", "clerks")] if draw(st.booleans()) else []
        steps.append(work(f"pack_{name}", "packers"))
        if via_hub:
            steps.append(drive(f"trunk_{name}", "trucks", "depot", "station"))
            if draw(st.booleans()):
                steps.append(work(f"sort_{name}", "sorters", "station"))
        if draw(st.booleans()):
            steps.append(delay(f"rest_{name}", draw(st.sampled_from([0, 10, 7.7]))))
        if not by_courier:
            steps.append(drive(f"deliver_{name}", "vans", hub, "drop_point"))
        if draw(st.booleans()):
            steps.append(barrier(f"barrier_{name}"))
        if not by_courier and draw(st.integers(0, 2)) == 0:
            steps.append(pick_up(f"pick_up_{name}"))
        team_name = "couriers" if by_courier else "walkers"
        if draw(st.integers(0, 4)):
            steps.append(rounds(f"door_{name}", team_name, hub if by_courier else "drop_point"))
        return channel(name, *steps, release={"kind": draw(st.sampled_from(["order", "order", "allot"]))})

    days = draw(st.integers(1, 2))
    horizon = draw(st.integers(2, 4))
    if is_poisson:
        demand: Plain = {
            "kind": "poisson",
            "need_kg_per_household_week": 14,
            "rate_per_min": draw(st.floats(0.02, 1)),
            # More than there are households: some have several orders.
            "max_orders": draw(st.integers(1, 40)),
            "order_kg": 5,
            "lines_per_order": 3,
        }
    else:
        demand = cycle(14, days, lines=1, release_time=draw(st.sampled_from(["00:00", "08:20"])))
    names = ["first"] if is_poisson else ["first", "second"][: draw(st.integers(1, 2))]
    channels = [way(name) for name in names]
    if is_poisson:
        for drawn in channels:
            drawn["release"] = {"kind": "order"}
    plan = world(
        geography,
        crews,
        {
            "vans": vehicles(hub, "drop_point"),
            **({"trucks": vehicles("depot", "station")} if via_hub else {}),
        },
        demand=demand,
        attendance=draw(st.sampled_from([0.5, 0.8, 1, 1])),
        people={
            "priority_share": draw(st.sampled_from([0, 0.4])),
            "lift_share": 0.5,
            "households_per_building": draw(st.integers(1, 6)),
            "households_per_floor": draw(st.integers(1, 2)),
        },
        start_date=draw(st.sampled_from([None, "2022-03-11"])),
        horizon_days=horizon,
        run_out_days=draw(st.integers(0, 3)),
    )
    return plan, strategy(*channels, from_days=range(len(names)))
