"""What legs of the reference engine tell the recorder of their trips."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from simsupply.model.flow.queues import wave_and_place
from simsupply.model.flow.waves import Wave
from simsupply.model.reference.clock import Clock
from simsupply.model.reference.floor import Floor
from simsupply.model.reference.pool import NEVER, Job, Server
from simsupply.model.reference.steps.reference_step import ReferenceStep
from simsupply.model.reference.steps.reference_team import Team
from simsupply.model.reference.trip_note import TripNote
from simsupply.model.vehicles.fleets import Vehicles
from simsupply.model.vehicles.trip_notes import trip_notes
from simsupply.records.recorder import Recorder
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.scenario.world import Scenario
from simsupply.strategy.crew_steps import drivers_of
from simsupply.strategy.steps.leg import Leg


class RecordedTrips(ReferenceStep):
    """Notes each trip as it goes on.

    Attributes
    ----------
    party : dict of Server to tuple of Server
        By vehicle under way: itself, and the people of a crew who are in it.
    since : dict of Job to float
        Of loads that may leave: when their first order came.
    notes : dict of Server to TripNote
        Of vehicles under way.
    """

    def __init__(
        self,
        clock: Clock,
        legs: Mapping[str, Leg],
        vehicles: Vehicles,
        scenario: Scenario,
        floors: dict[tuple[PlaceKind, int], Floor],
        team: Team | None,
    ) -> None:
        super().__init__(clock, [leg.name for leg in legs.values()])
        self.vehicles, self.scenario, self.floors, self.team = vehicles, scenario, floors, team
        self.crew = next(iter(drivers_of(next(iter(legs.values())), scenario.spec.fleet)), "")
        self.waves: dict[int, Wave] = {}
        self.party: dict[Server, tuple[Server, ...]] = {}
        self.since: dict[Job, float] = {}
        self.notes: dict[Server, TripNote] = {}

    def record(self, recorder: Recorder) -> None:
        """Tell it what happens from now on, on the floors too."""
        super().record(recorder)
        for at, floor in self.floors.items():
            floor.record(at, recorder.levels)

    def _on_board(self, job: Job) -> list[tuple[Wave, int]]:
        _, loads, load = job.content
        keys_on_board = loads.orders[loads.ptr[load] : loads.ptr[load + 1]].tolist()
        return [(self.waves[number], order) for number, order in map(wave_and_place, keys_on_board)]

    def _open_note(self, job: Job, server: Server, ready: float) -> None:
        """A trip begins: its orders wait no longer."""
        carrier, loads, load = job.content
        leg, now, base = carrier.leg, self.clock.now, int(loads.base[load])
        first = int(self.team.duty.server_ptr[base]) if self.team else 0
        persons = " ".join(str(person.number - first + 1) for person in self.party[server][1:])
        self.notes[server] = TripNote(leg, loads, load, self.since.pop(job), ready, now, persons)
        if leg.fetch:
            self.notes[server].docked = now
        for wave, order in self._on_board(job):
            self.queue_changes(leg.name, leg.origin, wave, order, now, -1)
            if leg.fetch:
                self.begin(leg.name, "travel", wave, order, now)
        self._note_level(leg, "vehicles", leg.to if leg.fetch else leg.origin, base, 1)
        if not leg.fetch:
            self._note_level(leg, "dock_queue", leg.origin, int(loads.origin[load]), 1)

    def _note_level(self, leg: Leg, level: str, kind: PlaceKind, place: int, by: int) -> None:
        if self.levels:
            self.levels.change(level, leg.name, kind, place, self.clock.now, by)

    def _note_docked(self, job: Job, server: Server) -> None:
        """The vehicle has a dock to load at: what it loads is on board from now on."""
        note, now = self.notes[server], self.clock.now
        note.docked = note.load_begin = now
        note.dock_waits = [[note.start, now]]
        for wave, order in self._on_board(job):
            self.begin(note.leg.name, "travel", wave, order, now)
        origin = int(note.loads.origin[note.load])
        self._note_level(note.leg, "dock_queue", note.leg.origin, origin, -1)
        self._note_level(note.leg, "docks", note.leg.origin, origin, 1)

    def _note_loaded(self, server: Server) -> None:
        note = self.notes[server]
        note.depart = self.clock.now
        if not note.leg.fetch:
            self._note_level(note.leg, "docks", note.leg.origin, int(note.loads.origin[note.load]), -1)

    def _close_note(self, server: Server) -> None:
        """The vehicle is back at its base."""
        note = self.notes[server]
        note.back = self.clock.now
        kind = note.leg.to if note.leg.fetch else note.leg.origin
        self._note_level(note.leg, "vehicles", kind, int(note.loads.base[note.load]), -1)
        self._tell_trip(server)
        del self.notes[server]

    def _tell_trip(self, server: Server) -> None:
        if self.trips:
            note = self.notes[server]
            log = note.log(server.number, self.scenario.end_min)
            wave, _ = wave_and_place(int(note.loads.key[note.load]))
            about = note.leg, self.waves[wave].base, self.vehicles, self.crew
            self.trips.add(trip_notes(*about, note.loads, np.array([note.load]), self.waves, log))

    def record_rest(self) -> None:
        """Tell the recorder of trips that are not over."""
        for note in self.notes.values():
            if note.docked == NEVER:
                note.dock_waits = [[note.start, NEVER]]
        for server in self.notes:
            self._tell_trip(server)
