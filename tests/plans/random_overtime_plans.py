"""Random small plans in which much is finished in overtime, and shocks strike then, as plain data."""

from __future__ import annotations

from copy import deepcopy

from hypothesis import strategies as st

from tests.plans.random_plans import Plain, plans

MINUTES_PER_DAY = 1440


@st.composite
def shocks_after_shifts(draw: st.DrawFn, plan: Plain) -> Plain:
    """One to three shocks that begin as a shift or the part of it before a break ends, or up to an hour later."""
    horizon, found = plan["scenario"]["horizon_days"], {}
    groups = {"crew": plan["staffing"]["crews"], "fleet": plan["fleet"]}
    has_station = bool(plan["scenario"]["geography"].get("stations"))
    everybody = [
        (kind, name)
        for kind, named in groups.items()
        for name, group in named.items()
        if has_station or group["at"] != "station"
    ]
    for number in range(draw(st.integers(1, 3))):
        kind, name = draw(st.sampled_from(everybody))
        group = groups[kind][name]
        part = draw(st.sampled_from(group["shifts"]))
        ends = draw(st.sampled_from([part["end"], *(pause["start"] for pause in part["breaks"])]))
        hours, minutes = ends.split(":")
        first = draw(st.integers(0, horizon - 1)) * MINUTES_PER_DAY + int(hours) * 60 + int(minutes)
        first += draw(st.sampled_from([0, 1, 3, 7, 20, 60]))
        last = first + draw(st.sampled_from([1, 5, 30, 600, 2000]))
        is_over = last < (horizon + 1) * MINUTES_PER_DAY and draw(st.integers(0, 3)) > 0
        kinds = ["fleet"] if kind == "fleet" else ["staff", "place"]
        says: Plain = {"kind": draw(st.sampled_from(kinds)), "capacity": draw(st.sampled_from([0, 0, 0.5]))}
        says |= {"place": {"at": group["at"]}, "staff": {"crews": [name]}, "fleet": {"fleets": [name]}}[says["kind"]]
        found[f"late_{number}"] = says | _moment("from", first) | (_moment("to", last) if is_over else {})
    return found


def _moment(key: str, minute: int) -> Plain:
    day, rest = divmod(minute, MINUTES_PER_DAY)
    return {f"{key}_day": day, f"{key}_time": f"{rest // 60:02d}:{rest % 60:02d}"}


def lengthen(draw: st.DrawFn, plan: Plain, decided: Plain) -> None:
    """Let indoor work take long and finish in overtime, mostly, and roads too; changes both in place."""
    crews, indoors = plan["staffing"]["crews"], ("packers", "clerks", "sorters")
    for name in sorted(crews.keys() & {*indoors}):
        usual = crews[name]["at_shift_end"]
        crews[name]["at_shift_end"] = draw(st.sampled_from(["finish", "finish", "finish", usual]))
    for step in (step["stage"] for way in decided["channels"].values() for step in way["steps"] if "stage" in step):
        if step["crew"] in indoors and crews[step["crew"]]["at_shift_end"] != "fit":
            longer = draw(st.sampled_from([1, 4, 20, 60]))
            step["effort"] = {key: minutes * longer for key, minutes in step.get("effort", {}).items()}
    for fleet in plan["fleet"].values():
        fleet["speed_km_h"] = draw(st.sampled_from([fleet["speed_km_h"], 5, 1]))


@st.composite
def overtime_plans(draw: st.DrawFn) -> tuple[Plain, Plain]:
    """A plan of `plans` with long work, and shocks after shifts."""
    plan, decided = deepcopy(draw(plans()))
    lengthen(draw, plan, decided)
    plan["shocks"] = draw(shocks_after_shifts(plan))
    return plan, decided
