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

    is_listed, words = _is_listed(words)
    files = [word for word in words if "=" not in word]
    names = [word for word in words if word.startswith(("scenario=", "strategy="))]
    if words and words[0] in ("-h", "--help"):
        print("usage: simsupply template FILE.yaml [scenario=NAME [listed=true] | strategy=NAME]")
        return 0
    if len(files) != 1 or len(names) > 1 or len(files) + len(names) < len(words):
        raise wrong(COMMAND_LINE, "template", " ".join(words), message("template_usage"))
    group, _, name = (names[0] if names else "scenario=subdistrict").partition("=")
    if is_listed and group != "scenario":
        raise wrong(COMMAND_LINE, "listed", True, message("listed_scenario"))
    path, contents = Path(files[0]), {}
    if path.suffix.lower() not in (".yaml", ".yml"):
        raise wrong(COMMAND_LINE, "template", files[0], message("yaml_file_name"))
    table = path.with_name(f"{path.stem}_drop_points.csv")
    if is_listed:
        from simsupply.config.listed_template import listed_template

        plan = listed_template(name, table.name)
        # The table first: a plan that is there is whole.
        contents = {table: f"\ufeff{plan.table}"} if plan.table is not None else {}
        contents[path] = plan.text
    else:
        contents = {path: template(group, name)}
    for file in contents:
        if file.exists():
            raise wrong(COMMAND_LINE, "template", str(file), message("new_file"))
    for file, text in contents.items():
        _write(file, text)
    if table in contents:
        print(message("table_written", path=table))
    print(message("template_written", path=path, group=group))
    return 0


def _is_listed(words: Sequence[str]) -> tuple[bool, list[str]]:
    """Whether places are to be listed, and the other words."""
    said = [word.partition("=")[2] for word in words if word.startswith("listed=")]
    for value in said:
        if value not in ("true", "false"):
            raise wrong(COMMAND_LINE, "listed", value, message("true_or_false"))
    return said[-1:] == ["true"], [word for word in words if not word.startswith("listed=")]


def _write(path: Path, text: str) -> None:
    try:
        write_whole(path, lambda part: part.write_text(text, encoding="utf-8"))
    except OSError as error:
        allowed = message("file_to_write", reason=reason(error))
        raise wrong(COMMAND_LINE, "template", str(path), allowed) from None
