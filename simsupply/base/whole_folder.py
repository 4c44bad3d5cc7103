"""Folders of results that are whole or not there, whoever reads them and whatever ends the writer.

A result is written to a hidden folder beside its place, ``.NAME.XXXXXXXX.part``, and the two folders are exchanged in
one step of the file system. So what is read at any moment is the old result whole or the new one whole. What users have
put into a folder stays in it.

Some folders cannot be exchanged: a mount point, the folder one works in, one whose parent cannot be written to, and any
folder on a system without such a step. There the new result is written inside, everything of the old one is taken away,
and then the new one comes in, its last file last: never a mix, but for some milliseconds neither.
"""

from __future__ import annotations

import ctypes
import filecmp
import os
import re
import secrets
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from simsupply.base.catalogue import message
from simsupply.base.file_locks import locked
from simsupply.base.files import sync
from simsupply.base.problems import COMMAND_LINE, StoreError, wrong
from simsupply.base.system_errors import reason

Own = Callable[[Path], Collection[str]]
"""Which files and whole folders in a result folder results consist of: paths relative to it, ``/`` between names."""
_AT_CWD, _EXCHANGE = -100, 2  # of Linux: fcntl.h, fs.h


@dataclass(frozen=True)
class WholeFolder:
    """The place of a result, while nobody else writes there (`whole_folder`).

    Attributes
    ----------
    folder : path
        As it was named.
    own : callable
        What in it results consist of; everything else is its user's.
    last : str
        The file that says whose the others are: last to come, first to go.
    """

    folder: Path
    own: Own
    last: str

    @contextmanager
    def anew(self) -> Iterator[Path]:
        """A new folder to write a result to, which takes the place of the old one at the end.

        If it comes to no end, the old one is as it was.

        Raises
        ------
        StoreError
            If the new result is whole, but cannot be put in place; it says where it is.
        """
        place = _real(self.folder)
        new = (place.parent if _can_exchange(place) else place) / _hidden(place)
        new.mkdir()
        try:
            yield new
            for path in new.rglob("*"):
                # What was linked over is on the disk already.
                if path.is_dir() or path.lstat().st_nlink == 1:
                    sync(path)
            try:
                self._put(new, place)
            except OSError as error:
                left = new.rename(new.with_name(f"{place.name}.{secrets.token_hex(4)}"))
                said = message("not_put_in_place", folder=self.folder, reason=reason(error), left=left)
                raise StoreError(said) from None
        finally:
            shutil.rmtree(new, ignore_errors=True)

    def carry_over(self, new: Path, names: Collection[str] | None = None) -> None:
        """Have what the old result consists of in a new one too; only these names, if they are given."""
        for name in self.own(self.folder) if names is None else names:
            if (self.folder / name).exists():
                link_all(self.folder / name, new / name)

    def _put(self, new: Path, place: Path) -> None:
        if not place.exists():
            new.rename(place)
            sync(place.parent)
            return
        shutil.copymode(place, new)
        if new.parent == place.parent:
            for name in _foreign(place, self.own(place)):
                if not _is_folder(place / name) and not os.path.lexists(new / name):
                    link_all(place / name, new / name)
            # From here on the hidden folder may hold what is its user's.
            swapped = new.with_suffix(".swap")
            new.rename(swapped)
            if _exchange(swapped, place):
                sync(place.parent)
                self._rescue(swapped, place)
                return
            swapped.rename(new)
        move_in(new, place, self.own(place), self.last)

    def _rescue(self, old: Path, place: Path) -> None:
        """Bring what is its user's from an old folder to the new one; the rest goes."""
        for name in _foreign(old, self.own(old)):
            _bring(old / name, place / name)
        left = old.rename(old.with_suffix(".part"))
        shutil.rmtree(left, ignore_errors=True)

    def tidy(self) -> None:
        """Clear away what writers that were killed have left here; what is its user's comes back."""
        place = _real(self.folder)
        ours = re.compile(rf"\.{re.escape(place.name)}\.[0-9a-f]{{8}}\.(part|swap)")
        for parent in (place.parent, place):
            with suppress(OSError):
                for left in [path for path in parent.iterdir() if ours.fullmatch(path.name)]:
                    if left.suffix == ".swap" and place.exists():
                        self._rescue(left, place)
                    else:
                        shutil.rmtree(left, ignore_errors=True)


