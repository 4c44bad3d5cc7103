"""Random small plans in which units are served together, and crews work together on a unit."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.plans.paper_plans import crew
from tests.plans.random_crew_plans import crew_plans
from tests.plans.random_plans import SHIFTS, Plain


@st.composite
def together_plans(draw: st.DrawFn, with_floors: bool = False) -> tuple[Plain, Plain]:
    """A plan whose people do several things; stages of the same name say the same in all channels."""
    plan, decided = draw(crew_plans(with_floors=with_floors))
    serve_together(draw, plan, decided)
    return plan, decided


def serve_together(draw: st.DrawFn, plan: Plain, decided: Plain) -> None:
    """Have units served together and crews work together here and there; plan and strategy are changed."""
    crews = plan["staffing"]["crews"]
    drawn: dict[str, Plain] = {}
    for way in decided["channels"].values():
        for step in (step["stage"] for step in way["steps"] if "stage" in step):
            if step["name"] not in drawn:
                drawn[step["name"]] = draw(of_stage(step, crews))
            step |= drawn[step["name"]]


@st.composite
def of_stage(draw: st.DrawFn, step: Plain, crews: Plain) -> Plain:
    """Keys of a stage; who joins it may be a crew of its own, which may join other steps too."""
    found: Plain = {}
    if step.get("per") != "round" and draw(st.booleans()):
        units = draw(st.integers(2, 4))
        found["together"] = {"units": units, "at_least": draw(st.integers(1, units))}
    if draw(st.booleans()):
        main = crews[step["crew"]]
        name = f"helpers_at_{step['at']}"
        if name not in crews:
            shifts = draw(st.sampled_from(SHIFTS))
            # Equipment has one shift and hands nothing over.
            can_be_equipment = main["at_shift_end"] != "hand_over" and len(shifts) == 1
            crews[name] = crew(
                draw(st.integers(1, 4)),
                step["at"],
                *shifts,
                at_shift_end=main["at_shift_end"],
                serves=draw(st.sampled_from(["downstream_first", "upstream_first", "longest_wait"])),
                people="equipment" if can_be_equipment and draw(st.booleans()) else "worker",
            )
        found["joined_by"] = [name]
    return found
