"""The grammar of channels: ordered steps of four kinds (stage, leg, hold, gate).

A channel says how goods get from a list of wishes to a door; a strategy says which channel is
used from which day on. No channel can be given a bonus: all it has is the effort of its steps.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from simsupply.config.spec import (
    Count,
    CountOrZero,
    Name,
    NonNegative,
    Positive,
    Spec,
    TimeOfDay,
    Title,
)
from simsupply.scenario.spec import PlaceKind


class Effort(Spec):
    """Minutes of one worker: the sum of what the job consists of.

    ``per_consignment + sum over orders (per_order + per_line * lines + per_parcel + per_kg * kg)``
    """

    per_consignment_min: NonNegative = 0.0
    per_order_min: NonNegative = 0.0
    per_line_min: NonNegative = 0.0
    per_parcel_min: NonNegative = 0.0
    per_kg_min: NonNegative = 0.0

    @property
    def is_zero(self) -> bool:
        """Whether no work is described at all."""
        return not any(self.model_dump().values())


class Variability(Spec):
    """Mean-one factor on each job's effort: none, lognormal (with `sigma`) or exponential."""

    kind: Literal["none", "lognormal", "exponential"]
    sigma: Positive | None = None

    @model_validator(mode="after")
    def _sigma(self) -> Self:
        if (self.kind == "lognormal") != (self.sigma is not None):
            raise ValueError("sigma for kind lognormal, and only there")
        return self


class Rounds(Spec):
    """Walking rounds from the drop point to doors of the same building list and back.

    A round takes at most `households` parcels and `carry_kg`; it lasts `walk_min` (there and
    back) plus the minutes at each door, which depend on whether the building has a lift.
    """

    households: Count
    carry_kg: Positive
    walk_min: NonNegative
    door_with_lift_min: Positive
    door_without_lift_min: Positive


class Stage(Spec):
    """Work by a crew at a place.

    `discipline`: in the sequence of the run sheet (who is not ready holds up those behind);
    ``fifo``, in the order in which units become ready; or ``priority``, as fifo, but units with a
    priority household first. Nobody is interrupted for the sake of a unit with priority.
    """

    name: Name
    at: PlaceKind
    crew: Name
    per: Literal["order", "consignment", "round"] = "order"
    discipline: Literal["sequence", "fifo", "priority"] = "sequence"
    effort: Effort = Effort()
    variability: Variability = Variability(kind="none")
    rounds: Rounds | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.per == "round") != (self.rounds is not None):
            raise ValueError("rounds: {...} together with per: round, and only there")
        if self.per == "round" and self.at != "drop_point":
            raise ValueError("per: round only at: drop_point")
        if self.per != "consignment" and self.effort.per_consignment_min:
            raise ValueError("per_consignment_min only in a stage with per: consignment")
        if self.per != "round" and self.effort.is_zero:
            raise ValueError("an effort above zero (a step without work is a hold)")
        return self


class Leave(Spec):
    """When a vehicle leaves.

    `planned`: its consignments of the run sheet are complete. `full`: as soon as `orders` finished
    orders for one destination stand ready, whichever they are; at the times of day `at`, if there
    are any, what stands there leaves though it is no full load. `time`: only at the times `at`, in
    loads of at most `orders`. (For a delivery window, put a gate before the leg.)
    """

    kind: Literal["planned", "full", "time"]
    orders: Count | None = None
    at: tuple[TimeOfDay, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.kind == "planned") == (self.orders is not None):
            raise ValueError("orders for kinds full and time, and only there")
        if self.kind == "planned" and self.at:
            raise ValueError("at for kinds full and time only")
        if self.kind == "time" and not self.at:
            raise ValueError("at least one time of day in at, for kind time")
        if list(self.at) != sorted(set(self.at)):
            raise ValueError("times of day in ascending order in at")
        return self


