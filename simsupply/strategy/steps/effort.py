"""How long a job takes one worker, and how much that varies."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from simsupply.base.problems import Misfit
from simsupply.base.quantities import LogSigma, MinutesOrZero
from simsupply.base.spec import Spec
from simsupply.scenario.paces import Pace


class Effort(Spec):
    """Minutes of one worker: the sum of what the job consists of.

    ``per_load + per_consignment + sum over orders (per_order + per_line * lines + per_parcel + per_kg * kg)``
    """

    per_load_min: MinutesOrZero = 0.0
    per_consignment_min: MinutesOrZero = 0.0
    per_order_min: MinutesOrZero = 0.0
    per_line_min: MinutesOrZero = 0.0
    per_parcel_min: MinutesOrZero = 0.0
    per_kg_min: MinutesOrZero = 0.0

    def at_pace(self, pace: Pace) -> Effort:
        """Minutes of a kind of worker."""
        return self.model_copy(
            update={
                "per_load_min": self.per_load_min * pace.load,
                "per_consignment_min": self.per_consignment_min * pace.consignment,
                "per_order_min": self.per_order_min * pace.order,
                "per_line_min": self.per_line_min * pace.line,
                "per_parcel_min": self.per_parcel_min * pace.parcel,
                "per_kg_min": self.per_kg_min * pace.kg,
            }
        )

    @property
    def is_zero(self) -> bool:
        """Whether no work is described at all."""
        return not any(self.model_dump().values())


class Variability(Spec):
    """Mean-one factor on each job's effort: none, lognormal (with `sigma`) or exponential."""

    kind: Literal["none", "lognormal", "exponential"]
    sigma: LogSigma | None = None

    @model_validator(mode="after")
    def _sigma(self) -> Self:
        if (self.kind == "lognormal") != (self.sigma is not None):
            raise Misfit("sigma_with_lognormal")
        return self
