"""``simsupply list``: what there is by name, with a few words about each."""

from __future__ import annotations

from collections.abc import Sequence

from simsupply.base.problems import COMMAND_LINE, nearest, wrong

LISTS = (
    "scenarios",
    "strategies",
    "channels",
    "demand",
    "staffing",
    "fleet",
    "vehicles",
    "goods",
    "tiers",
    "supply",
    "shocks",
    "experiments",
    "metrics",
)


def list_command(words: Sequence[str]) -> int:
    """Print the names of what there is, with their titles; return the exit status.

    Raises
    ------
    InputError
        If the words ask for something that is not listed.
    """
    from simsupply.config.yaml_files import built_in

    if words and words[0] in ("-h", "--help"):
        print(f"usage: simsupply list [{' | '.join(LISTS)}]")
        return 0
    if len(words) > 1 or (words and words[0] not in LISTS):
        raise wrong(COMMAND_LINE, "list", " ".join(words), nearest(words[0], LISTS))
    for kind in words or LISTS:
        if not words:
            print(f"{kind}:")
        if kind == "metrics":
            from simsupply.measures.metric_registry import ENTRIES

            rows = [(entry.name, f"[{entry.unit}] {entry.definition}") for entry in ENTRIES]
        else:
            plurals = {"scenarios": "scenario", "strategies": "strategy", "channels": "channel", "vehicles": "vehicle"}
            plurals["experiments"] = "experiment"
            group = plurals.get(kind, kind)
            rows = [(name, _first_words(group, name)) for name in built_in(group)]
        width = max(len(name) for name, _ in rows)
        for name, words_about in rows:
            print(f"  {name:<{width}}  {words_about}")
    return 0


def _first_words(group: str, name: str) -> str:
    """Title of a built-in option, or the first comment of its file."""
    import yaml

    from simsupply.config.yaml_files import config_dir

    text = (config_dir() / group / f"{name}.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    title = data.get("title") or data.get("scenario", {}).get("title") if isinstance(data, dict) else None
    if title:
        return f"{title['en']} / {title['zh']}"
    return next((line[1:].strip() for line in text.splitlines() if line.startswith("# ")), "")
