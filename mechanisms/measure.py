"""Run a case off and on under common random numbers, and compare replication by replication."""

from __future__ import annotations

import time
from dataclasses import dataclass

from mechanisms.cases import Case
from mechanisms.plans import Side, plan_of
from simsupply.experiment.simulate import simulate
from simsupply.results.values import FloatArray, values_of
from simsupply.stats.intervals import Estimate, estimate

SEED = 1


@dataclass(frozen=True)
class Finding:
    """What was measured.

    Attributes
    ----------
    off, on : Estimate
        The metric on each side.
    difference : Estimate
        Of ``on - off``, paired by replication, with its Student-t 95 % interval.
    households : int
    seconds : float
        Time both sides took.
    """

    case: Case
    off: Estimate
    on: Estimate
    difference: Estimate
    households: int
    seconds: float

    @property
    def verdict(self) -> str:
        """``shown``, or what is missing."""
        found = self.difference
        if found.mean is None:
            return "does not exist"
        if found.ci_low is None or found.ci_high is None:
            return "one replication only"
        if found.ci_low <= 0 <= found.ci_high:
            return "covers zero"
        return "shown" if (found.mean > 0) == (self.case.spec.moves == "up") else "wrong direction"


def measure_case(case: Case, replications: int, seed: int = SEED) -> Finding:
    """Run both sides of a case, `replications` times or as many times more as it asks for."""
    begin = time.monotonic()
    values: dict[Side, FloatArray] = {}
    unit, households = "", 0
    side: Side
    for side in ("off", "on"):
        scenario, strategy = plan_of(case, side)
        result = simulate(
            scenario, strategy, replications=replications * case.spec.times, seed=seed, splits="/" in case.spec.metric
        )
        values[side], unit = values_of(result, case.spec.metric)
        households = len(scenario.households)
    return Finding(
        case=case,
        off=estimate(values["off"], unit),
        on=estimate(values["on"], unit),
        # A difference of shares may be negative, so it is not a share.
        difference=estimate(values["on"] - values["off"], "difference"),
        households=households,
        seconds=time.monotonic() - begin,
    )
