"""Elementary effects (Morris) and Sobol indices, with intervals: which parameters a measure depends on.

References
----------
Morris, M. D. (1991). Technometrics 33:161-174. doi:10.2307/1269043
Campolongo, F., Cariboni, J., Saltelli, A. (2007). Environ. Model. Softw. 22:1509-1518.
    doi:10.1016/j.envsoft.2006.10.004
Saltelli, A. et al. (2010). Comput. Phys. Commun. 181:259-270. doi:10.1016/j.cpc.2009.09.018
Herman, J., Usher, W. (2017). SALib. J. Open Source Softw. 2(9):97. doi:10.21105/joss.00097
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from simsupply.measures.metric_registry import bounds_of
from simsupply.sensitivity.effects import Effects
from simsupply.sensitivity.sample import Sample, check_samples
from simsupply.stats.intervals import CONFIDENCE
from simsupply.sweeps.designs import MORRIS_LEVELS, unit_problem

# With fewer, the bootstrap draws from so few values that its intervals are far too short.
LEAST_TRAJECTORIES, LEAST_BASE = 4, 16
_RESAMPLES, _SEED = 1000, 1
_ROUNDING = 1e-9
_COLUMNS = ["group", "parameter", "measure", "estimate", "ci_low", "ci_high"]


def morris_effects(samples: Sequence[Sample]) -> Effects:
    """Elementary effects of every parameter, each the change of the measure per full range of the parameter.

    Measures are ``mu_star`` (mean size of the effects; how much it matters), ``mu`` (their mean; which way) and
    ``sigma`` (their standard deviation; large where the effect depends on the others or is not linear). No mean effect
    is larger than the measure can change: 1 of a share.

    Parameters
    ----------
    samples : sequence of Sample
        Of the design ``morris``, in its order; one for each group.

    Raises
    ------
    InputError
        If a sample does not fit: see `simsupply.sensitivity.sample.check_samples`.
    """
    from SALib.analyze import morris

    check_samples(samples, "morris", LEAST_TRAJECTORIES)
    rows: list[tuple[Any, ...]] = []
    for sample in samples:
        inputs = sample.inputs[sample.keys].to_numpy(dtype=float)
        problem = unit_problem(len(sample.keys))
        found = morris.analyze(
            problem, inputs, sample.values, num_resamples=_RESAMPLES, num_levels=MORRIS_LEVELS, seed=_SEED
        )
        num = len(sample.values) // (len(sample.keys) + 1)
        # An effect over a step of two thirds of the range, taken to the whole range, may be more than there is.
        limits = bounds_of(sample.metric)
        span = limits[1] - limits[0]
        for place, key in enumerate(sample.keys):
            star, half = float(found["mu_star"][place]), float(found["mu_star_conf"][place])
            mu, sigma = float(found["mu"][place]), float(found["sigma"][place])
            t_half = float(stdtrit(num - 1, 0.5 + CONFIDENCE / 2)) * sigma / np.sqrt(num)
            mu_ends = np.clip([mu, mu - t_half, mu + t_half], -span, span)
            rows += [
                (sample.group, key, "mu_star", *np.clip([star, star - half, star + half], 0.0, span)),
                (sample.group, key, "mu", *mu_ends),
                (sample.group, key, "sigma", sigma, np.nan, np.nan),
            ]
    return _effects("morris", samples, rows)


def sobol_indices(samples: Sequence[Sample]) -> Effects:
    """Shares of the measure's variance over the sampled ranges.

    Measures are ``first_order`` (a parameter alone), ``total`` (with all its interactions; what would remain if
    all others were known) and ``second_order`` (two together beyond each alone, named ``a x b``). Intervals are
    normal ones, with the standard deviation of a bootstrap. Estimates may come out below 0 or above 1, where no share
    is: they and their intervals are cut, and a group of which one came out above 1 is said to have too small a sample
    (`Effects.too_small`). Of a group whose measure is the same everywhere there are none.

    Parameters
    ----------
    samples : sequence of Sample
        Of the design ``saltelli``, in its order; one for each group.

    Raises
    ------
    InputError
        If a sample does not fit: see `simsupply.sensitivity.sample.check_samples`.
    """
    from SALib.analyze import sobol

    check_samples(samples, "sobol", LEAST_BASE)
    rows: list[tuple[Any, ...]] = []
    too_small: list[str] = []
    for sample in samples:
        places = range(len(sample.keys))
        names = [
            *sample.keys,
            *sample.keys,
            *(f"{sample.keys[a]} x {sample.keys[b]}" for a, b in combinations(places, 2)),
        ]
        measures = [*["first_order"] * len(places), *["total"] * len(places)]
        measures += ["second_order"] * (len(names) - len(measures))
        if sample.is_constant:
            values = halves = np.full(len(names), np.nan)
        else:
            with warnings.catch_warnings():
                # A resample in which the measure does not vary has no indices; the others have.
                warnings.filterwarnings("ignore", message="Constant values encountered")
                found = sobol.analyze(unit_problem(len(places)), sample.values, num_resamples=_RESAMPLES, seed=_SEED)
            pairs = tuple(np.array(list(combinations(places, 2))).T)
            values, halves = (
                np.concatenate([found[f"S1{end}"], found[f"ST{end}"], found[f"S2{end}"][pairs]])
                for end in ("", "_conf")
            )
        if (values[: 2 * len(places)] > 1 + _ROUNDING).any():
            too_small.append(sample.group)
        values, lows, highs = (np.clip(ends, 0.0, 1.0) for ends in (values, values - halves, values + halves))
        rows += [
            (sample.group, name, measure, value, low, high)
            for name, measure, value, low, high in zip(
                names, measures, *(ends.astype(float).tolist() for ends in (values, lows, highs)), strict=True
            )
        ]
    return _effects("sobol", samples, rows, too_small)


def _effects(
    method: str, samples: Sequence[Sample], rows: list[tuple[Any, ...]], too_small: Sequence[str] = ()
) -> Effects:
    table = pd.DataFrame(rows, columns=_COLUMNS)
    return Effects(method, samples[0].metric, samples[0].unit, table, tuple(too_small), samples[0].plan)
