"""Kinds of places, from the source of goods to the last point before the door."""

from __future__ import annotations

from typing import Literal, get_args

PlaceKind = Literal["depot", "gateway", "station", "drop_point"]
PLACE_KINDS: tuple[PlaceKind, ...] = get_args(PlaceKind)
"""In the order in which goods pass them; gateways and stations may be absent."""
