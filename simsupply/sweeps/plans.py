"""What a sweep runs: its points, each checked and with the key of its content, before the first run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from simsupply.base.catalogue import message
from simsupply.base.problems import InputError, Problem, title_of, wrong
from simsupply.base.quantities import MAX_INTEGER
from simsupply.base.source_map import NO_PLACES, SourceMap
from simsupply.config.layers import with_places
from simsupply.config.load import fit
from simsupply.config.overrides import word_of
from simsupply.config.variations import Compose, is_plain_change
from simsupply.config.yaml_files import WORLD_SECTIONS
from simsupply.measures.metric_names import check_metric
from simsupply.strategy.plan_key import plan_key
from simsupply.sweeps.designs import Values
from simsupply.sweeps.worlds import Config, Worlds

_SETTINGS = ("seed",)
_MOST_SHOWN = 10
_SECTIONS = (*WORLD_SECTIONS, "strategy")


@dataclass(frozen=True)
class Point:
    """One point of a sweep.

    Attributes
    ----------
    values : dict
        The value of every parameter.
    base : int
        Which of the composed configurations it starts from.
    changes : dict
        What is changed in that, by dotted key.
    seed : int
    key : str
        Digest of all that is simulated (`simsupply.strategy.plan_key.plan_key`).
    """

    values: Values
    base: int
    changes: dict[str, Any]
    seed: int
    key: str


@dataclass(frozen=True)
class Plans:
    """All points of a sweep and the configurations that they start from.

    `largest` is the most memory that a run of one of them needs, bytes.
    """

    points: tuple[Point, ...]
    bases: tuple[Config, ...]
    largest: float

    @property
    def parameters(self) -> list[str]:
        """Keys that vary, in the order in which they were given."""
        return list(self.points[0].values)

    @property
    def name(self) -> str:
        """Digest of the points, which is the sweep's name in its store."""
        digest = blake2b(digest_size=8)
        for point in self.points:
            digest.update(f"{point.key} {point.seed} {sorted(map(repr, point.values.items()))}\n".encode())
        return digest.hexdigest()


def make_plans(
    rows: Sequence[Values],
    compose: Compose,
    *,
    seed: int,
    source: str,
    may_repeat: bool,
    metrics: Sequence[str] = (),
    places_of: Callable[[Values], SourceMap] = lambda row: NO_PLACES,
    step: Callable[[], object] = lambda: None,
) -> Plans:
    """Compose and check every point.

    Parameters
    ----------
    rows : sequence of dict
        The value of every parameter, point by point; ``seed`` may be among them.
    compose : callable
        Makes a configuration of overrides, with everything else that the sweep was given.
    may_repeat : bool
        Whether two points may be the same (a drawn design over whole numbers), and so share their runs.
    metrics : sequence of str
        Which every point is to have.
    places_of : callable
        Where the values of a point were written; called for points that have problems, up to ten of them.
    step : callable
        Called after each point, for a progress bar.

    Raises
    ------
    InputError
        With what is wrong with any of the points, up to ten problems.
    """
    composed: dict[tuple[str, ...], int] = {}
    bases: list[Config] = []
    parts = []
    for number, row in enumerate(rows):
        words = tuple(
            word_of(key, value)
            for key, value in row.items()
            if key not in _SETTINGS and not is_plain_change(key, value)
        )
        if words not in composed:
            config = compose(words)
            composed[words] = len(bases)
            bases.append({key: config[key] for key in _SECTIONS if key in config})
        changes = {key: value for key, value in row.items() if key not in _SETTINGS and is_plain_change(key, value)}
        parts.append((number, row, composed[words], changes))
    return _checked(parts, bases, seed, source, may_repeat, metrics, places_of, step)


def _checked(
    parts: Iterable[tuple[int, Values, int, dict[str, Any]]],
    bases: Sequence[Config],
    seed: int,
    source: str,
    may_repeat: bool,
    metrics: Sequence[str],
    places_of: Callable[[Values], SourceMap],
    step: Callable[[], object],
) -> Plans:
    from simsupply.model.estimates import check_estimate, estimate_bytes

    worlds = Worlds(bases)
    points: list[Point] = []
    seen: dict[tuple[str, int], int] = {}
    found: dict[tuple[str, str], list[tuple[int, Values, Problem]]] = {}
    largest = 0.0
    for number, row, base, changes in parts:
        try:
            scenario, strategy = worlds.checked(base, changes, source)
            fit(scenario, strategy)
            check_estimate(scenario, strategy)
            for metric in metrics:
                check_metric(metric, [strategy], source, "metrics", [scenario])
            point = Point(row, base, changes, _seed(row, seed), plan_key(scenario, strategy))
        except InputError as error:
            for problem in error.problems:
                # What is wrong with a key is said once, at the first point that has it.
                found.setdefault((problem.key, str(problem.allowed)), []).append((number, row, problem))
            if len(found) >= _MOST_SHOWN:
                break
            continue
        finally:
            step()
        first = seen.setdefault((point.key, point.seed), number)
        if first < number and not may_repeat:
            allowed = message("points_that_differ", number=first + 1)
            here = message("with_point", of=title_of(source), point=message("point", number=number + 1))
            raise wrong(here, "", in_words(row), allowed)
        largest = max(largest, estimate_bytes(scenario, strategy))
        points.append(point)
    if found:
        raise InputError(_first(alike, places_of, source) for alike in found.values())
    return Plans(tuple(points), tuple(bases), largest)


def _first(
    alike: Sequence[tuple[int, Values, Problem]], places_of: Callable[[Values], SourceMap], source: str
) -> Problem:
    """The first of several problems that differ in their point only, with its place."""
    number, row, first = alike[0]
    point = message("point", number=number + 1)
    if len(alike) > 1:
        point = message("point_and_more", number=number + 1, others=len(alike) - 1)
    try:
        (found,) = with_places([first], places_of(row), source)
    except InputError:
        found = first  # not to be composed as words either
    if found.line is None and not found.context:
        return replace(found, source=message("with_point", of=title_of(found.source), point=point))
    return replace(found, context=message("with_point", of=found.context, point=point) if found.context else point)


def _seed(row: Values, seed: int) -> int:
    found = row.get("seed", seed)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found < 2**63:
        raise wrong("sweep", "seed", found, message("whole_number_from_to", least=0, most=MAX_INTEGER))
    return found


def in_words(values: Mapping[str, Any]) -> str:
    """Values of a point as a user writes them."""
    return ", ".join(f"{key}={value}" for key, value in values.items())
