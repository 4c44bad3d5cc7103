"""For how long work has gone on at a line: a step at a place, from the first unit begun there on."""

from __future__ import annotations

from simsupply.model.staff.duty import Duty


class LineAge:
    """Minutes since a line was begun in which anybody of the crew was on duty at the place."""

    def __init__(self, duty: Duty) -> None:
        self.duty = duty
        self.begun: dict[tuple[str, int], float] = {}
        self._open: dict[int, list[tuple[float, float]]] = {}

    def begin(self, step: str, place: int, now: float) -> None:
        """A unit is begun."""
        self.begun.setdefault((step, place), now)

    def minutes(self, step: str, place: int, now: float) -> float:
        """Age of the line."""
        since = self.begun.get((step, place), now)
        return sum(max(0.0, min(end, now) - max(start, since)) for start, end in self._hours(place))

    def _hours(self, place: int) -> list[tuple[float, float]]:
        """When anybody is on duty at a place, in order."""
        if place not in self._open:
            first, end = self.duty.server_ptr[place], self.duty.server_ptr[place + 1]
            rows = slice(self.duty.interval_ptr[first], self.duty.interval_ptr[end])
            found: list[tuple[float, float]] = []
            for start, stop in sorted(zip(self.duty.start[rows].tolist(), self.duty.end[rows].tolist(), strict=True)):
                if found and start <= found[-1][1]:
                    found[-1] = found[-1][0], max(found[-1][1], stop)
                else:
                    found.append((start, stop))
            self._open[place] = found
        return self._open[place]
