"""Plans of the independent oracles of supply: depots whose orders need no work."""

from __future__ import annotations

from typing import Any

from tests.plans.paper_plans import Plain, crew, cycle, delay, world

WAIT = delay("wait", 30)
DAILY = cycle(7, 1, release_time="06:00")
NEAREST = {"kind": "nearest_first"}
EQUAL = {"kind": "equal_share"}
IN_PROPORTION = {"kind": "proportional_to_need"}


def shop(households: Any = (10,), demand: Plain = DAILY, **more: Any) -> Plain:
    """A depot whose orders need no work."""
    return world(households, {"packers": crew(1)}, demand=demand, **more)


def two_depots(households: tuple[int, int] = (10, 30), **more: Any) -> Plain:
    """Depots a and b, each with its drop point."""
    return {
        "kind": "listed",
        "depots": [{"name": "a", **more}, {"name": "b"}],
        "drop_points": [
            {"name": f"d{number}", "households": count, "distance_km": 10, "depot": depot}
            for number, (depot, count) in enumerate(zip("ab", households, strict=True))
        ],
    }
