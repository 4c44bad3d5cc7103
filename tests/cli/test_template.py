"""`simsupply template`: a scenario or strategy file of one's own that runs as it is."""

import re

import numpy as np
import pandas as pd
import pytest

import simsupply as ss
from simsupply.cli.main import main
from simsupply.config.compose import compose_config
from simsupply.config.load import strategy_from, world_from
from simsupply.config.yaml_files import built_in, config_dir, read_built_in
from simsupply.scenario.world import Scenario
from simsupply.scenario.world_spec import WorldSpec


def spec_of(scenario: str) -> WorldSpec:
    """What a scenario says; nothing of it is built, which for a city takes seconds."""
    data = compose_config("run", [f"scenario={scenario}"])
    return world_from(data, source=scenario)


@pytest.mark.lengthy
@pytest.mark.parametrize("name", built_in("scenario"))
def test_template_says_the_same_as_the_built_in_scenario(name, tmp_path, capsys) -> None:
    """Read back, the file gives the specification of the scenario it was made from, comments kept."""
    path = tmp_path / "mine.yaml"
    assert main(["template", str(path), f"scenario={name}"]) == 0
    assert str(path) in capsys.readouterr().out
    assert spec_of(str(path)) == spec_of(name)
    text = path.read_text(encoding="utf-8")
    assert "# A" in text
    assert "defaults" not in text


def alone(channel: str) -> dict:
    """A strategy with nothing but a built-in channel as it is."""
    whole = read_built_in("channel", channel, channel)
    return {"name": "alone", "title": {"en": "", "zh": ""}, "channels": {channel: whole}, "mix": [{"channel": channel}]}


@pytest.mark.lengthy
@pytest.mark.parametrize("name", built_in("strategy"))
def test_template_says_the_same_as_the_built_in_strategy(name, tmp_path, capsys) -> None:
    """Channels written out whole, in their order; every comment is there, but those on what the strategy changes."""
    path = tmp_path / "mine.yaml"
    assert main(["template", str(path), f"strategy={name}"]) == 0
    assert f"simsupply run strategy={path}" in capsys.readouterr().out
    read = ss.load_strategy(path)
    built = strategy_from(compose_config("run", [f"strategy={name}"])["strategy"], source=name)
    assert read == built == ss.load_strategy(name)
    assert list(read.channels) == list(built.channels)
    text = path.read_text(encoding="utf-8")
    assert "defaults" not in text
    for channel in built.channels:
        original = (config_dir() / "channel" / f"{channel}.yaml").read_text(encoding="utf-8")
        comments = re.findall(r"#.*", original)
        assert comments
        # What the strategy changes in a channel brings its own comments.
        is_changed = built.channels[channel] != ss.load_strategy(alone(channel)).channels[channel]
        lost = [comment for comment in comments if comment not in text]
        assert len(lost) <= len(comments) / 2 if is_changed else not lost
    chosen = (config_dir() / "strategy" / f"{name}.yaml").read_text(encoding="utf-8")
    assert all(comment in text for comment in re.findall(r"#.*", chosen))


@pytest.mark.lengthy
@pytest.mark.parametrize(("scenario", "strategy"), [("sealed_compounds", "norm_lockers_then_packs")])
def test_a_strategy_from_a_template_gives_the_same_results(scenario, strategy, tmp_path) -> None:
    """On the command line and to the last digit."""
    path = tmp_path / "mine.yaml"
    assert main(["template", str(path), f"strategy={strategy}"]) == 0
    tables = []
    for way in (path, strategy):
        folder = tmp_path / f"of_{strategy if way == strategy else 'mine'}"
        words = ["run", f"scenario={scenario}", "scenario.horizon_days=7", "replications=1", f"strategy={way}"]
        assert main([*words, f"output={folder}"]) == 0
        tables.append(pd.read_parquet(folder / "replications.parquet"))
    assert len(tables[0]) > 20
    pd.testing.assert_frame_equal(*tables, check_exact=True)


