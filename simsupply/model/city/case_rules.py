"""From cases to tiers: which tier every community is in, day by day, by the rules of `CaseRules`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.scenario.places import IntArray
from simsupply.scenario.tiers import TIERS, CaseRules, TierName

Tiers = NDArray[np.int8]
Bools = NDArray[np.bool_]


class CaseWatch:
    """Watches the cases and says each midnight which tier comes into force.

    Parameters
    ----------
    rules : CaseRules
    district, subdistrict : int array, shape (communities,)
        Number of the district and of the subdistrict each community lies in.
    """

    def __init__(self, rules: CaseRules, district: IntArray, subdistrict: IntArray) -> None:
        self._rules, self._district, self._subdistrict = rules, district, subdistrict
        communities = len(district)
        num = {"community": communities, "subdistrict": int(subdistrict.max()) + 1, "district": int(district.max()) + 1}
        # Days in a row without a case; before the first case as if one had never been.
        self._free = {area: np.full(count, rules.incubation_days) for area, count in num.items()}
        self._is_outbreak = np.zeros(communities, dtype=bool)
        self._is_around = np.zeros(num["subdistrict"], dtype=bool)
        self._is_spread = np.zeros(num["district"], dtype=bool)
        # Cases of the last window, one row per day in turn, and their sums.
        self._recent = np.zeros((rules.window_days, 3, communities), dtype=np.int64)
        self._sums = np.zeros((3, communities), dtype=np.int64)
        self._day = 0

    def end_day(self, known: IntArray, unknown: IntArray, linked: IntArray) -> Tiers:
        """Take in what was found on a day and return the tiers of the next one.

        Parameters
        ----------
        known, unknown, linked : int array, shape (communities,)
            Cases from outside of known and of unknown source, and cases infected by another case.

        Returns
        -------
        int8 array, shape (communities,)
            Indices into `TIERS`.
        """
        rules = self._rules
        row = self._day % rules.window_days
        self._day += 1
        self._sums -= self._recent[row]
        self._recent[row] = known, unknown, linked
        self._sums += self._recent[row]
        is_over = self._count_free_days(known + unknown + linked > 0)

        known_sum, unknown_sum, linked_sum = self._sums
        # Where cases are linked, the one from outside that they stem from is one of them.
        chain = np.where(linked_sum > 0, linked_sum + np.minimum(known_sum + unknown_sum, 1), 0)
        self._is_outbreak |= chain >= rules.linked_cases
        self._is_outbreak &= ~is_over["community"]
        self._is_around[self._subdistrict[self._is_outbreak]] = True
        self._is_around &= ~is_over["subdistrict"]
        self._is_spread |= np.bincount(self._district, unknown_sum, len(self._is_spread)) >= rules.unknown_cases
        self._is_spread &= ~is_over["district"]

        tier = np.zeros(len(self._is_outbreak), dtype=np.int8)
        _raise(tier, ~is_over["community"], rules.any_case)
        _raise(tier, self._is_outbreak, rules.outbreak)
        _raise(tier, self._is_around[self._subdistrict], rules.around_outbreak)
        _raise(tier, self._is_spread[self._district], rules.community_spread)
        return tier

    def _count_free_days(self, has_case: Bools) -> dict[str, Bools]:
        """Count the days without a case; return by kind of area where the incubation time has passed."""
        hit = np.flatnonzero(has_case)
        areas = {"community": hit, "subdistrict": self._subdistrict[hit], "district": self._district[hit]}
        for area, numbers in areas.items():
            self._free[area] += 1
            self._free[area][numbers] = 0
        return {area: free >= self._rules.incubation_days for area, free in self._free.items()}


def _raise(tier: Tiers, where: Bools, at_least: TierName) -> None:
    np.maximum(tier, np.int8(TIERS.index(at_least)), out=tier, where=where)
