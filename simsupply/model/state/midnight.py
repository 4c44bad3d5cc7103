"""The state of a replication at midnight: taken, written, read and gone on from."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from simsupply.base.catalogue import message
from simsupply.base.files import write_whole
from simsupply.base.problems import InputError, Problem, wrong
from simsupply.base.versions import code_version
from simsupply.model.engine import KernelEngine
from simsupply.model.run_loop import loop_at_start
from simsupply.model.state.tree import Arrays, Node, UnknownPart, changes, restore
from simsupply.records.detail import SUMMARY
from simsupply.records.recorder import Recorder
from simsupply.records.replication import Replication
from simsupply.records.sinks import MemorySinks
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.plan_key import plan_key

_ABOUT, _TREE = "about.json", "tree.json"


@dataclass(frozen=True)
class About:
    """Of what a state is.

    Attributes
    ----------
    plan : str
        Digest of scenario and strategy (`simsupply.strategy.plan_key.plan_key`).
    code : str
        Version of the code (`simsupply.base.versions.code_version`).
    seed, replication : int
    day : int
        The state is that of the midnight at which this day begins.
    detail : str
        What is recorded: words of `simsupply.records.detail`, with commas between them.
    """

    plan: str
    code: str
    seed: int
    replication: int
    day: int
    detail: str


@dataclass(frozen=True, repr=False)
class MidnightState:
    """What a replication needs to go on: queues, work in hand, vehicles under way, stock, pantries, people, counts.

    Attributes
    ----------
    about : About
    tree : list
        How the run differs from the same run at minute 0 (`simsupply.model.state.tree`).
    arrays : dict of str to array
        By where they are in the run: ``books.households.hunger.level`` and the like.
    """

    about: About
    tree: Node
    arrays: Arrays

    def __repr__(self) -> str:
        about, size = self.about, sum(array.nbytes for array in self.arrays.values())
        return (
            f"MidnightState(day={about.day}, seed={about.seed}, replication={about.replication}, "
            f"{len(self.arrays)} arrays, {size / 1e6:.1f} MB)"
        )

    def write(self, path: str | Path) -> Path:
        """Write it as a zip file of arrays in numpy's format (``.npz``) and two texts in JSON.

        Raises
        ------
        OSError
            If it cannot be written; then nothing is there.
        """

        def content(part: Path) -> None:
            with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
                file.writestr(_ABOUT, json.dumps(asdict(self.about)))
                file.writestr(_TREE, json.dumps([self.tree, list(self.arrays)], ensure_ascii=False))
                for number, array in enumerate(self.arrays.values()):
                    with file.open(f"{number}.npy", "w", force_zip64=True) as member:
                        np.lib.format.write_array(member, array, allow_pickle=False)

        return write_whole(Path(path), content)


def read_state(path: str | Path) -> MidnightState:
    """Read a state that was written.

    Raises
    ------
    InputError
        If it is no such file, or damaged.
    """
    try:
        with zipfile.ZipFile(path) as file:
            about = About(**json.loads(file.read(_ABOUT)))
            tree, names = json.loads(file.read(_TREE))
            arrays = dict[str, Any]()
            for number, name in enumerate(names):
                with file.open(f"{number}.npy") as member:
                    arrays[name] = np.lib.format.read_array(member, allow_pickle=False)
    except OSError as error:
        raise wrong(str(path), "", error.strerror, message("state_of_a_run")) from None
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
        raise wrong(str(path), "", str(error), message("state_of_a_run")) from None
    return MidnightState(about, tree, arrays)


def run_to_midnight(
    scenario: Scenario,
    strategy: StrategySpec,
    *,
    day: int,
    seed: int,
    replication: int = 0,
    recorder: Recorder | None = None,
) -> MidnightState:
    """Simulate one replication up to the midnight at which a day begins.

    Parameters
    ----------
    scenario : Scenario
    strategy : StrategySpec
    day : int
        From 0 (nothing has happened yet) to the number of days of the run.
    seed, replication : int
    recorder : Recorder, optional
        As in `simsupply.model.run_loop.run_replication`; whoever goes on has one of the same detail.

    Raises
    ------
    InputError
        If there is no such day.
    """
    days = scenario.settings.horizon_days
    if not 0 <= day <= days:
        raise wrong("run_to_midnight", "day", day, message("day_from_to", first=0, last=days))
    loop = loop_at_start(scenario, strategy, seed, replication, recorder)
    loop.run_to_midnight(day)
    assert isinstance(loop.engine, KernelEngine)
    loop.engine.trim()
    empty = recorder and Recorder(recorder.details, scenario, strategy, MemorySinks())
    start = loop_at_start(scenario, strategy, seed, replication, empty)
    tree, arrays = changes(loop, start)
    return MidnightState(_about(scenario, strategy, seed, replication, day, recorder), tree, arrays)


def go_on(
    state: MidnightState,
    scenario: Scenario,
    strategy: StrategySpec,
    *,
    seed: int | None = None,
    replication: int | None = None,
    recorder: Recorder | None = None,
    on_advance: Callable[[float], object] | None = None,
) -> Replication:
    """Go on from a state to the end of the run; the record is that of a run without a break, to the last bit.

    Parameters
    ----------
    state : MidnightState
    scenario, strategy
        Those of which it is the state.
    seed, replication : int, optional
        If given, those of which it must be the state.
    recorder, on_advance
        As in `simsupply.model.run_loop.run_replication`.

    Raises
    ------
    InputError
        If it is the state of another plan, seed, replication, detail or version of the code.
    """
    was = state.about
    seed, replication = was.seed if seed is None else seed, was.replication if replication is None else replication
    now = _about(scenario, strategy, seed, replication, was.day, recorder)
    problems = [
        Problem(key, getattr(now, key), message("as_in_the_state", value=getattr(was, key)), "go_on")
        for key in ("plan", "code", "seed", "replication", "detail")
        if getattr(now, key) != getattr(was, key)
    ]
    if problems:
        raise InputError(problems)
    loop = loop_at_start(scenario, strategy, seed, replication, recorder, on_advance)
    try:
        restore(loop, state.tree, state.arrays)
    except UnknownPart as error:
        raise wrong("go_on", "state", str(error), message("state_of_a_run")) from None
    return loop.run(was.day)


def _about(
    scenario: Scenario, strategy: StrategySpec, seed: int, replication: int, day: int, recorder: Recorder | None
) -> About:
    detail = ",".join(recorder.details) if recorder else SUMMARY
    return About(plan_key(scenario, strategy), code_version(), seed, replication, day, detail)
