"""What a user should know of an input that was taken as it is: said once, beside the results."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from simsupply.base.catalogue import Message


class Notice(UserWarning):
    """How an input was understood, where that is not plain from the input itself."""


_collected: ContextVar[dict[str, Message] | None] = ContextVar("notices", default=None)


@contextmanager
def notices() -> Iterator[dict[str, Message]]:
    """Collect notices inside this context, each once, for a command to say; elsewhere they are Python's warnings."""
    found: dict[str, Message] = {}
    token = _collected.set(found)
    try:
        yield found
    finally:
        _collected.reset(token)


def notice(said: Message) -> None:
    """Let the user know."""
    found = _collected.get()
    if found is None:
        warnings.warn(str(said), Notice, stacklevel=2)
    else:
        found.setdefault(said.in_language("en"), said)
