"""Rationing on paper: the last step of the ladder, with thresholds and a delay of its own; plans of ten households."""

from __future__ import annotations

import numpy as np
import pytest

import simsupply as ss
from tests.oracles.independent.test_independent_supply import CLOSED, assert_days, cut, released, reserve, run
from tests.plans.both_engines import kg_of
from tests.plans.paper_plans import clock


def rationed(result: ss.Result) -> list[tuple[float, float, float]]:
    """When orders were cut: decided, from, until."""
    table = result.rationing
    assert table is not None
    return [(row.decided_min, row.from_min, row.until_min) for row in table.itertuples()]


def test_rationing_from_the_next_list_on() -> None:
    """No reserve; below 2 days at noon of day 1 (10 kg): from day 2 on orders hold half, 0.5 kg each.

    Day 2 sends 5 of 10, day 3 the last 5; nothing from then on.
    """
    ladder = {"below_days": 2, "above_days": 3, "rationing": cut(2, 3)}
    result = run(3, 4, ladder=ladder, shocks={"night": CLOSED})
    assert_days(
        result,
        asked_kg=[10] * 7,
        rationed_kg=[0, 0, 5, 5, 5, 5, 5],
        drawn_kg=[10, 10, 5, 5, 0, 0, 0],
    )
    assert kg_of(result) == pytest.approx([3] * 10)
    assert rationed(result) == [(clock(1, 720), clock(1, 720), np.inf)]


def test_rationing_ends_with_the_ladder() -> None:
    """Closed until day 2: at its noon the market gives all that is lacking, 40 - 5 = 35, there on day 3 at noon.

    Noon of day 1: 10 kg < 20, in use. Day 2: half, 5 kg left. Day 3: half, 0 left, 35 arrive at noon and are
    reviewed then: 35 > 30, out of use. Day 4: in full.
    """
    ladder = {"below_days": 2, "above_days": 3, "rationing": cut(2, 9)}
    result = run(3, 4, ladder=ladder, shocks={"night": {**CLOSED, "to_day": 2}})
    assert_days(result, drawn_kg=[10, 10, 5, 5, 10, 10, 10], received_kg=[0, 0, 0, 35, 5, 10, 10])
    assert rationed(result) == [(clock(1, 720), clock(1, 720), clock(3, 720))]


def test_rationing_has_thresholds_of_its_own() -> None:
    """The ladder is in use from noon of day 1 (10 kg < 20), orders are cut at less than 1 day, until more than 2.

    Day 2: in full, nothing is left; noon: 0 < 10, cut; the market is open again and gives 40, there at noon of day 3:
    40 > 20, in full again on day 4, while the ladder stays in use up to 3.5 days until the noon of day 3 (40 > 35).
    """
    ladder = {"below_days": 2, "above_days": 3.5, "above_reviews": 3, "rationing": cut(1, 2)}
    result = run(3, 4, ladder=ladder, shocks={"night": {**CLOSED, "to_day": 2}})
    assert_days(
        result,
        rationed_kg=[0, 0, 0, 5, 0, 0, 0],
        drawn_kg=[10, 10, 10, 0, 10, 10, 10],
        received_kg=[0, 0, 0, 40, 0, 10, 10],
    )
    assert rationed(result) == [(clock(2, 720), clock(2, 720), clock(3, 720))]


def test_rationing_only_after_the_last_reserve_has_come() -> None:
    """The reserve's 20 kg are all released at noon of day 1 (10 kg on hand, 30 lacking), there at 18:00.

    Noon of day 2: 10 + 20 - 10 = 20, not below 2 days. Day 3: 10, so orders hold half from day 4 on: 5, 5, none.
    """
    ladder = {"below_days": 2, "above_days": 3.5, "rationing": cut(2, 3)}
    result = run(3, 4, reserves={"near": reserve(20, 6)}, ladder=ladder, shocks={"night": CLOSED})
    assert released(result) == [("near", clock(1, 720), clock(1, 1080), pytest.approx(20))]
    assert_days(result, drawn_kg=[10, 10, 10, 10, 5, 5, 0], on_hand_kg=[20, 30, 20, 10, 5, 0, 0])
    assert rationed(result) == [(clock(3, 720), clock(3, 720), np.inf)]


