"""What a scenario may say of people: who comes, who is let through, who lives on site, tests, infections.

All of it is optional, and settles who is on duty when before goods begin to flow
(`simsupply.model.rosters`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Discriminator, Field, Tag, model_validator

from simsupply.base.problems import Misfit
from simsupply.base.quantities import (
    Count,
    CountOrZero,
    HoursBetween,
    HouseholdsEach,
    Minutes,
    MinutesOrZero,
    Positive,
    Share,
    WholeDays,
    WholeDaysOrZero,
)
from simsupply.base.spec import Name, Spec, key_help
from simsupply.scenario.drawn_attendance import DRAWN, DrawnAttendance
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.scenario.tiers import Day, TierName, day_number

Factor = Annotated[float, Field(gt=0, le=10)]
"""Work done in a minute, in minutes of the standard worker."""


# --- levels that change from day to day ---------------------------------------------------------


class DayShare(Spec):
    """A share on one day."""

    day: Day
    share: Share


class ShareSeries(Spec):
    """A share that changes: linear between the days given, as on the first before it, as on the last after it."""

    levels: Annotated[tuple[DayShare, ...], Field(min_length=1)]


def _kind_of_attendance(value: Any) -> str:
    if isinstance(value, Mapping):
        return "series" if "levels" in value or not value.keys() & _OF_DISTRIBUTIONS else "drawn"
    return "series" if isinstance(value, ShareSeries) else "drawn" if isinstance(value, DRAWN) else "level"


_OF_DISTRIBUTIONS = {key for drawn in DRAWN for key in drawn.model_fields}
Attendance = Annotated[
    Annotated[Share, Tag("level")] | Annotated[ShareSeries, Tag("series")] | Annotated[DrawnAttendance, Tag("drawn")],
    Discriminator(_kind_of_attendance),
]
"""A level, a series of levels by day, or a distribution from which a level is drawn for each replication."""


def levels_by_day(level: Attendance, num_days: int, start_date: str | None) -> NDArray[np.float64]:
    """What a level or series comes to on each day, of a distribution its mean, shape (days,).

    >>> rise = ShareSeries.model_validate({"levels": [{"day": 1, "share": 0.2}, {"day": 3, "share": 0.4}]})
    >>> levels_by_day(rise, 5, None).round(3).tolist()
    [0.2, 0.2, 0.3, 0.4, 0.4]
    """
    if isinstance(level, DRAWN):
        return np.full(num_days, level.mean)
    if not isinstance(level, ShareSeries):
        return np.full(num_days, float(level))
    days = [day_number(day_share.day, start_date) for day_share in level.levels]
    return np.interp(np.arange(num_days), days, [day_share.share for day_share in level.levels])


# --- the way to work ----------------------------------------------------------------------------


class RecognitionRules(Spec):
    """Probability that a pass is recognised, where districts and tiers set rules of their own.

    At a compound it is that of its district (`default`: districts not named), or that of its tier if
    that is lower. A place has the mean over the households that it serves.
    """

    default: Share
    districts: dict[str, Share] = Field(default_factory=dict)
    tiers: dict[TierName, Share] = Field(default_factory=dict)


def _one_or_table(value: Any) -> str:
    return "table" if isinstance(value, Mapping | RecognitionRules) else "level"


Recognition = Annotated[
    Annotated[Share, Tag("level")] | Annotated[RecognitionRules, Tag("table")], Discriminator(_one_or_table)
]


class Commute(Spec):
    """Checkpoints between home and work.

    Attributes
    ----------
    checkpoints
        How many are met on the way to a shift.
    pass_share
        Share of the people who hold a pass; who does not is recognised nowhere.
    recognised
        Probability, at each checkpoint, that the pass is recognised.
    otherwise
        Who is not recognised is ``turned_back`` and absent for that shift, or ``delayed``.
    delay_min
        Minutes by which each checkpoint at which somebody is ``delayed`` puts off the start of work.
    """

    checkpoints: Annotated[int, Field(ge=1, le=20)] = 1
    pass_share: Share = 1.0
    recognised: Recognition
    otherwise: Literal["turned_back", "delayed"] = "turned_back"
    delay_min: Minutes | None = None

    @model_validator(mode="after")
    def _delay(self) -> Self:
        if (self.delay_min is not None) != (self.otherwise == "delayed"):
            raise Misfit("delay_min_with_delayed")
        return self


class ClosedLoop(Spec):
    """Staff of one kind of place who live on site: they meet no checkpoint and always come.

    Attributes
    ----------
    beds, households_per_bed
        Beds at each place; or one for so many households that the place serves, rounded up.
    beds_per_room
        Beds in a room. Who shares one can infect each other at night.
    crews
        Who lives there; without it all crews of people at this kind of place.
    share
        Who gets the beds: crews one after the other (``in_order``), or each as many as its people
        (``in_proportion``).
    limit
        Whether there may be fewer beds than people; who has none does not come.
    """

    beds: CountOrZero | None = None
    households_per_bed: HouseholdsEach | None = None
    beds_per_room: Count = 1
    crews: tuple[Name, ...] = ()
    share: Literal["in_order", "in_proportion"] = "in_order"
    limit: bool = False

    @model_validator(mode="after")
    def _one_number(self) -> Self:
        if (self.beds is None) == (self.households_per_bed is None):
            raise Misfit("exactly_one_of_two", first="beds", second="households_per_bed")
        return self


# --- time that is not work ------------------------------------------------------------------------


class Tests(Spec):
    """Tests in working time: paid, but off duty.

    The first antigen test is at the start of the shift, the last at its end, others evenly between;
    PCR tests cut the shift into equal parts. What would fall into a break is done after it.
    With `groups` people take turns: each group begins one test later (at the end: earlier) than the one before.
    """

    antigen_per_day: CountOrZero = 0
    antigen_min: MinutesOrZero = 0.0
    pcr_per_day: CountOrZero = 0
    pcr_min: MinutesOrZero = 0.0
    groups: Count = 1


class Disinfection(Spec):
    """Work stops every so many hours from the start of the shift: paid, but off duty.

    With `groups` people take turns: each group stops when the one before is through.
    """

    every_hours: HoursBetween
    minutes: Minutes
    groups: Count = 1


# --- infections -----------------------------------------------------------------------------------


class KnownCase(Spec):
    """Infections that are given: the first `number` people of a crew's first shift, at each place, on a day."""

    crew: Name
    day: Day
    number: Count = 1


