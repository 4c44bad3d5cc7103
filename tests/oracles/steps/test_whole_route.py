"""The plan of the first meeting: 2 packers, 3 households, 1 van, 1 walker, constant times."""

from __future__ import annotations

from tests.plans.paper_plans import crew, delay, door, ends, fleet, leg, simulate, stage, world


def core(effort: dict[str, float] | None = None):
    plan = world([3], {"packers": crew(2), "walkers": crew(1, "drop_point")}, {"vans": fleet(1)})
    return simulate(
        plan,
        stage("pack", "packers", effort=effort or {"per_order_min": 10}),
        leg(
            "deliver",
            "vans",
            load={"per_consignment_min": 5, "per_parcel_min": 1},
            unload={"per_consignment_min": 4, "per_parcel_min": 2},
        ),
        delay("count", 10),
        door(2, walk_min=6, effort={"per_order_min": 1}),
    )


def test_every_event_of_the_core_plan() -> None:
    """Work starts at 08:00 = 480.

    pack, 10 min: household 0 at packer 0 and 1 at packer 1 480-490; 2 at packer 0 490-500.
    deliver: the load of 3 is complete at 500; load 5 + 3*1 = 8 -> 508; drive 10 km / 40 km/h = 15
    -> 523; unload 4 + 3*2 = 10 -> 533 for all three.
    count: 10 -> 543.
    door: rounds of two, walk 6 there and back, door 3 (no lift) + 1.
    Round 1 starts 543: +3 walk = 546, door 0 at 550, door 1 at 554, back at 557.
    Round 2 starts 557: +3 = 560, door 2 at 564.
    """
    result = core()
    assert ends(result, "pack") == [490, 490, 500]
    assert ends(result, "deliver") == [533, 533, 533]
    assert ends(result, "count") == [543, 543, 543]
    assert ends(result, "door") == [550, 554, 564]
    assert list(result.orders["placed"]) == [0, 0, 0]
    assert list(result.orders.columns) == [
        *("replication", "wave", "channel", "household", "order", "placed"),
        *("pack", "deliver", "count", "door"),
    ]


def test_effort_is_the_sum_of_its_parts() -> None:
    """2 per order + 1.5 a line * 1 line + 0.5 a parcel + 0.25 a kg * 14 kg = 7.5 min.

    480 + 7.5 = 487.5 twice, then 495; the rest of the core plan moves forward by 5 min.
    """
    result = core({"per_order_min": 2, "per_line_min": 1.5, "per_parcel_min": 0.5, "per_kg_min": 0.25})
    assert ends(result, "pack") == [487.5, 487.5, 495]
    assert ends(result, "deliver") == [528, 528, 528]
    assert ends(result, "door") == [545, 549, 559]


def test_content_of_the_parcel_stands_above_demand() -> None:
    """5 lines * 2 + 8 kg * 0.5 = 14 min a parcel, whatever the household would have ordered (12 lines, 14 kg).

    One packer: 494, 508.
    """
    from tests.plans.paper_plans import cycle

    plan = world([2], {"packers": crew(1)}, demand=cycle(lines=12))
    result = simulate(
        plan,
        stage("pack", "packers", effort={"per_line_min": 2, "per_kg_min": 0.5}),
        release={"kind": "allot"},
        parcel={"lines": 5, "kg": 8},
    )
    assert ends(result, "pack") == [494, 508]


def test_two_depots_and_two_drop_points_keep_their_own_people() -> None:
    """Each depot has its own packer (headcount per place); north's is not helped by south's.

    north: 480 + 10, 20, 30; south: 480 + 10.
    """
    geography = {
        "kind": "listed",
        "depots": [{"name": "north"}, {"name": "south"}],
        "drop_points": [
            {"name": "a", "households": 3, "distance_km": 10, "depot": "north"},
            {"name": "b", "households": 1, "distance_km": 10, "depot": "south"},
        ],
    }
    result = simulate(world(geography, {"packers": crew(1)}), stage("pack", "packers", effort={"per_order_min": 10}))
    assert ends(result, "pack") == [490, 500, 510, 490]
