"""Where each value of an input was written: file, line, layer, and the comment on that line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

Layer = Literal["built-in", "own file", "override"]


@dataclass(frozen=True)
class Place:
    """Where one key was set.

    What is read from a table has a place too; its sheet and cell are to stand here beside the line.

    Parameters
    ----------
    file : str
        A built-in file as ``configs/fleet/box_vans.yaml``, a user's file as it was named, and of an override
        where it was given, for instance ``command line``.
    line : int or None
        Line in the file, from 1; None for an override.
    layer : {"built-in", "own file", "override"}
        Who set it.
    comment : str
        The comment on that line, without its ``#``; empty where there is none.
    """

    file: str
    line: int | None
    layer: Layer
    comment: str = ""


@dataclass(frozen=True)
class SourceFile:
    """A file that was read: its name as in `Place`, its layer, and the SHA-256 of its bytes."""

    file: str
    layer: Layer
    sha256: str


@dataclass(frozen=True, eq=False)
class SourceMap(Mapping[str, Place]):
    """Places by dotted key (``fleet.vans.shifts.0.start``), one for every leaf of an input.

    Attributes
    ----------
    leaves : mapping
        Places of values, empty lists and mappings among them.
    sections : mapping
        Places of the keys that hold others, and of keys that an override took away.
    files : tuple of SourceFile
        In the order in which they lie over each other, the lowest first; types of vehicles, which lie under
        fleets, come last.
    """

    leaves: Mapping[str, Place]
    sections: Mapping[str, Place]
    files: tuple[SourceFile, ...] = ()

    def __getitem__(self, key: str) -> Place:
        return self.leaves[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.leaves)

    def __len__(self) -> int:
        return len(self.leaves)

    def nearest(self, key: str) -> Place | None:
        """Place of a key, or of the nearest key around it; None where nothing of it is known."""
        while key:
            found = self.leaves.get(key) or self.sections.get(key)
            if found:
                return found
            key = key.rpartition(".")[0]
        return None

    def is_filled(self, section: str) -> bool:
        """Whether there is a value below a key."""
        return any(key.startswith(f"{section}.") for key in self.leaves)

    def of_problem(self, key: str) -> Place | None:
        """The place to look at where something is wrong with a key.

        What is wrong with a whole section comes of the override inside it, if there is one: all else was
        right without it.
        """
        if key not in self.leaves:
            below = (place for name, place in self.leaves.items() if name.startswith(f"{key}."))
            override = next((place for place in below if place.layer == "override"), None)
            if override:
                return override
        return self.nearest(key)

    def only(self, sections: Iterable[str]) -> SourceMap:
        """The part of the map that lies in some of the sections."""
        kept = set(sections)

        def of(places: Mapping[str, Place]) -> dict[str, Place]:
            return {key: place for key, place in places.items() if key.partition(".")[0] in kept}

        return replace(self, leaves=of(self.leaves), sections=of(self.sections))

    def beside(self, other: SourceMap) -> SourceMap:
        """Map of both: of this one's sections, and of the other's."""
        return SourceMap(
            {**self.leaves, **other.leaves}, {**self.sections, **other.sections}, (*self.files, *other.files)
        )


NO_PLACES = SourceMap({}, {})


def inputs_of(maps: Iterable[SourceMap]) -> dict[str, Any]:
    """What results were made of, as plain data for ``provenance.json``.

    Returns
    -------
    dict
        ``files``: those of which at least one value or section stands, with name, layer, SHA-256 and the sections
        (or settings) that they set; ``overrides``: keys that overrides set or took away.
    """
    files: dict[SourceFile, set[str]] = {}
    overrides: dict[str, None] = {}
    for source_map in maps:
        of_file: dict[str, set[str]] = {}
        for key, place in (*source_map.leaves.items(), *source_map.sections.items()):
            of_file.setdefault(place.file, set()).add(key.partition(".")[0])
            # A key that an override took away is a section without leaves.
            if place.layer == "override" and (key in source_map.leaves or not source_map.is_filled(key)):
                overrides[key] = None
        for file in source_map.files:
            if sections := of_file.get(file.file):
                files.setdefault(file, set()).update(sections)
    return {
        "files": [{**vars(file), "sections": sorted(sections)} for file, sections in files.items()],
        "overrides": list(overrides),
    }
