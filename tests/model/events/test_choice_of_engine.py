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


def run(*steps: Plain, engine: str, detail: str | list[str] = "summary") -> ss.Result:
    plan = world([4], {"staff": crew(2)}, {"vans": fleet(1)})
    decided = ss.load_strategy(strategy(channel("only", *steps)))
    return ss.simulate(ss.load_scenario(plan), decided, replications=1, seed=1, detail=detail, engine=engine)  # type: ignore[arg-type]


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


def test_events_leave_branches_that_do_not_couple_to_kernels() -> None:
    """The note says so, and nothing goes to the reference; where no step is left for them, they are refused."""
    way = channel("only", PICK, PACK | {"branch": "cold"}, DRIVE) | {"branches": {"cold": {"share": 0.5}}}
    other = channel("other", stage("sort", "sorters", effort={"per_order_min": 5}))
    plan = ss.load_scenario(world([4], {"staff": crew(2), "sorters": crew(1)}, {"vans": fleet(1)}))
    way["steps"][1]["stage"] = way["steps"][1]["stage"] | {"crew": "sorters"}
    other["steps"][0]["stage"] |= {"crew": "staff"}

    def note(*ways: Plain) -> str:
        decided = strategy(*ways, from_days=[0, 3][: len(ways)])
        return ss.simulate(plan, ss.load_strategy(decided), replications=1, seed=1, engine="events").notes[0]

    with pytest.raises(InputError, match="branches at 'pick'"):
        note(way)
    own = channel("own", stage("weigh", "weighers", effort={"per_order_min": 5}))
    plan = ss.load_scenario(world([4], {"staff": crew(2), "sorters": crew(1), "weighers": crew(1)}, {"vans": fleet(1)}))
    assert note(way, own) == "engine: events for weigh; kernels for pick, pack, drive"


def test_events_are_refused_for_loads_that_they_cannot_make() -> None:
    """Loads of more than 129 orders of what stands there: the reference runs, and says why; events say it too."""
    full = leg("drive", "vans", leave={"kind": "full", "orders": 200})
    why = "loads of 'drive' of more than 129 orders"
    plan = ss.load_scenario(world([4], {"staff": crew(2)}, {"vans": fleet(1, drivers="staff")}))
    decided = ss.load_strategy(strategy(channel("only", PICK, full)))
    assert ss.simulate(plan, decided, replications=1, seed=1).notes[0].endswith(f"; {why})")
    with pytest.raises(InputError, match=why):
        ss.simulate(plan, decided, replications=1, seed=1, engine="events")


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


def test_events_know_docks_by_day() -> None:
    """There is no dock on day 0: a van whose driver picks too is loaded at 24:00, and is there at 24:15."""
    plan = world([4], {"staff": crew(2)}, {"vans": fleet(1, drivers="staff")}, horizon_days=3)
    plan["scenario"]["geography"]["depots"][0]["by_day"] = [{"docks": 0}, {"from_day": 1, "docks": 1}]
    scenario, decided = ss.load_scenario(plan), ss.load_strategy(strategy(channel("only", PICK, DRIVE)))
    record, times = simulate(scenario, decided, 1)
    assert record.notes[0].startswith("engine: events for pick, drive")
    assert times == simulate(scenario, decided, 1, "reference")[1]
    assert min(time for key, time in times.items() if key[0] == "drive") == 24 * 60 + 15


@pytest.mark.parametrize("detail", ["trips", ["orders", "trips"]])
def test_events_do_not_keep_trips(detail: str | list[str]) -> None:
    """Where steps couple the reference keeps them; kernels keep them where none do."""
    why = "records of trips and levels"
    assert run(PICK, PACK, DRIVE, engine="auto", detail=detail).notes[0].endswith(f"; {why})")
    assert run(PICK, DRIVE, engine="auto", detail=detail).notes[0] == "engine: kernels"
    for steps in ((PICK, PACK, DRIVE), (PICK, DRIVE)):
        with pytest.raises(InputError, match=why):
            run(*steps, engine="events", detail=detail)


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
