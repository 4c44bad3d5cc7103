"""The arena of a component, laid out from the plan: who decides what, who serves whom, and in which order."""

from __future__ import annotations

import numpy as np

from simsupply.model.components.cell_rows import cell_of_decider, lay_out_cells
from simsupply.model.components.graph import Outline
from simsupply.model.components.ways_inside import WaysInside
from simsupply.model.events import arena as a
from simsupply.model.events import columns as c
from simsupply.model.network import Network
from simsupply.model.staff.rosters import Rosters
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from simsupply.streams.keyed import Streams


class Layout(WaysInside):
    """Rows of everything that does not change while time passes, and where what belongs to a step is found."""

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
        self.registers = np.zeros(c.NUM_REGISTERS, dtype=np.int64)
        self._number_deciders()
        self._finish()

    def _number_deciders(self) -> None:
        self.deciders.sort(key=lambda decider: (cell_of_decider(self.cells, *decider[1:]), decider[0]))
        tables = {
            c.FLOOR_DECIDES: (a.I_FLOOR, c.FL_DECIDER),
            c.DOCKS_DECIDE: (a.I_DOCKS, c.K_DECIDER),
            c.LOADS_DECIDE: (a.I_LOADS, c.M_DECIDER),
            c.POOL_DECIDES: (a.I_POOL, c.P_DECIDER),
            c.CREWS_DECIDE: (a.I_POOL, c.P_DECIDER),
            c.SLOTS_DECIDE: (a.I_DELAY, c.Y_DECIDER),
        }
        for number, (_, kind, which) in enumerate(self.deciders):
            self.rows[a.I_DECIDER].add(np.array([[kind, which, 0]]))
            array, column = tables[kind]
            self.rows[array].table[which, column] = number

    def _finish(self) -> None:
        rows, registers = self.rows, self.registers
        num_servers, num_pools = rows[a.I_SERVER].used, rows[a.I_POOL].used
        num_docks = rows[a.I_DOCKS].used
        rows[a.I_ORDER].width = c.ORDER_HEAD + self.num_columns
        rows[a.F_ORDER_TIMES].width = self.num_columns_before + self.num_extras * c.EXTRA
        rows[a.F_PART_TIMES].width = c.PART_HEAD + 4 * self.num_fleets
        rows[a.I_BY_STEP].add(np.zeros((rows[a.I_BOOK].used * len(self.step_number), 1), dtype=np.int64))
        registers[c.R_ORDER_WIDTH], registers[c.R_TIME_WIDTH] = rows[a.I_ORDER].width, rows[a.F_ORDER_TIMES].width
        registers[c.R_PART_WIDTH], registers[c.R_FLEETS] = rows[a.F_PART_TIMES].width, self.num_fleets
        registers[c.R_STEPS], registers[c.R_CELLS] = len(self.step_number), self.cells.num
        registers[c.R_COLUMNS] = self.num_columns
        registers[c.R_POOL_ENTITY], registers[c.R_DOCK_ENTITY] = num_servers, num_servers + num_pools
        registers[c.R_DELAY_ENTITY] = num_servers + num_pools + num_docks
        registers[c.R_LEFT_OUT] = registers[c.R_CALLED] = -1
        registers[c.R_SPELLS_OF_TRIP] = (1 + self.most_seats) * int(self.keeps_spells)
        registers[c.R_FEWS_OF_TURN] = self.most_lines_together
        lay_out_cells(self.rows, self.cells, [decider[1:] for decider in self.deciders])
        lengths = np.concatenate([[0], np.cumsum([len(times) for times, _ in self.calendars])])
        rows[a.I_CALENDAR_PTR].add(lengths.astype(np.int64)[:, None])
        for times, speeds in self.calendars:
            rows[a.F_CALENDAR_TIME].add(np.array(times)[:, None])
            rows[a.F_CALENDAR_SPEED].add(np.array(speeds)[:, None])
