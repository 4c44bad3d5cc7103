"""``docs/systems.md`` names files, keys and values of the configuration: each of them must be there."""

from __future__ import annotations

import fnmatch
import re
from functools import cache

import pytest
import yaml

import simsupply as ss
from mechanisms.cases import read_cases
from simsupply.config.yaml_files import GROUPS, built_in, config_dir
from simsupply.scenario.world_spec import WorldSpec
from simsupply.strategy.channels import StrategySpec

PAGE = config_dir().parent / "docs" / "systems.md"
NAMES = {name for group in GROUPS for name in built_in(group)}


@cache
def settings() -> tuple[frozenset[str], frozenset[str]]:
    """Every key path of every file, without the numbers of list entries, and every ``key: value`` pair."""
    paths, pairs = set(), set()

    def visit(value: object, path: str) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                visit(inner, f"{path}.{key}")
        elif isinstance(value, list):
            for inner in value:
                visit(inner, path)
        paths.add(path)
        pairs.add(f"{path}={value!r}")

    for file in config_dir().rglob("*.yaml"):
        # As it is called in the file, and from outside, where a group's name comes first.
        group = file.parent.name if file.parent != config_dir() else ""
        visit(yaml.safe_load(file.read_text(encoding="utf-8")), f".{group}" if group else "")
    return frozenset(paths), frozenset(pairs)


@cache
def keys_of_files() -> frozenset[str]:
    """Every key that a scenario or a strategy may have, used or not."""
    schemas = [spec.model_json_schema() for spec in (WorldSpec, StrategySpec)]
    return frozenset(
        key for schema in schemas for part in schema["$defs"].values() for key in part.get("properties", {})
    ) | frozenset(key for schema in schemas for key in schema["properties"])


@cache
def words() -> frozenset[str]:
    """Keys, texts and names anywhere in the configuration, metrics, and mechanisms of docs/mechanisms.md."""
    paths, pairs = settings()
    keys = {word for path in paths for word in path.split(".")}
    texts = {pair.partition("=")[2].strip("'") for pair in pairs}
    metrics = ss.simulate(ss.load_scenario("demo_city"), "standard_crates_via_stations", replications=1).values
    mechanisms = {case.name for case in read_cases()}
    return frozenset(keys | texts | NAMES | set(metrics.columns) | mechanisms | keys_of_files())


def is_there(quoted: str) -> bool:
    """Whether something in back-quotes names what exists."""
    if quoted == "configs/":
        return config_dir().is_dir()
    if quoted.startswith("simsupply run"):
        given = dict(part.split("=") for part in quoted.split()[2:])
        # A group's option, or a single key of one.
        return all(f".{key}" in settings()[0] if "." in key else value in built_in(key) for key, value in given.items())
    if re.fullmatch(r"[a-z]+/[a-z0-9_]+(\.yaml)?", quoted):
        return (config_dir() / quoted.removesuffix(".yaml")).with_suffix(".yaml").is_file()
    if "*" in quoted:
        return bool(fnmatch.filter(words(), quoted))
    quoted = quoted.partition("=")[0].replace("[]", "")
    key, colon, value = quoted.partition(": ")
    if colon and "..." not in value:
        wanted = f".{key}={yaml.safe_load(value)!r}"
        return any(pair.endswith(wanted) for pair in settings()[1])
    if "." in key:
        return any(f".{key}" in path and re.search(rf"\.{re.escape(key)}(\.|$)", path) for path in settings()[0])
    return key in words()


@pytest.mark.parametrize("quoted", sorted(set(re.findall(r"`([^`]+)`", PAGE.read_text(encoding="utf-8")))))
def test_what_the_page_names_exists(quoted: str) -> None:
    assert is_there(quoted)


@pytest.mark.parametrize(
    "wrong",
    [
        "channel/no_such",
        "geography.depots.number",
        "last_mile: flown",
        "norm_priority",
        "nowhere_*",
        "release.weekday",
        "requisitions",
    ],
)
def test_what_does_not_exist_is_found(wrong: str) -> None:
    assert not is_there(wrong)
