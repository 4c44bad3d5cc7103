"""Sharing out what is short, among households and between depots; derived from the documentation alone.

Plans are those of `test_independent_supply`.
"""

from __future__ import annotations

import pytest

import simsupply as ss
from tests.plans.both_engines import (
    deliveries,
    kg_of,
    only,
)
from tests.plans.demand_plans import counts, group_of_goods, with_goods
from tests.plans.depot_plans import EQUAL, IN_PROPORTION, NEAREST, WAIT, shop, two_depots
from tests.plans.paper_plans import Plain, clock, cycle, listed
from tests.plans.supply_plans import NEVER_REVIEWED, source, stock, with_supply

# --- sharing out at one depot -------------------------------------------------------------------------------

# Six households: three at d0 (20 km from the depot), three at d1 (10 km); an order is 1 kg a person.
PERSONS = {"per": "person", "content": {"food": 1}}


def table(seed: int = 0) -> Plain:
    """Six households of one or more persons, some of them with an infant, some with priority."""
    geography = {**listed([3, 3], km=[20, 10]), "world_seed": seed}
    people = {"persons_mean": 2.5, "priority_share": 0.4, "kinds": {"infant": {"share": 0.4}}}
    plan = shop(geography, cycle(days=7, release_time="06:00"), people=people)
    return with_goods(plan, {"food": group_of_goods(1, 1)})


def served(kg: float, *rules: Plain, when_short: str = "partial", seed: int = 0) -> tuple[list[float], ss.Result]:
    """What the six get of so many kg, and the run."""
    plan = table(seed)
    need = float(ss.load_scenario(plan).households.persons.sum())
    plan = with_supply(plan, {"food": stock(kg / need)}, review=NEVER_REVIEWED)
    result = only(plan, WAIT, parcel=PERSONS, allocation=list(rules), when_short=when_short)
    return kg_of(result), result


AREAS = {"kind": "key_areas", "communities": ["d1"]}
URGENT = {"kind": "urgent_first", "households": ["infant"]}
CLASSES = {"kind": "priority_class", "classes": [["priority"], ["infant"]]}


def _share_out(kg: float, asked: list[float], tiers: list[list[int]], last: str | None) -> list[float]:
    """Serve tiers of equals one after the other: in building order, in proportion, or in equal parts."""
    got = [0.0] * len(asked)
    for tier in tiers:
        wanted = sum(asked[number] for number in tier)
        if last is None or wanted <= kg:
            for number in tier:
                got[number] = min(asked[number], kg)
                kg -= got[number]
        elif last == "proportional_to_need":
            for number in tier:
                got[number] = asked[number] * kg / wanted
            kg = 0
        else:
            # The smallest first: each its part of what is left, or all it asks for.
            for place, number in enumerate(sorted(tier, key=asked.__getitem__)):
                got[number] = min(asked[number], kg / (len(tier) - place))
                kg -= got[number]
    return got


@pytest.mark.lengthy
@pytest.mark.parametrize("seed", [0, 1, 2, 3])
@pytest.mark.parametrize("kg", [3.0, 6.0, 9.5])
@pytest.mark.parametrize(
    "rules",
    [
        (),
        (IN_PROPORTION,),
        (EQUAL,),
        (NEAREST,),
        (AREAS,),
        (URGENT,),
        (CLASSES,),
        (AREAS, EQUAL),
        (URGENT, NEAREST, IN_PROPORTION),
        (NEAREST, CLASSES, EQUAL),
    ],
    ids=lambda rules: "-".join(rule["kind"] for rule in rules) or "default",
)
def test_rules_against_a_table_shared_out_by_hand(rules: tuple[Plain, ...], kg: float, seed: int) -> None:
    """Each rule puts the table in order or shares it out among those the rules before leave equal."""
    people = ss.load_scenario(table(seed)).households
    infant, priority = people.kinds > 0, people.is_priority
    keys = {
        "nearest_first": lambda number: number < 3,
        "key_areas": lambda number: number < 3,
        "urgent_first": lambda number: not infant[number],
        "priority_class": lambda number: 0 if priority[number] else 1 if infant[number] else 2,
    }
    order = [keys[rule["kind"]] for rule in rules if rule["kind"] in keys]
    sharing = [rule["kind"] for rule in rules if rule["kind"] not in keys]
    last = sharing[0] if sharing else (None if rules else "proportional_to_need")
    rank = [tuple(int(key(number)) for key in order) for number in range(6)]
    tiers = [[number for number in range(6) if rank[number] == level] for level in sorted(set(rank))]
    asked = [float(persons) for persons in people.persons]
    found, _ = served(kg, *rules, seed=seed)
    assert found == pytest.approx(_share_out(kg, asked, tiers, last), abs=1e-9)


