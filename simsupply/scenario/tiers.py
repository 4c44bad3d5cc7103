"""Lockdown tiers: what each of them sets, and where and when each is in force.

A tier is in force from midnight to midnight in a compound. It comes from a calendar of dates, or
from an epidemic of which each replication draws the cases (`simsupply.model.tiers`).
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from simsupply.config.spec import Count, CountOrZero, Name, NonNegative, Positive, Share, Spec

Tier = Literal["precaution", "controlled", "sealed"]
TIERS: tuple[Tier, ...] = ("precaution", "controlled", "sealed")
"""From the mildest to the strictest; a tier's number is its place here."""
ReleaseKind = Literal["allot", "order", "group", "visit"]
Entry = Literal["door", "gate", "checkpoint"]
LastMile = Literal["carry", "slots", "self"]

# The older scheme of three grades of risk.
_OLD_NAMES = {"low": "precaution", "medium": "controlled", "high": "sealed"}


def _new_name(value: object) -> object:
    return _OLD_NAMES.get(value, value) if isinstance(value, str) else value


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
    visit_every_days: Count | None = None
    attendance: Share | None = None
    checkpoint_min: NonNegative = 0.0


class TierPeriod(Spec):
    """A tier in an area from the start of day `from_day` to the start of day `to_day`.

    The area is the whole scenario, or the districts, subdistricts or communities (drop points)
    named; of these, the `compounds_share` of compounds that a seeded rule picks. A smaller area
    goes before a larger one. Days are numbers (0 is the first) or, with `scenario.start_date`,
    dates ``"2022-03-14"``.
    """

    tier: TierName
    from_day: CountOrZero | str = 0
    to_day: Count | str | None = None
    districts: tuple[str, ...] = ()
    subdistricts: tuple[str, ...] = ()
    communities: tuple[str, ...] = ()
    compounds_share: Annotated[float, Field(gt=0, le=1)] = 1.0

    @model_validator(mode="after")
    def _one_area(self) -> Self:
        if sum(bool(names) for names in (self.districts, self.subdistricts, self.communities)) > 1:
            raise ValueError("only one of districts, subdistricts and communities")
        if isinstance(self.from_day, int) and isinstance(self.to_day, int) and self.from_day >= self.to_day:
            raise ValueError(f"from_day before to_day ({self.from_day} and {self.to_day})")
        return self


class CaseRules(Spec):
    """Which tier follows from the cases of the last `window_days` days.

    Attributes
    ----------
    linked_cases
        So many linked cases in a community are an outbreak there.
    unknown_cases
        So many cases of unknown source in a district are community spread in it.
    any_case, outbreak, around_outbreak, community_spread
        Tier of a community with a case, with an outbreak, in the same subdistrict as an outbreak,
        and of a district with community spread. Without cases: ``precaution``.
    incubation_days
        A tier ends when so many days have passed without a case in its area.
    """

    window_days: Count
    incubation_days: Count
    linked_cases: Count
    unknown_cases: Count
    any_case: TierName
    outbreak: TierName
    around_outbreak: TierName
    community_spread: TierName


class Epidemic(Spec):
    """Cases drawn at random in each replication; a branching process over communities.

    Attributes
    ----------
    imported_per_day
        Mean number of imported cases a day in the whole area, from `first_day` on for
        `import_days` days.
    unknown_share
        Share of imported cases whose source nobody finds; all further cases are linked.
    secondary_mean, secondary_days
        Mean number of people each case infects while its community is not sealed, and after how
        many days on average they are found.
    sealed_factor
        `secondary_mean` is multiplied by this in a sealed community.
    elsewhere_share
        Share of secondary cases found in another community, any of the area.
    """

    first_day: CountOrZero
    import_days: Count
    imported_per_day: Positive
    unknown_share: Share
    secondary_mean: NonNegative
    secondary_days: Positive
    sealed_factor: Share
    elsewhere_share: Share
    rules: CaseRules


class Tiers(Spec):
    """The tiers of a scenario: what each sets, and a calendar or an epidemic, or one `default` tier."""

    default: TierName = "sealed"
    settings: dict[Name, TierSettings] = Field(default_factory=dict)
    calendar: tuple[TierPeriod, ...] = ()
    epidemic: Epidemic | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if self.calendar and self.epidemic:
            raise ValueError("a calendar or an epidemic, not both")
        unknown = sorted(set(self.settings) - set(TIERS) - set(_OLD_NAMES))
        if unknown:
            raise ValueError(f"settings for {', '.join(TIERS)} (unknown: {', '.join(unknown)})")
        return self

    def of(self, tier: Tier) -> TierSettings:
        """Settings of a tier, defaults where nothing is said."""
        for name, settings in self.settings.items():
            if _OLD_NAMES.get(name, name) == tier:
                return settings
        return TierSettings()
