"""Delays: time that passes with no worker."""

from __future__ import annotations

from simsupply.base.quantities import MinutesOrZero
from simsupply.base.spec import Name, OptionalTitle, Spec


class Delay(Spec):
    """Time that passes with no worker: standing after disinfection, counting, payment."""

    name: Name
    title: OptionalTitle = None
    minutes: MinutesOrZero

    @property
    def resource(self) -> tuple[str, ...]:
        """Nobody works."""
        return ()
