"""Lockdown tiers: what each of them sets, and where and when each is in force.

A tier is in force from midnight to midnight in a compound. It comes from a calendar of dates, or
from an epidemic of which each replication draws the cases (`simsupply.model.city.tier_calendar`).
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from simsupply.base.problems import Misfit
from simsupply.base.quantities import Count, MinutesOrZero, NonNegative, Positive, Share, WholeDays, WholeDaysOrZero
from simsupply.base.spec import Name, Spec

Tier = Literal["precaution", "controlled", "sealed"]
TIERS: tuple[Tier, ...] = ("precaution", "controlled", "sealed")
"""From the mildest to the strictest; a tier's number is its place here."""
ReleaseKind = Literal["allot", "order", "group", "visit"]
Entry = Literal["door", "gate", "checkpoint"]
LastMile = Literal["carry", "slots", "self"]
AreaLevel = Literal["whole", "districts", "subdistricts", "communities"]
LEVELS: tuple[AreaLevel, ...] = ("whole", "districts", "subdistricts", "communities")
"""From the largest area to the smallest."""

# The older scheme of three grades of risk.
OLD_NAMES: dict[str, Tier] = {"low": "precaution", "medium": "controlled", "high": "sealed"}


def _new_name(value: object) -> object:
    return OLD_NAMES.get(value, value) if isinstance(value, str) else value


def _number_or_text(value: object) -> object:
    # A union of two types would be refused once for each of them.
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise Misfit("day_number_or_date")
    return value


Day = Annotated[int | str, BeforeValidator(_number_or_text)]
"""A day of the run: its number, or its date where the scenario has a `start_date`."""


def day_number(day: int | str, start_date: str | None) -> int:
    """Number of a day, 0 being `start_date`; it may lie outside the horizon.

    Raises
    ------
    Misfit
        Saying what is allowed: `day` is no date, or the scenario has no `start_date`.

    Examples
    --------
    >>> day_number("2022-03-14", start_date="2022-03-11")
    3
    """
    if isinstance(day, int):
        return day
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", day):
        raise Misfit("day_number_or_date")
    try:
        that = date.fromisoformat(day)
    except ValueError:
        raise Misfit("day_number_or_existing_date") from None
    if start_date is None:
        raise Misfit("day_number_without_start_date")
    return (that - date.fromisoformat(start_date)).days


TierName = Annotated[Tier, BeforeValidator(_new_name)]
"""A tier, or its name in the older scheme: ``low``, ``medium``, ``high`` risk."""


class TierSettings(Spec):
    """All that a tier sets together.

    Attributes
    ----------
    open
        Kinds of channels that may be used: ``visit`` (residents go to a shop), ``order``
        (individual orders and lists), ``group`` (group buying), ``allot`` (sent to everybody).
    entry
        How far couriers and vehicles from outside may come: to the ``door``, to the compound's
        ``gate``, or to the ``checkpoint`` of the area.
    last_mile
        How goods get from there to the household: volunteers ``carry`` them, residents fetch them
        in time ``slots``, or everybody comes as they like (``self``).
    visit_every_days
        One person per household may go to a shop once in so many days; none: freely.
    attendance
        Share of workers of the places inside who come (a depot or station counts by the
        households it serves); none: the scenario's.
    checkpoint_min
        Minutes a vehicle is held on its way in.
    """

    open: tuple[ReleaseKind, ...] = ("allot", "order", "group", "visit")
    entry: Entry = "door"
    last_mile: LastMile = "carry"
    visit_every_days: WholeDays | None = None
    attendance: Share | None = None
    checkpoint_min: MinutesOrZero = 0.0


