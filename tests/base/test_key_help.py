"""Help of keys stands beside the fields, complete and true; specs not yet converted have none at all."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic import TypeAdapter

from simsupply.base.spec import Spec
from simsupply.scenario.world_spec import WorldSpec
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.steps.gate import Gate, Slots

UNITS = {"", "min", "h", "days", "share", "km", "km/h", "kg", "m", "m/min", "m3"}
assert WorldSpec.__subclasses__() == StrategySpec.__subclasses__() == []  # imported so that every spec is known


def specs(base: type[Spec] = Spec) -> list[type[Spec]]:
    return [found for spec in base.__subclasses__() for found in (spec, *specs(spec))]


TOLD = [(spec, name) for spec in specs() for name, field in spec.model_fields.items() if field.description]


def test_gates_are_told_of_whole() -> None:
    assert {name for spec, name in TOLD if spec is Gate} == set(Gate.model_fields)
    assert {name for spec, name in TOLD if spec is Slots} == set(Slots.model_fields)


@pytest.mark.parametrize(("spec", "name"), TOLD)
def test_help_is_complete(spec: type[Spec], name: str) -> None:
    field = spec.model_fields[name]
    extra: Any = field.json_schema_extra
    assert re.fullmatch(r"[A-Z].*\.", field.description or "")
    assert re.fullmatch(r".*[\u4e00-\u9fff].*。", extra["zh"])
    assert extra["unit"] in UNITS
    assert len(field.examples or []) == 1


@pytest.mark.parametrize(("spec", "name"), TOLD)
def test_an_example_is_a_value_that_may_be_given(spec: type[Spec], name: str) -> None:
    field = spec.model_fields[name]
    (example,) = field.examples or []
    TypeAdapter(field.rebuild_annotation()).validate_python(as_read(example))


def as_read(example: Any) -> Any:
    """Lists as those of a file are read; the base of all specs is strict."""
    if isinstance(example, dict):
        return {key: as_read(value) for key, value in example.items()}
    return tuple(map(as_read, example)) if isinstance(example, list) else example


def test_range_and_default_are_read_from_the_field() -> None:
    share = Slots.model_fields["no_show_share"]
    schema = Slots.model_json_schema()["properties"]["no_show_share"]
    assert share.default == 0
    assert (schema["minimum"], schema["exclusiveMaximum"]) == (0, 1)
    assert (schema["description"], schema["unit"]) == (
        "Share of households that do not come to their slot on a day.",
        "share",
    )
