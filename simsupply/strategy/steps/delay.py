"""Delays: time that passes with no worker."""

from __future__ import annotations

from simsupply.base.spec import Name, NonNegative, Spec


class Delay(Spec):
    """Time that passes with no worker: standing after disinfection, counting, payment."""

    name: Name
    minutes: NonNegative

    @property
    def resource(self) -> tuple[str, ...]:
        """Nobody works."""
        return ()
