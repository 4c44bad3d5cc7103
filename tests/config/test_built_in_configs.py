"""What is shipped in configs/: every number has its source, every scenario runs under what fits it."""

from __future__ import annotations

import contextlib
import io
import re
import tokenize
from functools import cache
from pathlib import Path

import pytest
import yaml

import simsupply as ss
from simsupply.base.problems import InputError
from simsupply.checks.plan import check_plan, check_world
from simsupply.config.compose import compose_config
from simsupply.config.load import world_from
from simsupply.config.yaml_files import GROUPS, built_in, config_dir, read_built_in
from simsupply.scenario.world_spec import WorldSpec
from simsupply.strategy.channels import StrategySpec

FILES = sorted(config_dir().rglob("*.yaml"))
# A city takes minutes; it is loaded and fitted here, and run by its own tests.
CITIES = (
    "changchun",
    "changchun_all",
    "changchun_tiers",
    "changchun_whole",
    "emergency_changchun",
    "emergency_city_market",
    "emergency_city_medium",
)
MARK = re.compile(r"#\s+[SPA]\b")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(config_dir())))
def test_every_number_has_a_source_mark(path: Path) -> None:
    """S from a plan, P published elsewhere, A assumption: in a comment on the number's own line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    unmarked = [lines[line] for line in sorted(_lines_with_numbers(path)) if not MARK.search(lines[line])]
    assert not unmarked


def _lines_with_numbers(path: Path) -> set[int]:
    """Lines on which YAML finds a number or a time of day."""
    found = set()

    def visit(node: yaml.Node) -> None:
        if isinstance(node, yaml.MappingNode):
            for _, value in node.value:
                visit(value)
        elif isinstance(node, yaml.SequenceNode):
            for value in node.value:
                visit(value)
        elif node.tag.endswith((":int", ":float")) or re.fullmatch(r"\d\d:\d\d", node.value):
            found.add(node.start_mark.line)

    visit(yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader))
    return found


def test_the_check_finds_an_unmarked_number(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text('a: 1  # A\nb: [x, 2.5]\nc: {d: "08:00"}  # none\ne: text 5\n')
    assert _lines_with_numbers(path) == {0, 1, 2}


@pytest.mark.parametrize("group", GROUPS)
def test_names_are_unique_small_words(group: str) -> None:
    assert built_in(group)
    for name in built_in(group):
        assert re.fullmatch(r"[a-z][a-z0-9_]*", name)


@cache
def strategies() -> list[StrategySpec]:
    """All built-in strategies, composed once."""
    return [ss.load_strategy(name) for name in built_in("strategy")]


def fitting(world: WorldSpec) -> list[StrategySpec]:
    """Strategies that can be used there."""
    found = []
    for strategy in strategies():
        with contextlib.suppress(InputError):
            check_plan(world, strategy)
            found.append(strategy)
    return found


@pytest.mark.lengthy
@pytest.mark.parametrize("name", CITIES)
def test_every_city_is_read_and_has_strategies_that_fit(name: str) -> None:
    data = compose_config("run", [f"scenario={name}"])
    world = world_from(data, source=name)
    check_world(world)
    assert len(fitting(world)) >= 2


@pytest.mark.lengthy
@pytest.mark.parametrize("name", sorted(set(built_in("scenario")) - set(CITIES)))
def test_every_scenario_runs_under_strategies_that_fit(name: str) -> None:
    """The first, one in the middle and the last of them; all of them in tests/slow."""
    found = fitting(ss.load_scenario(name).spec)
    run_under(name, [found[0], found[len(found) // 2], found[-1]])


def run_under(name: str, strategies: list[StrategySpec]) -> None:
    scenario = ss.load_scenario(name)
    assert scenario.name == name
    assert scenario.settings.title.en
    assert scenario.settings.title.zh
    assert len(fitting(scenario.spec)) >= 2
    for strategy in strategies:
        values = ss.simulate(scenario, strategy, replications=1, splits=False).values.loc[0]
        assert abs(values["mass_balance_error_kg"]) < 1e-6
        answered = values["orders_accepted"] + values["orders_rejected"] + values["orders_collecting"]
        assert values["orders_attempted"] == answered
        assert values["coverage"] > 0


@pytest.mark.lengthy
@pytest.mark.parametrize("demand", built_in("demand"))
def test_every_demand_fits_the_subdistrict(demand: str) -> None:
    # Some of them leave the need to a section goods, which the subdistrict has not.
    need = "demand.need_kg_per_household_week=13.0"
    scenario = ss.load_scenario("subdistrict", [f"demand={demand}", need, "scenario.geography.households=1500"])
    values = ss.simulate(scenario, "individual_orders", replications=1).values.loc[0]
    assert abs(values["mass_balance_error_kg"]) < 1e-6


@pytest.mark.lengthy
def test_strategies_are_named_after_their_files_and_use_their_channels() -> None:
    assert [strategy.name for strategy in strategies()] == built_in("strategy")
    for strategy in strategies():
        assert set(strategy.channels) == {use.channel for use in strategy.uses}


def test_no_two_strategies_share_a_title() -> None:
    for language in ("en", "zh"):
        assert len({strategy.title.in_language(language) for strategy in strategies()}) == len(strategies())


def test_configs_name_no_python_object() -> None:
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(^|\W)_target_:", text)
        assert "!!python" not in text


@pytest.mark.lengthy
def test_source_has_no_instantiate() -> None:
    """Configuration is data: nothing in it names code to be called."""
    for path in (config_dir().parent / "simsupply").rglob("*.py"):
        names = {
            token.string
            for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline)
            if token.type == tokenize.NAME
        }
        assert not names & {"instantiate", "eval", "exec", "unsafe_load", "full_load"}, path


@pytest.mark.lengthy
@pytest.mark.parametrize(
    ("group", "name"), [("staffing", "changchun_people"), ("staffing", "city_whole"), ("fleet", "city_with_buses")]
)
def test_an_option_that_starts_from_another_reads_alike_by_name(group: str, name: str) -> None:
    """Named in a user's file it is what it is on the command line."""
    composed = compose_config("run", ["scenario=demo_tiers", f"{group}={name}"])[group]
    plain = read_built_in(group, name, "here")
    if group == "fleet":
        composed["vans"].pop("households_per_vehicle")  # what the scenario changes in it
        plain["vans"].pop("households_per_vehicle", None)
    assert plain == composed
