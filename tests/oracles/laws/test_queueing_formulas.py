"""Queues whose mean sojourn is known in closed form, or from their Markov chain."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

import simsupply as ss
from simsupply.records.replication import Engine
from tests.plans.paper_plans import Plain, channel, crew, fleet, leg, shift, stage, strategy, world

ALWAYS = shift("00:00", "24:00")


def poisson(orders: int, rate: float) -> Plain:
    """So many orders at random moments, so many a minute; and days enough for them."""
    demand = {
        "kind": "poisson",
        "need_kg_per_household_week": 14,
        "rate_per_min": rate,
        "max_orders": orders,
        "order_kg": 1,
        "lines_per_order": 1,
    }
    return {"demand": demand, "horizon_days": math.ceil(orders / rate / 1440 * 1.1), "run_out_days": 1}


def sojourns_of(plan: Plain, *steps: Plain, orders: int, replications: int, warm_up: int, engine: Engine) -> np.ndarray:
    """Mean minutes from order to done of each replication, without the first orders."""
    result = ss.simulate(
        ss.load_scenario(plan),
        ss.load_strategy(strategy(channel("queue", *steps))),
        replications=replications,
        seed=1,
        detail="orders",
        engine=engine,
    )
    assert engine == "auto" or result.notes[0].startswith("engine: events for")
    table = result.orders.sort_values(["replication", "placed"])
    assert len(table) == orders * replications
    assert table["served"].notna().all()
    stay = (table["served"] - table["placed"]).to_numpy().reshape(replications, orders)
    return stay[:, warm_up:].mean(axis=1)


def sojourns(
    orders: int, rate: float, servers: int, kind: str, *, replications: int, warm_up: int, engine: Engine = "auto"
) -> np.ndarray:
    """The same of a single stage, a minute each."""
    plan = world([orders], {"servers": crew(servers, "depot", ALWAYS)}, **poisson(orders, rate))
    work = stage("served", "servers", discipline="fifo", effort={"per_order_min": 1}, variability={"kind": kind})
    return sojourns_of(plan, work, orders=orders, replications=replications, warm_up=warm_up, engine=engine)


def assert_mean(sample: np.ndarray, expected: float) -> None:
    """The 95 % t-interval of the replications covers the expectation, and it is narrow enough to tell."""
    half = stats.t.ppf(0.975, len(sample) - 1) * sample.std(ddof=1) / math.sqrt(len(sample))
    assert half < 0.05 * expected
    assert sample.mean() == pytest.approx(expected, abs=half)


@pytest.mark.lengthy
@pytest.mark.parametrize("engine", ["auto", "events"])
def test_three_servers_with_exponential_times(engine: Engine) -> None:
    """M/M/3, rate 2.4 a minute, 1 min each: a = 2.4, load 0.8.

    Sum over k < 3 of a^k / k! = 1 + 2.4 + 2.88 = 6.28; a^3 / 3! / (1 - 0.8) = 11.52; Erlang C = 11.52 / 17.8.
    Mean wait = C / (3 - 2.4) = 1.078652; sojourn 2.078652.
    """
    wait = 11.52 / 17.8 / 0.6
    assert wait == pytest.approx(1.07865, abs=5e-6)
    found = sojourns(20_000, 2.4, 3, "exponential", replications=20, warm_up=1_000, engine=engine)
    assert_mean(found, 1 + wait)


@pytest.mark.parametrize("engine", ["auto", "events"])
def test_one_server_with_constant_times(engine: Engine) -> None:
    """M/D/1 at load 0.7: wait = 0.7 / (2 * 0.3) = 7/6 min; sojourn 13/6."""
    assert_mean(sojourns(10_000, 0.7, 1, "none", replications=10, warm_up=500, engine=engine), 1 + 7 / 6)


def blocked_line(rate: float, first: float, second: float, room: int, most: int = 80) -> float:
    """Mean sojourn in a line of two servers with room for so many at the second, the one in service included.

    Whoever has finished at the first and finds no room stays there and blocks it. States: how many wait or are served
    at the first (0 .. `most`, beyond which hardly any come), and how many are at the second (0 .. `room`) or, `room` +
    1, that too and the first server blocked. Little's law: sojourn = orders in the line / rate.
    """
    states = [(waiting, behind) for waiting in range(most + 1) for behind in range(room + 2)]
    number = {state: place for place, state in enumerate(states)}
    rates = np.zeros((len(states), len(states)))
    for waiting, behind in states:
        moves = [((waiting + 1, behind), rate)]
        if waiting and behind <= room:
            moves.append(((waiting - 1, behind + 1), 1 / first))
        if behind:
            moves.append(((waiting, behind - 1), 1 / second))
        for state, at_rate in moves:
            if state in number:
                rates[number[waiting, behind], number[state]] += at_rate
    np.fill_diagonal(rates, -rates.sum(axis=1))
    equations = np.vstack([rates.T[:-1], np.ones(len(states))])
    share = np.linalg.solve(equations, np.append(np.zeros(len(states) - 1), 1.0))
    assert share[number[most, 0] :].sum() < 1e-6
    return float(share @ np.array([waiting + behind for waiting, behind in states])) / rate


def test_two_servers_with_blocking() -> None:
    """One person works on an order, then drives it (no minutes) to a floor for two, and waits in the van for room.

    So the person is blocked until an order has left the second server: the line above.
    """
    rate, first, second, room, orders = 0.5, 1.0, 1.25, 2, 6_000
    expected = blocked_line(rate, first, second, room)
    # Without blocking 1 / (1 - 0.5) + 1.25 / (1 - 0.625) = 5.33.
    assert expected > first / (1 - rate * first) + second / (1 - rate * second)
    plan = world(
        [orders],
        {"staff": crew(1, "depot", ALWAYS), "servers": crew(1, "drop_point", ALWAYS)},
        {"vans": fleet(1, "depot", ALWAYS, drivers="staff")},
        **poisson(orders, rate),
    )
    plan["scenario"]["geography"]["drop_points"][0]["floor_parcels"] = room
    varies: Plain = {"discipline": "fifo", "variability": {"kind": "exponential"}}
    steps = (
        stage("begin", "staff", effort={"per_order_min": first}, **varies),
        leg("drive", "vans", drive_min=[0, 0], discipline="fifo", leave={"kind": "full", "orders": 1}),
        stage("served", "servers", "drop_point", effort={"per_order_min": second}, **varies),
    )
    assert_mean(sojourns_of(plan, *steps, orders=orders, replications=12, warm_up=300, engine="events"), expected)
