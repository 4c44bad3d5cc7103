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

IntArray = NDArray[np.int64]
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
        # Lines of a pool whose units are served together.
        self.most_lines_together = 0
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
        teams: dict[tuple[str, ...], list[Outline]] = defaultdict(list)
        for step in self.steps:
            team = self.team_of(step)
            if team is not None:
                teams[team].append(step)
            elif step.kind in (Stage, Leg):
                self._pools_of([step], None)
        for crews, steps in teams.items():
            self._pools_of(steps, crews)

    def _pools_of(self, steps: list[Outline], team: tuple[str, ...] | None) -> None:
        """A pool at each place, for all steps at which crews decide together, or for one other step."""
        crews = team if team is not None else self.crews_of(steps[0])
        duty = self.rosters.crew(crews[0]) if crews else self.driving[steps[0]].vehicles.duty
        together = sum(step.kind is Stage and step.first.together is not None for step in steps)
        self.most_lines_together = max(self.most_lines_together, together)
        is_simple = len(crews) < 2 and not together
        for step in steps:
            if step.kind is Stage:
                self.working[step] = Working(step.first.crew)
        first_ring = {step: self.driving[step].line[0] for step in steps if step.kind is Leg}
        for step in first_ring:
            self.driving[step].line = []
        lines, rings = self.rows[a.I_LINE], self.rows[a.I_RING]
        for place in range(len(duty.server_ptr) - 1):
            pool, first_line = self.num_pools, lines.used
            for step in steps:
                row = self._line_row(step, pool, place, crews[0] if crews else None, is_simple=is_simple)
                if step.kind is Stage:
                    self.working[step].line.append(lines.add(row[None, :]))
                    continue
                num_fleets = len(self.driving[step].vehicles.fleets)
                row[c.L_IS_OF_LOADS], row[c.L_RING] = 1, first_ring[step] + place * num_fleets
                of_set = np.repeat(row[None, :], 1 << num_fleets, axis=0)
                of_set[:, c.L_FLEETS] = np.arange(len(of_set))
                self.driving[step].line.append(lines.add(of_set))
                rings.table[row[c.L_RING] : row[c.L_RING] + num_fleets, c.G_POOL] = pool
            for crew in crews:
                rings.table[self.ring_of_crew[crew] + place, c.G_POOL] = pool
                if any(pace.ramp for pace in self._paces(crew)):
                    hours = self._hours_of(self.rosters.crew(crew), place)
                    rings.table[self.ring_of_crew[crew] + place, c.G_HOURS : c.G_HOURS_END + 1] = hours
            must_fit = any(self.rosters.crew(crew).fit_end is not None for crew in crews)
            ring = self.ring_of_crew[crews[0]] + place if crews else -1
            rule = self._rule(crews[0]) if team is not None else -1
            first_crew = self.rows[a.I_CREW].used
            for crew in () if is_simple else crews:
                self.rows[a.I_CREW].add(np.array([[self.ring_of_crew[crew] + place, self._rule(crew), -1]]))
            says = [first_line, lines.used - first_line, rule, ring, int(must_fit), -1]
            says += [first_crew, self.rows[a.I_CREW].used]
            self.rows[a.I_POOL].add(np.array([says]))
            self.num_pools += 1
            decides = c.POOL_DECIDES if is_simple else c.CREWS_DECIDE
            self.deciders.append(((float(self._rank_of(steps[0])), place), decides, pool))

    def _rule(self, crew: str) -> int:
        return RULES.get(self.scenario.spec.staffing.crews[crew].serves or "", c.DOWNSTREAM)

    def _in_order(self, crew: str, step: Outline) -> int:
        """Place of a step in the order in which a crew serves its steps; behind all others if it is not named."""
        order = self.scenario.spec.staffing.crews[crew].serves_order
        return min((order.index(name) for name in step.names if name in order), default=len(order))

    def _line_row(self, step: Outline, pool: int, place: int, crew: str | None, *, is_simple: bool) -> IntArray:
        """The line of a step at a place."""
        row = np.full(c.LINE, -1, dtype=np.int64)
        row[[c.L_IS_OF_LOADS, c.L_TRIED, c.L_CAN, c.L_NEEDS]] = 0
        row[[c.L_FLEETS, c.L_UNITS, c.L_LEAST]] = 1
        row[c.L_POOL], row[c.L_LEFT], row[c.L_RANK], row[c.L_PLACE] = pool, self._left(step), self.rank[step], place
        row[c.L_IN_ORDER] = self._in_order(crew, step) if crew else 0
        if step.kind is Stage and step.first.together:
            row[c.L_UNITS], row[c.L_LEAST] = step.first.together.units, step.first.together.at_least
        if not is_simple:
            needs = self.rows[a.I_NEED]
            row[c.L_NEED], row[c.L_NEEDS] = needs.used, len(self.crews_of(step))
            for name in self.crews_of(step):
                needs.add(np.array([[self.ring_of_crew[name] + place, self._in_order(name, step), -1]]))
                self.rows[a.F_NEED_TIMES].add(np.zeros((1, c.NEED_TIMES)))
        return row

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

    def _ages(self, step: Outline, name: str, row: IntArray, times: FloatArray) -> None:
        """Write down since when work goes on at each place of a stage, where it matters, and how crews speed up."""
        ramps = np.ones((len(self.crews_of(step)), c.RAMP))
        for crew, of_crew in zip(self.crews_of(step), ramps, strict=True):
            for number, pace in enumerate(self._paces(crew)):
                if pace.ramp:
                    of_crew[c.RAMP_START + number] = pace.ramp.start
                    of_crew[c.RAMP_MINUTES + number] = pace.ramp.hours * 60
        times[c.X_RAMP_START : c.X_RAMP_START + c.RAMP] = ramps[0]
        row[c.N_RAMP] = self.rows[a.F_RAMP].add(ramps[1:])
        if any(pace.ramp for crew in self.crews_of(step) for pace in self._paces(crew)):
            key = step, name
            if key not in self.ages:
                num_places = len(self.working[step].line)
                self.ages[key] = self.rows[a.F_AGES].add(np.full((num_places, 1), np.nan))
            row[c.N_AGES] = self.ages[key]
