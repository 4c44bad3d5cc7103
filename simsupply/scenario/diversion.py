"""Chains that avoid closed places: who is served through which other place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from simsupply.scenario.place_kinds import PLACE_KINDS, PlaceKind
from simsupply.scenario.places import FloatArray, IntArray, Places


def divert(
    places: Places, left: Mapping[PlaceKind, IntArray], closed: Mapping[PlaceKind, IntArray] | None = None
) -> Places:
    """The same places, with chains around those that are `left`; none that is `closed` takes over.

    Without `closed`, those that are left are the closed ones.

    A drop point of a closed station is served through the one that takes over (on a map the
    nearest open one, else the one named by the plan), and above it through whatever feeds that
    one; then closed gateways are avoided in the same way, then closed depots. Where no open place
    takes over, the chain stays as it is.
    """
    serving = {kind: numbers.copy() for kind, numbers in places.serving.items()}
    detour_km: dict[PlaceKind, FloatArray] = {kind: np.zeros(len(serving["drop_point"])) for kind in PLACE_KINDS}
    for kind in reversed(PLACE_KINDS[:-1]):
        leaving = np.asarray(left.get(kind, ()), dtype=np.int64)
        shut = np.union1d(leaving, np.asarray((closed or {}).get(kind, ()), dtype=np.int64))
        before = serving[kind].copy()
        for number in leaving.tolist():
            who = np.flatnonzero(before == number)
            if not len(who):
                continue
            other, extra = places.roads.substitute(kind, shut, number, serving, who)
            is_found = other >= 0
            who, other, extra = who[is_found], other[is_found], extra[is_found]
            serving[kind][who] = other
            detour_km[kind][who] = extra
            for above in PLACE_KINDS[: PLACE_KINDS.index(kind)]:
                serving[above][who] = places.roads.feeders[kind, above][other]
    km, minutes = places.roads.km(serving, detour_km), places.roads.minutes(serving)
    return replace(places, serving=serving, km=km, minutes=minutes)
