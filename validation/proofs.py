"""Promises of the statistics, each measured against an answer known exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simsupply.experiment.precision import next_number, read_precision
from simsupply.stats.intervals import estimate, interval, quantile_estimate, share_estimate
from simsupply.stats.paired import differences
from simsupply.stats.selection import kn
from simsupply.sweeps.executors import begin_worker
from validation.proof import Proof, share_proof, slack
from validation.queues import exact_sojourn, played_sojourns

FloatArray = NDArray[np.float64]
CUSTOMERS, RATE = 3000, 1.8  # M/M/3 at a load of 0.6 with a mean service of 1 min
FEW = 1000
SERVICES = (1.0, 1.1)
NAMED = 0.95


def simulate_queues(
    services: Sequence[float], replications: int, seed: int, workers: int = 1, customers: int = CUSTOMERS
) -> FloatArray:
    """Mean sojourns of M/M/3 queues with these mean services, shape (services, replications)."""
    jobs = [(customers, RATE, 3, service) for service in services]
    simulate_job = partial(_simulate, replications=replications, seed=seed)
    if workers == 1:
        return np.array([simulate_job(job) for job in jobs])
    with ProcessPoolExecutor(workers, get_context("spawn"), initializer=begin_worker) as pool:
        return np.array(list(pool.map(simulate_job, jobs)))


def _simulate(job: tuple[int, float, int, float], *, replications: int, seed: int) -> FloatArray:
    return played_sojourns(*job, replications=replications, seed=seed)


def short_queue_proofs(repetitions: int, workers: int = 1) -> list[Proof]:
    """The same with replications so short that their means are skewed; nothing is promised of them."""
    found = queue_proofs(repetitions, workers=workers, customers=FEW)[:2]
    return [
        Proof(
            f"{proof.promise}, only {FEW:,} customers",
            proof.measured,
            "no promise: short, skewed replications",
            True,
        )
        for proof in found
    ]


def queue_proofs(
    repetitions: int, replications: int = 20, seed: int = 1, workers: int = 1, customers: int = CUSTOMERS
) -> list[Proof]:
    """Intervals of an M/M/3 queue and of the difference to a slower one, run under common random numbers."""
    simulated = simulate_queues(SERVICES, repetitions * replications, seed, workers, customers)
    quick, slow = simulated.reshape(2, repetitions, replications)
    truth, slower = (exact_sojourn(customers, RATE, 3, service) for service in SERVICES)
    gain = slower - truth
    loose = slack(repetitions, 1000)
    low, high = 0.93 - loose, min(0.97 + loose, 1.0)
    means = [interval(row) for row in quick]
    paired = [differences([(pd.Series(a), pd.Series(b))])[0] for a, b in zip(slow, quick, strict=True)]
    ends = np.array([(pair.ci_low, pair.ci_high) for pair in paired], dtype=float)
    # Luck of its own: the quick queue of the next repetition.
    apart = [_welch(a, b) for a, b in zip(slow, np.roll(quick, 1, axis=0), strict=True)]
    ratio = float(np.median((ends[:, 1] - ends[:, 0]) / np.array([high - low for low, high in apart])))
    held = [low <= gain <= high for low, high in ends]
    held_apart = [low <= gain <= high for low, high in apart]
    return [
        share_proof(
            f"95 % t interval of {replications} replications holds the mean sojourn of M/M/3 ({truth:.4f} min)",
            sum(low <= truth <= high for low, high in means),
            repetitions,
            low,
            high,
        ),
        share_proof(
            f"95 % paired interval holds the difference to services 10 % longer ({gain:.4f} min)",
            sum(held),
            repetitions,
            low,
            high,
        ),
        share_proof("the same from independent runs (Welch)", sum(held_apart), repetitions, low, high),
        Proof(
            "paired intervals are narrower than independent ones (median ratio of widths)",
            f"{ratio:.2f}",
            "below 1",
            ratio < 1,
        ),
    ]


def _welch(first: FloatArray, second: FloatArray) -> tuple[float, float]:
    from scipy.stats import ttest_ind

    found = ttest_ind(first, second, equal_var=False).confidence_interval(NAMED)
    return float(found.low), float(found.high)


def known_proofs(repetitions: int, seed: int = 1) -> list[Proof]:
    """Exact, order-statistic and simultaneous intervals, and stopping when precise, on known distributions."""
    rng = np.random.default_rng(seed)
    loose = slack(repetitions, 1000)
    shares = [share_estimate(int(hits), 30) for hits in rng.binomial(30, 0.8, repetitions)]
    counted = sum(
        share.ci_low <= 0.8 <= share.ci_high
        for share in shares
        if share.ci_low is not None and share.ci_high is not None
    )
    tenth = [quantile_estimate(row, 0.9, "") for row in rng.exponential(size=(repetitions, 60))]
    decile = sum(
        estimate.ci_low <= np.log(10) <= estimate.ci_high
        for estimate in tenth
        if estimate.ci_low is not None and estimate.ci_high
    )
    family = wrongly = 0
    for values in rng.normal(size=(repetitions, 4, 12)):
        pairs = [(pd.Series(values[i]), pd.Series(values[j])) for i in range(4) for j in range(i + 1, 4)]
        found = differences(pairs)
        family += all(difference.ci_low <= 0 <= difference.ci_high for difference in found)
        wrongly += any(difference.side for difference in found)
    stopped = sum(_until_precise(rng) for _ in range(repetitions))
    return [
        share_proof(
            "Clopper and Pearson's interval holds a share of 0.8, 30 replications", counted, repetitions, 0.93 - loose
        ),
        share_proof(
            "the order-statistic interval holds the worst decile of exponential values, 60 replications",
            decile,
            repetitions,
            0.93 - loose,
        ),
        share_proof(
            "six simultaneous intervals of four equal alternatives all hold 0", family, repetitions, 0.93 - loose
        ),
        share_proof(
            "no difference is claimed between four equal alternatives",
            repetitions - wrongly,
            repetitions,
            0.93 - loose,
        ),
        share_proof(
            "the interval holds the mean after replicating until it is within 5 %, from 10 on",
            stopped,
            repetitions,
            0.92 - loose,
        ),
    ]


def _until_precise(rng: np.random.Generator) -> bool:
    """Whether the interval of gamma values with mean 1 holds it when the stopping rule is done."""
    settings = read_precision({"metrics": {"worker_hours": "5%"}, "max": 100_000}, "validation")
    drawn = rng.gamma(16.0, 1 / 16, 400)
    values = pd.DataFrame({"worker_hours": drawn[:10]})
    while (num := next_number(values, settings)) is not None:
        values = pd.DataFrame({"worker_hours": drawn[:num]})
    found = estimate(values["worker_hours"].to_numpy(), "h")
    return found.ci_low is not None and found.ci_high is not None and found.ci_low <= 1 <= found.ci_high


def selection_proofs(repetitions: int, seed: int = 1) -> list[Proof]:
    """KN on the hardest case for it, all rivals worse by just the zone, and on queues run by the simulator."""
    rng = np.random.default_rng(seed)
    proofs = []
    for num, shared in ((3, 0.0), (5, 0.0), (5, 0.8)):
        right, used = 0, []
        for _ in range(repetitions):
            draw = _normal_draw(rng, num, shared)
            found = kn(draw, num, zone=0.5, probability=0.95, first=10, most=10**6)
            right += found.best == 0 and found.is_decided
            used.append(sum(found.replications))
        what = "common" if shared else "independent"
        proofs.append(
            share_proof(
                f"KN at 95 % picks the best of {num} normal alternatives, {what} random numbers "
                f"({np.mean(used):.0f} replications on average)",
                right,
                repetitions,
                0.95 - slack(repetitions, 500),
            )
        )
    return proofs


def _normal_draw(rng: np.random.Generator, num: int, shared: float) -> Callable[[int, int], FloatArray]:
    """Deviation 1; the first is better by 0.5 than all others, which are equal."""
    drawn = rng.normal(size=(num + 1, 2000))
    values = np.sqrt(shared) * drawn[-1] + np.sqrt(1 - shared) * drawn[:-1]
    values[0] += 0.5
    return _first_of(values)


def _first_of(values: FloatArray) -> Callable[[int, int], FloatArray]:
    """The first values of an alternative, shape of all (alternatives, replications)."""
    return lambda alternative, num: values[alternative, :num]


def queue_selection_proof(
    repetitions: int, block: int = 5, seed: int = 2, workers: int = 1, customers: int = CUSTOMERS
) -> Proof:
    """KN on three M/M/3 queues whose mean services are 1, 1.05 and 1.1 min; undecided counts as wrong."""
    values = simulate_queues((1.05, 1.0, 1.1), repetitions * block, seed, workers, customers)
    zone = exact_sojourn(customers, RATE, 3, 1.05) - exact_sojourn(customers, RATE, 3, 1.0)
    right = 0
    for at in range(repetitions):
        draw = _first_of(-values[:, at * block : (at + 1) * block])
        found = kn(draw, 3, zone=zone, probability=0.95, first=4, most=3 * block)
        right += found.best == 1 and found.is_decided
    return share_proof(
        f"KN at 95 % picks the fastest of three M/M/3 queues, the zone being the true difference ({zone:.4f} min)",
        right,
        repetitions,
        0.95 - slack(repetitions, 500),
    )
