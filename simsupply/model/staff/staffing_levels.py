"""Levels by day and place: how many a crew has, what share comes, what share of passes is recognised."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from simsupply.base.filling import rounded_up
from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.city.tier_calendar import TierCalendar
from simsupply.scenario.drawn_attendance import DRAWN
from simsupply.scenario.duty_plan import DutyPlan, duty_plan
from simsupply.scenario.people import Attendance, Commute, RecognitionRules, ShareSeries, levels_by_day
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.scenario.staffing import Crew, Fleet
from simsupply.scenario.tiers import TIERS, Tier, day_number
from simsupply.scenario.worked_hours import has_people
from simsupply.scenario.world import Scenario
from simsupply.streams.keyed import Streams

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def num_days(scenario: Scenario) -> int:
    """Days from day 0 to the end of the run."""
    return round(scenario.end_min / MINUTES_PER_DAY)


def number_of_day(scenario: Scenario, day: int | str) -> int:
    """Number of a day that is given by number or date."""
    return day_number(day, scenario.settings.start_date)


def plan_of(scenario: Scenario, name: str, group: Crew | Fleet) -> DutyPlan:
    """Who of a crew or fleet is planned when, worked out once for all replications."""
    key = "duty plan", type(group).__name__, name
    if key not in scenario.worked_out:
        scenario.worked_out[key] = duty_plan(scenario.spec, scenario.places, group)
    found: DutyPlan = scenario.worked_out[key]
    return found


def sized(scenario: Scenario, at: PlaceKind, number: int | None, households: float | None) -> IntArray:
    """So many at each place, or one for so many of the households it serves, rounded up."""
    if number is not None:
        return np.full(scenario.places.count(at), number)
    assert households is not None  # the specification's own rule: exactly one of the two
    return rounded_up(scenario.places.num_households(at) / households)


def by_day(level: Attendance, scenario: Scenario, purpose: str, streams: Streams | None) -> float | FloatArray:
    """A level, or what a series comes to on each day, shape (days,).

    Of a distribution one level is drawn for the replication, keyed by `purpose`; without `streams` it is the mean.
    """
    if isinstance(level, ShareSeries):
        return levels_by_day(level, num_days(scenario), scenario.settings.start_date)
    if isinstance(level, DRAWN):
        return level.mean if streams is None else level.quantile(float(streams.uniform(purpose, 0, 1)[0]))
    return float(level)


def commute_of(scenario: Scenario, group: Crew | Fleet) -> Commute | None:
    """Checkpoints on the way of a crew or of drivers: its own, else the scenario's; volunteers live nearby."""
    if not has_people(group):
        return None
    if group.commute is None and not (isinstance(group, Crew) and group.people == "volunteer"):
        return scenario.spec.staffing.commute
    return group.commute


def as_arrivals(group: Crew | Fleet) -> Crew | None:
    """The crew as those see it who join it later and are of another kind or come by other levels; None: nobody is."""
    if not isinstance(group, Crew) or group.arrivals is None:
        return None
    said = {"people": group.arrivals.people, "attendance": group.arrivals.attendance}
    update = {key: value for key, value in said.items() if value is not None}
    return group.model_copy(update=update) if update else None


def commute_of_some(scenario: Scenario, group: Crew | Fleet) -> Commute | None:
    """Checkpoints that a crew meets, or only those who join it later."""
    later = as_arrivals(group)
    return commute_of(scenario, group) or (commute_of(scenario, later) if later else None)


