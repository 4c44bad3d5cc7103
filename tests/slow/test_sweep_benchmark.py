"""The measurement of sweeps itself, with processes of its own."""

from __future__ import annotations

from benchmarks import sweeps


def test_a_sweep_in_processes_of_its_own() -> None:
    found = sweeps.measure_sweep(20)
    assert found.runs == 20
    assert set(found.wall_s) == {1, 2}
    assert found.cpu_s > 20 * found.plain_s * 0.5 > 0
    assert found.late_bytes > 100e6
