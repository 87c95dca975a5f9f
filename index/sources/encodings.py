"""From the bytes of a file to its text, whatever encoding it was written in."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes

from index.errors import UnreadableSource
from index.language import detect

AS_WINDOWS = "as-windows-1252"
"""How to decode a stream that does not stay in the encoding in which it began: `errors`."""

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


def decode(data: bytes, origin: str) -> str:
    """The text of a file: by its byte order mark, as UTF-8, else by what the bytes look like.

    Raises UnreadableSource for data that is no text.
    """
    marked = _marked_encoding(data) or _encoding_by_nulls(data)
    if marked:
        return data.decode(marked, "replace").removeprefix("\ufeff")
    if b"\0" in data:
        raise UnreadableSource(origin, "is no text but binary data")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(_legacy_encoding(data[:_SAMPLE]), "replace")


def encoding_of(beginning: bytes, origin: str) -> str:
    """The encoding of a longer text by its beginning, decided as in `decode`.

    A byte order mark is left in the text. Raises UnreadableSource for data that is no text.
    """
    marked = _marked_encoding(beginning) or _encoding_by_nulls(beginning)
    if marked:
        return marked
    if b"\0" in beginning:
        raise UnreadableSource(origin, "is no text but binary data")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(beginning)  # it may end within a letter
    except UnicodeDecodeError:
        return _legacy_encoding(beginning[:_SAMPLE])
    return "utf-8"


def _marked_encoding(data: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(AS_WINDOWS, _as_windows)


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
