"""What a plan depends on and where it fails; the room itself can be called: ``simsupply.sensitivity(sweep_result)``.

Importing anything of this room puts the room at ``simsupply.sensitivity``, where users look for the function.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simsupply.sensitivity.effects import Effects
    from simsupply.sweeps.sweep_result import SweepResult


class _Room(ModuleType):
    def __call__(self, result: SweepResult, metric: str = "coverage") -> Effects:
        """See `simsupply.sensitivity.of_sweep.sensitivity`."""
        from simsupply.sensitivity.of_sweep import sensitivity

        return sensitivity(result, metric)


sys.modules[__name__].__class__ = _Room
