"""A spoiled plan either runs, and what is measured is possible, or is refused with messages that say where and what."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

import simsupply as ss
from simsupply.config.yaml_files import template
from simsupply.measures.metric_registry import bounds_of
from tests.fuzz.mutations import PLANS

LONGEST_S = 10
SIMULATED_S = 2.0


class _Enough(Exception):
    """A plan that runs well and long is not run to its end."""


class Hung(AssertionError):
    """Nothing went on for ten seconds."""


@cache
def compiled() -> None:
    """Compile what the plans use, once: on a busy machine that takes longer than any of them may."""
    for scenario, strategy in PLANS:
        ss.simulate(ss.load_scenario(scenario), ss.load_strategy(strategy), replications=1)


@contextlib.contextmanager
def watched() -> Iterator[Callable[[], object]]:
    """Fail if the block takes over ten seconds since it last said that it goes on."""

    def ring(*_: object) -> None:
        raise Hung(f"nothing for {LONGEST_S} s")

    compiled()
    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(LONGEST_S)
    try:
        yield lambda: signal.alarm(LONGEST_S)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@cache
def texts(scenario: str, strategy: str) -> tuple[str, str]:
    """The plan as two files of a user's own."""
    return template("scenario", scenario), template("strategy", strategy)


@cache
def data_of(scenario: str, strategy: str) -> tuple[Any, Any]:
    first, second = (yaml.safe_load(text) for text in texts(scenario, strategy))
    return first, second


def check(scenario: Path | str, strategy: Path | str, overrides: Sequence[str] = ()) -> str:
    """Run a plan or have it refused; return which of the two."""
    with watched() as go_on:
        try:
            world = ss.load_scenario(str(scenario), list(overrides))
            go_on()
            plan = ss.load_strategy(str(strategy))
            begin = time.perf_counter()

            def advance(_: float) -> None:
                go_on()
                if time.perf_counter() - begin > SIMULATED_S:
                    raise _Enough

            result = ss.simulate(world, plan, replications=1, on_advance=advance)
        except _Enough:
            return "long"
        except ss.InputError as error:
            check_messages(error, str(scenario), str(strategy))
            return "refused"
        check_values(result)
        return "ran"


def check_messages(error: ss.InputError, *sources: str) -> None:
    """Each problem says where it is and what is allowed, in both languages."""
    assert error.problems
    for language in ("en", "zh"):
        for line in error.in_language(language).split("\n"):
            assert "Traceback" not in line
            assert "object at 0x" not in line
            assert line.strip()
    for problem in error.problems:
        assert str(problem.allowed)
        assert problem.source or problem.key, problem


def check_values(result: ss.Result) -> None:
    """No infinity, nothing below or above what its measure can be; NaN says that a measure does not exist."""
    for name, values in result.values.items():
        found = values.dropna().to_numpy(dtype=float)
        assert np.isfinite(found).all(), name
        low, high = bounds_of(str(name))
        assert (found >= low).all(), (name, found)
        assert (found <= high).all(), (name, found)
    assert ss.answer(result, "en")
    assert ss.answer(result, "zh")
