"""Wrong given routes: refused before the run, all of it at once, with the line of the file."""

from __future__ import annotations

from typing import Any

import pytest

import simsupply as ss
from simsupply.base.problems import InputError
from simsupply.config.load import fit
from tests.oracles.vehicles.test_given_routes import ROAD, rows
from tests.oracles.vehicles.test_milk_runs import PACK, plan_of
from tests.plans.paper_plans import Plain, channel, fleet, leg, listed, strategy, world

FILE = "strategy.channels.only.steps.1.leg.route.file"


def problems_of(route: Plain, plan: Plain | None = None, **how: Any) -> list[tuple[str, object, int | None, str]]:
    decided = strategy(channel("only", PACK, leg("deliver", how.pop("fleet", "vans"), route=route, **how)))
    try:
        fit(ss.load_scenario(plan or plan_of(ROAD)), ss.load_strategy(decided))
    except InputError as error:
        return [
            (problem.key, problem.value, problem.line, problem.allowed.in_language("en"))  # type: ignore[union-attr]
            for problem in error.problems
        ]
    return []


WHOLE = ("trip,place", "1,d2", "1,d0", "2,d1")


def test_what_is_right_is_taken() -> None:
    assert not problems_of(rows(*WHOLE))


@pytest.mark.parametrize(
    ("lines", "value", "line", "allowed"),
    [
        (WHOLE[:3], "d1", None, "every drop point on a trip: this one is left out"),
        ((*WHOLE, "3,d0"), "d0", 5, "every drop point once"),
        ((*WHOLE, "3,d9"), "d9", 5, "did you mean 'd"),
        (("trip,place,fleet", "1,d2,van", "1,d0,", "2,d1,"), "van", 2, "did you mean 'vans'"),
        (("trip,place,day", "1,d2,soon", "1,d0,", "2,d1,", "2,d2,"), "soon", 2, "a day"),
        (("trip,stop", "1,d2"), "trip, stop", 1, "the columns trip and place"),
        (("trip,place", ",d2", "1,d0", "2,d1"), "", 2, "a name or number of the trip"),
    ],
)
def test_a_wrong_route(lines: tuple[str, ...], value: str, line: int | None, allowed: str) -> None:
    (found,) = problems_of(rows(*lines))
    assert found[:3] == (FILE, value, line)
    assert allowed in found[3]


def test_a_day_must_have_all_drop_points_and_other_days_a_route() -> None:
    found = problems_of(rows("trip,place,day", "1,d0,mon", "1,d1,mon"))
    assert [(value, allowed[:26]) for _, value, _, allowed in found] == [
        (["mon"], "rows without a day too, fo"),
        ("d2", "every drop point on a trip"),
    ]


def test_a_trip_has_one_origin_and_one_fleet_without_a_limit() -> None:
    geography = {
        **ROAD,
        "depots": [ROAD["depots"][0], ROAD["depots"][0] | {"name": "other"}],
        "drop_points": [place | {"depot": "other" if n else "site"} for n, place in enumerate(ROAD["drop_points"])],
    }
    plan = plan_of(geography)
    plan["fleet"] |= {"buses": fleet(1), "carts": fleet(1, max_trip_km=50)}
    route = rows("trip,place,fleet", "1,d0,buses", "1,d1,carts", "2,d2,")
    found = problems_of(route, plan, fleet=["vans", "buses", "carts"])
    assert {(key, value, line) for key, value, line, _ in found} == {
        ("fleet.carts.max_trip_km", 50, None),
        (FILE, "d1", 3),
        (FILE, "carts", 3),
    }


def test_places_listed_with_distances_have_no_given_routes() -> None:
    plan = world(listed([1, 1, 1]), {"packers": plan_of(ROAD)["staffing"]["crews"]["packers"]}, {"vans": fleet()})
    ((key, value, _, allowed),) = problems_of(rows(*WHOLE), plan)
    assert (key, value) == ("strategy.channels.only.steps.1.leg.route", "given")
    assert "coordinates or a road_matrix" in allowed


@pytest.mark.parametrize(
    ("how", "allowed"),
    [
        ({"max_stops": 3}, "max_stops for route: milk_run"),
        ({"drive_min": [1, 2]}, "route: milk_run or given to drop_point only"),
    ],
)
def test_keys_that_belong_to_other_routes(how: Plain, allowed: str) -> None:
    ((_, _, _, found),) = problems_of(rows(*WHOLE), **how)
    assert allowed in found


@pytest.mark.parametrize(
    ("route", "key", "allowed"),
    [
        ("milkrun", "", "'direct' or 'milk_run'"),
        (rows(*WHOLE) | {"kind": "own"}, ".kind", "'given'"),
        ({"kind": "given"}, ".file", "required"),
        ({"kind": "given", "file": "nowhere.csv"}, ".file", "no such file"),
        ({"kind": "given", "file": 3}, ".file", "the name of a CSV file"),
        (rows(*WHOLE) | {"stops": 3}, ".stops", "valid: file, kind"),
    ],
)
def test_a_route_is_a_word_or_given(route: object, key: str, allowed: str) -> None:
    with pytest.raises(InputError) as caught:
        ss.load_strategy(strategy(channel("only", PACK, leg("deliver", "vans", route=route))))
    (problem,) = caught.value.problems
    assert problem.key == f"channels.only.steps.1.leg.route{key}"
    assert allowed in problem.allowed.in_language("en")  # type: ignore[union-attr]
    assert problem.in_language("zh")
