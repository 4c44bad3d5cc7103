"""Time slots between steps that couple, on paper: the same in the reference."""

from __future__ import annotations

from tests.plans.both_engines import only
from tests.plans.paper_plans import crew, ends, fleet, gate, leg, listed, stage, world


def test_who_comes_as_a_slot_begins_but_after_it_was_called_waits_for_the_next() -> None:
    """Two vans of two parcels, room for two at the drop point, one slot a day for two households, at 12:00.

    Both are there at 08:15, and one finds room. At 12:00 (720) its two are called and leave the floor; the other van
    unloads at 12:00 too, but the slot is over: 1,440 + 720 on the next day.
    """
    geography = listed([4], docks=2)
    geography["drop_points"][0]["floor_parcels"] = 2
    plan = world(geography, {}, {"vans": fleet(2, payload_parcels=2)}, horizon_days=3)
    calls = gate("calls", "12:00", "12:30")
    calls["gate"]["slots"] = {"minutes": 30, "households": 2}
    result = only(plan, leg("drive", "vans", drive_min=[15, 15], discipline="fifo"), calls)
    assert result.notes[0].startswith("engine: events for drive, calls")
    assert ends(result, "drive") == [495, 495, 720, 720]
    assert ends(result, "calls") == [720, 720, 2160, 2160]


def test_those_who_hand_out_pick_too() -> None:
    """One person picks five orders of 10 min from 08:00 and hands out, 7 min each, what was called, each half hour.

    Households live in houses of their own: slots 08:00 (480), 510, 540, 570, 600. Picked at 490, 500, 510; in the same
    instant, before anybody is called, the fourth is taken, to 520. The first has missed its slot, and is called on the
    next day, 1,920 to 1,927. The second is called at 510 and handed out before the fifth is picked: 527, 537. Then all
    are there in time: 547, 577, 607.
    """
    plan = world([5], {"staff": crew(1)})
    calls = gate("calls", "08:00", "18:00")
    calls["gate"]["slots"] = {"minutes": 30, "households": 2}
    pick = stage("pick", "staff", effort={"per_order_min": 10}, discipline="fifo")
    result = only(plan, pick, calls, stage("hand_out", "staff", effort={"per_order_min": 7}, discipline="fifo"))
    assert result.notes[0].startswith("engine: events for pick, calls, hand_out")
    assert ends(result, "pick") == [490, 500, 510, 520, 537]
    assert ends(result, "calls") == [1920, 510, 540, 570, 600]
    assert ends(result, "hand_out") == [1927, 527, 547, 577, 607]
