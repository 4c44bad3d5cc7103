"""Rules about tiers that need the world: do the days and areas named in a scenario exist in it?"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from simsupply.base.catalogue import Message, message
from simsupply.base.problems import Problem, allowed_by, nearest
from simsupply.scenario.areas import area_numbers, drop_points_in, names_of_areas
from simsupply.scenario.places import Places
from simsupply.scenario.tiers import OLD_NAMES, TIERS, AreaLevel, TierPeriod, day_number
from simsupply.scenario.world_spec import WorldSpec

# A city has thousands of communities; no message lists more names than this.
MOST_NAMES = 20


def check_tiers(spec: WorldSpec, places: Places) -> list[Problem]:
    """Everything wrong with the tiers of a scenario, once its places are laid out."""
    if spec.tiers is None:
        return []
    return [
        *_check_settings(spec),
        *_check_calendar(spec, places),
        *_check_epidemic(spec),
    ]


def _check_settings(spec: WorldSpec) -> Iterator[Problem]:
    assert spec.tiers is not None
    given: dict[str, str] = {}
    for name in spec.tiers.settings:
        key, tier = f"tiers.settings.{name}", OLD_NAMES.get(name, name)
        if tier not in TIERS:
            yield Problem(key, name, nearest(name, [*TIERS, *OLD_NAMES]))
        elif tier in given:
            yield Problem(key, name, message("each_tier_once", other=given[tier]))
        else:
            given[tier] = name


def _check_epidemic(spec: WorldSpec) -> Iterator[Problem]:
    assert spec.tiers is not None
    epidemic, horizon = spec.tiers.epidemic, spec.scenario.horizon_days
    if epidemic is not None and epidemic.first_day >= horizon:
        yield Problem("tiers.epidemic.first_day", epidemic.first_day, message("day_of_horizon", last=horizon - 1))


# --- the calendar ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _ResolvedPeriod:
    """A period with its days as numbers and its area as drop points."""

    key: str
    period: TierPeriod
    first_day: int
    end_day: int
    is_inside: NDArray[np.bool_]

    def in_words(self) -> Message:
        """Its days and the first of its areas."""
        names = self.period.area_names
        area = [*names[:3], *(["..."] if len(names) > 3 else [])] or message("whole_area")
        return message("days_in_area", first=self.first_day, last=self.end_day - 1, area=area)

    def overlaps(self, other: _ResolvedPeriod) -> bool:
        in_time = self.first_day < other.end_day and other.first_day < self.end_day
        return in_time and self.period.rank == other.period.rank and bool((self.is_inside & other.is_inside).any())


def _check_calendar(spec: WorldSpec, places: Places) -> list[Problem]:
    assert spec.tiers is not None
    problems: list[Problem] = []
    found: list[_ResolvedPeriod] = []
    names: dict[AreaLevel, dict[str, list[int]]] = {}
    for number, period in enumerate(spec.tiers.calendar):
        key, level = f"tiers.calendar.{number}", period.level
        if level not in names:
            names[level] = names_of_areas(places, level)
        wrong = [
            *_check_days(period, key, spec),
            *_check_names(period, key, names[level]),
        ]
        problems += wrong
        if wrong:
            continue
        first, end = period.days(spec.scenario.start_date, spec.scenario.horizon_days)
        inside = drop_points_in(places, level, area_numbers(places, level, period.area_names))
        resolved = _ResolvedPeriod(key, period, first, end, inside)
        problems += [
            Problem(key, resolved.in_words(), message("apart_from", key=other.key, period=other.in_words()))
            for other in found
            if resolved.overlaps(other)
        ]
        found.append(resolved)
    return problems


def _check_days(period: TierPeriod, key: str, spec: WorldSpec) -> list[Problem]:
    start, horizon = spec.scenario.start_date, spec.scenario.horizon_days
    problems: list[Problem] = []
    numbers: dict[str, int] = {}
    for name, day, low, high in (
        ("from_day", period.from_day, 0, horizon - 1),
        ("to_day", period.to_day, 1, horizon),
    ):
        if day is None:
            continue
        try:
            number = day_number(day, start)
        except ValueError as error:
            problems.append(Problem(f"{key}.{name}", day, allowed_by(error)))
            continue
        if not low <= number <= high:
            allowed = message("within_horizon", first=low, last=high)
            if start is not None:
                begin = date.fromisoformat(start)
                dates = {"first_date": begin + timedelta(low), "last_date": begin + timedelta(high)}
                allowed = message("within_horizon_dates", first=low, last=high, **dates)
            problems.append(Problem(f"{key}.{name}", day, allowed))
            continue
        numbers[name] = number
    if len(numbers) == 2 and numbers["from_day"] >= numbers["to_day"]:
        problems.append(Problem(f"{key}.to_day", period.to_day, message("after_from_day", day=period.from_day)))
    return problems


def _check_names(period: TierPeriod, key: str, known: dict[str, list[int]]) -> Iterator[Problem]:
    for number, name in enumerate(period.area_names):
        where = f"{key}.{period.level}.{number}"
        if name not in known:
            yield Problem(where, name, nearest_names(name, known))
        elif len(known[name]) > 1:
            full = sorted(
                other for other, areas in known.items() if other.endswith(f" {name}") and areas != known[name]
            )
            yield Problem(where, name, message("one_area", names=full))


def nearest_names(name: str, known: Collection[str]) -> Message:
    """Say which names are valid, of many only the nearest ones."""
    if len(known) <= MOST_NAMES:
        return nearest(name, known)
    # The best of many, however far: a list of them all helps nobody.
    close = difflib.get_close_matches(name, sorted(known), n=3, cutoff=0.0)
    return message("nearest_of_many", close=close[0], number=len(known), nearest=close)
