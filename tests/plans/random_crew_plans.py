"""Random small plans in which one crew at each kind of place does everything there, and drives."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.plans.paper_plans import crew
from tests.plans.random_plans import BREAKDOWN, SHIFTS, Plain, plans

SERVES = ("downstream_first", "upstream_first", "longest_wait", "in_order", None)


@st.composite
def crew_plans(draw: st.DrawFn, with_floors: bool = False) -> tuple[Plain, Plain]:
    """A scenario and a strategy whose people do several things."""
    plan, decided = draw(plans(with_floors=with_floors))
    put_to_work(draw, plan, decided)
    return plan, decided


def put_to_work(draw: st.DrawFn, plan: Plain, decided: Plain) -> None:
    """Have one crew at each kind of place do everything there, and perhaps drive; plan and strategy are changed."""
    steps = [step for channel in decided["channels"].values() for step in channel["steps"]]

    # A leg of several fleets is driven by the crew of them all.
    def fleets_of(step: Plain) -> list[str]:
        names: str | list[str] = step["fleet"]
        return [names] if isinstance(names, str) else list(names)

    stages, legs = ([step[kind] for step in steps if kind in step] for kind in ("stage", "leg"))
    with_seats = draw(st.booleans())
    kinds = {step["at"] for step in stages} | (
        {plan["fleet"][fleets_of(step)[0]]["at"] for step in legs} if with_seats else set()
    )
    for at in sorted(kinds):
        here = [step for step in stages if step["at"] == at]
        seats = [step for step in legs if with_seats and plan["fleet"][fleets_of(step)[0]]["at"] == at]
        ends = (
            ["finish", "fit"] if any(step.get("rounds") for step in here) else ["finish", "pause", "hand_over", "fit"]
        )
        serves = draw(st.sampled_from(SERVES))
        names = [step["name"] for step in (*here, *seats)]
        more: Plain = (
            {"serves_order": draw(st.permutations(list(dict.fromkeys(names))))} if serves == "in_order" else {}
        )
        if draw(st.booleans()):
            later = {"from_day": 0, "over_days": draw(st.integers(1, 2)), "up_to": 6}
            later |= {
                "people": draw(st.sampled_from([None, "volunteer"])),
                "attendance": draw(st.sampled_from([None, 0.5])),
            }
            more["arrivals"] = {key: value for key, value in later.items() if value is not None}
        elif draw(st.booleans()):
            more["by_day"] = [{"from_day": 1, "headcount": draw(st.integers(0, 5))}]
        plan["staffing"]["crews"][f"staff_at_{at}"] = crew(
            draw(st.integers(1, 4)),
            at,
            *draw(st.sampled_from(SHIFTS)),
            at_shift_end=draw(st.sampled_from(ends)),
            breakdown=draw(BREAKDOWN),
            serves=serves,
            **more,
        )
        for step in here:
            step["crew"] = f"staff_at_{at}"
        for step in seats:
            for name in fleets_of(step):
                plan["fleet"][name]["drivers"] = f"staff_at_{at}"
                for key in ("attendance", "rest", "commute", "tests"):
                    plan["fleet"][name].pop(key, None)
            if draw(st.integers(0, 3)) == 0 and not {"loads_for", "keeps_loads", "route"} & set(step):
                step["discipline"] = "fifo"
                step["leave"] = {"kind": "ready", "orders": draw(st.integers(1, 4))}
    for vehicles in plan["fleet"].values():
        if vehicles.get("drivers"):
            vehicles["people_per_vehicle"] = draw(st.sampled_from([1, 1, 2]))
            most = plan["staffing"]["crews"][vehicles["drivers"]]
            most["headcount"] = max(most["headcount"], vehicles["people_per_vehicle"])
    paces = {"worker": {"order": 1.3}, "volunteer": {"order": 2, "door": 1.5, "ramp": {"start": 0.5, "hours": 1}}}
    plan["staffing"]["paces"] = draw(st.sampled_from([{}, {}, paces]))
