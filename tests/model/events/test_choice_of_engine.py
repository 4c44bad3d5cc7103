"""`engine` forces an engine where it applies; else it is said why it does not."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import simsupply as ss
from simsupply.base.problems import InputError
from tests.helpers.events import simulate
from tests.plans.paper_plans import Plain, channel, crew, fleet, gate, leg, stage, strategy, world

PICK = stage("pick", "staff", effort={"per_order_min": 10}, discipline="fifo")
PACK = stage("pack", "staff", effort={"per_order_min": 7}, discipline="fifo")
DRIVE = leg("drive", "vans", drive_min=[15, 15], discipline="fifo")


def run(*steps: Plain, engine: str) -> ss.Result:
    plan = world([4], {"staff": crew(2)}, {"vans": fleet(1)})
    decided = ss.load_strategy(strategy(channel("only", *steps)))
    return ss.simulate(ss.load_scenario(plan), decided, replications=1, seed=1, engine=engine)  # type: ignore[arg-type]


def test_what_couples_goes_by_events_and_the_rest_by_kernels() -> None:
    note = run(PICK, PACK, DRIVE, engine="auto").notes[0]
    assert note == (
        "engine: events for pick, pack (crew 'staff' does several things: 'pick', 'pack'); kernels for drive"
    )


def test_events_take_on_what_does_not_couple() -> None:
    assert run(PICK, DRIVE, engine="auto").notes[0] == "engine: kernels"
    assert run(PICK, DRIVE, engine="events").notes[0] == "engine: events for pick, drive"


def test_kernels_are_refused_where_steps_couple() -> None:
    with pytest.raises(InputError, match=r"engine.*'kernels'.*does several things: 'pick', 'pack'"):
        run(PICK, PACK, DRIVE, engine="kernels")


def test_events_do_not_know_time_slots_between_steps_that_couple() -> None:
    """The reference runs, and events are refused."""
    slots = gate("calls", "08:00", "18:00")
    slots["gate"]["slots"] = {"minutes": 30, "households": 2}
    assert run(PICK, slots, PACK, engine="auto").notes[0].startswith("engine: reference, one process per order (crew")
    with pytest.raises(InputError, match="time slots at 'calls'"):
        run(PICK, slots, PACK, engine="events")


@pytest.mark.parametrize(
    ("step", "why"),
    [
        (PACK | {"stage": PACK["stage"] | {"together": 2}}, "up to 2 units of 'pack' are served together"),
        (PACK | {"stage": PACK["stage"] | {"joined_by": ["guards"]}}, "a unit of 'pack' takes people of several crews"),
    ],
)
def test_events_do_not_know_units_or_crews_together(step: Plain, why: str) -> None:
    """The reference runs, and events and kernels are refused."""
    plan = ss.load_scenario(world([4], {"staff": crew(2), "guards": crew(1)}, {"vans": fleet(1)}))
    decided = ss.load_strategy(strategy(channel("only", step, DRIVE)))
    assert f"({why}" in ss.simulate(plan, decided, replications=1, seed=1).notes[0]
    for engine in ("kernels", "events"):
        with pytest.raises(InputError, match=why):
            ss.simulate(plan, decided, replications=1, seed=1, engine=engine)  # type: ignore[arg-type]


def test_events_do_not_know_branches_of_steps_that_couple() -> None:
    """What couples is between branches: the reference runs; a branch elsewhere is no matter."""
    branching = channel("only", PICK | {"branch": "cold"}, PACK, DRIVE) | {"branches": {"cold": {"share": 0.5}}}
    decided = ss.load_strategy(strategy(branching))
    plan = ss.load_scenario(world([4], {"staff": crew(2)}, {"vans": fleet(1)}))
    assert "branches at" in ss.simulate(plan, decided, replications=1, seed=1).notes[0]
    with pytest.raises(InputError, match="branches at"):
        ss.simulate(plan, decided, replications=1, seed=1, engine="events")


def test_events_know_docks_by_day() -> None:
    """There is no dock on day 0: a van whose driver picks too is loaded at 24:00, and is there at 24:15."""
    plan = world([4], {"staff": crew(2)}, {"vans": fleet(1, drivers="staff")}, horizon_days=3)
    plan["scenario"]["geography"]["depots"][0]["by_day"] = [{"docks": 0}, {"from_day": 1, "docks": 1}]
    scenario, decided = ss.load_scenario(plan), ss.load_strategy(strategy(channel("only", PICK, DRIVE)))
    record, times = simulate(scenario, decided, 1)
    assert record.notes[0].startswith("engine: events for pick, drive")
    assert times == simulate(scenario, decided, 1, "reference")[1]
    assert min(time for key, time in times.items() if key[0] == "drive") == 24 * 60 + 15


def test_records_do_not_choose_the_engine() -> None:
    """What couples goes by events with trips recorded too."""
    plan = ss.load_scenario(world([4], {"staff": crew(2)}, {"vans": fleet(1)}))
    decided = ss.load_strategy(strategy(channel("only", PICK, PACK, DRIVE)))
    notes = [ss.simulate(plan, decided, replications=1, detail=detail).notes for detail in ("summary", "trips")]
    assert notes[0] == notes[1]


SCRIPT = """
from tests.model.events.test_wake_ups import NEEDED
from tests.helpers.events import simulate
import simsupply as ss
for plan in dict.fromkeys(NEEDED.values()):
    scenario, decided = (load(part) for load, part in zip((ss.load_scenario, ss.load_strategy), plan()))
    assert simulate(scenario, decided, 1)[1] == simulate(scenario, decided, 1, "reference")[1]
"""


@pytest.mark.lengthy
def test_no_index_lies_outside_of_its_array() -> None:
    """Compiled nobody looks; without compiling each is looked at."""
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    subprocess.run([sys.executable, "-c", SCRIPT], env=environment, check=True, timeout=300)
