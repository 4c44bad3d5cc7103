"""What a name of a plan may be: of a place, crew, fleet, group of goods, channel, step, kind, trigger, shock, source.

A name is any text in any script. It is also part of a key, so everything that carries keys sets its limits, and they
are all kept here:

- keys of overrides, problems and provenance (``staffing.crews.打包.headcount``) and metrics (``wait_h.拣货.people``)
  are names with dots between them, so a name holds no dot. A name with a blank stands in double quotes on the command
  line (``'staffing.crews."day shift".headcount=3'``), so it holds none of those;
- words of the command line are a key, ``=`` and values with commas between them, and questions about a metric a method
  and a metric with a colon between them; tables list the steps of a crew with commas between them;
- a name may become part of that of a file (``morris_wait_h.拣货.people.png``) and of the key of a random number: no
  slash, nothing else that some system refuses in names of files, and no more bytes than these may have;
- a cell of digits alone is read as a number, by spreadsheets and by YAML: there is a letter in every name;
- readers of YAML act upon ``_``, ``hydra``, ``defaults`` and ``${``, legends of figures upon a leading ``_``.

CSV, Parquet and JSON take any text; a cell that a spreadsheet might compute is guarded when it is written
(`simsupply.base.text_cells`). What a name cannot hold can stand in its `title`.
"""

from __future__ import annotations

import csv
import unicodedata
from functools import cache
from typing import Annotated

from pydantic import AfterValidator

from simsupply.base.catalogue import Message, message
from simsupply.base.problems import Misfit

MOST_CHARACTERS = 60
SIGNS_REFUSED = '.,/\\=:"*?<>|'
MOST_BYTES = 180
"""In UTF-8; names of files have 255, some of which stand around a name."""
_RESERVED = frozenset(["hydra", "defaults"])
_JOINERS = "\u200c\u200d"  # between letters of some scripts
_BLANKS = " \u3000"
_UNSEEN = frozenset(["Cc", "Cf", "Cs", "Cn", "Zl", "Zp", "Zs"])


def misfit_of_name(name: str) -> Message | None:
    """What a text must be to be a name; None: it is one.

    >>> misfit_of_name("打包"), misfit_of_name("O'Brien's shop")
    (None, None)
    >>> misfit_of_name("gate 2.1").in_language("en")
    "a name without '.'; put it into the title, and a simpler name here"
    """
    if not name or name.strip() != name or name.strip(_BLANKS) != name:
        return message("name_begins_and_ends_with_a_sign")
    if len(name) > MOST_CHARACTERS:
        return message("name_at_most_characters", most=MOST_CHARACTERS, given=len(name))
    if (size := len(name.encode("utf-8", "replace"))) > MOST_BYTES:
        return message("name_at_most_bytes", most=MOST_BYTES, given=size)
    unseen = [sign for sign in name if unicodedata.category(sign) in _UNSEEN and sign not in _BLANKS + _JOINERS]
    if unseen:
        return message("name_without_control_characters", sign=f"U+{ord(unseen[0]):04X}")
    if refused := next((sign for sign in name if sign in SIGNS_REFUSED), None):
        return message("name_without_sign", sign=refused)
    if name.startswith("_") or name in _RESERVED or "${" in name:
        return message("name_acted_upon")
    if not any(sign.isalpha() for sign in name):
        return message("name_with_a_letter")
    return None


def _checked(name: str) -> str:
    if found := misfit_of_name(name):
        raise Misfit(found.code, **found.values)
    return name


Name = Annotated[str, AfterValidator(_checked)]
"""A name: see `misfit_of_name`."""


@cache
def split_key(key: str) -> tuple[str, ...]:
    """Names of a dotted key; a name with a dot or a blank stands in double quotes.

    >>> split_key('staffing.crews."a b".headcount')
    ('staffing', 'crews', 'a b', 'headcount')
    """
    return tuple(next(csv.reader([key], delimiter="."), ("",)))
