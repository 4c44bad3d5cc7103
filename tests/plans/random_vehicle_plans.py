"""Random small plans whose vehicles do everything that vehicles can, on roads that are not always open."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from tests.plans.random_overtime_plans import shocks_after_shifts
from tests.plans.random_plans import Plain, plans

WHOLE = st.integers(0, 20)
FEW_MINUTES = st.one_of(WHOLE.map(float), st.floats(0.1, 20))
SHARES = st.sampled_from([0.3, 0.5, 1.0])


def maybe(draw: st.DrawFn, strategy: st.SearchStrategy[Any], one_in: int = 3) -> Any:
    """A value now and then, else None."""
    return draw(strategy) if draw(st.integers(1, one_in)) == 1 else None


OWN_TYPE = "车"
"""Type of all vehicles; it says nothing of them."""


@st.composite
def passes(draw: st.DrawFn, may_turn_back: bool) -> Plain:
    says: Plain = {
        "recognised": draw(SHARES),
        "checkpoints": draw(st.integers(1, 3)),
        "tiers": draw(st.sampled_from([{}, {"sealed": 0.4}, {"high": 0.6, "low": 1.0}])),
        "districts": draw(st.sampled_from([{}, {"Whole area": 0.5}])),
    }
    if may_turn_back and draw(st.booleans()):
        most = draw(st.sampled_from([None, 1, 3]))
        if most:
            says["recognised"] = draw(st.sampled_from([0.0, 0.2]))
            says["max_tries"] = most
        return says | {"otherwise": "turn_back", "again_after_min": draw(st.sampled_from([0, 30]))}
    return says | {"otherwise": "delay", "delay_min": draw(FEW_MINUTES)}


@st.composite
def extras(draw: st.DrawFn, fetches: bool, horizon: int) -> Plain:
    """Further keys of a fleet; those that are not said are left out."""
    waits = st.builds(lambda a, b: {"at_base_min": a, "on_arrival_min": b}, FEW_MINUTES, FEW_MINUTES)
    rest = st.builds(
        lambda after, minutes: {"after_hours_driving": after, "minutes": minutes},
        st.sampled_from([0.25, 0.5, 1]),
        st.sampled_from([15, 20.5]),
    )
    hours = st.sampled_from([("12:00", "13:00"), ("21:00", "02:30"), ("08:40", "08:50"), ("09:10", "10:00")])
    roads = st.sampled_from([{"town_km_h": 20.0}, {"trunk_km_h": 50.0, "estate_km_h": 7.0}])
    says = {
        "disinfection": maybe(draw, waits),
        "rest": maybe(draw, rest),
        "curfew": maybe(draw, hours.map(lambda pair: {"from": pair[0], "to": pair[1]})),
        "passes": maybe(draw, passes(not fetches)),
        "requisition": maybe(
            draw, st.integers(0, min(2, horizon - 1)).map(lambda days: {"asked_day": 0, "lead_days": days}), 4
        ),
        "road_speed_km_h": maybe(draw, roads),
        "tier_speed_factor": maybe(draw, st.sampled_from([{"sealed": 0.8}, {"controlled": 1.3, "high": 0.7}])),
        "handling": maybe(draw, st.sampled_from([{"per_parcel_min": 0.3}, {"per_kg_min": 0.1}])),
    }
    return {key: value for key, value in says.items() if value is not None}


@st.composite
def shocks(draw: st.DrawFn, plan: Plain, legs: list[str]) -> Plain:
    """Up to four shocks that overlap as they like."""
    horizon, found = plan["scenario"]["horizon_days"], {}
    for number in range(draw(st.integers(0, 4))):
        first = draw(st.integers(0, horizon - 1))
        span = {
            "from_day": first,
            "from_time": draw(st.sampled_from(["00:00", "08:31", "09:00", "12:00"])),
            "to_day": draw(st.integers(first, horizon - 1)),
            "to_time": draw(st.sampled_from(["12:01", "13:30", "17:00"])),
        }
        kind = draw(st.sampled_from(["place", "place", "road", "road", "fleet"]))
        says: Plain = {"kind": kind} | span
        if kind == "place":
            stations = plan["scenario"]["geography"].get("stations")
            says["at"] = draw(st.sampled_from(["depot", "drop_point"] + ["station"] * bool(stations)))
            says["capacity"] = draw(st.sampled_from([0.0, 0.0, 0.5]))
        elif kind == "road":
            says["legs"] = draw(st.sampled_from([[], [], legs[:1]]))
            says["districts"] = draw(st.sampled_from([[], ["Whole area"]]))
            says["speed"] = draw(st.sampled_from([0.0, 0.0, 0.5, 0.3]))
        else:
            says["fleets"] = [draw(st.sampled_from(sorted(plan["fleet"])))]
            says["capacity"] = draw(st.sampled_from([0.0, 0.5]))
        if draw(st.integers(0, 5)) == 0:
            for key in span:
                del says[key]
            says["random"] = {"mean_days_between": 0.7, "mean_hours": 3}
        found[f"shock_{number}"] = says
    return found


@st.composite
def routes(draw: st.DrawFn, geography: Plain, fleet: str) -> Plain:
    """Keys of a leg that goes from drop point to drop point: a milk run, or given trips, on some days others."""
    stations, places = geography.get("stations"), geography["drop_points"]
    # Where places are spread it is drawn who is fed from where, so no trips can be given.
    names = [place["name"] for place in places] if isinstance(places, list) else []
    if not names or draw(st.booleans()):
        return {"route": "milk_run", "max_stops": draw(st.integers(1, 3))}
    origin = {place["name"]: place.get("station", "") if stations else "" for place in places}
    named = draw(st.sampled_from([fleet, OWN_TYPE]))
    rows = [(1, ["trip", "place", "fleet", "day"])]
    for day in draw(st.sampled_from([[""], ["", "1"], ["tue", ""]])):
        for name in draw(st.permutations(names)):
            trip = f"{origin[name]} {draw(st.integers(1, 2))}"
            # Of the leg's own fleet, or of any that is of its type.
            rows.append((len(rows) + 1, [trip, name, named if trip.endswith("2") else "", day]))
    return {"route": {"kind": "given", "file": {"name": "routes.csv", "rows": rows}}}


def square_table(draw: st.DrawFn, names: list[str], name: str) -> Plain:
    """A road matrix as it is once read, of few different lengths so that many ways are as long."""
    lengths = st.sampled_from(["0.5", "1", "2.5", "7", "11"])
    rows = [(1, ["", *names])]
    for number, origin in enumerate(names):
        rows.append((number + 2, [origin, *("0" if to == origin else draw(lengths) for to in names)]))
    return {"name": name, "rows": rows}


@st.composite
def places_on_a_map(draw: st.DrawFn, geography: Plain) -> None:
    """Give listed places coordinates of few different values, or a matrix, instead of distances."""
    kinds = ("depots", "gateways", "stations", "drop_points")
    places = [place for kind in kinds for place in geography.get(kind) or ()]
    for place in places:
        place.pop("distance_km", None)
    if draw(st.booleans()):
        geography["detour_factor"] = draw(st.sampled_from([1, 1.3]))
        for place in places:
            place |= {key: draw(st.sampled_from([-4.0, 0.0, 0.3, 3.0, 8.5])) for key in ("x_km", "y_km")}
        return
    names = list(dict.fromkeys(place["name"] for place in places))
    geography["road_matrix"] = {"file": square_table(draw, names, "km.csv")}
    if draw(st.booleans()):
        geography["road_matrix"]["minutes_file"] = square_table(draw, names, "min.csv")


@st.composite
def vehicle_plans(draw: st.DrawFn, with_floors: bool = False) -> tuple[Plain, Plain]:
    """A plan of `plans`, with further keys of fleets, legs and shocks."""
    plan, decided = deepcopy(draw(plans(with_floors)))
    geography, horizon = plan["scenario"]["geography"], plan["scenario"]["horizon_days"]
    steps = [step["leg"] for way in decided["channels"].values() for step in way["steps"] if "leg" in step]
    is_spread = draw(st.booleans()) and not with_floors
    if is_spread:
        stations = geography["stations"]
        num = draw(st.integers(1, 4))
        plan["scenario"]["geography"] = {
            "kind": "spread",
            "radius_km": 5,
            "detour_factor": 1.3,
            "world_seed": draw(st.integers(0, 50)),
            "households": draw(st.integers(num, 20)),
            "depots": {"count": draw(st.integers(1, 2)), "docks": draw(st.integers(1, 3))},
            "stations": {"count": 2, "docks": draw(st.integers(1, 2))} if stations else None,
            "drop_points": {"count": num},
        }
    elif draw(st.booleans()) and not with_floors:
        is_spread = True
        draw(places_on_a_map(plan["scenario"]["geography"]))
    if draw(st.booleans()):
        plan["tiers"] = {
            "settings": {"sealed": {"checkpoint_min": draw(st.sampled_from([0, 6.5]))}},
            "calendar": [{"tier": draw(st.sampled_from(["precaution", "controlled"])), "from_day": 1}],
        }
    for name in list(plan["fleet"]):
        legs_of_fleet = [leg for leg in steps if leg["fleet"] == name]
        fetches = any(leg["fetch"] for leg in legs_of_fleet)
        plan["fleet"][name] |= draw(extras(fetches, horizon)) | {"type": OWN_TYPE}
        plan["vehicle_types"] = {OWN_TYPE: {}}
        for leg in legs_of_fleet:
            leg["road"] = draw(st.sampled_from([None, "trunk", "town", "estate"]))
            if is_spread and leg["to"] == "drop_point" and not leg["fetch"] and draw(st.booleans()):
                leg.pop("drive_min", None)
                leg |= draw(routes(plan["scenario"]["geography"], name))
        if legs_of_fleet and draw(st.booleans()):
            other = plan["fleet"][f"more_{name}"] = deepcopy(plan["fleet"][name])
            for key in ("disinfection", "rest", "curfew", "passes", "requisition", "tier_speed_factor", "breakdown"):
                other.pop(key, None)
            other |= draw(extras(fetches, horizon)) | {"speed_km_h": draw(st.sampled_from([20, 45]))}
            # A given trip goes as far as it is given.
            if draw(st.booleans()) and not any(OWN_TYPE in str(leg.get("route")) for leg in legs_of_fleet):
                other["max_trip_km"] = draw(st.sampled_from([7.0, 12.0]))
            for leg in legs_of_fleet:
                leg["fleet"] = [name, f"more_{name}"]
    if not with_floors:
        plan["shocks"] = draw(shocks(plan, [leg["name"] for leg in steps] or ["none"]))
        if draw(st.booleans()):
            plan["shocks"] |= draw(shocks_after_shifts(plan))
    return plan, decided
