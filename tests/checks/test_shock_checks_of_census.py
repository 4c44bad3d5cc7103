"""A city from a census has stations, although no key counts them: they may be closed."""

from __future__ import annotations

import simsupply as ss


def test_all_stations_of_a_city_may_be_closed() -> None:
    scenario = ss.load_scenario("demo_city", ["shocks.closed={kind: place, at: station, from_day: 1, to_day: 4}"])
    assert set(scenario.spec.shocks) == {"closed"}
