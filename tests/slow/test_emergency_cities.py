"""Plan S1 on cities of other sizes: 90,000 households at three depots, and Changchun."""

from __future__ import annotations

import pytest

from tests.systems.emergency import NORMAL_WEEK, run
from tests.systems.test_emergency_city import assert_alike

NAMES = ("emergency_usual", "emergency_crates_direct", "emergency_group_buying", "emergency_whole")


def test_a_city_of_three_depots_orders_the_policies_as_a_small_one() -> None:
    """.30 .50 .47 .48 for .28 .49 .46 .47 of 30,000 households."""
    small, large = ([run(name, households=size)[0].fill for name in NAMES] for size in (30000, 90000))
    assert_alike(small, large)


@pytest.mark.parametrize(("scenario", "households"), [("emergency_city", 90000), ("emergency_changchun", 0)])
def test_in_the_normal_week_everybody_is_served(scenario: str, households: int) -> None:
    outcome = run("emergency_usual", NORMAL_WEEK, households, scenario=scenario)[0]
    assert outcome.served >= 0.99
    assert outcome.rejected == 0
    assert 0.60 <= outcome.busy["shop"] + outcome.busy["pick"] <= 0.85
    assert 0.60 <= outcome.busy["courier"] <= 0.85


def test_changchun_with_paid_staff_alone() -> None:
    """Own orders fill .31, crates .60; attempts 26.7 times normal, accepted 3.2 times."""
    usual, crates = (
        run(name, scenario="emergency_changchun", households=0)[0]
        for name in ("emergency_usual", "emergency_crates_direct")
    )
    assert 20 <= usual.attempts_first_day <= 30
    assert crates.fill > usual.fill + 0.1
    assert crates.under_30 < usual.under_30 / 2
