"""placeholder until help-T"""

from dataclasses import dataclass

import numpy as np

from simsupply.scenario.tiers import TIERS


@dataclass(frozen=True)
class TierCalendar:
    number: np.ndarray

    def longest(self, a, b):
        return self.number[0]


def draw_tiers(scenario, streams):
    s = scenario.spec.scenario
    t = TIERS.index(scenario.spec.tiers.default) if scenario.spec.tiers else 2
    return TierCalendar(np.full((s.horizon_days + s.run_out_days, len(scenario.compound_drop_point)), t, np.int8))
