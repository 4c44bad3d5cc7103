"""Designs: which points, how they are spread, and what is wrong with those that cannot be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simsupply.base.problems import InputError
from simsupply.config.changes import varied
from simsupply.config.compose import compose_config
from simsupply.config.overrides import word_of
from simsupply.config.variations import is_plain_change
from simsupply.sweeps.designs import design_points
from simsupply.sweeps.parameters import Choices, Interval, parameter


def test_a_grid_crosses_lists_the_last_one_fastest() -> None:
    found = design_points("grid", [Choices("a", ("x", "y")), Choices("b", (1, 2, 3))])
    assert [(point["a"], point["b"]) for point in found] == [(a, b) for a in "xy" for b in (1, 2, 3)]


def test_a_file_of_points(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("\ufeffstaffing.attendance, strategy\n0.1,standard_crates\n\n1,'a b'\n", encoding="utf-8")
    found = design_points("csv", [Choices("seed", (1, 2))], file=path)
    assert found[0] == {"seed": 1, "staffing.attendance": 0.1, "strategy": "standard_crates"}
    assert found[1] == {"seed": 1, "staffing.attendance": 1, "strategy": "a b"}
    assert [point["seed"] for point in found] == [1, 1, 2, 2]


@pytest.mark.parametrize("design", ["lhs", "sobol"])
def test_a_spread_sample_has_one_point_in_each_stratum(design: str) -> None:
    """Of n points each of n equal parts of each interval holds exactly one."""
    found = design_points(design, [Interval("a", 0.1, 0.9), Interval("b", -5, 5)], points=64, seed=4)
    for key, low, high in (("a", 0.1, 0.9), ("b", -5, 5)):
        values = np.array([point[key] for point in found])
        assert sorted(np.floor((values - low) / (high - low) * 64)) == list(range(64))
    assert found == design_points(design, [Interval("a", 0.1, 0.9), Interval("b", -5, 5)], points=64, seed=4)
    assert found != design_points(design, [Interval("a", 0.1, 0.9), Interval("b", -5, 5)], points=64, seed=5)


def test_strategies_meet_the_same_drawn_values() -> None:
    found = design_points("lhs", [Choices("strategy", ("x", "y")), Interval("a", 0, 1)], points=10)
    assert [point["a"] for point in found[:10]] == [point["a"] for point in found[10:]]


def test_morris_moves_one_input_at_a_time() -> None:
    """r trajectories of k + 1 points; from one to the next one input moves by 2/3 (four levels)."""
    intervals = [Interval("a", 0, 1), Interval("b", 0, 1), Interval("c", 0, 1)]
    found = np.array([list(point.values()) for point in design_points("morris", intervals, points=5, seed=2)])
    steps = np.abs(np.diff(found.reshape(5, 4, 3), axis=1))
    assert found.shape == (20, 3)
    assert np.allclose(np.sort(steps, axis=2)[..., :2], 0)
    assert np.allclose(steps.max(axis=2), 2 / 3)
    assert np.allclose(np.sort(steps.argmax(axis=2), axis=1), [0, 1, 2])


def test_saltelli_has_blocks_that_differ_in_one_input() -> None:
    """A, each A with one column of B, each B with one column of A, B: N (2 k + 2) points."""
    intervals = [Interval("a", 0, 1), Interval("b", 0, 1)]
    found = np.array([list(point.values()) for point in design_points("saltelli", intervals, points=8)]).reshape(
        8, 6, 2
    )
    first, second = found[:, 0], found[:, 5]
    assert np.array_equal(found[:, 1], np.column_stack([second[:, 0], first[:, 1]]))
    assert np.array_equal(found[:, 2], np.column_stack([first[:, 0], second[:, 1]]))
    assert np.array_equal(found[:, 3], np.column_stack([first[:, 0], second[:, 1]]))
    assert np.array_equal(found[:, 4], np.column_stack([second[:, 0], first[:, 1]]))


def test_whole_numbers_are_equally_likely() -> None:
    whole = Interval("a", 2, 5, is_whole=True)
    assert [whole.at(share) for share in (0.0, 0.249, 0.25, 0.5, 0.75, 1.0)] == [2, 2, 3, 4, 5, 5]
    found = [point["a"] for point in design_points("lhs", [whole], points=400)]
    assert all(isinstance(value, int) for value in found)
    assert [found.count(value) for value in (2, 3, 4, 5)] == [100] * 4


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("0.1,0.2", Choices("k.a", (0.1, 0.2))),
        ("range(0.1,0.5,0.1)", Choices("k.a", (0.1, 0.2, 0.3, 0.4))),
        ("range(1,4)", Choices("k.a", (1, 2, 3))),
        ("choice(a,'b c')", Choices("k.a", ("a", "b c"))),
        ("a", Choices("k.a", ("a",))),
        ("null,true", Choices("k.a", (None, True))),
        ([1, 2.5], Choices("k.a", (1, 2.5))),
        (np.array([1, 2]), Choices("k.a", (1, 2))),
        (range(3), Choices("k.a", (0, 1, 2))),
        (0.5, Choices("k.a", (0.5,))),
        ("interval(0,1)", Interval("k.a", 0, 1)),
        ("int(interval(2,9))", Interval("k.a", 2, 9, is_whole=True)),
        ([[1, 2], [3]], Choices("k.a", ([1, 2], [3]))),
    ],
)
def test_parameters_as_users_write_them(given: object, expected: object) -> None:
    assert parameter("k.a", given, "here") == expected


@pytest.mark.parametrize(
    ("design", "parameters", "more", "said"),
    [
        ("grid", [], {}, "got 'nothing that varies'; allowed: at least one key with several values"),
        ("gird", [Choices("a", (1,))], {}, "design: got 'gird'; allowed: did you mean 'grid'?"),
        ("grid", [Interval("a", 0, 1)], {}, "one that samples, because of a=interval(0,1): lhs"),
        ("grid", [Choices("a", (1,))], {"points": 3}, "points: got 3; allowed: none with design=grid"),
        ("lhs", [Choices("a", (1,))], {"points": 3}, "an interval to sample"),
        ("lhs", [Interval("a", 0, 1)], {}, "points: got None; allowed: a whole number from 1"),
        ("sobol", [Interval("a", 0, 1)], {"points": 100}, "a power of two with design=sobol, such as 64 or 128"),
        ("grid", [Choices("a", (1,)), Choices("a", (2,))], {}, "a: got 'given twice'; allowed: once"),
        ("grid", [Choices("a.b", (1,)), Choices("a.b.c", (2,))], {}, "a.b: got 'given beside a.b.c'"),
        ("csv", [], {}, "file: got None; allowed: the name of a CSV file"),
        ("grid", [Choices("a", (1,))], {"file": Path("x.csv")}, "file: got 'x.csv'; allowed: no file with design=grid"),
        ("csv", [], {"file": Path("nowhere.csv")}, "nowhere.csv'; allowed: a CSV file that can be read (No such file"),
        ("grid", [Choices(key, tuple(range(1000))) for key in "abc"], {}, "got '1,000,000,000 points'"),
    ],
)
def test_designs_that_cannot_be(design: str, parameters: list, more: dict, said: str) -> None:
    with pytest.raises(InputError) as refused:
        design_points(design, parameters, **more)
    assert said in str(refused.value)
    assert len(refused.value.problems) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n", "got '1 rows'"),
        ("", "got '0 rows'"),
        ("a,b\n1\n", "row 2: got '1 values'; allowed: 2, one for each key"),
        ("a,b\n1,\n", "row 2, b: got ''"),
        ("a,\n1,2\n", "row 2, a column without a key"),
        ("a,a\n1,2\n", "a: got 'given twice'"),
        ("a\n1\n\n[1\n", "row 4: a"),
        ('a\n"1,2"\n', "row 2, a: got '1,2'; allowed: one value"),
    ],
)
def test_files_of_points_that_cannot_be_read(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text(text)
    with pytest.raises(InputError) as refused:
        design_points("csv", [], file=path)
    assert str(path) in str(refused.value)
    assert said in str(refused.value)


@pytest.mark.parametrize("given", ["", "1,,2]", "interval(2,1)", "interval(1,1)", "range(3,1)", "glob(*)", []])
def test_values_that_cannot_be(given: object) -> None:
    with pytest.raises(InputError) as refused:
        parameter("k", given, "here") if given != "" else parameter("k", [], "here")
    assert "here: k" in str(refused.value)


@pytest.mark.lengthy
def test_a_plain_change_is_what_hydra_makes_of_it() -> None:
    """Composing anew for each point and changing the composed configuration are the same."""
    base = compose_config("run", ["scenario=demo_whole", "strategy=whole_mechanism"])
    crew = next(iter(base["staffing"]["crews"]))
    changes = {
        "staffing.attendance": 0.35,
        f"staffing.crews.{crew}.headcount": 3,
        f"staffing.crews.{crew}.shifts.0.start": "06:30",
        "scenario.households.lift_share": 1,
        "scenario.title.en": "a: b's, {c}",
        "strategy.calendar.0.from_day": 2,
        "staffing.crews.helpers.headcount": 5,
        "shocks": None,
    }
    inside = {key: value for key, value in changes.items() if is_plain_change(key, value)}
    assert len(inside) == len(changes) - 1
    words = [word_of(key, value) for key, value in inside.items()]
    expected = compose_config("run", ["scenario=demo_whole", "strategy=whole_mechanism", *words])
    before = repr(base)
    assert varied(base, inside) == expected
    assert repr(base) == before


@pytest.mark.parametrize("key", ["staffing.attendance.deep", "scenario.title.en.x", "strategy.calendar.9.from_day"])
def test_a_change_where_there_is_no_key(key: str) -> None:
    base = compose_config("run", [])
    with pytest.raises(InputError, match=key):
        varied(base, {key: 1})
