"""Wrong people: one message each with file, key, value and what is allowed, all of them at once."""

from __future__ import annotations

from typing import Any

import pytest

import simsupply as ss
from simsupply.base.problems import InputError
from tests.helpers.problems import value_of
from tests.plans.paper_plans import Plain, crew, fleet, shift, world

Found = list[tuple[str, object, str]]


def problems(
    crews: dict[str, Plain], vehicles: dict[str, Plain] | None = None, attendance: Any = 1, **staffing: Any
) -> Found:
    """Key, value and allowed of everything wrong."""
    plan = world([8], crews, vehicles, attendance=attendance)
    plan["staffing"] |= staffing
    with pytest.raises(InputError) as caught:
        ss.load_scenario(plan)
    return [(problem.key, value_of(problem), str(problem.allowed)) for problem in caught.value.problems]


def keys(found: Found) -> list[str]:
    return [key for key, _, _ in found]


def test_more_beds_needed_than_there_are() -> None:
    crews = {"clerks": crew(2), "packers": crew(3, "depot", shift("06:00", "12:00"), shift("12:00", "18:00"))}
    found = problems(crews, closed_loop={"depot": {"beds": 7}})
    assert found == [("staffing.closed_loop.depot.beds", 7, "8 beds at 'site' for clerks, packers; or limit: true")]
    world_of = world([8], crews)
    for loop in ({"beds": 8}, {"beds": 7, "limit": True}, {"beds": 6, "crews": ["packers"]}, {"households_per_bed": 1}):
        world_of["staffing"]["closed_loop"] = {"depot": loop}
        ss.load_scenario(world_of)


def test_those_who_arrive_need_beds_too() -> None:
    arriving = crew(2, arrivals={"from_day": 0, "per_day": 1, "up_to": 5})
    found = problems({"packers": arriving}, closed_loop={"depot": {"households_per_bed": 2}})
    assert keys(found) == ["staffing.closed_loop.depot.households_per_bed"]
    assert found[0][2].startswith("5 beds at 'site'")


def test_who_lives_on_site_does_not_commute() -> None:
    found = problems(
        {"packers": crew(1, commute={"recognised": 0.5}, attendance=0.5), "boxes": crew(1, people="equipment")},
        closed_loop={"depot": {"beds": 1, "crews": ["packers", "packers", "boxes", "pakers"]}},
    )
    assert keys(found) == [
        "staffing.closed_loop.depot.crews.1",
        "staffing.closed_loop.depot.crews.2",
        "staffing.closed_loop.depot.crews.3",
        "staffing.crews.packers.commute",
        "staffing.crews.packers.attendance",
    ]


def test_shifts_longer_than_the_law() -> None:
    found = problems(
        {
            "packers": crew(1, "depot", shift("06:00", "18:30", ("12:00", "13:00"))),
            "boxes": crew(1, "depot", shift("00:00", "24:00"), people="equipment"),
        },
        {"vans": fleet(1, "depot", shift("00:00", "24:00"))},
        max_shift_hours=11,
        min_rest_hours=12,
    )
    assert found == [
        ("staffing.crews.packers.shifts.0", "11.5 h", "<= 11 h of work, staffing.max_shift_hours"),
        (
            "staffing.crews.packers.shifts.0",
            "11.5 h of rest",
            ">= 12 h of rest until the next day's, staffing.min_rest_hours",
        ),
        ("fleet.vans.shifts.0", "24 h", "<= 11 h of work, staffing.max_shift_hours"),
        ("fleet.vans.shifts.0", "0 h of rest", ">= 12 h of rest until the next day's, staffing.min_rest_hours"),
    ]


def test_people_who_cannot_fill_in() -> None:
    def rule(lender: str) -> Plain:
        return {"reassign": {"from": lender, "when_below": 0.5, "up_to": 1}}

    found = problems(
        {
            "a": crew(1, **rule("b")),
            "b": crew(1, **rule("c")),
            "c": crew(1, **rule("a")),
            "unknown": crew(1, **rule("aa")),
            "itself": crew(1, **rule("itself")),
            "elsewhere": crew(1, **rule("walkers")),
            "walkers": crew(1, "drop_point"),
            "never": crew(1, "depot", shift("00:00", "07:00"), **rule("a")),
            "box": crew(1, people="equipment", **rule("a")),
        }
    )
    assert {key: value for key, value, _ in found} == {
        "staffing.crews.a.reassign.from": "a <- b <- c <- a",
        "staffing.crews.unknown.reassign.from": "aa",
        "staffing.crews.itself.reassign.from": "itself",
        "staffing.crews.elsewhere.reassign.from": "walkers",
        "staffing.crews.never.reassign.from": "a",
        "staffing.crews.box.reassign": "given",
    }
    assert len(found) == 6


def test_rest_between_two_crews() -> None:
    late = crew(1, "depot", shift("14:00", "22:00"))
    early = crew(1, "depot", shift("05:00", "15:00"), reassign={"from": "late", "when_below": 0.5, "up_to": 1})
    found = problems({"late": late, "early": early}, min_rest_hours=10)
    assert keys(found) == ["staffing.crews.early.reassign.from"]
    assert found[0][1] == "7 h of rest"


