"""Methods that are functions now: a script that still calls one is told the function's name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar


class MovedMethods:
    """Names the function that took the place of a method.

    Attributes
    ----------
    moved : mapping
        From the name of each former method to how the function is called now.
    """

    moved: ClassVar[Mapping[str, str]] = {}

    # Hidden from type checkers, which would take every name to be there.
    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            call = type(self).moved.get(name)
            if call is None:
                # As if this method were not here: the error of a property that failed, or the usual one.
                return object.__getattribute__(self, name)
            raise AttributeError(f"{type(self).__name__} has no method {name!r} any more: use simsupply.{call}")
