"""What is wrong is said in the language of the words, else of the locale."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.command_line import call
from tests.plans.tiny_plan import SCENARIO, STRATEGY, write

ENGLISH = "fleet.vans.payload_kg: got 5.0; allowed: >= 13, the weight of one order of channel 'standard_crates'"
CHINESE = "fleet.vans.payload_kg：给出的是5.0；允许的是：>= 13，即渠道 'standard_crates' 每单的重量"


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Words of each command for a plan that cannot work."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    scenario = write(tmp_path / "world.yaml", SCENARIO, {"fleet.vans.payload_kg": 5})
    way = write(tmp_path / "way.yaml", STRATEGY)
    return {
        "run": ["run", f"scenario={scenario}", f"strategy={way}", "output=out"],
        "compare": ["compare", f"scenario={scenario}", f"strategies=[{way}]", "output=out"],
        "sweep": ["sweep", f"scenario={scenario}", f"strategy={way}", "staffing.attendance=0.5,1", "output=out"],
    }


@pytest.mark.parametrize("command", ["run", "compare", "sweep"])
@pytest.mark.parametrize(
    ("locale", "word", "said"),
    [
        (None, None, ENGLISH),
        (None, "language=zh", CHINESE),
        ("zh_CN.UTF-8", None, CHINESE),
        ("zh_CN.UTF-8", "language=en", ENGLISH),
        ("en_US.UTF-8", "language=zh", CHINESE),
    ],
)
def test_problems_are_said_in_one_language(
    command: str,
    locale: str | None,
    word: str | None,
    said: str,
    words: dict[str, list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if locale:
        monkeypatch.setenv("LANG", locale)
    found = call(capsys, *words[command], *([word] if word else []))
    assert found.status == 2
    assert found.err.strip().endswith(said)
    assert len(found.messages) == 1


def test_a_language_that_is_none_leaves_it_to_the_locale(
    words: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    found = call(capsys, *words["run"], "language=fr")
    assert found.status == 2
    assert found.err.startswith("命令行：language：给出的是'fr'；允许的是：")


def test_the_last_language_counts(words: dict[str, list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    """As it does in Hydra's words."""
    assert call(capsys, "runn", "language=en", "language=zh").err.startswith("命令行：command：给出的是'runn'")
