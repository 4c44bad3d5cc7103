"""Text of users' files in the encodings in which China writes: UTF-8, UTF-16 and GB18030."""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from dataclasses import dataclass
from hashlib import sha256

from simsupply.base.catalogue import message
from simsupply.base.notices import notice


@dataclass(frozen=True)
class FileText:
    """Text of a file, and the SHA-256 of its bytes."""

    text: str
    sha256: str


def text_of_file(content: bytes, file: str) -> FileText:
    """Decode a file's bytes; an encoding other than UTF-8 is told to the user.

    A byte order mark decides. Without one it is UTF-8 if it can be, as text in another encoding hardly ever can, else
    GB18030 (which holds GB 2312 and GBK), the encoding of Chinese Windows and Excel.

    Parameters
    ----------
    content : bytes
    file : str
        Its name, for what is told.

    Raises
    ------
    UnicodeDecodeError
        If it is no text in any of these.
    """
    digest = sha256(content).hexdigest()
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text, encoding = _text(content, "utf-16"), "UTF-16"
    else:
        try:
            # A mark in front is left for readers of YAML to pass over, so that columns stay those of the file.
            return FileText(_text(content, "utf-8"), digest)
        except UnicodeDecodeError as error:
            if content.startswith(codecs.BOM_UTF8) or b"\0" in content:
                raise
            text, encoding = _text_in_gb18030(content, error), "GB18030"
    notice(message("read_in_encoding", file=file, encoding=encoding))
    return FileText(text, digest)


def _text(content: bytes, encoding: str) -> str:
    text = content.decode(encoding)
    if "\0" in text:
        # No text has this; UTF-16 without a mark is full of it.
        at = content.index(b"\0")
        raise UnicodeDecodeError(encoding, content, at, at + 1, "a null character")
    return text


def _text_in_gb18030(content: bytes, not_utf8: UnicodeDecodeError) -> str:
    """Text in GB18030; bytes of something else mostly give characters that no text has."""
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        raise not_utf8 from None
    if any(unicodedata.category(character) in ("Cc", "Cn", "Co") and character not in "\t\n\r" for character in text):
        raise not_utf8
    return text


def rows_of_csv(content: bytes, file: str) -> list[tuple[int, list[str]]]:
    """Rows of a file of values separated by commas or, if its first row has any, by tabs, with their line numbers.

    Empty rows are left out.

    Raises
    ------
    UnicodeDecodeError, csv.Error
        If it cannot be read.
    """
    text = text_of_file(content, file).text.removeprefix("\ufeff")
    first = next((line for line in text.splitlines() if line.strip()), "")
    if is_tabbed := "\t" in first:
        notice(message("separated_by_tabs", file=file))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if is_tabbed else ",")
    return [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
