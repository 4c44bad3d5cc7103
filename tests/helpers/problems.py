"""What a problem says was given."""

from __future__ import annotations

from simsupply.base.catalogue import Message
from simsupply.base.problems import Problem


def value_of(problem: Problem) -> object:
    """The value itself, or the English words for it."""
    return problem.value.in_language("en") if isinstance(problem.value, Message) else problem.value
