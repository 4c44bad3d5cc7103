"""What a step of any engine tells the recorder."""

from __future__ import annotations

from typing import Any

from simsupply.model.flow.waits import WaitCells
from simsupply.model.flow.waves import Wave
from simsupply.records.levels import LevelRecorder
from simsupply.records.recorder import Recorder
from simsupply.records.time_in_system import TimeInSystem
from simsupply.records.trips import TripRecorder
from simsupply.scenario.place_kinds import PlaceKind


class Recorded:
    """A step with a recorder, or none.

    Attributes
    ----------
    spent, trips, levels
        Those of `simsupply.records.recorder.Recorder`; None: nobody asked for it.
    """

    spent: TimeInSystem | None = None
    trips: TripRecorder | None = None
    levels: LevelRecorder | None = None

    def record(self, recorder: Recorder) -> None:
        """Tell it what happens from now on."""
        self.spent, self.trips, self.levels = recorder.spent, recorder.trips, recorder.levels
        meter = getattr(self, "meter", None)
        if isinstance(meter, WaitCells):
            # Of a step before which orders can wait.
            meter.spent = recorder.spent

    def record_rest(self) -> None:
        """Tell it of what has begun and is not over at the end of the run, and has not been told yet."""
        return

    def queue_changes(self, step: str, kind: PlaceKind, wave: Wave, orders: Any, times: Any, by: int) -> None:
        """Note that orders join the queue of a step, or leave it: where they wait for it, at these times."""
        if self.levels:
            place = wave.places.serving[kind][wave.drop_point[orders]]
            self.levels.change("queue", step, kind, place, times, by)

    def begin(self, step: str, spent_on: str, wave: Wave, orders: Any, times: Any) -> None:
        """Note that orders begin to be worked on, or are on board from now on; the books note the end."""
        if self.spent:
            self.spent.begin(wave.number, len(wave), step, spent_on, orders, times)
