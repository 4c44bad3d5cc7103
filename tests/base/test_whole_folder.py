"""Result folders: whole or not there, one writer at a time, and nothing of its user's is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from simsupply.base import whole_folder as module
from simsupply.base.file_locks import locked
from simsupply.base.problems import InputError, StoreError
from simsupply.base.whole_folder import WholeFolder, move_in, whole_folder
from tests.helpers.command_line import environment

OWN = ("list", "a", "b", "figures/c", "orders", *(f"d{number}" for number in range(20)))


def own(folder: Path) -> list[str]:
    """Files of a result, by its list; none where there is no list."""
    return [name for name in OWN if (folder / "list").exists() and (folder / name).exists()]


def write(folder: Path, text: str, names: tuple[str, ...] = ("a", "figures/c", "list")) -> None:
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)


def put(folder: Path, text: str, names: tuple[str, ...] = ("a", "figures/c", "list")) -> None:
    with whole_folder(folder, own, "list") as place, place.anew() as new:
        write(new, text, names)


def content(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(params=["exchange", "no exchange", "working in it"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A result of before; on a system with an exchange of folders, on one without, and where one works in it."""
    place = tmp_path / "up" / "out"
    put(place, "old", (*OWN[:4], "orders/day"))
    if request.param == "no exchange":
        monkeypatch.setattr(module, "_exchange", lambda first, other: False)
    if request.param == "working in it":
        monkeypatch.chdir(place)
    return place


def test_a_new_one_takes_the_place_of_the_old_one(folder: Path) -> None:
    """What the old one had and the new one has not is gone; the user's own files and folders stay, also in figures/."""
    (folder / "notes.txt").write_text("mine")
    (folder / "figures" / "photo.png").write_text("mine")
    (folder / "inside" / "deep").mkdir(parents=True)
    (folder / "inside" / "deep" / "x").write_text("mine")
    (folder / "link").symlink_to("nowhere")
    put(folder, "new")
    mine = {"notes.txt": "mine", "figures/photo.png": "mine", "inside/deep/x": "mine"}
    assert content(folder) == {"a": "new", "figures/c": "new", "list": "new", **mine}
    assert os.readlink(folder / "link") == "nowhere"
    # Nothing is left beside it.
    assert [path.name for path in folder.parent.iterdir()] == ["out"]
    assert {path.name for path in folder.iterdir()} == {"a", "figures", "list", "notes.txt", "inside", "link"}


def test_a_users_file_of_a_name_that_we_need_is_kept(folder: Path) -> None:
    (folder / "d").write_text("mine")
    put(folder, "new", ("d", "list"))
    assert content(folder) == {"d": "new", "list": "new", "d.kept": "mine"}
    # It is the user's from now on, whatever comes.
    put(folder, "newer")
    assert content(folder)["d.kept"] == "mine"


def test_a_folder_without_a_list_is_its_users(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "b").write_text("mine")
    put(tmp_path / "out", "new")
    assert content(tmp_path / "out") == {"a": "new", "figures/c": "new", "list": "new", "b": "mine"}


def fail(folder: Path, error: BaseException) -> None:
    with whole_folder(folder, own, "list") as place, place.anew() as new:
        write(new, "new", ("a",))
        raise error


@pytest.mark.parametrize("error", [OSError("full"), KeyboardInterrupt(), MemoryError()])
def test_what_comes_to_no_end_changes_nothing(folder: Path, error: BaseException) -> None:
    before = content(folder)
    with pytest.raises(type(error)):
        fail(folder, error)
    assert content(folder) == before
    assert [path.name for path in folder.parent.iterdir()] == ["out"]


def test_what_nothing_came_of_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="full"):
        fail(tmp_path / "not" / "there", OSError("full"))
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_put_in_place_is_kept_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: WholeFolder, new: Path, place: Path) -> None:
        raise OSError("gone")

    monkeypatch.setattr(WholeFolder, "_put", fail)
    with pytest.raises(StoreError, match=r"the whole result is in .*out\.") as found:
        put(tmp_path / "out", "new")
    (left,) = tmp_path.iterdir()
    assert str(left) in str(found.value)
    assert content(left)["a"] == "new"


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    """Also by another name of the same folder; the lock goes with its holder."""
    put(tmp_path / "out", "old")
    (tmp_path / "alias").symlink_to("out")
    with whole_folder(tmp_path / "out", own, "list"):
        for name in ("out", "alias", "../" + tmp_path.name + "/out"):
            with pytest.raises(InputError, match="no other command is writing to"):
                put(tmp_path / name, "new")
        put(tmp_path / "another", "new")
    put(tmp_path / "alias", "new")
    assert content(tmp_path / "out")["a"] == "new"
    assert (tmp_path / "alias").is_symlink()
    assert not list(tmp_path.glob(".*"))


