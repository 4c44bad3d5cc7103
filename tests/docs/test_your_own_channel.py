"""The page on channels of one's own: its example runs as it says, and its tables name every key there is."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml

import simsupply as ss
from simsupply.base.spec import Spec
from simsupply.strategy import branches, channels, release
from simsupply.strategy.steps import delay, effort, gate, kinds, leg, stage
from tests.helpers.command_line import REPOSITORY, call
from tests.plans.demand_plans import assert_binomial
from tests.plans.paper_plans import channel, crew, cycle, fleet, strategy, world

PAGE = (REPOSITORY / "docs" / "your_own_channel.md").read_text(encoding="utf-8")
EXAMPLE, *VILLAGE, BRANCHES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.lengthy
def test_the_example_runs_as_the_page_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command of the page, with two replications."""
    command, _ = re.findall(r"```\n(simsupply .*?)\n```", PAGE)
    own_plan, out = tmp_path / "my_strategy.yaml", tmp_path / "mine"
    own_plan.write_text(EXAMPLE, encoding="utf-8")
    words = command.replace("my_strategy.yaml", str(own_plan)).replace("outputs/mine", str(out)).split()[1:]
    done = call(capsys, *words, "replications=2")
    assert done.status == 0, done.err
    assert (out / "figures" / "orders_by_day.png").exists()
    assert "Pick-up by time slot, crates when orders are refused" in done.out
    assert "Trigger “Half of all orders refused”: first on after 2 days" in done.out


def test_the_village_is_compared_as_the_page_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under the names that the page gives its two files, with two replications; everybody gets a basket."""
    monkeypatch.chdir(tmp_path)
    for text in VILLAGE:
        (name,) = re.findall(r"\A# (.*\.yaml)\n", text)
        Path(name).write_text(text, encoding="utf-8")
    _, command = re.findall(r"```\n(simsupply .*?)\n```", PAGE)
    done = call(capsys, *shlex.split(command)[1:], "replications=2", "output=out")
    assert done.status == 0, done.err
    assert "菜篮子包干到屯" in done.out
    result = ss.simulate(ss.load_scenario("张家屯.yaml"), ss.load_strategy("包干到屯.yaml"), replications=1)
    assert result.values["coverage"].tolist() == [1]
    assert "wait_h.送到屯口.people" in result.values


def test_three_orders_in_ten_go_through_the_cold_room() -> None:
    """The branches of the page in a channel; every order is packed once, in one room or the other."""
    crews = {"packers": crew(9), "cold_room": crew(9)}
    plan = world([300], crews, {"vans": fleet(9)}, demand=cycle(14, 7, lines=10))
    decided = strategy({**channel("only"), **yaml.safe_load(BRANCHES)})
    result = ss.simulate(ss.load_scenario(plan), ss.load_strategy(decided), replications=1, detail="orders")
    orders = result.orders
    assert (orders["pack"].isna() != orders["pack_cold"].isna()).all()
    assert orders["deliver"].notna().all()
    assert_binomial(int(orders["pack_cold"].notna().sum()), 300, 0.3)


def test_both_channels_of_the_example_deliver() -> None:
    """Own orders in the slots of the day after at the earliest, then crates; nothing is lost."""
    scenario = ss.load_scenario("subdistrict", ["demand=surge_25x", "staffing.attendance=0.2"])
    result = ss.simulate(scenario, ss.load_strategy(yaml.safe_load(EXAMPLE)), replications=1, detail="orders")
    assert abs(result.values["mass_balance_error_kg"]).max() < 1e-3
    orders = result.orders
    came = orders.groupby("channel")[["hand_out", "door"]].count()
    assert came.loc["slot_pick_up", "hand_out"] > 100
    assert came.loc["crates", "door"] > 1000
    called = orders[orders["slots"].notna()]
    assert (called["slots"] // 1440 > called["deliver"] // 1440).all()
    assert (called["slots"] % 1440).between(9 * 60, 17 * 60).all()


KEYS = {
    model: set(model.model_fields) - {"kind"}
    for module in (branches, channels, release, effort, gate, delay, kinds, leg, stage)
    for model in vars(module).values()
    if isinstance(model, type) and issubclass(model, Spec) and model.__module__ == module.__name__
}


@pytest.mark.parametrize("model", KEYS, ids=lambda model: model.__name__)
def test_every_key_is_on_the_page(model: type[Spec]) -> None:
    """By the name that is written in a file."""
    named = {model.model_fields[key].alias or key for key in KEYS[model]}
    words = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)
    quoted = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`]+)`", words))))
    assert named - quoted == set()
