"""Which way of a metric is better for residents and for those who pay: more of it, or less."""

from __future__ import annotations

from typing import Literal

Side = Literal["more", "less"]

_MORE = ("coverage", "fill_rate", "priority_on_time_share", "kg_per_person", "kg_per_person_worst_decile")
_MORE_TOO = ("orders_accepted", "orders_delivered", "cover_days_lowest")
_LESS = (
    "time_to_first_delivery_h",
    "time_to_first_delivery_h_p95",
    "time_to_first_delivery_h_worst_decile",
    "last_household_served_h",
    "gap_h_p95",
    "deprived_household_days",
    "empty_pantry_h",
    "empty_pantry_h_worst_decile",
    "gini_kg_per_person",
    "orders_rejected",
    "orders_cancelled",
    "orders_collecting",
    "backlog_peak_orders",
    "spoiled_kg",
    "short_kg_share",
    "vehicle_km",
    "worker_hours",
    "volunteer_hours",
    "contacts",
    "cost",
)
BETTER: dict[str, Side] = {**dict.fromkeys((*_MORE, *_MORE_TOO), "more"), **dict.fromkeys(_LESS, "less")}
"""Metrics that have a better side; of the others (orders attempted, utilisation) neither is better in itself."""


def better_side(metric: str) -> Side | None:
    """``more``, ``less``, or None where neither is better in itself.

    >>> better_side("coverage"), better_side("cost"), better_side("utilisation.pack")
    ('more', 'less', None)
    """
    if metric.startswith("contacts."):
        return "less"
    return BETTER.get(metric)
