"""Sharing out goods of which there are not enough: who comes first, and how equals divide what is left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from simsupply.base.filling import fits
from simsupply.base.spec import Spec
from simsupply.scenario.areas import area_numbers, drop_points_in
from simsupply.scenario.tiers import AreaLevel
from simsupply.scenario.world import Scenario
from simsupply.strategy.allocation import (
    EqualShare,
    KeyAreas,
    NearestFirstRule,
    PriorityClass,
    ProportionalShare,
    Rule,
    UrgentFirstRule,
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
    if fits(asked.sum(), available):
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
    until_short = order[first : last[short] + 1]
    given[until_short] = _divided(asked[until_short], left, float(asked[until_short].sum()), sharing)
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


# Level of each of the given households under one rule: who has a lower one comes first.
Level = Callable[[IntArray], IntArray]


def _urgent_first(rule: UrgentFirstRule, scenario: Scenario) -> Level:
    is_late = ~scenario.households.of_kinds(rule.households)
    return lambda households: is_late[households].astype(np.int64)


def _priority_class(rule: PriorityClass, scenario: Scenario) -> Level:
    level = np.full(len(scenario.households), len(rule.classes), dtype=np.int16)
    for place in reversed(range(len(rule.classes))):
        level[scenario.households.of_kinds(rule.classes[place])] = place
    return lambda households: level[households].astype(np.int64)


def _key_areas(rule: KeyAreas, scenario: Scenario) -> Level:
    places, drop_point = scenario.places, scenario.households.drop_point
    is_key = np.zeros(places.count("drop_point"), dtype=bool)
    levels: tuple[AreaLevel, ...] = ("districts", "subdistricts", "communities")
    for level in levels:
        names: tuple[str, ...] = getattr(rule, level)
        if names:
            is_key |= drop_points_in(places, level, area_numbers(places, level, names))
    return lambda households: (~is_key[drop_point[households]]).astype(np.int64)


def _nearest_first(rule: NearestFirstRule, scenario: Scenario) -> Level:
    _, level = np.unique(scenario.places.km["depot", "drop_point"], return_inverse=True)
    level, drop_point = level.ravel(), scenario.households.drop_point
    return lambda households: level[drop_point[households]]


# Every kind of rule: how it says who comes first, or how it shares goods out among equals.
RANKING_RULES: dict[type[Spec], Callable[[Any, Scenario], Level]] = {
    UrgentFirstRule: _urgent_first,
    PriorityClass: _priority_class,
    KeyAreas: _key_areas,
    NearestFirstRule: _nearest_first,
}
SHARING_RULES: dict[type[Spec], Sharing] = {ProportionalShare: "proportional_to_need", EqualShare: "equal_share"}


class Ranking:
    """The rules of a strategy, applied to orders of households."""

    def __init__(self, scenario: Scenario, rules: tuple[Rule, ...]) -> None:
        self.levels = [RANKING_RULES[type(rule)](rule, scenario) for rule in rules if not is_sharing(rule)]
        self.sharing: Sharing = SHARING_RULES.get(type(rules[-1]), "in_order") if rules else "in_order"

    def rank(self, households: IntArray) -> IntArray:
        """Rank of each of these households, shape (households,); 0 comes first, equals have the same."""
        rank = np.zeros(len(households), dtype=np.int64)
        for level in self.levels:
            # The first rule decides; what it leaves open, the next one does.
            _, rank = np.unique(np.column_stack([rank, level(households)]), axis=0, return_inverse=True)
            rank = rank.ravel()
        return rank
