"""How long the work takes: effort per order, line, parcel, kg and consignment, with its variability."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.model.flow.waves import Wave
from simsupply.strategy.steps.effort import Effort, Variability
from simsupply.streams.keyed import Streams, to_exponential, to_lognormal

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def order_minutes(effort: Effort, wave: Wave) -> FloatArray:
    """Mean minutes of work on each order, shape (orders,); a parcel is an order's one package."""
    minutes = np.full(len(wave), effort.per_order_min + effort.per_parcel_min)
    if effort.per_line_min:
        minutes += effort.per_line_min * wave.lines
    if effort.per_kg_min:
        minutes += effort.per_kg_min * wave.kg
    return minutes


def group_minutes(
    effort: Effort, wave: Wave, orders: IntArray, ptr: IntArray, num_consignments: IntArray
) -> FloatArray:
    """Mean minutes of work on the slices `ptr` of `orders` (consignments or loads), shape (slices,)."""
    if len(ptr) == 1:
        return np.zeros(0)
    minutes: FloatArray = np.add.reduceat(order_minutes(effort, wave)[orders], ptr[:-1])
    return minutes + effort.per_consignment_min * num_consignments


def factor(variability: Variability, purpose: str, day: int, entities: IntArray, streams: Streams) -> FloatArray:
    """Mean-one factor per entity, keyed by (purpose, day, entity), shape of `entities`."""
    if variability.kind == "none":
        return np.ones(len(entities))
    uniform = streams.uniform_at(purpose, day, entities)
    if variability.kind == "exponential":
        return to_exponential(uniform, 1.0)
    assert variability.sigma is not None
    return to_lognormal(uniform, variability.sigma)
