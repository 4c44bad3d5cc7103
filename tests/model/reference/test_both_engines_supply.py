"""Laws of stock on random plans: nothing is lost, nothing is negative, and both engines agree to the last bit."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

import simsupply as ss
from simsupply.model.run_loop import run_replication
from simsupply.model.stock.depot_needs import daily_need
from simsupply.records.replication import Engine, Replication
from tests.helpers.engines import compare_engines
from tests.helpers.engines import simulate as simulate_orders
from tests.plans.paper_plans import Plain
from tests.plans.random_supply_plans import ample, supply_plans

BOUNDED = settings(
    deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), max_examples=7, phases=[Phase.generate]
)


def simulate(drawn: tuple[Plain, Plain], seed: int, engine: Engine = "auto") -> Replication:
    return run_replication(ss.load_scenario(drawn[0]), ss.load_strategy(drawn[1]), seed=seed, number=0, engine=engine)


@pytest.mark.lengthy
@BOUNDED
@given(supply_plans(), st.integers(0, 1000))
def test_both_engines_agree(drawn, seed) -> None:
    compare_supply(drawn, seed)


@pytest.mark.lengthy
@BOUNDED
@given(supply_plans(when_short=("wait",)), st.integers(0, 1000))
def test_both_engines_agree_on_orders_that_wait(drawn, seed) -> None:
    compare_supply(drawn, seed)


def compare_supply(drawn: tuple[Plain, Plain], seed: int) -> None:
    """Both engines give the same, stocks included."""
    compare_engines(drawn, seed)
    kernels, reference = simulate(drawn, seed), simulate(drawn, seed, "reference")
    for name, values in vars(kernels.supply).items():
        np.testing.assert_array_equal(values, getattr(reference.supply, name))


@pytest.mark.lengthy
@BOUNDED
@given(supply_plans(when_short=("wait",)), st.integers(0, 1000))
def test_an_order_that_waits_counts_from_the_day_on_which_it_was_taken_on(drawn, seed) -> None:
    """Of those taken on, as many are listed as placed on that day, but for who waits still; nobody is sent before."""
    scenario, decided = ss.load_scenario(drawn[0]), ss.load_strategy(drawn[1])
    record, times = simulate_orders(scenario, decided, seed)
    placed = np.zeros_like(record.days.accepted)
    number = {name: column for column, name in enumerate(decided.channels)}
    visits = {name for name, channel in decided.channels.items() if channel.release.kind == "visit"}
    for (step, channel, wave, household, order), time in times.items():
        if step != "placed":
            assert time >= times["placed", channel, wave, household, order]
        elif channel not in visits:
            placed[int(time // 1440), number[channel]] += 1
    kept_waiting = record.days.accepted - record.days.cancelled - placed
    assert (kept_waiting >= 0).all()
    assert kept_waiting.sum() <= record.unfinished_orders


@pytest.mark.lengthy
@BOUNDED
@given(supply_plans(), st.integers(0, 1000))
def test_no_kilogram_is_lost_and_no_stock_is_negative(drawn, seed) -> None:
    """The model checks the balance by goods itself; here: day by day, and against what households got."""
    run = simulate(drawn, seed)
    record, scenario = run.supply, ss.load_scenario(drawn[0])
    assert record is not None
    assert abs(run.mass_balance_error_kg) < 1e-6
    for name in ("asked_kg", "rationed_kg", "drawn_kg", "received_kg", "spoiled_kg", "on_hand_kg", "in_transit_kg"):
        assert (getattr(record, name) >= 0).all(), name
    assert (record.drawn_kg.cumsum(axis=0) <= (record.asked_kg - record.rationed_kg).cumsum(axis=0) + 1e-6).all()
    # Nothing is delivered that did not leave stock. (An order of a fixed weight for households that need
    # nothing of what it carries is not told apart by goods.)
    if all(not group.needed_by for group in (scenario.spec.goods or {}).values()):
        assert (run.households.kg_by_goods.sum(axis=0) <= record.drawn_kg.sum(axis=0) + 1e-6).all()
    assert run.households.kg.sum() <= record.drawn_kg.sum() + 1e-6


@pytest.mark.lengthy
@BOUNDED
@given(supply_plans(), st.integers(0, 1000))
def test_stock_enough_for_all_changes_nothing(drawn, seed) -> None:
    """To the last bit the run without a section `supply`."""
    plan, decided = ample(drawn[0]), drawn[1]
    # Where nobody needs some of the goods, days of cover of it are nothing.
    assume((daily_need(ss.load_scenario(plan)) > 0).all())
    bare = copy.deepcopy(plan)
    del bare["supply"]
    with_stock, without = simulate((plan, decided), seed), simulate((bare, decided), seed)
    for name, values in vars(with_stock.households).items():
        np.testing.assert_array_equal(values, getattr(without.households, name))
    assert with_stock.channels == without.channels
    assert with_stock.backlog_peak == without.backlog_peak
    assert with_stock.unfinished_orders == without.unfinished_orders