def test_equal_share_among_equals() -> None:
    """2 kg for four orders of 1 kg: 0.5 kg each."""
    plan = with_supply(shop((4,)), {"food": stock(0.5)}, review=NEVER_REVIEWED)
    assert kg_of(only(plan, WAIT, parcel={"kg": 1}, allocation=[EQUAL])) == pytest.approx([0.5] * 4)


@pytest.mark.parametrize(("rule", "expected"), [("partial", [1, 1, 0.5, 0]), ("reject", [1, 1, 0, 0])])
def test_whole_or_in_part(rule: str, expected: list[float]) -> None:
    """2.5 kg for four orders of 1 kg, nearest first (all equal, so in building order).

    partial: the third gets half. reject: it is turned away, and so is the fourth.
    """
    plan = with_supply(shop((4,), cycle(7, 7, release_time="06:00")), {"food": stock(2.5 / 4)}, review=NEVER_REVIEWED)
    result = only(plan, WAIT, parcel={"kg": 1}, allocation=[NEAREST], when_short=rule)
    assert kg_of(result) == pytest.approx(expected)
    assert counts(result, "only")["rejected"] == expected.count(0)


def test_an_order_that_does_not_fit_is_passed_over() -> None:
    """Whole or not at all, d1 (nearer) first: by hand from the persons of the six households and 4 kg."""
    found, result = served(4, NEAREST, when_short="reject", seed=1)
    left, expected = 4.0, [0.0] * 6
    for number in (3, 4, 5, 0, 1, 2):
        asked = float(result.scenario.households.persons[number])
        if asked <= left:
            expected[number] = asked
            left -= asked
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(("hours", "days", "minute"), [(23, (1, 2, 3), 690), (24, (1, 3, 5), 750)])
def test_orders_that_wait_for_goods(hours: float, days: tuple[int, ...], minute: float) -> None:
    """Ten orders of 1 kg on day 0, nothing in stock, and an order-up-to level of 4 kg: 4, 4 and 2 orders.

    23 h: goods are there at 11:00 and gone when stocks are counted at 12:00, so there are more on each day.
    24 h: goods arrive at noon, stocks are counted, and only then orders are filled: nothing lacks on days 1 and 3.
    """
    plan = with_supply(
        shop(demand=cycle(7, 7, release_time="06:00")), {"food": stock(0, 0.4)}, sources={"market": source(hours)}
    )
    result = only(plan, WAIT, parcel={"kg": 1}, allocation=[NEAREST], when_short="wait")
    expected = [clock(day, minute) for day, orders in zip(days, (4, 4, 2), strict=True) for _ in range(orders)]
    assert [delivery[0] for delivery in deliveries(result, "wait", 10).values()] == expected
    assert counts(result, "only")["accepted"] == 10


def test_the_oldest_waiting_order_is_first() -> None:
    """One order of 1 kg a day from each of two households; 1 kg arrives at 11:00 of each day from day 1 on.

    Day 0's orders take days 1 and 2. In a list of demand `cycle` everybody orders each time: those of day 1 wait
    behind and take days 3 and 4.
    """
    plan = with_supply(shop((2,)), {"food": stock(0, 0.5)}, sources={"market": source(23)})
    result = only(plan, WAIT, parcel={"kg": 1}, allocation=[NEAREST], when_short="wait")
    found = deliveries(result, "wait", 2)
    assert (found[0][0], found[1][0]) == (clock(1, 690), clock(2, 690))
    assert (found[0][1], found[1][1]) == (clock(3, 690), clock(4, 690))


# --- sharing out between depots -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "near", "expected"),
    [
        ("proportional_to_need", "a", (5, 15)),
        ("equal_share", "a", (10, 10)),
        ("nearest_first", "a", (10, 10)),
        ("nearest_first", "b", (0, 20)),
    ],
)
def test_between_depots(rule: str, near: str, expected: tuple[int, int]) -> None:
    """Depots ask for 10 and 30 kg of a source that gives 20: 5 and 15; 10 and 10; the nearer one's first."""
    km = {depot: 5 if depot == near else 50 for depot in "ab"}
    plan = with_supply(
        shop(two_depots()),
        {"food": stock(0, 1)},
        sources={"market": source(24, daily_kg={"food": 20}, distance_km=km)},
        review={"at": "12:00", "every_days": 1000},
    )
    result = only(plan, WAIT, allocation_between_depots=rule)
    found = kg_of(result)
    assert (sum(found[:10]), sum(found[10:])) == pytest.approx(expected)


def test_goods_of_one_depot_only() -> None:
    """The market only gives to depot b: a's households have what they began with."""
    plan = with_supply(
        shop(two_depots((1, 1))),
        {"food": stock(2, 2)},
        sources={"farm": source(24, depots=["a"], daily_kg={"food": 0}), "market": source(24, depots=["b"])},
    )
    assert kg_of(only(plan, WAIT)) == pytest.approx([2, 7])
