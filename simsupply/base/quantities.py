"""Numbers of specifications by what they measure: each with its unit in its name and a range that no plan leaves.

The upper ends stand far above what was ever published, so that they catch a slip of the keyboard and keep sums finite;
whether a plan is too large for this machine is estimated apart (`model/estimates.py`).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

MAX_INTEGER = 2**63 - 1
MAX_DAYS = 3660
"""Ten years, leap days included."""

Share = Annotated[float, Field(ge=0, le=1)]
NonNegative = Annotated[float, Field(ge=0, le=1e9)]
Positive = Annotated[float, Field(gt=0, le=1e9)]
Count = Annotated[int, Field(ge=1, le=1_000_000_000)]
CountOrZero = Annotated[int, Field(ge=0, le=1_000_000_000)]
Seed = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
Replications = Annotated[int, Field(ge=1, le=1_000_000)]

WholeDays = Annotated[int, Field(ge=1, le=MAX_DAYS)]
WholeDaysOrZero = Annotated[int, Field(ge=0, le=MAX_DAYS)]
Days = Annotated[float, Field(gt=0, le=MAX_DAYS)]
DaysOrZero = Annotated[float, Field(ge=0, le=MAX_DAYS)]
Hours = Annotated[float, Field(gt=0, le=24 * MAX_DAYS)]
HoursOrZero = Annotated[float, Field(ge=0, le=24 * MAX_DAYS)]
SlotMinutes = Annotated[float, Field(ge=0.1, le=1440)]
HoursBetween = Annotated[float, Field(ge=0.1, le=24 * MAX_DAYS)]
"""From one event to the next: each costs time and memory, so never too short."""
DaysBetween = Annotated[float, Field(ge=0.01, le=MAX_DAYS)]
Minutes = Annotated[float, Field(gt=0, le=100_000)]
MinutesOrZero = Annotated[float, Field(ge=0, le=100_000)]

Km = Annotated[float, Field(gt=0, le=10_000)]
KmOrZero = Annotated[float, Field(ge=0, le=10_000)]
Metres = Annotated[float, Field(gt=0, le=1000)]
MetresOrZero = Annotated[float, Field(ge=0, le=1000)]
KmPerHour = Annotated[float, Field(ge=0.1, le=300)]
MetresPerMinute = Annotated[float, Field(ge=1, le=1000)]
Kg = Annotated[float, Field(ge=0.0001, le=1e9)]
KgOrZero = Annotated[float, Field(ge=0, le=1e9)]
CubicMetres = Annotated[float, Field(ge=0.0001, le=1e9)]

Headcount = Annotated[int, Field(ge=0, le=10_000_000)]
"""Persons of a crew, or vehicles of a fleet, at one place."""
HouseholdsEach = Annotated[float, Field(ge=0.01, le=20_000_000)]
"""Households for each worker, vehicle or bed."""
PlaceCount = Annotated[int, Field(ge=1, le=1_000_000)]
Docks = Annotated[int, Field(ge=1, le=10_000)]
DocksOrZero = Annotated[int, Field(ge=0, le=10_000)]
Price = Annotated[float, Field(ge=0, le=1_000_000)]
"""Money for each hour, km or kg."""
Multiplier = Annotated[float, Field(ge=0.001, le=1000)]
MultiplierOrZero = Annotated[float, Field(ge=0, le=1000)]
LogSigma = Annotated[float, Field(gt=0, le=3)]
"""Standard deviation of a logarithm; at 3 the mean is already ninety times the median."""
CoefficientOfVariation = Annotated[float, Field(ge=0, le=5)]