class Leg(Spec):
    """Movement by a vehicle of a fleet: load at a dock, drive, unload, drive back.

    Loads are taken in the sequence of the run sheet or as they become ready (``fifo``); loads that
    leave when full have no run sheet, so they are always taken as they become ready.
    """

    model_config = Spec.model_config | {"populate_by_name": True}

    name: Name
    origin: PlaceKind = Field(alias="from")
    to: PlaceKind
    fleet: Name
    leave: Leave = Leave(kind="planned")
    discipline: Literal["sequence", "fifo"] = "sequence"
    load: Effort = Effort()
    unload: Effort = Effort()
    drive_min: tuple[NonNegative, NonNegative] | None = None

    @property
    def is_sequence(self) -> bool:
        """Whether loads wait for those before them on the run sheet."""
        return self.discipline == "sequence" and self.leave.kind == "planned"

    @model_validator(mode="after")
    def _forward(self) -> Self:
        order = ["depot", "station", "drop_point"]
        if order.index(self.origin) >= order.index(self.to):
            raise ValueError("a leg from a depot to a station or drop point, or on from a station")
        if self.drive_min is not None and self.drive_min[0] > self.drive_min[1]:
            raise ValueError("drive_min: [low, high] with low <= high")
        return self


class Hold(Spec):
    """Time that passes with no worker: standing after disinfection, counting, payment."""

    name: Name
    minutes: NonNegative


class Gate(Spec):
    """Lets things through between two times of day; what comes outside waits for the opening."""

    name: Name
    opens: TimeOfDay
    closes: TimeOfDay

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError("opens before closes")
        return self


class Step(Spec):
    """One step of a channel: exactly one of the four kinds."""

    stage: Stage | None = None
    leg: Leg | None = None
    hold: Hold | None = None
    gate: Gate | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(part is not None for part in (self.stage, self.leg, self.hold, self.gate)) != 1:
            raise ValueError("exactly one of stage, leg, hold, gate")
        return self

    @property
    def body(self) -> Stage | Leg | Hold | Gate:
        """The step itself, whatever its kind."""
        body = self.stage or self.leg or self.hold or self.gate
        assert body is not None  # _one
        return body


class Allot(Spec):
    """Push: every household is sent one parcel without asking, every `every_days` days.

    Without `every_days` the cycle of the scenario's demand is followed.
    """

    kind: Literal["allot"]
    every_days: Count | None = None


class Ordered(Spec):
    """Pull: households order as the scenario's demand says."""

    kind: Literal["order"]


class Acceptance(Spec):
    """A depot keeps no more open orders than it can handle within the promised days."""

    promise_days: Positive


class ParcelContent(Spec):
    """What is in a parcel: so many lines, so many kg; what is left out follows demand."""

    lines: Count | None = None
    kg: Positive | None = None


class Channel(Spec):
    """A way of supply, from list to door."""

    name: Name
    title: Title
    release: Annotated[Allot | Ordered, Field(discriminator="kind")]
    acceptance: Acceptance | None = None
    parcel: ParcelContent = ParcelContent()
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _steps_fit(self) -> Self:
        names = [step.body.name for step in self.steps]
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            raise ValueError(f"a name of its own for every step (twice: {', '.join(doubled)})")
        rank = {"depot": 0, "station": 1, "drop_point": 2}
        place = 0
        for step in self.steps:
            if step.stage:
                if step.stage.at != list(rank)[place] and any(s.leg for s in self.steps):
                    raise ValueError(
                        f"step {step.stage.name!r} at: {list(rank)[place]}, where the goods are then "
                        f"(it says {step.stage.at!r})"
                    )
            elif step.leg:
                if rank[step.leg.origin] != place:
                    raise ValueError(f"leg {step.leg.name!r} from: {list(rank)[place]}, where the goods are")
                place = rank[step.leg.to]
        return self


class Use(Spec):
    """From which day on a channel is used; an earlier one still delivers what it has begun."""

    channel: Name
    from_day: CountOrZero


class StrategySpec(Spec):
    """What we decide: the channels and when each is used."""

    name: Name
    title: Title
    channels: Annotated[dict[Name, Channel], Field(min_length=1)]
    calendar: Annotated[tuple[Use, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _calendar_fits(self) -> Self:
        days = [use.from_day for use in self.calendar]
        if days[0] != 0 or any(a >= b for a, b in zip(days, days[1:], strict=False)):
            raise ValueError("a calendar that starts on day 0 with later days after earlier ones")
        unknown = sorted({use.channel for use in self.calendar} - set(self.channels))
        if unknown:
            raise ValueError(f"calendar entries among {sorted(self.channels)} (unknown: {unknown})")
        return self
