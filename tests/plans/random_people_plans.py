"""Random small plans whose people use everything that a scenario may say of them, as plain data."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.plans.random_overtime_plans import shocks_after_shifts
from tests.plans.random_plans import Plain, overlap, plans, span

LEVEL = st.sampled_from(
    [
        0.5,
        0.9,
        1.0,
        {"levels": [{"day": 0, "share": 0.3}, {"day": 2, "share": 1.0}]},
        {"low": 0.3, "high": 1.0},
        {"kind": "beta", "mean": 0.7, "n": 4},
    ]
)
COMMUTE = st.builds(
    lambda checkpoints, share, rule, late: (
        {
            "checkpoints": checkpoints,
            "pass_share": share,
            "recognised": {"default": 0.8, "tiers": {"sealed": 0.6}} if late == 7 else 0.7,
            "otherwise": rule,
        }
        | ({"delay_min": late} if rule == "delayed" else {})
    ),
    st.integers(1, 2),
    st.sampled_from([0.7, 1.0]),
    st.sampled_from(["turned_back", "delayed"]),
    st.sampled_from([7, 30, 45.5]),
)
TESTS = st.builds(
    lambda antigen, pcr, groups: {
        "antigen_per_day": antigen,
        "antigen_min": 2.5,
        "pcr_per_day": pcr,
        "pcr_min": 4,
        "groups": groups,
    },
    st.integers(0, 3),
    st.integers(0, 2),
    st.integers(1, 3),
)
DISINFECTION = st.builds(
    lambda hours, minutes, groups: {"every_hours": hours, "minutes": minutes, "groups": groups},
    st.sampled_from([0.5, 2]),
    st.sampled_from([3, 6.5]),
    st.integers(1, 3),
)
PRODUCTIVITY = st.builds(
    lambda start, end, days: {"start": start, "end": end, "over_days": days},
    st.sampled_from([0.6, 1.0, 1.3]),
    st.sampled_from([1.0, 1.1]),
    st.integers(1, 3),
)
INFECTIONS = st.builds(
    lambda outside, contact, found, close: (
        {
            "outside_per_day": outside,
            "per_contact": contact,
            "per_roommate": 0.2,
            "infectious_after_days": 0,
            "found_after_days": found,
            "isolation_days": 2,
            "quarantine_days": 1,
        }
        | ({"close_at": 1, "closure_days": 1} if close else {})
    ),
    st.sampled_from([0.05, 0.3]),
    st.sampled_from([0.1, 0.4]),
    st.integers(1, 2),
    st.booleans(),
)


ROW = st.builds(
    lambda day, weekdays, number: ({"from_day": day} | ({"weekdays": weekdays} if weekdays else {})) | number,
    st.integers(0, 1),
    st.sampled_from([[], [], ["mon", "wed"], ["tue"]]),
    st.sampled_from([{"headcount": 0}, {"headcount": 1}, {"headcount": 5}]),
)
DAYS_OFF = st.sampled_from(
    [{"weekdays": ["tue"]}, {"weekdays": ["mon", "fri"]}, {"after_days": 1, "days": 1}, {"after_days": 3, "days": 2}]
)
OTHER_HOURS = (
    [{"start": "07:00", "end": "16:00"}],
    [{"start": "09:00", "end": "12:00"}, {"start": "12:00", "end": "20:00"}],
)


def differ_by_place_and_day(draw: st.DrawFn, plan: Plain) -> None:
    """Let crews and fleets differ by place and by day now and then; changes the plan in place."""
    geography = plan["scenario"]["geography"]
    groups = [(crew, "headcount") for crew in plan["staffing"]["crews"].values()]
    groups += [(fleet, "count") for fleet in plan["fleet"].values()]
    for group, number in groups:
        names = [place["name"] for place in geography.get(f"{group['at']}s", ())]
        if names and draw(st.integers(0, 2)) == 0:
            group[number] = {"default": group[number], draw(st.sampled_from(names)): draw(st.integers(0, 3))}
        if group.get("people") == "equipment":
            continue
        may_differ = all(end <= 1440 for _, end in map(span, group["shifts"])) and group.get("at_shift_end") != "fit"
        if draw(st.integers(0, 2)) == 0:
            rows = [
                {**{key: value for key, value in row.items() if key != "headcount"}, number: row["headcount"]}
                for row in draw(st.lists(ROW, min_size=1, max_size=2))
            ]
            if may_differ and draw(st.booleans()):
                rows[0]["shifts"] = draw(st.sampled_from(OTHER_HOURS))
            group["by_day"] = rows
        if number == "headcount" and draw(st.integers(0, 3)) == 0:
            group["days_off"] = draw(DAYS_OFF)


@st.composite
def people_plans(draw: st.DrawFn) -> tuple[Plain, Plain]:
    """A plan of `plans` with checkpoints, tests, beds, infections, arrivals, learning and people who fill in."""
    plan, decided = draw(plans())
    staffing, horizon = plan["staffing"], plan["scenario"]["horizon_days"]
    crews = {name: crew for name, crew in staffing["crews"].items() if crew.get("people") != "equipment"}
    staffing["attendance"] = draw(LEVEL)
    if draw(st.booleans()):
        differ_by_place_and_day(draw, plan)

    def sometimes(target: Plain, key: str, values: st.SearchStrategy[object]) -> None:
        if draw(st.booleans()):
            target[key] = draw(values)

    sometimes(staffing, "tests", TESTS)
    sometimes(staffing, "disinfection", DISINFECTION)
    sometimes(staffing, "infections", INFECTIONS)
    sometimes(staffing, "commute", COMMUTE)
    # Nobody slower than the steps say, so that what just fits into a shift still does.
    staffing["paces"] = {"worker": {"order": 0.9}, "quick": {"order": 0.7, "door": 0.8, "consignment": 0.5}}
    on_site = draw(st.sampled_from([None, None, "depot"]))
    if on_site:
        share = draw(st.sampled_from(["in_order", "in_proportion"]))
        beds = {"beds": draw(st.integers(1, 8)), "beds_per_room": draw(st.integers(1, 3))}
        staffing["closed_loop"] = {on_site: {**beds, "limit": True, "share": share}}
    for crew in crews.values():
        around_the_clock = any(end - start == 1440 for start, end in map(span, crew["shifts"]))
        if crew["at"] != on_site:
            sometimes(crew, "commute", COMMUTE)
        if not around_the_clock:
            sometimes(crew, "productivity", PRODUCTIVITY)
        sometimes(crew, "pace", st.just("quick"))
        if draw(st.integers(0, 2)) == 0 and "by_day" not in crew:
            number = crew["headcount"]
            most = max(number.values()) if isinstance(number, dict) else number
            crew["arrivals"] = {
                "from_day": draw(st.integers(0, horizon)),
                "per_day": draw(st.sampled_from([0.5, 1, 2])),
                "up_to": max(most, 1) + draw(st.integers(0, 2)),
            }
            if not around_the_clock:
                sometimes(crew["arrivals"], "productivity", PRODUCTIVITY)
            if crew["at"] != on_site:
                sometimes(crew["arrivals"], "attendance", LEVEL)
    for name, crew in crews.items():
        others = [other for other, that in crews.items() if that["at"] == crew["at"] and other < name]
        if others and draw(st.booleans()):
            lender = crews[draw(st.sampled_from(others))]
            if overlap(crew, lender):
                crew["reassign"] = {
                    "from": next(other for other in others if crews[other] is lender),
                    "when_below": draw(st.sampled_from([0.5, 1.0])),
                    "up_to": draw(st.integers(1, 3)),
                    "floor": draw(st.sampled_from([0.0, 0.5])),
                    "productivity": draw(st.sampled_from([0.7, 1.0])),
                }
    for fleet in plan["fleet"].values():
        sometimes(fleet, "commute", COMMUTE)
    if draw(st.integers(0, 2)) == 0:
        plan["shocks"] = {
            "lost": {"kind": "staff", "crews": ["packers"], "capacity": 0.4, "from_day": 0, "to_day": 1},
            "shut": {"kind": "place", "at": "depot", "from_day": 1, "from_time": "09:10", "to_day": 2},
        }
    if draw(st.booleans()):
        plan["shocks"] = plan.get("shocks", {}) | draw(shocks_after_shifts(plan))
    return plan, decided