def test_template_never_overwrites(tmp_path, capsys) -> None:
    """An existing file is left as it is."""
    path = tmp_path / "mine.yaml"
    path.write_text("precious", encoding="utf-8")
    assert main(["template", str(path)]) == 2
    assert "exists" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == "precious"


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["a.yaml", "b.yaml"],
        ["a.yaml", "foo=1"],
        ["a.txt"],
        ["a.yaml", "scenario=twon"],
        ["no/such/a.yaml"],
        ["a.yaml", "strategy=county_by_teir"],
        ["a.yaml", "scenario=town", "strategy=lockers"],
    ],
)
def test_wrong_words(words, tmp_path, monkeypatch, capsys) -> None:
    """One message, status 2, no file."""
    monkeypatch.chdir(tmp_path)
    assert main(["template", *words]) == 2
    message = capsys.readouterr().err
    assert message.count("allowed:") == 1
    assert not list(tmp_path.iterdir())


# --- every place listed -----------------------------------------------------------------------------------


def assert_same_world(scenario: Scenario, other: Scenario) -> None:
    """Places, roads and households alike to the last bit."""
    assert (scenario.places.names, scenario.places.districts) == (other.places.names, other.places.districts)
    assert scenario.places.subdistricts == other.places.subdistricts
    for what in ("serving", "docks", "km", "floor"):
        arrays, others = getattr(scenario.places, what), getattr(other.places, what)
        assert set(arrays) == set(others)
        for key, values in arrays.items():
            np.testing.assert_array_equal(values, others[key], err_msg=f"{what} {key}")
    for what in ("first_household", "district", "subdistrict"):
        np.testing.assert_array_equal(getattr(scenario.places, what), getattr(other.places, what), err_msg=what)
    for what, values in vars(scenario.households).items():
        np.testing.assert_array_equal(values, getattr(other.households, what), err_msg=what)


@pytest.mark.parametrize(
    "name",
    [
        *("demo_city", "subdistrict", "town"),
        *(pytest.param(name, marks=pytest.mark.lengthy) for name in built_in("scenario")),
    ],
)
def test_a_city_with_its_places_listed_is_the_same_city(name, tmp_path, capsys) -> None:
    path = tmp_path / "mine.yaml"
    assert main(["template", str(path), f"scenario={name}", "listed=true"]) == 0
    told = capsys.readouterr().out
    listed, built = ss.load_scenario(path), ss.load_scenario(name)
    assert listed.settings.geography.kind == "listed"
    assert_same_world(listed, built)
    table = tmp_path / "mine_drop_points.csv"
    is_apart = built.settings.geography.kind != "listed" and built.places.count("drop_point") > 60
    assert (table.exists(), str(table) in told) == (is_apart, is_apart)


def test_results_of_a_listed_city_are_those_of_the_built_in_one(tmp_path) -> None:
    path = tmp_path / "mine.yaml"
    assert main(["template", str(path), "scenario=demo_city", "listed=true"]) == 0
    found, built = (
        ss.simulate(ss.load_scenario(of), "individual_orders_via_stations", replications=1, seed=2)
        for of in (path, "demo_city")
    )
    pd.testing.assert_frame_equal(found.values, built.values, check_exact=True)
    # Listed, its places are groups too.
    splits = found.split_summary().query("split != 'place'").reset_index(drop=True)
    pd.testing.assert_frame_equal(splits, built.split_summary(), check_exact=True)


def test_a_table_that_is_there_is_left_as_it_is(tmp_path, capsys) -> None:
    table = tmp_path / "mine_drop_points.csv"
    table.write_text("mine", encoding="utf-8")
    assert main(["template", str(tmp_path / "mine.yaml"), "scenario=changchun", "listed=true"]) == 2
    assert str(table) in capsys.readouterr().err
    assert (table.read_text(encoding="utf-8"), (tmp_path / "mine.yaml").exists()) == ("mine", False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["listed=yes"], "a valid boolean"),
        (["strategy=whole_crates", "listed=true"], "listed=true with scenario=NAME only"),
    ],
)
def test_wrong_words_beside_listed(words, said, tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    assert main(["template", str(tmp_path / "mine.yaml"), *words]) == 2
    assert said in capsys.readouterr().err
