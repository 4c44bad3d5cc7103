"""A queue run by the simulator, and its expectation computed exactly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

import simsupply as ss
from benchmarks.peers.simsupply_model import SojournRecorder
from simsupply.model.run_loop import run_replication

FloatArray = NDArray[np.float64]
TITLE = {"en": "Queue", "zh": "排队"}


def exact_sojourn(customers: int, rate: float, servers: int, mean_service: float = 1.0) -> float:
    """Expected minutes in the system of the first customers of an M/M/c queue that starts empty, mean over them.

    The number in the system that each arrival finds is a Markov chain: between two arrivals, customers leave one
    by one, and in a state of k the next event is the arrival with probability ``rate / (rate + min(k, c) / mean``.
    Who finds i >= c waits for i - c + 1 departures. No steady state, and so no warm-up, is assumed.

    References
    ----------
    Kelton, W. D., Law, A. M. (1985). The transient behavior of the M/M/s queue, with implications for
    steady-state simulation. Oper. Res. 33:378-396. doi:10.1287/opre.33.2.378

    Examples
    --------
    >>> exact_sojourn(1, 0.5, 1)  # the first one waits for nobody
    1.0
    >>> exact_sojourn(2, 1.0, 1)  # the second finds the first one with probability 1/2, and waits 1 then
    1.25
    """
    found = np.zeros(customers + 1)
    found[0] = 1.0
    number = np.arange(customers + 1)
    wait = np.maximum(number - servers + 1, 0) * mean_service / servers
    total = 0.0
    for _ in range(customers):
        total += float(found @ wait)
        # The one who came is in the system too; then departures until the next one comes.
        start, found = np.concatenate([[0.0], found[:-1]]), np.zeros(customers + 1)
        here = 0.0
        for state in range(customers, -1, -1):
            here += start[state]
            leaving = min(state, servers) / mean_service
            found[state] = here * rate / (rate + leaving)
            here -= found[state]
    return mean_service + total / customers


def played_sojourns(
    customers: int, rate: float, servers: int, mean_service: float = 1.0, *, replications: int, seed: int = 1
) -> FloatArray:
    """Mean minutes from order to done of each replication of the same queue, shape (replications,)."""
    scenario, strategy = ss.load_scenario(_world(customers, rate, servers)), ss.load_strategy(_strategy(mean_service))
    means = np.empty(replications)
    for number in range(replications):
        recorder = SojournRecorder("served")
        run_replication(scenario, strategy, seed=seed, number=number, recorder=recorder)
        assert recorder.num_finished == customers  # nobody is left out
        means[number] = recorder.total / customers
    return means


def _world(customers: int, rate: float, servers: int) -> dict[str, object]:
    """So many orders, each of some household; people who work day and night."""
    # Whoever comes last has come by then, but for one case in 10^9.
    days = int(np.ceil((customers + 6.5 * np.sqrt(customers) + 10) / rate / 1440))
    shift = {"start": "00:00", "end": "24:00"}
    geography = {
        "kind": "listed",
        "depots": [{"name": "site", "docks": 1}],
        "drop_points": [{"name": "gate", "households": customers, "distance_km": 1.0}],
    }
    return {
        "scenario": {
            "name": "queue",
            "title": TITLE,
            "horizon_days": days,
            "run_out_days": 0,
            "service_target_days": days,
            "priority_target_hours": 24,
            "geography": geography,
            "households": {
                "persons_mean": 1,
                "lift_share": 0,
                "households_per_building": 1,
                "priority_share": 0,
                "pantry_days": {"low": 1, "high": 1},
            },
        },
        "demand": {
            "kind": "poisson",
            "need_kg_per_household_week": 14,
            "rate_per_min": rate,
            "max_orders": customers,
            "order_kg": 1,
            "lines_per_order": 1,
        },
        "staffing": {
            "attendance": 1,
            "crews": {
                "servers": {"at": "depot", "headcount": servers, "at_shift_end": "finish", "shifts": [shift]},
            },
        },
        "fleet": {},
    }


def _strategy(mean_service: float) -> dict[str, object]:
    work = {
        "name": "served",
        "at": "depot",
        "crew": "servers",
        "discipline": "fifo",
        "effort": {"per_order_min": mean_service},
        "variability": {"kind": "exponential"},
    }
    way = {"name": "queue", "title": TITLE, "release": {"kind": "order"}, "steps": [{"stage": work}]}
    return {
        "name": "queue",
        "title": TITLE,
        "channels": {"queue": way},
        "calendar": [{"channel": "queue", "from_day": 0}],
    }
