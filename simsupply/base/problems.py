"""The one error type for wrong input: where it is, what was given, what is allowed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an input.

    Parameters
    ----------
    source : str
        File name, or ``"command line"``, or the name of a built-in configuration.
    key : str
        Dotted path of the key, for instance ``scenario.households.count``; may be empty.
    value : object
        What was given.
    allowed : str
        What is allowed instead, in words.
    """

    source: str
    key: str
    value: object
    allowed: str

    def __str__(self) -> str:
        shown = repr(self.value)
        # A path is of no use cut short; a whole section is of no use written out.
        limit = 300 if isinstance(self.value, str) else 80
        if len(shown) > limit:
            shown = shown[: limit - 3] + "..."
        where = f"{self.source}: {self.key}" if self.key else self.source
        return f"{where}: got {shown}; allowed: {self.allowed}"


class InputError(Exception):
    """Raised when what a user gave cannot be used; carries every problem found.

    The command line prints it as one message and exits with status 2.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Problem, ...]]]:
        # An exception that another process raised is built again from its message otherwise.
        return type(self), (self.problems,)


class StoreError(Exception):
    """Raised when results cannot be stored or read for a reason that is nobody's input; what has finished is safe.

    The command line prints it as one message and exits with status 3.
    """


def wrong(source: str, key: str, value: object, allowed: str) -> InputError:
    """Build an `InputError` with a single problem."""
    return InputError([Problem(source, key, value, allowed)])


def nearest(name: str, valid: Iterable[str]) -> str:
    """Say which names are valid, the nearest one first.

    >>> nearest("standard_crate", ["individual_orders", "standard_crates"])
    "did you mean 'standard_crates'? valid: individual_orders, standard_crates"
    """
    names = sorted(set(valid))
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    hint = f"did you mean {close[0]!r}? " if close else ""
    return f"{hint}valid: {', '.join(names) or '(none)'}"
