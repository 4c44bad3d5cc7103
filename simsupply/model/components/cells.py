"""Which places of a component exchange something: they form cells, and cells that are run one by one form groups."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsupply.model.components.floors_and_docks import FloorsAndDocks
from simsupply.model.components.graph import Outline
from simsupply.model.components.parts_of_layout import Driving, Working
from simsupply.model.events import arena as a
from simsupply.model.events import columns as c
from simsupply.model.network import Network
from simsupply.strategy.steps.gate import Gate
from simsupply.strategy.steps.leg import Leg

IntArray = NDArray[np.int64]
# Groups that a component has at most; they depend on the plan alone, not on how many threads run them.
MOST_GROUPS = 8


@dataclass
class Cells:
    """Cells in order of the drop points that they serve, and groups of cells that follow each other.

    Attributes
    ----------
    of_drop_point, of_pool, of_docks, of_floor : int arrays
        Cell of each.
    group_ptr : int array, shape (groups + 1,)
        Cells of group g are ``group_ptr[g]`` up to ``group_ptr[g + 1]``.
    num : int
        Cells.
    """

    of_drop_point: IntArray
    of_pool: IntArray
    of_docks: IntArray
    of_floor: IntArray
    group_ptr: IntArray
    num: int

    @property
    def num_groups(self) -> int:
        """Groups."""
        return len(self.group_ptr) - 1


def find_cells(
    laid_out: FloorsAndDocks,
    steps: Collection[Outline],
    network: Network[Outline],
    working: dict[Outline, Working],
    driving: dict[Outline, Driving],
    are_diverted: bool,
) -> Cells:
    """Cells of a component whose lines, pools, docks and floors have been laid out.

    Orders for one drop point go through the same places on every route, and whatever they are decided by (pools, docks,
    floors) or loaded with belongs together. Where orders may be diverted, everything does.

    Parameters
    ----------
    steps : collection of Outline
        Those of the component.
    working, driving
        Of its stages and legs.
    """
    rows = laid_out.rows
    sizes = [len(laid_out.scenario.places.serving["drop_point"])]
    sizes += [rows[number].used for number in (a.I_POOL, a.I_DOCKS, a.I_FLOOR)]
    bounds = np.cumsum([0, *sizes])
    none = np.zeros(0, dtype=np.int64)
    edges = [(none, none), *_edges(laid_out, steps, network, working, driving, bounds)]
    one, other = (np.concatenate(column) for column in zip(*edges, strict=True))
    label = _labels(int(bounds[-1]), one, other)
    if are_diverted:
        label[:] = 0
    # Whoever serves nobody is put together.
    is_served = np.isin(label, np.unique(np.concatenate([one[one < sizes[0]], other[other < sizes[0]]])))
    label[~is_served] = bounds[-1]
    found, cell = np.unique(label, return_inverse=True)
    num = len(found)
    of_drop_point, of_pool, of_docks, of_floor = (cell[bounds[k] : bounds[k + 1]] for k in range(4))
    households = np.bincount(laid_out.scenario.households.drop_point, minlength=sizes[0])[: sizes[0]]
    weight = np.bincount(of_drop_point, weights=households, minlength=num).astype(np.float64)
    return Cells(of_drop_point, of_pool, of_docks, of_floor, _groups(weight), num)


def _groups(weight: NDArray[np.float64]) -> IntArray:
    """Cut cells into groups of about the same weight."""
    num = min(MOST_GROUPS, max(1, int(np.count_nonzero(weight))))
    middle = np.cumsum(weight) - weight / 2
    share = middle / max(float(weight.sum()), 1.0) * num
    number = np.maximum.accumulate(np.minimum(share.astype(np.int64), num - 1))
    ptr: IntArray = np.concatenate([[0], np.flatnonzero(np.diff(number)) + 1, [len(weight)]])
    return ptr


def _labels(num: int, one: IntArray, other: IntArray) -> IntArray:
    """The smallest of those that are connected with each, by these edges."""
    label = np.arange(num)
    while True:
        least = np.minimum(label[one], label[other])
        lower = label.copy()
        np.minimum.at(lower, one, least)
        np.minimum.at(lower, other, least)
        lower = lower[lower]
        if (lower == label).all():
            return label
        label = lower


def _edges(
    laid_out: FloorsAndDocks,
    steps: Collection[Outline],
    network: Network[Outline],
    working: dict[Outline, Working],
    driving: dict[Outline, Driving],
    bounds: IntArray,
) -> Iterator[tuple[IntArray, IntArray]]:
    """Drop points with pools, docks and floors that orders come to, and with each other where they share loads."""
    rows = laid_out.rows
    serving = laid_out.scenario.places.serving
    everyone = np.arange(len(serving["drop_point"]))

    def to(numbers: IntArray, first: int, who: IntArray = everyone) -> tuple[IntArray, IntArray]:
        is_there = numbers >= 0
        return who[is_there], first + numbers[is_there]

    def to_lines(lines: list[int], place: IntArray) -> Iterator[tuple[IntArray, IntArray]]:
        at = np.where((place >= 0) & (place < len(lines)), place, -1)
        pool = rows[a.I_LINE].table[np.array(lines, dtype=np.int64)[at], c.L_POOL]
        yield to(np.where(at >= 0, pool, -1), bounds[1])

    def together(place: IntArray) -> tuple[IntArray, IntArray]:
        """Drop points of the same place, with the first of them."""
        is_there = np.flatnonzero(place >= 0)
        _, first, which = np.unique(place[is_there], return_index=True, return_inverse=True)
        return is_there, is_there[first][which]

    for name, route in network.routes.items():
        for step in route:
            body = step.users[name]
            if isinstance(body, Leg):
                for kind in {body.origin, body.to}:
                    yield to(np.where(serving[kind] >= 0, laid_out.floors_at(kind, serving[kind]), -1), bounds[3])
            if step in working:
                yield from to_lines(working[step].line, serving[body.at])
            elif step in driving:
                own = driving[step]
                yield from to_lines(own.line, serving[own.vehicles.fleets[0].at])
                for kind in {body.to, body.destination, *([body.origin] if body.has_stops else [])}:
                    yield together(serving[kind])
                target = serving[body.to]
                yield to(np.where(target >= 0, laid_out.docks_at(body.to, target), -1), bounds[2])
                if not body.fetch:
                    origin = serving[body.origin]
                    docks = np.array([*own.docks, -1], dtype=np.int64)
                    yield to(docks[origin], bounds[2])
            elif step in steps and isinstance(body, Gate) and body.slots:
                yield together(np.zeros(len(everyone), dtype=np.int64))