class TierPeriod(Spec):
    """A tier in an area from the start of day `from_day` to the start of day `to_day`.

    Days are numbers (0 is the first) or, with `scenario.start_date`, dates ``"2022-03-14"``. A
    period without `to_day` lasts; the days after the horizon are as its last day.

    The area is the whole scenario, or the districts, subdistricts or communities (drop points)
    named; of these, the `compounds_share` of compounds (rounded, one at least) that a rule seeded by
    `world_seed` picks. A smaller area goes before a larger one, and a share of an area before all of
    it. For one area a larger share holds all compounds of a smaller one, whichever the tier and days.

    A subdistrict may be named with its district in front (``"A B"``), and has to be where two are
    called the same.
    """

    tier: TierName
    from_day: Day = 0
    to_day: Day | None = None
    districts: tuple[str, ...] = ()
    subdistricts: tuple[str, ...] = ()
    communities: tuple[str, ...] = ()
    compounds_share: Annotated[float, Field(gt=0, le=1)] = 1.0

    @model_validator(mode="after")
    def _one_area(self) -> Self:
        if sum(bool(names) for names in (self.districts, self.subdistricts, self.communities)) > 1:
            raise Misfit("tier_areas_of_one_level")
        return self

    @property
    def level(self) -> AreaLevel:
        """What kind of area it is."""
        return (
            "districts"
            if self.districts
            else ("subdistricts" if self.subdistricts else "communities" if self.communities else "whole")
        )

    @property
    def area_names(self) -> tuple[str, ...]:
        """Names of the areas as they were written; none for the whole scenario."""
        return self.districts or self.subdistricts or self.communities

    @property
    def rank(self) -> tuple[int, bool]:
        """Of two periods that hold in a compound, the one of higher rank is in force."""
        return LEVELS.index(self.level), self.compounds_share < 1

    def days(self, start_date: str | None, horizon_days: int) -> tuple[int, int]:
        """Number of its first day and of the day after its last, within the horizon."""
        end = horizon_days if self.to_day is None else day_number(self.to_day, start_date)
        return day_number(self.from_day, start_date), end


class CaseRules(Spec):
    """Which tier follows, from the next midnight on, from the cases found up to then.

    A community's tier is the strictest that any rule gives it, ``precaution`` without any.

    Attributes
    ----------
    window_days
        Cases of so many days are counted together.
    linked_cases
        So many linked cases in a community are an outbreak there: cases infected by another case
        of the area and, as one of them, a case from outside found there beside them.
    unknown_cases
        So many cases of unknown source in a district are community spread in it.
    any_case, outbreak, around_outbreak, community_spread
        Tier of a community with a case, with an outbreak, in the same subdistrict as an outbreak,
        and of a district with community spread.
    incubation_days
        A tier ends when so many days have passed without a case in the community, for
        `around_outbreak` in the subdistrict, for `community_spread` in the district.
    """

    window_days: WholeDays
    incubation_days: WholeDays
    linked_cases: Count
    unknown_cases: Count
    any_case: TierName
    outbreak: TierName
    around_outbreak: TierName
    community_spread: TierName


class Epidemic(Spec):
    """Cases drawn at random in each replication; a branching process over communities.

    Cases come from outside, and each case infects others. How many are found in a community on a
    day is Poisson distributed; a household has at most one case, which bounds any growth.

    Attributes
    ----------
    imported_per_day
        Mean number of imported cases a day in the whole area, from `first_day` on for
        `import_days` days; communities in proportion to their households.
    unknown_share
        Share of imported cases whose source nobody finds; all further cases are linked.
    secondary_mean, secondary_days
        Mean number of people each case infects while its community is not sealed, and after how
        many days on average they are found: 1, 2, ... days after it, of geometric distribution.
    sealed_factor
        `secondary_mean` is multiplied by this on days on which the case's community is sealed.
    elsewhere_share
        Share of secondary cases found anywhere in the area, in proportion to households, and not
        in the community of the case that infected them.
    """

    first_day: WholeDaysOrZero
    import_days: WholeDays
    imported_per_day: Positive
    unknown_share: Share
    secondary_mean: NonNegative
    secondary_days: Annotated[float, Field(ge=1)]
    sealed_factor: Share
    elsewhere_share: Share
    rules: CaseRules


class Tiers(Spec):
    """The tiers of a scenario: what each sets, and a calendar or an epidemic, or one `default` tier.

    `default` holds where and when no period of the calendar does; with an epidemic, the case rules
    say it all.
    """

    default: TierName = "sealed"
    settings: dict[Name, TierSettings] = Field(default_factory=dict)
    calendar: tuple[TierPeriod, ...] = ()
    epidemic: Epidemic | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if self.calendar and self.epidemic:
            raise Misfit("tiers_by_calendar_or_epidemic")
        return self

    def of(self, tier: Tier) -> TierSettings:
        """Settings of a tier, defaults where nothing is said."""
        for name, settings in self.settings.items():
            if OLD_NAMES.get(name, name) == tier:
                return settings
        return TierSettings()
