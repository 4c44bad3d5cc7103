"""A strategy of holds only: nobody works, and its results are written all the same."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import simsupply as ss
from simsupply.experiment.compare import compare
from simsupply.report.folder import write_comparison, write_run
from tests.plans.paper_plans import channel, crew, delay, ends, simulate, stage, strategy, world

WAIT = delay("wait", 30)
OTHER = {"en": "Packed", "zh": "分拣"}


def test_run_without_stage(tmp_path: Path) -> None:
    """Two households have their goods 30 min after midnight; no utilisation is drawn."""
    result = simulate(world([2], {"packers": crew()}), WAIT)
    files = write_run(result, {}, tmp_path, "en")
    assert ends(result, "wait") == [30, 30]
    assert all(path.is_file() for path in files)
    assert sorted(path.name for path in (tmp_path / "figures").iterdir()) == ["coverage.png", "coverage.svg"]
    assert (pd.read_parquet(tmp_path / "replications.parquet").query("metric == 'coverage'")["value"] == 1).all()
    assert pd.read_parquet(tmp_path / "staff.parquet").empty


@pytest.mark.lengthy
def test_comparison_without_stage(tmp_path: Path) -> None:
    """The answer shows no figure that there is not; beside a strategy with a stage that one is shown."""
    plan = ss.load_scenario(world([2], {"packers": crew()}))
    waiting = ss.load_strategy(strategy(channel("only", WAIT)))
    packing = ss.load_strategy(
        {
            **strategy(channel("other", stage("pack", "packers", effort={"per_order_min": 10}))),
            "name": "other",
            "title": OTHER,
        }
    )
    alone = compare(plan, [waiting], attendance=[1.0], replications=1)
    write_comparison(alone, {}, tmp_path, "en")
    assert "utilisation.png" not in (tmp_path / "answer.md").read_text(encoding="utf-8")
    both = compare(plan, [waiting, packing], attendance=[1.0], replications=1)
    write_comparison(both, {}, tmp_path, "en")
    assert "utilisation.png" in (tmp_path / "answer.md").read_text(encoding="utf-8")
    assert list(both.utilisation()["stage"]) == ["pack"]
