"""Sharing out goods of which there are not enough: who comes first, and how equals divide what is left."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simsupply.model.kernels.choosing import SLACK
from simsupply.scenario.areas import area_numbers, drop_points_in
from simsupply.scenario.tiers import AreaLevel
from simsupply.scenario.world import Scenario
from simsupply.strategy.allocation import (
    EqualShare,
    KeyAreas,
    NearestFirst,
    PriorityClass,
    ProportionalToNeed,
    Rule,
    UrgentFirst,
    is_sharing,
)

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Sharing = Literal["proportional_to_need", "equal_share", "in_order"]


def share_out(asked: FloatArray, available: float, rank: IntArray, sharing: Sharing) -> FloatArray:
    """Who gets how much.

    Those of the lowest rank come first; among those of the rank at which goods run out, `sharing`
    decides: in proportion, in equal parts but nobody more than asked, or one after the other.

    Parameters
    ----------
    asked : float array, shape (n,)
    available : float
    rank : int array, shape (n,)

    Returns
    -------
    float array, shape (n,)
        At most what was asked; the sum is at most what is available.

    >>> asked, rank = np.array([4.0, 8.0, 8.0]), np.array([0, 1, 1])
    >>> share_out(asked, 10, rank, "equal_share").tolist()
    [4.0, 3.0, 3.0]
    >>> share_out(asked, 10, np.zeros(3, dtype=int), "proportional_to_need").tolist()
    [2.0, 4.0, 4.0]
    """
    if asked.sum() <= available * (1 + SLACK):
        return asked
    given = np.zeros(len(asked))
    order = np.argsort(rank, kind="stable")
    total = np.cumsum(asked[order])
    last = np.flatnonzero(np.append(np.diff(rank[order]) > 0, True))
    # The first rank for which there is not enough.
    short = min(int(np.searchsorted(total[last], available, side="right")), len(last) - 1)
    first = last[short - 1] + 1 if short else 0
    given[order[:first]] = asked[order[:first]]
    left = max(0.0, available - (float(total[first - 1]) if first else 0.0))
    mine = order[first : last[short] + 1]
    given[mine] = _divided(asked[mine], left, float(asked[mine].sum()), sharing)
    return given


def _divided(asked: FloatArray, left: float, total: float, sharing: Sharing) -> FloatArray:
    if left >= total:
        return asked
    if sharing == "proportional_to_need":
        return asked * (left / total)
    if sharing == "in_order":
        before = np.cumsum(asked) - asked
        return np.clip(left - before, 0.0, asked)
    # Whoever asks for less than an equal part leaves the rest of it to the others.
    order = np.argsort(asked, kind="stable")
    given = np.empty(len(asked))
    for place, number in enumerate(order.tolist()):
        given[number] = min(asked[number], left / (len(asked) - place))
        left -= given[number]
    return given


class Ranking:
    """The rules of a strategy, applied to orders of households."""

    def __init__(self, scenario: Scenario, rules: tuple[Rule, ...]) -> None:
        self.scenario = scenario
        self.rules = [rule for rule in rules if not is_sharing(rule)]
        self.sharing: Sharing = "in_order"
        if rules and isinstance(rules[-1], ProportionalToNeed | EqualShare):
            self.sharing = rules[-1].kind
        self._areas = {number: self._key_areas(rule) for number, rule in enumerate(self.rules)}

    def rank(self, households: IntArray) -> IntArray:
        """Rank of each of these households, shape (households,); 0 comes first, equals have the same."""
        rank = np.zeros(len(households), dtype=np.int64)
        for number, rule in enumerate(self.rules):
            level = self._level(number, rule, households)
            # The first rule decides; what it leaves open, the next one does.
            _, rank = np.unique(np.column_stack([rank, level]), axis=0, return_inverse=True)
            rank = rank.ravel()
        return rank

    def _level(self, number: int, rule: Rule, households: IntArray) -> IntArray:
        people, places = self.scenario.households, self.scenario.places
        if isinstance(rule, UrgentFirst):
            return (~people.of_kinds(rule.households)[households]).astype(np.int64)
        if isinstance(rule, PriorityClass):
            level = np.full(len(households), len(rule.classes))
            for place in reversed(range(len(rule.classes))):
                level[people.of_kinds(rule.classes[place])[households]] = place
            return level
        drop_point = people.drop_point[households]
        if isinstance(rule, KeyAreas):
            return (~self._areas[number][drop_point]).astype(np.int64)
        assert isinstance(rule, NearestFirst)
        _, level = np.unique(places.km["depot", "drop_point"], return_inverse=True)
        return level.ravel()[drop_point]

    def _key_areas(self, rule: Rule) -> BoolArray:
        """Drop points in the areas a rule names."""
        places = self.scenario.places
        found = np.zeros(places.count("drop_point"), dtype=bool)
        if isinstance(rule, KeyAreas):
            levels: tuple[AreaLevel, ...] = ("districts", "subdistricts", "communities")
            for level in levels:
                names: tuple[str, ...] = getattr(rule, level)
                if names:
                    found |= drop_points_in(places, level, area_numbers(places, level, names))
        return found
