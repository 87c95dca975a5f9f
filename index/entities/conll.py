"""Reads CoNLL files as articles: text with the places of its names."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from index.entities.spans import SpanType
from index.errors import UnreadableSource

TYPES: dict[str, SpanType] = {
    "PER": "person",
    "LOC": "place",
    "ORG": "organisation",
    "MISC": "other",
}
_DOCUMENT = "-DOCSTART-"
_AFTER_A_SPACE = frozenset("([{$£€#")
_BEFORE_A_SPACE = frozenset((",", ".", ";", ":", "!", "?", ")", "]", "}", "%", "n't", "'s", "’s"))

Sentence = list[tuple[str, str]]
"""Tokens with their BIO tags."""
Name = tuple[int, int, SpanType]
"""First character, character after the last, type."""


@dataclass(frozen=True, slots=True)
class Annotated:
    """The text of one article, a line a sentence, and the names in it."""

    text: str
    names: tuple[Name, ...]
    tokens: int


def read(path: Path) -> Iterator[Annotated]:
    """The articles of a file (gzip when its name ends in .gz); raises UnreadableSource, OSError."""
    with _open(path) as lines:
        sentences: list[Sentence] = [[]]
        for number, line in enumerate(lines, 1):
            token, tab, tag = line.rstrip("\n").partition("\t")
            if token.startswith(_DOCUMENT):
                yield from _article(sentences)
                sentences = [[]]
            elif not token:
                sentences.append([])
            elif not tab or not _is_tag(tag):
                raise UnreadableSource(
                    f"{path}, line {number}", "expected a token, a tab and a BIO tag"
                )
            else:
                sentences[-1].append((token, tag))
        yield from _article(sentences)


def _open(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def _is_tag(tag: str) -> bool:
    return tag == "O" or (tag[:2] in ("B-", "I-") and tag[2:] in TYPES)


def _article(sentences: list[Sentence]) -> Iterator[Annotated]:
    """Write the tokens as one would: no space before a comma or after a bracket."""
    parts: list[str] = []
    names: list[Name] = []
    position = 0
    for sentence in filter(None, sentences):
        before, kind = "", ""
        for token, tag in sentence:
            glued = not before or before in _AFTER_A_SPACE or token in _BEFORE_A_SPACE
            gap = "" if glued else " "
            start = position + len(gap)
            position = start + len(token)
            parts += (gap, token)
            if tag[0] == "I" and tag[2:] == kind:
                names[-1] = (names[-1][0], position, TYPES[kind])
            elif tag != "O":
                names.append((start, position, TYPES[tag[2:]]))
            before, kind = token, tag[2:]
        parts.append("\n")
        position += 1
    if parts:
        yield Annotated("".join(parts), tuple(names), sum(map(len, sentences)))
