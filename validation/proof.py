"""One promise, what was measured of it, and whether it is kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simsupply.stats.intervals import share_estimate


@dataclass(frozen=True)
class Proof:
    """One promise and what was measured.

    Attributes
    ----------
    promise : str
    measured : str
    asked : str
    is_kept : bool
    """

    promise: str
    measured: str
    asked: str
    is_kept: bool


def share_proof(promise: str, hits: int, num: int, low: float, high: float = 1.0) -> Proof:
    """A promise that is kept if the share of `hits` is from `low` to `high`."""
    found = share_estimate(hits, num)
    asked = f"{low:.0%} to {high:.0%}" if high < 1 else f"at least {low:.0%}"
    seen = f"{found.mean:.1%} of {num:,} ({found.ci_low:.1%} to {found.ci_high:.1%})"
    return Proof(promise, seen, asked, low <= hits / num <= high)


def slack(num: int, least: int) -> float:
    """Four standard errors of a share near 0.95 where the repetitions are fewer than those asked for."""
    return 0.0 if num >= least else 4 * float(np.sqrt(0.95 * 0.05 / num))