@contextmanager
def whole_folder(folder: Path, own: Own, last: str) -> Iterator[WholeFolder]:
    """Have a result folder for oneself, or say why it cannot be written, before anything is run.

    Parameters
    ----------
    folder, own, last
        See `WholeFolder`.

    Raises
    ------
    InputError
        If another process writes to it, or it cannot be made or written to.
    """
    place = _real(folder)
    made = [path for path in place.parents if not path.exists()]
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = place.parent if _can_exchange(place) else place
        probe = beside / _hidden(place)
        probe.mkdir()
        probe.rmdir()
        if place.exists():
            (place / probe.name).mkdir()
            (place / probe.name).rmdir()
    except OSError as error:
        allowed = message("folder_to_write", reason=reason(error))
        raise wrong(COMMAND_LINE, "output", str(folder), allowed) from None
    try:
        with locked(beside / f".{place.name}.lock") as lock:
            if lock == "taken":
                raise wrong(COMMAND_LINE, "output", str(folder), message("folder_in_use"))
            found = WholeFolder(folder, own, last)
            if lock == "held":
                found.tidy()
            yield found
    finally:
        with suppress(OSError):
            for path in made:
                path.rmdir()  # if nothing came of it


def move_in(new: Path, place: Path, own: Collection[str], last: str) -> None:
    """Put files into a folder in place of its own ones: first those all go, then the new ones come, `last` last.

    Raises
    ------
    OSError
    """
    gone = place / _hidden(place)
    gone.mkdir()
    try:
        for name in sorted(own, key=last.__ne__):
            if os.path.lexists(place / name):
                (gone / name).parent.mkdir(parents=True, exist_ok=True)
                (place / name).rename(gone / name)
        paths = [path for path in new.rglob("*") if not _is_folder(path)]
        for path in sorted(paths, key=lambda path: path == new / last):
            target = place / path.relative_to(new)
            target.parent.mkdir(parents=True, exist_ok=True)
            if _is_same(path, target):
                continue
            if os.path.lexists(target):
                target.rename(_free(target))
            path.rename(target)
    finally:
        shutil.rmtree(gone, ignore_errors=True)


def _foreign(folder: Path, own: Collection[str], below: str = "") -> list[str]:
    """What in a folder is its user's: files, and folders in which nothing is ours."""
    found = []
    for path in sorted((folder / below).iterdir()):
        name = f"{below}{path.name}"
        if name in own:
            continue
        if _is_folder(path) and any(mine.startswith(f"{name}/") for mine in own):
            found += _foreign(folder, own, f"{name}/")
        else:
            found.append(name)
    return found


def _bring(path: Path, target: Path) -> None:
    """Move what is a user's to its place; what is there already stays, and what has its name there gets another."""
    if not os.path.lexists(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)
    elif _is_folder(path) and _is_folder(target):
        for below in path.iterdir():
            _bring(below, target / below.name)
    elif not _is_same(path, target):
        path.rename(_free(target))


def _is_same(path: Path, other: Path) -> bool:
    if path.is_symlink() or other.is_symlink():
        return path.is_symlink() and other.is_symlink() and path.readlink() == other.readlink()
    return path.is_file() and other.is_file() and filecmp.cmp(path, other)


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def link_all(path: Path, to: Path) -> None:
    """The same file, link or folder of files a second time; a copy where the file system has no links."""
    to.parent.mkdir(parents=True, exist_ok=True)
    if _is_folder(path):
        for below in path.iterdir():
            link_all(below, to / below.name)
        return
    try:
        os.link(path, to, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copy2(path, to, follow_symlinks=False)


def _free(path: Path) -> Path:
    """The path itself, or a name beside it that nothing has."""
    while os.path.lexists(path):
        path = path.with_name(f"{path.name}.kept")
    return path


def _hidden(place: Path) -> str:
    return f".{place.name}.{secrets.token_hex(4)}.part"


def _real(folder: Path) -> Path:
    """Where a folder is, behind links."""
    return Path(os.path.realpath(folder))


def _can_exchange(place: Path) -> bool:
    """Whether a folder can be put in the place of this one; the one that somebody works in would be gone."""
    if not os.access(place.parent, os.W_OK | os.X_OK):
        return not place.exists()
    return not (place.exists() and (place.samefile(Path.cwd()) or place.is_mount()))


def _exchange(first: Path, other: Path) -> bool:
    """Let two folders change places in one step; False where the system or file system cannot."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    rename.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint]
    return bool(rename(_AT_CWD, os.fsencode(first), _AT_CWD, os.fsencode(other), _EXCHANGE) == 0)
