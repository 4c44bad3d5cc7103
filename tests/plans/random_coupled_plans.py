"""Random small plans whose steps couple: common crews, drivers, tight floors, docks for unloading, units and crews
together, branches, all at once."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.plans.random_branch_plans import branch_plans
from tests.plans.random_crew_plans import crew_plans, put_to_work
from tests.plans.random_place_plans import place_plans
from tests.plans.random_plans import Plain, plans
from tests.plans.random_together_plans import serve_together
from tests.plans.random_vehicle_plans import vehicle_plans


@st.composite
def coupled_plans(draw: st.DrawFn) -> tuple[Plain, Plain]:
    """A scenario and a strategy; some of them are refused (`simsupply.config.load.fit`)."""
    plan, decided = draw(st.one_of(_one_way_plans(), _one_way_plans(), branch_plans(_one_way_plans())))
    if draw(st.integers(0, 2)) == 0:
        serve_together(draw, plan, decided)
    return plan, decided


@st.composite
def _one_way_plans(draw: st.DrawFn) -> tuple[Plain, Plain]:
    """Without branches, and whose units are served one by one."""
    kind = draw(st.integers(0, 9))
    if kind < 2:
        return draw(crew_plans(with_floors=kind == 0))
    if kind < 4:
        plan, decided = draw(plans(with_floors=True))
    elif kind < 7:
        plan, decided = draw(vehicle_plans())
    else:
        plan, decided = draw(place_plans(with_floors=True))
    if draw(st.booleans()):
        put_to_work(draw, plan, decided)
    if draw(st.booleans()):
        _dock_somewhere(draw, plan)
    if draw(st.integers(0, 3)) == 0:
        _docks_on_days(draw, plan)
    if draw(st.booleans()):
        _without_time(draw, decided)
    return plan, decided


def _dock_somewhere(draw: st.DrawFn, plan: Plain) -> None:
    """Few docks for unloading at stations."""
    stations = plan["scenario"]["geography"].get("stations") or []
    for place in [stations] if isinstance(stations, dict) else stations:
        place["unload_docks"] = draw(st.integers(1, 2))


def _docks_on_days(draw: st.DrawFn, plan: Plain) -> None:
    """Docks for loading that are not there on some days."""
    geography = plan["scenario"]["geography"]
    for kind in ("depots", "stations"):
        places = geography.get(kind) or []
        for place in [places] if isinstance(places, dict) else places:
            days: Plain = draw(st.sampled_from([{"from_day": 1}, {"weekdays": ["tue", "thu"]}]))
            place["by_day"] = [days | {"docks": draw(st.integers(0, 3))}]


def _without_time(draw: st.DrawFn, decided: Plain) -> None:
    """Ways and handling that take no time, or whole minutes: much happens at once."""
    for channel in decided["channels"].values():
        for step in channel["steps"]:
            if "leg" in step and "route" not in step["leg"] and draw(st.booleans()):
                step["leg"]["drive_min"] = draw(st.sampled_from([[0, 0], [5, 5], [10, 10]]))
            if "leg" in step and draw(st.booleans()):
                step["leg"]["unload"] = {"per_load_min": draw(st.sampled_from([0, 5, 30]))}
