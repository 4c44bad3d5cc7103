"""Words of ``run``, ``compare`` and ``sweep``: options, and overrides, which are all others."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from simsupply.base.catalogue import message
from simsupply.base.language import Language, language_of_locale
from simsupply.base.problems import COMMAND_LINE, nearest, wrong

_OPTIONS = ("--multirun", "--help", "--cfg", "--config-dir")


@dataclass(frozen=True)
class CommandWords:
    """What the words ask for.

    Attributes
    ----------
    overrides : list of str
    is_multirun : bool
        A job for each combination of values.
    is_help, is_shown : bool
        Only show every key that can be set, or the composed configuration.
    folder : path or None
        Of further options.
    """

    overrides: list[str]
    is_multirun: bool
    is_help: bool
    is_shown: bool
    folder: Path | None


class _Parser(argparse.ArgumentParser):
    """Speaks no English of its own."""

    def error(self, message: str) -> NoReturn:
        raise _NotParsedError


class _NotParsedError(Exception):
    pass


def read_words(words: Sequence[str]) -> CommandWords:
    """Tell options from overrides.

    Raises
    ------
    InputError
        If there is no such option, or it lacks its value.
    """
    parser = _Parser(add_help=False, allow_abbrev=False)
    parser.add_argument("-m", "--multirun", action="store_true")
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("-c", "--cfg", nargs="?", const="")
    parser.add_argument("-cd", "--config-dir", nargs="?", const="")
    try:
        found, others = parser.parse_known_args(list(words))
    except _NotParsedError:
        given = [word for word in words if word.startswith("-")]
        raise wrong(COMMAND_LINE, "", " ".join(given), nearest(given[0], _OPTIONS)) from None
    for word in others:
        if word.startswith("-"):
            raise wrong(COMMAND_LINE, "", word, nearest(word.partition("=")[0], _OPTIONS))
    if found.cfg not in (None, "job"):
        raise wrong(COMMAND_LINE, "--cfg", found.cfg, nearest(found.cfg, ["job"]))
    folder = None if found.config_dir is None else Path(found.config_dir)
    if folder is not None and (not found.config_dir or not os.path.isdir(folder)):
        raise wrong(COMMAND_LINE, "--config-dir", found.config_dir, message("folder_of_options"))
    return CommandWords(others, found.multirun, found.help, found.cfg is not None, folder)


def help_text(command_help: str, command: str, config: Mapping[str, Any], folder: Path | None) -> str:
    """What a command does, options by group, and every key that can be set."""
    from simsupply.config.compose import as_yaml, options_of
    from simsupply.config.yaml_files import config_dir

    groups = sorted(path.name for path in config_dir().iterdir() if path.is_dir())
    options = [f"{group}: {', '.join(options_of(group, folder))}" for group in groups]
    return "\n".join(
        [
            command_help,
            "Options to choose from (group=option):",
            *options,
            "",
            "Every key that can be set (key=value; lists as [a,b]), with its value now:",
            "",
            as_yaml(config),
            f"simsupply {command} --cfg job [key=value ...]   this configuration alone",
            f"simsupply {command} --config-dir DIR ...        further options: DIR/GROUP/NAME.yaml, plain data",
        ]
    )


def language_of_words(words: Sequence[str]) -> Language:
    """Language of what is said before the words are read: that of the last ``language=``, else the locale's."""
    asked: dict[str, Language] = {"language=en": "en", "language=zh": "zh"}
    return next((asked[word] for word in reversed(words) if word in asked), language_of_locale())
