"""Kinds of places, from the source of goods to the last point before the door."""

from __future__ import annotations

from typing import Literal

PlaceKind = Literal["depot", "station", "drop_point"]
