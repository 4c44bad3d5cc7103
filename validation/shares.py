"""Promises for shares: measures that are all or nothing in each replication, nearly so, and smooth ones."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simsupply.experiment.precision import next_number, read_precision
from simsupply.stats.intervals import SHARE, FloatArray, estimate, interval, share_estimate
from simsupply.stats.paired import difference_interval, differences
from simsupply.stats.selection import select_best
from validation.proof import Proof, share_proof, slack

PROBABILITIES = (0.80, 0.90, 0.95, 0.99)
NUMBERS = (10, 20, 50)
# The smallest difference worth finding beside a share that is all or nothing.
ZONES = {0.80: 0.05, 0.90: 0.05, 0.95: 0.02, 0.99: 0.01}
SURE = 0.98
_ROUNDING = 1e-12


def share_proofs(repetitions: int, seed: int = 3) -> list[Proof]:
    """Intervals, differences, claims, and stopping when precise."""
    rng = np.random.default_rng(seed)
    proofs = []
    for probability in PROBABILITIES:
        proofs += _all_or_nothing(rng, probability, repetitions)
    proofs += [_nearly(rng, repetitions), _smooth(rng, repetitions), _smooth_pairs(rng, repetitions)]
    return [*proofs, _no_claims(rng, repetitions)]


def _drawn(rng: np.random.Generator, probability: float, size: tuple[int, ...]) -> FloatArray:
    return (rng.random(size) < probability).astype(float)


def _holds(ends: tuple[float, float], truth: float) -> bool:
    return ends[0] - _ROUNDING <= truth <= ends[1] + _ROUNDING


def _all_or_nothing(rng: np.random.Generator, probability: float, repetitions: int) -> list[Proof]:
    what = f"all or nothing, all with {probability:.0%}"
    least = 0.95 - slack(repetitions, 1000)
    means, apart, counted = [], [], []
    for num in NUMBERS:
        held = sum(
            _holds(interval(row, bounds=SHARE), probability) for row in _drawn(rng, probability, (repetitions, num))
        )
        means.append(share_proof(f"interval of a measure that is {what}, {num} replications", held, repetitions, least))
        other = rng.normal(SURE, 0.002, (repetitions, num))
        pairs = zip(_drawn(rng, probability, (repetitions, num)), other, strict=True)
        held = sum(_holds(difference_interval(*pair, bounds=SHARE), probability - SURE) for pair in pairs)
        proof = f"interval of its difference to one that is always near {SURE:.0%}, {num} replications"
        apart.append(share_proof(f"{proof} (all with {probability:.0%})", held, repetitions, least))
    hits = rng.binomial(20, probability, repetitions)
    held = sum(_holds(_ends(share_estimate(int(number), 20)), probability) for number in hits)
    counted.append(
        share_proof(
            f"Clopper and Pearson's interval of a share of {probability:.0%}, 20 replications", held, repetitions, least
        )
    )
    stopped = sum(_until_precise(rng, probability) for _ in range(repetitions))
    stop = f"the interval of a measure that is {what} holds it after replicating until within 5 points, from 10 on"
    return [*means, *apart, *counted, share_proof(stop, stopped, repetitions, 0.92 - slack(repetitions, 1000))]


def _ends(found: object) -> tuple[float, float]:
    low, high = getattr(found, "ci_low", None), getattr(found, "ci_high", None)
    assert low is not None
    assert high is not None
    return low, high


def _until_precise(rng: np.random.Generator, probability: float) -> bool:
    settings = read_precision({"metrics": {"coverage": 0.05}, "max": 100_000}, "validation")
    drawn = _drawn(rng, probability, (2000,))
    values = pd.DataFrame({"coverage": drawn[:10]})
    while (num := next_number(values, settings)) is not None:
        values = pd.DataFrame({"coverage": drawn[:num]})
    return _holds(_ends(estimate(values["coverage"].to_numpy(), "share")), probability)


def _nearly(rng: np.random.Generator, repetitions: int) -> Proof:
    """All with 90 %, else anything: 0.9 + 0.1 / 2."""
    rows = np.where(rng.random((repetitions, 20)) < 0.9, 1.0, rng.random((repetitions, 20)))
    held = sum(_holds(interval(row, bounds=SHARE), 0.95) for row in rows)
    promise = "interval of a measure that is all with 90 %, else anything from 0 to 1, 20 replications"
    return share_proof(promise, held, repetitions, 0.92 - slack(repetitions, 1000))


def _smooth(rng: np.random.Generator, repetitions: int) -> Proof:
    held = sum(_holds(interval(row, bounds=SHARE), 0.96) for row in rng.beta(48, 2, (repetitions, 10)))
    promise = "interval of a smooth share near 1 (beta, 96 %), 10 replications"
    return share_proof(promise, held, repetitions, 0.93 - slack(repetitions, 1000))


def _smooth_pairs(rng: np.random.Generator, repetitions: int) -> Proof:
    """Common luck: both vary by 0.03 together, and one by 0.005 more."""
    common = rng.normal(0, 0.03, (repetitions, 10))
    first, second = 0.8 + common, 0.78 + common + rng.normal(0, 0.005, (repetitions, 10))
    held = sum(
        _holds(difference_interval(one, other, bounds=SHARE), 0.02) for one, other in zip(first, second, strict=True)
    )
    promise = "interval of the difference of two smooth shares under common luck, 10 replications"
    return share_proof(promise, held, repetitions, 0.93 - slack(repetitions, 1000))


def _no_claims(rng: np.random.Generator, repetitions: int) -> Proof:
    """Four alternatives that are all with 95 %, each with luck of its own: six differences."""
    clean = 0
    for values in _drawn(rng, 0.95, (repetitions, 4, 20)):
        pairs = [(pd.Series(values[i]), pd.Series(values[j])) for i in range(4) for j in range(i + 1, 4)]
        clean += not any(finding.side for finding in differences(pairs, SHARE))
    promise = "no difference is claimed between four equal alternatives that are all with 95 %, 20 replications"
    return share_proof(promise, clean, repetitions, 0.95 - slack(repetitions, 1000))


def share_selection_proofs(repetitions: int, seed: int = 4) -> list[Proof]:
    """KN and OCBA between all or nothing and what is always the same, better or worse by the zone."""
    rng = np.random.default_rng(seed)
    proofs = []
    for method, least in (("kn", 0.95), ("ocba", 0.90)):
        for probability, zone in ZONES.items():
            for side in (1, -1):
                right, used = 0, []
                for _ in range(repetitions):
                    rare = _drawn(rng, probability, (6000,))
                    sure = np.full(6000, probability + side * zone)
                    found = select_best(
                        lambda rival, num, values=(rare, sure): values[rival][:num],  # type: ignore[misc]
                        2,
                        method=method,  # type: ignore[arg-type]
                        zone=zone,
                        probability=0.95,
                        first=10,
                        most=12_000,
                        span=1.0,
                    )
                    right += found.is_decided and found.best == (side > 0)
                    used.append(sum(found.replications))
                promise = (
                    f"{method.upper()} at 95 % picks the better one of all or nothing ({probability:.0%}) and always "
                    f"{probability + side * zone:.0%} ({np.mean(used):.0f} replications on average)"
                )
                proofs.append(share_proof(promise, right, repetitions, least - slack(repetitions, 500)))
    return proofs
