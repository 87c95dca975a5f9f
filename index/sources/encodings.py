"""From the bytes of a file to its text, whatever encoding it was written in."""

from __future__ import annotations

import codecs
import gzip
import zlib
from pathlib import Path
from typing import IO, cast

from charset_normalizer import from_bytes

from index.errors import UnreadableSource
from index.language import detect

LARGEST_TEXT = 64 * 1024 * 1024
"""Bytes of a file, unpacked, that is one article; more is no article but a mistake or an attack."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WINDOWS_1250 = frozenset({"cs", "hr", "hu", "pl", "ro", "sk", "sl", "sq"})
_WINDOWS_1257 = frozenset({"et", "lt", "lv"})
_SAMPLE = 64 * 1024
_LATIN_SHARE = 0.7  # of non-Latin scripts in one-byte encodings, hardly a letter is ASCII


def open_bytes(path: Path) -> IO[bytes]:
    """Open a file for reading, unpacking it when its name ends in .gz."""
    if path.suffix == ".gz":
        return cast("IO[bytes]", gzip.open(path, "rb"))
    return path.open("rb")


def read_bytes(path: Path) -> bytes:
    """The whole file, unpacked. Raises UnreadableSource, also when it is too large."""
    try:
        with open_bytes(path) as file:
            data = file.read(LARGEST_TEXT + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableSource(str(path), reason_of(error)) from error
    if len(data) > LARGEST_TEXT:
        raise UnreadableSource(str(path), f"is larger than {LARGEST_TEXT // 2**20} MB")
    return data


def reason_of(error: Exception) -> str:
    """Why a file could not be read, in words that need no traceback."""
    if isinstance(error, gzip.BadGzipFile | EOFError | zlib.error):
        return "is damaged or cut short (gzip)"
    strerror = getattr(error, "strerror", None)
    return f"cannot be read: {strerror or error}"


def decode(data: bytes, origin: str) -> str:
    """The text of a file: by its byte order mark, as UTF-8, else by what the bytes look like.

    Raises UnreadableSource for data that is no text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    wide = _encoding_by_nulls(data)
    if wide:
        return data.decode(wide, "replace")
    if b"\0" in data:
        raise UnreadableSource(origin, "is no text but binary data")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(_legacy_encoding(data[:_SAMPLE]), "replace")


def _encoding_by_nulls(data: bytes) -> str | None:
    """UTF-16 without a mark: in Western text, every other byte is zero."""
    sample = data[:_SAMPLE]
    low, high = sample[1::2].count(0), sample[::2].count(0)
    if low > len(sample) * 0.3 and high < low / 10:
        return "utf-16-le"
    if high > len(sample) * 0.3 and low < high / 10:
        return "utf-16-be"
    return None


def _legacy_encoding(data: bytes) -> str:
    """One-byte encodings of Latin script differ in few letters: the language tells them apart."""
    text = data.decode("ascii", "ignore")
    if sum(map(str.isalpha, text)) < len(data) * _LATIN_SHARE:
        best = from_bytes(data).best()
        return best.encoding if best else "cp1252"
    language = detect(text)
    if language in _WINDOWS_1250:
        has_windows_letters = any(0x80 <= byte < 0xA0 for byte in data)
        return "cp1250" if has_windows_letters else "iso8859-2"
    if language in _WINDOWS_1257:
        return "cp1257"
    return "cp1254" if language == "tr" else "cp1252"
