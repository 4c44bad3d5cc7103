"""Stock and releases as tables and files, beside the days."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import simsupply as ss
from simsupply.figures.stock_tables import stock_by_goods
from simsupply.report.folder import write_run
from simsupply.results.supply_table import MEASURES
from tests.plans.demand_plans import NOBODY
from tests.plans.paper_plans import channel, cycle, delay, stage, strategy, world
from tests.plans.supply_plans import stock, with_supply

DAILY = strategy(channel("daily", stage("pack", "packers", effort={"per_order_min": 1}), delay("bring", 60)))
TOWN = world([10], NOBODY, demand=cycle(need=7, days=1), horizon_days=4, run_out_days=0)


@pytest.fixture(scope="module")
def result() -> ss.Result:
    """Ten kg a day go out of 30; no market, 8 kg in a reserve."""
    plan = with_supply(
        TOWN,
        {"food": stock(3, 3)},
        reserves={"county": {"kg": {"food": 8}, "delay_hours": 6}},
        ladder={"below_days": 1.5, "above_days": 2.5, "rationing": {"to": 0.9, "below_days": 1, "above_days": 2}},
    )
    plan["shocks"] = {"closed": {"kind": "supply", "sources": ["market"], "from_day": 0}}
    return ss.simulate(ss.load_scenario(plan), ss.load_strategy(DAILY), replications=2)


def test_tables(result) -> None:
    table = result.supply
    assert len(table) == 2 * 4 * len(MEASURES)
    first = table[(table["replication"] == 0) & (table["measure"] == "on_hand_kg")]
    assert first["value"].tolist() == [20, 18, 8, 0]
    assert result.releases[["reserve", "goods", "kg"]].to_numpy().tolist() == [["county", "food", 8.0]] * 2
    # Noon of day 2 finds 8 kg, and the reserve has come; cut to 9 kg, the list of day 3 finds 8.
    cuts = result.rationing.to_numpy().tolist()
    assert cuts == [[number, "food", 2 * 1440 + 720, 2 * 1440 + 720, float("inf")] for number in range(2)]
    drawn = stock_by_goods(table, result.scenario, "en")
    assert set(drawn["panel"]) == {"Food"}
    values = {name: part["mean"].tolist() for name, part in drawn.groupby("measure")}
    assert values["depots"] == [2, 1.8, 0.8, 0]
    assert values["reserves"] == [0.8, 0, 0, 0]
    assert values["short"] == pytest.approx([0, 0, 0, 0.2])


@pytest.mark.lengthy
def test_files(result, tmp_path: Path) -> None:
    write_run(result, {}, tmp_path, "en")
    assert len(pd.read_parquet(tmp_path / "supply.parquet")) == len(result.supply)
    assert len(pd.read_parquet(tmp_path / "reserve_releases.parquet")) == 2
    assert len(pd.read_parquet(tmp_path / "rationing.parquet")) == 2
    assert (tmp_path / "figures" / "stock.png").exists()
    # A run without a section supply leaves none of them.
    bare = ss.simulate(ss.load_scenario(TOWN), ss.load_strategy(DAILY), replications=1)
    assert bare.supply is None
    (tmp_path / "bare").mkdir()
    write_run(bare, {}, tmp_path / "bare", "en")
    names = {path.name for path in (tmp_path / "bare").rglob("*")}
    assert not names & {"supply.parquet", "reserve_releases.parquet", "rationing.parquet", "stock.png", "stock.svg"}


def test_shop_visits_find_less_or_nothing() -> None:
    """Ten residents go shopping; 4.5 kg are there, for three of them in full and for one in part."""
    from tests.plans.demand_plans import SHOP_FLOOR, mix, purchases, shop, use

    plan = world([10], SHOP_FLOOR, demand=purchases(online=1e-9), horizon_days=2, run_out_days=0)
    plan["tiers"] = {"default": "precaution", "calendar": [], "settings": {}}
    plan = with_supply(plan, {"food": stock(0.45)})
    decided = mix(use(shop())) | {"allocation": [{"kind": "nearest_first"}]}
    result = ss.simulate(ss.load_scenario(plan), ss.load_strategy(decided), replications=1, detail="orders")
    # When the shop opens at 08:00, the last purchase was 32 hours ago.
    basket = 32 / 24
    assert result.households["kg"].tolist() == pytest.approx([basket] * 3 + [4.5 - 3 * basket] + [0] * 6)
    assert result.values.loc[0, "visits"] == 4
    asked = result.supply[result.supply["measure"] == "asked_kg"]["value"].tolist()
    # The day after, three want a day's food, six of 56 hours, and one what is missing of the first 32 hours too.
    assert asked == pytest.approx([10 * basket, 3 + 6 * 56 / 24 + 1 + (4 * basket - 4.5)])
