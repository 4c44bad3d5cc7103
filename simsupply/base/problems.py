"""The one error type for wrong input: where it is, what was given, what is allowed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from simsupply.base.catalogue import Message, message
from simsupply.base.language import Language, language_of_locale

COMMAND_LINE = "command line"
"""Source of what was wrong on the command line."""
MOST_SHOWN = 100
"""Problems of one input that are said; a file that is something else altogether has as many as lines."""
_TITLES: dict[str, Message] = {
    COMMAND_LINE: message("command_line"),
    "simulate": message("source_simulate"),
    "top_up": message("source_top_up"),
    "compare": message("source_compare"),
    "sweep": message("source_sweep"),
    "results": message("source_results"),
    "plot": message("source_plot"),
    "sensitivity": message("source_sensitivity"),
}


def title_of(source: str | Message) -> str | Message:
    """A source as readers see it: the command line and functions by their titles, files by their names."""
    return _TITLES.get(source, source) if isinstance(source, str) else source


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an input.

    Checks say what is wrong by key; reading (`simsupply.config`) adds the place at which the key was set.

    Parameters
    ----------
    key : str
        Dotted path of the key, for instance ``scenario.households.count``; may be empty.
    value : object
        What was given: the value itself, or a message that says it in words.
    allowed : Message
        What is allowed instead: a code of the catalogue with its values.
    source : str or Message, optional
        File name, `COMMAND_LINE`, the function that was called, or the name of a built-in configuration; a message
        where more is to be said of it.
    line : int, optional
        Line in that file, from 1.
    context : str or Message, optional
        What else tells where to look: which scenario with which strategy, which point of a sweep.
    """

    key: str
    value: object
    allowed: Message | str
    source: str | Message = ""
    line: int | None = None
    context: str | Message = ""

    def in_language(self, language: Language) -> str:
        """One sentence: where, what was given, what is allowed."""
        shown = self._shown(language)
        # A path is of no use cut short; a whole section is of no use written out.
        limit = 300 if isinstance(self.value, str | Message) else 80
        if len(shown) > limit:
            shown = shown[: limit - 3] + "..."
        source = title_of(self.source)
        if self.line is not None:
            source = message("at_line", source=source, line=self.line)
        if self.context:
            source = message("in_context", source=source, context=self.context)
        if isinstance(source, Message):
            source = source.in_language(language)
        where = (": " if language == "en" else "：").join(part for part in (source, self.key) if part)
        return message("problem", where=where, shown=shown, allowed=self.allowed).in_language(language)

    def _shown(self, language: Language) -> str:
        if self.value is None:
            return message("no_value").in_language(language)
        if not isinstance(self.value, Message):
            return repr(self.value)
        text = self.value.in_language(language)
        return f"“{text}”" if language == "zh" else repr(text)

    def __str__(self) -> str:
        return self.in_language(language_of_locale())


class InputError(Exception):
    """Raised when what a user gave cannot be used; carries every problem found.

    The command line prints it as one message and exits with status 2. As text it is in the language of the locale.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def in_language(self, language: Language) -> str:
        """The message, a line for each of the first problems, and whether there are others."""
        lines = [problem.in_language(language) for problem in self.problems[:MOST_SHOWN]]
        if len(self.problems) > MOST_SHOWN:
            lines.append(message("and_other_problems").in_language(language))
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.in_language(language_of_locale())


class StoreError(Exception):
    """Raised when results cannot be stored or read for a reason that is nobody's input; what has finished is safe.

    The command line prints it as one message and exits with status 3. As text it is in the language of the locale.
    """

    def __init__(self, said: Message) -> None:
        self.said = said
        super().__init__(said)

    def in_language(self, language: Language) -> str:
        """What is the matter."""
        return self.said.in_language(language)

    def __str__(self) -> str:
        return self.in_language(language_of_locale())


class Misfit(ValueError):
    """A value of one field that is not allowed; raised by validators of specifications, which give it its key.

    Parameters
    ----------
    code : str
        Text of the catalogue that says what is allowed.
    **values
        Values of its placeholders.
    """

    def __init__(self, code: str, **values: object) -> None:
        self.allowed = message(code, **values)
        super().__init__(code)

    def __str__(self) -> str:
        return str(self.allowed)


class Misfits(ValueError):
    """Fields of one specification that do not fit each other, each with its own key.

    Parameters
    ----------
    *found : tuple of (str, object, Message)
        Key below the specification (or the field; empty: this itself), value, and what is allowed.
    """

    def __init__(self, *found: tuple[str, object, Message | str]) -> None:
        self.found = found
        super().__init__("; ".join(f"{key}: {allowed}" for key, _, allowed in found))


def allowed_by(error: ValueError) -> Message | str:
    """What is allowed, said by an error about a single value."""
    return error.allowed if isinstance(error, Misfit) else str(error)


def wrong(source: str | Message, key: str, value: object, allowed: Message | str) -> InputError:
    """Build an `InputError` with a single problem."""
    return InputError([Problem(key, value, allowed, source)])


@contextmanager
def found_in(source: str | Message) -> Iterator[None]:
    """Say of each problem that has no source yet that it is in this one."""
    try:
        yield
    except InputError as error:
        raise InputError(sourced(error.problems, source)) from None


def sourced(problems: Iterable[Problem], source: str | Message) -> list[Problem]:
    """Problems with their source, where they have none yet."""
    return [problem if problem.source else replace(problem, source=source) for problem in problems]


def nearest(name: str, valid: Iterable[str]) -> Message:
    """Say which names are valid, the nearest one first.

    >>> nearest("standard_crate", ["individual_orders", "standard_crates"]).in_language("en")
    "did you mean 'standard_crates'? valid: individual_orders, standard_crates"
    """
    names = sorted(set(valid))
    if not names:
        return message("no_valid_names")
    close = closest(name, names)
    return message("nearest_name", close=close[0], valid=names) if close else message("valid_names", valid=names)


def closest(name: str, valid: Iterable[str]) -> list[str]:
    """The valid name that is nearest to one, or begins with it, if any is near enough to be what was meant.

    >>> closest("atendance", ["attendance", "engine"]), closest("atendance", ["engine", "staffing"])
    (['attendance'], [])
    >>> closest("repl", ["replications", "seed"])
    ['replications']
    """
    names = sorted(valid)
    longer = sorted((whole for whole in names if len(name) > 2 and whole.startswith(name)), key=len)
    # Half of a short name is a letter or two.
    return longer[:1] or difflib.get_close_matches(name, names, n=1, cutoff=0.5 if len(name) <= 4 else 0.6)
