"""Cases of an epidemic, drawn day by day, with the tiers that follow from them and slow it down."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsupply.model.city.case_rules import CaseWatch
from simsupply.scenario.places import FloatArray, IntArray
from simsupply.scenario.tiers import TIERS, Epidemic
from simsupply.streams.keyed import Streams

SEALED = TIERS.index("sealed")


@dataclass(frozen=True)
class Outbreak:
    """What one replication's epidemic does.

    Attributes
    ----------
    known, unknown, linked : int array, shape (days, communities)
        Cases found: from outside with known and with unknown source, and infected by another case.
    tier : int8 array, shape (days, communities)
        Index into `TIERS` of the tier in force.
    """

    known: IntArray
    unknown: IntArray
    linked: IntArray
    tier: NDArray[np.int8]


def draw_outbreak(
    epidemic: Epidemic,
    households: IntArray,
    district: IntArray,
    subdistrict: IntArray,
    days: int,
    streams: Streams,
) -> Outbreak:
    """Draw the cases of each day and community, and the tiers that follow.

    A case goes on to infect at a rate that falls by a constant factor a day: what `pressure` holds
    is the number of those found today if each case infected one on average. Every number is one
    keyed draw for its day and community, or for its day and case from outside.

    Parameters
    ----------
    epidemic : Epidemic
    households, district, subdistrict : int array, shape (communities,)
        Number of households, and where each community lies.
    days : int
        Days to draw.
    streams : Streams
        Those of the replication.
    """
    num = len(households)
    weight = households / households.sum()
    reach = np.cumsum(households)
    known, unknown, linked = np.zeros((3, days, num), dtype=np.int64)
    tier = np.zeros((days + 1, num), dtype=np.int8)
    watch = CaseWatch(epidemic.rules, district, subdistrict)
    found_now = 1 / epidemic.secondary_days
    pressure = np.zeros(num)
    left = households.copy()  # without a case so far
    for day in range(days):
        if epidemic.first_day <= day < epidemic.first_day + epidemic.import_days:
            for cases, found in zip((known, unknown), _draw_imported(epidemic, reach, day, streams), strict=True):
                cases[day] = np.minimum(found, left)
                left -= cases[day]
        if pressure.any():
            factor = np.where(tier[day] == SEALED, epidemic.sealed_factor, 1.0)
            infected = epidemic.secondary_mean * factor * pressure
            elsewhere = epidemic.elsewhere_share
            mean = (1 - elsewhere) * infected + elsewhere * infected.sum() * weight
            uniform = streams.uniform("epidemic/linked", day, num)
            linked[day] = np.minimum(to_poisson(uniform, np.minimum(mean, left)), left)
            left -= linked[day]
        today = known[day] + unknown[day] + linked[day]
        pressure = (1 - found_now) * pressure + found_now * today
        tier[day + 1] = watch.end_day(known[day], unknown[day], linked[day])
    return Outbreak(known, unknown, linked, tier[:-1])


def _draw_imported(epidemic: Epidemic, reach: IntArray, day: int, streams: Streams) -> tuple[IntArray, IntArray]:
    """Cases from outside on a day, of known and of unknown source, per community.

    Parameters
    ----------
    reach : int array, shape (communities,)
        Households of each community and of all before it.
    """
    mean = np.array([min(epidemic.imported_per_day, float(reach[-1]))])
    num = int(to_poisson(streams.uniform("epidemic/imported", day, 1), mean)[0])
    # A household each, and whose it is says in which community.
    household = streams.uniform("epidemic/imported/household", day, num) * reach[-1]
    community = np.minimum(np.searchsorted(reach, household, side="right"), len(reach) - 1)  # if it rounds up
    is_unknown = streams.bernoulli("epidemic/imported/unknown", day, num, probability=epidemic.unknown_share)
    return (
        np.bincount(community[~is_unknown], minlength=len(reach)),
        np.bincount(community[is_unknown], minlength=len(reach)),
    )


def to_poisson(uniform: FloatArray, mean: FloatArray) -> IntArray:
    """Map uniforms to Poisson numbers by inversion: increasing in `uniform` and in `mean`.

    >>> to_poisson(np.array([0.36, 0.37, 0.74, 0.99]), np.array([1.0, 1.0, 1.0, 0.0])).tolist()
    [0, 1, 2, 0]
    """
    from scipy.special import pdtrik  # here, so that this module is light to import

    numbers = np.zeros(len(uniform), dtype=np.int64)
    # Nearly all are nobody, and the inverse is dear.
    some = np.flatnonzero(uniform > np.exp(-mean))
    if len(some):
        numbers[some] = np.maximum(np.ceil(pdtrik(uniform[some], mean[some])), 1)
    return numbers
