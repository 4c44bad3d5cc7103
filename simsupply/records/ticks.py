"""Time in whole ticks of a minute / 2^20, so that sums do not depend on the order in which engines add them up."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

TICKS = float(1 << 20)
"""In a minute."""
NEVER = 1 << 62
"""A time that does not come, ticks."""


def ticks_of(minutes: Any) -> NDArray[np.int64]:
    """Whole ticks of times >= 0, to the nearest; of infinity `NEVER`."""
    times = np.asarray(minutes, dtype=np.float64)
    is_finite = np.isfinite(times)
    return np.where(is_finite, np.where(is_finite, times, 0.0) * TICKS + 0.5, NEVER).astype(np.int64)
