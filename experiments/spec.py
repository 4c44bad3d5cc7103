"""What an experiment is: its question, the plans that are compared and the measures, as they stand in its file."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, JsonValue, model_validator

from simsupply.base.problems import COMMAND_LINE, InputError, nearest, wrong
from simsupply.base.quantities import Count, CountOrZero, NonNegative
from simsupply.base.spec import Misfits, Name, Spec, Title, parse
from simsupply.config.yaml_files import read_yaml

HERE = Path(__file__).parent
FILE = "experiment.yaml"
Settings = dict[str, JsonValue]
Levels = tuple[float, ...]


class Option(Spec):
    """One of the ways that are compared.

    Attributes
    ----------
    strategy
        A built-in strategy, or a file beside the experiment's; without it, the experiment's.
    settings
        Further changes to the plan; dotted keys as on the command line, a step of a channel by its name
        (``strategy.channels.individual_orders.steps.door.stage.rounds``).
    """

    title: Title
    strategy: str | None = None
    settings: Settings = Field(default_factory=dict, alias="set")


class Factor(Spec):
    """What is varied.

    Attributes
    ----------
    unit
        ``share``: shown as a percentage; ``times``: as 20x; anything else is written behind the number.
    levels
        Ascending.
    keys
        Keys that are set to the level times the number; 1 leaves the level as it is.
    settings
        Or else, for each level, what is set.
    scale
        Of the axis in a figure.
    """

    title: Title
    unit: str = ""
    unit_zh: str = ""
    levels: Annotated[tuple[int | float, ...], Field(min_length=2)]
    keys: dict[str, float] = Field(default_factory=dict)
    settings: tuple[Settings, ...] = Field(default=(), alias="sets")
    scale: Literal["linear", "log"] = "linear"

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if list(self.levels) != sorted(set(self.levels)):
            raise Misfits(("levels", list(self.levels), "ascending, none of them twice"))
        if bool(self.keys) == bool(self.settings):
            raise ValueError("either keys, or sets")
        if self.settings and len(self.settings) != len(self.levels):
            raise Misfits(("sets", f"{len(self.settings)} of them", f"one for each of the {len(self.levels)} levels"))
        if self.scale == "log" and self.levels[0] <= 0:
            raise Misfits(("scale", "log", "linear, where a level is 0"))
        return self

    def settings_at(self, level: float) -> Settings:
        """What is set at a level."""
        if self.settings:
            return self.settings[self.levels.index(level)]
        return {key: level if times == 1 else level * times for key, times in self.keys.items()}


class Target(Spec):
    """What a measure is to reach, with 95 % confidence."""

    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("either at_least, or at_most")
        return self

    @property
    def value(self) -> float:
        """The number itself."""
        return self.at_most if self.at_least is None else self.at_least


class Measure(Spec):
    """What is looked at.

    Attributes
    ----------
    metric
        A metric, or ``split/group/metric``.
    better
        Which way is better; ``neither``: it is shown, and nothing is compared.
    smallest
        A difference that is surely smaller does not matter: its alternatives are called as good as each other.
    """

    title: Title
    metric: Annotated[str, Field(pattern=r"^[^/]+(/[^/]+/[^/]+)?$")]
    better: Literal["more", "less", "neither"]
    smallest: NonNegative = 0.0
    target: Target | None = None


class ExperimentSpec(Spec):
    """An experiment, as it stands in its file.

    Attributes
    ----------
    kind
        ``map``: options over two factors; ``line``: over one; ``choice``: side by side, perhaps under
        conditions (one factor).
    compare
        ``line`` only: ``options`` with each other at each level, ``levels`` of each option, or ``both``.
    base
        The option with which the others are compared; without it, each with each.
    wanted
        ``line`` with a target: which of the levels that meet it is asked for.
    minutes
        How long it takes with two processes, about; said until it has been measured.
    limits
        What the answer hangs on.
    """

    kind: Literal["map", "line", "choice"]
    title: Title
    question: Title
    why: str
    method: str
    limits: str
    scenario: str
    strategy: str | None = None
    settings: Settings = Field(default_factory=dict, alias="set")
    options: Annotated[dict[Name, Option], Field(min_length=1)]
    factors: dict[Name, Factor] = Field(default_factory=dict)
    compare: Literal["options", "levels", "both"] = "options"
    base: Name | None = None
    wanted: Literal["least", "greatest"] = "least"
    measures: Annotated[dict[Name, Measure], Field(min_length=1)]
    replications: Annotated[int, Field(ge=2, le=10_000)]
    seed: CountOrZero = 1
    minutes: Count = 2

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        allowed = {"map": (2, 2), "line": (1, 1), "choice": (0, 1)}[self.kind]
        if not allowed[0] <= len(self.factors) <= allowed[1]:
            number = " or ".join(map(str, sorted(set(allowed))))
            raise Misfits(("factors", list(self.factors), f"{number} of them in an experiment of kind {self.kind}"))
        if self.kind != "line" and self.compare != "options":
            raise Misfits(("compare", self.compare, "options, but for experiments of kind line"))
        if len(self.options) < 2 and self.kind != "line":
            raise Misfits(("options", list(self.options), f"two or more in an experiment of kind {self.kind}"))
        if self.base is not None and self.base not in self.options:
            raise Misfits(("base", self.base, nearest(self.base, self.options)))
        if self.base is not None and (self.kind == "map" or self.compare == "levels"):
            raise Misfits(("base", self.base, "no base in a map, and none where only levels are compared"))
        without = [name for name, option in self.options.items() if option.strategy is None]
        if self.strategy is None and without:
            raise Misfits((f"options.{without[0]}.strategy", None, "a strategy, of the option or of the experiment"))
        reserved = {"statistic", "measure", "option", "mean", "ci_low", "ci_high", "p_value", "n", "unit"}
        if taken := sorted(reserved & set(self.factors)):
            raise Misfits(
                ("factors", taken[0], f"a name that is no column of results.csv ({', '.join(sorted(reserved))})")
            )
        return self

    @cached_property
    def points(self) -> tuple[Levels, ...]:
        """All combinations of levels; without factors, the empty one."""
        return tuple(product(*(factor.levels for factor in self.factors.values())))


@dataclass(frozen=True)
class Cell:
    """One option at one level of each factor: one plan."""

    option: str
    levels: Levels


@dataclass(frozen=True)
class Experiment:
    """An experiment with its folder, whose name is its own."""

    folder: Path
    spec: ExperimentSpec

    @property
    def name(self) -> str:
        """Name of the folder."""
        return self.folder.name

    @property
    def source(self) -> str:
        """The file, as messages name it."""
        return f"experiments/{self.name}/{FILE}"

    def cells(self) -> Iterator[Cell]:
        """All plans, point by point."""
        return (Cell(option, levels) for levels in self.spec.points for option in self.spec.options)


def names_of_experiments(root: Path = HERE) -> list[str]:
    """Folders that hold an experiment, in the order of their names."""
    return sorted(path.parent.name for path in root.glob(f"*/{FILE}"))


def read_experiment(name: str, root: Path = HERE) -> Experiment:
    """Read one experiment.

    Raises
    ------
    InputError
        If there is none of this name, or its file is wrong.
    """
    names = names_of_experiments(root)
    if name not in names:
        raise wrong(COMMAND_LINE, "NAME", name, nearest(name, names))
    folder = root / name
    return Experiment(folder, parse(ExperimentSpec, _read(folder), source=f"experiments/{name}/{FILE}"))


def _read(folder: Path) -> dict[str, object]:
    try:
        return read_yaml(folder / FILE)
    except InputError as error:
        named = [replace(problem, source=f"experiments/{folder.name}/{FILE}") for problem in error.problems]
        raise InputError(named) from None


def whole(value: float) -> int | float:
    """A number without a fraction as a whole one.

    >>> whole(2.0), whole(0.5)
    (2, 0.5)
    """
    return int(value) if math.isfinite(value) and value == int(value) else value