def test_tests_longer_than_the_shift() -> None:
    tests = {"antigen_per_day": 2, "antigen_min": 40, "pcr_per_day": 1, "pcr_min": 50}
    short = crew(1, "depot", shift("08:00", "10:00"))
    assert problems({"packers": short}, tests=tests) == [
        ("staffing.tests", "130 min", "tests of every group that end within each shift of staffing.crews.packers")
    ]
    assert keys(problems({"packers": {**short, "tests": tests}})) == ["staffing.crews.packers.tests"]
    vans = {"vans": fleet(1, "depot", shift("08:00", "10:00"), tests=tests)}
    assert keys(problems({"packers": crew(1)}, vans)) == ["fleet.vans.tests"]


def test_disinfection_without_end() -> None:
    found = problems({"packers": crew(1, disinfection={"every_hours": 1, "minutes": 20, "groups": 3})})
    assert keys(found) == ["staffing.crews.packers.disinfection"]


def test_days_out_of_order_and_out_of_range() -> None:
    def series(*days: object) -> Plain:
        return {"levels": [{"day": day, "share": 0.5} for day in days]}

    found = problems(
        {
            "packers": crew(1, attendance=series(0, 9)),
            "clerks": crew(1, arrivals={"from_day": "2022-03-14", "per_day": 1, "up_to": 1}),
            "sorters": crew(4, arrivals={"from_day": 99, "per_day": 1, "up_to": 3}),
        },
        {"vans": fleet(1, attendance=series(-1))},
        attendance=series(3, 3, 1),
        infections={
            "found_after_days": 1,
            "isolation_days": 1,
            "cases": [{"crew": "pakers", "day": 0}, {"crew": "packers", "day": 8}],
        },
    )
    assert keys(found) == [
        "staffing.attendance.levels.1.day",
        "staffing.attendance.levels.2.day",
        "staffing.infections.cases.0.crew",
        "staffing.infections.cases.1.day",
        "staffing.crews.packers.attendance.levels.1.day",
        "staffing.crews.clerks.arrivals.from_day",
        "staffing.crews.sorters.arrivals.from_day",
        "staffing.crews.sorters.arrivals.up_to",
        "fleet.vans.attendance.levels.0.day",
    ]


def test_districts_that_do_not_exist() -> None:
    found = problems({"packers": crew(1)}, commute={"recognised": {"default": 1, "districts": {"Whole are": 0.5}}})
    assert keys(found) == ["staffing.commute.recognised.districts.Whole are"]
    assert "did you mean 'Whole area'?" in found[0][2]


def test_who_never_stops_has_no_days_to_learn() -> None:
    productivity = {"start": 0.5, "end": 1, "over_days": 2}
    found = problems({"packers": crew(1, "depot", shift("00:00", "24:00"), productivity=productivity)})
    assert keys(found) == ["staffing.crews.packers.productivity"]


@pytest.mark.parametrize(
    ("key", "value", "where"),
    [
        ("attendance", 1.5, "attendance"),
        ("attendance", {"levels": []}, "attendance.levels"),
        ("attendance", {"levels": [{"day": 0, "share": 2}]}, "attendance.levels.0.share"),
        ("commute", {"recognised": 1.2}, "commute.recognised"),
        ("commute", {"recognised": {"default": -1}}, "commute.recognised.default"),
        ("commute", {"recognised": 1, "otherwise": "delayed"}, "commute"),
        ("commute", {"recognised": 1, "delay_min": 5}, "commute"),
        ("commute", {"recognised": {"default": 1, "tiers": {"shut": 1}}}, "commute.recognised.tiers.shut.[key]"),
        ("closed_loop", {"depot": {"beds": 1, "households_per_bed": 1}}, "closed_loop.depot"),
        ("closed_loop", {"depots": {"beds": 1}}, "closed_loop.depots.[key]"),
        ("infections", {"found_after_days": 1, "isolation_days": 1, "close_at": 1}, "infections"),
        ("infections", {"found_after_days": 1, "isolation_days": 1, "per_contact": 2}, "infections.per_contact"),
        ("disinfection", {"every_hours": 0, "minutes": 10}, "disinfection.every_hours"),
        ("max_shift_hours", 25, "max_shift_hours"),
    ],
)
def test_values_out_of_range(key: str, value: object, where: str) -> None:
    found = keys(problems({"packers": crew(1)}, **{key: value}))
    assert len(found) == 1
    assert found[0].startswith(f"staffing.{where}".removesuffix(".[key]"))


@pytest.mark.parametrize(
    "arrivals",
    [
        {"per_day": 1, "up_to": 3},
        {"from_day": 0, "up_to": 3},
        {"from_day": 0, "per_day": 1, "over_days": 2, "up_to": 3},
        {"from_day": 0, "per_day": 1},
    ],
)
def test_arrivals_say_when_and_how_many(arrivals: Plain) -> None:
    found = keys(problems({"packers": crew(1, arrivals=arrivals)}))
    assert len(found) == 1
    assert found[0].startswith("staffing.crews.packers.arrivals")
