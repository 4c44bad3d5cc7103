"""The steps of a channel: one of four kinds (stage, leg, delay, gate), for all orders or for some.

No step can be given a bonus: all it has is effort, distance, capacity and time.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from simsupply.base.problems import Misfit
from simsupply.base.quantities import WholeDays, WholeDaysOrZero
from simsupply.base.spec import RENAMED, Name, Spec, key_help
from simsupply.scenario.tiers import Entry, LastMile, TierName
from simsupply.strategy.steps.delay import Delay
from simsupply.strategy.steps.gate import Gate
from simsupply.strategy.steps.leg import Leg
from simsupply.strategy.steps.stage import Stage


class StepCondition(Spec):
    """Which orders a step is for, by the day of release and the tier of their compound on it.

    Attributes
    ----------
    tiers, entry, last_mile
        One of these tiers, or tiers with one of these settings; what is left out does not matter.
    from_day, to_day
        First day of the run, and the first on which the step is not there any more.
    unless
        The other way round: for all orders but those.
    """

    tiers: tuple[TierName, ...] = ()
    entry: tuple[Entry, ...] = ()
    last_mile: tuple[LastMile, ...] = ()
    from_day: WholeDaysOrZero = 0
    to_day: WholeDays | None = None
    unless: bool = False

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.to_day is not None and self.from_day >= self.to_day:
            raise Misfit("from_day_before_to_day", from_day=self.from_day, to_day=self.to_day)
        return self


class Step(Spec):
    """One step of a channel: exactly one of the four kinds; with `when` or `branch`, only for some orders."""

    # In the field's languages a hold waits for a condition; this step waits for time to pass.
    model_config = Spec.model_config | {"json_schema_extra": {RENAMED: {"hold": "delay"}}}

    stage: Stage | None = None
    leg: Leg | None = None
    delay: Delay | None = None
    gate: Gate | None = None
    when: StepCondition | None = None
    branch: Annotated[
        Name | Annotated[tuple[Name, ...], Field(min_length=1)] | None,
        key_help(
            "Only orders of this branch, or of these, pass the step (`rest`: those of no other); without, all do.",
            "仅该分支（或这些分支）的订单经过此步骤（`rest` 指不属于其他分支的订单）；不填则所有订单都经过。",
            example="cold_chain",
        ),
    ] = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(part is not None for part in (self.stage, self.leg, self.delay, self.gate)) != 1:
            raise Misfit("one_kind_of_step")
        return self

    @property
    def branches(self) -> tuple[str, ...]:
        """Names of the branches whose orders pass it; none: all orders do."""
        if self.branch is None:
            return ()
        return (self.branch,) if isinstance(self.branch, str) else self.branch

    @property
    def body(self) -> Stage | Leg | Delay | Gate:
        """The step itself, whatever its kind."""
        body = self.stage or self.leg or self.delay or self.gate
        assert body is not None  # _one
        return body
