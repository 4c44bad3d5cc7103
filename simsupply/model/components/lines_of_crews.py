"""The lines in which units and loads of a component wait, and the pools that decide which of them is begun next."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simsupply.model.components.crews_and_fleets import CrewsAndFleets
from simsupply.model.components.graph import Outline
from simsupply.model.components.parts_of_layout import Working
from simsupply.model.events import arena as a
from simsupply.model.events import columns as c
from simsupply.model.network import Network
from simsupply.model.staff.duty import Duty
from simsupply.model.staff.rosters import Rosters
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.steps.leg import Leg
from simsupply.strategy.steps.stage import Stage
from simsupply.streams.keyed import Streams

FloatArray = NDArray[np.float64]
RULES = {"upstream_first": c.UPSTREAM, "longest_wait": c.LONGEST, "in_order": c.IN_ORDER}


class LinesOfCrews(CrewsAndFleets):
    """Rows of lines and pools."""

    def __init__(
        self,
        steps: tuple[Outline, ...],
        network: Network[Outline],
        scenario: Scenario,
        strategy: StrategySpec,
        rosters: Rosters,
        streams: Streams,
    ) -> None:
        super().__init__(steps, network, scenario, strategy, rosters, streams)
        self.num_pools = 0
        self.ages: dict[tuple[Outline, str], int] = {}
        self._lay_out_lines()

    def _left(self, step: Outline) -> int:
        """Steps behind it on the shortest way of those on which it lies."""
        return min(
            len(positions) - 1 - place
            for name, ways in self.network.positions.items()
            for positions in ways
            for place, position in enumerate(positions)
            if self.network.routes[name][position] is step
        )

    def _lay_out_lines(self) -> None:
        teams: dict[str, list[Outline]] = defaultdict(list)
        for step in self.steps:
            team = self.team_of(step)
            if team is not None:
                teams[team].append(step)
            elif step.kind in (Stage, Leg):
                self._pools_of([step], None)
        for name, steps in teams.items():
            self._pools_of(steps, name)

    def _pools_of(self, steps: list[Outline], team: str | None) -> None:
        """A pool at each place, for the steps of a crew that does several things or for one other step."""
        first = steps[0]
        crew = team if team is not None else first.first.crew if first.kind is Stage else None
        duty = self.rosters.crew(crew) if crew is not None else self.driving[first].vehicles.duty
        rule: int = -1
        order: tuple[str, ...] = ()
        if team is not None:
            spec = self.scenario.spec.staffing.crews[team]
            rule, order = RULES.get(spec.serves or "", c.DOWNSTREAM), spec.serves_order
        for step in steps:
            if step.kind is Stage:
                self.working[step] = Working(step.first.crew)
        rings = {step: self.driving[step].line[0] for step in steps if step.kind is Leg}
        for step in rings:
            self.driving[step].line = []
        lines = self.rows[a.I_LINE]
        place_matters = crew is not None and any(pace.ramp for pace in self._paces(crew))
        for place in range(len(duty.server_ptr) - 1):
            pool, first_line = self.num_pools, lines.used
            for step in steps:
                row = [-1] * 6 + [pool, 0, self._left(step), len(order), self.rank[step], 1, -1, 0, place]
                for name in step.names:
                    if name in order:
                        row[c.L_IN_ORDER] = min(row[c.L_IN_ORDER], order.index(name))
                if step.kind is Stage:
                    self.working[step].line.append(lines.add(np.array([row])))
                    continue
                num_fleets = len(self.driving[step].vehicles.fleets)
                row[c.L_IS_OF_LOADS], row[c.L_RING] = 1, rings[step] + place * num_fleets
                of_set = np.array([row] * (1 << num_fleets))
                of_set[:, c.L_FLEETS] = np.arange(len(of_set))
                self.driving[step].line.append(lines.add(of_set))
                table = self.rows[a.I_RING].table
                table[row[c.L_RING] : row[c.L_RING] + num_fleets, c.G_POOL] = pool
            ring = -1
            if crew is not None:
                ring = self.ring_of_crew[crew] + place
                self.rows[a.I_RING].table[ring, c.G_POOL] = pool
            must_fit = crew is not None and duty.fit_end is not None
            hours = self._hours_of(duty, place) if place_matters else (0, 0)
            says = [first_line, lines.used - first_line, rule, ring, int(must_fit), -1, *hours]
            self.rows[a.I_POOL].add(np.array([says]))
            self.num_pools += 1
            self.deciders.append(((float(self._rank_of(first)), place), c.POOL_DECIDES, pool))

    def _paces(self, crew: str) -> tuple[Any, Any]:
        """Of the people of a crew, and of those who joined it later."""
        staffing = self.scenario.spec.staffing
        return staffing.pace_of(staffing.crews[crew]), staffing.pace_of_arrivals(staffing.crews[crew])

    def _hours_of(self, duty: Duty, place: int) -> tuple[int, int]:
        """Hours in which anybody is on duty at a place, in order: the first, and one past the last."""
        servers = np.arange(duty.server_ptr[place], duty.server_ptr[place + 1])
        _, start, end = duty.intervals_of(servers)
        hours = self.rows[a.F_HOURS]
        first = hours.used
        found: list[list[float]] = []
        for since, until in sorted(zip(start.tolist(), end.tolist(), strict=True)):
            if found and since <= found[-1][1]:
                found[-1][1] = max(found[-1][1], until)
            else:
                found.append([since, until])
        hours.add(np.array(found).reshape(len(found), 2))
        return first, hours.used

    def _ages(self, step: Outline, name: str, times: FloatArray) -> int:
        """Where it stands since when work goes on at each place of a stage, -1: no matter; how it speeds up."""
        paces = self._paces(step.first.crew)
        for number, pace in enumerate(paces):
            ramp = pace.ramp
            times[c.X_RAMP_START + number] = ramp.start if ramp else 1.0
            times[c.X_RAMP + number] = ramp.hours * 60 if ramp else 1.0
        if not any(pace.ramp for pace in paces):
            return -1
        key = step, name
        if key not in self.ages:
            num_places = len(self.working[step].line)
            self.ages[key] = self.rows[a.F_AGES].add(np.full((num_places, 1), np.nan))
        return self.ages[key]
