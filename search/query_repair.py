"""A query text that always parses: what cannot mean anything goes, what is missing is added.

The text handed on has only syntax that whoosh.qparser reads as it is meant here: operators with
an operand on each side, brackets and quotation marks in pairs, fields that exist.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date

from index.tokens import tokens
from search.query_lexemes import Lexeme, Repairs, lexemes, quoted

LONGEST_QUERY = 2_000
"""Characters of a query that are read."""

MOST_WORDS = 200
"""Words of a query that are read; a pasted paragraph still is, in some 6 ms."""

MOST_NESTED = 20
"""Parentheses within parentheses that are kept; nobody types more, and parsing recurses."""

_OPERAND_FOLLOWS = frozenset(("and", "or", "not", "field"))
_NO_OPERAND_BEFORE = _OPERAND_FOLLOWS | {"open"}
_BEFORE_SUFFIX: dict[str, frozenset[str]] = {
    "fuzzy": frozenset(("word", "phrase")),
    "boost": frozenset(("word", "phrase", "range", "close", "fuzzy")),
}
_SPACED = {"and": "AND", "or": "OR", "not": "NOT"}


@dataclass(frozen=True, slots=True)
class RepairedQuery:
    """A text that parses, and pairs of places: in it, and in the text as typed."""

    text: str
    _places: tuple[tuple[int, int], ...]

    def typed_at(self, place: int) -> int:
        """Where in the text as typed the character at `place` of this text stands."""
        nearest = bisect_right(self._places, place, key=lambda pair: pair[0]) - 1
        here, typed = self._places[nearest]
        return typed + place - here


def repair(text: str, today: date, repairs: Repairs) -> RepairedQuery:
    """The query text repaired; what was done is added to `repairs`. Never raises."""
    if len(text) > LONGEST_QUERY:
        repairs.add(f"only the first {LONGEST_QUERY:,} characters were read")
        text = text[:LONGEST_QUERY]
    kept = _limited(lexemes(text, today, repairs), repairs)
    return _written(_balanced(_nested(kept, repairs), repairs))


def _limited(found: list[Lexeme], repairs: Repairs) -> list[Lexeme]:
    """The lexemes up to the word that is one too many."""
    left = MOST_WORDS
    for place, lexeme in enumerate(found):
        if lexeme.kind not in ("word", "phrase"):
            continue
        pieces = list(tokens(lexeme.text))
        if len(pieces) > left:
            repairs.add(f"only the first {MOST_WORDS} words were read")
            shortened = lexeme.text[: pieces[left].start]
            last = [Lexeme(lexeme.kind, shortened, lexeme.start, lexeme.joined)] if left else []
            return found[:place] + last
        left -= len(pieces)
    return found


def _nested(found: list[Lexeme], repairs: Repairs) -> list[Lexeme]:
    """The lexemes with parentheses in pairs and not too deep."""
    kept = []
    depth = 0
    for lexeme in found:
        if lexeme.kind == "open":
            depth += 1
        elif lexeme.kind == "close":
            depth -= 1
        if depth < 0:
            depth = 0
            repairs.add("a closing parenthesis without an opening one was ignored")
        elif depth > MOST_NESTED - (lexeme.kind == "close") and lexeme.kind in ("open", "close"):
            repairs.add(f"parentheses more than {MOST_NESTED} deep were ignored")
        else:
            kept.append(lexeme)
    missing = min(depth, MOST_NESTED)
    if missing:
        repairs.add("a closing parenthesis was missing")
    return kept + [Lexeme("close", ")", LONGEST_QUERY)] * missing


def _balanced(found: list[Lexeme], repairs: Repairs) -> list[Lexeme]:
    """The lexemes with something to act on for each operator, field and suffix."""
    kept: list[Lexeme] = []
    for lexeme in found:
        before = kept[-1].kind if kept else "open"
        match lexeme.kind:
            case "and" | "or" if before in _NO_OPERAND_BEFORE:
                repairs.add(f"{quoted(lexeme.text)} with nothing to join was ignored")
            case "not" | "field" if before == lexeme.kind:
                repairs.add(f"the second of two {quoted(_shown(lexeme))} was ignored")
            case "not" if before == "field":
                kept.insert(-1, lexeme)
                repairs.add(f"{_shown(kept[-1])}NOT was read as NOT {_shown(kept[-1])}")
            case "fuzzy" | "boost" if not (lexeme.joined and before in _BEFORE_SUFFIX[lexeme.kind]):
                repairs.add(f"{quoted(_shown(lexeme))} belongs to nothing before it: ignored")
            case "close":
                _close(kept, lexeme, repairs)
            case _:
                kept.append(lexeme)
    _drop_dangling(kept, repairs)
    return kept


def _close(kept: list[Lexeme], lexeme: Lexeme, repairs: Repairs) -> None:
    _drop_dangling(kept, repairs)
    if kept[-1].kind == "open":
        repairs.add("empty parentheses were ignored")
        kept.pop()
        _drop_dangling(kept, repairs)
    else:
        kept.append(lexeme)


def _drop_dangling(kept: list[Lexeme], repairs: Repairs) -> None:
    """Takes operators and fields with nothing after them off the end."""
    while kept and kept[-1].kind in _OPERAND_FOLLOWS:
        repairs.add(f"{quoted(_shown(kept.pop()))} with nothing after it was ignored")


def _shown(lexeme: Lexeme) -> str:
    match lexeme.kind:
        case "field":
            return f"{lexeme.text}:"
        case "fuzzy":
            return f"~{lexeme.text}"
        case "boost":
            return f"^{lexeme.text}"
        case "phrase":
            return f'"{lexeme.text}"'
        case _:
            return lexeme.text


def _written(kept: list[Lexeme]) -> RepairedQuery:
    """The lexemes as one text: suffixes and what a field is for without a space before them."""
    text = ""
    places = [(0, 0)]
    before = ""
    for lexeme in kept:
        joined = before == "field" or lexeme.kind in ("fuzzy", "boost")
        text += "" if joined or not text else " "
        places.append((len(text), lexeme.start))
        text += _SPACED.get(lexeme.kind, _shown(lexeme))
        before = lexeme.kind
    return RepairedQuery(text, tuple(places))
