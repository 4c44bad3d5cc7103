"""`engine` forces an engine where it applies; else it is said why it does not."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import simsupply as ss
from simsupply.base.problems import InputError
from tests.helpers.events import simulate
from tests.plans.paper_plans import Plain, channel, crew, cycle, fleet, gate, leg, stage, strategy, world

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


SLOTS = gate("calls", "08:00", "18:00")
SLOTS["gate"]["slots"] = {"minutes": 30, "households": 2}
TOGETHER = PACK | {"stage": PACK["stage"] | {"together": 2}}
JOINED = PACK | {"stage": PACK["stage"] | {"joined_by": ["guards"]}}
TWO_FLEETS = leg("drive", "vans", drive_min=[15, 15], discipline="fifo", leave={"kind": "ready", "orders": 2})
TWO_FLEETS["leg"]["fleet"] = ["vans", "trucks"]


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ((PICK, SLOTS, PACK), "crew 'staff' does several things: 'pick', 'pack'"),
        ((PICK, TOGETHER), "up to 2 units of 'pack' are served together"),
        ((PICK, JOINED), "a unit of 'pack' takes people of several crews: 'staff', 'guards'"),
        ((PICK | {"branch": "cold"}, PACK, DRIVE), "crew 'staff' does several things: 'pick', 'pack'"),
        ((PICK, TWO_FLEETS), "vehicles of 'drive' leave with what is there"),
    ],
)
def test_events_know_all_that_couples(steps: tuple[Plain, ...], why: str) -> None:
    """Time slots, units and crews together, branches, what is there on trips in parts: as in the reference."""
    fleets = {"vans": fleet(1), "trucks": fleet(1)}
    plan = ss.load_scenario(world([4], {"staff": crew(2), "guards": crew(1)}, fleets))
    branches = {"branches": {"cold": {"share": 0.5}}} if "branch" in steps[0] else {}
    decided = ss.load_strategy(strategy(channel("only", *steps) | branches))
    record, times = simulate(plan, decided, 1)
    assert record.notes[0].startswith("engine: events for ")
    assert why in record.notes[0]
    assert times == simulate(plan, decided, 1, "reference")[1]
    with pytest.raises(InputError, match=why):
        ss.simulate(plan, decided, replications=1, seed=1, engine="kernels")


def test_a_comparison_forces_an_engine_on_all_or_refuses() -> None:
    """Kernels are refused for the second strategy, by name, before the first one has run."""
    plan = ss.load_scenario(world([4], {"staff": crew(2)}, {"vans": fleet(1)}))
    plain, coupled = (
        ss.load_strategy(strategy(channel("only", *steps)) | {"name": name, "title": {"en": name, "zh": name}})
        for name, steps in (("plain", (PICK, DRIVE)), ("coupled", (PICK, PACK, DRIVE)))
    )
    found = ss.compare(plan, [plain, coupled], replications=1, engine="events")
    assert [case.result.notes[0].split(" (")[0] for case in found.cases] == [
        "engine: events for pick, drive",
        "engine: events for pick, pack, drive",
    ]
    ran: list[float] = []
    with pytest.raises(InputError, match=r"compare.*coupled.*engine.*'kernels'.*several things: 'pick', 'pack'"):
        ss.compare(plan, [plain, coupled], replications=1, engine="kernels", on_advance=ran.append)
    assert not ran
    with pytest.raises(InputError, match=r"compare.*did you mean 'events'"):
        ss.compare(plan, [plain], replications=1, engine="event")  # type: ignore[arg-type]


def test_one_of_two_channels_leaves_with_what_is_there() -> None:
    """Vans that both use couple, whichever of them it is: of the second all four go, two by two."""
    vans = {"vans": fleet(1)}
    plan = ss.load_scenario(world([4], {"staff": crew(2)}, vans, demand=cycle(days=1), horizon_days=2))
    steps = [leg(name, "vans", drive_min=[15, 15], discipline="fifo") for name in ("planned", "what_is_there")]
    steps[1]["leg"]["leave"] = {"kind": "ready", "orders": 2}
    channels = [channel(name, step) for name, step in zip(("first", "second"), steps, strict=True)]
    decided = ss.load_strategy(strategy(*channels, from_days=[0, 1]))
    record, times = simulate(plan, decided, 1)
    assert record.notes[0] == (
        "engine: events for planned, what_is_there (vehicles of 'what_is_there' leave with what is there)"
    )
    assert sum(key[0] == "what_is_there" for key in times) == 4
    assert times == simulate(plan, decided, 1, "reference")[1]


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
