"""A query text cut into the smallest parts that mean something, and what was wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from index.articles import FACETS
from index.tokens import words
from search.plan import REMOVED, TEXT_FIELDS
from search.query_clauses import LEAST_BOOST, MOST_BOOST
from search.query_dates import read_days

Kind = Literal[
    "open", "close", "and", "or", "not", "field", "word", "phrase", "range", "fuzzy", "boost"
]

FIELDS = {name: name for name in (*TEXT_FIELDS, REMOVED, *FACETS, "date")} | {
    "headline": "title",
    "text": "body",
    "by": "author",
    "byline": "author",
    "people": "person",
    "who": "person",
    "location": "place",
    "places": "place",
    "where": "place",
    "org": "organisation",
    "orgs": "organisation",
    "organization": "organisation",
    "lang": "language",
    "published": "date",
    "when": "date",
}
"""The fields of the query language by every name they may be called."""

_OPERATORS: dict[str, Kind] = {"AND": "and", "OR": "or", "NOT": "not", "&&": "and", "||": "or"}
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_DATE = "|".join(name for name, field_name in FIELDS.items() if field_name == "date")
_LEXEME = re.compile(
    rf"""
      (?P<space> \s+ )
    | (?P<open> \( )
    | (?P<close> \) )
    | (?P<phrase> "[^"]*" )
    | (?P<fuzzy> ~[\d.]* )
    | (?P<boost> \^[\d.]* )
    | (?P<minus> (?<![^\s(]) [-+]+ (?=[^\s)+-]) )
    | (?P<range> (?<![^\s(+-]) (?:{_DATE}) :\s* [\[{{] [^\[\]{{}}"]* [\]}}] )
    | (?P<unclosed> (?<![^\s(+-]) (?:{_DATE}) :\s* [\[{{] \s* (?!TO\b) [^\s()\[\]{{}}"]+
                    (?: \s+TO\b (?: \s+ [^\s():\[\]{{}}"]+ (?!:) )? )? )
    | (?P<field> (?<![^\s(+-]) [^\W\d]\w* : (?! // | [\s]*\Z ) )
    | (?P<bracket> [\[\]{{}}] )
    | (?P<word> [^\s()"~^\[\]{{}}]+ )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_WILD = frozenset("*?")
_BEFORE_A_QUOTE = re.compile(r"[\s(:+-]\Z")
_SHOWN = 40
"""Characters of the query that a repair repeats."""
_LONGEST_DATE = 3
"""Words of a date that are put together when its quotation marks are missing."""


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A part of a query, from `start` on in the text; `joined` to what is before it.

    text: the name of a field, what is inside quotation marks, the number after ~ or ^, or the
    part as it stands.
    """

    kind: Kind
    text: str
    start: int
    joined: bool = False


class Repairs:
    """What was repaired, in plain words for whoever typed the query; each said once."""

    def __init__(self) -> None:
        self._notes: dict[str, None] = {}

    def add(self, note: str) -> None:
        """Say what was done."""
        self._notes[note] = None

    def __iter__(self) -> Iterator[str]:
        return iter(self._notes)


def quoted(text: str) -> str:
    """A part of the query as a repair names it, shortened when long."""
    return f"“{text if len(text) <= _SHOWN else text[: _SHOWN - 1] + '…'}”"


def lexemes(text: str, today: date, repairs: Repairs) -> list[Lexeme]:
    """The lexemes of a query text in order. Never raises; time linear in the length."""
    text = _with_paired_quotes(text.translate(_QUOTES), repairs)
    found: list[Lexeme] = []
    end = -1
    for match in _LEXEME.finditer(text):
        lexeme = _read(match, repairs)
        if lexeme:
            found.append(Lexeme(*lexeme, match.start(), joined=match.start() == end))
            end = match.end()
        elif found and found[-1].kind == "field" and match.lastgroup != "space":
            repairs.add(f"{quoted(found.pop().text + ':')} with nothing after it was ignored")
    return _with_whole_dates(found, today, repairs)


def _with_paired_quotes(text: str, repairs: Repairs) -> str:
    """The text with an even number of quotation marks: a last odd one is closed or goes."""
    if text.count('"') % 2 == 0:
        return text
    before, _, after = text.rpartition('"')
    if words(after) and (not before or _BEFORE_A_QUOTE.search(before)):
        repairs.add("the closing quotation mark was missing")
        return text + '"'
    repairs.add("a stray quotation mark was ignored")
    return f"{before} {after}"


def _read(match: re.Match[str], repairs: Repairs) -> tuple[Kind, str] | None:
    """The kind and text of a lexeme; None when there is nothing in it."""
    found = match.group()
    lexeme: tuple[Kind, str] | None = None
    match match.lastgroup:
        case "open":
            lexeme = "open", found
        case "close":
            lexeme = "close", found
        case "fuzzy" | "boost" as kind:
            lexeme = _suffix(kind, found, repairs)
        case "minus":
            lexeme = _minus(found, repairs)
        case "phrase":
            lexeme = _phrase(found, repairs)
        case "range" | "unclosed":
            lexeme = _range(found, repairs)
        case "field":
            lexeme = _field(found[:-1], match.string[match.end()], repairs)
        case "bracket":
            repairs.add(f"the bracket {quoted(found)} was ignored")
        case "word":
            lexeme = _word(found, repairs)
    return lexeme


def _suffix(kind: str, found: str, repairs: Repairs) -> tuple[Kind, str] | None:
    number = found[1:].rstrip(".")
    if kind == "fuzzy":
        if number and not number.isdecimal():
            repairs.add(f"{quoted(found)} was read as ~")
            number = ""
        return "fuzzy", number
    try:
        wanted = float(number)
    except ValueError:
        repairs.add(f"{quoted(found)} is no number: ignored")
        return None
    boost = round(min(max(wanted, LEAST_BOOST), MOST_BOOST), 2)
    if boost != wanted:
        repairs.add(f"{quoted(found)} was read as ^{boost:g}")
    return "boost", f"{boost:g}"


def _minus(found: str, repairs: Repairs) -> tuple[Kind, str] | None:
    if found != "-":
        repairs.add(f"{quoted(found)} was " + ("read as “-”" if "-" in found else "ignored"))
    return ("not", "NOT") if "-" in found else None


def _phrase(found: str, repairs: Repairs) -> tuple[Kind, str] | None:
    if words(found):
        return "phrase", found.strip('"')
    repairs.add("quotation marks without words in them were ignored")
    return None


def _range(found: str, repairs: Repairs) -> tuple[Kind, str]:
    dates = found.partition(":")[2].strip()
    if dates.endswith(("]", "}")):
        return "range", dates
    repairs.add("the closing bracket of the dates was missing")
    return "range", dates + "]"


def _field(name: str, following: str, repairs: Repairs) -> tuple[Kind, str]:
    if name.lower() in FIELDS:
        if following.isspace():
            repairs.add(f"the space after {quoted(name + ':')} was ignored")
        return "field", FIELDS[name.lower()]
    if not following.isspace():
        repairs.add(f"unknown field {quoted(name)}: searched as words")
    return "word", name.lower() if name in _OPERATORS else name


def _word(found: str, repairs: Repairs) -> tuple[Kind, str] | None:
    if operator := _OPERATORS.get(found):
        if found != operator.upper():
            repairs.add(f"{quoted(found)} was read as {operator.upper()}")
        return operator, found
    if "\\" in found or found.startswith("/") or found.endswith("/"):
        repairs.add("slashes were ignored")
    if found.startswith("-") and words(found):
        repairs.add(f"“-” inside {quoted(found)} was ignored: it goes before a word or field")
    if found == "*:*":
        return "word", "*"
    if "://" in found:  # an address: its question mark is no wildcard
        found = found.replace("?", "/").replace("*", "/")
    if words(found) or _WILD.intersection(found):
        return "word", found.replace(":", "/")  # so that nobody takes it for a field further on
    return None


def _with_whole_dates(found: list[Lexeme], today: date, repairs: Repairs) -> list[Lexeme]:
    """Puts dates of several words without quotation marks together: date:last week."""
    whole: list[Lexeme] = []
    place = 0
    while place < len(found):
        count = _words_of_date(found, place, today) if _is_date(whole) else 0
        if count > 1:
            text = " ".join(part.text for part in found[place : place + count])
            repairs.add(f'read as date:"{text}"')
            whole.append(Lexeme("phrase", text, found[place].start, joined=True))
            place += count
        else:
            whole.append(found[place])
            place += 1
    return whole


def _is_date(before: list[Lexeme]) -> bool:
    return bool(before) and before[-1].kind == "field" and before[-1].text == "date"


def _words_of_date(found: list[Lexeme], place: int, today: date) -> int:
    """How many words from a place on are one date; 0 when none are."""
    candidates = found[place : place + _LONGEST_DATE]
    for count in range(len(candidates), 0, -1):
        parts = candidates[:count]
        text = " ".join(part.text for part in parts)
        if all(part.kind == "word" for part in parts) and read_days(text, today):
            return count
    return 0
