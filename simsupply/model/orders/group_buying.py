"""Group buying: sets of one compound are collected until there are enough of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.strategy.release import GroupRelease

IntArray = NDArray[np.int64]


class Groups:
    """The groups of one channel, one for each compound.

    Attributes
    ----------
    is_waiting : bool array, shape (households,)
        Members of groups that are not yet large enough.
    """

    def __init__(self, rules: GroupRelease, compound: NDArray[np.int32], num_compounds: int) -> None:
        self.rules, self.compound, self.num_compounds = rules, compound, num_compounds
        self.is_waiting = np.zeros(len(compound), dtype=bool)

    def close(self, joining: IntArray, due: NDArray[np.bool_] | None = None) -> tuple[IntArray, IntArray]:
        """Close the window.

        Parameters
        ----------
        joining : int array
            Households that join now.
        due : bool array, shape (compounds,), optional
            Whose window is closed; without it, that of all.

        Returns
        -------
        complete, dissolved : int arrays
            Members of groups that buy now; of groups that give up. Ascending.
        """
        self.is_waiting[joining] = True
        members = np.flatnonzero(self.is_waiting if due is None else self.is_waiting & due[self.compound])
        of_group = self.compound[members]
        is_enough = np.bincount(of_group, minlength=self.num_compounds) >= self.rules.min_sets
        complete = members[is_enough[of_group]]
        dissolved = members[~is_enough[of_group]] if self.rules.below == "dissolve" else members[:0]
        self.is_waiting[complete] = False
        self.is_waiting[dissolved] = False
        return complete, dissolved
