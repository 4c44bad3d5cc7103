"""Numbers that no plan has, and plans too large for any machine: one message, at once, before anything is built."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

import simsupply as ss
from simsupply.base.problems import MOST_SHOWN
from simsupply.scenario.size import BYTES_PER_DUTY, check_size, parts_of
from tests.helpers.command_line import call

GIB = 2**30


@pytest.mark.parametrize(
    ("word", "allowed"),
    [
        ("strategy.channels.standard_crates.steps.1.stage.variability.sigma=11", "less than or equal to 3"),
        ("staffing.crews.door_team.headcount=4611686018427387904", "less than or equal to 10000000"),
        ("scenario.households.pantry_days.high=1e308", "less than or equal to 3660"),
        ("staffing.crews.door_team.households_per_worker=1e-308", "greater than or equal to 0.01"),
        ("scenario.prices.worker_hour=1e308", "less than or equal to 1000000"),
        ("scenario.run_out_days=1000000", "less than or equal to 3660"),
        ("scenario.geography.depots.docks=1000000000", "less than or equal to 10000"),
        ("scenario.horizon_days='010'", "a decimal number"),
        ("scenario.horizon_days='190:20:30'", "a decimal number"),
        ("fleet.vans.speed_km_h=0.001", "greater than or equal to 0.1"),
    ],
)
def test_a_number_that_no_plan_has(word: str, allowed: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = call(capsys, "run", word, "replications=1")
    assert (found.status, len(found.messages)) == (2, 1)
    assert found.messages[0].startswith(f"command line: {word.partition('=')[0]}: got ")
    assert allowed in found.messages[0]


@pytest.mark.parametrize(
    ("words", "key"),
    [
        (["fleet.vans.count=10000000"], "fleet.vans.count"),
        (
            ["staffing.crews.door_team.headcount=3000000", "staffing.crews.door_team.households_per_worker=null"],
            "staffing.crews.door_team.headcount",
        ),
    ],
)
def test_a_plan_too_large_names_the_key_to_lower(
    words: list[str], key: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    begin = time.perf_counter()
    found = call(capsys, "run", *words, "replications=1", f"output={tmp_path / 'out'}")
    assert (found.status, len(found.messages)) == (2, 1)
    assert found.messages[0].startswith(f"command line: {key}: got 'about ")
    assert "80 % of what is free now" in found.messages[0]
    assert time.perf_counter() - begin < 10  # it took minutes, or all the memory
    assert not (tmp_path / "out").exists()


def test_memory_by_hand() -> None:
    """30,000 people at 12 drop points on 7 + 28 days, each shift broken in two or not: 155 bytes for each duty."""
    words = ["staffing.crews.door_team.headcount=30000", "staffing.crews.door_team.households_per_worker=null"]
    spec = ss.load_scenario("subdistrict", words).spec
    duties = 30_000 * 12 * 35 * sum(1 + len(shift.breaks) for shift in spec.staffing.crews["door_team"].shifts)
    (part,) = (part for part in parts_of(spec) if part.key == "staffing.crews.door_team.headcount")
    assert part.bytes == BYTES_PER_DUTY * duties
    check_size(spec, available=20 * GIB)
    with pytest.raises(ss.InputError, match=r"staffing\.crews\.door_team\.headcount"):
        check_size(spec, available=GIB)


@pytest.mark.parametrize("command", [["run", "-m"], ["sweep"]])
def test_a_hundred_million_points(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    found = call(capsys, *command, "seed=range(0,100000000)", "replications=1")
    assert found.status == 2
    assert found.messages == [
        "command line: seed: got 'range(0,100000000)'; allowed: at most 1,000,000 points (these are 100,000,000)"
    ]


def test_an_hour_is_the_longest(capsys: pytest.CaptureFixture[str]) -> None:
    """15,329 households that try 0.1 x 1000 times a day for 1,000 days: 1,533 million attempts, at 4 us 1.7 hours."""
    words = ["demand=surge_25x", "demand.normal_orders_per_household_day=0.1", "demand.multiplier=1000"]
    found = call(capsys, "run", *words, "scenario.horizon_days=1000", "strategy=individual_orders", "replications=1")
    assert (found.status, len(found.messages)) == (2, 1)
    assert "about 1.7 hours for one replication" in found.messages[0]


def test_a_file_of_something_else(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Of 20,000 unknown keys the first are named, in a second or two."""
    path = tmp_path / "list.yaml"
    path.write_text("".join(f"k{number}: 1\n" for number in range(20_000)), encoding="utf-8")
    begin = time.perf_counter()
    found = call(capsys, "run", f"scenario={path}")
    assert found.status == 2
    assert len(found.messages) == MOST_SHOWN + 1
    assert found.messages[0].startswith(f"{path}, line 1: k0: got 1; allowed: valid: demand, ")
    assert found.messages[-1] == "and other problems"
    assert time.perf_counter() - begin < 10


def test_a_backend_for_windows_is_not_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MPLBACKEND", "nonsense")
    assert call(capsys, "list", "scenarios").status == 0
    assert os.environ["MPLBACKEND"] == "Agg"


@pytest.mark.parametrize("words", [["scenario={}"], ["strategy={}"], ["scenario={}.yaml"], ["--config-dir", "{}"]])
@pytest.mark.parametrize("sign", ["x", "中"])
def test_a_name_too_long_for_a_file(words: list[str], sign: str, capsys: pytest.CaptureFixture[str]) -> None:
    """No file can have 300 signs: it is told like any other name that is not there."""
    done = call(capsys, "run", *(word.format(sign * 300) for word in words))
    assert (done.status, done.out) == (2, "")
    assert "cannot write" not in done.err
    assert sign * 20 in done.err
