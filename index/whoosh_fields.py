"""What a Whoosh index of articles holds: its fields, and how positions and records are packed.

| field      | a term is                  | with its posting comes             |
|------------|----------------------------|------------------------------------|
| text       | a stem, NUL, a word        | where it stands (`pack_positions`) |
| id         | an article id              | nothing                            |
| facet_NAME | a value of the facet       | its weight                         |
| record     | a column, see `Record`     |                                    |

Stories are a facet here. Values are kept as articles give them; what they are called is in a
file beside (`index.whoosh_names`), so that other names need no article again.

Terms are UTF-8. The words of one stem stand together, so that one field answers both what has a
stem and which words there are. Title and body share their postings, because BM25F saturates the
sum of their frequencies and a document frequency counts articles with the word in either.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from whoosh.columns import VarBytesColumn
from whoosh.fields import COLUMN, FieldType, Schema
from whoosh.formats import Existence, Format

from index.articles import FACETS, STORY, Document
from index.tokens import stem, words

TEXT, ID, RECORD = "text", "id", "record"
IN_BODY = 1 << 31
"""Added to the positions of the body, so that they never touch those of the title."""

_NO_DATE = -(1 << 63)
_FIXED = struct.Struct("<qI")


class Terms(FieldType):  # type: ignore[misc]  # Whoosh has no types
    """A field that is given its terms and posting values ready-made, as pairs of bytes."""

    def index(self, value: Iterable[tuple[bytes, bytes]], **_: Any) -> Iterator[Any]:
        """(term, frequency, weight, posting value), as Whoosh asks every field."""
        return ((term, 1, 1.0, payload) for term, payload in value)


class Values(FieldType):  # type: ignore[misc]  # Whoosh has no types
    """A field that is given its terms and their weights, 1 to 255, as pairs."""

    def index(self, value: Iterable[tuple[bytes, int]], **_: Any) -> Iterator[Any]:
        """(term, frequency, weight, posting value), as Whoosh asks every field."""
        return ((term, 1, float(weight), b"") for term, weight in value)


class Record(NamedTuple):
    """What is known of an article by its document number; length in words."""

    article_id: str
    language: str
    published: int | None
    length: int

    def pack(self) -> bytes:
        """Twelve bytes of numbers, then language, NUL and id."""
        published = _NO_DATE if self.published is None else self.published
        return _FIXED.pack(published, self.length) + encode(f"{self.language}\0{self.article_id}")

    @classmethod
    def unpack(cls, packed: bytes) -> Record:
        """The record that was packed."""
        published, length = _FIXED.unpack_from(packed)
        language, _, article_id = decode(packed[_FIXED.size :]).partition("\0")
        return cls(article_id, language, None if published == _NO_DATE else published, length)


def schema() -> Schema:
    """The fields of every index of articles."""
    fields = {
        TEXT: Terms(Format(), None),
        ID: Terms(Existence(), None),
        RECORD: COLUMN(VarBytesColumn()),
    }
    values = {facet_field(facet): Values(Existence(), None) for facet in (*FACETS, STORY)}
    return Schema(**fields, **values)


def facet_field(facet: str) -> str:
    """The field that has the values of a facet as its terms."""
    return f"facet_{facet}"


def whoosh_document(document: Document) -> dict[str, Any]:
    """A document as `SegmentWriter.add_document` takes it, by keyword."""
    title, body = words(document.title), words(document.body)
    language = document.language
    positions: dict[str, list[int]] = {}
    for first, found in ((0, title), (IN_BODY, body)):
        for position, word in enumerate(found, first):
            positions.setdefault(word, []).append(position)
    record = Record(document.article_id, language, document.published, len(title) + len(body))
    fields = {
        TEXT: [
            (text_term(stem(word, language), word), pack_positions(places))
            for word, places in positions.items()
        ],
        ID: [(encode(document.article_id), b"")],
        RECORD: record.pack(),
    }
    for facet in (*FACETS, STORY):
        values = document.facets.get(facet, ())
        weights = document.weights.get(facet, (1,) * len(values))
        weighted = zip(map(encode, values), weights, strict=True)
        fields[facet_field(facet)] = list(dict(weighted).items())
    return fields


def text_term(stem: str, word: str = "") -> bytes:
    """The term of a word with this stem, or the beginning of all terms of the stem."""
    return encode(f"{stem}\0{word}")


def pack_positions(positions: list[int]) -> bytes:
    """Ascending positions as little-endian uint32."""
    return struct.pack(f"<{len(positions)}I", *positions)


def encode(text: str) -> bytes:
    """UTF-8, which keeps the order of code points; lone surrogates pass."""
    return text.encode("utf-8", "surrogatepass")


def decode(text: bytes) -> str:
    """The text of a term."""
    return text.decode("utf-8", "surrogatepass")
