"""What a sweep shows of its store: table, figures and answers, put beside the runs together, of one sweep at a time.

The runs are the result; these files are made of them anew whenever the sweep's command is given again. Several sweeps
may share a folder, at the same time too, so all of them change together: ``shown.json`` says of which sweep they are.
"""

from __future__ import annotations

import json
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from simsupply.base.file_locks import locked
from simsupply.base.files import write_json
from simsupply.base.whole_folder import link_all, move_in
from simsupply.sweeps.sweep_record import Record

_SHOWN = "shown.json"
_ABANDONED_S = 24 * 3600.0


@dataclass(frozen=True)
class ShownFiles:
    """Files that are written to `new` and put into `folder` when they are complete, and again when there are more."""

    folder: Path
    new: Path
    record: Record

    def put(self) -> None:
        """Put all that was written in the place of what was shown before.

        Raises
        ------
        OSError
        """
        files = [path.relative_to(self.new).as_posix() for path in sorted(self.new.rglob("*")) if path.is_file()]
        about = {"sweep": self.record.name, "replications": self.record.settings.replications, "code": self.record.code}
        write_json(self.new / _SHOWN, {**about, "files": [name for name in files if name != _SHOWN]})
        with locked(self.folder / ".shown.lock", wait=True):
            put = self.new.with_name(f".shown.{secrets.token_hex(4)}.part")
            try:
                link_all(self.new, put)
                move_in(put, self.folder, _shown_before(self.folder), _SHOWN)
            finally:
                shutil.rmtree(put, ignore_errors=True)


@contextmanager
def shown_files(folder: Path, record: Record) -> Iterator[ShownFiles]:
    """A place to write them to, inside the store's folder."""
    for left in folder.glob(".shown.*.part"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _ABANDONED_S:
                shutil.rmtree(left, ignore_errors=True)
    new = folder / f".shown.{secrets.token_hex(4)}.part"
    new.mkdir()
    try:
        yield ShownFiles(folder, new, record)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _shown_before(folder: Path) -> set[str]:
    """Files that a sweep has shown before; other files are their user's."""
    try:
        files = json.loads((folder / _SHOWN).read_text(encoding="utf-8"))["files"]
        return {_SHOWN, *map(str, files)}
    except (OSError, ValueError, KeyError, TypeError):
        # Of a version that did not list them.
        figures = [path for path in folder.glob("figures/*") if path.suffix in (".png", ".svg")]
        found = [folder / "table.csv", *figures, *folder.glob("sensitivity/*.csv")]
        return {_SHOWN, *(path.relative_to(folder).as_posix() for path in found if path.exists())}
