"""What a command is told besides scenario and strategy: replications, seed, output, language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from simsupply.base.language import Language
from simsupply.base.quantities import Replications, Seed, Share
from simsupply.base.spec import Spec, parse
from simsupply.config.yaml_files import WORLD_SECTIONS
from simsupply.experiment.alternatives import METRICS_COMPARED
from simsupply.experiment.precision import PrecisionSettings
from simsupply.experiment.selection_settings import SelectionSettings
from simsupply.records.detail import DetailWord, detail_words
from simsupply.records.replication import Engine


def as_text(value: object) -> object:
    """A whole number as text, for a file whose name reads as a number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def one_is_a_list_too(value: object) -> object:
    """A single value as a list of one."""
    if isinstance(value, str | int | float):
        return (value,)
    # Once a validator has had it in hand, pydantic's strict mode wants the tuple itself.
    return tuple(value) if isinstance(value, list) else value


_Strategies = Annotated[tuple[str, ...], Field(min_length=1)]
_Levels = Annotated[tuple[Share, ...], Field(min_length=1)]


class RunSettings(Spec):
    """Settings of ``run`` and, with `strategies`, `attendance` and `levels`, of ``compare``."""

    replications: Replications
    seed: Seed
    # output=2024 is a folder too, although it reads as a number.
    output: Annotated[str, Field(min_length=1), BeforeValidator(as_text)]
    language: Language
    detail: Annotated[tuple[DetailWord, ...], BeforeValidator(detail_words)] = ()
    engine: Engine = "auto"
    precision: PrecisionSettings = PrecisionSettings()
    select: SelectionSettings = SelectionSettings()
    bottleneck: str | None = None
    strategies: Annotated[_Strategies | None, BeforeValidator(one_is_a_list_too)] = None
    scenarios: Annotated[_Strategies | None, BeforeValidator(one_is_a_list_too)] = None
    metrics: Annotated[_Strategies, BeforeValidator(one_is_a_list_too)] = METRICS_COMPARED
    levels: dict[str, Any] | None = None
    attendance: Annotated[_Levels | None, BeforeValidator(one_is_a_list_too)] = None


def settings_from(config: Mapping[str, Any], source: str) -> RunSettings:
    """Check the settings of a composed configuration.

    Raises
    ------
    InputError
        With every problem found.
    """
    sections = {*WORLD_SECTIONS, "strategy"}
    return parse(RunSettings, {key: config[key] for key in config if key not in sections}, source=source)
