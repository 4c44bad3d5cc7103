"""``simsupply template``: a built-in scenario or strategy as a file of one's own to start from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from simsupply.base.catalogue import message
from simsupply.base.files import write_whole
from simsupply.base.problems import COMMAND_LINE, wrong
from simsupply.base.system_errors import reason


def template_command(words: Sequence[str]) -> int:
    """Write the file; return the exit status.

    Raises
    ------
    InputError
        If the words are wrong, the file exists or cannot be written.
    """
    from simsupply.config.yaml_files import template

    files = [word for word in words if "=" not in word]
    names = [word for word in words if word.startswith(("scenario=", "strategy="))]
    if words and words[0] in ("-h", "--help"):
        print("usage: simsupply template FILE.yaml [scenario=NAME | strategy=NAME]")
        return 0
    if len(files) != 1 or len(names) > 1 or len(files) + len(names) < len(words):
        raise wrong(COMMAND_LINE, "template", " ".join(words), message("template_usage"))
    group, _, name = (names[0] if names else "scenario=subdistrict").partition("=")
    path, text = Path(files[0]), template(group, name)
    if path.exists():
        raise wrong(COMMAND_LINE, "template", files[0], message("new_file"))
    if path.suffix.lower() not in (".yaml", ".yml"):
        raise wrong(COMMAND_LINE, "template", files[0], message("yaml_file_name"))
    try:
        write_whole(path, lambda part: part.write_text(text, encoding="utf-8"))
    except OSError as error:
        allowed = message("file_to_write", reason=reason(error))
        raise wrong(COMMAND_LINE, "template", files[0], allowed) from None
    print(message("template_written", path=path, group=group))
    return 0
