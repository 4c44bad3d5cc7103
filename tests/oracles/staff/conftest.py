"""Plans of crews that do several things run by events, and in the reference: the same minutes by hand in both."""

from __future__ import annotations

from typing import Any

import pytest

from simsupply.model import run_loop
from simsupply.records.replication import Replication


@pytest.fixture(params=["auto", "reference"])
def both_engines(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Have whatever a test runs simulated by one of them; without a word for one, never by the reference."""
    run, engine = run_loop.run_replication, str(request.param)

    def run_otherwise(*plan: Any, **how: Any) -> Replication:
        found = run(*plan, **{**how, "engine": engine})
        assert found.notes[0].startswith("engine: reference") == (engine == "reference"), found.notes[0]
        return found

    monkeypatch.setattr(run_loop, "run_replication", run_otherwise)
    return engine
