"""Titles of crews and fleets as a plan gives them, in English and in Chinese."""

from __future__ import annotations

from collections import Counter

from simsupply.base.language import Language, display_name
from simsupply.scenario.world_spec import WorldSpec


def staff_titles(spec: WorldSpec, language: Language) -> dict[str, str]:
    """Titles of all crews and fleets by name; one that has none is shown under its own name.

    Two of the same title are told apart by their names.
    """
    titles = {name: crew.title for name, crew in spec.staffing.crews.items()}
    titles |= {name: fleet.title for name, fleet in spec.fleet.items()}
    found = {
        name: display_name(name) if title is None else title.in_language(language) for name, title in titles.items()
    }
    times = Counter(found.values())
    return {name: title if times[title] == 1 else f"{title} ({name})" for name, title in found.items()}