def attendance_of(
    scenario: Scenario,
    name: str,
    group: Crew | Fleet,
    tiers: TierCalendar | None = None,
    streams: Streams | None = None,
    *,
    of_arrivals: bool = False,
) -> float | FloatArray:
    """Share of a crew or of drivers that comes on a day.

    Equipment is always there, and a level of the group's own holds whatever the tier. Otherwise it
    is the scenario's, or the tier's where that is lower; a place that serves compounds under
    several tiers has the mean of their levels, weighted by households.

    Parameters
    ----------
    tiers : TierCalendar, optional
        Without it tiers do not matter.
    streams : Streams, optional
        Those of the replication, where the level is drawn: once for all who have none of their own, and once for
        each crew or fleet that has; without them the mean is taken.
    of_arrivals : bool
        Of those who join a crew later, `group` as they see it (`as_arrivals`): a level of their own is drawn apart.

    Returns
    -------
    float, or array of shape (days, places)
    """
    if not has_people(group):
        return 1.0
    if group.attendance is None:
        general = by_day(scenario.spec.staffing.attendance, scenario, "attendance_level", streams)
    else:
        kind = "crew" if isinstance(group, Crew) else "fleet"
        purpose = f"attendance_level/{kind}/{name}"
        if of_arrivals and isinstance(group, Crew) and group.arrivals and group.arrivals.attendance is not None:
            purpose += "/arrivals"
        general = by_day(group.attendance, scenario, purpose, streams)
    num, settings = scenario.places.count(group.at), scenario.spec.tiers
    whole = general if isinstance(general, float) else np.repeat(general[:, None], num, axis=1)
    if tiers is None or settings is None or group.attendance is not None:
        return whole
    by_tier = [settings.of(tier).attendance for tier in TIERS]
    if all(level is None for level in by_tier):
        return whole
    each_day = np.broadcast_to(general, len(tiers.number))
    lowered = np.array([each_day if level is None else np.minimum(each_day, level) for level in by_tier])
    by_compound = [lowered[number, day] for day, number in enumerate(tiers.number)]
    # A place that serves nobody is under no tier.
    return mean_over_compounds(scenario, group.at, by_compound, each_day)


def recognised_at(
    scenario: Scenario, at: PlaceKind, commute: Commute, tiers: TierCalendar | None
) -> float | FloatArray:
    """Probability that a pass is recognised on the way to places of a kind: float, or shape (days, places)."""
    rule = commute.recognised
    if not isinstance(rule, RecognitionRules):
        return float(rule)
    titles = scenario.places.districts
    of_district = np.array([_of_title(rule.districts, (title.en, title.zh), rule.default) for title in titles])
    of_compound = of_district[scenario.places.district[scenario.compound_drop_point]]
    numbers = np.zeros((num_days(scenario), 1), dtype=np.int8) if tiers is None else tiers.number
    of_tier = np.array([1.0 if tiers is None else rule.tiers.get(tier, 1.0) for tier in TIERS])
    by_compound = [np.minimum(of_compound, of_tier[number]) for number in numbers]
    return mean_over_compounds(scenario, at, by_compound, np.full(len(numbers), rule.default))


def by_tier(
    scenario: Scenario, at: PlaceKind, levels: Mapping[Tier, float], default: float, tiers: TierCalendar
) -> FloatArray:
    """A level that each tier sets, `default` where it does not, shape (days, places)."""
    of_tier = np.array([levels.get(tier, default) for tier in TIERS])
    return mean_over_compounds(
        scenario, at, [of_tier[number] for number in tiers.number], np.full(len(tiers.number), default)
    )


def mean_over_compounds(
    scenario: Scenario, at: PlaceKind, by_compound: list[FloatArray], otherwise: FloatArray
) -> FloatArray:
    """Mean over the households each place serves of a level of compounds, shape (days, places).

    Parameters
    ----------
    by_compound : list of arrays, shape (compounds,)
        One for each day.
    otherwise : array, shape (days,)
        At places that serve nobody.
    """
    place = scenario.places.serving[at][scenario.compound_drop_point]
    households = scenario.compound_households.astype(float)
    served, num = place >= 0, scenario.places.count(at)
    total = np.bincount(place[served], weights=households[served], minlength=num)
    levels = [np.bincount(place[served], weights=(households * level)[served], minlength=num) for level in by_compound]
    return np.where(total > 0, np.array(levels) / np.maximum(total, 1), otherwise[:, None])


def _of_title(levels: Mapping[str, float], names: tuple[str, ...], default: float) -> float:
    return next((levels[name] for name in names if name in levels), default)
