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
    sets : int array, shape (households,), or None
        Orders of each member; None: one.
    """

    def __init__(self, rules: GroupRelease, compound: NDArray[np.int32], num_compounds: int) -> None:
        self.rules, self.compound, self.num_compounds = rules, compound, num_compounds
        self.is_waiting = np.zeros(len(compound), dtype=bool)
        self.sets: IntArray | None = None

    def close(
        self, joining: IntArray, due: NDArray[np.bool_] | None = None, sets: IntArray | None = None
    ) -> tuple[IntArray, IntArray]:
        """Close the window.

        Parameters
        ----------
        joining : int array
            Households that join now.
        due : bool array, shape (compounds,), optional
            Whose window is closed; without it, that of all.
        sets : int array, shape of `joining`, optional
            How many orders each joins with; without it, one.

        Returns
        -------
        complete, dissolved : int arrays
            Members of groups that buy now; of groups that give up. Ascending.
        """
        self.is_waiting[joining] = True
        if sets is not None:
            self.sets = np.zeros(len(self.compound), dtype=np.int64) if self.sets is None else self.sets
            self.sets[joining] = sets
        members = np.flatnonzero(self.is_waiting if due is None else self.is_waiting & due[self.compound])
        of_group = self.compound[members]
        is_enough = np.bincount(of_group, self.sets_of(members), self.num_compounds) >= self.rules.min_sets
        complete = members[is_enough[of_group]]
        dissolved = members[~is_enough[of_group]] if self.rules.below == "dissolve" else members[:0]
        self.is_waiting[complete] = False
        self.is_waiting[dissolved] = False
        return complete, dissolved

    def sets_of(self, members: IntArray) -> IntArray | None:
        """Orders of these members; None: one each."""
        return None if self.sets is None else self.sets[members]

    def num_sets(self, members: IntArray) -> int:
        """Orders of these members together."""
        return len(members) if self.sets is None else int(self.sets[members].sum())
