"""`simsupply template`: a scenario file of one's own that runs as it is."""

import pytest

import simsupply as ss
from simsupply.cli import main
from simsupply.config.read import built_in


@pytest.mark.parametrize("name", built_in("scenario"))
def test_template_says_the_same_as_the_built_in_scenario(name, tmp_path, capsys) -> None:
    """Read back, the file gives the specification of the scenario it was made from, comments kept."""
    path = tmp_path / "mine.yaml"
    assert main(["template", str(path), f"scenario={name}"]) == 0
    assert str(path) in capsys.readouterr().out
    assert ss.load_scenario(path).spec == ss.load_scenario(name).spec
    text = path.read_text(encoding="utf-8")
    assert "# A" in text
    assert "defaults" not in text


def test_template_never_overwrites(tmp_path, capsys) -> None:
    """An existing file is left as it is."""
    path = tmp_path / "mine.yaml"
    path.write_text("precious", encoding="utf-8")
    assert main(["template", str(path)]) == 2
    assert "exists" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == "precious"


@pytest.mark.parametrize(
    "words", [[], ["a.yaml", "b.yaml"], ["a.yaml", "foo=1"], ["a.txt"], ["a.yaml", "scenario=twon"], ["no/such/a.yaml"]]
)
def test_wrong_words(words, tmp_path, monkeypatch, capsys) -> None:
    """One message, status 2, no file."""
    monkeypatch.chdir(tmp_path)
    assert main(["template", *words]) == 2
    message = capsys.readouterr().err
    assert message.count("allowed:") == 1
    assert not list(tmp_path.iterdir())
