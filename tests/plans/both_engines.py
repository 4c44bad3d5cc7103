"""How the independent oracles run a plan: under every engine, which must agree to the last bit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

import simsupply as ss
from simsupply.records.replication import Engine
from tests.plans.paper_plans import DAY, Plain, channel, strategy


def simulated(plan: Plain, decided: Plain, *, engine: Engine = "auto", seed: int = 1) -> ss.Result:
    """One replication under one engine."""
    return ss.simulate(
        ss.load_scenario(plan),
        ss.load_strategy(decided),
        replications=1,
        seed=seed,
        detail="orders",
        engine=engine,
    )


def exact(plan: Plain, decided: Plain, *, seed: int = 1) -> ss.Result:
    """One replication, the same to the last bit under both engines, and with every step by events."""
    result = simulated(plan, decided, seed=seed)
    _assert_same(result, simulated(plan, decided, engine="reference", seed=seed))
    by_events = simulated(plan, decided, engine="events", seed=seed)
    assert by_events.notes[0].startswith("engine: events for")
    _assert_same(result, by_events)
    return result


def _assert_same(result: ss.Result, other: ss.Result) -> None:
    for name in ("orders", "households", "staff", "supply", "releases", "rationing"):
        table, other_table = getattr(result, name), getattr(other, name)
        assert (table is None) == (other_table is None)
        if table is not None:
            # Orders come in the order in which they are delivered, and ties are nobody's business.
            keys = [key for key in ("placed", "household", "channel", "wave", "order") if key in table]
            if keys:
                table, other_table = (frame.sort_values(keys, ignore_index=True) for frame in (table, other_table))
            pd.testing.assert_frame_equal(table, other_table, check_exact=True)
    for name in ("days", "waits"):
        pd.testing.assert_frame_equal(result.tables[name], other.tables[name], check_exact=True)


def only(plan: Plain, *steps: Plain, **how: Any) -> ss.Result:
    """The same for a single channel."""
    more = {key: how.pop(key) for key in ("allocation", "when_short", "allocation_between_depots") if key in how}
    return exact(plan, {**strategy(channel("only", *steps, **how)), **more})


def when(step: Plain, **condition: Any) -> Plain:
    """A step for some orders only."""
    return {**step, "when": condition}


def with_staffing(plan: Plain, **more: Any) -> Plain:
    """The plan with keys of `staffing` for all crews."""
    return {**plan, "staffing": {**plan["staffing"], **more}}


def with_shocks(plan: Plain, **shocks: Plain) -> Plain:
    """The plan with a section `shocks`."""
    return {**plan, "shocks": shocks}


def on_days(result: ss.Result, crew: str, measure: str) -> list[int]:
    """A count of staff, day by day."""
    table = result.staff
    rows = table[(table["crew"] == crew) & (table["measure"] == measure)].sort_values("day")
    return [int(value) for value in rows["value"]]


def stock_on_days(result: ss.Result, measure: str, goods: str = "food") -> list[float]:
    """A measure of stock, day by day."""
    table = result.supply
    assert table is not None
    rows = table[(table["goods"] == goods) & (table["measure"] == measure)].sort_values("day")
    return [float(value) for value in rows["value"]]


def kg_of(result: ss.Result) -> list[float]:
    """What each household got, up to the horizon."""
    table = result.households
    assert table is not None
    return [float(value) for value in table.sort_values("household")["kg"]]


def of_day(times: Sequence[float], day: int) -> list[float]:
    """Times as minutes after the midnight that begins a day."""
    return [time - day * DAY for time in times]


def deliveries(result: ss.Result, step: str, households: int) -> dict[int, list[float]]:
    """When orders finished a step, by household, in the order in which they were placed."""
    orders = result.orders
    assert orders is not None
    table = orders.sort_values(["placed", "household"])
    return {number: [float(v) for v in table.loc[table["household"] == number, step]] for number in range(households)}
