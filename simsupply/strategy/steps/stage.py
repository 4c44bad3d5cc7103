"""Stages: work by a crew at a place, order by order, by consignment, by load or in rounds to doors."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import model_validator

from simsupply.base.problems import Misfit
from simsupply.base.quantities import Count, Kg, KmPerHour, MetresOrZero, MetresPerMinute, Minutes, MinutesOrZero
from simsupply.base.spec import Name, OptionalTitle, Spec, key_help
from simsupply.scenario.paces import Pace
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.strategy.steps.effort import Effort, Variability

Contact = Literal["gate", "queue", "door", "shop"]
CONTACTS: tuple[Contact, ...] = ("gate", "queue", "door", "shop")


class Rounds(Spec):
    """Rounds to doors (or stops) of the same consignment, one after the other, and back.

    Attributes
    ----------
    households, carry_kg
        What a round takes at most, in parcels and kg.
    walk_min
        There and back, on top of the road.
    speed_km_h
        With it the round starts with the road from the place to the drop point and ends with the
        road back (couriers on e-bikes).
    door_with_lift_min, door_without_lift_min
        Minutes at each door.
    per_floor_min
        Without a lift, minutes more for each floor above the first.
    """

    households: Count
    carry_kg: Kg
    walk_min: MinutesOrZero
    speed_km_h: KmPerHour | None = None
    door_with_lift_min: Minutes
    door_without_lift_min: Minutes
    per_floor_min: MinutesOrZero = 0.0

    def at_pace(self, pace: Pace) -> Rounds:
        """The rounds of a kind of worker; walks and roads take everybody as long."""
        doors = ("door_with_lift_min", "door_without_lift_min", "per_floor_min")
        return self.model_copy(update={key: getattr(self, key) * pace.door for key in doors})


class Queue(Spec):
    """Residents who stand in line `spacing_m` apart; whoever is served next has that far to walk.

    Each who finds others before her meets the one ahead, if they stand less than 2 m apart.
    """

    spacing_m: MetresOrZero
    walk_m_per_min: MetresPerMinute


class Together(Spec):
    """Units that are served at once: bulk service by the rule (a, b) of queueing theory (Neuts 1967).

    A number alone, ``together: 3``, is the units.
    """

    units: Annotated[
        Count,
        key_help(
            "Units that a worker serves at once at most: begun and finished together, as long as the longest takes.",
            "一名人员最多同时处理的单元数：同时开始、同时完成，用时取其中最长者。",
            example=3,
        ),
    ]
    at_least: Annotated[
        Count,
        key_help(
            "So many must stand ready before they are begun; what is left when its list is complete goes with fewer.",
            "至少有这么多单元就绪才开始；同一批次全部到齐后，余下的不足此数也开始。",
            example=1,
        ),
    ] = 1

    @model_validator(mode="before")
    @classmethod
    def _number_alone(cls, given: Any) -> Any:
        return {"units": given} if isinstance(given, int) and not isinstance(given, bool) else given

    @model_validator(mode="after")
    def _several(self) -> Self:
        if self.units < 2:
            raise Misfit("together_at_least_two", units=self.units)
        if self.at_least > self.units:
            raise Misfit("together_at_least_within_units", units=self.units, at_least=self.at_least)
        return self


class Stage(Spec):
    """Work by a crew at a place.

    Attributes
    ----------
    per
        One unit of work: an ``order``, a ``consignment``, a ``round`` to doors, or a ``load``, all that
        came on one vehicle of the leg before (a trailer to swap, a vehicle to disinfect).
    discipline
        In the ``sequence`` of the dispatch list (who is not ready holds up those behind); ``fifo``, in
        the order in which units become ready; or ``priority``, as fifo, but units with a priority
        household first. Nobody is interrupted for the sake of a unit with priority.
    queue
        Residents wait here themselves.
    contact
        Each order means a meeting of this kind; without it, none.
    together
        Units that one worker serves at once; without it, one by one.
    joined_by
        Crews of which one person each works on a unit with the one of `crew`, from its beginning to its end.
    """

    name: Name
    title: OptionalTitle = None
    at: PlaceKind
    crew: Name
    joined_by: Annotated[
        tuple[Name, ...],
        key_help(
            "Other crews at the same place of which one person each is needed too, for as long as a unit takes.",
            "同一地点的其他班组，处理每个单元时还需各出一人，自始至终参与。",
            example=["guards"],
        ),
    ] = ()
    per: Literal["order", "consignment", "round", "load"] = "order"
    discipline: Literal["sequence", "fifo", "priority"] = "sequence"
    effort: Effort = Effort()
    variability: Variability = Variability(kind="none")
    rounds: Rounds | None = None
    queue: Queue | None = None
    contact: Contact | None = None
    together: Annotated[
        Together | None,
        key_help(
            "Units served at once by one worker: a number, or units and at_least.",
            "一名人员同时处理的单元：一个数，或 `units` 与 `at_least`。",
            example=3,
        ),
    ] = None

    @property
    def crews(self) -> tuple[str, ...]:
        """Everybody of whom somebody works on each unit, the crew of the step first."""
        return (self.crew, *self.joined_by)

    @property
    def resource(self) -> tuple[str, ...]:
        """Whoever works, in all steps of the same resource."""
        return (self.crew,)

    def at_pace(self, pace: Pace) -> Stage:
        """The stage with the minutes of a kind of worker."""
        if pace.is_standard:
            return self
        rounds = self.rounds and self.rounds.at_pace(pace)
        return self.model_copy(update={"effort": self.effort.at_pace(pace), "rounds": rounds})

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.per == "round") != (self.rounds is not None):
            raise Misfit("rounds_with_per_round")
        if self.rounds and self.at != "drop_point" and self.rounds.speed_km_h is None:
            raise Misfit("round_at_drop_point_or_with_speed")
        if self.per not in ("consignment", "load") and self.effort.per_consignment_min:
            raise Misfit("effort_per_consignment_in_its_stage")
        if self.per != "load" and self.effort.per_load_min:
            raise Misfit("effort_per_load_in_its_stage")
        if self.per != "round" and self.effort.is_zero:
            raise Misfit("effort_above_zero")
        if self.queue and (self.per != "order" or self.discipline == "sequence"):
            raise Misfit("queue_of_orders_as_they_come")
        if self.together and self.per == "round":
            raise Misfit("together_not_on_rounds")
        if len(set(self.crews)) < len(self.crews):
            raise Misfit("joined_by_other_crews", crew=self.crew)
        return self
