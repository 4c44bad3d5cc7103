"""Levels of one key at which alternatives are compared: attendance, or any other key of a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from simsupply.base.catalogue import message
from simsupply.base.problems import nearest, wrong
from simsupply.base.spec import share_of_percent
from simsupply.config.dotted import check_key, put
from simsupply.config.load import fit, scenario_from
from simsupply.config.yaml_files import WORLD_SECTIONS
from simsupply.experiment.alternatives import SHARED_KEYS, Alternative
from simsupply.scenario.world import Scenario, build_scenario
from simsupply.scenario.world_spec import WorldSpec

ATTENDANCE = "staffing.attendance"
LevelValue = bool | int | float | str
# What a comparison is called by or counts up to.
_NOT_COMPARED = ("name", "title", "run_out_days", *SHARED_KEYS)


@dataclass(frozen=True)
class Level:
    """A level of another key than attendance."""

    key: str
    value: LevelValue

    @property
    def label(self) -> str:
        """The value as it is written in a file."""
        return str(self.value).lower() if isinstance(self.value, bool) else str(self.value)

    def __str__(self) -> str:
        return f"{self.key} = {self.label}"


@dataclass(frozen=True)
class Levels:
    """Values of a key, in the order given.

    Attributes
    ----------
    key : str
        Dotted, of a scenario.
    values : tuple
        None: each scenario's own value.
    """

    key: str = ATTENDANCE
    values: tuple[LevelValue | None, ...] = (None,)

    def level(self, value: LevelValue | None) -> Level | None:
        """One of them, as its cases say it; None: cases say their attendance."""
        return None if value is None or self.key == ATTENDANCE else Level(self.key, value)

    def scenario_at(self, scenario: Scenario, value: LevelValue | None, source: str = "compare") -> Scenario:
        """A scenario with its key at a level, checked anew.

        Raises
        ------
        InputError
            If the key does not exist in it, or the value does not fit.
        """
        if value is None:
            return scenario
        if self.key == ATTENDANCE:
            return scenario.with_attendance(float(value))
        data = scenario.spec.model_dump(mode="json", by_alias=True)
        check_key(data, self.key, source)
        put(data, self.key, value, source)

        def build(spec: WorldSpec) -> Scenario:
            # Places and households follow from these two sections; most keys stand in others.
            is_same = (spec.scenario, spec.goods) == (scenario.settings, scenario.spec.goods)
            return replace(scenario, spec=spec) if is_same else build_scenario(spec)

        return scenario_from(data, source, build)


def levels_of(attendance: Sequence[float] | None, levels: Mapping[str, Any] | None, source: str = "compare") -> Levels:
    """Levels as `compare` is given them.

    Parameters
    ----------
    attendance : sequence of float, optional
        The short form of ``{"staffing.attendance": attendance}``.
    levels : mapping, optional
        Levels by key; one key.

    Raises
    ------
    InputError
        If both are given, if there is more than one key or one that cannot be compared in, if there is no level,
        one twice, or one that is no plain value.
    """
    if levels is None:
        return Levels() if attendance is None else Levels(ATTENDANCE, _shares(attendance, "attendance", source))
    if attendance is not None:
        raise wrong(source, "attendance", list(attendance), message("attendance_or_levels"))
    if not isinstance(levels, Mapping) or len(levels) != 1:
        raise wrong(source, "levels", levels, message("levels_of_one_key"))
    ((key, given),) = levels.items()
    _check_may_differ(str(key), source)
    at = f"levels.{key}"
    values = list(given) if isinstance(given, list | tuple) else [given]
    if key == ATTENDANCE:
        return Levels(ATTENDANCE, _shares(values, at, source))
    _check_none_twice(values, at, source)
    for number, value in enumerate(values):
        if not isinstance(value, LevelValue) or value != value:
            raise wrong(source, f"{at}.{number}", value, message("plain_level"))
    return Levels(str(key), tuple(values))


def check_levels(levels: Levels, alternatives: Sequence[Alternative], source: str = "compare") -> None:
    """Check every alternative at every level.

    Raises
    ------
    InputError
        At the first level that does not fit, with every problem there.
    """
    for value in levels.values:
        if levels.key != ATTENDANCE:
            worlds = {
                alternative.scenario.name: levels.scenario_at(alternative.scenario, value, source)
                for alternative in alternatives
            }
            for alternative in alternatives:
                fit(worlds[alternative.scenario.name], alternative.strategy)


def _check_may_differ(key: str, source: str) -> None:
    section, _, below = key.partition(".")
    if section == "strategy":
        raise wrong(source, f"levels.{key}", key, message("level_of_scenario"))
    if section not in WORLD_SECTIONS:
        raise wrong(source, f"levels.{key}", key, nearest(section, WORLD_SECTIONS))
    # A type of vehicle has been laid under its fleet by now.
    is_type = section == "fleet" and key.endswith(".type")
    if is_type or (section == "scenario" and below.partition(".")[0] in ("", *_NOT_COMPARED)):
        raise wrong(source, f"levels.{key}", key, message("level_of_other_key"))


def _check_none_twice(values: Sequence[Any], at: str, source: str) -> None:
    if not values or any(value in values[:number] for number, value in enumerate(values)):
        raise wrong(source, at, list(values), message("at_least_one_none_twice"))


def _shares(values: Sequence[Any], at: str, source: str) -> tuple[float, ...]:
    _check_none_twice(list(values), at, source)
    for number, value in enumerate(values):
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            meant = share_of_percent(value)
            allowed = message("share_from_0_to_1") if meant is None else message("number_for_percent", number=meant)
            raise wrong(source, f"{at}.{number}", value, allowed)
    return tuple(values)
