"""Measures of groups: worked out by hand, and in agreement with those of the whole."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest

import simsupply as ss
from simsupply.figures.group_tables import titled_splits, who_goes_without
from simsupply.measures.household_metrics import HOUSEHOLD_METRICS
from simsupply.measures.measure import measure, measure_households
from simsupply.measures.outcomes import outcomes_of
from simsupply.measures.splits import by_number, split_table, split_values
from simsupply.results.household_table import household_table
from simsupply.scenario.tiers import TIERS
from tests.plans.paper_plans import channel, crew, cycle, simulate_strategy, stage, strategy, world
from tests.plans.records_by_hand import replication, scenario

NORTH = {
    "households": 3,
    # 600 and 1200 before 1440.
    "coverage": 2 / 3,
    # Needed in two days 2 kg; 4 kg and 2 kg of milk; 2 kg. Received and needed: 2, 2 + 1, 0.
    "fill_rate": 5 / 10,
    "time_to_first_delivery_h": 20,
    "time_to_first_delivery_h_p95": math.nan,
    "time_to_first_delivery_h_worst_decile": math.nan,
    "last_household_served_h": math.nan,
    # Of 600, 1200, 2880 the ceil(.95 * 3) = third.
    "gap_h_p95": (1200 + 1680) / 60,
    "deprived_household_days": 1.5,
    "empty_pantry_h": 12,
    "empty_pantry_h_worst_decile": 24,
    # Of 0, 600, 1440 minutes.
    "gap_h_longest": 24,
    "gap_h_longest_worst_decile": 24,
    "priority_on_time_share": math.nan,
    # 2, 3 / 2, 0 kg.
    "kg_per_person": 3.5 / 3,
    "kg_per_person_worst_decile": 0,
    # Differences 0.5, 2, 1.5, both ways, by 2 * 3 * 3.5.
    "gini_kg_per_person": 8 / 21,
}
SOUTH = {
    "households": 2,
    "coverage": 1 / 2,
    # 1 of 2 kg, 4 of 8 kg.
    "fill_rate": 5 / 10,
    # The first of two is served at 300; the second at 3000, after the horizon, within the run-out.
    "time_to_first_delivery_h": 5,
    "time_to_first_delivery_h_p95": math.nan,
    "time_to_first_delivery_h_worst_decile": math.nan,
    "last_household_served_h": 50,
    "gap_h_p95": (300 + 2580) / 60,
    "deprived_household_days": 2,
    "empty_pantry_h": 24,
    "empty_pantry_h_worst_decile": 48,
    "gap_h_longest": 48,
    "gap_h_longest_worst_decile": 48,
    # 3000 is within 72 h.
    "priority_on_time_share": 1,
    "kg_per_person": 1,
    "kg_per_person_worst_decile": 1,
    "gini_kg_per_person": 0,
}


def by_group(split: str, **how) -> dict[str, dict[str, float]]:
    """Values of one split of the replication written by hand, by group and metric."""
    found: dict[str, dict[str, float]] = {}
    for (name, group, metric), value in split_values(replication(**how), scenario()).items():
        if name == split:
            found.setdefault(group, {})[metric] = value
    return found


def test_districts() -> None:
    found = by_group("district")
    assert list(found) == ["North", "South"]
    assert found["North"] == pytest.approx(NORTH, nan_ok=True)
    assert found["South"] == pytest.approx(SOUTH, nan_ok=True)


def test_tiers_that_do_not_occur_are_left_out() -> None:
    """Precaution: households 0 and 1, both served; sealed: 2, 3, 4."""
    found = by_group("tier")
    assert {name: group["households"] for name, group in found.items()} == {"precaution": 2, "sealed": 3}
    assert found["precaution"]["coverage"] == 1
    assert found["precaution"]["time_to_first_delivery_h_worst_decile"] == 20
    assert found["sealed"]["coverage"] == 1 / 3
    assert found["sealed"]["empty_pantry_h"] == (1440 + 2880) / 3 / 60


def test_groups_need_not_stand_together() -> None:
    """Tiers mixed up: sealed 0, 2, 4 (2, 0, 1 kg a head), precaution 1 and 3 (1.5, 1)."""
    found = by_group("tier", tier=(2, 0, 2, 0, 2))
    assert list(found) == ["precaution", "sealed"]
    assert found["precaution"]["kg_per_person"] == 1.25
    assert found["precaution"]["time_to_first_delivery_h_p95"] == 20
    assert found["sealed"]["kg_per_person"] == 1
    assert found["sealed"]["empty_pantry_h"] == 24


def test_kinds() -> None:
    """Priority 4, infant 1, other 0, 2, 3."""
    found = by_group("kind")
    assert {name: group["households"] for name, group in found.items()} == {"priority": 1, "infant": 1, "other": 3}
    assert found["priority"]["empty_pantry_h"] == 48
    assert found["infant"]["fill_rate"] == 3 / 6
    assert found["infant"]["kg_per_person"] == 1.5
    assert found["other"]["empty_pantry_h"] == 1440 / 3 / 60


def test_goods_count_for_households_that_need_them() -> None:
    found = by_group("goods")
    assert found["food"] == pytest.approx(
        {
            "households": 5,
            # 2 + 2 + 0 + 1 + 4 of 2 * 9 kg.
            "fill_rate": 9 / 18,
            "deprived_household_days": (360 + 1440 + 2880) / 1440,
            "empty_pantry_h": (360 + 1440 + 2880) / 5 / 60,
            "empty_pantry_h_worst_decile": 48,
        }
    )
    assert found["milk"] == pytest.approx(
        {
            "households": 1,
            "fill_rate": 1 / 2,
            "deprived_household_days": 0.5,
            "empty_pantry_h": 12,
            "empty_pantry_h_worst_decile": 12,
        }
    )


def test_channels() -> None:
    found = by_group("channel")
    assert list(found) == ["shop", "vans"]
    assert found["vans"] == {
        "orders_attempted": 9,
        "orders_accepted": 7,
        "orders_rejected": 2,
        "orders_cancelled": 1,
        "orders_collecting": 0,
        "orders_delivered": 5,
        "kg_delivered": 8,
    }
    assert (found["shop"]["orders_delivered"], found["shop"]["kg_delivered"]) == (1, 2)


def test_whole_of_the_hand_written_record() -> None:
    values = measure(replication(), scenario())
    assert values["coverage"] == 3 / 5
    assert values["visits"] == 1
    assert values["contacts"] == 6
    assert (values["contacts.door"], values["contacts.shop"]) == (5, 1)


# --- tables -----------------------------------------------------------------------------------------

PACK = stage("pack", "packers", effort={"per_order_min": 60})
INSIDE = {"delay": {"name": "inside", "minutes": 15}}
SHOP = channel("shop", INSIDE, release={"kind": "visit", "opens": "09:00", "closes": "17:00"})
ONLY = ss.load_strategy(strategy(channel("only", PACK)))
TWO = ss.load_strategy(strategy(SHOP, channel("vans", PACK), from_days=(0, 1)))


def test_a_split_that_says_no_more_than_the_whole_is_left_out() -> None:
    """One tier everywhere and always is left out; one in this replication and another in the next is not."""
    world, everywhere = scenario(), (2, 2, 2, 2, 2)
    same = [(number, split_values(replication(number, everywhere), world)) for number in (0, 1)]
    assert set(split_table(same, world, TWO)["split"]) == {"district", "kind", "goods", "channel"}
    other = (1, split_values(replication(1, (1, 1, 1, 1, 1)), world))
    table = split_table([same[0], other], world, TWO)
    tiers = table[(table["split"] == "tier") & (table["metric"] == "households")]
    assert list(zip(tiers["replication"], tiers["group"], tiers["value"], strict=True)) == [
        (0, "sealed", 5),
        (1, "controlled", 5),
    ]


def test_plan_without_groups_has_an_empty_table_and_no_figure() -> None:
    result = ss.simulate(ss.load_scenario(world([2], {"packers": crew(1)})), ONLY, replications=1)
    assert result.splits is not None
    assert list(result.splits.columns) == ["replication", "split", "group", "metric", "value", "unit"]
    assert len(result.splits) == len(result.split_summary()) == len(who_goes_without(result, "en")) == 0


def made_up(*tiers: tuple[int, ...]) -> ss.Result:
    """A result whose replications have these tiers."""
    world = scenario()
    runs = [(number, replication(number, tier)) for number, tier in enumerate(tiers)]
    values = pd.DataFrame([measure(run, world) for _, run in runs]).rename_axis("replication")
    splits = split_table([(number, split_values(run, world)) for number, run in runs], world, TWO)
    return ss.Result(world, TWO, 1, {"values": values, "splits": splits})


def test_summary_of_a_group_that_is_not_always_there() -> None:
    """Controlled in the second of two replications only: no mean, n 1; the others have their interval."""
    table = made_up((0, 0, 2, 2, 2), (0, 0, 2, 2, 1)).split_summary().set_index(["split", "group", "metric"])
    assert list(table.columns) == ["mean", "ci_low", "ci_high", "n", "unit"]
    missing = table.loc["tier", "controlled", "coverage"]
    assert missing["n"] == 1
    assert math.isnan(missing["mean"])
    there = table.loc["tier", "sealed", "households"]
    assert (there["mean"], there["n"], there["unit"]) == (2.5, 2, "households")
    assert there["ci_low"] < 2.5 < there["ci_high"]
    # The same share twice: up to 1 - 0.025^(1/2) of all cases may be otherwise.
    unseen = 1 - 0.025**0.5
    found = table.loc["district", "North", "coverage"][["mean", "ci_low", "ci_high"]].tolist()
    assert found == pytest.approx([2 / 3, 2 / 3 * (1 - unseen), 2 / 3 + unseen / 3])
    assert table["unit"].notna().all()


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("en", ["Food", "milk", "Precaution", "Sealed", "Priority households", "Infant", "Other households"]),
        ("zh", ["食品", "milk", "防范区", "封控区", "特殊困难群体", "有婴幼儿", "其他家庭"]),
    ],
)
def test_groups_have_titles(language, titles) -> None:
    result = made_up((0, 0, 2, 2, 2))
    drawn = who_goes_without(result, language)
    assert list(drawn["group"]) == [*titles, *(["North", "South"] if language == "en" else ["北区", "南区"])]
    assert drawn.loc[0, ["mean", "worst_decile"]].tolist() == [15.6, 48]
    own = "Paper plan" if language == "en" else "纸面方案"
    shown = set(titled_splits(result, language)["title"])
    # Both channels have the same title.
    assert shown == {*drawn["group"], f"{own} (shop)", f"{own} (vans)"}


def test_titles_that_are_the_same_are_told_apart() -> None:
    result = made_up((0, 0, 2, 2, 2))
    splits = result.splits[result.splits["split"] == "kind"]
    splits = splits.replace({"group": {"infant": "pet__food", "other": "pet_food"}})
    shown = titled_splits(dataclasses.replace(result, tables={**result.tables, "splits": splits}), "en")["title"]
    assert list(dict.fromkeys(shown)) == ["Priority households", "pet food (pet__food)", "pet food (pet_food)"]


def test_splits_not_asked_for() -> None:
    plan = ss.load_scenario(world([2], {"packers": crew(1)}))
    result = ss.simulate(plan, ONLY, replications=1, splits=False)
    assert result.splits is None
    with pytest.raises(ValueError, match="splits=True"):
        result.split_summary()


# --- against the whole ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def city() -> ss.Result:
    """Three districts, priority households and others; half of them are served by the target."""
    plan = ss.load_scenario("demo_city", ["scenario.service_target_days=3.5"])
    return ss.simulate(plan, "standard_crates_via_stations", replications=2, seed=3, detail="orders")


@pytest.mark.parametrize("split", ["district", "kind"])
def test_groups_that_part_the_households_add_up_to_the_whole(city, split) -> None:
    """Means weighted by households are the mean of all, sums the sum; priority and other part them too."""
    assert 0 < city.values.loc[0, "coverage"] < 1
    table = city.splits[city.splits["split"] == split]
    wide = table.pivot(index=["replication", "group"], columns="metric", values="value")
    assert (wide["households"].groupby("replication").sum() == len(city.scenario.households)).all()
    for metric in ("coverage", "empty_pantry_h", "kg_per_person"):
        weighted = (wide[metric] * wide["households"]).groupby("replication").sum() / len(city.scenario.households)
        np.testing.assert_allclose(weighted, city.values[metric], rtol=1e-12)
    days = wide["deprived_household_days"].groupby("replication").sum()
    np.testing.assert_allclose(days, city.values["deprived_household_days"], rtol=1e-12)


def test_everybody_as_one_group_has_the_measures_of_the_whole() -> None:
    run, world = replication(tier=(1, 1, 1, 1, 1)), scenario()
    found, values = split_values(run, world), measure(run, world)
    for metric in HOUSEHOLD_METRICS:
        assert found["tier", "controlled", metric.name] == pytest.approx(values[metric.name], nan_ok=True)


def test_sorting_into_groups_gives_what_picking_each_gives() -> None:
    """500 households, copies of the five, in three tiers at random."""
    random = np.random.default_rng(1)
    many = outcomes_of(replication(), scenario()).take(random.integers(0, 5, 500))
    number = random.integers(0, 3, 500).astype(np.int8)
    groups = dict(by_number(many, number, TIERS))
    assert list(groups) == list(TIERS)
    for name, members in groups.items():
        alone = many.take(number == TIERS.index(name))
        assert measure_households(members) == pytest.approx(measure_households(alone), nan_ok=True)


def test_channels_add_up_to_the_totals() -> None:
    """A shop, lists with unpaid orders and a depot that turns people away, side by side."""
    plan = world(
        [30],
        {"packers": crew(1)},
        demand={
            "kind": "purchases",
            "need_kg_per_household_week": 14,
            "purchases_per_household_day": 0.8,
            "online_share": 0.5,
            "lines_per_order": 1,
            "max_lines": 9,
            "max_cover_days": 7,
        },
    )
    lists = channel("lists", PACK, release={"kind": "order", "unpaid_share": 0.3})
    calls = {**channel("calls", PACK), "acceptance": {"promise_days": 0.3}}
    decided = strategy(lists, calls, SHOP, from_days=(0, 1, 2))
    del decided["calendar"]
    decided["mix"] = [{"channel": name} for name in ("lists", "calls", "shop")]
    result = simulate_strategy(plan, decided)
    values = result.values.loc[0]
    table = result.splits[result.splits["split"] == "channel"]
    wide = table.pivot(index="group", columns="metric", values="value")
    assert values["orders_rejected"] > 0
    assert values["orders_cancelled"] > 0
    assert values["visits"] > 0
    ordered = wide.drop(index="shop")
    for what in ("attempted", "accepted", "rejected", "cancelled", "collecting", "delivered"):
        assert ordered[f"orders_{what}"].sum() == values[f"orders_{what}"]
    assert wide.loc["shop", "orders_delivered"] == values["visits"]
    assert wide["kg_delivered"].sum() == pytest.approx(result.households["kg"].sum(), rel=1e-12)
    assert (wide["kg_delivered"] > 0).all()


def test_both_engines_split_alike() -> None:
    plan = ss.load_scenario(world([3, 2], {"packers": crew(1)}, demand=cycle(7, 1), people={"priority_share": 0.5}))
    tables = [ss.simulate(plan, ONLY, replications=2, engine=engine).splits for engine in ("auto", "reference")]
    assert len(tables[0])
    pd.testing.assert_frame_equal(*tables)


# --- households -------------------------------------------------------------------------------------


def test_household_table() -> None:
    table = household_table(replication(3), scenario()).astype({"district": str, "tier": str})
    assert table.loc[1].to_dict() == {
        "replication": 3,
        "household": 1,
        "drop_point": 0,
        "district": "North",
        "tier": "precaution",
        "persons": 2,
        "is_priority": False,
        "kind.infant": True,
        "first_delivery_h": 20,
        "longest_gap_h": 20,
        "empty_pantry_h": 12,
        "longest_empty_h": 10,
        "kg": 3,
        "empty_h.food": 6,
        "kg.food": 2,
        "empty_h.milk": 12,
        "kg.milk": 1,
    }
    assert math.isnan(table.loc[2, "first_delivery_h"])
    assert math.isnan(table.loc[2, "empty_h.milk"])
    assert list(table["district"]) == ["North"] * 3 + ["South"] * 2


def test_households_in_memory_and_in_files_give_the_measures(city, tmp_path) -> None:
    """The table of households alone yields the splits by district."""
    assert city.households is not None
    of_coverage = city.splits[city.splits["metric"] == "coverage"].set_index(["replication", "group"])["value"]
    for number, rows in city.households.groupby("replication"):
        served = rows["first_delivery_h"] * 60 < city.scenario.target_min
        for name, share in served.groupby(rows["district"].astype(str)).mean().items():
            assert of_coverage[number, name] == pytest.approx(share, rel=1e-12)
    ss.simulate(city.scenario, city.strategy, replications=2, seed=3, detail="stages", folder=tmp_path)
    files = sorted((tmp_path / "households").iterdir())
    assert [path.name for path in files] == ["replication=0000.parquet", "replication=0001.parquet"]
    parts = pd.concat([pd.read_parquet(path) for path in files], ignore_index=True)
    pd.testing.assert_frame_equal(parts, city.households, check_categorical=False)