def test_a_lock_is_waited_for(tmp_path: Path) -> None:
    with locked(tmp_path / "lock") as first, locked(tmp_path / "lock") as other:
        assert (first, other) == ("held", "taken")
    with locked(tmp_path / "lock", wait=True) as again:
        assert again == "held"
    assert not list(tmp_path.iterdir())


def test_permissions_are_those_of_the_umask_or_of_the_folder_before(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        put(tmp_path / "out", "old")
        assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700
        (tmp_path / "out").chmod(0o750)
        put(tmp_path / "out", "new")
        assert (tmp_path / "out").stat().st_mode & 0o777 == 0o750
    finally:
        os.umask(before)


def test_own_files_can_be_carried_over_and_changed(folder: Path) -> None:
    with whole_folder(folder, own, "list") as place, place.anew() as new:
        place.carry_over(new)
        (new / "b").unlink()
        (new / "b").write_text("new")
        assert (folder / "b").read_text() == "old"
    assert content(folder) == {"a": "old", "b": "new", "figures/c": "old", "list": "old", "orders/day": "old"}


def test_what_killed_writers_left_is_cleared_away_and_the_users_comes_back(tmp_path: Path) -> None:
    """A half-written folder goes. Killed just after the exchange, the old folder still has what is its user's."""
    folder = tmp_path / "out"
    put(folder, "new")
    (tmp_path / ".out.00000000.part").mkdir()
    write(tmp_path / ".out.00000000.part", "half", ("a",))
    (tmp_path / ".out.00000001.swap" / "inside").mkdir(parents=True)
    write(tmp_path / ".out.00000001.swap", "old", ("a", "b", "list"))
    (tmp_path / ".out.00000001.swap" / "inside" / "x").write_text("mine")
    (tmp_path / ".out.more.00000001.part").mkdir()  # of another folder
    put(folder, "newer")
    assert content(folder) == {"a": "newer", "figures/c": "newer", "list": "newer", "inside/x": "mine"}
    assert sorted(path.name for path in tmp_path.iterdir()) == [".out.more.00000001.part", "out"]


def test_moving_in_takes_everything_of_before_away_first(tmp_path: Path) -> None:
    place, new = tmp_path / "place", tmp_path / "new"
    place.mkdir()
    new.mkdir()
    write(place, "old", ("a", "b", "list", "mine"))
    write(new, "new", ("a", "figures/c", "list"))
    move_in(new, place, ["a", "b", "list", "not there"], "list")
    assert content(place) == {"a": "new", "figures/c": "new", "list": "new", "mine": "old"}


_REWRITE = """
import sys
from pathlib import Path
from tests.base.test_whole_folder import put
for number in range(int(sys.argv[2]), 10**9):
    put(Path(sys.argv[1]), str(number), ("a", "b", "figures/c", "list", *(f"d{k}" for k in range(20))))
"""


def killed_while_writing(folder: Path, delay_s: float, first: int) -> int:
    """Kill a process that writes one result after the other; the folder holds one of them whole: which?"""
    process = subprocess.Popen([sys.executable, "-c", _REWRITE, str(folder), str(first)], env=environment())
    try:
        limit = time.monotonic() + 60
        while not (folder / "list").exists() or int((folder / "list").read_text()) < first:
            assert time.monotonic() < limit
            time.sleep(0.002)
        time.sleep(delay_s)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    found = content(folder)
    assert found.pop("notes.txt") == "mine"
    assert len(found) == 24
    assert len(set(found.values())) == 1
    return int(found["a"])


def test_killed_at_any_moment_it_is_one_result_whole(tmp_path: Path) -> None:
    """In `tests/slow` twenty kills of a whole run's folder."""
    folder, last = tmp_path / "out", 0
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    for kill in range(4):
        last = killed_while_writing(folder, 0.013 * kill, last) + 1
    put(folder, "end")
    assert content(folder)["a"] == "end"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