def test_no_rationing_while_the_last_reserve_is_on_its_way() -> None:
    """The same 30 h away: there at 18:00 of day 2. At its noon nothing is there, but 20 kg are on their way.

    Day 3: 20 - 10 = 10 at noon, cut from day 4 on.
    """
    ladder = {"below_days": 2, "above_days": 3.5, "rationing": cut(2, 3)}
    result = run(3, 4, reserves={"near": reserve(20, 30)}, ladder=ladder, shocks={"night": CLOSED})
    assert_days(result, on_hand_kg=[20, 10, 20, 10, 5, 0, 0], rationed_kg=[0, 0, 0, 0, 5, 5, 5])
    assert rationed(result) == [(clock(3, 720), clock(3, 720), np.inf)]


@pytest.mark.parametrize(("hours", "drawn"), [(18, [10, 10, 5, 5, 0, 0, 0]), (18.5, [10, 10, 10, 0, 0, 0, 0])])
def test_rationing_after_its_delay(hours: float, drawn: list[float]) -> None:
    """Decided at noon of day 1; 18 h later the list of 06:00 is cut, 18.5 h later not yet, and nothing is left."""
    ladder = {"below_days": 2, "above_days": 3, "rationing": cut(2, 3, delay_hours=hours)}
    result = run(3, 4, ladder=ladder, shocks={"night": CLOSED})
    assert_days(result, drawn_kg=drawn)
    assert rationed(result) == [(clock(1, 720), clock(1, 720 + hours * 60), np.inf)]


def test_rationing_decided_twice_in_a_row() -> None:
    """Two counts below 2 days: noons of days 1 (10 kg) and 2 (none); from day 3 on nothing is there to be cut."""
    ladder = {"below_days": 2, "above_days": 3, "rationing": cut(2, 3, below_reviews=2)}
    result = run(3, 4, ladder=ladder, shocks={"night": CLOSED})
    assert_days(result, rationed_kg=[0, 0, 0, 5, 5, 5, 5], drawn_kg=[10, 10, 10, 0, 0, 0, 0])


def test_rationing_that_never_comes_into_force_is_not_recorded() -> None:
    """Decided at noon of day 1 for three days later; the market's goods are back at noon of day 3."""
    ladder = {"below_days": 2, "above_days": 3, "rationing": cut(2, 3, delay_hours=72)}
    result = run(3, 4, ladder=ladder, shocks={"night": {**CLOSED, "to_day": 2}})
    assert_days(result, rationed_kg=[0] * 7)
    assert rationed(result) == []


def test_no_rationing_while_a_reserve_has_something_left() -> None:
    """25 kg, and 20 in reserve, of which a quarter may leave a day. Noon of day 0 finds 15: below 2 days.

    5 kg are released on each of the days 0 to 3, there at 18:00, and nothing is left then. Noon of day 4: all of it
    has come, and nothing is there; orders are cut from day 5 on.
    On hand: 15 + 5 = 20, 10 + 5 = 15, 10, 5; then the 5 go out on day 4, and nothing is left.
    """
    ladder = {"below_days": 2, "above_days": 3, "rationing": cut(2, 3)}
    reserves = {"near": reserve(20, 6, daily_share=0.25)}
    result = run(2.5, 4, reserves=reserves, ladder=ladder, shocks={"night": CLOSED})
    assert released(result) == [("near", clock(day, 720), clock(day, 1080), pytest.approx(5)) for day in range(4)]
    assert_days(
        result,
        rationed_kg=[0, 0, 0, 0, 0, 5, 5],
        drawn_kg=[10, 10, 10, 10, 5, 0, 0],
        on_hand_kg=[20, 15, 10, 5, 0, 0, 0],
    )
