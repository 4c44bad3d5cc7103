"""Random small plans with gateways and stations that open, close and stand in for each other, as plain data."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.plans.paper_plans import channel, crew, cycle, delay, door, fleet, leg, stage, strategy, world
from tests.plans.random_plans import BREAKDOWN, MINUTES, SHIFTS, SPREAD, Plain

KM = st.sampled_from([1.0, 2.5, 10.0])


@st.composite
def place_plans(draw: st.DrawFn, with_floors: bool = False) -> tuple[Plain, Plain]:
    """A scenario and a strategy with one or two channels through up to three levels of transfer yards."""
    has_gateway = draw(st.integers(0, 4)) > 0
    has_station = draw(st.booleans())
    is_listed = draw(st.booleans())
    room = draw(_floors()) if with_floors else {}
    geography = draw(_listed(has_gateway, has_station, room) if is_listed else _spread(has_gateway, has_station, room))
    # What a gateway is on the way to.
    beyond = "station" if has_station else "drop_point"
    is_poisson = draw(st.integers(0, 4)) == 0
    sequence = [] if with_floors else ["sequence", "sequence"]
    discipline = {
        name: draw(st.sampled_from([*sequence, "fifo", "priority"]))
        for name in ("packers", "cleaners", "swappers", "sorters", "walkers")
    }
    leaves = {
        name: "full" if is_poisson else draw(st.sampled_from([*sequence, "fifo", "full"]))
        for name in ("trucks", "tractors", "haulers", "vans")
    }
    # Who keeps loads follows a leg with a dispatch list.
    keeps = leaves["trucks"] != "full" and leaves["tractors"] != "full" and draw(st.booleans())
    payload = draw(st.integers(4, 7))
    days = (draw(st.integers(0, 2)), draw(st.sampled_from([None, 3])))
    condition: Plain = {"from_day": days[0], "to_day": days[1]}

    def team(at: str, ends: tuple[str, ...] = ("finish", "pause", "hand_over", "fit")) -> Plain:
        how = {"at_shift_end": draw(st.sampled_from(ends)), "breakdown": draw(BREAKDOWN)}
        return crew(draw(st.integers(1, 3)), at, *draw(st.sampled_from(SHIFTS)), **how)

    def vehicles(at: str, parcels: int) -> Plain:
        return fleet(
            draw(st.integers(1, 3)),
            at,
            *draw(st.sampled_from(SHIFTS)),
            payload_parcels=parcels,
            speed_km_h=draw(st.sampled_from([30, 60])),
            speed_cv=draw(st.sampled_from([0, 0, 0.3])),
            breakdown=draw(BREAKDOWN),
        )

    def work(name: str, team_name: str, at: str, units: tuple[str, ...]) -> Plain:
        per = draw(st.sampled_from(units))
        effort = {"per_load_min": draw(MINUTES)} if per == "load" else {"per_order_min": draw(MINUTES)}
        how: Plain = {"per": per, "discipline": discipline[team_name]}
        return stage(name, team_name, at, effort=effort, variability=draw(SPREAD), **how)

    def drive(name: str, fleet_name: str, origin: str, to: str, **more: Any) -> Plain:
        says = leaves[fleet_name]
        how: Plain = {"discipline": "sequence" if says == "sequence" else "fifo", **more}
        if says == "full":
            kind = draw(st.sampled_from(["full", "time"]))
            at = draw(st.sampled_from([["09:00"], ["08:30", "12:00", "17:45"]] + [[]] * (kind == "full")))
            how["leave"] = {"kind": kind, "orders": draw(st.integers(1, 3)), "at": at}
        if draw(st.booleans()):
            how["load"] = {"per_parcel_min": draw(st.integers(1, 9)), "per_load_min": draw(st.integers(0, 5))}
            how["unload"] = {"per_consignment_min": draw(st.integers(0, 9))}
        how["held_min"] = draw(st.sampled_from([0, 0, 25, 7.7]))
        how["rest_min"] = draw(st.sampled_from([0, 0, 30]))
        return leg(name, fleet_name, origin, to, **how)

    def way(name: str) -> Plain:
        steps = [work(f"pack_{name}", "packers", "depot", ("order", "consignment"))]
        through: list[Plain] = []
        if has_gateway:
            planned = leaves["trucks"] != "full"
            loads_for = {"loads_for": beyond} if keeps else {}
            if planned and not keeps:
                loads_for = draw(st.sampled_from([{}, {"loads_for": "drop_point"}, {"loads_for": beyond}]))
            units = ("order", "consignment", "load", "load") if planned else ("order", "consignment")
            through.append(drive(f"trunk_{name}", "trucks", "depot", "gateway", **loads_for))
            if draw(st.booleans()):
                through.append(work(f"disinfect_{name}", "cleaners", "gateway", units))
            if draw(st.booleans()):
                through.append(delay(f"standing_{name}", draw(st.sampled_from([30, 7.7]))))
            if draw(st.booleans()):
                through.append(work(f"swap_{name}", "swappers", "gateway", units))
            onward = {"keeps_loads": True} if keeps else {}
            through.append(drive(f"onward_{name}", "tractors", "gateway", beyond, **onward))
        is_dated = has_gateway and draw(st.booleans())
        if is_dated:
            for step in through:
                step["when"] = condition
        steps += through
        if not has_gateway or is_dated:
            direct = drive(f"direct_{name}", "haulers", "depot", beyond)
            steps.append(direct | ({"when": condition | {"unless": True}} if is_dated else {}))
        if has_station:
            if draw(st.booleans()):
                # What came on one vehicle depends on the way it came.
                steps.append(work(f"sort_{name}", "sorters", "station", ("order", "consignment")))
            steps.append(drive(f"deliver_{name}", "vans", "station", "drop_point"))
        if draw(st.integers(0, 3)):
            last = door(draw(st.integers(1, 3)), draw(st.sampled_from([0, 4])), variability=draw(SPREAD))
            last["stage"] |= {"name": f"door_{name}", "discipline": discipline["walkers"]}
            steps.append(last)
        return channel(name, *steps)

    crews = {"packers": team("depot"), "walkers": team("drop_point", ("finish", "fit"))}
    fleets = {"haulers": vehicles("depot", payload)}
    if has_gateway:
        crews |= {"cleaners": team("gateway"), "swappers": team("gateway")}
        fleets |= {"trucks": vehicles("depot", payload), "tractors": vehicles("gateway", payload)}
    if has_station:
        crews["sorters"] = team("station")
        fleets["vans"] = vehicles("station", draw(st.integers(4, 6)))
    names = ["first"] if is_poisson else ["first", "second"][: draw(st.integers(1, 2))]
    demand: Plain = cycle(14, 1, release_time=draw(st.sampled_from(["00:00", "08:20"])))
    if is_poisson:
        demand = {
            "kind": "poisson",
            "need_kg_per_household_week": 14,
            "rate_per_min": draw(st.floats(0.02, 0.5)),
            "max_orders": draw(st.integers(1, 40)),
            "order_kg": 5,
            "lines_per_order": 3,
        }
    plan = world(
        geography,
        crews,
        fleets,
        demand=demand,
        attendance=draw(st.sampled_from([0.7, 1, 1])),
        people={"priority_share": draw(st.sampled_from([0, 0.4])), "lift_share": 0.5},
        horizon_days=draw(st.integers(2, 4)),
        run_out_days=draw(st.integers(0, 3)),
    )
    kinds = ["depot", *(["gateway"] if has_gateway else []), *(["station"] if has_station else [])]
    plan["shocks"] = {
        f"closed_{number}": draw(_closures(kinds, plan["scenario"]["horizon_days"]))
        for number in range(draw(st.integers(0, 3)))
    }
    return plan, strategy(*[way(name) for name in names], from_days=range(len(names)))


@st.composite
def _closures(draw: st.DrawFn, kinds: list[str], horizon: int) -> Plain:
    """One or all places of a kind are closed, or work at half capacity."""
    at = draw(st.sampled_from([*kinds, "drop_point"]))
    shock: Plain = {
        "kind": "place",
        "at": at,
        "places": draw(st.sampled_from([[], [f"{at}_1"], [f"{at}_2"]])) if at != "drop_point" else [],
        "capacity": draw(st.sampled_from([0, 0, 0.5])),
        "orders": "hold" if at == "drop_point" else draw(st.sampled_from(["hold", "nearest", "nearest"])),
    }
    if draw(st.integers(0, 3)) == 0:
        hits = draw(st.sampled_from(["all", "one"]))
        return shock | {"random": {"mean_days_between": 0.7, "mean_hours": 9, "hits": hits}}
    first = draw(st.integers(0, horizon - 1))
    shock |= {"from_day": first, "from_time": draw(st.sampled_from(["00:00", "08:45", "12:00"]))}
    if draw(st.booleans()):
        shock |= {"to_day": first + 1, "to_time": draw(st.sampled_from(["00:00", "09:05", "20:00"]))}
        if shock["to_time"] == "00:00":
            shock["from_time"] = "00:00"
    return shock


@st.composite
def _floors(draw: st.DrawFn) -> Plain:
    return draw(
        st.sampled_from(
            [
                {"floor_parcels": 9},
                {"floor_parcels": 15},
                {"floor_m3": 1.2, "parcel_m3": 0.1},
                {"floor_pallets": 2, "parcels_per_pallet": 4},
            ]
        )
    )


@st.composite
def _listed(draw: st.DrawFn, has_gateway: bool, has_station: bool, room: Plain) -> Plain:
    sizes = draw(st.lists(st.integers(1, 7), min_size=1, max_size=3))

    def pair(kind: str, **more: Any) -> list[Plain]:
        """Two places of a kind, each of which takes over from the other."""
        return [
            {"name": f"{kind}_{number}", "docks": draw(st.integers(1, 2)), "diverts_to": f"{kind}_{3 - number}"}
            | {"diverts_km": draw(st.sampled_from([0.0, 3.0]))}
            | {key: value(number) for key, value in more.items()}
            for number in (1, 2)
        ]

    above = "gateway" if has_gateway else "depot"
    fed_by = "station" if has_station else above
    geography: Plain = {"kind": "listed", "depots": pair("depot")}
    if has_gateway:
        gateways = pair("gateway", depot=lambda number: f"depot_{number}", distance_km=lambda _: draw(KM))
        geography["gateways"] = [place | room for place in gateways]
    if has_station:
        via = {above: lambda number: f"{above}_{number}"}
        geography["stations"] = pair("station", distance_km=lambda _: draw(KM), **via)
    geography["drop_points"] = [
        {"name": f"d{number}", "households": count, "distance_km": draw(KM)}
        | {fed_by: f"{fed_by}_{draw(st.integers(1, 2))}"}
        | (room if draw(st.booleans()) else {})
        for number, count in enumerate(sizes)
    ]
    _say_more(draw, geography)
    return geography


def _say_more(draw: st.DrawFn, geography: Plain) -> None:
    """Drop points that say who lives there and where they lie, and candidates, which nobody may notice."""
    points = geography["drop_points"]
    if draw(st.booleans()):
        for number, point in enumerate(points):
            point["district"] = f"区{number % 2}"
    # The first one leaves it to the scenario, which else would have nothing to say.
    for point in points[1:]:
        point |= draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "persons": st.sampled_from([1, 3.5]),
                    "lift_share": st.sampled_from([0, 0.7, 1]),
                    "priority_share": st.sampled_from([0, 0.8]),
                    "walk_min": st.sampled_from([0, 9, 31.7]),
                },
            )
        )
        if draw(st.booleans()):
            point["buildings"] = [{"households": point["households"], "has_lift": draw(st.sampled_from([None, True]))}]
            if point["buildings"][0]["has_lift"]:
                point.pop("lift_share", None)
        else:
            point["households_per_building"] = draw(st.integers(1, 3))
    if draw(st.booleans()):
        at = draw(st.integers(0, len(points)))
        points.insert(at, {"name": "candidate", "distance_km": 1.0, "depot": "depot_1", "candidate": True})
        geography["depots"].insert(draw(st.integers(0, 2)), {"name": "备选库", "candidate": True, "max_households": 5})


@st.composite
def _spread(draw: st.DrawFn, has_gateway: bool, has_station: bool, room: Plain) -> Plain:
    geography: Plain = {
        "kind": "spread",
        "radius_km": 6,
        "detour_factor": 1.3,
        "world_seed": draw(st.integers(0, 50)),
        "households": draw(st.integers(4, 20)),
        "depots": {"count": 2, "docks": draw(st.integers(1, 2))},
        "drop_points": {"count": draw(st.integers(1, 4))},
    }
    if has_gateway:
        geography["gateways"] = {"count": draw(st.integers(2, 3)), "ring_km": draw(st.sampled_from([None, 7.0]))} | room
    if has_station:
        geography["stations"] = {"count": draw(st.integers(2, 3))}
    return geography
