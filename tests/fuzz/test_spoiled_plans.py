"""A few hundred spoiled plans, as files and as words; ten thousand in `tests/slow/test_spoiled_plans_many.py`."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import simsupply as ss
from simsupply.config.overrides import word_of
from simsupply.sweeps.designs import design_points
from tests.fuzz.fuzzing import check, check_messages, data_of, texts, watched
from tests.fuzz.mutations import NASTY, PLANS, above, is_number, places, scaled, spoiled_data, spoiled_text

FEW = settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck], database=None)


@st.composite
def spoiled_values(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """Both files of a plan, one of them with other data."""
    scenario, strategy = data_of(*draw(st.sampled_from(PLANS)))
    if draw(st.integers(0, 2)):
        scenario = draw(spoiled_data(scenario))
    else:
        strategy = draw(spoiled_data(strategy))
    first, second = (yaml.safe_dump(data, allow_unicode=True, sort_keys=False) for data in (scenario, strategy))
    return first.encode("utf-8", "surrogatepass"), second.encode("utf-8", "surrogatepass")


@st.composite
def spoiled_files(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """Both files of a plan, the text of one of them changed."""
    scenario, strategy = texts(*draw(st.sampled_from(PLANS)))
    if draw(st.integers(0, 2)):
        return draw(spoiled_text(scenario)), strategy.encode()
    return scenario.encode(), draw(spoiled_text(strategy))


@st.composite
def spoiled_words(draw: st.DrawFn) -> tuple[str, str, list[str]]:
    """A built-in plan and one to three words that set something of its scenario."""
    scenario, strategy = draw(st.sampled_from(PLANS))
    data = data_of(scenario, strategy)[0]
    every = places(data)
    words = []
    for _ in range(draw(st.sampled_from([1, 1, 1, 2, 3]))):
        path = draw(st.sampled_from(every))
        old, key = above(data, path)[path[-1]], ".".join(map(str, path))
        if draw(st.booleans()) and is_number(old):
            words.append(f"{key}={draw(scaled(old))}")
            continue
        value = draw(st.sampled_from([repr(value) for value in NASTY] + [str(value) for value in NASTY]))
        form = draw(st.sampled_from(["{key}={value}", "{key}={value}", "+{key}={value}", "~{key}", "{key}x={value}"]))
        words.append(form.format(key=key, value=value))
    return scenario, strategy, words


def test_plans_that_are_not_spoiled_run() -> None:
    assert [check(*plan) for plan in PLANS[:1]] == ["ran"]


def check_files(files: tuple[bytes, bytes], folder: Path) -> str:
    scenario, strategy = folder / "city.yaml", folder / "way.yaml"
    scenario.write_bytes(files[0])
    strategy.write_bytes(files[1])
    return check(scenario, strategy)


@pytest.mark.lengthy
@FEW
@given(spoiled_values())
def test_other_values(tmp_path: Path, files: tuple[bytes, bytes]) -> None:
    check_files(files, tmp_path)


@pytest.mark.lengthy
@FEW
@given(spoiled_files())
def test_other_texts(tmp_path: Path, files: tuple[bytes, bytes]) -> None:
    check_files(files, tmp_path)


@pytest.mark.lengthy
@FEW
@given(spoiled_words())
def test_other_words(plan: tuple[str, str, list[str]]) -> None:
    check(*plan)


POINTS = """staffing.attendance,scenario.horizon_days,demand.cycle_days,scenario.title.zh,seed
0.5,5,7,甲,1
0.25,7,3,"a, b",2
"""


@pytest.mark.lengthy
@FEW
@given(spoiled_text(POINTS))
def test_other_points(tmp_path: Path, content: bytes) -> None:
    check_points(content, tmp_path)


def check_points(content: bytes, folder: Path) -> None:
    """A file of points is read or refused; so is the plan at its first one."""
    file = folder / "points.csv"
    file.write_bytes(content)
    try:
        with watched():
            first = design_points("csv", [], file=file)[0]
    except ss.InputError as error:
        check_messages(error)
        return
    words = [word_of(key, value) for key, value in first.items() if key != "seed"]
    check("calendar_town", "buying_days", words)
