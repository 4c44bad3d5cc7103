"""Cases: one mechanism each, switched off and on by a single key of a plan; read from YAML files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, JsonValue, model_validator

from simsupply.base.problems import InputError, Problem
from simsupply.base.spec import Name, Spec, parse
from simsupply.config.yaml_files import read_yaml

HERE = Path(__file__).parent
CASES, WORLDS = HERE / "cases", HERE / "worlds"


class CaseSpec(Spec):
    """One mechanism, as it stands in a file.

    Attributes
    ----------
    says
        What the mechanism is.
    scenario
        A built-in scenario, or a file of ``mechanisms/worlds`` without its ending.
    settings
        Changes to the plan that hold on both sides: dotted keys as on the command line; a step of a
        channel by its name (``strategy.channels.individual_orders.steps.door.stage.rounds``). A key
        without a dot names a built-in option of a section (``tiers``).
    strategy
        A built-in strategy; or else `channels`, with a `mix` and `triggers` (without `mix`, each
        channel is open to everybody all the time).
    key
        What is switched, as in `settings`; all else is the same on both sides.
    without, with_
        Its value where the mechanism is off, and on.
    metric
        A metric, or ``split/group/metric``.
    moves
        Whether the mechanism must raise or lower the metric.
    why
        In words, why it must.
    times
        So many times the replications of other cases, where chance is large.
    """

    says: str
    scenario: str = "quarter"
    settings: dict[str, JsonValue] = Field(default_factory=dict, alias="set")
    strategy: Name | None = None
    channels: tuple[Name, ...] = ()
    mix: tuple[dict[str, JsonValue], ...] = ()
    triggers: dict[Name, JsonValue] = Field(default_factory=dict)
    key: str
    without: JsonValue
    with_: JsonValue = Field(alias="with")
    metric: Annotated[str, Field(pattern=r"^[^/]+(/[^/]+/[^/]+)?$")]
    moves: Literal["up", "down"]
    why: str
    times: Annotated[int, Field(ge=1)] = 1

    @model_validator(mode="after")
    def _one_strategy(self) -> Self:
        if (self.strategy is None) == (not self.channels):
            raise ValueError("either a strategy, or channels")
        if not self.channels and (self.mix or self.triggers):
            raise ValueError("mix and triggers together with channels only")
        if self.without == self.with_:
            raise ValueError("two values that differ in without and with")
        return self


class FamilySpec(Spec):
    """A file of cases; `note` stands above their table."""

    title: str
    note: str = ""
    cases: Annotated[dict[Name, CaseSpec], Field(min_length=1)]


@dataclass(frozen=True)
class Case:
    """A case with its name and its family."""

    name: str
    family: FamilySpec
    spec: CaseSpec


def read_cases(folder: Path = CASES) -> list[Case]:
    """All cases, file by file in the order of their names.

    Raises
    ------
    InputError
        If a file is wrong, or a name is there twice.
    """
    cases: dict[str, Case] = {}
    for path in sorted(folder.glob("*.yaml")):
        family = parse(FamilySpec, read_yaml(path), source=path.name)
        for name, spec in family.cases.items():
            if name in cases:
                raise InputError([Problem(f"cases.{name}", name, "a name that no other case has", path.name)])
            cases[name] = Case(name, family, spec)
    return list(cases.values())
