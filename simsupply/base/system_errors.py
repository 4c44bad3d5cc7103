"""What the operating system, or a library, says is the matter, in both languages."""

from __future__ import annotations

import csv
import errno

from simsupply.base.catalogue import Message, message

_REASONS: dict[int | None, Message] = {
    errno.ENOENT: message("no_such_file_or_directory"),
    errno.EACCES: message("permission_denied"),
    errno.EISDIR: message("is_a_directory"),
    errno.ENOTDIR: message("not_a_directory"),
    errno.ENOSPC: message("no_space_left"),
    errno.EROFS: message("read_only_file_system"),
    errno.EEXIST: message("file_exists"),
    errno.ENAMETOOLONG: message("file_name_too_long"),
    errno.EFBIG: message("file_over_limit"),
}


class RefusedFile(OSError):
    """A file that the operating system would open and we do not; whoever handles an `OSError` says why."""

    def __init__(self, said: Message) -> None:
        super().__init__(str(said))
        self.said = said


def reason(error: BaseException) -> Message:
    """Why something failed: the commonest errors of the operating system in words, any other as it says it itself."""
    if isinstance(error, RefusedFile):
        return error.said
    if isinstance(error, OSError):
        if error.errno in _REASONS:
            return _REASONS[error.errno]
        if error.strerror:
            return message("said_by_system", said=error.strerror)
    if isinstance(error, UnicodeDecodeError):
        return message("byte_at", byte=f"0x{error.object[error.start]:02x}", position=error.start)
    if isinstance(error, csv.Error):
        return message("csv_is_broken")
    return message("said_by_system", said=(str(error).strip() or type(error).__name__).splitlines()[0])
