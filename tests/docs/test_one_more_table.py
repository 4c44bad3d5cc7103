"""The table of docs/model.md and the one that `is_monotone` reads say the same."""

from __future__ import annotations

import re

import pytest

import simsupply as ss
from simsupply.strategy.monotone import VERDICTS, is_monotone, rows_of
from tests.helpers.command_line import REPOSITORY
from tests.plans.paper_plans import Plain, channel, crew, fleet, leg, stage, strategy, world

PAGE = (REPOSITORY / "docs" / "model.md").read_text(encoding="utf-8")
WORDS = {
    "proven": "proven",
    "none found": "none_found",
    "counter-example": "counter_example",
    "not examined": "not_examined",
}


def test_the_page_says_what_is_read() -> None:
    rows = re.findall(
        r"^\|[^|]*\| `([a-z_]+(?:\.[a-z_]+)?)`[^|]*\| (proven|none found|counter-example|not examined)",
        PAGE,
        re.MULTILINE,
    )
    assert {name: WORDS[verdict] for name, verdict in rows} == VERDICTS


def plan(people: Plain, vans: Plain | None = None, **more: object) -> ss.Scenario:
    return ss.load_scenario({**world([3], {"staff": people}, {"vans": vans or fleet(1)}), **more})


def decided(**leave: object) -> ss.StrategySpec:
    pick = stage("pick", "staff", effort={"per_order_min": 5})
    return ss.load_strategy(strategy(channel("only", pick, leg("drive", "vans", **leave))))


PROVEN = ("discipline.sequence", "at_shift_end.finish", "leave.planned", "serves.one_step", "pace.one")


def test_a_plain_plan_is_monotone() -> None:
    assert rows_of(plan(crew(1)), decided()) == PROVEN
    assert is_monotone(plan(crew(1)), decided())


@pytest.mark.parametrize(
    ("people", "vans", "row", "may_be_later"),
    [
        (crew(1, at_shift_end="fit"), fleet(1), "at_shift_end.fit", False),
        (crew(1, at_shift_end="pause"), fleet(1), "at_shift_end.pause_of_all_alike", False),
        (crew(1, at_shift_end="pause", attendance=0.5), fleet(1), "at_shift_end.pause", True),
        (crew(1), fleet(1, drivers="staff"), "serves.downstream_first", True),
        (crew(1, serves="upstream_first"), fleet(1, drivers="staff"), "serves.upstream_first", True),
        (crew(1, productivity={"start": 0.5, "end": 1, "over_days": 3}), fleet(1), "pace.mixed", True),
    ],
)
def test_rows_of_plans(people: Plain, vans: Plain, row: str, may_be_later: bool) -> None:
    scenario = plan(people, vans)
    assert row in rows_of(scenario, decided())
    assert is_monotone(scenario, decided()) is not may_be_later


def test_departures_and_the_rest() -> None:
    leave = decided(leave={"kind": "ready", "orders": 3})
    assert {"leave.ready", "discipline.fifo"} <= set(rows_of(plan(crew(1)), leave))
    assert not is_monotone(plan(crew(1)), leave)
    shocked = {
        "call": {"kind": "staff", "title": {"en": "c", "zh": "召集"}, "crews": ["staff"], "from_day": 1, "to_day": 2}
    }
    assert rows_of(plan(crew(1), shocks=shocked), decided())[-1] == "anything_else"
