"""What goes out of stock first: first expired, first in or last in; plans of ten households."""

from __future__ import annotations

from typing import Any

import pytest

from simsupply.model.stock.batches import Stockroom
from tests.oracles.independent.test_independent_supply import assert_days, run


@pytest.mark.parametrize(
    ("issue", "spoiled", "on_hand"),
    [
        ("first_expired", 10, [30, 30, 30, 20, 30, 30, 30]),
        ("first_in", 10, [30, 30, 30, 20, 30, 30, 30]),
        ("last_in", 20, [30, 30, 30, 10, 30, 30, 30]),
    ],
)
def test_what_goes_out_first(issue: str, spoiled: float, on_hand: list[float]) -> None:
    """Kept 3 days: what is left of the 40 kg of the start spoils at 00:00 of day 3; 10 kg come each noon from day 1 on.

    First in, or first to expire: three lists take 30 of the 40. Last in: the list of day 2 takes what came on day 1.
    Noon of day 3 asks for what has spoiled too: 40 - 20 = 20 or 40 - 10 = 30, which come on day 4.
    """
    result = run(4, 4, kept={"shelf_life_days": 3, "issue": issue})
    assert_days(result, drawn_kg=[10] * 7, spoiled_kg=[0, 0, 0, spoiled, 0, 0, 0], on_hand_kg=on_hand)


@pytest.mark.parametrize(
    ("issue", "expiry"), [("first_expired", [2, 5, 9]), ("first_in", [5, 9, 2]), ("last_in", [2, 9, 5])]
)
def test_batches_go_out_in_order(issue: Any, expiry: list[float]) -> None:
    """One kg each, in at minutes 1 to 3, that expire at 5, 9 and 2 (the last one from a reserve)."""
    room = Stockroom(1, 1, {(0, 0): issue})
    for ends in (5.0, 9.0, 2.0):
        room.put(0, 0, (ends, 1.0))
    assert [room.take(0, 0, 1.0)[0][0] for _ in range(3)] == expiry
    for ends in (5.0, 9.0, 2.0):
        room.put(0, 0, (ends, 1.0))
    assert room.spoil(0, 0, 5.0) == 2
    assert room.on_hand[0, 0] == 1
