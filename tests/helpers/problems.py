"""What a problem says was given."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from simsupply.base.catalogue import Message
from simsupply.base.problems import InputError, Problem


def value_of(problem: Problem) -> object:
    """The value itself, or the English words for it."""
    return problem.value.in_language("en") if isinstance(problem.value, Message) else problem.value


def problems_of(load: Callable[[], object]) -> list[Problem]:
    """What is refused when something is read."""
    with pytest.raises(InputError) as caught:
        load()
    return list(caught.value.problems)
