"""``simsupply template``: a built-in scenario or strategy as a file of one's own to start from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from simsupply.base.catalogue import Message, message
from simsupply.base.files import write_whole
from simsupply.base.language import Language, language_of_locale
from simsupply.base.problems import COMMAND_LINE, wrong
from simsupply.base.system_errors import reason

USAGE = "usage: simsupply template FILE.yaml [scenario=NAME [listed=true] | strategy=NAME] [key=value ...]"


def template_command(words: Sequence[str]) -> int:
    """Write the file; return the exit status.

    Raises
    ------
    InputError
        If the words are wrong, the file exists or cannot be written.
    """
    from simsupply.config.template_language import in_one_language
    from simsupply.config.templates import changed_template
    from simsupply.config.yaml_files import template
    from simsupply.scenario.world_spec import WorldSpec
    from simsupply.strategy.channels import StrategySpec

    if words and words[0] in ("-h", "--help"):
        print(USAGE)
        return 0
    listed, words = _option("listed", ("true", "false"), message("true_or_false"), words)
    language, words = _option("language", ("en", "zh", "both"), message("language_or_both"), words)
    files = [word for word in words if "=" not in word and not word.startswith("~")]
    names = [word for word in words if word.startswith(("scenario=", "strategy="))]
    overrides = [word for word in words if word not in files and word not in names]
    if len(files) != 1 or len(names) > 1:
        raise wrong(COMMAND_LINE, "template", " ".join(words), message("template_usage"))
    group, _, name = (names[0] if names else "scenario=subdistrict").partition("=")
    if listed == "true" and group != "scenario":
        raise wrong(COMMAND_LINE, "listed", True, message("listed_scenario"))
    path, contents, scenario = Path(files[0]), dict[Path, str](), None
    if path.suffix.lower() not in (".yaml", ".yml"):
        raise wrong(COMMAND_LINE, "template", files[0], message("yaml_file_name"))
    text = template(group, name)
    if overrides:
        text, scenario = changed_template(group, name, overrides)
    table = path.with_name(f"{path.stem}_drop_points.csv")
    if listed == "true":
        from simsupply.config.listed_template import listed_template

        plan = listed_template(name, table.name, " ".join([name, *overrides]), text, scenario)
        text = plan.text
        # The table first: a plan that is there is whole.
        contents = {table: f"\ufeff{plan.table}"} if plan.table is not None else {}
    if language in ("en", "zh"):
        text = in_one_language(text, cast("Language", language), WorldSpec if group == "scenario" else StrategySpec)
    contents[path] = text
    spoken = cast("Language", language) if language in ("en", "zh") else language_of_locale()
    for file in contents:
        if file.exists():
            raise wrong(COMMAND_LINE, "template", str(file), message("new_file"))
    for file, text in contents.items():
        _write(file, text)
    if table in contents:
        print(message("table_written", path=table).in_language(spoken))
    print(message("template_written", path=path, group=group).in_language(spoken))
    return 0


def _option(
    name: str, values: Sequence[str], allowed: Message, words: Sequence[str]
) -> tuple[str | None, Sequence[str]]:
    """What is said of the file itself (the last word holds; None: nothing), and the other words."""
    said = [word.partition("=")[2] for word in words if word.startswith(f"{name}=")]
    for value in said:
        if value not in values:
            raise wrong(COMMAND_LINE, name, value, allowed)
    return (said[-1] if said else None), [word for word in words if not word.startswith(f"{name}=")]


def _write(path: Path, text: str) -> None:
    try:
        write_whole(path, lambda part: part.write_text(text, encoding="utf-8"))
    except OSError as error:
        allowed = message("file_to_write", reason=reason(error))
        raise wrong(COMMAND_LINE, "template", str(path), allowed) from None
