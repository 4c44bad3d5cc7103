"""What a terminal shows while one waits."""

from __future__ import annotations

import io
import sys
import time

import pytest

from simsupply.base import progress
from simsupply.base.catalogue import message
from simsupply.base.language import Language


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Two seconds of patience are over at once, and what is shown is redrawn a hundred times a second."""
    monkeypatch.setattr(progress, "BEGUN", time.monotonic() - progress.PATIENCE_S)
    monkeypatch.setattr(progress, "EVERY_S", 0.01)
    return Terminal()


def wait_for(found: Terminal, times: int) -> None:
    limit = time.monotonic() + 30
    while found.getvalue().count("\r") < times:
        assert time.monotonic() < limit
        time.sleep(0.005)


@pytest.mark.parametrize(("language", "text"), [("en", "reading the plan ["), ("zh", "正在读取方案 [")])
def test_it_says_what_is_being_done_and_goes_on_moving(
    terminal: Terminal, language: Language, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress.working(message("reads_plan"), language):
        wait_for(terminal, 3)
    assert terminal.getvalue().count(text) >= 3
    # The line is cleared in the end.
    assert terminal.getvalue().endswith("\r")


def test_a_bar_that_is_told_nothing_is_shown(terminal: Terminal) -> None:
    from tqdm import tqdm

    with tqdm(total=7, delay=2, file=terminal) as bar, progress.shown(bar):
        wait_for(terminal, 2)
    assert "0/7" in terminal.getvalue()


def test_nothing_is_shown_before_anybody_has_waited(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "BEGUN", time.monotonic())
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress.working(message("reads_plan"), "en"):
        time.sleep(0.05)
    assert "reading" not in terminal.getvalue()


def test_nothing_is_shown_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "BEGUN", time.monotonic() - progress.PATIENCE_S)
    found = io.StringIO()
    monkeypatch.setattr(sys, "stderr", found)
    with progress.working(message("reads_plan"), "en"):
        time.sleep(0.05)
    assert found.getvalue() == ""
