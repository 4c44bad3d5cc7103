"""What a run may keep besides its measures: the words of `detail`, and the tables of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

from simsupply.base.catalogue import message
from simsupply.base.problems import InputError, Misfits, Problem, nearest

DetailWord = Literal["stages", "orders", "trips"]
Detail = Literal["summary", "stages", "orders", "trips"] | Sequence[DetailWord]
DETAILS: tuple[DetailWord, ...] = get_args(DetailWord)
SUMMARY = "summary"
TABLES_OF: dict[DetailWord, tuple[str, ...]] = {
    "stages": ("stages",),
    "orders": ("orders", "time_in_system"),
    "trips": ("trips", "stops", "levels"),
}
"""Tables that each word keeps, each a folder of the same name with a file for each replication and day."""


def details_of(detail: object, source: str = "simulate") -> tuple[DetailWord, ...]:
    """What `detail` asks for, each once, in a fixed order; none for ``summary``.

    Parameters
    ----------
    detail : str or sequence of str
        ``summary``, or one or several of `DETAILS`; none is the same as ``summary``.
    source : str
        File or function, for messages.

    Raises
    ------
    InputError
        With every word that is unknown, there twice, or beside ``summary``.
    """
    is_one = not isinstance(detail, list | tuple)
    words = [detail] if is_one else list(detail)  # type: ignore[call-overload]
    problems = []
    for number, word in enumerate(words):
        if word not in (SUMMARY, *DETAILS):
            allowed = nearest(str(word), (SUMMARY, *DETAILS))
        elif word in words[:number]:
            allowed = message("detail_once")
        elif word == SUMMARY and len(words) > 1:
            allowed = message("summary_alone", valid=DETAILS)
        else:
            continue
        problems.append(Problem("detail" if is_one else f"detail.{number}", word, allowed, source))
    if problems:
        raise InputError(problems)
    return tuple(word for word in DETAILS if word in words)


def detail_words(detail: object) -> tuple[DetailWord, ...]:
    """The same as `details_of`, for a field of a specification.

    Raises
    ------
    Misfits
    """
    try:
        return details_of(detail)
    except InputError as error:
        found = [(problem.key.partition(".")[2], problem.value, problem.allowed) for problem in error.problems]
        raise Misfits(*found) from None


def written(details: Sequence[DetailWord]) -> str | list[str]:
    """The same as it stands in a configuration, in one way only."""
    if len(details) > 1:
        return list(details)
    return details[0] if details else SUMMARY


def tables_of(details: Sequence[DetailWord]) -> tuple[str, ...]:
    """Tables that are kept."""
    return tuple(table for word in details for table in TABLES_OF[word])
