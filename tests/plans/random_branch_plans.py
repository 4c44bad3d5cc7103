"""Random small plans in which shares of the orders go other ways: steps for some, and legs side by side."""

from __future__ import annotations

from copy import deepcopy

from hypothesis import strategies as st

from tests.plans.random_plans import Plain

SHARES = ({"cold": 0.3}, {"cold": 0.5, "dry": 0.5}, {"cold": 0.2, "dry": 0.3}, {"cold": 1.0})


@st.composite
def branch_plans(draw: st.DrawFn, base: st.SearchStrategy[tuple[Plain, Plain]]) -> tuple[Plain, Plain]:
    """A plan of another kind with branches in its channels."""
    plan, decided = draw(base)
    for channel in decided["channels"].values():
        shares = draw(st.sampled_from(SHARES))
        left = 1 - sum(shares.values()) > 1e-9
        known = [*shares, *(["rest"] if left else [])]
        if len(known) == 1:
            continue
        some = st.lists(st.sampled_from(known), min_size=1, max_size=len(known) - 1, unique=True)
        steps: list[Plain] = []
        last = len(channel["steps"]) - 1
        for number, step in enumerate(channel["steps"]):
            if draw(st.integers(0, 1)) or (number == last and "leg" not in step):
                steps.append(step)
            elif ("leg" not in step and "stage" not in step) or ("stage" in step and draw(st.booleans())):
                steps.append({**step, "branch": draw(some)})
            else:
                # Another crew or fleet does the same for the others, side by side.
                first = draw(some)
                steps += [{**step, "branch": first}, _beside(plan, step, [name for name in known if name not in first])]
        named = {name for step in steps for name in step.get("branch", ())}
        if not named:
            continue
        if "rest" not in named:
            shares = {name: share for name, share in shares.items() if name in named}
            # Who is named by no step is of the rest.
            known = [*shares, "rest"] if left or set(shares) != set(known) else list(shares)
        channel["branches"] = {name: {"share": share} for name, share in shares.items()}
        channel["steps"] = steps
    return plan, decided


def _beside(plan: Plain, step: Plain, branch: list[str]) -> Plain:
    """The same step for other orders, with a crew or fleet of their own."""
    (kind,) = (kind for kind in ("stage", "leg") if kind in step)
    body = deepcopy(step[kind])
    body["name"] += "_2"
    if kind == "stage":
        crews, name = plan["staffing"]["crews"], body["crew"]
        crews.setdefault(f"{name}_2", deepcopy(crews[name]))
        body["crew"] = f"{name}_2"
    else:
        if not isinstance(body.get("route", "direct"), str):
            # The file of a given route names its fleets.
            del body["route"]
        names = [body["fleet"]] if isinstance(body["fleet"], str) else body["fleet"]
        for name in names:
            plan["fleet"].setdefault(f"{name}_2", deepcopy(plan["fleet"][name]))
        copies = [f"{name}_2" for name in names]
        body["fleet"] = copies[0] if isinstance(body["fleet"], str) else copies
    return {**step, kind: body, "branch": branch}
