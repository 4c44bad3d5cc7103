"""Characters that figures could not show, said once by a command."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from simsupply.base.language import Language


@contextmanager
def undrawn_said(language: Language) -> Iterator[None]:
    """On leaving this context, name on standard error what no font could draw in it."""
    # Imported here: matplotlib takes a moment.
    from simsupply.figures.typeface import undrawn_characters, undrawn_message

    with undrawn_characters() as found:
        yield
    if found:
        print(undrawn_message(found).in_language(language), file=sys.stderr)
