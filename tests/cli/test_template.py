"""`simsupply template`: a scenario or strategy file of one's own that runs as it is."""

import re

import pandas as pd
import pytest

import simsupply as ss
from simsupply.cli.main import main
from simsupply.config.compose import compose_config
from simsupply.config.load import strategy_from, world_from
from simsupply.config.yaml_files import built_in, config_dir, read_built_in
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