class Infections(Spec):
    """Infections of staff by contacts, day by day, before goods begin to flow.

    Attributes
    ----------
    at
        Kinds of places at whose crews it is looked; without it, all.
    outside_per_day, outside_by_tier
        Probability of being infected at home on a day, of everybody who does not live on site; a
        tier may have its own.
    per_contact
        Probability of being infected by one infectious person of the same crew, shift and place.
    per_roommate
        The same, by one infectious person in the same room at night.
    infectious_after_days, infectious_days
        From how many days after infection on, and for how long, somebody infects others.
    found_after_days
        Tests find it on the morning so many days after infection.
    isolation_days
        How long a positive case stays away, from that morning on. Nobody is infected twice.
    quarantine_days
        How long those stay away who shared the case's last shift since it was infected.
    close_at, within_days, closure_days
        So many positive cases within so many days close the place for so many days.
    cases
        Infections that are given.
    """

    at: tuple[PlaceKind, ...] = ()
    outside_per_day: Share = 0.0
    outside_by_tier: dict[TierName, Share] = Field(default_factory=dict)
    per_contact: Share = 0.0
    per_roommate: Share = 0.0
    infectious_after_days: WholeDaysOrZero = 1
    infectious_days: WholeDays = 7
    found_after_days: WholeDays
    isolation_days: WholeDays
    quarantine_days: WholeDaysOrZero = 0
    close_at: Count | None = None
    within_days: WholeDays = 7
    closure_days: WholeDays | None = None
    cases: tuple[KnownCase, ...] = ()

    @model_validator(mode="after")
    def _closure(self) -> Self:
        if (self.close_at is None) != (self.closure_days is None):
            raise Misfit("close_at_with_closure_days")
        return self


# --- more people, and what they can do ---------------------------------------------------------


class Productivity(Spec):
    """Speed of work by days since somebody's first day: from `start` to `end` in `over_days`, linear."""

    start: Factor
    end: Factor
    over_days: WholeDays


class Arrivals(Spec):
    """People who join a crew day by day.

    Attributes
    ----------
    from_day
        Day on which the first come.
    per_day, over_days
        So many a day (0.5: one every other day) at each place and shift; or all in so many days.
    up_to, up_to_households_per_worker
        People per place and shift in the end, those of the crew from the beginning on included: a headcount of 10 and
        ``up_to: 16`` are 6 who join. Or as many as make one worker for so many households.
    productivity
        Of those who arrive; without it, as of the others, from their own first day on.
    people, pace, attendance
        Of those who arrive; without them, as of the others.
    """

    from_day: Day
    per_day: Positive | None = None
    over_days: WholeDays | None = None
    up_to: Annotated[
        Count | None,
        key_help(
            "People per place and shift in the end, those who were there from the beginning included.",
            "最终每处每班人数，含原有人员。",
            example=160,
        ),
    ] = None
    up_to_households_per_worker: HouseholdsEach | None = None
    productivity: Productivity | None = None
    people: Annotated[
        Literal["worker", "volunteer"] | None,
        key_help(
            "Whether those who arrive are paid workers or volunteers; without it, as the crew.",
            "新到人员是受薪员工（worker）还是志愿者（volunteer）；不填时与班组相同。",
            example="volunteer",
        ),
    ] = None
    pace: Annotated[
        Name | None,
        key_help(
            "Kind of worker of those who arrive: a row of staffing.paces or of configs/paces/published.yaml; without it"
            " that of people, or as the crew.",
            "新到人员的类别，即 staffing.paces 或 configs/paces/published.yaml 中的一行；"
            "不填时按 people，否则与班组相同。",
            example="volunteer_packer",
        ),
    ] = None
    attendance: Annotated[
        Attendance | None,
        key_help(
            "Share of those who arrive that comes on a day, or a series of it; without it, as of the crew.",
            "新到人员每日到岗比例，或按日变化的序列；不填时与班组相同。",
            unit="share",
            example=0.9,
        ),
    ] = None

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        if (self.per_day is None) == (self.over_days is None):
            raise Misfit("exactly_one_of_two", first="per_day", second="over_days")
        if (self.up_to is None) == (self.up_to_households_per_worker is None):
            raise Misfit("exactly_one_of_two", first="up_to", second="up_to_households_per_worker")
        return self


class Reassignment(Spec):
    """People of another crew of the same place who fill in for a day.

    Attributes
    ----------
    from_crew
        Whose people fill in; written ``from``.
    when_below
        Share of a shift's people; where fewer are present, others fill up to it.
    up_to
        At most so many at each place and shift.
    floor
        Share of each shift's planned people, rounded up, that the other crew keeps present; 0: all may go.
    productivity
        Speed of those who fill in.
    """

    from_crew: Annotated[Name, Field(alias="from")]
    when_below: Share
    up_to: Count
    floor: Share = 0.0
    productivity: Factor = 1.0
